/* The physics layer of a scenario, a config for each model. Rows and defaults: gb_physics_params,
 * where keys and units are. */
#ifndef MODELS_ASSETS_PHYSICS_CONFIG_H
#define MODELS_ASSETS_PHYSICS_CONFIG_H

#include <stdint.h>

#include "base/param.h"
#include "models/weather/weather_config.h"

/* Choices of wind.smoothing and of what is believed of slots to come. */
enum gb_smoothing { GB_SMOOTHING_NONE, GB_SMOOTHING_TURBULENCE, GB_SMOOTHING_REGION };
enum gb_forecast_kind { GB_FORECAST_PERFECT, GB_FORECAST_CONDITIONAL_MEAN };

#define GB_AZIMUTH_EQUATOR (-1.0) /* instead of degrees: towards the equator */

struct gb_fleet_config {
    int64_t n_meters;
    double prosumer_share; /* meters with generation, 0 to 1 */
    double wind_share;     /* of the prosumers: with a turbine; the others have PV */
    double storage_share;  /* of the prosumers: with a battery */
};

struct gb_pv_config {
    double kwp_mean, kwp_sd; /* lognormal sizes */
    double tilt_deg, azimuth_deg, azimuth_sd_deg;
    int32_t transposition; /* enum gb_transposition */
    int32_t cell_model;    /* enum gb_cell_model */
    double losses_percent, temperature_coefficient, dc_ac_ratio, inverter_efficiency;
};

struct gb_turbine_config {
    double hub_height_m, roughness_m;
    int32_t profile;     /* enum gb_wind_profile */
    double shear;        /* exponent of the power law */
    int32_t density_law; /* enum gb_density_law */
    int32_t smoothing;   /* enum gb_smoothing */
    double turbulence;   /* intensity */
    double rated_kw;
    double rotor_m; /* 0: the table */
};

/* Rows load.*: what households use, and how much of its variation they share. */
struct gb_household_config {
    double mean_kw, sigma, floor, noise, persistent_share, phi, shape_sd, phase_sd_h;
    double common_share;
    double event_rate, event_height, event_half_hours;
};

struct gb_battery_config {
    double kwh, kw, efficiency, dod, initial;
    double loss_per_h; /* self-discharge, share of the stored energy */
};

struct gb_forecast_config {
    int32_t kind; /* enum gb_forecast_kind */
    double skill;
};

/* The physics layer of a scenario. */
struct gb_physics_config {
    struct gb_weather_config weather;
    struct gb_fleet_config fleet;
    struct gb_pv_config pv;
    struct gb_turbine_config turbine;
    struct gb_household_config household;
    struct gb_battery_config battery;
    struct gb_forecast_config forecast;
};

extern const struct gb_param gb_physics_params[]; /* the rows; ends with a row without key */

#endif
