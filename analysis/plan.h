/* How many trials a sweep has, and what of them a result lacks: those that were not run yet,
 * because the sweep was interrupted or its shards are not together, and those that failed. */
#ifndef ANALYSIS_PLAN_H
#define ANALYSIS_PLAN_H

#include <stddef.h>
#include <stdint.h>

struct gb_failed_trial {
    uint64_t trial;
    const char *reason; /* a sentence */
};

#define GB_MAX_AVERAGED 4 /* keys */

/* The last so many of the keys varied are averaged over: a replication of a cell is the mean of one
 * trial for each of their values, with equal weights. */
struct gb_averages {
    size_t n;
    uint64_t n_values[GB_MAX_AVERAGED]; /* of each of them */
};

struct gb_plan {
    uint64_t n_trials;        /* of the whole sweep */
    uint64_t n_replications;  /* so many trials, from a multiple of it on, are one cell */
    uint64_t shard, n_shards; /* the part of them that the result is of, trials shard - 1,
                               * shard - 1 + n_shards, ...; n_shards 0: all */
    size_t n_failed;
    const struct gb_failed_trial *failed; /* by trial */
    struct gb_averages averages;
};

uint64_t gb_plan_n_trials(const struct gb_plan *plan); /* of its part */
/* Of the cell in which that trial is: how many of its trials are in the part. */
uint64_t gb_plan_n_beside(const struct gb_plan *plan, uint64_t trial);
/* Cells of which the part has a trial. */
uint64_t gb_plan_n_cells(const struct gb_plan *plan);

#endif
