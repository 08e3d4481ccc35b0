/* The provider `replayed`: as `modelled`, with measured series in place of the loads and generation
 * for which the scenario names one (models/assets/replays.h), and with the forecasts that know no
 * model: what the meter showed last, or at the same local time a day or a week before, or in the
 * mean over that week; and with forecasts that a file holds in place of the model's.
 *
 * No model was fitted to a series: under the conditional mean it is expected as it was the day
 * before. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/quantity.h"
#include "models/assets/physics.h"
#include "models/assets/replays.h"
#include "models/assets/stepped.h"
#include "models/weather/weather.h"

struct replayed {
    const struct gb_physics_config *config;
    const struct gb_fleet *fleet;
    struct gb_stepped *inner;
    bool is_plain; /* nothing is measured, and forecasts are those of the model */
    struct gb_calendar calendar;
    int64_t slot_ns;
    struct gb_replays *loads, *systems;           /* NULL: all are modelled */
    struct gb_replays *step_loads, *step_systems; /* the same in steps, where a slot has some */
    struct gb_replays *load_forecasts, *system_forecasts;
    /* slots [next - n_kept, next), from the anchor on */
    int64_t next;
    size_t n_kept;
    double *solar_w, *wind_w, *load_w; /* n_kept x systems, turbines, meters */
    /* steps of the slots of a window, where a slot has some: window x n_steps x the same */
    size_t window, n_steps;
    struct {
        double *solar_w, *wind_w, *load_w;
    } steps;
    struct {
        double *solar_w, *wind_w, *load_w; /* one day of a mean: systems, turbines, meters */
    } day;
};

/* ---- set-up */

static void free_replayed(void *state)
{
    struct replayed *r = state;

    if (!r)
        return;
    gb_stepped_free(r->inner);
    gb_replays_free(r->loads);
    gb_replays_free(r->systems);
    gb_replays_free(r->step_loads);
    gb_replays_free(r->step_systems);
    free(r->steps.solar_w);
    free(r->steps.wind_w);
    free(r->steps.load_w);
    gb_replays_free(r->load_forecasts);
    gb_replays_free(r->system_forecasts);
    free(r->day.solar_w);
    free(r->day.wind_w);
    free(r->day.load_w);
    free(r->solar_w);
    free(r->wind_w);
    free(r->load_w);
    free(r);
}

static bool is_naive(const struct gb_physics_config *config)
{
    return config->weather.forecast.kind >= GB_FORECAST_PERSISTENCE &&
           config->weather.forecast.kind != GB_FORECAST_FILE;
}

static int64_t days_back(const struct gb_physics_config *config)
{
    switch ((enum gb_forecast_kind)config->weather.forecast.kind) {
    case GB_FORECAST_CONDITIONAL_MEAN: /* of what is measured */
    case GB_FORECAST_FILE:
    case GB_FORECAST_YESTERDAY: return 1;
    case GB_FORECAST_WEEK_MEAN:
    case GB_FORECAST_WEEK: return 7;
    default: return 0;
    }
}

/* From the latest slot asked for back to the reading that a forecast rests on, and from there to
 * the slot that it looks back to; a day has up to 25 h. */
static size_t slots_kept(const struct gb_physics_config *config, size_t window)
{
    int64_t back_ns = days_back(config) * GB_NS_PER_DAY + 2 * GB_NS_PER_HOUR;

    return is_naive(config) ? 2 * window + (size_t)(back_ns / config->weather.slot_ns) + 2 : window;
}

static enum gb_status keep_slots(struct replayed *r, size_t window, struct gb_error *err)
{
    const struct gb_fleet *fleet = r->fleet;

    r->n_kept = slots_kept(r->config, window);
    r->solar_w = calloc(r->n_kept * fleet->systems.n + 1, sizeof *r->solar_w);
    r->wind_w = calloc(r->n_kept * fleet->turbines.n + 1, sizeof *r->wind_w);
    r->load_w = calloc(r->n_kept * fleet->n + 1, sizeof *r->load_w);
    r->day.solar_w = calloc(fleet->systems.n + 1, sizeof *r->day.solar_w);
    r->day.wind_w = calloc(fleet->turbines.n + 1, sizeof *r->day.wind_w);
    r->day.load_w = calloc(fleet->n + 1, sizeof *r->day.load_w);
    return r->solar_w && r->wind_w && r->load_w && r->day.solar_w && r->day.wind_w && r->day.load_w
               ? GB_OK
               : gb_fail(err, GB_ENOMEM, "no memory for %zu slots of %zu meters", r->n_kept,
                         fleet->n);
}

/* What is measured, and the slots in which it takes the model's place, in steps. */
static enum gb_status create_steps(struct replayed *r, struct gb_error *err)
{
    const struct gb_physics_config *steps = gb_stepped_config(r->inner);
    const struct gb_fleet *fleet = r->fleet;
    size_t n = r->n_steps > 1 ? r->window * r->n_steps : 0;
    enum gb_status status = GB_OK;

    if (n == 0)
        return GB_OK;
    r->steps.solar_w = calloc(n * fleet->systems.n + 1, sizeof *r->steps.solar_w);
    r->steps.wind_w = calloc(n * fleet->turbines.n + 1, sizeof *r->steps.wind_w);
    r->steps.load_w = calloc(n * fleet->n + 1, sizeof *r->steps.load_w);
    if (!r->steps.solar_w || !r->steps.wind_w || !r->steps.load_w)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu steps of %zu meters", n, fleet->n);
    status = gb_replays_create(&r->step_loads, GB_REPLAYED_LOADS, steps, fleet, err);
    return status == GB_OK
               ? gb_replays_create(&r->step_systems, GB_REPLAYED_SYSTEMS, steps, fleet, err)
               : status;
}

static enum gb_status create_forecasts(struct replayed *r, struct gb_error *err)
{
    if (r->config->weather.forecast.kind != GB_FORECAST_FILE)
        return GB_OK;
    enum gb_status status =
        gb_replays_create(&r->load_forecasts, GB_FORECAST_LOADS, r->config, r->fleet, err);
    return status == GB_OK ? gb_replays_create(&r->system_forecasts, GB_FORECAST_SYSTEMS, r->config,
                                               r->fleet, err)
                           : status;
}

static enum gb_status create_replayed(void **state, const struct gb_physics_config *config,
                                      const struct gb_fleet *fleet, size_t window,
                                      struct gb_draws draws, struct gb_error *err)
{
    struct replayed *r = calloc(1, sizeof *r);

    if (!r)
        return gb_fail(err, GB_ENOMEM, "no memory for the physics");
    r->config = config;
    r->fleet = fleet;
    r->calendar = gb_weather_calendar(&config->weather);
    r->slot_ns = config->weather.slot_ns;
    r->next = gb_anchor_slot(r->slot_ns);
    r->window = window;
    r->n_steps = gb_weather_n_steps_a_slot(&config->weather);
    enum gb_status status = gb_stepped_create(&r->inner, config, fleet, window, draws, err);
    if (status == GB_OK)
        status = gb_replays_create(&r->loads, GB_REPLAYED_LOADS, config, fleet, err);
    if (status == GB_OK)
        status = gb_replays_create(&r->systems, GB_REPLAYED_SYSTEMS, config, fleet, err);
    if (status == GB_OK)
        status = create_forecasts(r, err);
    r->is_plain =
        !r->loads && !r->systems && !r->load_forecasts && !r->system_forecasts && !is_naive(config);
    if (status == GB_OK && !r->is_plain)
        status = keep_slots(r, window, err);
    if (status == GB_OK && !r->is_plain)
        status = create_steps(r, err);
    if (status == GB_OK)
        *state = r;
    else
        free_replayed(r);
    return status;
}

/* ---- slots */

static size_t place_of(const struct replayed *r, int64_t interval)
{
    return (size_t)(interval - gb_anchor_slot(r->slot_ns)) % r->n_kept;
}

static struct gb_slot_power kept_at(const struct replayed *r, int64_t interval)
{
    size_t place = place_of(r, interval);

    assert(interval < r->next && interval >= r->next - (int64_t)r->n_kept);
    return (struct gb_slot_power){
        .interval = interval,
        .solar_w = r->solar_w + place * r->fleet->systems.n,
        .wind_w = r->wind_w + place * r->fleet->turbines.n,
        .load_w = r->load_w + place * r->fleet->n,
    };
}

/* Rows of a slot's steps among those of the window. */
static size_t first_step_of(const struct replayed *r, int64_t interval)
{
    int64_t window = (int64_t)r->window;

    return (size_t)(interval - gb_floor_divide(interval, window) * window) * r->n_steps;
}

static struct gb_slot_power steps_at(const struct replayed *r, int64_t interval)
{
    size_t step = first_step_of(r, interval);

    assert(interval < r->next && interval >= r->next - (int64_t)r->window);
    return (struct gb_slot_power){
        .interval = interval,
        .solar_w = r->steps.solar_w + step * r->fleet->systems.n,
        .wind_w = r->steps.wind_w + step * r->fleet->turbines.n,
        .load_w = r->steps.load_w + step * r->fleet->n,
    };
}

/* Puts what is measured in the place of what the model has in each step of a slot.
 * rows  n_steps of every owner */
static enum gb_status overwrite(const struct replayed *r, const struct gb_replays *replays,
                                size_t n_owners, double *rows, struct gb_error *err)
{
    int64_t n = (int64_t)r->n_steps;
    enum gb_status status = GB_OK;

    for (int64_t i = 0; i < n && status == GB_OK; i++)
        status = gb_replays_overwrite(replays, r->next * n + i, rows + (size_t)i * n_owners, err);
    return status;
}

static void copy_rows(double *to, const double *from, size_t n_steps, size_t n_owners)
{
    memcpy(to, from, n_steps * n_owners * sizeof *to);
}

/* The next slot in steps, and what is looked back at: its means. */
static enum gb_status compute_steps(struct replayed *r, const struct gb_slot_power *power,
                                    struct gb_error *err)
{
    const struct gb_fleet *fleet = r->fleet;
    size_t n = r->n_steps, step = first_step_of(r, r->next), place = place_of(r, r->next);
    double *solar_w = r->steps.solar_w + step * fleet->systems.n;
    double *wind_w = r->steps.wind_w + step * fleet->turbines.n;
    double *load_w = r->steps.load_w + step * fleet->n;

    copy_rows(solar_w, power->solar_w, n, fleet->systems.n);
    copy_rows(wind_w, power->wind_w, n, fleet->turbines.n);
    copy_rows(load_w, power->load_w, n, fleet->n);
    enum gb_status status = overwrite(r, r->step_loads, fleet->n, load_w, err);
    if (status == GB_OK)
        status = overwrite(r, r->step_systems, fleet->systems.n, solar_w, err);
    gb_stepped_mean(solar_w, n, fleet->systems.n, r->solar_w + place * fleet->systems.n);
    gb_stepped_mean(wind_w, n, fleet->turbines.n, r->wind_w + place * fleet->turbines.n);
    gb_stepped_mean(load_w, n, fleet->n, r->load_w + place * fleet->n);
    return status;
}

static enum gb_status compute_slot(struct replayed *r, const struct gb_slot_power *power,
                                   struct gb_error *err)
{
    const struct gb_fleet *fleet = r->fleet;
    size_t place = place_of(r, r->next);
    double *solar_w = r->solar_w + place * fleet->systems.n;
    double *load_w = r->load_w + place * fleet->n;

    copy_rows(solar_w, power->solar_w, 1, fleet->systems.n);
    copy_rows(r->wind_w + place * fleet->turbines.n, power->wind_w, 1, fleet->turbines.n);
    copy_rows(load_w, power->load_w, 1, fleet->n);
    enum gb_status status = gb_replays_overwrite(r->loads, r->next, load_w, err);
    return status == GB_OK ? gb_replays_overwrite(r->systems, r->next, solar_w, err) : status;
}

static enum gb_status compute_next(struct replayed *r, struct gb_error *err)
{
    struct gb_slot_power power;
    enum gb_status status = gb_stepped_slot(r->inner, r->next, &power, err);

    if (status == GB_OK)
        status = r->n_steps > 1 ? compute_steps(r, &power, err) : compute_slot(r, &power, err);
    r->next += status == GB_OK;
    return status;
}

static enum gb_status compute_through(struct replayed *r, int64_t last, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    if (last < gb_anchor_slot(r->slot_ns)) /* `modelled` says why not */
        return gb_stepped_slot(r->inner, last, &(struct gb_slot_power){0}, err);
    while (status == GB_OK && r->next <= last)
        status = compute_next(r, err);
    return status;
}

static enum gb_status slot_replayed(void *state, int64_t interval, struct gb_slot_power *out,
                                    struct gb_error *err)
{
    struct replayed *r = state;

    if (r->is_plain)
        return gb_stepped_slot(r->inner, interval, out, err);
    enum gb_status status = compute_through(r, interval, err);
    if (status == GB_OK)
        *out = r->n_steps > 1 ? steps_at(r, interval) : kept_at(r, interval);
    return status;
}

/* ---- forecasts */

/* Do forecasts rest on the model, where nothing is measured? */
static bool is_modelled(const struct replayed *r)
{
    return r->is_plain || r->config->weather.forecast.kind == GB_FORECAST_CONDITIONAL_MEAN ||
           r->config->weather.forecast.kind == GB_FORECAST_FILE;
}

/* The slot that lies so many days before on the local clock. */
static int64_t days_before(const struct replayed *r, int64_t interval, int64_t days)
{
    int64_t local_ns = gb_calendar_local_ns(&r->calendar, interval * r->slot_ns);
    int64_t then_ns = local_ns - days * GB_NS_PER_DAY;

    return gb_floor_divide(gb_calendar_moment_ns(&r->calendar, then_ns, INT64_MIN), r->slot_ns);
}

/* The slot whose power is expected in `interval` by one who has read up to last_read: the latest
 * read that lies whole days, or weeks, before on the local clock. */
static int64_t slot_before(const struct replayed *r, int64_t interval, int64_t last_read)
{
    int64_t days = days_back(r->config), slot = interval;

    if (days == 0)
        return last_read;
    for (int64_t back = days; slot > last_read; back += days)
        slot = days_before(r, interval, back);
    return slot;
}

/* What the meters showed in a slot that is kept, or in the one read last. */
static void copy_kept(const struct replayed *r, int64_t slot, int64_t last_read,
                      const struct gb_fleet_block *of, double *solar_w, double *wind_w,
                      double *load_w)
{
    bool is_kept = slot >= gb_anchor_slot(r->slot_ns);
    struct gb_slot_power kept = kept_at(r, is_kept ? slot : last_read);

    memcpy(solar_w, kept.solar_w + of->systems.first, of->systems.n * sizeof *solar_w);
    memcpy(wind_w, kept.wind_w + of->turbines.first, of->turbines.n * sizeof *wind_w);
    memcpy(load_w, kept.load_w + of->meters.first, of->meters.n * sizeof *load_w);
}

static void believe_measured(const struct replayed *r, int64_t interval, int64_t last_read,
                             int64_t slot, const struct gb_fleet_block *of, double *solar_w,
                             double *load_w)
{
    const struct gb_forecast_config *forecast = &r->config->weather.forecast;
    bool is_mean = is_modelled(r);
    struct gb_replay_question loads = {
        .last_read = last_read, .slot = slot, .skill = forecast->skill, .factor = 1};
    struct gb_replay_question systems = loads;

    loads.factor += is_mean ? forecast->load_bias : 0;
    systems.factor += is_mean ? forecast->generation_bias : 0;
    if (is_mean && forecast->skill > 0) {
        struct gb_slot_power truth = kept_at(r, interval);
        loads.truth_w = truth.load_w;
        systems.truth_w = truth.solar_w;
    }
    gb_replays_believe(r->loads, of->meters.first, of->meters.n, &loads, load_w);
    gb_replays_believe(r->systems, of->systems.first, of->systems.n, &systems, solar_w);
}

static void add(double *sum, const double *day, size_t n, double share)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += share * day[i];
}

/* The mean of the same local time over the last seven days, as far as they have been read and lie
 * in the run; without any the slot read last. */
static void believe_week_mean(const struct replayed *r, int64_t interval, int64_t last_read,
                              const struct gb_fleet_block *of, double *solar_w, double *wind_w,
                              double *load_w)
{
    int64_t slots[7] = {last_read};
    size_t n = 0;

    for (int64_t back = 1; back <= 7; back++) {
        int64_t slot = days_before(r, interval, back);
        if (slot <= last_read && slot >= gb_anchor_slot(r->slot_ns))
            slots[n++] = slot;
    }
    n += n == 0;
    memset(solar_w, 0, of->systems.n * sizeof *solar_w);
    memset(wind_w, 0, of->turbines.n * sizeof *wind_w);
    memset(load_w, 0, of->meters.n * sizeof *load_w);
    for (size_t d = 0; d < n; d++) {
        copy_kept(r, slots[d], last_read, of, r->day.solar_w, r->day.wind_w, r->day.load_w);
        add(solar_w, r->day.solar_w, of->systems.n, 1 / (double)n);
        add(wind_w, r->day.wind_w, of->turbines.n, 1 / (double)n);
        add(load_w, r->day.load_w, of->meters.n, 1 / (double)n);
    }
}

/* Puts what files forecast in place of all else. */
static void believe_files(const struct replayed *r, int64_t interval, int64_t last_read,
                          const struct gb_fleet_block *of, double *solar_w, double *load_w)
{
    const struct gb_replay_question question = {
        .last_read = last_read, .slot = interval, .factor = 1};

    gb_replays_believe(r->load_forecasts, of->meters.first, of->meters.n, &question, load_w);
    gb_replays_believe(r->system_forecasts, of->systems.first, of->systems.n, &question, solar_w);
}

static enum gb_status forecast_replayed(void *state, int64_t interval, int64_t last_read,
                                        size_t first, size_t n, double *solar_w, double *wind_w,
                                        double *load_w, struct gb_error *err)
{
    struct replayed *r = state;
    enum gb_forecast_kind kind = (enum gb_forecast_kind)r->config->weather.forecast.kind;
    bool is_mean = is_modelled(r);
    struct gb_fleet_block of = gb_fleet_block_of(r->fleet, first, n);
    enum gb_status status = GB_OK;

    assert(last_read < interval);
    if (!r->is_plain)
        status = compute_through(r, is_naive(r->config) ? last_read : interval, err);
    if (status == GB_OK && is_mean)
        status = gb_stepped_forecast(r->inner, interval, last_read, first, n, solar_w, wind_w,
                                     load_w, err);
    if (status != GB_OK || r->is_plain)
        return status;
    if (kind == GB_FORECAST_WEEK_MEAN) {
        believe_week_mean(r, interval, last_read, &of, solar_w, wind_w, load_w);
        return GB_OK;
    }
    int64_t slot = kind == GB_FORECAST_PERFECT ? interval : slot_before(r, interval, last_read);
    if (!is_mean)
        copy_kept(r, slot, last_read, &of, solar_w, wind_w, load_w);
    believe_measured(r, interval, last_read, slot, &of, solar_w, load_w);
    believe_files(r, interval, last_read, &of, solar_w, load_w);
    return GB_OK;
}

static size_t bytes_of_replayed(const struct gb_physics_config *config, size_t window)
{
    size_t n_steps = gb_weather_n_steps_a_slot(&config->weather);
    size_t n_rows = slots_kept(config, window) + (n_steps > 1 ? window * n_steps : 0);

    return gb_stepped_bytes_a_meter(config, window) + 3 * sizeof(double) * n_rows;
}

const struct gb_physics_provider gb_physics_replayed = {
    .member = {.name = "replayed",
               .summary = "as modelled, with measured series where the scenario names them"},
    .create = create_replayed,
    .slot = slot_replayed,
    .forecast = forecast_replayed,
    .free = free_replayed,
    .bytes_a_meter = bytes_of_replayed,
};
