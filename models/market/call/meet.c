/* How the sides of a book meet. Every meeting exhausts an order, so there are never more of them
 * than orders; and taking one back leaves a book as if its two had never met. */
#include "models/market/call/call_priv.h"

#include "base/array.h"

struct gb_price gb_call_quote(const struct gb_call *call, const struct gb_call_book *book,
                              enum gb_side side, size_t i)
{
    const struct gb_sorted_side *sorted = &book->sides[side];

    return gb_sorted_side_is_wide(sorted) ? call->orders.quote[sorted->at[i].order]
                                          : (struct gb_price){gb_sorted_side_quote(sorted, i)};
}

struct gb_price gb_call_marginal(const struct gb_call *call, const struct gb_call_book *book,
                                 enum gb_side side)
{
    return gb_call_quote(call, book, side, book->met[side] - 1);
}

/* The order that a walk stands at, with what is left of it. */
struct head {
    uint32_t order;
    int64_t quote, left;
};

/* Goes to entry i of a side. returns false where there is none */
static inline bool go_to(const struct gb_call *call, struct gb_call_book *book, enum gb_side side,
                         size_t i, struct head *head)
{
    struct gb_sorted_side *sorted = &book->sides[side];

    if (i >= sorted->n)
        return false;
    gb_sorted_side_reach(sorted, i);
    if (i + GB_SIDE_AHEAD < sorted->n) {
        uint32_t order = sorted->at[i + GB_SIDE_AHEAD].order;

        /* Here and not in a function of its own, whose calls gcc 12 leaves out as without effect.
         */
        __builtin_prefetch(&call->orders.left[order], 1);
        __builtin_prefetch(&call->orders.terms[order]);
    }
    head->order = sorted->at[i].order;
    head->quote = gb_call_quote(call, book, side, i).ticks;
    head->left = call->orders.left[head->order].wh;
    return true;
}

static bool reserve_trade(struct gb_call *call)
{
    if (call->n_trades < call->trades_capacity)
        return true;
    struct gb_trade *trades =
        gb_array_grow(call->trades, &call->trades_capacity, call->n_trades + 1, sizeof *trades);

    if (!trades)
        return false;
    call->trades = trades;
    return true;
}

/* Trades what both have left of the smaller. returns false without memory for it */
static bool trade(struct gb_call *call, struct head *ask, struct head *bid)
{
    const struct gb_order_terms *terms = call->orders.terms;
    int64_t wh = ask->left < bid->left ? ask->left : bid->left;

    if (!reserve_trade(call))
        return false;
    call->trades[call->n_trades++] = (struct gb_trade){
        .round = 1,
        .sell_order = ask->order,
        .buy_order = bid->order,
        .seller = terms[ask->order].owner,
        .buyer = terms[bid->order].owner,
        .source = (uint8_t)terms[ask->order].source,
        .energy = {wh},
    };
    ask->left -= wh;
    bid->left -= wh;
    gb_order_store_set_left(&call->orders, ask->order, ask->left);
    gb_order_store_set_left(&call->orders, bid->order, bid->left);
    return true;
}

enum gb_status gb_call_meet(struct gb_call *call, struct gb_call_book *book)
{
    struct head ask, bid;
    size_t i = 0, j = 0;
    bool has_both = go_to(call, book, GB_SELL, i, &ask) && go_to(call, book, GB_BUY, j, &bid);

    while (has_both) {
        if (ask.left > 0 && bid.left > 0) {
            if (bid.quote < ask.quote)
                break;
            if (!trade(call, &ask, &bid))
                return GB_ENOMEM;
            book->met[GB_SELL] = i + 1;
            book->met[GB_BUY] = j + 1;
        }
        if (ask.left == 0)
            has_both = go_to(call, book, GB_SELL, ++i, &ask);
        if (bid.left == 0)
            has_both = go_to(call, book, GB_BUY, ++j, &bid) && has_both;
    }
    return GB_OK;
}

void gb_call_take_back(struct gb_call *call, size_t from)
{
    struct gb_order_store *orders = &call->orders;

    while (call->n_trades > from) {
        const struct gb_trade *trade = &call->trades[--call->n_trades];
        uint32_t ask = trade->sell_order, bid = trade->buy_order;

        gb_order_store_set_left(orders, ask, orders->left[ask].wh + trade->energy.wh);
        gb_order_store_set_left(orders, bid, orders->left[bid].wh + trade->energy.wh);
    }
}

void gb_call_drop_marginal(struct gb_call *call, struct gb_call_book *book)
{
    uint32_t ask = book->sides[GB_SELL].at[book->met[GB_SELL] - 1].order;
    uint32_t bid = book->sides[GB_BUY].at[book->met[GB_BUY] - 1].order;
    size_t from = call->n_trades;

    while (from > book->first_trade &&
           (call->trades[from - 1].sell_order == ask || call->trades[from - 1].buy_order == bid))
        from--;
    gb_call_take_back(call, from);
}

void gb_call_price_all(struct gb_call *call, const struct gb_call_book *book,
                       struct gb_price price_buy, struct gb_price price_sell)
{
    for (size_t i = book->first_trade; i < call->n_trades; i++) {
        call->trades[i].price_buy = price_buy;
        call->trades[i].price_sell = price_sell;
    }
}
