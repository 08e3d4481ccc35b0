#include "models/fit/resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "sim/tally.h"

void gb_fit_draw_weights(double *weights, size_t n, uint32_t resample)
{
    struct gb_key key = gb_key_make(0, 0, GB_PURPOSE_BOOTSTRAP);

    memset(weights, 0, n * sizeof *weights);
    for (size_t i = 0; i < n; i++) {
        double uniform = gb_draw_uniform(gb_draw_at(key, resample, 0, (uint32_t)i, 0));
        weights[(size_t)(uniform * (double)n)] += 1;
    }
}

enum gb_status gb_fit_resample(struct gb_fit *fit, gb_weighted_estimator *estimate,
                               const void *context, size_t n_blocks, struct gb_error *err)
{
    double *weights = malloc((n_blocks + 1) * sizeof *weights);
    double values[GB_FITTED_MOST], again[GB_FITTED_MOST];
    struct gb_tally spread[GB_FITTED_MOST];
    enum gb_status status = GB_OK;

    if (!weights)
        return gb_fail(err, GB_ENOMEM, "no memory for the weights of %zu blocks", n_blocks);
    for (size_t i = 0; i < n_blocks; i++)
        weights[i] = 1;
    for (size_t i = 0; i < GB_FITTED_MOST; i++)
        gb_tally_init(&spread[i]);
    status = estimate(context, weights, NULL, values, err);
    for (uint32_t r = 0; status == GB_OK && r < GB_FIT_RESAMPLES; r++) {
        gb_fit_draw_weights(weights, n_blocks, r);
        status = estimate(context, weights, values, again, err);
        for (size_t i = 0; status == GB_OK && i < fit->n_estimates; i++)
            gb_tally_add(&spread[i], again[i]);
    }
    for (size_t i = 0; status == GB_OK && i < fit->n_estimates; i++) {
        fit->estimates[i].value = values[i];
        fit->estimates[i].error = sqrt(gb_tally_variance(&spread[i]));
    }
    fit->n_blocks = n_blocks;
    free(weights);
    return status;
}
