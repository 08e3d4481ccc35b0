#include "models/fit/clear_site.h"

#include <math.h>

#include "base/date.h"

enum { DAY_S = 86400 };

struct gb_clear_site gb_clear_site_of(const struct gb_site_config *config)
{
    return (struct gb_clear_site){
        .config = config,
        .site = {.latitude_deg = config->latitude_deg,
                 .longitude_deg = config->longitude_deg,
                 .altitude_m = config->altitude_m,
                 .pressure_pa = gb_standard_pressure_pa(config->altitude_m),
                 .temperature_c = config->temperature_c},
    };
}

struct gb_clear_sky_at gb_clear_site_at(const struct gb_clear_site *clear, double unix_s)
{
    const struct gb_site_config *c = clear->config;
    struct gb_sun sun = gb_sun_at(&clear->site, unix_s / DAY_S);
    int day_of_year = gb_civil_day_at((int64_t)floor(unix_s / DAY_S)).day_of_year;
    struct gb_clear_sky_at at = {
        .elevation_deg = 90 - sun.apparent_zenith_deg,
        .zenith_deg = sun.zenith_deg,
        .azimuth_deg = sun.azimuth_deg,
        .apparent_zenith_deg = sun.apparent_zenith_deg,
        .extraterrestrial = gb_extraterrestrial(day_of_year),
    };

    if (at.elevation_deg <= 0)
        return at;
    double air_mass = gb_air_mass(at.apparent_zenith_deg) * clear->site.pressure_pa / 101325;
    at.ghi = c->clear_sky == GB_CLEAR_SKY_HAURWITZ
                 ? gb_clear_sky_haurwitz(at.apparent_zenith_deg)
                 : gb_clear_sky(at.apparent_zenith_deg, air_mass, c->linke_turbidity, c->altitude_m,
                                at.extraterrestrial)
                       .ghi;
    return at;
}
