/* One turn of one book: its sides are gathered from the orders, quoted anew and sorted.
 *
 * Whoever stands in a single book has one quote, which moves in place. A buyer of any has one
 * for every book; with a single re-quote, which is the rule, each of them follows from the quote
 * that came in and the book's anchor, so that nothing is kept. */
#include "models/market/two_round/two_round_priv.h"

#include <assert.h>
#include <string.h>

/* ---- workspace: either side, and what it is sorted through */

size_t gb_two_round_workspace(const struct gb_two_round *auction,
                              const struct gb_two_round_book *book)
{
    size_t n_bids = book->n_bids + auction->n_everywhere;

    if (book->n_asks == 0 || n_bids == 0)
        return 0;
    return (2 * book->n_asks + 1 + 2 * n_bids + 1) * sizeof(struct gb_side_entry);
}

static void init_turn(const struct gb_two_round *auction, const struct gb_two_round_book *book,
                      struct gb_turn *turn)
{
    size_t n_bids = book->n_bids + auction->n_everywhere;
    struct gb_side_entry *asks = auction->workspace, *bids = asks + 2 * book->n_asks + 1;

    assert(auction->workspace_size > 0);
    turn->book = book;
    gb_sorted_side_init(&turn->sides[GB_SELL], GB_SELL, asks, asks + book->n_asks + 1);
    gb_sorted_side_init(&turn->sides[GB_BUY], GB_BUY, bids, bids + n_bids + 1);
    turn->statistics = (struct gb_trade_statistics){0};
    turn->has_moved = false;
}

/* ---- quotes */

/* Where an order's quote goes by the anchors of its book. */
static inline struct gb_price quote_again(const struct gb_order_terms *terms, struct gb_price quote,
                                          const struct gb_anchors *anchors)
{
    bool is_ask = terms->side == GB_SELL;
    bool has_anchor = is_ask ? anchors->has_ask : anchors->has_bid;
    struct gb_price anchor = {is_ask ? anchors->ask.ticks : anchors->bid.ticks};
    struct gb_price next = gb_requote(terms->side, terms->beta_millionths, quote, anchor,
                                      (struct gb_price){terms->reserve});

    return (struct gb_price){has_anchor ? next.ticks : quote.ticks};
}

struct gb_price gb_two_round_quote(const struct gb_two_round *auction,
                                   const struct gb_two_round_book *book, uint32_t order)
{
    const struct gb_order_terms *terms = &auction->orders.terms[order];
    struct gb_price quote = auction->orders.quote[order];

    if (!gb_two_round_is_everywhere(auction, terms))
        return quote;
    return book->has_quotes ? book->quotes[order] : quote_again(terms, quote, &book->moved_by);
}

struct quoting {
    const struct gb_two_round *auction;
    const struct gb_two_round_book *book;
};

static int64_t look_quote_up(const void *context, uint32_t order)
{
    const struct quoting *quoting = context;

    return gb_two_round_quote(quoting->auction, quoting->book, order).ticks;
}

bool gb_two_round_may_keep_quotes(const struct gb_two_round *auction,
                                  const struct gb_two_round_book *book)
{
    int64_t rounds = auction->options.rounds;

    return (rounds > 1 || rounds == GB_ROUNDS_UNTIL_CROSS) && auction->n_everywhere > 0 &&
           book->n_asks > 0;
}

/* Begins to keep them with the first re-quote that moves bids. */
static void keep_quotes(const struct gb_two_round *auction, struct gb_two_round_book *book)
{
    if (book->has_quotes || !book->moved_by.has_bid || !gb_two_round_may_keep_quotes(auction, book))
        return;
    assert(book->quotes_capacity >= auction->orders.n);
    memcpy(book->quotes, auction->orders.quote, auction->orders.n * sizeof *book->quotes);
    book->has_quotes = true;
}

/* Has it something left, and takes this book orders of its source? Without a branch. */
static bool stands(const struct gb_two_round *auction, const struct gb_two_round_book *book,
                   size_t i)
{
    return (auction->orders.left[i].wh > 0) & (book->takes >> auction->orders.terms[i].source);
}

/* The orders of a book with something left, as they are quoted already. */
static void gather(const struct gb_two_round *auction, struct gb_turn *turn)
{
    for (size_t i = 0; i < auction->orders.n; i++)
        gb_sorted_side_add_if(&turn->sides[auction->orders.terms[i].side],
                              stands(auction, turn->book, i), auction->orders.quote[i].ticks,
                              (uint32_t)i);
}

/* The same, quoted anew: without a branch on what is left, either. returns whether a quote moved */
static bool gather_anew(struct gb_two_round *auction, struct gb_two_round_book *book,
                        struct gb_turn *turn)
{
    bool has_moved = false;

    for (size_t i = 0; i < auction->orders.n; i++) {
        const struct gb_order_terms *terms = &auction->orders.terms[i];
        bool does_stand = stands(auction, book, i);
        bool is_everywhere = gb_two_round_is_everywhere(auction, terms);
        bool has_own = is_everywhere && book->has_quotes;
        struct gb_price kept = has_own ? book->quotes[i] : auction->orders.quote[i];
        struct gb_price next = quote_again(terms, kept, &book->moved_by);
        struct gb_price quote = {does_stand ? next.ticks : kept.ticks};

        has_moved |= quote.ticks != kept.ticks;
        if (has_own)
            book->quotes[i] = quote;
        else if (!is_everywhere)
            gb_order_store_set_quote(&auction->orders, (uint32_t)i, quote);
        gb_sorted_side_add_if(&turn->sides[terms->side], does_stand, quote.ticks, (uint32_t)i);
    }
    return has_moved;
}

static enum gb_status trade_sides(struct gb_two_round *auction, struct gb_turn *turn)
{
    struct quoting quoting = {auction, turn->book};

    gb_sorted_side_sort(&turn->sides[GB_SELL], look_quote_up, &quoting);
    gb_sorted_side_sort(&turn->sides[GB_BUY], look_quote_up, &quoting);
    return gb_two_round_match(auction, turn);
}

/* Keeps what the turn traded, and the anchors it leaves. */
static void remember(const struct gb_two_round *auction, struct gb_two_round_book *book,
                     const struct gb_trade_statistics *traded)
{
    if (auction->options.memory == GB_MEMORY_ROUND)
        book->traded = (struct gb_trade_statistics){0};
    gb_trade_statistics_merge(&book->traded, traded);
    book->anchors =
        gb_trade_statistics_anchors(&book->traded, (enum gb_anchor)auction->options.anchor);
}

/* Lets the book trade.
 * returns GB_OK with the turn as it ended, or GB_ENOMEM */
static enum gb_status take_turn(struct gb_two_round *auction, struct gb_two_round_book *book,
                                struct gb_turn *turn)
{
    enum gb_status status = GB_OK;

    init_turn(auction, book, turn);
    keep_quotes(auction, book);
    if (book->moved_by.has_ask || book->moved_by.has_bid || book->has_quotes)
        turn->has_moved = gather_anew(auction, book, turn);
    else
        gather(auction, turn);
    if (turn->sides[GB_SELL].n > 0 && turn->sides[GB_BUY].n > 0)
        status = trade_sides(auction, turn);
    if (turn->statistics.has_trade)
        remember(auction, book, &turn->statistics);
    return status;
}

enum gb_status gb_two_round_turn(struct gb_two_round *auction, struct gb_two_round_book *book,
                                 bool *can_go_on)
{
    struct gb_turn turn; /* not cleared: in a small book that would take the most time */
    enum gb_status status = GB_OK;
    bool has_traded = false, has_moved = false, has_both = false;

    auction->last_turn = book;
    book->moved_by = book->anchors;
    if (auction->options.by == GB_REQUOTE_BY_USER)
        book->moved_by = (struct gb_anchors){0};
    if (gb_two_round_workspace(auction, book) > 0) {
        status = take_turn(auction, book, &turn);
        has_traded = turn.statistics.has_trade;
        has_moved = turn.has_moved;
        has_both = turn.sides[GB_SELL].n > 0 && turn.sides[GB_BUY].n > 0;
    }
    if (auction->options.rounds == GB_ROUNDS_UNTIL_CROSS && auction->round > 1)
        book->is_done = has_traded || !has_moved || !has_both;
    *can_go_on = has_traded || has_moved;
    return status;
}
