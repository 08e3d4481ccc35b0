/* The physics rows of a scenario. Defaults are a district of Nanjing with the fitted statistics of
 * weather and households described with each model. */
#include "models/assets/physics_config.h"

#include "models/assets/cell.h"

#define FIELD(member) offsetof(struct gb_physics_config, member)
/* key, field, default, minimum, maximum, unit, description */
/* clang-format off */
#define CHOICE(key, member, value, names, description)                                        \
    {key, GB_PARAM_CHOICE, FIELD(member), value, 0, 0, NULL, names, GB_LAYER_PHYSICS, description}
#define NUMBER(key, member, value, low, high, unit, description)                              \
    {key, GB_PARAM_NUMBER, FIELD(member), value, low, high, unit, NULL, GB_LAYER_PHYSICS, description}
/* clang-format on */

static const char *const forecast_names[] = {"perfect", "conditional_mean", NULL};
static const char *const clear_sky_names[] = {"ineichen", "haurwitz", NULL};
static const char *const transposition_names[] = {"hay_davies", "isotropic", "reindl", NULL};
static const char *const profile_names[] = {"logarithmic", "power_law", NULL};
static const char *const density_names[] = {"ideal_gas", "barometric", NULL};
static const char *const smoothing_names[] = {"none", "turbulence", "region", NULL};
static const char *const azimuth_words[] = {"equator", NULL}; /* GB_AZIMUTH_EQUATOR */

const struct gb_param gb_physics_params[] = {
    {"slot", GB_PARAM_DURATION, FIELD(weather.slot_ns), "15 min", 1, 86400, "s", NULL,
     GB_LAYER_PHYSICS, "Length of a trading interval, and the step of the physics."},
    {"start_date", GB_PARAM_DATE, FIELD(weather.start_date), "2023-06-01", 0, 0, NULL, NULL,
     GB_LAYER_PHYSICS, "Local date on whose midnight slot 0 begins."},

    {"meters.count", GB_PARAM_INTEGER, FIELD(fleet.n_meters), "30", 1, 1e7, "1", NULL,
     GB_LAYER_PHYSICS, "Number of meters, each a household."},
    NUMBER("meters.prosumer_share", fleet.prosumer_share, "0.5", 0, 1, "1",
           "Probability that a meter has a generator."),
    NUMBER("meters.wind_share", fleet.wind_share, "0.2", 0, 1, "1",
           "Probability that a prosumer's generator is a turbine, not photovoltaics."),
    NUMBER("meters.storage_share", fleet.storage_share, "0.4", 0, 1, "1",
           "Probability that a prosumer has a battery."),

    NUMBER("site.latitude", weather.site.latitude_deg, "32.06", -90, 90, "degrees_north",
           "Latitude of the site; in the south, seasons of sun and load are half a year off the "
           "north's."),
    NUMBER("site.longitude", weather.site.longitude_deg, "118.8", -180, 180, "degrees_east",
           "Longitude of the site."),
    NUMBER("site.altitude", weather.site.altitude_m, "20", -430, 6000, "m",
           "Altitude above the sea."),
    NUMBER("site.utc_offset", weather.site.utc_offset_h, "8", -12, 14, "h",
           "Local time minus UTC, the same all year."),
    NUMBER("site.temperature", weather.site.temperature_c, "16", -60, 60, "degC",
           "Air temperature, for photovoltaic cells and air density."),
    NUMBER("site.turbidity", weather.site.linke_turbidity, "3", 1, 10, "1",
           "Linke turbidity of the cloudless sky."),
    CHOICE(
        "site.clear_sky", weather.site.clear_sky, "ineichen", clear_sky_names,
        "Model of the cloudless sky: Ineichen and Perez with turbidity and altitude, or Haurwitz "
        "by the sun's height alone."),
    NUMBER("site.albedo", weather.site.albedo, "0.2", 0, 1, "1",
           "Share of the light the ground reflects."),

    NUMBER("pv.size", pv.kwp_mean, "5", 0.001, 1e6, "kW", "Mean DC rating of a system."),
    NUMBER("pv.size_sd", pv.kwp_sd, "2", 0, 1e6, "kW",
           "Standard deviation of the DC rating (lognormal)."),
    NUMBER("pv.tilt", pv.tilt_deg, "25", 0, 90, "degree",
           "Tilt of the planes from the horizontal."),
    {"pv.azimuth", GB_PARAM_NUMBER, FIELD(pv.azimuth_deg), "equator", 0, 360, "degree",
     azimuth_words, GB_LAYER_PHYSICS,
     "Mean azimuth of the planes, from north by east; `equator` is 180 in the north, 0 in the "
     "south."},
    NUMBER("pv.azimuth_sd", pv.azimuth_sd_deg, "30", 0, 180, "degree",
           "Standard deviation of the azimuth."),
    CHOICE("pv.transposition", pv.transposition, "hay_davies", transposition_names,
           "Where on the sky the diffuse light of a tilted plane comes from: also from the sun's "
           "disc, from everywhere alike, or also from the horizon."),
    CHOICE("pv.cell", pv.cell_model, "faiman", gb_cell_model_names,
           "Model of the cells' temperature, for an open rack."),
    NUMBER("pv.losses", pv.losses_percent, "14.0756606883", 0, 99, "percent",
           "Losses between module and inverter: soiling, shading, wiring and the like."),
    NUMBER("pv.temperature_coefficient", pv.temperature_coefficient, "-0.0047", -0.02, 0, "1/K",
           "Change of DC power with the cell temperature."),
    NUMBER("pv.dc_ac_ratio", pv.dc_ac_ratio, "1.2", 0.5, 3, "1",
           "DC rating of the modules over AC rating of the inverter."),
    NUMBER("pv.inverter_efficiency", pv.inverter_efficiency, "0.96", 0.5, 1, "1",
           "Nominal efficiency of the inverter."),

    NUMBER("clouds.dark_weight", weather.clouds.dark_weight, "0.5", 0, 1, "1",
           "Share of the overcast mode of the clear-sky index."),
    NUMBER("clouds.dark_mean", weather.clouds.dark_mean, "0.48", 0, 1.3, "1",
           "Mean clear-sky index of the overcast mode."),
    NUMBER("clouds.dark_sd", weather.clouds.dark_sd, "0.16", 0.001, 1, "1",
           "Standard deviation of the overcast mode."),
    NUMBER("clouds.clear_mean", weather.clouds.clear_mean, "0.94", 0, 1.3, "1",
           "Mean clear-sky index of the open mode."),
    NUMBER("clouds.clear_sd", weather.clouds.clear_sd, "0.08", 0.001, 1, "1",
           "Standard deviation of the open mode."),
    NUMBER("clouds.memory_hour", weather.clouds.acf_hour, "0.84", 0, 1, "1",
           "Autocorrelation of the cloud latent over an hour of daylight."),
    NUMBER("clouds.memory_night", weather.clouds.overnight, "0.3", 0, 1, "1",
           "Correlation of the cloud latent between an evening and the next morning."),
    NUMBER("clouds.local_share", weather.clouds.local_share, "0.01", 0, 1, "1",
           "Share of the cloud latent's variance that each meter has for itself at an instant."),
    NUMBER("clouds.local_time", weather.clouds.local_s, "60", 1, 300, "s",
           "Time constant of that local part, which fades in the means of longer slots."),

    NUMBER("wind.weibull_k", weather.wind.weibull_k, "2", 1, 5, "1",
           "Weibull shape of the wind speed."),
    NUMBER("wind.weibull_a", weather.wind.weibull_a, "5.5", 0.1, 30, "m/s",
           "Weibull scale of the wind speed at the reference height."),
    NUMBER("wind.slow_share", weather.wind.slow_share, "0.92", 0, 1, "1",
           "Share of the slow part in the variance of the wind latent."),
    NUMBER("wind.slow_time", weather.wind.slow_h, "9.5", 0.01, 1000, "h",
           "Time constant of the slow part."),
    NUMBER("wind.fast_time", weather.wind.fast_h, "0.5", 0.001, 1000, "h",
           "Time constant of the fast part."),
    NUMBER("wind.diurnal_ratio", weather.wind.diurnal_ratio, "1.5", 1, 10, "1",
           "Windiest over calmest hour of the mean day."),
    NUMBER("wind.diurnal_peak", weather.wind.diurnal_peak_h, "14.5", 0, 24, "h",
           "Local hour of the mean day's strongest wind."),
    NUMBER("wind.reference_height", weather.wind.reference_m, "10", 1, 200, "m",
           "Height for which the Weibull parameters hold."),
    NUMBER("wind.hub_height", turbine.hub_height_m, "18", 1, 200, "m",
           "Height of the turbines' hubs."),
    NUMBER("wind.roughness", turbine.roughness_m, "0.15", 0.0001, 0.9, "m",
           "Roughness length of the ground."),
    CHOICE("wind.profile", turbine.profile, "logarithmic", profile_names,
           "How wind grows with height: by roughness, or by a power of the height (wind.shear)."),
    NUMBER("wind.shear", turbine.shear, "0.142857142857", 0, 1, "1", "Exponent of the power law."),
    CHOICE("wind.density", turbine.density_law, "ideal_gas", density_names,
           "Air density from altitude and temperature."),
    CHOICE(
        "wind.smoothing", turbine.smoothing, "none", smoothing_names,
        "What the wind does within 10 min: nothing, vary by wind.turbulence, or also between the "
        "turbines of a region."),
    NUMBER("wind.turbulence", turbine.turbulence, "0.1", 0, 1, "1",
           "Turbulence intensity at the hub: standard deviation of the speed over its mean."),
    NUMBER(
        "wind.rotor_diameter", turbine.rotor_m, "0", 0, 200, "m",
        "Rotor of a turbine, which then gives what its power coefficient takes from the wind, up "
        "to its rating; 0: the table of a small turbine."),
    NUMBER("wind.turbine", turbine.rated_kw, "5", 0.001, 1e6, "kW", "Rating of a turbine."),

    NUMBER("load.mean", household.mean_kw, "0.416", 0.0001, 1e6, "kW",
           "Mean load of a household over a year and all households."),
    NUMBER("load.size_sd", household.sigma, "0.6", 0, 3, "1",
           "Standard deviation of the log of a household's size."),
    NUMBER("load.floor", household.floor, "0.08", 0, 1, "1",
           "Share of the load that never changes."),
    NUMBER("load.noise", household.noise, "0.62", 0, 3, "1",
           "Standard deviation of the log of the load about its mean day."),
    NUMBER("load.persistent_share", household.persistent_share, "0.75", 0, 1, "1",
           "Share of the noise that persists; the rest is new every half hour."),
    NUMBER("load.memory", household.phi, "0.8", 0, 1, "1",
           "Autocorrelation of the persistent noise over half an hour."),
    NUMBER("load.common_share", household.common_share, "0.01", 0, 1, "1",
           "Share of the noise that all households have in common."),
    NUMBER("load.shape_sd", household.shape_sd, "0.35", 0, 1, "1",
           "Standard deviation of the log of the exponent that sharpens a household's day."),
    NUMBER("load.phase_sd", household.phase_sd_h, "1.5", 0, 6, "h",
           "Standard deviation of the shift of a household's day."),
    NUMBER("load.event_rate", household.event_rate, "0.02", 0, 10, "1",
           "Appliance events that begin in a mean half hour."),
    NUMBER("load.event_duration", household.event_half_hours, "3", 1, 1000, "half hours",
           "Mean duration of an event."),
    NUMBER("load.event_height", household.event_height, "2.5", 0, 1000, "1",
           "Mean height of an event in units of the mean day's mean."),

    NUMBER("storage.capacity", battery.kwh, "6.4", 0.001, 1e6, "kWh", "Capacity of a battery."),
    NUMBER("storage.power", battery.kw, "5", 0.001, 1e6, "kW",
           "Greatest power of a battery, charging and discharging."),
    NUMBER("storage.efficiency", battery.efficiency, "0.9", 0.01, 1, "1",
           "Efficiency of a round trip."),
    NUMBER("storage.depth", battery.dod, "0.75", 0, 1, "1",
           "Share of the capacity that may be discharged."),
    NUMBER("storage.initial", battery.initial, "0.5", 0, 1, "1",
           "State of charge at the start, raised to what must stay in the battery."),
    NUMBER(
        "storage.loss", battery.loss_per_h, "0", 0, 0.5, "1/h",
        "Share of the stored energy that leaks in an hour, down to what must stay in the battery."),

    {"forecast.kind", GB_PARAM_CHOICE, FIELD(forecast.kind), "conditional_mean", 0, 0, NULL,
     forecast_names, GB_LAYER_PHYSICS,
     "What a user knows of the slot it bids for: the truth, or what follows from a reading."},
    NUMBER("forecast.kappa", weather.clouds.forecast_kappa, "0", 0, 10, "1",
           "Error of the conditional mean: 0 rational, 1 as spread as the truth, more is worse."),
    NUMBER("forecast.skill", forecast.skill, "0", 0, 1, "1",
           "Share of the truth mixed into a forecast; 1 is perfect."),
    {0},
};
