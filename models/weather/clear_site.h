/* The cloudless sky over a scenario's site. */
#ifndef MODELS_WEATHER_CLEAR_SITE_H
#define MODELS_WEATHER_CLEAR_SITE_H

#include "models/weather/irradiance.h"
#include "models/weather/sun.h"
#include "models/weather/turbidity.h"
#include "models/weather/weather_config.h"

struct gb_clear_site {
    const struct gb_site_config *config; /* borrowed */
    struct gb_site site;
    struct gb_turbidity turbidity;
};

/* config  borrowed; its turbidity by month is well written (asserted) */
struct gb_clear_site gb_clear_site_of(const struct gb_site_config *config);
/* Global irradiance under a sun of that apparent zenith, W/m2; 0 below the horizon.
 * day  days since 1970-01-01, of the turbidity */
double gb_clear_site_ghi(const struct gb_clear_site *clear, int64_t day, double apparent_zenith_deg,
                         double extraterrestrial);

/* Sun and sky at an instant, seconds since 1970-01-01 UTC. */
struct gb_clear_instant {
    struct gb_sun sun;
    double extraterrestrial, ghi;
};
struct gb_clear_instant gb_clear_site_at(const struct gb_clear_site *clear, double unix_s);

#endif
