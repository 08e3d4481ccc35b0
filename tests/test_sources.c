/* The split of a surplus by source: exact, whole, in proportion. */
#include "models/market/sources.h"

#include "tests/tap.h"

static bool splits_into(int64_t surplus, int64_t solar, int64_t wind, int64_t storage,
                        int64_t to_solar, int64_t to_wind, int64_t to_storage)
{
    struct gb_energy available[GB_N_SPLIT] = {{solar}, {wind}, {storage}}, out[GB_N_SPLIT];

    gb_split_surplus((struct gb_energy){surplus}, available, out);
    return EXPECT_INT(out[0].wh, to_solar) & EXPECT_INT(out[1].wh, to_wind) &
           EXPECT_INT(out[2].wh, to_storage);
}

static void a_surplus_is_split_in_proportion(void)
{
    splits_into(600, 1000, 500, 0, 400, 200, 0);
    splits_into(0, 1000, 500, 250, 0, 0, 0);
    splits_into(0, 0, 0, 0, 0, 0, 0);
    splits_into(1750, 1000, 500, 250, 1000, 500, 250);
    splits_into(7, 0, 0, 9, 0, 0, 7);
}

static void the_remainder_goes_to_the_largest_and_ties_to_the_sun(void)
{
    splits_into(100, 1, 100, 100, 0, 51, 49); /* 0.5, 49.8, 49.8 */
    splits_into(10, 20, 30, 10, 3, 6, 1);     /* 3.3, 5, 1.7: one Wh is left, to the wind */
    splits_into(10, 10, 10, 10, 4, 3, 3);
    splits_into(11, 5, 10, 10, 2, 5, 4); /* 2.2, 4.4, 4.4 */
}

static void no_source_sells_more_than_it_gave(void)
{
    splits_into(2, 1, 1, 1, 1, 1, 0); /* two Wh of remainder, of which the largest has one */
}

static void products_beyond_64_bits_are_exact(void)
{
    const int64_t huge = INT64_C(3000000000000000000);

    splits_into(huge, huge, huge, huge, huge / 3, huge / 3, huge / 3);
    splits_into(huge - 1, huge, huge, huge, huge / 3 + 1, huge / 3 - 1, huge / 3 - 1);
}

static void splits_of_small_surpluses_keep_every_promise(void)
{
    for (int64_t a = 0; a <= 6; a++)
        for (int64_t b = 0; b <= 6; b++)
            for (int64_t c = 0; c <= 6; c++)
                for (int64_t surplus = 0; surplus <= a + b + c; surplus++) {
                    struct gb_energy available[GB_N_SPLIT] = {{a}, {b}, {c}}, out[GB_N_SPLIT];
                    int64_t total = a + b + c, sum = 0;

                    gb_split_surplus((struct gb_energy){surplus}, available, out);
                    for (int i = 0; i < GB_N_SPLIT; i++) {
                        sum += out[i].wh;
                        EXPECT(out[i].wh >= 0 && out[i].wh <= available[i].wh);
                        EXPECT(total == 0 || out[i].wh >= surplus * available[i].wh / total);
                    }
                    EXPECT_INT(sum, surplus);
                }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_surplus_is_split_in_proportion),
        TAP(the_remainder_goes_to_the_largest_and_ties_to_the_sun),
        TAP(no_source_sells_more_than_it_gave),
        TAP(products_beyond_64_bits_are_exact),
        TAP(splits_of_small_surpluses_keep_every_promise),
        {0}};
    return tap_main("sources", tests);
}
