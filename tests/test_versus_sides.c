/* The gap between the sides, sellers first, of cells against a reference: a contrast of four ratios
 * of sums, and what it asks of a pilot. */
#include "analysis/pilot.h"
#include "analysis/versus.h"

#include <math.h>
#include <stdlib.h>

#include "tests/made_trials.h"
#include "tests/tap.h"

static const struct gb_versus_options plainly = {false, 0, NULL};

static const struct made_trial sided[] = {
    {{"ideal", "4"}, 0, 0, 9, {0}, {{100, 10.0}, {200, 30.0}}},
    {{"ideal", "4"}, 1, 0, 9, {0}, {{102, 12.0}, {198, 31.0}}},
    {{"pbft", "4"}, 0, 0, 9, {0}, {{100, 7.0}, {200, 26.0}}},
    {{"pbft", "4"}, 1, 0, 9, {0}, {{103, 9.5}, {199, 23.0}}},
    {{"ideal", "16"}, 0, 0, 9, {0}, {{100, 10.0}, {200, 30.0}}},
    {{"ideal", "16"}, 1, 0, 9, {0}, {{102, 12.0}, {198, 31.0}}},
    {{"pbft", "16"}, 0, 0, 9, {0}, {{101, 5.0}, {200, 27.0}}},
    {{"pbft", "16"}, 1, 0, 9, {0}, {{100, 5.5}, {201, 21.0}}},
};
static const char gap_of_sides[] = "sellers_less_buyers_gain_per_kwh";

static void the_gap_between_the_sides_is_a_contrast_of_four_ratios_of_sums(void)
{
    struct gb_versus_row rows[2];
    struct comparison c;
    size_t size;
    EXPECT_INT(comparison_begin(&c, sided, 4, "chain.protocol=ideal", plainly), GB_OK);
    EXPECT_INT(comparison_family(&c, gap_of_sides, rows, &size), GB_OK);
    EXPECT_NEAR(rows[0].value, 16.5 / 203 - 49.0 / 399, 1e-12);
    EXPECT_NEAR(rows[0].base, 22.0 / 202 - 61.0 / 398, 1e-12);
    EXPECT_NEAR(rows[0].difference.estimate, rows[0].value - rows[0].base, 1e-12);
    /* of two replications the linear parts are e and -e, so that their standard error is |e| */
    double e = (7.0 - 16.5 / 203 * 100) / 101.5 - (26.0 - 49.0 / 399 * 200) / 199.5 -
               (10.0 - 22.0 / 202 * 100) / 101.0 + (30.0 - 61.0 / 398 * 200) / 199.0;
    EXPECT_NEAR(rows[0].difference.standard_error, fabs(e), 1e-12);
    EXPECT_INT(rows[0].difference.n, 2);
    EXPECT_INT(size, 1);
    /* as a figure has it, and each cell's own */
    struct gb_confidence_interval drawn =
        gb_cell_paired(c.results, &c.cells.items[1], &c.cells.items[0], gap_of_sides);
    EXPECT(drawn.estimate == rows[0].difference.estimate && drawn.upper == rows[0].interval.upper);
    comparison_end(&c);
}

static void the_gap_between_the_sides_says_how_many_replications_there_are(void)
{
    struct gb_until until = {gap_of_sides, "chain.protocol=ideal", {0.01, 0.95, 30, 1000000}};
    struct gb_replications needed = {0, false};
    struct gb_results *results = made_results(sided, 4, 0);
    double t = 12.706204736,
           e = (7.0 - 16.5 / 203 * 100) / 101.5 - (26.0 - 49.0 / 399 * 200) / 199.5 -
               (10.0 - 22.0 / 202 * 100) / 101.0 + (30.0 - 61.0 / 398 * 200) / 199.0;
    EXPECT_INT(gb_pilot_replications(&needed, results, &until, NULL), GB_OK);
    EXPECT_INT(needed.n, (int64_t)ceil(pow(t * fabs(e) * sqrt(2) / 0.01, 2)));
    /* without a reference the cell whose gap varies most: ideal, or pbft */
    double ideal = (10.0 - 22.0 / 202 * 100) / 101.0 - (30.0 - 61.0 / 398 * 200) / 199.0;
    double pbft = (7.0 - 16.5 / 203 * 100) / 101.5 - (26.0 - 49.0 / 399 * 200) / 199.5;
    until.against = "";
    EXPECT_INT(gb_pilot_replications(&needed, results, &until, NULL), GB_OK);
    EXPECT_INT(needed.n, (int64_t)ceil(pow(t * fmax(fabs(ideal), fabs(pbft)) * sqrt(2) / 0.01, 2)));
    made_results_close(results);
}

static double main_effect(const struct comparison *c, const char *name)
{
    struct gb_main_effect *effects = NULL;
    struct gb_estimand estimand;
    double estimate = NAN;
    size_t n = 0;

    EXPECT(gb_estimand_find(&estimand, name));
    EXPECT_INT(gb_versus_main_effects(c->versus, &estimand, &effects, &n, NULL), GB_OK);
    if (EXPECT_INT(n, 2)) /* of a protocol and a number of nodes */
        estimate = effects[0].effect.estimate;
    free(effects);
    return estimate;
}

static void a_main_effect_on_the_gap_is_that_on_one_side_less_that_on_the_other(void)
{
    struct comparison c;
    EXPECT_INT(comparison_begin(&c, sided, 8, "chain.protocol=ideal", plainly), GB_OK);
    EXPECT_NEAR(main_effect(&c, "sellers_gain_per_kwh"), (16.5 / 203 + 10.5 / 201) / 2 - 22.0 / 202,
                1e-12);
    EXPECT_NEAR(main_effect(&c, gap_of_sides),
                main_effect(&c, "sellers_gain_per_kwh") - main_effect(&c, "buyers_gain_per_kwh"),
                1e-12);
    comparison_end(&c);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_gap_between_the_sides_is_a_contrast_of_four_ratios_of_sums),
        TAP(the_gap_between_the_sides_says_how_many_replications_there_are),
        TAP(a_main_effect_on_the_gap_is_that_on_one_side_less_that_on_the_other),
        {0}};
    return tap_main("versus_sides", tests);
}
