/* What tests of figures do with the files that figures leave. */
#ifndef TESTS_FIGURE_FILES_H
#define TESTS_FIGURE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/figures.h"
#include "analysis/record.h"

extern const char *figures_path, *figures_folder; /* of the result and of its figures */

/* The result of n trials of a sample, or of one record, written and opened. */
struct gb_results *figures_open_sample(struct gb_record *(*make)(uint64_t, enum gb_output_level),
                                       size_t n);
struct gb_results *figures_open_record(const struct gb_record *record);
/* Reads block number `block` of NAME.dat: rows of `columns` numbers, texts as NaN. returns how many
 * rows */
size_t figures_read_block(const char *name, size_t block, size_t columns, double *out,
                          size_t capacity);
struct gb_figure_request figures_request(struct gb_results *results); /* in yuan */
enum gb_status figures_write(const struct gb_figure_request *request, const char *name,
                             struct gb_error *err);
enum gb_status figures_write_plain(struct gb_results *results, const char *name,
                                   struct gb_error *err);
bool figures_hold(const char *name, const char *text); /* does a file of the folder hold a text? */
void figures_clean_up(void);

#endif
