/* What local trades cost beside their price, per kWh: the network fee and levies, which are the
 * utility's, and the market's own fee, the operator's. Each side pays its part of each, whatever
 * the price, so that a buyer pays price_buy + its fees and a seller gets price_sell - its fees. */
#ifndef MODELS_MARKET_TRADE_FEES_H
#define MODELS_MARKET_TRADE_FEES_H

#include <stdbool.h>

#include "base/quantity.h"
#include "models/market/order.h"

#define GB_TRADE_FEE_LIMIT_TICKS (1000 * GB_TICKS_PER_CURRENCY) /* a fee, per kWh */

struct gb_trade_fees { /* none below 0 */
    struct gb_price network_buyer, network_seller;
    struct gb_price levies; /* paid by who consumes */
    struct gb_price market_buyer, market_seller;
};

/* All fees of a side. */
static inline struct gb_price gb_trade_fees_of(const struct gb_trade_fees *fees, enum gb_side side)
{
    return (struct gb_price){
        side == GB_BUY ? fees->network_buyer.ticks + fees->levies.ticks + fees->market_buyer.ticks
                       : fees->network_seller.ticks + fees->market_seller.ticks};
}

/* What both sides pay together to the utility, and to the operator. */
static inline struct gb_price gb_trade_fees_of_utility(const struct gb_trade_fees *fees)
{
    return (struct gb_price){fees->network_buyer.ticks + fees->network_seller.ticks +
                             fees->levies.ticks};
}

static inline struct gb_price gb_trade_fees_of_operator(const struct gb_trade_fees *fees)
{
    return (struct gb_price){fees->market_buyer.ticks + fees->market_seller.ticks};
}

static inline struct gb_price gb_trade_fees_sum(const struct gb_trade_fees *fees)
{
    return (struct gb_price){gb_trade_fees_of_utility(fees).ticks +
                             gb_trade_fees_of_operator(fees).ticks};
}

static inline bool gb_trade_fees_are_none(const struct gb_trade_fees *fees)
{
    return gb_trade_fees_sum(fees).ticks == 0;
}

/* A price with a side's fees: what a buyer pays in all, what is left to a seller. */
static inline struct gb_price gb_trade_fees_with(const struct gb_trade_fees *fees,
                                                 enum gb_side side, struct gb_price price)
{
    int64_t own = gb_trade_fees_of(fees, side).ticks;

    return (struct gb_price){side == GB_BUY ? price.ticks + own : price.ticks - own};
}

/* The price that comes to this with a side's fees: what an agent may quote that is ready to pay, or
 * content to be left with, so much. */
static inline struct gb_price gb_trade_fees_without(const struct gb_trade_fees *fees,
                                                    enum gb_side side, struct gb_price price)
{
    int64_t own = gb_trade_fees_of(fees, side).ticks;

    return (struct gb_price){side == GB_BUY ? price.ticks - own : price.ticks + own};
}

/* What a side may have to pay for so much energy at a price with its fees, in money units: a buyer
 * where that is above 0, a seller where nothing is left of the price. */
static inline int64_t gb_payable(const struct gb_trade_fees *fees, enum gb_side side,
                                 struct gb_energy energy, struct gb_price price)
{
    int64_t units = gb_cost(energy, gb_trade_fees_with(fees, side, price)).units;

    return side == GB_BUY ? (units > 0 ? units : 0) : (units < 0 ? -units : 0);
}

#endif
