/* Wind: the daily cycle by least squares over the means of the day's hours, the Weibull law of what
 * is left by maximum likelihood, and the memory of its latent by least squares over correlations.
 * Calms, which an anemometer shows as 0, are known to lie below what it begins to turn at. Of
 * several stations each is brought to the mean speed of all.
 *
 * The Weibull parameters of a scenario are those of speeds over all hours, daily cycle included
 * (models/weather/wind.h). A fast part that fades within a step of the data cannot be told, only
 * its share; its time is then the scenario's. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "models/fit/fit.h"
#include "models/fit/lags.h"
#include "models/fit/minimise.h"
#include "models/fit/resample.h"
#include "models/weather/wind.h"
#include "models/weather/wind_latent.h"
#include "sim/tally.h"

enum { BINS = 48, HOUR_S = 3600, DAY_S = 86400, BLOCK_S = 14 * DAY_S, LAGS_MOST = 144 };
enum { LEAST_BLOCKS = 4, STEPS_MOST = 60 };
enum { K, A, SLOW_SHARE, SLOW_TIME, FAST_TIME, RATIO, PEAK, N_KEYS };
static const size_t places[N_KEYS] = {
    [K] = GB_FIT_PLACE(weather.wind.weibull_k),
    [A] = GB_FIT_PLACE(weather.wind.weibull_a),
    [SLOW_SHARE] = GB_FIT_PLACE(weather.wind.slow_share),
    [SLOW_TIME] = GB_FIT_PLACE(weather.wind.slow_h),
    [FAST_TIME] = GB_FIT_PLACE(weather.wind.fast_h),
    [RATIO] = GB_FIT_PLACE(weather.wind.diurnal_ratio),
    [PEAK] = GB_FIT_PLACE(weather.wind.diurnal_peak_h),
};
static const double calm_quantile = 0.02;
static const double settled = 1e-6; /* Newton's last step, which squares what is wrong, to k */
static const double reach_h = 36;   /* correlations further on are the weather's, not the wind's */

struct observation {
    double speed_ms, log_speed; /* of a calm: of what it is below; NAN: unknown */
    double hour;                /* local, of the middle of its interval */
    uint32_t block;
    bool is_calm;
};

struct site {
    const struct gb_fit_data *data;
    struct gb_blocks blocks;
    size_t n, n_known;
    struct observation *observations; /* channel after channel */
    double bin_hours[BINS];           /* local, the mean of the moments that fell into each */
    double *latent, **latents;        /* of each, and where a channel's begin */
    size_t n_lags;
    bool tells_fast;
};

/* ---- the daily cycle */

struct cycle {
    double amplitude, peak_h;
};

static double factor_at(const struct cycle *cycle, double hour)
{
    return 1 + cycle->amplitude * cos(2 * M_PI * (hour - cycle->peak_h) / 24);
}

static size_t bin_of(const struct observation *o)
{
    return (size_t)(o->hour * BINS / 24) % BINS;
}

/* The middles of hourly means all fall on the beginnings of bins. */
static void set_bin_hours(struct site *site)
{
    size_t counts[BINS] = {0};

    for (size_t i = 0; i < site->n; i++)
        if (!isnan(site->observations[i].speed_ms)) {
            site->bin_hours[bin_of(&site->observations[i])] += site->observations[i].hour;
            counts[bin_of(&site->observations[i])]++;
        }
    for (size_t bin = 0; bin < BINS; bin++)
        site->bin_hours[bin] = counts[bin] > 0 ? site->bin_hours[bin] / (double)counts[bin]
                                               : ((double)bin + 0.5) * 24 / BINS;
}

/* Weighted sums of the speeds in each bin of the local day. */
static void sum_bins(const struct site *site, const double *weights, double sum[BINS],
                     double weight[BINS])
{
    memset(sum, 0, BINS * sizeof *sum);
    memset(weight, 0, BINS * sizeof *weight);
    for (size_t i = 0; i < site->n; i++) {
        const struct observation *o = &site->observations[i];
        size_t bin = bin_of(o);

        if (isnan(o->speed_ms))
            continue;
        sum[bin] += weights[o->block] * (o->speed_ms);
        weight[bin] += weights[o->block];
    }
}

/* Mean speed = m (1 + a cos(2 pi (h - p) / 24)), which is linear in m, m a cos p and m a sin p. */
static enum gb_status fit_cycle(const struct site *site, const double *weights, struct cycle *out,
                                struct gb_error *err)
{
    double sum[BINS], weight[BINS], chi2;
    gsl_matrix *x = gsl_matrix_calloc(BINS, 3), *covariance = gsl_matrix_alloc(3, 3);
    gsl_vector *y = gsl_vector_calloc(BINS), *w = gsl_vector_calloc(BINS);
    gsl_vector *c = gsl_vector_alloc(3);
    gsl_multifit_linear_workspace *work = gsl_multifit_linear_alloc(BINS, 3);
    enum gb_status status = GB_OK;

    if (!x || !covariance || !y || !w || !c || !work) {
        status = gb_fail(err, GB_ENOMEM, "no memory for the daily cycle");
        goto out;
    }
    sum_bins(site, weights, sum, weight);
    for (size_t bin = 0; bin < BINS; bin++) {
        double angle = 2 * M_PI * site->bin_hours[bin] / 24;

        gsl_matrix_set(x, bin, 0, 1);
        gsl_matrix_set(x, bin, 1, cos(angle));
        gsl_matrix_set(x, bin, 2, sin(angle));
        gsl_vector_set(y, bin, weight[bin] > 0 ? sum[bin] / weight[bin] : 0);
        gsl_vector_set(w, bin, weight[bin]);
    }
    if (gsl_multifit_wlinear(x, w, y, c, covariance, &chi2, work) != GSL_SUCCESS ||
        !(gsl_vector_get(c, 0) > 0)) {
        status = gb_fail(err, GB_EINPUT, "no daily cycle: expected speeds at all hours of the day");
        goto out;
    }
    double a = gsl_vector_get(c, 1), b = gsl_vector_get(c, 2);
    out->amplitude = fmin(hypot(a, b) / gsl_vector_get(c, 0), 0.8);
    out->peak_h = fmod(atan2(b, a) * 12 / M_PI + 24, 24);
out:
    gsl_multifit_linear_free(work);
    gsl_vector_free(c);
    gsl_vector_free(w);
    gsl_vector_free(y);
    gsl_matrix_free(covariance);
    gsl_matrix_free(x);
    return status;
}

/* ---- the Weibull law of what the daily cycle leaves */

struct likelihood {
    const struct site *site;
    const double *weights;
    double log_factor[BINS];
};

static double log_rest(const struct likelihood *l, const struct observation *o)
{
    return o->log_speed - l->log_factor[bin_of(o)];
}

/* The log likelihood of k and of b = -k log A, in which it is concave, and its derivatives. */
struct slope {
    double all, k, b, kk, kb, bb;
};

/* What a calm adds, of which only is known that k r + b is below s: log(1 - exp(-exp s)). */
static void add_calm(struct slope *sum, double weight, double r, double s)
{
    double t = exp(s), first = t > 0 ? t / expm1(t) : 1, second = first * (1 - t - first);

    sum->all += weight * log(-expm1(-t));
    sum->k += weight * r * first;
    sum->b += weight * first;
    sum->kk += weight * r * r * second;
    sum->kb += weight * r * second;
    sum->bb += weight * second;
}

static void add_speed(struct slope *sum, double weight, double r, double s)
{
    double t = weight * exp(s);

    sum->all += weight * (s - r) - t;
    sum->k += weight * r - r * t;
    sum->b += weight - t;
    sum->kk -= r * r * t;
    sum->kb -= r * t;
    sum->bb -= t;
}

static struct slope slope_at(const struct likelihood *l, double k, double b)
{
    struct slope sum = {0};
    double known = 0; /* weight of what is no calm */

    for (size_t i = 0; i < l->site->n; i++) {
        const struct observation *o = &l->site->observations[i];
        double weight = l->weights[o->block], r = log_rest(l, o);

        if (isnan(o->speed_ms) || weight == 0)
            continue;
        known += o->is_calm ? 0 : weight;
        (o->is_calm ? add_calm : add_speed)(&sum, weight, r, k * r + b);
    }
    sum.all += known * log(k);
    sum.k += known / k;
    sum.kk -= known / (k * k);
    return sum;
}

/* By Newton's steps, halved while they lead down. */
static enum gb_status fit_weibull(const struct likelihood *l, double *k, double *log_a,
                                  struct gb_error *err)
{
    double b = -*k * *log_a;
    struct slope here = slope_at(l, *k, b);

    for (int i = 0; i < STEPS_MOST; i++) {
        double of_both = here.kk * here.bb - here.kb * here.kb;
        double step_k = (here.kb * here.b - here.bb * here.k) / of_both;
        double step_b = (here.kb * here.k - here.kk * here.b) / of_both;

        if (!(of_both > 0) || !isfinite(step_k) || !isfinite(step_b))
            break;
        if (fabs(step_k) < settled * *k && fabs(step_b) < settled * *k) {
            *k += step_k;
            *log_a = -(b + step_b) / *k;
            return GB_OK;
        }
        struct slope there = here;
        for (int halved = 0; halved < STEPS_MOST; halved++, step_k /= 2, step_b /= 2)
            if (*k + step_k > 0) {
                there = slope_at(l, *k + step_k, b + step_b);
                if (there.all >= here.all)
                    break;
            }
        *k += step_k;
        b += step_b;
        here = there;
    }
    return gb_fail(err, GB_EINPUT, "the search for the parameters does not settle");
}

/* k of the speeds over all hours from that of the rest: squared coefficients of variation of
 * factors that vary independently go together by 1 + cv^2. */
static double shape_of_all(double rest_shape, double amplitude)
{
    double low = 0.1, high = rest_shape;

    while (high - low > 1e-9) {
        double middle = (low + high) / 2;
        struct gb_wind_law law = gb_wind_law_make(middle, 1, (1 + amplitude) / (1 - amplitude), 0);
        if (law.shape < rest_shape)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* ---- the memory of the latent */

/* Correlations of readings one, two and more steps of the file apart. A reading is a mean over a
 * step or, where that is longer, over the ten minutes that stations record. */
struct memory {
    size_t n;
    double step_h, reading_h;
    double fast_h; /* where it is not estimated */
    bool tells_fast;
    double correlation[LAGS_MOST];
};

/* Mean squared distance. x: logit of the slow share, log of its time, log of the fast time */
static double memory_cost(const double *x, void *context)
{
    const struct memory *m = context;
    double sum = 0, fast_h = m->tells_fast ? exp(x[2]) : m->fast_h;
    struct gb_wind_config config = {.slow_share = gb_share_of_logit(x[0]),
                                    .slow_h = exp(x[1]),
                                    .fast_h = fast_h,
                                    .synoptic_h = 1};
    size_t n = 0;

    /* beyond these, correlations within reach say nothing any more */
    if (fabs(x[0]) > 7 || exp(x[1]) > 10 * reach_h || exp(x[1]) < fast_h || fast_h < m->step_h / 10)
        return INFINITY;
    struct gb_wind_memory memory = gb_wind_memory_make(&config, m->reading_h);
    for (size_t i = 0; i < m->n; i++) {
        double steps = (double)(i + 1) * m->step_h / m->reading_h;
        double off = gb_wind_correlation(&memory, steps) - m->correlation[i];
        if (!isnan(off)) {
            sum += off * off;
            n++;
        }
    }
    return n > 0 ? sum / (double)n : INFINITY;
}

static void set_latents(const struct site *site, const struct likelihood *l, double k, double log_a)
{
    for (size_t i = 0; i < site->n; i++) {
        const struct observation *o = &site->observations[i];
        double exceedance = exp(-exp(k * (log_rest(l, o) - log_a)));

        /* a calm lies in the middle of what is below the least speed */
        exceedance = o->is_calm ? 1 - (1 - exceedance) / 2 : exceedance;
        site->latent[i] = isnan(o->speed_ms)
                              ? NAN
                              : gsl_cdf_ugaussian_Qinv(fmin(fmax(exceedance, 1e-9), 1 - 1e-9));
    }
}

static enum gb_status fit_memory(const struct site *site, const double *weights,
                                 const double *start, double *out, struct gb_error *err)
{
    const struct gb_wind_config *c = &site->data->physics->weather.wind;
    struct memory memory = {
        .n = site->n_lags,
        .step_h = (double)site->data->channels[0].step_s / HOUR_S,
        .reading_h = fmin((double)site->data->channels[0].step_s / HOUR_S, GB_WIND_RECORD_H),
        .fast_h = c->fast_h,
        .tells_fast = site->tells_fast,
    };
    double share = start ? start[SLOW_SHARE] : c->slow_share;
    double x[3] = {gb_logit(share), log(start ? start[SLOW_TIME] : c->slow_h),
                   log(start ? start[FAST_TIME] : c->fast_h)};

    gb_lag_correlations(site->data, &site->blocks, site->latents, weights, site->n_lags,
                        memory.correlation);
    enum gb_status status =
        gb_minimise(memory_cost, &memory, site->tells_fast ? 3 : 2, x, 0.3, err);
    out[SLOW_SHARE] = gb_share_of_logit(x[0]);
    out[SLOW_TIME] = exp(x[1]);
    out[FAST_TIME] = site->tells_fast ? exp(x[2]) : c->fast_h;
    return status;
}

/* ---- all of it */

static enum gb_status estimate(const void *context, const double *weights, const double *start,
                               double *out, struct gb_error *err)
{
    const struct site *site = context;
    struct likelihood likelihood = {.site = site, .weights = weights};
    struct cycle cycle = {0, 0};
    double k = start ? start[K] : 2, log_a = log(start ? start[A] : 5);
    enum gb_status status = fit_cycle(site, weights, &cycle, err);

    if (status != GB_OK)
        return status;
    for (size_t bin = 0; bin < BINS; bin++)
        likelihood.log_factor[bin] = log(factor_at(&cycle, site->bin_hours[bin]));
    status = fit_weibull(&likelihood, &k, &log_a, err);
    if (status != GB_OK)
        return status;
    out[RATIO] = (1 + cycle.amplitude) / (1 - cycle.amplitude);
    out[PEAK] = cycle.peak_h;
    out[K] = shape_of_all(k, cycle.amplitude);
    out[A] = exp(log_a) * gb_weibull_mean(k, 1) / gb_weibull_mean(out[K], 1);
    set_latents(site, &likelihood, k, log_a);
    return fit_memory(site, weights, start, out, err);
}

/* ---- set-up */

/* Mean of what is known of a channel. */
static double mean_speed(const struct gb_fit_channel *channel)
{
    struct gb_weighted_tally all = {0};

    for (size_t i = 0; i < channel->n; i++)
        if (channel->values[i] >= 0)
            gb_weighted_tally_add(&all, channel->values[i], 1);
    return gb_weighted_tally_mean(&all);
}

/* What each station's speeds are multiplied by to have the mean of all. */
static double exposure_of(const struct gb_fit_data *data, size_t k)
{
    double sum = 0;

    for (size_t i = 0; i < data->n; i++)
        sum += mean_speed(&data->channels[i]);
    return sum / (double)data->n / mean_speed(&data->channels[k]);
}

/* Up to where an anemometer tells nothing apart: a low quantile of what is above 0, for single odd
 * values lie far below. NAN where nothing is. */
static double calm_limit(const struct gb_fit_channel *channel, double *room)
{
    size_t n = 0;

    for (size_t i = 0; i < channel->n; i++)
        if (channel->values[i] > 0)
            room[n++] = channel->values[i];
    if (n == 0)
        return NAN;
    gsl_sort(room, 1, n);
    return gsl_stats_quantile_from_sorted_data(room, 1, n, calm_quantile);
}

static struct observation observe(const struct site *site, const struct gb_fit_channel *channel,
                                  size_t i, double calm_ms, double exposure,
                                  struct gb_zone_year *year)
{
    int64_t begin_s = channel->start_s + (int64_t)i * channel->step_s;
    int64_t middle_s = begin_s + channel->step_s / 2;
    int64_t local_s = middle_s + gb_zone_offset_at(site->data->zone, year, middle_s);
    double speed = channel->values[i];

    return (struct observation){
        .speed_ms = speed >= 0 ? speed * exposure : NAN,
        .is_calm = speed < calm_ms,
        .log_speed = log(fmax(speed, calm_ms) * exposure),
        .hour = (double)(((local_s % DAY_S) + DAY_S) % DAY_S) / HOUR_S,
        .block = (uint32_t)gb_block_at(&site->blocks, begin_s),
    };
}

static enum gb_status prepare(struct site *site, struct gb_error *err)
{
    const struct gb_fit_data *data = site->data;
    struct gb_zone_year year = {0};
    size_t at = 0;

    for (size_t k = 0; k < data->n; k++)
        site->n += data->channels[k].n;
    site->observations = calloc(site->n + 1, sizeof *site->observations);
    site->latent = calloc(site->n + 1, sizeof *site->latent);
    site->latents = calloc(data->n, sizeof *site->latents);
    if (!site->observations || !site->latent || !site->latents)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu speeds", site->n);
    for (size_t k = 0; k < data->n; k++) {
        double exposure = exposure_of(data, k);
        double calm_ms = calm_limit(&data->channels[k], site->latent + at);

        if (isnan(calm_ms))
            return gb_fail(err, GB_EINPUT, "%s: expected a speed above 0", data->channels[k].name);
        site->latents[k] = site->latent + at;
        for (size_t i = 0; i < data->channels[k].n; i++, at++) {
            site->observations[at] = observe(site, &data->channels[k], i, calm_ms, exposure, &year);
            site->n_known += isnan(site->observations[at].speed_ms) ? 0 : 1;
        }
    }
    set_bin_hours(site);
    return GB_OK;
}

static enum gb_status check(const struct gb_fit_data *data, size_t n_blocks, struct gb_error *err)
{
    int64_t step_s = data->channels[0].step_s;

    for (size_t k = 1; k < data->n; k++)
        if (data->channels[k].step_s != step_s)
            return gb_fail(err, GB_EINPUT, "%s and %s have steps of different lengths",
                           data->channels[0].name, data->channels[k].name);
    if (step_s > 3 * HOUR_S)
        return gb_fail(err, GB_EINPUT, "expected wind in steps of 3 hours at most");
    if (n_blocks < LEAST_BLOCKS)
        return gb_fit_fail_short(data, "wind of 8 weeks", err);
    return GB_OK;
}

static enum gb_status fit_wind(struct gb_fit *out, const struct gb_fit_data *data,
                               struct gb_error *err)
{
    double step_h = (double)data->channels[0].step_s / HOUR_S;
    double fast_h = data->physics->weather.wind.fast_h;
    struct site site = {
        .data = data,
        .blocks = gb_blocks_of(data, BLOCK_S),
        .n_lags = (size_t)fmin(reach_h / step_h, LAGS_MOST),
        .tells_fast = 2 * step_h <= fast_h,
    };
    enum gb_status status = check(data, site.blocks.n, err);

    gb_fit_begin(out, places, N_KEYS, "blocks of 14 days");
    if (status == GB_OK)
        status = prepare(&site, err);
    if (status == GB_OK)
        status = gb_fit_resample(out, estimate, &site, site.blocks.n, err);
    out->n_values = site.n_known;
    if (!site.tells_fast)
        snprintf(out->remark, sizeof out->remark,
                 "steps are too long to tell %s: it is the scenario's %g h",
                 gb_fit_key(places[FAST_TIME]), fast_h);
    free(site.observations);
    free(site.latent);
    free(site.latents);
    return status;
}

const struct gb_estimator gb_estimator_wind = {
    .member = {.name = "wind", .summary = "Weibull law, daily cycle and memory of wind speeds"},
    .wants = "wind speed",
    .kind = GB_UNIT_OTHER,
    .si = "m/s",
    .fit = fit_wind,
};
