/* The two-round auction of the paper with all its readings (notes: exact rules 1 to 6): a round on
 * crossing quotes, then rounds in which whoever found no partner quotes nearer to those who did.
 *
 * A book is two lists of claims in time order. Its turn in a round sweeps both, drops what has nothing
 * left, quotes anew, sorts, and walks the sorted claims once; only `within_reserve` with `skip` may
 * pass over somebody, and finds the next buyer by a search tree. Every trade exhausts an order, so
 * there are never more trades than orders.
 *
 * By source there is one book each for solar, wind, storage and grid energy, cleared in this order in
 * every round. The rules name the first three; energy that a user bought from the grid and offers
 * again comes last and reaches only buyers who ask for it or for any. A book is a market of its own:
 * it has its own anchors, and under until_cross it stops by itself, so that books without a common
 * buyer clear as if the others were not there. A buyer of any stands in every book. */
#include "models/market/two_round_priv.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "models/market/mechanisms_priv.h"

/* ---- memory: grows by parts and is kept from slot to slot */

static enum gb_status no_memory(size_t n, struct gb_error *err)
{
    return gb_fail(err, GB_ENOMEM, "no memory for a book of %zu orders", n);
}

/* Makes *items, of `size` bytes each, hold n. returns false, with all as it was, without memory */
static bool grow(void **items, size_t n, size_t size)
{
    void *grown = n <= SIZE_MAX / size ? realloc(*items, n * size) : NULL;

    if (grown)
        *items = grown;
    return grown != NULL;
}

static bool grow_orders(struct gb_two_round *auction, size_t n)
{
    if (n <= auction->orders_room)
        return true;
    size_t room = n > 2 * auction->orders_room ? n : 2 * auction->orders_room;
    void *arrays[] = {auction->left, auction->last_quote, auction->beta_millionths,
                      auction->source};
    bool has_all = grow(&arrays[0], room, sizeof *auction->left)
                   && grow(&arrays[1], room, sizeof *auction->last_quote)
                   && grow(&arrays[2], room, sizeof *auction->beta_millionths)
                   && grow(&arrays[3], room, sizeof *auction->source);

    auction->left = arrays[0];
    auction->last_quote = arrays[1];
    auction->beta_millionths = arrays[2];
    auction->source = arrays[3];
    if (has_all)
        auction->orders_room = room;
    return has_all;
}

static bool append(struct gb_claim_list *claims, struct gb_claim claim)
{
    if (claims->n == claims->room) {
        size_t room = claims->room ? claims->room + claims->room / 4 : 64;
        void *grown = claims->at;

        if (!grow(&grown, room, sizeof *claims->at))
            return false;
        claims->at = grown;
        claims->room = room;
    }
    claims->at[claims->n++] = claim;
    return true;
}

/* Room for all that `finish` can need: trades, the sorts of the largest book, its buyers' tree. */
static bool grow_workspace(struct gb_two_round *auction)
{
    size_t n_scratch = 0, n_buyers = 0;

    for (size_t b = 0; b < auction->n_books; b++) {
        const struct gb_two_round_book *book = &auction->books[b];
        size_t n = 2 * (book->asks.n + book->bids.n);

        n_scratch = n > n_scratch ? n : n_scratch;
        n_buyers = book->bids.n > n_buyers ? book->bids.n : n_buyers;
    }
    if (n_scratch > auction->scratch_room) {
        void *scratch = auction->scratch;

        if (!grow(&scratch, n_scratch, sizeof *auction->scratch))
            return false;
        auction->scratch = scratch;
        auction->scratch_room = n_scratch;
    }
    if (auction->n_orders > auction->trades_room) {
        void *trades = auction->trades;

        if (!grow(&trades, auction->n_orders, sizeof *auction->trades))
            return false;
        auction->trades = trades;
        auction->trades_room = auction->n_orders;
    }
    return gb_first_fit_reserve(&auction->buyers, n_buyers) == 0;
}

static void two_round_free(void *state)
{
    struct gb_two_round *auction = state;

    if (!auction)
        return;
    for (size_t b = 0; b < GB_TWO_ROUND_BOOKS; b++) {
        free(auction->books[b].asks.at);
        free(auction->books[b].bids.at);
    }
    free(auction->left);
    free(auction->last_quote);
    free(auction->beta_millionths);
    free(auction->source);
    free(auction->trades);
    free(auction->scratch);
    gb_first_fit_clear(&auction->buyers);
    free(auction);
}

static bool is_share(int64_t millionths)
{
    return millionths >= 0 && millionths <= GB_MILLIONTHS;
}

/* Rules may come from a stranger's ledger. */
static bool are_sound(const struct gb_market_rules *rules)
{
    return rules->anchor >= 0 && rules->anchor <= GB_ANCHOR_VWAP
           && rules->match >= 0 && rules->match <= GB_MATCH_UNCONDITIONAL
           && rules->on_head_fail >= 0 && rules->on_head_fail <= GB_HEAD_FAIL_STOP
           && rules->books >= 0 && rules->books <= GB_BOOKS_POOLED
           && rules->rounds >= GB_ROUNDS_UNTIL_CROSS && rules->rounds < UINT32_MAX
           && is_share(rules->beta_millionths) && is_share(rules->k_millionths);
}

static enum gb_status two_round_create(void **state, const struct gb_market_rules *rules,
                                       struct gb_error *err)
{
    struct gb_two_round *auction;

    if (!are_sound(rules))
        return gb_fail(err, GB_ECONFIG, "a rule of the two-round auction is out of its range");
    auction = calloc(1, sizeof *auction);
    if (!auction)
        return no_memory(0, err);
    auction->rules = *rules;
    auction->k = gb_fraction_of_millionths(rules->k_millionths);
    auction->n_books = rules->books == GB_BOOKS_BY_SOURCE ? GB_TWO_ROUND_BOOKS : 1;
    *state = auction;
    return GB_OK;
}

/* ---- the book is filled */

static void two_round_begin(void *state, int64_t interval)
{
    struct gb_two_round *auction = state;

    (void)interval;                     /* this auction has no memory of earlier slots */
    auction->n_orders = 0;
    auction->n_trades = 0;
    auction->has_cancels = false;
    for (size_t b = 0; b < auction->n_books; b++) {
        struct gb_two_round_book *book = &auction->books[b];

        book->asks.n = 0;
        book->bids.n = 0;
        book->anchors = (struct gb_anchors){0};
        book->is_done = false;
    }
}

static enum gb_status check_order(const struct gb_two_round *auction, const struct gb_order *order,
                                  struct gb_error *err)
{
    size_t n = auction->n_orders;

    if (order->minimum.wh > 0)
        return gb_fail(err, GB_EREFUSED, "order %zu asks for at least %" PRId64 " Wh or nothing; "
                       "the mechanism two_round has no minimum quantities", n, order->minimum.wh);
    if (order->side == GB_SELL && auction->n_books > 1 && order->source == GB_SOURCE_ANY)
        return gb_fail(err, GB_EREFUSED, "order %zu sells energy of no named source; "
                       "with one book a source it must name one", n);
    if (order->quantity.wh <= 0 || order->quantity.wh > GB_QUANTITY_LIMIT_WH)
        return gb_fail(err, GB_ERANGE, "order %zu: expected a quantity from 1 to %" PRId64
                       " Wh, got %" PRId64, n, GB_QUANTITY_LIMIT_WH, order->quantity.wh);
    if (llabs(order->price.ticks) > GB_PRICE_LIMIT_TICKS
        || llabs(order->reserve.ticks) > GB_PRICE_LIMIT_TICKS)
        return gb_fail(err, GB_ERANGE, "order %zu: its price or reserve lies beyond one million "
                       "currency per kWh", n);
    if (order->beta_millionths < GB_BETA_OF_MARKET || order->beta_millionths > GB_MILLIONTHS)
        return gb_fail(err, GB_ERANGE, "order %zu: expected a beta from 0 to 1000000 millionths, "
                       "got %" PRId32, n, order->beta_millionths);
    return GB_OK;
}

static enum gb_status add_order(struct gb_two_round *auction, const struct gb_order *order,
                                struct gb_error *err)
{
    enum gb_status status = check_order(auction, order, err);
    uint32_t number = (uint32_t)auction->n_orders;
    struct gb_price quote = order->type == GB_ORDER_MARKET ? order->reserve : order->price;
    struct gb_claim claim = {quote.ticks, order->reserve.ticks, order->quantity.wh, number,
                             order->owner};
    bool is_everywhere = order->source == GB_SOURCE_ANY || auction->n_books == 1;

    if (status != GB_OK)
        return status;
    assert(order->source < GB_N_SOURCES);
    size_t first = is_everywhere ? 0 : order->source - GB_SOURCE_SOLAR;
    size_t end = is_everywhere ? auction->n_books : first + 1;

    for (size_t b = first; b < end; b++) {
        struct gb_two_round_book *book = &auction->books[b];

        if (!append(order->side == GB_SELL ? &book->asks : &book->bids, claim))
            return no_memory(auction->n_orders + 1, err);
    }
    auction->left[number] = order->quantity;
    auction->last_quote[number] = quote;
    auction->beta_millionths[number] = order->beta_millionths == GB_BETA_OF_MARKET
                                           ? (int32_t)auction->rules.beta_millionths
                                           : order->beta_millionths;
    auction->source[number] = order->source;
    auction->n_orders++;
    return GB_OK;
}

static enum gb_status two_round_apply(void *state, const struct gb_book_action *actions, size_t n,
                                      struct gb_error *err)
{
    struct gb_two_round *auction = state;
    enum gb_status status = GB_OK;

    if (n > UINT32_MAX - auction->n_orders)
        return gb_fail(err, GB_ERANGE, "more than 2^32 orders in one slot");
    if (!grow_orders(auction, auction->n_orders + n))
        return no_memory(auction->n_orders + n, err);
    for (size_t i = 0; i < n && status == GB_OK; i++) {
        const struct gb_book_action *action = &actions[i];

        if (!action->is_cancel) {
            status = add_order(auction, &action->order, err);
        } else if (action->target < auction->n_orders) {
            auction->left[action->target].wh = 0;
            auction->has_cancels = true;
        } else {
            status = gb_fail(err, GB_EINPUT, "a cancel of order %" PRIu32 ", but there are only "
                             "%zu", action->target, auction->n_orders);
        }
    }
    return status;
}

/* ---- one turn of one book */

static struct gb_price quote_again(const struct gb_two_round *auction, const struct gb_claim *claim,
                                   enum gb_side side, struct gb_price anchor)
{
    int64_t beta = auction->beta_millionths[claim->order];
    struct gb_price reserve = {claim->reserve}, quote = {claim->quote};

    return side == GB_SELL ? gb_requote_ask(beta, quote, anchor, reserve)
                           : gb_requote_bid(beta, quote, anchor, reserve);
}

/* Drops the claims with nothing left and, given an anchor, quotes the others anew.
 * returns whether a quote moved */
static bool refresh(struct gb_two_round *auction, struct gb_claim_list *claims, enum gb_side side,
                    const struct gb_price *anchor)
{
    bool has_moved = false;
    size_t n_kept = 0;

    if (auction->n_trades == 0 && !auction->has_cancels)
        return false;                   /* everything is as it came in */
    for (size_t i = 0; i < claims->n; i++) {
        struct gb_claim claim = claims->at[i];

        claim.left = auction->left[claim.order].wh;
        if (claim.left == 0)
            continue;
        if (anchor) {
            struct gb_price quote = quote_again(auction, &claim, side, *anchor);

            has_moved = has_moved || quote.ticks != claim.quote;
            claim.quote = quote.ticks;
        }
        auction->last_quote[claim.order].ticks = claim.quote;
        claims->at[n_kept++] = claim;
    }
    claims->n = n_kept;
    return has_moved;
}

/* One book in one round: rules 4, 1, then 2 or 5, then 3. returns whether the next round could find
 * anything else: a trade was made, or a quote moved */
static bool take_turn(struct gb_two_round *auction, struct gb_two_round_book *book)
{
    const struct gb_anchors *anchors = &book->anchors;
    bool asks_moved = refresh(auction, &book->asks, GB_SELL,
                              anchors->has_ask ? &anchors->ask : NULL);
    bool bids_moved = refresh(auction, &book->bids, GB_BUY,
                              anchors->has_bid ? &anchors->bid : NULL);
    struct gb_turn turn = {.n_asks = book->asks.n, .n_bids = book->bids.n,
                           .has_moved = asks_moved || bids_moved};

    if (turn.n_asks > 0 && turn.n_bids > 0) {
        struct gb_claim *a = auction->scratch, *b = a + turn.n_asks;
        struct gb_claim *c = b + turn.n_asks, *d = c + turn.n_bids;

        turn.asks = gb_claims_sort(book->asks.at, turn.n_asks, GB_SELL, a, b);
        turn.bids = gb_claims_sort(book->bids.at, turn.n_bids, GB_BUY, c, d);
        gb_two_round_match(auction, &turn);
    }
    if (turn.tape.has_trade)
        book->anchors = gb_tape_anchors(&turn.tape, (enum gb_anchor)auction->rules.anchor);
    if (auction->rules.rounds == GB_ROUNDS_UNTIL_CROSS && auction->round > 1)
        book->is_done = turn.tape.has_trade || !turn.has_moved || !turn.asks || !turn.bids;
    return turn.tape.has_trade || turn.has_moved;
}

/* One round of all books. returns whether another one could change anything */
static bool run_round(struct gb_two_round *auction)
{
    bool can_go_on = false;

    for (size_t b = 0; b < auction->n_books; b++) {
        struct gb_two_round_book *book = &auction->books[b];

        if (book->is_done)
            continue;
        bool is_alive = take_turn(auction, book);

        /* Round 2 tests by other rules than round 1, so the first round proves nothing. */
        can_go_on = can_go_on || (!book->is_done && (is_alive || auction->round == 1));
    }
    return can_go_on;
}

static enum gb_status two_round_finish(void *state, struct gb_match *out, struct gb_error *err)
{
    struct gb_two_round *auction = state;
    int64_t rounds = auction->rules.rounds;
    bool can_go_on = true;

    if (!grow_workspace(auction))
        return no_memory(auction->n_orders, err);
    for (auction->round = 0; can_go_on; ) {
        auction->round++;
        can_go_on = run_round(auction)
                    && (rounds == GB_ROUNDS_UNTIL_CROSS || auction->round <= rounds);
    }
    *out = (struct gb_match){
        .n_trades = auction->n_trades,
        .trades = auction->trades,
        .n_orders = auction->n_orders,
        .unmatched = auction->left,
        .last_quote = auction->last_quote,
        .rounds = auction->round,
    };
    return GB_OK;
}

static const char *const options[] = {
    "market.beta", "market.k", "market.books", "market.requote.anchor", "market.requote.match",
    "market.requote.rounds", "market.on_head_fail", NULL
};

const struct gb_mechanism gb_mechanism_two_round = {
    .name = "two_round",
    .summary = "the paper's auction: a round on crossing quotes, then re-quotes within the reserve",
    .options = options,
    .create = two_round_create,
    .begin = two_round_begin,
    .apply = two_round_apply,
    .finish = two_round_finish,
    .free = two_round_free,
};
