/* Tallies: Welford against hand-computed values and hard offsets, merging, time-weighted means. */
#include "sim/tally.h"

#include <math.h>
#include <stddef.h>

#include "tests/tap.h"

static struct gb_tally tally_of(const double *values, int n)
{
    struct gb_tally tally;

    gb_tally_init(&tally);
    for (int i = 0; i < n; i++)
        gb_tally_add(&tally, values[i]);
    return tally;
}

static void mean_and_variance_are_those_computed_by_hand(void)
{
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9}; /* mean 5, squares 32 */
    struct gb_tally t = tally_of(values, 8);

    EXPECT_INT(t.count, 8);
    EXPECT_NEAR(t.mean, 5, 1e-15);
    EXPECT_NEAR(gb_tally_variance(&t), 32.0 / 7, 1e-14);
    EXPECT_NEAR(gb_tally_standard_error(&t), sqrt(32.0 / 7 / 8), 1e-14);
    EXPECT(t.minimum == 2 && t.maximum == 9);
}

static void a_large_offset_costs_no_digits_of_the_variance(void)
{
    const double values[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}; /* squares 90 */
    struct gb_tally t = tally_of(values, 4);

    EXPECT_NEAR(t.mean, 1e9 + 10, 1e-6);
    EXPECT_NEAR(gb_tally_variance(&t), 30, 1e-6);
}

static void weights_count_like_so_many_values(void)
{
    struct gb_weighted_tally t = {0};

    gb_weighted_tally_add(&t, 7, 0);
    EXPECT(isnan(gb_weighted_tally_mean(&t)) && isnan(gb_weighted_tally_sd(&t)));
    gb_weighted_tally_add(&t, 0.5e9, 1); /* 8 x 15^2 + 35^2 + 85^2 = 10250, over 10 */
    gb_weighted_tally_add(&t, 0.5e9 - 100, 8);
    gb_weighted_tally_add(&t, 0.5e9 - 50, 1);
    gb_weighted_tally_add(&t, 7, 0);
    EXPECT_NEAR(gb_weighted_tally_mean(&t), 0.5e9 - 85, 1e-6);
    EXPECT_NEAR(gb_weighted_tally_sd(&t), sqrt(1025), 1e-6);
}

static void below_two_values_there_is_no_variance(void)
{
    const double one = 3;
    struct gb_tally none = tally_of(NULL, 0), single = tally_of(&one, 1);

    EXPECT(isnan(gb_tally_variance(&none)) && isnan(gb_tally_standard_error(&none)));
    EXPECT(isnan(gb_tally_variance(&single)) && isnan(gb_tally_standard_error(&single)));
    EXPECT(single.mean == 3 && single.minimum == 3 && single.maximum == 3);
    EXPECT(none.minimum == INFINITY && none.maximum == -INFINITY);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(mean_and_variance_are_those_computed_by_hand),
                                            TAP(a_large_offset_costs_no_digits_of_the_variance),
                                            TAP(weights_count_like_so_many_values),
                                            TAP(below_two_values_there_is_no_variance),
                                            {0}};
    return tap_main("tally", tests);
}
