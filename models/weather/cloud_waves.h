/* Clouds that drift across a village: a Gaussian field in the plane, carried along by the wind and
 * changing as it goes, as a sum of plane waves with random amplitudes. The shadow that crosses one
 * house crosses the next a little later, so that what two houses have in common in steps of the
 * latent depends on their distance and on how long the step is.
 *
 * The field's covariance is exp(-D/l) at an instant, l = drift x time constant, so that whoever
 * stands still sees an Ornstein-Uhlenbeck process of that time constant. Waves are laid by octaves
 * of their number, as many directions in each, weighted by what the spectrum of that covariance
 * holds there: no draw decides where they lie. A wave lasts for some 20 / (2 pi) periods of its
 * passage, whatever its length.
 * source  of the sum of waves: M. Shinozuka, G. Deodatis, Applied Mechanics Reviews 44 (1991) 191;
 *         of the law of distance: M. Lave, J. Kleissl, Solar Energy 91 (2013) 11 */
#ifndef MODELS_WEATHER_CLOUD_WAVES_H
#define MODELS_WEATHER_CLOUD_WAVES_H

#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "models/weather/innovations.h"

enum {
    GB_CLOUD_OCTAVES = 10,
    GB_CLOUD_DIRECTIONS = 4,
    GB_CLOUD_WAVES = GB_CLOUD_OCTAVES * GB_CLOUD_DIRECTIONS
};

/* Amplitudes of the waves over one step of the clouds: the field at a place is the sum of
 * along cos(k place) - across sin(k place). */
struct gb_cloud_amplitudes {
    float along[GB_CLOUD_WAVES], across[GB_CLOUD_WAVES];
};

struct gb_cloud_waves {                                 /* an open value */
    double east[GB_CLOUD_WAVES], north[GB_CLOUD_WAVES]; /* wave vectors, rad/m */
    double share[GB_CLOUD_WAVES];                       /* of the field's variance at an instant */
    struct gb_innovations means[GB_CLOUD_WAVES];        /* over steps, of a wave of variance 1 */
    double complex foretold[GB_CLOUD_WAVES];            /* amplitudes of the next step */
    double complex amplitude[GB_CLOUD_WAVES];           /* along + i across, of this step */
    double total;                                       /* variance of the field's means */
};

/* Waves of a field of unit variance, seen in means over steps, which are exact at any length: those
 * fade that a step outlasts.
 * time_s    time constant of the field at a place
 * speed_ms  the cloud speed CS of the law exp(-2 D / (CS tau)) that steps over tau at places D
 *           apart correlate by. The field keeps it within .11 in steps up to an eighth of its time
 *           constant, where the law is above .2; in longer ones it nears exp(-D/l) from above */
void gb_cloud_waves_init(struct gb_cloud_waves *waves, double time_s, double speed_ms,
                         double step_s);

/* Step number `time`; of the first (`starts`) all are stationary draws. */
void gb_cloud_waves_advance(struct gb_cloud_waves *waves, struct gb_key key, uint32_t time,
                            bool starts);
/* What they are now, times `weight`. */
void gb_cloud_waves_read(const struct gb_cloud_waves *waves, double weight,
                         struct gb_cloud_amplitudes *out);

/* The field at the middle of the village, and how it correlates over so many steps, 0 or at least
 * 1. */
double gb_cloud_waves_centre(const struct gb_cloud_waves *waves);
double gb_cloud_waves_memory(const struct gb_cloud_waves *waves, double steps);

#endif
