/* The grid's tariff: what a meter pays for energy it draws and gets for energy it feeds in. */
#ifndef MODELS_MARKET_TARIFF_H
#define MODELS_MARKET_TARIFF_H

#include <stdbool.h>

#include "base/param.h"
#include "base/quantity.h"

#define GB_KEY GB_PARAM_FIELD
struct gb_tariff {
#include "models/market/tariff.def"
};
#undef GB_KEY

static inline bool gb_tariff_is_same(const struct gb_tariff *a, const struct gb_tariff *b)
{
    return a->retail.ticks == b->retail.ticks && a->feed_in.ticks == b->feed_in.ticks;
}

/* Bill of a net exchange with the grid: positive Wh are drawn and cost retail, negative Wh are
 * fed in and earn feed-in (a negative bill). */
static inline struct gb_money gb_tariff_bill(const struct gb_tariff *tariff, struct gb_energy net)
{
    return gb_cost(net, net.wh > 0 ? tariff->retail : tariff->feed_in);
}

#endif
