/* An estimate and its standard error by the bootstrap: blocks of the data that hardly depend on
 * each other are drawn with replacement, which gives each a weight, and the estimate is made again
 * under those weights.
 * source  A. C. Davison, D. V. Hinkley, Bootstrap Methods and their Application, 1997, 8.2.3 */
#ifndef MODELS_FIT_RESAMPLE_H
#define MODELS_FIT_RESAMPLE_H

#include "base/status.h"
#include "models/fit/fit.h"

/* How often each of n blocks is drawn in a resample, by keyed draws. */
void gb_fit_draw_weights(double *weights, size_t n, uint32_t resample);

/* Estimates n numbers from data whose block b counts weights[b] times.
 * start  where to search from; NULL: from the model's defaults */
typedef enum gb_status gb_weighted_estimator(const void *context, const double *weights,
                                             const double *start, double *out,
                                             struct gb_error *err);

/* Fills value and error of every estimate of `fit`, whose keys and number are set. */
enum gb_status gb_fit_resample(struct gb_fit *fit, gb_weighted_estimator *estimate,
                               const void *context, size_t n_blocks, struct gb_error *err);

#endif
