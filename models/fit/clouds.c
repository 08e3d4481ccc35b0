/* Clouds: the clear-sky index of global irradiance while the sun is well up, its two modes by
 * maximum likelihood, and the memory of its latent by day and over the night. The clear sky is that
 * of the scenario's site; a site or a zone that is wrong by far shows as an index that no sky has.
 *
 * What is measured is the mean over a step; the memories of the scenario are of the latent at an
 * instant, and means remember more. So the memory is sought under which means over such steps
 * (models/weather/step_means.h) correlate as those of the file do. The modes are those of the
 * means. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include "models/fit/fit.h"
#include "models/fit/lags.h"
#include "models/fit/minimise.h"
#include "models/fit/resample.h"
#include "models/weather/clear_site.h"
#include "models/weather/clouds.h"
#include "models/weather/step_means.h"
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
enum { BINS = 130, ITERATIONS_MOST = 100 }; /* bins of the clear-sky index, 0.01 each */
static const double bin_width = 0.01;
static const double settled = 1e-14; /* of a memory */
static const double shortest_night_h = 4, longest_night_h = 20;

struct sky {
    const struct gb_fit_data *data;
    struct gb_blocks blocks;
    size_t n, n_known;
    double *kc;    /* NAN: unknown, or the sun is low in some part of the step */
    double *dim_h; /* hours of such a step in which it is up */
    double *latent;
};

/* ---- the clear-sky index */

/* Mean irradiance of a cloudless sky over a step; NAN where the sun is low in any part of it.
 * dim_h  out: for how long it is up then, 0 otherwise */
static double clear_over(const struct gb_clear_site *clear, int64_t begin_s, int64_t step_s,
                         double *dim_h)
{
    int64_t n = (step_s + PART_S - 1) / PART_S, n_up = 0;
    double sum = 0;
    bool is_low = false;

    for (int64_t i = 0; i < n; i++) {
        double part = ((double)i + 0.5) * (double)step_s / (double)n;
        struct gb_clear_instant at = gb_clear_site_at(clear, (double)begin_s + part);

        is_low |= 90 - at.sun.apparent_zenith_deg < least_elevation_deg;
        n_up += at.sun.apparent_zenith_deg < 90 ? 1 : 0;
        sum += at.ghi;
    }
    *dim_h = is_low ? (double)n_up / (double)n * (double)step_s / HOUR_S : 0;
    return is_low ? NAN : sum / (double)n;
}

static void set_indices(struct sky *sky)
{
    const struct gb_fit_channel *channel = &sky->data->channels[0];
    struct gb_clear_site clear = gb_clear_site_of(&sky->data->physics->weather.site);

    for (size_t i = 0; i < sky->n; i++) {
        sky->kc[i] =
            channel->values[i] / clear_over(&clear, channel->start_s + (int64_t)i * channel->step_s,
                                            channel->step_s, &sky->dim_h[i]);
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

/* Correlation of the means over two neighbouring steps: over the memory of the instants from the
 * end of the one to the begin of the other, where steps are further apart. */
static double edge_of_steps(const struct sky *sky, double memory_hour)
{
    double step_h = (double)sky->data->channels[0].step_s / HOUR_S;
    struct gb_step_means means = gb_step_means_by_hour(memory_hour, step_h);

    return gb_step_means_covariance(&means, 1) / means.variance;
}

struct means { /* of the model over steps so far apart, which shall correlate as wanted */
    const struct sky *sky;
    double apart_h, wanted;
};

static double too_much(double memory_hour, void *context)
{
    const struct means *means = context;

    return edge_of_steps(means->sky, memory_hour) * pow(memory_hour, means->apart_h) -
           means->wanted;
}

/* Means correlate the more, from 0 to 1, the longer instants remember: there is one such memory. */
static enum gb_status solve(struct means *means, double *memory_hour, struct gb_error *err)
{
    gsl_function function = {too_much, means};
    gsl_root_fsolver *search = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);

    if (!search)
        return gb_fail(err, GB_ENOMEM, "no memory for a search");
    int state =
        gsl_root_fsolver_set(search, &function, 0, 1) == GSL_SUCCESS ? GSL_CONTINUE : GSL_FAILURE;
    for (int i = 0; i < ITERATIONS_MOST && state == GSL_CONTINUE; i++)
        if ((state = gsl_root_fsolver_iterate(search)) == GSL_SUCCESS)
            state = gsl_root_test_interval(gsl_root_fsolver_x_lower(search),
                                           gsl_root_fsolver_x_upper(search), settled, 0);
    *memory_hour = gsl_root_fsolver_root(search);
    gsl_root_fsolver_free(search);
    return state == GSL_SUCCESS
               ? GB_OK
               : gb_fail(err, GB_EINPUT, "the search for the memory of the clouds does not settle");
}

/* The memory over an hour of instants under which the model's means over steps an hour apart, or as
 * near to that as whole steps come, correlate as those of the file do: of one hour, which the key
 * is of, for over more of them measured clouds forget at a lower rate than over the first. */
static enum gb_status fit_day(const struct sky *sky, const double *weights, double *memory_hour,
                              struct gb_error *err)
{
    double step_h = (double)sky->data->channels[0].step_s / HOUR_S;
    size_t lag = (size_t)(1 / step_h + 0.5);
    struct means means = {
        .sky = sky,
        .apart_h = (double)(lag - 1) * step_h,
        .wanted = gb_lag_correlation(sky->data, &sky->blocks, &sky->latent, weights, lag)};

    if (isnan(means.wanted))
        return gb_fail(
            err, GB_EINPUT,
            "expected steps an hour apart with the sun %g degrees up, under a sky that changes",
            least_elevation_deg);
    if (means.wanted > 0 && means.wanted < 1)
        return solve(&means, memory_hour, err);
    *memory_hour = means.wanted > 0 ? 1 : 0;
    return GB_OK;
}

/* Correlation of the last latent of an evening with the first of the next morning, without what the
 * dim hours between them, by which the latent forgets as by day, take away, and what it forgets
 * within the two steps of which there are means. */
static double night_memory(const struct sky *sky, const double *weights, double memory_hour)
{
    double step_h = (double)sky->data->channels[0].step_s / HOUR_S;
    struct gb_weighted_tally all = {0}, product = {0}, kept = {0};
    double dim_h = 0;
    size_t last = SIZE_MAX;

    for (size_t i = 0; i < sky->n; i++)
        if (!isnan(sky->latent[i]))
            gb_weighted_tally_add(&all, sky->latent[i], weight_at(sky, weights, i));
    double mean = gb_weighted_tally_mean(&all), sd = gb_weighted_tally_sd(&all);
    for (size_t i = 0; i < sky->n; i++) {
        dim_h += sky->dim_h[i];
        if (isnan(sky->latent[i]))
            continue;
        double hours = last == SIZE_MAX ? 0 : (double)(i - last) * step_h;
        if (hours > shortest_night_h && hours < longest_night_h) {
            double weight = weight_at(sky, weights, i);
            gb_weighted_tally_add(&product, (sky->latent[last] - mean) * (sky->latent[i] - mean),
                                  weight);
            gb_weighted_tally_add(&kept, pow(memory_hour, dim_h), weight);
        }
        last = i;
        dim_h = 0;
    }
    return gb_weighted_tally_mean(&product) / (sd * sd) /
           (gb_weighted_tally_mean(&kept) * edge_of_steps(sky, memory_hour));
}

/* ---- all of it */

static enum gb_status estimate(const void *context, const double *weights, const double *start,
                               double *out, struct gb_error *err)
{
    const struct sky *sky = context;
    double x[5];
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
    status = fit_day(sky, weights, &out[MEMORY_HOUR], err);
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
    sky.dim_h = malloc((sky.n + 1) * sizeof *sky.dim_h);
    sky.latent = malloc((sky.n + 1) * sizeof *sky.latent);
    if (channel->step_s > HOUR_S)
        status = gb_fail(err, GB_EINPUT, "expected irradiance in steps of an hour at most");
    else if (!sky.kc || !sky.dim_h || !sky.latent)
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu indices", sky.n);
    if (status == GB_OK) {
        set_indices(&sky);
        status = check(&sky, err);
    }
    if (status == GB_OK)
        status = gb_fit_resample(out, estimate, &sky, sky.blocks.n, err);
    out->n_values = sky.n_known;
    free(sky.kc);
    free(sky.dim_h);
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
