/* Measured weather on the clock of a run, in place of the modelled one. Days of a file of other
 * dates are taken by standard time, since the sun knows no summer time.
 *
 * Irradiance is resampled as a clear-sky index. With c(t) the light of the cloudless sky, constant
 * over each step of the run's sky, a step j of the file with the mean G_j has in a step of the sky
 *     k_j c + (G_j - k_j mean_j(c)),    k_j = min(G_j / mean_j(c), GB_CLOUD_MOST),
 * means over the overlap: the course of the sun within the step, and what no sky explains (a sun
 * below the horizon, a clock that is wrong) spread evenly. So each step keeps its sum, in
 * steps of the sky of any length. */
#ifndef MODELS_WEATHER_OBSERVED_H
#define MODELS_WEATHER_OBSERVED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/calendar.h"
#include "models/series/library.h"
#include "models/weather/weather_config.h"

/* The series that a scenario names for a quantity; GB_SERIES_NONE: none. */
const char *gb_weather_series(const struct gb_weather_config *config,
                              enum gb_weather_quantity quantity);
/* The series of its forecasts, where forecasts are those of files. */
const char *gb_weather_forecast(const struct gb_weather_config *config,
                                enum gb_weather_quantity quantity);
/* The clock by which its days are taken: that of the site, never changed for the summer. */
struct gb_calendar gb_weather_series_calendar(const struct gb_weather_config *config);

/* A quantity of the weather in a run; an open value. */
struct gb_observed {
    const struct gb_measured_weather *source; /* borrowed; NULL: modelled */
    struct gb_replay replay;
    /* the step of the file asked for last, and the mean of the cloudless sky over it */
    int64_t step, step_at_s;
    double step_clear;
};

/* A quantity that a file has, on the clock of a run. */
struct gb_observed gb_observed_of(const struct gb_measured *measured,
                                  enum gb_weather_quantity quantity,
                                  const struct gb_weather_config *config);
/* GB_EFILE where a series that is named is not in the library, GB_EINPUT where its file does not
 * have the quantity.
 * name  of the series; none: modelled */
enum gb_status gb_observed_make(struct gb_observed *out, const char *name,
                                enum gb_weather_quantity quantity,
                                const struct gb_weather_config *config,
                                const struct gb_library *library, struct gb_error *err);

/* Mean over a stretch of the run, in the quantity's unit.
 * returns false where the file does not have it */
bool gb_observed_mean(struct gb_observed *observed, int64_t at_s, int64_t length_s, double *out);

/* The light of the cloudless sky in a step of the run's sky, W/m2; 0 by night. Steps are counted
 * from the start of the run. */
typedef double gb_clear_light(const void *context, int64_t step);

/* Global horizontal irradiance in a step of the sky, W/m2, resampled as said above.
 * step_s  length of a step; a step of the sky may have parts of a second
 * returns false where the file does not have it */
bool gb_observed_light(struct gb_observed *observed, int64_t step, double step_s,
                       gb_clear_light *clear, const void *context, double *out);

#endif
