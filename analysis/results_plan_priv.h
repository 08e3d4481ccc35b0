/* The plan of a sweep in the file of its result. */
#ifndef ANALYSIS_RESULTS_PLAN_PRIV_H
#define ANALYSIS_RESULTS_PLAN_PRIV_H

#include "analysis/hdf5_in_priv.h"
#include "analysis/hdf5_priv.h"
#include "analysis/plan.h"
#include "analysis/record.h"

/* A plan that was read, and what it owns. */
struct gb_results_plan {
    struct gb_plan plan;
    struct gb_failed_trial *failed; /* their reasons as well */
};

void gb_plan_write(struct gb_hdf5_out *out, hid_t provenance, const struct gb_plan *plan);

/* Starts from {0}; to be cleared even after a failure. */
enum gb_status gb_plan_read(struct gb_results_plan *plan, struct gb_hdf5_in *in, hid_t provenance,
                            struct gb_error *err);
void gb_plan_clear(struct gb_results_plan *plan);
/* Whether the trials of the summary, n ascending, are of the plan and none of them failed. */
enum gb_status gb_plan_check(const struct gb_plan *plan, struct gb_hdf5_in *in,
                             const struct gb_summary_row *rows, size_t n, struct gb_error *err);

#endif
