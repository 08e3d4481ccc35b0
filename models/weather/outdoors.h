/* The air outside, slot by slot of a whole run, and what is expected of it: the temperature of the
 * same weather that panels and turbines see (models/weather/weather.h), computed ahead, as what is
 * heated looks a day ahead. */
#ifndef MODELS_WEATHER_OUTDOORS_H
#define MODELS_WEATHER_OUTDOORS_H

#include <stddef.h>
#include <stdint.h>

#include "base/draws.h"
#include "base/status.h"
#include "models/weather/weather_config.h"

struct gb_library; /* models/series/library.h */

struct gb_outdoors { /* an open value, written by its maker */
    int64_t slot_ns;
    enum gb_forecast_kind forecast;
    int64_t first; /* slot of element 0: that in which the weather begins */
    size_t n;
    double *mean_c; /* n */
};

/* Slots up to n_slots - 1. Clear it in any case. As gb_weather_create and gb_weather_advance. */
enum gb_status gb_outdoors_make(struct gb_outdoors *outdoors,
                                const struct gb_weather_config *config,
                                const struct gb_library *library, int64_t n_slots,
                                struct gb_draws draws, struct gb_error *err);
void gb_outdoors_clear(struct gb_outdoors *outdoors);

/* Behind the last slot of the run. */
static inline int64_t gb_outdoors_end(const struct gb_outdoors *outdoors)
{
    return outdoors->first + (int64_t)outdoors->n;
}

/* What one who has read slot `last_read` knows or expects of a slot, degrees C: what was read; else
 * under a perfect forecast what will be, under persistence what was read last, and under all others
 * what was read at the same time of the latest day, or last where the run has no such day yet. */
double gb_outdoors_expected_c(const struct gb_outdoors *outdoors, int64_t interval,
                              int64_t last_read);

#endif
