/* Where an order that found no partner quotes next (equation (2) of the paper, and the readings of
 * what it leaves open), and what trades leave as anchors to go towards. Exact: one rounding a
 * price, half to even. */
#ifndef MODELS_MARKET_REQUOTE_H
#define MODELS_MARKET_REQUOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/market/order.h"
#include "models/market/pair_price.h"

/* What an unmatched order goes towards. */
enum gb_anchor {
    GB_ANCHOR_MARGINAL_QUOTE,        /* highest ask and lowest bid of orders that traded at all */
    GB_ANCHOR_EXTREME_TRADE,         /* highest price for sellers, lowest for buyers */
    GB_ANCHOR_MARGINAL_QUOTE_FILLED, /* as the first, of orders with nothing left */
    GB_ANCHOR_LAST_TRADE,            /* for both sides */
    GB_ANCHOR_VWAP                   /* volume-weighted mean price, for both sides */
};
extern const char *const gb_anchor_names[]; /* NULL-terminated */

/* The anchors of one book; `has_*` is 0 where a side has none. */
struct gb_anchors {
    uint8_t has_ask, has_bid;
    struct gb_price ask, bid;
};

/* Quote of an order that has something left, held within its own reserve. Without a branch: a book
 * asks it of every order, and which side one stands on is anybody's guess.
 * side             of the order, enum gb_side
 * beta_millionths  re-quote factor, 0 to 1000000; larger moves further
 * anchor           of its side; see gb_trade_statistics_anchors
 * returns          ask - beta (ask - anchor), not below reserve;
 *                  bid + beta (anchor - bid), not above reserve
 * source           equation (2) of the paper */
static inline struct gb_price gb_requote(unsigned side, int64_t beta_millionths,
                                         struct gb_price quote, struct gb_price anchor,
                                         struct gb_price reserve)
{
    int64_t next = gb_divide_half_even(GB_MILLIONTHS * quote.ticks +
                                           beta_millionths * (anchor.ticks - quote.ticks),
                                       GB_MILLIONTHS);
    bool is_beyond = (side == GB_SELL) == (next < reserve.ticks);

    return (struct gb_price){is_beyond ? reserve.ticks : next};
}

/* The same of either side. */
static inline struct gb_price gb_requote_ask(int64_t beta_millionths, struct gb_price ask,
                                             struct gb_price anchor, struct gb_price reserve)
{
    return gb_requote(GB_SELL, beta_millionths, ask, anchor, reserve);
}

static inline struct gb_price gb_requote_bid(int64_t beta_millionths, struct gb_price bid,
                                             struct gb_price anchor, struct gb_price reserve)
{
    return gb_requote(GB_BUY, beta_millionths, bid, anchor, reserve);
}

/* The same of an order, by the anchors of its book; where it stays without one of its side.
 * beta_millionths  of orders that carry none */
struct gb_price gb_requote_towards(const struct gb_order *order, int64_t beta_millionths,
                                   const struct gb_anchors *anchors);

/* What a book traded, in all the respects that some anchor needs: in a round of a call, or so far
 * in a slot. */
struct gb_trade_statistics {
    bool has_trade, has_filled_ask, has_filled_bid;
    struct gb_price high_ask, low_bid;                 /* quotes of orders that traded at all */
    struct gb_price high_filled_ask, low_filled_bid;   /* of those with nothing left */
    struct gb_price high_price, low_price, last_price; /* of trades */
    __int128 value, volume;                            /* sums of ticks x Wh, and of Wh */
};

/* Adds a trade between an ask and a bid, as quoted in this round. */
void gb_trade_statistics_add(struct gb_trade_statistics *statistics, struct gb_price ask,
                             struct gb_price bid, struct gb_price price, struct gb_energy energy,
                             bool ask_is_filled, bool bid_is_filled);
/* Adds all that another one holds, as of later trades. */
void gb_trade_statistics_merge(struct gb_trade_statistics *statistics,
                               const struct gb_trade_statistics *later);
/* The anchors that trades leave behind; there must be one. */
struct gb_anchors gb_trade_statistics_anchors(const struct gb_trade_statistics *statistics,
                                              enum gb_anchor anchor);

#endif
