/* Plans: what who has read up to some slot expects that a block of meters will show in a later one,
 * from forecasts of weather and habits and from what batteries, cars and homes hold by then. */
#ifndef EXPERIMENTS_RUN_PLAN_H
#define EXPERIMENTS_RUN_PLAN_H

#include "base/parallel.h"
#include "experiments/run/assets.h"

/* Meters planned at once: so many of n that threads have enough to share, where they share, and
 * else what costs little memory beside the meters themselves and stays in a processor's last
 * cache. */
static inline size_t gb_run_plan_size(size_t n)
{
    size_t block = gb_is_worth_threads(n) ? 65536 : 4096;

    return n < block ? n : block;
}

/* A block of meters, and what one who has read slot `last_read` expects of them. */
struct gb_run_plan {
    int64_t interval, last_read;
    size_t first, n;
    double *stored_wh;             /* a battery of all meters */
    struct gb_demand_state demand; /* a car, a heat pump of all meters */
    struct gb_slot_energy *energy; /* a meter of the block */
};

/* Gives a plan that began as {0} its memory, once; false after a failure. It is cleared in any
 * case. */
bool gb_run_plan_reserve(const struct gb_run_assets *assets, struct gb_run_plan *plan);
void gb_run_plan_clear(struct gb_run_plan *plan);
/* Before the first block of all meters; where it has memory, from the batteries as they are. */
void gb_run_plan_begin(const struct gb_run_assets *assets, struct gb_run_plan *plan,
                       int64_t interval, int64_t last_read);
/* Leaves the plan of meters [first, first + n) in plan->energy; blocks come in ascending order. */
bool gb_run_plan_block(struct gb_run_assets *assets, struct gb_run_plan *plan);

#endif
