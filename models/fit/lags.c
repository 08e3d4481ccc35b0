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

void gb_lag_correlations(const struct gb_fit_data *data, const struct gb_blocks *blocks,
                         double *const *z, const double *weights, size_t n_lags, double *out)
{
    struct gb_weighted_tally all = {0};

    for (size_t k = 0; k < data->n; k++)
        for (size_t i = 0; i < data->channels[k].n; i++)
            if (!isnan(z[k][i]))
                gb_weighted_tally_add(
                    &all, z[k][i],
                    weights[gb_block_at(blocks, data->channels[k].start_s +
                                                    (int64_t)i * data->channels[k].step_s)]);
    double mean = gb_weighted_tally_mean(&all), sd = gb_weighted_tally_sd(&all);
    for (size_t lag = 1; lag <= n_lags; lag++) {
        double sum = 0, weight = 0;

        for (size_t k = 0; k < data->n; k++) {
            const struct gb_fit_channel *channel = &data->channels[k];
            for (size_t i = 0; i + lag < channel->n; i++) {
                double product = (z[k][i] - mean) * (z[k][i + lag] - mean);
                double w =
                    weights[gb_block_at(blocks, channel->start_s + (int64_t)i * channel->step_s)];
                if (!isnan(product)) {
                    sum += w * product;
                    weight += w;
                }
            }
        }
        out[lag - 1] = weight > 0 ? sum / weight / (sd * sd) : NAN;
    }
}
