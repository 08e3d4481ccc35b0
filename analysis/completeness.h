/* What a result lacks of its plan: trials that were not run yet, because the sweep was interrupted
 * or its shards are not together, and those that failed. */
#ifndef ANALYSIS_COMPLETENESS_H
#define ANALYSIS_COMPLETENESS_H

#include <stdint.h>

#include "analysis/compare.h"
#include "analysis/results.h"

/* Trials that the result was to have: of its shard where it is one; 1 for a single run. */
uint64_t gb_results_n_planned(const struct gb_results *results);
/* Trials of a cell that it was to have and has not, of an average replications: 0 everywhere in a
 * finished sweep. */
uint64_t gb_cell_n_missing(const struct gb_results *results, const struct gb_cell *cell);
/* Cells of the sweep of which there is no trial at all. */
uint64_t gb_results_n_absent_cells(const struct gb_results *results);

#endif
