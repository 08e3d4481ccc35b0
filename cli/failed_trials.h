/* The trials of a sweep that failed: told at once, with the command that runs one alone, and kept
 * for the result, which names them. */
#ifndef CLI_FAILED_TRIALS_H
#define CLI_FAILED_TRIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/plan.h"
#include "base/status.h"
#include "cli/request.h"
#include "experiments/sweep/sweep.h"

/* Starts from {0}. */
struct gb_failed_trials {
    size_t n, capacity;
    struct gb_failed_trial *items; /* owned, as are their reasons */
    bool lacks_memory;             /* some are not in the list */
};

/* Says on stderr which one failed and why. */
void gb_failed_trials_tell(const struct gb_request *request, const struct gb_sweep *sweep,
                           uint64_t trial, const struct gb_error *why);
void gb_failed_trials_add(struct gb_failed_trials *failed, uint64_t trial, const char *reason);
void gb_failed_trials_sort(struct gb_failed_trials *failed); /* by trial */
void gb_failed_trials_clear(struct gb_failed_trials *failed);

#endif
