/* The calendar of a run: the start of the clock, and for each interval its opening, its gate, its
 * start, its end and its deadline. One event a phase; each opening files the next. What happens
 * then is handed in. */
#ifndef EXPERIMENTS_RUN_SCHEDULE_H
#define EXPERIMENTS_RUN_SCHEDULE_H

#include "experiments/run/environment.h"

/* Order of the phases at one slot boundary (rules, section 1), behind the gate. */
enum gb_run_phase_priority {
    GB_RUN_START = GB_PRIORITY_SLOT, /* open(k) */
    GB_RUN_END,                      /* readings of k - 1 */
    GB_RUN_DEADLINE,                 /* finalize(k - 2) */
    GB_RUN_OPENING,                  /* opening of k + 1 */
    GB_RUN_LATE_QUOTES               /* agents that quote after this boundary */
};

/* What a run does at the moments of its schedule; intervals are called in ascending order. */
struct gb_run_phases {
    void *context;
    void (*clock_start)(void *context);
    void (*opening)(void *context, int64_t interval);
    void (*gate)(void *context, int64_t interval);
    void (*second_gate)(void *context, int64_t interval); /* where there is one */
    void (*start)(void *context, int64_t interval);
    void (*end)(void *context, int64_t interval);
    void (*deadline)(void *context, int64_t interval);
};

struct gb_run_schedule { /* set once */
    const struct gb_run_environment *env;
    struct gb_run_phases phases;
};

/* Files the start of the clock and the first opening; everything else follows from those. The
 * schedule stays where it is as long as the run lasts. */
void gb_run_schedule_start(struct gb_run_schedule *schedule, const struct gb_run_environment *env,
                           const struct gb_run_phases *phases);

#endif
