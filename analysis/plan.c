#include "analysis/plan.h"

/* Trials of the part among the first n of the sweep. */
static uint64_t count_below(const struct gb_plan *plan, uint64_t n)
{
    if (plan->n_shards == 0)
        return n;
    return n / plan->n_shards + (plan->shard <= n % plan->n_shards);
}

uint64_t gb_plan_n_trials(const struct gb_plan *plan)
{
    return count_below(plan, plan->n_trials);
}

uint64_t gb_plan_n_beside(const struct gb_plan *plan, uint64_t trial)
{
    uint64_t first = trial - trial % plan->n_replications;

    return count_below(plan, first + plan->n_replications) - count_below(plan, first);
}

uint64_t gb_plan_n_cells(const struct gb_plan *plan)
{
    uint64_t n = 0;

    for (uint64_t first = 0; first < plan->n_trials; first += plan->n_replications)
        n += gb_plan_n_beside(plan, first) > 0;
    return n;
}
