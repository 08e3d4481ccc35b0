/* Intervals of contrasts by the studentised bootstrap, where Student's t is in doubt. Replications
 * are drawn anew, with all they have in every cell; t is estimated in each resample, and its
 * quantiles take the place of Student's.
 *
 * The draws are addressed by resample and place: every row of a table whose replications are as
 * many sees the same resamples, on any number of threads. */
#ifndef ANALYSIS_BOOTSTRAP_H
#define ANALYSIS_BOOTSTRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/contrast.h"

#define GB_BOOTSTRAP_MIN_N 30 /* replications: below, resamples say little about the tails of t */

/* Fills places[0..n-1] with the resample of that number: places 0 to n - 1, each drawn with equal
 * chance. */
void gb_bootstrap_places(uint32_t *places, uint32_t n, uint32_t resample);

/* The interval estimate - t*_{(1 + level)/2} s to estimate - t*_{(1 - level)/2} s, t* = (estimate
 * of a resample - estimate) / (its standard error); no bounds below GB_BOOTSTRAP_MIN_N
 * replications (GB_INTERVAL_FEW), where the contrast itself has no standard error, or where more
 * than one in a hundred resamples has none (GB_INTERVAL_LOST): they are of equal values.
 * n_resamples  at least 100 (asserted); 2000 for the ends of a 95 % interval
 * out          untouched where false is returned: no memory
 * source       B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), section 12.5 */
bool gb_bootstrap_interval(struct gb_confidence_interval *out, const struct gb_sample *samples,
                           const double *weights, size_t n_samples, size_t n, uint32_t n_resamples,
                           double level);

#endif
