/* How sorted sides trade: the two best of each as long as the test of the round holds, or
 * each seller with the first buyer with whom it holds (exact rules 2 and 5). */
#include "models/market/two_round/two_round_priv.h"

#include "base/array.h"
#include <assert.h>

/* The order behind an entry, as it stands in the walk. */
struct head {
    uint32_t order;
    int64_t quote, left;
    const struct gb_order_terms *terms;
};

static inline void look_at(const struct gb_two_round *auction, const struct gb_turn *turn,
                           enum gb_side side, size_t i, struct head *head)
{
    const struct gb_sorted_side *entries = &turn->sides[side];
    uint32_t order = entries->at[i].order;

    head->order = order;
    head->quote = gb_sorted_side_is_wide(entries)
                      ? gb_two_round_quote(auction, turn->book, order).ticks
                      : gb_sorted_side_quote(entries, i);
    head->left = auction->orders.left[order].wh;
    head->terms = &auction->orders.terms[order];
}

/* Goes to entry i of a side. returns false when there is none */
static inline bool go_to(const struct gb_two_round *auction, struct gb_turn *turn,
                         enum gb_side side, size_t i, struct head *head)
{
    struct gb_sorted_side *entries = &turn->sides[side];

    if (i >= entries->n)
        return false;
    gb_sorted_side_reach(entries, i);
    if (i + GB_SIDE_AHEAD < entries->n) {
        uint32_t order = entries->at[i + GB_SIDE_AHEAD].order;

        __builtin_prefetch(&auction->orders.left[order], 1);
        __builtin_prefetch(&auction->orders.terms[order]);
    }
    look_at(auction, turn, side, i, head);
    return true;
}

static bool reserve_trade(struct gb_two_round *auction)
{
    if (auction->n_trades < auction->trades_capacity)
        return true;
    size_t usual = auction->usual_trades + auction->usual_trades / 16;
    size_t capacity = auction->trades_capacity
                          ? auction->trades_capacity + auction->trades_capacity / 2
                      : usual > 64 ? usual
                                   : 64;
    struct gb_trade *grown = gb_array_resize(auction->trades, capacity, sizeof *grown);

    if (!grown)
        return false;
    auction->trades = grown;
    auction->trades_capacity = capacity;
    return true;
}

/* Writes down what an order has left; with nothing, its quote is its last. */
static void settle(struct gb_two_round *auction, const struct head *head)
{
    gb_order_store_set_left(&auction->orders, head->order, head->left);
    if (head->left == 0 && auction->round > 1)
        gb_order_store_set_quote(&auction->orders, head->order, (struct gb_price){head->quote});
}

/* Rule 2: trades the smaller of both quantities. returns false without capacity for it */
static bool trade(struct gb_two_round *auction, struct gb_turn *turn, struct head *ask,
                  struct head *bid)
{
    struct gb_energy energy = {ask->left < bid->left ? ask->left : bid->left};
    struct gb_price ask_quote = {ask->quote}, bid_quote = {bid->quote};
    struct gb_price price = gb_pair_price(auction->k, ask_quote, bid_quote);

    assert(energy.wh > 0);
    if (!reserve_trade(auction))
        return false;
    ask->left -= energy.wh;
    bid->left -= energy.wh;
    settle(auction, ask);
    settle(auction, bid);
    auction->trades[auction->n_trades++] = (struct gb_trade){
        .round = auction->round,
        .sell_order = ask->order,
        .buy_order = bid->order,
        .seller = ask->terms->owner,
        .buyer = bid->terms->owner,
        .source = (uint8_t)ask->terms->source,
        .energy = energy,
        .price_buy = price,
        .price_sell = price,
    };
    gb_trade_statistics_add(&turn->statistics, ask_quote, bid_quote, price, energy, ask->left == 0,
                            bid->left == 0);
    return true;
}

/* R_s <= ask + k (bid - ask) <= R_b, on the price before it is rounded. Both sides are written
 * times the denominator of k: for the midpoint 2 R_s <= ask + bid <= 2 R_b. The bid's share of
 * the test is `reach`, and who has enough of it can pay what this ask needs. */
static int64_t min_bid_times_k(const struct gb_two_round *auction, const struct head *ask)
{
    struct gb_fraction k = auction->k;

    return k.denominator * ask->terms->reserve - (k.denominator - k.numerator) * ask->quote;
}

static int64_t min_reach(const struct gb_two_round *auction, const struct head *ask)
{
    return (auction->k.denominator - auction->k.numerator) * ask->quote;
}

static int64_t reach(const struct gb_two_round *auction, const struct head *bid)
{
    return auction->k.denominator * bid->terms->reserve - auction->k.numerator * bid->quote;
}

static bool may_trade(const struct gb_two_round *auction, enum gb_requote_match match,
                      const struct head *ask, const struct head *bid)
{
    switch (match) {
    case GB_MATCH_CROSSING: return bid->quote >= ask->quote;
    case GB_MATCH_WITHIN_RESERVE:
        return auction->k.numerator * bid->quote >= min_bid_times_k(auction, ask) &&
               reach(auction, bid) >= min_reach(auction, ask);
    case GB_MATCH_UNCONDITIONAL: return true;
    }
    return false;
}

/* The two best of each side, again and again, until the test fails. Under `crossing` this is `skip`
 * too: if the best pair does not cross, no other does. */
static bool walk_heads(struct gb_two_round *auction, struct gb_turn *turn,
                       enum gb_requote_match match)
{
    struct head ask, bid;
    size_t i = 0, j = 0;
    bool has_both = go_to(auction, turn, GB_SELL, i, &ask) && go_to(auction, turn, GB_BUY, j, &bid);

    while (has_both && may_trade(auction, match, &ask, &bid)) {
        if (!trade(auction, turn, &ask, &bid))
            return false;
        if (ask.left == 0)
            has_both = go_to(auction, turn, GB_SELL, ++i, &ask);
        if (bid.left == 0)
            has_both = go_to(auction, turn, GB_BUY, ++j, &bid) && has_both;
    }
    return true;
}

/* `within_reserve` with `skip`: sellers in order of quote, each with the first buyer in order of
 * quote with whom the test holds, again and again. Who bids enough for a seller is a prefix of the
 * buyers, so only the first of them with reach enough comes into question; and sellers need ever
 * more of it, the more they ask, so a buyer without enough for one has not enough for any later
 * one. Both sides are walked once. */
static bool walk_first_fits(struct gb_two_round *auction, struct gb_turn *turn)
{
    struct head ask, bid;
    size_t i = 0, j = 0;
    bool has_both = go_to(auction, turn, GB_SELL, i, &ask) && go_to(auction, turn, GB_BUY, j, &bid);

    while (has_both) {
        if (bid.left == 0 || reach(auction, &bid) < min_reach(auction, &ask)) {
            has_both = go_to(auction, turn, GB_BUY, ++j, &bid);
        } else if (ask.left == 0 ||
                   auction->k.numerator * bid.quote < min_bid_times_k(auction, &ask)) {
            has_both = go_to(auction, turn, GB_SELL, ++i, &ask);
        } else if (!trade(auction, turn, &ask, &bid)) {
            return false;
        }
    }
    return true;
}

enum gb_status gb_two_round_match(struct gb_two_round *auction, struct gb_turn *turn)
{
    enum gb_requote_match match = (enum gb_requote_match)auction->options.match;
    bool has_capacity;

    if (auction->round == 1)
        has_capacity = walk_heads(auction, turn, GB_MATCH_CROSSING);
    else if (match == GB_MATCH_WITHIN_RESERVE && auction->options.on_head_fail == GB_HEAD_FAIL_SKIP)
        has_capacity = walk_first_fits(auction, turn);
    else
        has_capacity = walk_heads(auction, turn, match);
    return has_capacity ? GB_OK : GB_ENOMEM;
}
