/* Forecasts of the weather: nobody looks past the slot read last, who has a file of forecasts
 * believes the latest that was made by then, and plants are believed to make of it what they would.
 */
#include "models/weather/foreseen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "models/weather/weather.h"
#include "tests/observed_file.h"
#include "tests/power_model.h"
#include "tests/tap.h"
#include "tests/text_file.h"

/* A series as that file, of forecasts with times of issue. */
static struct gb_library *put_issues(struct gb_physics_config *config)
{
    struct gb_library *library = observed_read(
        (struct gb_measured_wish){.options = {.label = GB_LABEL_START, .issued = "made"}});

    if (!library)
        return NULL;
    config->library = library;
    config->weather.forecast.kind = GB_FORECAST_FILE;
    snprintf(config->weather.clouds.forecast, sizeof config->weather.clouds.forecast, "sky");
    snprintf(config->weather.wind.forecast, sizeof config->weather.wind.forecast, "sky");
    return library;
}

/* Eight homes with systems, and half of them with turbines. */
static struct gb_physics_config homes_of(void)
{
    struct gb_physics_config config = observed_config(1800);

    config.fleet.n_meters = 8;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = 0.5;
    return config;
}

/* Beliefs of n slots, two slots ahead, kept one after the other. */
static void believe(const struct gb_physics_config *config, struct estimates *out, int n)
{
    struct power_model v;

    power_model_open(&v, config, 6, 3);
    memset(out, 0, (size_t)n * sizeof *out);
    for (int k = 0; k < n; k++)
        forecast_at(&v, k, k - 2, 0, 8, &out[k]);
    power_model_close(&v);
}

/* Under weather that is another from a step of the file on. */
static void believe_changed(enum gb_forecast_kind kind, int changed_from, struct estimates *out,
                            int n)
{
    const struct observed_writing of = {1800, 3 * 48, changed_from, 700, 6, 8};
    struct gb_physics_config config = homes_of();

    config.weather.forecast.kind = kind;
    observed_write(&of);
    struct gb_library *library = observed_library(&config, GB_ALIGN_EXACT);
    if (!library)
        return;
    believe(&config, out, n);
    gb_library_release(library);
}

static void nobody_looks_past_the_slot_read_last(void)
{
    enum { N = 96, CHANGE = 50 };
    static struct estimates kept[N], changed[N];

    for (enum gb_forecast_kind kind = GB_FORECAST_PERFECT; kind <= GB_FORECAST_CONDITIONAL_MEAN;
         kind++) {
        int n_equal = 0;
        believe_changed(kind, OBSERVED_NEVER, kept, N);
        believe_changed(kind, CHANGE, changed, N);
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

/* Under the issues of a set of numbers. */
static void believe_issues(const char *numbers, struct estimates *out, int n)
{
    static const char *const made[] = {"00:00", "06:10", "13:00"};
    static const int lengths[] = {96, 96, 30}; /* the last reaches to 15:00 alone */
    struct gb_physics_config config = homes_of();
    struct gb_text text;

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("made,time,ghi (W/m2),v (m/s)\n", text.stream);
    for (; *numbers; numbers++)
        write_issue(text.stream, made[*numbers - '0'], *numbers - '0', lengths[*numbers - '0']);
    char *bytes = gb_text_close(&text);
    write_text(OBSERVED_PATH, bytes);
    free(bytes);
    /* a clock without summer time: slot k begins k half hours behind 00:00 UTC */
    snprintf(config.weather.site.time_zone, sizeof config.weather.site.time_zone, "UTC0");
    struct gb_library *library = put_issues(&config);
    if (!library)
        return;
    believe(&config, out, n);
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
    const struct observed_writing of = {1800, 2 * 48, OBSERVED_NEVER, 700, 6, 8};
    struct gb_physics_config config = homes_of(), truly;
    struct power_model v, other;
    double most = 0;

    observed_write(&of);
    truly = config;
    struct gb_library *library = observed_library(&truly, GB_ALIGN_EXACT);
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
        TAP(nobody_looks_past_the_slot_read_last),
        TAP(the_latest_forecast_of_the_weather_that_was_made_by_then_is_believed),
        TAP(forecasts_of_the_weather_become_those_of_plants),
        {0}};

    return tap_main("foreseen", tests);
}
