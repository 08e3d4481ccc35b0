#include "analysis/completeness.h"

uint64_t gb_results_n_planned(const struct gb_results *results)
{
    const struct gb_plan *plan = gb_results_provenance(results)->plan;

    return plan ? gb_plan_n_trials(plan) : 1;
}

/* Cells of the sweep among a cell's trials, which ascend: one, but where a key is varied that is
 * not in the result. */
uint64_t gb_cell_n_missing(const struct gb_results *results, const struct gb_cell *cell)
{
    const struct gb_plan *plan = gb_results_provenance(results)->plan;
    const struct gb_summary_row *rows = gb_results_summary(results);
    uint64_t n = 0, previous = UINT64_MAX;

    if (plan && cell->n_members > 1)
        return plan->n_replications - gb_cell_n_replications(results, cell);
    for (size_t i = 0; plan && i < cell->n_trials; i++) {
        uint64_t trial = rows[cell->trials[i]].trial, number = trial / gb_plan_stride(plan);

        if (number != previous)
            n += gb_plan_n_beside(plan, trial);
        previous = number;
    }
    return n > cell->n_trials ? n - cell->n_trials : 0;
}

uint64_t gb_results_n_absent_cells(const struct gb_results *results)
{
    const struct gb_plan *plan = gb_results_provenance(results)->plan;
    const struct gb_summary_row *rows = gb_results_summary(results);
    uint64_t n_there = 0, previous = UINT64_MAX;

    for (size_t i = 0; plan && i < gb_results_n_trials(results); i++) {
        uint64_t number = rows[i].trial / gb_plan_stride(plan);

        n_there += number != previous;
        previous = number;
    }
    return plan ? gb_plan_n_cells(plan) - n_there : 0;
}
