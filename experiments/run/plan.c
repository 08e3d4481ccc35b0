#include "experiments/run/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/parts.h"
#include "experiments/run/assets_priv.h"

bool gb_run_plan_reserve(const struct gb_run_assets *assets, struct gb_run_plan *plan)
{
    size_t n = gb_run_plan_size(assets->env->n);

    if (plan->energy)
        return true;
    gb_run_plan_clear(plan); /* of what a failure left */
    plan->stored_wh = malloc((assets->fleet->batteries.n + 1) * sizeof *plan->stored_wh);
    plan->demand.ev = malloc((assets->fleet->evs.n + 1) * sizeof *plan->demand.ev);
    plan->demand.heat_wh = malloc((assets->fleet->heat_pumps.n + 1) * sizeof *plan->demand.heat_wh);
    if (!plan->stored_wh || !plan->demand.ev || !plan->demand.heat_wh) {
        gb_fail(assets->env->error, GB_ENOMEM, "no memory for the forecasts of %zu meters",
                assets->env->n);
        return false;
    }
    return gb_slot_energy_create(&plan->energy, n, assets->env->error) == GB_OK;
}

void gb_run_plan_clear(struct gb_run_plan *plan)
{
    free(plan->stored_wh);
    free(plan->demand.ev);
    free(plan->demand.heat_wh);
    gb_slot_energy_free(plan->energy);
    *plan = (struct gb_run_plan){.energy = NULL};
}

void gb_run_plan_begin(const struct gb_run_assets *assets, struct gb_run_plan *plan,
                       int64_t interval, int64_t last_read)
{
    plan->interval = interval;
    plan->last_read = last_read;
    plan->first = 0;
    if (!plan->energy)
        return;
    memcpy(plan->stored_wh, gb_meters_charge_wh(assets->market),
           assets->fleet->batteries.n * sizeof *plan->stored_wh);
    const struct gb_demand *demand = gb_meters_demand(assets->market);
    memcpy(plan->demand.ev, gb_demand_ev_states(demand),
           assets->fleet->evs.n * sizeof *plan->demand.ev);
    memcpy(plan->demand.heat_wh, gb_demand_heat_wh(demand),
           assets->fleet->heat_pumps.n * sizeof *plan->demand.heat_wh);
}

/* How many owners of such assets stand before the part that begins at `meter`, in the block. */
static size_t owners_in_front(const uint32_t *owners, size_t n, const struct gb_run_plan *plan,
                              size_t meter)
{
    return gb_owners_before(owners, n, meter) - gb_owners_before(owners, n, plan->first);
}

/* A slot that a block is planned for, from its forecasts: a system, a turbine, a meter of it. */
struct planned {
    const struct gb_run_assets *assets;
    const struct gb_run_plan *plan;
    const struct gb_slot_power *believed;
    const struct gb_storage_signals *signals;
};

/* Plans meters [at, at + n) of the block. */
static void plan_part(void *of_all, size_t at, size_t n)
{
    const struct planned *planned = of_all;
    const struct gb_run_assets *assets = planned->assets;
    const struct gb_run_plan *plan = planned->plan;
    const struct gb_slot_power *believed = planned->believed;
    const struct gb_fleet *fleet = assets->fleet;
    const struct gb_slot_energy *all = plan->energy;
    size_t first = plan->first + at;
    size_t solar = owners_in_front(fleet->systems.meter, fleet->systems.n, plan, first);
    size_t wind = owners_in_front(fleet->turbines.meter, fleet->turbines.n, plan, first);
    const struct gb_plan_state state = {
        .stored_wh =
            plan->stored_wh + gb_owners_before(fleet->batteries.meter, fleet->batteries.n, first),
        .demand = {.ev = plan->demand.ev + gb_owners_before(fleet->evs.meter, fleet->evs.n, first),
                   .heat_wh = plan->demand.heat_wh + gb_owners_before(fleet->heat_pumps.meter,
                                                                      fleet->heat_pumps.n, first)},
    };
    struct gb_slot_energy part = {.net_wh = all->net_wh + at,
                                  .load_wh = all->load_wh + at,
                                  .solar_wh = all->solar_wh + at,
                                  .wind_wh = all->wind_wh + at,
                                  .charge_wh = all->charge_wh + at,
                                  .discharge_wh = all->discharge_wh + at,
                                  .ev_wh = all->ev_wh + at,
                                  .ev_unserved_wh = all->ev_unserved_wh + at,
                                  .heat_pump_wh = all->heat_pump_wh + at,
                                  .heat_wh = all->heat_wh + at,
                                  .heat_unserved_wh = all->heat_unserved_wh + at,
                                  .curtailed_wh = all->curtailed_wh + at};

    gb_meters_plan(assets->market, believed->interval, first, n, believed->solar_w + solar,
                   believed->wind_w + wind, believed->load_w + at, planned->signals, &state, &part);
}

bool gb_run_plan_block(struct gb_run_assets *assets, struct gb_run_plan *plan)
{
    const struct gb_batteries *batteries = &assets->fleet->batteries;
    /* storage, cars and heat go on from their state after the last slot read; before the run they
     * rest */
    int64_t slot = plan->last_read + 1 > 0 ? plan->last_read + 1 : 0;
    size_t battery = gb_owners_before(batteries->meter, batteries->n, plan->first);
    size_t n = gb_owners_before(batteries->meter, batteries->n, plan->first + plan->n) - battery;

    if (batteries->n == 0 && assets->fleet->evs.n == 0 && assets->fleet->heat_pumps.n == 0)
        slot = plan->interval;
    for (; slot <= plan->interval; slot++) {
        struct gb_slot_power believed;
        if (gb_realisation_forecast(assets->physics, slot, plan->last_read, plan->first, plan->n,
                                    &believed, assets->env->error) != GB_OK)
            return false;
        struct gb_storage_signals signals = gb_run_assets_slot_signals(assets, slot, battery, n);
        gb_demand_look(gb_meters_demand(assets->market), slot, plan->last_read);
        gb_parts_run(plan->n, plan_part, &(struct planned){assets, plan, &believed, &signals});
    }
    return true;
}
