/* Products of a latent with itself some steps later, over channels with gaps, each pair with the
 * weight of the block in which it begins. */
#ifndef MODELS_FIT_LAGS_H
#define MODELS_FIT_LAGS_H

#include <stddef.h>
#include <stdint.h>

#include "models/fit/fit.h"

/* The blocks of time of a file: all channels together, for what blows over one blows over all. */
struct gb_blocks {
    int64_t start_s, length_s;
    size_t n;
};
struct gb_blocks gb_blocks_of(const struct gb_fit_data *data, int64_t length_s);

static inline size_t gb_block_at(const struct gb_blocks *blocks, int64_t time_s)
{
    return (size_t)((time_s - blocks->start_s) / blocks->length_s);
}

/* Correlation of the latent z of every channel (an array a channel; NAN: unknown) over 1 to n_lags
 * steps, its own weighted mean and variance taken out. NAN for a lag of which there is no pair. */
void gb_lag_correlations(const struct gb_fit_data *data, const struct gb_blocks *blocks,
                         double *const *z, const double *weights, size_t n_lags, double *out);
/* The same over `lag` steps alone, at least 1. */
double gb_lag_correlation(const struct gb_fit_data *data, const struct gb_blocks *blocks,
                          double *const *z, const double *weights, size_t lag);

#endif
