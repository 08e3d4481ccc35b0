/* What models/weather/weather.c computes and models/weather/weather_beliefs.c looks at. */
#ifndef MODELS_WEATHER_WEATHER_PRIV_H
#define MODELS_WEATHER_WEATHER_PRIV_H

#include "base/calendar.h"
#include "models/weather/clear_site.h"
#include "models/weather/foreseen.h"
#include "models/weather/observed.h"
#include "models/weather/weather.h"
#include "models/weather/wind_latent.h"

struct gb_weather {
    const struct gb_weather_config *config;
    struct gb_calendar calendar;
    struct gb_clear_site clear;
    struct gb_weather_laws laws;
    struct gb_key cloud_error_key, wind_error_key;
    double slot_h;
    size_t window, n_steps, n_wind_steps; /* steps of a slot */
    size_t n_moves, n_cloud_steps;        /* of the clouds in a slot, in a step of the sky */
    int64_t next;                         /* slot to compute next */
    /* state after slot next - 1 */
    struct gb_temperature temperature;
    struct gb_cloud_latent latent;
    struct gb_wind_latent wind;
    struct gb_observed observed[GB_N_WEATHER_QUANTITIES];
    struct gb_foreseen foreseen[GB_N_WEATHER_QUANTITIES];
    double z_seen;                     /* of the light measured last */
    struct gb_weather_slot *slots;     /* window */
    struct gb_sky_step *steps;         /* window x n_steps */
    struct gb_cloud_step *cloud_steps; /* window x n_steps x n_cloud_steps */
    struct gb_cloud_amplitudes *waves; /* the same; NULL where there are none */
    struct gb_wind_step *wind_steps;   /* window x n_wind_steps */
};

/* Global irradiance of the clear sky in a step of the sky, counted from slot 0 on, W/m2.
 * context  the weather */
double gb_weather_clear_light(const void *context, int64_t step);

#endif
