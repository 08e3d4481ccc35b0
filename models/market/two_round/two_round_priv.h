/* The inside of the two-round auction, shared by its files: options.c says what it may be
 * told, two_round.c fills the books and runs the rounds, turn.c quotes and sorts one book's sides,
 * match.c lets them trade. */
#ifndef MODELS_MARKET_TWO_ROUND_TWO_ROUND_PRIV_H
#define MODELS_MARKET_TWO_ROUND_TWO_ROUND_PRIV_H

#include "models/market/order_store.h"
#include "models/market/requote.h"
#include "models/market/sorted_side.h"
#include "models/market/two_round/options.h"

struct gb_two_round_book {
    unsigned takes; /* bit s: orders of source s stand in it */
    size_t n_asks;  /* that ever came to it */
    size_t n_bids;  /* the same, without those of buyers who stand in every book */
    struct gb_trade_statistics traded; /* in the last round in which it did, or in all of them */
    struct gb_anchors anchors;         /* that those leave */
    struct gb_anchors moved_by;        /* those by which its latest turn quoted anew */
    bool is_done;                      /* until_cross: it takes part in no further round */
    /* Quotes of those who stand in every book, by number of the order; only where more than one
     * re-quote may come, and only once the first has moved them. */
    bool has_quotes;
    struct gb_price *quotes;
    size_t quotes_capacity;
};

struct gb_two_round {
    struct gb_two_round_options options;
    struct gb_fraction k;
    size_t n_books;
    struct gb_two_round_book books[GB_BOOKS_MAX];
    const struct gb_two_round_book *last_turn; /* the book that took it */
    uint32_t round;      /* 0 until the first of them; where users quote anew, 1 until they have */
    size_t n_everywhere; /* orders that stand in every one of several books */
    struct gb_order_cuts cuts;    /* made before round 1 */
    struct gb_order_store orders; /* the quote of who stands in every book: as it came in, until
                                   * it ends */
    /* the outcome and workspace */
    size_t usual_trades; /* of the slot before: capacity for the next one's */
    size_t n_trades, trades_capacity;
    struct gb_trade *trades;
    size_t filled_capacity;   /* where users quote anew: */
    struct gb_energy *filled; /* per order: by round 1 */
    size_t workspace_size;    /* bytes */
    void *workspace;          /* see gb_two_round_workspace */
};

/* Both sides of a book in one turn, and what they trade. */
struct gb_turn {
    const struct gb_two_round_book *book;
    struct gb_sorted_side sides[2]; /* by enum gb_side */
    struct gb_trade_statistics statistics;
    bool has_moved; /* some quote is not what it was in the round before */
};

/* Does the order stand in every one of several books? */
static inline bool gb_two_round_is_everywhere(const struct gb_two_round *auction,
                                              const struct gb_order_terms *terms)
{
    return terms->source == GB_SOURCE_ANY && auction->n_books > 1;
}

/* Bytes that the turns of a book take: its two sides, and workspace to sort them. 0 for a book that
 * lacks a side: it never trades, so its quotes never move, and its turns are nothing. */
size_t gb_two_round_workspace(const struct gb_two_round *auction,
                              const struct gb_two_round_book *book);

/* May the book have to keep quotes of those who stand in every book? */
bool gb_two_round_may_keep_quotes(const struct gb_two_round *auction,
                                  const struct gb_two_round_book *book);

/* The quote of an order as it stood in the latest turn of a book. */
struct gb_price gb_two_round_quote(const struct gb_two_round *auction,
                                   const struct gb_two_round_book *book, uint32_t order);

/* One book in one round: rules 4, 1, then 2 or 5, then 3. returns GB_ENOMEM without capacity for a
 * trade
 * can_go_on  whether the next round could find anything else: a trade was made, or a quote moved */
enum gb_status gb_two_round_turn(struct gb_two_round *auction, struct gb_two_round_book *book,
                                 bool *can_go_on);

/* Rules 2 and 5: trades the turn's sorted sides, appends the trades, counts down what is left. */
enum gb_status gb_two_round_match(struct gb_two_round *auction, struct gb_turn *turn);

#endif
