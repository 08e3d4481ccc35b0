/* Records: what a trial says it did. A trial fills one record; one writer appends records to the
 * journal; the result file is built from the journal in trial order. Rows are plain structs; the
 * one place that knows how they look in a file is analysis/results.c. */
#ifndef ANALYSIS_RECORD_H
#define ANALYSIS_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/rows.h"
#include "base/status.h"

struct gb_record; /* closed */

/* A record of one trial. Rows of tables above `level` are accepted and dropped, so callers need not
 * ask. */
enum gb_status gb_record_create(struct gb_record **out, uint64_t trial, enum gb_output_level level,
                                struct gb_error *err);
void gb_record_free(struct gb_record *record);
/* Appends one row: the struct of that table. A summary row carries the record's own trial
 * number. */
enum gb_status gb_record_append(struct gb_record *record, enum gb_table table, const void *row,
                                struct gb_error *err);
size_t gb_record_n_rows(const struct gb_record *record, enum gb_table table);
const void *gb_record_rows(const struct gb_record *record, enum gb_table table); /* the structs */
#define GB_VARIED_UNREAD "-" /* the value of a key that nothing reads in that cell */
/* The varied keys of this trial: name and value as text, shown in /summary. Copied. */
enum gb_status gb_record_set_varied(struct gb_record *record, size_t n, const char *const *keys,
                                    const char *const *values, struct gb_error *err);

/* Of which trial it is, at which level of output, and what its sweep varied: keys and their values
 * as a user writes them, borrowed from the record. */
uint64_t gb_record_trial(const struct gb_record *record);
enum gb_output_level gb_record_level(const struct gb_record *record);
size_t gb_record_n_varied(const struct gb_record *record);
const char *gb_record_varied_key(const struct gb_record *record, size_t i);
const char *gb_record_varied_value(const struct gb_record *record, size_t i);

#endif
