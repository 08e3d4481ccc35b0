/* How many replications a precision takes, in two stages: a pilot says how much they vary, and from
 * that follows one number, fixed before the rest is run. Nothing is looked at on the way, so the
 * interval at the end holds the truth as often as it says, which one that stops when it is narrow
 * enough does not.
 * source  C. Stein, Annals of Mathematical Statistics 16 (1945) 243-258 */
#ifndef ANALYSIS_STOPPING_H
#define ANALYSIS_STOPPING_H

#include <stdbool.h>
#include <stddef.h>

#define GB_MIN_PILOT 30 /* replications: fewer say too little about how much they vary */

struct gb_precision {
    double half_width, level; /* in the quantity's unit; 0.95 */
    size_t pilot, max;        /* replications: the first stage, and the most of both */
};

struct gb_replications {
    size_t n;
    bool is_enough; /* false: max stopped it, the half width is not reached */
};

/* max(pilot, ceil((t s / half_width)^2)), at most max; t with pilot - 1 degrees of freedom.
 * standard_deviation  of the pilot's replications, of the paired difference where two cells are
 *                     compared; NaN, of a pilot that has none, gives max */
struct gb_replications gb_replications_needed(const struct gb_precision *precision,
                                              double standard_deviation);

#endif
