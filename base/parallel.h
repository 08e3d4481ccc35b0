/* When a sweep over meters is shared out among threads: where there are so many that a second core
 * pays, and a team waits for it (base/parts.h) or one can be made: not in the trials of a sweep,
 * which are shared out already. */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#ifdef _OPENMP
#include <omp.h>
#endif

/* Where a sweep is run a hundred times a trial, ask this before the pragma, not in an `if` of it: a
 * team is made, of one thread, and costs a thousand instructions also where the `if` says no. */

/* Threads that wait for the next sweep burn time, too. */
enum { GB_PARALLEL_FROM = 1 << 14 };

/* Sweeps that the calling thread shares out from now on have n threads. returns how many they had
 */
static inline int gb_set_threads(int n)
{
#ifdef _OPENMP
    int before = omp_get_max_threads();

    omp_set_num_threads(n);
    return before;
#else
    (void)n;
    return 1;
#endif
}

/* n  meters of the sweep */
static inline bool gb_is_worth_threads(size_t n)
{
#ifdef _OPENMP
    return n >= GB_PARALLEL_FROM &&
           (omp_in_parallel() ? omp_get_num_threads() : omp_get_max_threads()) > 1;
#else
    (void)n;
    return false;
#endif
}

#endif
