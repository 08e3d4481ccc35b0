/* Contrasts of cells: weighted sums of what is estimated in each of several cells, over
 * replications that all of them have. The paired difference of two cells is the contrast with
 * weights 1 and -1, a main effect one with 1/m and -1/m over many.
 *
 * Each estimate is written as its linear part, one value a replication: x_i - mean of a mean,
 * (x_i - R y_i) / mean y of a ratio of sums. The weighted sum of these values over the cells, taken
 * replication by replication so that shared draws cancel, has the standard error of the contrast.
 * source  delta method, W. G. Cochran, Sampling Techniques (1977), sections 6.3 and 6.7 */
#ifndef ANALYSIS_CONTRAST_H
#define ANALYSIS_CONTRAST_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/statistics.h"
#include "sim/tally.h"

#define GB_POWER 0.80 /* of a smallest detectable difference that is shown */

/* What one cell has of a quantity, by replication: a mean over x, or with y the ratio
 * sum x / |sum y|. Arrays of all samples of a contrast are of equal length, and equal places share
 * their draws. */
struct gb_sample {
    const double *x, *y; /* y NULL: a mean */
};

enum gb_contrast_kind {
    GB_CONTRAST_ESTIMATED, /* with a standard error from two replications on */
    GB_CONTRAST_EQUAL,     /* 0 in every replication: nothing to test */
    GB_CONTRAST_CONSTANT,  /* the same in every replication, and not 0: deterministic */
    GB_CONTRAST_NEAR_ZERO, /* a ratio's denominator is not clear of 0, or of either sign */
    GB_CONTRAST_NOTHING    /* no replication has a number in every cell */
};

struct gb_contrast {
    double estimate;       /* NaN: none */
    double standard_error; /* NaN: none can be given */
    size_t n, n_nan;       /* replications used; left out since some cell has no number there */
    enum gb_contrast_kind kind;
};

/* The contrast sum over j of weights[j] times the estimate of samples[j].
 * n       replications of every sample
 * places  n places in the samples' arrays, one of them perhaps several times: a resample; NULL:
 * each once linear  scratch of n numbers: on return the weighted sum of the linear parts, NaN where
 * a replication was left out */
struct gb_contrast gb_contrast_estimate(const struct gb_sample *samples, const double *weights,
                                        size_t n_samples, size_t n, const uint32_t *places,
                                        double *linear);

/* Its estimate alone, each replication once. */
double gb_contrast_value(const struct gb_sample *samples, const double *weights, size_t n_samples,
                         size_t n, double *linear);

/* The same of one mean alone, of weight 1, whose values are not kept but pass twice: init, then all
 * of them to the first call, and again to the second, which adds the linear part. They are numbers.
 */
struct gb_mean_sums {
    size_t n;
    double sum, largest; /* largest: of their magnitudes */
    struct gb_tally linear;
};
void gb_mean_init(struct gb_mean_sums *sums);
void gb_mean_add(struct gb_mean_sums *sums, double value);
void gb_mean_add_linear(struct gb_mean_sums *sums, double value);
struct gb_contrast gb_mean_contrast(const struct gb_mean_sums *sums);

/* estimate -+ t standard_error with n - 1 degrees of freedom; without bounds where nothing varies.
 */
struct gb_confidence_interval gb_contrast_interval(const struct gb_contrast *contrast,
                                                   double level);
/* Two-sided p of a contrast of 0 by Student's t; NaN where there is no standard error. */
double gb_contrast_p(const struct gb_contrast *contrast);
/* The smallest true contrast that a test at 1 - level finds with that power, to a good
 * approximation: (t_{(1 + level)/2} + t_{power}) standard_error; NaN likewise.
 * source  G. W. Snedecor, W. G. Cochran, Statistical Methods, 8th ed. (1989), section 6.14 */
double gb_contrast_detectable(const struct gb_contrast *contrast, double level, double power);

#endif
