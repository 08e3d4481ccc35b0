/* `series` in a scenario: what a village makes of a measured file, that a stored scenario runs with
 * that file alone, and what is said where file and run do not fit. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/quantity.h"
#include "base/text.h"
#include "experiments/run/run.h"
#include "experiments/scenario/scenario.h"
#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define SCENARIO "series_scenario.yaml"
#define FILE_NAME "series_scenario.csv"
enum { FLATS = 2, TERRACES = 3, N_HOURS = 365 * 24 };

/* Hours of 2023 from midnight in Berlin on, Wh of two homes. */
static int64_t values[N_HOURS][2];

static void write_year(uint64_t state)
{
    struct gb_text text;

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("time,a (Wh),b (Wh)", text.stream);
    for (int i = 0; i < N_HOURS; i++) {
        char stamp[32];
        gb_instant_format((INT64_C(1672527600) + 3600 * i) * GB_NS_PER_SECOND, stamp, sizeof stamp);
        for (int c = 0; c < 2; c++)
            values[i][c] = (int64_t)(splitmix64(&state) % 2000);
        fprintf(text.stream, "\n%s,%" PRId64 ",%" PRId64, stamp, values[i][0], values[i][1]);
    }
    char *bytes = gb_text_close(&text);
    if (EXPECT(bytes))
        write_text(FILE_NAME, bytes);
    free(bytes);
}

static const char village[] =
    "format: 1\n"
    "start_date: 2024-03-30\n"
    "days: 2\n"
    "site: {latitude: 48.1, longitude: 11.6, time_zone: \"CET-1CEST,M3.5.0,M10.5.0/3\"}\n"
    "series:\n"
    "  town: {file: " FILE_NAME ", column: a (Wh), label: start, align: calendar}\n"
    "  both: {file: " FILE_NAME ", label: start, align: calendar}\n"
    "households:\n"
    "  flat: {count: 2, load: {series: both}}\n"
    "  terrace: {count: 3, load: {series: town, yearly: 4200}, pv: {size: 5}}\n"
    "chain: {protocol: ideal, crypto: modelled}\n"
    "output: {level: meters}\n";

static struct gb_scenario *scenario_from(const char *text)
{
    char said[2048];
    struct gb_scenario *scenario = scenario_of_text(SCENARIO, text, said, sizeof said);

    EXPECT_TEXT(said, "");
    return scenario;
}

static struct gb_record *run_of(struct gb_scenario *scenario)
{
    const struct gb_run_options options = {.trial = 0};
    struct gb_record *record = NULL;
    struct gb_error err = {0};

    if (scenario)
        EXPECT_INT(gb_run_trial(scenario, &options, &record, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    return record;
}

/* ---- what meters show */

/* The hour of the file for a quarter of the run, which begins on 30 March 2024 and leaves out the
 * hour from 2:00 of the second day, which the file of 2023 has. */
static int hour_of(int64_t slot)
{
    int64_t into = slot < 96 + 8 ? slot : slot + 4;
    /* 26 March 2023 had no 2:00: from then on the file's clock is an hour ahead of its rows */
    return (int)((31 + 28 + 29) * 24 - 1 + into / 4);
}

static void homes_use_what_the_file_says_to_the_last_wh(void)
{
    write_year(3);
    struct gb_scenario *scenario = scenario_from(village);
    struct gb_record *record = run_of(scenario);
    int64_t sum[FLATS + TERRACES] = {0};
    double exact[FLATS + TERRACES] = {0}, year = 0;

    for (int i = 0; i < N_HOURS; i++)
        year += (double)values[i][0];
    for (size_t k = 0; record && k < gb_record_n_rows(record, GB_TABLE_METERS); k++) {
        const struct gb_meter_row *rows = gb_record_rows(record, GB_TABLE_METERS), *row = &rows[k];
        size_t meter = row->meter;
        int hour = hour_of(row->interval);

        sum[meter] += row->load_wh;
        exact[meter] += meter < FLATS ? (double)values[hour][meter] / 4
                                      : 4200e3 * (double)values[hour][0] / 4 / year;
        if (!EXPECT(fabs((double)sum[meter] - exact[meter]) <= 1.001))
            tap_note("meter %zu, slot %" PRId64 ": %" PRId64 " and not %g", meter, row->interval,
                     sum[meter], exact[meter]);
    }
    EXPECT(record && gb_record_n_rows(record, GB_TABLE_METERS) == (FLATS + TERRACES) * (96 + 92));
    gb_record_free(record);
    gb_scenario_free(scenario);
    unlink(FILE_NAME);
}

/* ---- stored scenarios */

static void a_stored_scenario_runs_with_the_file_that_it_was_made_with_alone(void)
{
    struct gb_error err = {0};
    char *stored = NULL, said[2048];

    write_year(3);
    struct gb_scenario *scenario = scenario_from(village);
    if (!scenario)
        return;
    EXPECT_INT(gb_scenario_text(scenario, &stored, &err), GB_OK);
    EXPECT(stored && strstr(stored, "town.file: \"" FILE_NAME "\"") &&
           strstr(stored, "town.digest: \""));
    struct gb_scenario *again = scenario_from(stored);
    struct gb_record *a = run_of(scenario), *b = run_of(again);
    EXPECT(a && b && records_are_equal(a, b));
    gb_record_free(a);
    gb_record_free(b);
    gb_scenario_free(again);
    write_year(4);
    EXPECT(!scenario_of_text(SCENARIO, stored, said, sizeof said));
    if (!EXPECT(
            strstr(said, "series.town.file: '" FILE_NAME "' has changed: its BLAKE2b digest is")))
        tap_note("%s", said);
    free(stored);
    gb_scenario_free(scenario);
    unlink(FILE_NAME);
}

/* ---- what does not fit */

static void what_does_not_fit_is_refused_at_its_place(void)
{
    static const struct {
        const char *key, *value, *says;
    } cases[] = {
        {"series.town.align", "exact",
         "households.terrace.load.series: the series 'town' does not hold all of 2024-03-30, "
         "which by the local clock is 2024-03-29T23:00:00Z to 2024-03-30T23:00:00Z: it reaches "
         "from 2022-12-31T23:00:00Z to 2023-12-31T23:00:00Z; series.town.align: weekday or "
         "calendar takes days of other years, any_weekday those of other seasons, too"},
        {"households.terrace.load.series", "towm",
         "there is no series 'towm': `series` names both, town"},
        {"households.terrace.load.series", "both",
         "the series 'both' has 2 columns for 3 meters; expected one, or one a meter"},
        {"series.town.file", "", "series.town.file: expected the file that is measured"},
        {"series.town.file", "nowhere.csv", "series.town.file: cannot open 'nowhere.csv'"},
        {"series.town.unit", "kV", "series.town.unit: expected one of W, kW"},
        {"series.town.zone", "Berlin", "series.town.zone: 'Berlin' is no time zone"},
        {"series.town.label", "by_format", "still to be said (without the dashes): --label start"},
        {"forecast.kind", "file",
         "forecast.kind: file needs a series of forecasts: load.forecast, pv.forecast, "
         "clouds.forecast or wind.forecast"},
        {"wind.series", "both", "wind.series: the series 'both': no column of wind speed, in m/s"},
        {"clouds.series", "towm", "there is no series 'towm': `series` names both, town"},
        {"slot", "1500 ms", "a series needs slots, and a physics.step, of whole seconds"},
    };

    write_year(3);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_scenario *scenario = scenario_from(village);
        struct gb_error err = {0};

        if (!scenario)
            continue;
        EXPECT_INT(scenario_set(scenario, cases[i].key, cases[i].value, &err), GB_ECONFIG);
        if (!EXPECT(strstr(err.text, cases[i].says)))
            tap_note("%s=%s: %s", cases[i].key, cases[i].value, err.text);
        gb_scenario_free(scenario);
    }
    unlink(FILE_NAME);
}

static void trials_share_what_was_read_once(void)
{
    struct gb_scenario *scenario, *copy = NULL;
    struct gb_error err = {0};

    write_year(3);
    scenario = scenario_from(village);
    unlink(FILE_NAME);
    if (!scenario)
        return;
    EXPECT_INT(gb_scenario_copy(&copy, scenario, &err), GB_OK);
    EXPECT_INT(scenario_set(copy, "seed", "7", &err), GB_OK); /* the file is there no longer */
    EXPECT(copy->library == scenario->library);
    gb_scenario_free(scenario);
    gb_record_free(run_of(copy));
    gb_scenario_free(copy);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(homes_use_what_the_file_says_to_the_last_wh),
        TAP(a_stored_scenario_runs_with_the_file_that_it_was_made_with_alone),
        TAP(what_does_not_fit_is_refused_at_its_place),
        TAP(trials_share_what_was_read_once),
        {0}};
    return tap_main("series_scenario", tests);
}
