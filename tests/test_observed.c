/* Measured weather in place of the modelled one: sums are kept, light follows the sun within the
 * steps of the file, and plants feel it. */
#include "models/weather/observed.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/quantity.h"
#include "base/text.h"
#include "models/weather/weather.h"
#include "tests/observed_file.h"
#include "tests/power_model.h"
#include "tests/tap.h"
#include "tests/text_file.h"

/* ---- sums and means */

/* returns the weather in its slot 0 */
static struct gb_weather *weather_at_start(const struct gb_physics_config *config)
{
    struct gb_weather *weather = NULL;
    struct gb_error err = {0};

    if (!EXPECT(gb_weather_create(&weather, &config->weather, config->library, NULL, 1,
                                  (struct gb_draws){.seed = 9}, &err) == GB_OK)) {
        tap_note("%s", err.text);
        return NULL;
    }
    for (int64_t k = gb_anchor_slot(config->weather.slot_ns); k <= 0; k++)
        EXPECT_INT(gb_weather_advance(weather, &err), GB_OK);
    return weather;
}

/* Over three days, one of them of 23 hours. */
static void expect_sums(int file_step_s, int64_t slot_s)
{
    const struct observed_writing of = {
        file_step_s, 71 * 3600 / file_step_s, OBSERVED_NEVER, 900, 6, 8};
    struct gb_physics_config config = observed_config(slot_s);
    double ghi = 0, warmth = 0, speed = 0, all[3] = {0};

    observed_write(&of);
    struct gb_library *library = observed_library(&config, GB_ALIGN_EXACT);
    struct gb_weather *weather = library ? weather_at_start(&config) : NULL;
    for (int64_t k = 0; weather && k < 71 * 3600 / slot_s; k++) {
        const struct gb_weather_slot *slot = gb_weather_at(weather, k);
        size_t n = gb_weather_n_steps(weather);
        for (size_t i = 0; i < n; i++)
            ghi += slot->steps[i].ghi * (double)slot_s / (double)n;
        warmth += slot->temperature_c * (double)slot_s;
        speed += gb_wind_in_step(gb_weather_wind(weather), &slot->wind[0]) * (double)slot_s;
        if (k + 1 < 71 * 3600 / slot_s)
            EXPECT_INT(gb_weather_advance(weather, NULL), GB_OK);
    }
    for (int i = 0; i < of.n; i++) {
        all[0] += observed_light[i] * file_step_s;
        all[1] += observed_degrees[i] * file_step_s;
        all[2] += observed_wind[i] * file_step_s;
    }
    if (!EXPECT(fabs(ghi - all[0]) < 1e-9 * all[0] && fabs(warmth - all[1]) < 1e-9 * all[1] &&
                fabs(speed - all[2]) < 1e-9 * all[2]))
        tap_note("file %d s, slot %" PRId64 " s: light %.9g %.9g, %.9g %.9g K, %.9g %.9g m/s",
                 file_step_s, slot_s, ghi, all[0], warmth, all[1], speed, all[2]);
    gb_weather_free(weather);
    gb_library_release(library);
}

static void the_sums_of_the_file_are_kept_in_slots_of_any_length(void)
{
    static const int64_t slots_s[] = {300, 900, 1800, 3600, 60};

    for (size_t i = 0; i < sizeof slots_s / sizeof slots_s[0]; i++) {
        expect_sums(3600, slots_s[i]);
        expect_sums(1800, slots_s[i]);
        expect_sums(60, slots_s[i]);
    }
    expect_sums(3600, 71 * 50); /* a length that steps of the file do not fit */
}

static void light_follows_the_cloudless_sky_within_an_hour_of_the_file(void)
{
    const struct observed_writing of = {3600, 71, OBSERVED_NEVER, 500, 6, 8};
    struct gb_physics_config config = observed_config(900);
    int n_compared = 0;

    observed_write(&of);
    struct gb_library *library = observed_library(&config, GB_ALIGN_EXACT);
    struct gb_weather *weather = library ? weather_at_start(&config) : NULL;
    for (int64_t hour = 0; weather && hour < 24; hour++) {
        double index[4], least_clear = 1e9, most = 0;
        for (int64_t q = 0; q < 4; q++) {
            const struct gb_sky_step *step = gb_weather_at(weather, 4 * hour + q)->steps;
            index[q] = step->ghi / step->clear_ghi;
            least_clear = fmin(least_clear, step->clear_ghi);
            most = fmax(most, index[q]);
            EXPECT_INT(gb_weather_advance(weather, NULL), GB_OK);
        }
        if (!(least_clear > 0) || most > GB_CLOUD_MOST)
            continue; /* sunrise and sunset of the file are not the sun's */
        for (int q = 1; q < 4; q++)
            EXPECT_NEAR(index[q], index[0], 1e-12);
        n_compared++;
    }
    EXPECT(n_compared >= 9);
    gb_weather_free(weather);
    gb_library_release(library);
}

static void light_below_the_horizon_is_spread_evenly_and_none_is_lost(void)
{
    struct gb_physics_config config = observed_config(900);

    write_text(OBSERVED_PATH, "time,ghi (W/m2),t (C),v (m/s)\n2024-03-28 23:00,80,1,1\n"
                              "2024-03-29 00:00,0,1,1\n2024-03-29 01:00,0,1,1\n");
    struct gb_library *library = observed_library(&config, GB_ALIGN_EXACT);
    struct gb_weather *weather = library ? weather_at_start(&config) : NULL;
    for (int64_t k = 0; weather && k < 8; k++) {
        EXPECT_NEAR(gb_weather_at(weather, k)->steps[0].ghi, k < 4 ? 80 : 0, 1e-9);
        EXPECT(gb_weather_at(weather, k)->has_sun == (k < 4));
        EXPECT_INT(gb_weather_advance(weather, NULL), GB_OK);
    }
    gb_weather_free(weather);
    gb_library_release(library);
}

static void what_the_file_does_not_have_is_refused_with_its_slot(void)
{
    const struct observed_writing of = {3600, 3, OBSERVED_NEVER, 500, 6, 8};
    struct gb_physics_config config = observed_config(3600);
    struct gb_error err = {0};

    observed_write(&of);
    struct gb_library *library = observed_library(&config, GB_ALIGN_EXACT);
    struct gb_weather *weather = library ? weather_at_start(&config) : NULL;
    for (int64_t k = 1; weather && k < 3; k++)
        EXPECT_INT(gb_weather_advance(weather, &err), GB_OK);
    if (weather)
        EXPECT_INT(gb_weather_advance(weather, &err), GB_EINPUT);
    EXPECT_TEXT(err.text, "the series 'sky' has no global horizontal irradiance for slot 3");
    gb_weather_free(weather);
    gb_library_release(library);
}

static double typical_air(int hour)
{
    return hour % 8760 % 100 + 0.5;
}

/* A typical year of UTC at a site one hour east: the first hour there is the year's last. An hour
 * of PVGIS begins half an hour before its stamp. */
static void a_typical_year_has_all_days_of_a_site_elsewhere(void)
{
    static const char head[] = "Latitude (decimal degrees): 48.1\nLongitude (decimal degrees): 11\n"
                               "Elevation (m): 500\nmonth,year\n1,2010\n\n"
                               "time(UTC),T2m,RH,G(h),WS10m\n";
    struct gb_physics_config config = observed_config(3600);
    struct gb_text text;
    int64_t day = 0;

    gb_date_parse("2024-12-31", &config.weather.start_date);
    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs(head, text.stream);
    for (int hour = 0; hour < 8760; hour++) {
        char date[16];
        gb_date_format(14610 + hour / 24, date, sizeof date); /* 2010-01-01 */
        fprintf(text.stream, "%.4s%.2s%.2s:%02d00,%d.5,50,0,3\n", date, date + 5, date + 8,
                hour % 24, hour % 100);
    }
    char *bytes = gb_text_close(&text);
    write_text(OBSERVED_PATH, bytes);
    free(bytes);
    struct gb_library *library = observed_library(&config, GB_ALIGN_CALENDAR);
    struct gb_weather *weather = library ? weather_at_start(&config) : NULL;
    if (library) {
        struct gb_calendar calendar = gb_weather_series_calendar(&config.weather);
        const struct gb_measured *measured = gb_library_at(library, 0);
        EXPECT(gb_course_covers(&measured->weather[GB_AIR_TEMPERATURE].course, GB_ALIGN_CALENDAR,
                                &calendar, 367 * GB_NS_PER_DAY, &day));
    }
    for (int k = 0; weather && k < 48; k++) {
        EXPECT_NEAR(gb_weather_at(weather, k)->temperature_c,
                    (typical_air(8735 + k) + typical_air(8736 + k)) / 2, 1e-9);
        EXPECT_INT(gb_weather_advance(weather, NULL), GB_OK);
    }
    gb_weather_free(weather);
    gb_library_release(library);
}

/* ---- plants */

static void plants_feel_light_wind_and_air(void)
{
    struct gb_physics_config config = observed_config(3600);
    struct power_model v;

    config.fleet.n_meters = 20;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = 0.5;
    write_text(OBSERVED_PATH, "time,ghi (W/m2),air (C),v (m/s)\n2024-03-29 09:00,600,-10,0\n"
                              "2024-03-29 10:00,600,40,0\n2024-03-29 11:00,0,10,14\n"
                              "2024-03-29 12:00,600,10,2\n2024-03-29 13:00,600,10,30\n");
    /* a clock nine hours behind: slot 0 begins at 09:00 UTC, in daylight */
    snprintf(config.weather.site.time_zone, sizeof config.weather.site.time_zone, "XXX9");
    struct gb_library *library = observed_library(&config, GB_ALIGN_EXACT);
    if (!library)
        return;
    power_model_open(&v, &config, 6, 3);
    double cold = power_at(&v, 0).solar_w[0], hot = power_at(&v, 1).solar_w[0];
    EXPECT(v.fleet->systems.n > 0 && v.fleet->turbines.n > 0);
    EXPECT(cold > 0 && hot > 0);
    for (size_t i = 0; i < v.fleet->turbines.n; i++) {
        double rated_w = 1000 * v.fleet->turbines.kw[i];
        EXPECT_NEAR(power_at(&v, 0).wind_w[i], 0, 0);
        EXPECT_NEAR(power_at(&v, 2).wind_w[i], rated_w, 1e-9); /* 14 m/s at 10 m */
        EXPECT_NEAR(power_at(&v, 4).wind_w[i], 0, 0);          /* beyond 25 m/s */
    }
    for (size_t i = 0; i < v.fleet->systems.n; i++) {
        EXPECT_NEAR(power_at(&v, 2).solar_w[i], 0, 0);
        EXPECT(power_at(&v, 3).solar_w[i] > 0);
    }
    power_model_close(&v);
    gb_library_release(library);
}

/* 50 K of air make -0.47 % a K of a module's power, whatever the light: slot 1 of two runs that
 * differ by the temperature alone. */
static void cells_are_as_warm_as_the_measured_air(void)
{
    double watts[2];

    for (int i = 0; i < 2; i++) {
        const struct observed_writing of = {3600, 24, OBSERVED_NEVER, 300, 2, i == 0 ? -20 : 30};
        struct gb_physics_config config = observed_config(3600);
        struct power_model v;
        config.fleet.n_meters = 1;
        config.fleet.prosumer_share = 1;
        config.fleet.wind_share = 0;
        observed_write(&of);
        struct gb_library *library = observed_library(&config, GB_ALIGN_EXACT);
        if (!library)
            return;
        power_model_open(&v, &config, 24, 3);
        watts[i] = power_at(&v, 12).solar_w[0];
        power_model_close(&v);
        gb_library_release(library);
    }
    EXPECT(watts[0] > 0);
    EXPECT_NEAR(watts[1] / watts[0], 1 - 0.0047 * 50 / (1 + 0.0047 * 40), 0.02);
}

static struct gb_physics_config windy(void)
{
    struct gb_physics_config config = observed_config(3600);

    config.fleet.n_meters = 20;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = 1;
    return config;
}

/* Air of -20 degrees in all of the file is as dense as that of a site whose mean is -20. */
static void turbines_stand_in_the_air_of_the_slot_where_asked_to(void)
{
    struct gb_physics_config config = windy(), cold = windy();
    struct power_model v, other;
    double most = 0;

    struct gb_measured *measured = NULL;
    const struct gb_measured_wish wish = {.name = "air",
                                          .path = OBSERVED_PATH,
                                          .options = {.label = GB_LABEL_START},
                                          .scale = 1,
                                          .digest = ""};
    struct gb_text text;
    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("time,air (C)", text.stream); /* a clock without dates */
    for (int hour = 0; hour < 24; hour++)
        fprintf(text.stream, "\n%02d:00,-20", hour);
    char *bytes = gb_text_close(&text);
    write_text(OBSERVED_PATH, bytes);
    free(bytes);
    struct gb_library *library = NULL;
    if (!EXPECT(gb_measured_read(&measured, &wish, NULL) == GB_OK) ||
        !EXPECT(gb_library_create(&library, &measured, 1, "", 0, NULL) == GB_OK))
        return;
    unlink(OBSERVED_PATH);
    config.library = library;
    snprintf(config.weather.site.temperature_series, sizeof config.weather.site.temperature_series,
             "air");
    config.turbine.density_temperature = GB_DENSITY_OF_SLOT;
    cold.weather.site.temperature_c = -20;
    power_model_open(&v, &config, 2, 3);
    power_model_open(&other, &cold, 2, 3);
    for (int64_t k = 0; k < 24; k++)
        for (size_t i = 0; i < v.fleet->turbines.n; i++) {
            double watts = power_at(&other, k).wind_w[i];
            EXPECT_NEAR(power_at(&v, k).wind_w[i], watts, 1e-9 * watts);
            most = fmax(most, watts);
        }
    EXPECT(most > 100);
    power_model_close(&v);
    power_model_close(&other);
    gb_library_release(library);
}

/* Twenty turbines over a month: 14 400 hours of six draws each, whose mean has a standard deviation
 * of about 0.5 % of the power. */
static void turbines_scatter_each_for_itself_about_their_curve(void)
{
    struct gb_physics_config config = windy();
    struct power_model v, other;
    double sum = 0, plain = 0;
    int n_apart = 0, n = 0;

    power_model_open(&other, &config, 2, 3);
    config.turbine.scatter = 0.16;
    power_model_open(&v, &config, 2, 3);
    for (int64_t k = 0; k < 720; k++) {
        struct gb_slot_power a = power_at(&v, k), b = power_at(&other, k);
        for (size_t i = 0; i < v.fleet->turbines.n; i++) {
            sum += a.wind_w[i];
            plain += b.wind_w[i];
        }
        double first = a.wind_w[0] / v.fleet->turbines.kw[0];
        double second = a.wind_w[1] / v.fleet->turbines.kw[1];
        n += first > 100 && first < 800;
        n_apart += first > 100 && first < 800 && fabs(first - second) > 1;
    }
    EXPECT_NEAR(sum / plain, 1, 0.02);
    EXPECT(n > 50 && n_apart > 0.95 * n);
    power_model_close(&v);
    power_model_close(&other);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_sums_of_the_file_are_kept_in_slots_of_any_length),
        TAP(light_follows_the_cloudless_sky_within_an_hour_of_the_file),
        TAP(light_below_the_horizon_is_spread_evenly_and_none_is_lost),
        TAP(what_the_file_does_not_have_is_refused_with_its_slot),
        TAP(a_typical_year_has_all_days_of_a_site_elsewhere),
        TAP(plants_feel_light_wind_and_air),
        TAP(cells_are_as_warm_as_the_measured_air),
        TAP(turbines_stand_in_the_air_of_the_slot_where_asked_to),
        TAP(turbines_scatter_each_for_itself_about_their_curve),
        {0}};
    return tap_main("observed", tests);
}
