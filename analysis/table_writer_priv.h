/* A table on its way to the file of a result: its group, and its columns as the schema has them.
 * Rows come one by one and gather until a chunk of each column is full. A table that stays below
 * one is stored without: as few rows as fit into the headers of the columns are put there, others
 * packed together. */
#ifndef ANALYSIS_TABLE_WRITER_PRIV_H
#define ANALYSIS_TABLE_WRITER_PRIV_H

#include <stdint.h>

#include "analysis/hdf5_priv.h"
#include "analysis/record.h"

struct gb_table_writer; /* closed */

/* Rows that were gathered, up to a chunk of them: those that come next may go to another page while
 * this one is written. Starts as {0}. */
struct gb_table_page {
    size_t n, capacity, row_size; /* row_size: that there is room for; tables exchange pages */
    char *rows;
    int64_t *trials; /* of those rows */
    char *values;    /* scratch: they as a column */
};
void gb_table_page_clear(struct gb_table_page *page);

/* Units that differ from result to result. */
struct gb_table_units {
    char time[64];     /* "nanoseconds since 2023-06-01 00:00:00" */
    char currency[32]; /* "EUR", in place of the schema's "currency" */
};

/* Makes the group.
 * out    the file; borrowed for life, and is given every failure
 * units  borrowed for life
 * returns NULL without memory */
struct gb_table_writer *gb_table_writer_create(struct gb_hdf5_out *out, enum gb_table which,
                                               const struct gb_table_units *units);
/* Closes what is open in the file; without gb_table_writer_end() the table is not whole. NULL is
 * allowed. */
void gb_table_writer_free(struct gb_table_writer *table);
/* Makes room for one more row. returns false without memory */
bool gb_table_writer_reserve(struct gb_table_writer *table);
/* Adds one row, for which there is room: the struct of the table, of that trial. returns whether it
 * fills a chunk: it has to be flushed, or its page exchanged, before the next */
bool gb_table_writer_add(struct gb_table_writer *table, uint64_t trial, const void *row);
/* Writes the rows that wait. */
void gb_table_writer_flush(struct gb_table_writer *table);
/* Exchanges the page of the rows that wait for an empty one. */
void gb_table_writer_exchange(struct gb_table_writer *table, struct gb_table_page *page);
/* Writes the rows of a page that was exchanged, behind those written before, and empties it. Rows
 * may be added meanwhile, by another thread; nothing else may be done with the file. */
void gb_table_writer_write(struct gb_table_writer *table, struct gb_table_page *page);

/* A column that no schema has, beside the others: all of its values are there.
 * type, values  text: pointers; else doubles
 * number        attribute `varied`
 * n_averaged    attribute `averaged`: so many values are averaged over; 0: they are not */
void gb_table_writer_add_column(struct gb_table_writer *table, const char *name, bool is_text,
                                const void *values, size_t number, uint64_t n_averaged,
                                const char *long_name);
/* The last rows, and which columns share which dimension. */
void gb_table_writer_end(struct gb_table_writer *table);

#endif
