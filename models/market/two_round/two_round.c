/* The two-round auction of the paper with all its readings (notes: exact rules 1 to 6): a round
 * on crossing quotes, then rounds in which whoever found no partner quotes nearer to those who
 * did.
 *
 * An order is held once, by its number, which is its time. A book's turn in a round gathers who
 * stands in it with something left, quotes anew, sorts, and walks the sorted sides once; only
 * `within_reserve` with `skip` may pass over somebody. Every trade exhausts an order, so there are
 * never more trades than orders.
 *
 * By source there is one book each for solar, wind, storage and grid energy, cleared in this
 * order in every round. The rules name the first three; energy that a user bought from the grid
 * and offers again comes last and reaches only buyers who ask for it or for any. A book is a
 * market of its own: it has its own anchors, and under until_cross it stops by itself, so that
 * books without a common buyer clear as if the others were not there. A buyer of any stands in
 * every book. */
#include "models/market/two_round/two_round_priv.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* ---- memory: grows by parts; a small book's is kept from slot to slot, a large one's until
 * it is released */

/* Bytes of an array that are kept all the same: those of some hundred orders cost nobody
 * anything, and giving them back and asking for them again would be much of what a small slot
 * takes. */
#define KEPT_SIZE ((size_t)1 << 14)

static enum gb_status no_memory(size_t n, struct gb_error *err)
{
    return gb_fail(err, GB_ENOMEM, "no memory for a book of %zu orders", n);
}

/* Capacity for the turns of the largest book. */
static bool grow_workspace(struct gb_two_round *auction)
{
    size_t size = 0;

    for (size_t b = 0; b < auction->n_books; b++) {
        size_t needed = gb_two_round_workspace(auction, &auction->books[b]);

        size = needed > size ? needed : size;
    }
    if (size <= auction->workspace_size)
        return true;
    free(auction->workspace); /* nothing in it outlives a turn */
    auction->workspace = gb_array_resize(NULL, size, 1);
    auction->workspace_size = auction->workspace ? size : 0;
    return auction->workspace != NULL;
}

/* Capacity for what a book may have to keep of those who stand in every book. */
static bool grow_quotes(struct gb_two_round *auction, struct gb_two_round_book *book)
{
    if (!gb_two_round_may_keep_quotes(auction, book) || auction->orders.n <= book->quotes_capacity)
        return true;
    void *quotes = gb_array_resize(book->quotes, auction->orders.n, sizeof *book->quotes);
    if (!quotes)
        return false;
    book->quotes = quotes;
    book->quotes_capacity = auction->orders.n;
    return true;
}

static bool reserve_outcome(struct gb_two_round *auction)
{
    bool has_capacity = grow_workspace(auction);

    for (size_t b = 0; has_capacity && b < auction->n_books; b++)
        has_capacity = grow_quotes(auction, &auction->books[b]);
    return has_capacity;
}

static void release(void **items, size_t *capacity)
{
    free(*items);
    *items = NULL;
    *capacity = 0;
}

static void release_workspace(struct gb_two_round *auction, size_t kept)
{
    if (auction->workspace_size > kept)
        release(&auction->workspace, &auction->workspace_size);
}

/* Frees every array above `kept` bytes. */
static void release_above(struct gb_two_round *auction, size_t kept)
{
    void *trades = auction->trades, *filled = auction->filled;

    gb_order_store_release(&auction->orders, kept);
    gb_order_cuts_clear(&auction->cuts);
    if (auction->trades_capacity * sizeof *auction->trades > kept)
        release(&trades, &auction->trades_capacity);
    auction->trades = trades;
    if (auction->filled_capacity * sizeof *auction->filled > kept)
        release(&filled, &auction->filled_capacity);
    auction->filled = filled;
    release_workspace(auction, kept);
    for (size_t b = 0; b < GB_BOOKS_MAX; b++) {
        struct gb_two_round_book *book = &auction->books[b];
        void *quotes = book->quotes;

        if (book->quotes_capacity * sizeof *book->quotes > kept)
            release(&quotes, &book->quotes_capacity);
        book->quotes = quotes;
    }
}

static void two_round_release(void *state)
{
    struct gb_two_round *auction = state;

    auction->usual_trades = auction->n_trades;
    release_above(auction, KEPT_SIZE);
}

static void two_round_free(void *state)
{
    if (!state)
        return;
    release_above(state, 0);
    free(state);
}

static enum gb_status two_round_create(void **state, const struct gb_market_rules *rules,
                                       struct gb_error *err)
{
    struct gb_two_round *auction;
    const char *wrong, *key;

    if (!gb_param_is_sound(gb_two_round_params, rules->options)) /* of a stranger's ledger */
        return gb_fail(err, GB_ECONFIG, "a rule of the two-round auction is out of its range");
    wrong = gb_two_round_refusal(rules, &key);
    if (wrong)
        return gb_fail(err, GB_ECONFIG, "%s: %s", key, wrong);
    auction = calloc(1, sizeof *auction);
    if (!auction)
        return no_memory(0, err);
    memcpy(&auction->options, rules->options, sizeof auction->options);
    auction->k = gb_fraction_of_millionths(auction->options.k_millionths);
    auction->n_books = gb_books_number((enum gb_books)auction->options.books);
    for (unsigned b = 0; b < auction->n_books; b++)
        auction->books[b].takes = gb_books_take(auction->n_books, b);
    *state = auction;
    return GB_OK;
}

/* ---- the book is filled */

static void two_round_begin(void *state, int64_t interval)
{
    struct gb_two_round *auction = state;

    (void)interval; /* this auction has no memory of earlier slots */
    auction->round = 0;
    gb_order_store_clear(&auction->orders);
    gb_order_cuts_clear(&auction->cuts);
    auction->n_trades = 0;
    auction->n_everywhere = 0;
    for (size_t b = 0; b < auction->n_books; b++) {
        struct gb_two_round_book *book = &auction->books[b];

        book->n_asks = 0;
        book->n_bids = 0;
        book->traded = (struct gb_trade_statistics){0};
        book->anchors = (struct gb_anchors){0};
        book->has_quotes = false;
        book->is_done = false;
    }
}

/* Counts the order where it stands, so that every book knows how many of each side it can have. */
static void count_order(struct gb_two_round *auction, const struct gb_order *order)
{
    size_t b = auction->n_books == 1 ? 0 : (size_t)order->source - GB_SOURCE_SOLAR;

    if (order->source == GB_SOURCE_ANY && auction->n_books > 1)
        auction->n_everywhere++;
    else if (order->side == GB_SELL)
        auction->books[b].n_asks++;
    else
        auction->books[b].n_bids++;
}

static enum gb_status check_is_before_round_1(const struct gb_two_round *auction, const char *what,
                                              struct gb_error *err)
{
    return auction->round == 0 ? GB_OK
                               : gb_fail(err, GB_EINPUT,
                                         "%s behind the first amendment: round 1 is over, and "
                                         "what it left may be amended alone",
                                         what);
}

static enum gb_status two_round_apply(void *state, const struct gb_order *orders, size_t n,
                                      struct gb_error *err)
{
    struct gb_two_round *auction = state;
    enum gb_status status = check_is_before_round_1(auction, "an order", err);

    if (status == GB_OK)
        status = gb_order_store_reserve(&auction->orders, n, err);
    for (size_t i = 0; i < n && status == GB_OK; i++) {
        status =
            gb_books_check_order("two_round", auction->n_books, auction->orders.n, &orders[i], err);
        if (status == GB_OK)
            status = gb_order_store_add(&auction->orders, &orders[i],
                                        auction->options.beta_millionths, err);
        if (status == GB_OK)
            count_order(auction, &orders[i]);
    }
    return status;
}

static enum gb_status two_round_cancel(void *state, uint32_t order, struct gb_error *err)
{
    struct gb_two_round *auction = state;
    enum gb_status status = check_is_before_round_1(auction, "a cancel", err);

    return status == GB_OK ? gb_order_store_cancel(&auction->orders, order, err) : status;
}

/* ---- the rounds */

/* One round of all books.
 * can_go_on  whether another one could change anything */
static enum gb_status run_round(struct gb_two_round *auction, bool *can_go_on)
{
    enum gb_status status = GB_OK;

    *can_go_on = false;
    for (size_t b = 0; b < auction->n_books && status == GB_OK; b++) {
        struct gb_two_round_book *book = &auction->books[b];
        bool is_alive = false;

        if (book->is_done)
            continue;
        status = gb_two_round_turn(auction, book, &is_alive);
        /* Round 2 tests by other rules than round 1, so the first round proves nothing. */
        *can_go_on = *can_go_on || (!book->is_done && (is_alive || auction->round == 1));
    }
    return status;
}

/* What the first round begins with: memory, and a book within its limits. */
static enum gb_status prepare_rounds(struct gb_two_round *auction, struct gb_error *err)
{
    if (!reserve_outcome(auction))
        return no_memory(auction->orders.n, err);
    return auction->round > 0 ? GB_OK
                              : gb_order_cuts_make(&auction->cuts, &auction->orders,
                                                   auction->options.export_limit_wh,
                                                   auction->options.import_limit_wh, err);
}

/* Who stands in every book and has something left ends on its quote in the last turn of all. */
static void note_last_quotes(struct gb_two_round *auction)
{
    const struct gb_two_round_book *last = auction->last_turn;

    if (auction->n_everywhere == 0 || !(last->has_quotes || last->moved_by.has_bid))
        return; /* there it quotes as it came in */
    for (size_t i = 0; i < auction->orders.n; i++)
        if (auction->orders.left[i].wh > 0)
            gb_order_store_set_quote(&auction->orders, (uint32_t)i,
                                     gb_two_round_quote(auction, last, (uint32_t)i));
}

/* The rounds that follow those that were, as many as the rules have. */
static enum gb_status run_rounds(struct gb_two_round *auction, struct gb_error *err)
{
    int64_t rounds = auction->options.rounds;
    bool can_go_on = true;

    while (can_go_on) {
        auction->round++;
        if (run_round(auction, &can_go_on) != GB_OK)
            return no_memory(auction->orders.n, err);
        can_go_on = can_go_on && (rounds == GB_ROUNDS_UNTIL_CROSS || auction->round <= rounds);
    }
    return GB_OK;
}

static enum gb_status two_round_finish(void *state, struct gb_match *out, struct gb_error *err)
{
    struct gb_two_round *auction = state;

    enum gb_status status = prepare_rounds(auction, err);

    if (status == GB_OK)
        status = run_rounds(auction, err);
    if (status != GB_OK)
        return status;
    note_last_quotes(auction);
    release_workspace(auction, KEPT_SIZE); /* the outcome is about to be read */
    *out = (struct gb_match){
        .n_trades = auction->n_trades,
        .trades = auction->trades,
        .n_orders = auction->orders.n,
        .unmatched = gb_order_cuts_unmatched(&auction->cuts, &auction->orders),
        .cut = auction->cuts.cut,
        .last_quote = auction->orders.quote,
        .rounds = auction->round,
    };
    return GB_OK;
}

/* Few are copied in less time than it takes to ask for their memory anew in the next slot. */
static struct gb_trade *two_round_take_trades(void *state)
{
    struct gb_two_round *auction = state;
    struct gb_trade *trades = auction->trades;

    if (auction->trades_capacity * sizeof *trades <= KEPT_SIZE)
        return NULL;
    auction->trades = NULL;
    auction->trades_capacity = 0;
    return trades;
}

/* ---- users quote anew */

/* By source there is a book each, in the order of sources. */
static void note_traded(const struct gb_two_round *auction, struct gb_round *out)
{
    enum gb_anchor anchor = (enum gb_anchor)auction->options.anchor;

    for (size_t b = 0; b < auction->n_books; b++) {
        const struct gb_two_round_book *book = &auction->books[b];

        if (auction->n_books > 1)
            out->traded[GB_SOURCE_SOLAR + b] = book->traded;
        gb_trade_statistics_merge(&out->traded[GB_SOURCE_ANY], &book->traded);
    }
    for (size_t source = 0; source < GB_N_SOURCES; source++)
        if (out->traded[source].has_trade)
            out->anchors[source] = gb_trade_statistics_anchors(&out->traded[source], anchor);
}

/* What round 1 filled of each order, which totals count. false without memory */
static bool note_filled(struct gb_two_round *auction)
{
    size_t n = auction->orders.n;
    struct gb_energy *filled =
        gb_array_grow(auction->filled, &auction->filled_capacity, n + 1, sizeof *filled);

    if (!filled)
        return false;
    auction->filled = filled;
    memset(filled, 0, n * sizeof *filled);
    for (size_t i = 0; i < auction->n_trades; i++) {
        const struct gb_trade *trade = &auction->trades[i];

        filled[trade->sell_order].wh += trade->energy.wh;
        filled[trade->buy_order].wh += trade->energy.wh;
    }
    return true;
}

static enum gb_status two_round_publish(void *state, struct gb_round *out, struct gb_error *err)
{
    struct gb_two_round *auction = state;
    bool can_go_on;

    enum gb_status status = prepare_rounds(auction, err);

    if (status != GB_OK)
        return status;
    auction->round = 1;
    if (run_round(auction, &can_go_on) != GB_OK || !note_filled(auction))
        return no_memory(auction->orders.n, err);
    *out = (struct gb_round){.n_trades = auction->n_trades,
                             .trades = auction->trades,
                             .n_orders = auction->orders.n,
                             .left = auction->orders.left};
    note_traded(auction, out);
    return GB_OK;
}

static enum gb_status two_round_amend(void *state, uint32_t order, struct gb_price price,
                                      struct gb_energy total, enum gb_fate *fate,
                                      struct gb_error *err)
{
    struct gb_two_round *auction = state;
    struct gb_round round;

    if (order >= auction->orders.n)
        return gb_fail(err, GB_EINPUT, "an amendment of order %" PRIu32 ", but there are only %zu",
                       order, auction->orders.n);
    if (auction->round == 0 && two_round_publish(auction, &round, err) != GB_OK)
        return err->status;
    bool is_open =
        auction->orders.left[order].wh > 0 || gb_order_cuts_wh(&auction->cuts, order) > 0;
    *fate = is_open ? GB_FATE_APPLIED : GB_FATE_ALREADY_DONE;
    if (!is_open)
        return GB_OK;
    int64_t filled = auction->filled[order].wh;
    struct gb_energy rest = {total.wh > filled ? total.wh - filled : 0};
    struct gb_energy left =
        gb_order_cuts_amend(&auction->cuts, order, auction->orders.left[order], rest);

    return gb_order_store_amend(&auction->orders, order, price, left, err);
}

static const struct gb_requoting requoting = {
    .asks_users = gb_two_round_asks_users,
    .refusal = gb_two_round_refusal,
    .second_gate_ns = gb_two_round_second_gate_ns,
    .publish = two_round_publish,
    .amend = two_round_amend,
};

const struct gb_mechanism gb_mechanism_two_round = {
    .member = {.name = "two_round",
               .summary = "the paper's auction: a round on crossing quotes, then re-quotes within "
                          "the reserve",
               .params = gb_two_round_params,
               .config_size = sizeof(struct gb_two_round_options)},
    .needs_source = gb_two_round_needs_source,
    .escrow_price = gb_two_round_escrow_price,
    .check_escrow = gb_two_round_check_escrow,
    .limit = gb_two_round_limit,
    .create = two_round_create,
    .begin = two_round_begin,
    .apply = two_round_apply,
    .cancel = two_round_cancel,
    .requoting = &requoting,
    .finish = two_round_finish,
    .take_trades = two_round_take_trades,
    .release = two_round_release,
    .free = two_round_free,
};
