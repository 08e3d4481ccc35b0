/* Load: sizes of homes by themselves; all else by indirect inference. Statistics are measured on
 * the homes of the file, and the parameters sought under which the model, run over the same days
 * for more homes with the same draws each time, shows the same. So an estimate is right for the
 * model as it is, with its profile, its events and its rounding, and not for a formula near it.
 * source  C. Gourieroux, A. Monfort, E. Renault, Indirect inference, Journal of Applied
 *         Econometrics 8 (1993) S85 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>

#include "base/date.h"
#include "base/quantity.h"
#include "models/assets/fleet.h"
#include "models/assets/physics.h"
#include "models/fit/fit.h"
#include "models/fit/load_panel.h"
#include "models/fit/minimise.h"
#include "models/fit/resample.h"
#include "sim/tally.h"

enum { DAY_S = 86400, LEAST_HOMES = 3, LEAST_DAYS = 28, ITERATIONS_MOST = 30 };
enum { TIMES_HOMES = 4, HOMES_MOST = 200, STEP_S_MOST = 3600 };
static const double known_share = 0.5; /* of a home's steps, or it is left out */

/* What is sought by the model, in this order; then the sizes. */
enum {
    FLOOR,
    NOISE,
    PERSISTENT_SHARE,
    MEMORY,
    COMMON_SHARE,
    SHAPE_SD,
    PHASE_SD,
    N_SOUGHT,
    MEAN = N_SOUGHT,
    SIZE_SD,
    N_KEYS
};
static const size_t places[N_KEYS] = {
    [FLOOR] = GB_FIT_PLACE(household.floor),
    [NOISE] = GB_FIT_PLACE(household.noise),
    [PERSISTENT_SHARE] = GB_FIT_PLACE(household.persistent_share),
    [MEMORY] = GB_FIT_PLACE(household.phi),
    [COMMON_SHARE] = GB_FIT_PLACE(household.common_share),
    [SHAPE_SD] = GB_FIT_PLACE(household.shape_sd),
    [PHASE_SD] = GB_FIT_PLACE(household.phase_sd_h),
    [MEAN] = GB_FIT_PLACE(household.mean_kw),
    [SIZE_SD] = GB_FIT_PLACE(household.sigma),
};

struct homes {
    struct gb_load_panel panel;     /* as measured */
    struct gb_physics_config model; /* of a trial run: its slot is the panel's step */
    double *rows;                   /* of the panel */
    double measured[GB_N_PANEL_STATISTICS], spread[GB_N_PANEL_STATISTICS];
    struct gb_error *error; /* of a trial run */
};

/* ---- parameters as numbers without bounds */

static bool is_share(size_t k)
{
    return k == FLOOR || k == PERSISTENT_SHARE || k == MEMORY || k == COMMON_SHARE;
}

static double bounded(size_t k, double x)
{
    static const double most[N_SOUGHT] = {
        [FLOOR] = 0.9,      [NOISE] = 3,    [PERSISTENT_SHARE] = 1, [MEMORY] = 1,
        [COMMON_SHARE] = 1, [SHAPE_SD] = 1, [PHASE_SD] = 6};

    return is_share(k) ? most[k] * gb_share_of_logit(x) : fmin(exp(x), most[k]);
}

static double unbounded(size_t k, double value)
{
    double share = fmin(fmax(value, 1e-3), 1 - 1e-3);

    return is_share(k) ? gb_logit(share) : log(fmax(value, 1e-3));
}

static double *member(struct gb_physics_config *config, size_t k)
{
    return (double *)(void *)((char *)config + places[k]);
}

/* ---- a run of the model */

static enum gb_status run_model(const struct gb_physics_config *config,
                                const struct gb_load_panel *panel, struct gb_error *err)
{
    const struct gb_physics_provider *provider = &gb_physics_modelled;
    struct gb_draws draws = {.seed = 1};
    struct gb_fleet *fleet = NULL;
    struct gb_slot_power power;
    void *state = NULL;
    enum gb_status status = gb_fleet_create(&fleet, config, draws, err);

    if (status == GB_OK)
        status = provider->create(&state, config, fleet, 1, draws, err);
    for (size_t i = 0; status == GB_OK && i < panel->n_steps; i++) {
        status = provider->slot(state, (int64_t)i, &power, err);
        for (size_t h = 0; status == GB_OK && h < panel->n_homes; h++)
            panel->power_w[h * panel->n_steps + i] = power.load_w[h];
    }
    provider->free(state);
    gb_fleet_free(fleet);
    return status;
}

/* Statistics of the model under parameters. */
static enum gb_status simulate(const struct homes *homes, const gsl_vector *x,
                               double out[GB_N_PANEL_STATISTICS], struct gb_error *err)
{
    struct gb_physics_config config = homes->model;
    struct gb_load_panel panel = homes->panel;
    size_t n = (size_t)config.fleet.n_meters;
    enum gb_status status = GB_OK;

    for (size_t k = 0; k < N_SOUGHT; k++)
        *member(&config, k) = bounded(k, gsl_vector_get(x, k));
    panel.n_homes = n;
    panel.power_w = malloc(n * panel.n_steps * sizeof *panel.power_w);
    double *rows = malloc(n * GB_N_HOME_STATISTICS * sizeof *rows);
    double *weights = malloc(n * sizeof *weights);
    if (!panel.power_w || !rows || !weights)
        status = gb_fail(err, GB_ENOMEM, "no memory for a run of %zu homes", n);
    if (status == GB_OK)
        status = run_model(&config, &panel, err);
    if (status == GB_OK)
        status = gb_load_panel_measure(&panel, rows, err);
    for (size_t h = 0; status == GB_OK && h < n; h++)
        weights[h] = 1;
    if (status == GB_OK)
        gb_load_panel_summarise(rows, n, weights, out);
    free(weights);
    free(rows);
    free(panel.power_w);
    return status;
}

/* ---- the search */

/* How far the model's statistics are from the measured ones, each in its own spread. */
static int distances(const gsl_vector *x, void *context, gsl_vector *f)
{
    const struct homes *homes = context;
    double modelled[GB_N_PANEL_STATISTICS];

    if (simulate(homes, x, modelled, homes->error) != GB_OK)
        return GSL_EFAILED;
    for (size_t k = 0; k < GB_N_PANEL_STATISTICS; k++)
        gsl_vector_set(f, k, (modelled[k] - homes->measured[k]) / homes->spread[k]);
    return GSL_SUCCESS;
}

/* Standard error of parameter k: distances have about unit variance, and the run of the model adds
 * what its own homes are few. */
static double error_of(const gsl_matrix *covariance, size_t k, double x, double runs)
{
    const double step = 1e-4;
    double slope = (bounded(k, x + step) - bounded(k, x - step)) / (2 * step);

    return fabs(slope) * sqrt(gsl_matrix_get(covariance, k, k) * (1 + 1 / runs));
}

static enum gb_status settle(gsl_multifit_nlinear_workspace *search, struct homes *homes,
                             struct gb_fit *fit, struct gb_error *err)
{
    gsl_matrix *covariance = gsl_matrix_alloc(N_SOUGHT, N_SOUGHT);
    double runs = (double)homes->model.fleet.n_meters / (double)homes->panel.n_homes;
    int why = 0;

    if (!covariance)
        return gb_fail(err, GB_ENOMEM, "no memory for the search");
    int state =
        gsl_multifit_nlinear_driver(ITERATIONS_MOST, 1e-3, 1e-6, 1e-6, NULL, NULL, &why, search);
    if (state != GSL_SUCCESS && state != GSL_ENOPROG && state != GSL_EMAXITER) {
        gsl_matrix_free(covariance);
        return homes->error->status != GB_OK
                   ? homes->error->status
                   : gb_fail(err, GB_EINPUT, "the search for the parameters does not settle");
    }
    gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(search), 0, covariance);
    for (size_t k = 0; k < N_SOUGHT; k++) {
        double x = gsl_vector_get(gsl_multifit_nlinear_position(search), k);
        fit->estimates[k].value = bounded(k, x);
        fit->estimates[k].error = error_of(covariance, k, x, runs);
    }
    double distance = gsl_blas_dnrm2(gsl_multifit_nlinear_residual(search));
    if (distance > 3)
        snprintf(fit->remark, sizeof fit->remark,
                 "the model does not show these homes' statistics: they stay %.1f standard errors "
                 "off",
                 distance);
    gsl_matrix_free(covariance);
    return GB_OK;
}

static enum gb_status seek(struct homes *homes, struct gb_fit *fit, struct gb_error *err)
{
    gsl_multifit_nlinear_fdf problem = {
        .f = distances, .n = GB_N_PANEL_STATISTICS, .p = N_SOUGHT, .params = homes};
    gsl_multifit_nlinear_parameters options = gsl_multifit_nlinear_default_parameters();
    enum gb_status status;

    options.h_df =
        0.02; /* rare events come and go in steps: differences must be wider than those */
    gsl_multifit_nlinear_workspace *search = gsl_multifit_nlinear_alloc(
        gsl_multifit_nlinear_trust, &options, GB_N_PANEL_STATISTICS, N_SOUGHT);
    gsl_vector *x = gsl_vector_alloc(N_SOUGHT);
    if (!search || !x) {
        status = gb_fail(err, GB_ENOMEM, "no memory for the search");
    } else {
        for (size_t k = 0; k < N_SOUGHT; k++)
            gsl_vector_set(x, k, unbounded(k, *member(&homes->model, k)));
        status = gsl_multifit_nlinear_init(x, &problem, search) == GSL_SUCCESS
                     ? settle(search, homes, fit, err)
                     : homes->error->status;
    }
    gsl_vector_free(x);
    gsl_multifit_nlinear_free(search);
    return status;
}

/* ---- the homes of a file */

/* Sizes are what they are; what the statistics vary by follows from drawing homes again. */
static enum gb_status measure(struct homes *homes, struct gb_fit *fit, struct gb_error *err)
{
    size_t n = homes->panel.n_homes;
    struct gb_tally spread[GB_N_PANEL_STATISTICS], size = {0}, mean = {0};
    double *weights = malloc((n + 1) * sizeof *weights), again[GB_N_PANEL_STATISTICS];
    enum gb_status status = gb_load_panel_measure(&homes->panel, homes->rows, err);

    if (!weights || status != GB_OK) {
        free(weights);
        return status != GB_OK ? status : gb_fail(err, GB_ENOMEM, "no memory for %zu homes", n);
    }
    for (size_t k = 0; k < GB_N_PANEL_STATISTICS; k++)
        gb_tally_init(&spread[k]);
    gb_tally_init(&size);
    gb_tally_init(&mean);
    for (size_t h = 0; h < n; h++) {
        double log_mean = homes->rows[h * GB_N_HOME_STATISTICS + GB_HOME_LOG_MEAN];
        weights[h] = 1;
        gb_tally_add(&size, log_mean);
        gb_tally_add(&mean, exp(log_mean) / 1000);
    }
    gb_load_panel_summarise(homes->rows, n, weights, homes->measured);
    for (uint32_t r = 0; r < GB_FIT_RESAMPLES; r++) {
        gb_fit_draw_weights(weights, n, r);
        gb_load_panel_summarise(homes->rows, n, weights, again);
        for (size_t k = 0; k < GB_N_PANEL_STATISTICS; k++)
            gb_tally_add(&spread[k], again[k]);
    }
    for (size_t k = 0; k < GB_N_PANEL_STATISTICS; k++)
        homes->spread[k] = fmax(sqrt(gb_tally_variance(&spread[k])), 1e-4);
    double sd = sqrt(gb_tally_variance(&size));
    fit->estimates[MEAN].value = mean.mean;
    fit->estimates[MEAN].error = gb_tally_standard_error(&mean);
    fit->estimates[SIZE_SD].value = sd;
    fit->estimates[SIZE_SD].error = sd / sqrt(2 * ((double)n - 1));
    free(weights);
    return GB_OK;
}

/* Is a home known well enough? */
static bool is_known(const double *power_w, size_t n)
{
    struct gb_weighted_tally all = {0};

    for (size_t i = 0; i < n; i++)
        if (!isnan(power_w[i]))
            gb_weighted_tally_add(&all, power_w[i], 1);
    return all.weight >= known_share * (double)n && gb_weighted_tally_mean(&all) > 0;
}

/* A channel on the panel's local clock: the hour that comes twice counts once, the one that is left
 * out is unknown. */
static void put_home(const struct gb_load_panel *panel, const struct gb_fit_channel *channel,
                     const struct gb_zone *zone, double *power_w)
{
    struct gb_zone_year year = {0};

    for (size_t i = 0; i < panel->n_steps; i++)
        power_w[i] = NAN;
    for (size_t i = 0; i < channel->n; i++) {
        int64_t utc_s = channel->start_s + (int64_t)i * channel->step_s;
        int64_t local_s = utc_s + gb_zone_offset_at(zone, &year, utc_s);
        int64_t step = gb_floor_divide(local_s - panel->first_day * DAY_S, channel->step_s);
        if (step >= 0 && step < (int64_t)panel->n_steps)
            power_w[step] = channel->values[i] < 0 ? 0 : channel->values[i];
    }
}

static enum gb_status lay_out(struct gb_load_panel *panel, const struct gb_fit_data *data,
                              struct gb_error *err)
{
    int64_t step_s = data->channels[0].step_s, first_s, last_s;

    for (size_t k = 0; k < data->n; k++) {
        const struct gb_fit_channel *channel = &data->channels[k];

        if (channel->step_s != step_s)
            return gb_fail(err, GB_EINPUT, "%s and %s have steps of different lengths",
                           data->channels[0].name, channel->name);
    }
    gb_fit_span(data, &first_s, &last_s);
    if (step_s > STEP_S_MOST || DAY_S % step_s != 0)
        return gb_fail(err, GB_EINPUT, "expected loads in steps of an hour or a whole part of it");
    panel->first_day = gb_floor_divide(first_s, DAY_S);
    panel->steps_a_day = (size_t)(DAY_S / step_s);
    panel->n_steps = (size_t)((last_s - panel->first_day * DAY_S) / DAY_S) * panel->steps_a_day;
    if (panel->n_steps < LEAST_DAYS * panel->steps_a_day)
        return gb_fit_fail_short(data, "loads of 4 weeks", err);
    panel->power_w = malloc(data->n * panel->n_steps * sizeof *panel->power_w);
    return panel->power_w ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for %zu homes", data->n);
}

static enum gb_status gather(struct homes *homes, const struct gb_fit_data *data, size_t *n_values,
                             struct gb_error *err)
{
    struct gb_load_panel *panel = &homes->panel;
    enum gb_status status = lay_out(panel, data, err);

    for (size_t k = 0; status == GB_OK && k < data->n; k++) {
        double *power_w = panel->power_w + panel->n_homes * panel->n_steps;
        put_home(panel, &data->channels[k], data->zone, power_w);
        if (!is_known(power_w, panel->n_steps))
            continue;
        panel->n_homes++;
        for (size_t i = 0; i < panel->n_steps; i++)
            *n_values += isnan(power_w[i]) ? 0 : 1;
    }
    if (status == GB_OK && panel->n_homes < LEAST_HOMES)
        return gb_fail(err, GB_EINPUT,
                       "loads of %zu homes are known over half of the time: expected %d at least",
                       panel->n_homes, LEAST_HOMES);
    homes->rows = malloc((data->n + 1) * GB_N_HOME_STATISTICS * sizeof *homes->rows);
    return status != GB_OK || homes->rows ? status
                                          : gb_fail(err, GB_ENOMEM, "no memory for the homes");
}

/* The model that is run: more homes, of nothing but their loads, over the same days. */
static void set_model(struct homes *homes, const struct gb_fit_data *data)
{
    struct gb_physics_config *model = &homes->model;
    size_t n = TIMES_HOMES * homes->panel.n_homes;

    *model = *data->physics;
    n = n < HOMES_MOST ? n : HOMES_MOST;
    n = n > homes->panel.n_homes ? n : homes->panel.n_homes;
    model->fleet.n_meters = (int64_t)n;
    model->fleet.prosumer_share = 0;
    model->weather.slot_ns = data->channels[0].step_s * GB_NS_PER_SECOND;
    model->weather.start_date = homes->panel.first_day;
    snprintf(model->weather.site.time_zone, sizeof model->weather.site.time_zone, GB_ZONE_FIXED);
}

static enum gb_status fit_load(struct gb_fit *out, const struct gb_fit_data *data,
                               struct gb_error *err)
{
    struct gb_error error = {0};
    struct homes homes = {.rows = NULL, .error = &error};

    gb_fit_begin(out, places, N_KEYS, "homes");
    enum gb_status status = gather(&homes, data, &out->n_values, err);
    out->n_blocks = homes.panel.n_homes;
    if (status == GB_OK) {
        set_model(&homes, data);
        status = measure(&homes, out, err);
    }
    if (status == GB_OK && (status = seek(&homes, out, err)) != GB_OK && error.status != GB_OK)
        *err = error;
    free(homes.rows);
    free(homes.panel.power_w);
    return status;
}

const struct gb_estimator gb_estimator_load = {
    .member = {.name = "load", .summary = "sizes, floor, noise and habits of many homes' loads"},
    .wants = "load",
    .kind = GB_UNIT_POWER,
    .si = "W",
    .fit = fit_load,
};
