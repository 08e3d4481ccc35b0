/* What tests of whole runs ask of records. */
#ifndef TESTS_RUNS_H
#define TESTS_RUNS_H

#include <stdbool.h>

#include "analysis/record.h"

/* Runs defaults with settings over them (NULL-terminated); NULL and a failed test when it fails.
 * ledger  written there; NULL: none */
struct gb_record *run_with(const char *ledger, const char *const *settings);
/* The settings of both lists, each closed by NULL. */
struct gb_record *run_both(const char *const *some, const char *const *more);
/* A few more settings, or NULL, behind those of a small village morning. */
struct gb_record *run_village(const char *a, const char *b, const char *c, const char *d);
const struct gb_summary_row *summary_of(const struct gb_record *record);
/* Field by field, bit by bit: structs have padding. The first field that differs is noted. */
bool tables_are_equal(const struct gb_record *a, const struct gb_record *b, enum gb_table table);
bool records_are_equal(const struct gb_record *a, const struct gb_record *b);

#endif
