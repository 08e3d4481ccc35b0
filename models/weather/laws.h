/* What turns latents into clearness and speed at a site: it goes by a scenario's keys alone, never
 * by draws, so that trials may share what one of them made. */
#ifndef MODELS_WEATHER_LAWS_H
#define MODELS_WEATHER_LAWS_H

#include "models/weather/clouds.h"
#include "models/weather/weather_config.h"
#include "models/weather/wind.h"

struct gb_weather_laws {
    struct gb_cloud_marginal clouds;
    struct gb_wind_law wind;
};

void gb_weather_laws_make(struct gb_weather_laws *out, const struct gb_weather_config *config);

/* All that they are made of: where it is the same, so are they, to the last bit. */
enum { GB_WEATHER_LAW_KEYS = 10 };
void gb_weather_law_keys(const struct gb_weather_config *config, double keys[GB_WEATHER_LAW_KEYS]);

#endif
