/* What is said of a sweep's result that lacks trials, because it was interrupted, or some failed.
 */
#include "cli/compare_priv.h"

#include <inttypes.h>
#include <stdio.h>

#include "analysis/completeness.h"
#include "cli/message.h"

void gb_compare_print_n_trials(const struct gb_compare_request *request,
                               const struct gb_results *results, const struct gb_cells *shown)
{
    uint64_t n = gb_results_n_planned(results);
    size_t n_shown = 0;

    for (size_t c = 0; c < shown->n; c++)
        n_shown += shown->items[c].n_trials;
    if (request->shown.n > 0)
        printf(": %zu of the %zu trials", n_shown, gb_results_n_trials(results));
    else if (gb_results_n_trials(results) < n)
        printf(": %zu of %" PRIu64 " trials", gb_results_n_trials(results), n);
    else
        printf(": %zu trial%s", gb_results_n_trials(results),
               gb_message_plural((int64_t)gb_results_n_trials(results)));
}

void gb_compare_add_n_trials(struct gb_text_table *table, const struct gb_results *results,
                             const struct gb_cell *cell)
{
    uint64_t n_missing = gb_cell_n_missing(results, cell);
    size_t n = gb_cell_n_replications(results, cell);
    const char *kind = gb_cell_is_deterministic(results, cell) ? ", deterministic" : "";

    if (n_missing > 0)
        gb_text_table_add(table, "%zu of %" PRIu64 "%s", n, n + n_missing, kind);
    else
        gb_text_table_add(table, "%zu%s", n, kind);
}

void gb_compare_explain_average(const struct gb_compare_request *request,
                                const struct gb_results *results)
{
    for (size_t k = gb_results_n_factors(results); k < gb_results_n_varied(results); k++) {
        const char *key = gb_results_varied_key(results, k);

        if (!gb_selection_names(&request->shown, k))
            gb_compare_note(request,
                            "Averaged over %s: a replication is the mean of its trials, a ratio "
                            "that of their sums;\nintervals are over replications.",
                            key);
    }
}

void gb_compare_explain_part(const struct gb_compare_request *request,
                             const struct gb_results *results)
{
    const struct gb_plan *plan = gb_results_provenance(results)->plan;

    if (plan && plan->n_shards > 1)
        gb_compare_note(request,
                        "Shard %" PRIu64 " of %" PRIu64 " alone, of %" PRIu64
                        " trials in all: `gridbourse merge` joins them.",
                        plan->shard, plan->n_shards, plan->n_trials);
}

void gb_compare_explain_stages(const struct gb_compare_request *request,
                               const struct gb_results *results)
{
    const struct gb_plan *plan = gb_results_provenance(results)->plan;

    if (!plan || plan->stages.pilot == 0)
        return;
    if (!plan->stages.is_fixed)
        gb_compare_note(request, "No number of replications is fixed yet for a half width of\n%s.",
                        plan->stages.precision);
    else if (plan->stages.is_reached)
        gb_compare_note(request,
                        "A pilot of %" PRIu64 " replications fixed their number, %" PRIu64
                        ", for a half width of\n%s.",
                        plan->stages.pilot, plan->n_replications, plan->stages.precision);
    else
        gb_compare_note(request,
                        "The precision was not reached: after a pilot of %" PRIu64 ", %" PRIu64
                        " replications (at most %" PRIu64 ") are too\nfew for a half "
                        "width of %s.",
                        plan->stages.pilot, plan->n_replications, plan->stages.max,
                        plan->stages.precision);
}

void gb_compare_explain_missing(const struct gb_compare_request *request,
                                const struct gb_results *results)
{
    const struct gb_plan *plan = gb_results_provenance(results)->plan;
    uint64_t n_absent = gb_results_n_absent_cells(results);

    if (gb_results_n_trials(results) >= gb_results_n_planned(results))
        return;
    gb_compare_note(request, "  %zu of %" PRIu64 " trials are there", gb_results_n_trials(results),
                    gb_results_n_planned(results));
    if (n_absent > 0)
        gb_compare_note(request, "  %" PRIu64 " cell%s without any trial %s not shown%s", n_absent,
                        gb_message_plural((int64_t)n_absent), n_absent == 1 ? "is" : "are",
                        plan->averages.n > 0 ? ", nor what is averaged over them" : "");
    for (size_t i = 0; i < plan->n_failed; i++)
        gb_compare_note(request, "  trial %" PRIu64 " failed: %s", plan->failed[i].trial,
                        plan->failed[i].reason);
    if (plan->n_failed + gb_results_n_trials(results) < gb_results_n_planned(results))
        gb_compare_note(request, "%s",
                        "  The sweep was interrupted, or shards of it are missing: `gridbourse "
                        "sweep ...\n  --resume` goes on with it.");
}
