/* A second two-round auction, written plainly from the exact rules and sharing no code with the
 * first: double loops over everything, 128-bit integers, no sorting, no search tree. Slow and
 * obvious. */
#ifndef TESTS_AUCTION_ORACLE_H
#define TESTS_AUCTION_ORACLE_H

#include "models/market/two_round/options.h"

#define ORACLE_ORDERS 2000

struct oracle {
    struct gb_two_round_options rules;
    size_t n_orders;
    struct gb_order orders[ORACLE_ORDERS];
    int64_t quote[4][ORACLE_ORDERS]; /* by book: solar, wind, storage, grid; pooled: book 0 */
    int64_t left[ORACLE_ORDERS], last_quote[ORACLE_ORDERS];
    size_t n_trades;
    struct gb_trade trades[2 * ORACLE_ORDERS];
};

/* Fills everything below n_orders from the rules and the actions. */
void oracle_clear(struct oracle *oracle, const struct gb_two_round_options *rules,
                  const struct gb_book_action *actions, size_t n);

/* What a user says between two rounds: a new quote and a new total, fills included. */
struct oracle_requote {
    size_t order;
    int64_t ticks, total_wh;
};
/* The same where users quote anew, of each order the last of `requotes`. */
void oracle_clear_by_user(struct oracle *oracle, const struct gb_two_round_options *rules,
                          const struct gb_book_action *actions, size_t n,
                          const struct oracle_requote *requotes, size_t n_requotes);

#endif
