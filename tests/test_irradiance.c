/* Clear sky, decomposition and transposition against pvlib's values, and laws that hold
 * anywhere. */
#include "models/weather/irradiance.h"

#include <math.h>
#include <string.h>

#include "base/date.h"
#include "models/weather/sun.h"
#include "tests/reference.h"
#include "tests/tap.h"

static double cos_deg(double degrees)
{
    return cos(degrees * (M_PI / 180));
}

static double clear_sky_row(const struct reference *t)
{
    struct gb_irradiance light = gb_clear_sky(
        reference_input(t, "app_zenith"), reference_input(t, "airmass_abs"),
        reference_input(t, "TL"), reference_input(t, "altitude"), reference_input(t, "dni_extra"));

    if (reference_is(t, "output", "ghi"))
        return light.ghi;
    return reference_is(t, "output", "dni") ? light.dni : light.dhi;
}

static double haurwitz_row(const struct reference *t)
{
    return gb_clear_sky_haurwitz(90 - reference_input(t, "app_elevation"));
}

static enum gb_transposition transposition_of(const struct reference *t)
{
    if (reference_is(t, "model", "transposition_isotropic"))
        return GB_SKY_ISOTROPIC;
    return reference_is(t, "model", "transposition_reindl") ? GB_SKY_REINDL : GB_SKY_HAY_DAVIES;
}

static double plane_row(const struct reference *t)
{
    double zenith = reference_input(t, "app_zenith"), albedo = reference_input(t, "albedo");
    struct gb_irradiance light = {
        .ghi = reference_input(t, "ghi"),
        .dni = reference_input(t, "dni"),
        .dhi = reference_input(t, "dhi"),
    };
    struct gb_direction sun = gb_direction_from(zenith, reference_input(t, "sun_az"));
    struct gb_sky sky = gb_sky_from(transposition_of(t), &light, &sun,
                                    reference_input(t, "dni_extra"), isnan(albedo) ? 0 : albedo);
    struct gb_plane plane =
        gb_plane_from(reference_input(t, "tilt"), reference_input(t, "surf_az"));
    struct gb_plane_light parts = gb_plane_light_at(&plane, &sky);

    return isnan(albedo) ? parts.sky : parts.beam + parts.sky + parts.ground;
}

static double ground_row(const struct reference *t)
{
    struct gb_irradiance light = {.ghi = reference_input(t, "ghi")};
    struct gb_direction sun = gb_direction_from(45, 180);
    struct gb_sky sky =
        gb_sky_from(GB_SKY_HAY_DAVIES, &light, &sun, 1366, reference_input(t, "albedo"));
    struct gb_plane plane = gb_plane_from(reference_input(t, "tilt"), 180);

    return gb_plane_light_at(&plane, &sky).ground;
}

static double erbs_row(const struct reference *t)
{
    double clearness;
    struct gb_irradiance light =
        gb_decompose(reference_input(t, "ghi"), cos_deg(reference_input(t, "zenith")),
                     gb_extraterrestrial((int)reference_input(t, "doy")), &clearness);

    return reference_is(t, "output", "kt") ? clearness : light.dhi;
}

/* GHI over a year of 10-minute instants, kWh/m2. */
static double annual_row(const struct reference *t)
{
    bool is_haurwitz = reference_is(t, "output", "haurwitz_ghi_kwh_m2");
    double altitude_m = is_haurwitz ? 0 : reference_input(t, "alt"); /* its rows have none */
    struct gb_site site = {
        .latitude_deg = reference_input(t, "lat"),
        .longitude_deg = reference_input(t, "lon"),
        .altitude_m = altitude_m,
        .pressure_pa = gb_standard_pressure_pa(altitude_m),
        .temperature_c = 12,
    };
    double sum = 0;

    for (int instant = 0; instant < 365 * 144; instant++) {
        struct gb_sun sun = gb_sun_at(&site, (double)gb_days_to_year(2023) + instant / 144.0);
        double zenith = sun.apparent_zenith_deg;
        if (is_haurwitz)
            sum += gb_clear_sky_haurwitz(zenith);
        else if (zenith < 90)
            sum += gb_clear_sky(zenith, gb_air_mass(zenith) * site.pressure_pa / 101325,
                                reference_input(t, "TL"), site.altitude_m,
                                gb_extraterrestrial(1 + instant / 144))
                       .ghi;
    }
    return sum / 6 / 1000;
}

static double air_mass_row(const struct reference *t)
{
    return gb_air_mass(reference_input(t, "app_zenith"));
}

static double pressure_row(const struct reference *t)
{
    return gb_standard_pressure_pa(reference_input(t, "altitude"));
}

static double extraterrestrial_row(const struct reference *t)
{
    return gb_extraterrestrial((int)reference_input(t, "doy"));
}

static const struct {
    const char *model;
    double (*compute)(const struct reference *t);
} models[] = {
    {"clearsky_ineichen", clear_sky_row},
    {"clearsky_haurwitz", haurwitz_row},
    {"airmass_kastenyoung1989", air_mass_row},
    {"alt2pres", pressure_row},
    {"extraterrestrial", extraterrestrial_row},
    {"transposition_haydavies", plane_row},
    {"transposition_isotropic", plane_row},
    {"transposition_reindl", plane_row},
    {"poa_total_haydavies_albedo0.25", plane_row},
    {"ground_diffuse_grass", ground_row},
    {"decomposition_erbs", erbs_row},
    {"clearsky_annual", annual_row},
};

static void every_reference_row_is_met_at_its_tolerance(void)
{
    struct reference table;
    int rows = 0;

    if (!reference_open(&table, "solar"))
        return;
    while (reference_next(&table))
        for (size_t m = 0; m < sizeof models / sizeof models[0]; m++)
            if (reference_is(&table, "model", models[m].model)) {
                if (!EXPECT_NEAR(models[m].compute(&table), reference_number(&table, "expected"),
                                 reference_tolerance(&table)))
                    tap_note("in row %s, %s", models[m].model, reference_text(&table, "case"));
                rows++;
            }
    EXPECT_INT(rows, 68);
}

static void a_horizontal_plane_sees_the_global_irradiance(void)
{
    struct gb_plane flat = gb_plane_from(0, 123);

    for (double zenith = 5; zenith < 85; zenith += 10)
        for (double kt = 0.1; kt < 0.8; kt += 0.1) {
            double ghi = kt * 1366 * cos_deg(zenith);
            struct gb_irradiance light = gb_decompose(ghi, cos_deg(zenith), 1366, NULL);
            struct gb_direction sun = gb_direction_from(zenith, 200);
            for (int model = GB_SKY_HAY_DAVIES; model <= GB_SKY_REINDL; model++) {
                struct gb_sky sky =
                    gb_sky_from((enum gb_transposition)model, &light, &sun, 1366, 0.2);
                struct gb_plane_light parts = gb_plane_light_at(&flat, &sky);
                EXPECT_NEAR(parts.beam + parts.sky + parts.ground, ghi, 1e-9 * ghi);
            }
        }
}

static void beam_and_diffuse_add_up_to_the_global(void)
{
    for (double zenith = 1; zenith < 86; zenith += 7)
        for (double ghi = 10; ghi < 1000; ghi += 70) {
            struct gb_irradiance light = gb_decompose(ghi, cos_deg(zenith), 1366, NULL);
            EXPECT_NEAR(light.dni * cos_deg(zenith) + light.dhi, ghi, 1e-9 * ghi);
            EXPECT(light.dhi >= 0 && light.dni >= 0);
        }
}

static void below_the_horizon_there_is_no_light(void)
{
    struct gb_irradiance night = gb_clear_sky(90, INFINITY, 3, 0, 1366);

    EXPECT(night.ghi == 0 && night.dni == 0 && night.dhi == 0);
    EXPECT(isinf(gb_air_mass(90)));
    EXPECT(gb_decompose(0, -0.1, 1366, NULL).dni == 0);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(every_reference_row_is_met_at_its_tolerance),
                                            TAP(a_horizontal_plane_sees_the_global_irradiance),
                                            TAP(beam_and_diffuse_add_up_to_the_global),
                                            TAP(below_the_horizon_there_is_no_light),
                                            {0}};
    return tap_main("irradiance", tests);
}
