#include "models/assets/plant.h"

#include <assert.h>
#include <string.h>

#include "models/assets/cell.h"
#include "models/weather/sun.h"

/* Of the author's own table, which is well written (asserted), else a published one. */
static struct gb_power_curve table_of(const struct gb_turbine_config *turbine)
{
    struct gb_power_curve curve = {0};

    if (strcmp(turbine->table, GB_CURVE_NO_TABLE) == 0)
        return gb_curve_of((enum gb_curve)turbine->curve);
    bool is_read = gb_curve_read(&curve, turbine->table);
    assert(is_read);
    (void)is_read;
    return curve;
}

/* Power per unit of the rating at speeds at the hub: of the table or of a rotor, in the site's air,
 * and of its turbulence. */
static struct gb_power_curve curve_at(const struct gb_turbine_config *turbine,
                                      const struct gb_site_config *site, double air_c)
{
    struct gb_power_curve table = table_of(turbine);
    double density = gb_air_density((enum gb_density_law)turbine->density_law,
                                    gb_standard_pressure_pa(site->altitude_m), 0,
                                    turbine->hub_height_m, air_c + 273.15);
    struct gb_power_curve curve = turbine->rotor_m > 0
                                      ? gb_curve_of_rotor(&gb_coefficients_small, turbine->rotor_m,
                                                          density, 1000 * turbine->rated_kw)
                                      : gb_curve_in_air(&table, density);

    switch ((enum gb_smoothing)turbine->smoothing) {
    case GB_SMOOTHING_NONE: break;
    case GB_SMOOTHING_TURBULENCE:
        return gb_curve_smoothed(&curve, (struct gb_speed_spread){0, turbine->turbulence});
    case GB_SMOOTHING_REGION: return gb_curve_smoothed(&curve, GB_SPREAD_OF_REGION);
    }
    return curve;
}

static struct gb_wind_rise rise_to(const struct gb_turbine_config *turbine, double reference_m)
{
    if (turbine->profile == GB_WIND_POWER_LAW)
        return gb_wind_rise_by_power_law(reference_m, turbine->hub_height_m, turbine->shear);
    return gb_wind_rise_by_logarithm(reference_m, turbine->hub_height_m, turbine->roughness_m, 0);
}

struct gb_plant gb_plant_of(const struct gb_kind *kind, const struct gb_weather_config *weather)
{
    const struct gb_pv_config *pv = &kind->pv;

    return (struct gb_plant){
        .kind = kind,
        .site = &weather->site,
        .air_c = weather->site.temperature_c,
        .curve = curve_at(&kind->turbine, &weather->site, weather->site.temperature_c),
        .rise = rise_to(&kind->turbine, weather->wind.reference_m),
        .dc_share = 1 - pv->losses_percent / 100,
        .inverter = gb_inverter_make(1 / (pv->dc_ac_ratio * pv->inverter_efficiency),
                                     pv->inverter_efficiency),
    };
}

void gb_plant_cool(struct gb_plant *plant, double wind_ms)
{
    plant->heating = gb_cell_heating((enum gb_cell_model)plant->kind->pv.cell_model, wind_ms);
}

void gb_plant_breathe(struct gb_plant *plant, double air_c)
{
    const struct gb_turbine_config *turbine = &plant->kind->turbine;

    if (turbine->density_temperature != GB_DENSITY_OF_SLOT || air_c == plant->air_c)
        return;
    plant->curve = curve_at(turbine, plant->site, air_c);
    plant->air_c = air_c;
}

double gb_plant_wind(const struct gb_plant *plant, double speed_ms)
{
    return gb_curve_power(&plant->curve, gb_wind_at_hub(&plant->rise, speed_ms));
}

bool gb_plant_stands_still(const struct gb_plant *plant, double speed_ms)
{
    const double margin = 1e-6; /* far beyond what rounding moves a speed by */

    return gb_wind_at_hub(&plant->rise, speed_ms) < plant->curve.speed_ms[0] * (1 - margin);
}

double gb_plant_solar(const struct gb_plant *plant, const struct gb_plane *plane, double clear,
                      const struct gb_sky *skies, size_t n, double ambient_c)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        struct gb_plane_light parts = gb_plane_light_at(plane, &skies[i]);
        double light = (parts.beam + parts.sky + parts.ground) * clear;
        double cell = ambient_c + plant->heating * light;
        double dc = gb_pv_dc(light, cell, plant->dc_share, plant->kind->pv.temperature_coefficient);
        sum += gb_pv_ac(&plant->inverter, dc);
    }
    return sum;
}
