#include "models/weather/laws.h"

#include <string.h>

void gb_weather_law_keys(const struct gb_weather_config *config, double keys[GB_WEATHER_LAW_KEYS])
{
    const struct gb_cloud_config *clouds = &config->clouds;
    const struct gb_wind_config *wind = &config->wind;
    const double all[GB_WEATHER_LAW_KEYS] = {
        clouds->dark_weight,  clouds->dark_mean, clouds->dark_sd, clouds->clear_mean,
        clouds->clear_sd,     wind->weibull_k,   wind->weibull_a, wind->diurnal_ratio,
        wind->diurnal_peak_h, wind->season};

    memcpy(keys, all, sizeof all);
}

void gb_weather_laws_make(struct gb_weather_laws *out, const struct gb_weather_config *config)
{
    double of[GB_WEATHER_LAW_KEYS];

    gb_weather_law_keys(config, of);
    gb_cloud_marginal_init(&out->clouds, &(struct gb_cloud_modes){.dark_weight = of[0],
                                                                  .dark_mean = of[1],
                                                                  .dark_sd = of[2],
                                                                  .clear_mean = of[3],
                                                                  .clear_sd = of[4]});
    out->wind = gb_wind_law_of_seasons(of[5], of[6], of[7], of[8], of[9]);
}
