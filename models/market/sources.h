/* Sources of a surplus: how much of what a meter sells came from the sun, the wind and its
 * storage. */
#ifndef MODELS_MARKET_SOURCES_H
#define MODELS_MARKET_SOURCES_H

#include "models/market/order.h"

#define GB_N_SPLIT 3 /* solar, wind, storage, in this order */

/* Element i of a split is the source GB_SOURCE_SOLAR + i. */
static inline enum gb_source gb_split_source(int i)
{
    return (enum gb_source)(GB_SOURCE_SOLAR + i);
}

/* Splits a surplus in proportion to what each source gave in the slot: floor(surplus a_s / sum
 * a), the remainder Wh to the largest, solar before wind before storage on ties. Where the
 * remainder is more than the largest has left, which takes three sources of a few Wh, the next
 * largest gets the rest: no source ever sells more than it gave.
 * surplus    Wh, from 0 to the sum of available
 * available  Wh of solar generation, wind generation and discharge, none negative
 * out        adds up to surplus; 0 <= out[i] <= available[i]
 * source     rules, section 3 */
void gb_split_surplus(struct gb_energy surplus, const struct gb_energy available[GB_N_SPLIT],
                      struct gb_energy out[GB_N_SPLIT]);

#endif
