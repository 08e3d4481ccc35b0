#include "models/weather/weather.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/quantity.h"
#include "models/weather/sun.h"

/* The longest steps of a slot. */
#define WIND_STEP_NS (600 * GB_NS_PER_SECOND)
#define SKY_STEP_NS (900 * GB_NS_PER_SECOND)
#define CLOUD_STEP_NS GB_NS_PER_HOUR
#define LEAST_MEMORY 1e-12 /* keeps the running sum of logs finite */

struct gb_weather {
    const struct gb_weather_config *config;
    struct gb_calendar calendar;
    struct gb_site site;
    struct gb_cloud_marginal clouds;
    struct gb_wind_law wind;
    struct gb_key cloud_key, night_key, slow_key, fast_key, cloud_error_key, wind_error_key;
    double slot_h, cloud_memory, slow_memory, fast_memory; /* memories over a step */
    size_t window, n_steps, n_cloud_steps, n_wind_steps;   /* steps of a slot */
    int64_t next;                                          /* slot to compute next */
    /* state after slot next - 1 */
    double z_cloud, z_slow, z_fast, cloud_memory_log;
    bool was_dark;
    struct gb_weather_slot *slots;   /* window */
    struct gb_sky_step *steps;       /* window x n_steps */
    struct gb_wind_step *wind_steps; /* window x n_wind_steps */
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

static size_t n_steps_of(int64_t slot_ns, int64_t longest_ns)
{
    return (size_t)((slot_ns + longest_ns - 1) / longest_ns);
}

static void set_constants(struct gb_weather *weather)
{
    const struct gb_weather_config *c = weather->config;
    struct gb_cloud_modes modes = {
        .dark_weight = c->clouds.dark_weight,
        .dark_mean = c->clouds.dark_mean,
        .dark_sd = c->clouds.dark_sd,
        .clear_mean = c->clouds.clear_mean,
        .clear_sd = c->clouds.clear_sd,
    };

    weather->calendar = gb_weather_calendar(c);
    weather->site = (struct gb_site){
        .latitude_deg = c->site.latitude_deg,
        .longitude_deg = c->site.longitude_deg,
        .altitude_m = c->site.altitude_m,
        .pressure_pa = gb_standard_pressure_pa(c->site.altitude_m),
        .temperature_c = c->site.temperature_c,
    };
    gb_cloud_marginal_init(&weather->clouds, &modes);
    weather->wind = gb_wind_law_make(c->wind.weibull_k, c->wind.weibull_a, c->wind.diurnal_ratio,
                                     c->wind.diurnal_peak_h);
    weather->slot_h = (double)c->slot_ns / GB_NS_PER_HOUR;
    weather->n_steps = n_steps_of(c->slot_ns, SKY_STEP_NS);
    weather->n_cloud_steps = n_steps_of(c->slot_ns, CLOUD_STEP_NS);
    weather->n_wind_steps = n_steps_of(c->slot_ns, WIND_STEP_NS);
    double wind_step_h = weather->slot_h / (double)weather->n_wind_steps;
    weather->cloud_memory =
        pow(c->clouds.acf_hour, weather->slot_h / (double)weather->n_cloud_steps);
    weather->slow_memory = exp(-wind_step_h / c->wind.slow_h);
    weather->fast_memory = exp(-wind_step_h / c->wind.fast_h);
}

enum gb_status gb_weather_create(struct gb_weather **out, const struct gb_weather_config *config,
                                 size_t window, struct gb_draws draws, struct gb_error *err)
{
    struct gb_weather *weather = calloc(1, sizeof *weather);

    assert(window > 0);
    if (!weather)
        return gb_fail(err, GB_ENOMEM, "no memory for the weather");
    weather->config = config;
    weather->window = window;
    set_constants(weather);
    weather->cloud_key = gb_draws_key(draws, GB_PURPOSE_CLOUD_REGIONAL);
    weather->night_key = gb_draws_key(draws, GB_PURPOSE_CLOUD_OVERNIGHT);
    weather->slow_key = gb_draws_key(draws, GB_PURPOSE_WIND_SLOW);
    weather->fast_key = gb_draws_key(draws, GB_PURPOSE_WIND_FAST);
    weather->cloud_error_key = gb_draws_key(draws, GB_PURPOSE_FORECAST_SOLAR);
    weather->wind_error_key = gb_draws_key(draws, GB_PURPOSE_FORECAST_WIND);
    weather->next = gb_anchor_slot(config->slot_ns);
    weather->slots = calloc(window, sizeof *weather->slots);
    weather->steps = calloc(window * weather->n_steps, sizeof *weather->steps);
    weather->wind_steps = calloc(window * weather->n_wind_steps, sizeof *weather->wind_steps);
    if (!weather->slots || !weather->steps || !weather->wind_steps) {
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
    free(weather->wind_steps);
    free(weather);
}

/* The middle of step i of n of a slot, ns after the start of slot 0. */
static int64_t middle_of_step(const struct gb_weather *weather, int64_t interval, size_t i,
                              size_t n)
{
    int64_t slot_ns = weather->config->slot_ns;

    return interval * slot_ns + slot_ns / (2 * (int64_t)n) * (2 * (int64_t)i + 1);
}

static double clear_ghi(const struct gb_weather *weather, double apparent_zenith_deg,
                        double extraterrestrial)
{
    const struct gb_weather_config *c = weather->config;

    if (apparent_zenith_deg >= 90)
        return 0;
    if (c->site.clear_sky == GB_CLEAR_SKY_HAURWITZ)
        return gb_clear_sky_haurwitz(apparent_zenith_deg);
    double air_mass = gb_air_mass(apparent_zenith_deg) * weather->site.pressure_pa / 101325;
    return gb_clear_sky(apparent_zenith_deg, air_mass, c->site.linke_turbidity, c->site.altitude_m,
                        extraterrestrial)
        .ghi;
}

/* A step of the sky, still without clouds. */
static struct gb_sky_step sun_step(const struct gb_weather *weather, int64_t at_ns)
{
    const struct gb_weather_config *c = weather->config;
    int64_t day =
        c->start_date +
        gb_floor_divide(gb_calendar_standard_ns(&weather->calendar, at_ns), GB_NS_PER_DAY);
    double utc =
        (double)c->start_date + (double)at_ns / GB_NS_PER_DAY - weather->calendar.lag_h / 24;
    struct gb_sun sun = gb_sun_at(&weather->site, utc);
    double extraterrestrial = gb_extraterrestrial(gb_civil_day_at(day).day_of_year);
    struct gb_sky_step step = {
        .sun = gb_direction_from(sun.apparent_zenith_deg, sun.azimuth_deg),
        .cos_zenith = cos(sun.zenith_deg * (M_PI / 180)),
        .extraterrestrial = extraterrestrial,
    };

    step.clear_ghi = clear_ghi(weather, sun.apparent_zenith_deg, extraterrestrial);
    return step;
}

/* By day the latent forgets by the hour; at night it stands still, and the morning keeps as much of
 * the last evening as the scenario says.
 * time  number of the step of the clouds */
static void advance_clouds(struct gb_weather *weather, uint32_t time, bool starts, bool has_sun)
{
    double memory = weather->cloud_memory;
    struct gb_key key = weather->cloud_key;

    if (starts) {
        weather->z_cloud = gb_draw_normal(gb_draw_at(key, 0, 0, time, 0));
    } else if (has_sun) {
        if (weather->was_dark) {
            memory = weather->config->clouds.overnight;
            key = weather->night_key;
        }
        weather->z_cloud = gb_latent_step(weather->z_cloud, memory,
                                          gb_draw_normal(gb_draw_at(key, 0, 0, time, 0)));
        weather->cloud_memory_log += log(fmax(memory, LEAST_MEMORY));
    }
    weather->was_dark = !has_sun;
}

static bool has_sun_in(const struct gb_sky_step *steps, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (steps[i].clear_ghi > 0)
            return true;
    return false;
}

/* Sun and clouds of the next slot; a step of the clouds spans some of the sun's. */
static void fill_sky(struct gb_weather *weather, struct gb_sky_step *steps)
{
    bool is_anchor = weather->next == gb_anchor_slot(weather->config->slot_ns);
    size_t n = weather->n_steps, n_clouds = weather->n_cloud_steps;
    uint32_t time = (uint32_t)(weather->next * (int64_t)n_clouds);

    for (size_t i = 0; i < n; i++)
        steps[i] = sun_step(weather, middle_of_step(weather, weather->next, i, n));
    for (size_t c = 0; c < n_clouds; c++) {
        size_t first = c * n / n_clouds, end = (c + 1) * n / n_clouds;
        advance_clouds(weather, time + (uint32_t)c, is_anchor && c == 0,
                       has_sun_in(steps, first, end));
        for (size_t i = first; i < end; i++) {
            steps[i].z_cloud = weather->z_cloud;
            steps[i].cloud_memory_log = weather->cloud_memory_log;
        }
    }
}

/* The wind latent in one step, which is its number `time`. */
static double advance_wind(struct gb_weather *weather, uint32_t time, bool starts)
{
    double slow_share = weather->config->wind.slow_share;
    double slow = gb_draw_normal(gb_draw_at(weather->slow_key, 0, 0, time, 0));
    double fast = gb_draw_normal(gb_draw_at(weather->fast_key, 0, 0, time, 0));

    weather->z_slow = gb_latent_step(weather->z_slow, starts ? 0 : weather->slow_memory, slow);
    weather->z_fast = gb_latent_step(weather->z_fast, starts ? 0 : weather->fast_memory, fast);
    return sqrt(slow_share) * weather->z_slow + sqrt(1 - slow_share) * weather->z_fast;
}

/* Winds follow the sun: their clock is never changed for the summer. */
static double standard_hour(const struct gb_weather *weather, int64_t at_ns)
{
    int64_t local_ns = gb_calendar_standard_ns(&weather->calendar, at_ns);
    int64_t into_day = local_ns - gb_floor_divide(local_ns, GB_NS_PER_DAY) * GB_NS_PER_DAY;

    return (double)into_day / GB_NS_PER_HOUR;
}

static void fill_wind(struct gb_weather *weather, struct gb_wind_step *steps)
{
    bool is_anchor = weather->next == gb_anchor_slot(weather->config->slot_ns);
    size_t n = weather->n_wind_steps;
    uint32_t time = (uint32_t)(weather->next * (int64_t)n);

    for (size_t i = 0; i < n; i++)
        steps[i] = (struct gb_wind_step){
            .local_hour = standard_hour(weather, middle_of_step(weather, weather->next, i, n)),
            .z = advance_wind(weather, time + (uint32_t)i, is_anchor && i == 0),
        };
}

void gb_weather_advance(struct gb_weather *weather)
{
    size_t place = place_of(weather, weather->next);
    struct gb_sky_step *steps = weather->steps + place * weather->n_steps;
    struct gb_wind_step *wind = weather->wind_steps + place * weather->n_wind_steps;

    fill_sky(weather, steps);
    fill_wind(weather, wind);
    weather->slots[place] = (struct gb_weather_slot){
        .interval = weather->next,
        .has_sun = has_sun_in(steps, 0, weather->n_steps),
        .z_cloud = weather->z_cloud,
        .z_wind = wind[weather->n_wind_steps - 1].z,
        .cloud_memory_log = weather->cloud_memory_log,
        .steps = steps,
        .wind = wind,
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

size_t gb_weather_n_wind_steps(const struct gb_weather *weather)
{
    return weather->n_wind_steps;
}

const struct gb_cloud_marginal *gb_weather_clouds(const struct gb_weather *weather)
{
    return &weather->clouds;
}

const struct gb_wind_law *gb_weather_wind(const struct gb_weather *weather)
{
    return &weather->wind;
}

static struct gb_belief belief(const struct gb_weather *weather, struct gb_key error_key,
                               double seen, double rho, int64_t interval, int64_t last_read)
{
    double kappa = weather->config->forecast.kappa, error = 0;

    if (kappa > 0)
        error =
            gb_draw_normal(gb_draw_at(error_key, 0, (uint32_t)last_read, (uint32_t)interval, 0));
    return gb_belief_from(seen, rho, kappa, error);
}

struct gb_belief gb_weather_cloud_belief(const struct gb_weather *weather, int64_t interval,
                                         size_t step, int64_t last_read)
{
    const struct gb_weather_slot *then = gb_weather_at(weather, last_read);
    const struct gb_sky_step *now = &gb_weather_at(weather, interval)->steps[step];
    double rho = exp(now->cloud_memory_log - then->cloud_memory_log);

    return belief(weather, weather->cloud_error_key, then->z_cloud, rho, interval, last_read);
}

struct gb_belief gb_weather_wind_belief(const struct gb_weather *weather, int64_t interval,
                                        size_t step, int64_t last_read)
{
    const struct gb_weather_config *c = weather->config;
    const struct gb_weather_slot *then = gb_weather_at(weather, last_read);
    double ahead = (double)(interval - last_read - 1) +
                   (double)(step + 1) / (double)weather->n_wind_steps; /* slots */
    double rho =
        gb_wind_memory(c->wind.slow_share, c->wind.slow_h, c->wind.fast_h, weather->slot_h * ahead);

    return belief(weather, weather->wind_error_key, then->z_wind, rho, interval, last_read);
}
