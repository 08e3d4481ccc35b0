/* Keys of kinds of households: what is stored of them, named and varied, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/sweeps.h"
#include "tests/tap.h"
#include "tests/village_runs.h"

#define PATH "test_village_keys.yaml"
#define HEAD "format: 1\nslots: 40\nstart_date: 2024-06-01\noutput.level: meters\n"
#define VILLAGE                                                                            \
    HEAD "chain.crypto: modelled\nhouseholds:\n  flat: {count: 6, load: {yearly: 2200}}\n" \
         "  farm: {count: 2, load: {yearly: 9000}, pv: {size: 25, size_sd: 3, tilt: 20}, " \
         "storage: {capacity: 10, power: 6}}\n"

/* A scenario of a beginning and what stands behind it is refused in these words. */
static void expect_refused(const char *begin, const char *behind, const char *words)
{
    char text[512], said[4096];

    snprintf(text, sizeof text, "%s%s\n", begin, behind);
    struct gb_scenario *scenario = scenario_of_text(PATH, text, said, sizeof said);
    EXPECT(!scenario);
    EXPECT_TEXT(said, words);
}

static void a_stored_village_runs_again_to_the_same_rows(void)
{
    struct gb_scenario *scenario = good_scenario(PATH, VILLAGE "storage.depth: 0.6\n"),
                       *again = NULL;
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
    struct gb_scenario *scenario = good_scenario(
        PATH, "format: 1\npv.tilt: 30\nhouseholds: {a: {count: 2, pv: {tilt: 10}}}\n");
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
        PATH, VILLAGE, "test_village_keys_sweep.yaml",
        "format: 1\nscenario: " PATH "\nvary:\n  households: {farm: {count: 1:3:1, pv: {size: "
        "[10, 20]}}}\n  households.flat.pv: [yes, no]\n",
        2);
    struct gb_sweep *stored = sweep ? sweep_as_stored("test_village_keys_sweep", sweep) : NULL;

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
        ":2:17: 'meters.count' is for scenarios without kinds of households: their counts add up; nothing reads it beside that: remove it\n"
        ":2:33: 'meters.wind_share' is for scenarios without kinds of households: these own what they "
        "name; nothing reads it beside that: remove it\n"
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

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_refused("format: 1\nhouseholds: ", cases[i].households, cases[i].said);
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

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_refused("format: 1\n", cases[i].text, cases[i].said);
}

/* Keys that the misspelt name would have them read, or that it would give, are not missed. */
static void what_a_misspelt_name_would_have_brought_is_no_further_mistake(void)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"heat_pump: {heat_loss: 150, store: 10}\nhuoseholds: {warm: {count: 2, heat_pump: {}}}\n",
         ":3:1: there is no section 'huoseholds' (did you mean 'households'?)\n"},
        {"heat_pump: {heat_loss: 150}\nhouseholds: {c: {count: 3}, wa rm: {count: 2, heat_pump: {}}}\n",
         ":3:29: households.wa rm: expected a name of letters, digits, - and _, at most 31, a letter "
         "first\n"},
        {"heat_pump: {heat_loss: 150}\nhouseholds: {c: {count: 3}, ste.ady: {count: 2, heat_pump: {}}}\n",
         ":3:29: unknown key 'households.ste.ady'\n"},
        {"heat_pump: {store: 10}\nhouseholds: {warm: {count: 2, heat_pmp: {}}}\n",
         ":3:31: unknown key 'households.warm.heat_pmp' (did you mean "
         "'households.warm.heat_pump'?)\n"},
        {"heat_pump: {store: 10}\nmeters: {heat_pump_shar: 0.5}\n",
         ":3:10: unknown key 'meters.heat_pump_shar' (did you mean 'meters.heat_pump_share'?)\n"},
        {"heat_pump: {store: 10}\nmeters: {heat_pump_share: x}\n",
         ":3:27: meters.heat_pump_share: expected a number from 0 to 1, got 'x'\n"},
        {"households: {warm: {cuont: 2}}\n",
         ":2:21: unknown key 'households.warm.cuont' (did you mean 'households.warm.count'?)\n"},
        {"households: {a: {shrae: 0.5}, b: {share: 0.5}}\n",
         ":2:18: unknown key 'households.a.shrae' (did you mean 'households.a.share'?)\n"},
        /* of others it is */
        {"heat_pump: {store: 10}\nhouseholds: {warm: {number: 2, pv: {}}}\ntariff: {retial: 0.4}\n",
         ":3:14: households.warm: expected how many homes are of this kind: count, or share of "
         "meters.count\n"
         ":3:21: unknown key 'households.warm.number'\n"
         ":4:10: unknown key 'tariff.retial' (did you mean 'tariff.retail'?)\n"},
        {"heat_pump: {store: 10}\nhouseholds: {warm: {count: 2}}\ntariff: {retial: 0.4}\n",
         ":2:20: 'heat_pump.store' is for scenarios in which somebody owns a heat pump, and no kind of "
         "households has one (`heat_pump: {}`); nothing reads it beside that: remove it\n"
         ":4:10: unknown key 'tariff.retial' (did you mean 'tariff.retail'?)\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_refused("format: 1\n", cases[i].text, cases[i].said);
}

static void a_setting_makes_no_kind(void)
{
    struct gb_scenario *scenario = good_scenario(PATH, VILLAGE);
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
        TAP(a_section_that_there_is_none_of_is_one_mistake),
        TAP(what_a_misspelt_name_would_have_brought_is_no_further_mistake),
        TAP(a_stored_village_runs_again_to_the_same_rows),
        TAP(keys_of_kinds_are_named_among_those_that_were_set),
        TAP(a_sweep_varies_keys_of_kinds),
        TAP(wrong_kinds_are_all_named_with_their_places),
        TAP(a_value_where_keys_belong_is_told_which),
        TAP(counts_and_shares_that_make_no_village_are_refused),
        TAP(a_setting_makes_no_kind),
        TAP(a_yearly_energy_of_none_is_the_scenario_s_load),
        {0}};
    return tap_main("village_keys", tests);
}
