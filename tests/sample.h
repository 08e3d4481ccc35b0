/* Records made by hand for the tests of analysis: the paper's case (Table 1, Table 2) and a small
 * synthetic sweep over beta and market size. */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

#include "analysis/record.h"
#include "analysis/results.h"

/* The paper's case as one trial with every table; NULL when memory ran out. */
struct gb_record *sample_paper(uint64_t trial, enum gb_output_level level);

/* Trial number `trial` of a sweep over beta (0, 0.25, 0.5, 0.75, 1) x meters.count (10, 40) x 6
 * replications, replications innermost: its numbers are smooth in the keys plus a fixed jitter. */
#define SAMPLE_N_BETAS 5
#define SAMPLE_N_SIZES 2
#define SAMPLE_N_REPLICATIONS 6
#define SAMPLE_N_TRIALS (SAMPLE_N_BETAS * SAMPLE_N_SIZES * SAMPLE_N_REPLICATIONS)
struct gb_record *sample_sweep(uint64_t trial, enum gb_output_level level);

/* Fixed words in place of a build's own. */
extern const struct gb_provenance sample_provenance;

/* A result under those words, and its end: sealed and published where `status` is GB_OK, else
 * abandoned. */
enum gb_status sample_begin(struct gb_results_writer **writer, const char *path,
                            struct gb_error *err);
enum gb_status sample_finish(struct gb_results_writer *writer, enum gb_status status,
                             struct gb_error *err);
/* Writes trials 0 to n - 1 of one of the two to `path`. */
enum gb_status sample_write(const char *path,
                            struct gb_record *(*make)(uint64_t, enum gb_output_level), size_t n,
                            enum gb_output_level level, struct gb_error *err);

/* Trials of sample_sweep, by their numbers, under a plan that may have more of them. */
enum gb_status sample_write_part(const char *path, const struct gb_plan *plan, size_t n,
                                 const uint64_t *trials, enum gb_output_level level,
                                 struct gb_error *err);

#endif
