#include "models/fit/lags.h"

#include <math.h>

#include "sim/tally.h"

struct gb_blocks gb_blocks_of(const struct gb_fit_data *data, int64_t length_s)
{
    int64_t first_s, end_s;

    gb_fit_span(data, &first_s, &end_s);
    return (struct gb_blocks){first_s, length_s,
                              (size_t)((end_s - first_s + length_s - 1) / length_s)};
}

/* The steps of a channel that begin in a block. */
struct stretch {
    size_t first, end;
};

static size_t first_from(const struct gb_fit_channel *channel, int64_t time_s)
{
    int64_t step = time_s <= channel->start_s
                       ? 0
                       : (time_s - channel->start_s + channel->step_s - 1) / channel->step_s;

    return (size_t)step < channel->n ? (size_t)step : channel->n;
}

static struct stretch stretch_of(const struct gb_fit_channel *channel,
                                 const struct gb_blocks *blocks, size_t block)
{
    int64_t begin_s = blocks->start_s + (int64_t)block * blocks->length_s;

    return (struct stretch){first_from(channel, begin_s),
                            first_from(channel, begin_s + blocks->length_s)};
}

static struct gb_weighted_tally tally_latents(const struct gb_fit_data *data,
                                              const struct gb_blocks *blocks, double *const *z,
                                              const double *weights)
{
    struct gb_weighted_tally all = {0};

    for (size_t k = 0; k < data->n; k++)
        for (size_t b = 0; b < blocks->n; b++) {
            struct stretch of = stretch_of(&data->channels[k], blocks, b);
            for (size_t i = of.first; i < of.end; i++)
                if (!isnan(z[k][i]))
                    gb_weighted_tally_add(&all, z[k][i], weights[b]);
        }
    return all;
}

/* Adds the products of one channel's pairs that begin in a block. */
static void add_products(const double *z, double mean, size_t n, struct stretch of, size_t lag,
                         double weight, double *sum, double *all)
{
    size_t end = of.end + lag <= n ? of.end : n > lag ? n - lag : 0;

    for (size_t i = of.first; i < end; i++) {
        double product = (z[i] - mean) * (z[i + lag] - mean);
        if (!isnan(product)) {
            *sum += weight * product;
            *all += weight;
        }
    }
}

static double correlation_at(const struct gb_fit_data *data, const struct gb_blocks *blocks,
                             double *const *z, const double *weights,
                             const struct gb_weighted_tally *latents, size_t lag)
{
    double mean = gb_weighted_tally_mean(latents), sd = gb_weighted_tally_sd(latents);
    double sum = 0, all = 0;

    for (size_t k = 0; k < data->n; k++)
        for (size_t b = 0; b < blocks->n; b++)
            if (weights[b] > 0)
                add_products(z[k], mean, data->channels[k].n,
                             stretch_of(&data->channels[k], blocks, b), lag, weights[b], &sum,
                             &all);
    return all > 0 ? sum / all / (sd * sd) : NAN;
}

double gb_lag_correlation(const struct gb_fit_data *data, const struct gb_blocks *blocks,
                          double *const *z, const double *weights, size_t lag)
{
    struct gb_weighted_tally latents = tally_latents(data, blocks, z, weights);

    return correlation_at(data, blocks, z, weights, &latents, lag);
}

void gb_lag_correlations(const struct gb_fit_data *data, const struct gb_blocks *blocks,
                         double *const *z, const double *weights, size_t n_lags, double *out)
{
    struct gb_weighted_tally latents = tally_latents(data, blocks, z, weights);

    for (size_t lag = 1; lag <= n_lags; lag++)
        out[lag - 1] = correlation_at(data, blocks, z, weights, &latents, lag);
}
