/* Contrasts of cells, their pairing and their grids: against R 4.2.2 and by hand. */
#include "analysis/contrast.h"

#include <math.h>

#include "analysis/factorial.h"
#include "analysis/pairing.h"
#include "tests/tap.h"

static const double difference_weights[] = {1.0, -1.0};

static struct gb_contrast difference(struct gb_sample cell, struct gb_sample base, size_t n)
{
    const struct gb_sample samples[] = {cell, base};
    double linear[64];

    return gb_contrast_estimate(samples, difference_weights, 2, n, NULL, linear);
}

/* Student's sleep data, as R has them (`sleep`) */
static const double drug_1[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
static const double drug_2[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

static void a_paired_difference_is_that_of_r_s_t_test(void)
{
    /* t.test(drug_2, drug_1, paired = TRUE), R 4.2.2 */
    struct gb_contrast c =
        difference((struct gb_sample){drug_2, NULL}, (struct gb_sample){drug_1, NULL}, 10);
    struct gb_confidence_interval in = gb_contrast_interval(&c, 0.95);
    EXPECT_NEAR(c.estimate, 1.58, 1e-14);
    EXPECT_NEAR(c.standard_error, 0.388958723888395, 1e-14);
    EXPECT_NEAR(gb_contrast_p(&c), 0.00283289019738427, 1e-15);
    EXPECT_NEAR(in.lower, 0.700114236723018, 1e-13);
    EXPECT_NEAR(in.upper, 2.459885763276982, 1e-13);
    /* (qt(.975, 9) + qt(.8, 9)) * sd(drug_2 - drug_1) / sqrt(10) */
    EXPECT_NEAR(gb_contrast_detectable(&c, 0.95, GB_POWER), 1.22349340121835, 1e-13);
}

static void a_difference_of_ratios_has_the_error_of_its_linear_part(void)
{
    /* R's mtcars, qsec over wt in rows 1 to 8 and 9 to 16: d <- (x1 - R1 y1)/mean(y1) -
     * (x2 - R2 y2)/mean(y2); s <- sd(d)/sqrt(8); R1 - R2 +- qt(.975, 7) s */
    const double x1[] = {16.46, 17.02, 18.61, 19.44, 17.02, 20.22, 15.84, 20.00};
    const double y1[] = {2.620, 2.875, 2.320, 3.215, 3.440, 3.460, 3.570, 3.190};
    const double x2[] = {22.90, 18.30, 18.90, 17.40, 17.60, 18.00, 17.98, 17.82};
    const double y2[] = {3.150, 3.440, 3.440, 4.070, 3.730, 3.780, 5.250, 5.424};
    struct gb_contrast c = difference((struct gb_sample){x1, y1}, (struct gb_sample){x2, y2}, 8);
    struct gb_confidence_interval in = gb_contrast_interval(&c, 0.95);
    EXPECT_NEAR(c.estimate, 1.24483533869793, 1e-13);
    EXPECT_NEAR(c.standard_error, 0.431767015954639, 1e-13);
    EXPECT_NEAR(in.lower, 0.223868581733746, 1e-12);
    EXPECT_NEAR(in.upper, 2.265802095662123, 1e-12);
    EXPECT_NEAR(gb_contrast_p(&c), 0.0235464787416881, 1e-14);
}

static void cells_equal_in_every_trial_are_not_tested(void)
{
    const double x[] = {0.1, 0.7, 0.3}, y[] = {3, 5, 4};
    struct gb_contrast c = difference((struct gb_sample){x, NULL}, (struct gb_sample){x, NULL}, 3);
    EXPECT_INT(c.kind, GB_CONTRAST_EQUAL);
    EXPECT(c.estimate == 0.0 && isnan(gb_contrast_p(&c)));
    EXPECT(isnan(gb_contrast_detectable(&c, 0.95, GB_POWER)));
    c = difference((struct gb_sample){x, y}, (struct gb_sample){x, y}, 3);
    EXPECT_INT(c.kind, GB_CONTRAST_EQUAL);
    c = difference((struct gb_sample){x, NULL}, (struct gb_sample){x, NULL}, 1);
    EXPECT_INT(c.kind, GB_CONTRAST_EQUAL);
}

static void the_same_difference_in_every_trial_is_deterministic(void)
{
    const double x[] = {0.1, 0.7, 0.3}, more[] = {0.3, 0.9, 0.5}, once[] = {0.3, 0.9, 0.5 + 1e-9};
    struct gb_contrast c =
        difference((struct gb_sample){more, NULL}, (struct gb_sample){x, NULL}, 3);
    EXPECT_INT(c.kind, GB_CONTRAST_CONSTANT);
    EXPECT_NEAR(c.estimate, 0.2, 1e-15);
    EXPECT(isnan(gb_contrast_p(&c)));
    EXPECT(!(gb_contrast_interval(&c, 0.95).lower <= 0.2));
    EXPECT_INT(gb_contrast_interval(&c, 0.95).kind, GB_INTERVAL_CONSTANT);
    c = difference((struct gb_sample){once, NULL}, (struct gb_sample){x, NULL}, 3);
    EXPECT_INT(c.kind, GB_CONTRAST_ESTIMATED); /* 1e-9 of a currency is money */
}

static void one_trial_has_a_difference_and_no_error(void)
{
    struct gb_contrast c =
        difference((struct gb_sample){drug_2, NULL}, (struct gb_sample){drug_1, NULL}, 1);
    EXPECT_NEAR(c.estimate, 1.2, 1e-15);
    EXPECT(isnan(c.standard_error) && isnan(gb_contrast_p(&c)));
    EXPECT(!gb_interval_has_bounds(&(struct gb_confidence_interval){0}) ||
           isnan(gb_contrast_interval(&c, 0.95).lower));
}

static void a_trial_without_a_number_in_one_cell_is_left_out_of_both(void)
{
    const double a[] = {1, NAN, 3, 7}, b[] = {0.5, 90, 2, NAN};
    struct gb_contrast c = difference((struct gb_sample){a, NULL}, (struct gb_sample){b, NULL}, 4);
    EXPECT_NEAR(c.estimate, 0.75, 1e-15);
    EXPECT(c.n == 2 && c.n_nan == 2);
    const double x[] = {1, 2, 3, 4}, y[] = {10, 11, NAN, 10}, more[] = {2, NAN, 2, 6};
    c = difference((struct gb_sample){x, y}, (struct gb_sample){more, y}, 4);
    EXPECT_NEAR(c.estimate, 5.0 / 20.0 - 8.0 / 20.0, 1e-15);
    const double none[] = {NAN, NAN, NAN, NAN};
    c = difference((struct gb_sample){a, NULL}, (struct gb_sample){none, NULL}, 4);
    EXPECT_INT(c.kind, GB_CONTRAST_NOTHING);
    EXPECT(isnan(c.estimate) && c.n == 0 && c.n_nan == 4);
}

static void a_ratio_whose_denominator_may_be_zero_has_no_contrast(void)
{
    const double x[] = {1, 2, 3, 4}, y[] = {10, 11, 12, 11}, near[] = {-1, 3, -2, 4},
                 negative[] = {-10, -11, -12, -11};
    struct gb_contrast c = difference((struct gb_sample){x, y}, (struct gb_sample){x, near}, 4);
    EXPECT_INT(c.kind, GB_CONTRAST_NEAR_ZERO);
    EXPECT(isnan(c.estimate));
    /* who pays and who earns are two different things; two who earn are not */
    c = difference((struct gb_sample){x, y}, (struct gb_sample){x, negative}, 4);
    EXPECT_INT(c.kind, GB_CONTRAST_NEAR_ZERO);
    const double more[] = {2, 3, 4, 6};
    c = difference((struct gb_sample){more, negative}, (struct gb_sample){x, negative}, 4);
    EXPECT_NEAR(c.estimate, 5.0 / 44.0, 1e-15); /* of the absolute sum below the line */
    struct gb_contrast positive =
        difference((struct gb_sample){more, y}, (struct gb_sample){x, y}, 4);
    EXPECT_NEAR(c.standard_error, positive.standard_error, 1e-15);
}

/* ---- main effects: R's ToothGrowth, tooth length under vitamin C (VC) and orange juice (OJ), each
 * at doses 0.5, 1 and 2; row i of each group taken for replication i */

static const double tooth[6][10] = {{4.2, 11.5, 7.3, 5.8, 6.4, 10.0, 11.2, 11.2, 5.2, 7.0},
                                    {16.5, 16.5, 15.2, 17.3, 22.5, 17.3, 13.6, 14.5, 18.8, 15.5},
                                    {23.6, 18.5, 33.9, 25.5, 26.4, 32.5, 26.7, 21.5, 23.3, 29.5},
                                    {15.2, 21.5, 17.6, 9.7, 14.5, 10.0, 8.2, 9.4, 16.5, 9.7},
                                    {19.7, 23.3, 23.6, 26.4, 20.0, 25.2, 25.8, 21.2, 14.5, 27.3},
                                    {25.5, 26.4, 22.4, 24.5, 24.8, 30.9, 26.4, 27.3, 29.4, 23.0}};
static const size_t tooth_levels[] = {0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 2};
static const size_t tooth_n_levels[] = {2, 3};
static const struct gb_design tooth_design = {6, 2, tooth_levels, tooth_n_levels};

static struct gb_contrast main_effect(size_t factor, size_t level)
{
    struct gb_sample samples[6];
    double weights[6], linear[10];

    for (size_t c = 0; c < 6; c++)
        samples[c] = (struct gb_sample){tooth[c], NULL};
    gb_design_main_effect(weights, &tooth_design, factor, level, 0);
    return gb_contrast_estimate(samples, weights, 6, 10, NULL, linear);
}

static void a_main_effect_is_the_paired_difference_of_the_means_over_levels(void)
{
    /* t.test of the ten differences of means, R 4.2.2 */
    struct gb_contrast c = main_effect(0, 1);
    EXPECT_NEAR(c.estimate, 3.7, 1e-13);
    EXPECT_NEAR(c.standard_error, 0.626611502694167, 1e-13);
    EXPECT_NEAR(gb_contrast_p(&c), 0.000227719833404716, 1e-15);
    c = main_effect(1, 2);
    struct gb_confidence_interval in = gb_contrast_interval(&c, 0.95);
    EXPECT_NEAR(c.estimate, 15.495, 1e-13);
    EXPECT_NEAR(in.lower, 12.6451981884322, 1e-11);
    EXPECT_NEAR(in.upper, 18.3448018115678, 1e-11);
    EXPECT_INT(main_effect(1, 0).kind, GB_CONTRAST_EQUAL); /* the base against itself */
}

static void only_a_grid_that_has_every_combination_once_is_complete(void)
{
    static const size_t twice[] = {0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 1};
    bool is_complete = false;
    EXPECT(gb_design_is_complete(&is_complete, &tooth_design) && is_complete);
    struct gb_design design = tooth_design;
    design.n_cells = 5;
    EXPECT(gb_design_is_complete(&is_complete, &design) && !is_complete);
    design = (struct gb_design){6, 2, twice, tooth_n_levels};
    EXPECT(gb_design_is_complete(&is_complete, &design) && !is_complete);
    const size_t many[] = {SIZE_MAX, SIZE_MAX};
    design = (struct gb_design){6, 2, tooth_levels, many};
    EXPECT(gb_design_is_complete(&is_complete, &design) && !is_complete);
}

/* ---- pairing */

static void only_replications_complete_in_all_cells_are_paired(void)
{
    const uint32_t a[] = {0, 1, 2, 4, 7}, b[] = {1, 2, 3, 7}, c[] = {0, 2, 4, 5, 6, 7};
    const struct gb_replication_list lists[] = {{a, 5}, {b, 4}, {c, 6}};
    size_t places[15];
    EXPECT_INT((int64_t)gb_pairing_find(places, lists, 3), 2);
    EXPECT(places[0] == 2 && places[5] == 1 && places[10] == 1);
    EXPECT(places[1] == 4 && places[6] == 3 && places[11] == 5);
    EXPECT_INT((int64_t)gb_pairing_find(places, lists, 1), 5);
    const struct gb_replication_list empty[] = {{a, 5}, {NULL, 0}};
    EXPECT_INT((int64_t)gb_pairing_find(places, empty, 2), 0);
}

static void cells_of_the_same_replications_are_alike(void)
{
    const uint32_t a[] = {0, 1, 2, 4, 7}, again[] = {0, 1, 2, 4, 7}, other[] = {0, 1, 3, 4, 7};
    const struct gb_replication_list same[] = {{a, 5}, {again, 5}}, fewer[] = {{a, 5}, {again, 4}};
    const struct gb_replication_list differ[] = {{a, 5}, {again, 5}, {other, 5}};

    EXPECT(gb_pairing_is_alike(same, 2));
    EXPECT(!gb_pairing_is_alike(fewer, 2));
    EXPECT(!gb_pairing_is_alike(differ, 3));
}

/* With a ratio, a resample and gaps, too: the other ways through the sums. */
static void an_estimate_alone_is_that_of_the_contrast(void)
{
    const double x[] = {1, 2, 4, 8}, y[] = {3, 3.1, 2.9, 3}, with_gap[] = {1, 2, NAN, 8};
    const struct gb_sample whole[] = {{x, y}}, gap[] = {{with_gap, NULL}};
    const double weight = 1.0;
    double linear[4];

    EXPECT_NEAR(gb_contrast_value(whole, &weight, 1, 4, linear), 15.0 / 12.0, 1e-15);
    EXPECT_NEAR(gb_contrast_value(gap, &weight, 1, 4, linear), 11.0 / 3.0, 1e-15);
    EXPECT(isnan(linear[2]) && !isnan(linear[3]));
    const uint32_t places[] = {3, 3, 0, 1};
    EXPECT_NEAR(gb_contrast_estimate(whole, &weight, 1, 4, places, linear).estimate, 19.0 / 12.1,
                1e-15);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_paired_difference_is_that_of_r_s_t_test),
        TAP(a_difference_of_ratios_has_the_error_of_its_linear_part),
        TAP(cells_equal_in_every_trial_are_not_tested),
        TAP(the_same_difference_in_every_trial_is_deterministic),
        TAP(one_trial_has_a_difference_and_no_error),
        TAP(a_trial_without_a_number_in_one_cell_is_left_out_of_both),
        TAP(a_ratio_whose_denominator_may_be_zero_has_no_contrast),
        TAP(a_main_effect_is_the_paired_difference_of_the_means_over_levels),
        TAP(only_a_grid_that_has_every_combination_once_is_complete),
        TAP(only_replications_complete_in_all_cells_are_paired),
        TAP(cells_of_the_same_replications_are_alike),
        TAP(an_estimate_alone_is_that_of_the_contrast),
        {0}};
    return tap_main("contrast", tests);
}
