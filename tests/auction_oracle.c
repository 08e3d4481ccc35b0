#include "tests/auction_oracle.h"

#include <string.h>

typedef __int128 wide;

struct marks { /* what a book remembers of its most recent round with trades, or of all of them */
    bool has_ask, has_bid;
    int64_t ask, bid;
    wide value, volume;
};

static int64_t nearest_even(wide numerator, wide denominator)
{
    wide floor = numerator / denominator;

    while (floor * denominator > numerator)
        floor--;
    wide above = numerator - floor * denominator;
    if (2 * above < denominator)
        return (int64_t)floor;
    if (2 * above > denominator)
        return (int64_t)floor + 1;
    return (int64_t)(floor % 2 == 0 ? floor : floor + 1);
}

static bool stands_in(const struct oracle *o, size_t i, int book)
{
    if (o->left[i] == 0)
        return false;
    if (o->rules.books == GB_BOOKS_POOLED)
        return true;
    return o->orders[i].source == GB_SOURCE_ANY || o->orders[i].source == book + 1;
}

/* Rule 1: does i come before j? Both on one side; the row number is the time. */
static bool comes_before(const struct oracle *o, int book, size_t i, size_t j)
{
    int64_t a = o->quote[book][i], b = o->quote[book][j];

    if (a != b)
        return o->orders[i].side == GB_SELL ? a < b : a > b;
    return i < j;
}

/* Price before rounding, in millionths of a tick. */
static wide exact_price(const struct oracle *o, int64_t ask, int64_t bid)
{
    return (wide)ask * 1000000 + (wide)o->rules.k_millionths * (bid - ask);
}

static bool test_holds(const struct oracle *o, int book, int round, size_t s, size_t b)
{
    int64_t ask = o->quote[book][s], bid = o->quote[book][b];
    wide price = exact_price(o, ask, bid);

    if (round == 1 || o->rules.match == GB_MATCH_CROSSING)
        return bid >= ask;
    if (o->rules.match == GB_MATCH_UNCONDITIONAL)
        return true;
    return (wide)o->orders[s].reserve.ticks * 1000000 <= price &&
           price <= (wide)o->orders[b].reserve.ticks * 1000000;
}

static void make_trade(struct oracle *o, int book, int round, size_t s, size_t b)
{
    int64_t wh = o->left[s] < o->left[b] ? o->left[s] : o->left[b];
    int64_t price = nearest_even(exact_price(o, o->quote[book][s], o->quote[book][b]), 1000000);

    o->left[s] -= wh;
    o->left[b] -= wh;
    o->trades[o->n_trades++] = (struct gb_trade){(uint32_t)round,
                                                 (uint32_t)s,
                                                 (uint32_t)b,
                                                 o->orders[s].owner,
                                                 o->orders[b].owner,
                                                 o->orders[s].source,
                                                 {wh},
                                                 {price},
                                                 {price}};
}

/* The first standing order of a side in order of claim that `tried` does not hold; SIZE_MAX if
 * none. */
static size_t first_of(const struct oracle *o, int book, int side, const bool *tried)
{
    size_t first = SIZE_MAX;

    for (size_t i = 0; i < o->n_orders; i++)
        if (o->orders[i].side == side && stands_in(o, i, book) && !tried[i] &&
            (first == SIZE_MAX || comes_before(o, book, i, first)))
            first = i;
    return first;
}

/* Rules 2 and 5. */
static void trade_book(struct oracle *o, int book, int round)
{
    bool tried_sellers[ORACLE_ORDERS] = {false}, none[ORACLE_ORDERS] = {false};
    bool may_skip = round > 1 && o->rules.on_head_fail == GB_HEAD_FAIL_SKIP;

    for (;;) {
        size_t s = first_of(o, book, GB_SELL, tried_sellers);
        size_t b = SIZE_MAX;

        if (s == SIZE_MAX)
            return;
        if (!may_skip) {
            b = first_of(o, book, GB_BUY, none);
            if (b == SIZE_MAX || !test_holds(o, book, round, s, b))
                return;
        } else {
            for (size_t i = 0; i < o->n_orders; i++)
                if (o->orders[i].side == GB_BUY && stands_in(o, i, book) &&
                    test_holds(o, book, round, s, i) &&
                    (b == SIZE_MAX || comes_before(o, book, i, b)))
                    b = i;
        }
        if (b == SIZE_MAX)
            tried_sellers[s] = true;
        else
            make_trade(o, book, round, s, b);
    }
}

/* Rule 3, over the trades from `first` on, all of one book and one round; what is remembered of the
 * rounds before only widens extremes, gives way to a later price, and adds to sums. */
static void set_marks(const struct oracle *o, int book, size_t first, struct marks *m)
{
    bool only_filled = o->rules.anchor == GB_ANCHOR_MARGINAL_QUOTE_FILLED;

    if (o->rules.memory == GB_MEMORY_ROUND || o->rules.anchor == GB_ANCHOR_LAST_TRADE)
        *m = (struct marks){0};
    for (size_t t = first; t < o->n_trades; t++) {
        const struct gb_trade *trade = &o->trades[t];
        size_t s = trade->sell_order, b = trade->buy_order;
        int64_t price = trade->price_buy.ticks;
        int64_t ask = o->quote[book][s], bid = o->quote[book][b];

        m->value += (wide)price * trade->energy.wh;
        m->volume += trade->energy.wh;
        switch (o->rules.anchor) {
        case GB_ANCHOR_EXTREME_TRADE: ask = bid = price; break;
        case GB_ANCHOR_LAST_TRADE: ask = bid = o->trades[o->n_trades - 1].price_buy.ticks; break;
        default: break;
        }
        if ((!only_filled || o->left[s] == 0) && (!m->has_ask || ask > m->ask)) {
            m->ask = ask;
            m->has_ask = true;
        }
        if ((!only_filled || o->left[b] == 0) && (!m->has_bid || bid < m->bid)) {
            m->bid = bid;
            m->has_bid = true;
        }
    }
    if (o->rules.anchor == GB_ANCHOR_VWAP)
        m->ask = m->bid = nearest_even(m->value, m->volume);
}

/* Rule 4 for one order in one book. */
static int64_t quote_again(const struct oracle *o, int book, size_t i, const struct marks *m)
{
    const struct gb_order *order = &o->orders[i];
    int64_t quote = o->quote[book][i], reserve = order->reserve.ticks;
    wide beta = order->beta_millionths < 0 ? o->rules.beta_millionths : order->beta_millionths;

    if (order->side == GB_SELL && m->has_ask) {
        quote = nearest_even((wide)quote * 1000000 - beta * (quote - m->ask), 1000000);
        quote = quote < reserve ? reserve : quote;
    } else if (order->side == GB_BUY && m->has_bid) {
        quote = nearest_even((wide)quote * 1000000 + beta * (m->bid - quote), 1000000);
        quote = quote > reserve ? reserve : quote;
    }
    return quote;
}

static void enter(struct oracle *o, const struct gb_book_action *actions, size_t n)
{
    o->n_orders = o->n_trades = 0;
    for (size_t a = 0; a < n; a++) {
        if (actions[a].is_cancel) {
            o->left[actions[a].target] = 0;
            continue;
        }
        size_t i = o->n_orders++;
        o->orders[i] = actions[a].order;
        o->left[i] = o->orders[i].quantity.wh;
        o->last_quote[i] = o->orders[i].type == GB_ORDER_MARKET ? o->orders[i].reserve.ticks
                                                                : o->orders[i].price.ticks;
        for (int book = 0; book < 4; book++)
            o->quote[book][i] = o->last_quote[i];
    }
}

void oracle_clear(struct oracle *o, const struct gb_two_round_options *rules,
                  const struct gb_book_action *actions, size_t n)
{
    int n_books = rules->books == GB_BOOKS_POOLED ? 1 : 4;
    struct marks marks[4] = {{0}};
    bool is_done[4] = {false};

    o->rules = *rules;
    enter(o, actions, n);
    for (int round = 1; rules->rounds == GB_ROUNDS_UNTIL_CROSS || round <= 1 + rules->rounds;
         round++) {
        bool all_done = true;

        for (int book = 0; book < n_books; book++) {
            size_t n_before = o->n_trades, n_sides[2] = {0, 0};
            bool has_moved = false;

            if (is_done[book])
                continue;
            for (size_t i = 0; i < o->n_orders; i++) {
                if (!stands_in(o, i, book))
                    continue;
                int64_t quote =
                    round == 1 ? o->quote[book][i] : quote_again(o, book, i, &marks[book]);
                has_moved = has_moved || quote != o->quote[book][i];
                o->quote[book][i] = o->last_quote[i] = quote;
                n_sides[o->orders[i].side]++;
            }
            trade_book(o, book, round);
            if (o->n_trades > n_before)
                set_marks(o, book, n_before, &marks[book]);
            is_done[book] =
                rules->rounds == GB_ROUNDS_UNTIL_CROSS && round > 1 &&
                (o->n_trades > n_before || !has_moved || n_sides[0] == 0 || n_sides[1] == 0);
            all_done = all_done && is_done[book];
        }
        if (all_done)
            break;
    }
}

void oracle_clear_by_user(struct oracle *o, const struct gb_two_round_options *rules,
                          const struct gb_book_action *actions, size_t n,
                          const struct oracle_requote *requotes, size_t n_requotes)
{
    int n_books = rules->books == GB_BOOKS_POOLED ? 1 : 4;
    int64_t left[ORACLE_ORDERS];

    o->rules = *rules;
    enter(o, actions, n);
    for (int book = 0; book < n_books; book++)
        trade_book(o, book, 1);
    memcpy(left, o->left, sizeof left);
    for (size_t r = 0; r < n_requotes; r++) {
        size_t i = requotes[r].order;
        int64_t filled = o->orders[i].quantity.wh - left[i];

        for (int book = 0; book < n_books; book++)
            o->quote[book][i] = requotes[r].ticks;
        o->left[i] = requotes[r].total_wh > filled ? requotes[r].total_wh - filled : 0;
    }
    for (int book = 0; book < n_books; book++)
        trade_book(o, book, 2);
}
