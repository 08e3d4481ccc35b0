/* Wind at one site: a Weibull marginal over a latent (models/weather/wind_latent.h), a daily cycle,
 * and what height and air density do to it. */
#ifndef MODELS_WEATHER_WIND_H
#define MODELS_WEATHER_WIND_H

struct gb_wind_law {
    double shape, scale_ms;   /* Weibull k and A, the daily cycle taken out */
    double amplitude, peak_h; /* factor 1 + amplitude cos(2 pi (hour - peak) / 24) */
};

/* A law whose speeds over all hours have the mean of Weibull(k, A) and its variance: the daily
 * cycle brings some of the variance, the Weibull part is narrowed by as much.
 * diurnal_ratio  greatest over least hourly mean, at least 1 */
struct gb_wind_law gb_wind_law_make(double k, double a_ms, double diurnal_ratio, double peak_h);
/* The same of a wind whose mean has a season, too: factor 1 + season cos(...) over the year, which
 * whoever asks for a speed brings along. */
struct gb_wind_law gb_wind_law_of_seasons(double k, double a_ms, double diurnal_ratio,
                                          double peak_h, double season);
/* That factor on a day of the year, 1 to 366. */
double gb_wind_season(double season, double windiest_day, int day_of_year);

/* The factor of the daily cycle at a local hour (0 to 24). */
double gb_wind_daily(const struct gb_wind_law *law, double hour);
/* Speed under such a factor and at a latent value: A (-ln(1 - Phi(z)))^(1/k) x factor, m/s. */
double gb_wind_speed(const struct gb_wind_law *law, double daily, double z);

/* The latent value of a speed at a local hour: the other way round, within +-GB_WIND_REACH. */
#define GB_WIND_REACH 6.0
double gb_wind_latent_at(const struct gb_wind_law *law, double hour, double speed_ms);

/* Of a Weibull distribution of shape k and scale a, in the unit of a and its square. */
double gb_weibull_mean(double k, double a);
double gb_weibull_variance(double k, double a);

/* Choices of wind.profile. */
enum gb_wind_profile { GB_WIND_LOGARITHMIC, GB_WIND_POWER_LAW };

/* Wind at hub height over that at the height of reference: the speed goes by one over the other. */
struct gb_wind_rise {
    double hub, reference;
};
/* by a power of the height; 1/7 over open ground */
struct gb_wind_rise gb_wind_rise_by_power_law(double reference_m, double hub_m, double exponent);
/* by the logarithmic profile over ground of a roughness length; obstacles of height `obstacle_m`
 * lift the profile by 0.7 of it. Heights above that displacement */
struct gb_wind_rise gb_wind_rise_by_logarithm(double reference_m, double hub_m, double roughness_m,
                                              double obstacle_m);
/* Speed at hub height. */
static inline double gb_wind_at_hub(const struct gb_wind_rise *rise, double speed_ms)
{
    return speed_ms * rise->hub / rise->reference;
}

/* Density at hub height, pressure falling by 1 hPa in 8 m, kg/m3: by the ideal gas law, or as that
 * of the standard atmosphere (1.225 kg/m3 at 1013.3 hPa and 288.15 K) in proportion. */
enum gb_density_law { GB_DENSITY_IDEAL_GAS, GB_DENSITY_BAROMETRIC };
double gb_air_density(enum gb_density_law law, double pressure_pa, double pressure_height_m,
                      double hub_m, double hub_temperature_k);

#endif
