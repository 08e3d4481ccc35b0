/* The weather of one site, slot by slot: sun and clear sky, the cloud latent, the wind latent.
 * It is computed once for all meters and kept for a window of slots.
 *
 * A slot is the mean over its parts, which are means themselves: the wind moves in steps of at most
 * 10 min, sun and clouds of at most 15 min, so that an hour has the same statistics in slots of any
 * length; clouds that drift move in steps of at most 5 min. They are the same ones in slots of any
 * multiple of that. Draws are addressed by the step.
 *
 * The latents start with stationary draws at a fixed slot some hours before slot 0 (`anchor`),
 * so that no value depends on which slot was asked for first. */
#ifndef MODELS_WEATHER_WEATHER_H
#define MODELS_WEATHER_WEATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/draws.h"
#include "base/status.h"
#include "models/series/weather_columns.h"
#include "models/weather/cloud_latent.h"
#include "models/weather/clouds.h"
#include "models/weather/gaussian.h"
#include "models/weather/irradiance.h"
#include "models/weather/laws.h"
#include "models/weather/temperature.h"
#include "models/weather/weather_config.h"
#include "models/weather/wind.h"

/* First slot for which latents exist: 8 hours, and at least 8 slots, before slot 0. */
int64_t gb_anchor_slot(int64_t slot_ns);
/* The same, of steps where those make a slot. */
int64_t gb_weather_anchor(const struct gb_weather_config *config);

/* The sky in a part of a slot of at most 15 min: the sun in its middle, and the clouds. */
struct gb_sky_step {
    struct gb_direction sun; /* apparent */
    double cos_zenith, extraterrestrial, clear_ghi;
    double ghi;                         /* measured, W/m2; below 0: the clouds make it */
    const struct gb_cloud_step *clouds; /* gb_weather_n_cloud_steps of them, of equal length */
};

struct gb_wind_step {
    double local_hour; /* of its middle by standard time, 0 to 24 */
    double z;
    double daily, season; /* factors of the speed */
    double speed_ms;      /* measured; below 0: the latent makes it */
};

struct gb_weather_slot {
    int64_t interval;
    bool has_sun;
    double z_cloud, z_wind;          /* of its last steps */
    double temperature_c;            /* mean of the air */
    const struct gb_sky_step *steps; /* gb_weather_n_steps of them */
    const struct gb_wind_step *wind; /* gb_weather_n_wind_steps of them */
};

struct gb_library; /* models/series/library.h */
struct gb_weather; /* closed */

/* config, library: borrowed for the life of the weather. GB_EFILE, GB_EINPUT as gb_observed_make
 * library  of the series that the config names; NULL: it names none
 * laws     of the config, copied; NULL: they are made */
enum gb_status gb_weather_create(struct gb_weather **out, const struct gb_weather_config *config,
                                 const struct gb_library *library,
                                 const struct gb_weather_laws *laws, size_t window,
                                 struct gb_draws draws, struct gb_error *err);
void gb_weather_free(struct gb_weather *weather);

/* Computes the next slot: the anchor first, then one after the other. Measured weather takes the
 * model's place where the file has it; GB_EINPUT where it does not have a slot from 0 on. */
enum gb_status gb_weather_advance(struct gb_weather *weather, struct gb_error *err);
/* A slot computed and still in the window (asserted); borrowed until it leaves. */
const struct gb_weather_slot *gb_weather_at(const struct gb_weather *weather, int64_t interval);

/* Steps of a slot, for the sky and for the wind, and the laws by which latents become clearness and
 * speed; borrowed from the weather. */
size_t gb_weather_n_steps(const struct gb_weather *weather);
size_t gb_weather_n_wind_steps(const struct gb_weather *weather);
/* of the clouds in a step of the sky */
size_t gb_weather_n_cloud_steps(const struct gb_weather *weather);
const struct gb_cloud_latent *gb_weather_cloud_latent(const struct gb_weather *weather);
const struct gb_cloud_marginal *gb_weather_clouds(const struct gb_weather *weather);
const struct gb_wind_law *gb_weather_wind(const struct gb_weather *weather);

/* What someone who saw the sky and the wind at the end of slot `last_read` believes of the latents
 * in a step of slot `interval`, of the clouds in a step of those in that of the sky; the
 * forecaster's error is the same for all steps of the slot and for all who read the same forecast.
 */
struct gb_belief gb_weather_cloud_belief(const struct gb_weather *weather, int64_t interval,
                                         size_t step, size_t cloud_step, int64_t last_read);
struct gb_belief gb_weather_wind_belief(const struct gb_weather *weather, int64_t interval,
                                        size_t step, int64_t last_read);

/* What files forecast, where the scenario names any: light in a step of the sky, W/m2; the mean
 * wind speed of a slot at the reference height, m/s, by what was made until the end of the slot
 * that was read last. Below 0 where no forecast has it. */
bool gb_weather_foresees(const struct gb_weather *weather, enum gb_weather_quantity quantity);
double gb_weather_foreseen_light(struct gb_weather *weather, int64_t interval, size_t step,
                                 int64_t last_read);
double gb_weather_foreseen_wind(struct gb_weather *weather, int64_t interval, int64_t last_read);

/* Wind speed in a step at the reference height, m/s. */
static inline double gb_wind_in_step(const struct gb_wind_law *law, const struct gb_wind_step *step)
{
    return step->speed_ms >= 0 ? step->speed_ms
                               : step->season * gb_wind_speed(law, step->daily, step->z);
}

#endif
