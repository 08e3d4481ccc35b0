/* The trials of a sweep that are still to be run, the largest first, so that none of them is left
 * over when everybody else is done; among those of about one size the replications in their order,
 * so that a sweep that is interrupted has as many of each cell, and trials on the same draws stand
 * together. Whoever takes trials takes few of the large and many of the small, and ever fewer
 * towards the end. The order hangs on the scenarios alone, never on a clock. */
#ifndef EXPERIMENTS_SWEEP_QUEUE_H
#define EXPERIMENTS_SWEEP_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/journal.h"
#include "base/status.h"
#include "experiments/sweep/part.h"
#include "experiments/sweep/sweep.h"

struct gb_trial_queue; /* closed; whoever shares it calls one at a time */

/* The trials of a part that the journal does not have. */
enum gb_status gb_trial_queue_create(struct gb_trial_queue **out, const struct gb_sweep *sweep,
                                     const struct gb_sweep_part *part,
                                     const struct gb_journal *journal, struct gb_error *err);
void gb_trial_queue_free(struct gb_trial_queue *queue);
/* How many there were to take. */
size_t gb_trial_queue_n(const struct gb_trial_queue *queue);
/* Takes the next trials: one of them, or as many of the small ones, up to `max`, as are an eighth
 * of a taker's share of what is left.
 * n_takers  who take from the queue, at least 1
 * returns   how many; 0: none is left */
size_t gb_trial_queue_take(struct gb_trial_queue *queue, size_t n_takers, uint64_t *trials,
                           size_t max);

#endif
