#include "models/weather/weather.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "models/weather/calendar.h"
#include "models/weather/sun.h"
#include "sim/quantity.h"

#define LONGEST_STEP_NS (900 * GB_NS_PER_SECOND)
#define LEAST_MEMORY 1e-12              /* keeps the running sum of logs finite */

struct gb_weather {
    const struct gb_physics_config *config;
    struct gb_site site;
    struct gb_cloud_marginal clouds;
    struct gb_wind_law wind;
    struct gb_key cloud_key, night_key, slow_key, fast_key, cloud_error_key, wind_error_key;
    double slot_h, cloud_memory, slow_memory, fast_memory;
    size_t window, n_steps;
    int64_t next;                       /* slot to compute next */
    /* state after slot next - 1 */
    double z_cloud, z_slow, z_fast, cloud_memory_log;
    bool was_dark;
    struct gb_weather_slot *slots;      /* window */
    struct gb_sun_step *steps;          /* window x n_steps */
};

int64_t gb_anchor_slot(int64_t slot_ns)
{
    int64_t slots = (8 * GB_NS_PER_HOUR + slot_ns - 1) / slot_ns;

    return -(slots < 8 ? 8 : slots);
}

static size_t place_of(const struct gb_weather *weather, int64_t interval)
{
    return (size_t)(interval - gb_anchor_slot(weather->config->slot_ns)) % weather->window;
}

static void set_constants(struct gb_weather *weather)
{
    const struct gb_physics_config *c = weather->config;
    struct gb_cloud_modes modes = {
        .dark_weight = c->cloud_dark_weight,
        .dark_mean = c->cloud_dark_mean,
        .dark_sd = c->cloud_dark_sd,
        .clear_mean = c->cloud_clear_mean,
        .clear_sd = c->cloud_clear_sd,
    };

    weather->site = (struct gb_site){
        .latitude_deg = c->latitude_deg,
        .longitude_deg = c->longitude_deg,
        .altitude_m = c->altitude_m,
        .pressure_pa = gb_standard_pressure_pa(c->altitude_m),
        .temperature_c = c->temperature_c,
    };
    gb_cloud_marginal_init(&weather->clouds, &modes);
    weather->wind = gb_wind_law_make(c->wind_weibull_k, c->wind_weibull_a, c->wind_diurnal_ratio,
                                     c->wind_diurnal_peak_h);
    weather->slot_h = (double)c->slot_ns / GB_NS_PER_HOUR;
    weather->cloud_memory = pow(c->cloud_acf_hour, weather->slot_h);
    weather->slow_memory = exp(-weather->slot_h / c->wind_slow_h);
    weather->fast_memory = exp(-weather->slot_h / c->wind_fast_h);
    weather->n_steps = (size_t)((c->slot_ns + LONGEST_STEP_NS - 1) / LONGEST_STEP_NS);
}

enum gb_status gb_weather_create(struct gb_weather **out, const struct gb_physics_config *config,
                                 size_t window, uint64_t seed, uint32_t replication,
                                 struct gb_error *err)
{
    struct gb_weather *weather = calloc(1, sizeof *weather);

    assert(window > 0);
    if (!weather)
        return gb_fail(err, GB_ENOMEM, "no memory for the weather");
    weather->config = config;
    weather->window = window;
    set_constants(weather);
    weather->cloud_key = gb_key_make(seed, replication, GB_PURPOSE_CLOUD_REGIONAL);
    weather->night_key = gb_key_make(seed, replication, GB_PURPOSE_CLOUD_OVERNIGHT);
    weather->slow_key = gb_key_make(seed, replication, GB_PURPOSE_WIND_SLOW);
    weather->fast_key = gb_key_make(seed, replication, GB_PURPOSE_WIND_FAST);
    weather->cloud_error_key = gb_key_make(seed, replication, GB_PURPOSE_FORECAST_SOLAR);
    weather->wind_error_key = gb_key_make(seed, replication, GB_PURPOSE_FORECAST_WIND);
    weather->next = gb_anchor_slot(config->slot_ns);
    weather->slots = calloc(window, sizeof *weather->slots);
    weather->steps = calloc(window * weather->n_steps, sizeof *weather->steps);
    if (!weather->slots || !weather->steps) {
        gb_weather_free(weather);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu slots of weather", window);
    }
    for (size_t i = 0; i < window; i++)
        weather->slots[i].interval = INT64_MIN;
    *out = weather;
    return GB_OK;
}

void gb_weather_free(struct gb_weather *weather)
{
    if (!weather)
        return;
    free(weather->slots);
    free(weather->steps);
    free(weather);
}

/* Local time in the middle of step `i` of a slot, ns after the start of slot 0. */
static int64_t middle_of_step(const struct gb_weather *weather, int64_t interval, size_t i)
{
    int64_t slot_ns = weather->config->slot_ns, n = (int64_t)weather->n_steps;

    return interval * slot_ns + slot_ns / (2 * n) * (2 * (int64_t)i + 1);
}

static struct gb_sun_step sun_step(const struct gb_weather *weather, int64_t local_ns)
{
    const struct gb_physics_config *c = weather->config;
    int64_t day = c->start_date + gb_floor_divide(local_ns, GB_NS_PER_DAY);
    double utc = (double)c->start_date + (double)local_ns / GB_NS_PER_DAY - c->utc_offset_h / 24;
    struct gb_sun sun = gb_sun_at(&weather->site, utc);
    double extraterrestrial = gb_extraterrestrial(gb_civil_day_at(day).day_of_year);
    struct gb_sun_step step = {
        .apparent_zenith_deg = sun.apparent_zenith_deg,
        .azimuth_deg = sun.azimuth_deg,
        .cos_zenith = cos(sun.zenith_deg * (M_PI / 180)),
        .extraterrestrial = extraterrestrial,
    };

    if (sun.apparent_zenith_deg < 90) {
        double air_mass =
            gb_air_mass(sun.apparent_zenith_deg) * weather->site.pressure_pa / 101325;
        step.clear_ghi = gb_clear_sky(sun.apparent_zenith_deg, air_mass, c->linke_turbidity,
                                      c->altitude_m, extraterrestrial).ghi;
    }
    return step;
}

/* By day the latent forgets by the hour; at night it stands still, and the morning keeps as much of
 * the last evening as the scenario says. */
static void advance_clouds(struct gb_weather *weather, bool has_sun)
{
    uint32_t time = (uint32_t)weather->next;
    double memory = weather->cloud_memory;
    struct gb_key key = weather->cloud_key;

    if (weather->next == gb_anchor_slot(weather->config->slot_ns)) {
        weather->z_cloud = gb_draw_normal(gb_draw_at(key, 0, 0, time, 0));
    } else if (has_sun) {
        if (weather->was_dark) {
            memory = weather->config->cloud_overnight;
            key = weather->night_key;
        }
        weather->z_cloud = gb_latent_step(weather->z_cloud, memory,
                                          gb_draw_normal(gb_draw_at(key, 0, 0, time, 0)));
        weather->cloud_memory_log += log(fmax(memory, LEAST_MEMORY));
    }
    weather->was_dark = !has_sun;
}

static void advance_wind(struct gb_weather *weather)
{
    uint32_t time = (uint32_t)weather->next;
    bool starts = weather->next == gb_anchor_slot(weather->config->slot_ns);
    double slow = gb_draw_normal(gb_draw_at(weather->slow_key, 0, 0, time, 0));
    double fast = gb_draw_normal(gb_draw_at(weather->fast_key, 0, 0, time, 0));

    weather->z_slow = gb_latent_step(weather->z_slow, starts ? 0 : weather->slow_memory, slow);
    weather->z_fast = gb_latent_step(weather->z_fast, starts ? 0 : weather->fast_memory, fast);
}

void gb_weather_advance(struct gb_weather *weather)
{
    const struct gb_physics_config *c = weather->config;
    size_t place = place_of(weather, weather->next);
    struct gb_sun_step *steps = weather->steps + place * weather->n_steps;
    int64_t middle = weather->next * c->slot_ns + c->slot_ns / 2;
    int64_t into_day = middle - gb_floor_divide(middle, GB_NS_PER_DAY) * GB_NS_PER_DAY;
    bool has_sun = false;

    for (size_t i = 0; i < weather->n_steps; i++) {
        steps[i] = sun_step(weather, middle_of_step(weather, weather->next, i));
        has_sun = has_sun || steps[i].clear_ghi > 0;
    }
    advance_clouds(weather, has_sun);
    advance_wind(weather);
    weather->slots[place] = (struct gb_weather_slot){
        .interval = weather->next,
        .has_sun = has_sun,
        .local_hour = (double)into_day / GB_NS_PER_HOUR,
        .z_cloud = weather->z_cloud,
        .z_wind = sqrt(c->wind_slow_share) * weather->z_slow +
                  sqrt(1 - c->wind_slow_share) * weather->z_fast,
        .cloud_memory_log = weather->cloud_memory_log,
        .steps = steps,
    };
    weather->next++;
}

const struct gb_weather_slot *gb_weather_at(const struct gb_weather *weather, int64_t interval)
{
    const struct gb_weather_slot *slot = weather->slots + place_of(weather, interval);

    assert(interval >= gb_anchor_slot(weather->config->slot_ns) && slot->interval == interval);
    return slot;
}

size_t gb_weather_n_steps(const struct gb_weather *weather)
{
    return weather->n_steps;
}

const struct gb_cloud_marginal *gb_weather_clouds(const struct gb_weather *weather)
{
    return &weather->clouds;
}

const struct gb_wind_law *gb_weather_wind(const struct gb_weather *weather)
{
    return &weather->wind;
}

struct gb_sky gb_weather_sky(const struct gb_weather *weather, const struct gb_sun_step *step,
                             double kc)
{
    struct gb_irradiance light =
        gb_decompose(kc * step->clear_ghi, step->cos_zenith, step->extraterrestrial, NULL);

    return gb_sky_from(&light, step->apparent_zenith_deg, step->azimuth_deg,
                       step->extraterrestrial, weather->config->albedo);
}

static struct gb_belief belief(const struct gb_weather *weather, struct gb_key error_key,
                               double seen, double rho, int64_t interval, int64_t last_read)
{
    double kappa = weather->config->forecast_kappa, error = 0;

    if (kappa > 0)
        error = gb_draw_normal(
            gb_draw_at(error_key, 0, (uint32_t)last_read, (uint32_t)interval, 0));
    return gb_belief_from(seen, rho, kappa, error);
}

struct gb_belief gb_weather_cloud_belief(const struct gb_weather *weather, int64_t interval,
                                         int64_t last_read)
{
    const struct gb_weather_slot *then = gb_weather_at(weather, last_read);
    const struct gb_weather_slot *now = gb_weather_at(weather, interval);
    double rho = exp(now->cloud_memory_log - then->cloud_memory_log);

    return belief(weather, weather->cloud_error_key, then->z_cloud, rho, interval, last_read);
}

struct gb_belief gb_weather_wind_belief(const struct gb_weather *weather, int64_t interval,
                                        int64_t last_read)
{
    const struct gb_physics_config *c = weather->config;
    const struct gb_weather_slot *then = gb_weather_at(weather, last_read);
    double rho = gb_wind_memory(c->wind_slow_share, c->wind_slow_h, c->wind_fast_h,
                                weather->slot_h * (double)(interval - last_read));

    return belief(weather, weather->wind_error_key, then->z_wind, rho, interval, last_read);
}
