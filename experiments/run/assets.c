#include "experiments/run/assets_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/parts.h"

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

/* Does nothing that a market does reach its meters? They show what the baseline's do then, which
 * stand for both, unless those go ahead to be foreseen. Heat pumps look ahead each for itself. */
static bool market_is_baseline(const struct gb_run_assets *assets)
{
    return assets->foresight_is_baseline && !can_foresee(assets) &&
           assets->fleet->heat_pumps.n == 0;
}

/* All that the meters are told of the run before it begins. */
static void begin_meters(struct gb_run_assets *assets)
{
    const struct gb_run_environment *env = assets->env;
    struct gb_meters *const all[] = {assets->market, assets->baseline, assets->foresight};

    for (size_t i = gb_run_assets_meter_once(assets) ? 1 : 0; i < sizeof all / sizeof all[0]; i++)
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
    status =
        gb_meters_create(&assets->baseline, config, assets->fleet, assets->baseline_rules, err);
    if (market_is_baseline(assets))
        assets->market = assets->baseline;
    else if (status == GB_OK)
        status = gb_meters_create(&assets->market, config, assets->fleet, assets->rules, err);
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
    gb_slot_energy_free(assets->whole);
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
    if (!gb_run_assets_meter_once(assets))
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
    struct gb_storage_signals signals =
        gb_run_assets_signals(assets, place, interval, 0, assets->fleet->batteries.n);

    if (gb_slot_energy_create(&assets->foreseen[place], assets->env->n, err) == GB_OK &&
        gb_realisation_slot(assets->physics, interval, &power, err) == GB_OK)
        gb_meters_advance(meters, &power, &signals, assets->foreseen[place]);
}

void gb_run_assets_open(struct gb_run_assets *assets, size_t place, int64_t interval)
{
    if (!gb_run_reach_place((void **)&assets->foreseen, &assets->n_places, place,
                            sizeof(struct gb_slot_energy *), assets->env->error) ||
        gb_run_has_failed(assets->env) || /* of what is asked here */
        (assets->physics && assets->reads_prices &&
         !gb_run_assets_expect_prices(assets, place, interval)))
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

/* ---- parts of it, as their meters show them */

/* Energies of all meters. */
struct shown {
    const struct gb_run_taker *taker;
    const struct gb_slot_energy *all;
};

static void show_part(void *of_all, size_t first, size_t n)
{
    const struct shown *shown = of_all;
    struct gb_slot_energy part = gb_slot_energy_from(shown->all, first);

    shown->taker->take(shown->taker->context, (struct gb_range){first, n}, &part);
}

static void show(const struct gb_run_assets *assets, const struct gb_slot_energy *all,
                 const struct gb_run_taker *taker, struct gb_community_flow *flow)
{
    gb_parts_run(assets->env->n, show_part, &(struct shown){taker, all});
    *flow = all->community;
}

/* A slot of meters who do not hang on each other. */
struct apart {
    struct gb_meters_slot slot;
    const struct gb_run_taker *taker;
};

/* The energies lie in the cache from the first step to the last, and nowhere else. */
static void run_part(void *of_all, size_t first, size_t n)
{
    const struct apart *apart = of_all;
    int64_t block[GB_SLOT_ENERGY_ARRAYS * GB_PART];
    struct gb_slot_energy energy = gb_slot_energy_over(block, n);
    struct gb_range part = {first, n};

    memset(block + GB_SLOT_ENERGY_OF_ALL * n, 0,
           (GB_SLOT_ENERGY_ARRAYS - GB_SLOT_ENERGY_OF_ALL) * n * sizeof *block);
    gb_meters_advance_part(&apart->slot, part, &energy);
    apart->taker->take(apart->taker->context, part, &energy);
}

static bool reserve_whole(struct gb_run_assets *assets)
{
    return assets->whole ||
           gb_slot_energy_create(&assets->whole, assets->env->n, assets->env->error) == GB_OK;
}

/* Between two slots those of many meters would lie idle. */
static void drop_whole(struct gb_run_assets *assets)
{
    if (assets->env->n <= GB_RUN_KEPT_CAPACITY)
        return;
    gb_slot_energy_free(assets->whole);
    assets->whole = NULL;
}

/* Runs meters over the slot whose power is known. */
static bool run(struct gb_run_assets *assets, struct gb_meters *meters,
                const struct gb_storage_signals *signals, const struct gb_run_taker *taker,
                struct gb_community_flow *flow)
{
    if (gb_meters_are_apart(meters)) {
        struct apart apart = {gb_meters_begin(meters, &assets->power, signals), taker};

        gb_parts_run(assets->env->n, run_part, &apart);
        *flow = (struct gb_community_flow){0, 0, 0};
        return true;
    }
    if (!reserve_whole(assets))
        return false;
    gb_meters_advance(meters, &assets->power, signals, assets->whole);
    show(assets, assets->whole, taker, flow);
    return true;
}

bool gb_run_assets_meter_once(const struct gb_run_assets *assets)
{
    return assets->market == assets->baseline;
}

bool gb_run_assets_meter_baseline(struct gb_run_assets *assets, size_t place, int64_t interval,
                                  const struct gb_run_taker *taker, struct gb_community_flow *flow)
{
    if (!assets->physics) {
        if (!reserve_whole(assets))
            return false;
        meter_declared(assets->env, interval, assets->whole);
        show(assets, assets->whole, taker, flow);
        return true;
    }
    if (gb_realisation_slot(assets->physics, interval, &assets->power, assets->env->error) != GB_OK)
        return false;
    if (assets->foreseen[place] && assets->foresight_is_baseline) {
        show(assets, assets->foreseen[place], taker, flow); /* it went ahead at the opening */
        return true;
    }
    struct gb_storage_signals signals = gb_run_assets_baseline_signals(assets, interval);
    return run(assets, assets->baseline, &signals, taker, flow);
}

bool gb_run_assets_meter_market(struct gb_run_assets *assets, size_t place,
                                const struct gb_run_taker *taker, struct gb_community_flow *flow)
{
    struct gb_storage_signals signals =
        gb_run_assets_signals(assets, place, assets->power.interval, 0, assets->fleet->batteries.n);

    return run(assets, assets->market, &signals, taker, flow);
}

void gb_run_assets_end(struct gb_run_assets *assets, size_t place)
{
    drop_whole(assets);
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
