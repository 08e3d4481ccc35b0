#include "models/weather/clear_site.h"

#include <assert.h>
#include <math.h>

#include "base/date.h"

enum { DAY_S = 86400 };

struct gb_clear_site gb_clear_site_of(const struct gb_site_config *config)
{
    struct gb_turbidity turbidity;
    bool is_read =
        gb_turbidity_read(&turbidity, config->linke_turbidity, config->turbidity_by_month);

    assert(is_read);
    (void)is_read;
    return (struct gb_clear_site){
        .turbidity = turbidity,
        .config = config,
        .site = {.latitude_deg = config->latitude_deg,
                 .longitude_deg = config->longitude_deg,
                 .altitude_m = config->altitude_m,
                 .pressure_pa = gb_standard_pressure_pa(config->altitude_m),
                 .temperature_c = config->temperature_c},
    };
}

double gb_clear_site_ghi(const struct gb_clear_site *clear, int64_t day, double apparent_zenith_deg,
                         double extraterrestrial)
{
    const struct gb_site_config *c = clear->config;

    if (apparent_zenith_deg >= 90)
        return 0;
    if (c->clear_sky == GB_CLEAR_SKY_HAURWITZ)
        return gb_clear_sky_haurwitz(apparent_zenith_deg);
    double air_mass = gb_air_mass(apparent_zenith_deg) * clear->site.pressure_pa / 101325;
    return gb_clear_sky(apparent_zenith_deg, air_mass, gb_turbidity_at(&clear->turbidity, day),
                        c->altitude_m, extraterrestrial)
        .ghi;
}

struct gb_clear_instant gb_clear_site_at(const struct gb_clear_site *clear, double unix_s)
{
    struct gb_sun sun = gb_sun_at(&clear->site, unix_s / DAY_S);
    int64_t day = (int64_t)floor(unix_s / DAY_S);
    double extraterrestrial = gb_extraterrestrial(gb_civil_day_at(day).day_of_year);

    return (struct gb_clear_instant){
        sun, extraterrestrial,
        gb_clear_site_ghi(clear, day, sun.apparent_zenith_deg, extraterrestrial)};
}
