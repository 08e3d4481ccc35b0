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

static void merging_parts_is_tallying_the_whole(void)
{
    const double values[] = {-3.5, 2, 8, 0.25, 100, -7, 4.75};

    for (int cut = 0; cut <= 7; cut++) {
        struct gb_tally left = tally_of(values, cut), right = tally_of(values + cut, 7 - cut),
                        whole = tally_of(values, 7);
        gb_tally_merge(&left, &right);
        EXPECT_INT(left.count, 7);
        EXPECT_NEAR(left.mean, whole.mean, 1e-13);
        EXPECT_NEAR(left.m2, whole.m2, 1e-10);
        EXPECT(left.minimum == -7 && left.maximum == 100);
    }
}

static void a_level_is_weighted_by_how_long_it_held(void)
{
    struct gb_level_tally t;

    gb_level_tally_init(&t, -100, 2);
    gb_level_tally_set(&t, 0, 5);   /* 2 for 100 ns */
    gb_level_tally_set(&t, 0, 7);   /* 5 for no time */
    gb_level_tally_set(&t, 300, 0); /* 7 for 300 ns */
    EXPECT_NEAR(gb_level_tally_mean(&t, 300), 2300.0 / 400, 1e-12);
    EXPECT_NEAR(gb_level_tally_mean(&t, 400), 2300.0 / 500, 1e-12);
}

static void over_no_time_there_is_no_mean(void)
{
    struct gb_level_tally t;

    gb_level_tally_init(&t, 50, 2);
    EXPECT(isnan(gb_level_tally_mean(&t, 50)));
    EXPECT_NEAR(gb_level_tally_mean(&t, 51), 2, 1e-15);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(mean_and_variance_are_those_computed_by_hand),
                                            TAP(a_large_offset_costs_no_digits_of_the_variance),
                                            TAP(weights_count_like_so_many_values),
                                            TAP(below_two_values_there_is_no_variance),
                                            TAP(merging_parts_is_tallying_the_whole),
                                            TAP(a_level_is_weighted_by_how_long_it_held),
                                            TAP(over_no_time_there_is_no_mean),
                                            {0}};
    return tap_main("tally", tests);
}
