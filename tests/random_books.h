/* Random books for tests of market mechanisms. Prices and quantities are small integers, so that
 * ties are everywhere. */
#ifndef TESTS_RANDOM_BOOKS_H
#define TESTS_RANDOM_BOOKS_H

#include "models/market/mechanism.h"
#include "tests/splitmix64.h"

size_t n_random_books(void); /* in all: GB_RANDOM_BOOKS, or fifty thousand */

extern uint64_t random_state; /* what the next book follows from */
int64_t below(int64_t n);     /* uniform from 0 to n - 1 */

struct shape {
    int64_t n_prices, tick; /* prices are multiples of tick from 0 on */
    int64_t n_quantities;   /* from 1 Wh on */
    bool has_cancels;
};

/* Limit and market orders of all sources; orders of number i belong to owner 100 + i. */
struct gb_order random_order(const struct shape *shape, uint32_t owner);
void random_book(const struct shape *shape, struct gb_book_action *actions, size_t n);

bool same_trade(const struct gb_trade *a, const struct gb_trade *b);

#endif
