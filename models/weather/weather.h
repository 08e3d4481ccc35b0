/* The weather of one site, slot by slot: sun and clear sky, the cloud latent, the wind latent.
 * It is computed once for all meters and kept for a window of slots.
 *
 * The latents start with stationary draws at a fixed slot some hours before slot 0 (`anchor`),
 * so that no value depends on which slot was asked for first. */
#ifndef MODELS_WEATHER_WEATHER_H
#define MODELS_WEATHER_WEATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/assets/fleet.h"
#include "models/weather/clouds.h"
#include "models/weather/gaussian.h"
#include "models/weather/irradiance.h"
#include "models/weather/wind.h"
#include "sim/status.h"

/* First slot for which latents exist: 8 hours, and at least 8 slots, before slot 0. */
int64_t gb_anchor_slot(int64_t slot_ns);

/* The sun in the middle of a part of a slot of at most 15 min. */
struct gb_sun_step {
    double apparent_zenith_deg, azimuth_deg, cos_zenith, extraterrestrial, clear_ghi;
};

struct gb_weather_slot {
    int64_t interval;
    bool has_sun;
    double local_hour;                  /* of its middle, 0 to 24 */
    double z_cloud, z_wind;
    double cloud_memory_log;            /* running sum of the log memory of the cloud latent */
    const struct gb_sun_step *steps;    /* gb_weather_n_steps of them */
};

struct gb_weather;                      /* closed */

/* config: borrowed for the life of the weather. */
enum gb_status gb_weather_create(struct gb_weather **out, const struct gb_physics_config *config,
                                 size_t window, uint64_t seed, uint32_t replication,
                                 struct gb_error *err);
void gb_weather_free(struct gb_weather *weather);

/* Computes the next slot: the anchor first, then one after the other. */
void gb_weather_advance(struct gb_weather *weather);
/* A slot computed and still in the window (asserted); borrowed until it leaves. */
const struct gb_weather_slot *gb_weather_at(const struct gb_weather *weather, int64_t interval);

size_t gb_weather_n_steps(const struct gb_weather *weather);
const struct gb_cloud_marginal *gb_weather_clouds(const struct gb_weather *weather);
const struct gb_wind_law *gb_weather_wind(const struct gb_weather *weather);

/* Sky over all planes at one step of the sun under a clear-sky index. */
struct gb_sky gb_weather_sky(const struct gb_weather *weather, const struct gb_sun_step *step,
                             double kc);

/* What someone who saw the sky and the wind of slot `last_read` believes of the latents in slot
 * `interval`; the forecaster's error is shared by all who read the same forecast. */
struct gb_belief gb_weather_cloud_belief(const struct gb_weather *weather, int64_t interval,
                                         int64_t last_read);
struct gb_belief gb_weather_wind_belief(const struct gb_weather *weather, int64_t interval,
                                        int64_t last_read);

#endif
