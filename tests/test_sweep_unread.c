/* Keys that some cells of a sweep read and others do not: these leave them out, and what no cell
 * reads is refused. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/sweeps.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define SCENARIO "test_sweep_unread.tmp.scenario.yaml"
#define SWEEP "test_sweep_unread.tmp.yaml"
#define FOLDER "test_sweep_unread.tmp"
#define FRAME "format: 1\nscenario: " SCENARIO "\n"

static const char plain[] = "format: 1\nslots: 2\nmeters.count: 4\n";

static struct gb_sweep *load(const char *scenario, const char *text)
{
    return sweep_of_texts(SCENARIO, scenario, SWEEP, text, 0);
}

/* What the scenario of a trial says of a key. returns buffer */
static const char *value_in(const struct gb_sweep *sweep, uint64_t trial, const char *key,
                            char buffer[GB_PARAM_TEXT_SIZE])
{
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};

    buffer[0] = '\0';
    if (EXPECT_INT(gb_sweep_scenario(sweep, trial, &scenario, &err), GB_OK))
        gb_scenario_value(scenario, key, buffer, GB_PARAM_TEXT_SIZE);
    gb_scenario_free(scenario);
    return buffer;
}

/* Expects the value of a key in each of two cells, also of the sweep as a result stores it. */
static void expect_in_two(const char *scenario, const char *text, const char *key,
                          const char *first, const char *second)
{
    struct gb_sweep *sweep = load(scenario, text), *stored;
    char value[GB_PARAM_TEXT_SIZE];

    if (!EXPECT(sweep != NULL))
        return;
    stored = sweep_as_stored(FOLDER, sweep);
    EXPECT_INT(gb_sweep_n_trials(sweep), 2);
    EXPECT_TEXT(value_in(sweep, 0, key, value), first);
    EXPECT_TEXT(value_in(sweep, 1, key, value), second);
    if (stored) {
        EXPECT_TEXT(value_in(stored, 0, key, value), first);
        EXPECT_TEXT(value_in(stored, 1, key, value), second);
    }
    gb_sweep_free(stored);
    gb_sweep_free(sweep);
}

static void a_setting_is_left_out_of_cells_that_do_not_read_it(void)
{
    expect_in_two(plain, FRAME "set: {ev.power: 7}\nvary: {meters.ev_share: [0, 0.5]}\n",
                  "ev.power", "3.6", "7");
    expect_in_two(plain,
                  FRAME "set: {heat_pump.flow: 35}\nvary: {meters.heat_pump_share: [0, 1]}\n",
                  "heat_pump.flow", "55", "35");
    expect_in_two(plain, FRAME "set: {storage.power: 2}\nvary: {meters.storage_share: [0, 1]}\n",
                  "storage.power", "2", "2"); /* which is refused nowhere */
    expect_in_two(plain,
                  FRAME "set: {agents.beta_low: 0.2}\nvary: {agents.beta: [market, drawn]}\n",
                  "agents.beta_low", "0", "0.2");
}

static void a_kinds_setting_is_left_out_likewise(void)
{
    expect_in_two("format: 1\nslots: 2\nhouseholds: {farm: {count: 2, storage: {}}}\n",
                  FRAME "set: {households.farm.storage.price_low: 0.1}\n"
                        "vary: {households.farm.storage.controller: [greedy, price_threshold]}\n",
                  "households.farm.storage.price_low", "0.4", "0.1");
}

static void a_varied_key_makes_one_cell_where_nothing_reads_it(void)
{
    struct gb_sweep *sweep =
        load(plain, FRAME "vary: {meters.ev_share: [0, 0.5], ev.power: [3, 7]}\n");

    if (!EXPECT(sweep != NULL))
        return;
    EXPECT_INT(gb_sweep_n_trials(sweep), 3); /* none; 3 kW; 7 kW */
    EXPECT_INT(gb_sweep_n_merged(sweep), 1);
    EXPECT_TEXT(gb_sweep_value(sweep, 1, 0), "-");
    EXPECT_TEXT(gb_sweep_value(sweep, 1, 1), "3");
    EXPECT_TEXT(gb_sweep_value(sweep, 1, 2), "7");
    gb_sweep_free(sweep);
}

static void a_setting_that_the_command_line_makes_read_is_of_the_base(void)
{
    static const char *const settings[] = {"meters.ev_share=0.5"};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_sweep *sweep = NULL;
    char value[GB_PARAM_TEXT_SIZE];
    struct gb_error err = {0};

    write_text(SCENARIO, plain);
    write_text(SWEEP, FRAME "set: {ev.power: 7}\nvary: {market.beta: [0, 0.5]}\n");
    EXPECT_INT(gb_sweep_load(&sweep, NULL, SWEEP, 1, settings, 0, diagnostics, &err), GB_OK);
    if (sweep)
        EXPECT_TEXT(gb_scenario_value(gb_sweep_base(sweep), "ev.power", value, sizeof value), "7");
    gb_sweep_free(sweep);
    gb_diagnostics_free(diagnostics);
    unlink(SCENARIO);
    unlink(SWEEP);
}

static void what_no_cell_reads_is_refused_with_the_reason(void)
{
    static const char why[] = "nothing reads it in any cell: 'ev.power' is for scenarios in which "
                              "somebody owns an electric vehicle, and meters.ev_share is 0";
    static const struct {
        const char *text, *said;
    } cases[] = {
        {FRAME "set: {ev.power: 7}\nvary: {meters.ev_share: [0]}\n", SWEEP ":3:17: ev.power=7: "},
        {FRAME "vary: {market.beta: [0, 1], ev.power: [3, 7]}\n", SWEEP ":3:29: ev.power: "},
    };
    struct gb_error err = {0};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_diagnostics *diagnostics = gb_diagnostics_create();
        struct gb_sweep *sweep = NULL;
        char said[512];

        write_text(SCENARIO, plain);
        write_text(SWEEP, cases[i].text);
        EXPECT_INT(gb_sweep_load(&sweep, NULL, SWEEP, 0, NULL, 0, diagnostics, &err), GB_ECONFIG);
        snprintf(said, sizeof said, "%s%s", cases[i].said, why);
        if (EXPECT_INT((int64_t)gb_diagnostics_count(diagnostics), 1))
            EXPECT_TEXT(gb_diagnostics_at(diagnostics, 0), said);
        gb_diagnostics_free(diagnostics);
        unlink(SCENARIO);
        unlink(SWEEP);
    }
}

/* Settings that change nothing are told, but for those that some cell reads. */
static void a_setting_that_no_cell_reads_is_known(void)
{
    static const struct {
        const char *text, *unread;
    } cases[] = {
        {"set: {chain.protocol: ideal, chain.delay: constant 20 ms}\nvary: {market.beta: [0, 1]}\n",
         "chain.delay=constant 20 ms"},
        {"set: {chain.delay: constant 20 ms}\nvary: {chain.protocol: [ideal, pbft]}\n", NULL},
        {"set: {market.beta: 0.5}\nvary: {meters.count: [4, 5]}\n", NULL},
        {"cases:\n  - {name: ideal, set: {chain.protocol: ideal, chain.nodes: 7}}\n"
         "  - {name: pbft, set: {chain.protocol: pbft, chain.nodes: 7}}\n",
         "chain.nodes=7"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];

        snprintf(text, sizeof text, FRAME "%s", cases[i].text);
        struct gb_sweep *sweep = load(plain, text);
        if (!EXPECT(sweep != NULL))
            return;
        if (EXPECT_INT((int64_t)gb_sweep_n_unread(sweep), cases[i].unread != NULL) &&
            cases[i].unread)
            EXPECT_TEXT(gb_sweep_unread(sweep, 0), cases[i].unread);
        gb_sweep_free(sweep);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_setting_is_left_out_of_cells_that_do_not_read_it),
        TAP(a_kinds_setting_is_left_out_likewise),
        TAP(a_varied_key_makes_one_cell_where_nothing_reads_it),
        TAP(a_setting_that_the_command_line_makes_read_is_of_the_base),
        TAP(what_no_cell_reads_is_refused_with_the_reason),
        TAP(a_setting_that_no_cell_reads_is_known),
        {0}};
    return tap_main("sweep_unread", tests);
}
