#include "models/market/order_store.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"

/* Makes *items, of `size` bytes each, hold n. returns false, with all as it was, without memory */
static bool resize(void **items, size_t n, size_t size)
{
    void *moved = gb_array_resize(*items, n, size);

    if (moved)
        *items = moved;
    return moved != NULL;
}

static bool grow_arrays(struct gb_order_store *store, size_t capacity)
{
    void *arrays[] = {store->left, store->quote, store->terms};
    bool has_all = resize(&arrays[0], capacity, sizeof *store->left) &&
                   resize(&arrays[1], capacity, sizeof *store->quote) &&
                   resize(&arrays[2], capacity, sizeof *store->terms);

    store->left = arrays[0];
    store->quote = arrays[1];
    store->terms = arrays[2];
    if (has_all)
        store->capacity = capacity;
    return has_all;
}

enum gb_status gb_order_store_reserve(struct gb_order_store *store, size_t n, struct gb_error *err)
{
    if (n > UINT32_MAX - store->n)
        return gb_fail(err, GB_ERANGE, "more than 2^32 orders in one slot");
    if (store->n + n <= store->capacity)
        return GB_OK;
    size_t more = store->capacity > 0 ? 2 * store->capacity : store->usual + store->usual / 16;
    if (!grow_arrays(store, store->n + n > more ? store->n + n : more))
        return gb_fail(err, GB_ENOMEM, "no memory for a book of %zu orders", store->n + n);
    return GB_OK;
}

void gb_order_store_clear(struct gb_order_store *store)
{
    store->n = 0;
}

void gb_order_store_release(struct gb_order_store *store, size_t kept)
{
    size_t size = store->capacity * sizeof *store->terms; /* the largest of the three */

    store->usual = store->n;
    if (size <= kept && kept > 0)
        return;
    free(store->left);
    free(store->quote);
    free(store->terms);
    *store = (struct gb_order_store){.usual = store->usual};
}

enum gb_status gb_order_store_cancel(struct gb_order_store *store, uint32_t order,
                                     struct gb_error *err)
{
    if (order >= store->n)
        return gb_fail(err, GB_EINPUT, "a cancel of order %" PRIu32 ", but there are only %zu",
                       order, store->n);
    store->left[order].wh = 0;
    return GB_OK;
}

enum gb_status gb_order_store_amend(struct gb_order_store *store, uint32_t order,
                                    struct gb_price quote, struct gb_energy left,
                                    struct gb_error *err)
{
    if (left.wh < 0 || left.wh > GB_QUANTITY_LIMIT_WH || !gb_order_store_is_price(quote))
        return gb_fail(err, GB_ERANGE,
                       "an amendment of order %" PRIu32 " goes beyond one million currency per kWh "
                       "or %" PRId64 " Wh",
                       order, GB_QUANTITY_LIMIT_WH);
    store->quote[order] = quote;
    store->left[order] = left;
    return GB_OK;
}

enum gb_status gb_order_store_refuse(const struct gb_order_store *store,
                                     const struct gb_order *order, struct gb_error *err)
{
    size_t n = store->n;

    if (order->quantity.wh <= 0 || order->quantity.wh > GB_QUANTITY_LIMIT_WH)
        return gb_fail(err, GB_ERANGE,
                       "order %zu: expected a quantity from 1 to %" PRId64 " Wh, got %" PRId64, n,
                       GB_QUANTITY_LIMIT_WH, order->quantity.wh);
    if (!gb_order_store_is_price(order->reserve) ||
        (order->type != GB_ORDER_MARKET && !gb_order_store_is_price(order->price)))
        return gb_fail(err, GB_ERANGE,
                       "order %zu: its price or reserve lies beyond one million "
                       "currency per kWh",
                       n);
    return gb_fail(err, GB_ERANGE,
                   "order %zu: expected a beta from 0 to 1000000 millionths, "
                   "got %" PRId32,
                   n, order->beta_millionths);
}
