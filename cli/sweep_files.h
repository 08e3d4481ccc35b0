/* The files of a sweep: the journal that is begun, taken up or refused, and the result that is
 * built from it. The journal stays beside the result until that has every trial. */
#ifndef CLI_SWEEP_FILES_H
#define CLI_SWEEP_FILES_H

#include <stdbool.h>

#include "analysis/journal.h"
#include "analysis/plan.h"
#include "base/status.h"
#include "cli/request.h"
#include "experiments/sweep/part.h"
#include "experiments/sweep/sweep.h"

/* What its result says of a sweep; `program` is longer than any. */
struct gb_sweep_identity {
    char *scenario, *sweep, *work; /* texts; work: both, which a journal belongs to; owned */
    char program[128], libm[40];
    struct gb_sweep_part part;
};
enum gb_status gb_sweep_identify(struct gb_sweep_identity *out, const struct gb_sweep *sweep,
                                 const struct gb_sweep_part *part, struct gb_error *err);
void gb_sweep_identity_clear(struct gb_sweep_identity *identity);

/* "beta-sweep.h5" for "experiments/beta-sweep.yaml", "beta-sweep.shard-2-of-8.h5" for a part of it;
 * to be freed, NULL without memory. */
char *gb_sweep_default_path(const char *input, const struct gb_sweep_part *part);

/* Opens the journal of the result at `path` as the request says: a new one, one that is taken up
 * (--resume) or replaced (--restart). GB_EINPUT where neither was said and trials are there, or
 * where they are of something else.
 * n_trials  of the part
 * journal   out; NULL with GB_OK: --resume, and the result at `path` has all of them already */
enum gb_status gb_sweep_open_journal(struct gb_journal **journal, const struct gb_request *request,
                                     const char *path, const struct gb_sweep_identity *identity,
                                     uint64_t n_trials, struct gb_error *err);
/* Takes what the pilot at `path` says into the sweep: its number of replications; and the trials of
 * the part that it has into the journal, NULL: into none. GB_EINPUT where it is of something else,
 * or not whole. */
enum gb_status gb_sweep_take_pilot(struct gb_sweep *sweep, const char *path,
                                   const struct gb_sweep_identity *identity,
                                   struct gb_journal *journal, struct gb_error *err);
/* Builds the result of what the journal holds and gives it its name. */
enum gb_status gb_sweep_write_result(const char *path, const struct gb_sweep *sweep,
                                     const struct gb_sweep_identity *identity,
                                     const struct gb_plan *plan, struct gb_journal *journal,
                                     struct gb_error *err);

#endif
