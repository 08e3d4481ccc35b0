/* Kinds of households that a scenario names: what each home owns, whose draws are whose, what is
 * stored of them and what is refused. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/run/run.h"
#include "experiments/scenario/scenario.h"
#include "models/assets/fleet.h"
#include "models/assets/kinds.h"
#include "models/assets/realisation.h"
#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/sweeps.h"
#include "tests/tap.h"

#define PATH "test_villages.yaml"
#define HEAD "format: 1\nslots: 40\nstart_date: 2024-06-01\noutput.level: meters\n"
#define FLATS "flat: {count: 6, load: {yearly: 2200}}"
#define TERRACES "terrace: {count: 4, load: {yearly: 4200}, pv: {size: 5}}"
#define FARMS(n)                                                                              \
    "farm: {count: " n ", load: {yearly: 9000}, pv: {size: 25, size_sd: 3, tilt: 20}, wind: " \
    "{turbine: 8}, storage: {capacity: 10, power: 6}}"
#define VILLAGE(n) \
    HEAD "chain.crypto: modelled\nhouseholds:\n  " FLATS "\n  " TERRACES "\n  " FARMS(n) "\n"

/* A scenario that is good. */
static struct gb_scenario *scenario_of(const char *text)
{
    char said[4096];
    struct gb_scenario *scenario = scenario_of_text(PATH, text, said, sizeof said);

    EXPECT_TEXT(said, "");
    return scenario;
}

static struct gb_record *record_of(const struct gb_scenario *scenario,
                                   struct gb_realisations *shared)
{
    struct gb_run_options options = {.shared = shared};
    struct gb_record *record = NULL;
    struct gb_error err = {0};

    if (scenario)
        EXPECT_INT(gb_run_trial(scenario, &options, &record, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    return record;
}

static struct gb_record *run_text(const char *text)
{
    struct gb_scenario *scenario = scenario_of(text);
    struct gb_record *record = record_of(scenario, NULL);

    gb_scenario_free(scenario);
    return record;
}

static struct gb_fleet *fleet_of(const struct gb_scenario *scenario)
{
    struct gb_fleet *fleet = NULL;

    EXPECT_INT(gb_fleet_create(&fleet, &scenario->physics, gb_scenario_draws(scenario), NULL),
               GB_OK);
    return fleet;
}

/* ---- what homes own */

static void a_home_owns_exactly_what_its_kind_names(void)
{
    struct gb_scenario *scenario = scenario_of(VILLAGE("2"));
    struct gb_fleet *fleet = fleet_of(scenario);

    /* kinds stand in the order of their names: farm, flat, terrace */
    EXPECT_INT((int64_t)fleet->n, 12);
    EXPECT_INT((int64_t)fleet->systems.n, 6);
    EXPECT_INT((int64_t)fleet->turbines.n, 2);
    EXPECT_INT((int64_t)fleet->batteries.n, 2);
    for (uint32_t i = 0; i < 2; i++) {
        EXPECT_INT(fleet->systems.meter[i], i);
        EXPECT_INT(fleet->turbines.meter[i], i);
        EXPECT_INT(fleet->batteries.meter[i], i);
        EXPECT_NEAR(fleet->turbines.kw[i], 8, 0);
        EXPECT_NEAR(fleet->batteries.kwh[i], 10, 0);
        EXPECT_NEAR(fleet->batteries.kw[i], 6, 0);
    }
    for (uint32_t i = 2; i < 6; i++)
        EXPECT_INT(fleet->systems.meter[i], 6 + i);
    gb_fleet_free(fleet);
    gb_scenario_free(scenario);
}

static void what_a_kind_gives_is_exact_unless_it_gives_a_spread(void)
{
    struct gb_scenario *scenario = scenario_of(VILLAGE("2"));
    struct gb_fleet *fleet = fleet_of(scenario);

    EXPECT(fleet->systems.kwp[0] != 25 && fleet->systems.kwp[1] != 25);
    EXPECT(fleet->systems.kwp[0] != fleet->systems.kwp[1]);
    for (size_t i = 2; i < 6; i++) {
        EXPECT_NEAR(fleet->systems.kwp[i], 5, 0);
        /* the azimuth is the scenario's, and so is its spread */
        EXPECT(i == 2 ||
               fleet->systems.plane[i].normal.east != fleet->systems.plane[2].normal.east);
    }
    for (size_t i = 0; i < 12; i++)
        EXPECT_NEAR(fleet->load_scale_w[i] * 8.76, i < 2 ? 9000 : i < 8 ? 2200 : 4200, 1e-9);
    gb_fleet_free(fleet);
    gb_scenario_free(scenario);
}

static void what_a_kind_does_not_give_is_the_scenarios(void)
{
    struct gb_scenario *scenario =
        scenario_of(HEAD "pv: {tilt: 35, losses: 20}\nload.noise: 0.5\n"
                         "households:\n  a: {count: 3, pv: {}}\n  b: {count: 1, pv: {tilt: 10}}\n");
    struct gb_error err = {0};
    char value[128];

    for (int i = 0; i < 2; i++) {
        EXPECT_NEAR(scenario->kinds[i].pv.losses_percent, 20, 0);
        EXPECT_NEAR(scenario->kinds[i].household.noise, 0.5, 0);
        EXPECT_NEAR(scenario->kinds[i].pv.kwp_sd, 2, 0);
        EXPECT(scenario->kinds[i].has_pv && !scenario->kinds[i].has_battery);
    }
    EXPECT_NEAR(scenario->kinds[0].pv.tilt_deg, 35, 0);
    EXPECT_NEAR(scenario->kinds[1].pv.tilt_deg, 10, 0);
    /* it follows the scenario, also when that changes later */
    EXPECT_INT(scenario_set(scenario, "pv.tilt", "40", &err), GB_OK);
    EXPECT_NEAR(scenario->kinds[0].pv.tilt_deg, 40, 0);
    EXPECT_NEAR(scenario->kinds[1].pv.tilt_deg, 10, 0);
    EXPECT_INT(gb_scenario_forget(scenario, "households.b.pv.tilt", &err), GB_OK);
    EXPECT_TEXT(gb_scenario_value(scenario, "households.b.pv.tilt", value, sizeof value), "40");
    EXPECT_INT(scenario_set(scenario, "households.a.pv", "no", &err), GB_OK);
    EXPECT(!scenario->kinds[0].has_pv && scenario->kinds[1].has_pv);
    EXPECT(!gb_scenario_reads(scenario, "households.a.pv.size"));
    EXPECT(gb_scenario_reads(scenario, "households.b.pv.size"));
    EXPECT_INT(scenario->physics.fleet.n_meters, 4);
    EXPECT_INT(scenario_set(scenario, "households.a.count", "5", &err), GB_OK);
    EXPECT_INT(scenario->physics.fleet.n_meters, 6);
    gb_scenario_free(scenario);
}

static void shares_are_whole_homes_by_largest_remainder(void)
{
    struct gb_scenario *scenario = scenario_of(
        HEAD "meters.count: 10\nhouseholds:\n"
             "  c: {share: 0.333333}\n  a: {share: 0.333333}\n  b: {share: 0.333333}\n");
    struct gb_error err = {0};

    EXPECT_INT(scenario->kinds[0].n_meters, 4); /* of equal remainders the first by name */
    EXPECT_INT(scenario->kinds[1].n_meters, 3);
    EXPECT_INT(scenario->kinds[2].n_meters, 3);
    EXPECT_INT(scenario_set(scenario, "meters.count", "3", &err), GB_OK);
    EXPECT_INT(scenario->kinds[0].n_meters, 1);
    EXPECT_INT(scenario->physics.fleet.n_meters, 3);
    gb_scenario_free(scenario);
    scenario =
        scenario_of(HEAD "meters.count: 7\nhouseholds: {a: {share: 0.15}, b: {share: 0.85}}\n");
    EXPECT_INT(scenario->kinds[0].n_meters, 1); /* 1.05 and 5.95 */
    EXPECT_INT(scenario->kinds[1].n_meters, 6);
    gb_scenario_free(scenario);
}

/* What a row of /users says is what its meter can be seen to have in /meters. */
static bool owns_what_it_uses(const struct gb_user_row *user, const struct gb_record *record)
{
    const struct gb_meter_row *rows = gb_record_rows(record, GB_TABLE_METERS);
    bool has_sun = false, has_wind = false, has_storage = false;

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_METERS); i++) {
        if (rows[i].meter != user->meter)
            continue;
        has_sun |= rows[i].solar_wh > 0;
        has_wind |= rows[i].wind_wh > 0;
        has_storage |= rows[i].charge_wh > 0;
    }
    return has_sun == (user->pv_kw > 0) && has_wind == (user->turbine_kw > 0) &&
           has_storage == (user->battery_kwh > 0);
}

static void users_are_told_of_what_kind_they_are_and_what_they_own(void)
{
    struct gb_record *record = run_text(VILLAGE("2"));
    const struct gb_user_row *users = record ? gb_record_rows(record, GB_TABLE_USERS) : NULL;

    for (size_t i = 0; users && i < 12; i++) {
        const char *kind = i < 2 ? "farm" : i < 8 ? "flat" : "terrace";
        char name[64];
        snprintf(name, sizeof name, "%s %zu", kind, i < 2 ? i + 1 : i < 8 ? i - 1 : i - 7);
        EXPECT_TEXT(users[i].kind, kind);
        EXPECT_TEXT(users[i].name, name);
        EXPECT(i < 2 || users[i].pv_kw == (i < 8 ? 0 : 5));
        EXPECT(i >= 2 || (users[i].pv_kw != 25 && fabs(users[i].pv_kw - 25) < 15));
        EXPECT_NEAR(users[i].turbine_kw, i < 2 ? 8 : 0, 0);
        EXPECT_NEAR(users[i].battery_kwh, i < 2 ? 10 : 0, 0);
        EXPECT_NEAR(users[i].yearly_kwh, i < 2 ? 9000 : i < 8 ? 2200 : 4200, 1e-9);
    }
    gb_record_free(record);
}

static void users_of_no_kind_are_told_what_they_own(void)
{
    struct gb_record *record =
        run_text("format: 1\nslots: 96\nstart_date: 2024-06-01\noutput.level: meters\n"
                 "chain.crypto: modelled\n"
                 "meters: {count: 40, storage_share: 0.5}\n"
                 "load.size_sd: 0\n");
    const struct gb_user_row *users = record ? gb_record_rows(record, GB_TABLE_USERS) : NULL;
    size_t n_other = 0;

    for (size_t i = 0; users && i < 40; i++) {
        n_other += users[i].kind[0] || users[i].name[0] || !owns_what_it_uses(&users[i], record);
        EXPECT_NEAR(users[i].yearly_kwh, 0.416 * 8760, 1e-9); /* load.mean */
    }
    EXPECT_INT((int64_t)n_other, 0);
    gb_record_free(record);
}

static void of_declared_delivery_nobody_knows_who_owns_what(void)
{
    struct gb_record *record = run_text(
        "format: 1\nslots: 1\nmeters: {count: 2, delivery: declared}\n"
        "orders.inline: |\n  id,owner,side,price,quantity,time,source\n"
        "  a,0,sell,0.3,0.5,1,solar\n  b,1,buy,0.4,0.5,1,any\nchain.crypto: modelled\noutput.level: market\n");
    const struct gb_user_row *users = record ? gb_record_rows(record, GB_TABLE_USERS) : NULL;

    for (size_t i = 0; users && i < 2; i++) {
        EXPECT_TEXT(users[i].name, i == 0 ? "a" : "b");
        EXPECT_TEXT(users[i].kind, "");
        EXPECT(isnan(users[i].pv_kw) && isnan(users[i].turbine_kw) && isnan(users[i].battery_kwh) &&
               isnan(users[i].yearly_kwh));
    }
    gb_record_free(record);
}

/* ---- whose draws are whose */

/* The number, in the village with one farm more, of the meter of the same home. */
static uint32_t moved(uint32_t meter)
{
    return meter < 2 ? meter : meter + 1; /* farms come first */
}

static const struct gb_meter_row *find_meter(const struct gb_record *record,
                                             const struct gb_meter_row *of, uint32_t meter)
{
    const struct gb_meter_row *rows = gb_record_rows(record, GB_TABLE_METERS);

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_METERS); i++)
        if (rows[i].interval == of->interval && rows[i].meter == meter)
            return &rows[i];
    return NULL;
}

static const struct gb_order_row *find_order(const struct gb_record *record,
                                             const struct gb_order_row *of, uint32_t meter)
{
    const struct gb_order_row *rows = gb_record_rows(record, GB_TABLE_ORDERS);

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++)
        if (rows[i].interval == of->interval && rows[i].meter == meter &&
            rows[i].side == of->side && rows[i].source == of->source)
            return &rows[i];
    return NULL;
}

static bool same_energies(const struct gb_meter_row *a, const struct gb_meter_row *b)
{
    return a->load_wh == b->load_wh && a->solar_wh == b->solar_wh && a->wind_wh == b->wind_wh &&
           a->charge_wh == b->charge_wh && a->discharge_wh == b->discharge_wh &&
           a->metered_wh == b->metered_wh && a->baseline_wh == b->baseline_wh &&
           a->stored_wh == b->stored_wh;
}

static bool same_order(const struct gb_order_row *a, const struct gb_order_row *b)
{
    return a->price == b->price && a->reserve == b->reserve && a->sent_ns == b->sent_ns &&
           a->quantity_wh == b->quantity_wh && a->beta_millionths == b->beta_millionths;
}

static void expect_same_homes(const struct gb_record *two, const struct gb_record *three)
{
    const struct gb_meter_row *meters = gb_record_rows(two, GB_TABLE_METERS);
    const struct gb_order_row *orders = gb_record_rows(two, GB_TABLE_ORDERS);
    size_t n_orders = gb_record_n_rows(two, GB_TABLE_ORDERS), n_other = 0;

    EXPECT_INT((int64_t)gb_record_n_rows(two, GB_TABLE_METERS), 40 * 12);
    EXPECT_INT((int64_t)gb_record_n_rows(three, GB_TABLE_METERS), 40 * 13);
    for (size_t i = 0; i < gb_record_n_rows(two, GB_TABLE_METERS); i++) {
        const struct gb_meter_row *row = find_meter(three, &meters[i], moved(meters[i].meter));
        n_other += !row || !same_energies(&meters[i], row);
    }
    EXPECT_INT((int64_t)n_other, 0);
    EXPECT(n_orders > 300);
    for (size_t i = 0; i < n_orders; i++) {
        const struct gb_order_row *row = find_order(three, &orders[i], moved(orders[i].meter));
        n_other += !row || !same_order(&orders[i], row);
    }
    EXPECT_INT((int64_t)n_other, 0);
}

static void a_farm_more_changes_nothing_that_any_other_home_does(void)
{
    static const char *const settings[] = {
        "agents: {beta: drawn, source_preference: {solar: 0.4}}\n",
        "agents.strategy: zi_c\nforecast: {kind: conditional_mean, kappa: 0.3}\n",
        "clouds.model: drifting\n"};

    for (int s = 0; s < 3; s++) {
        char a[2048], b[2048];
        snprintf(a, sizeof a, VILLAGE("2") "%s", settings[s]);
        snprintf(b, sizeof b, VILLAGE("3") "%s", settings[s]);
        struct gb_record *two = run_text(a), *three = run_text(b);
        if (EXPECT(two && three))
            expect_same_homes(two, three);
        gb_record_free(two);
        gb_record_free(three);
    }
}

static void kinds_in_another_order_are_the_same_village(void)
{
    struct gb_record *a = run_text(VILLAGE("2"));
    struct gb_record *b = run_text(HEAD "chain.crypto: modelled\nhouseholds:\n  " FARMS(
        "2") "\n  " TERRACES "\n  " FLATS "\n");

    EXPECT(a && b && records_are_equal(a, b));
    gb_record_free(a);
    gb_record_free(b);
}

static void owners_of_draws_are_apart_or_refused(void)
{
    struct gb_kind a = {.n_meters = 10, .first_owner = 5}, b = {.n_meters = 3, .first_owner = 15};

    EXPECT(!gb_kinds_overlap(&a, &b) && !gb_kinds_overlap(&b, &a));
    b.first_owner = 14;
    EXPECT(gb_kinds_overlap(&a, &b) && gb_kinds_overlap(&b, &a));
    b.first_owner = 3; /* 3, 4, 5 */
    EXPECT(gb_kinds_overlap(&a, &b) && gb_kinds_overlap(&b, &a));
    b.first_owner = GB_DRAW_OWNERS - 2; /* the last two, and 0 */
    a.first_owner = 1;
    EXPECT(!gb_kinds_overlap(&a, &b) && !gb_kinds_overlap(&b, &a));
    a.first_owner = 0;
    EXPECT(gb_kinds_overlap(&a, &b) && gb_kinds_overlap(&b, &a));
    EXPECT(gb_kind_first_owner("farm") != gb_kind_first_owner("flat"));
}

static void trials_that_share_physics_tell_kinds_apart(void)
{
    struct gb_realisations *shared = NULL;
    struct gb_scenario *scenario = scenario_of(VILLAGE("2"));
    static const char *const sizes[] = {"4", "6", "4"};
    struct gb_error err = {0};

    EXPECT_INT(gb_realisations_create(&shared, &gb_physics_modelled, (size_t)1 << 24, NULL), GB_OK);
    for (int i = 0; i < 3; i++) {
        EXPECT_INT(scenario_set(scenario, "households.terrace.pv.size", sizes[i], &err), GB_OK);
        struct gb_record *together = record_of(scenario, shared),
                         *alone = record_of(scenario, NULL);
        EXPECT(together && alone && records_are_equal(together, alone));
        gb_record_free(together);
        gb_record_free(alone);
    }
    gb_scenario_free(scenario);
    gb_realisations_free(shared);
}

/* ---- what is stored, varied and refused */

static void a_stored_village_runs_again_to_the_same_rows(void)
{
    struct gb_scenario *scenario = scenario_of(VILLAGE("2") "storage.depth: 0.6\n"), *again = NULL;
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    char *text = NULL, *second = NULL;
    struct gb_error err = {0};

    EXPECT_INT(scenario_set(scenario, "households.flat.storage", "yes", &err), GB_OK);
    EXPECT_INT(scenario_set(scenario, "households.farm.pv.dc_ac_ratio", "1.5", &err), GB_OK);
    EXPECT_INT(gb_scenario_text(scenario, &text, &err), GB_OK);
    EXPECT(strstr(text, "  farm.pv.dc_ac_ratio: 1.5\n") && strstr(text, "  flat.storage: yes\n"));
    EXPECT(!strstr(text, "meters.count") && !strstr(text, "  prosumer_share:"));
    EXPECT_INT(gb_scenario_parse(&again, NULL, text, "stored", diagnostics, &err), GB_OK);
    if (EXPECT(again)) {
        EXPECT_INT(gb_scenario_text(again, &second, &err), GB_OK);
        EXPECT_TEXT(second, text);
        struct gb_record *a = record_of(scenario, NULL), *b = record_of(again, NULL);
        EXPECT(a && b && records_are_equal(a, b));
        gb_record_free(a);
        gb_record_free(b);
    }
    free(text);
    free(second);
    gb_scenario_free(scenario);
    gb_scenario_free(again);
    gb_diagnostics_free(diagnostics);
}

static void keys_of_kinds_are_named_among_those_that_were_set(void)
{
    struct gb_scenario *scenario =
        scenario_of("format: 1\npv.tilt: 30\nhouseholds: {a: {count: 2, pv: {tilt: 10}}}\n");
    struct gb_error err = {0};
    char *text = NULL;

    EXPECT_INT(gb_scenario_overrides(scenario, &text, &err), GB_OK);
    EXPECT_TEXT(text,
                "pv.tilt 30 (default 25), households.a.count 2 (0), households.a.pv yes (no), "
                "households.a.pv.tilt 10 (30)");
    free(text);
    gb_scenario_free(scenario);
}

static void a_sweep_varies_keys_of_kinds(void)
{
    struct gb_sweep *sweep = sweep_of_texts(
        PATH, VILLAGE("2"), "test_villages_sweep.yaml",
        "format: 1\nscenario: " PATH "\nvary:\n  households: {farm: {count: 1:3:1, pv: {size: "
        "[10, 20]}}}\n  households.flat.pv: [yes, no]\n",
        2);
    struct gb_sweep *stored = sweep ? sweep_as_stored("test_villages_sweep", sweep) : NULL;

    if (EXPECT(sweep && stored)) {
        EXPECT_INT((int64_t)gb_sweep_n_trials(sweep), 3 * 2 * 2 * 2);
        EXPECT_INT((int64_t)gb_sweep_n_trials(stored), 3 * 2 * 2 * 2);
    }
    gb_sweep_free(sweep);
    gb_sweep_free(stored);
}

static void wrong_kinds_are_all_named_with_their_places(void)
{
    char said[8192];
    struct gb_scenario *scenario = scenario_of_text(
        PATH,
        "format: 1\n"
        "meters: {count: 30, wind_share: 0.3}\n"
        "households:\n"
        "  flat: {count: six, load: {yearly: 2200, mean: 0.3}, pv: 3}\n"
        "  terrace: {count: 4, share: 0.3, pv: {sizes: 5, transposition: reindl}}\n"
        "  2farm: {count: 2, pv: {size: 3}}\n"
        "  barn: 3\n"
        "  shed: {ev: {distance: 30}, tariff: {feed_in: 3, retail: 4}, connection: 30, heat: {x: 1, y: 2}}\n"
        "  share: {share: 2}\n",
        said, sizeof said);

    EXPECT(!scenario);
    EXPECT_TEXT(
        said,
        ":2:17: 'meters.count' is for scenarios without kinds of households: their counts add up\n"
        ":2:33: 'meters.wind_share' is for scenarios without kinds of households: these own what they "
        "name\n"
        ":4:17: households.flat.count: expected a whole number from 0 to 10000000, got 'six'\n"
        ":4:37: households.flat.load.yearly: both load.yearly and load.mean: one says it\n"
        ":4:59: households.flat.pv: expected yes or no, got '3'\n"
        ":5:30: households.terrace.share: both count and share: one says it\n"
        ":5:40: unknown key 'households.terrace.pv.sizes' (did you mean "
        "'households.terrace.pv.size'?)\n"
        ":5:50: households.terrace.pv.transposition: every kind of households has that of the "
        "scenario, pv.transposition\n"
        ":6:3: households.2farm: expected a name of letters, digits, - and _, at most 31, a letter "
        "first\n"
        ":7:3: 'households.barn' is a kind of households: expected keys below it, like `barn: {count: ...}`\n"
        ":8:3: households.shed: expected how many homes are of this kind: count, or share of "
        "meters.count\n"
        ":8:25: households.shed.ev.distance: ev.distance without ev.consumption, for which there is no "
        "default\n"
        ":8:79: unknown key 'households.shed.heat'\n"
        ":9:18: households.share.share: expected a number from 0 to 1, got '2'\n");
}

static void a_value_where_keys_belong_is_told_which(void)
{
    char said[4096];

    EXPECT(
        !scenario_of_text(PATH,
                          "format: 1\nhouseholds:\n  e:\n  flat: {count: 2, agents: zip}\n  farm: "
                          "{count: 1, tariff: 5}\n",
                          said, sizeof said));
    EXPECT_TEXT(said,
                ":3:3: 'households.e' is a kind of households: expected keys below it, like `e: "
                "{count: ...}`\n"
                ":4:20: households.flat.agents: expected keys below it, like `agents: {strategy: "
                "...}`\n"
                ":5:20: households.farm.tariff: expected keys below it, like `tariff: {retail: "
                "...}`\n");
}

static void counts_and_shares_that_make_no_village_are_refused(void)
{
    static const struct {
        const char *households, *said;
    } cases[] = {
        {"{a: {share: 0.5}, b: {share: 0.4}}",
         ":2:25: households.a.share: the shares of all kinds add up to 0.9, not to 1\n"},
        {"{a: {share: 0.5}, b: {count: 4}}",
         ":2:42: households.b.count: either every kind gives its count or every kind its share\n"},
        {"{a: {count: 0}}",
         ":2:25: households.a.count: the kinds add up to 0 homes; expected 1 to 10000000\n"},
        {"{a: {count: 9999999}, b: {count: 2}}",
         ":2:25: households.a.count: the kinds add up to 10000001 homes; expected 1 to 10000000\n"
         ": agents.balance: 10000001 balances add up to more money than 64 bits count\n"},
        {"3",
         ":2:1: 'households' is a section: the names of each kind of households stand below it\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512], said[4096];
        snprintf(text, sizeof text, "format: 1\nhouseholds: %s\n", cases[i].households);
        struct gb_scenario *scenario = scenario_of_text(PATH, text, said, sizeof said);
        EXPECT(!scenario);
        EXPECT_TEXT(said, cases[i].said);
    }
}

static void a_section_that_there_is_none_of_is_one_mistake(void)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"housholds:\n  flat: {count: 6, load: {yearly: 2200}}\n  farm: {count: 1}\n",
         ":2:1: there is no section 'housholds' (did you mean 'households'?)\n"},
        {"sseries: {a: {file: x.csv}}\n",
         ":2:1: there is no section 'sseries' (did you mean 'series'?)\n"},
        {"metres: {count: 3, delivery: x}\n",
         ":2:1: there is no section 'metres' (did you mean 'meters'?)\n"},
        {"elephants: {count: 3}\n",
         ":2:1: there is no section 'elephants': `gridbourse list keys` shows all\n"},
        {"housholds.flat.count: 6\n",
         ":2:1: unknown key 'housholds.flat.count' (did you mean 'households.flat.count'?)\n"},
        {"agents: {strategi: zip}\n",
         ":2:10: unknown key 'agents.strategi' (did you mean 'agents.strategy'?)\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512], said[4096];
        snprintf(text, sizeof text, "format: 1\n%s", cases[i].text);
        struct gb_scenario *scenario = scenario_of_text(PATH, text, said, sizeof said);
        EXPECT(!scenario);
        EXPECT_TEXT(said, cases[i].said);
    }
}

static void a_setting_makes_no_kind(void)
{
    struct gb_scenario *scenario = scenario_of(VILLAGE("2"));
    struct gb_error err = {0};

    EXPECT_INT(scenario_set(scenario, "households.fram.count", "3", &err), GB_ECONFIG);
    EXPECT_TEXT(err.text, "households.fram.count=3: there is no kind of households 'fram' (did you "
                          "mean 'farm'?)");
    gb_scenario_free(scenario);
}

/* As a value to vary beside numbers of kWh. */
static void a_yearly_energy_of_none_is_the_scenario_s_load(void)
{
    char said[4096];
    struct gb_scenario *scenario = scenario_of_text(PATH,
                                                    "format: 1\nload: {mean: 0.7}\nhouseholds:\n"
                                                    "  flat: {count: 2, load: {yearly: none}}\n",
                                                    said, sizeof said);

    EXPECT_TEXT(said, "");
    if (scenario)
        EXPECT_NEAR(scenario->kinds[0].household.mean_kw, 0.7, 1e-9);
    gb_scenario_free(scenario);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_home_owns_exactly_what_its_kind_names),
        TAP(what_a_kind_gives_is_exact_unless_it_gives_a_spread),
        TAP(what_a_kind_does_not_give_is_the_scenarios),
        TAP(users_are_told_of_what_kind_they_are_and_what_they_own),
        TAP(users_of_no_kind_are_told_what_they_own),
        TAP(of_declared_delivery_nobody_knows_who_owns_what),
        TAP(a_section_that_there_is_none_of_is_one_mistake),
        TAP(shares_are_whole_homes_by_largest_remainder),
        TAP(a_farm_more_changes_nothing_that_any_other_home_does),
        TAP(kinds_in_another_order_are_the_same_village),
        TAP(owners_of_draws_are_apart_or_refused),
        TAP(trials_that_share_physics_tell_kinds_apart),
        TAP(a_stored_village_runs_again_to_the_same_rows),
        TAP(keys_of_kinds_are_named_among_those_that_were_set),
        TAP(a_sweep_varies_keys_of_kinds),
        TAP(wrong_kinds_are_all_named_with_their_places),
        TAP(a_value_where_keys_belong_is_told_which),
        TAP(counts_and_shares_that_make_no_village_are_refused),
        TAP(a_setting_makes_no_kind),
        TAP(a_yearly_energy_of_none_is_the_scenario_s_load),
        {0},
    };

    return tap_main("villages", tests);
}
