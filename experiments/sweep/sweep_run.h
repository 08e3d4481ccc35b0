/* Running the trials of a sweep into a journal, in threads or by the ranks of MPI. */
#ifndef EXPERIMENTS_SWEEP_SWEEP_RUN_H
#define EXPERIMENTS_SWEEP_SWEEP_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/journal.h"
#include "base/status.h"
#include "experiments/sweep/part.h"
#include "experiments/sweep/ranks.h"
#include "experiments/sweep/sweep.h"
#include "models/assets/realisation.h"

/* Who watches a sweep; every call but should_stop comes from one thread at a time. */
struct gb_sweep_watch {
    void *context;
    bool (*should_stop)(void *context); /* may be asked from any thread at any time */
    void (*done)(void *context, uint64_t n_done, uint64_t n_trials);
    void (*failed)(void *context, uint64_t trial, const struct gb_error *why);
};

#define GB_SWEEP_SHARED_BYTES ((size_t)64 << 20)

struct gb_sweep_run {
    const struct gb_sweep *sweep;
    struct gb_sweep_part part;
    struct gb_ranks *ranks;      /* n is 1 where there is this process alone */
    int n_threads;               /* 0: as OpenMP decides; of ranks each runs one trial at a time */
    size_t shared_bytes;         /* memory of a process for physics that trials share, as
                                  * GB_SWEEP_SHARED_BYTES; 0: every trial computes its own. No result
                                  * depends on it */
    struct gb_journal *journal;  /* of rank 0; the others have none */
    struct gb_sweep_watch watch; /* of rank 0; of the others `should_stop` alone */
};

/* Runs what the journal does not have yet, appending each record as its trial finishes; on another
 * rank than 0, what that one hands out. A trial that fails is reported and stops no other. What is
 * finished is in the journal whatever is returned: GB_EINTERRUPTED when it was asked to stop,
 * GB_EFILE when the journal cannot be written. */
enum gb_status gb_sweep_run(const struct gb_sweep_run *run, struct gb_error *err);

/* One trial alone, which is kept nowhere.
 * shared  where its physics is kept or found; NULL: nowhere
 * record  fresh; the caller frees it */
enum gb_status gb_sweep_run_trial(const struct gb_sweep *sweep, struct gb_realisations *shared,
                                  uint64_t trial, struct gb_record **record, struct gb_error *err);

#endif
