#include "experiments/run/assets.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "models/assets/realisation.h"

struct gb_run_assets {
    const struct gb_run_environment *env;
    /* all NULL where delivery is declared */
    struct gb_realisation *physics;
    const struct gb_fleet *fleet; /* of the physics */
    struct gb_meters *market, *baseline, *foresight;
    bool foresight_is_baseline;       /* a greedy fleet does what the baseline does */
    struct gb_slot_power power;       /* of the interval metered last */
    struct gb_slot_energy **foreseen; /* per place; NULL: not, or metered by now */
    size_t n_places;
};

/* ---- set-up */

/* From the slot under way to the one opened last. A slot is delivered before an interval opens
 * at the same instant, and who quotes late, after such an opening, has read the slot just
 * delivered: nobody looks further back. */
static size_t window_slots(const struct gb_scenario *scenario)
{
    int64_t slot = scenario->physics.weather.slot_ns;

    return (size_t)((scenario->open_ns + slot - 1) / slot) + 1;
}

static enum gb_status create_meters(struct gb_run_assets *assets, struct gb_error *err)
{
    const struct gb_scenario *scenario = assets->env->scenario;
    const struct gb_physics_config *config = &scenario->physics;
    enum gb_storage_controller controller =
        (enum gb_storage_controller)scenario->storage_controller;
    enum gb_status status =
        gb_meters_create(&assets->market, config, assets->fleet, controller, err);

    if (status == GB_OK)
        status = gb_meters_create(&assets->baseline, config, assets->fleet, GB_STORAGE_GREEDY, err);
    assets->foresight_is_baseline = controller == GB_STORAGE_GREEDY;
    if (status == GB_OK && !assets->foresight_is_baseline &&
        config->weather.forecast.kind == GB_FORECAST_PERFECT)
        status = gb_meters_create(&assets->foresight, config, assets->fleet, controller, err);
    return status;
}

enum gb_status gb_run_assets_create(struct gb_run_assets **out,
                                    const struct gb_run_environment *env,
                                    struct gb_realisations *shared, struct gb_error *err)
{
    const struct gb_scenario *scenario = env->scenario;
    struct gb_run_assets *assets = calloc(1, sizeof *assets);

    *out = assets; /* freed by the caller, complete or not */
    if (!assets)
        return gb_fail(err, GB_ENOMEM, "no memory for the assets of %zu meters", env->n);
    assets->env = env;
    if (scenario->delivery == GB_DELIVERY_DECLARED)
        return GB_OK;
    enum gb_status status =
        gb_realisation_open(&assets->physics, shared, &scenario->physics, window_slots(scenario),
                            gb_scenario_draws(scenario), err);
    if (status != GB_OK)
        return status;
    assets->fleet = gb_realisation_fleet(assets->physics);
    return create_meters(assets, err);
}

void gb_run_assets_free(struct gb_run_assets *assets)
{
    if (!assets)
        return;
    for (size_t place = 0; place < assets->n_places; place++)
        gb_slot_energy_free(assets->foreseen[place]);
    free(assets->foreseen);
    gb_meters_free(assets->market);
    gb_meters_free(assets->baseline);
    gb_meters_free(assets->foresight);
    gb_realisation_close(assets->physics);
    free(assets);
}

/* ---- an interval */

/* Nothing the market does reaches the meters that show the true energies, so they may be known when
 * the interval opens. */
static void foresee(struct gb_run_assets *assets, size_t place, int64_t interval)
{
    struct gb_meters *meters = assets->foresight_is_baseline ? assets->baseline : assets->foresight;
    struct gb_error *err = assets->env->error;
    struct gb_slot_power power;

    if (gb_slot_energy_create(&assets->foreseen[place], assets->env->n, err) == GB_OK &&
        gb_realisation_slot(assets->physics, interval, &power, err) == GB_OK)
        gb_meters_advance(meters, &power, assets->foreseen[place]);
}

void gb_run_assets_open(struct gb_run_assets *assets, size_t place, int64_t interval)
{
    if (gb_run_reach_place((void **)&assets->foreseen, &assets->n_places, place,
                           sizeof(struct gb_slot_energy *), assets->env->error) &&
        assets->physics &&
        assets->env->scenario->physics.weather.forecast.kind == GB_FORECAST_PERFECT)
        foresee(assets, place, interval);
}

const struct gb_slot_energy *gb_run_assets_foreseen(const struct gb_run_assets *assets,
                                                    size_t place)
{
    return assets->foreseen[place];
}

void gb_run_assets_retire(struct gb_run_assets *assets, size_t place)
{
    gb_slot_energy_free(assets->foreseen[place]);
    assets->foreseen[place] = NULL;
}

static void add_entry(const struct gb_order_entry *entry, struct gb_slot_energy *out)
{
    uint32_t meter = entry->order.owner;
    int64_t wh = entry->order.quantity.wh;

    out->net_wh[meter] += entry->order.side == GB_BUY ? wh : -wh;
    if (entry->order.side == GB_BUY)
        out->load_wh[meter] += wh;
    else if (entry->order.source == GB_SOURCE_WIND)
        out->wind_wh[meter] += wh;
    else if (entry->order.source == GB_SOURCE_STORAGE)
        out->discharge_wh[meter] += wh;
    else
        out->solar_wh[meter] += wh;
}

/* Energies of a slot in which every meter delivers and takes what it declared. */
static void meter_declared(const struct gb_run_environment *env, int64_t interval,
                           struct gb_slot_energy *out)
{
    const struct gb_scenario *scenario = env->scenario;
    int64_t *const arrays[] = {out->net_wh,  out->load_wh,   out->solar_wh,
                               out->wind_wh, out->charge_wh, out->discharge_wh};

    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++)
        memset(arrays[a], 0, env->n * sizeof *arrays[a]);
    out->interval = interval;
    for (size_t e = 0; e < scenario->n_entries; e++)
        if (scenario->entries[e].interval == interval)
            add_entry(&scenario->entries[e], out);
}

const struct gb_slot_energy *gb_run_assets_meter_baseline(struct gb_run_assets *assets,
                                                          size_t place, int64_t interval,
                                                          struct gb_slot_energy *energy)
{
    if (!assets->physics) {
        meter_declared(assets->env, interval, energy);
        return energy;
    }
    if (gb_realisation_slot(assets->physics, interval, &assets->power, assets->env->error) != GB_OK)
        return NULL;
    if (assets->foreseen[place] && assets->foresight_is_baseline)
        return assets->foreseen[place]; /* it went ahead when the interval opened */
    gb_meters_advance(assets->baseline, &assets->power, energy);
    return energy;
}

void gb_run_assets_meter_market(struct gb_run_assets *assets, size_t place,
                                struct gb_slot_energy *energy)
{
    if (assets->physics)
        gb_meters_advance(assets->market, &assets->power, energy);
    gb_run_assets_retire(assets, place);
}

/* ---- storage */

bool gb_run_assets_home(const struct gb_run_assets *assets, size_t meter, struct gb_home *home)
{
    if (assets->fleet)
        *home = gb_home_of(assets->fleet, &assets->env->scenario->physics, meter);
    return assets->fleet != NULL;
}

size_t gb_run_assets_n_batteries(const struct gb_run_assets *assets)
{
    return assets->fleet ? assets->fleet->batteries.n : 0;
}

const uint32_t *gb_run_assets_battery_meters(const struct gb_run_assets *assets)
{
    return assets->fleet ? assets->fleet->batteries.meter : NULL;
}

double gb_run_assets_round_trip(const struct gb_run_assets *assets, size_t battery)
{
    return gb_fleet_kind(assets->fleet, assets->fleet->batteries.meter[battery])
        ->battery.efficiency;
}

const double *gb_run_assets_stored_wh(const struct gb_run_assets *assets)
{
    return assets->market ? gb_meters_charge_wh(assets->market) : NULL;
}

const double *gb_run_assets_baseline_stored_wh(const struct gb_run_assets *assets)
{
    return assets->foresight_is_baseline ? gb_run_assets_stored_wh(assets)
                                         : gb_run_assets_baseline_final_wh(assets);
}

const double *gb_run_assets_baseline_final_wh(const struct gb_run_assets *assets)
{
    return assets->baseline ? gb_meters_charge_wh(assets->baseline) : NULL;
}

/* ---- plans */

bool gb_run_plan_reserve(const struct gb_run_assets *assets, struct gb_run_plan *plan)
{
    size_t n = assets->env->n < GB_RUN_PLAN_BLOCK ? assets->env->n : GB_RUN_PLAN_BLOCK;

    if (plan->energy)
        return true;
    gb_run_plan_clear(plan); /* of what a failure left */
    plan->solar_w = malloc(n * sizeof *plan->solar_w);
    plan->wind_w = malloc(n * sizeof *plan->wind_w);
    plan->load_w = malloc(n * sizeof *plan->load_w);
    plan->stored_wh = malloc((assets->fleet->batteries.n + 1) * sizeof *plan->stored_wh);
    if (!plan->solar_w || !plan->wind_w || !plan->load_w || !plan->stored_wh) {
        gb_fail(assets->env->error, GB_ENOMEM, "no memory for the forecasts of %zu meters",
                assets->env->n);
        return false;
    }
    return gb_slot_energy_create(&plan->energy, n, assets->env->error) == GB_OK;
}

void gb_run_plan_clear(struct gb_run_plan *plan)
{
    free(plan->solar_w);
    free(plan->wind_w);
    free(plan->load_w);
    free(plan->stored_wh);
    gb_slot_energy_free(plan->energy);
    *plan = (struct gb_run_plan){.energy = NULL};
}

void gb_run_plan_begin(const struct gb_run_assets *assets, struct gb_run_plan *plan,
                       int64_t interval, int64_t last_read)
{
    plan->interval = interval;
    plan->last_read = last_read;
    plan->first = 0;
    if (plan->energy)
        memcpy(plan->stored_wh, gb_meters_charge_wh(assets->market),
               assets->fleet->batteries.n * sizeof *plan->stored_wh);
}

/* How many owners of such assets stand before the part that begins at `meter`, in the block. */
static size_t owners_in_front(const uint32_t *owners, size_t n, const struct gb_run_plan *plan,
                              size_t meter)
{
    return gb_owners_before(owners, n, meter) - gb_owners_before(owners, n, plan->first);
}

/* Plans meters [at, at + n) of the block from their forecasts.
 * stored_wh  of the block's batteries */
static void plan_part(const struct gb_run_assets *assets, const struct gb_run_plan *plan, size_t at,
                      size_t n, double *stored_wh)
{
    const struct gb_fleet *fleet = assets->fleet;
    const struct gb_slot_energy *all = plan->energy;
    size_t first = plan->first + at;
    size_t solar = owners_in_front(fleet->systems.meter, fleet->systems.n, plan, first);
    size_t wind = owners_in_front(fleet->turbines.meter, fleet->turbines.n, plan, first);
    size_t battery = owners_in_front(fleet->batteries.meter, fleet->batteries.n, plan, first);
    struct gb_slot_energy part = {.net_wh = all->net_wh + at,
                                  .load_wh = all->load_wh + at,
                                  .solar_wh = all->solar_wh + at,
                                  .wind_wh = all->wind_wh + at,
                                  .charge_wh = all->charge_wh + at,
                                  .discharge_wh = all->discharge_wh + at};

    gb_meters_plan(assets->market, first, n, plan->solar_w + solar, plan->wind_w + wind,
                   plan->load_w + at, stored_wh + battery, &part);
}

bool gb_run_plan_block(struct gb_run_assets *assets, struct gb_run_plan *plan)
{
    const struct gb_batteries *batteries = &assets->fleet->batteries;
    /* storage runs from its state after the last slot read; before the run it rests */
    int64_t slot = plan->last_read + 1 > 0 ? plan->last_read + 1 : 0;
    size_t battery = gb_owners_before(batteries->meter, batteries->n, plan->first);

    if (batteries->n == 0)
        slot = plan->interval;
    for (; slot <= plan->interval; slot++) {
        if (gb_realisation_forecast(assets->physics, slot, plan->last_read, plan->first, plan->n,
                                    plan->solar_w, plan->wind_w, plan->load_w,
                                    assets->env->error) != GB_OK)
            return false;
        if (!gb_is_worth_threads(plan->n)) {
            for (size_t at = 0; at < plan->n; at += GB_RUN_PLAN_PART)
                plan_part(assets, plan, at,
                          plan->n - at < GB_RUN_PLAN_PART ? plan->n - at : GB_RUN_PLAN_PART,
                          plan->stored_wh + battery);
            continue;
        }
#pragma omp parallel for schedule(static)
        for (size_t at = 0; at < plan->n; at += GB_RUN_PLAN_PART)
            plan_part(assets, plan, at,
                      plan->n - at < GB_RUN_PLAN_PART ? plan->n - at : GB_RUN_PLAN_PART,
                      plan->stored_wh + battery);
    }
    return true;
}
