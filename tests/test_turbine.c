/* Power curves by table, by rotor, in thin or dense air and in turbulence, against windpowerlib. */
#include "models/assets/turbine.h"

#include <math.h>

#include "tests/reference.h"
#include "tests/tap.h"

static const struct gb_power_curve three = {
    .n = 3, .speed_ms = {4, 5, 6}, .power = {300, 400, 500}};

static const struct gb_power_curve three_coefficients = {
    .n = 3, .speed_ms = {4, 5, 6}, .power = {.3, .4, .5}};

/* The curve named E-126/4200 that the rows of smoothed curves start from, in W.
 * source  wind-python/windpowerlib@191d8ca, oedb/power_curves.csv */
static const struct gb_power_curve e126 = {
    .n = 25,
    .speed_ms = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13,
                 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25},
    .power = {0,      0,      58e3,   185e3,  400e3,  745e3,  1200e3, 1790e3, 2450e3,
              3120e3, 3660e3, 4000e3, 4150e3, 4200e3, 4200e3, 4200e3, 4200e3, 4200e3,
              4200e3, 4200e3, 4200e3, 4200e3, 4200e3, 4200e3, 4200e3},
};

static double by_table(const struct reference *t)
{
    return gb_curve_power(&three, reference_input(t, "v"));
}

static double in_air(const struct reference *t)
{
    struct gb_power_curve curve = gb_curve_in_air(&three, reference_input(t, "rho"));

    return gb_curve_power(&curve, reference_input(t, "v"));
}

static double by_rotor(const struct reference *t)
{
    return gb_rotor_power(&three_coefficients, reference_input(t, "D"), reference_input(t, "rho"),
                          reference_input(t, "v"));
}

static double in_turbulence(const struct reference *t)
{
    return gb_smooth_power(&e126, reference_input(t, "v"),
                           (struct gb_speed_spread){0, reference_input(t, "TI")});
}

static double in_a_region(const struct reference *t)
{
    return gb_smooth_power(&e126, reference_input(t, "v"), GB_SPREAD_OF_REGION);
}

static const struct {
    const char *model;
    double (*power)(const struct reference *t);
} models[] = {
    {"power_curve", by_table},
    {"power_curve_density", in_air},
    {"cp_curve", by_rotor},
    {"power_curve_smooth_TI0.5", in_turbulence},
    {"power_curve_smooth_StaffellPfenninger", in_a_region},
};

static void every_reference_row_is_met_at_its_tolerance(void)
{
    struct reference table;
    int rows = 0;

    if (!reference_open(&table, "wind"))
        return;
    while (reference_next(&table))
        for (size_t m = 0; m < sizeof models / sizeof models[0]; m++)
            if (reference_is(&table, "model", models[m].model)) {
                if (!EXPECT_NEAR(models[m].power(&table), reference_number(&table, "expected"),
                                 reference_tolerance(&table)))
                    tap_note("in row %s, %s", models[m].model, reference_text(&table, "case"));
                rows++;
            }
    EXPECT_INT(rows, 15);
}

static void smooth_curves_keep_the_power_of_a_wind_that_varies_anyhow(void)
{
    /* a straight line is its own mean; the sum of a narrow bell is as exact as that of a wide one
     */
    const struct gb_power_curve line = {.n = 2, .speed_ms = {0, 40}, .power = {0, 40}};
    static const double shares[] = {0, 0.01, 0.05, 0.1, 0.2};

    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        struct gb_power_curve smooth =
            gb_curve_smoothed(&line, (struct gb_speed_spread){0, shares[i]});
        EXPECT_NEAR(gb_curve_power(&smooth, 8), 8, 0.02);
        EXPECT_NEAR(gb_curve_power(&smooth, 15.25), 15.25, 0.02);
    }
}

static void the_rotor_of_the_small_curve_makes_it(void)
{
    double diameter = sqrt(5000 / (0.25 * 1.225 / 2 * 12 * 12 * 12) * 4 / M_PI);
    struct gb_power_curve curve = gb_curve_of_rotor(&gb_coefficients_small, diameter, 1.225, 5000);
    struct gb_power_curve larger =
        gb_curve_of_rotor(&gb_coefficients_small, 2 * diameter, 1.225, 5000);

    for (double v = 3; v <= 25; v++)
        EXPECT_NEAR(gb_curve_power(&curve, v), gb_curve_power(&gb_curve_small, v), 1e-3);
    EXPECT_NEAR(gb_curve_power(&larger, 6), 4 * 0.12, 1e-4);
    EXPECT_NEAR(gb_curve_power(&larger, 9), 1, 0);
    EXPECT(gb_curve_power(&larger, 25.5) == 0);
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
        TAP(smooth_curves_keep_the_power_of_a_wind_that_varies_anyhow),
        TAP(the_rotor_of_the_small_curve_makes_it),
        TAP(a_turbine_stands_still_outside_its_table),
        TAP(the_small_curve_rises_to_its_rating_and_stays_below_the_limit_of_betz),
        TAP(thin_air_gives_less_and_standard_air_the_table),
        {0}};
    return tap_main("turbine", tests);
}
