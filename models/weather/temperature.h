/* Air temperature as a process: the year, warm and cold days that come and go, and the sun, which
 * heats a day the more the less clouds there are, so that clear days have the wide ranges.
 *
 *     T(t) = mean - season cos(2 pi (day - coldest)/365.25) + days z(t) + sun (near - far)
 *
 * z is an Ornstein-Uhlenbeck process of unit variance; near and far are the irradiance as 3 and 48
 * hours remember it, whose difference has no mean to shift that of the year. */
#ifndef MODELS_WEATHER_TEMPERATURE_H
#define MODELS_WEATHER_TEMPERATURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/draws.h"
#include "models/weather/weather_config.h"

/* Choices of site.temperature_model. */
enum gb_temperature_model { GB_TEMPERATURE_CONSTANT, GB_TEMPERATURE_PROCESS };

struct gb_temperature { /* an open value */
    const struct gb_site_config *site;
    struct gb_key key;
    double days_memory, near_memory, far_memory; /* over a step */
    double days, near, far;
};

/* site: borrowed for the life of the process. */
void gb_temperature_init(struct gb_temperature *temperature, const struct gb_site_config *site,
                         double step_h, struct gb_draws draws);

/* Mean of the next step, degrees C.
 * number       of the step
 * starts       it is the first: a stationary draw
 * day_of_year  1 to 366
 * ghi          mean of the step, W/m2 */
double gb_temperature_advance(struct gb_temperature *temperature, uint32_t number, bool starts,
                              int day_of_year, double ghi);

#endif
