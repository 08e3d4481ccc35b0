/* Statistics and key figures against tables and hand computation. */
#include "analysis/statistics.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "analysis/comparison.h"
#include "analysis/metrics.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"

static void t_quantiles_are_those_of_the_printed_table(void)
{
    /* two-sided 95 %: Student's table as printed in any textbook */
    static const struct {
        double degrees, t;
    } table[] = {{1, 12.706}, {2, 4.303}, {4, 2.776}, {9, 2.262}, {29, 2.045}, {120, 1.980}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        EXPECT_NEAR(gb_t_quantile(0.975, table[i].degrees), table[i].t, 0.0005);
}

static void an_interval_of_five_values_is_the_one_by_hand(void)
{
    /* mean 3, s^2 = 2.5, half = 2.776445 sqrt(2.5 / 5) = 1.963243 */
    const double values[] = {1, 2, 3, 4, 5};
    struct gb_confidence_interval in = gb_t_interval(values, 5, 0.95);
    EXPECT_NEAR(in.estimate, 3.0, 1e-15);
    EXPECT_NEAR(in.upper - in.estimate, 1.963243, 1e-6);
    EXPECT_NEAR(in.estimate - in.lower, 1.963243, 1e-6);
    EXPECT_INT((int64_t)in.n, 5);
}

static void one_value_has_a_mean_and_no_interval(void)
{
    const double value = 7.0;
    struct gb_confidence_interval in = gb_t_interval(&value, 1, 0.95);
    EXPECT_NEAR(in.estimate, 7.0, 0.0);
    EXPECT(!gb_interval_has_bounds(&in));
    in = gb_t_interval(NULL, 0, 0.95);
    EXPECT(isnan(in.estimate) && !gb_interval_has_bounds(&in) && in.n == 0);
}

static void values_that_are_no_numbers_are_left_out_and_counted(void)
{
    const double values[] = {1, NAN, 3};
    struct gb_confidence_interval in = gb_t_interval(values, 3, 0.95);
    EXPECT_NEAR(in.estimate, 2.0, 1e-15);
    EXPECT(in.n == 2 && in.n_nan == 1);
}

static void pairing_takes_away_the_noise_that_both_share(void)
{
    const double a[] = {11, 22, 33, 45}, b[] = {10, 20, 30, 40};
    const double difference[] = {1, 2, 3, 5};
    struct gb_comparison_sums sums;
    gb_comparison_init(&sums);
    for (size_t i = 0; i < 4; i++)
        gb_comparison_add(&sums, a[i], b[i], b[i]);
    struct gb_confidence_interval pair = gb_comparison_of(&sums).difference;
    struct gb_confidence_interval plain = gb_t_interval(difference, 4, 0.95);
    EXPECT_NEAR(pair.estimate, 2.75, 1e-15);
    struct gb_confidence_interval alone = gb_t_interval(a, 4, 0.95);
    EXPECT_NEAR(pair.lower, plain.lower, 1e-15);
    EXPECT(pair.upper - pair.lower < (alone.upper - alone.lower) / 5);
}

static void equal_values_are_constant_and_have_no_interval(void)
{
    const double same[] = {0.1, 0.1, 0.1}, y[] = {20, 21, 22}, thirds[] = {20.0 / 3, 7, 22.0 / 3};
    struct gb_confidence_interval in = gb_t_interval(same, 3, 0.95);
    EXPECT_INT(in.kind, GB_INTERVAL_CONSTANT);
    EXPECT(in.estimate == 0.1 && !gb_interval_has_bounds(&in));
    in = gb_ratio_interval(thirds, y, 3, 0.95);
    EXPECT_INT(in.kind, GB_INTERVAL_CONSTANT);
    EXPECT_NEAR(in.estimate, 1.0 / 3, 1e-15);
    EXPECT_INT(gb_t_interval(same, 1, 0.95).kind, GB_INTERVAL_USUAL);
}

static void a_scaled_interval_keeps_its_bounds_in_order(void)
{
    const struct gb_confidence_interval in = {2, 1, 4, 5, 0, GB_INTERVAL_USUAL};
    struct gb_confidence_interval out = gb_interval_scaled(in, -10);
    EXPECT(out.estimate == -20 && out.lower == -40 && out.upper == -10 && out.n == 5);
    out = gb_interval_scaled(in, 10);
    EXPECT(out.lower == 10 && out.upper == 40);
}

/* ---- ratios of sums */

/* Is |mean(x - rho y)| = t sd(x - rho y) / sqrt(n), which is what ends Fieller's set? */
static double beyond_fieller(const double *x, const double *y, size_t n, double rho)
{
    double d[16];
    for (size_t i = 0; i < n; i++)
        d[i] = x[i] - rho * y[i];
    struct gb_confidence_interval in = gb_t_interval(d, n, 0.95);
    return fabs(in.estimate) - (in.upper - in.estimate);
}

static void a_ratio_is_that_of_the_sums_and_ends_where_fieller_s_set_does(void)
{
    const double x[] = {1, 12, 30, 8, 2}, y[] = {10, 40, 90, 30, 5};
    struct gb_confidence_interval in = gb_ratio_interval(x, y, 5, 0.95);
    EXPECT_INT(in.kind, GB_INTERVAL_NEAR_ZERO); /* y: 35 +- 41.8, so g = 1.4 */
    const double calm_y[] = {40, 50, 60, 45, 55};
    in = gb_ratio_interval(x, calm_y, 5, 0.95);
    EXPECT_NEAR(in.estimate, 53.0 / 250.0, 1e-15);
    EXPECT_NEAR(beyond_fieller(x, calm_y, 5, in.lower), 0.0, 1e-11);
    EXPECT_NEAR(beyond_fieller(x, calm_y, 5, in.upper), 0.0, 1e-11);
    EXPECT(beyond_fieller(x, calm_y, 5, in.estimate) < 0.0);
    EXPECT(beyond_fieller(x, calm_y, 5, in.upper + 0.01) > 0.0);
    EXPECT(fabs((in.upper - in.estimate) - (in.estimate - in.lower)) > 1e-3);
    struct gb_confidence_interval negative =
        gb_ratio_interval(x, (const double[]){-40, -50, -60, -45, -55}, 5, 0.95);
    EXPECT_NEAR(negative.lower, -in.upper, 1e-14);
}

static void a_pair_without_a_number_is_left_out_of_a_ratio_and_zeros_are_not(void)
{
    const double x[] = {1, NAN, 3, 0}, y[] = {10, 11, 12, 11};
    struct gb_confidence_interval in = gb_ratio_interval(x, y, 4, 0.95);
    EXPECT_NEAR(in.estimate, 4.0 / 33.0, 1e-15);
    EXPECT(in.n == 3 && in.n_nan == 1);
    in = gb_ratio_interval(x, y, 1, 0.95);
    EXPECT(in.estimate == 0.1 && !gb_interval_has_bounds(&in));
    in = gb_ratio_interval(x + 3, (const double[]){0}, 1, 0.95);
    EXPECT(isnan(in.estimate) && in.kind == GB_INTERVAL_NEAR_ZERO);
    EXPECT(isnan(gb_ratio_interval(NULL, NULL, 0, 0.95).estimate));
}

static double gaussian(uint64_t *state)
{
    return gsl_cdf_ugaussian_Pinv(((double)(splitmix64(state) >> 12) + 0.5) * 0x1p-52);
}

static void a_bill_near_zero_gets_no_percentage(void)
{
    uint64_t state = 5;
    double x[20], y[20];
    for (size_t i = 0; i < 20; i++) {
        y[i] = 1.0 + 3.0 * gaussian(&state);
        x[i] = 5.0 + gaussian(&state);
    }
    struct gb_confidence_interval in = gb_ratio_interval(x, y, 20, 0.95);
    EXPECT_INT(in.kind, GB_INTERVAL_NEAR_ZERO);
    EXPECT(isnan(in.estimate) && !gb_interval_has_bounds(&in));
    EXPECT_INT((int64_t)in.n, 20);
}

/* Over the sum of x, or of |x|. */
static double gini_by_definition(const double *x, size_t n)
{
    double sum = 0.0, apart = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += fabs(x[i]);
        for (size_t j = 0; j < n; j++)
            apart += fabs(x[i] - x[j]);
    }
    return apart / (2.0 * (double)n * sum);
}

static void gini_is_its_double_sum_and_jain_its_formula(void)
{
    double x[] = {3, 1, 0.5, 7, 7, 2}, equal[] = {2, 2, 2}, one[] = {0, 0, 0, 1}, none[] = {0, 0};
    EXPECT_NEAR(gb_gini(x, 6), gini_by_definition(x, 6), 1e-14);
    EXPECT_NEAR(gb_gini(equal, 3), 0.0, 1e-15);
    EXPECT_NEAR(gb_gini(one, 4), 0.75, 1e-15);
    EXPECT_NEAR(gb_jain(equal, 3), 1.0, 1e-15);
    EXPECT_NEAR(gb_jain(one, 4), 0.25, 1e-15);
    EXPECT(isnan(gb_gini(none, 2)) && isnan(gb_jain(none, 2)));
    EXPECT(isnan(gb_gini(x, 0)) && isnan(gb_jain(x, 0)));
}

static void of_gains_of_both_signs_there_is_no_gini_and_no_jain(void)
{
    /* the double sum over the plain sum would be 10.7 */
    double x[] = {3, -1, -2.8, 7, -7, 2};
    EXPECT(isnan(gb_gini(x, 6)) && isnan(gb_jain(x, 6)));
}

static void of_bills_of_both_signs_gini_stays_between_0_and_1(void)
{
    double x[] = {3, -1, -2.8, 7, -7, 2}, least[] = {-2, -2}, most[] = {0, 0, -1, 1};
    EXPECT_NEAR(gb_gini_of_any_sign(x, 6), gini_by_definition(x, 6), 1e-14);
    EXPECT_NEAR(gb_gini_of_any_sign(least, 2), 0, 0);
    EXPECT_NEAR(gb_gini_of_any_sign(most, 4), 0.75, 1e-15);
}

static void changes_carry_their_sign(void)
{
    EXPECT_NEAR(gb_change_pct(INT64_C(1142687500000), INT64_C(1303900000000)), -12.3639, 5e-5);
    EXPECT_NEAR(gb_change_pct(INT64_C(720837500000), INT64_C(463450000000)), 55.5373, 5e-5);
    EXPECT_NEAR(gb_change_pct(-50, -100), 50.0, 1e-12); /* a revenue that shrank: a higher bill */
    EXPECT(isnan(gb_change_pct(5, 0)));
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(t_quantiles_are_those_of_the_printed_table),
        TAP(an_interval_of_five_values_is_the_one_by_hand),
        TAP(one_value_has_a_mean_and_no_interval),
        TAP(values_that_are_no_numbers_are_left_out_and_counted),
        TAP(pairing_takes_away_the_noise_that_both_share),
        TAP(equal_values_are_constant_and_have_no_interval),
        TAP(a_scaled_interval_keeps_its_bounds_in_order),
        TAP(a_ratio_is_that_of_the_sums_and_ends_where_fieller_s_set_does),
        TAP(a_pair_without_a_number_is_left_out_of_a_ratio_and_zeros_are_not),
        TAP(a_bill_near_zero_gets_no_percentage),
        TAP(gini_is_its_double_sum_and_jain_its_formula),
        TAP(of_gains_of_both_signs_there_is_no_gini_and_no_jain),
        TAP(of_bills_of_both_signs_gini_stays_between_0_and_1),
        TAP(changes_carry_their_sign),
        {0}};
    return tap_main("statistics", tests);
}
