/* Kinds of households that a scenario names: what each home owns, and whose draws are whose. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/assets/kinds.h"
#include "models/assets/realisation.h"
#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/tap.h"
#include "tests/village_runs.h"

#define PATH "test_villages.yaml"
#define HEAD "format: 1\nslots: 40\nstart_date: 2024-06-01\noutput.level: meters\n"
#define FLATS "flat: {count: 6, load: {yearly: 2200}}"
#define CALM "calm: {count: 2, load: {noise: 0.2, floor: 0.3}}"
#define TERRACES "terrace: {count: 4, load: {yearly: 4200}, pv: {size: 5}}"
#define FARMS(n)                                                                              \
    "farm: {count: " n ", load: {yearly: 9000}, pv: {size: 25, size_sd: 3, tilt: 20}, wind: " \
    "{turbine: 8}, storage: {capacity: 10, power: 6}}"
#define VILLAGE(n) \
    HEAD "chain.crypto: modelled\nhouseholds:\n  " FLATS "\n  " TERRACES "\n  " FARMS(n) "\n"

/* ---- what homes own */

static void a_home_owns_exactly_what_its_kind_names(void)
{
    struct gb_scenario *scenario = good_scenario(PATH, VILLAGE("2"));
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
    struct gb_scenario *scenario = good_scenario(PATH, VILLAGE("2"));
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
    struct gb_scenario *scenario = good_scenario(
        PATH, HEAD "pv: {tilt: 35, losses: 20}\nload.noise: 0.5\n"
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
    struct gb_scenario *scenario = good_scenario(
        PATH, HEAD "meters.count: 10\nhouseholds:\n"
                   "  c: {share: 0.333333}\n  a: {share: 0.333333}\n  b: {share: 0.333333}\n");
    struct gb_error err = {0};

    EXPECT_INT(scenario->kinds[0].n_meters, 4); /* of equal remainders the first by name */
    EXPECT_INT(scenario->kinds[1].n_meters, 3);
    EXPECT_INT(scenario->kinds[2].n_meters, 3);
    EXPECT_INT(scenario_set(scenario, "meters.count", "3", &err), GB_OK);
    EXPECT_INT(scenario->kinds[0].n_meters, 1);
    EXPECT_INT(scenario->physics.fleet.n_meters, 3);
    gb_scenario_free(scenario);
    scenario = good_scenario(PATH, HEAD
                             "meters.count: 7\nhouseholds: {a: {share: 0.15}, b: {share: 0.85}}\n");
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
    struct gb_record *record = run_text(PATH, VILLAGE("2"));
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
        EXPECT(users[i].yearly_kwh == (i < 2 ? 9000 : i < 8 ? 2200 : 4200)); /* to the bit */
    }
    gb_record_free(record);
}

static void users_of_no_kind_are_told_what_they_own(void)
{
    struct gb_record *record =
        run_text(PATH, "format: 1\nslots: 96\nstart_date: 2024-06-01\noutput.level: meters\n"
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
        PATH,
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
        struct gb_record *two = run_text(PATH, a), *three = run_text(PATH, b);
        if (EXPECT(two && three))
            expect_same_homes(two, three);
        gb_record_free(two);
        gb_record_free(three);
    }
}

static void homes_have_the_noise_of_their_own_kind(void)
{
    struct gb_record *calm = run_text(PATH, HEAD "chain.crypto: modelled\nhouseholds:\n  " CALM);
    struct gb_record *both =
        run_text(PATH, HEAD "chain.crypto: modelled\nhouseholds:\n  busy: {count: 2}\n  " CALM);

    if (EXPECT(calm && both)) {
        const struct gb_meter_row *meters = gb_record_rows(calm, GB_TABLE_METERS);
        size_t n = gb_record_n_rows(calm, GB_TABLE_METERS), n_other = 0;
        EXPECT_INT((int64_t)n, 40 * 2);
        for (size_t i = 0; i < n; i++) {
            const struct gb_meter_row *row = find_meter(both, &meters[i], meters[i].meter + 2);
            n_other += !row || row->load_wh != meters[i].load_wh;
        }
        EXPECT_INT((int64_t)n_other, 0);
    }
    gb_record_free(calm);
    gb_record_free(both);
}

static void kinds_in_another_order_are_the_same_village(void)
{
    struct gb_record *a = run_text(PATH, VILLAGE("2"));
    struct gb_record *b = run_text(PATH, HEAD "chain.crypto: modelled\nhouseholds:\n  " FARMS(
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
    struct gb_scenario *scenario = good_scenario(PATH, VILLAGE("2"));
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

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_home_owns_exactly_what_its_kind_names),
        TAP(what_a_kind_gives_is_exact_unless_it_gives_a_spread),
        TAP(what_a_kind_does_not_give_is_the_scenarios),
        TAP(users_are_told_of_what_kind_they_are_and_what_they_own),
        TAP(users_of_no_kind_are_told_what_they_own),
        TAP(of_declared_delivery_nobody_knows_who_owns_what),
        TAP(shares_are_whole_homes_by_largest_remainder),
        TAP(a_farm_more_changes_nothing_that_any_other_home_does),
        TAP(homes_have_the_noise_of_their_own_kind),
        TAP(kinds_in_another_order_are_the_same_village),
        TAP(owners_of_draws_are_apart_or_refused),
        TAP(trials_that_share_physics_tell_kinds_apart),
        {0},
    };

    return tap_main("villages", tests);
}
