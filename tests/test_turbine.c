/* Power curves by table, by rotor, in thin or dense air and in turbulence, against windpowerlib. */
#include "models/assets/turbine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/assets/plant.h"
#include "models/assets/scatter.h"
#include "models/weather/wind.h"
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

/* Values of the published tables over their greatest. */
static void published_curves_are_those_of_their_source(void)
{
    static const struct {
        enum gb_curve curve;
        double speed_ms, power;
    } cases[] = {{GB_CURVE_EXCEL_10, 11, 8.863 / 12.555},  {GB_CURVE_EXCEL_10, 20.6, 0},
                 {GB_CURVE_DW_20, 10, 18.4 / 26.424},      {GB_CURVE_DW_20, 16, 1},
                 {GB_CURVE_DW_100, 7, 48.997 / 99.988},    {GB_CURVE_DW_100, 25.1, 0},
                 {GB_CURVE_IEC_2, 9, 0.750728 / 0.999944}, {GB_CURVE_SMALL, 10, 0.63}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_power_curve curve = gb_curve_of(cases[i].curve);
        EXPECT_NEAR(gb_curve_power(&curve, cases[i].speed_ms), cases[i].power, 1e-6);
        for (size_t k = 1; k < curve.n; k++)
            EXPECT(curve.speed_ms[k] > curve.speed_ms[k - 1] && curve.power[k] <= 1);
    }
}

/* Moments by the midpoint rule over uniforms. */
static void scatter_keeps_the_mean_and_has_the_asked_spread(void)
{
    static const double powers[] = {0.02, 0.1, 0.3, 0.5, 0.9, 0.98};
    enum { N = 4000 };

    for (size_t i = 0; i < sizeof powers / sizeof powers[0]; i++) {
        double p = powers[i], sum = 0, squares = 0, last = 0;
        for (int u = 0; u < N; u++) {
            double drawn = gb_scattered_power(p, 0.16, (u + 0.5) / N);
            EXPECT(drawn >= last && drawn <= 1);
            last = drawn;
            sum += drawn / N;
            squares += drawn * drawn / N;
        }
        EXPECT_NEAR(sum, p, 2e-3 * p);
        EXPECT_NEAR(sqrt(squares - sum * sum), 0.32 * sqrt(p * (1 - p)), 0.02 * sqrt(p * (1 - p)));
    }
    EXPECT_NEAR(gb_scattered_power(0, 0.16, 0.9), 0, 0);
    EXPECT_NEAR(gb_scattered_power(1, 0.16, 0.1), 1, 0);
}

/* Ten-minute means of one turbine, where they are there: its power about the mean of each m/s. */
static void a_measured_turbine_scatters_as_the_sentence_of_the_key_says(void)
{
    double n[30] = {0}, sum[30] = {0}, squares[30] = {0}, v, power;
    char path[1024], line[256];
    const char *srcdir = getenv("srcdir");

    snprintf(path, sizeof path, "%s/../shared/data/turbine_powercurve_scatter.csv",
             srcdir ? srcdir : ".");
    FILE *file = fopen(path, "r");
    if (!file) {
        tap_note("skipped: there is no %s", path);
        return;
    }
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "%lf,%*f,%*f,%*f,%lf", &v, &power) == 2 && v >= 5.75 && v < 10.25) {
            int bin = (int)((v - 5.75) * 2); /* of half a m/s: from 6 to 10 */
            n[bin]++;
            sum[bin] += power / 100;
            squares[bin] += power / 100 * power / 100;
        }
    fclose(file);
    for (int bin = 0; bin < 9; bin++) {
        double mean = sum[bin] / n[bin], sd = sqrt(squares[bin] / n[bin] - mean * mean);
        EXPECT(n[bin] > 500);
        EXPECT_NEAR(sd / (2 * sqrt(mean * (1 - mean))), 0.16, 0.02);
    }
}

/* In kW, rated at 5: at 6 m/s 1.25 kW, a quarter of it; half way to 10 m/s, where it is all, 0.625;
 * just up to 20 m/s its greatest but one, 4 of 5. */
static void a_table_of_ones_own_is_linear_between_its_points_and_0_outside(void)
{
    struct gb_power_curve curve;

    EXPECT(gb_curve_read(&curve, "3 0,  6 1.25, 10 5,20 4"));
    EXPECT_NEAR(gb_curve_power(&curve, 2.99), 0, 0);
    EXPECT_NEAR(gb_curve_power(&curve, 4.5), 0.125, 1e-12);
    EXPECT_NEAR(gb_curve_power(&curve, 6), 0.25, 1e-12);
    EXPECT_NEAR(gb_curve_power(&curve, 8), 0.625, 1e-12);
    EXPECT_NEAR(gb_curve_power(&curve, 15), 0.9, 1e-12);
    EXPECT_NEAR(gb_curve_power(&curve, 20), 0.8, 1e-12);
    EXPECT_NEAR(gb_curve_power(&curve, 20.01), 0, 0);
}

static void what_is_no_table_is_refused(void)
{
    static const char *const wrong[] = {
        "",          "none",       "3 0",        "3 0, 3 1",   "5 1, 4 2",   "3 0, 6 -1",
        "3 0, 33 1", "3 0, 6",     "3 0, 6 0",   "3 0 1, 6 1", "-1 0, 6 1",  "3 0; 6 1",
        "3 0, 6 1,", "3 0, 6 1, ", ", 3 0, 6 1", "3,0, 6,1",   "3 0, 6 nan", "3 0, six 1"};
    struct gb_power_curve curve;
    char many[1024] = "0 0";

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (!EXPECT(!gb_curve_read(&curve, wrong[i])))
            tap_note("%s", wrong[i]);
    for (int i = 1; i < GB_CURVE_POINTS; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), ",%.2f 1", 0.25 * i);
    EXPECT(gb_curve_read(&curve, many) && curve.n == GB_CURVE_POINTS);
    strcat(many, ",31 1");
    EXPECT(!gb_curve_read(&curve, many));
}

/* At sea level and 15 degrees the barometric density is that of the table; without height between
 * mast and hub the wind is that at the hub. */
static void a_kinds_turbines_go_by_its_table(void)
{
    struct gb_physics_config config = {0};
    struct gb_kind kind = {.has_turbine = true};
    int n_still = 0;

    gb_param_defaults(gb_physics_params, &config);
    config.weather.site.altitude_m = 0;
    config.weather.site.temperature_c = 15;
    config.turbine.density_law = GB_DENSITY_BAROMETRIC;
    config.turbine.hub_height_m = config.weather.wind.reference_m;
    kind.turbine = config.turbine;
    strcpy(kind.turbine.table, "3 0, 6 1.25, 10 5, 20 4");
    struct gb_plant plant = gb_plant_of(&kind, &config.weather);
    EXPECT_NEAR(gb_plant_wind(&plant, 8), 0.625, 2e-3);
    EXPECT_NEAR(gb_plant_wind(&plant, 15), 0.9, 2e-3);
    EXPECT_NEAR(gb_plant_wind(&plant, 22), 0, 0);
    /* its table begins at 3 m/s: 192 of the winds by the 64th lie below */
    for (int i = 0; i < 64 * 22; i++)
        if (gb_plant_stands_still(&plant, i / 64.0)) {
            EXPECT_NEAR(gb_plant_wind(&plant, i / 64.0), 0, 0);
            n_still++;
        }
    EXPECT(n_still == 192 || n_still == 193);
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
        TAP(published_curves_are_those_of_their_source),
        TAP(a_table_of_ones_own_is_linear_between_its_points_and_0_outside),
        TAP(what_is_no_table_is_refused),
        TAP(a_kinds_turbines_go_by_its_table),
        TAP(scatter_keeps_the_mean_and_has_the_asked_spread),
        TAP(a_measured_turbine_scatters_as_the_sentence_of_the_key_says),
        {0}};
    return tap_main("turbine", tests);
}
