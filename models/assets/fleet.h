/* Who owns what: the assets of every meter, drawn once a replication (structure of arrays). Every
 * meter has a household. Most have nothing else, so each other kind of asset is a list of those who
 * own one: element i of its arrays belongs to meter[i], in ascending order of meters. */
#ifndef MODELS_ASSETS_FLEET_H
#define MODELS_ASSETS_FLEET_H

#include <stddef.h>
#include <stdint.h>

#include "base/param.h"
#include "base/random.h"
#include "base/status.h"
#include "models/weather/irradiance.h"

enum gb_smoothing { GB_SMOOTHING_NONE, GB_SMOOTHING_TURBULENCE, GB_SMOOTHING_REGION };
enum gb_forecast_kind { GB_FORECAST_PERFECT, GB_FORECAST_CONDITIONAL_MEAN };

#define GB_AZIMUTH_EQUATOR (-1.0) /* instead of degrees: towards the equator */

/* The physics layer of a scenario. Rows and defaults: gb_physics_params. Keys and units there. */
struct gb_physics_config {
    int64_t slot_ns;
    int64_t start_date; /* days since 1970-01-01, local */
    /* meters */
    int64_t n_meters;
    double prosumer_share; /* meters with generation, 0 to 1 */
    double wind_share;     /* of the prosumers: with a turbine; the others have PV */
    double storage_share;  /* of the prosumers: with a battery */
    /* site */
    double latitude_deg, longitude_deg, altitude_m, utc_offset_h;
    double temperature_c, linke_turbidity, albedo;
    int32_t clear_sky; /* enum gb_clear_sky_model */
    /* sun */
    double pv_kwp_mean, pv_kwp_sd; /* lognormal sizes */
    double tilt_deg, azimuth_deg, azimuth_sd_deg;
    int32_t transposition; /* enum gb_transposition */
    int32_t cell_model;    /* enum gb_cell_model */
    double pv_losses_percent, pv_temperature_coefficient, pv_dc_ac_ratio, pv_inverter_efficiency;
    double cloud_dark_weight, cloud_dark_mean, cloud_dark_sd, cloud_clear_mean, cloud_clear_sd;
    double cloud_acf_hour, cloud_overnight;
    double cloud_local_share, cloud_local_s; /* own clouds */
    /* wind */
    double wind_weibull_k, wind_weibull_a, wind_slow_share, wind_slow_h, wind_fast_h;
    double wind_diurnal_ratio, wind_diurnal_peak_h, wind_reference_m, hub_height_m, roughness_m;
    int32_t wind_profile;       /* enum gb_wind_profile */
    double wind_shear;          /* exponent of the power law */
    int32_t density_law;        /* enum gb_density_law */
    int32_t wind_smoothing;     /* enum gb_smoothing */
    double wind_turbulence;     /* intensity */
    double turbine_kw, rotor_m; /* rotor_m 0: the table */
    /* load */
    double load_mean_kw, load_sigma, load_floor, load_noise, load_persistent_share, load_phi,
        load_shape_sd, load_phase_sd_h;
    double load_common_share, load_event_rate, load_event_height, load_event_half_hours;
    /* storage */
    double battery_kwh, battery_kw, battery_efficiency, battery_dod, battery_initial;
    double battery_loss_per_h; /* self-discharge, share of the stored energy */
    /* forecast */
    int32_t forecast; /* enum gb_forecast_kind */
    double forecast_kappa, forecast_skill;
};

extern const struct gb_param gb_physics_params[]; /* the rows; ends with a row without key */

struct gb_systems { /* photovoltaics; n each, all above 0 kWp */
    size_t n;
    uint32_t *meter;
    double *kwp;
    struct gb_plane *plane; /* of the modules */
};

struct gb_turbines { /* n each, all above 0 kW */
    size_t n;
    uint32_t *meter;
    double *kw;
};

struct gb_batteries { /* n each, all above 0 kWh */
    size_t n;
    uint32_t *meter;
    double *kwh, *kw;
};

struct gb_fleet {
    size_t n; /* meters */
    struct gb_systems systems;
    struct gb_turbines turbines;
    struct gb_batteries batteries;
    /* households; n each */
    double *load_scale_w, *load_shape, *load_phase_h;
};

/* Who owns what and which household is how large, at what hours and how sharp: every meter has
 * keyed draws of its own, so that more meters, or another share of prosumers, change no trait of
 * the rest. */
enum gb_status gb_fleet_create(struct gb_fleet **out, const struct gb_physics_config *config,
                               uint64_t seed, uint32_t replication, struct gb_error *err);
void gb_fleet_free(struct gb_fleet *fleet);

/* Where planes face on average: what the scenario says, or the equator, south of which that is
 * north. Degrees from north by east. */
double gb_mean_azimuth_deg(const struct gb_physics_config *config);

/* How many of n owners, ascending, come before `meter`: the place of the first who does not. */
size_t gb_owners_before(const uint32_t *owners, size_t n, size_t meter);

#endif
