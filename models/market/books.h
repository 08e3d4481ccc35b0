/* The books of a market: one for all energy, or one a source, through which a buyer of any goes in
 * turn. What the mechanisms that have this choice share. */
#ifndef MODELS_MARKET_BOOKS_H
#define MODELS_MARKET_BOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "models/market/order.h"

enum gb_books { GB_BOOKS_BY_SOURCE, GB_BOOKS_POOLED }; /* market.books */
extern const char *const gb_books_names[];             /* in the order of the enum, then NULL */

/* Solar, wind, storage, and last energy that came from the grid, which the rules do not name and
 * which reaches only buyers who ask for it or for any. */
#define GB_BOOKS_MAX 4

/* How many there are. */
static inline size_t gb_books_number(enum gb_books books)
{
    return books == GB_BOOKS_BY_SOURCE ? GB_BOOKS_MAX : 1;
}

/* The sources whose orders stand in book b of n: bit s for source s. */
static inline unsigned gb_books_take(size_t n, size_t b)
{
    return n == 1 ? ~0u : 1u << GB_SOURCE_ANY | 1u << (GB_SOURCE_SOLAR + b);
}

/* GB_EREFUSED with the reason of the checks below. */
enum gb_status gb_books_refuse_source(size_t number, struct gb_error *err);
enum gb_status gb_books_refuse_minimum(const char *mechanism, size_t number,
                                       const struct gb_order *order, struct gb_error *err);

/* What mechanisms with books ask of an order beside numbers within bounds: of a sale to name its
 * source where there is a book for each; and, of those that know none, no minimum. They are inline
 * because a book makes them for every order.
 * mechanism  its name, for the reason
 * number     of the order in the slot
 * returns    GB_OK, or GB_EREFUSED with the reason */
static inline enum gb_status gb_books_check_source(size_t n_books, size_t number,
                                                   const struct gb_order *order,
                                                   struct gb_error *err)
{
    if (order->side == GB_SELL && n_books > 1 && order->source == GB_SOURCE_ANY)
        return gb_books_refuse_source(number, err);
    return GB_OK;
}
static inline enum gb_status gb_books_check_order(const char *mechanism, size_t n_books,
                                                  size_t number, const struct gb_order *order,
                                                  struct gb_error *err)
{
    if (order->minimum.wh > 0)
        return gb_books_refuse_minimum(mechanism, number, order, err);
    return gb_books_check_source(n_books, number, order, err);
}

#endif
