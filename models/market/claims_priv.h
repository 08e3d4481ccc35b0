/* Claims: the standing orders of one side of a book, as short records that sort fast and are swept in
 * order. The order of claims is rule 1: asks ascending, bids descending, equal quotes by time. */
#ifndef MODELS_MARKET_CLAIMS_PRIV_H
#define MODELS_MARKET_CLAIMS_PRIV_H

#include <stddef.h>
#include <stdint.h>

#include "models/market/order.h"

/* All that a walk over sorted claims asks of an order stands in the claim itself: looking it up by
 * number, in random order, would be most of the time of a large book. */
struct gb_claim {
    int64_t quote, reserve;             /* ticks */
    int64_t left;                       /* Wh */
    uint32_t order;                     /* number of the order in the slot, which is its time */
    uint32_t owner;                     /* meter */
};

/* Sorts n claims that stand in time order by their quotes, best first, equal quotes left as they are.
 * from   untouched
 * a, b   room for n claims each, none of it inside `from`
 * returns whichever of a and b holds the result */
struct gb_claim *gb_claims_sort(const struct gb_claim *from, size_t n, enum gb_side side,
                                struct gb_claim *a, struct gb_claim *b);

#endif
