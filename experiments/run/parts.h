/* Parts of the meters, each of which one thread alone writes to. They are more than threads, for
 * they are not equally much work. */
#ifndef EXPERIMENTS_RUN_PARTS_H
#define EXPERIMENTS_RUN_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GB_RUN_PARTS = 4 };

struct gb_run_part {
    uint32_t first, end;
};

/* Part k of n_parts of n meters. */
static inline struct gb_run_part gb_run_part_of(size_t n, size_t k, size_t n_parts)
{
    return (struct gb_run_part){(uint32_t)(k * n / n_parts), (uint32_t)((k + 1) * n / n_parts)};
}

static inline bool gb_run_is_in(const struct gb_run_part *part, uint32_t meter)
{
    return meter >= part->first && meter < part->end;
}

/* Calls work(context, k, part) for each part of n meters or batteries, by threads where they are
 * worth it; else once, for all of them as one part. What it does must not depend on other parts.
 * returns how many parts there were, 1 or GB_RUN_PARTS */
size_t gb_run_over_parts(size_t n, void (*work)(void *context, size_t k, struct gb_run_part part),
                         void *context);

#endif
