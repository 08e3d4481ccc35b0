/* What is estimated of a cell and compared between cells: a field of the summary, or by how much
 * one of them exceeds another in the same cell. Of two ratios that difference can be no column:
 * each is a ratio of sums over trials with a denominator of its own. */
#ifndef ANALYSIS_ESTIMAND_H
#define ANALYSIS_ESTIMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/contrast.h"
#include "analysis/paired_cells.h"
#include "analysis/results.h"
#include "analysis/schema.h"

/* Fairness between the sides: what sellers gain per kWh less what buyers do. */
#define GB_GAP_OF_SIDES "sellers_less_buyers_gain_per_kwh"

struct gb_estimand {
    const char *name;             /* of the field; of a difference its own */
    const struct gb_field *field; /* of the summary */
    const struct gb_field *less;  /* in the unit of `field`; NULL: the field alone */
};

struct gb_estimand gb_estimand_of(const struct gb_field *field);
/* A field of the summary, or GB_GAP_OF_SIDES.
 * returns  false where there is no such name, *out untouched */
bool gb_estimand_find(struct gb_estimand *out, const char *name);

#define GB_MAX_ESTIMAND_PARTS 2
size_t gb_estimand_n_parts(const struct gb_estimand *of); /* fields it is made of */
/* Of a cell that counts with `weight` in a contrast, the weights of its parts. */
void gb_estimand_weights(const struct gb_estimand *of, double weight, double *weights);
/* What a cell has of each part in replications at `places`, as gb_cell_replications_values.
 * samples  out: one a part; they borrow `values`
 * values   2 n numbers a part */
void gb_estimand_samples(const struct gb_estimand *of,
                         const struct gb_cell_replications *replications,
                         const struct gb_results *results, const size_t *places, size_t n,
                         struct gb_sample *samples, double *values);

#endif
