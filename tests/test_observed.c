/* Measured weather in place of the modelled one: sums are kept, light follows the sun within the
 * steps of the file, plants feel it, and nobody looks ahead. */
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
#include "tests/power_model.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define PATH "observed.csv"
#define START_S INT64_C(1711666800) /* 28 March 2024, 23:00 UTC: midnight in Berlin */
enum { NEVER = INT32_MAX, MOST = 8 * 1440 };

/* ---- files */

struct writing {
    int step_s, n;
    int changed_from;     /* step from which on all is another; NEVER: none */
    double light;         /* at noon, W/m2 */
    double wind, degrees; /* means; they vary by 2 */
};

static double light[MOST], degrees[MOST], wind[MOST]; /* as written */

/* Days with clouds drawn for each step. */
static void write_file(const struct writing *of)
{
    struct gb_text text;
    uint64_t state = 77;

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("time,global (W/m2),diffuse (W/m2),air (C),dew (C),wind (m/s),gust (m/s)", text.stream);
    for (int i = 0; i < of->n; i++) {
        char stamp[32];
        int64_t at_s = START_S + (int64_t)i * of->step_s;
        double hour = fmod((double)i * of->step_s / 3600.0, 24);
        double sun = fmax(0, cos((hour + of->step_s / 7200.0 - 12.3) * M_PI / 12.6));
        double cloud = 0.2 + 0.8 * (double)(splitmix64(&state) % 1000) / 1000;
        bool is_other = i >= of->changed_from;
        light[i] = round(10 * of->light * sun * cloud * (is_other ? 0.3 : 1)) / 10;
        degrees[i] = of->degrees + (double)(splitmix64(&state) % 40) / 10 - 2 + (is_other ? 9 : 0);
        wind[i] = of->wind + (double)(splitmix64(&state) % 40) / 10 - 2 + (is_other ? 4 : 0);
        wind[i] = fmax(wind[i], 0);
        gb_instant_format(at_s * GB_NS_PER_SECOND, stamp, sizeof stamp);
        fprintf(text.stream, "\n%s,%.1f,9,%.1f,1,%.1f,40", stamp, light[i], degrees[i], wind[i]);
    }
    char *bytes = gb_text_close(&text);
    if (EXPECT(bytes))
        write_text(PATH, bytes);
    free(bytes);
}

/* The file PATH under the name `sky`, as the library of a config that uses all of it. */
static struct gb_library *put_file(struct gb_physics_config *config, enum gb_series_align align)
{
    bool is_generic = align != GB_ALIGN_CALENDAR; /* else its format says the label */
    enum gb_series_label label = is_generic ? GB_LABEL_START : GB_LABEL_UNSAID;
    const struct gb_measured_wish wish = {.name = "sky",
                                          .path = PATH,
                                          .options = {.label = label},
                                          .align = align,
                                          .scale = 1,
                                          .digest = ""};
    struct gb_measured *measured = NULL;
    struct gb_library *library = NULL;
    struct gb_error err = {0};

    if (!EXPECT(gb_measured_read(&measured, &wish, &err) == GB_OK))
        tap_note("%s", err.text);
    unlink(PATH);
    if (!measured || !EXPECT(gb_library_create(&library, &measured, 1, "", 0, NULL) == GB_OK))
        return NULL;
    config->library = library;
    snprintf(config->weather.clouds.series, sizeof config->weather.clouds.series, "sky");
    snprintf(config->weather.wind.series, sizeof config->weather.wind.series, "sky");
    snprintf(config->weather.site.temperature_series,
             sizeof config->weather.site.temperature_series, "sky");
    return library;
}

/* A series as that file, of forecasts with times of issue. */
static struct gb_library *put_issues(struct gb_physics_config *config)
{
    const struct gb_measured_wish wish = {.name = "sky",
                                          .path = PATH,
                                          .options = {.label = GB_LABEL_START, .issued = "made"},
                                          .scale = 1,
                                          .digest = ""};
    struct gb_measured *measured = NULL;
    struct gb_library *library = NULL;
    struct gb_error err = {0};

    if (!EXPECT(gb_measured_read(&measured, &wish, &err) == GB_OK))
        tap_note("%s", err.text);
    unlink(PATH);
    if (!measured || !EXPECT(gb_library_create(&library, &measured, 1, "", 0, NULL) == GB_OK))
        return NULL;
    config->library = library;
    config->weather.forecast.kind = GB_FORECAST_FILE;
    snprintf(config->weather.clouds.forecast, sizeof config->weather.clouds.forecast, "sky");
    snprintf(config->weather.wind.forecast, sizeof config->weather.wind.forecast, "sky");
    return library;
}

static struct gb_physics_config config_of(int64_t slot_s)
{
    struct gb_physics_config config = default_physics();
    struct gb_site_config *site = &config.weather.site;

    config.weather.slot_ns = slot_s * GB_NS_PER_SECOND;
    gb_date_parse("2024-03-29", &config.weather.start_date);
    site->latitude_deg = 48.1;
    site->longitude_deg = 11.6;
    snprintf(site->time_zone, sizeof site->time_zone, "CET-1CEST,M3.5.0,M10.5.0/3");
    return config;
}

/* ---- sums and means */

/* returns the weather in its slot 0 */
static struct gb_weather *weather_at_start(const struct gb_physics_config *config)
{
    struct gb_weather *weather = NULL;
    struct gb_error err = {0};

    if (!EXPECT(gb_weather_create(&weather, &config->weather, config->library, 1,
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
    const struct writing of = {file_step_s, 71 * 3600 / file_step_s, NEVER, 900, 6, 8};
    struct gb_physics_config config = config_of(slot_s);
    double ghi = 0, warmth = 0, speed = 0, all[3] = {0};

    write_file(&of);
    struct gb_library *library = put_file(&config, GB_ALIGN_EXACT);
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
        all[0] += light[i] * file_step_s;
        all[1] += degrees[i] * file_step_s;
        all[2] += wind[i] * file_step_s;
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
    const struct writing of = {3600, 71, NEVER, 500, 6, 8};
    struct gb_physics_config config = config_of(900);
    int n_compared = 0;

    write_file(&of);
    struct gb_library *library = put_file(&config, GB_ALIGN_EXACT);
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
    struct gb_physics_config config = config_of(900);

    write_text(PATH, "time,ghi (W/m2),t (C),v (m/s)\n2024-03-28 23:00,80,1,1\n"
                     "2024-03-29 00:00,0,1,1\n2024-03-29 01:00,0,1,1\n");
    struct gb_library *library = put_file(&config, GB_ALIGN_EXACT);
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
    const struct writing of = {3600, 3, NEVER, 500, 6, 8};
    struct gb_physics_config config = config_of(3600);
    struct gb_error err = {0};

    write_file(&of);
    struct gb_library *library = put_file(&config, GB_ALIGN_EXACT);
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
    struct gb_physics_config config = config_of(3600);
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
    write_text(PATH, bytes);
    free(bytes);
    struct gb_library *library = put_file(&config, GB_ALIGN_CALENDAR);
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
    struct gb_physics_config config = config_of(3600);
    struct power_model v;

    config.fleet.n_meters = 20;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = 0.5;
    write_text(PATH, "time,ghi (W/m2),air (C),v (m/s)\n2024-03-29 09:00,600,-10,0\n"
                     "2024-03-29 10:00,600,40,0\n2024-03-29 11:00,0,10,14\n"
                     "2024-03-29 12:00,600,10,2\n2024-03-29 13:00,600,10,30\n");
    /* a clock nine hours behind: slot 0 begins at 09:00 UTC, in daylight */
    snprintf(config.weather.site.time_zone, sizeof config.weather.site.time_zone, "XXX9");
    struct gb_library *library = put_file(&config, GB_ALIGN_EXACT);
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
        const struct writing of = {3600, 24, NEVER, 300, 2, i == 0 ? -20 : 30};
        struct gb_physics_config config = config_of(3600);
        struct power_model v;
        config.fleet.n_meters = 1;
        config.fleet.prosumer_share = 1;
        config.fleet.wind_share = 0;
        write_file(&of);
        struct gb_library *library = put_file(&config, GB_ALIGN_EXACT);
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
    struct gb_physics_config config = config_of(3600);

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
                                          .path = PATH,
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
    write_text(PATH, bytes);
    free(bytes);
    struct gb_library *library = NULL;
    if (!EXPECT(gb_measured_read(&measured, &wish, NULL) == GB_OK) ||
        !EXPECT(gb_library_create(&library, &measured, 1, "", 0, NULL) == GB_OK))
        return;
    unlink(PATH);
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

/* ---- forecasts */

/* Beliefs of all slots of two days, two slots ahead, kept one after the other. */
static void believe(enum gb_forecast_kind kind, int changed_from, struct estimates *out, int n)
{
    const struct writing of = {1800, 3 * 48, changed_from, 700, 6, 8};
    struct gb_physics_config config = config_of(1800);
    struct power_model v;

    config.weather.forecast.kind = kind;
    config.fleet.n_meters = 8;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = 0.5;
    write_file(&of);
    struct gb_library *library = put_file(&config, GB_ALIGN_EXACT);
    if (!library)
        return;
    power_model_open(&v, &config, 6, 3);
    memset(out, 0, (size_t)n * sizeof *out);
    for (int k = 0; k < n; k++)
        forecast_at(&v, k, k - 2, 0, 8, &out[k]);
    power_model_close(&v);
    gb_library_release(library);
}

static void nobody_looks_past_the_slot_read_last(void)
{
    enum { N = 96, CHANGE = 50 };
    static struct estimates kept[N], changed[N];

    for (enum gb_forecast_kind kind = GB_FORECAST_PERFECT; kind <= GB_FORECAST_CONDITIONAL_MEAN;
         kind++) {
        int n_equal = 0;
        believe(kind, NEVER, kept, N);
        believe(kind, CHANGE, changed, N);
        /* slot CHANGE is in no reading of those who bid for CHANGE + 1 and earlier slots */
        while (n_equal < N && memcmp(&kept[n_equal], &changed[n_equal], sizeof kept[0]) == 0)
            n_equal++;
        EXPECT_INT(n_equal, kind == GB_FORECAST_PERFECT ? CHANGE : CHANGE + 2);
    }
}

/* Half hours of light and wind from 29 March 2024, 00:00 UTC on, made at a clock of that day; the
 * forecast i says another thing than that of another number. */
static void write_issue(FILE *out, const char *made, int i, int n)
{
    for (int k = 0; k < n; k++)
        fprintf(out, "2024-03-29 %s,2024-03-%02d %02d:%02d,%d,%d\n", made, 29 + k / 48, k / 2 % 24,
                30 * (k % 2), k % 48 > 10 && k % 48 < 36 ? 100 + 50 * i + k % 7 : 0, 5 + i + k % 3);
}

/* Beliefs of a day, two slots ahead, under the issues of a set of numbers. */
static void believe_issues(const char *numbers, struct estimates *out, int n)
{
    static const char *const made[] = {"00:00", "06:10", "13:00"};
    static const int lengths[] = {96, 96, 30}; /* the last reaches to 15:00 alone */
    struct gb_physics_config config = config_of(1800);
    struct power_model v;
    struct gb_text text;

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("made,time,ghi (W/m2),v (m/s)\n", text.stream);
    for (; *numbers; numbers++)
        write_issue(text.stream, made[*numbers - '0'], *numbers - '0', lengths[*numbers - '0']);
    char *bytes = gb_text_close(&text);
    write_text(PATH, bytes);
    free(bytes);
    config.fleet.n_meters = 8;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = 0.5;
    /* a clock without summer time: slot k begins k half hours behind 00:00 UTC */
    snprintf(config.weather.site.time_zone, sizeof config.weather.site.time_zone, "UTC0");
    struct gb_library *library = put_issues(&config);
    if (!library)
        return;
    power_model_open(&v, &config, 6, 3);
    memset(out, 0, (size_t)n * sizeof *out);
    for (int k = 0; k < n; k++)
        forecast_at(&v, k, k - 2, 0, 8, &out[k]);
    power_model_close(&v);
    gb_library_release(library);
}

/* Who bids for slot k has read the one before the last, which ended at (k - 1) / 2 o'clock: what
 * was made at 06:10 is known from 06:30 on, to bid for slot 14; that of 13:00 from slot 27 on, and
 * says nothing of slot 30 and what comes after it. */
static void the_latest_forecast_of_the_weather_that_was_made_by_then_is_believed(void)
{
    enum { N = 48 };
    static struct estimates all[N], only[3][N];
    static const char *const alone[] = {"0", "01", "02"};

    believe_issues("201", all, N);
    for (int i = 0; i < 3; i++)
        believe_issues(alone[i], only[i], N);
    for (int k = 0; k < N; k++) {
        int known = k >= 27 && k < 30 ? 2 : k >= 14 ? 1 : 0;
        if (!EXPECT(memcmp(&all[k], &only[known][k], sizeof all[k]) == 0))
            tap_note("slot %d is not by forecast %d", k, known);
        if (known > 0) /* and another would say another thing */
            EXPECT(memcmp(&all[k], &only[0][k], sizeof all[k]) != 0);
    }
    /* only forecast 0 and 1, or 0 and 2: before those, forecast 0 */
    EXPECT(memcmp(only[1], only[0], 14 * sizeof only[0][0]) == 0);
    EXPECT(memcmp(only[2], only[0], 27 * sizeof only[0][0]) == 0);
}

/* What files forecast of light and wind is what plants are believed to make of it: the belief about
 * a slot is its power in a run whose measured weather is that file. */
static void forecasts_of_the_weather_become_those_of_plants(void)
{
    const struct writing of = {1800, 2 * 48, NEVER, 700, 6, 8};
    struct gb_physics_config config = config_of(1800), truly;
    struct power_model v, other;
    double most = 0;

    config.fleet.n_meters = 8;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = 0.5;
    write_file(&of);
    truly = config;
    struct gb_library *library = put_file(&truly, GB_ALIGN_EXACT);
    if (!library)
        return;
    snprintf(truly.weather.site.temperature_series, sizeof truly.weather.site.temperature_series,
             GB_SERIES_NONE);
    config.library = library;
    config.weather.forecast.kind = GB_FORECAST_FILE;
    snprintf(config.weather.clouds.forecast, sizeof config.weather.clouds.forecast, "sky");
    snprintf(config.weather.wind.forecast, sizeof config.weather.wind.forecast, "sky");
    power_model_open(&v, &config, 6, 3);
    power_model_open(&other, &truly, 6, 3);
    for (int64_t k = 0; k < 96; k++) {
        struct gb_slot_power power = power_at(&other, k);
        struct estimates belief;
        forecast_at(&v, k, k - 2, 0, 8, &belief);
        for (size_t i = 0; i < v.fleet->systems.n; i++)
            EXPECT_NEAR(belief.solar_w[i], power.solar_w[i], 1e-9 * power.solar_w[i]);
        for (size_t i = 0; i < v.fleet->turbines.n; i++)
            EXPECT_NEAR(belief.wind_w[i], power.wind_w[i], 1e-9 * power.wind_w[i]);
        most = fmax(most, power.solar_w[0]);
    }
    EXPECT(most > 500);
    power_model_close(&other);
    power_model_close(&v);
    gb_library_release(library);
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
        TAP(nobody_looks_past_the_slot_read_last),
        TAP(the_latest_forecast_of_the_weather_that_was_made_by_then_is_believed),
        TAP(forecasts_of_the_weather_become_those_of_plants),
        {0}};
    return tap_main("observed", tests);
}
