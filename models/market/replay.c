#include "models/market/replay.h"

#include <stdlib.h>

/* Applies every action, after asking what will become of it where orders trade as they come. */
static enum gb_status apply(enum gb_fate *fates, const struct gb_mechanism *mechanism, void *state,
                            const struct gb_book_action *actions, size_t n, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t i = 0; i < n && status == GB_OK; i++) {
        bool is_message = actions[i].is_cancel || actions[i].is_amendment;

        fates[i] = is_message && mechanism->trading
                       ? mechanism->trading->fate(state, actions[i].target, 0)
                       : GB_FATE_APPLIED;
        status = gb_market_apply(mechanism, state, &actions[i], 1, err);
    }
    return status;
}

/* Totals as the actions left them, whatever was filled. */
static void follow(struct gb_replay *replay, const struct gb_book_action *actions, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct gb_replayed_order *order = &replay->orders[actions[i].target];

        if (replay->fates[i] != GB_FATE_APPLIED)
            continue;
        if (actions[i].is_cancel)
            order->is_cancelled = true;
        else if (actions[i].is_amendment)
            order->wanted = actions[i].order.quantity;
        else
            replay->orders[replay->n_orders++].wanted = actions[i].order.quantity;
    }
}

/* What was filled; a cancel, or an amendment to less than that, left an order nothing beside. */
static void fill(struct gb_replay *replay)
{
    for (size_t t = 0; t < replay->match.n_trades; t++) {
        const struct gb_trade *trade = &replay->match.trades[t];

        replay->orders[trade->sell_order].filled.wh += trade->energy.wh;
        replay->orders[trade->buy_order].filled.wh += trade->energy.wh;
    }
    for (size_t i = 0; i < replay->n_orders; i++) {
        struct gb_replayed_order *order = &replay->orders[i];

        if (order->is_cancelled || order->wanted.wh < order->filled.wh)
            order->wanted = order->filled;
    }
}

enum gb_status gb_replay_run(struct gb_replay *out, const struct gb_mechanism *mechanism,
                             void *state, const struct gb_book_action *actions, size_t n,
                             struct gb_error *err)
{
    struct gb_replay replay = {.orders = calloc(n + 1, sizeof *replay.orders),
                               .fates = calloc(n + 1, sizeof *replay.fates)};
    enum gb_status status = GB_ENOMEM;

    if (!replay.orders || !replay.fates) {
        gb_fail(err, status, "no memory for a book of %zu orders", n);
        goto done;
    }
    mechanism->begin(state, 0);
    status = apply(replay.fates, mechanism, state, actions, n, err);
    if (status == GB_OK)
        status = mechanism->finish(state, &replay.match, err);
    if (status != GB_OK)
        goto done;
    follow(&replay, actions, n);
    fill(&replay);
    *out = replay;
    replay = (struct gb_replay){0};
done:
    gb_replay_clear(&replay);
    return status;
}

void gb_replay_clear(struct gb_replay *replay)
{
    free(replay->orders);
    free(replay->fates);
    *replay = (struct gb_replay){0};
}
