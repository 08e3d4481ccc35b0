/* Cells of a result side by side, replication by replication: what each has of a field in the
 * replications that all of them completed. A replication of several trials, which a sweep averages
 * over, counts with their mean; of a ratio, with the means above and below the line. */
#ifndef ANALYSIS_PAIRED_CELLS_H
#define ANALYSIS_PAIRED_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/cells.h"
#include "analysis/results.h"
#include "analysis/schema.h"
#include "base/status.h"

/* Completed replications of a cell, in ascending order. */
struct gb_cell_replications {
    size_t n;
    uint32_t *numbers;
    size_t *first;  /* n + 1: where the trials of each begin in `trials` */
    size_t *trials; /* places in the summary, by replication */
};

/* Only replications that have all trials of their average are complete. */
enum gb_status gb_cell_replications_find(struct gb_cell_replications *out,
                                         const struct gb_results *results,
                                         const struct gb_cell *cell, struct gb_error *err);
void gb_cell_replications_clear(struct gb_cell_replications *replications);

/* What a cell has of a field in replications at `places`.
 * places  n places among its replications; NULL: all of them
 * above, below  n numbers; `below` is filled only where the field is a ratio, whose numerator is
 *               then `above`. NaN where a trial has no such number; of a ratio whose denominator is
 *               0 both are 0 */
void gb_cell_replications_values(const struct gb_cell_replications *replications,
                                 const struct gb_results *results, const struct gb_field *field,
                                 const size_t *places, size_t n, double *above, double *below);

/* The mean over the trials of a replication of what `of` says of each. */
double gb_cell_replication_mean(const struct gb_cell_replications *replications,
                                const struct gb_results *results, size_t place,
                                double (*of)(const struct gb_summary_row *row, const void *context),
                                const void *context);

/* The replications that two cells have in common. */
struct gb_cell_pair {
    struct gb_cell_replications of[2];
    size_t n, *places[2]; /* n of each: places among the replications */
};
/* returns false without memory; to be cleared in any case */
bool gb_cell_pair_find(struct gb_cell_pair *out, const struct gb_results *results,
                       const struct gb_cell *cell, const struct gb_cell *base);
void gb_cell_pair_clear(struct gb_cell_pair *pair);

#endif
