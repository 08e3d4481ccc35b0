/* Comparisons of cells as the files that make them see them. */
#ifndef ANALYSIS_VERSUS_PRIV_H
#define ANALYSIS_VERSUS_PRIV_H

#include "analysis/versus.h"

struct gb_versus {
    const struct gb_results *results;
    const struct gb_cells *cells;
    struct gb_versus_options options;
    struct gb_cell_replications *replications; /* of each cell */
    size_t *reference;                         /* of each cell, GB_NO_CELL: none */
    size_t *n_planned;                         /* of each cell: replications it was to have */
    size_t n_compared, n_replications;         /* cells with a reference; the most planned */
    const struct gb_selection *against;
};

/* Whether a cell that has a reference, or that, lacks replications, and may not. */
bool gb_versus_is_withheld(const struct gb_versus *versus, size_t cell);

#endif
