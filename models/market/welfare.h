/* The competitive equilibrium of a set of orders: the most surplus that they could give, the bound
 * of allocative efficiency, and the price at which they would give it. */
#ifndef MODELS_MARKET_WELFARE_H
#define MODELS_MARKET_WELFARE_H

#include <stddef.h>
#include <stdint.h>

#include "base/quantity.h"
#include "models/market/order.h"

struct gb_valuation {    /* what an order would trade, and its limit */
    int64_t wh, reserve; /* ticks */
    uint8_t side;        /* enum gb_side */
};

struct gb_equilibrium {
    struct gb_money surplus;
    double price; /* ticks; NaN where nobody asks or nobody offers */
};

/* The sum over the best allocation of q (v - c), v and c being buyers' and sellers' reserves:
 * dearest buyers meet cheapest sellers as long as that gains. Sources do not bind it, so it
 * bounds every book. The price is the middle of those at which demand meets supply. */
struct gb_equilibrium gb_market_equilibrium(const struct gb_valuation *orders, size_t n);

#endif
