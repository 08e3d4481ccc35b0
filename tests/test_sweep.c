/* Sweep files: which trial is which, values taken exactly, what is refused, and what is stored. */
#include "experiments/sweep/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/market/two_round/options.h"
#include "tests/sweeps.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define SCENARIO "test_sweep.tmp.scenario.yaml"
#define SWEEP "test_sweep.tmp.yaml"
#define FOLDER "test_sweep.tmp"

static struct gb_sweep *load_repeated(const char *text, int64_t replications)
{
    return sweep_of_texts(SCENARIO, sweep_four_meters, SWEEP, text, replications);
}

static struct gb_sweep *load(const char *text)
{
    return load_repeated(text, 0);
}

static const char grid[] = "format: 1\nscenario: " SCENARIO "\nreplications: 3\nvary:\n"
                           "  market.beta: 0:0.3:0.1\n  meters: {count: [4, 6]}\n";

static void replications_run_fastest_and_the_first_key_slowest(void)
{
    struct gb_sweep *sweep = load(grid);
    static const char *const betas[] = {"0", "0.1", "0.2", "0.3"}, *const counts[] = {"4", "6"};
    char text[128];

    EXPECT_INT(gb_sweep_n_trials(sweep), 4 * 2 * 3);
    EXPECT_INT(gb_sweep_n_keys(sweep), 2);
    EXPECT_TEXT(gb_sweep_key(sweep, 0), "market.beta");
    EXPECT_TEXT(gb_sweep_key(sweep, 1), "meters.count");
    for (uint64_t trial = 0; trial < 24; trial++) {
        struct gb_scenario *scenario = NULL;
        struct gb_error err = {0};
        EXPECT_TEXT(gb_sweep_value(sweep, 0, trial), betas[trial / 6]);
        EXPECT_TEXT(gb_sweep_value(sweep, 1, trial), counts[trial / 3 % 2]);
        EXPECT_INT(gb_sweep_scenario(sweep, trial, &scenario, &err), GB_OK);
        EXPECT_INT(gb_two_round_options(&scenario->market)->beta_millionths,
                   (int64_t)(trial / 6) * 100000);
        EXPECT_INT(scenario->physics.fleet.n_meters, trial / 3 % 2 ? 6 : 4);
        EXPECT_INT(scenario->replication, (int64_t)(trial % 3));
        EXPECT_INT(scenario->seed, 1);
        gb_scenario_free(scenario);
    }
    EXPECT_TEXT(gb_sweep_describe(sweep, 10, text, sizeof text),
                "market.beta=0.1, meters.count=6, seed 1, replication 1");
    gb_sweep_free(sweep);
}

static void a_range_is_decimal_arithmetic(void)
{
    struct gb_sweep *sweep =
        load("format: 1\nscenario: " SCENARIO "\nvary: {market.beta: 0:1:0.05}\n");
    char expected[16];

    EXPECT_INT(gb_sweep_n_trials(sweep), 21);
    for (int i = 0; i <= 20; i++) {
        snprintf(expected, sizeof expected,
                 i % 20 == 0  ? "%d"
                 : i % 2 == 0 ? "0.%d"
                              : "0.%02d",
                 i % 20 == 0  ? i / 20
                 : i % 2 == 0 ? i / 2
                              : 5 * i);
        EXPECT_TEXT(gb_sweep_value(sweep, 0, (uint64_t)i), expected);
    }
    gb_sweep_free(sweep);
}

/* What reading `text` complains of; nothing may be left of the sweep. */
static void refuse(const char *text, size_t n, const char *description)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_sweep *sweep = NULL;
    struct gb_error err = {0};

    write_text(SCENARIO, "format: 1\nslots: 2\nslot: 2 h\nmarket.open: 1 h\nmeters.count: 4\n");
    write_text(SWEEP, text);
    EXPECT_INT(gb_sweep_load(&sweep, NULL, SWEEP, 0, NULL, 0, diagnostics, &err), GB_ECONFIG);
    EXPECT_INT((int64_t)gb_diagnostics_count(diagnostics), (int64_t)n);
    for (size_t i = n; i < gb_diagnostics_count(diagnostics); i++)
        tap_note("%s", gb_diagnostics_at(diagnostics, i));
    if (gb_diagnostics_count(diagnostics) > 0 &&
        !EXPECT(strstr(gb_diagnostics_at(diagnostics, 0), description) != NULL))
        tap_note("expected '%s', got '%s'", description, gb_diagnostics_at(diagnostics, 0));
    gb_diagnostics_free(diagnostics);
    unlink(SCENARIO);
    unlink(SWEEP);
}

static void a_value_counts_once_and_a_bad_range_is_one_mistake(void)
{
    refuse("format: 1\nscenario: " SCENARIO "\nvary: {market.beta: [0:1:0.1, 0.5:1:0.1]}\n", 1,
           "market.beta: the value 0.5 stands here twice");
    refuse("format: 1\nscenario: " SCENARIO "\nvary: {market.beta: [0.1, 0.2, 0.10]}\n", 1,
           "market.beta: the value 0.1 stands here twice");
    refuse("format: 1\nscenario: " SCENARIO "\nvary: {market.beta: 0:99999:1}\n", 1,
           "market.beta: expected a number from 0 to 1 with at most 6 decimals, got '2'");
    refuse("format: 1\nscenario: " SCENARIO "\nvary: {market.beta: [0:0.06:0.000001, "
           "0.5:0.6:0.000001]}\n",
           1, "at most 100000");
    refuse("format: 1\nscenario: " SCENARIO "\nvary: {meters.count: [010, 1_0]}\n", 2,
           "got '010': 10 to some readers and 8, in octal, to others");
    refuse("format: 1\nscenario: " SCENARIO "\nset: {days: 12:30}\nvary: {meters.count: [4]}\n", 1,
           "got '12:30': 750 to readers that count in sixties");
}

static void a_list_mixes_values_ranges_and_words(void)
{
    struct gb_sweep *sweep = load("format: 1\nscenario: " SCENARIO "\nset: {chain.protocol: pbft}\n"
                                  "vary:\n  market.requote.rounds: [0:2:1, 10, until_cross]\n"
                                  "  chain.delay: [constant 5 ms, exponential 1s]\n");

    EXPECT_INT(gb_sweep_n_trials(sweep), 10);
    EXPECT_TEXT(gb_sweep_value(sweep, 0, 3), "1");
    EXPECT_TEXT(gb_sweep_value(sweep, 0, 8), "until_cross");
    EXPECT_TEXT(gb_sweep_value(sweep, 1, 1), "exponential 1 s");
    gb_sweep_free(sweep);
}

static void ranges_are_of_durations_dates_delays_and_factors(void)
{
    struct gb_sweep *sweep = load(
        "format: 1\nscenario: " SCENARIO "\nset: {chain.protocol: pbft}\nvary:\n"
        "  market.gate: 5 min:15 min:5 min\n"
        "  start_date: 2023-02-27:2023-03-06:7 d\n"
        "  chain.delay: [constant 20 ms:500 ms:80 ms, lognormal 1 ms:100 ms:*10 0.5]\n"
        "  chain.client_delay: lognormal 1 s 0.5:1:0.25\n"
        "  market.capacity: 10:1000:*10\n  meters.count: [1, 7]\n  output.level: [summary, market]\n");
    static const struct {
        size_t key;
        uint64_t value;
        const char *text;
    } expected[] = {{0, 0, "5 min"},
                    {0, 2, "15 min"},
                    {1, 1, "2023-03-06"},
                    {2, 0, "constant 20 ms"},
                    {2, 6, "constant 500 ms"},
                    {2, 7, "lognormal 1 ms 0.5"},
                    {2, 9, "lognormal 100 ms 0.5"},
                    {3, 1, "lognormal 1 s 0.75"},
                    {4, 1, "100"},
                    {4, 2, "1000"},
                    {5, 1, "7"},
                    {6, 1, "market"}};
    static const uint64_t n[] = {3, 2, 10, 3, 3, 2, 2};

    EXPECT_INT(gb_sweep_n_trials(sweep), 3 * 2 * 10 * 3 * 3 * 2 * 2);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        uint64_t stride = 1;
        for (size_t k = expected[i].key + 1; k < sizeof n / sizeof n[0]; k++)
            stride *= n[k];
        EXPECT_TEXT(gb_sweep_value(sweep, expected[i].key, stride * expected[i].value),
                    expected[i].text);
    }
    gb_sweep_free(sweep);
}

static void a_range_that_misses_its_end_names_the_nearest_that_it_would_land_on(void)
{
    static const struct {
        const char *vary, *said;
    } cases[] = {
        {"market.beta: 0:1:0.3",
         "market.beta: the range 0:1:0.3 does not land on its end; 0.9 would"},
        {"market.beta: 0:0.8:0.3", "0.9 would be one"},
        {"market.gate: 1 min:10 min:4 min", "9 min would be one"},
        {"start_date: 2023-01-01:2023-01-31:7 d", "2023-01-29 would be one"},
        {"chain.delay: constant 20 ms:490 ms:80 ms", "500 ms would be one"},
        {"market.capacity: 10:900:*10", "1000 would be one"},
        {"market.capacity: 10:300:*10", "100 would be one"},
        {"market.capacity: 10:1000:*0.5", "with a factor above 1"},
        {"market.gate: 5:15:5", "expected a range like `5 min:30 min:5 min` or"},
        {"start_date: 2023-01-01:2023-01-08:36 h", "expected a range like `2023-01-01:"},
        {"chain.delay: constant 20 ms:500 ms",
         "expected a range like `constant 20 ms:500 ms:80 ms`"},
        {"meters.count: 10:20", "expected a range like `10:50:10` or `10:1000:*10`, got '10:20'"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];

        snprintf(text, sizeof text, "format: 1\nscenario: " SCENARIO "\nvary:\n  %s\n",
                 cases[i].vary);
        refuse(text, 1, cases[i].said);
    }
}

static const char worked[] =
    "format: 1\nscenario: " SCENARIO "\nset: {market.gate: 2 s}\nreplications: 2\ncases:\n"
    "  - {name: ideal, set: {chain.protocol: ideal}}\n"
    "  - name: pbft\n    set: {chain.protocol: pbft}\n    vary:\n      chain.nodes: [4, 16, 64]\n"
    "      chain.delay: constant 20 ms:500 ms:80 ms\n"
    "vary:\n  meters.count: 10:1000:*10\n"
    "zip:\n  - {market.open: [15 min, 30 min], agents.reaction: [exponential 20 s, "
    "exponential 60 s]}\n";

/* Cells: one of `ideal` and 3 x 7 of `pbft`, each at three sizes and two leads; two replications.
 */
static void a_case_has_a_grid_of_its_own_under_the_shared_one(void)
{
    struct gb_sweep *sweep = load(worked), *back = sweep_as_stored(FOLDER, sweep);
    static const char *const columns[] = {"case",         "chain.nodes", "chain.delay",
                                          "meters.count", "market.open", "agents.reaction"};
    static const struct {
        uint64_t trial;
        const char *values[6];
    } rows[] = {
        {0, {"ideal", "-", "-", "10", "15 min", "exponential 20 s"}},
        {11, {"ideal", "-", "-", "1000", "30 min", "exponential 1 min"}},
        {12, {"pbft", "4", "constant 20 ms", "10", "15 min", "exponential 20 s"}},
        {24, {"pbft", "4", "constant 100 ms", "10", "15 min", "exponential 20 s"}},
        {263, {"pbft", "64", "constant 500 ms", "1000", "30 min", "exponential 1 min"}},
    };

    EXPECT_INT(gb_sweep_n_trials(sweep), 22 * 3 * 2 * 2);
    EXPECT_INT(gb_sweep_n_merged(sweep), 0);
    if (!EXPECT_INT((int64_t)gb_sweep_n_keys(sweep), 6))
        return;
    for (size_t k = 0; k < 6; k++)
        EXPECT_TEXT(gb_sweep_key(sweep, k), columns[k]);
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        for (size_t k = 0; k < 6; k++) {
            EXPECT_TEXT(gb_sweep_value(sweep, k, rows[r].trial), rows[r].values[k]);
            EXPECT_TEXT(gb_sweep_value(back, k, rows[r].trial), rows[r].values[k]);
        }
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};
    EXPECT_INT(gb_sweep_scenario(back, 263, &scenario, &err), GB_OK);
    EXPECT(scenario && scenario->n_nodes == 64 && scenario->physics.fleet.n_meters == 1000 &&
           scenario->replication == 1 && scenario->gate_ns == 2 * GB_NS_PER_SECOND);
    gb_scenario_free(scenario);
    gb_sweep_free(sweep);
    gb_sweep_free(back);
}

static void cells_that_differ_in_what_nothing_reads_run_once(void)
{
    struct gb_sweep *sweep =
        load("format: 1\nscenario: " SCENARIO "\nvary:\n  chain.protocol: [ideal, pbft]\n"
             "  chain.nodes: [4, 7, 10]\n  market.mechanism: [two_round, grid_only]\n");
    struct gb_sweep *equal = load("format: 1\nscenario: " SCENARIO "\ncases:\n"
                                  "  - {name: a, set: {days: 2}}\n  - {name: b, set: {days: 3}}\n"
                                  "vary: {market.beta: [0.1, 0.2]}\n");

    EXPECT_INT(gb_sweep_n_cells(sweep), 2 + 6);
    EXPECT_INT(gb_sweep_n_merged(sweep), 4);
    EXPECT_TEXT(gb_sweep_value(sweep, 1, 0), "-");
    EXPECT_TEXT(gb_sweep_value(sweep, 1, 7), "10");
    EXPECT_INT(gb_sweep_n_cells(equal), 2); /* slots are given, so that days says nothing */
    EXPECT_INT(gb_sweep_n_merged(equal), 2);
    gb_sweep_free(sweep);
    gb_sweep_free(equal);
}

static void cases_and_groups_that_make_no_sense_are_refused(void)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"cases: [{set: {days: 1}}]", "expected a case like {name: ideal"},
        {"cases: [{name: a}, {name: a}]", "there is a case 'a' already"},
        {"cases: [{name: a, sett: {days: 1}}]", "'sett': a case has name, set and vary"},
        {"cases: [{name: a, set: {day: 1}}]", "unknown key 'day'"},
        {"cases: {name: a}", "cases: expected a list of cases"},
        {"cases: [ideal]", "that it varies alone, got 'ideal'; `gridbourse explain cases`"},
        {"cases: [{name: a}, pbft]", "that it varies alone, got 'pbft'"},
        {"cases: [{name: a, set: days}]", "set: expected keys of the scenario, each with a value"},
        {"cases: [{name: a, vary: [days]}]", "vary: expected keys of the scenario, each with a"},
        {"cases: [{name: \"a=b\"}]", "expected a text without commas"},
        {"cases: [{name: a, set: {days: 1}}]\nvary: {days: [1, 2]}",
         "days is varied here and set by a case"},
        {"cases: [{name: a, vary: {days: [1, 2]}}]\nvary: {days: [1, 2]}", "days is varied twice"},
        {"vary: {days: [1, 2]}\nzip: [{days: [1, 2], meters.count: [1, 2]}]",
         "days is varied twice"},
        {"vary: {days: [1, 2], meters.count: [1, 2], days: [1, 3]}",
         "'vary.days' stands here a second time"},
        {"zip: [{days: [1, 2], meters.count: [1, 2]}, {days: [1, 2], start_date: [2023-01-18, 2023-04-19]}]",
         "days is varied twice"},
        {"cases: [{name: a, set: {seed: 3}}]",
         "'seed' cannot be varied; `replications: N` repeats every cell"},
        {"vary: {currency: [EUR, CNY]}", "'currency' cannot be varied: it is the same in every"},
        {"vary: {meters.count: 3:1:1}",
         "first:last:step that ascends in at most 100000 steps, got"},
        {"vary: {market.beta: 0:1:*2}",
         "first:last:*factor that begins above 0, with a factor above 1, got "},
        {"zip: [{days: [1, 2], meters.count: [1, 2, 3]}]",
         "zip: the keys of a group move together: days has 2 values, meters.count 3"},
        {"zip: {days: [1, 2]}", "zip: expected a list of groups"},
        {"zip: []", "zip: expected a list of groups"},
        {"redraw: []", "redraw: expected a list of one or more of weather"},
        {"zip: [{}]", "zip: a group without keys: expected keys that move together, as in"},
        {"zip: [{days: [1, 2]}, {market: {}}]", "zip: a group without keys"},
        {"cases: []\nvary: {days: [1, 2]}", "cases: expected a list of cases"},
        {"vary: {days: [1, 2]}\nuntil: [{kpi: saving}]", "until: expected kpi, a column of"},
        {"zip: [days]", "zip: expected a list of groups of keys, each with its values, got 'days'"},
        {"vary: {meters.count: [1, 2]}\nuntil: {kpi: savings, half_width: 1}",
         "until: kpi: expected a key figure of /summary, as in kpi: gain_per_user_day, got 'savings'"},
        {"vary: {meters.count: [1, 2]}\nuntil: {kpi: sellers_less_buyers_gain_per_kwh}",
         "until: half_width: expected a number above 0"},
        {"vary: {meters.count: [1, 2]}\nuntil: {kpi: saving, half_width: x}",
         "until: half_width: expected a number"},
        {"vary: {meters.count: [1, 2]}\nuntil: {kpi: saving, half_width: 1, pilot: 29}",
         "until: pilot: expected a whole number from 30"},
        {"vary: {meters.count: [1, 2]}\nuntil: {kpi: saving, half_width: 1, pilot: 40, max: 30}",
         "until: max: expected no fewer replications than the pilot has"},
        {"vary: {meters.count: [1, 2]}\nuntil: {kpi: saving, half_width: 1, against: meters.count=3}",
         "until: against: expected KEY=VALUE of cells that there are, as in against: case=ideal"},
        {"vary: {meters.count: [1, 2]}\nuntil: {kpi: saving, half_width: 1, per: day}",
         "unknown key 'per' (until has kpi, against, half_width, level, pilot and max)"},
        {"vary: {meters.count: [1, 2]}\nuntil: 30", "until: expected kpi, a column of /summary"},
        {"vary: {meters.count: [1, 2]}\nreplications: 3\nuntil: {kpi: saving, half_width: 1}",
         "until: stands beside `replications`: a sweep has one of the two"},
        {"vary: {days: [1, 2]}\naverage: {days: median}",
         "average: expected equal weights, as in average: {days: equal}"},
        {"vary: {days: [1, 2]}\naverage: {days: [1, 2]}",
         "average: expected equal weights, as in average: {days: equal}"},
        {"vary: {days: [1, 2]}\naverage: {meters.count: equal}",
         "average: meters.count is not varied by `vary`, so that there is nothing to average over"},
        {"vary: {days: [1, 2]}\naverage: {day: equal}", "unknown key 'day'"},
        {"vary: {days: [1, 2]}\naverage: days", "average: expected keys below `vary`"},
        {"zip: [{days: [1, 2], meters.count: [1, 2]}]\naverage: {days: equal}",
         "average: days moves together with other keys in `zip`"},
        {"vary: {chain.protocol: [ideal, pbft], chain.nodes: [4, 7]}\naverage: {chain.nodes: equal}",
         "average: nothing reads chain.nodes in some of the cells"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];

        snprintf(text, sizeof text, "format: 1\nscenario: " SCENARIO "\n%s\n", cases[i].text);
        refuse(text, 1, cases[i].said);
    }
}

static void until_takes_its_reference_in_whatever_words_a_scenario_would(void)
{
    struct gb_sweep *sweep = load("format: 1\nscenario: " SCENARIO "\n"
                                  "vary: {slot: [1 h, 30 min], market.open: [15 min, 1 h]}\n"
                                  "until: {kpi: saving, half_width: 1, "
                                  "against: \"slot=0.5 h,market.open=900 s\"}\n");

    EXPECT_TEXT(gb_sweep_until(sweep).against, "slot=30 min,market.open=15 min");
    gb_sweep_free(sweep);
    sweep = load("format: 1\nscenario: " SCENARIO "\nvary: {tariff.retail_by_time: "
                 "[\"0:00 0.5, 12:00 0.6\", \"0:00 0.55\"], meters.count: [3, 4]}\n"
                 "until: {kpi: saving, half_width: 1, "
                 "against: \"tariff.retail_by_time=0:00 0.5, 12:00 0.6,meters.count=3\"}\n");
    EXPECT_TEXT(gb_sweep_until(sweep).against,
                "tariff.retail_by_time=0:00 0.5, 12:00 0.6,meters.count=3");
    gb_sweep_free(sweep);
}

static void what_is_wrong_with_until_is_told_at_once_with_its_place(void)
{
    static const char frame[] = "format: 1\nscenario: " SCENARIO "\n";
    char text[512];

    snprintf(text, sizeof text, "%suntil: {kpi: savings, half_width: -1, pilot: 3}\n", frame);
    refuse(text, 3, SWEEP ":3:14: until: kpi: expected a key figure of /summary");
    snprintf(text, sizeof text,
             "%svary: {slot: [1 h, 2 h]}\nuntil: {kpi: saving, half_width: 1, against: slot=3 h}\n",
             frame);
    refuse(text, 1, SWEEP ":4:1: until: against: expected KEY=VALUE of cells that there are");
}

static void a_sweep_keeps_summaries_unless_it_says_otherwise(void)
{
    static const char *const sets[] = {"", "set: {output.level: market}\n"};

    for (int i = 0; i < 2; i++) {
        char text[256];
        struct gb_diagnostics *diagnostics = gb_diagnostics_create();
        struct gb_sweep *sweep = NULL;
        struct gb_error err = {0};

        write_text(SCENARIO, "format: 1\noutput.level: meters\n");
        snprintf(text, sizeof text, "format: 1\nscenario: " SCENARIO "\n%svary: {days: [1, 2]}\n",
                 sets[i]);
        write_text(SWEEP, text);
        EXPECT_INT(gb_sweep_load(&sweep, NULL, SWEEP, 0, NULL, 0, diagnostics, &err), GB_OK);
        EXPECT_INT(gb_sweep_base(sweep)->output_level,
                   i == 0 ? GB_OUTPUT_SUMMARY : GB_OUTPUT_MARKET);
        gb_sweep_free(sweep);
        sweep = NULL;
        EXPECT_INT(gb_sweep_load(&sweep, NULL, SWEEP, 1,
                                 (const char *const[]){"output.level=meters"}, 0, diagnostics,
                                 &err),
                   GB_OK);
        EXPECT_INT(gb_sweep_base(sweep)->output_level, GB_OUTPUT_METERS);
        gb_sweep_free(sweep);
        gb_diagnostics_free(diagnostics);
        unlink(SCENARIO);
        unlink(SWEEP);
    }
}

static void replications_that_are_asked_for_go_before_those_of_the_file(void)
{
    struct gb_sweep *sweep = load_repeated(grid, 2);
    struct gb_error err = {0};
    char *text = NULL;

    EXPECT_INT(gb_sweep_n_replications(sweep), 2);
    EXPECT_INT(gb_sweep_n_trials(sweep), 16);
    EXPECT_INT(gb_sweep_text(sweep, &text, &err), GB_OK);
    EXPECT(strstr(text, "replications: 2\n") != NULL);
    free(text);
    gb_sweep_free(sweep);
}

static void keys_that_are_averaged_over_stand_last(void)
{
    struct gb_sweep *sweep = load("format: 1\nscenario: " SCENARIO "\nreplications: 2\n"
                                  "vary: {market.beta: [0, 0.5, 1], meters.count: [1, 2]}\n"
                                  "average: {market.beta: equal}\n");
    struct gb_sweep *back = sweep_as_stored(FOLDER, sweep);

    EXPECT_TEXT(gb_sweep_key(sweep, 0), "meters.count");
    EXPECT_TEXT(gb_sweep_key(sweep, 1), "market.beta");
    EXPECT_INT(gb_sweep_averages(sweep).n, 1);
    EXPECT_INT(gb_sweep_averages(back).n_values[0], 3);
    EXPECT_INT(gb_sweep_n_cells(sweep), 6);
    gb_sweep_free(back);
    gb_sweep_free(sweep);
}

/* A trial has the same number before the pilot has said how many there are, and after. */
static void trials_of_two_stages_keep_their_numbers(void)
{
    struct gb_sweep *sweep =
        load("format: 1\nscenario: " SCENARIO "\nvary: {meters.count: [1, 2]}\n"
             "until: {kpi: saving, half_width: 0.5, max: 90}\n");
    struct gb_sweep *back = sweep_as_stored(FOLDER, sweep);
    const struct gb_sweep_part whole = {0}, third = {.shard = 3, .n_shards = 3};

    EXPECT_INT(gb_sweep_n_trials(back), 180);
    gb_sweep_begin_pilot(sweep);
    EXPECT_INT(gb_sweep_n_trials_of(sweep, &whole), 60);
    EXPECT_INT(gb_sweep_trial_in_order(sweep, 59), 90 + 29);
    EXPECT_TEXT(gb_sweep_value(sweep, 0, 90 + 29), "2");
    gb_sweep_fix(sweep, &(struct gb_replications){41, true});
    EXPECT_INT(gb_sweep_n_trials_of(sweep, &whole), 82);
    EXPECT_INT(gb_sweep_n_trials_of(sweep, &third), 26);
    EXPECT_TEXT(gb_sweep_value(sweep, 0, 90 + 29), "2");
    gb_sweep_free(back);
    gb_sweep_free(sweep);
}

static void the_stored_sweep_reads_back(void)
{
    struct gb_sweep *sweep = load(grid), *back = sweep_as_stored(FOLDER, sweep);
    struct gb_error err = {0};
    char *text = NULL;

    EXPECT_INT(gb_sweep_text(sweep, &text, &err), GB_OK);
    EXPECT_TEXT(text, "format: 1\nscenario: scenario.yaml\nreplications: 3\nvary:\n"
                      "  market.beta: [0, 0.1, 0.2, 0.3]\n  meters.count: [4, 6]\n");
    free(text);
    gb_sweep_free(back);
    gb_sweep_free(sweep);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(replications_run_fastest_and_the_first_key_slowest),
        TAP(a_range_is_decimal_arithmetic),
        TAP(a_list_mixes_values_ranges_and_words),
        TAP(ranges_are_of_durations_dates_delays_and_factors),
        TAP(a_range_that_misses_its_end_names_the_nearest_that_it_would_land_on),
        TAP(a_sweep_keeps_summaries_unless_it_says_otherwise),
        TAP(a_case_has_a_grid_of_its_own_under_the_shared_one),
        TAP(cells_that_differ_in_what_nothing_reads_run_once),
        TAP(cases_and_groups_that_make_no_sense_are_refused),
        TAP(until_takes_its_reference_in_whatever_words_a_scenario_would),
        TAP(what_is_wrong_with_until_is_told_at_once_with_its_place),
        TAP(a_value_counts_once_and_a_bad_range_is_one_mistake),
        TAP(replications_that_are_asked_for_go_before_those_of_the_file),
        TAP(keys_that_are_averaged_over_stand_last),
        TAP(trials_of_two_stages_keep_their_numbers),
        TAP(the_stored_sweep_reads_back),
        {0}};
    return tap_main("sweep", tests);
}
