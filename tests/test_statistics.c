/* Statistics and key figures against tables and hand computation. */
#include "analysis/statistics.h"

#include <math.h>

#include "analysis/metrics.h"
#include "tests/tap.h"

#define KWH INT64_C(1000)

static void t_quantiles_are_those_of_the_printed_table(void)
{
    /* two-sided 95 %: Student's table as printed in any textbook */
    static const struct { double degrees, t; } table[] = {
        {1, 12.706}, {2, 4.303}, {4, 2.776}, {9, 2.262}, {29, 2.045}, {120, 1.980}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        EXPECT_NEAR(gb_t_quantile(0.975, table[i].degrees), table[i].t, 0.0005);
}

static void an_interval_of_five_values_is_the_one_by_hand(void)
{
    /* mean 3, s^2 = 2.5, half = 2.776445 sqrt(2.5 / 5) = 1.963243 */
    const double values[] = {1, 2, 3, 4, 5};
    struct gb_interval in = gb_t_interval(values, 5, 0.95);
    EXPECT_NEAR(in.mean, 3.0, 1e-15);
    EXPECT_NEAR(in.half_width, 1.963243, 1e-6);
    EXPECT_INT((int64_t)in.n, 5);
}

static void one_value_has_a_mean_and_no_interval(void)
{
    const double value = 7.0;
    struct gb_interval in = gb_t_interval(&value, 1, 0.95);
    EXPECT_NEAR(in.mean, 7.0, 0.0);
    EXPECT(isnan(in.half_width));
    in = gb_t_interval(NULL, 0, 0.95);
    EXPECT(isnan(in.mean) && isnan(in.half_width) && in.n == 0);
}

static void values_that_are_no_numbers_are_left_out_and_counted(void)
{
    const double values[] = {1, NAN, 3};
    struct gb_interval in = gb_t_interval(values, 3, 0.95);
    EXPECT_NEAR(in.mean, 2.0, 1e-15);
    EXPECT(in.n == 2 && in.n_nan == 1);
}

static void pairing_takes_away_the_noise_that_both_share(void)
{
    const double a[] = {11, 22, 33, 45}, b[] = {10, 20, 30, 40};
    const double difference[] = {1, 2, 3, 5};
    struct gb_interval pair = gb_paired_interval(a, b, 4, 0.95);
    struct gb_interval plain = gb_t_interval(difference, 4, 0.95);
    EXPECT_NEAR(pair.mean, 2.75, 1e-15);
    EXPECT_NEAR(pair.half_width, plain.half_width, 1e-15);
    EXPECT(pair.half_width < gb_t_interval(a, 4, 0.95).half_width / 5);
}

static void quantiles_of_weights_follow_the_distribution_function(void)
{
    struct gb_weighted items[] = {{0.50, 1}, {0.40, 8}, {0.45, 1}};
    EXPECT_NEAR(gb_weighted_quantile(items, 3, 0.1), 0.40, 0.0);
    EXPECT_NEAR(gb_weighted_quantile(items, 3, 0.8), 0.40, 0.0);
    EXPECT_NEAR(gb_weighted_quantile(items, 3, 0.85), 0.45, 0.0);
    EXPECT_NEAR(gb_weighted_quantile(items, 3, 1.0), 0.50, 0.0);
    EXPECT_NEAR(gb_weighted_mean(items, 3), 0.415, 1e-15);
    /* 8 x 0.015^2 + 0.035^2 + 0.085^2 = 0.01025, over 10 */
    EXPECT_NEAR(gb_weighted_sd(items, 3), sqrt(0.001025), 1e-15);
    EXPECT(isnan(gb_weighted_quantile(items, 0, 0.5)) && isnan(gb_weighted_mean(items, 0)));
    double values[] = {4, 1, 3, 2};
    EXPECT_NEAR(gb_quantile(values, 4, 0.5), 2.0, 0.0);
    EXPECT_NEAR(gb_quantile(values, 4, 0.95), 4.0, 0.0);
    EXPECT_NEAR(gb_quantile(values, 4, 0.0), 1.0, 0.0);
}

static double gini_by_definition(const double *x, size_t n)
{
    double sum = 0.0, apart = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
        for (size_t j = 0; j < n; j++)
            apart += fabs(x[i] - x[j]);
    }
    return apart / (2.0 * (double)(n * n) * (sum / (double)n));
}

static void gini_is_its_double_sum_and_jain_its_formula(void)
{
    double x[] = {3, -1, 0.5, 7, 7, 2}, equal[] = {2, 2, 2}, one[] = {0, 0, 0, 1};
    EXPECT_NEAR(gb_gini(x, 6), gini_by_definition(x, 6), 1e-14);
    EXPECT_NEAR(gb_gini(equal, 3), 0.0, 1e-15);
    EXPECT_NEAR(gb_gini(one, 4), 0.75, 1e-15);
    EXPECT_NEAR(gb_jain(equal, 3), 1.0, 1e-15);
    EXPECT_NEAR(gb_jain(one, 4), 0.25, 1e-15);
    EXPECT(isnan(gb_gini(x, 0)) && isnan(gb_jain(x, 0)));
}

static void changes_carry_their_sign(void)
{
    EXPECT_NEAR(gb_change_pct(INT64_C(1142687500000), INT64_C(1303900000000)), -12.3639, 5e-5);
    EXPECT_NEAR(gb_change_pct(INT64_C(720837500000), INT64_C(463450000000)), 55.5373, 5e-5);
    EXPECT_NEAR(gb_change_pct(-50, -100), 50.0,
                1e-12);         /* a revenue that shrank: a higher bill */
    EXPECT(isnan(gb_change_pct(5, 0)));
}

static void prices_of_trades_are_weighted_by_energy(void)
{
    const struct gb_trade_row trades[] = {
        {.energy_wh = 220 * KWH, .price_buy = 470000}, {.energy_wh = 180 * KWH,
                                                        .price_buy = 490000},
        {.energy_wh = 600 * KWH, .price_buy = 480000}};
    struct gb_summary_row row = {0};
    EXPECT_INT(gb_metrics_prices(trades, 3, &row, NULL), GB_OK);
    EXPECT_NEAR(row.price_mean, 0.4796, 1e-12);
    EXPECT_NEAR(row.price_p10, 0.47, 1e-15);
    EXPECT_NEAR(row.price_p90, 0.49, 1e-15);
    EXPECT_INT(gb_metrics_prices(NULL, 0, &row, NULL), GB_OK);
    EXPECT(isnan(row.price_mean) && isnan(row.price_p90));
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(t_quantiles_are_those_of_the_printed_table),
        TAP(an_interval_of_five_values_is_the_one_by_hand),
        TAP(one_value_has_a_mean_and_no_interval),
        TAP(values_that_are_no_numbers_are_left_out_and_counted),
        TAP(pairing_takes_away_the_noise_that_both_share),
        TAP(quantiles_of_weights_follow_the_distribution_function),
        TAP(gini_is_its_double_sum_and_jain_its_formula),
        TAP(changes_carry_their_sign),
        TAP(prices_of_trades_are_weighted_by_energy),
        {0}
    };
    return tap_main("statistics", tests);
}
