#include "models/weather/temperature.h"

#include <math.h>

#include "models/weather/gaussian.h"

#define NEAR_H 3.0
#define FAR_H 48.0

void gb_temperature_init(struct gb_temperature *temperature, const struct gb_site_config *site,
                         double step_h, struct gb_draws draws)
{
    *temperature = (struct gb_temperature){
        .site = site,
        .key = gb_draws_key(draws, GB_PURPOSE_TEMPERATURE),
        .days_memory = exp(-step_h / site->temperature_days_h),
        .near_memory = exp(-step_h / NEAR_H),
        .far_memory = exp(-step_h / FAR_H),
    };
}

double gb_temperature_advance(struct gb_temperature *temperature, uint32_t number, bool starts,
                              int day_of_year, double ghi)
{
    const struct gb_site_config *site = temperature->site;
    double news = gb_draw_normal(gb_draw_at(temperature->key, 0, 0, number, 0));
    double year = cos(2 * M_PI * (day_of_year - site->coldest_day) / 365.25);

    temperature->days =
        gb_latent_step(temperature->days, starts ? 0 : temperature->days_memory, news);
    temperature->near += (1 - temperature->near_memory) * (ghi - temperature->near);
    temperature->far += (1 - temperature->far_memory) * (ghi - temperature->far);
    return site->temperature_c - site->temperature_season_k * year +
           site->temperature_days_sd_k * temperature->days +
           site->temperature_sun_k * 0.001 * (temperature->near - temperature->far);
}
