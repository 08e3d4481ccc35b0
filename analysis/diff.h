/* Where two results differ first: in what was varied, in their trials or tables, or in a column of
 * a row. What made them (version, scenario) is not asked: equal rows are equal results. */
#ifndef ANALYSIS_DIFF_H
#define ANALYSIS_DIFF_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/results.h"
#include "analysis/schema.h"
#include "base/status.h"

#define GB_DIFF_TEXT_SIZE 80 /* bytes of a value that is shown */

enum gb_diff_kind {
    GB_DIFF_NONE,
    GB_DIFF_TABLE, /* in one result alone */
    GB_DIFF_KEYS,  /* other keys were varied */
    GB_DIFF_TRIAL, /* in one result alone */
    GB_DIFF_VALUE, /* of a varied key in a trial */
    GB_DIFF_FIELD
};

struct gb_diff {
    enum gb_diff_kind kind;
    int place; /* the result that has it alone: 0 or 1 */
    enum gb_table table;
    uint64_t trial;
    size_t row;                   /* among the trial's rows of the table, from 0 */
    const struct gb_field *field; /* of GB_DIFF_FIELD */
    const char *key;              /* of GB_DIFF_VALUE; belongs to the first result */
    char values[2][GB_DIFF_TEXT_SIZE];
    double more; /* second less first in the field's unit; NaN where they are no numbers */
};

/* Trials by number, tables and columns in the order of the schema. */
enum gb_status gb_diff_find(struct gb_diff *out, struct gb_results *first,
                            struct gb_results *second, struct gb_error *err);

#endif
