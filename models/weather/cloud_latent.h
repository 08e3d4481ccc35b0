/* The latent of the clouds over a site in means over steps, from its parts: hours of daylight,
 * which a night all but wipes out; and, where clouds drift, the weather of days, which no night
 * touches, and the waves of a field that passes over the village in minutes. */
#ifndef MODELS_WEATHER_CLOUD_LATENT_H
#define MODELS_WEATHER_CLOUD_LATENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/draws.h"
#include "models/weather/cloud_waves.h"
#include "models/weather/gaussian.h"
#include "models/weather/step_means.h"
#include "models/weather/weather_config.h"

/* Choices of clouds.model. */
enum gb_cloud_model { GB_CLOUDS_REGIONAL, GB_CLOUDS_DRIFTING };

struct gb_cloud_step {
    uint32_t number;
    double z;          /* mean over it in the middle of the village */
    double shared;     /* what of it is the same in all of the village */
    double memory_log; /* running sum of the log memory of the hours, to the end of the step */
    struct gb_cloud_amplitudes *waves; /* what is not; NULL in the regional model */
};

struct gb_cloud_latent { /* an open value */
    const struct gb_cloud_config *config;
    struct gb_key hours_key, night_key, days_key, waves_key;
    struct gb_step_means hours_means, days_means;
    double hours_share, days_share, waves_share, variance;
    double hours_end, days_end; /* the latents at the end of the last step */
    double hours, memory_log;
    bool is_drifting, was_dark;
    struct gb_cloud_waves waves;
};

/* config: borrowed for the life of the latent. */
void gb_cloud_latent_init(struct gb_cloud_latent *latent, const struct gb_cloud_config *config,
                          double step_h, struct gb_draws draws);

/* The next step, which is number `number`.
 * starts  it is the first: it begins with a stationary draw
 * out     its waves, where not NULL, are filled */
void gb_cloud_latent_advance(struct gb_cloud_latent *latent, uint32_t number, bool starts,
                             bool has_sun, struct gb_cloud_step *out);

/* Belief about the latent at `then` of one who saw z in the middle of the village at step `seen`,
 * with an error of the forecaster's: as gb_belief_from. */
struct gb_belief gb_cloud_latent_belief(const struct gb_cloud_latent *latent,
                                        const struct gb_cloud_step *seen,
                                        const struct gb_cloud_step *then, double kappa,
                                        double error);

#endif
