/* No market: nothing trades, every order is left to the grid whole. What a market is compared
 * with. */
#include <stdlib.h>

#include "models/market/mechanism.h"
#include "models/market/order_store.h"

static enum gb_status grid_only_create(void **state, const struct gb_market_rules *rules,
                                       struct gb_error *err)
{
    struct gb_order_store *orders = calloc(1, sizeof *orders);

    (void)rules; /* none of them touches a market that is not there */
    if (!orders)
        return gb_fail(err, GB_ENOMEM, "no memory for a mechanism");
    *state = orders;
    return GB_OK;
}

static void grid_only_begin(void *state, int64_t interval)
{
    (void)interval;
    gb_order_store_clear(state);
}

static enum gb_status grid_only_apply(void *state, const struct gb_order *orders, size_t n,
                                      struct gb_error *err)
{
    enum gb_status status = gb_order_store_reserve(state, n, err);

    for (size_t i = 0; i < n && status == GB_OK; i++)
        status = gb_order_store_add(state, &orders[i], 0, err);
    return status;
}

static enum gb_status grid_only_cancel(void *state, uint32_t order, struct gb_error *err)
{
    return gb_order_store_cancel(state, order, err);
}

static enum gb_status grid_only_finish(void *state, struct gb_match *out, struct gb_error *err)
{
    const struct gb_order_store *orders = state;

    (void)err; /* nothing can fail here */
    *out = (struct gb_match){
        .n_orders = orders->n, .unmatched = orders->left, .last_quote = orders->quote};
    return GB_OK;
}

static void grid_only_free(void *state)
{
    if (!state)
        return;
    gb_order_store_release(state, 0);
    free(state);
}

const struct gb_mechanism gb_mechanism_grid_only = {
    .member = {.name = "grid_only",
               .summary = "no market: everybody trades with the grid at the tariff"},
    .has_no_market = true,
    .takes_minimum = true, /* nothing is less than any minimum */
    .create = grid_only_create,
    .begin = grid_only_begin,
    .apply = grid_only_apply,
    .cancel = grid_only_cancel,
    .finish = grid_only_finish,
    .free = grid_only_free,
};
