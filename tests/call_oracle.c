#include "tests/call_oracle.h"

#include <string.h>

/* A side of a book in order of claim: its orders, and for each of its Wh the order it is of. */
struct queue {
    size_t n_orders, n_units;
    size_t orders[CALL_ORACLE_ORDERS];
    size_t units[CALL_ORACLE_UNITS];
};

static int64_t quote_of(const struct gb_order *order)
{
    return order->type == GB_ORDER_MARKET ? order->reserve.ticks : order->price.ticks;
}

static bool stands_in(const struct call_oracle *o, size_t i, int side, int book, bool by_source)
{
    const struct gb_order *order = &o->orders[i];

    return o->left[i] > 0 && order->side == side &&
           (!by_source || order->source == GB_SOURCE_ANY || order->source == book + 1);
}

static void fill_queue(const struct call_oracle *o, int side, int book, bool by_source,
                       struct queue *queue)
{
    bool is_taken[CALL_ORACLE_ORDERS] = {false};

    memset(queue, 0, sizeof *queue);
    for (;;) {
        size_t best = SIZE_MAX;

        for (size_t i = 0; i < o->n_orders; i++) {
            if (is_taken[i] || !stands_in(o, i, side, book, by_source))
                continue;
            int64_t quote = quote_of(&o->orders[i]);
            if (best == SIZE_MAX || (side == GB_SELL ? quote < quote_of(&o->orders[best])
                                                     : quote > quote_of(&o->orders[best])))
                best = i;
        }
        if (best == SIZE_MAX)
            return;
        is_taken[best] = true;
        queue->orders[queue->n_orders++] = best;
        for (int64_t wh = 0; wh < o->left[best]; wh++)
            queue->units[queue->n_units++] = best;
    }
}

static int64_t unit_quote(const struct call_oracle *o, const struct queue *queue, size_t unit)
{
    return quote_of(&o->orders[queue->units[unit]]);
}

/* Unit u of the sellers meets unit u of the buyers. */
static void trade_units(struct call_oracle *o, const struct queue *asks, const struct queue *bids,
                        size_t n, int64_t price_buy, int64_t price_sell)
{
    for (size_t u = 0; u < n; u++) {
        size_t ask = asks->units[u], bid = bids->units[u];
        struct gb_trade *last = &o->trades[o->n_trades - 1];

        o->left[ask]--;
        o->left[bid]--;
        if (u > 0 && last->sell_order == ask && last->buy_order == bid) {
            last->energy.wh++;
            continue;
        }
        o->trades[o->n_trades++] = (struct gb_trade){.round = 1,
                                                     .sell_order = (uint32_t)ask,
                                                     .buy_order = (uint32_t)bid,
                                                     .seller = o->orders[ask].owner,
                                                     .buyer = o->orders[bid].owner,
                                                     .source = o->orders[ask].source,
                                                     .energy = {1},
                                                     .price_buy = {price_buy},
                                                     .price_sell = {price_sell}};
    }
}

/* Leaves the units of orders before `end`. */
static size_t units_before(const struct queue *queue, size_t end)
{
    size_t n = 0;

    while (n < queue->n_units && queue->units[n] != end)
        n++;
    return n;
}

/* The quote of the order behind `last`. returns false where there is none */
static bool next_quote(const struct call_oracle *o, const struct queue *queue, size_t last,
                       int64_t *quote)
{
    for (size_t i = 0; i + 1 < queue->n_orders; i++)
        if (queue->orders[i] == last) {
            *quote = quote_of(&o->orders[queue->orders[i + 1]]);
            return true;
        }
    return false;
}

/* Takes units off the first `n` of a queue, one of each order in turn, until `most` are left; where
 * a turn would take too many, the last in order of claim lose theirs. */
static void share(struct queue *queue, size_t n, size_t most)
{
    int64_t wh[CALL_ORACLE_ORDERS] = {0};
    size_t total = n;

    for (size_t u = 0; u < n; u++)
        wh[queue->units[u]]++;
    while (total > most) {
        size_t holders = 0;

        for (size_t i = 0; i < queue->n_orders; i++)
            holders += wh[queue->orders[i]] > 0;
        size_t spared = total - most < holders ? holders - (total - most) : 0;
        for (size_t i = 0; i < queue->n_orders; i++)
            if (wh[queue->orders[i]] > 0 && spared > 0)
                spared--;
            else if (wh[queue->orders[i]] > 0) {
                wh[queue->orders[i]]--;
                total--;
            }
    }
    queue->n_units = 0;
    for (size_t i = 0; i < queue->n_orders; i++)
        while (wh[queue->orders[i]]-- > 0)
            queue->units[queue->n_units++] = queue->orders[i];
}

static int64_t even_price(int64_t ask, int64_t bid, int64_t millionths)
{
    return gb_divide_half_even(ask * GB_MILLIONTHS + millionths * (bid - ask), GB_MILLIONTHS);
}

static void clear_reduced(struct call_oracle *o, struct queue *asks, struct queue *bids, size_t n,
                          bool shares)
{
    size_t ask = asks->units[n - 1], bid = bids->units[n - 1];
    size_t supply = units_before(asks, ask), demand = units_before(bids, bid);
    size_t least = supply < demand ? supply : demand;

    if (shares) {
        share(asks, supply, least);
        share(bids, demand, least);
    }
    trade_units(o, asks, bids, least, quote_of(&o->orders[bid]), quote_of(&o->orders[ask]));
}

static void clear_mcafee(struct call_oracle *o, struct queue *asks, struct queue *bids, size_t n)
{
    int64_t ask = unit_quote(o, asks, n - 1), bid = unit_quote(o, bids, n - 1);
    int64_t next_ask, next_bid;

    if (next_quote(o, asks, asks->units[n - 1], &next_ask) &&
        next_quote(o, bids, bids->units[n - 1], &next_bid) && 2 * ask <= next_ask + next_bid &&
        next_ask + next_bid <= 2 * bid) {
        int64_t price = even_price(next_ask, next_bid, 500000);

        trade_units(o, asks, bids, n, price, price);
    } else {
        clear_reduced(o, asks, bids, n, false);
    }
}

static void clear_rate(struct call_oracle *o, struct queue *asks, struct queue *bids, int64_t rate)
{
    size_t n = 0;

    while (n < asks->n_units && n < bids->n_units && unit_quote(o, asks, n) <= rate &&
           unit_quote(o, bids, n) >= rate)
        n++;
    trade_units(o, asks, bids, n, rate, rate);
}

static void clear_queues(struct call_oracle *o, const struct gb_market_rules *rules, int64_t k,
                         struct queue *asks, struct queue *bids)
{
    size_t n = 0, first = o->n_trades;

    while (n < asks->n_units && n < bids->n_units &&
           unit_quote(o, asks, n) <= unit_quote(o, bids, n))
        n++;
    if (rules->mechanism == &gb_mechanism_mid_market_rate) {
        clear_rate(o, asks, bids,
                   even_price(rules->tariff.feed_in.ticks, rules->tariff.retail.ticks, 500000));
    } else if (n == 0) {
        return;
    } else if (rules->mechanism == &gb_mechanism_uniform) {
        int64_t price = even_price(unit_quote(o, asks, n - 1), unit_quote(o, bids, n - 1), k);

        trade_units(o, asks, bids, n, price, price);
    } else if (rules->mechanism == &gb_mechanism_mcafee) {
        clear_mcafee(o, asks, bids, n);
    } else if (rules->mechanism == &gb_mechanism_huang) {
        clear_reduced(o, asks, bids, n, true);
    } else {
        trade_units(o, asks, bids, n, 0, 0);
        for (size_t t = first; t < o->n_trades; t++) {
            o->trades[t].price_buy.ticks = quote_of(&o->orders[o->trades[t].buy_order]);
            o->trades[t].price_sell = o->trades[t].price_buy;
        }
    }
}

void call_oracle_clear(struct call_oracle *o, const struct gb_market_rules *rules,
                       const struct gb_book_action *actions, size_t n)
{
    struct gb_call_options options;
    struct queue asks, bids;

    memcpy(&options, rules->options, sizeof options);
    o->n_orders = o->n_trades = 0;
    for (size_t a = 0; a < n; a++) {
        if (actions[a].is_cancel) {
            o->left[actions[a].target] = 0;
            continue;
        }
        o->orders[o->n_orders] = actions[a].order;
        o->left[o->n_orders++] = actions[a].order.quantity.wh;
    }
    for (int book = 0; book < (options.books == GB_BOOKS_POOLED ? 1 : 4); book++) {
        bool by_source = options.books == GB_BOOKS_BY_SOURCE;

        fill_queue(o, GB_SELL, book, by_source, &asks);
        fill_queue(o, GB_BUY, book, by_source, &bids);
        clear_queues(o, rules, options.k_millionths, &asks, &bids);
    }
}
