#include "models/fit/pv_model.h"

#include <math.h>
#include <stdio.h>

#include "base/quantity.h"
#include "models/assets/physics.h"

enum { DAY_S = 86400, HOUR_S = 3600 };

static int64_t offset_of(const struct gb_physics_config *model)
{
    return llround(model->weather.site.utc_offset_h * HOUR_S);
}

struct gb_physics_config gb_pv_model_of(const struct gb_physics_config *physics,
                                        const struct gb_fit_channel *file, double kwp,
                                        double tilt_deg, double azimuth_deg)
{
    struct gb_physics_config c = *physics;
    int64_t local_s = file->start_s + offset_of(&c);
    int64_t late_s = local_s - gb_floor_divide(local_s, file->step_s) * file->step_s;

    c.fleet.n_meters = 1;
    c.fleet.prosumer_share = 1;
    c.fleet.wind_share = c.fleet.storage_share = c.fleet.ev_share = c.fleet.heat_pump_share = 0;
    c.n_kinds = 0;
    c.kinds = NULL;
    c.listed = NULL;
    c.pv.kwp_mean = kwp;
    c.pv.tilt_deg = tilt_deg;
    c.pv.azimuth_deg = fmod(azimuth_deg + 720, 360);
    c.pv.kwp_sd = c.pv.azimuth_sd_deg = 0;
    c.weather.slot_ns = file->step_s * GB_NS_PER_SECOND;
    c.weather.steps_a_slot = 0;
    c.weather.start_date = gb_floor_divide(local_s - late_s, DAY_S);
    c.weather.site.utc_offset_h -= (double)late_s / HOUR_S;
    c.weather.forecast.kind = GB_FORECAST_PERFECT;
    snprintf(c.weather.site.time_zone, sizeof c.weather.site.time_zone, GB_ZONE_FIXED);
    c.pv.series[0] = 0;
    c.household.series[0] = 0;
    c.weather.clouds.series[0] = 0;
    c.weather.wind.series[0] = 0;
    c.weather.site.temperature_series[0] = 0;
    return c;
}

enum gb_status gb_pv_model_year(const struct gb_physics_config *model, uint32_t number,
                                const struct gb_fit_channel *file, double *power_w,
                                struct gb_error *err)
{
    const struct gb_physics_provider *provider = &gb_physics_modelled;
    struct gb_draws draws = {.seed = number + 1};
    int64_t local_s = file->start_s + offset_of(model);
    int64_t first = (local_s - model->weather.start_date * DAY_S) / file->step_s;
    struct gb_fleet *fleet = NULL;
    void *state = NULL;
    enum gb_status status = gb_fleet_create(&fleet, model, draws, err);

    if (status == GB_OK)
        status = provider->create(&state, model, fleet, 1, draws, err);
    for (size_t i = 0; status == GB_OK && i < file->n; i++) {
        struct gb_slot_power power;
        status = provider->slot(state, first + (int64_t)i, &power, err);
        if (status == GB_OK)
            power_w[i] = isnan(file->values[i]) ? NAN : power.solar_w[0];
    }
    provider->free(state);
    gb_fleet_free(fleet);
    return status;
}
