/* Statistics over trials: the trial is the sampling unit, intervals are Student's t. */
#ifndef ANALYSIS_STATISTICS_H
#define ANALYSIS_STATISTICS_H

#include <stddef.h>

#define GB_CONFIDENCE 0.95              /* of every interval that is shown */

struct gb_interval {
    double mean, half_width;            /* half_width NaN below two values */
    size_t n, n_nan;                    /* values used; values left out for being NaN */
};

/* The t quantile at `probability` (0 to 1, exclusive) with `degrees` of freedom. */
double gb_t_quantile(double probability, double degrees);

/* Mean of the values that are numbers, with its two-sided t interval.
 * mean is NaN of no value; half_width is infinite never, NaN below two values
 * source  mean +- t_{(1 + level)/2, n - 1} s / sqrt(n) */
struct gb_interval gb_t_interval(const double *values, size_t n, double level);

/* The same of the differences a[i] - b[i]: trials of equal index share their draws, so their noise
 * cancels. A pair with a NaN is left out and counted. */
struct gb_interval gb_paired_interval(const double *a, const double *b, size_t n, double level);

#endif
