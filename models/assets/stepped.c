#include "models/assets/stepped.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct gb_stepped {
    const struct gb_fleet *fleet;
    struct gb_physics_config config; /* whose slots are the steps */
    size_t n_steps;
    void *modelled;
    struct {
        double *solar_w, *wind_w, *load_w; /* what is expected of one step */
    } step;
};

/* What a reader's memory takes a meter and step at most: latents and events of a home, and the
 * appliances that were on. */
enum { BYTES_SEEN = 64 };

static struct gb_physics_config config_of_steps(const struct gb_physics_config *config)
{
    struct gb_physics_config steps = *config;

    steps.weather.steps_a_slot = (int64_t)gb_weather_n_steps_a_slot(&config->weather);
    steps.weather.slot_ns = gb_weather_step_ns(&config->weather);
    return steps;
}

/* Room for what is expected of a step; a slot that is its own step needs none. */
static bool allocate_step(struct gb_stepped *s)
{
    const struct gb_fleet *fleet = s->fleet;

    if (s->n_steps == 1)
        return true;
    s->step.solar_w = calloc(fleet->systems.n + 1, sizeof *s->step.solar_w);
    s->step.wind_w = calloc(fleet->turbines.n + 1, sizeof *s->step.wind_w);
    s->step.load_w = calloc(fleet->n + 1, sizeof *s->step.load_w);
    return s->step.solar_w && s->step.wind_w && s->step.load_w;
}

enum gb_status gb_stepped_create(struct gb_stepped **out, const struct gb_physics_config *config,
                                 const struct gb_fleet *fleet, size_t window, struct gb_draws draws,
                                 struct gb_error *err)
{
    struct gb_stepped *s = calloc(1, sizeof *s);

    if (!s)
        return gb_fail(err, GB_ENOMEM, "no memory for the physics");
    s->fleet = fleet;
    s->config = config_of_steps(config);
    s->n_steps = gb_weather_n_steps_a_slot(&config->weather);
    enum gb_status status =
        allocate_step(s) ? gb_physics_modelled.create(&s->modelled, &s->config, fleet,
                                                      window * s->n_steps, draws, err)
                         : gb_fail(err, GB_ENOMEM, "no memory for a step of %zu meters", fleet->n);
    if (status == GB_OK)
        *out = s;
    else
        gb_stepped_free(s);
    return status;
}

void gb_stepped_free(struct gb_stepped *stepped)
{
    if (!stepped)
        return;
    if (stepped->modelled)
        gb_physics_modelled.free(stepped->modelled);
    free(stepped->step.solar_w);
    free(stepped->step.wind_w);
    free(stepped->step.load_w);
    free(stepped);
}

const struct gb_physics_config *gb_stepped_config(const struct gb_stepped *stepped)
{
    return &stepped->config;
}

/* Steps of a slot stand behind each other: the window of `modelled` is a whole number of slots. */
enum gb_status gb_stepped_slot(struct gb_stepped *stepped, int64_t interval,
                               struct gb_slot_power *out, struct gb_error *err)
{
    int64_t n = (int64_t)stepped->n_steps;
    struct gb_slot_power first, step;
    enum gb_status status = gb_physics_modelled.slot(stepped->modelled, interval * n, &first, err);

    for (int64_t i = 1; i < n && status == GB_OK; i++) {
        status = gb_physics_modelled.slot(stepped->modelled, interval * n + i, &step, err);
        assert(status != GB_OK || step.load_w == first.load_w + (size_t)i * stepped->fleet->n);
    }
    if (status != GB_OK)
        return status;
    *out = first;
    out->interval = interval;
    return GB_OK;
}

static void add(double *sum, const double *step, size_t n, double share)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += share * step[i];
}

void gb_stepped_mean(const double *power_w, size_t n_steps, size_t n_owners, double *mean_w)
{
    memset(mean_w, 0, n_owners * sizeof *mean_w);
    for (size_t i = 0; i < n_steps; i++)
        add(mean_w, power_w + i * n_owners, n_owners, 1 / (double)n_steps);
}

enum gb_status gb_stepped_forecast(struct gb_stepped *stepped, int64_t interval, int64_t last_read,
                                   size_t first, size_t n, double *solar_w, double *wind_w,
                                   double *load_w, struct gb_error *err)
{
    int64_t n_steps = (int64_t)stepped->n_steps;
    struct gb_fleet_block asked = gb_fleet_block_of(stepped->fleet, first, n);
    enum gb_status status = GB_OK;

    if (n_steps == 1)
        return gb_physics_modelled.forecast(stepped->modelled, interval, last_read, first, n,
                                            solar_w, wind_w, load_w, err);
    memset(solar_w, 0, asked.systems.n * sizeof *solar_w);
    memset(wind_w, 0, asked.turbines.n * sizeof *wind_w);
    memset(load_w, 0, n * sizeof *load_w);
    for (int64_t i = 0; i < n_steps && status == GB_OK; i++) {
        status = gb_physics_modelled.forecast(
            stepped->modelled, interval * n_steps + i, (last_read + 1) * n_steps - 1, first, n,
            stepped->step.solar_w, stepped->step.wind_w, stepped->step.load_w, err);
        if (status != GB_OK)
            break;
        add(solar_w, stepped->step.solar_w, asked.systems.n, 1 / (double)n_steps);
        add(wind_w, stepped->step.wind_w, asked.turbines.n, 1 / (double)n_steps);
        add(load_w, stepped->step.load_w, n, 1 / (double)n_steps);
    }
    return status;
}

size_t gb_stepped_bytes_a_meter(const struct gb_physics_config *config, size_t window)
{
    size_t n_steps = gb_weather_n_steps_a_slot(&config->weather);
    size_t bytes = gb_physics_modelled.bytes_a_meter(config, window * n_steps);

    return n_steps > 1 ? bytes + BYTES_SEEN * window * n_steps : bytes;
}
