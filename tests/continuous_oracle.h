/* The continuous auction written a second time, without a thought of speed: every order is looked
 * at for every match. */
#ifndef TESTS_CONTINUOUS_ORACLE_H
#define TESTS_CONTINUOUS_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/market/continuous/book.h"

enum { CONTINUOUS_MAX_EVENTS = 96 };

struct continuous_event {
    enum { ADD, CANCEL, AMEND } what;
    uint32_t target;
    struct gb_order order; /* of an amendment: price and total */
};

struct continuous_oracle_order {
    struct gb_order order;
    int64_t left, filled, place;
    bool rests;
};

struct continuous_oracle {
    struct gb_continuous_rules rules;
    size_t n, n_trades;
    int64_t next_place;
    struct continuous_oracle_order orders[CONTINUOUS_MAX_EVENTS];
    struct gb_trade trades[4 * CONTINUOUS_MAX_EVENTS];
};

/* What an order asks or bids: a market order its reserve. */
int64_t continuous_oracle_quote(const struct gb_order *order);
/* Whether two orders would trade, if they stood in the book. */
bool continuous_oracle_may_meet(const struct continuous_oracle *o, const struct gb_order *a,
                                const struct gb_order *b);
void continuous_oracle_apply(struct continuous_oracle *o, const struct continuous_event *event);

#endif
