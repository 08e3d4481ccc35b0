/* What is estimated of a cell and compared between cells: a field of the summary, or by how much
 * one of them exceeds another in the same cell. Of two ratios that difference can be no column:
 * each is a ratio of sums over trials with a denominator of its own. Of homes that are asked about
 * it is a column of /kinds. One column over another is a ratio of sums, too. */
#ifndef ANALYSIS_ESTIMAND_H
#define ANALYSIS_ESTIMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/cell_kinds.h"
#include "analysis/contrast.h"
#include "analysis/paired_cells.h"
#include "analysis/results.h"
#include "analysis/schema.h"

/* Fairness between the sides: what sellers gain per kWh less what buyers do. */
#define GB_GAP_OF_SIDES "sellers_less_buyers_gain_per_kwh"
#define GB_ESTIMAND_NAME_SIZE 80

struct gb_estimand {
    char name[GB_ESTIMAND_NAME_SIZE]; /* of the field, "A/B" of two, "A/s"; of a difference its own
                                       */
    const struct gb_field *field;     /* of the summary, or of /kinds */
    const struct gb_field *less;      /* in the unit of `field`; NULL: the field alone */
    const struct gb_field *over;      /* that it is divided by; NULL: nothing */
    bool is_per_second;               /* or by the seconds of the run */
    const struct gb_kinds *kinds;     /* borrowed: together the homes that it is of; NULL: all */
};

struct gb_estimand gb_estimand_of(const struct gb_field *field);
/* A field of the summary, or GB_GAP_OF_SIDES.
 * returns  false where there is no such name, *out untouched */
bool gb_estimand_find(struct gb_estimand *out, const char *name);
/* "A/B" of two columns of the summary with numbers that are no ratios, or "A/s", one over the
 * seconds of the run.
 * returns  as above */
bool gb_estimand_find_ratio(struct gb_estimand *out, const char *name);
/* A column of /kinds with numbers, or "A/B" of two that are no ratios: of the homes that
 * gb_kinds_read_together read.
 * returns  as above */
bool gb_estimand_find_of_homes(struct gb_estimand *out, const struct gb_kinds *homes,
                               const char *name);
/* Says that a name is no such column, and which there are. returns GB_EINPUT */
enum gb_status gb_estimand_refuse_of_homes(const char *name, struct gb_error *err);
/* Is it a column over another, or over the seconds of the run? */
static inline bool gb_estimand_is_over(const struct gb_estimand *of)
{
    return of->over || of->is_per_second;
}
#define GB_ESTIMAND_UNIT_SIZE 64
/* "currency", "Wh", of one column over another "currency/Wh". returns buffer */
char *gb_estimand_unit(const struct gb_estimand *of, char buffer[GB_ESTIMAND_UNIT_SIZE]);

#define GB_MAX_ESTIMAND_PARTS 2
size_t gb_estimand_n_parts(const struct gb_estimand *of); /* fields it is made of */
/* Of a cell that counts with `weight` in a contrast, the weights of its parts. */
void gb_estimand_weights(const struct gb_estimand *of, double weight, double *weights);
/* What a cell has of each part in replications at `places`, as gb_cell_replications_values; of
 * homes NaN where a trial has none.
 * samples  out: one a part; they borrow `values`
 * values   2 n numbers a part */
void gb_estimand_samples(const struct gb_estimand *of,
                         const struct gb_cell_replications *replications,
                         const struct gb_results *results, const size_t *places, size_t n,
                         struct gb_sample *samples, double *values);

#endif
