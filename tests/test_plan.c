/* What a result says of the trials that it was to have: planned, there, failed and missing. */
#include "analysis/completeness.h"

#include <stdio.h>
#include <string.h>

#include "tests/sample.h"
#include "tests/tap.h"

static const char path[] = "test_plan.h5";

static enum gb_status write_result(const struct gb_plan *plan, size_t n, const uint64_t *trials)
{
    return sample_write_part(path, plan, n, trials, GB_OUTPUT_SUMMARY, NULL);
}

static void a_finished_sweep_lacks_nothing(void)
{
    const struct gb_plan plan = {.n_trials = 6, .n_replications = 6};
    struct gb_results *results = NULL;
    struct gb_cells cells = {0};

    EXPECT_INT(write_result(&plan, 6, (uint64_t[]){0, 1, 2, 3, 4, 5}), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    EXPECT_INT(gb_cells_find(&cells, results, NULL, NULL), GB_OK);
    EXPECT_INT((int64_t)gb_results_n_planned(results), 6);
    EXPECT_INT((int64_t)gb_results_n_absent_cells(results), 0);
    for (size_t c = 0; c < cells.n; c++)
        EXPECT_INT((int64_t)gb_cell_n_missing(results, &cells.items[c]), 0);
    gb_cells_clear(&cells);
    gb_results_close(results);
}

/* 60 trials in cells of 6, as the sample numbers them: two of cell 0, five of cell 2 are there. */
static void missing_trials_are_counted_by_cell(void)
{
    const struct gb_failed_trial failed[] = {{3, "no memory"}, {59, "identity broken"}};
    const struct gb_plan plan = {60, 6, 0, 0, 2, failed};
    struct gb_results *results = NULL;
    struct gb_cells cells = {0};

    EXPECT_INT(write_result(&plan, 7, (uint64_t[]){0, 5, 12, 13, 14, 15, 17}), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    EXPECT_INT(gb_cells_find(&cells, results, NULL, NULL), GB_OK);
    EXPECT_INT((int64_t)gb_results_n_planned(results), 60);
    EXPECT_INT((int64_t)gb_results_n_absent_cells(results), 8);
    if (EXPECT_INT((int64_t)cells.n, 2)) {
        EXPECT_INT((int64_t)gb_cell_n_missing(results, &cells.items[0]), 4);
        EXPECT_INT((int64_t)gb_cell_n_missing(results, &cells.items[1]), 1);
    }
    const struct gb_plan *read = gb_results_provenance(results)->plan;
    EXPECT_INT((int64_t)read->n_failed, 2);
    EXPECT_INT((int64_t)read->failed[1].trial, 59);
    EXPECT_TEXT(read->failed[0].reason, "no memory");
    gb_cells_clear(&cells);
    gb_results_close(results);
}

/* Shard 2 of 4 has trials 1, 5, 9, ...: of cell 0 (0 to 5) two, of cell 1 (6 to 11) one. */
static void of_a_shard_only_its_own_trials_are_missed(void)
{
    const struct gb_plan plan = {.n_trials = 60, .n_replications = 6, .shard = 2, .n_shards = 4};
    struct gb_results *results = NULL;
    struct gb_cells cells = {0};

    EXPECT_INT(write_result(&plan, 2, (uint64_t[]){5, 9}), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    EXPECT_INT(gb_cells_find(&cells, results, NULL, NULL), GB_OK);
    EXPECT_INT((int64_t)gb_results_n_planned(results), 15);
    EXPECT_INT((int64_t)gb_results_n_absent_cells(results), 8);
    if (EXPECT_INT((int64_t)cells.n, 2)) {
        EXPECT_INT((int64_t)gb_cell_n_missing(results, &cells.items[0]), 1);
        EXPECT_INT((int64_t)gb_cell_n_missing(results, &cells.items[1]), 0);
    }
    gb_cells_clear(&cells);
    gb_results_close(results);
}

static void expect_damage(const struct gb_plan *plan, uint64_t trial, const char *words)
{
    struct gb_results *results = NULL;
    struct gb_error err = {0};

    EXPECT_INT(write_result(plan, 1, &trial), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, &err), GB_EFILE);
    if (!EXPECT(strstr(err.text, words) != NULL))
        tap_note("%s", err.text);
}

static void a_plan_that_contradicts_the_trials_is_damage(void)
{
    const struct gb_failed_trial failed[] = {{3, "a"}, {3, "b"}};

    expect_damage(&(struct gb_plan){.n_trials = 6, .n_replications = 6}, 6,
                  "expected one of the 6 trials that the sweep has");
    expect_damage(&(struct gb_plan){.n_trials = 6, .n_replications = 3}, 3,
                  "/summary/replication in row 0 is 3; expected 0, as trial 3 has");
    expect_damage(&(struct gb_plan){.n_trials = 7, .n_replications = 6}, 0, "expected a multiple");
    expect_damage(&(struct gb_plan){.n_trials = 6, .n_replications = 0}, 0,
                  "n_replications of /provenance is 0; expected 1 to 6");
    expect_damage(&(struct gb_plan){.n_trials = 6, .n_replications = 6, .shard = 3, .n_shards = 2},
                  0, "shard of /provenance is 3; expected 1 to 2");
    expect_damage(&(struct gb_plan){.n_trials = 6, .n_replications = 6, .shard = 2, .n_shards = 2},
                  2, "which is not in shard 2 of 2");
    expect_damage(&(struct gb_plan){6, 6, 0, 0, 2, failed}, 0,
                  "/failed/trial in row 1 is 3; expected numbers below 6 that ascend");
    expect_damage(&(struct gb_plan){6, 6, 0, 0, 1, failed}, 3,
                  "/failed/trial has 3, which /summary has as well");
    remove(path);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(a_finished_sweep_lacks_nothing),
                                            TAP(missing_trials_are_counted_by_cell),
                                            TAP(of_a_shard_only_its_own_trials_are_missed),
                                            TAP(a_plan_that_contradicts_the_trials_is_damage),
                                            {0}};
    return tap_main("plan", tests);
}
