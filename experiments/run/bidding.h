/* Bidding: every agent forecasts its net energy from what it has read when it submits, plans its
 * storage, splits a surplus by source, quotes by its strategy and sends signed orders after its
 * reaction time. Agents whose reaction ends between two slot boundaries know the same readings, so
 * they are one batch. Orders may also come from orders.file. */
#ifndef EXPERIMENTS_RUN_BIDDING_H
#define EXPERIMENTS_RUN_BIDDING_H

#include "experiments/run/order_batch.h"
#include "experiments/run/plan.h"

/* What it reads, calls and writes to; all borrowed for life. */
struct gb_run_bidding_links {
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_agents *agents;
    struct gb_run_assets *assets;
    struct gb_run_sent_orders *sent_orders;
    struct gb_run_kpis *kpis;
    struct gb_run_outbox *outbox;
    struct gb_run_requotes *requotes; /* what becomes of orders where they trade as they come */
};

struct gb_run_bidding { /* written by bidding.c alone */
    struct gb_run_bidding_links to;
    struct gb_key reaction_key, quote_key;
    struct gb_run_plan plan;
    int64_t *reaction_ns; /* when each agent of the block at hand submits */
    size_t reaction_capacity;
    struct gb_run_order_batches batches;
};

/* It stays where it is as long as the run lasts; clear it in any case. */
void gb_run_bidding_init(struct gb_run_bidding *bidding, const struct gb_run_bidding_links *links);
void gb_run_bidding_clear(struct gb_run_bidding *bidding);
/* The interval opens now. */
void gb_run_bidding_open(struct gb_run_bidding *bidding, size_t place, int64_t interval);

#endif
