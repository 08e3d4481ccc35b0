/* Series of every form, read from small texts: what was understood, and what is refused with its
 * line. */
#include "models/series/series.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "tests/series_text.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"

/* ---- forms */

static void a_table_with_semicolons_and_decimal_commas_is_found(void)
{
    const struct gb_series_options options = {.label = GB_LABEL_START};
    struct gb_series *series = series_read_text("\xef\xbb\xbf"
                                                "Export of a meter\r\n"
                                                "\r\n"
                                                "Datum;Zeit;Bezug (kWh);Einspeisung (kWh)\r\n"
                                                "31.03.2024;00:00;1.000,5;0,25\r\n"
                                                "31.03.2024;00:15;0,5;NA\r\n"
                                                "31.03.2024;00:30;0,5;0,25\r\n"
                                                "Summe;;1.001,5;0,5\r\n",
                                                &options);

    if (!series)
        return;
    EXPECT_INT(series->separator, ';');
    EXPECT_INT(series->decimal, ',');
    EXPECT(series->has_mark);
    EXPECT_INT(series->header_line, 3);
    EXPECT_INT(series->n_odd, 1);
    EXPECT_INT(series->odd[0].line, 7);
    if (EXPECT_INT(series->n_channels, 2)) {
        EXPECT_TEXT(series->channels[0].name, "Bezug (kWh)");
        EXPECT_INT(series->channels[0].step_s, 900);
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-03-31T00:00"));
        EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 1001500);
        EXPECT_INT(series->channels[1].n_void, 1);
        EXPECT_INT(series_total(series, 1, GB_GAPS_REFUSE), 500);
        EXPECT_INT(series_total(series, 1, GB_GAPS_HOLD), 750);
    }
    gb_series_free(series);
}

static void a_long_table_has_a_channel_a_meter(void)
{
    /* as Low Carbon London writes it: a blank behind the name, Null, seven-digit fractions */
    const struct gb_series_options options = {.label = GB_LABEL_START};
    struct gb_series *series =
        series_read_text("LCLid,stdorToU,DateTime,KWH/hh (per half hour) \r\n"
                         "MAC1,Std,2012-10-12 00:30:00.0000000, 0.5 \r\n"
                         "MAC1,Std,2012-10-12 01:00:00.0000000,Null\r\n"
                         "MAC1,Std,2012-10-12 01:30:00.0000000, 0.25 \r\n"
                         "MAC2,ToU,2012-10-12 00:30:00.0000000, 1 \r\n"
                         "MAC2,ToU,2012-10-12 01:30:00.0000000, 2 \r\n"
                         "MAC2,ToU,2012-10-12 01:00:00.0000000, 3 \r\n",
                         &options);

    if (!series)
        return;
    EXPECT_INT(series->form, GB_FORM_LONG);
    if (EXPECT_INT(series->n_channels, 2)) {
        EXPECT_TEXT(series->channels[0].name, "MAC1 / KWH/hh (per half hour)");
        EXPECT_INT(series->channels[0].n_void, 1);
        EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 750);
        EXPECT_INT(series_total(series, 1, GB_GAPS_REFUSE), 6000);
    }
    EXPECT_INT(series->n_backward, 1);
    gb_series_free(series);
}

static void a_quote_written_twice_is_one_in_names(void)
{
    const struct gb_series_options options = {.label = GB_LABEL_START};
    struct gb_series *series =
        series_read_text("time,\"a \"\"b\"\"\",\"\"\"c, d\"\" kWh\",\"\"\"\",e \"\"f\"\" g\n"
                         "2024-01-01 00:00,1,\"2\",3,4\n2024-01-01 01:00,1,2,3,4\n",
                         &options);

    if (series && EXPECT_INT(series->n_channels, 4)) {
        EXPECT_TEXT(series->channels[0].name, "a \"b\"");
        EXPECT_TEXT(series->channels[1].name, "\"c, d\" kWh");
        EXPECT_TEXT(series->channels[2].name, "\"");
        EXPECT_TEXT(series->channels[3].name, "e \"\"f\"\" g"); /* not in quotes: as it stands */
    }
    gb_series_free(series);
    series = series_read_text("id,time,kWh\n\"the \"\"old\"\" mill\",2024-01-01 00:00,1\n"
                              "\"the \"\"old\"\" mill\",2024-01-01 01:00,2\n"
                              "barn,2024-01-01 00:00,3\nbarn,2024-01-01 01:00,4\n",
                              &options);
    if (series && EXPECT_INT(series->n_channels, 2))
        EXPECT_TEXT(series->channels[0].name, "the \"old\" mill / kWh");
    gb_series_free(series);
}

/* Bytes are counted from 1: of `2024-01-01 01:00,"2` the 18th. */
static void a_quote_that_never_closes_is_refused_by_its_line(void)
{
    const struct gb_series_options none = {.label = GB_LABEL_START};

    series_expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,\"2\n2024-01-01 "
                          "02:00,3\n",
                          &none, "'test':3: byte 18: a quote opens here and never closes");
    series_expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,1\n\"2024-01-01 02:00,3",
                          &none, "'test':4: byte 1: a quote opens here and never closes");
    series_expect_refused("time,\"a\"\"\n2024-01-01 00:00,1\n2024-01-01 01:00,1\n", &none,
                          "'test':1: byte 6: a quote opens here and never closes");
    series_expect_refused("100,NEM12,1,X,Y\n200,\"4,E1,1,E1,N,1,KWH,720,\n",
                          &(struct gb_series_options){0},
                          "'test':2: byte 5: a quote opens here and never closes");
}

/* Of `2024-01-01 01:00,"2"3` the 21st byte; blanks and a separator may follow. */
static void text_behind_a_closing_quote_is_refused_by_its_line(void)
{
    const struct gb_series_options none = {.label = GB_LABEL_START};
    static const char why[] = "text stands here behind the quote that closes its cell";
    char expected[128];

    snprintf(expected, sizeof expected, "'test':3: byte 21: %s", why);
    series_expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,\"2\"3\n2024-01-01 "
                          "02:00,3\n",
                          &none, expected);
    snprintf(expected, sizeof expected, "'test':1: byte 10: %s", why);
    series_expect_refused("time;\"a\" \"b\"\n2024-01-01 00:00;1\n2024-01-01 01:00;1\n", &none,
                          expected);
    struct gb_series *series = series_read_text(
        "time ,\"a\" \n2024-01-01 00:00, \"1\"  \n2024-01-01 01:00,=\"2\"\n",
        &(struct gb_series_options){.label = GB_LABEL_START, .unit = gb_unit_named("kWh", 3)});

    if (series)
        EXPECT_INT(series->channels[0].values[1], 2 * GB_NANO);
    gb_series_free(series);
}

static void a_quote_that_opens_no_cell_means_nothing(void)
{
    const struct gb_series_options options = {.label = GB_LABEL_START};
    struct gb_series *series = series_read_text("# a \"remark\n\"an export\n\n"
                                                "time,pipe 5\" (kWh)\n2024-01-01 00:00,1\n"
                                                "2024-01-01 01:00,2\n# and \"one\n",
                                                &options);

    if (series && EXPECT_INT(series->n_channels, 1))
        EXPECT_TEXT(series->channels[0].name, "pipe 5\" (kWh)");
    gb_series_free(series);
}

static void a_day_a_row_begins_where_its_columns_say(void)
{
    const struct gb_series_options options = {.unit = series_unit("kWh")};
    struct gb_text text;

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("Date", text.stream);
    for (int i = 0; i < 48; i++)
        fprintf(text.stream, ",%02d:%02d - %02d:%02d", i / 2, i % 2 * 30, (i + 1) / 2 % 24,
                (i + 1) % 2 * 30);
    for (int day = 1; day <= 2; day++) {
        fprintf(text.stream, "\n%02d/Dec/2013", day);
        for (int i = 0; i < 48; i++)
            fprintf(text.stream, ",%d.5", day);
    }
    char *bytes = gb_text_close(&text);
    struct gb_series *series = bytes ? series_read_text(bytes, &options) : NULL;
    if (series) {
        EXPECT_INT(series->form, GB_FORM_DAY_ROWS);
        EXPECT(!series->label_unsaid);
        EXPECT_INT(series->channels[0].n, 96);
        EXPECT_INT(series->channels[0].start_s, series_instant("2013-12-01T00:00"));
        EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 48 * (1500 + 2500));
    }
    gb_series_free(series);
    free(bytes);
}

/* Of a file whose first row has a day beyond 12 the first row tells. */
static void a_month_before_a_day_is_found_in_the_first_row(void)
{
    static const char *const tables[] = {
        "stamp,kWh\n1/31/2024 23:00,1\n2/1/2024 0:00,2\n2/1/2024 1:00,3\n",
        "Date,Time,kWh\n1/31/2024,23:00,1\n2/1/2024,0:00,2\n2/1/2024,1:00,3\n"};
    const struct gb_series_options start = {.label = GB_LABEL_START};

    for (size_t i = 0; i < 2; i++) {
        struct gb_series *series = series_read_text(tables[i], &start);
        if (series && EXPECT_INT((int64_t)series->channels[0].n, 3))
            EXPECT_INT(series->channels[0].start_s, series_instant("2024-01-31T23:00Z"));
        gb_series_free(series);
    }
}

/* Each row says its interval: no label is asked for. */
static void an_end_without_a_date_is_of_the_same_day_or_midnight(void)
{
    static const struct gb_series_options none = {0};
    struct gb_series *series = series_read_text(
        "from;kWh\n31.01.2024 23:30 - 23:45;1\n31.01.2024 23:45 - 00:00;2\n01.02.2024 00:00 - 00:15;3\n",
        &none);

    if (series && EXPECT_INT((int64_t)series->channels[0].n, 3)) {
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-01-31T23:30Z"));
        EXPECT_INT(series->channels[0].step_s, 900);
        EXPECT_INT(series->label, GB_LABEL_START);
    }
    gb_series_free(series);
}

/* As ISO 8601 writes intervals, and services of radiation their hours. */
static void an_interval_of_two_instants_says_its_label(void)
{
    static const struct gb_series_options none = {0};
    struct gb_series *series = series_read_text("# Observation period;GHI W/m2\n"
                                                "2024-01-31T22:00:00.0/2024-01-31T23:00:00.0;1\n"
                                                "2024-01-31T23:00:00.0/2024-02-01T00:00:00.0;2\n",
                                                &none);

    if (series && EXPECT_INT((int64_t)series->channels[0].n, 2)) {
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-01-31T22:00Z"));
        EXPECT_INT(series->channels[0].step_s, 3600);
        EXPECT_INT(series->label, GB_LABEL_START);
        EXPECT_INT(series->channels[0].values[1], 2 * GB_NANO);
    }
    gb_series_free(series);
}

/* Midnight is 12:00 AM, noon 12:00 PM. */
static void a_clock_of_twelve_hours_has_two_halves(void)
{
    static const char *const tables[] = {
        "Date,Time,kWh\n1/31/2024,11:00 AM,1\n1/31/2024,12:00 PM,2\n1/31/2024,1:00 pm,3\n",
        "stamp;kWh\n31.01.2024 11:00:00AM;1\n31.01.2024 12:00:00PM;2\n31.01.2024 01:00:00PM;3\n"};
    const struct gb_series_options start = {.label = GB_LABEL_START};

    for (size_t i = 0; i < 2; i++) {
        struct gb_series *series = series_read_text(tables[i], &start);
        if (series && EXPECT_INT((int64_t)series->channels[0].n, 3)) {
            EXPECT_INT(series->channels[0].start_s, series_instant("2024-01-31T11:00Z"));
            EXPECT_INT(series->channels[0].values[2], 3 * GB_NANO);
        }
        gb_series_free(series);
    }
    series_expect_refused("time,kWh\n2024-01-31 13:00 PM,1\n2024-01-31 14:00 PM,2\n", &start, "");
}

static void a_clock_without_dates_repeats(void)
{
    const struct gb_series_options end = {.label = GB_LABEL_END};
    struct gb_series *series =
        series_read_text("time;W\n06:00;100\n12:00;200\n18:00;300\n24:00;400\n", &end);

    if (!series)
        return;
    EXPECT(series->is_daily);
    EXPECT_INT(series->channels[0].start_s, 0);
    EXPECT_INT(series->channels[0].values[0], 100 * GB_NANO);
    EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 6000);
    gb_series_free(series);
}

static void what_stands_where_nothing_was_measured_is_counted(void)
{
    const struct gb_series_options options = {.label = GB_LABEL_START};
    struct gb_series *series = series_read_text("time,a kW,b kW\n2024-03-01T00:00Z,1,NA\n"
                                                "2024-03-01T01:00Z,,-9999\n"
                                                "2024-03-01T02:00Z,-9999.00,?\n"
                                                "2024-03-01T03:00Z,-99999,Null\n"
                                                "2024-03-01T04:00Z,n/a,na\n"
                                                "2024-03-01T05:00Z,99999,9\n",
                                                &options);
    static const size_t expected[GB_N_SENTINELS] = {
        [GB_SENTINEL_EMPTY] = 1, [GB_SENTINEL_NA] = 2,       [GB_SENTINEL_N_A] = 1,
        [GB_SENTINEL_NULL] = 1,  [GB_SENTINEL_QUESTION] = 1, [GB_SENTINEL_9999] = 2,
        [GB_SENTINEL_99999] = 1};

    for (size_t i = 0; series && i < GB_N_SENTINELS; i++)
        if (!EXPECT_INT(series->n_missing[i], expected[i]))
            tap_note("%s", gb_sentinel_name((enum gb_sentinel)i));
    if (EXPECT(series != NULL))
        EXPECT_INT(series->channels[0].n_void + series->channels[1].n_void, 9);
    gb_series_free(series);
}

/* A channel for each meter and time of issue; of a doubled hour an issue is the second one's, of a
 * skipped one an hour later. Forecasts of one step each take that between what they are about. */
static void forecasts_are_told_apart_by_when_they_were_made(void)
{
    struct gb_series_options options = {
        .label = GB_LABEL_END, .issued = "made", .has_zone = true, .value = GB_VALUE_ENERGY};
    const int64_t change = 1729990800; /* 2024-10-27T01:00Z, when 03:00 becomes 02:00 in Berlin */

    EXPECT(gb_zone_parse("CET-1CEST,M3.5.0,M10.5.0/3", &options.zone, NULL) == GB_OK);
    struct gb_series *series = series_read_text("home,made,for,load kWh\n"
                                                "a,2024-10-27 02:30,2024-10-27T03:00Z,1\n"
                                                "b,2024-10-27 02:30,2024-10-27T03:00Z,2\n"
                                                "a,2024-10-26 23:00,2024-10-27T02:00Z,3\n"
                                                "b,2024-10-26 23:00,2024-10-27T02:00Z,4\n"
                                                "a,2024-10-27T02:00Z,2024-10-27T03:00Z,5\n"
                                                "a,2024-03-31 02:30,2024-10-27T04:00Z,6\n",
                                                &options);
    static const struct {
        const char *name;
        int64_t issued_s, about_s, kwh; /* behind `change` */
    } expected[] = {
        {"a / load kWh", 1800, 3600, 1},   {"b / load kWh", 1800, 3600, 2},
        {"a / load kWh", -4 * 3600, 0, 3}, {"b / load kWh", -4 * 3600, 0, 4},
        {"a / load kWh", 3600, 3600, 5},   {"a / load kWh", -210 * 86400 + 1800, 7200, 6}};

    if (!EXPECT(series != NULL))
        return;
    EXPECT(series->has_issues);
    EXPECT_INT(series->n_channels, 6);
    for (size_t i = 0; i < 6 && i < series->n_channels; i++) {
        const struct gb_channel *channel = &series->channels[i];
        EXPECT_TEXT(channel->name, expected[i].name);
        EXPECT_INT(channel->issued_s - change, expected[i].issued_s);
        EXPECT_INT(channel->start_s - change, expected[i].about_s);
        EXPECT_INT(channel->step_s, 3600);
        EXPECT_INT(channel->n, 1);
        EXPECT_INT(channel->values[0], expected[i].kwh * GB_NANO);
    }
    gb_series_free(series);
    series_expect_refused("made,load kWh\n2024-10-27T02:00Z,1\n2024-10-27T03:00Z,1\n", &options,
                          "'test':2: a time stamp is expected beside that of the column 'made'");
    options.time = "for";
    series_expect_refused(
        "made,for,load kWh\n2024-10-27T02:00Z,02:00,1\n2024-10-27T03:00Z,03:00,1\n", &options,
        "what is forecast has a clock and no date");
}

static void a_forecast_says_a_time_once(void)
{
    struct gb_series_options options = {.label = GB_LABEL_START, .issued = "made"};

    series_expect_refused(
        "made,about,W\n2024-01-01 00:30,2024-01-01 01:00,1\n"
        "2024-01-01 00:30,2024-01-01 02:00,1\n2024-01-01 00:45,2024-01-01 01:00,1\n"
        "2024-01-01 00:45,2024-01-01 02:00,2\n2024-01-01 00:45,2024-01-01 02:00,3\n",
        &options,
        "'test':6: 2024-01-01T02:00:00 stands already in line 5, in the forecast made "
        "at 2024-01-01T00:45:00Z");
}

static void utf_16_is_read_as_what_it_says(void)
{
    static const char plain[] = "time\tkWh\n2024-01-01 00:00\t1\n2024-01-01 01:00\t2\n";
    const struct gb_series_options options = {.label = GB_LABEL_START};
    char wide[2 + 2 * sizeof plain];

    for (int is_big = 0; is_big < 2; is_big++) {
        memcpy(wide, is_big ? "\xfe\xff" : "\xff\xfe", 2);
        for (size_t i = 0; i + 1 < sizeof plain; i++) {
            wide[2 + 2 * i + (size_t)is_big] = plain[i];
            wide[2 + 2 * i + (size_t)!is_big] = 0;
        }
        struct gb_series *series = series_parsed(wide, 2 * sizeof plain, &options);
        if (!series)
            continue;
        EXPECT(series->is_utf16);
        EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 3000);
        gb_series_free(series);
    }
}

/* ---- labels, orders of dates, units */

static void what_a_file_cannot_tell_must_be_said(void)
{
    const struct gb_series_options none = {0},
                                   sample = {.value = GB_VALUE_SAMPLE, .label = GB_LABEL_END};
    static const char bare[] = "time,a\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n";
    struct gb_series *series = series_read_text(bare, &none);
    char text[512];

    if (!series)
        return;
    EXPECT(gb_series_is_unsaid(series, &series->channels[0], text, sizeof text));
    EXPECT(strstr(text, "--unit") && strstr(text, "--label"));
    gb_series_free(series);
    series_expect_refused(bare, &sample, "they have no --label");
    series_expect_refused("time,kW\n1/2/2024,1\n2/2/2024,2\n", &none, "day/month or month/day");
    series_expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n",
                          &(struct gb_series_options){.value = GB_VALUE_MEAN},
                          "value energy takes");
    series = series_read_text("2024-01-01 00:00 1\n2024-01-01 01:00 2\n", &none);
    EXPECT(series && !series->channels[0].unit);
    EXPECT_TEXT(series ? series->channels[0].name : "", "column 3");
    gb_series_free(series);
    series = series_read_text("time,kW\n1/2/2024,1\n1/13/2024,2\n1/14/2024,2\n", &none);
    EXPECT(series && series->channels[0].start_s == series_instant("2024-01-02T00:00"));
    gb_series_free(series);
}

static void a_register_that_never_falls_is_asked_about(void)
{
    struct gb_series_options options = {.label = GB_LABEL_START};
    struct gb_text text;
    char why[512];

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("time,kWh", text.stream);
    for (int i = 0; i < 60; i++)
        fprintf(text.stream, "\n%d,%d.25", 1700000000 + 900 * i, 5000 + i);
    char *bytes = gb_text_close(&text);
    struct gb_series *series = bytes ? series_read_text(bytes, &options) : NULL;
    if (series) {
        EXPECT(gb_series_is_unsaid(series, &series->channels[0], why, sizeof why));
        EXPECT(strstr(why, "--value counter") != NULL);
        gb_series_free(series);
    }
    options = (struct gb_series_options){.value = GB_VALUE_COUNTER};
    series = bytes ? series_read_text(bytes, &options) : NULL;
    if (series) {
        EXPECT(!gb_series_is_unsaid(series, &series->channels[0], why, sizeof why));
        EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 59000);
        gb_series_free(series);
    }
    free(bytes);
}

/* ---- faults */

static void faults_are_told_by_file_and_line(void)
{
    const struct gb_series_options options = {.label = GB_LABEL_START}, column = {.columns = "b"};

    series_expect_refused("", &options, "no line has two cells");
    series_expect_refused("time,W\n9999-01-01 00:00,1\n9999-01-01 01:00,2\n9999-01-01 01:00,3\n",
                          &options, "a time stamp among them");
    series_expect_refused("a,b\nc,d\n", &options, "a time stamp among them");
    series_expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,x\n2024-01-01 02:00,1\n",
                          &(struct gb_series_options){.columns = "kWh"},
                          "'test':3: kWh: a number with a decimal point is expected, not 'x'");
    series_expect_refused(
        "time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2,3\n2024-01-01 02:00,1\n", &options,
        "'test':3: 2 cells are expected, not 3");
    series_expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 02:00,1\n"
                          "2024-01-01 02:20,1\n",
                          &options, "'test':5: 2024-01-01T02:20:00Z is no whole number of steps");
    series_expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 00:01,1\n2024-01-03 00:00,1\n"
                          "2024-01-03 00:01,1\n",
                          &options, "rows for 4 of 2882 steps of 60 s");
    series_expect_refused("time,a\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n", &column,
                          "has no column 'b': it has time, a");
}

/* It was left out with all its numbers, and nobody heard of it. */
static void a_wrong_cell_among_numbers_costs_no_column(void)
{
    static const char table[] = "time,a kW,note,b kW\n"
                                "2024-01-01T00:00Z,1,x,1\n"
                                "2024-01-01T01:00Z,2,y,%s\n"
                                "2024-01-01T02:00Z,3,7,3\n"
                                "2024-01-01T03:00Z,4,z,4\n";
    const struct gb_series_options options = {.label = GB_LABEL_START};
    static const char *const wrong[] = {"x2", "---", "n.v."};
    char bytes[256];

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(bytes, sizeof bytes, table, wrong[i]);
        series_expect_refused(bytes, &options, "'test':3: b kW: a number with a decimal point");
    }
    snprintf(bytes, sizeof bytes, table, "2");
    struct gb_series *series = series_read_text(bytes, &options);
    if (!series)
        return;
    if (EXPECT_INT(series->n_channels, 2)) /* more words than numbers make a note */
        EXPECT_TEXT(series->channels[1].name, "b kW");
    gb_series_free(series);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_table_with_semicolons_and_decimal_commas_is_found),
        TAP(a_long_table_has_a_channel_a_meter),
        TAP(a_quote_written_twice_is_one_in_names),
        TAP(a_quote_that_never_closes_is_refused_by_its_line),
        TAP(text_behind_a_closing_quote_is_refused_by_its_line),
        TAP(a_quote_that_opens_no_cell_means_nothing),
        TAP(a_day_a_row_begins_where_its_columns_say),
        TAP(a_month_before_a_day_is_found_in_the_first_row),
        TAP(an_end_without_a_date_is_of_the_same_day_or_midnight),
        TAP(an_interval_of_two_instants_says_its_label),
        TAP(a_clock_of_twelve_hours_has_two_halves),
        TAP(a_clock_without_dates_repeats),
        TAP(what_stands_where_nothing_was_measured_is_counted),
        TAP(forecasts_are_told_apart_by_when_they_were_made),
        TAP(utf_16_is_read_as_what_it_says),
        TAP(what_a_file_cannot_tell_must_be_said),
        TAP(a_register_that_never_falls_is_asked_about),
        TAP(a_forecast_says_a_time_once),
        TAP(faults_are_told_by_file_and_line),
        TAP(a_wrong_cell_among_numbers_costs_no_column),
        {0}};

    return tap_main("series", tests);
}
