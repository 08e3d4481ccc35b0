/* The cells of a result: a cell is a set of trials that agree in every varied key that the sweep
 * does not average over, its replications; of an average a replication has several. */
#ifndef ANALYSIS_CELLS_H
#define ANALYSIS_CELLS_H

#include <stddef.h>

#include "analysis/results.h"
#include "analysis/selection.h"
#include "base/status.h"

struct gb_cell {
    size_t n_trials;
    size_t *trials;   /* places in the summary, ascending */
    size_t n_members; /* trials that a complete replication has: 1 without an average */
};
struct gb_cells {
    size_t n;
    struct gb_cell *items;
};

/* Cells in the order of their first trial.
 * where  of what it says of averaged keys: these trials alone; NULL: all */
enum gb_status gb_cells_find(struct gb_cells *out, const struct gb_results *results,
                             const struct gb_selection *where, struct gb_error *err);
void gb_cells_clear(struct gb_cells *cells);
/* The value of varied key k in a cell, as text. */
const char *gb_cell_value(const struct gb_results *results, const struct gb_cell *cell, size_t k);

#endif
