/* The book of an interval where orders trade as they come, as the blocks show it to those outside:
 * what each order has left, and the best quotes after each block. It follows the ledger once, block
 * by block, as they are first stable; who knows of which block is market_news.h's. */
#ifndef EXPERIMENTS_RUN_LEDGER_BOOK_H
#define EXPERIMENTS_RUN_LEDGER_BOOK_H

#include "experiments/run/best_quote.h"
#include "experiments/run/gateway.h"
#include "experiments/run/intervals.h"
#include "experiments/run/sent_orders.h"

/* Books by source, enum gb_source; that of GB_SOURCE_ANY is all of them together. */
#define GB_RUN_BOOKS GB_N_SOURCES

struct gb_run_ledger_order { /* accepted, by its number in the interval */
    uint32_t live;           /* of its sender's orders, or GB_NO_ORDER */
    uint8_t side, source;
    bool rests;
    struct gb_energy total, filled;
    struct gb_price quote;
};
struct gb_run_fill { /* an execution, by its number */
    bool ask_is_filled, bid_is_filled;
};
struct gb_run_best_quotes { /* after a block, a book each */
    uint64_t height;
    bool has_bid[GB_RUN_BOOKS], has_ask[GB_RUN_BOOKS];
    struct gb_price bid[GB_RUN_BOOKS], ask[GB_RUN_BOOKS];
};
struct gb_run_interval_book { /* of a live interval */
    struct gb_run_ledger_order *orders;
    struct gb_run_fill *fills;
    struct gb_run_best_quotes *best; /* market.information: book; of blocks that changed it */
    struct gb_run_best_quote standing[2][GB_RUN_BOOKS]; /* per side and own source; likewise */
    size_t n_orders, n_fills, n_best;
    size_t orders_capacity, fills_capacity, best_capacity;
    bool has_changed; /* in the present block */
};

struct gb_run_ledger_book { /* written by ledger_book.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_sent_orders *sent_orders;
    const struct gb_run_intervals *intervals;
    struct gb_run_interval_book *at; /* per place */
    size_t n_places;
};

/* All borrowed for life. */
void gb_run_ledger_book_init(struct gb_run_ledger_book *book, const struct gb_run_environment *env,
                             const struct gb_run_gateway *gateway,
                             const struct gb_run_sent_orders *sent_orders,
                             const struct gb_run_intervals *intervals);
void gb_run_ledger_book_clear(struct gb_run_ledger_book *book);
void gb_run_ledger_book_open(struct gb_run_ledger_book *book, size_t place);

/* What a block holds, in its order, when it is first stable: a trade, or an order that was accepted
 * or amended by the message of the event; then its end. */
void gb_run_ledger_book_trade(struct gb_run_ledger_book *book, size_t place,
                              const struct gb_contract_event *event);
void gb_run_ledger_book_order(struct gb_run_ledger_book *book, size_t place,
                              const struct gb_contract_event *event);
void gb_run_ledger_book_end_block(struct gb_run_ledger_book *book, uint64_t height);

/* The execution that a trade's event reports. */
const struct gb_execution *gb_run_ledger_book_execution(const struct gb_run_ledger_book *book,
                                                        const struct gb_contract_event *event);
/* The best quotes after the block of this height, if it changed any; else NULL. */
const struct gb_run_best_quotes *gb_run_ledger_book_best(const struct gb_run_ledger_book *book,
                                                         size_t place, uint64_t height);

#endif
