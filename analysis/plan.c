#include "analysis/plan.h"

uint64_t gb_plan_stride(const struct gb_plan *plan)
{
    return plan->stages.pilot > 0 ? plan->stages.max : plan->n_replications;
}

uint64_t gb_plan_end(const struct gb_plan *plan)
{
    return plan->n_trials / plan->n_replications * gb_plan_stride(plan);
}

bool gb_plan_has(const struct gb_plan *plan, uint64_t trial)
{
    return trial < gb_plan_end(plan) && trial % gb_plan_stride(plan) < plan->n_replications;
}

/* Numbers of the part below n. */
static uint64_t count_below(const struct gb_plan *plan, uint64_t n)
{
    if (plan->n_shards == 0)
        return n;
    return n / plan->n_shards + (plan->shard <= n % plan->n_shards);
}

uint64_t gb_plan_n_trials(const struct gb_plan *plan)
{
    uint64_t n = 0;

    if (gb_plan_stride(plan) == plan->n_replications)
        return count_below(plan, plan->n_trials);
    for (uint64_t first = 0; first < gb_plan_end(plan); first += gb_plan_stride(plan))
        n += gb_plan_n_beside(plan, first);
    return n;
}

uint64_t gb_plan_n_beside(const struct gb_plan *plan, uint64_t trial)
{
    uint64_t first = trial - trial % gb_plan_stride(plan);

    return count_below(plan, first + plan->n_replications) - count_below(plan, first);
}

uint64_t gb_plan_n_cells(const struct gb_plan *plan)
{
    uint64_t n = 0;

    for (uint64_t first = 0; first < gb_plan_end(plan); first += gb_plan_stride(plan))
        n += gb_plan_n_beside(plan, first) > 0;
    return n;
}
