/* Headers of more than names: units on a line of their own, what meters and loggers put beside
 * them, and the clock that the name of the stamps says. */
#include <stdio.h>
#include <string.h>

#include "models/series/header_words.h"
#include "tests/series_text.h"
#include "tests/tap.h"

#define ROWS "2024-03-01 00:00,1,2\n2024-03-01 01:00,3,4\n"

/* Expects names and units of two columns behind that header; unit "": none. */
static void expect_columns(const char *header, const char *name, const char *unit,
                           const char *name2, const char *unit2)
{
    const char *const names[] = {name, name2}, *const units[] = {unit, unit2};
    const struct gb_series_options options = {.label = GB_LABEL_START};
    char text[1024];

    snprintf(text, sizeof text, "%s\n" ROWS, header);
    struct gb_series *series = series_read_text(text, &options);
    if (!series || !EXPECT_INT(series->n_channels, 2)) {
        tap_note("%s", header);
        gb_series_free(series);
        return;
    }
    for (size_t k = 0; k < 2; k++) {
        const struct gb_channel *channel = &series->channels[k];
        EXPECT_TEXT(channel->name, names[k]);
        EXPECT_TEXT(channel->unit ? channel->unit->name : "", units[k]);
    }
    gb_series_free(series);
}

static void units_may_have_a_line_of_their_own(void)
{
    expect_columns("time,load,pv\n,kWh,kW", "load", "kWh", "pv", "kW");
    expect_columns("time,load,pv\n,[kWh],(kW)", "load", "kWh", "pv", "kW");
    expect_columns("time,load,T\nUTC,kW h,degC", "load", "kWh", "T", "degC");
    expect_columns("time,load,pv\nYYYY-MM-DD hh:mm,kWh,-", "load", "kWh", "pv", "");
    expect_columns("time,load,yield\n,kWh,kWh/kWp", "load", "kWh", "yield", "");
    expect_columns("time,load kW,state\n,,W", "load kW", "kW", "state", "W");
    expect_columns("unit,kWh,kW\ntime,load,pv", "load", "kWh", "pv", "kW");
    expect_columns(",kWh,kW\ntime,load,pv", "load", "kWh", "pv", "kW");
}

/* Loggers (TOA5) say how a value was made, inverters whether it is a counter; tables of pandas have
 * the name of the index on a line of its own. */
static void lines_of_kinds_and_of_the_index_hold_no_names(void)
{
    expect_columns("TOA5,station,CR1000\nTIMESTAMP,GHI,T\nTS,W/m^2,degC\n,Avg,Smp", "GHI", "W/m^2",
                   "T", "degC");
    expect_columns(",SN: 211,SN: 211\n,Yield,Power\n,Counter,Analog\nyyyy-MM-dd HH:mm,kWh,kW",
                   "Yield", "kWh", "Power", "kW");
    expect_columns(",load,pv\n,kWh,kW\ntime,,", "load", "kWh", "pv", "kW");
}

/* Names that are units, beside the name of the stamps, and lines that are no header at all. */
static void names_that_look_like_units_stay_names(void)
{
    expect_columns("site,house 4,roof\ntime,kWh,kW", "kWh", "kWh", "kW", "kW");
    expect_columns("kWh,kW,x\n\ntime,load,W", "load", "", "W", "W");
    expect_columns("time,min,max", "min", "", "max", "");
    expect_columns("group,power,power\ntime,min,max", "min", "", "max", "");
    expect_columns("time,C,F", "C", "", "F", "");
    expect_columns("time,load,kW\ntime,a,kWh", "a", "", "kWh", "kWh");
}

static void the_name_of_the_stamps_may_say_their_clock(void)
{
    static const struct {
        const char *name;
        int offset_s; /* -1: it says none */
    } cases[] = {{"time (UTC)", 0},
                 {"UTC", 0},
                 {"timestamp_utc", 0},
                 {"utc_timestamp", 0},
                 {"Time [GMT]", 0},
                 {"timeUTC", 0},
                 {"Time (UTC+1)", 3600},
                 {"Time UTC+05:30", 19800},
                 {"time GMT-0800", -28800},
                 {"UTC +2", 7200},
                 {"UTC+0", 0},
                 {"time", -1},
                 {"Time (CET)", -1},
                 {"Time (CET/CEST)", -1},
                 {"UTC+1/+2", -1},
                 {"UTC+1/UTC+2", -1},
                 {"local time (UTC+1)", -1},
                 {"dutch", -1},
                 {"outcome", -1},
                 {"UTC+25", -1},
                 {"UTC+1:17", -1}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_span words = {cases[i].name, strlen(cases[i].name)};
        struct gb_zone zone = {.offset_s = -1}, parsed;
        struct gb_error err = {0};

        if (gb_header_zone(words, &zone) != (cases[i].offset_s != -1) ||
            !EXPECT_INT(zone.offset_s, cases[i].offset_s))
            EXPECT_TEXT(cases[i].name, "");
        if (cases[i].offset_s != -1 && EXPECT_INT(gb_zone_parse(zone.text, &parsed, &err), GB_OK))
            EXPECT_INT(parsed.offset_s, zone.offset_s);
    }
}

static void that_clock_is_used_unless_another_is_said(void)
{
    static const char east[] = "time (UTC+1),kWh\n2024-03-01 00:00,1\n2024-03-01 01:00,3\n";
    struct gb_series_options options = {.label = GB_LABEL_START};
    struct gb_series *series = series_read_text(east, &options);

    if (series) {
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-02-29T23:00"));
        EXPECT(!gb_series_needs_zone(series));
        EXPECT(!gb_series_zone_is_doubted(series));
    }
    gb_series_free(series);
    series_set_zone(&options, "CET-1");
    series = series_read_text(east, &options);
    EXPECT(series && !gb_series_zone_is_doubted(series));
    gb_series_free(series);
    series_set_zone(&options, CENTRAL_EUROPE);
    series = series_read_text(east, &options);
    EXPECT(series && gb_series_zone_is_doubted(series));
    gb_series_free(series);
    series_set_zone(&options, "EST5");
    series = series_read_text(east, &options);
    if (series) {
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-03-01T05:00"));
        EXPECT(gb_series_zone_is_doubted(series));
    }
    gb_series_free(series);
    /* of stamps that say it themselves, and of a clock that repeats, it says nothing */
    series =
        series_read_text("time (UTC),kWh\n2024-03-01T00:00+01:00,1\n2024-03-01T01:00+01:00,3\n",
                         &(struct gb_series_options){.label = GB_LABEL_START});
    EXPECT(series && series->has_offsets && !series->header_has_zone);
    gb_series_free(series);
}

static void a_line_of_units_may_say_how_dates_are_written(void)
{
    const struct gb_series_options options = {.label = GB_LABEL_START};
    struct gb_series *series = series_read_text(
        "time,load\n[dd.MM.yyyy HH:mm],[kWh]\n01.03.2024 00:00,1\n01.03.2024 01:00,2\n", &options);

    if (series)
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-03-01T00:00"));
    gb_series_free(series);
    series = series_read_text("time,load\nMM/dd/yyyy,kWh\n01/03/2024 00:00,1\n01/03/2024 01:00,2\n",
                              &options);
    if (series)
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-01-03T00:00"));
    gb_series_free(series);
}

/* Names, addresses and accounts above a table of commas have as many blanks as cells of two. */
static void blanks_between_words_are_no_separator(void)
{
    struct gb_series *series = series_read_text(
        "Name,JOHN DOE\nAccount Number,12345\nService,Service 1\n\n"
        "TYPE,DATE,START TIME,USAGE (kWh)\nElectric usage,2024-03-01,00:00,0.1\n"
        "Electric usage,2024-03-01,01:00,0.2\nElectric usage,2024-03-01,02:00,0.3\n"
        "Electric usage,2024-03-01,03:00,0.4\n",
        &(struct gb_series_options){.label = GB_LABEL_START});

    if (series) {
        EXPECT_INT(series->header_line, 5);
        EXPECT_INT(series_total(series, 0, GB_GAPS_REFUSE), 1000);
    }
    gb_series_free(series);
}

/* One value of Open-Meteo's table; a place that stamps of UTC need no further words about. */
static void tables_may_begin_with_their_place(void)
{
    static const char head[] = "latitude,longitude,elevation,utc_offset_seconds,timezone\n"
                               "52.5,13.4,38.0,%s,X\n\ntime,T (\xC2\xB0"
                               "C)\n"
                               "2024-03-01T00:00,5\n2024-03-01T01:00,6\n";
    char text[256];

    for (int i = 0; i < 2; i++) {
        snprintf(text, sizeof text, head, i ? "3600" : "0");
        struct gb_series *series = series_read_text(text, &(struct gb_series_options){.label = 0});
        if (!series)
            continue;
        EXPECT_INT(series->place.is_known, 1);
        EXPECT_INT(series->place.altitude_m, 38);
        EXPECT_INT(gb_series_needs_zone(series), i); /* an hour today may be two in summer */
        gb_series_free(series);
    }
}

static void what_lacks_stamps_is_told_how_they_are_written(void)
{
    const struct gb_series_options none = {.label = GB_LABEL_UNSAID};

    series_expect_refused("Source,x,,,\nYear,Month,Day,Hour,GHI\n2024,3,x,0,5\n2024,3,x,1,5\n",
                          &none,
                          "'test':2: the parts of a stamp have columns of their own, and no row");
    series_expect_refused("time,kW\n45352.5,1\n45352.6,2\n", &none, "like 2024-03-01 12:00");
    struct gb_series *series =
        series_read_text("time,kW\n1709251200000000000,1\n1709254800000000000,2\n",
                         &(struct gb_series_options){.label = GB_LABEL_START});
    if (series)
        EXPECT_INT(series->channels[0].start_s, series_instant("2024-03-01T00:00"));
    gb_series_free(series);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(units_may_have_a_line_of_their_own),
                                            TAP(lines_of_kinds_and_of_the_index_hold_no_names),
                                            TAP(names_that_look_like_units_stay_names),
                                            TAP(the_name_of_the_stamps_may_say_their_clock),
                                            TAP(that_clock_is_used_unless_another_is_said),
                                            TAP(a_line_of_units_may_say_how_dates_are_written),
                                            TAP(blanks_between_words_are_no_separator),
                                            TAP(tables_may_begin_with_their_place),
                                            TAP(what_lacks_stamps_is_told_how_they_are_written),
                                            {0}};
    return tap_main("series_headers", tests);
}
