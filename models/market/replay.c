#include "models/market/replay.h"

#include <stdlib.h>

/* Applies an action; what becomes of a cancel is asked before, where orders trade as they come. */
static enum gb_status apply(enum gb_fate *fate, const struct gb_mechanism *mechanism, void *state,
                            const struct gb_book_action *action, struct gb_error *err)
{
    bool is_race = action->is_cancel && mechanism->trading;
    enum gb_fate of_cancel =
        is_race ? mechanism->trading->fate(state, action->target, 0) : GB_FATE_APPLIED;

    *fate = of_cancel;
    return action->is_amendment ? gb_market_amend(mechanism, state, action, fate, err)
                                : gb_market_apply(mechanism, state, action, 1, err);
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
    status = GB_OK;
    for (size_t i = 0; i < n && status == GB_OK; i++)
        status = apply(&replay.fates[i], mechanism, state, &actions[i], err);
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
