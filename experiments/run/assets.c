#include "experiments/run/assets.h"

#include <stdlib.h>
#include <string.h>

#include "base/parts.h"
#include "experiments/run/outlooks.h"
#include "models/assets/realisation.h"
#include "models/weather/outdoors.h"

struct gb_run_assets {
    const struct gb_run_environment *env;
    /* all NULL where delivery is declared */
    struct gb_realisation *physics;
    const struct gb_fleet *fleet; /* of the physics */
    struct gb_meters *market, *baseline, *foresight;
    bool
        foresight_is_baseline; /* a fleet that nothing tells anything does what the baseline does */
    /* A kind of the fleet each: how batteries are run in the market's run, and without a market;
     * and what those read that are run by any of them. */
    struct gb_storage_rules *rules, *baseline_rules;
    bool reads_contracts, reads_prices, baseline_reads_prices;
    /* who tells controllers what; NULL: nobody asks */
    const struct gb_run_gateway *gateway;
    const struct gb_run_intervals *intervals;
    const struct gb_run_contracted *contracted;
    const struct gb_run_expected_prices *prices;
    struct gb_run_heard_price **price_at; /* per place: by node, as known at its opening */
    int64_t *contracted_wh;               /* a battery: scratch */
    struct gb_price_expectation *price;
    struct gb_run_outlooks outlooks;  /* for flexible demand */
    struct gb_outdoors outdoors;      /* where there are heat pumps */
    struct gb_slot_power power;       /* of the interval metered last */
    struct gb_slot_energy **foreseen; /* per place; NULL: not, or metered by now */
    size_t n_places, n_price_places;
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

/* What a scenario says of the batteries of a kind of its fleet. */
static struct gb_storage_config storage_of(const struct gb_scenario *scenario, size_t kind)
{
    struct gb_storage_config storage;

    if (scenario->physics.n_kinds > 0)
        return scenario->kind_storage[kind];
    gb_scenario_storage(scenario, &storage);
    return storage;
}

/* How a kind's batteries are run in the market's run, and without a market. */
static void set_rules_of_kind(struct gb_run_assets *assets, size_t kind)
{
    const struct gb_storage_config storage = storage_of(assets->env->scenario, kind);
    struct gb_storage_rules *rules = &assets->rules[kind];
    struct gb_storage_rules *without = &assets->baseline_rules[kind];

    *rules = gb_storage_rules_of(&storage);
    *without = gb_storage_baseline_of(&storage);
    assets->reads_contracts |= rules->controller->reads_contracts;
    assets->reads_prices |= rules->controller->reads_prices;
    assets->baseline_reads_prices |= without->controller->reads_prices;
    assets->foresight_is_baseline &= rules->controller == without->controller;
}

static enum gb_status set_rules(struct gb_run_assets *assets, struct gb_error *err)
{
    size_t n_kinds = assets->fleet->n_kinds;

    assets->rules = calloc(n_kinds, sizeof *assets->rules);
    assets->baseline_rules = calloc(n_kinds, sizeof *assets->baseline_rules);
    if (!assets->rules || !assets->baseline_rules)
        return gb_fail(err, GB_ENOMEM, "no memory for the batteries of %zu kinds", n_kinds);
    assets->foresight_is_baseline = !assets->outlooks.is_asked;
    for (size_t kind = 0; kind < n_kinds; kind++)
        set_rules_of_kind(assets, kind);
    assets->foresight_is_baseline &= !assets->reads_contracts && !assets->reads_prices;
    return GB_OK;
}

/* May energies be known when an interval opens? Flexible demand that goes by what was traded is
 * planned from where it stands, also from a perfect forecast of all else. */
static bool can_foresee(const struct gb_run_assets *assets)
{
    return assets->env->scenario->physics.weather.forecast.kind == GB_FORECAST_PERFECT &&
           !assets->outlooks.is_asked;
}

/* All that the meters are told of the run before it begins. */
static void begin_meters(struct gb_run_assets *assets)
{
    const struct gb_run_environment *env = assets->env;
    struct gb_meters *const all[] = {assets->market, assets->baseline, assets->foresight};

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i]) {
            gb_demand_end_at(gb_meters_demand(all[i]), gb_run_start_ns(env, env->n_slots));
            gb_demand_set_outdoors(gb_meters_demand(all[i]), &assets->outdoors);
        }
}

static enum gb_status create_meters(struct gb_run_assets *assets, struct gb_error *err)
{
    const struct gb_run_environment *env = assets->env;
    const struct gb_physics_config *config = &env->scenario->physics;
    size_t n = assets->fleet->batteries.n + 1;
    enum gb_status status = gb_run_outlooks_init(&assets->outlooks, env, assets->fleet, err);

    if (status != GB_OK)
        return status;
    status = set_rules(assets, err);
    if (status != GB_OK)
        return status;
    assets->contracted_wh = calloc(n, sizeof *assets->contracted_wh);
    assets->price = calloc(n, sizeof *assets->price);
    if (!assets->contracted_wh || !assets->price)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu batteries", n - 1);
    status = gb_meters_create(&assets->market, config, assets->fleet, assets->rules, err);
    if (status == GB_OK)
        status =
            gb_meters_create(&assets->baseline, config, assets->fleet, assets->baseline_rules, err);
    if (status == GB_OK && !assets->foresight_is_baseline && can_foresee(assets))
        status = gb_meters_create(&assets->foresight, config, assets->fleet, assets->rules, err);
    if (status == GB_OK && assets->fleet->heat_pumps.n > 0)
        status = gb_outdoors_make(&assets->outdoors, &config->weather, config->library,
                                  env->n_slots, gb_scenario_draws(env->scenario), err);
    if (status == GB_OK)
        begin_meters(assets);
    return status;
}

bool gb_run_assets_read_contracts(const struct gb_run_assets *assets)
{
    return assets->market && (assets->reads_contracts || assets->outlooks.is_asked);
}

enum gb_status gb_run_assets_listen(struct gb_run_assets *assets,
                                    const struct gb_run_gateway *gateway,
                                    const struct gb_run_intervals *intervals,
                                    const struct gb_run_contracted *contracted,
                                    const struct gb_run_expected_prices *prices,
                                    struct gb_error *err)
{
    assets->gateway = gateway;
    assets->intervals = intervals;
    assets->contracted = contracted;
    assets->prices = prices;
    return assets->physics
               ? gb_run_outlooks_listen(&assets->outlooks, gateway, contracted, prices, err)
               : GB_OK;
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
    for (size_t place = 0; place < assets->n_price_places; place++)
        free(assets->price_at[place]);
    free(assets->foreseen);
    free(assets->price_at);
    free(assets->contracted_wh);
    free(assets->price);
    free(assets->rules);
    free(assets->baseline_rules);
    gb_run_outlooks_clear(&assets->outlooks);
    gb_outdoors_clear(&assets->outdoors);
    gb_meters_free(assets->market);
    gb_meters_free(assets->baseline);
    gb_meters_free(assets->foresight);
    gb_realisation_close(assets->physics);
    free(assets);
}

/* ---- what controllers are told */

/* Prices are expected once, when the interval opens, so that the plan and what is done agree. */
static bool expect_prices(struct gb_run_assets *assets, size_t place, int64_t interval)
{
    uint32_t n_nodes = gb_run_gateway_n_nodes(assets->gateway);
    struct gb_run_heard_price *of;

    if (!gb_run_reach_place((void **)&assets->price_at, &assets->n_price_places, place,
                            sizeof *assets->price_at, assets->env->error))
        return false;
    if (!assets->price_at[place])
        assets->price_at[place] = calloc(n_nodes, sizeof *of);
    of = assets->price_at[place];
    if (!of) {
        gb_fail(assets->env->error, GB_ENOMEM, "no memory for the prices of %u nodes",
                (unsigned)n_nodes);
        return false;
    }
    for (uint32_t node = 0; node < n_nodes; node++)
        of[node] = gb_run_hear_price(assets->prices, interval, node);
    return true;
}

/* What is known of the interval behind batteries [first, first + n). */
static struct gb_storage_signals signals_of(struct gb_run_assets *assets, size_t place,
                                            int64_t interval, size_t first, size_t n)
{
    const uint32_t *meters = assets->fleet->batteries.meter;
    struct gb_storage_signals signals = {
        .flexible = gb_run_outlooks_of(&assets->outlooks, place, interval)};

    if (place == GB_NO_PLACE)
        return signals;
    for (size_t b = first; assets->reads_contracts && b < first + n; b++)
        assets->contracted_wh[b] = gb_run_contracted_wh(assets->contracted, place, meters[b]);
    for (size_t b = first; assets->reads_prices && b < first + n; b++) {
        uint32_t node = gb_run_gateway_entry_node(assets->gateway, meters[b]);

        assets->price[b] =
            gb_run_expected_price(assets->env, &assets->price_at[place][node], meters[b]);
    }
    if (assets->reads_contracts)
        signals.contracted_wh = assets->contracted_wh;
    if (assets->reads_prices)
        signals.price = assets->price;
    return signals;
}

/* Without a market nothing is contracted, and prices are the grid's. */
static struct gb_storage_signals signals_of_baseline(struct gb_run_assets *assets, int64_t interval)
{
    struct gb_storage_signals signals = {.flexible =
                                             gb_run_outlooks_of_grid(&assets->outlooks, interval)};

    if (!assets->baseline_reads_prices)
        return signals;
    for (size_t b = 0; b < assets->fleet->batteries.n; b++)
        assets->price[b] =
            gb_run_tariff_expectation(assets->env, assets->fleet->batteries.meter[b], interval);
    signals.price = assets->price;
    return signals;
}

/* ---- an interval */

/* Nothing the market does reaches the meters that show the true energies, so they may be known when
 * the interval opens. */
static void foresee(struct gb_run_assets *assets, size_t place, int64_t interval)
{
    struct gb_meters *meters = assets->foresight_is_baseline ? assets->baseline : assets->foresight;
    struct gb_error *err = assets->env->error;
    struct gb_slot_power power;
    struct gb_storage_signals signals =
        signals_of(assets, place, interval, 0, assets->fleet->batteries.n);

    if (gb_slot_energy_create(&assets->foreseen[place], assets->env->n, err) == GB_OK &&
        gb_realisation_slot(assets->physics, interval, &power, err) == GB_OK)
        gb_meters_advance(meters, &power, &signals, assets->foreseen[place]);
}

void gb_run_assets_open(struct gb_run_assets *assets, size_t place, int64_t interval)
{
    if (!gb_run_reach_place((void **)&assets->foreseen, &assets->n_places, place,
                            sizeof(struct gb_slot_energy *), assets->env->error) ||
        gb_run_has_failed(assets->env) || /* of what is asked here */
        (assets->physics && assets->reads_prices && !expect_prices(assets, place, interval)))
        return;
    if (assets->physics && can_foresee(assets))
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
    int64_t *const arrays[] = {out->net_wh,  out->load_wh,          out->solar_wh,
                               out->wind_wh, out->charge_wh,        out->discharge_wh,
                               out->ev_wh,   out->ev_unserved_wh,   out->heat_pump_wh,
                               out->heat_wh, out->heat_unserved_wh, out->curtailed_wh};

    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++)
        memset(arrays[a], 0, env->n * sizeof *arrays[a]);
    out->interval = interval;
    out->community = (struct gb_community_flow){0, 0, 0};
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
    struct gb_storage_signals signals = signals_of_baseline(assets, interval);
    gb_meters_advance(assets->baseline, &assets->power, &signals, energy);
    return energy;
}

void gb_run_assets_meter_market(struct gb_run_assets *assets, size_t place,
                                struct gb_slot_energy *energy)
{
    if (assets->physics) {
        struct gb_storage_signals signals =
            signals_of(assets, place, assets->power.interval, 0, assets->fleet->batteries.n);
        gb_meters_advance(assets->market, &assets->power, &signals, energy);
    }
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

struct gb_price gb_run_assets_wear(const struct gb_run_assets *assets, size_t meter)
{
    const struct gb_scenario *scenario = assets->env->scenario;

    if (!assets->fleet || scenario->physics.n_kinds == 0)
        return scenario->storage_wear;
    return scenario->kind_storage[assets->fleet->kind[meter]].storage_wear;
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

static struct gb_storage_signals signals_of_slot(struct gb_run_assets *assets, int64_t interval,
                                                 size_t first, size_t n)
{
    if (!assets->reads_contracts && !assets->reads_prices && !assets->outlooks.is_asked)
        return (struct gb_storage_signals){.price = NULL};
    return signals_of(assets, gb_run_intervals_find(assets->intervals, interval), interval, first,
                      n);
}

bool gb_run_plan_reserve(const struct gb_run_assets *assets, struct gb_run_plan *plan)
{
    size_t n = gb_run_plan_size(assets->env->n);

    if (plan->energy)
        return true;
    gb_run_plan_clear(plan); /* of what a failure left */
    plan->solar_w = malloc(n * sizeof *plan->solar_w);
    plan->wind_w = malloc(n * sizeof *plan->wind_w);
    plan->load_w = malloc(n * sizeof *plan->load_w);
    plan->stored_wh = malloc((assets->fleet->batteries.n + 1) * sizeof *plan->stored_wh);
    plan->demand.ev = malloc((assets->fleet->evs.n + 1) * sizeof *plan->demand.ev);
    plan->demand.heat_wh = malloc((assets->fleet->heat_pumps.n + 1) * sizeof *plan->demand.heat_wh);
    if (!plan->solar_w || !plan->wind_w || !plan->load_w || !plan->stored_wh || !plan->demand.ev ||
        !plan->demand.heat_wh) {
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

/* A slot that a block is planned for, from its forecasts. */
struct planned {
    const struct gb_run_assets *assets;
    const struct gb_run_plan *plan;
    int64_t slot;
    const struct gb_storage_signals *signals;
};

/* Plans meters [at, at + n) of the block. */
static void plan_part(void *of_all, size_t at, size_t n)
{
    const struct planned *planned = of_all;
    const struct gb_run_assets *assets = planned->assets;
    const struct gb_run_plan *plan = planned->plan;
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

    gb_meters_plan(assets->market, planned->slot, first, n, plan->solar_w + solar,
                   plan->wind_w + wind, plan->load_w + at, planned->signals, &state, &part);
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
        if (gb_realisation_forecast(assets->physics, slot, plan->last_read, plan->first, plan->n,
                                    plan->solar_w, plan->wind_w, plan->load_w,
                                    assets->env->error) != GB_OK)
            return false;
        struct gb_storage_signals signals = signals_of_slot(assets, slot, battery, n);
        gb_demand_look(gb_meters_demand(assets->market), slot, plan->last_read);
        gb_parts_run(plan->n, plan_part, &(struct planned){assets, plan, slot, &signals});
    }
    return true;
}
