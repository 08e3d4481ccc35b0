/* What the weather of a site is made from: a struct for each model. Members, keys, defaults, ranges
 * and units are the rows of the .def files; gb_physics_params is the table made of them. */
#ifndef MODELS_WEATHER_WEATHER_CONFIG_H
#define MODELS_WEATHER_WEATHER_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/date.h"
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
    /* Where slots of a market are computed in steps (models/assets/stepped.h), each step is a slot
     * to the models: so many make one of the market's. 0, or 1: one. No row. */
    int64_t steps_a_slot;
};

#undef GB_KEY

#define GB_STEP_SLOT (-1) /* physics.step: that of the slot */

/* The step of the physics, ns, and how many of them a slot has. */
static inline int64_t gb_weather_step_ns(const struct gb_weather_config *config)
{
    return config->step_ns > 0 ? config->step_ns : config->slot_ns;
}

static inline size_t gb_weather_n_steps_a_slot(const struct gb_weather_config *config)
{
    return (size_t)(config->slot_ns / gb_weather_step_ns(config));
}

/* The slot of the market in which a slot of the models lies. */
static inline int64_t gb_weather_market_slot(const struct gb_weather_config *config,
                                             int64_t interval)
{
    return config->steps_a_slot > 1 ? gb_floor_divide(interval, config->steps_a_slot) : interval;
}

static inline struct gb_calendar gb_weather_calendar(const struct gb_weather_config *config)
{
    return gb_calendar_make(config->start_date, config->site.time_zone, config->site.utc_offset_h);
}

#endif
