/* Failures of execution (no memory, a sum beyond 64 bits, a mechanism that broke its promise) are
 * kept: the first one counts, what follows it does nothing harmful, and gb_contracts_apply and
 * gb_contracts_end_block report it. So the contracts read as the rules do, without a status a
 * line. */
#ifndef CHAIN_CONTRACTS_FAILURE_PRIV_H
#define CHAIN_CONTRACTS_FAILURE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct gb_failure {
    uint64_t height; /* of the block being executed */
    struct gb_error first;
};

static inline bool gb_failure_is_none(const struct gb_failure *failure)
{
    return failure->first.status == GB_OK;
}
/* Keeps it if it is the first one. */
void gb_failure_keep(struct gb_failure *failure, enum gb_status status, const char *what);
/* GB_OK, or the first failure. */
enum gb_status gb_failure_report(const struct gb_failure *failure, struct gb_error *err);

void *gb_failure_grow(struct gb_failure *failure, void *array, size_t *capacity, size_t needed,
                      size_t size);
/* gb_array_grow, but that without memory it returns the array as it is and keeps a failure:
 * *capacity stays below `needed`. */
static inline void *gb_failure_grown(struct gb_failure *failure, void *array, size_t *capacity,
                                     size_t needed, size_t size)
{
    return needed <= *capacity ? array : gb_failure_grow(failure, array, capacity, needed, size);
}
/* gb_array_resize in the same way. */
void *gb_failure_resized(struct gb_failure *failure, void *array, size_t capacity, size_t size);

#endif
