/* Intervals in flight: from the first message about one until a later one is final.
 *
 * Memory goes as soon as the rules need it no more and everybody outside has acknowledged it: the
 * orders once they are matched or the slot was missed, all the rest once the interval is done:
 * final, or every meter of it billed, so that nothing of it can change. What contracts answer
 * depends on those heights, never on whether the memory is still there. */
#ifndef CHAIN_CONTRACTS_INTERVALS_PRIV_H
#define CHAIN_CONTRACTS_INTERVALS_PRIV_H

#include "chain/contracts/event_log_priv.h"
#include "chain/contracts/executions_priv.h"
#include "chain/contracts/interval_meters_priv.h"
#include "chain/contracts/interval_view.h"
#include "chain/contracts/order_book_priv.h"
#include "chain/contracts/requotes_priv.h"
#include "chain/contracts/trades_priv.h"

/* One interval with all that is known of it. */
struct gb_interval {
    int64_t number;
    enum gb_interval_phase phase;
    uint64_t matched_at, done_at, forgotten_at; /* heights; 0: not yet */
    uint64_t close_height;
    struct gb_position close_position;
    bool is_closed;
    size_t n_billed; /* meters */

    struct gb_meter_interval *meters; /* written by interval_meters.c; NULL once they are gone */
    struct gb_order_book book;        /* written by order_book.c */
    struct gb_executions executions;  /* written by executions.c; of a call there are none */
    struct gb_requotes requotes;      /* written by requotes.c; where users quote anew */
    struct gb_trade_table trades;     /* written by trades.c */
};

struct gb_intervals {
    size_t n_meters;
    size_t n, capacity; /* live ones, in the order in which they came up */
    struct gb_interval **live;
    size_t n_forgotten, forgotten_capacity; /* gone for the contracts, still readable */
    struct gb_interval **forgotten;
    uint64_t acknowledged;      /* height up to which the outside has read what happened */
    size_t usual_orders;        /* of the interval closed last: memory for the next one's */
    struct gb_order_book spare; /* an empty one: memory of a book that is gone, for the next */
    int64_t final_before;       /* all intervals below are final; later ones may be */
};

void gb_intervals_init(struct gb_intervals *intervals, size_t n_meters);
void gb_intervals_clear(struct gb_intervals *intervals);
/* A live one; NULL. Asked some times a message. */
static inline struct gb_interval *gb_intervals_find(const struct gb_intervals *intervals,
                                                    int64_t number)
{
    for (size_t i = intervals->n; i-- > 0;)
        if (intervals->live[i]->number == number)
            return intervals->live[i];
    return NULL;
}
/* For those outside: forgotten ones too, as long as they may be read. */
static inline const struct gb_interval *gb_intervals_find_readable(
    const struct gb_intervals *intervals, int64_t number)
{
    const struct gb_interval *interval = gb_intervals_find(intervals, number);

    for (size_t i = intervals->n_forgotten; !interval && i-- > 0;)
        if (intervals->forgotten[i]->number == number)
            interval = intervals->forgotten[i];
    return interval;
}
/* Finds it or brings it up empty; NULL: a failure is kept. */
struct gb_interval *gb_intervals_need(struct gb_intervals *intervals, struct gb_failure *failure,
                                      int64_t number);
/* Has this interval come and gone: final, perhaps forgotten? */
bool gb_intervals_is_over(const struct gb_intervals *intervals, int64_t number);
/* The same of one that was looked up.
 * interval  NULL: it was not found */
static inline bool gb_intervals_is_final(const struct gb_intervals *intervals,
                                         const struct gb_interval *interval, int64_t number)
{
    return interval ? interval->phase == GB_INTERVAL_FINAL : number < intervals->final_before;
}
/* Frees what neither the rules nor anybody outside needs any more. */
void gb_intervals_release(struct gb_intervals *intervals);
/* Everything up to this height has been read outside. */
void gb_intervals_acknowledge(struct gb_intervals *intervals, uint64_t height);

/* The close that counts. */
void gb_intervals_set_close(struct gb_intervals *intervals, struct gb_interval *interval,
                            uint64_t close_height, struct gb_position position);
/* For lifecycle.c alone. */
void gb_intervals_set_phase(struct gb_interval *interval, struct gb_event_log *log,
                            enum gb_interval_phase phase);
/* An interval has become final: forgets those that nothing can come for any more, all but the last
 * one. */
void gb_intervals_forget(struct gb_intervals *intervals, struct gb_event_log *log);
/* One more meter's bill has been executed at this height. */
void gb_intervals_count_bill(const struct gb_intervals *intervals, struct gb_interval *interval,
                             uint64_t height);

/* Has every meter been billed, or the interval been finalized? */
static inline bool gb_interval_is_done(const struct gb_interval *interval)
{
    return interval->done_at != 0;
}

#endif
