/* Amendments and cancels of orders as signed messages, each addressed by the wake-up that sends it.
 * What is known of the message stands in sent_orders, that it is unanswered with the order. */
#ifndef EXPERIMENTS_RUN_AMENDMENTS_H
#define EXPERIMENTS_RUN_AMENDMENTS_H

#include "experiments/run/intervals.h"
#include "experiments/run/kpis.h"
#include "experiments/run/live_orders.h"
#include "experiments/run/outbox.h"

struct gb_run_amendments { /* set once, all borrowed for life */
    const struct gb_run_environment *env;
    const struct gb_run_intervals *intervals;
    struct gb_run_live_orders *live;
    struct gb_run_sent_orders *sent_orders;
    struct gb_run_kpis *kpis;
    struct gb_run_outbox *outbox;
};

/* Sends what an agent wants of its order, by its number among the live ones: a new quote and total,
 * or a cancel where that is no more than what it knows to be filled. */
void gb_run_amendments_send(const struct gb_run_amendments *amendments, size_t place,
                            uint32_t number, struct gb_price quote, int64_t total_wh);

#endif
