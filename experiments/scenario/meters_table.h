/* The table of meters.file: a row a meter, columns by the names in its first row, in any order. */
#ifndef EXPERIMENTS_SCENARIO_METERS_TABLE_H
#define EXPERIMENTS_SCENARIO_METERS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/row_settings.h"
#include "experiments/scenario/section.h"
#include "models/assets/listed.h"

/* The kind of all meters where neither the table nor the scenario names any. */
#define GB_KIND_OF_ALL "home"

struct gb_meters_table {
    const char *name; /* of the file, in diagnostics */
    const char *text; /* UTF-8 */
    size_t length;
};

/* Calls `visit` for the name of the kind of every row, good or bad, as far as the table is one; a
 * table without such a column has GB_KIND_OF_ALL alone. */
void gb_meters_table_kinds(const struct gb_meters_table *table,
                           void (*visit)(void *context, const char *name, size_t length),
                           void *context);
/* Reads all rows, in the order of the file, each of one of the kinds. What is wrong goes into
 * diagnostics: GB_ECONFIG; GB_ENOMEM.
 * out       owned by the caller, also after a failure
 * settings  of rows that say otherwise than their kinds; likewise; empty before */
enum gb_status gb_meters_table_read(struct gb_listed *out, struct gb_rows_settings *settings,
                                    const struct gb_meters_table *table,
                                    const struct gb_items *kinds,
                                    const struct gb_extensions *extensions,
                                    struct gb_diagnostics *diagnostics, struct gb_error *err);
#endif
