/* Cells of a sweep against a reference: who is compared with whom, over which replications, and
 * with what figures. The trials are made here, with numbers that can be checked by hand. */
#include "analysis/versus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/bootstrap.h"
#include "analysis/cell_gains.h"
#include "analysis/cell_users.h"
#include "analysis/compare.h"
#include "analysis/versus_users.h"
#include "base/draws.h"
#include "tests/made_trials.h"
#include "tests/sample.h"
#include "tests/tap.h"

/* ---- an ideal chain, which knows no nodes, against PBFT with 4 and 16 */

static const struct gb_versus_options plainly = {false, 0, NULL};

static void cells_are_paired_with_the_one_reference_that_knows_no_other_key(void)
{
    struct gb_versus_row rows[2];
    struct comparison c;
    size_t size = 9;
    EXPECT_INT(
        comparison_begin(&c, made_consensus, N_MADE_CONSENSUS, "chain.protocol=ideal", plainly),
        GB_OK);
    EXPECT_INT((int64_t)gb_versus_n_compared(c.versus), 2);
    EXPECT_INT(comparison_family(&c, "saving", rows, &size), GB_OK);
    for (size_t i = 0; i < 2; i++)
        EXPECT(rows[i].cell == i + 1 && rows[i].reference == 0);
    /* 4 nodes: equal, so not tested. 16: -1, -2, -3, mean -2, sd 1; t.975 with 2 = 4.302653 */
    EXPECT_INT(rows[0].difference.kind, GB_CONTRAST_EQUAL);
    EXPECT_INT((int64_t)size, 1);
    EXPECT_NEAR(rows[1].difference.estimate, -2.0, 1e-12);
    EXPECT_NEAR(rows[1].interval.upper, -2.0 + 4.302653 / sqrt(3), 1e-6);
    EXPECT_NEAR(rows[1].simultaneous.upper, rows[1].interval.upper, 1e-12);
    /* t = -2 sqrt(3) with 2 degrees: p = 1 - sqrt(t^2 / (t^2 + 2)) */
    EXPECT_NEAR(rows[1].p, 1.0 - sqrt(12.0 / 14.0), 1e-12);
    EXPECT_NEAR(rows[1].adjusted_p, rows[1].p, 0);
    EXPECT(rows[1].value == 5.0 && rows[1].base == 7.0);
    comparison_end(&c);
}

static void a_ratio_is_compared_as_one_of_sums(void)
{
    struct gb_versus_row rows[2];
    struct comparison c;
    size_t size;
    EXPECT_INT(
        comparison_begin(&c, made_consensus, N_MADE_CONSENSUS, "chain.protocol=ideal", plainly),
        GB_OK);
    /* over three trials 10, 20, 30 is too uncertain to divide by, which two equal ones are not */
    EXPECT_INT(comparison_family(&c, "saving_pct", rows, &size), GB_OK);
    EXPECT_INT(rows[1].difference.kind, GB_CONTRAST_NEAR_ZERO);
    comparison_end(&c);
    const struct made_trial calm[] = {{{"ideal", "-"}, 0, 5.0, 30.0, {0}},
                                      {{"ideal", "-"}, 1, 7.0, 31.0, {0}},
                                      {{"pbft", "4"}, 0, 4.0, 30.0, {0}},
                                      {{"pbft", "4"}, 1, 5.0, 31.0, {0}}};
    EXPECT_INT(comparison_begin(&c, calm, 4, "chain.protocol=ideal", plainly), GB_OK);
    EXPECT_INT(comparison_family(&c, "saving_pct", rows, &size), GB_OK);
    EXPECT_NEAR(rows[0].difference.estimate, 100.0 * (9.0 - 12.0) / 61.0, 1e-12);
    EXPECT_NEAR(rows[0].value, 900.0 / 61.0, 1e-12);
    comparison_end(&c);
}

static void a_cell_is_compared_with_the_reference_that_shares_its_other_keys(void)
{
    const struct made_trial trials[] = {{{"ideal", "4"}, 0, 1.0, 9.0, {0}},
                                        {{"ideal", "16"}, 0, 2.0, 9.0, {0}},
                                        {{"pbft", "16"}, 0, 5.0, 9.0, {0}},
                                        {{"pbft", "4"}, 0, 3.0, 9.0, {0}}};
    struct gb_versus_row rows[3];
    struct comparison c;
    size_t size;
    EXPECT_INT(comparison_begin(&c, trials, 4, "chain.protocol=ideal", plainly), GB_OK);
    EXPECT_INT(comparison_family(&c, "saving", rows, &size), GB_OK);
    EXPECT(rows[0].reference == 1 && rows[0].difference.estimate == 3.0);
    EXPECT(rows[1].reference == 0 && rows[1].difference.estimate == 2.0);
    EXPECT(isnan(rows[0].p) && size == 0); /* one trial each */
    comparison_end(&c);
    EXPECT_INT(comparison_begin(&c, trials, 4, "chain.nodes=4,chain.protocol=ideal", plainly),
               GB_OK);
    EXPECT_INT((int64_t)gb_versus_n_compared(c.versus), 3);
    comparison_end(&c);
}

static void what_is_no_reference_is_refused_with_what_there_is(void)
{
    const struct made_trial trials[] = {{{"ideal", "4"}, 0, 1.0, 9.0, {0}},
                                        {{"ideal", "16"}, 0, 2.0, 9.0, {0}},
                                        {{"pbft", "64"}, 0, 5.0, 9.0, {0}}};
    struct comparison c;
    EXPECT_INT(comparison_begin(&c, trials, 3, "chain.protocol=ideal", plainly), GB_EINPUT);
    EXPECT_TEXT(c.err.text, "several cells could be the reference of one whose chain.nodes is 64: "
                            "they differ in that key; add chain.nodes=VALUE to --against");
    comparison_end(&c);
    EXPECT_INT(comparison_begin(&c, trials, 3, "chain.nodes=5", plainly), GB_EINPUT);
    EXPECT_TEXT(c.err.text, "no trial has chain.nodes=5; its values are 4, 16, 64");
    comparison_end(&c);
    EXPECT_INT(comparison_begin(&c, trials, 3, "market.beta=0", plainly), GB_EINPUT);
    EXPECT_TEXT(c.err.text,
                "'market.beta' was not varied; expected one of chain.protocol, chain.nodes");
    comparison_end(&c);
    EXPECT_INT(comparison_begin(&c, trials, 3, "chain.nodes", plainly), GB_EINPUT);
    EXPECT_TEXT(c.err.text, "'chain.nodes' is no choice of cells: expected KEY=VALUE");
    comparison_end(&c);
    EXPECT_INT(comparison_begin(&c, trials, 3, "chain.protocol=pbft,chain.nodes=4", plainly),
               GB_EINPUT);
    comparison_end(&c);
    EXPECT_INT(comparison_begin(&c, trials, 3, "chain.nodes=4,chain.nodes=16", plainly), GB_EINPUT);
    EXPECT_TEXT(c.err.text, "--against names two values of 'chain.nodes': expected one");
    comparison_end(&c);
    EXPECT_INT(comparison_begin(&c, trials, 1, "chain.protocol=ideal", plainly), GB_EINPUT);
    comparison_end(&c);
}

/* PBFT with 64 nodes has no ideal chain of its own, and nobody asked to see it. */
static void a_cell_that_is_not_shown_may_be_without_a_reference(void)
{
    const struct made_trial trials[] = {
        {{"ideal", "4"}, 0, 1.0, 9.0, {0}},  {{"ideal", "4"}, 1, 2.0, 9.0, {0}},
        {{"ideal", "16"}, 0, 2.0, 9.0, {0}}, {{"ideal", "16"}, 1, 4.0, 9.0, {0}},
        {{"pbft", "64"}, 0, 5.0, 9.0, {0}},  {{"pbft", "64"}, 1, 6.0, 9.0, {0}},
        {{"pbft", "4"}, 0, 3.0, 9.0, {0}},   {{"pbft", "4"}, 1, 5.0, 9.0, {0}},
        {{"pbft", "16"}, 0, 3.0, 9.0, {0}},  {{"pbft", "16"}, 1, 9.0, 9.0, {0}}};
    const char *const shown[] = {"chain.nodes=4", "chain.nodes=16", "chain.protocol=ideal"};
    struct gb_selection selection = {0};
    struct gb_versus_options options = {false, 0, &selection};
    struct gb_versus_row rows[2];
    struct comparison c;
    size_t size;
    EXPECT_INT(comparison_begin(&c, trials, 10, "chain.protocol=ideal", options), GB_EINPUT);
    for (size_t i = 0; i < 3; i++) {
        EXPECT_INT(gb_selection_add(&selection, c.results, shown[i], NULL), GB_OK);
        comparison_end(&c);
        EXPECT_INT(comparison_begin(&c, trials, 10, "chain.protocol=ideal", options), GB_OK);
        /* the family is the two cells that can be compared, whichever of them is shown */
        EXPECT_INT((int64_t)gb_versus_n_compared(c.versus), 2);
        EXPECT(!gb_versus_is_compared(c.versus, 2));
        EXPECT_INT(comparison_family(&c, "saving", rows, &size), GB_OK);
        EXPECT(rows[0].cell == 3 && rows[0].difference.estimate == 2.5); /* 2, 3 */
        EXPECT(rows[1].cell == 4 && rows[1].difference.estimate == 3.0); /* 1, 5 */
        EXPECT_INT((int64_t)size, 2);
        gb_selection_clear(&selection);
    }
    EXPECT_INT(gb_selection_add(&selection, c.results, "chain.nodes=64", NULL), GB_OK);
    comparison_end(&c);
    EXPECT_INT(comparison_begin(&c, trials, 10, "chain.protocol=ideal", options), GB_EINPUT);
    gb_selection_clear(&selection);
    comparison_end(&c);
}

static void a_cell_that_lacks_replications_is_compared_only_where_that_is_allowed(void)
{
    struct made_trial trials[N_MADE_CONSENSUS - 1];
    struct gb_versus_row rows[2];
    struct comparison c;
    size_t size;
    for (size_t i = 0, n = 0; i < N_MADE_CONSENSUS; i++)
        if (i != 7) /* replication 1 of 16 nodes failed */
            trials[n++] = made_consensus[i];
    EXPECT_INT(comparison_begin(&c, trials, N_MADE_CONSENSUS - 1, "chain.protocol=ideal", plainly),
               GB_OK);
    EXPECT_INT(comparison_family(&c, "saving", rows, &size), GB_OK);
    EXPECT(rows[1].is_withheld && isnan(rows[1].difference.estimate) && isnan(rows[1].p));
    EXPECT(!rows[0].is_withheld && gb_versus_n_missing(c.versus, 2) == 1);
    comparison_end(&c);
    const struct gb_versus_options allowed = {true, 0, NULL};
    EXPECT_INT(comparison_begin(&c, trials, N_MADE_CONSENSUS - 1, "chain.protocol=ideal", allowed),
               GB_OK);
    EXPECT_INT(comparison_family(&c, "saving", rows, &size), GB_OK);
    EXPECT_NEAR(rows[1].difference.estimate, -2.0, 1e-12); /* of -1 and -3 */
    EXPECT_INT((int64_t)rows[1].difference.n, 2);
    EXPECT(rows[1].base == 7.0); /* of 5 and 9: the reference over the same replications */
    comparison_end(&c);
}

static void users_are_compared_one_by_one_and_shown_by_quantiles(void)
{
    struct gb_users_row rows[2];
    struct comparison c;
    EXPECT_INT(
        comparison_begin(&c, made_consensus, N_MADE_CONSENSUS, "chain.protocol=ideal", plainly),
        GB_OK);
    gb_versus_users_init(c.versus, rows);
    EXPECT_INT(gb_versus_users(c.versus, c.results, rows, NULL), GB_OK);
    EXPECT_NEAR(rows[0].worse.estimate, 0.0, 0);
    /* 16 nodes: 0, 0.5, 0 in replication 0; 1, 1, 1 in 1; 0, 0, 1.5 in 2 */
    EXPECT_NEAR(rows[1].quantiles[0].estimate, 1.0 / 3.0, 1e-12);
    EXPECT_NEAR(rows[1].quantiles[3].estimate, 1.0 / 3.0, 1e-12); /* medians 0, 1, 0 */
    EXPECT_NEAR(rows[1].quantiles[6].estimate, 1.0, 1e-12);       /* 0.5, 1, 1.5 */
    EXPECT_NEAR(rows[1].worse.estimate, (1.0 / 3.0 + 1.0 + 1.0 / 3.0) / 3.0, 1e-12);
    EXPECT_NEAR(rows[1].quantiles[6].standard_error, 0.5 / sqrt(3), 1e-12);
    comparison_end(&c);
}

static void each_user_has_a_difference_where_households_are_kept_and_only_there(void)
{
    struct gb_user_difference *users = NULL;
    struct comparison c;
    size_t n = 0;

    EXPECT_INT(comparison_begin_keeping(&c, 1 << GB_DRAWS_HOUSEHOLDS, made_consensus,
                                        N_MADE_CONSENSUS, "chain.protocol=ideal", plainly),
               GB_OK);
    EXPECT_INT(gb_versus_each_user(c.versus, c.results, 2, &users, &n, NULL), GB_OK);
    if (EXPECT_INT(n, 3)) {
        EXPECT_TEXT(users[2].name, "meter 2");
        EXPECT_NEAR(users[0].more.estimate, 1.0 / 3.0, 1e-12); /* 0, 1, 0 */
        EXPECT_NEAR(users[0].more.standard_error, 1.0 / 3.0, 1e-12);
        EXPECT_NEAR(users[1].more.estimate, 0.5, 1e-12); /* 0.5, 1, 0 */
        EXPECT_NEAR(users[1].more.standard_error, 0.5 / sqrt(3), 1e-12);
        EXPECT_NEAR(users[2].more.estimate, 2.5 / 3.0, 1e-12); /* 0, 1, 1.5 */
        EXPECT_INT(users[2].more.n, 3);
    }
    free(users);
    EXPECT_INT(gb_versus_each_user(c.versus, c.results, 1, &users, &n, NULL), GB_OK);
    EXPECT_INT(users[0].more.kind, GB_CONTRAST_EQUAL);
    free(users);
    comparison_end(&c);
    EXPECT_INT(comparison_begin_keeping(&c, GB_ALL_DRAWS & ~(1u << GB_DRAWS_HOUSEHOLDS),
                                        made_consensus, N_MADE_CONSENSUS, "chain.protocol=ideal",
                                        plainly),
               GB_OK);
    EXPECT_INT(gb_versus_each_user(c.versus, c.results, 2, &users, &n, &c.err), GB_EINPUT);
    EXPECT(strstr(c.err.text, "households of its own") != NULL);
    comparison_end(&c);
}

static void households_drawn_anew_have_quantiles_of_gains_in_each_trial(void)
{
    struct gb_confidence_interval gains[GB_N_USER_QUANTILES];
    struct comparison c;

    EXPECT_INT(
        comparison_begin(&c, made_consensus, N_MADE_CONSENSUS, "chain.protocol=ideal", plainly),
        GB_OK);
    EXPECT(!gb_cell_shares_households(c.results, &c.cells.items[2]));
    EXPECT_INT(gb_cell_gain_quantiles(gains, c.results, &c.cells.items[2], NULL), GB_OK);
    EXPECT_NEAR(gains[0].estimate, -4.5, 1e-12);       /* -3, -3, -7.5 */
    EXPECT_NEAR(gains[3].estimate, -3.5, 1e-12);       /* -2.5, -3, -5 */
    EXPECT_NEAR(gains[6].estimate, -8.0 / 3.0, 1e-12); /* -1, -3, -4 */
    EXPECT_NEAR(gains[0].upper - gains[0].estimate, 4.302652729911275 * 1.5, 1e-9); /* sd 2.598 */
    comparison_end(&c);
}

static void values_are_the_same_word_by_word(void)
{
    static const char times[] = "0:00 0.1, 12:00 0.50";

    EXPECT(gb_value_is_same("0.10", "1e-1") && gb_value_is_same(" 4 ", "4.0"));
    EXPECT(gb_value_is_same(times, "00:00 .1,12:00 .5") && gb_value_is_same("b, a 01", "b a 1"));
    EXPECT(!gb_value_is_same(times, "0:00 0.1, 12:01 0.5"));
    EXPECT(!gb_value_is_same(times, "0:00 0.1, 12:00 0.51"));
    EXPECT(!gb_value_is_same(times, "0:00 0.1") && !gb_value_is_same("0:00 0.1", times));
    EXPECT(!gb_value_is_same("6:00", "6") && !gb_value_is_same("6:00", "6:00:00"));
    EXPECT(!gb_value_is_same("", "0") && !gb_value_is_same("-", "") && !gb_value_is_same("a", "A"));
}

/* ---- the sample's grid: 5 betas x 2 sizes x 6 replications */

static void main_effects_are_differences_of_means_over_the_other_keys(void)
{
    static const char path[] = "test_versus.h5";
    struct gb_main_effect *effects = NULL;
    struct gb_estimand saving;
    struct gb_versus_options options = {false, 0, NULL};
    struct comparison c = {0};
    size_t n = 0;
    EXPECT(gb_estimand_find(&saving, "saving"));
    EXPECT_INT(sample_write(path, sample_sweep, SAMPLE_N_TRIALS, GB_OUTPUT_SUMMARY, NULL), GB_OK);
    EXPECT_INT(gb_results_open(&c.results, path, NULL), GB_OK);
    EXPECT_INT(gb_cells_find(&c.cells, c.results, NULL, NULL), GB_OK);
    EXPECT_INT(gb_selection_add(&c.against, c.results, "market.beta=0.50", NULL), GB_OK);
    EXPECT_INT(gb_versus_create(&c.versus, c.results, &c.cells, &c.against, &options, NULL), GB_OK);
    EXPECT_INT(gb_versus_grid(c.versus), GB_GRID_COMPLETE);
    EXPECT_INT(gb_versus_main_effects(c.versus, &saving, &effects, &n, NULL), GB_OK);
    EXPECT_INT((int64_t)n, 5); /* four betas and one size */
    for (size_t e = 0; e < n; e++) {
        double sums[2] = {0, 0}, counts[2] = {0, 0};
        for (size_t i = 0; i < gb_results_n_trials(c.results); i++) {
            const char *value = gb_results_varied_value(c.results, effects[e].key, i);
            for (int side = 0; side < 2; side++)
                if (gb_value_is_same(value, side ? effects[e].base : effects[e].level)) {
                    sums[side] += 1e-9 * (double)gb_results_summary(c.results)[i].saving;
                    counts[side]++;
                }
        }
        EXPECT_NEAR(effects[e].effect.estimate, sums[0] / counts[0] - sums[1] / counts[1], 1e-9);
        EXPECT(effects[e].adjusted_p >= effects[e].p || isnan(effects[e].p));
        EXPECT(effects[e].key != 0 || gb_value_is_same(effects[e].base, "0.5"));
    }
    free(effects);
    comparison_end(&c);
    unlink(path);
}

static void a_grid_with_holes_or_one_key_has_no_main_effects(void)
{
    struct comparison c;
    EXPECT_INT(
        comparison_begin(&c, made_consensus, N_MADE_CONSENSUS, "chain.protocol=ideal", plainly),
        GB_OK);
    EXPECT_INT(gb_versus_grid(c.versus), GB_GRID_HOLES);
    comparison_end(&c);
    const struct made_trial one_key[] = {{{"ideal", "4"}, 0, 1.0, 9.0, {0}},
                                         {{"pbft", "4"}, 0, 2.0, 9.0, {0}}};
    EXPECT_INT(comparison_begin(&c, one_key, 2, "chain.protocol=ideal", plainly), GB_OK);
    EXPECT_INT(gb_versus_grid(c.versus), GB_GRID_SMALL);
    comparison_end(&c);
    const struct made_trial unpaired[] = {
        {{"ideal", "4"}, 0, 1.0, 9.0, {0}},  {{"ideal", "4"}, 1, 1.0, 9.0, {0}},
        {{"pbft", "4"}, 0, 2.0, 9.0, {0}},   {{"pbft", "4"}, 1, 2.0, 9.0, {0}},
        {{"ideal", "16"}, 0, 2.0, 9.0, {0}}, {{"ideal", "16"}, 1, 2.0, 9.0, {0}},
        {{"pbft", "16"}, 0, 2.0, 9.0, {0}}};
    EXPECT_INT(comparison_begin(&c, unpaired, 7, "chain.protocol=ideal", plainly), GB_OK);
    EXPECT_INT(gb_versus_grid(c.versus), GB_GRID_UNPAIRED);
    comparison_end(&c);
}

/* ---- the bootstrap, of 30 replications */

static void a_bootstrap_of_cells_is_that_of_their_paired_replications(void)
{
    const struct gb_versus_options options = {false, 200, NULL};
    struct made_trial trials[60];
    double saving[30], base[30];
    struct gb_versus_row rows[1];
    struct gb_confidence_interval expected;
    struct comparison c;
    size_t size;
    for (uint32_t i = 0; i < 30; i++) {
        base[i] = 1.0 + (i * 7 % 30) / 8.0;
        saving[i] = base[i] - (i * 11 % 30) * (i * 11 % 30) / 256.0;
        trials[i] = (struct made_trial){{"ideal", "-"}, i, base[i], 9.0, {0}};
        trials[30 + i] = (struct made_trial){{"pbft", "4"}, i, saving[i], 9.0, {0}};
    }
    EXPECT_INT(comparison_begin(&c, trials, 60, "chain.protocol=ideal", options), GB_OK);
    EXPECT_INT(comparison_family(&c, "saving", rows, &size), GB_OK);
    const struct gb_sample samples[] = {{saving, NULL}, {base, NULL}};
    EXPECT(
        gb_bootstrap_interval(&expected, samples, (const double[]){1.0, -1.0}, 2, 30, 200, 0.95));
    EXPECT_NEAR(rows[0].interval.lower, expected.lower, 1e-9);
    EXPECT_NEAR(rows[0].interval.upper, expected.upper, 1e-9);
    comparison_end(&c);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(cells_are_paired_with_the_one_reference_that_knows_no_other_key),
        TAP(a_ratio_is_compared_as_one_of_sums),
        TAP(a_cell_is_compared_with_the_reference_that_shares_its_other_keys),
        TAP(a_cell_that_is_not_shown_may_be_without_a_reference),
        TAP(what_is_no_reference_is_refused_with_what_there_is),
        TAP(a_cell_that_lacks_replications_is_compared_only_where_that_is_allowed),
        TAP(users_are_compared_one_by_one_and_shown_by_quantiles),
        TAP(each_user_has_a_difference_where_households_are_kept_and_only_there),
        TAP(households_drawn_anew_have_quantiles_of_gains_in_each_trial),
        TAP(values_are_the_same_word_by_word),
        TAP(main_effects_are_differences_of_means_over_the_other_keys),
        TAP(a_grid_with_holes_or_one_key_has_no_main_effects),
        TAP(a_bootstrap_of_cells_is_that_of_their_paired_replications),
        {0}};
    return tap_main("versus", tests);
}
