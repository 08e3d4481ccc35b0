/* Market mechanisms: orders in, trades out. A mechanism is a const struct of functions in one
 * registry; adding one means one new file, one line in the registry, one test and one page.
 *
 * A slot's life: begin, apply (orders and cancels, in the ledger's order), finish (at the gate),
 * and rest where there is one. All of it is exact integer arithmetic and depends on nothing but
 * its inputs. */
#ifndef MODELS_MARKET_MECHANISM_H
#define MODELS_MARKET_MECHANISM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/param.h"
#include "base/status.h"
#include "models/market/order.h"
#include "models/market/tariff.h"
#include "models/market/trade.h"

enum gb_anchor { /* market.requote.anchor */
                 GB_ANCHOR_MARGINAL_QUOTE,
                 GB_ANCHOR_EXTREME_TRADE,
                 GB_ANCHOR_MARGINAL_QUOTE_FILLED,
                 GB_ANCHOR_LAST_TRADE,
                 GB_ANCHOR_VWAP
};
enum gb_requote_match { /* market.requote.match */
                        GB_MATCH_WITHIN_RESERVE,
                        GB_MATCH_CROSSING,
                        GB_MATCH_UNCONDITIONAL
};
enum gb_head_fail { GB_HEAD_FAIL_SKIP, GB_HEAD_FAIL_STOP }; /* market.on_head_fail */
enum gb_books { GB_BOOKS_BY_SOURCE, GB_BOOKS_POOLED };      /* market.books */

#define GB_ROUNDS_UNTIL_CROSS (-1)

/* The rules of a market: part of the genesis of a chain, so that a verifier computes the same. */
struct gb_market_rules {
    int32_t mechanism;                          /* index in gb_mechanisms */
    int32_t anchor, match, on_head_fail, books; /* enums above */
    int64_t rounds;                             /* re-quotes after round 1; GB_ROUNDS_UNTIL_CROSS */
    int64_t beta_millionths;                    /* of orders without their own, 0 to 1000000 */
    int64_t k_millionths;                       /* price = ask + k (bid - ask); 500000 = midpoint */
    struct gb_tariff tariff; /* the price band is [feed_in, retail] where has_band is set */
    uint8_t has_band;
};

/* What happens to a book: a new order, or the cancel of an earlier one of the same slot. */
struct gb_book_action {
    uint8_t is_cancel;
    uint32_t target;       /* of a cancel: number of the order, counted from 0 in adds */
    struct gb_order order; /* of an add */
};

/* The anchors of a round's re-quote for one book; `has_*` is 0 where a side has none. */
struct gb_anchors {
    uint8_t has_ask, has_bid;
    struct gb_price ask, bid;
};

/* The outcome of a slot. Everything is owned by the mechanism's state and holds until its next
 * begin or rest. */
struct gb_match {
    size_t n_trades;
    const struct gb_trade *trades; /* in the order in which they were made */
    size_t n_orders;
    const struct gb_energy *unmatched; /* per order: what is left of it (0 for a cancelled order) */
    const struct gb_price
        *last_quote; /* per order: its quote in the last round of its (last) book */
    uint32_t rounds; /* rounds that took place */
};

struct gb_mechanism {
    const char *name, *summary;
    const char *const *options; /* keys of market.* that belong to it, NULL-terminated; an
                                 * option of another mechanism is refused in a scenario */
    bool has_no_market;         /* nothing ever trades: nobody need send an order */
    bool takes_minimum;         /* orders may carry a minimum quantity; else apply refuses */
    enum gb_status (*create)(void **state, const struct gb_market_rules *rules,
                             struct gb_error *err);
    void (*begin)(void *state, int64_t interval);
    /* After a failure the book is worth nothing: only begin and free may follow. */
    enum gb_status (*apply)(void *state, const struct gb_book_action *actions, size_t n,
                            struct gb_error *err);
    enum gb_status (*finish)(void *state, struct gb_match *out, struct gb_error *err);
    /* The outcome has been read: lets go of the memory that only a slot in progress needs; NULL
     * where that is not worth it. Only begin and free may follow. */
    void (*rest)(void *state);
    void (*free)(void *state);
};

extern const struct gb_mechanism *const gb_mechanisms[]; /* NULL-terminated */
extern const char *const gb_mechanism_names[];           /* the same, as choices of a parameter */
/* Rows of struct gb_market_rules: tariff.* and market.*; a run sets has_band itself. */
extern const struct gb_param gb_market_params[];
/* Does option `key` mean anything to this mechanism? Keys that no mechanism calls its own (the
 * tariff, market.mechanism itself) mean something to all. */
bool gb_mechanism_reads(const struct gb_mechanism *mechanism, const char *key);

extern const char *const gb_anchor_names[],
    *const gb_requote_match_names[], *const gb_head_fail_names[], *const gb_books_names[];

#endif
