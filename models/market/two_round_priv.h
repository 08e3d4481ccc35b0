/* The inside of the two-round auction, shared by its two files: two_round.c fills the books and runs
 * the rounds, two_round_match.c lets one book's sorted claims trade. */
#ifndef MODELS_MARKET_TWO_ROUND_PRIV_H
#define MODELS_MARKET_TWO_ROUND_PRIV_H

#include "models/market/claims_priv.h"
#include "models/market/first_fit_priv.h"
#include "models/market/mechanism.h"
#include "models/market/requote.h"

#define GB_TWO_ROUND_BOOKS 4            /* solar, wind, storage, grid; pooled: the first alone */

struct gb_claim_list { struct gb_claim *at; size_t n, room; };

struct gb_two_round_book {
    struct gb_claim_list asks, bids;    /* in time order, with their quotes of the current round */
    struct gb_anchors anchors;
    bool is_done;                       /* until_cross: it takes part in no further round */
};

struct gb_two_round {
    struct gb_market_rules rules;
    struct gb_fraction k;
    size_t n_books;
    struct gb_two_round_book books[GB_TWO_ROUND_BOOKS];
    uint32_t round;
    bool has_cancels;                   /* some order was taken back before the gate */
    /* what the rounds need of the orders, in time order; the arrays share their room */
    size_t n_orders, orders_room;
    struct gb_energy *left;
    struct gb_price *last_quote;
    int32_t *beta_millionths;           /* the order's own or the market's */
    uint8_t *source;
    /* the outcome and room to work in */
    size_t n_trades, trades_room;
    struct gb_trade *trades;
    size_t scratch_room;
    struct gb_claim *scratch;
    struct gb_first_fit buyers;
};

/* The sorted claims of both sides in one turn, and what they trade. */
struct gb_turn {
    struct gb_claim *asks, *bids;
    size_t n_asks, n_bids;
    struct gb_tape tape;
    bool has_moved;                     /* some quote is not what it was in the round before */
};

/* Rules 2 and 5: trades the turn's claims, appends the trades, counts down what is left. */
void gb_two_round_match(struct gb_two_round *auction, struct gb_turn *turn);

#endif
