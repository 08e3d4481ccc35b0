/* The latent of the wind at a site in means over steps, from its parts: one that is forgotten in
 * hours, a fast one, and the weather of days. Each forgets at one rate, so that its means are drawn
 * exactly (models/weather/step_means.h) and steps of any length show one and the same wind.
 *
 * Shares and the Weibull law of a scenario are those of what stations record, which are means over
 * ten minutes: over these the latent has variance 1, of which each part has its share. Over shorter
 * steps it varies a little more.
 * source of the ten minutes  WMO-No. 8, Guide to Instruments and Methods of Observation,
 * Measurement of surface wind */
#ifndef MODELS_WEATHER_WIND_LATENT_H
#define MODELS_WEATHER_WIND_LATENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/draws.h"
#include "models/weather/gaussian.h"
#include "models/weather/step_means.h"
#include "models/weather/weather_config.h"

#define GB_WIND_RECORD_H (1 / 6.0)
enum { GB_WIND_SLOW, GB_WIND_FAST, GB_WIND_SYNOPTIC, GB_WIND_PARTS };

/* How means over steps of one length remember. */
struct gb_wind_memory {
    struct gb_step_means means[GB_WIND_PARTS];
    double share[GB_WIND_PARTS]; /* variance of a part's instants */
    double variance;             /* of the means of all parts */
};
struct gb_wind_memory gb_wind_memory_make(const struct gb_wind_config *config, double step_h);
/* Correlation of the means over two steps, one `steps` after the other, at least 1. */
double gb_wind_correlation(const struct gb_wind_memory *memory, double steps);

struct gb_wind_latent { /* an open value */
    struct gb_wind_memory memory;
    struct gb_key keys[GB_WIND_PARTS];
    double ends[GB_WIND_PARTS]; /* the parts' instants at the end of the last step */
};

void gb_wind_latent_init(struct gb_wind_latent *latent, const struct gb_wind_config *config,
                         double step_h, struct gb_draws draws);

/* The mean over the next step, which is number `number`.
 * starts  it is the first: it begins with stationary draws */
double gb_wind_latent_advance(struct gb_wind_latent *latent, uint32_t number, bool starts);

/* Belief about the mean over a step `steps` after one whose mean z was seen, with an error of the
 * forecaster's: as gb_belief_from. */
struct gb_belief gb_wind_latent_belief(const struct gb_wind_memory *memory, double seen,
                                       double steps, double kappa, double error);

#endif
