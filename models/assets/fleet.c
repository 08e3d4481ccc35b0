#include "models/assets/fleet.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "models/assets/heat_pump.h"
#include "models/assets/kinds.h"
#include "models/assets/listed.h"
#include "models/weather/gaussian.h"

/* Draws of GB_PURPOSE_ASSETS, one number for each decision, so that none can shift another. */
enum { DRAW_PROSUMER, DRAW_STORAGE, DRAW_PV, DRAW_EV, DRAW_HEAT_PUMP, DRAW_HEAT_LOSS };
/* Draws of GB_PURPOSE_LOAD_TRAITS. */
enum { DRAW_SIZE_AND_SHAPE, DRAW_PHASE };

static const double max_phase_h = 11.5; /* further would be another day */
static const double max_log_shape = 2;

static double clamp(double value, double most)
{
    return fmin(fmax(value, -most), most);
}

struct ownership {
    bool has_system, has_turbine, has_battery, has_ev, has_heat_pump;
};

static struct ownership draw_ownership(const struct gb_fleet_config *shares, struct gb_key key,
                                       size_t i)
{
    struct gb_draw generator = gb_draw_at(key, (uint32_t)i, 0, 0, DRAW_PROSUMER);
    struct gb_draw storage = gb_draw_at(key, (uint32_t)i, 0, 0, DRAW_STORAGE);
    struct gb_draw ev = gb_draw_at(key, (uint32_t)i, 0, 0, DRAW_EV);
    struct gb_draw heat_pump = gb_draw_at(key, (uint32_t)i, 0, 0, DRAW_HEAT_PUMP);
    bool has_ev = gb_draw_uniform(ev) < shares->ev_share;
    bool has_heat_pump = gb_draw_uniform(heat_pump) < shares->heat_pump_share;

    if (gb_draw_uniform(generator) >= shares->prosumer_share)
        return (struct ownership){.has_ev = has_ev, .has_heat_pump = has_heat_pump};
    bool has_turbine = gb_draw_uniform2(generator) < shares->wind_share;
    return (struct ownership){
        .has_system = !has_turbine,
        .has_turbine = has_turbine,
        .has_battery = gb_draw_uniform(storage) < shares->storage_share,
        .has_ev = has_ev,
        .has_heat_pump = has_heat_pump,
    };
}

/* A kind owns exactly what it names, and a list goes before it; without kinds every meter draws. */
static struct ownership ownership_of(const struct gb_fleet *fleet,
                                     const struct gb_physics_config *c, struct gb_key key, size_t i)
{
    const struct gb_kind *kind = gb_fleet_kind(fleet, i);

    if (c->n_kinds == 0)
        return draw_ownership(&c->fleet, key, i);
    if (c->listed) {
        const struct gb_listed_meter *listed = &c->listed[i];
        return (struct ownership){gb_listed_owns(listed->pv_kw, kind->has_pv),
                                  gb_listed_owns(listed->turbine_kw, kind->has_turbine),
                                  gb_listed_owns(listed->battery_kwh, kind->has_battery),
                                  gb_listed_owns(listed->ev_kw, kind->has_ev),
                                  gb_listed_owns(listed->heat_pump_kw, kind->has_heat_pump)};
    }
    return (struct ownership){kind->has_pv, kind->has_turbine, kind->has_battery, kind->has_ev,
                              kind->has_heat_pump};
}

static void count_owners(struct gb_fleet *fleet, const struct gb_physics_config *c,
                         struct gb_key key)
{
    for (size_t i = 0; i < fleet->n; i++) {
        struct ownership owns = ownership_of(fleet, c, key, i);

        fleet->systems.n += owns.has_system;
        fleet->turbines.n += owns.has_turbine;
        fleet->batteries.n += owns.has_battery;
        fleet->evs.n += owns.has_ev;
        fleet->heat_pumps.n += owns.has_heat_pump;
    }
}

static bool allocate(struct gb_fleet *fleet)
{
    struct {
        uint32_t **meter;
        size_t n;
    } const owners[] = {
        {&fleet->systems.meter, fleet->systems.n},
        {&fleet->turbines.meter, fleet->turbines.n},
        {&fleet->batteries.meter, fleet->batteries.n},
        {&fleet->evs.meter, fleet->evs.n},
        {&fleet->heat_pumps.meter, fleet->heat_pumps.n},
    };
    struct {
        double **array;
        size_t n;
    } const arrays[] = {
        {&fleet->systems.kwp, fleet->systems.n},
        {&fleet->systems.clear, fleet->systems.n},
        {&fleet->turbines.kw, fleet->turbines.n},
        {&fleet->batteries.kwh, fleet->batteries.n},
        {&fleet->batteries.kw, fleet->batteries.n},
        {&fleet->evs.kw, fleet->evs.n},
        {&fleet->evs.kwh, fleet->evs.n},
        {&fleet->heat_pumps.loss_w_k, fleet->heat_pumps.n},
        {&fleet->heat_pumps.kw, fleet->heat_pumps.n},
        {&fleet->load_scale_w, fleet->n},
        {&fleet->load_shape, fleet->n},
        {&fleet->load_phase_h, fleet->n},
    };
    bool complete = true;

    fleet->systems.plane = gb_memory_wide(fleet->systems.n + 1, sizeof *fleet->systems.plane);
    for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++) {
        *owners[i].meter = gb_memory_wide(owners[i].n + 1, sizeof **owners[i].meter);
        complete = complete && *owners[i].meter;
    }
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        *arrays[i].array = gb_memory_wide(arrays[i].n + 1, sizeof **arrays[i].array);
        complete = complete && *arrays[i].array;
    }
    return complete && fleet->systems.plane;
}

/* Where planes face on average: what their kind says, or the equator, south of which that is north.
 * Degrees from north by east. */
static double mean_azimuth_deg(const struct gb_pv_config *pv, double latitude_deg)
{
    if (pv->azimuth_deg != GB_AZIMUTH_EQUATOR)
        return pv->azimuth_deg;
    return latitude_deg < 0 ? 0 : 180;
}

/* What a list says of a meter; where there is none, nothing of anything. */
static struct gb_listed_meter listed_of(const struct gb_physics_config *c, size_t i)
{
    const struct gb_listed_meter nothing = {.pv_kw = NAN,
                                            .tilt_deg = NAN,
                                            .azimuth_deg = NAN,
                                            .shading = NAN,
                                            .turbine_kw = NAN,
                                            .battery_kwh = NAN,
                                            .battery_kw = NAN,
                                            .ev_kw = NAN,
                                            .ev_kwh = NAN,
                                            .heat_pump_kw = NAN,
                                            .heat_loss_w_k = NAN,
                                            .yearly_kwh = NAN};

    return c->listed ? c->listed[i] : nothing;
}

static void draw_system(struct gb_fleet *fleet, size_t place, const struct gb_physics_config *c,
                        struct gb_key key, size_t i)
{
    const struct gb_listed_meter listed = listed_of(c, i);
    const struct gb_pv_config *pv = &gb_fleet_kind(fleet, i)->pv;
    struct gb_systems *systems = &fleet->systems;
    struct gb_draw draw = gb_draw_at(key, fleet->draw_owner[i], 0, 0, DRAW_PV);

    double azimuth_deg = mean_azimuth_deg(pv, c->weather.site.latitude_deg) +
                         pv->azimuth_sd_deg * gb_normal_from(gb_draw_uniform2(draw));
    double kwp = gb_lognormal(pv->kwp_mean, pv->kwp_sd, gb_draw_normal(draw));

    systems->meter[place] = (uint32_t)i;
    systems->kwp[place] = gb_listed_or(listed.pv_kw, kwp);
    systems->clear[place] = 1 - gb_listed_or(listed.shading, pv->shading);
    systems->plane[place] = gb_plane_from(gb_listed_or(listed.tilt_deg, pv->tilt_deg),
                                          gb_listed_or(listed.azimuth_deg, azimuth_deg));
    assert(systems->kwp[place] > 0);
}

/* What the list says is exact. */
static void draw_heat_pump(struct gb_fleet *fleet, size_t place, const struct gb_physics_config *c,
                           struct gb_key key, size_t i)
{
    const struct gb_listed_meter listed = listed_of(c, i);
    struct gb_heat_pump_config of_home = gb_fleet_kind(fleet, i)->heat_pump;
    struct gb_draw draw = gb_draw_at(key, fleet->draw_owner[i], 0, 0, DRAW_HEAT_LOSS);
    double loss_w_k =
        gb_lognormal(of_home.heat_loss_w_k, of_home.heat_loss_sd_w_k, gb_draw_normal(draw));

    of_home.heat_loss_w_k = gb_listed_or(listed.heat_loss_w_k, loss_w_k);
    of_home.power_kw = gb_listed_or(listed.heat_pump_kw, of_home.power_kw);
    fleet->heat_pumps.meter[place] = (uint32_t)i;
    fleet->heat_pumps.loss_w_k[place] = of_home.heat_loss_w_k;
    fleet->heat_pumps.kw[place] = gb_heat_pump_power_kw(&of_home);
}

static void draw_assets(struct gb_fleet *fleet, const struct gb_physics_config *c,
                        struct gb_key key)
{
    size_t system = 0, turbine = 0, battery = 0, ev = 0, heat_pump = 0;

    for (size_t i = 0; i < fleet->n; i++) {
        struct ownership owns = ownership_of(fleet, c, key, i);
        const struct gb_kind *kind = gb_fleet_kind(fleet, i);
        const struct gb_listed_meter listed = listed_of(c, i);

        if (owns.has_system)
            draw_system(fleet, system++, c, key, i);
        if (owns.has_turbine) {
            fleet->turbines.meter[turbine] = (uint32_t)i;
            fleet->turbines.kw[turbine++] = gb_listed_or(listed.turbine_kw, kind->turbine.rated_kw);
        }
        if (owns.has_battery) {
            fleet->batteries.meter[battery] = (uint32_t)i;
            fleet->batteries.kwh[battery] = gb_listed_or(listed.battery_kwh, kind->battery.kwh);
            fleet->batteries.kw[battery++] = gb_listed_or(listed.battery_kw, kind->battery.kw);
        }
        if (owns.has_ev) {
            fleet->evs.meter[ev] = (uint32_t)i;
            fleet->evs.kw[ev] = gb_listed_or(listed.ev_kw, kind->ev.power_kw);
            fleet->evs.kwh[ev++] = listed.ev_kwh;
        }
        if (owns.has_heat_pump)
            draw_heat_pump(fleet, heat_pump++, c, key, i);
    }
}

static void draw_household(struct gb_fleet *fleet, const struct gb_physics_config *c,
                           struct gb_key key, size_t i)
{
    double yearly_kwh = listed_of(c, i).yearly_kwh;
    const struct gb_household_config *of = &gb_fleet_kind(fleet, i)->household;
    struct gb_draw draw = gb_draw_at(key, fleet->draw_owner[i], 0, 0, DRAW_SIZE_AND_SHAPE);
    struct gb_draw phase = gb_draw_at(key, fleet->draw_owner[i], 0, 0, DRAW_PHASE);
    double size = of->sigma * gb_draw_normal(draw) - of->sigma * of->sigma / 2;
    double shape = of->shape_sd * gb_normal_from(gb_draw_uniform2(draw));

    fleet->load_scale_w[i] =
        isnan(yearly_kwh) ? 1000 * of->mean_kw * exp(size) : 1000 * (yearly_kwh / GB_HOURS_A_YEAR);
    fleet->load_shape[i] = exp(clamp(shape, max_log_shape));
    fleet->load_phase_h[i] = clamp(of->phase_sd_h * gb_draw_normal(phase), max_phase_h);
}

/* Which meter is of which kind, and whose draws are whose. */
static enum gb_status take_kinds(struct gb_fleet *fleet, const struct gb_physics_config *c,
                                 struct gb_error *err)
{
    fleet->kinds = gb_kinds_of(c, &fleet->n_kinds);
    if (!fleet->kinds)
        return gb_fail(err, GB_ENOMEM, "no memory for the kinds of %zu meters", fleet->n);
    enum gb_status status = gb_kinds_of_meters(&fleet->kind, c, err);
    if (status != GB_OK)
        return status;
    return gb_draw_owners(&fleet->draw_owner, c, err);
}

enum gb_status gb_fleet_create(struct gb_fleet **out, const struct gb_physics_config *config,
                               struct gb_draws draws, struct gb_error *err)
{
    struct gb_fleet *fleet = calloc(1, sizeof *fleet);
    struct gb_key assets = gb_draws_key(draws, GB_PURPOSE_ASSETS);
    struct gb_key traits = gb_draws_key(draws, GB_PURPOSE_LOAD_TRAITS);

    if (!fleet)
        return gb_fail(err, GB_ENOMEM, "no memory for the fleet");
    fleet->n = (size_t)config->fleet.n_meters;
    enum gb_status status = take_kinds(fleet, config, err);
    if (status != GB_OK) {
        gb_fleet_free(fleet);
        return status;
    }
    fleet->evs.key = gb_draws_key(draws, GB_PURPOSE_EV);
    count_owners(fleet, config, assets);
    if (!allocate(fleet)) {
        size_t n = fleet->n;
        gb_fleet_free(fleet);
        return gb_fail(err, GB_ENOMEM, "no memory for a fleet of %zu meters", n);
    }
    draw_assets(fleet, config, assets);
    for (size_t i = 0; i < fleet->n; i++)
        draw_household(fleet, config, traits, i);
    *out = fleet;
    return GB_OK;
}

void gb_fleet_free(struct gb_fleet *fleet)
{
    if (!fleet)
        return;
    free(fleet->kinds);
    free(fleet->kind);
    free(fleet->draw_owner);
    free(fleet->systems.meter);
    free(fleet->systems.kwp);
    free(fleet->systems.clear);
    free(fleet->systems.plane);
    free(fleet->turbines.meter);
    free(fleet->turbines.kw);
    free(fleet->batteries.meter);
    free(fleet->batteries.kwh);
    free(fleet->batteries.kw);
    free(fleet->evs.meter);
    free(fleet->evs.kw);
    free(fleet->evs.kwh);
    free(fleet->heat_pumps.meter);
    free(fleet->heat_pumps.loss_w_k);
    free(fleet->heat_pumps.kw);
    free(fleet->load_scale_w);
    free(fleet->load_shape);
    free(fleet->load_phase_h);
    free(fleet);
}

size_t gb_items_before(const void *meters, size_t step, size_t n, size_t meter)
{
    size_t low = 0;

    while (low < n) {
        size_t middle = low + (n - low) / 2;
        uint32_t owner;

        memcpy(&owner, (const char *)meters + middle * step, sizeof owner);
        if (owner < meter)
            low = middle + 1;
        else
            n = middle;
    }
    return low;
}

size_t gb_owners_before(const uint32_t *owners, size_t n, size_t meter)
{
    return gb_items_before(owners, sizeof *owners, n, meter);
}

struct gb_range gb_owners_of(const uint32_t *owners, size_t n, struct gb_range meters)
{
    size_t first = gb_owners_before(owners, n, meters.first);

    return (struct gb_range){first, gb_owners_before(owners, n, meters.first + meters.n) - first};
}

struct gb_fleet_block gb_fleet_block_of(const struct gb_fleet *fleet, size_t first, size_t n)
{
    struct gb_range meters = {first, n};

    return (struct gb_fleet_block){meters,
                                   gb_owners_of(fleet->systems.meter, fleet->systems.n, meters),
                                   gb_owners_of(fleet->turbines.meter, fleet->turbines.n, meters)};
}
