/* How a rank of MPI waits without taking a core: it looks, and sleeps ever longer while there is
 * nothing to see. */
#ifndef EXPERIMENTS_SWEEP_RANKS_PAUSE_H
#define EXPERIMENTS_SWEEP_RANKS_PAUSE_H

#include <time.h>

#define GB_RANKS_SHORTEST_SLEEP_NS 400000
#define GB_RANKS_LONGEST_SLEEP_NS 4000000

/* Sleeps between two looks.
 * sleep_ns  begins as GB_RANKS_SHORTEST_SLEEP_NS; twice as long for the next time, to the longest
 */
static inline void gb_ranks_pause(long *sleep_ns)
{
    const struct timespec pause = {0, *sleep_ns};

    nanosleep(&pause, NULL);
    *sleep_ns =
        2 * *sleep_ns < GB_RANKS_LONGEST_SLEEP_NS ? 2 * *sleep_ns : GB_RANKS_LONGEST_SLEEP_NS;
}

#endif
