/* Stamps whose parts stand in columns of their own, and the weather files that have them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/series/weather_columns.h"
#include "tests/series_text.h"
#include "tests/tap.h"

static const struct gb_series_options start = {.label = GB_LABEL_START};

/* Expects two hours of 1 and 2 kWh from 2024-03-01 00:00 on. */
static void expect_hours(const char *header, const char *first, const char *second)
{
    char text[256];

    snprintf(text, sizeof text, "%s\n%s\n%s\n", header, first, second);
    struct gb_series *series = series_read_text(text, &start);
    if (!series || !EXPECT_INT(series->n_channels, 1)) {
        tap_note("%s", text);
        gb_series_free(series);
        return;
    }
    EXPECT_INT(series->channels[0].start_s, series_instant("2024-03-01T00:00"));
    EXPECT_INT(series->channels[0].step_s, 3600);
    EXPECT_TEXT(series->channels[0].name, "kWh");
    EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 3000);
    gb_series_free(series);
}

static void parts_are_known_by_their_names_in_four_languages(void)
{
    expect_hours("Year,Month,Day,Hour,Minute,kWh", "2024,3,1,0,0,1", "2024,3,1,1,0,2");
    expect_hours("Jahr;Monat;Tag;Stunde;kWh", "2024;3;1;0;1,0", "2024;3;1;1;2,0");
    expect_hours("Ann\xC3\xA9"
                 "e;Mois;Jour;Heure;kWh",
                 "2024;3;1;0;1,0", "2024;3;1;1;2,0");
    expect_hours("A\xC3\xB1o;Mes;D\xC3\xAD"
                 "a;Hora;Minuto;kWh",
                 "2024;03;01;00;00;1,0", "2024;03;01;01;00;2,0");
    expect_hours("#YY  MM DD hh mm kWh", "2024 03 01 00 00 1", "2024 03 01 01 00 2");
    expect_hours("kWh,day,month,year,hour", "1,1,3,2024,0", "2,1,3,2024,1");
}

static void days_of_the_year_and_clocks_are_parts_too(void)
{
    expect_hours("year,doy,hhmm,kWh", "2024,61,0,1", "2024,61,100,2");
    expect_hours("Year\tDOY\tTime\tkWh", "2024\t61\t0000\t1", "2024\t61\t0100\t2");
    expect_hours("year,day,hour,kWh", "2024,61,0,1", "2024,61,1,2");
    expect_hours("Year,Month,Day,Time,kWh", "2024,3,1,00:00,1", "2024,3,1,01:00,2");
    expect_hours("year,month,day,hour,kWh", "2024,3,1,0.0,1", "2024,3,1,1.0,2");
    expect_hours("date,hour,kWh", "2024-03-01,0,1", "2024-03-01,1,2");
    expect_hours("date;kWh;Stunde", "2024-03-01;1,0;0", "2024-03-01;2,0;1");
}

static void the_least_beside_the_greatest_is_no_minute(void)
{
    struct gb_series *series = series_read_text("date,hour,min,max,kWh\n2024-03-01,0,3,9,1\n"
                                                "2024-03-01,1,3,9,2\n2024-03-01,2,3,9,4\n",
                                                &start);

    if (!series || !EXPECT_INT(series->n_channels, 3))
        return;
    EXPECT_INT(series->channels[2].start_s, series_instant("2024-03-01T00:00"));
    gb_series_free(series);
}

/* One number of many beyond 25 is a slip: it makes no 0:01 of the hour 1. */
static void one_hour_that_is_none_makes_no_minutes_of_the_others(void)
{
    series_expect_refused("date,hour,kWh\n2024-03-01,0,1\n2024-03-01,1,1\n2024-03-01,30,1\n"
                          "2024-03-01,3,1\n",
                          &start, "'test':4: no time stamp like that of the first row");
}

static void parts_may_be_listed_by_name_or_place(void)
{
    struct gb_series_options options = start;
    struct gb_series *series;

    options.time = "A,B,C,D";
    series = series_read_text("A,B,C,D,kWh\n2024,3,1,0,1\n2024,3,1,1,2\n", &options);
    if (series && EXPECT_INT(series->n_channels, 1))
        EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 3000);
    gb_series_free(series);
    options.time = "1,2,3,4";
    options.unit = series_unit("kWh");
    series = series_read_text("2024,3,1,0,1\n2024,3,1,1,2\n", &options);
    if (series && EXPECT_INT(series->n_channels, 1))
        EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 3000);
    gb_series_free(series);
    options.time = "A,B,X,D";
    series_expect_refused("A,B,C,D,kWh\n2024,3,1,0,1\n2024,3,1,1,2\n", &options,
                          "no row has whole numbers in columns 'A,B,X,D'");
}

/* Rows of each hour of some local days by their ends, of 1 kWh.
 * how  'c': hours are counted through; 'e': the clock at the end; 's': that at the start, and one
 */
static void make_days(char *text, size_t size, const char *date, const struct gb_zone *zone,
                      int n_days, char how)
{
    struct gb_zone_year year = {0};
    int64_t day_s = series_instant(date), instants[2];
    size_t used = (size_t)snprintf(text, size, "Fecha;Hora;kWh\n");

    for (int d = 0; d < n_days; d++, day_s += 86400) {
        int number, month, day;
        int64_t next[2];
        gb_zone_instants(zone, &year, day_s, instants);
        gb_zone_instants(zone, &year, day_s + 86400, next);
        EXPECT_INT(sscanf(date, "%d-%d-%d", &number, &month, &day), 3);
        for (int64_t h = 1; instants[0] + 3600 * h <= next[0]; h++) {
            int64_t at_s = instants[0] + 3600 * (h - (how == 's'));
            int64_t clock = (at_s + gb_zone_offset_at(zone, &year, at_s) - day_s) / 3600;
            clock += how == 's';
            used += (size_t)snprintf(text + used, size - used, "%02d/%02d/%d;%d;1,0\n", day + d,
                                     month, number, (int)(how == 'c' ? h : clock));
        }
    }
}

static void hours_from_1_to_24_are_ends_on_days_of_23_and_25_hours(void)
{
    static char text[8192];
    struct gb_series_options options = {.label = GB_LABEL_UNSAID, .date = GB_DATE_DMY};

    series_set_zone(&options, CENTRAL_EUROPE);
    for (const char *how = "ces"; *how; how++) {
        make_days(text, sizeof text, "2024-03-30T00:00", &options.zone, 2, *how);
        struct gb_series *series = series_read_text(text, &options);
        if (series) {
            EXPECT_INT(series->label, GB_LABEL_END);
            EXPECT(!series->label_unsaid);
            EXPECT_INT(series->channels[0].start_s, series_instant("2024-03-29T23:00"));
            EXPECT_INT(series->channels[0].n, 47);
            EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 47000);
        }
        gb_series_free(series);
        make_days(text, sizeof text, "2024-10-26T00:00", &options.zone, 3, *how);
        series = series_read_text(text, &options);
        if (series) {
            EXPECT_INT(series->channels[0].n, 73);
            EXPECT_INT(series->channels[0].start_s, series_instant("2024-10-25T22:00"));
            EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 73000);
        }
        gb_series_free(series);
    }
    make_days(text, sizeof text, "2024-10-26T00:00", &options.zone, 3, 'c');
    options.has_zone = false;
    series_expect_refused(text, &options,
                          "'test':50: hour 25 is of a day of 25 hours, of hours from 1 on: --zone");
    options.has_zone = true;
    options.label = GB_LABEL_START;
    series_expect_refused(
        text, &options,
        "hours or periods of a day are counted from 1 on, by their ends: say no label");
}

/* Great Britain's half hours: 46 and 50 on the days on which clocks change. */
static void periods_of_a_day_are_counted_from_midnight(void)
{
    static const int lengths[] = {48, 46, 48}, autumn[] = {48, 50, 48};
    static char text[8192];
    struct gb_series_options options = {.date = GB_DATE_DMY};

    series_set_zone(&options, "GMT0BST,M3.5.0/1,M10.5.0");
    for (int turn = 0; turn < 2; turn++) {
        size_t used =
            (size_t)snprintf(text, sizeof text, "SETTLEMENT_DATE,SETTLEMENT_PERIOD,ND (kWh)\n");
        for (int d = 0; d < 3; d++)
            for (int p = 1; p <= (turn ? autumn : lengths)[d]; p++)
                used += (size_t)snprintf(text + used, sizeof text - used, "%d/%d/2024,%d,1\n",
                                         turn ? 26 + d : 30 + d - (d == 2) * 31,
                                         turn ? 10 : 3 + (d == 2), p);
        struct gb_series *series = series_read_text(text, &options);
        if (!series)
            return;
        EXPECT_INT(series->channels[0].start_s,
                   series_instant(turn ? "2024-10-25T23:00" : "2024-03-30T00:00"));
        EXPECT_INT(series->channels[0].step_s, 1800);
        EXPECT_INT(series->channels[0].n_absent, 0);
        EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), turn ? 146000 : 142000);
        gb_series_free(series);
    }
}

/* A day of so many periods from `first` on, twice where `n_days` is 2, of 1 kWh each. */
static void make_periods(char *text, size_t size, const char *name, int n_days, int first, int n)
{
    size_t used = (size_t)snprintf(text, size, "Date,%s,kWh\n", name);

    for (int d = 0; d < n_days; d++)
        for (int p = first; p < first + n; p++)
            used += (size_t)snprintf(text + used, size - used, "2024-03-%02d,%d,1\n", 1 + d, p);
}

static void expect_periods(const char *text, int64_t step_s, int64_t n)
{
    struct gb_series *series =
        series_read_text(text, &(struct gb_series_options){.label = GB_LABEL_UNSAID});

    if (!series)
        return;
    EXPECT_INT(series->channels[0].start_s, series_instant("2024-03-01T00:00"));
    EXPECT_INT(series->channels[0].step_s, step_s);
    EXPECT_INT((int64_t)series->channels[0].n, n);
    EXPECT_INT((int64_t)series->channels[0].n_absent, 0);
    gb_series_free(series);
}

static void periods_of_a_day_that_is_not_whole_are_asked_about(void)
{
    static const int numbers[] = {3, 22, 24, 26, 45, 48};
    static char text[8192];
    const struct gb_series_options none = {.label = GB_LABEL_UNSAID};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        int n = numbers[i];
        make_periods(text, sizeof text, "Period", 1, 1, n);
        series_expect_refused(text, &none, "no row tells whether a day has 24, 48 or 96 of them");
        make_periods(text, sizeof text, "SETTLEMENT_PERIOD", 1, 1, n);
        expect_periods(text, 1800, n);
        make_periods(text, sizeof text, "Half Hour", 1, 1, n);
        expect_periods(text, 1800, n);
        make_periods(text, sizeof text, "Viertelstunde", 1, 1, n);
        expect_periods(text, 900, n);
    }
    make_periods(text, sizeof text, "Period", 2, 1, 24);
    expect_periods(text, 3600, 48);
    make_periods(text, sizeof text, "Period", 2, 1, 48);
    expect_periods(text, 1800, 96);
    make_periods(text, sizeof text, "Period", 2, 1, 40);
    series_expect_refused(text, &none, "'test':41: Period goes to 40, and no row tells");
    make_periods(text, sizeof text, "Settlement Period", 1, 1, 96);
    expect_periods(text, 900, 96);
}

static void periods_may_be_counted_from_0(void)
{
    static char text[8192];
    struct gb_series_options zone = {.label = GB_LABEL_UNSAID};

    make_periods(text, sizeof text, "Period", 2, 0, 48);
    expect_periods(text, 1800, 96);
    make_periods(text, sizeof text, "Period", 2, 0, 24);
    expect_periods(text, 3600, 48);
    make_periods(text, sizeof text, "Period", 1, 0, 96);
    expect_periods(text, 900, 96);
    make_periods(text, sizeof text, "Period", 1, 0, 20);
    series_expect_refused(text, &zone, "'test':21: Period goes to 19, and no row tells");
    make_periods(text, sizeof text, "Period", 1, 0, 100);
    series_expect_refused(text, &zone, "of a day of 25 hours, of periods from 0 on: --zone");
}

/* What a Sunday of 23 hours tells is asked about where nobody says the zone. */
static void a_sunday_of_23_hours_needs_a_zone(void)
{
    static char text[8192];
    struct gb_series_options options = {.label = GB_LABEL_UNSAID, .date = GB_DATE_DMY};

    series_set_zone(&options, CENTRAL_EUROPE);
    make_days(text, sizeof text, "2024-03-29T00:00", &options.zone, 3, 'c');
    strcat(text, "01/04/2024;1;1,0\n01/04/2024;2;1,0\n");
    options.has_zone = false;
    series_expect_refused(text, &options,
                          "'test':72: this Sunday ends with its 23rd hour, of hours from 1 on: "
                          "--zone says whose clock changes then (UTC0: none, and an hour");
    options.has_zone = true;
    struct gb_series *series = series_read_text(text, &options);
    if (series)
        EXPECT_INT((int64_t)series->channels[0].n_absent, 0);
    gb_series_free(series);
    options.zone = GB_ZONE_UTC;
    series = series_read_text(text, &options);
    if (series)
        EXPECT_INT((int64_t)series->channels[0].n_absent, 1);
    gb_series_free(series);
    /* the last day of a file may just be cut short */
    series_set_zone(&options, CENTRAL_EUROPE);
    make_days(text, sizeof text, "2024-03-29T00:00", &options.zone, 3, 'c');
    options.has_zone = false;
    series = series_read_text(text, &options);
    if (series)
        EXPECT_INT((int64_t)series->channels[0].n, 71);
    gb_series_free(series);
}

static void months_may_be_named(void)
{
    static const char *const names[] = {"Mar", "MARCH", "mar.", "M\xC3\xA4rz", "mars", "Marzo"};
    char first[64], second[64];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(first, sizeof first, "2024,%s,1,0,1", names[i]);
        snprintf(second, sizeof second, "2024,%s,1,1,2", names[i]);
        expect_hours("Year,Month,Day,Hour,kWh", first, second);
    }
    series_expect_refused("Year,Month,Day,Hour,kWh\n2024,Mar,1,0,1\n2024,Marx,1,1,2\n"
                          "2024,Mar,1,2,3\n",
                          &start, "'test':3: no time stamp like that of the first row");
}

static void a_leap_day_without_its_year_is_told_so(void)
{
    series_expect_refused(
        "Month,Day,Hour,kWh\n2,28,23,1\n2,29,0,2\n3,1,0,3\n", &start,
        "'test':3: 29 February is no day of 2001, as which stamps without a year, or "
        "of months of several, are read: a column called year says whose");
    series_expect_refused("Month,Day,Hour,kWh\nFeb,28,23,1\nFeb,29,0,2\nMar,1,0,3\n", &start,
                          "'test':3: 29 February is no day of 2001");
}

/* Weather services write a date and an hour as ten digits, which are no seconds since 1970. */
static void ten_digits_may_be_an_hour(void)
{
    struct gb_series *series = series_read_text(
        "STATIONS_ID;MESS_DATUM;TT_TU (C);eor\n3379;2024010100;  5.5;eor\n3379;2024010101;  "
        "6.5;eor\n",
        &start);

    if (series) {
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-01-01T00:00"));
        EXPECT_INT(series->channels[0].step_s, 3600);
    }
    gb_series_free(series);
    series = series_read_text("t;kW\n2024010100:34;1\n2024010101:34;2\n", &start);
    if (series)
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-01-01T00:34"));
    gb_series_free(series);
    series = series_read_text("t;kW\n1700000000;1\n1700003600;2\n", &start);
    if (series)
        EXPECT_INT(series->channels[0].start_s, 1700000000);
    gb_series_free(series);
    expect_hours("Date;Heure;kWh", "2024-03-01;0h00;1,0", "2024-03-01;1h00;2,0");
}

/* Seconds since 1970 that look like days and hours now and then, from a row that does on, and from
 * one row before: 1978012800 is 28 January 1978, 00 h. */
static void seconds_that_look_like_an_hour_now_and_then_are_seconds(void)
{
    static const int steps_s[] = {1, 60, 300, 900, 3600};
    static char text[8192];

    for (size_t i = 0; i < 2 * sizeof steps_s / sizeof steps_s[0]; i++) {
        int step_s = steps_s[i / 2], first_s = 1978012800 - (i % 2 ? step_s : 0), n = 0;
        n = sprintf(text, "t;kW\n");
        for (int k = 0; k < 200; k++)
            n += sprintf(text + n, "%d;%d\n", first_s + k * step_s, k % 9);
        struct gb_series *series = series_read_text(text, &start);
        if (series) {
            EXPECT_INT(series->channels[0].start_s, first_s);
            EXPECT_INT(series->channels[0].step_s, step_s);
            EXPECT_INT(series->channels[0].n, 200);
        }
        gb_series_free(series);
    }
}

static void hours_without_a_year_are_of_a_typical_one(void)
{
    struct gb_series *series = series_read_text("\"PVWatts\"\n\"Lat (deg N):\",39.7\n\n"
                                                "Month,Day,Hour,AC System Output (W)\n"
                                                "1,1,0,100\n1,1,1,200\nTotals,,,300\n",
                                                &start);

    if (!series)
        return;
    EXPECT(series->is_typical);
    EXPECT_INT(series->channels[0].start_s, series_instant("2001-01-01T00:00"));
    EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 300);
    gb_series_free(series);
}

static void months_of_several_years_are_a_typical_year(void)
{
    static char text[16384];
    size_t used = (size_t)snprintf(text, sizeof text, "Year,Month,Day,Hour,W\n");

    for (int month = 1; month <= 12; month++)
        for (int hour = 0; hour < 24; hour++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%d,%d,1,%d,10\n",
                                     month % 2 ? 2004 : 1998, month, hour);
    struct gb_series *series = series_read_text(text, &start);
    if (!series)
        return;
    EXPECT(series->is_typical);
    EXPECT_INT(series->channels[0].start_s, series_instant("2001-01-01T00:00"));
    EXPECT_INT((int64_t)series->channels[0].n, 334 * 24 + 24);
    gb_series_free(series);
}

static void what_is_no_part_is_refused_with_its_line(void)
{
    series_expect_refused("Year,Month,Day,Hour,kWh\n2024,3,1,0,1\n2024,3,32,1,2\n2024,3,1,2,3\n",
                          &start, "'test':3: no time stamp like that of the first row: no date or");
    series_expect_refused("Year,Month,Day,Hour,kWh\n2024,13,1,0,1\n2024,13,1,1,2\n", &start,
                          "'test':1: the parts of a stamp have columns of their own");
    series_expect_refused("Year,Month,Day,Hour,kWh\n2024,3,1,0,1\n2024,3,1,0,2\n2024,3,1,2,3\n",
                          &start, "'test':3: 2024-03-01T00:00:00 stands already in line 2");
}

/* The stamps of a forecast, too, whose parts are listed. */
static void a_first_row_without_the_others_parts_is_refused(void)
{
    const struct gb_series_options listed = {
        .label = GB_LABEL_START, .time = "1,2,3,4", .issued = "2"};

    series_expect_refused("2024,3,1,0.5,1\n2024,3,1,100,2\n2024,3,1,130,3\n2024,3,1,200,3\n",
                          &listed, "'test':1: a time stamp is expected, not '2024'");
}

static void hours_without_dates_are_told_so(void)
{
    series_expect_refused("Hour,kWh\n1,1\n2,2\n3,3\n", &start,
                          "'test':1: an hour has a column, and no date does");
    series_expect_refused("t,kWh\n9999999999999999999,1\n9999999999999999999,2\n", &start,
                          "none of the first");
}

/* ---- NSRDB */

#define NSRDB(zone, rows)                                                           \
    "Source,Location ID,City,State,Country,Latitude,Longitude,Time Zone,Elevation," \
    "Local Time Zone,GHI Units,Temperature Units,Wind Speed Units\n"                \
    "NSRDB,1,-,-,-,39.73,-105.18," zone ",1820,-7,w/m2,c,m/s\n"                     \
    "Year,Month,Day,Hour,Minute,GHI,Clearsky GHI,Temperature,Dew Point,Wind Speed,Cloud Type\n" rows

static void hours_of_the_nsrdb_stand_for_the_time_about_them(void)
{
    struct gb_series *series =
        series_read_text(NSRDB("-7", "2020,3,1,11,30,500,600,10,1,2,0\n2020,3,1,12,30,700,800,11,"
                                     "1,3,0\n"),
                         &(struct gb_series_options){.label = GB_LABEL_UNSAID});
    char why[256];

    if (!series)
        return;
    EXPECT_INT(series->form, GB_FORM_NSRDB);
    EXPECT_INT(series->label, GB_LABEL_MIDDLE);
    EXPECT_INT(series->channels[0].start_s, series_instant("2020-03-01T18:00"));
    EXPECT(!gb_series_needs_zone(series));
    EXPECT(series->place.is_known && series->place.altitude_m == 1820 &&
           series->place.utc_offset_h == -7);
    static const char *const names[] = {"GHI", "Temperature", "Wind Speed"};
    for (enum gb_weather_quantity q = 0; q < GB_N_WEATHER_QUANTITIES; q++) {
        const struct gb_channel *column = gb_weather_column(series, q, false, why, sizeof why);
        EXPECT_TEXT(column ? column->name : why, names[q]);
    }
    for (size_t i = 0; i < series->n_channels; i++)
        EXPECT(!gb_series_is_unsaid(series, &series->channels[i], why, sizeof why));
    gb_series_free(series);
}

/* Units that nobody knows are asked for, where the quantity tells others apart from them. */
static void an_unknown_unit_of_the_nsrdb_is_none(void)
{
    struct gb_series *series =
        series_read_text("Source,Latitude,Longitude,Time Zone,GHI Units,Pressure Units,Elevation\n"
                         "X,39.7,-105.1,-7,cal/cm2,hPa?,1e8\nYear,Month,Day,Hour,GHI,Pressure\n"
                         "2020,3,1,1,5,820\n2020,3,1,2,6,820\n2020,3,1,3,7,820\n",
                         &start);

    if (!series || !EXPECT_INT(series->n_channels, 2))
        return;
    EXPECT(!series->channels[0].unit);
    EXPECT(series->channels[1].unit != NULL);
    EXPECT(isnan(series->place.altitude_m));
    gb_series_free(series);
}

static void minutes_that_tell_no_middle_are_asked_for(void)
{
    static const char rows[] = NSRDB("0", "2020,3,1,11,0,500,600,10,1,2,0\n"
                                          "2020,3,1,11,30,700,800,11,1,3,0\n");
    struct gb_series_options options = {.label = GB_LABEL_UNSAID};
    struct gb_series *series = series_read_text(rows, &options);
    char why[256] = "";

    if (series)
        EXPECT(gb_series_is_unsaid(series, &series->channels[0], why, sizeof why));
    EXPECT_TEXT(why, "--label start or --label end, or --label middle");
    gb_series_free(series);
    options.label = GB_LABEL_MIDDLE;
    series = series_read_text(rows, &options);
    if (series)
        EXPECT_INT(series->channels[0].start_s, series_instant("2020-03-01T10:45"));
    gb_series_free(series);
}

/* Of any table, and of a day that repeats. */
static void the_middle_may_be_said(void)
{
    const struct gb_series_options options = {.label = GB_LABEL_MIDDLE};
    struct gb_series *series =
        series_read_text("time,kW\n2024-03-01T00:30Z,1\n2024-03-01T01:30Z,2\n", &options);

    if (series)
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-03-01T00:00"));
    gb_series_free(series);
    series = series_read_text("time,kW\n06:00,1\n18:00,2\n", &options);
    if (series) {
        EXPECT_INT(series->channels[0].start_s, 0);
        EXPECT_INT(series->channels[0].values[0], GB_NANO);
    }
    gb_series_free(series);
}

/* ---- days of spreadsheets */

static void days_of_a_spreadsheet_are_read_to_the_second(void)
{
    static const char *const texts[] = {
        "Time,kWh\n45292,1\n45292.0104166667,2\n45292.0208333333,4\n45292.03125,8\n",
        "Datum Uhrzeit;kWh\n45292,00000;1\n45292,01042;2\n45292,02083;4\n45292,03125;8\n"};

    for (size_t i = 0; i < 2; i++) {
        struct gb_series *series = series_read_text(texts[i], &start);
        if (series) {
            EXPECT_INT(series->channels[0].start_s, series_instant("2024-01-01T00:00"));
            EXPECT_INT(series->channels[0].step_s, 900);
            EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 15000);
        }
        gb_series_free(series);
    }
}

static void other_days_of_a_spreadsheet_are_said(void)
{
    static const char unnamed[] = "x,kWh\n43830,1\n43830.0104166667,2\n43830.0208333333,4\n";
    struct gb_series_options options = start;
    struct gb_series *series;

    series_expect_refused(
        unnamed, &start,
        "'test':2: does column 1, like '43830', count days as spreadsheets do? Say "
        "--date serial");
    options.date = GB_DATE_SERIAL_1904;
    series = series_read_text(unnamed, &options);
    if (series)
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-01-01T00:00"));
    gb_series_free(series);
    options.date = GB_DATE_SERIAL;
    series = series_read_text(unnamed, &options);
    if (series)
        EXPECT_INT(series->channels[0].start_s, series_instant("2019-12-31T00:00"));
    gb_series_free(series);
    series_expect_refused("Time,kWh\n45292,1\n45292.0104,2\n45292.0208,4\n", &start,
                          "'test':3: does '45292.0104' count days as spreadsheets do? Its decimals "
                          "tell no second");
    series_expect_refused("Time,kWh\n45292,1\n45292.0104,2\n45292.0208,4\n45293,4\n", &options,
                          "a fraction of a day needs five decimals");
    /* loads of 30 to 60 kW are no days */
    series_expect_refused("Time,W\na,45292\nb,45293\nc,45295\n", &start, "none of the first");
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(parts_are_known_by_their_names_in_four_languages),
        TAP(days_of_the_year_and_clocks_are_parts_too),
        TAP(the_least_beside_the_greatest_is_no_minute),
        TAP(one_hour_that_is_none_makes_no_minutes_of_the_others),
        TAP(parts_may_be_listed_by_name_or_place),
        TAP(hours_from_1_to_24_are_ends_on_days_of_23_and_25_hours),
        TAP(periods_of_a_day_are_counted_from_midnight),
        TAP(periods_of_a_day_that_is_not_whole_are_asked_about),
        TAP(periods_may_be_counted_from_0),
        TAP(a_sunday_of_23_hours_needs_a_zone),
        TAP(months_may_be_named),
        TAP(a_leap_day_without_its_year_is_told_so),
        TAP(ten_digits_may_be_an_hour),
        TAP(seconds_that_look_like_an_hour_now_and_then_are_seconds),
        TAP(hours_without_a_year_are_of_a_typical_one),
        TAP(months_of_several_years_are_a_typical_year),
        TAP(what_is_no_part_is_refused_with_its_line),
        TAP(a_first_row_without_the_others_parts_is_refused),
        TAP(hours_without_dates_are_told_so),
        TAP(hours_of_the_nsrdb_stand_for_the_time_about_them),
        TAP(an_unknown_unit_of_the_nsrdb_is_none),
        TAP(minutes_that_tell_no_middle_are_asked_for),
        TAP(the_middle_may_be_said),
        TAP(days_of_a_spreadsheet_are_read_to_the_second),
        TAP(other_days_of_a_spreadsheet_are_said),
        {0}};
    return tap_main("series_parts", tests);
}
