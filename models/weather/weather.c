#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/quantity.h"
#include "models/weather/weather_priv.h"

/* The longest steps of a slot. */
#define WIND_STEP_NS (600 * GB_NS_PER_SECOND)
#define SKY_STEP_NS (900 * GB_NS_PER_SECOND)
#define DRIFT_STEP_NS (300 * GB_NS_PER_SECOND)

int64_t gb_anchor_slot(int64_t slot_ns)
{
    int64_t slots = (8 * GB_NS_PER_HOUR + slot_ns - 1) / slot_ns;

    return -(slots < 8 ? 8 : slots);
}

int64_t gb_weather_anchor(const struct gb_weather_config *config)
{
    int64_t steps = config->steps_a_slot > 1 ? config->steps_a_slot : 1;

    return steps * gb_anchor_slot(steps * config->slot_ns);
}

static size_t place_of(const struct gb_weather *weather, int64_t interval)
{
    return (size_t)(interval - gb_weather_anchor(weather->config)) % weather->window;
}

static size_t n_steps_of(int64_t slot_ns, int64_t longest_ns)
{
    return (size_t)((slot_ns + longest_ns - 1) / longest_ns);
}

static void set_constants(struct gb_weather *weather)
{
    const struct gb_weather_config *c = weather->config;
    weather->calendar = gb_weather_calendar(c);
    weather->clear = gb_clear_site_of(&c->site);
    weather->slot_h = (double)c->slot_ns / GB_NS_PER_HOUR;
    weather->n_steps = n_steps_of(c->slot_ns, SKY_STEP_NS);
    weather->n_cloud_steps = 1;
    if (c->clouds.model == GB_CLOUDS_DRIFTING)
        weather->n_cloud_steps = n_steps_of(c->slot_ns / (int64_t)weather->n_steps, DRIFT_STEP_NS);
    weather->n_moves = weather->n_steps * weather->n_cloud_steps;
    weather->n_wind_steps = n_steps_of(c->slot_ns, WIND_STEP_NS);
}

static enum gb_status observe(struct gb_weather *weather, const struct gb_library *library,
                              struct gb_error *err)
{
    const struct gb_weather_config *config = weather->config;
    enum gb_status status = GB_OK;

    for (enum gb_weather_quantity q = 0; status == GB_OK && q < GB_N_WEATHER_QUANTITIES; q++)
        status = gb_observed_make(&weather->observed[q], gb_weather_series(config, q), q, config,
                                  library, err);
    for (enum gb_weather_quantity q = 0; status == GB_OK && q < GB_N_WEATHER_QUANTITIES; q++)
        status = gb_foreseen_make(&weather->foreseen[q], gb_weather_forecast(config, q), q, config,
                                  library, err);
    return status;
}

enum gb_status gb_weather_create(struct gb_weather **out, const struct gb_weather_config *config,
                                 const struct gb_library *library,
                                 const struct gb_weather_laws *laws, size_t window,
                                 struct gb_draws draws, struct gb_error *err)
{
    struct gb_weather *weather = calloc(1, sizeof *weather);

    assert(window > 0);
    if (!weather)
        return gb_fail(err, GB_ENOMEM, "no memory for the weather");
    weather->config = config;
    weather->window = window;
    set_constants(weather);
    if (laws)
        weather->laws = *laws;
    else
        gb_weather_laws_make(&weather->laws, config);
    enum gb_status status = observe(weather, library, err);
    if (status != GB_OK) {
        gb_weather_free(weather);
        return status;
    }
    gb_cloud_latent_init(&weather->latent, &config->clouds,
                         weather->slot_h / (double)weather->n_moves, draws);
    gb_wind_latent_init(&weather->wind, &config->wind,
                        weather->slot_h / (double)weather->n_wind_steps, draws);
    gb_temperature_init(&weather->temperature, &config->site,
                        weather->slot_h / (double)weather->n_steps, draws);
    weather->cloud_error_key = gb_draws_key(draws, GB_PURPOSE_FORECAST_SOLAR);
    weather->wind_error_key = gb_draws_key(draws, GB_PURPOSE_FORECAST_WIND);
    weather->next = gb_weather_anchor(config);
    weather->slots = calloc(window, sizeof *weather->slots);
    weather->steps = calloc(window * weather->n_steps, sizeof *weather->steps);
    weather->wind_steps = calloc(window * weather->n_wind_steps, sizeof *weather->wind_steps);
    weather->cloud_steps =
        calloc(window * weather->n_steps * weather->n_cloud_steps, sizeof *weather->cloud_steps);
    if (weather->latent.is_drifting)
        weather->waves =
            calloc(window * weather->n_steps * weather->n_cloud_steps, sizeof *weather->waves);
    if (!weather->slots || !weather->steps || !weather->wind_steps || !weather->cloud_steps ||
        (weather->latent.is_drifting && !weather->waves)) {
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
    for (size_t q = 0; q < GB_N_WEATHER_QUANTITIES; q++)
        gb_foreseen_clear(&weather->foreseen[q]);
    free(weather->slots);
    free(weather->steps);
    free(weather->wind_steps);
    free(weather->cloud_steps);
    free(weather->waves);
    free(weather);
}

/* The middle of step i of n of a slot, ns after the start of slot 0. */
static int64_t middle_of_step(const struct gb_weather *weather, int64_t interval, size_t i,
                              size_t n)
{
    int64_t slot_ns = weather->config->slot_ns;

    return interval * slot_ns + slot_ns / (2 * (int64_t)n) * (2 * (int64_t)i + 1);
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
    struct gb_sun sun = gb_sun_at(&weather->clear.site, utc);
    double extraterrestrial = gb_extraterrestrial(gb_civil_day_at(day).day_of_year);
    struct gb_sky_step step = {
        .sun = gb_direction_from(sun.apparent_zenith_deg, sun.azimuth_deg),
        .cos_zenith = cos(sun.zenith_deg * (M_PI / 180)),
        .extraterrestrial = extraterrestrial,
        .ghi = -1,
    };

    step.clear_ghi =
        gb_clear_site_ghi(&weather->clear, day, sun.apparent_zenith_deg, extraterrestrial);
    return step;
}

static bool has_sun_in(const struct gb_sky_step *steps, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (steps[i].clear_ghi > 0 || steps[i].ghi > 0)
            return true;
    return false;
}

/* Where the steps of the clouds in step `step` of the next slot's sky are kept. */
static struct gb_cloud_step *cloud_steps_of(const struct gb_weather *weather, size_t step)
{
    size_t first =
        (place_of(weather, weather->next) * weather->n_steps + step) * weather->n_cloud_steps;

    for (size_t i = 0; i < weather->n_cloud_steps; i++)
        weather->cloud_steps[first + i].waves = weather->waves ? weather->waves + first + i : NULL;
    return weather->cloud_steps + first;
}

/* Clouds of the next slot, which move at least once in every step of the sky: what is one cloud for
 * an hour makes hours differ more than hours of moving clouds do. */
static void fill_clouds(struct gb_weather *weather, struct gb_sky_step *steps)
{
    bool is_anchor = weather->next == gb_weather_anchor(weather->config);
    size_t n_parts = weather->n_cloud_steps;
    uint32_t number = (uint32_t)(weather->next * (int64_t)weather->n_moves);

    for (size_t m = 0; m < weather->n_moves; m++) {
        size_t at = m / n_parts;
        struct gb_cloud_step *here = cloud_steps_of(weather, at);
        gb_cloud_latent_advance(&weather->latent, number + (uint32_t)m, is_anchor && m == 0,
                                has_sun_in(steps, at, at + 1), &here[m % n_parts]);
        steps[at].clouds = here;
    }
}

/* A slot that a file does not have: before the run, the model's stays.
 * is_had  whether the file had it */
static enum gb_status settle(const struct gb_weather *weather, bool is_had,
                             enum gb_weather_quantity quantity, struct gb_error *err)
{
    if (is_had || weather->next < 0)
        return GB_OK;
    return gb_fail(err, GB_EINPUT, "the series '%s' has no %s for slot %" PRId64,
                   gb_weather_series(weather->config, quantity), gb_weather_names[quantity],
                   gb_weather_market_slot(weather->config, weather->next));
}

double gb_weather_clear_light(const void *context, int64_t step)
{
    const struct gb_weather *weather = context;
    int64_t n = (int64_t)weather->n_steps, interval = gb_floor_divide(step, n);

    return sun_step(weather, middle_of_step(weather, interval, (size_t)(step - interval * n),
                                            weather->n_steps))
        .clear_ghi;
}

/* Light as it was measured, and the latent under which the model's sky has as much; by night that
 * of the evening stays. */
static enum gb_status measure_light(struct gb_weather *weather, struct gb_sky_step *steps,
                                    struct gb_error *err)
{
    struct gb_observed *light = &weather->observed[GB_IRRADIANCE];
    int64_t first = weather->next * (int64_t)weather->n_steps;
    double step_s = 3600 * weather->slot_h / (double)weather->n_steps;
    bool is_had = true;

    for (size_t i = 0; is_had && i < weather->n_steps; i++) {
        double ghi;
        is_had = gb_observed_light(light, first + (int64_t)i, step_s, gb_weather_clear_light,
                                   weather, &ghi);
        steps[i].ghi = is_had ? ghi : -1;
    }
    return settle(weather, is_had, GB_IRRADIANCE, err);
}

static void see_clouds(struct gb_weather *weather, struct gb_sky_step *steps)
{
    for (size_t i = 0; i < weather->n_steps; i++) {
        struct gb_cloud_step *step = cloud_steps_of(weather, i);

        if (steps[i].ghi >= 0 && steps[i].clear_ghi > 0)
            weather->z_seen =
                gb_cloud_latent_at(&weather->laws.clouds, steps[i].ghi / steps[i].clear_ghi);
        else if (steps[i].ghi < 0)
            weather->z_seen = step->z;
        step->z = step->shared = weather->z_seen;
    }
}

static enum gb_status fill_sky(struct gb_weather *weather, struct gb_sky_step *steps,
                               struct gb_error *err)
{
    bool is_measured = weather->observed[GB_IRRADIANCE].source != NULL;
    enum gb_status status = GB_OK;

    for (size_t i = 0; i < weather->n_steps; i++)
        steps[i] = sun_step(weather, middle_of_step(weather, weather->next, i, weather->n_steps));
    fill_clouds(weather, steps);
    if (is_measured) {
        status = measure_light(weather, steps, err);
        see_clouds(weather, steps);
    }
    return status;
}

/* Winds follow the sun: their clock is never changed for the summer. */
static double standard_hour(const struct gb_weather *weather, int64_t at_ns)
{
    int64_t local_ns = gb_calendar_standard_ns(&weather->calendar, at_ns);
    int64_t into_day = local_ns - gb_floor_divide(local_ns, GB_NS_PER_DAY) * GB_NS_PER_DAY;

    return (double)into_day / GB_NS_PER_HOUR;
}

/* The mean speed of the slot in all of its steps. */
static enum gb_status measure_wind(struct gb_weather *weather, struct gb_wind_step *steps,
                                   struct gb_error *err)
{
    int64_t slot_s = weather->config->slot_ns / GB_NS_PER_SECOND;
    double speed;
    bool is_had =
        gb_observed_mean(&weather->observed[GB_WIND_SPEED], weather->next * slot_s, slot_s, &speed);

    for (size_t i = 0; is_had && i < weather->n_wind_steps; i++) {
        steps[i].speed_ms = speed;
        steps[i].z =
            gb_wind_latent_at(&weather->laws.wind, steps[i].local_hour, speed / steps[i].season);
    }
    return settle(weather, is_had, GB_WIND_SPEED, err);
}

static enum gb_status fill_wind(struct gb_weather *weather, struct gb_wind_step *steps,
                                struct gb_error *err)
{
    bool is_anchor = weather->next == gb_weather_anchor(weather->config);
    size_t n = weather->n_wind_steps;
    uint32_t time = (uint32_t)(weather->next * (int64_t)n);
    const struct gb_wind_config *wind = &weather->config->wind;
    int64_t start_ns = weather->next * weather->config->slot_ns;
    int64_t day =
        weather->config->start_date +
        gb_floor_divide(gb_calendar_standard_ns(&weather->calendar, start_ns), GB_NS_PER_DAY);
    double season =
        gb_wind_season(wind->season, wind->windiest_day, gb_civil_day_at(day).day_of_year);

    for (size_t i = 0; i < n; i++) {
        double hour = standard_hour(weather, middle_of_step(weather, weather->next, i, n));
        steps[i] = (struct gb_wind_step){
            .local_hour = hour,
            .daily = gb_wind_daily(&weather->laws.wind, hour),
            .season = season,
            .z = gb_wind_latent_advance(&weather->wind, time + (uint32_t)i, is_anchor && i == 0),
            .speed_ms = -1,
        };
    }
    return weather->observed[GB_WIND_SPEED].source ? measure_wind(weather, steps, err) : GB_OK;
}

/* Global irradiance in a step of the sky over the middle of the village, W/m2. */
static double mean_ghi(const struct gb_weather *weather, const struct gb_sky_step *step)
{
    double clearness = 0;

    if (step->ghi >= 0)
        return step->ghi;
    if (!(step->clear_ghi > 0))
        return 0;
    for (size_t i = 0; i < weather->n_cloud_steps; i++)
        clearness += gb_cloud_clearness(&weather->laws.clouds, step->clouds[i].z);
    return step->clear_ghi * clearness / (double)weather->n_cloud_steps;
}

/* Mean temperature of the next slot, whose sky is known. */
static double next_temperature(struct gb_weather *weather, const struct gb_sky_step *steps)
{
    const struct gb_weather_config *c = weather->config;
    bool is_anchor = weather->next == gb_weather_anchor(c);
    size_t n = weather->n_steps;
    double sum = 0;

    if (c->site.temperature_model == GB_TEMPERATURE_CONSTANT)
        return c->site.temperature_c;
    for (size_t i = 0; i < n; i++) {
        int64_t local_ns = middle_of_step(weather, weather->next, i, n);
        int64_t day = c->start_date + gb_floor_divide(local_ns, GB_NS_PER_DAY);
        sum += gb_temperature_advance(
            &weather->temperature, (uint32_t)(weather->next * (int64_t)n + (int64_t)i),
            is_anchor && i == 0, gb_civil_day_at(day).day_of_year, mean_ghi(weather, &steps[i]));
    }
    return sum / (double)n;
}

static enum gb_status measure_temperature(struct gb_weather *weather, double *temperature_c,
                                          struct gb_error *err)
{
    int64_t slot_s = weather->config->slot_ns / GB_NS_PER_SECOND;
    bool is_had = gb_observed_mean(&weather->observed[GB_AIR_TEMPERATURE], weather->next * slot_s,
                                   slot_s, temperature_c);

    return settle(weather, is_had, GB_AIR_TEMPERATURE, err);
}

enum gb_status gb_weather_advance(struct gb_weather *weather, struct gb_error *err)
{
    size_t place = place_of(weather, weather->next);
    struct gb_sky_step *steps = weather->steps + place * weather->n_steps;
    struct gb_wind_step *wind = weather->wind_steps + place * weather->n_wind_steps;
    enum gb_status status = fill_sky(weather, steps, err);

    if (status == GB_OK)
        status = fill_wind(weather, wind, err);
    if (status != GB_OK)
        return status;
    double temperature_c = next_temperature(weather, steps);
    if (weather->observed[GB_AIR_TEMPERATURE].source)
        status = measure_temperature(weather, &temperature_c, err);
    weather->slots[place] = (struct gb_weather_slot){
        .interval = weather->next,
        .has_sun = has_sun_in(steps, 0, weather->n_steps),
        .z_cloud = steps[weather->n_steps - 1].clouds[weather->n_cloud_steps - 1].z,
        .z_wind = wind[weather->n_wind_steps - 1].z,
        .temperature_c = temperature_c,
        .steps = steps,
        .wind = wind,
    };
    weather->next += status == GB_OK;
    return status;
}

const struct gb_weather_slot *gb_weather_at(const struct gb_weather *weather, int64_t interval)
{
    const struct gb_weather_slot *slot = weather->slots + place_of(weather, interval);

    assert(interval >= gb_weather_anchor(weather->config) && slot->interval == interval);
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

size_t gb_weather_n_cloud_steps(const struct gb_weather *weather)
{
    return weather->n_cloud_steps;
}

const struct gb_cloud_latent *gb_weather_cloud_latent(const struct gb_weather *weather)
{
    return &weather->latent;
}

const struct gb_cloud_marginal *gb_weather_clouds(const struct gb_weather *weather)
{
    return &weather->laws.clouds;
}

const struct gb_wind_law *gb_weather_wind(const struct gb_weather *weather)
{
    return &weather->laws.wind;
}
