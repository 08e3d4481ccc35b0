#include "models/market/books.h"

#include <inttypes.h>

const char *const gb_books_names[] = {"by_source", "pooled", NULL};

enum gb_status gb_books_check_source(size_t n_books, size_t number, const struct gb_order *order,
                                     struct gb_error *err)
{
    if (order->side == GB_SELL && n_books > 1 && order->source == GB_SOURCE_ANY)
        return gb_fail(err, GB_EREFUSED,
                       "order %zu sells energy of no named source; "
                       "with one book a source it must name one",
                       number);
    return GB_OK;
}

enum gb_status gb_books_check_order(const char *mechanism, size_t n_books, size_t number,
                                    const struct gb_order *order, struct gb_error *err)
{
    if (order->minimum.wh > 0)
        return gb_fail(err, GB_EREFUSED,
                       "order %zu asks for at least %" PRId64 " Wh or nothing; "
                       "the mechanism %s has no minimum quantities",
                       number, order->minimum.wh, mechanism);
    return gb_books_check_source(n_books, number, order, err);
}
