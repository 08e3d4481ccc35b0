/* How many trials a sweep has, and what of them a result lacks: those that were not run yet,
 * because the sweep was interrupted or its shards are not together, and those that failed. */
#ifndef ANALYSIS_PLAN_H
#define ANALYSIS_PLAN_H

#include <stdbool.h>
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

#define GB_PRECISION_SIZE 640

/* A sweep in two stages, whose number of replications follows from a pilot. */
struct gb_stages {
    uint64_t pilot, max; /* replications of the first stage, and the most of both; pilot 0: the
                          * sweep has one stage */
    bool is_fixed;       /* the number is; else n_replications are those of the pilot */
    bool is_reached;     /* the precision, with at most max */
    char
        precision[GB_PRECISION_SIZE]; /* "0.005 of gain_per_user_day against case=ideal, at 95 %" */
};

struct gb_plan {
    uint64_t n_trials;        /* of the whole sweep */
    uint64_t n_replications;  /* of a cell: its trials from a multiple of the stride on */
    uint64_t shard, n_shards; /* the part of them that the result is of, trials shard - 1,
                               * shard - 1 + n_shards, ...; n_shards 0: all */
    size_t n_failed;
    const struct gb_failed_trial *failed; /* by trial */
    struct gb_averages averages;
    struct gb_stages stages;
};

/* From one cell's first trial to that of the next: in two stages as if all had the most
 * replications, so that the number of a trial is the same whatever the pilot says. */
uint64_t gb_plan_stride(const struct gb_plan *plan);
/* The trials of the whole sweep are below it. */
uint64_t gb_plan_end(const struct gb_plan *plan);
/* Whether the whole sweep has a trial of this number. */
bool gb_plan_has(const struct gb_plan *plan, uint64_t trial);
uint64_t gb_plan_n_trials(const struct gb_plan *plan); /* of its part */
/* Of the cell in which that trial is: how many of its trials are in the part. */
uint64_t gb_plan_n_beside(const struct gb_plan *plan, uint64_t trial);
/* Cells of which the part has a trial. */
uint64_t gb_plan_n_cells(const struct gb_plan *plan);

#endif
