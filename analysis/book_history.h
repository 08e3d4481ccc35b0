/* How the book of a slot came to be: its accepted orders, amendments and cancels played in the
 * ledger's order, with the recorded trades where they were made, so that what stood at any block
 * follows from a result alone.
 *
 * Nothing is matched anew. Where orders trade as they come, a book never rests crossed; so the next
 * recorded trade was made by the message that brings its two quotes together. */
#ifndef ANALYSIS_BOOK_HISTORY_H
#define ANALYSIS_BOOK_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results.h"

/* An order as it stands after the messages that were played. */
struct gb_book_order {
    struct gb_order_row sent;    /* as it was sent */
    int64_t quote;               /* ticks: the latest */
    int64_t total_wh, filled_wh; /* total: of what is cancelled or lapsed, what was filled */
    size_t place;                /* of those at one price the lower trades first */
    bool has_come;
};

struct gb_book_message {
    const struct gb_order_row *row; /* an order, an amendment or a cancel */
    uint32_t order;                 /* number of the order that it is about */
    int64_t time_ns;                /* when its block was sealed, since the run's start */
};

struct gb_book_history {
    bool is_continuous; /* orders trade as they come; else no trade is made by a message */
    size_t n_orders, n_messages, n_trades;
    struct gb_book_order *orders;     /* by number */
    struct gb_book_message *messages; /* in the ledger's order */
    struct gb_trade_row *trades;      /* in the order in which they were made */
    size_t next_message, next_trade;  /* the first that was not yet played */
    struct gb_order_row *rows;        /* what the messages point to */
};

/* Loads a slot, of which nothing is played yet; to be cleared after a failure too. A slot without
 * an accepted order has none. is_continuous  whether the mechanism of the trial trades while orders
 * come returns        GB_EINPUT where the file's orders, trades and blocks do not fit each other */
enum gb_status gb_book_history_load(struct gb_book_history *out, struct gb_results *results,
                                    uint64_t trial, int64_t slot, bool is_continuous,
                                    struct gb_error *err);
void gb_book_history_clear(struct gb_book_history *history);

/* Plays the next message and the trades that it made. returns NULL where all are played */
const struct gb_book_message *gb_book_history_step(struct gb_book_history *history);
/* Plays all messages of blocks sealed up to an instant. */
void gb_book_history_play(struct gb_book_history *history, int64_t until_ns);

static inline int64_t gb_book_order_left(const struct gb_book_order *order)
{
    return order->has_come ? order->total_wh - order->filled_wh : 0;
}

#endif
