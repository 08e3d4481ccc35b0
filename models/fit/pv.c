/* A photovoltaic system: rating, tilt and azimuth, from the powers it gives under a sky without
 * clouds. Of every two weeks and step of the day one of the greatest powers is taken for that of a
 * clear sky, and the plane sought whose clear-sky powers are nearest to those by least absolute
 * deviations, for which two weeks under clouds or an hour behind a chimney count little.
 * source  R. Koenker, G. Bassett, Regression quantiles, Econometrica 46 (1978) 33: the median's
 *
 * Losses, inverter and the warmth of cells are the scenario's: a file cannot tell them from the
 * rating. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/assets/cell.h"
#include "models/assets/pv.h"
#include "models/fit/fit.h"
#include "models/fit/lags.h"
#include "models/fit/minimise.h"
#include "models/fit/pv_model.h"
#include "models/fit/resample.h"
#include "models/weather/clear_site.h"
#include "models/weather/wind.h"
#include "sim/tally.h"

enum { DAY_S = 86400, HOUR_S = 3600, BLOCK_S = 14 * DAY_S, PART_S = 900, PARTS_MOST = 4 };
enum { LEAST_BLOCKS = 4, LEAST_POINTS = 50 };
/* Years that the model makes, fewer of finer steps. */
enum { YEARS_LEAST = 4, YEARS_MOST = 16, STEPS_MADE = 16 * 365 * 96, ROUNDS = 2 };
/* Not the greatest power itself: that has the coldest wind and the brightest edge of a cloud. */
enum { RANK = 3 };
enum { SIZE, TILT, AZIMUTH, N_KEYS };
static const size_t places[N_KEYS] = {
    [SIZE] = GB_FIT_PLACE(pv.kwp_mean),
    [TILT] = GB_FIT_PLACE(pv.tilt_deg),
    [AZIMUTH] = GB_FIT_PLACE(pv.azimuth_deg),
};
static const double least_elevation_deg = 10;
static const double upright_deg = 89.9;
/* Below it twilight ends, whatever the step of the file. */
static const double night_elevation_deg = -6, most_at_night = 0.01;

struct point { /* a power near the greatest of a step of the day in two weeks */
    double power_w;
    uint32_t block;
    struct gb_sky skies[PARTS_MOST]; /* in the parts of that step */
};

struct system {
    const struct gb_fit_data *data;
    struct gb_inverter inverter;
    double dc_share, heating;
    size_t n, n_parts;
    struct point *points;
};

/* ---- powers under a clear sky */

static struct gb_sky sky_of(const struct gb_physics_config *c, const struct gb_clear_instant *at)
{
    struct gb_direction sun = gb_direction_from(at->sun.apparent_zenith_deg, at->sun.azimuth_deg);
    struct gb_irradiance light =
        gb_decompose(at->ghi, cos(at->sun.zenith_deg * M_PI / 180), at->extraterrestrial, NULL);

    return gb_sky_from((enum gb_transposition)c->pv.transposition, &light, &sun,
                       at->extraterrestrial, c->weather.site.albedo);
}

/* AC power of a system of 1 kWp, W. */
static double clear_power(const struct system *s, const struct gb_plane *plane,
                          const struct point *point)
{
    const struct gb_physics_config *c = s->data->physics;
    double sum = 0;

    for (size_t i = 0; i < s->n_parts; i++) {
        struct gb_plane_light parts = gb_plane_light_at(plane, &point->skies[i]);
        double light = parts.beam + parts.sky + parts.ground;
        double cell = c->weather.site.temperature_c + s->heating * light;
        double dc = gb_pv_dc(light, cell, s->dc_share, c->pv.temperature_coefficient);
        sum += gb_pv_ac(&s->inverter, dc);
    }
    return 1000 * sum / (double)s->n_parts;
}

/* ---- the search */

struct weighted {
    const struct system *system;
    const double *weights;
};

/* Mean absolute deviation, of the mean power. x: log of the size, tilt and azimuth in radians */
static double deviation(const double *x, void *context)
{
    const struct weighted *w = context;
    struct gb_plane plane;
    double sum = 0, all = 0;

    if (x[1] < 0 || x[1] > M_PI / 2)
        return INFINITY;
    plane = gb_plane_from(x[1] * 180 / M_PI, x[2] * 180 / M_PI);
    for (size_t i = 0; i < w->system->n; i++) {
        const struct point *point = &w->system->points[i];
        double weight = w->weights[point->block];
        if (weight == 0)
            continue;
        double off = point->power_w - exp(x[0]) * clear_power(w->system, &plane, point);
        sum += weight * fabs(off);
        all += weight * point->power_w;
    }
    return all > 0 ? sum / all : INFINITY;
}

static double start_azimuth_deg(const struct gb_physics_config *c)
{
    return c->weather.site.latitude_deg < 0 ? 0 : 180;
}

static double greatest_kw(const struct system *s)
{
    double most = 0;

    for (size_t i = 0; i < s->n; i++)
        most = fmax(most, s->points[i].power_w);
    return most / 1000;
}

static enum gb_status estimate(const void *context, const double *weights, const double *start,
                               double *out, struct gb_error *err)
{
    const struct system *s = context;
    struct weighted weighted = {s, weights};
    double x[3] = {
        log(start ? start[SIZE] : greatest_kw(s) / 0.8),
        (start ? start[TILT] : s->data->physics->pv.tilt_deg) * M_PI / 180,
        (start ? start[AZIMUTH] : start_azimuth_deg(s->data->physics)) * M_PI / 180,
    };
    enum gb_status status = gb_minimise(deviation, &weighted, 3, x, start ? 0.05 : 0.3, err);

    out[SIZE] = exp(x[0]);
    out[TILT] = x[1] * 180 / M_PI;
    out[AZIMUTH] = x[2] * 180 / M_PI;
    /* errors need one turn of the circle; 0 to 360 is made of the estimate afterwards */
    return status;
}

/* ---- powers of clear skies */

/* Fills the skies of a point. returns whether the sun is well up in all of its parts */
static bool set_skies(const struct system *s, const struct gb_clear_site *clear, int64_t begin_s,
                      struct point *point)
{
    double part_s = (double)s->data->channels[0].step_s / (double)s->n_parts;

    for (size_t i = 0; i < s->n_parts; i++) {
        struct gb_clear_instant at =
            gb_clear_site_at(clear, (double)begin_s + ((double)i + 0.5) * part_s);
        if (90 - at.sun.apparent_zenith_deg < least_elevation_deg)
            return false;
        point->skies[i] = sky_of(s->data->physics, &at);
    }
    return true;
}

/* The steps of greatest power among those of one step of the day in two weeks, first the greatest.
 */
struct ranking {
    size_t n, steps[RANK];
};

static void enter(struct ranking *ranking, const double *values, size_t step)
{
    size_t at = ranking->n;

    while (at > 0 && values[ranking->steps[at - 1]] < values[step]) {
        if (at < RANK)
            ranking->steps[at] = ranking->steps[at - 1];
        at--;
    }
    if (at < RANK)
        ranking->steps[at] = step;
    ranking->n += ranking->n < RANK;
}

/* A point for each step of the day, block after block. */
static enum gb_status find_points(struct system *s, const struct gb_blocks *blocks,
                                  struct gb_error *err)
{
    const struct gb_fit_channel *channel = &s->data->channels[0];
    struct gb_clear_site clear = gb_clear_site_of(&s->data->physics->weather.site);
    size_t a_day = (size_t)(DAY_S / channel->step_s), n_cells = blocks->n * a_day;
    struct ranking *rankings = calloc(n_cells + 1, sizeof *rankings);

    s->points = calloc(n_cells + 1, sizeof *s->points);
    if (!rankings || !s->points) {
        free(rankings);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu powers", n_cells);
    }
    for (size_t i = 0; i < channel->n; i++)
        if (channel->values[i] > 0) {
            int64_t time_s = channel->start_s + (int64_t)i * channel->step_s;
            enter(&rankings[gb_block_at(blocks, time_s) * a_day + i % a_day], channel->values, i);
        }
    for (size_t cell = 0; cell < n_cells; cell++) {
        const struct ranking *ranking = &rankings[cell];
        struct point *point = &s->points[s->n];

        if (ranking->n < RANK)
            continue;
        size_t step = ranking->steps[RANK - 1];
        point->power_w = channel->values[step];
        point->block = (uint32_t)(cell / a_day);
        s->n += set_skies(s, &clear, channel->start_s + (int64_t)step * channel->step_s, point);
    }
    free(rankings);
    if (s->n < LEAST_POINTS)
        return gb_fail(err, GB_EINPUT,
                       "power while the sun is more than %g degrees up in %zu steps alone: are "
                       "site.latitude, site.longitude and the zone those of the file?",
                       least_elevation_deg, s->n);
    return GB_OK;
}

static void set_constants(struct system *s)
{
    const struct gb_physics_config *c = s->data->physics;
    double wind_ms = gb_weibull_mean(c->weather.wind.weibull_k, c->weather.wind.weibull_a);

    s->inverter = gb_inverter_make(1 / (c->pv.dc_ac_ratio * c->pv.inverter_efficiency),
                                   c->pv.inverter_efficiency);
    s->dc_share = 1 - c->pv.losses_percent / 100;
    s->heating = gb_cell_heating((enum gb_cell_model)c->pv.cell_model, wind_ms);
}

/* The share of the energy that flows while the sun is down: of some 20000 steps of the file. */
static double share_at_night(const struct system *s)
{
    const struct gb_fit_channel *channel = &s->data->channels[0];
    struct gb_clear_site clear = gb_clear_site_of(&s->data->physics->weather.site);
    size_t stride = channel->n / 20000 | 1;
    double night = 0, all = 0;

    for (size_t i = 0; i < channel->n; i += stride) {
        if (isnan(channel->values[i]))
            continue;
        double middle_s = (double)channel->start_s + ((double)i + 0.5) * (double)channel->step_s;
        struct gb_clear_instant at = gb_clear_site_at(&clear, middle_s);
        all += channel->values[i];
        if (90 - at.sun.apparent_zenith_deg < night_elevation_deg)
            night += channel->values[i];
    }
    return all > 0 ? night / all : 0;
}

/* What flows at night is no sunlight, or has another sun; a plane that stands upright is what comes
 * of a sun at the wrong place. */
static void doubt(struct gb_fit *fit, const struct system *s)
{
    double night = share_at_night(s);

    if (night > most_at_night)
        snprintf(fit->remark, sizeof fit->remark,
                 "%.0f %% of the energy flows while the sun is down: is it photovoltaic power, and "
                 "are site.latitude, site.longitude, zone and label those of the file?",
                 100 * night);
    else if (fit->estimates[TILT].value > upright_deg)
        snprintf(fit->remark, sizeof fit->remark,
                 "Upright, as modules hardly stand: are site.latitude, site.longitude, zone and "
                 "label those of the file?");
}

/* ---- what the search itself is off */

/* The estimate of a year that the model made of what `fit` says. */
static enum gb_status estimate_year(const struct system *s, const struct gb_blocks *blocks,
                                    const struct gb_physics_config *model, uint32_t number,
                                    const double *weights, const double *start, double *out,
                                    struct gb_error *err)
{
    struct gb_fit_channel made = s->data->channels[0];
    struct gb_fit_data data = *s->data;
    struct system of_year = *s;
    enum gb_status status = GB_OK;

    made.values = malloc((made.n + 1) * sizeof *made.values);
    data.channels = &made;
    of_year.data = &data;
    of_year.n = 0;
    of_year.points = NULL;
    if (!made.values)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu powers", made.n);
    status = gb_pv_model_year(model, number, &s->data->channels[0], made.values, err);
    if (status == GB_OK)
        status = find_points(&of_year, blocks, err);
    if (status == GB_OK)
        status = estimate(&of_year, weights, start, out, err);
    free(of_year.points);
    free(made.values);
    return status;
}

/* How far estimates of years lie from what the model made them of: of the size, of its log. */
static enum gb_status measure_years(const struct system *s, const struct gb_blocks *blocks,
                                    const struct gb_fit *fit, uint32_t n_years,
                                    struct gb_tally off[N_KEYS], struct gb_error *err)
{
    struct gb_physics_config model =
        gb_pv_model_of(s->data->physics, &s->data->channels[0], fit->estimates[SIZE].value,
                       fit->estimates[TILT].value, fit->estimates[AZIMUTH].value);
    double start[N_KEYS], again[N_KEYS], *weights = malloc((blocks->n + 1) * sizeof *weights);
    enum gb_status status = weights ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for the blocks");

    for (size_t b = 0; weights && b < blocks->n; b++)
        weights[b] = 1;
    for (size_t k = 0; k < N_KEYS; k++) {
        gb_tally_init(&off[k]);
        start[k] = fit->estimates[k].value;
    }
    for (uint32_t year = 0; status == GB_OK && year < n_years; year++) {
        status = estimate_year(s, blocks, &model, year, weights, start, again, err);
        for (size_t k = 0; status == GB_OK && k < N_KEYS; k++)
            gb_tally_add(&off[k], k == SIZE ? log(again[k] / start[k]) : again[k] - start[k]);
    }
    free(weights);
    return status;
}

/* Takes off what years made of the estimate, under the scenario's clouds, wind and temperature, are
 * estimated off it: the third greatest power is of a sky that is not quite clear, or of a cold
 * wind. Years differ by as much as the estimate of one is uncertain at least.
 * source  C. Gourieroux, E. Renault, N. Touzi, Calibration by simulation for small sample bias
 *         correction, in: Simulation-based Inference in Econometrics, Cambridge 2000, ch. 13 */
static enum gb_status correct(struct gb_fit *fit, const struct system *s,
                              const struct gb_blocks *blocks, struct gb_error *err)
{
    double n = (double)s->data->channels[0].n, raw[N_KEYS];
    uint32_t n_years = (uint32_t)fmin(fmax(STEPS_MADE / n, YEARS_LEAST), YEARS_MOST);
    struct gb_tally off[N_KEYS];
    enum gb_status status = GB_OK;

    for (size_t k = 0; k < N_KEYS; k++)
        raw[k] = fit->estimates[k].value;
    for (int round = 0; status == GB_OK && round < ROUNDS; round++) {
        status = measure_years(s, blocks, fit, n_years, off, err);
        for (size_t k = 0; status == GB_OK && k < N_KEYS; k++)
            fit->estimates[k].value = k == SIZE ? raw[k] * exp(-off[k].mean) : raw[k] - off[k].mean;
        fit->estimates[TILT].value = fmin(fmax(fit->estimates[TILT].value, 0), 90);
    }
    for (size_t k = 0; status == GB_OK && k < N_KEYS; k++) {
        double unit = k == SIZE ? fit->estimates[k].value : 1;
        double variance = unit * unit * gb_tally_variance(&off[k]);
        double error = fit->estimates[k].error;
        fit->estimates[k].error = sqrt(fmax(error * error, variance) + variance / n_years);
    }
    return status;
}

static enum gb_status fit_pv(struct gb_fit *out, const struct gb_fit_data *data,
                             struct gb_error *err)
{
    const struct gb_fit_channel *channel = &data->channels[0];
    struct gb_blocks blocks = gb_blocks_of(data, BLOCK_S);
    struct system system = {.data = data,
                            .n_parts = (size_t)((channel->step_s + PART_S - 1) / PART_S)};
    enum gb_status status = GB_OK;

    gb_fit_begin(out, places, N_KEYS, "blocks of 14 days");
    if (channel->step_s > HOUR_S || DAY_S % channel->step_s != 0)
        status =
            gb_fail(err, GB_EINPUT, "expected powers in steps of an hour or a whole part of it");
    else if (blocks.n < LEAST_BLOCKS)
        status = gb_fit_fail_short(data, "powers of 8 weeks", err);
    set_constants(&system);
    if (status == GB_OK)
        status = find_points(&system, &blocks, err);
    if (status == GB_OK)
        status = gb_fit_resample(out, estimate, &system, blocks.n, err);
    if (status == GB_OK)
        doubt(out, &system);
    if (status == GB_OK && !out->remark[0])
        status = correct(out, &system, &blocks, err);
    out->n_values = system.n;
    out->estimates[AZIMUTH].value = fmod(out->estimates[AZIMUTH].value + 720, 360);
    free(system.points);
    return status;
}

const struct gb_estimator gb_estimator_pv = {
    .member = {.name = "pv", .summary = "rating, tilt and azimuth of a photovoltaic system"},
    .wants = "photovoltaic power",
    .kind = GB_UNIT_POWER,
    .si = "W",
    .max_channels = 1,
    .fit = fit_pv,
};
