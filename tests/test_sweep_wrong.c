/* What is wrong with a sweep file is told once, at its place in the file. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/sweeps.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define SCENARIO "test_sweep_wrong.tmp.scenario.yaml"
#define SWEEP "test_sweep_wrong.tmp.yaml"
#define FRAME "format: 1\nscenario: " SCENARIO "\n"

/* Expects one mistake alone, in these words, behind the file's name. */
static void expect_wrong(const char *text, const char *said)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_sweep *sweep = NULL;
    struct gb_error err = {0};
    size_t n_name = strlen(SWEEP);

    write_text(SCENARIO, "format: 1\nslots: 12\nmeters.count: 4\n");
    write_text(SWEEP, text);
    EXPECT_INT(gb_sweep_load(&sweep, NULL, SWEEP, 0, NULL, 0, diagnostics, &err), GB_ECONFIG);
    EXPECT_INT((int64_t)gb_diagnostics_count(diagnostics), 1);
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics); i++) {
        const char *found = gb_diagnostics_at(diagnostics, i);
        if (!EXPECT(strncmp(found, SWEEP, n_name) == 0 && strstr(found + n_name, said)))
            tap_note("expected '%s', got '%s'", said, found);
    }
    gb_sweep_free(sweep);
    gb_diagnostics_free(diagnostics);
    unlink(SCENARIO);
    unlink(SWEEP);
}

static void a_setting_is_wrong_where_it_stands(void)
{
    expect_wrong(FRAME "warm_up: 36 h\nvary: {market.beta: [0, 1]}\n",
                 ":3:10: warm_up: expected whole days like `1 d`, got '36 h'; the nearest is 2 d");
    expect_wrong(FRAME "vary: {market.beta: [0, 1]}\nwarm_up: 5 d\n",
                 ":4:10: warm_up: 5 d leaves nothing to count");
    expect_wrong(FRAME "set:\n  slots: 4\n  slot: 7 min\nvary: {market.beta: [0, 1]}\n",
                 ":5:9: slot: a day is no whole number of 7 min");
    expect_wrong(FRAME "set: {ev.power: 7}\nvary: {market.beta: [0, 1]}\n",
                 ":3:17: ev.power=7: nothing reads it in any cell: ");
    expect_wrong(FRAME "cases: [{name: a, set: {slots: 4, ev.power: 7}}]\n",
                 ":3:45: ev.power=7: nothing reads it in any cell of this case: ");
}

static void a_cell_is_wrong_where_its_value_stands(void)
{
    expect_wrong(FRAME "vary:\n  market.beta: [0.1]\n  slot: [15 min, 7 min]\n",
                 ":5:3: cell 1: slot=7 min: slot: a day is no whole number of 7 min");
    expect_wrong(FRAME "cases: [{name: a, set: {slots: 4, slot: 7 min}}]\n",
                 ":3:41: a, cell 0: slot=7 min: slot: a day is no whole number of 7 min");
    expect_wrong(FRAME "vary:\n  chain.protocol: [ideal, pbft]\n  chain.nodes: [4, 7]\n"
                       "average: {chain.nodes: equal}\n",
                 ":5:3: average: nothing reads chain.nodes in some of the cells");
    expect_wrong(FRAME "replications: 1000000\nvary: {market.beta: [0, 1]}\n",
                 ":4:8: 2 cells of 1000000 replications each are 2000000 trials, more than a sweep "
                 "holds (1000000): vary fewer values, or replicate less");
}

static void what_stands_in_a_wrong_list_or_section_is_part_of_one_mistake(void)
{
    expect_wrong(FRAME "zip: [[]]\n", ":3:7: zip: expected a list of groups of keys, each with its "
                                      "values, got '[...]'; `gridbourse explain zip` shows one");
    expect_wrong(FRAME "cases: [[]]\n", ":3:9: cases: expected a list of cases, each with a name");
    expect_wrong(FRAME "cases: [{name: a}, [b]]\n", ":3:20: cases: expected a list of cases");
    expect_wrong(
        FRAME "vary: {market.beta: [0.3, [0.1, 0.2]]}\n",
        ":3:27: market.beta: expected values and ranges in one list, got a list within it");
    expect_wrong(FRAME "vary: {agents.process: [[a]]}\n",
                 ":3:25: agents.process: expected values and ranges in one list");
    expect_wrong(FRAME "vary: {market.beta: {a: 1, b: {c: [2]}}}\n",
                 ":3:21: market.beta: expected a list of values, or a range first:last:step");
    expect_wrong(FRAME "redraw: [[weather]]\nvary: {market.beta: [0, 1]}\n",
                 ":3:9: redraw: expected one or more of weather");
    expect_wrong(FRAME "set: {slots: [4]}\nvary: {market.beta: [0, 1]}\n",
                 ":3:14: slots: expected a single value; `vary` takes a list of them");
}

static void what_a_sweep_needs_is_asked_for_once(void)
{
    expect_wrong("format: 1\nscenario: [" SCENARIO "]\nvary: {market.beta: [0, 1]}\n",
                 ":2:11: scenario: expected the name of a scenario file");
    expect_wrong(FRAME "vary: {market.beta: [0, 1]}\nuntil: {half_width: 1, kpi: savings}\n",
                 ":4:29: until: kpi: expected a key figure of /summary, as in kpi: "
                 "gain_per_user_day, got 'savings'; doc/kpis.md has all");
    expect_wrong(FRAME "vary: {market.beta: [0, 1]}\nuntil: {half_width: 1, kpi: seed}\n",
                 ":4:29: until: kpi: expected a key figure of /summary");
    expect_wrong(FRAME "vary: {market.beta: [0, 1]}\nuntil: {half_width: 1}\n",
                 ":4:1: until: kpi: expected a key figure of /summary");
    expect_wrong(FRAME "cases: [{name: a}, {name: a}]\n",
                 ":3:20: there is a case 'a' already: each has a name of its own");
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_setting_is_wrong_where_it_stands),
        TAP(a_cell_is_wrong_where_its_value_stands),
        TAP(what_stands_in_a_wrong_list_or_section_is_part_of_one_mistake),
        TAP(what_a_sweep_needs_is_asked_for_once),
        {0}};
    return tap_main("sweep_wrong", tests);
}
