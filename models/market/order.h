/* An order as a matching rule sees it. On a chain its place in the array is its time priority (the
 * ledger's order and nothing else); a client's timestamp counts for nothing. */
#ifndef MODELS_MARKET_ORDER_H
#define MODELS_MARKET_ORDER_H

#include <stdint.h>

#include "base/quantity.h"

/* Who stands where, and at what: a limit order at its price, a market order at its reserve; an ioc
 * (immediate or cancel) at its price, but never longer than it takes to trade. */
enum gb_side { GB_BUY = 0, GB_SELL = 1 };
enum gb_order_type { GB_ORDER_LIMIT = 0, GB_ORDER_MARKET = 1, GB_ORDER_IOC = 2 };

/* What became of a cancel or an amendment of an order that trades as it arrives. */
enum gb_fate {
    GB_FATE_APPLIED,
    GB_FATE_SUPERSEDED,  /* a later one was applied before */
    GB_FATE_ALREADY_DONE /* nothing is left of the order: filled, cancelled or never rested */
};

/* Where energy comes from. A buyer may ask for ANY; GRID marks energy that came from the grid. */
enum gb_source {
    GB_SOURCE_ANY = 0,
    GB_SOURCE_SOLAR = 1,
    GB_SOURCE_WIND = 2,
    GB_SOURCE_STORAGE = 3,
    GB_SOURCE_GRID = 4
};
#define GB_N_SOURCES 5

#define GB_BETA_OF_MARKET (-1) /* the order carries no beta of its own */

/* Bounds of an order, far beyond any neighbourhood: a million currency per kWh, a TWh. Within them
 * every product of a price with a factor in millionths, and of two such, fits 64 bits. */
#define GB_PRICE_LIMIT_TICKS INT64_C(1000000000000)
#define GB_QUANTITY_LIMIT_WH INT64_C(1000000000000)

struct gb_order {
    uint32_t owner;            /* meter */
    uint8_t side;              /* enum gb_side */
    uint8_t type;              /* enum gb_order_type; a market order is quoted at its reserve */
    uint8_t source;            /* enum gb_source; of a sell order never ANY under by_source */
    struct gb_energy quantity; /* positive */
    struct gb_energy minimum;  /* smallest acceptable fill; 0 = none */
    struct gb_price price;     /* the quote */
    struct gb_price reserve;   /* lowest acceptable ask, highest acceptable bid */
    int32_t beta_millionths;   /* re-quote factor, or GB_BETA_OF_MARKET */
};

#endif
