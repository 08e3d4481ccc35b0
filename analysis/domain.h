/* Whether rows that came from a file hold what their schema allows: each field its domain, each row
 * no contradiction in itself. What passes can be added, multiplied and used as an index without
 * further care; what does not is described, for the message. */
#ifndef ANALYSIS_DOMAIN_H
#define ANALYSIS_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/record.h"
#include "analysis/schema.h"
#include "base/status.h"

struct gb_extent {
    int64_t n_meters, n_slots;
}; /* of a trial: what references point into */

/* Whether n values of the field, one behind the other as in its rows, all lie in its domain; names
 * are not looked at. */
bool gb_field_values_hold(const struct gb_field *field, const void *values, size_t n,
                          struct gb_extent extent);
/* "200; expected 0 to 4 (any solar wind storage grid)": for a field that does not hold.
 * returns buffer */
char *gb_field_describe(const struct gb_field *field, const void *row, struct gb_extent extent,
                        char *buffer, size_t size);

/* What contradicts itself in a row whose fields hold, as the end of a message; NULL: nothing. */
const char *gb_row_contradiction(enum gb_table table, const void *row);

#define GB_ANY_NUMBER (-1) /* the summary does not say how many */
/* How many rows of the table a trial has by its summary. */
int64_t gb_table_n_rows(enum gb_table table, const struct gb_summary_row *summary);

#endif
