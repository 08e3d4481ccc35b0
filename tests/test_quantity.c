/* Quantities: exact products, one rounding rule, decimals in and out. */
#include "base/quantity.h"

#include <string.h>

#include "tests/tap.h"

static void energy_times_price_is_exact_money(void)
{
    /* 435 kWh at 0.4925 = 214.2375 (paper, Table 2 exactly) */
    struct gb_money m = gb_cost((struct gb_energy){435000}, (struct gb_price){492500});
    EXPECT_INT(m.units, INT64_C(214237500000));
}

static void halves_round_to_even(void)
{
    EXPECT_INT(gb_divide_half_even(7, 2), 4); /* 3.5 */
    EXPECT_INT(gb_divide_half_even(9, 2), 4); /* 4.5 */
    EXPECT_INT(gb_divide_half_even(-7, 2), -4);
}

static void division_rounds_to_the_nearest_for_both_signs(void)
{
    for (int64_t numerator = -60; numerator <= 60; numerator++)
        for (int64_t denominator = 1; denominator <= 12; denominator++) {
            int64_t q = gb_divide_half_even(numerator, denominator);
            int64_t off = 2 * (numerator - q * denominator); /* twice the distance */
            EXPECT(off <= denominator && off >= -denominator);
            if (off == denominator || off == -denominator)
                EXPECT_INT(q % 2, 0);
        }
}

/* Scaled by what 64 bits do not hold a quotient stays what it was. */
static void wide_division_rounds_likewise(void)
{
    __int128 scale = (__int128)1 << 80;

    for (int64_t numerator = -60; numerator <= 60; numerator++)
        for (int64_t denominator = 1; denominator <= 12; denominator++)
            EXPECT_INT((int64_t)gb_divide_wide_half_even(numerator * scale, denominator * scale),
                       gb_divide_half_even(numerator, denominator));
}

static void common_divisors_are_the_greatest(void)
{
    EXPECT_INT(gb_common_divisor(1800, 900), 900);
    EXPECT_INT(gb_common_divisor(600, 1500), 300);
    EXPECT_INT(gb_common_divisor(7, 3600), 1);
    EXPECT_INT(gb_common_divisor(0, 5), 5);
}

static void sums_beyond_64_bits_are_refused_and_leave_the_sum(void)
{
    struct gb_error err = {0};
    int64_t sum = INT64_MAX - 1;
    EXPECT_INT(gb_add_checked(&sum, 1, "wh", &err), GB_OK);
    EXPECT_INT(gb_add_checked(&sum, 1, "energy", &err), GB_ERANGE);
    EXPECT_INT(sum, INT64_MAX);
    EXPECT(strstr(err.text, "energy") != NULL);
}

static void decimals_read_exactly_or_not_at_all(void)
{
    int64_t v = 77;
    EXPECT(gb_parse_decimal("0.59", 6, &v));
    EXPECT_INT(v, 590000);
    EXPECT(gb_parse_decimal("-12", 3, &v));
    EXPECT_INT(v, -12000);
    EXPECT(gb_parse_decimal("0.1230000", 3, &v));
    EXPECT_INT(v, 123);
    v = 77;
    const char *const wrong[] = {"",
                                 "-",
                                 ".",
                                 "1e3",
                                 "0.1234",
                                 "nan",
                                 "1 ",
                                 " 1",
                                 "0x1",
                                 "1..2",
                                 "99999999999999999999",
                                 "9223372036854775.808"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        EXPECT(!gb_parse_decimal(wrong[i], 3, &v));
    EXPECT_INT(v, 77);
    EXPECT(gb_parse_decimal("7.0", 0, &v) && v == 7 && gb_parse_decimal("0.000", 0, &v) && v == 0);
    EXPECT(!gb_parse_decimal("1.000", 0, &v) && gb_parse_decimal("1.000", 3, &v) && v == 1000);
}

static void decimals_written_read_back(void)
{
    char text[32];
    const int64_t values[] = {0, 1, -1, 590000, 492500, -1000000, INT64_MAX, -INT64_MAX};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        int64_t back = 0;
        EXPECT(gb_parse_decimal(gb_format_decimal(values[i], 6, text, sizeof text), 6, &back));
        EXPECT_INT(back, values[i]);
    }
    EXPECT_TEXT(gb_format_decimal(492500, 6, text, sizeof text), "0.4925");
    EXPECT_TEXT(gb_format_decimal(-1500, 3, text, sizeof text), "-1.5");
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(energy_times_price_is_exact_money),
                                            TAP(halves_round_to_even),
                                            TAP(division_rounds_to_the_nearest_for_both_signs),
                                            TAP(wide_division_rounds_likewise),
                                            TAP(common_divisors_are_the_greatest),
                                            TAP(sums_beyond_64_bits_are_refused_and_leave_the_sum),
                                            TAP(decimals_read_exactly_or_not_at_all),
                                            TAP(decimals_written_read_back),
                                            {0}};
    return tap_main("quantity", tests);
}
