/* The section `households`: the kinds of homes of a scenario. A kind has the scenario's own rows of
 * what homes own and use, as far as it gives them, and owns exactly the assets that it names. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "experiments/scenario/kind_agents.h"
#include "experiments/scenario/kind_storage.h"
#include "experiments/scenario/kind_unread.h"
#include "experiments/scenario/scenario_priv.h"
#include "models/assets/cell.h"
#include "models/assets/kinds.h"
#include "models/series/library.h"

#define SHARES_ADD_UP 1e-5 /* 0.333333 three times */

static const char *const none_word[] = {"none", NULL};
static const char *const market_word[] = {"market", NULL}; /* GB_BETA_NOT_OF_KIND */
static const char *const scenario_word[] = {"scenario", NULL};

struct home_kind {
    struct gb_kind kind; /* its rows and what it owns */
    struct gb_kind_agents agents;
    struct gb_storage_config storage;
#define GB_KEY GB_PARAM_FIELD
#include "experiments/scenario/households.def"
#undef GB_KEY
};

#define GB_KEY(...) GB_PARAM_ROW(struct home_kind, __VA_ARGS__)
/* clang-format off */
static const struct gb_param own_rows[] = {
#include "experiments/scenario/households.def"
    GB_KEY("pv", kind.has_pv, FLAG, "no", 0, 0, NULL, NULL, PHYSICS,
           "Whether a home of this kind owns a photovoltaic system; yes, too, where any key of it "
           "is given, or `pv: {}`.")
    GB_KEY("wind", kind.has_turbine, FLAG, "no", 0, 0, NULL, NULL, PHYSICS,
           "Whether it owns a turbine; likewise.")
    GB_KEY("storage", kind.has_battery, FLAG, "no", 0, 0, NULL, NULL, PHYSICS,
           "Whether it owns a battery; likewise.")
    GB_KEY("ev", kind.has_ev, FLAG, "no", 0, 0, NULL, NULL, PHYSICS,
           "Whether it owns an electric vehicle; likewise.")
    GB_KEY("heat_pump", kind.has_heat_pump, FLAG, "no", 0, 0, NULL, NULL, PHYSICS,
           "Whether it owns a heat pump; likewise.")
    GB_KEY("market.beta", agents.beta_millionths, MILLIONTHS, "market", 0, 1, "1", market_word, AGENTS,
           "Re-quote factor that the orders of its homes carry, which goes before the market's.",
           .flags = GB_PARAM_REFUSED_UNREAD, .read_when = "agents.beta=market")
    {0},
};
/* clang-format on */
#undef GB_KEY

static const struct gb_overridden overridden[] = {
    {.rows = gb_kind_params, .offset = offsetof(struct home_kind, kind)},
    {.rows = gb_kind_storage_params, .offset = offsetof(struct home_kind, storage)},
    {.rows = gb_kind_agents_params, .offset = offsetof(struct home_kind, agents.own)},
    {.rows = gb_mix_params, .offset = offsetof(struct home_kind, agents.options)}, /* has all */
    {.member = &gb_strategy_plugin.member, .offset = offsetof(struct home_kind, agents.plugin)},
    {.member = &gb_strategy_process.member, .offset = offsetof(struct home_kind, agents.process)},
    {NULL, NULL, 0},
};

/* ---- kinds for the models */

static struct home_kind *home_kind_at(const struct gb_items *items, size_t i)
{
    return items->list[i].values;
}

static bool has_shares(const struct gb_items *items)
{
    return items->n > 0 && gb_item_gives(&items->list[0], "share");
}

/* Homes a kind by its share of them all: what is left of whole numbers goes to the largest
 * remainders, of equal ones to the first by name. */
static void apportion(const struct gb_items *items, int64_t n_homes)
{
    int64_t left = n_homes;
    double sum = 0;

    for (size_t i = 0; i < items->n; i++)
        sum += home_kind_at(items, i)->share;
    for (size_t i = 0; i < items->n; i++) {
        struct home_kind *home = home_kind_at(items, i);
        home->kind.n_meters = (int64_t)floor((double)n_homes * home->share / sum);
        left -= home->kind.n_meters;
    }
    for (; left > 0 && sum > 0; left--) {
        struct home_kind *neediest = home_kind_at(items, 0);
        double most = -1;
        for (size_t i = 0; i < items->n; i++) {
            struct home_kind *home = home_kind_at(items, i);
            double remainder = (double)n_homes * home->share / sum - (double)home->kind.n_meters;
            if (remainder > most) {
                most = remainder;
                neediest = home;
            }
        }
        neediest->kind.n_meters++;
    }
}

/* Homes are called by the kind of their rows, whatever settings these have. */
static void count_listed(struct gb_kind *kinds, size_t n, const struct gb_listed *listed)
{
    for (size_t i = 0; i < n; i++)
        kinds[i].n_meters = kinds[i].n_homes = 0;
    for (size_t m = 0; m < listed->n; m++) {
        kinds[listed->meters[m].settings].n_meters++;
        kinds[listed->meters[m].kind].n_homes++;
    }
}

static bool gives_yearly(const struct gb_item *item)
{
    const struct home_kind *home = item->values;

    return gb_item_gives(item, "load.yearly") && home->yearly_kwh > 0; /* none: below */
}

static void settle_kind(const struct gb_item *item)
{
    struct home_kind *home = item->values;

    memcpy(home->kind.name, item->name, sizeof item->name);
    home->kind.first_owner = gb_kind_first_owner(item->name);
    home->kind.n_meters = home->count;
    if (!gives_yearly(item))
        return;
    home->kind.household.mean_kw = home->yearly_kwh / GB_HOURS_A_YEAR;
    if (!gb_item_gives(item, "load.size_sd"))
        home->kind.household.sigma = 0;
}

static enum gb_status settle(struct gb_scenario *scenario, struct gb_error *err)
{
    const struct gb_items *items = &scenario->items[GB_SECTION_HOUSEHOLDS];
    size_t n = items->n + scenario->rows.n;
    struct gb_kind *kinds = n > 0 ? calloc(n, sizeof *kinds) : NULL;
    struct gb_kind_agents *agents = n > 0 ? calloc(n, sizeof *agents) : NULL;
    struct gb_storage_config *storage = n > 0 ? calloc(n, sizeof *storage) : NULL;
    int64_t sum = 0;

    if (n > 0 && (!kinds || !agents || !storage)) {
        free(kinds);
        free(agents);
        free(storage);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu kinds of households", items->n);
    }
    for (size_t i = 0; i < items->n; i++)
        settle_kind(&items->list[i]);
    if (scenario->listed.n == 0 && has_shares(items))
        apportion(items, scenario->physics.fleet.n_meters);
    gb_rows_settings_derive(&scenario->rows, scenario->extensions, items);
    for (size_t i = 0; i < n; i++) {
        const struct home_kind *home = gb_scenario_kind_item(scenario, i)->values;
        memcpy(&kinds[i], &home->kind, sizeof *kinds);
        memcpy(&agents[i], &home->agents, sizeof *agents);
        memcpy(&storage[i], &home->storage, sizeof *storage);
        kinds[i].n_homes = kinds[i].n_meters;
    }
    if (scenario->listed.n > 0)
        count_listed(kinds, n, &scenario->listed);
    for (size_t i = 0; i < n; i++)
        sum += kinds[i].n_meters;
    free(scenario->kinds);
    free(scenario->kind_agents);
    free(scenario->kind_storage);
    scenario->kinds = kinds;
    scenario->kind_agents = agents;
    scenario->kind_storage = storage;
    scenario->physics.kinds = kinds;
    scenario->physics.listed = scenario->listed.meters;
    scenario->physics.n_kinds = n;
    if (n > 0)
        scenario->physics.fleet.n_meters = sum;
    return GB_OK;
}

struct gb_household_prices gb_household_prices(const struct gb_item *item, bool is_retail)
{
    const struct home_kind *home = item->values;

    return is_retail ? (struct gb_household_prices){home->retail, home->retail_by_time,
                                                    home->retail_series, home->retail_factor,
                                                    home->retail_add}
                     : (struct gb_household_prices){home->feed_in, home->feed_in_by_time,
                                                    home->feed_in_series, home->feed_in_factor,
                                                    home->feed_in_add};
}

/* ---- what is wrong between keys */

/* How many homes there are of a kind. */
static void check_number(struct gb_reading *reading, const struct gb_item *item, bool wants_share)
{
    bool has_count = gb_item_gives(item, "count"), has_share = gb_item_gives(item, "share");

    if (reading->scenario->meters_text || reading->meters_fault.status != GB_OK) {
        if (has_count || has_share)
            gb_reading_report_item(reading, item, has_count ? "count" : "share",
                                   "the rows of %s are the homes of each kind",
                                   gb_scenario_meters_key(reading->scenario));
    } else if (has_count && has_share)
        gb_reading_report_item(reading, item, "share", "both count and share: one says it");
    else if (!has_count && !has_share && !gb_reading_refuses_item(reading, item, "count") &&
             !gb_reading_refuses_item(reading, item, "share"))
        gb_reading_report_item(reading, item, NULL,
                               "expected how many homes are of this kind: count, or share of "
                               "meters.count");
    else if ((has_count || has_share) && has_share != wants_share)
        gb_reading_report_item(reading, item, has_share ? "share" : "count",
                               "either every kind gives its count or every kind its share");
}

static void check_ev(struct gb_reading *reading, const struct gb_item *item)
{
    const struct gb_kind *kind = &((const struct home_kind *)item->values)->kind;
    bool has_distance = gb_item_gives(item, "ev.distance");

    if (kind->has_ev && kind->ev.distance_km >= 0 && kind->ev.consumption_kwh_km < 0)
        gb_reading_report_item(reading, item, has_distance ? "ev.distance" : NULL,
                               "ev.distance without ev.consumption, for which there is no default");
}

/* Several columns stand as they are, a home each: no size scales them. */
static void check_columns(struct gb_reading *reading, const struct gb_item *item, int64_t n_homes)
{
    static const char *const sizes[] = {"load.yearly", "load.mean", "load.size_sd"};
    const char *name = ((const struct home_kind *)item->values)->kind.household.series;
    const struct gb_measured *load = gb_library_find(reading->scenario->library, name);

    if (!load || load->n == 1 || (int64_t)load->n != n_homes)
        return; /* what does not fit is said of the series */
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        if (gb_item_gives(item, sizes[s]))
            gb_reading_report_item(reading, item, sizes[s],
                                   "nothing reads it: each home has a column of the series '%s' of "
                                   "its own, which stands as it is (a series with `column` scales)",
                                   name);
}

static void check_item(struct gb_reading *reading, const struct gb_item *item, bool wants_share)
{
    const struct home_kind *home = item->values;

    check_number(reading, item, wants_share);
    check_ev(reading, item);
    gb_kind_storage_check(reading, item, &home->storage);
    if (gives_yearly(item) && gb_item_gives(item, "load.mean"))
        gb_reading_report_item(reading, item, "load.yearly",
                               "both load.yearly and load.mean: one says it");
}

static void check_sum(struct gb_reading *reading, const struct gb_items *items)
{
    double shares = 0, most = 1e7;
    double n = (double)reading->scenario->physics.fleet.n_meters;

    for (size_t i = 0; i < items->n; i++)
        shares += home_kind_at(items, i)->share;
    if (has_shares(items) && fabs(shares - 1) > SHARES_ADD_UP)
        gb_reading_report_item(reading, &items->list[0], "share",
                               "the shares of all kinds add up to %g, not to 1", shares);
    else if (n < 1 || n > most)
        gb_reading_report_item(reading, &items->list[0], "count",
                               "the kinds add up to %.0f homes; expected 1 to %.0f", n, most);
}

/* One name in 270 million for each home; then another name helps. */
static void check_draws(struct gb_reading *reading, const struct gb_items *items)
{
    const struct gb_kind *kinds = reading->scenario->kinds;

    for (size_t i = 0; i < items->n; i++)
        for (size_t j = 0; j < i; j++)
            if (kinds[i].n_meters > 0 && kinds[j].n_meters > 0 &&
                gb_kinds_overlap(&kinds[j], &kinds[i]))
                gb_reading_report_item(reading, &items->list[i], NULL,
                                       "by chance its homes would have the draws of those of '%s': "
                                       "give one of the two another name",
                                       kinds[j].name);
}

/* What is noted of a plug-in, its hash, is that of the agents that run, too. */
static void check_agents(struct gb_reading *reading)
{
    struct gb_items *items = &reading->scenario->items[GB_SECTION_HOUSEHOLDS];

    for (size_t i = 0; i < items->n; i++) {
        struct gb_kind_agents *agents = &home_kind_at(items, i)->agents;
        gb_kind_check_unread(reading, &items->list[i], agents);
        gb_kind_agents_check(reading, &items->list[i], agents);
        memcpy(&reading->scenario->kind_agents[i], agents, sizeof *agents);
    }
    for (size_t i = 0; i < reading->scenario->rows.n; i++) {
        struct gb_item *item = &reading->scenario->rows.list[i].item;
        struct gb_kind_agents *agents = &((struct home_kind *)item->values)->agents;
        gb_kind_agents_check(reading, item, agents);
        memcpy(&reading->scenario->kind_agents[items->n + i], agents, sizeof *agents);
    }
}

static void check(struct gb_reading *reading)
{
    const struct gb_items *items = &reading->scenario->items[GB_SECTION_HOUSEHOLDS];
    bool wants_share = has_shares(items) ||
                       (items->n > 0 && gb_reading_refuses_item(reading, &items->list[0], "share"));

    for (size_t i = 0; i < items->n; i++)
        check_item(reading, &items->list[i], wants_share);
    for (size_t i = 0; i < items->n; i++)
        check_columns(reading, &items->list[i], reading->scenario->kinds[i].n_homes);
    if (items->n == 0 || reading->has_wrong)
        return;
    check_agents(reading);
    check_sum(reading, items);
    if (reading->scenario->listed.n == 0)
        check_draws(reading, items);
}

const struct gb_section gb_section_households = {
    .name = "households",
    .item = "kind of households",
    .placeholder = "KIND",
    .summary =
        "Kinds of homes, each under a name of its own, KIND below: `farm: {count: 2, pv: {size: 25}}`. "
        "A kind owns exactly the assets that it names (`pv: {}` owns one like all others), and what it "
        "does not give is that of the scenario. What it gives is exact: a spread (pv.size_sd, "
        "pv.azimuth_sd, load.size_sd, those of ev) is 0 where the kind gives what it spreads, unless it gives the "
        "spread, too. A home's draws go by the name of its kind and its number within it: one home more "
        "changes nothing about the others. Where there are kinds, meters.prosumer_share, "
        "meters.wind_share, meters.storage_share, meters.ev_share and meters.heat_pump_share are refused, and "
        "meters.count, too, unless kinds give their shares of it.",
    .example =
        "households:\n"
        "  flat: {count: 6, load: {yearly: 2200}}\n"
        "  terrace: {count: 4, load: {yearly: 4200}, pv: {size: 5}}\n"
        "  farm: {count: 2, load: {yearly: 9000}, pv: {size: 25, size_sd: 3}, storage: {}}\n",
    .size = sizeof(struct home_kind),
    .rows = own_rows,
    .overridden = overridden,
    .settle = settle,
    .check = check,
};
