/* A trade: the result of matching two orders. */
#ifndef MODELS_MARKET_TRADE_H
#define MODELS_MARKET_TRADE_H

#include <stdint.h>

#include "base/quantity.h"

struct gb_trade {
    uint32_t round;                 /* 1 = first round, 2 = after the first re-quote, ... */
    uint32_t sell_order, buy_order; /* indices of the orders within the slot */
    uint32_t seller, buyer;         /* meters */
    uint8_t source;                 /* enum gb_source: the seller's */
    struct gb_energy energy;        /* positive */
    struct gb_price price_buy;      /* what the buyer pays */
    struct gb_price price_sell;     /* what the seller gets; the operator holds the difference */
};

#endif
