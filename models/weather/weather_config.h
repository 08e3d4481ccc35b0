/* What the weather of a site is made from. The rows of a scenario that fill it in, with defaults
 * and ranges, stand in gb_physics_params. */
#ifndef MODELS_WEATHER_WEATHER_CONFIG_H
#define MODELS_WEATHER_WEATHER_CONFIG_H

#include <stdint.h>

struct gb_site_config {
    double latitude_deg, longitude_deg, altitude_m, utc_offset_h;
    double temperature_c; /* of the air */
    double linke_turbidity, albedo;
    int32_t clear_sky; /* enum gb_clear_sky_model */
};

struct gb_cloud_config {
    double dark_weight, dark_mean, dark_sd, clear_mean, clear_sd;
    double acf_hour;  /* autocorrelation of the latent after an hour of day */
    double overnight; /* what a night leaves of it */
    /* each system's own clouds: share of the variance at an instant, and their memory in s */
    double local_share, local_s;
    double forecast_kappa; /* how soon a belief about clouds and wind goes back to the mean */
};

struct gb_wind_config {
    double weibull_k, weibull_a; /* at reference_m */
    double slow_share, slow_h, fast_h;
    double diurnal_ratio, diurnal_peak_h;
    double reference_m;
};

struct gb_weather_config {
    int64_t slot_ns;
    int64_t start_date; /* days since 1970-01-01, local */
    struct gb_site_config site;
    struct gb_cloud_config clouds;
    struct gb_wind_config wind;
};

#endif
