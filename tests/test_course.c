/* Series on the clock of a run, against a second-by-second oracle on random files, and the days
 * that alignments choose, by hand. */
#include "models/series/course.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/quantity.h"
#include "base/text.h"
#include "models/series/series.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define SYDNEY "AEST-10AEDT,M10.1.0,M4.1.0/3"
enum { DAY_S = 86400 };

static struct gb_calendar calendar_of(const char *date, const char *zone)
{
    int64_t days = 0;

    EXPECT(gb_date_parse(date, &days));
    return gb_calendar_make(days, zone, 0);
}

/* A file of so many steps from a stamp on, the value of step i being value(context, i). */
static char *file_of(const char *head, const char *start, int64_t step_s, int64_t n,
                     void (*write)(FILE *out, void *context, int64_t i), void *context)
{
    struct gb_text text;
    int64_t ns = 0;

    EXPECT(gb_instant_parse(start, &ns));
    if (!EXPECT(gb_text_open(&text)))
        return NULL;
    fputs(head, text.stream);
    for (int64_t i = 0; i < n; i++) {
        char stamp[32];
        gb_instant_format(ns + i * step_s * GB_NS_PER_SECOND, stamp, sizeof stamp);
        fprintf(text.stream, "\n%s,", stamp);
        write(text.stream, context, i);
    }
    return gb_text_close(&text);
}

struct loaded {
    struct gb_series *series;
    struct gb_course course;
};

static bool load(struct loaded *out, char *text, const struct gb_series_options *options)
{
    struct gb_error err = {0};
    bool is_read =
        text && gb_series_parse(&out->series, text, strlen(text), "test", options, &err) == GB_OK &&
        gb_course_make(&out->course, &out->series->channels[0], out->series, options->gaps, &err) ==
            GB_OK;

    if (!EXPECT(is_read))
        tap_note("%s", err.text);
    free(text);
    return is_read;
}

static void unload(struct loaded *loaded)
{
    gb_course_clear(&loaded->course);
    gb_series_free(loaded->series);
}

/* ---- against the oracle */

static void write_random(FILE *out, void *context, int64_t i)
{
    (void)i;
    uint64_t number = splitmix64(context);

    fprintf(out, "%" PRIu64 ".%03" PRIu64, number % 9, number / 9 % 1000);
}

/* Of each second: what the step of the file shows that holds it. */
static double oracle_wh(const struct gb_channel *channel, int64_t from_s, int64_t length_s)
{
    double sum = 0;

    for (int64_t s = from_s; s < from_s + length_s; s++) {
        size_t step = (size_t)((s - channel->start_s) / channel->step_s);
        double kw = (double)channel->values[step] / 1e9;
        double next = step + 1 < channel->n ? (double)channel->values[step + 1] / 1e9 : 0;
        double seconds = (double)channel->step_s;
        sum += channel->value == GB_VALUE_ENERGY   ? 1000 * kw / seconds
               : channel->value == GB_VALUE_SAMPLE ? 1000 * (kw + next) / 2 / 3600
                                                   : 1000 * kw / 3600;
    }
    return sum;
}

/* -1000: the file does not have it */
static double wh_of(struct gb_replay *replay, int64_t at_s, int64_t length_s)
{
    struct gb_stretch stretch;

    return gb_replay_stretch(replay, at_s, length_s, &stretch)
               ? stretch.after_wh - stretch.before_wh
               : -1000;
}

static void windows_of_any_slot_hold_what_the_file_says(void)
{
    static const int64_t steps[] = {60, 300, 700, 900, 1800, 3600};
    static const int64_t slots[] = {300, 900, 1800, 3600, 7200};
    uint64_t state = 11;

    for (size_t k = 0; k < 60; k++) {
        int64_t step_s = steps[k % 6], slot_s = slots[k / 6 % 5];
        struct gb_series_options options = {.unit = NULL};
        struct loaded file = {NULL};
        bool is_energy = k % 3 == 0, is_sample = k % 3 == 1;
        double sum = 0, exact_sum = 0;

        options.value = is_energy ? GB_VALUE_ENERGY : is_sample ? GB_VALUE_SAMPLE : GB_VALUE_MEAN;
        options.label = is_sample ? GB_LABEL_UNSAID : k % 2 ? GB_LABEL_END : GB_LABEL_START;
        if (!load(&file,
                  file_of(is_energy ? "time,kWh" : "time,kW", "2024-03-30T20:00:00Z", step_s,
                          3 * DAY_S / step_s, write_random, &state),
                  &options)) {
            gb_series_free(file.series);
            continue;
        }
        struct gb_calendar calendar = calendar_of("2024-03-31", BERLIN);
        struct gb_replay replay = gb_replay_make(&file.course, GB_ALIGN_EXACT, &calendar);
        for (int64_t slot = 0; slot < 10; slot++) {
            double wh = wh_of(&replay, slot * slot_s, slot_s);
            double exact =
                oracle_wh(&file.series->channels[0], calendar.start_s + slot * slot_s, slot_s);
            EXPECT_NEAR(wh, exact, 1e-6 * (1 + exact));
            sum += wh;
            exact_sum += exact;
        }
        EXPECT_NEAR(sum, exact_sum, 1e-3);
        unload(&file);
    }
}

/* ---- days of other dates */

static void write_number(FILE *out, void *context, int64_t i)
{
    (void)context;
    fprintf(out, "%" PRId64, i);
}

/* Hours numbered from midnight of a date in UTC on, as mean power. */
static bool load_hours(struct loaded *out, const char *start, int64_t n_days)
{
    const struct gb_series_options options = {.label = GB_LABEL_START, .value = GB_VALUE_MEAN};

    return load(out, file_of("time,kW", start, 3600, 24 * n_days, write_number, NULL), &options);
}

/* The hour of the file that an hour of the run takes; -1: none. */
static int64_t hour_of_file(struct gb_replay *replay, int64_t hour)
{
    return llround(wh_of(replay, 3600 * hour, 3600) / 1000);
}

static void expect_day(const struct loaded *file, enum gb_series_align align, const char *first,
                       const char *of_run, const char *of_file)
{
    struct gb_calendar calendar = calendar_of(of_run, "UTC0");
    struct gb_replay replay = gb_replay_make(&file->course, align, &calendar);
    int64_t start = 0, day = 0;

    gb_date_parse(first, &start);
    bool exists = of_file && gb_date_parse(of_file, &day);
    if (!EXPECT(hour_of_file(&replay, 5) == (exists ? 24 * (day - start) + 5 : -1)))
        tap_note("%s of the run: hour %" PRId64, of_run, hour_of_file(&replay, 5));
}

static void the_same_date_of_the_nearest_year_is_taken(void)
{
    struct loaded file = {NULL};

    if (!load_hours(&file, "2021-01-01T00:00:00Z", 3 * 365))
        return;
    expect_day(&file, GB_ALIGN_CALENDAR, "2021-01-01", "2024-02-29", "2023-02-28");
    expect_day(&file, GB_ALIGN_CALENDAR, "2021-01-01", "2024-03-01", "2023-03-01");
    expect_day(&file, GB_ALIGN_CALENDAR, "2021-01-01", "2022-07-01", "2022-07-01");
    expect_day(&file, GB_ALIGN_CALENDAR, "2021-01-01", "2019-12-31", "2021-12-31");
    expect_day(&file, GB_ALIGN_EXACT, "2021-01-01", "2024-03-01", NULL);
    expect_day(&file, GB_ALIGN_EXACT, "2021-01-01", "2022-03-01", "2022-03-01");
    unload(&file);
}

/* 29 March 2024 is a Friday; so are 31 March 2023 and 1 April 2022. */
static void the_same_day_of_the_week_near_the_same_date_is_taken(void)
{
    struct loaded file = {NULL}, few = {NULL};

    if (!load_hours(&file, "2023-01-01T00:00:00Z", 365))
        return;
    expect_day(&file, GB_ALIGN_WEEKDAY, "2023-01-01", "2024-03-29", "2023-03-31");
    expect_day(&file, GB_ALIGN_WEEKDAY, "2023-01-01", "2024-03-30", "2023-04-01");
    expect_day(&file, GB_ALIGN_WEEKDAY, "2023-01-01", "2023-05-05", "2023-05-05");
    /* the last Tuesday of 2024 has none behind it in the file, but one before */
    expect_day(&file, GB_ALIGN_WEEKDAY, "2023-01-01", "2024-12-31", "2023-12-26");
    unload(&file);
    if (!load_hours(&few, "2022-03-01T00:00:00Z", 60))
        return;
    expect_day(&few, GB_ALIGN_WEEKDAY, "2022-03-01", "2024-03-29", "2022-04-01");
    expect_day(&few, GB_ALIGN_WEEKDAY, "2022-03-01", "2024-07-01", NULL);
    /* however far away: 1 July 2024 is a Monday, the last one of the file is 25 April 2022; 5
     * January a Friday, 55 days before the file's first one, 4 March, and 111 behind its last of
     * the year before would be */
    expect_day(&few, GB_ALIGN_ANY_WEEKDAY, "2022-03-01", "2024-07-01", "2022-04-25");
    expect_day(&few, GB_ALIGN_ANY_WEEKDAY, "2022-03-01", "2024-01-05", "2022-03-04");
    /* 27 December 2024, also a Friday: 67 days before 4 March, 242 behind 29 April */
    expect_day(&few, GB_ALIGN_ANY_WEEKDAY, "2022-03-01", "2024-12-27", "2022-03-04");
    expect_day(&few, GB_ALIGN_ANY_WEEKDAY, "2022-03-01", "2024-03-29", "2022-04-01");
    unload(&few);
}

static void days_of_the_run_follow_its_clock_and_take_whole_days_of_the_file(void)
{
    struct loaded file = {NULL};
    struct gb_calendar spring = calendar_of("2024-03-31", BERLIN);
    struct gb_calendar autumn = calendar_of("2024-10-27", BERLIN);
    struct gb_calendar south = calendar_of("2024-04-07", SYDNEY);

    if (!load_hours(&file, "2021-12-31T00:00:00Z", 367))
        return;
    int64_t start;

    struct gb_replay replay = gb_replay_make(&file.course, GB_ALIGN_CALENDAR, &spring);
    start = hour_of_file(&replay, 0); /* 31 March 2022, 0:00 of summer time */
    EXPECT_INT(start, 24 * (1 + 31 + 28 + 30) - 2);
    EXPECT_INT(hour_of_file(&replay, 1), start + 1);
    EXPECT_INT(hour_of_file(&replay, 2), start + 3); /* 3:00 of the run */
    EXPECT_INT(hour_of_file(&replay, 22), start + 23);
    replay = gb_replay_make(&file.course, GB_ALIGN_CALENDAR, &autumn);
    start = hour_of_file(&replay, 0);
    EXPECT_INT(hour_of_file(&replay, 2), start + 2);
    EXPECT_INT(hour_of_file(&replay, 3), start + 2); /* 2:00 again */
    EXPECT_INT(hour_of_file(&replay, 4), start + 3);
    replay = gb_replay_make(&file.course, GB_ALIGN_CALENDAR, &south);
    start = hour_of_file(&replay, 0);
    EXPECT_INT(hour_of_file(&replay, 3), start + 2);
    unload(&file);
}

/* The run's day has an hour that the file's day leaves out. */
static void an_hour_that_the_file_s_day_leaves_out_takes_the_next(void)
{
    struct loaded file = {NULL};
    struct gb_calendar calendar = calendar_of("2023-03-27", BERLIN);

    /* 27 March 2022 had no 2:00 */
    if (!load_hours(&file, "2021-12-31T00:00:00Z", 367))
        return;
    struct gb_replay replay = gb_replay_make(&file.course, GB_ALIGN_CALENDAR, &calendar);
    int64_t start = hour_of_file(&replay, 0);
    EXPECT_INT(hour_of_file(&replay, 1), start + 1);
    EXPECT_INT(hour_of_file(&replay, 2), start + 2); /* what the clock showed at 3:00 */
    EXPECT_INT(hour_of_file(&replay, 3), start + 2);
    EXPECT_INT(hour_of_file(&replay, 4), start + 3);
    unload(&file);
}

static void a_day_that_repeats_goes_by_the_local_clock(void)
{
    const struct gb_series_options options = {.label = GB_LABEL_START, .value = GB_VALUE_MEAN};
    struct gb_calendar calendar = calendar_of("2024-10-27", BERLIN);
    struct loaded file = {NULL};
    struct gb_text text;

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("time,kW", text.stream);
    for (int hour = 0; hour < 24; hour++)
        fprintf(text.stream, "\n%02d:00,%d", hour, hour);
    if (!load(&file, gb_text_close(&text), &options))
        return;
    struct gb_replay replay = gb_replay_make(&file.course, GB_ALIGN_EXACT, &calendar);
    EXPECT_INT(hour_of_file(&replay, 2), 2);
    EXPECT_INT(hour_of_file(&replay, 3), 2);
    EXPECT_INT(hour_of_file(&replay, 4), 3);
    EXPECT_INT(hour_of_file(&replay, 24), 23);
    EXPECT_INT(hour_of_file(&replay, 25), 0);
    EXPECT_NEAR(gb_course_overall_w(&file.course), 11500, 1e-9);
    unload(&file);
}

static void what_no_rule_fills_is_refused_with_its_line(void)
{
    struct gb_series_options options = {.label = GB_LABEL_START, .value = GB_VALUE_MEAN};
    const char *text = "time,kW\n2024-01-01 00:00,1\n2024-01-01 01:00,NA\n2024-01-01 02:00,3\n";
    struct gb_series *series = NULL;
    struct gb_course course;
    struct gb_error err = {0};

    EXPECT_INT(gb_series_parse(&series, text, strlen(text), "test", &options, &err), GB_OK);
    EXPECT_INT(gb_course_make(&course, &series->channels[0], series, GB_GAPS_REFUSE, &err),
               GB_EINPUT);
    if (!EXPECT(strstr(err.text, "1 of 3 steps, first at line 3")))
        tap_note("%s", err.text);
    gb_course_clear(&course);
    EXPECT_INT(gb_course_make(&course, &series->channels[0], series, GB_GAPS_HOLD, &err), GB_OK);
    EXPECT_NEAR(gb_course_overall_w(&course), 5000.0 / 3, 1e-9);
    gb_course_clear(&course);
    gb_series_free(series);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(windows_of_any_slot_hold_what_the_file_says),
        TAP(the_same_date_of_the_nearest_year_is_taken),
        TAP(the_same_day_of_the_week_near_the_same_date_is_taken),
        TAP(days_of_the_run_follow_its_clock_and_take_whole_days_of_the_file),
        TAP(an_hour_that_the_file_s_day_leaves_out_takes_the_next),
        TAP(a_day_that_repeats_goes_by_the_local_clock),
        TAP(what_no_rule_fills_is_refused_with_its_line),
        {0}};
    return tap_main("course", tests);
}
