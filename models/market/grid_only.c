/* No market: nothing trades, every order is left to the grid whole. What a market is compared
 * with. */
#include <inttypes.h>
#include <stdlib.h>

#include "models/market/mechanisms_priv.h"

struct grid_only {
    size_t n, capacity;
    struct gb_energy *left;
    struct gb_price *last_quote;
};

static enum gb_status grid_only_create(void **state, const struct gb_market_rules *rules,
                                       struct gb_error *err)
{
    struct grid_only *grid = calloc(1, sizeof *grid);

    (void)rules; /* none of them touches a market that is not there */
    if (!grid)
        return gb_fail(err, GB_ENOMEM, "no memory for a mechanism");
    *state = grid;
    return GB_OK;
}

static void grid_only_begin(void *state, int64_t interval)
{
    struct grid_only *grid = state;

    (void)interval;
    grid->n = 0;
}

static enum gb_status reserve(struct grid_only *grid, size_t n, struct gb_error *err)
{
    if (n <= grid->capacity)
        return GB_OK;
    size_t capacity = n > 2 * grid->capacity ? n : 2 * grid->capacity;
    struct gb_energy *left = realloc(grid->left, capacity * sizeof *left);

    if (left)
        grid->left = left;
    struct gb_price *last_quote = realloc(grid->last_quote, capacity * sizeof *last_quote);

    if (last_quote)
        grid->last_quote = last_quote;
    if (!left || !last_quote)
        return gb_fail(err, GB_ENOMEM, "no memory for a book of %zu orders", n);
    grid->capacity = capacity;
    return GB_OK;
}

static enum gb_status grid_only_apply(void *state, const struct gb_book_action *actions, size_t n,
                                      struct gb_error *err)
{
    struct grid_only *grid = state;
    enum gb_status status = reserve(grid, grid->n + n, err);

    for (size_t i = 0; i < n && status == GB_OK; i++) {
        const struct gb_order *order = &actions[i].order;

        if (!actions[i].is_cancel) {
            grid->left[grid->n] = order->quantity;
            grid->last_quote[grid->n++] =
                order->type == GB_ORDER_MARKET ? order->reserve : order->price;
        } else if (actions[i].target < grid->n) {
            grid->left[actions[i].target].wh = 0;
        } else {
            status = gb_fail(err, GB_EINPUT,
                             "a cancel of order %" PRIu32 ", but there are only "
                             "%zu",
                             actions[i].target, grid->n);
        }
    }
    return status;
}

static enum gb_status grid_only_finish(void *state, struct gb_match *out, struct gb_error *err)
{
    struct grid_only *grid = state;

    (void)err; /* nothing can fail here */
    *out = (struct gb_match){
        .n_orders = grid->n, .unmatched = grid->left, .last_quote = grid->last_quote};
    return GB_OK;
}

static void grid_only_free(void *state)
{
    struct grid_only *grid = state;

    if (!grid)
        return;
    free(grid->left);
    free(grid->last_quote);
    free(grid);
}

static const char *const options[] = {NULL};

const struct gb_mechanism gb_mechanism_grid_only = {
    .has_no_market = true,
    .name = "grid_only",
    .summary = "no market: everybody trades with the grid at the tariff",
    .options = options,
    .takes_minimum = true, /* nothing is less than any minimum */
    .create = grid_only_create,
    .begin = grid_only_begin,
    .apply = grid_only_apply,
    .finish = grid_only_finish,
    .free = grid_only_free,
};
