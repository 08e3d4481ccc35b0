/* The comparison of the market with trading directly with the grid, over the trials of a result.
 *
 * Every trial carries both sides on the same draws, so differences are paired by construction and
 * the trial is the sampling unit. A change in % is a ratio of sums over the trials of a cell, as is
 * every share. */
#ifndef ANALYSIS_COMPARE_H
#define ANALYSIS_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/causes.h"
#include "analysis/cells.h"
#include "analysis/record.h"
#include "analysis/results.h"
#include "analysis/statistics.h"
#include "base/quantity.h"
#include "base/status.h"

/* Below this share of the flows it is the balance of, a bill that does not vary over trials, or
 * that one trial has, gives no percentage. */
#define GB_MIN_FRACTION_OF_FLOWS 0.05

/* Replications of a cell with all their trials: what its intervals extend over. */
size_t gb_cell_n_replications(const struct gb_results *results, const struct gb_cell *cell);
/* Two replications or more that agree in all they computed, so that there is nothing to estimate.
 */
bool gb_cell_is_deterministic(const struct gb_results *results, const struct gb_cell *cell);

/* Mean and interval over a cell's trials of a field of the summary, in the field's unit. Where the
 * schema gives the field a denominator it is a ratio of sums over the trials, with Fieller's
 * interval. Of GB_GAP_OF_SIDES it is that of a difference of two ratios (analysis/estimand.h). */
struct gb_confidence_interval gb_cell_interval(const struct gb_results *results,
                                               const struct gb_cell *cell, const char *field);

struct gb_comparison {
    struct gb_confidence_interval market, grid_only;
    struct gb_confidence_interval difference; /* market minus grid_only, paired */
    struct gb_confidence_interval change_pct; /* 100 difference / |grid_only|, a ratio of sums */
};
/* Compares two fields of the summary over a cell's trials. */
struct gb_comparison gb_cell_compare(const struct gb_results *results, const struct gb_cell *cell,
                                     const char *market, const char *grid_only);

/* Mean and interval of the differences cell - base in a field of the summary, paired by
 * replication: equal replications share their draws. A replication that one of them lacks is
 * left out. Of a ratio it is the difference of the two ratios of sums. */
struct gb_confidence_interval gb_cell_paired(const struct gb_results *results,
                                             const struct gb_cell *cell, const struct gb_cell *base,
                                             const char *field);

/* Why a cell saves or loses, in currency: mean and interval of what each cause adds to its saving.
 * returns false without memory */
bool gb_cell_causes(const struct gb_results *results, const struct gb_cell *cell,
                    struct gb_confidence_interval causes[GB_N_CAUSES]);

/* One user over the trials of a cell. A user whose grid-only bill is negative on average earns: the
 * comparison is then of the revenue, else of the cost. */
struct gb_user_comparison {
    uint32_t meter;
    char name[GB_NAME_SIZE]; /* "S1", or "meter 12" where it has no name of its own */
    bool is_named, earns;
    struct gb_comparison bill;  /* currency, positive */
    double causes[GB_N_CAUSES]; /* currency, what each adds to its saving, mean over trials */
};
/* Users by meter number; the caller frees *users. GB_EINPUT where the result holds no users. */
enum gb_status gb_cell_users(struct gb_user_comparison **users, size_t *n,
                             struct gb_results *results, const struct gb_cell *cell,
                             struct gb_error *err);

/* Whether meter k is the same household in every trial of a cell: there is one trial, or households
 * are not redrawn. Users whom the scenario names are the same anyway. */
bool gb_cell_shares_households(const struct gb_results *results, const struct gb_cell *cell);

/* Whether a user is the same household in every trial of a cell: by the above, or because the
 * scenario names it. A mean over meter k of households drawn anew would be nobody's. */
enum gb_status gb_cell_keeps_users(bool *keeps, struct gb_results *results,
                                   const struct gb_cell *cell, struct gb_error *err);

/* The name of a user row: its own, or "meter N". returns buffer */
char *gb_user_name(const struct gb_user_row *user, char buffer[GB_NAME_SIZE]);

#endif
