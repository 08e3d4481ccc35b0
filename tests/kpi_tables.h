/* The tables of a result and its scenario, read for the oracle by HDF5 alone: nothing of the
 * program is used, so that a fault of its reader or schema cannot hide one of its figures. What
 * cannot be read ends the process with a description. */
#ifndef TESTS_KPI_TABLES_H
#define TESTS_KPI_TABLES_H

#include <stddef.h>
#include <stdint.h>

struct kpi_column {
    char name[64];
    char *words;       /* flag_meanings, or NULL */
    int64_t *integers; /* n each; the two others are NULL */
    double *numbers;
    char **texts;
    size_t n_claimed; /* rows that a rule of the oracle has looked at */
};

struct kpi_table {
    char name[64];
    size_t n, n_columns; /* rows; columns */
    struct kpi_column *columns;
};

struct kpi_file {
    size_t n_tables;
    struct kpi_table tables[16];
    char *scenario; /* YAML */
};

struct kpi_file kpi_read(const char *path);
void kpi_free(struct kpi_file *file);
/* Ends the process where there is none. */
struct kpi_table *kpi_table(struct kpi_file *file, const char *name);
struct kpi_column *kpi_column(struct kpi_table *table, const char *name);
int kpi_has(const struct kpi_table *table, const char *name);
/* Values of an integer column. */
const int64_t *kpi_integers(struct kpi_table *table, const char *name);
/* Is the flag of this row that word? */
int kpi_is(struct kpi_table *table, const char *name, size_t row, const char *word);

/* Moves the rows with this flag to the front, each kind in its order. returns how many they are */
size_t kpi_put_first(struct kpi_table *table, const char *name, const char *word);

/* The value of "section.key" in the scenario's text, copied into `value`; "" where it is not given.
 */
void kpi_scenario(const char *text, const char *key, char *value, size_t size);
/* Numbers of the scenario in the smallest unit. */
int64_t kpi_decimal(const char *text, int64_t unit); /* "0.59" with 1000000: 590000 */
int64_t kpi_duration_ns(const char *text);           /* "15 min" */

#endif
