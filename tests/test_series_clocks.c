/* Series on clocks that change: days of 23 and 25 hours, stamps that come twice or not at all. */
#include "models/series/series.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/text.h"
#include "tests/series_text.h"
#include "tests/tap.h"

/* A year of hours, labelled by the clock in Berlin.
 * early  the labels are ends, made by adding an hour to what the clock showed at the start */
static void expect_year_of_clock(bool is_end, bool adds_to_start)
{
    struct gb_series_options options = {.label = is_end ? GB_LABEL_END : GB_LABEL_START};
    struct gb_zone_year year = {0};
    struct gb_text text;
    int64_t first_s = series_instant("2023-12-31T23:00"), n = 8784;

    series_set_zone(&options, CENTRAL_EUROPE);
    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("time,kWh", text.stream);
    for (int64_t i = 0; i < n; i++) {
        int64_t utc_s = first_s + 3600 * i, stamp_s = utc_s + (is_end && !adds_to_start ? 3600 : 0);
        int64_t local_s =
            stamp_s + gb_zone_offset_at(&options.zone, &year, stamp_s) + (adds_to_start ? 3600 : 0);
        char stamp[32];
        gb_instant_format(local_s * 1000000000, stamp, sizeof stamp);
        fprintf(text.stream, "\n%.10s %.5s,0.%03" PRId64, stamp, stamp + 11, i % 1000);
    }
    char *bytes = gb_text_close(&text);
    struct gb_series *series = bytes ? series_read_text(bytes, &options) : NULL;
    if (series) {
        const struct gb_channel *channel = &series->channels[0];
        size_t n_wrong = 0;

        EXPECT_INT(channel->start_s, first_s);
        EXPECT_INT(channel->n, n);
        EXPECT_INT(channel->n_absent, 0);
        EXPECT_INT(series->n_summer, 1);
        for (size_t i = 0; i < channel->n; i++)
            n_wrong += channel->values[i] != (int64_t)(i % 1000) * 1000000;
        EXPECT_INT(n_wrong, 0);
    }
    gb_series_free(series);
    free(bytes);
}

static void days_of_23_and_25_hours_are_whole(void)
{
    expect_year_of_clock(false, false);
    expect_year_of_clock(true, false);
    expect_year_of_clock(true, true);
}

/* Two days of the clock in Berlin from an instant on, newest row last or first. NULL: not read */
static struct gb_series *read_days(const char *from, int64_t step_s, bool is_newest_first)
{
    struct gb_series_options options = {.label = GB_LABEL_START};
    struct gb_zone_year year = {0};
    struct gb_text text;
    int64_t first_s = series_instant(from), n = 2 * 86400 / step_s;

    series_set_zone(&options, CENTRAL_EUROPE);
    if (!EXPECT(gb_text_open(&text)))
        return NULL;
    fputs("time,kWh", text.stream);
    for (int64_t k = 0; k < n; k++) {
        int64_t i = is_newest_first ? n - 1 - k : k, utc_s = first_s + step_s * i;
        int64_t local_s = utc_s + gb_zone_offset_at(&options.zone, &year, utc_s);
        char stamp[32];
        gb_instant_format(local_s * 1000000000, stamp, sizeof stamp);
        fprintf(text.stream, "\n%.10s %.5s,0.%03" PRId64, stamp, stamp + 11, i);
    }
    char *bytes = gb_text_close(&text);
    struct gb_series *series = bytes ? series_read_text(bytes, &options) : NULL;
    free(bytes);
    return series;
}

static void rows_newest_first_are_the_same_series(void)
{
    static const char *const days[] = {"2024-10-25T22:00", "2024-03-29T23:00"};

    for (int i = 0; i < 6; i++) {
        const int64_t step_s = (int64_t[]){3600, 1800, 900}[i / 2];
        struct gb_series *up = read_days(days[i % 2], step_s, false);
        struct gb_series *down = read_days(days[i % 2], step_s, true);
        size_t n_wrong = 0;

        if (up && down && EXPECT_INT(up->channels[0].n, down->channels[0].n)) {
            EXPECT_INT(up->channels[0].start_s, down->channels[0].start_s);
            EXPECT_INT(up->n_summer, down->n_summer);
            EXPECT_INT(down->n_backward > 0, 1);
            for (size_t k = 0; k < up->channels[0].n; k++)
                n_wrong += up->channels[0].values[k] != (int64_t)k * 1000000 ||
                           down->channels[0].values[k] != (int64_t)k * 1000000;
            EXPECT_INT(n_wrong, 0);
        }
        gb_series_free(up);
        gb_series_free(down);
    }
}

static void expect_begin(const char *text, const char *start, size_t n, size_t n_absent)
{
    struct gb_series_options options = {.label = GB_LABEL_START, .unit = series_unit("W")};

    series_set_zone(&options, CENTRAL_EUROPE);
    struct gb_series *series = series_read_text(text, &options);
    if (!series)
        return;
    EXPECT_INT(series->channels[0].start_s, series_instant(start));
    EXPECT_INT(series->channels[0].n, n);
    EXPECT_INT(series->channels[0].n_absent, n_absent);
    gb_series_free(series);
}

/* On 27 October 2024 the clock of Berlin shows 2:00 to 3:00 at 0:00 UTC and again at 1:00. */
static void a_series_may_begin_in_the_hour_that_comes_twice(void)
{
    expect_begin("time,P\n2024-10-27 02:00,1\n2024-10-27 03:00,2\n2024-10-27 04:00,3\n",
                 "2024-10-27T01:00", 3, 0);
    expect_begin("time,P\n2024-10-27 02:30,1\n2024-10-27 02:45,2\n2024-10-27 03:00,3\n",
                 "2024-10-27T01:30", 3, 0);
    /* at 0:30 and 0:45, then at 1:00, 1:15, 1:30, 1:45 and 2:00 */
    expect_begin("time,P\n2024-10-27 02:30,1\n2024-10-27 02:45,2\n2024-10-27 02:00,3\n"
                 "2024-10-27 02:15,4\n2024-10-27 02:30,5\n2024-10-27 02:45,6\n"
                 "2024-10-27 03:00,7\n",
                 "2024-10-27T00:30", 7, 0);
    /* nothing tells which of them */
    expect_begin("time,P\n2024-10-27 02:00,1\n2024-10-27 02:15,2\n2024-10-27 02:30,3\n",
                 "2024-10-27T00:00", 3, 0);
    /* who began before lacks the second of them */
    expect_begin("time,P\n2024-10-27 01:00,1\n2024-10-27 02:00,2\n2024-10-27 03:00,3\n",
                 "2024-10-26T23:00", 4, 1);
}

static void doubled_and_skipped_stamps_are_refused_by_their_line(void)
{
    struct gb_series_options options = {.label = GB_LABEL_START};

    series_expect_refused("time,kWh\n2024-03-31 01:00,1\n2024-03-31 02:00,1\n2024-03-31 02:00,1\n",
                          &options, "'test':4: 2024-03-31T02:00:00 stands already in line 3");
    series_set_zone(&options, CENTRAL_EUROPE);
    series_expect_refused("time,kWh\n2024-03-31 01:00,1\n2024-03-31 02:00,1\n2024-03-31 03:00,1\n",
                          &options, "'test':3: the clock of " CENTRAL_EUROPE " leaves");
}

/* The hour that the clock leaves out is unused in a day a row, and excuses no other fault. */
static void a_day_that_stands_twice_is_refused_behind_a_change_of_clocks(void)
{
    struct gb_series_options options = {.label = GB_LABEL_START, .unit = series_unit("Wh")};
    struct gb_text text;

    series_set_zone(&options, CENTRAL_EUROPE);
    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("day", text.stream);
    for (int hour = 0; hour < 24; hour++)
        fprintf(text.stream, ";%02d:00", hour);
    for (int day = 0; day < 3; day++) {
        fprintf(text.stream, "\n%s", day == 0 ? "31/03/2024" : "01/04/2024");
        for (int hour = 0; hour < 24; hour++)
            fprintf(text.stream, ";%d", hour);
    }
    char *bytes = gb_text_close(&text);
    if (EXPECT(bytes != NULL))
        series_expect_refused(bytes, &options,
                              "'test':4: 2024-04-01T00:00:00 stands already in line 3");
    free(bytes);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(days_of_23_and_25_hours_are_whole),
        TAP(rows_newest_first_are_the_same_series),
        TAP(a_series_may_begin_in_the_hour_that_comes_twice),
        TAP(doubled_and_skipped_stamps_are_refused_by_their_line),
        TAP(a_day_that_stands_twice_is_refused_behind_a_change_of_clocks),
        {0}};

    return tap_main("series clocks", tests);
}
