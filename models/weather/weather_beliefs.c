/* What is believed of the weather of slots to come: of the latents, by who saw them last, and of
 * light and wind that files forecast. */
#include <math.h>

#include "models/weather/weather_priv.h"

/* The forecaster's error, of unit variance; none is drawn where none counts. */
static double error_of(const struct gb_weather *weather, struct gb_key key, int64_t interval,
                       int64_t last_read)
{
    if (!(weather->config->forecast.kappa > 0))
        return 0;
    uint32_t seen = (uint32_t)gb_weather_market_slot(weather->config, last_read);
    uint32_t then = (uint32_t)gb_weather_market_slot(weather->config, interval);
    return gb_draw_normal(gb_draw_at(key, 0, seen, then, 0));
}

struct gb_belief gb_weather_cloud_belief(const struct gb_weather *weather, int64_t interval,
                                         size_t step, size_t cloud_step, int64_t last_read)
{
    const struct gb_sky_step *last =
        &gb_weather_at(weather, last_read)->steps[weather->n_steps - 1];

    return gb_cloud_latent_belief(&weather->latent, &last->clouds[weather->n_cloud_steps - 1],
                                  &gb_weather_at(weather, interval)->steps[step].clouds[cloud_step],
                                  weather->config->forecast.kappa,
                                  error_of(weather, weather->cloud_error_key, interval, last_read));
}

struct gb_belief gb_weather_wind_belief(const struct gb_weather *weather, int64_t interval,
                                        size_t step, int64_t last_read)
{
    int64_t n = (int64_t)weather->n_wind_steps;
    int64_t steps = (interval - last_read - 1) * n + (int64_t)step + 1; /* since the last seen */

    return gb_wind_latent_belief(&weather->wind.memory, gb_weather_at(weather, last_read)->z_wind,
                                 (double)steps, weather->config->forecast.kappa,
                                 error_of(weather, weather->wind_error_key, interval, last_read));
}

/* ---- what files forecast */

bool gb_weather_foresees(const struct gb_weather *weather, enum gb_weather_quantity quantity)
{
    return weather->foreseen[quantity].n > 0;
}

/* The instant of the clock at which a slot ends. */
static int64_t end_s_of(const struct gb_weather *weather, int64_t interval)
{
    return weather->calendar.start_s +
           (interval + 1) * (weather->config->slot_ns / GB_NS_PER_SECOND);
}

double gb_weather_foreseen_light(struct gb_weather *weather, int64_t interval, size_t step,
                                 int64_t last_read)
{
    double step_s = 3600 * weather->slot_h / (double)weather->n_steps;
    int64_t number = interval * (int64_t)weather->n_steps + (int64_t)step;

    return gb_foreseen_light(&weather->foreseen[GB_IRRADIANCE], end_s_of(weather, last_read),
                             number, step_s, gb_weather_clear_light, weather);
}

double gb_weather_foreseen_wind(struct gb_weather *weather, int64_t interval, int64_t last_read)
{
    int64_t slot_s = weather->config->slot_ns / GB_NS_PER_SECOND;

    return gb_foreseen_mean(&weather->foreseen[GB_WIND_SPEED], end_s_of(weather, last_read),
                            interval * slot_s, slot_s);
}
