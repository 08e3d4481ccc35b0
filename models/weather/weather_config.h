/* What the weather of a site is made from: a struct for each model. Members, keys, defaults, ranges
 * and units are the rows of the .def files; gb_physics_params is the table made of them. */
#ifndef MODELS_WEATHER_WEATHER_CONFIG_H
#define MODELS_WEATHER_WEATHER_CONFIG_H

#include <stdint.h>

#include "base/calendar.h"
#include "base/param.h"

/* From persistence on they look back at what the meter showed. */
enum gb_forecast_kind {
    GB_FORECAST_PERFECT,
    GB_FORECAST_CONDITIONAL_MEAN,
    GB_FORECAST_PERSISTENCE,
    GB_FORECAST_YESTERDAY,
    GB_FORECAST_WEEK,
    GB_FORECAST_WEEK_MEAN,
    GB_FORECAST_FILE /* does not look back */
};

#define GB_KEY GB_PARAM_FIELD

struct gb_site_config {
#include "models/weather/site.def"
};

struct gb_cloud_config {
#include "models/weather/clouds.def"
};

struct gb_wind_config {
#include "models/weather/wind.def"
};

struct gb_forecast_config {
#include "models/weather/forecast.def"
};

struct gb_weather_config {
#include "models/weather/weather.def"
    struct gb_site_config site;
    struct gb_cloud_config clouds;
    struct gb_wind_config wind;
    struct gb_forecast_config forecast;
};

#undef GB_KEY

static inline struct gb_calendar gb_weather_calendar(const struct gb_weather_config *config)
{
    return gb_calendar_make(config->start_date, config->site.time_zone, config->site.utc_offset_h);
}

#endif
