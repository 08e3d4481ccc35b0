/* Batteries of kinds of households, each kind run by a controller of its own: every meter does what
 * it would do in a village where all follow the controller of its kind, and the baseline likewise;
 * a day computed by hand; wear by kind; and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/tap.h"
#include "tests/text_file.h"
#include "tests/village_runs.h"

#define PATH "test_village_storage.yaml"
/* Two kinds of three homes each, of the same batteries, and of four that own nothing; %s: what each
 * of the two says of how they are run. */
#define VILLAGE                                                                            \
    "format: 1\nslots: 96\nslot: 30 min\nstart_date: 2024-06-01\noutput.level: meters\n"   \
    "chain.crypto: modelled\nhouseholds:\n"                                                \
    "  farm: {count: 3, load: {yearly: 9000}, pv: {size: 12}, storage: {capacity: 8%s}}\n" \
    "  row: {count: 3, load: {yearly: 4000}, pv: {size: 6}, storage: {capacity: 8%s}}\n"   \
    "  tower: {count: 4, load: {yearly: 9000}}\n"                                          \
    "%s"
enum { N_FARMS = 3 };

static struct gb_record *run_of(const char *farms, const char *rows, const char *all)
{
    char text[2048];

    snprintf(text, sizeof text, VILLAGE, farms, rows, all);
    return run_text(PATH, text);
}

/* Cells of the meters [first, first + N_FARMS) whose energies are not the same in both. */
static size_t n_apart(const struct gb_record *a, const struct gb_record *b, uint32_t first)
{
    const struct gb_meter_row *x = gb_record_rows(a, GB_TABLE_METERS);
    const struct gb_meter_row *y = gb_record_rows(b, GB_TABLE_METERS);
    size_t n = 0, total = gb_record_n_rows(a, GB_TABLE_METERS);

    EXPECT_INT((int64_t)total, 96 * (2 * N_FARMS + 4));
    for (size_t i = 0; i < total; i++)
        n += x[i].meter - first < N_FARMS &&
             (x[i].metered_wh != y[i].metered_wh || x[i].charge_wh != y[i].charge_wh ||
              x[i].discharge_wh != y[i].discharge_wh || x[i].stored_wh != y[i].stored_wh ||
              x[i].baseline_wh != y[i].baseline_wh ||
              x[i].baseline_stored_wh != y[i].baseline_stored_wh);
    return n;
}

/* Those of controllers that hear nothing of the market; where its prices are sealed, by the tariff
 * a threshold, too. */
static void every_kind_does_as_in_a_village_of_its_controller_alone(void)
{
    static const char *const controllers[] = {
        ", controller: greedy", ", controller: none",
        ", controller: schedule, schedule: '0:00 0, 9:00 1.5, 14:00 0, 19:00 -1'",
        ", controller: price_threshold, price_low: 0.3, price_high: 0.6, baseline: same"};
    enum { N = sizeof controllers / sizeof controllers[0] };
    const char *sealed = "market.information: sealed\n";

    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            struct gb_record *mixed = run_of(controllers[i], controllers[j], sealed);
            struct gb_record *a = run_of(controllers[i], controllers[i], sealed);
            struct gb_record *b = run_of(controllers[j], controllers[j], sealed);
            if (EXPECT(mixed && a && b)) {
                EXPECT_INT((int64_t)n_apart(mixed, a, 0), 0);
                EXPECT_INT((int64_t)n_apart(mixed, b, N_FARMS), 0);
                EXPECT((n_apart(mixed, b, 0) > 0) == (i != j));
            }
            gb_record_free(mixed);
            gb_record_free(a);
            gb_record_free(b);
        }
}

/* Kinds that all say what the scenario says are a village in which it is said once. */
static void what_all_kinds_say_the_scenario_may_say(void)
{
    static const char *const said[][2] = {
        {", controller: contract", "storage.controller: contract\n"},
        {", controller: price_threshold, price_low: 0.45", "storage.controller: price_threshold\n"
                                                           "storage.price_low: 0.45\n"},
        {", baseline: none", "storage.baseline: none\n"},
        {", wear: 0.04", "storage.wear: 0.04\n"}};

    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        struct gb_record *by_kind = run_of(said[i][0], said[i][0], "");
        struct gb_record *by_all = run_of("", "", said[i][1]);
        EXPECT(by_kind && by_all && records_are_equal(by_kind, by_all));
        gb_record_free(by_kind);
        gb_record_free(by_all);
    }
}

/* Who follows what was traded does so where others do not: the farms hold their meters nearer to
 * their contracts than under own use, and the others are run as without them. */
static void a_kind_follows_its_contracts_alone(void)
{
    struct gb_record *mixed = run_of(", controller: contract", "", "");
    struct gb_record *greedy = run_of("", "", "");

    if (EXPECT(mixed && greedy)) {
        const struct gb_user_row *a = gb_record_rows(mixed, GB_TABLE_USERS);
        const struct gb_user_row *b = gb_record_rows(greedy, GB_TABLE_USERS);
        int64_t missed = 0, missed_greedy = 0;
        for (uint32_t i = 0; i < N_FARMS; i++) {
            missed += a[i].imbalance_short_wh;
            missed_greedy += b[i].imbalance_short_wh;
        }
        EXPECT(missed_greedy > 0 && missed < missed_greedy);
        EXPECT(n_apart(mixed, greedy, 0) > 0);
        EXPECT_INT((int64_t)n_apart(mixed, greedy, N_FARMS), 0);
    }
    gb_record_free(mixed);
    gb_record_free(greedy);
}

/* A day of a battery of 8 kWh (depth .75, so 2 to 8; 4 at the start; 90 % of a round trip, so
 * .9486833 each way) by `0:00 0, 2:00 1, 4:00 -2`, in hours:
 *   from 2:00 two of 1 kW, each adding 948.683 Wh: 4948.683, 5897.367
 *   from 4:00 on 2 kW out, each of 2000 / .9486833 = 2108.185 Wh: 3789.182
 *   what is left above 2000 at 5:00 gives 1789.182 x .9486833 = 1697.367 Wh; then it is empty */
static void a_day_by_hand(void)
{
    static const int64_t charge[7] = {0, 0, 1000, 1000, 0, 0, 0};
    static const int64_t discharge[7] = {0, 0, 0, 0, 2000, 1697, 0};
    static const int64_t stored[7] = {4000, 4000, 4949, 5897, 3789, 2000, 2000};
    struct gb_record *record = run_text(
        PATH, "format: 1\nslots: 7\nslot: 1 h\nstart_date: 2024-06-01\noutput.level: meters\n"
              "chain.crypto: modelled\nhouseholds:\n"
              "  flat: {count: 1, storage: {capacity: 8, controller: none}}\n"
              "  row: {count: 1, storage: {capacity: 8, controller: schedule, baseline: none, "
              "wear: 0.02, schedule: '0:00 0, 2:00 1, 4:00 -2'}}\n");
    const struct gb_meter_row *rows = record ? gb_record_rows(record, GB_TABLE_METERS) : NULL;

    for (size_t i = 0; rows && i < gb_record_n_rows(record, GB_TABLE_METERS); i++) {
        int64_t k = rows[i].interval;
        bool runs = rows[i].meter == 1;
        EXPECT_INT(rows[i].charge_wh, runs ? charge[k] : 0);
        EXPECT_INT(rows[i].discharge_wh, runs ? discharge[k] : 0);
        EXPECT_INT(rows[i].stored_wh, runs ? stored[k] : 4000);
        EXPECT_INT(rows[i].baseline_stored_wh,
                   runs ? 4000 : rows[i].baseline_stored_wh); /* of the flat: greedy */
        EXPECT(runs || k < 6 || rows[i].baseline_stored_wh < 4000);
    }
    if (record) { /* 5697 Wh at 0.02 a kWh: 0.11394; of the flat, 0 a kWh */
        const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);
        EXPECT_INT(users[0].storage_wear_cost, 0);
        EXPECT_INT(users[1].storage_wear_cost, 113940000);
        EXPECT_INT(summary_of(record)->storage_wear_cost, 113940000);
    }
    gb_record_free(record);
}

static void what_a_kind_does_not_follow_is_refused(void)
{
    char text[2048], said[4096];

    snprintf(text, sizeof text, VILLAGE, ", price_low: 0.3",
             ", controller: schedule, price_high: 0.2", "");
    struct gb_scenario *scenario = scenario_of_text(PATH, text, said, sizeof said);
    EXPECT(!scenario);
    EXPECT_TEXT(
        said,
        ":8:92: 'households.farm.storage.price_low' is for "
        "households.farm.storage.controller: price_threshold, and "
        "households.farm.storage.controller is greedy; nothing reads it beside that: remove it\n"
        ":9:113: 'households.row.storage.price_high' is for "
        "households.row.storage.controller: price_threshold, and "
        "households.row.storage.controller is schedule; nothing reads it beside that: remove it\n");
    gb_scenario_free(scenario);
    snprintf(text, sizeof text, VILLAGE, ", controller: schedule, schedule: '8:00'",
             ", controller: price_threshold, price_low: 0.55", "");
    scenario = scenario_of_text(PATH, text, said, sizeof said);
    EXPECT(!scenario);
    EXPECT_TEXT(
        said,
        ":8:113: households.farm.storage.schedule: expected times of day, ascending, each with a "
        "power in kW, like `0:00 0, 11:00 2, 18:30 -1.5`, got '8:00'\n"
        ":9:119: households.row.storage.price_low: storage.price_low of this kind is above its "
        "storage.price_high\n");
    gb_scenario_free(scenario);
}

/* A file with a setting over it; NULL: what is wrong is in `said`. */
static struct gb_scenario *load_with(const char *text, const char *setting, char *said, size_t size)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};

    write_text(PATH, text);
    gb_scenario_load(&scenario, NULL, PATH, 1, &setting, diagnostics, &err);
    snprintf(said, size, "%s",
             gb_diagnostics_count(diagnostics) ? gb_diagnostics_at(diagnostics, 0) : err.text);
    gb_diagnostics_free(diagnostics);
    unlink(PATH);
    return scenario;
}

/* Of what a file gives a kind, a setting that selects another controller, of the kind or of all,
 * takes back what then nothing reads; what a setting itself gives is refused. */
static void a_setting_of_another_controller_overrules_options_of_a_file(void)
{
    static const char *const overruled[] = {
        "households.farm.storage.controller=none", "storage.controller=greedy",
        "households.row.ev.controller=at_once", "households.row.agents.strategy=truthful"};
    static const char *const gone[] = {"farm.storage.price_low", "row.storage.schedule",
                                       "row.ev.price_limit", "row.agents.shade"};
    char text[2048], said[4096];

    snprintf(text, sizeof text, VILLAGE, ", controller: price_threshold, price_low: 0.3",
             ", schedule: '8:00 1'}, ev: {controller: price_limit, price_limit: 0.3}, agents: "
             "{strategy: fixed_shade, shade: 0.02",
             "storage.controller: schedule\n");
    for (size_t i = 0; i < sizeof overruled / sizeof overruled[0]; i++) {
        struct gb_scenario *scenario = load_with(text, overruled[i], said, sizeof said);
        char *stored = NULL;
        EXPECT_TEXT(said, "");
        if (scenario && EXPECT_INT(gb_scenario_text(scenario, &stored, NULL), GB_OK))
            for (size_t j = 0; j < sizeof gone / sizeof gone[0]; j++)
                EXPECT(!strstr(stored, gone[j]) == (i == j));
        free(stored);
        gb_scenario_free(scenario);
    }
    struct gb_scenario *scenario =
        load_with(text, "households.farm.storage.schedule=9:00 1", said, sizeof said);
    EXPECT(!scenario && strstr(said, "'households.farm.storage.schedule' is for "
                                     "households.farm.storage.controller: schedule, and "
                                     "households.farm.storage.controller is price_threshold"));
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_kind_does_as_in_a_village_of_its_controller_alone),
        TAP(what_all_kinds_say_the_scenario_may_say),
        TAP(a_kind_follows_its_contracts_alone),
        TAP(a_day_by_hand),
        TAP(what_a_kind_does_not_follow_is_refused),
        TAP(a_setting_of_another_controller_overrules_options_of_a_file),
        {0}};

    return tap_main("village_storage", tests);
}
