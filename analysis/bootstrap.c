#include "analysis/bootstrap.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/order_statistics.h"
#include "base/random.h"

#define MAX_FRACTION_LOST 0.01 /* of resamples, all of whose values may be the same */

static struct gb_key key(void)
{
    return gb_key_make(0, 0, GB_PURPOSE_BOOTSTRAP);
}

/* A word times n, the high half: 0 to n - 1, off equal chances by less than n / 2^32. */
static void fill_places(uint32_t *places, uint32_t n, struct gb_key of, uint32_t resample)
{
    for (uint32_t i = 0; i < n; i += 4) {
        struct gb_draw draw = gb_draw_at(of, resample, 0, i / 4, 0);

        for (uint32_t w = 0; w < 4 && i + w < n; w++)
            places[i + w] = (uint32_t)((uint64_t)draw.words[w] * n >> 32);
    }
}

void gb_bootstrap_places(uint32_t *places, uint32_t n, uint32_t resample)
{
    fill_places(places, n, key(), resample);
}

/* Replications that have a number in every cell, moved to the front of own arrays. */
struct complete {
    struct gb_sample *samples;
    double *values; /* what they point to */
    size_t n;
};

static void keep_complete(struct complete *out, const struct gb_sample *samples, size_t n_samples,
                          size_t n, const double *linear)
{
    for (size_t j = 0; j < n_samples; j++) {
        double *x = out->values + 2 * j * n, *y = x + n;
        size_t k = 0;

        for (size_t i = 0; i < n; i++)
            if (!isnan(linear[i])) {
                x[k] = samples[j].x[i];
                y[k++] = samples[j].y ? samples[j].y[i] : 1.0;
            }
        out->samples[j] = (struct gb_sample){x, samples[j].y ? y : NULL};
        out->n = k;
    }
}

/* returns the number of resamples that have a t, ascending in `t` */
static size_t resample_t(double *t, const struct complete *data, const double *weights,
                         size_t n_samples, uint32_t n_resamples, double estimate, uint32_t *places,
                         double *linear)
{
    struct gb_key of = key();
    size_t n_t = 0;

    for (uint32_t b = 0; b < n_resamples; b++) {
        fill_places(places, (uint32_t)data->n, of, b);
        struct gb_contrast again =
            gb_contrast_estimate(data->samples, weights, n_samples, data->n, places, linear);
        if (again.standard_error > 0.0)
            t[n_t++] = (again.estimate - estimate) / again.standard_error;
    }
    gb_order_sample(t, n_t);
    return n_t;
}

static void set_bounds(struct gb_confidence_interval *out, const double *t, size_t n_t,
                       uint32_t n_resamples, double standard_error, double level)
{
    if ((double)n_t < (1.0 - MAX_FRACTION_LOST) * (double)n_resamples) {
        out->kind = GB_INTERVAL_LOST;
        return;
    }
    out->lower = out->estimate - gb_quantile(t, n_t, (1.0 + level) / 2.0) * standard_error;
    out->upper = out->estimate - gb_quantile(t, n_t, (1.0 - level) / 2.0) * standard_error;
}

bool gb_bootstrap_interval(struct gb_confidence_interval *out, const struct gb_sample *samples,
                           const double *weights, size_t n_samples, size_t n, uint32_t n_resamples,
                           double level)
{
    struct complete data = {calloc(n_samples, sizeof *data.samples),
                            calloc(2 * n_samples * (n + 1), sizeof *data.values), 0};
    double *linear = calloc(n + 1, sizeof *linear), *t = calloc(n_resamples + 1, sizeof *t);
    uint32_t *places = calloc(n + 1, sizeof *places);
    bool ok = data.samples && data.values && linear && t && places;

    assert(n_resamples >= 100 && n < UINT32_MAX);
    if (ok) {
        struct gb_contrast contrast =
            gb_contrast_estimate(samples, weights, n_samples, n, NULL, linear);

        *out = gb_contrast_interval(&contrast, level);
        out->lower = out->upper = NAN;
        keep_complete(&data, samples, n_samples, n, linear);
        if (contrast.standard_error > 0.0 && data.n < GB_BOOTSTRAP_MIN_N) {
            out->kind = GB_INTERVAL_FEW;
        } else if (contrast.standard_error > 0.0) {
            size_t n_t = resample_t(t, &data, weights, n_samples, n_resamples, contrast.estimate,
                                    places, linear);
            set_bounds(out, t, n_t, n_resamples, contrast.standard_error, level);
        }
    }
    free(data.samples);
    free(data.values);
    free(linear);
    free(t);
    free(places);
    return ok;
}
