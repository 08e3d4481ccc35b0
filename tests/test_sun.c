/* The sun's place against NREL's SPA, the calendar against known days. */
#include "models/weather/sun.h"

#include <math.h>
#include <stdio.h>

#include "base/date.h"
#include "models/weather/turbidity.h"
#include "tests/reference.h"
#include "tests/tap.h"

static double unix_days(int year, int month, int day, double hours)
{
    int64_t days = gb_days_to_year(year);

    while (gb_civil_day_at(days).month < month)
        days++;
    return (double)(days + day - 1) + hours / 24;
}

static double degrees_apart(double a, double b)
{
    return fabs(remainder(a - b, 360));
}

static void the_sun_stands_within_0_015_degrees_of_spa(void)
{
    struct reference table;
    int rows = 0;

    if (!reference_open(&table, "solar_position"))
        return;
    while (reference_next(&table)) {
        int year, month, day, hour, minute, second;
        const char *utc = reference_text(&table, "utc");
        EXPECT_INT(sscanf(utc, "%d-%d-%dT%d:%d:%dZ", &year, &month, &day, &hour, &minute, &second),
                   6);
        struct gb_site site = {
            .latitude_deg = reference_number(&table, "lat"),
            .longitude_deg = reference_number(&table, "lon"),
            .altitude_m = reference_number(&table, "altitude_m"),
            .pressure_pa = reference_number(&table, "pressure_pa"),
            .temperature_c = reference_number(&table, "temp_c"),
        };
        struct gb_sun sun =
            gb_sun_at(&site, unix_days(year, month, day, hour + minute / 60.0 + second / 3600.0));
        /* both tolerances are the table's for this algorithm */
        double tolerance = reference_is(&table, "id", "spa_golden") ? 0.005 : 0.015;
        double zenith = reference_number(&table, "zenith_deg");
        EXPECT_NEAR(sun.zenith_deg, zenith, tolerance);
        EXPECT_NEAR(sun.apparent_zenith_deg, reference_number(&table, "apparent_zenith_deg"),
                    tolerance);
        /* an azimuth counts by the arc it makes on the sky */
        double azimuth = reference_number(&table, "azimuth_deg");
        EXPECT_NEAR(degrees_apart(sun.azimuth_deg, azimuth) * sin(zenith * M_PI / 180), 0,
                    tolerance);
        rows++;
    }
    EXPECT_INT(rows, 11);
}

static void refraction_lifts_the_horizon_by_half_a_degree_and_the_zenith_not_at_all(void)
{
    EXPECT_NEAR(gb_refraction_deg(0, 101000, 10), 0.48, 0.01);
    EXPECT_NEAR(gb_refraction_deg(90, 101000, 10), 0, 1e-4);
    EXPECT(gb_refraction_deg(-1, 101000, 10) == 0);
}

/* January has its middle 15.5 days into the year, February of 28 days at 45. Noon of the 1st of
 * February is 31.5 days into the year, 16 of the 29.5 days from 15.5 to 45. */
static void monthly_turbidity_is_linear_between_the_middles_of_months(void)
{
    struct gb_turbidity monthly, same;
    int64_t day = 0;

    EXPECT(gb_turbidity_read(&monthly, 9, "2, 4,3,3,3,3,3,3,3,3,3, 8"));
    gb_civil_days(2023, 2, 1, &day);
    EXPECT_NEAR(gb_turbidity_at(&monthly, day), 2 + 2 * 16 / 29.5, 1e-12);
    gb_civil_days(2023, 1, 16, &day); /* its noon is the middle of January */
    EXPECT_NEAR(gb_turbidity_at(&monthly, day), 2, 1e-12);
    gb_civil_days(2023, 7, 4, &day);
    EXPECT_NEAR(gb_turbidity_at(&monthly, day), 3, 1e-12);
    /* noon of 31 December is 15 of 31 days from the middle of December to that of January */
    gb_civil_days(2022, 12, 31, &day);
    EXPECT_NEAR(gb_turbidity_at(&monthly, day), 8 - 6 * 15 / 31.0, 1e-12);
    gb_civil_days(2023, 1, 1, &day);
    EXPECT_NEAR(gb_turbidity_at(&monthly, day), 8 - 6 * 16 / 31.0, 1e-12);
    EXPECT(gb_turbidity_read(&same, 3.5, "none"));
    EXPECT_NEAR(gb_turbidity_at(&same, day), 3.5, 0);
}

static void what_are_not_twelve_numbers_from_1_to_10_is_refused(void)
{
    static const char *const wrong[] = {"",
                                        "3",
                                        "3,3,3,3,3,3,3,3,3,3,3",
                                        "3,3,3,3,3,3,3,3,3,3,3,3,3",
                                        "3,3,3,3,3,3,3,3,3,3,3,3,",
                                        "3,3,3,3,3,3,3,3,3,3,3,11",
                                        "3 3 3 3 3 3 3 3 3 3 3 3",
                                        "3,3,3,3,3,,3,3,3,3,3,3",
                                        "3,3,3,3,3,0.9,3,3,3,3,3,3"};
    struct gb_turbidity monthly;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (!EXPECT(!gb_turbidity_read(&monthly, 3, wrong[i])))
            tap_note("%s", wrong[i]);
}

static void the_sun_rises_in_the_east_and_a_year_later_stands_where_it_stood(void)
{
    struct gb_site site = {.latitude_deg = 32.06, .longitude_deg = 118.8, .pressure_pa = 101325};
    struct gb_sun morning = gb_sun_at(&site, unix_days(2023, 6, 1, 22)); /* 6 h local */
    struct gb_sun evening = gb_sun_at(&site, unix_days(2023, 6, 1, 10)); /* 18 h local */
    struct gb_sun later = gb_sun_at(&site, unix_days(2024, 6, 1, 10));

    EXPECT(morning.azimuth_deg < 90 && morning.zenith_deg < 90);
    EXPECT(evening.azimuth_deg > 270 && evening.zenith_deg < 90);
    EXPECT_NEAR(later.zenith_deg, evening.zenith_deg, 0.3);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_sun_stands_within_0_015_degrees_of_spa),
        TAP(refraction_lifts_the_horizon_by_half_a_degree_and_the_zenith_not_at_all),
        TAP(monthly_turbidity_is_linear_between_the_middles_of_months),
        TAP(what_are_not_twelve_numbers_from_1_to_10_is_refused),
        TAP(the_sun_rises_in_the_east_and_a_year_later_stands_where_it_stood),
        {0}};
    return tap_main("sun", tests);
}
