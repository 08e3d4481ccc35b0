/* Power curves by table and in thin or dense air, against windpowerlib. */
#include "models/assets/turbine.h"

#include <math.h>

#include "tests/reference.h"
#include "tests/tap.h"

static const struct gb_power_curve three = {
    .n = 3, .speed_ms = {4, 5, 6}, .power = {300, 400, 500}};

static void every_reference_row_is_met_at_its_tolerance(void)
{
    struct reference table;
    int rows = 0;

    if (!reference_open(&table, "wind"))
        return;
    while (reference_next(&table)) {
        struct gb_power_curve curve = three;
        if (reference_is(&table, "model", "power_curve_density"))
            curve = gb_curve_in_air(&three, reference_input(&table, "rho"));
        else if (!reference_is(&table, "model", "power_curve"))
            continue;
        EXPECT_NEAR(gb_curve_power(&curve, reference_input(&table, "v")),
                    reference_number(&table, "expected"), reference_tolerance(&table));
        rows++;
    }
    EXPECT_INT(rows, 4);
}

static void a_turbine_stands_still_outside_its_table(void)
{
    const struct gb_power_curve *small = &gb_curve_small;

    EXPECT(gb_curve_power(small, 2.9) == 0);
    EXPECT(gb_curve_power(small, 25.01) == 0);
    EXPECT(gb_curve_power(small, NAN) == 0);
    EXPECT_NEAR(gb_curve_power(small, 25), 1, 0);
    EXPECT_NEAR(gb_curve_power(small, 15), 1, 0);
}

static void the_small_curve_rises_to_its_rating_and_stays_below_the_limit_of_betz(void)
{
    /* 16/27 of the power of the wind through a disc that makes rated power at 12 m/s at Cp 0.25 */
    double last = -1;

    for (double v = 3; v <= 12; v += 0.1) {
        double power = gb_curve_power(&gb_curve_small, v);
        EXPECT(power > last);
        EXPECT(power <= pow(v / 12, 3) / 0.25 * 16 / 27);
        last = power;
    }
}

static void thin_air_gives_less_and_standard_air_the_table(void)
{
    struct gb_power_curve thin = gb_curve_in_air(&gb_curve_small, 1.0);
    struct gb_power_curve same = gb_curve_in_air(&gb_curve_small, 1.225);

    for (double v = 3.5; v < 12; v += 0.5) {
        EXPECT(gb_curve_power(&thin, v) < gb_curve_power(&gb_curve_small, v));
        EXPECT_NEAR(gb_curve_power(&same, v), gb_curve_power(&gb_curve_small, v), 0);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_reference_row_is_met_at_its_tolerance),
        TAP(a_turbine_stands_still_outside_its_table),
        TAP(the_small_curve_rises_to_its_rating_and_stays_below_the_limit_of_betz),
        TAP(thin_air_gives_less_and_standard_air_the_table),
        {0}
    };
    return tap_main("turbine", tests);
}
