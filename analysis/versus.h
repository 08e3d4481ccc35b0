/* Every cell of a result against its reference: paired differences of an estimand, with
 * what a family of such comparisons does to their p values and intervals, and main effects.
 * (which cell that is: analysis/reference.h). The family is one estimand over all cells that have a
 * reference, whatever is shown. */
#ifndef ANALYSIS_VERSUS_H
#define ANALYSIS_VERSUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/cells.h"
#include "analysis/contrast.h"
#include "analysis/estimand.h"
#include "analysis/paired_cells.h"
#include "analysis/reference.h"
#include "analysis/results.h"
#include "analysis/selection.h"
#include "base/status.h"

struct gb_versus; /* closed */

struct gb_versus_options {
    bool allow_missing;   /* compare cells that lack replications over those they have */
    uint32_t n_resamples; /* of the bootstrap; 0: Student's t */
    const struct gb_selection *shown; /* borrowed for life: cells that need a reference, where
                                       * others may be without; NULL: all */
};

/* `results` and `cells` are borrowed for life. GB_EINPUT where no cell is a reference, where
 * several could be that of a cell shown, or where seeds differ from its, so that no draws are
 * shared. A cell that is not shown and has none is not compared, whatever is shown: families do
 * not depend on that. */
enum gb_status gb_versus_create(struct gb_versus **out, const struct gb_results *results,
                                const struct gb_cells *cells, const struct gb_selection *against,
                                const struct gb_versus_options *options, struct gb_error *err);
void gb_versus_free(struct gb_versus *versus);

/* Replications that the sweep was to have of a cell, and those of them that are not there. Of a
 * result that knows no plan the fullest cell has all. */
size_t gb_versus_n_planned(const struct gb_versus *versus, size_t cell);
size_t gb_versus_n_missing(const struct gb_versus *versus, size_t cell);
size_t gb_versus_n_replications(const struct gb_versus *versus); /* the most of any cell */
size_t gb_versus_n_compared(const struct gb_versus *versus);     /* cells with a reference */
bool gb_versus_is_compared(const struct gb_versus *versus, size_t cell);

struct gb_versus_row {
    size_t cell, reference;
    bool is_withheld;   /* one of the two lacks replications, which was not allowed */
    double value, base; /* estimates of both over the replications paired; NaN: none */
    struct gb_contrast difference;
    struct gb_confidence_interval interval;     /* of the difference, at GB_CONFIDENCE */
    struct gb_confidence_interval simultaneous; /* likewise, at Bonferroni's level */
    double p, adjusted_p;                       /* raw and by Holm; NaN: not tested */
    double detectable; /* the smallest difference found with power GB_POWER; NaN: none */
};

/* The family of an estimand.
 * rows     gb_versus_n_compared of them, by cell
 * size     out: tests made, which is what Bonferroni and Holm count */
enum gb_status gb_versus_family(const struct gb_versus *versus, const struct gb_estimand *of,
                                struct gb_versus_row *rows, size_t *size, struct gb_error *err);

/* ---- main effects (analysis/main_effects.c) */

struct gb_main_effect {
    size_t key; /* of gb_results_varied_key */
    const char *level,
        *base; /* its values: the mean over the cells of one less that of the other */
    size_t level_cell, base_cell; /* of the cells: one of each, for what keys that move together
                                   * with it have there */
    struct gb_contrast effect;
    struct gb_confidence_interval interval;
    double p, adjusted_p; /* of the family of all main effects on the estimand */
};

enum gb_grid {
    GB_GRID_COMPLETE,
    GB_GRID_SMALL,    /* fewer than two keys with two values: nothing to average over */
    GB_GRID_HOLES,    /* some combination has no cell */
    GB_GRID_UNPAIRED, /* some cell lacks replications, or none is common to all */
};
enum gb_grid gb_versus_grid(const struct gb_versus *versus);
/* Of every key the first that it varies together with among the cells (zip), or itself: main
 * effects of these are one, and stand at the first.
 * leaders  out; the caller frees it */
enum gb_status gb_versus_find_leaders(const struct gb_versus *versus, size_t **leaders,
                                      struct gb_error *err);

/* All main effects on an estimand in a complete grid; the caller frees *effects. Levels are
 * compared with that of the reference where `--against` names the key, else with the first. */
enum gb_status gb_versus_main_effects(const struct gb_versus *versus, const struct gb_estimand *of,
                                      struct gb_main_effect **effects, size_t *n,
                                      struct gb_error *err);

#endif
