#include "models/weather/wind.h"

#include <math.h>

#include "base/random.h"

double gb_weibull_mean(double k, double a)
{
    return a * tgamma(1 + 1 / k);
}

double gb_weibull_variance(double k, double a)
{
    double g1 = tgamma(1 + 1 / k);

    return a * a * (tgamma(1 + 2 / k) - g1 * g1);
}

/* Squared coefficient of variation of a Weibull law; falls with k. */
static double squared_cv(double k)
{
    double mean = gb_weibull_mean(k, 1);

    return gb_weibull_variance(k, 1) / (mean * mean);
}

double gb_wind_season(double season, double windiest_day, int day_of_year)
{
    return 1 + season * cos(2 * M_PI * (day_of_year - windiest_day) / 365.25);
}

struct gb_wind_law gb_wind_law_make(double k, double a_ms, double diurnal_ratio, double peak_h)
{
    return gb_wind_law_of_seasons(k, a_ms, diurnal_ratio, peak_h, 0);
}

struct gb_wind_law gb_wind_law_of_seasons(double k, double a_ms, double diurnal_ratio,
                                          double peak_h, double season)
{
    struct gb_wind_law law = {
        .amplitude = (diurnal_ratio - 1) / (diurnal_ratio + 1),
        .peak_h = peak_h,
    };
    /* factors of the product vary independently: 1 + cv^2 multiplies */
    double left =
        (1 + squared_cv(k)) / (1 + law.amplitude * law.amplitude / 2) / (1 + season * season / 2) -
        1;
    double low = k, high = 20 * k;

    while (high - low > 1e-12 * k) {
        double middle = (low + high) / 2;
        if (squared_cv(middle) > left)
            low = middle;
        else
            high = middle;
    }
    law.shape = (low + high) / 2;
    law.scale_ms = gb_weibull_mean(k, a_ms) / gb_weibull_mean(law.shape, 1);
    return law;
}

double gb_wind_daily(const struct gb_wind_law *law, double hour)
{
    return 1 + law->amplitude * cos(2 * M_PI * (hour - law->peak_h) / 24);
}

double gb_wind_speed(const struct gb_wind_law *law, double daily, double z)
{
    double exceedance = 0.5 * erfc(z * M_SQRT1_2);

    return law->scale_ms * pow(-log(exceedance), 1 / law->shape) * daily;
}

double gb_wind_latent_at(const struct gb_wind_law *law, double hour, double speed_ms)
{
    double part = speed_ms / (law->scale_ms * gb_wind_daily(law, hour));
    double exceedance = exp(-pow(fmax(part, 0), law->shape));

    if (!(exceedance > 0))
        return GB_WIND_REACH;
    if (!(exceedance < 1))
        return -GB_WIND_REACH;
    return fmin(fmax(-gb_normal_from(exceedance), -GB_WIND_REACH), GB_WIND_REACH);
}

struct gb_wind_rise gb_wind_rise_by_power_law(double reference_m, double hub_m, double exponent)
{
    return (struct gb_wind_rise){pow(hub_m / reference_m, exponent), 1};
}

struct gb_wind_rise gb_wind_rise_by_logarithm(double reference_m, double hub_m, double roughness_m,
                                              double obstacle_m)
{
    double displacement = 0.7 * obstacle_m;

    return (struct gb_wind_rise){log((hub_m - displacement) / roughness_m),
                                 log((reference_m - displacement) / roughness_m)};
}

double gb_air_density(enum gb_density_law law, double pressure_pa, double pressure_height_m,
                      double hub_m, double hub_temperature_k)
{
    const double dry_air = 287.058; /* J/(kg K) */
    double pressure = pressure_pa - 100 * (hub_m - pressure_height_m) / 8;

    if (law == GB_DENSITY_BAROMETRIC)
        return 1.225 * (pressure / 101330) * (288.15 / hub_temperature_k);
    return pressure / (dry_air * hub_temperature_k);
}
