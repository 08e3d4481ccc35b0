/* Runs of sweeps: trials that differ in what is varied alone, the same on any number of threads and
 * from what is stored, and a run that loses nothing. */
#include "experiments/sweep/sweep_run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sweeps.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define SCENARIO "test_sweep_run.tmp.scenario.yaml"
#define SWEEP "test_sweep_run.tmp.yaml"
#define FOLDER "test_sweep_run.tmp"
#define JOURNAL "test_sweep_run.tmp.journal"

static struct gb_sweep *load(const char *text)
{
    return sweep_of_texts(SCENARIO, sweep_four_meters, SWEEP, text, 0);
}

static const char grid[] = "format: 1\nscenario: " SCENARIO "\nreplications: 3\nvary:\n"
                           "  market.beta: 0:0.3:0.1\n  meters: {count: [4, 6]}\n";

/* ---- tables of orders, stored with the sweep */

static const char *const tables[] = {"test_sweep_run.tmp, #1: [a].csv", "0:1:0.5",
                                     "test_sweep_run.tmp.crlf.csv"};
static const char *const table_texts[] = {
    "# two orders\nid,side,price,quantity\n#7,sell,0.41,2\n\"B \"\"x\"\": #1\",buy,0.53,4\n",
    "id,side,price,quantity\nS1,sell,0.41,2\nB1,buy,0.53,3\n",
    "id,side,price,quantity\r\nS1,sell,0.42,2\r\n\tB\xc3\xa9,buy,0.53,4"};
enum { N_TABLES = sizeof tables / sizeof tables[0] };

static struct gb_sweep *load_tables(void)
{
    for (size_t i = 0; i < N_TABLES; i++)
        write_text(tables[i], table_texts[i]);
    struct gb_sweep *sweep = load(
        "format: 1\nscenario: " SCENARIO "\nset: {market.books: pooled, chain.protocol: pbft}\n"
        "vary:\n  orders.file: [\"test_sweep_run.tmp, #1: [a].csv\", 0:1:0.5, "
        "test_sweep_run.tmp.crlf.csv]\n"
        "  chain.client_delay: [exponential 20 s, lognormal 100 ms 0.5]\n"
        "  wind.roughness: [1e-3, 0.15]\n  market.gate: [5 min, 10 min]\n"
        "  market.requote.rounds: [1, until_cross]\n");
    for (size_t i = 0; i < N_TABLES; i++)
        unlink(tables[i]);
    return sweep;
}

/* From here on the files are gone: their text is in the sweep and in what is stored of it. */
static void a_stored_sweep_carries_the_tables_of_its_orders(void)
{
    struct gb_sweep *sweep = load_tables(), *back = sweep ? sweep_as_stored(FOLDER, sweep) : NULL;

    if (EXPECT(sweep && back) && EXPECT_INT(gb_sweep_n_trials(back), N_TABLES * 2 * 2 * 2 * 2))
        for (uint64_t trial = 0; trial < gb_sweep_n_trials(sweep); trial++) {
            struct gb_scenario *a = NULL, *b = NULL;
            struct gb_error err = {0};
            EXPECT_INT(gb_sweep_scenario(sweep, trial, &a, &err), GB_OK);
            EXPECT_INT(gb_sweep_scenario(back, trial, &b, &err), GB_OK);
            EXPECT_TEXT(a->orders_text, table_texts[trial / 16]);
            EXPECT_TEXT(b->orders_text, a->orders_text);
            EXPECT_TEXT(gb_sweep_value(back, 0, trial), tables[trial / 16]);
            for (size_t k = 0; k < gb_sweep_n_keys(sweep); k++)
                EXPECT_TEXT(gb_sweep_value(back, k, trial), gb_sweep_value(sweep, k, trial));
            gb_scenario_free(a);
            gb_scenario_free(b);
        }
    gb_sweep_free(sweep);
    gb_sweep_free(back);
}

/* ---- running */

struct count {
    uint64_t done, failed, stop_after;
};

static bool should_stop(void *context)
{
    const struct count *count = context;

    return count->stop_after > 0 && count->done >= count->stop_after;
}

static void count_done(void *context, uint64_t n_done, uint64_t n_trials)
{
    struct count *count = context;

    EXPECT(n_done == count->done + 1 && n_done <= n_trials);
    count->done = n_done;
}

static void count_failed(void *context, uint64_t trial, const struct gb_error *why)
{
    tap_note("trial %d: %s", (int)trial, why->text);
    ((struct count *)context)->failed++;
}

static struct gb_journal *run(const struct gb_sweep *sweep, int threads, struct count *count,
                              enum gb_status expected)
{
    const struct gb_journal_owner owner = {"test", "", "0", "0", 24};
    struct gb_journal *journal = NULL;
    struct gb_error err = {0};

    EXPECT_INT(gb_journal_create(&journal, JOURNAL, &owner, &err), GB_OK);
    const struct gb_sweep_run run = {.sweep = sweep,
                                     .ranks = &(struct gb_ranks){.n = 1},
                                     .n_threads = threads,
                                     .shared_bytes = GB_SWEEP_SHARED_BYTES,
                                     .journal = journal,
                                     .watch = {count, should_stop, count_done, count_failed}};
    EXPECT_INT(gb_sweep_run(&run, &err), expected);
    unlink(JOURNAL);
    return journal;
}

static struct gb_summary_row summary_of(struct gb_journal *journal, size_t i)
{
    struct gb_record *record = NULL;
    struct gb_error err = {0};
    struct gb_summary_row row = {0};

    EXPECT_INT(gb_journal_read(journal, i, &record, &err), GB_OK);
    if (record)
        memcpy(&row, gb_record_rows(record, GB_TABLE_SUMMARY), sizeof row);
    gb_record_free(record);
    return row;
}

static void every_trial_is_in_the_journal_whatever_the_threads(void)
{
    struct gb_sweep *sweep = load(grid);
    struct count one = {0}, two = {0};
    struct gb_journal *a = run(sweep, 1, &one, GB_OK), *b = run(sweep, 2, &two, GB_OK);

    EXPECT_INT(gb_journal_n_records(a), 24);
    EXPECT_INT(gb_journal_n_records(b), 24);
    EXPECT_INT(one.failed + two.failed, 0);
    for (size_t i = 0; i < 24; i++) {
        struct gb_summary_row x = summary_of(a, i), y = summary_of(b, i);
        EXPECT_INT(x.trial, (int64_t)i);
        EXPECT_INT(x.replication, (int64_t)(i % 3));
        EXPECT(x.cost == y.cost && x.cost_grid_only == y.cost_grid_only &&
               x.n_trades == y.n_trades);
    }
    gb_journal_close(a);
    gb_journal_close(b);
    gb_sweep_free(sweep);
}

static void a_stored_sweep_runs_to_the_same_figures(void)
{
    struct gb_sweep *sweep = load_tables(), *back = sweep ? sweep_as_stored(FOLDER, sweep) : NULL;
    struct count one = {0}, two = {0};

    if (!EXPECT(sweep && back))
        return;
    struct gb_journal *a = run(sweep, 2, &one, GB_OK), *b = run(back, 1, &two, GB_OK);
    EXPECT_INT(one.failed + two.failed, 0);
    EXPECT_INT(gb_journal_n_records(a), gb_journal_n_records(b));
    for (size_t i = 0; i < gb_journal_n_records(a); i++) {
        struct gb_summary_row x = summary_of(a, i), y = summary_of(b, i);
        EXPECT(memcmp(&x, &y, sizeof x) == 0);
    }
    EXPECT(summary_of(a, 0).traded_wh > 0);
    gb_journal_close(a);
    gb_journal_close(b);
    gb_sweep_free(sweep);
    gb_sweep_free(back);
}

/* Paired by construction: beta moves no weather and no load, so not the grid-only bill either. */
static void cells_share_their_draws(void)
{
    struct gb_sweep *sweep = load(grid);
    struct count count = {0};
    struct gb_journal *journal = run(sweep, 2, &count, GB_OK);

    for (size_t i = 6; i < 24; i++) {
        struct gb_summary_row row = summary_of(journal, i), first = summary_of(journal, i % 6);
        EXPECT_INT(row.load_wh, first.load_wh);
        EXPECT_INT(row.generation_wh, first.generation_wh);
        EXPECT_INT(row.cost_grid_only, first.cost_grid_only);
    }
    EXPECT(summary_of(journal, 0).load_wh != summary_of(journal, 1).load_wh);
    gb_journal_close(journal);
    gb_sweep_free(sweep);
}

static void a_stopped_sweep_keeps_what_was_finished(void)
{
    struct gb_sweep *sweep = load(grid);
    struct count count = {.stop_after = 5};
    struct gb_journal *journal = run(sweep, 1, &count, GB_EINTERRUPTED);

    EXPECT_INT(gb_journal_n_records(journal), 5);
    EXPECT_INT(count.failed, 0);
    gb_journal_close(journal);
    gb_sweep_free(sweep);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(a_stored_sweep_carries_the_tables_of_its_orders),
                                            TAP(every_trial_is_in_the_journal_whatever_the_threads),
                                            TAP(a_stored_sweep_runs_to_the_same_figures),
                                            TAP(cells_share_their_draws),
                                            TAP(a_stopped_sweep_keeps_what_was_finished),
                                            {0}};
    return tap_main("sweep_run", tests);
}
