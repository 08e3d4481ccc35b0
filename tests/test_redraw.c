/* `redraw`: what is redrawn differs from one replication to the next, what is kept is the same to
 * the last bit, and a trial of a sweep is the run of its scenario. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/run/run.h"
#include "experiments/sweep/sweep.h"
#include "tests/runs.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define SCENARIO "test_redraw.tmp.scenario.yaml"
#define SWEEP "test_redraw.tmp.yaml"

/* A morning under PBFT on slow links, meter by meter, of this replication. */
static struct gb_record *run_redrawn(const char *redraw, const char *replication)
{
    const char *const settings[] = {"slots=10",
                                    "meters.count=8",
                                    "meters.prosumer_share=0.6",
                                    "meters.wind_share=0.3",
                                    "chain.delay=exponential 5 s",
                                    "chain.client_delay=exponential 5 s",
                                    "output.level=meters",
                                    redraw,
                                    replication,
                                    NULL};
    return run_with(NULL, settings);
}

/* What a run shows of each kind of draws, as the sums of what is drawn so: weather as solar and
 * wind energy of the same systems, households as load, behaviour as reaction times, chain as times
 * to a stable block. The first two are metered, whatever agents do. */
struct signs {
    uint64_t of_kind[GB_N_DRAW_KINDS];
};

static uint64_t mix(uint64_t hash, int64_t value)
{
    return (hash ^ (uint64_t)value) * UINT64_C(0x100000001b3);
}

static struct signs signs_of(const struct gb_record *record)
{
    const struct gb_meter_row *meters = gb_record_rows(record, GB_TABLE_METERS);
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    struct signs signs = {{1, 1, 1, 1}};
    uint64_t *of = signs.of_kind;

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_METERS); i++) {
        of[GB_DRAWS_WEATHER] =
            mix(mix(of[GB_DRAWS_WEATHER], meters[i].solar_wh), meters[i].wind_wh);
        of[GB_DRAWS_HOUSEHOLDS] = mix(of[GB_DRAWS_HOUSEHOLDS], meters[i].load_wh);
    }
    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++) {
        of[GB_DRAWS_BEHAVIOUR] = mix(of[GB_DRAWS_BEHAVIOUR], orders[i].sent_ns);
        of[GB_DRAWS_CHAIN] = mix(of[GB_DRAWS_CHAIN], orders[i].stable_ns);
    }
    return signs;
}

static struct signs signs_of_run(const char *redraw, const char *replication)
{
    struct gb_record *record = run_redrawn(redraw, replication);
    struct signs signs = record ? signs_of(record) : (struct signs){{0}};

    gb_record_free(record);
    return signs;
}

/* What physics gives does not depend on agents, and what agents do not on the chain. */
static void what_is_redrawn_differs_and_what_comes_before_it_does_not(void)
{
    struct signs first = signs_of_run("redraw=[chain]", "replication=0");
    struct signs chain = signs_of_run("redraw=[chain]", "replication=3");
    struct signs behaviour = signs_of_run("redraw=[behaviour]", "replication=3");
    struct signs households = signs_of_run("redraw=households", "replication=3");
    struct signs weather = signs_of_run("redraw=weather", "replication=3");
    const int w = GB_DRAWS_WEATHER, h = GB_DRAWS_HOUSEHOLDS, b = GB_DRAWS_BEHAVIOUR,
              c = GB_DRAWS_CHAIN;

    EXPECT(chain.of_kind[w] == first.of_kind[w] && chain.of_kind[h] == first.of_kind[h]);
    EXPECT(chain.of_kind[b] == first.of_kind[b] && chain.of_kind[c] != first.of_kind[c]);
    EXPECT(behaviour.of_kind[w] == first.of_kind[w] && behaviour.of_kind[h] == first.of_kind[h]);
    EXPECT(behaviour.of_kind[b] != first.of_kind[b]);
    EXPECT(households.of_kind[h] != first.of_kind[h]);
    EXPECT(weather.of_kind[w] != first.of_kind[w] && weather.of_kind[h] == first.of_kind[h]);
}

static void all_four_redrawn_are_no_redraw_and_replication_0_is_the_same_under_any(void)
{
    struct gb_record *plain = run_redrawn("replication=3", NULL);
    struct gb_record *all =
        run_redrawn("redraw=[chain, behaviour, households, weather]", "replication=3");
    struct gb_record *first = run_redrawn("replication=0", NULL);
    struct gb_record *chain = run_redrawn("redraw=[chain]", "replication=0");

    EXPECT(plain && all && records_are_equal(plain, all));
    EXPECT(first && chain && records_are_equal(first, chain));
    gb_record_free(plain);
    gb_record_free(all);
    gb_record_free(first);
    gb_record_free(chain);
}

static void under_an_ideal_chain_nothing_is_left_of_the_draws_of_the_chain(void)
{
    const char *settings[] = {"slots=8",
                              "meters.count=6",
                              "chain.protocol=ideal",
                              "redraw=[chain]",
                              "output.level=meters",
                              "replication=0",
                              NULL};
    struct gb_record *first = run_with(NULL, settings);
    settings[5] = "replication=9";
    struct gb_record *ninth = run_with(NULL, settings);

    for (int table = GB_TABLE_SUMMARY + 1; table < GB_N_TABLES; table++)
        if (table != GB_TABLE_BLOCKS)
            EXPECT(first && ninth && tables_are_equal(first, ninth, (enum gb_table)table));
    gb_record_free(first);
    gb_record_free(ninth);
}

/* ---- in a sweep */

/* The sweep with these lines; what is wrong with it goes to `wrong`. NULL where it is. */
static struct gb_sweep *load(const char *lines, char *wrong, size_t size)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_sweep *sweep = NULL;
    char text[1024];

    write_text(SCENARIO, "format: 1\nslots: 4\nmeters.count: 5\n");
    snprintf(text, sizeof text, "format: 1\nscenario: " SCENARIO "\n%s", lines);
    write_text(SWEEP, text);
    gb_sweep_load(&sweep, NULL, SWEEP, 0, NULL, 0, diagnostics, NULL);
    snprintf(wrong, size, "%s",
             gb_diagnostics_count(diagnostics) > 0 ? gb_diagnostics_at(diagnostics, 0) : "");
    gb_diagnostics_free(diagnostics);
    unlink(SCENARIO);
    unlink(SWEEP);
    return sweep;
}

static struct gb_record *run_scenario(const struct gb_scenario *scenario)
{
    const struct gb_run_options options = {0};
    struct gb_record *record = NULL;
    struct gb_error err = {0};

    EXPECT_INT(gb_run_trial(scenario, &options, &record, &err), GB_OK);
    return record;
}

static void a_trial_is_the_run_of_its_stored_scenario(void)
{
    char wrong[512];
    struct gb_sweep *sweep =
        load("vary: {market.beta: [0, 1]}\nredraw: [weather, behaviour]\nreplications: 3\n", wrong,
             sizeof wrong);
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *trial = NULL, *again = NULL;
    char *text = NULL;

    EXPECT_TEXT(wrong, "");
    EXPECT_INT(gb_sweep_scenario(sweep, 5, &trial, NULL), GB_OK);
    EXPECT_INT(gb_scenario_text(trial, &text, NULL), GB_OK);
    EXPECT(strstr(text, "redraw: [weather, behaviour]\n") && strstr(text, "replication: 2\n"));
    EXPECT_INT(gb_scenario_parse(&again, NULL, text, "stored", diagnostics, NULL), GB_OK);
    struct gb_record *a = run_scenario(trial), *b = run_scenario(again);
    EXPECT(records_are_equal(a, b));
    gb_record_free(a);
    gb_record_free(b);
    free(text);
    gb_scenario_free(trial);
    gb_scenario_free(again);
    gb_diagnostics_free(diagnostics);
    gb_sweep_free(sweep);
}

static void a_stored_sweep_says_what_it_redraws_unless_it_is_all(void)
{
    char wrong[512], *text = NULL, *scenario = NULL;
    struct gb_sweep *sweep =
                        load("vary: {}\nredraw: [chain]\nreplications: 2\n", wrong, sizeof wrong),
                    *again = NULL;
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();

    EXPECT_INT(gb_sweep_text(sweep, &text, NULL), GB_OK);
    EXPECT_INT(gb_scenario_text(gb_sweep_base(sweep), &scenario, NULL), GB_OK);
    EXPECT(strstr(text, "\nredraw: [chain]\n") != NULL);
    EXPECT_INT(gb_sweep_parse(&again, NULL, text, scenario, diagnostics, NULL), GB_OK);
    EXPECT_INT(gb_sweep_base(again)->redraw, 1 << GB_DRAWS_CHAIN);
    EXPECT(gb_sweep_shares_physics(again)); /* in both replications */
    gb_sweep_free(again);
    gb_sweep_free(sweep);
    free(text);
    free(scenario);
    sweep = load("vary: {}\nredraw: [chain, weather, behaviour, households]\nreplications: 2\n",
                 wrong, sizeof wrong);
    EXPECT_INT(gb_sweep_text(sweep, &text, NULL), GB_OK);
    EXPECT_INT(gb_scenario_text(gb_sweep_base(sweep), &scenario, NULL), GB_OK);
    EXPECT(!strstr(text, "redraw") && !strstr(scenario, "redraw"));
    EXPECT(!gb_sweep_shares_physics(sweep));
    gb_sweep_free(sweep);
    free(text);
    free(scenario);
    gb_diagnostics_free(diagnostics);
}

static void what_is_no_list_of_kinds_is_refused_with_one_that_is(void)
{
    /* clang-format off */
    static const struct { const char *lines, *wrong; } cases[] = {
        {"redraw: [chains]\n", ":3:9: redraw: expected one or more of weather, households, behaviour, "
         "chain; got 'chains' (did you mean 'chain'?); write each once, as in [weather, households]"},
        {"redraw: [chain, chain]\n", "got 'chain'; write each once"},
        {"redraw: []\n", ":3:9: redraw: expected a list of one or more of weather"},
        {"redraw: chain\n", ":3:9: redraw: expected a list of one or more of weather, households, "
         "behaviour, chain, as in `redraw: [weather, households, behaviour, chain]`"},
        {"vary: {redraw: [chain, weather]}\n", "'redraw' is the same in every cell; it stands at the "
         "top of the sweep, beside `vary:`"},
        {"cases: [{name: a, set: {redraw: chain}}]\n", "'redraw' is the same in every cell"},
        {"cases: [{name: a, set: {redraw: [chain]}}]\n", "'redraw' is the same in every cell"},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char wrong[512];
        struct gb_sweep *sweep = load(cases[i].lines, wrong, sizeof wrong);

        if (!EXPECT(!sweep && strstr(wrong, cases[i].wrong)))
            tap_note("%s: %s", cases[i].lines, wrong);
        gb_sweep_free(sweep);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(what_is_redrawn_differs_and_what_comes_before_it_does_not),
        TAP(all_four_redrawn_are_no_redraw_and_replication_0_is_the_same_under_any),
        TAP(under_an_ideal_chain_nothing_is_left_of_the_draws_of_the_chain),
        TAP(a_trial_is_the_run_of_its_stored_scenario),
        TAP(a_stored_sweep_says_what_it_redraws_unless_it_is_all),
        TAP(what_is_no_list_of_kinds_is_refused_with_one_that_is),
        {0}};
    return tap_main("redraw", tests);
}
