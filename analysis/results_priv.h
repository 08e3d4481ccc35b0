/* A result that is being read, as the files that read it see it. */
#ifndef ANALYSIS_RESULTS_PRIV_H
#define ANALYSIS_RESULTS_PRIV_H

#include "analysis/hdf5_in_priv.h"
#include "analysis/results.h"
#include "analysis/results_plan_priv.h"

/* A table whose columns are open: they agree in their length, and its trials are those of the
 * summary, in its order. */
struct gb_results_table {
    hid_t group;
    struct gb_hdf5_column columns[GB_MAX_FIELDS]; /* by field of the schema */
    size_t n_rows;
    size_t *first; /* of each trial's rows; n_trials + 1, the last is n_rows */
};

struct gb_results {
    char *path;
    struct gb_hdf5_in in;
    int64_t format; /* 0: the file names none */
    size_t n_trials;
    struct gb_summary_row *summary;
    size_t n_varied;
    char **keys, **values; /* values: n_trials a key; equal neighbours may be one text */
    struct gb_provenance provenance;
    uint8_t head[GB_RESULT_HEAD_SIZE]; /* of the provenance, as is the next */
    struct gb_results_plan plan;
    struct gb_results_table *tables[GB_N_TABLES]; /* opened on first use */
    const struct gb_home_choice *homes;           /* that are asked about; NULL: all */
};

/* Opens a table, or takes it as it is already open. That of the summary has no `first`. */
enum gb_status gb_results_open_table(struct gb_results *results, enum gb_table table,
                                     struct gb_error *err);
void gb_results_close_table(struct gb_results_table *table);
/* Rows [first, first + n) of an open table, every value in its domain.
 * trial  place in the summary of the one they belong to; of the summary's own any
 * rows   fresh; the caller frees it */
enum gb_status gb_results_read_rows(struct gb_results *results, enum gb_table table, size_t trial,
                                    size_t first, size_t n, void **rows, struct gb_error *err);
/* What the rows of one trial, from row `first` of their table on, say of each other and of other
 * tables. place  of the trial in the summary */
enum gb_status gb_results_check_trial(struct gb_results *results, enum gb_table table, size_t place,
                                      size_t first, const void *rows, size_t n,
                                      struct gb_error *err);
/* The varied keys and their values, all of them or GB_EFILE. */
enum gb_status gb_results_read_varied(struct gb_results *results, hid_t group,
                                      struct gb_error *err);

#endif
