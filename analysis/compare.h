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
#include "analysis/comparison.h"
#include "analysis/estimand.h"
#include "analysis/record.h"
#include "analysis/results.h"
#include "analysis/statistics.h"

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

/* The same of any estimand; of homes a ratio has Fieller's interval alone to judge it. */
struct gb_confidence_interval gb_cell_estimate(const struct gb_results *results,
                                               const struct gb_cell *cell,
                                               const struct gb_estimand *of);
/* The bills of homes with the market and with the grid alone, of the replications that have such
 * homes. homes  as gb_kinds_read_together reads them */
struct gb_comparison gb_cell_compare_homes(const struct gb_results *results,
                                           const struct gb_cell *cell,
                                           const struct gb_kinds *homes);

/* Compares two fields of the summary over a cell's trials. */
struct gb_comparison gb_cell_compare(const struct gb_results *results, const struct gb_cell *cell,
                                     const char *market, const char *grid_only);

/* Mean and interval of the differences cell - base in a field of the summary, paired by
 * replication: equal replications share their draws. A replication that one of them lacks is
 * left out. Of a ratio it is the difference of the two ratios of sums. Names as above. */
struct gb_confidence_interval gb_cell_paired(const struct gb_results *results,
                                             const struct gb_cell *cell, const struct gb_cell *base,
                                             const char *field);

/* Why a cell saves or loses, in currency: mean and interval of what each cause adds to its saving.
 * returns false without memory */
bool gb_cell_causes(const struct gb_results *results, const struct gb_cell *cell,
                    struct gb_confidence_interval causes[GB_N_CAUSES]);

#endif
