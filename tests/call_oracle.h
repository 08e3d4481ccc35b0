/* Call markets written a second time, watt-hour by watt-hour and sharing no code with the first:
 * every order is as many units as it has Wh, sides are selected and not sorted, and each price is
 * found by counting units. Slow and obvious; quantities must be small. */
#ifndef TESTS_CALL_ORACLE_H
#define TESTS_CALL_ORACLE_H

#include "models/market/call/options.h"

#define CALL_ORACLE_ORDERS 96
#define CALL_ORACLE_UNITS 16384

struct call_oracle {
    size_t n_orders;
    struct gb_order orders[CALL_ORACLE_ORDERS];
    int64_t left[CALL_ORACLE_ORDERS];
    size_t n_trades;
    struct gb_trade trades[CALL_ORACLE_ORDERS];
};

/* Fills everything from the rules, of any call market, and the actions. */
void call_oracle_clear(struct call_oracle *oracle, const struct gb_market_rules *rules,
                       const struct gb_book_action *actions, size_t n);

#endif
