/* Statistics over trials: the trial is the sampling unit. Means and paired differences carry
 * Student's t interval; a ratio of sums, which every percentage is, carries Fieller's. */
#ifndef ANALYSIS_STATISTICS_H
#define ANALYSIS_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/tally.h"

#define GB_CONFIDENCE 0.95   /* of every interval that is shown */
#define GB_FIELLER_LIMIT 0.1 /* of (t sd(y) / (sqrt(n) mean y))^2: beyond, y is not divided by */

enum gb_interval_kind {
    GB_INTERVAL_USUAL,     /* bounds wherever there are two values */
    GB_INTERVAL_CONSTANT,  /* two values or more, all of them equal: no bounds */
    GB_INTERVAL_NEAR_ZERO, /* a ratio whose denominator is not clear of 0: no number */
    GB_INTERVAL_FEW,       /* too few values to be drawn anew: no bounds */
    GB_INTERVAL_LOST       /* too many resamples in which nothing varies: no bounds */
};

struct gb_confidence_interval {
    double estimate;     /* mean, or ratio of sums; NaN: there is none */
    double lower, upper; /* both NaN: no bounds can be given */
    size_t n, n_nan;     /* values used; values left out for being NaN */
    enum gb_interval_kind kind;
};

static inline bool gb_interval_has_bounds(const struct gb_confidence_interval *interval)
{
    return interval->lower <= interval->upper;
}
/* The interval of `factor` times the quantity; a negative factor turns it round. */
struct gb_confidence_interval gb_interval_scaled(struct gb_confidence_interval interval,
                                                 double factor);

/* The t quantile at `probability` (0 to 1, exclusive) with `degrees` of freedom. */
double gb_t_quantile(double probability, double degrees);

/* Mean and interval of what was added to a tally, n_nan values having been left out of it. */
struct gb_confidence_interval gb_tally_interval(const struct gb_tally *tally, size_t n_nan,
                                                double level);

/* Mean of the values that are numbers, with its two-sided t interval.
 * estimate is NaN of no value; there are no bounds below two values
 * source  mean +- t_{(1 + level)/2, n - 1} s / sqrt(n) */
struct gb_confidence_interval gb_t_interval(const double *values, size_t n, double level);

/* The ratio R = sum x / sum y with Fieller's interval, the set of all rho for which
 * |mean(x - rho y)| <= t sd(x - rho y) / sqrt(n): not symmetric, and right where trials differ
 * in size, which the mean of the trials' own ratios is not. A pair with a NaN is left out and
 * counted.
 * kind    GB_INTERVAL_NEAR_ZERO, and no estimate, where (t sd(y) / (sqrt(n) mean y))^2 >
 * GB_FIELLER_LIMIT: what stands below the line is then known too badly to divide by source  E. C.
 * Fieller, J. R. Stat. Soc. B 16 (1954) 175-185; the bound 0.1 is that of D. J. Finney, Statistical
 * Method in Biological Assay (1978), section 4.12 */
struct gb_confidence_interval gb_ratio_interval(const double *x, const double *y, size_t n,
                                                double level);

/* The same over the size of what stands below the line, whatever its sign: sum x / |sum y|, as
 * every share is where bills may be below 0. */
struct gb_confidence_interval gb_share_interval(const double *x, const double *y, size_t n,
                                                double level);

/* That of pairs, sum x / sum y, which are not kept but pass twice, in the same order: all 0 before
 * the first pass, which adds up, while the second adds the residuals of pairs around what has come
 * out. One pair alone has no bounds and needs no second pass. */
struct gb_ratio_sums {
    size_t n, n_nan;
    double x, y;       /* sums */
    double dd, dy, yy; /* squares and products of d = x - R y and of y around its mean */
};
void gb_ratio_add(struct gb_ratio_sums *sums, double x, double y);
void gb_ratio_add_residual(struct gb_ratio_sums *sums, double x, double y);
struct gb_confidence_interval gb_ratio_sums_interval(const struct gb_ratio_sums *sums,
                                                     double level);

#endif
