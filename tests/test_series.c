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

static void expect_refused(const char *text, const struct gb_series_options *options,
                           const char *says)
{
    struct gb_series *series = NULL;
    struct gb_error err = {0};

    EXPECT_INT(gb_series_parse(&series, text, strlen(text), "test", options, &err), GB_EINPUT);
    if (!EXPECT(strstr(err.text, says) != NULL))
        tap_note("%s", err.text);
    gb_series_free(series);
}

/* ---- numbers */

static void cells_are_exact_numbers_nothing_or_words(void)
{
    static const struct {
        const char *text;
        char decimal;
        enum gb_cell what;
        int64_t nano;
    } cells[] = {{"0.39799999999999996", '.', GB_CELL_NUMBER, 398000000},
                 {"-0.0", '.', GB_CELL_NUMBER, 0},
                 {"1.234,5", ',', GB_CELL_NUMBER, 1234500000000},
                 {"1,234.5", '.', GB_CELL_NUMBER, 1234500000000},
                 {"+.5", '.', GB_CELL_NUMBER, 500000000},
                 {"2.5e-3", '.', GB_CELL_NUMBER, 2500000},
                 {"1e3", '.', GB_CELL_NUMBER, 1000000000000},
                 {"0.0000000005", '.', GB_CELL_NUMBER, 1},
                 {"1000000000", '.', GB_CELL_NUMBER, INT64_C(1000000000000000000)},
                 {"10000000001", '.', GB_CELL_BEYOND, 0},
                 {"-9999", '.', GB_CELL_MISSING, 0},
                 {"-99999.00", '.', GB_CELL_MISSING, 0},
                 {"Null", '.', GB_CELL_MISSING, 0},
                 {"?", '.', GB_CELL_MISSING, 0},
                 {"", '.', GB_CELL_MISSING, 0},
                 {"1,5", '.', GB_CELL_WORD, 0},
                 {"12:30", '.', GB_CELL_WORD, 0},
                 {"1.2.3", '.', GB_CELL_WORD, 0},
                 {"1e", '.', GB_CELL_WORD, 0}};

    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        int64_t nano = 0;
        struct gb_span cell = {cells[i].text, strlen(cells[i].text)};
        if (!EXPECT_INT(gb_cell_number(cell, cells[i].decimal, &nano), cells[i].what) ||
            !EXPECT_INT(nano, cells[i].nano))
            tap_note("%s", cells[i].text);
    }
}

/* A text of so many random signs of an alphabet. */
static struct gb_span random_cell(const char *alphabet, size_t n, char *text, uint64_t *state)
{
    for (size_t i = 0; i < n; i++)
        text[i] = alphabet[splitmix64(state) % strlen(alphabet)];
    return (struct gb_span){text, n};
}

static void plain_numbers_are_those_of_any_number(void)
{
    static const char *const alphabets[] = {"0123456789", "0123456789.", "0123456789,", "09.,-+e "};
    uint64_t state = 7;
    unsigned n_plain = 0, n_wrong = 0;

    for (unsigned trial = 0; trial < 200000; trial++) {
        char text[24];
        const char decimal = trial % 3 ? '.' : ',';
        struct gb_span cell =
            random_cell(alphabets[trial % 4], splitmix64(&state) % 22, text, &state);
        int64_t plain = -1, any = -2;

        if (!gb_cell_plain_number(cell, decimal, &plain))
            continue;
        n_plain++;
        n_wrong += gb_cell_number(cell, decimal, &any) != GB_CELL_NUMBER || any != plain;
    }
    EXPECT_INT(n_wrong, 0);
    EXPECT(n_plain > 40000);
}

/* A reader that has read the same day before says what one says that reads it for the first time.
 */
static void stamps_do_not_depend_on_the_stamp_before(void)
{
    static const char *const dates[] = {"2024-03-01", "20240301", "1/3/2024", "01-Mar-2024",
                                        "12:00"};
    uint64_t state = 11;
    unsigned n_clocks = 0, n_wrong = 0;

    for (unsigned trial = 0; trial < 200000; trial++) {
        struct gb_stamp_reader known = {.order = GB_DATE_DMY}, fresh = known;
        struct gb_stamp a = {.local_s = 0}, b = a;
        char text[48], rest[24];
        const char *date = dates[trial % 5];
        struct gb_span tail =
            random_cell(trial % 2 ? " T:012" : "0123 T:+Z-", splitmix64(&state) % 16, rest, &state);

        if (trial % 3 == 0) { /* most of them a clock */
            unsigned clock = (unsigned)(splitmix64(&state) % 90000);
            tail.n = (size_t)snprintf(rest, sizeof rest, "%c%02u:%02u:%02u", " T"[clock & 1],
                                      clock / 3600, clock / 60 % 61, clock % 61);
            tail.n -= clock % 5 == 0 ? 3 : 0;
        }
        snprintf(text, sizeof text, "%s%.*s", date, (int)tail.n, rest);
        gb_stamp_read(&known, (struct gb_span){date, strlen(date)}, &a);
        bool is_known = gb_stamp_read(&known, (struct gb_span){text, strlen(text)}, &a);
        bool is_fresh = gb_stamp_read(&fresh, (struct gb_span){text, strlen(text)}, &b);
        n_wrong += is_known != is_fresh ||
                   (is_known && (a.local_s != b.local_s || a.span_s != b.span_s ||
                                 a.has_date != b.has_date || a.has_clock != b.has_clock ||
                                 a.has_offset != b.has_offset || a.offset_s != b.offset_s));
        n_clocks += is_known && a.has_clock;
    }
    EXPECT_INT(n_wrong, 0);
    EXPECT(n_clocks > 40000);
}

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

static void nem12_says_all_by_itself(void)
{
    static const char head[] = "100,NEM12,201412161532,X,Y\r\n"
                               "200,4100,E1,001,E1,N1,1,KWH,720,\r\n"
                               "300,20140402,1.5,2,A,,,20140403,\r\n"
                               "300,20140401,0.25,0.5,A,,,20140402,\r\n"
                               "500,O,S1,20140402,100\r\n"
                               "200,4100,B1,002,B1,N1,1,WH,720,\r\n"
                               "300,20140401,7,8,A,,,20140402,\r\n"
                               "900\r\n";
    const struct gb_series_options none = {0}, end = {.label = GB_LABEL_END};
    struct gb_series *series = series_read_text(head, &none);

    if (!series)
        return;
    EXPECT(!series->label_unsaid);
    if (EXPECT_INT(series->n_channels, 2)) {
        EXPECT_TEXT(series->channels[0].name, "4100/E1");
        EXPECT_INT(series->channels[0].start_s, series_instant("2014-04-01T00:00+10:00"));
        EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 4250);
        EXPECT_INT(series_total(series, 1, GB_GAPS_REFUSE), 15);
    }
    gb_series_free(series);
    expect_refused(head, &end, "labels by the start");
    expect_refused("100,NEM12,1,X,Y\n300,20140401,1\n", &none, "'test':2: a 200 record");
    expect_refused("100,NEM12,1,X,Y\n200,4,E1,1,E1,N,1,KWH,720,\n300,20140401,1\n", &none,
                   "'test':3: a 300 record has a date and 2 values, not 3 cells");
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

/* Made after the format's description: one station, hours by their ends on standard time. */
static void tmy3_is_a_typical_year_on_standard_time(void)
{
    const struct gb_series_options none = {0};
    struct gb_series *series = series_read_text(
        "123456,\"SMALL TOWN\",XX,-6.0,41.983,-87.917,205\n"
        "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),GHI source,Dry-bulb (C),Wspd (m/s)\n"
        "01/31/1988,23:00,0,1,-9.4,5.2\n01/31/1988,24:00,100,1,-10.0,4.8\n"
        "02/01/1993,01:00,200,1,-10.6,-9999\n",
        &none);

    if (!series)
        return;
    EXPECT_INT(series->form, GB_FORM_TMY3);
    EXPECT_TEXT(series->zone.text, "<-06>+6");
    EXPECT_INT(series->channels[0].start_s, series_instant("2001-01-31T22:00-06:00"));
    EXPECT_INT(series->channels[0].n, 3);
    EXPECT_INT(series->channels[0].n_absent, 0);
    EXPECT_INT(series->channels[0].values[2], 200 * GB_NANO);
    EXPECT_INT(series->channels[series->n_channels - 1].n_void, 1);
    gb_series_free(series);
}

static void epw_is_a_typical_year_on_standard_time(void)
{
    const struct gb_series_options none = {0};
    struct gb_text text;
    struct gb_series *series = NULL;

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("LOCATION,Small Town,XX,XXX,TMY3,123456,48.13,11.70,1.0,529.0\n"
          "DESIGN CONDITIONS,0\nTYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\n"
          "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,none\nCOMMENTS 2,none\n"
          "DATA PERIODS,1,1,Data,Sunday,1/1,12/31\n",
          text.stream);
    for (int hour = 1; hour <= 24; hour++)
        fprintf(text.stream,
                "%d,12,31,%d,60,?9?9,%d.5,0,80,101300,0,0,300,%d,9999,0,999900,0,0,0,250,3.1\n",
                1990 + hour % 2, hour, hour, 10 * hour);
    char *bytes = gb_text_close(&text);
    if (bytes)
        series = series_read_text(bytes, &none);
    if (series) {
        EXPECT_INT(series->channels[0].start_s, series_instant("2001-12-31T00:00+01:00"));
        EXPECT_INT(series->channels[0].n, 24);
        EXPECT_INT(series->channels[0].values[0], 3 * GB_NANO / 2);
        EXPECT_TEXT(series->channels[7].name, "GHI");
        EXPECT_INT(series->channels[7].values[23], 240 * GB_NANO);
        EXPECT_INT(series->channels[8].n_void, 24); /* 9999 W/m2 is nothing measured */
    }
    gb_series_free(series);
    free(bytes);
}

/* A value of PVGIS is that of a moment, which is the middle of its hour: 00:10 stands for 23:40 to
 * 00:40; of a typical year the light of 00:00 is that of 0.1761 h = 634 s later, the air is not. */
static void stamps_of_pvgis_are_the_middle_of_an_hour(void)
{
    static const char typical[] =
        "Latitude (decimal degrees): 45\nIrradiance Time Offset (h): 0.1761\n"
        "month,year\n1,2018\n\ntime(UTC),T2m,G(h),IR(h)\n"
        "20180101:0000,2,0,250\n20180101:0100,1,5,260\n\nT2m: x\n";
    static const char hours[] = "Latitude (decimal degrees):\t45\nRadiation database:\tX\n\n"
                                "time,P,G(i)\n20160101:0010,3,0\n20160101:0110,4,5\n";
    const struct gb_series_options options = {.label = GB_LABEL_UNSAID};
    const struct gb_series_options starts = {.label = GB_LABEL_START};
    const int64_t new_year_2001 = 978307200, new_year_2016 = 1451606400;
    struct gb_series *series = series_read_text(typical, &options);

    if (EXPECT(series != NULL)) {
        EXPECT_INT(series->label, GB_LABEL_MIDDLE);
        EXPECT_INT(series->channels[0].start_s, new_year_2001 - 1800);
        EXPECT_INT(series->channels[1].start_s, new_year_2001 - 1800 + 634);
        EXPECT_INT(series->channels[2].start_s, new_year_2001 - 1800);
    }
    gb_series_free(series);
    series = series_read_text(hours, &options);
    if (EXPECT(series != NULL)) {
        EXPECT_INT(series->channels[0].start_s, new_year_2016 + 600 - 1800);
        EXPECT_INT(series->channels[1].start_s, new_year_2016 + 600 - 1800);
    }
    gb_series_free(series);
    expect_refused(hours, &starts, "labels by the middle");
    expect_refused("Latitude (decimal degrees): 45\nIrradiance Time Offset (h): 14\n"
                   "time,P\n20160101:0010,3\n20160101:0110,4\n",
                   &options, "'test':2: the offset of irradiance is hours from -1 to 1, not '14'");
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
    expect_refused("made,load kWh\n2024-10-27T02:00Z,1\n2024-10-27T03:00Z,1\n", &options,
                   "'test':2: a time stamp is expected beside that of the column 'made'");
    options.time = "for";
    expect_refused("made,for,load kWh\n2024-10-27T02:00Z,02:00,1\n2024-10-27T03:00Z,03:00,1\n",
                   &options, "what is forecast has a clock and no date");
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
    expect_refused(bare, &sample, "they have no --label");
    expect_refused("time,kW\n1/2/2024,1\n2/2/2024,2\n", &none, "day/month or month/day");
    expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n",
                   &(struct gb_series_options){.value = GB_VALUE_MEAN}, "value energy takes");
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

/* ---- clocks that change */

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

    expect_refused("time,kWh\n2024-03-31 01:00,1\n2024-03-31 02:00,1\n2024-03-31 02:00,1\n",
                   &options, "'test':4: 2024-03-31T02:00:00 stands already in line 3");
    series_set_zone(&options, CENTRAL_EUROPE);
    expect_refused("time,kWh\n2024-03-31 01:00,1\n2024-03-31 02:00,1\n2024-03-31 03:00,1\n",
                   &options, "'test':3: the clock of " CENTRAL_EUROPE " leaves");
}

static void a_forecast_says_a_time_once(void)
{
    struct gb_series_options options = {.label = GB_LABEL_START, .issued = "made"};

    expect_refused("made,about,W\n2024-01-01 00:30,2024-01-01 01:00,1\n"
                   "2024-01-01 00:30,2024-01-01 02:00,1\n2024-01-01 00:45,2024-01-01 01:00,1\n"
                   "2024-01-01 00:45,2024-01-01 02:00,2\n2024-01-01 00:45,2024-01-01 02:00,3\n",
                   &options,
                   "'test':6: 2024-01-01T02:00:00 stands already in line 5, in the forecast made "
                   "at 2024-01-01T00:45:00Z");
}

/* ---- faults */

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
        expect_refused(bytes, &options, "'test':4: 2024-04-01T00:00:00 stands already in line 3");
    free(bytes);
}

static void faults_are_told_by_file_and_line(void)
{
    const struct gb_series_options options = {.label = GB_LABEL_START}, column = {.columns = "b"};

    expect_refused("", &options, "no line has two cells");
    expect_refused("time,W\n9999-01-01 00:00,1\n9999-01-01 01:00,2\n9999-01-01 01:00,3\n", &options,
                   "a time stamp among them");
    expect_refused("a,b\nc,d\n", &options, "a time stamp among them");
    expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,x\n2024-01-01 02:00,1\n",
                   &(struct gb_series_options){.columns = "kWh"},
                   "'test':3: kWh: a number with a decimal point is expected, not 'x'");
    expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2,3\n2024-01-01 02:00,1\n",
                   &options, "'test':3: 2 cells are expected, not 3");
    expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 02:00,1\n"
                   "2024-01-01 02:20,1\n",
                   &options, "'test':5: 2024-01-01T02:20:00Z is no whole number of steps");
    expect_refused("time,kWh\n2024-01-01 00:00,1\n2024-01-01 00:01,1\n2024-01-03 00:00,1\n"
                   "2024-01-03 00:01,1\n",
                   &options, "rows for 4 of 2882 steps of 60 s");
    expect_refused("time,a\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n", &column,
                   "has no column 'b': it has time, a");
}

/* ---- round trips */

enum { MOST_STEPS = 300, WIDTH = 3 };

struct original {
    int64_t start_s, step_s;
    size_t n;
    int64_t milli[WIDTH][MOST_STEPS]; /* of a kWh; -1: missing */
};

static void draw(struct original *original, uint64_t *state)
{
    static const int64_t steps[] = {60, 300, 600, 900, 1800, 3600};

    original->step_s = steps[splitmix64(state) % 6];
    original->start_s = (int64_t)(splitmix64(state) % 20000) * 86400 + 86400 * 4000;
    original->n = 150 + splitmix64(state) % 150;
    for (size_t k = 0; k < WIDTH; k++)
        for (size_t i = 0; i < original->n; i++)
            original->milli[k][i] =
                splitmix64(state) % 20 == 0 ? -1 : (int64_t)(splitmix64(state) % 5000);
}

static void write_number(FILE *out, int64_t milli, char decimal)
{
    if (milli < 0)
        fputs("NA", out);
    else
        fprintf(out, "%" PRId64 "%c%03" PRId64, milli / 1000, decimal, milli % 1000);
}

static void write_stamp(FILE *out, int64_t utc_s, unsigned form)
{
    char iso[32];

    gb_instant_format(utc_s * 1000000000, iso, sizeof iso);
    switch (form) {
    case 0: fprintf(out, "%s", iso); break;
    case 1: fprintf(out, "%.10s %.8s", iso, iso + 11); break;
    case 2: fprintf(out, "%" PRId64, utc_s); break;
    case 3: fprintf(out, "%.2s.%.2s.%.4s %.5s", iso + 8, iso + 5, iso, iso + 11); break;
    default: fprintf(out, "%.4s%.2s%.2s:%.2s%.2s", iso, iso + 5, iso + 8, iso + 11, iso + 14);
    }
}

static void write_table(FILE *out, const struct original *original, bool is_long, unsigned form)
{
    char separator = form & 1 ? ';' : ',', decimal = form & 1 ? ',' : '.';

    fputs(is_long ? "id" : "when", out);
    fprintf(out, is_long ? "%cwhen%ckWh\n" : "%cA kWh%cB kWh", separator, separator);
    if (!is_long)
        fprintf(out, "%cC kWh\n", separator);
    for (size_t k = 0; k < (is_long ? WIDTH : 1); k++)
        for (size_t i = 0; i < original->n; i++) {
            if (is_long)
                fprintf(out, "%c%c", 'A' + (int)k, separator);
            write_stamp(out, original->start_s + original->step_s * (int64_t)i, form);
            for (size_t c = k; c < (is_long ? k + 1 : WIDTH); c++) {
                putc(separator, out);
                write_number(out, original->milli[c][i], decimal);
            }
            putc('\n', out);
        }
}

static void expect_same(const struct original *original, const char *text, unsigned form)
{
    const struct gb_series_options options = {.label = GB_LABEL_START, .date = GB_DATE_DMY};
    struct gb_series *series = series_read_text(text, &options);

    if (!series) {
        tap_note("form %u:\n%.300s", form, text);
        return;
    }
    EXPECT_INT(series->n_channels, WIDTH);
    for (size_t k = 0; k < WIDTH && k < series->n_channels; k++) {
        const struct gb_channel *channel = &series->channels[k];
        int64_t sum = 0;
        size_t n_wrong = 0;

        EXPECT_INT(channel->start_s, original->start_s);
        if (!EXPECT_INT(channel->n, original->n))
            continue;
        for (size_t i = 0; i < original->n; i++) {
            int64_t milli = original->milli[k][i];
            n_wrong += channel->values[i] != (milli < 0 ? GB_SERIES_MISSING : milli * 1000000);
            sum += milli < 0 ? 0 : milli;
        }
        EXPECT_INT(n_wrong, 0);
        EXPECT_INT(series_total(series, k, GB_GAPS_REFUSE), sum);
    }
    gb_series_free(series);
}

static void what_is_written_in_any_form_reads_back_to_the_wh(void)
{
    static struct original original;
    uint64_t state = 20240331;

    for (unsigned trial = 0; trial < 200; trial++) {
        struct gb_text text;
        unsigned form = trial % 5;

        draw(&original, &state);
        if (!EXPECT(gb_text_open(&text)))
            return;
        write_table(text.stream, &original, trial / 5 % 2 == 1, form);
        char *bytes = gb_text_close(&text);
        if (EXPECT(bytes != NULL))
            expect_same(&original, bytes, form);
        free(bytes);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(cells_are_exact_numbers_nothing_or_words),
        TAP(plain_numbers_are_those_of_any_number),
        TAP(stamps_do_not_depend_on_the_stamp_before),
        TAP(a_table_with_semicolons_and_decimal_commas_is_found),
        TAP(a_long_table_has_a_channel_a_meter),
        TAP(nem12_says_all_by_itself),
        TAP(a_day_a_row_begins_where_its_columns_say),
        TAP(a_clock_without_dates_repeats),
        TAP(tmy3_is_a_typical_year_on_standard_time),
        TAP(epw_is_a_typical_year_on_standard_time),
        TAP(stamps_of_pvgis_are_the_middle_of_an_hour),
        TAP(what_stands_where_nothing_was_measured_is_counted),
        TAP(forecasts_are_told_apart_by_when_they_were_made),
        TAP(utf_16_is_read_as_what_it_says),
        TAP(what_a_file_cannot_tell_must_be_said),
        TAP(a_register_that_never_falls_is_asked_about),
        TAP(days_of_23_and_25_hours_are_whole),
        TAP(a_series_may_begin_in_the_hour_that_comes_twice),
        TAP(a_forecast_says_a_time_once),
        TAP(doubled_and_skipped_stamps_are_refused_by_their_line),
        TAP(a_day_that_stands_twice_is_refused_behind_a_change_of_clocks),
        TAP(faults_are_told_by_file_and_line),
        TAP(what_is_written_in_any_form_reads_back_to_the_wh),
        {0}};

    return tap_main("series", tests);
}
