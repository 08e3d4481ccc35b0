/* How sorted claims trade: the two best of each side as long as the test of the round holds, or each
 * seller with the first buyer with whom it holds (exact rules 2 and 5). */
#include "models/market/two_round_priv.h"

#include <assert.h>

/* Rule 2: trades the smaller of both quantities. */
static void trade(struct gb_two_round *auction, struct gb_turn *turn, struct gb_claim *ask,
                  struct gb_claim *bid)
{
    struct gb_energy energy = {ask->left < bid->left ? ask->left : bid->left};
    struct gb_price ask_quote = {ask->quote}, bid_quote = {bid->quote};
    struct gb_price price = gb_pair_price(auction->k, ask_quote, bid_quote);

    assert(auction->n_trades < auction->trades_room && energy.wh > 0);
    ask->left -= energy.wh;
    bid->left -= energy.wh;
    auction->left[ask->order].wh = ask->left;
    auction->left[bid->order].wh = bid->left;
    auction->trades[auction->n_trades++] = (struct gb_trade){
        .round = auction->round,
        .sell_order = ask->order,
        .buy_order = bid->order,
        .seller = ask->owner,
        .buyer = bid->owner,
        .source = auction->source[ask->order],
        .energy = energy,
        .price_buy = price,
        .price_sell = price,
    };
    gb_tape_add(&turn->tape, ask_quote, bid_quote, price, energy, ask->left == 0, bid->left == 0);
}

/* R_s <= ask + k (bid - ask) <= R_b, on the price before it is rounded. Both sides are written times
 * the denominator of k: for the midpoint 2 R_s <= ask + bid <= 2 R_b. The bid's share of the test is
 * `reach`, and who has enough of it can pay what this ask needs. */
static int64_t least_bid_times_k(const struct gb_two_round *auction, const struct gb_claim *ask)
{
    struct gb_fraction k = auction->k;

    return k.denominator * ask->reserve - (k.denominator - k.numerator) * ask->quote;
}

static int64_t least_reach(const struct gb_two_round *auction, const struct gb_claim *ask)
{
    return (auction->k.denominator - auction->k.numerator) * ask->quote;
}

static int64_t reach(const struct gb_two_round *auction, const struct gb_claim *bid)
{
    return auction->k.denominator * bid->reserve - auction->k.numerator * bid->quote;
}

static bool may_trade(const struct gb_two_round *auction, enum gb_requote_match match,
                      const struct gb_claim *ask, const struct gb_claim *bid)
{
    switch (match) {
    case GB_MATCH_CROSSING:
        return bid->quote >= ask->quote;
    case GB_MATCH_WITHIN_RESERVE:
        return auction->k.numerator * bid->quote >= least_bid_times_k(auction, ask)
               && reach(auction, bid) >= least_reach(auction, ask);
    case GB_MATCH_UNCONDITIONAL:
        return true;
    }
    return false;
}

/* The two best claims, again and again, until the test fails. Under `crossing` this is `skip` too:
 * if the best pair does not cross, no other does. */
static void walk_heads(struct gb_two_round *auction, struct gb_turn *turn,
                       enum gb_requote_match match)
{
    size_t i = 0, j = 0;

    while (i < turn->n_asks && j < turn->n_bids) {
        struct gb_claim *ask = &turn->asks[i], *bid = &turn->bids[j];

        if (!may_trade(auction, match, ask, bid))
            return;
        trade(auction, turn, ask, bid);
        if (ask->left == 0)
            i++;
        if (bid->left == 0)
            j++;
    }
}

/* How many buyers, from the best, bid enough for the reserve of this ask. */
static size_t n_bidding_enough(const struct gb_two_round *auction, const struct gb_turn *turn,
                               const struct gb_claim *ask)
{
    int64_t enough = least_bid_times_k(auction, ask);
    size_t low = 0, high = turn->n_bids;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (auction->k.numerator * turn->bids[middle].quote >= enough)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* `within_reserve` with `skip`: sellers in order of claim, each takes the first buyer in order of
 * claim with whom the test holds. Those who bid enough are a prefix of the buyers; the first one with
 * reach enough comes from the tree, and if he stands outside the prefix there is none. */
static void walk_first_fits(struct gb_two_round *auction, struct gb_turn *turn)
{
    int64_t *reaches = gb_first_fit_leaves(&auction->buyers, turn->n_bids);

    for (size_t j = 0; j < turn->n_bids; j++)
        reaches[j] = reach(auction, &turn->bids[j]);
    gb_first_fit_build(&auction->buyers);

    for (size_t i = 0; i < turn->n_asks; i++) {
        struct gb_claim *ask = &turn->asks[i];
        size_t n_enough = n_bidding_enough(auction, turn, ask);

        while (ask->left > 0) {
            size_t j = gb_first_fit_find(&auction->buyers, least_reach(auction, ask));

            if (j >= n_enough)
                break;
            trade(auction, turn, ask, &turn->bids[j]);
            if (turn->bids[j].left == 0)
                gb_first_fit_strike(&auction->buyers, j);
        }
    }
}

void gb_two_round_match(struct gb_two_round *auction, struct gb_turn *turn)
{
    enum gb_requote_match match = (enum gb_requote_match)auction->rules.match;

    if (auction->round == 1)
        walk_heads(auction, turn, GB_MATCH_CROSSING);
    else if (match == GB_MATCH_WITHIN_RESERVE && auction->rules.on_head_fail == GB_HEAD_FAIL_SKIP)
        walk_first_fits(auction, turn);
    else
        walk_heads(auction, turn, match);
}
