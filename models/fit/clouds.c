/* Clouds: the clear-sky index of global irradiance while the sun is well up, its two modes by
 * maximum likelihood, and the memory of its latent by day and over the night. The clear sky is that
 * of the scenario's site; a site or a zone that is wrong by far shows as an index that no sky has.
 *
 * What is measured is the mean over a step, so steps should be those over which the model's clouds
 * stand still: an hour or less (models/weather/weather.h). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "models/fit/fit.h"
#include "models/fit/lags.h"
#include "models/fit/minimise.h"
#include "models/fit/resample.h"
#include "models/weather/clear_site.h"
#include "models/weather/clouds.h"
#include "sim/tally.h"

enum { HOUR_S = 3600, DAY_S = 86400, BLOCK_S = 7 * DAY_S, PART_S = 300, LEAST_BLOCKS = 8 };
enum { DARK_WEIGHT, DARK_MEAN, DARK_SD, CLEAR_MEAN, CLEAR_SD, MEMORY_HOUR, MEMORY_NIGHT, N_KEYS };
static const size_t places[N_KEYS] = {
    [DARK_WEIGHT] = GB_FIT_PLACE(weather.clouds.dark_weight),
    [DARK_MEAN] = GB_FIT_PLACE(weather.clouds.dark_mean),
    [DARK_SD] = GB_FIT_PLACE(weather.clouds.dark_sd),
    [CLEAR_MEAN] = GB_FIT_PLACE(weather.clouds.clear_mean),
    [CLEAR_SD] = GB_FIT_PLACE(weather.clouds.clear_sd),
    [MEMORY_HOUR] = GB_FIT_PLACE(weather.clouds.acf_hour),
    [MEMORY_NIGHT] = GB_FIT_PLACE(weather.clouds.overnight),
};
/* Below, mountains, haze and the diffuse light decide, and the ratio of two small numbers. */
static const double least_elevation_deg = 10;
enum { BINS = 130 }; /* of the clear-sky index, 0.01 each */
static const double bin_width = 0.01, reach_h = 4;
static const double shortest_night_h = 4, longest_night_h = 20;

struct sky {
    const struct gb_fit_data *data;
    struct gb_blocks blocks;
    size_t n, n_known;
    double *kc;   /* NAN: unknown, or the sun is low */
    bool *is_dim; /* is it up, but low, in some part of the step? */
    double *latent;
};

/* ---- the clear-sky index */

/* Mean irradiance of a cloudless sky over a step; NAN where the sun is low in any part of it. */
static double clear_over(const struct gb_clear_site *clear, int64_t begin_s, int64_t step_s,
                         bool *is_dim)
{
    int64_t n = (step_s + PART_S - 1) / PART_S;
    double sum = 0;
    bool is_low = false;

    *is_dim = false;

    for (int64_t i = 0; i < n; i++) {
        double part = ((double)i + 0.5) * (double)step_s / (double)n;
        struct gb_clear_instant at = gb_clear_site_at(clear, (double)begin_s + part);

        is_low |= 90 - at.sun.apparent_zenith_deg < least_elevation_deg;
        *is_dim |= at.sun.apparent_zenith_deg < 90;
        sum += at.ghi;
    }
    *is_dim &= is_low;
    return is_low ? NAN : sum / (double)n;
}

static void set_indices(struct sky *sky)
{
    const struct gb_fit_channel *channel = &sky->data->channels[0];
    struct gb_clear_site clear = gb_clear_site_of(&sky->data->physics->weather.site);

    for (size_t i = 0; i < sky->n; i++) {
        sky->kc[i] =
            channel->values[i] / clear_over(&clear, channel->start_s + (int64_t)i * channel->step_s,
                                            channel->step_s, &sky->is_dim[i]);
        sky->n_known += isnan(sky->kc[i]) ? 0 : 1;
    }
}

/* ---- the two modes */

static double normal_below(double x)
{
    return gsl_cdf_ugaussian_P(x);
}

/* x: logit of the dark weight, dark mean, log dark sd, clear mean, log clear sd */
static struct gb_cloud_modes modes_of(const double *x)
{
    return (struct gb_cloud_modes){gb_share_of_logit(x[0]), x[1], exp(x[2]), x[3], exp(x[4])};
}

static double below(const struct gb_cloud_modes *modes, double kc)
{
    return modes->dark_weight * normal_below((kc - modes->dark_mean) / modes->dark_sd) +
           (1 - modes->dark_weight) * normal_below((kc - modes->clear_mean) / modes->clear_sd);
}

struct histogram {
    double weight[BINS], all;
};

/* Minus the mean log likelihood of binned indices; the outer bins have the tails. */
static double mixture_cost(const double *x, void *context)
{
    const struct histogram *h = context;
    struct gb_cloud_modes modes = modes_of(x);
    double sum = 0, last = 0;

    if (modes.clear_mean <= modes.dark_mean || modes.dark_sd < bin_width ||
        modes.clear_sd < bin_width || modes.dark_mean < 0 || modes.clear_mean > GB_CLOUD_MOST)
        return INFINITY;
    for (size_t bin = 0; bin < BINS; bin++) {
        double up_to = bin + 1 < BINS ? below(&modes, (double)(bin + 1) * bin_width) : 1;

        sum += h->weight[bin] * log(fmax(up_to - last, 1e-300));
        last = up_to;
    }
    return -sum / h->all;
}

static double weight_at(const struct sky *sky, const double *weights, size_t i)
{
    const struct gb_fit_channel *channel = &sky->data->channels[0];

    return weights[gb_block_at(&sky->blocks, channel->start_s + (int64_t)i * channel->step_s)];
}

static enum gb_status fit_modes(const struct sky *sky, const double *weights, const double *start,
                                double x[5], struct gb_error *err)
{
    const struct gb_cloud_config *c = &sky->data->physics->weather.clouds;
    struct histogram h = {.all = 0};
    double weight = start ? start[DARK_WEIGHT] : c->dark_weight;

    for (size_t i = 0; i < sky->n; i++) {
        double weight_here = weight_at(sky, weights, i);
        double kc = fmin(fmax(sky->kc[i], 0), (BINS - 0.5) * bin_width);

        if (isnan(sky->kc[i]))
            continue;
        h.weight[(size_t)(kc / bin_width)] += weight_here;
        h.all += weight_here;
    }
    x[0] = gb_logit(weight);
    x[1] = start ? start[DARK_MEAN] : c->dark_mean;
    x[2] = log(start ? start[DARK_SD] : c->dark_sd);
    x[3] = start ? start[CLEAR_MEAN] : c->clear_mean;
    x[4] = log(start ? start[CLEAR_SD] : c->clear_sd);
    return gb_minimise(mixture_cost, &h, 5, x, 0.05, err);
}

/* ---- the memory of the latent */

static void set_latents(const struct sky *sky, const struct gb_cloud_modes *modes)
{
    for (size_t i = 0; i < sky->n; i++)
        sky->latent[i] =
            isnan(sky->kc[i])
                ? NAN
                : gsl_cdf_ugaussian_Pinv(fmin(fmax(below(modes, sky->kc[i]), 1e-4), 1 - 1e-4));
}

struct day_memory {
    size_t n;
    double step_h, *correlation;
};

/* x: log of minus the log of the memory over an hour */
static double memory_cost(const double *x, void *context)
{
    const struct day_memory *m = context;
    double sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < m->n; i++) {
        double off = exp(-exp(x[0]) * (double)(i + 1) * m->step_h) - m->correlation[i];
        if (!isnan(off)) {
            sum += off * off;
            n++;
        }
    }
    return n > 0 ? sum / (double)n : INFINITY;
}

static enum gb_status fit_day(const struct sky *sky, const double *weights, double start,
                              double *memory_hour, struct gb_error *err)
{
    double step_h = (double)sky->data->channels[0].step_s / HOUR_S;
    size_t n_lags = (size_t)(reach_h / step_h);
    struct day_memory m = {n_lags, step_h, malloc((n_lags + 1) * sizeof *m.correlation)};
    double x = log(-log(start));

    if (!m.correlation)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu correlations", n_lags);
    gb_lag_correlations(sky->data, &sky->blocks, &sky->latent, weights, n_lags, m.correlation);
    enum gb_status status = gb_minimise(memory_cost, &m, 1, &x, 0.1, err);
    *memory_hour = exp(-exp(x));
    free(m.correlation);
    return status;
}

/* Correlation of the last latent of an evening with the first of the next morning, without what
 * the dim hours between them, by which the latent forgets as by day, take away. */
static double night_memory(const struct sky *sky, const double *weights, double memory_hour)
{
    double step_h = (double)sky->data->channels[0].step_s / HOUR_S;
    struct gb_weighted_tally all = {0}, product = {0}, dim_h = {0};
    size_t last = SIZE_MAX, n_dim = 0;

    for (size_t i = 0; i < sky->n; i++)
        if (!isnan(sky->latent[i]))
            gb_weighted_tally_add(&all, sky->latent[i], weight_at(sky, weights, i));
    double mean = gb_weighted_tally_mean(&all), sd = gb_weighted_tally_sd(&all);
    for (size_t i = 0; i < sky->n; i++) {
        n_dim += sky->is_dim[i];
        if (isnan(sky->latent[i]))
            continue;
        double hours = last == SIZE_MAX ? 0 : (double)(i - last) * step_h;
        if (hours > shortest_night_h && hours < longest_night_h) {
            double weight = weight_at(sky, weights, i);
            gb_weighted_tally_add(&product, (sky->latent[last] - mean) * (sky->latent[i] - mean),
                                  weight);
            gb_weighted_tally_add(&dim_h, (double)n_dim * step_h, weight);
        }
        last = i;
        n_dim = 0;
    }
    return gb_weighted_tally_mean(&product) / (sd * sd) /
           pow(memory_hour, gb_weighted_tally_mean(&dim_h));
}

/* ---- all of it */

static enum gb_status estimate(const void *context, const double *weights, const double *start,
                               double *out, struct gb_error *err)
{
    const struct sky *sky = context;
    double x[5], day = sky->data->physics->weather.clouds.acf_hour;
    enum gb_status status = fit_modes(sky, weights, start, x, err);

    if (status != GB_OK)
        return status;
    struct gb_cloud_modes modes = modes_of(x);
    out[DARK_WEIGHT] = modes.dark_weight;
    out[DARK_MEAN] = modes.dark_mean;
    out[DARK_SD] = modes.dark_sd;
    out[CLEAR_MEAN] = modes.clear_mean;
    out[CLEAR_SD] = modes.clear_sd;
    set_latents(sky, &modes);
    status = fit_day(sky, weights, start ? start[MEMORY_HOUR] : day, &out[MEMORY_HOUR], err);
    if (status == GB_OK)
        out[MEMORY_NIGHT] = fmin(fmax(night_memory(sky, weights, out[MEMORY_HOUR]), 0), 1);
    return status;
}

static enum gb_status check(const struct sky *sky, struct gb_error *err)
{
    double highest = 0;

    for (size_t i = 0; i < sky->n; i++)
        if (sky->kc[i] > highest)
            highest = sky->kc[i];
    if (sky->n_known < 24 * LEAST_BLOCKS)
        return gb_fail(
            err, GB_EINPUT,
            "the sun is more than %g degrees up in %zu steps of the file alone: expected "
            "8 weeks at least, and the site of the scenario",
            least_elevation_deg, sky->n_known);
    if (highest > 2.5)
        return gb_fail(err, GB_EINPUT,
                       "irradiance is up to %.1f times that of a cloudless sky: are site.latitude, "
                       "site.longitude, the zone and the label those of the file?",
                       highest);
    return GB_OK;
}

static enum gb_status fit_clouds(struct gb_fit *out, const struct gb_fit_data *data,
                                 struct gb_error *err)
{
    const struct gb_fit_channel *channel = &data->channels[0];
    struct sky sky = {.data = data, .blocks = gb_blocks_of(data, BLOCK_S), .n = channel->n};
    enum gb_status status = GB_OK;

    gb_fit_begin(out, places, N_KEYS, "blocks of 7 days");
    sky.kc = malloc((sky.n + 1) * sizeof *sky.kc);
    sky.is_dim = malloc((sky.n + 1) * sizeof *sky.is_dim);
    sky.latent = malloc((sky.n + 1) * sizeof *sky.latent);
    if (channel->step_s > HOUR_S)
        status = gb_fail(err, GB_EINPUT, "expected irradiance in steps of an hour at most");
    else if (!sky.kc || !sky.is_dim || !sky.latent)
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu indices", sky.n);
    if (status == GB_OK) {
        set_indices(&sky);
        status = check(&sky, err);
    }
    if (status == GB_OK)
        status = gb_fit_resample(out, estimate, &sky, sky.blocks.n, err);
    out->n_values = sky.n_known;
    free(sky.kc);
    free(sky.is_dim);
    free(sky.latent);
    return status;
}

const struct gb_estimator gb_estimator_clouds = {
    .member = {.name = "clouds",
               .summary = "two modes and memory of the clear-sky index of global irradiance"},
    .wants = "global horizontal irradiance",
    .kind = GB_UNIT_IRRADIANCE,
    .si = "W/m2",
    .max_channels = 1,
    .fit = fit_clouds,
};
