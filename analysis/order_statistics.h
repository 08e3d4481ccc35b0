/* Quantiles of a sample with intervals that hold for any continuous distribution: two of the values
 * themselves, chosen by the binomial distribution of how many lie below the quantile. */
#ifndef ANALYSIS_ORDER_STATISTICS_H
#define ANALYSIS_ORDER_STATISTICS_H

#include <stddef.h>

#include "analysis/statistics.h"

/* Puts a sample in ascending order. */
void gb_order_sample(double *values, size_t n);

/* The quantile at `probability` of values in ascending order, interpolated linearly between the
 * two nearest; NaN of none.
 * source  R. J. Hyndman, Y. Fan, The American Statistician 50 (1996) 361-365, definition 7 */
double gb_quantile(const double *sorted, size_t n, double probability);

/* The same with an interval between two order statistics that holds the quantile with at least
 * `level`, at most (1 - level) / 2 beyond either end; no bounds where n values are too few for
 * that. source  W. J. Conover, Practical Nonparametric Statistics, 3rd ed. (1999), section 3.2 */
struct gb_confidence_interval gb_quantile_interval(const double *sorted, size_t n,
                                                   double probability, double level);

#endif
