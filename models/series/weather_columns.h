/* Which column of a file is the weather that a site has: its global horizontal irradiance, the
 * temperature of its air, the speed of its wind. */
#ifndef MODELS_SERIES_WEATHER_COLUMNS_H
#define MODELS_SERIES_WEATHER_COLUMNS_H

#include "base/status.h"
#include "models/series/channels.h"

enum gb_weather_quantity {
    GB_IRRADIANCE,      /* global horizontal, W/m2 */
    GB_AIR_TEMPERATURE, /* C */
    GB_WIND_SPEED,      /* m/s */
    GB_N_WEATHER_QUANTITIES
};

/* "global horizontal irradiance", and its unit. */
extern const char *const gb_weather_names[GB_N_WEATHER_QUANTITIES];

/* The column: the only one of its unit, or the only one whose name tells it apart from its
 * relatives (beam and diffuse light, dew point, gusts).
 * series.columns that were chosen by name are taken as what they are used for
 * returns NULL where there is none or several, and `why` says what to do */
const struct gb_channel *gb_weather_column(const struct gb_series *series,
                                           enum gb_weather_quantity quantity, bool is_chosen,
                                           char *why, size_t size);

#endif
