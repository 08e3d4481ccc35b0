/* Running the trials of a sweep into a journal. */
#ifndef EXPERIMENTS_SWEEP_SWEEP_RUN_H
#define EXPERIMENTS_SWEEP_SWEEP_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/journal.h"
#include "base/status.h"
#include "experiments/sweep/sweep.h"

/* Who watches a sweep; every call comes from one thread at a time. */
struct gb_sweep_watch {
    void *context;
    bool (*should_stop)(void *context); /* may be asked from any thread at any time */
    void (*done)(void *context, uint64_t n_done, uint64_t n_trials);
    void (*failed)(void *context, uint64_t trial, const struct gb_error *why);
};

#define GB_SWEEP_SHARED_BYTES ((size_t)64 << 20)

/* Runs all trials in threads, each appending its record to the journal as it finishes. A trial that
 * fails is reported and stops no other. GB_EINTERRUPTED when it was asked to stop: what was
 * finished is in the journal. GB_EFILE when the journal cannot be written.
 * n_threads     0 = as OpenMP decides
 * shared_bytes  memory for physics that trials share, GB_SWEEP_SHARED_BYTES or what there is; 0:
 *               every trial computes its own. No result depends on it */
enum gb_status gb_sweep_run(const struct gb_sweep *sweep, int n_threads, size_t shared_bytes,
                            struct gb_journal *journal, const struct gb_sweep_watch *watch,
                            struct gb_error *err);

#endif
