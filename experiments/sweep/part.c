#include "experiments/sweep/part.h"

#include <inttypes.h>
#include <stdio.h>

bool gb_sweep_part_has(const struct gb_sweep_part *part, uint64_t trial)
{
    if (part->is_one)
        return trial == part->trial;
    return part->n_shards == 0 || trial % part->n_shards == part->shard - 1;
}

char *gb_sweep_part_describe(const struct gb_sweep_part *part, char *buffer, size_t size)
{
    buffer[0] = '\0';
    if (part->is_one)
        snprintf(buffer, size, "trial %" PRIu64, part->trial);
    else if (part->n_shards > 0)
        snprintf(buffer, size, "shard %" PRIu64 " of %" PRIu64 "%s", part->shard, part->n_shards,
                 part->is_pilot ? " of the pilot" : "");
    return buffer;
}
