#include "chain/contracts/requotes_priv.h"

#include <stdlib.h>
#include <string.h>

#include "chain/contracts/leaf.h"

void gb_requotes_release(struct gb_requotes *requotes)
{
    free((void *)(uintptr_t)requotes->round.trades);
    free((void *)(uintptr_t)requotes->round.left);
    free(requotes->orders);
    free(requotes->items);
    *requotes = (struct gb_requotes){.is_open = false};
}

/* A copy of n items, with room for one more; NULL: a failure is kept. */
static void *copy(struct gb_failure *failure, const void *items, size_t n, size_t size)
{
    void *copied = gb_failure_resized(failure, NULL, n + 1, size);

    if (copied && n > 0)
        memcpy(copied, items, n * size);
    return copied;
}

bool gb_requotes_begin(struct gb_requotes *requotes, struct gb_failure *failure,
                       const struct gb_order_book *book, const struct gb_round *round)
{
    requotes->round = *round;
    requotes->round.trades = copy(failure, round->trades, round->n_trades, sizeof *round->trades);
    requotes->round.left = copy(failure, round->left, round->n_orders, sizeof *round->left);
    requotes->orders =
        gb_failure_resized(failure, NULL, book->n_orders + 1, sizeof *requotes->orders);
    if (!gb_failure_is_none(failure))
        return false;
    for (size_t i = 0; i < book->n_orders; i++) {
        requotes->orders[i] = (struct gb_requoted_order){.most = book->orders[i].quantity,
                                                         .is_over = round->left[i].wh == 0};
    }
    for (size_t i = 0; i < round->n_trades; i++) {
        const struct gb_trade *trade = &round->trades[i];

        requotes->orders[trade->sell_order].filled.wh += trade->energy.wh;
        requotes->orders[trade->buy_order].filled.wh += trade->energy.wh;
    }
    requotes->is_open = true;
    return true;
}

void gb_requotes_seal(struct gb_requotes *requotes, int64_t interval)
{
    struct gb_merkle tree;

    gb_merkle_init(&tree);
    for (size_t i = 0; i < requotes->round.n_trades; i++) {
        struct gb_hash leaf = gb_match_leaf(interval, (uint32_t)i, &requotes->round.trades[i]);
        gb_merkle_add(&tree, &leaf);
    }
    requotes->root = gb_merkle_end(&tree);
}

bool gb_requotes_add(struct gb_requotes *requotes, struct gb_failure *failure,
                     const struct gb_requote *requote)
{
    struct gb_requoted_order *order = &requotes->orders[requote->order];

    requotes->items = gb_failure_grown(failure, requotes->items, &requotes->capacity,
                                       requotes->n + 1, sizeof *requotes->items);
    if (requotes->n == requotes->capacity)
        return false;
    requotes->items[requotes->n++] = *requote;
    order->nonce = requote->origin.nonce;
    order->is_over = requote->total.wh <= order->filled.wh;
    if (requote->total.wh > order->most.wh)
        order->most = requote->total;
    return true;
}

void gb_requotes_end(struct gb_requotes *requotes)
{
    requotes->is_open = false;
}
