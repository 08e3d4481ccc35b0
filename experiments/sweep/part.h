/* A part of a sweep's trials: all of them, a shard for one job of many, or one alone. */
#ifndef EXPERIMENTS_SWEEP_PART_H
#define EXPERIMENTS_SWEEP_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* {0} is the whole sweep. Shard K of N has the trials K - 1, K - 1 + N, ...: replications run
 * fastest, so that every shard has its share of every cell. */
struct gb_sweep_part {
    uint64_t shard, n_shards; /* shard from 1; n_shards 0: no shards */
    bool is_one;              /* `trial` alone */
    uint64_t trial;
    bool is_pilot; /* a shard of the first of two stages */
};

bool gb_sweep_part_has(const struct gb_sweep_part *part, uint64_t trial);
/* "shard 2 of 8", "trial 17"; empty for the whole. returns buffer */
char *gb_sweep_part_describe(const struct gb_sweep_part *part, char *buffer, size_t size);

#endif
