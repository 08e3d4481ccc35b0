/* The wake-ups of which it is certain that nobody learns anything before them: no block becomes
 * stable, no slot opens, closes or is metered. Whoever wakes up then sees what he would see now,
 * whatever the others do until then, so that all of them may be asked now, in one batch. */
#ifndef EXPERIMENTS_RUN_LOOKAHEAD_H
#define EXPERIMENTS_RUN_LOOKAHEAD_H

#include "experiments/run/gateway.h"

struct gb_run_wake_up {
    int64_t time_ns;
    uint64_t rank; /* of those at one time the smaller is first */
    uint64_t what; /* the event's word a */
};

struct gb_run_lookahead {         /* written by lookahead.c alone */
    struct gb_run_wake_up *found; /* in the order in which they come */
    size_t n, capacity;
};

void gb_run_lookahead_clear(struct gb_run_lookahead *ahead);
/* Finds the events of this action that are ahead.
 * action  of wake-ups, each of which sends a message at most. None is found after a failure */
void gb_run_lookahead_find(struct gb_run_lookahead *ahead, const struct gb_run_environment *env,
                           const struct gb_run_gateway *gateway, gb_event_action *action);

#endif
