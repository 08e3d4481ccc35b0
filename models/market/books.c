#include "models/market/books.h"

#include <inttypes.h>

const char *const gb_books_names[] = {"by_source", "pooled", NULL};

enum gb_status gb_books_refuse_source(size_t number, struct gb_error *err)
{
    return gb_fail(err, GB_EREFUSED,
                   "order %zu sells energy of no named source; "
                   "with one book a source it must name one",
                   number);
}

enum gb_status gb_books_refuse_minimum(const char *mechanism, size_t number,
                                       const struct gb_order *order, struct gb_error *err)
{
    return gb_fail(err, GB_EREFUSED,
                   "order %zu asks for at least %" PRId64 " Wh or nothing; "
                   "the mechanism %s has no minimum quantities",
                   number, order->minimum.wh, mechanism);
}
