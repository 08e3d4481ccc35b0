/* What the kinds of households come to in the trials of a result, as /kinds has it at every level
 * of output. */
#ifndef ANALYSIS_CELL_KINDS_H
#define ANALYSIS_CELL_KINDS_H

#include <stddef.h>

#include "analysis/cells.h"
#include "analysis/results.h"

struct gb_trial_kinds {
    size_t n;
    struct gb_kind_row *rows; /* n */
};
struct gb_kinds {
    const struct gb_summary_row *summary; /* of the result, borrowed */
    size_t n_trials, n;                   /* trials, names */
    struct gb_trial_kinds *trials;        /* in the order of the summary */
    const char **names;                   /* of rows: ascending, each once */
};

#define GB_KINDS_TOGETHER "homes" /* the name of what gb_kinds_read_together reads */

/* GB_EREFUSED where the result has no kinds. */
enum gb_status gb_kinds_check(const struct gb_results *results, struct gb_error *err);
/* Reads those of every trial, and the names that there are in n cells: of the homes alone that
 * gb_results_homes() names. To be cleared in any case. GB_EREFUSED as gb_kinds_check */
enum gb_status gb_kinds_read(struct gb_kinds *out, struct gb_results *results,
                             const struct gb_cell *const *cells, size_t n, struct gb_error *err);
/* What all homes that gb_results_homes() names come to together, in a row a trial that has such
 * homes. To be cleared in any case. GB_EINPUT where strategies are asked for and the result holds
 * no users */
enum gb_status gb_kinds_read_together(struct gb_kinds *out, struct gb_results *results,
                                      struct gb_error *err);
void gb_kinds_clear(struct gb_kinds *kinds);
/* What a trial has of a kind, or NULL: it has no home of it. */
const struct gb_kind_row *gb_kinds_row(const struct gb_kinds *kinds,
                                       const struct gb_summary_row *trial, const char *name);

#endif
