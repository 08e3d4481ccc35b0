/* The cloudless sky over a scenario's site at an instant, for estimators that measure clouds or
 * planes against it. */
#ifndef MODELS_FIT_CLEAR_SITE_H
#define MODELS_FIT_CLEAR_SITE_H

#include "models/weather/irradiance.h"
#include "models/weather/sun.h"
#include "models/weather/weather_config.h"

struct gb_clear_site {
    const struct gb_site_config *config;
    struct gb_site site;
};

struct gb_clear_sky_at {
    double elevation_deg; /* apparent */
    double zenith_deg, azimuth_deg, apparent_zenith_deg;
    double extraterrestrial, ghi; /* W/m2; ghi 0 below the horizon */
};

struct gb_clear_site gb_clear_site_of(const struct gb_site_config *config);
/* unix_s  seconds since 1970-01-01 UTC */
struct gb_clear_sky_at gb_clear_site_at(const struct gb_clear_site *clear, double unix_s);

#endif
