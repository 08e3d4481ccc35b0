/* Main effects in a complete factorial grid: every level of every factor met once with all levels
 * of the others, so that the mean over a level's cells differs from that over another's by this
 * factor alone. In a grid with holes it would differ by the others too. */
#ifndef ANALYSIS_FACTORIAL_H
#define ANALYSIS_FACTORIAL_H

#include <stdbool.h>
#include <stddef.h>

/* The design: levels[c * n_factors + f] is the level (from 0) of factor f in cell c. */
struct gb_design {
    size_t n_cells, n_factors;
    const size_t *levels;
    const size_t *n_levels; /* of each factor */
};

/* Whether each combination of levels is there exactly once.
 * returns  false without memory, *is_complete untouched */
bool gb_design_is_complete(bool *is_complete, const struct gb_design *design);

/* Weights, one a cell, of the contrast that is the main effect of a level of a factor: the mean of
 * its cells less the mean of the cells at level `base`. All 0 for the base itself.
 * source  G. E. P. Box, J. S. Hunter, W. G. Hunter, Statistics for Experimenters, 2nd ed. (2005),
 *         section 5.4 */
void gb_design_main_effect(double *weights, const struct gb_design *design, size_t factor,
                           size_t level, size_t base);

#endif
