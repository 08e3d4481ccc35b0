/* A table on its way to the file of a result: its group, and its columns as the schema has them.
 * Rows come one by one and gather until a chunk of each column is full. */
#ifndef ANALYSIS_TABLE_WRITER_PRIV_H
#define ANALYSIS_TABLE_WRITER_PRIV_H

#include <stdint.h>

#include "analysis/hdf5_priv.h"
#include "analysis/record.h"

struct gb_table_writer; /* closed */

/* Units that differ from result to result. */
struct gb_table_units {
    char time[64];     /* "nanoseconds since 2023-06-01 00:00:00" */
    char currency[32]; /* "EUR", in place of the schema's "currency" */
};

/* Makes the group and its columns.
 * out    the file; borrowed for life, and is given every failure
 * units  borrowed for the call
 * returns NULL without memory */
struct gb_table_writer *gb_table_writer_create(struct gb_hdf5_out *out, enum gb_table which,
                                               const struct gb_table_units *units);
/* Closes what is open in the file; what was not flushed is lost. NULL is allowed. */
void gb_table_writer_free(struct gb_table_writer *table);
/* Adds one row: the struct of the table, of that trial. */
void gb_table_writer_add(struct gb_table_writer *table, uint64_t trial, const void *row);
void gb_table_writer_flush(struct gb_table_writer *table);

/* For columns that no schema has, beside those of the summary: its group, and the column of
 * trials, which is their scale. */
hid_t gb_table_writer_group(const struct gb_table_writer *table);
hid_t gb_table_writer_trials(const struct gb_table_writer *table);

#endif
