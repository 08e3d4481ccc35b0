/* Trials of a sweep that share their physics: in which order they are run, and that every figure of
 * theirs is the one without sharing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "experiments/sweep/sweep_run.h"
#include "tests/runs.h"
#include "tests/sweeps.h"
#include "tests/tap.h"

#define SCENARIO "test_sharing.tmp.scenario.yaml"
#define SWEEP "test_sharing.tmp.yaml"
#define JOURNAL "test_sharing.tmp.journal"

/* top  further lines of the sweep, with their ends */
static struct gb_sweep *load_with(const char *top, const char *vary)
{
    static const char scenario[] =
        "format: 1\nslots: 12\nmeters.count: 9\nmeters.storage_share: 0.6\n"
        "meters.wind_share: 0.3\noutput.level: meters\n";
    char text[1024];

    snprintf(text, sizeof text, "format: 1\nscenario: " SCENARIO "\nreplications: 2\n%svary:\n%s",
             top, vary);
    return sweep_of_texts(SCENARIO, scenario, SWEEP, text, 0);
}

static struct gb_sweep *load(const char *vary)
{
    return load_with("", vary);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static struct gb_journal *run(const struct gb_sweep *sweep, int threads, size_t shared_bytes)
{
    const struct gb_journal_owner owner = {"test", "", "0", "0", 24};
    struct gb_journal *journal = NULL;
    struct gb_error err = {0};

    EXPECT_INT(gb_journal_create(&journal, JOURNAL, &owner, &err), GB_OK);
    const struct gb_sweep_run run = {.sweep = sweep,
                                     .ranks = &(struct gb_ranks){.n = 1},
                                     .n_threads = threads,
                                     .shared_bytes = shared_bytes,
                                     .journal = journal,
                                     .watch = {.should_stop = never}};
    EXPECT_INT(gb_sweep_run(&run, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    unlink(JOURNAL);
    return journal;
}

static bool journals_are_equal(struct gb_journal *a, struct gb_journal *b)
{
    bool are_equal = gb_journal_n_records(a) == gb_journal_n_records(b);

    for (size_t i = 0; are_equal && i < gb_journal_n_records(a); i++) {
        struct gb_record *x = NULL, *y = NULL;

        are_equal = gb_journal_read(a, i, &x, NULL) == GB_OK &&
                    gb_journal_read(b, i, &y, NULL) == GB_OK && records_are_equal(x, y);
        gb_record_free(x);
        gb_record_free(y);
    }
    return are_equal;
}

/* ---- random sweeps: of each some keys, of every layer */

static const char *const vary[] = {
    "  market.beta: [0, 0.1, 0.5]\n",
    "  market.open: [15 min, 40 min]\n",
    "  agents.reaction: [exponential 20 s, constant 14 min, uniform 0 s 20 min]\n",
    "  agents.strategy: [paper_beta, truthful]\n",
    "  storage.controller: [greedy, none]\n",
    "  chain.protocol: [ideal, pbft]\n",
    "  chain.delay: [constant 20 ms, exponential 30 s]\n",
    "  settlement.unmatched: [metered, scheduled]\n",
    "  meters.count: [7, 12]\n",
    "  forecast.kind: [perfect, conditional_mean]\n",
    "  forecast.skill: [0, 0.8, 1]\n",
    "  pv.size: [3, 6]\n",
    "  load.mean: [0.2, 0.4]\n",
};
static const char *const redraws[] = {"", "redraw: [chain]\n", "redraw: [households, behaviour]\n",
                                      "redraw: [weather]\n"};
enum { N_REDRAWS = sizeof redraws / sizeof redraws[0] };
enum { N_VARY = sizeof vary / sizeof vary[0], KEYS = 3 };

static void random_keys(uint32_t number, char text[512])
{
    struct gb_key key = gb_key_make(3, number, GB_PURPOSE_TEST);
    bool is_taken[N_VARY] = {false};

    text[0] = '\0';
    for (uint32_t i = 0, n = 0; n < KEYS; i++) {
        size_t which = gb_draw_at(key, i, 0, 0, 0).words[0] % N_VARY;

        if (is_taken[which])
            continue;
        is_taken[which] = true;
        strcat(text, vary[which]);
        n++;
    }
}

static void no_figure_of_a_random_sweep_depends_on_sharing(void)
{
    const char *asked = getenv("GB_SWEEPS");
    uint32_t n = asked ? (uint32_t)atoi(asked) : 12;

    for (uint32_t number = 0; number < n; number++) {
        char text[512];
        random_keys(number, text);
        struct gb_sweep *sweep = load_with(redraws[number % N_REDRAWS], text);
        if (!sweep)
            return;
        struct gb_journal *alone = run(sweep, 1, 0), *shared = run(sweep, 1, SIZE_MAX),
                          *little = run(sweep, 2, 40000);

        if (!EXPECT(journals_are_equal(alone, shared)) ||
            !EXPECT(journals_are_equal(alone, little)))
            tap_note("sweep %u:\n%s", number, text);
        gb_journal_close(alone);
        gb_journal_close(shared);
        gb_journal_close(little);
        gb_sweep_free(sweep);
    }
}

/* ---- the order */

static void trials_on_the_same_draws_stand_together_and_each_comes_once(void)
{
    struct gb_sweep *sweep = load("  market.beta: [0, 0.1, 0.5]\n  meters.count: [7, 12]\n"
                                  "  chain.nodes: [4, 7]\n  pv.size: [3, 6]\n");
    uint64_t n = gb_sweep_n_trials(sweep);
    bool is_run[48] = {false};
    size_t n_realisations = 0;
    char last[64] = "";

    EXPECT_INT(n, 48);
    EXPECT(gb_sweep_shares_physics(sweep));
    for (uint64_t i = 0; i < n; i++) {
        uint64_t trial = gb_sweep_trial_in_order(sweep, i);
        char physics[64];

        EXPECT(trial < n && !is_run[trial]);
        is_run[trial] = true;
        EXPECT_INT(trial % 2, i / 24); /* all cells of a replication before those of the next */
        snprintf(physics, sizeof physics, "%s meters, %s kW, %u", gb_sweep_value(sweep, 1, trial),
                 gb_sweep_value(sweep, 3, trial), (unsigned)(trial % 2));
        n_realisations += strcmp(physics, last) != 0;
        strcpy(last, physics);
    }
    EXPECT_INT(n_realisations, 8);
    gb_sweep_free(sweep);
    sweep = load("  meters.count: [7, 12]\n");
    EXPECT(!gb_sweep_shares_physics(sweep));
    gb_sweep_free(sweep);
    sweep = load_with("redraw: [behaviour, chain]\n", "  meters.count: [7, 12]\n");
    EXPECT(gb_sweep_shares_physics(sweep));
    gb_sweep_free(sweep);
    sweep = load_with("redraw: [households, chain]\n", "  meters.count: [7, 12]\n");
    EXPECT(!gb_sweep_shares_physics(sweep));
    gb_sweep_free(sweep);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(trials_on_the_same_draws_stand_together_and_each_comes_once),
        TAP(no_figure_of_a_random_sweep_depends_on_sharing),
        {0}};
    return tap_main("sweep_sharing", tests);
}
