/* The inside of the call markets, shared by their files. All of them gather the orders of a book at
 * the gate, sort its sides and let the best of both meet as long as they cross; a rule then says
 * who of those trades and at what price. call.c keeps the books, meet.c lets them meet, and each
 * rule stands in a file of its own. */
#ifndef MODELS_MARKET_CALL_CALL_PRIV_H
#define MODELS_MARKET_CALL_CALL_PRIV_H

#include "models/market/call/options.h"
#include "models/market/order_store.h"
#include "models/market/pair_price.h"
#include "models/market/sorted_side.h"

struct gb_call_rule;

struct gb_call {
    const struct gb_call_rule *rule;
    struct gb_call_options options;
    struct gb_tariff tariff;
    size_t n_books;
    struct gb_order_store orders;
    struct gb_order_cuts cuts;
    size_t n_asks; /* of the orders */
    size_t entries_capacity;
    struct gb_side_entry *entries; /* asks, bids, and what a sort shuffles through */
    size_t n_trades, trades_capacity;
    struct gb_trade *trades;
};

/* A book at the gate: its sides, sorted as far as they were reached, and who of them met. */
struct gb_call_book {
    struct gb_sorted_side sides[2]; /* by enum gb_side */
    size_t met[2];                  /* so many of each side, from the best on, met somebody */
    size_t first_trade;             /* its trades begin there */
};

struct gb_call_rule {
    const char *mechanism; /* its name */
    const struct gb_param *params;
    /* Leaves those of both sides who take part; NULL: everybody. */
    void (*admit)(const struct gb_call *call, struct gb_call_book *book);
    /* Prices the trades of those who met, of whom it may take some back. There is at least one.
     * GB_ENOMEM */
    enum gb_status (*settle)(struct gb_call *call, struct gb_call_book *book);
};

/* Makes the state of a call market by a rule, which it keeps by reference. */
enum gb_status gb_call_create(void **state, const struct gb_call_rule *rule,
                              const struct gb_market_rules *rules, struct gb_error *err);
void gb_call_begin(void *state, int64_t interval);
enum gb_status gb_call_apply(void *state, const struct gb_order *orders, size_t n,
                             struct gb_error *err);
enum gb_status gb_call_cancel(void *state, uint32_t order, struct gb_error *err);
enum gb_status gb_call_finish(void *state, struct gb_match *out, struct gb_error *err);
void gb_call_release(void *state);
void gb_call_free(void *state);

/* The functions of a member, but for create. */
#define GB_CALL_FUNCTIONS                                                                 \
    .needs_source = gb_call_needs_source, .limit = gb_call_limit, .begin = gb_call_begin, \
    .apply = gb_call_apply, .cancel = gb_call_cancel, .finish = gb_call_finish,           \
    .release = gb_call_release, .free = gb_call_free

/* The two best trade the smaller of what both have left, without a price yet, until they do not
 * cross or one side has no more. GB_ENOMEM */
enum gb_status gb_call_meet(struct gb_call *call, struct gb_call_book *book);

/* The quote of the i-th of a side, which was reached: whoever met, and the next one. */
struct gb_price gb_call_quote(const struct gb_call *call, const struct gb_call_book *book,
                              enum gb_side side, size_t i);
/* That of the last of a side that met somebody: the marginal ask, the marginal bid. */
struct gb_price gb_call_marginal(const struct gb_call *call, const struct gb_call_book *book,
                                 enum gb_side side);

/* Gives all trades of the book from `from` on back to their orders. */
void gb_call_take_back(struct gb_call *call, size_t from);
/* Takes back the trades of the marginal ask and of the marginal bid, which are the last ones. */
void gb_call_drop_marginal(struct gb_call *call, struct gb_call_book *book);
/* All trades of the book at these prices. */
void gb_call_price_all(struct gb_call *call, const struct gb_call_book *book,
                       struct gb_price price_buy, struct gb_price price_sell);

#endif
