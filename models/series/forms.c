#include "models/series/forms.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/integer.h"

enum { DAY_S = 86400, TYPICAL_YEAR = 2001 };

static bool begins(struct gb_span text, const char *word)
{
    size_t n = strlen(word);

    return text.n >= n && memcmp(text.at, word, n) == 0;
}

enum gb_series_form gb_form_of(struct gb_span text)
{
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    struct gb_span line = {NULL, 0};

    if (begins(text, "100,NEM12"))
        return GB_FORM_NEM12;
    if (begins(text, "LOCATION,"))
        return GB_FORM_EPW;
    if (begins(text, "Latitude (decimal degrees):"))
        return GB_FORM_PVGIS;
    if (gb_nsrdb_is(text))
        return GB_FORM_NSRDB;
    gb_lines_take(&lines, &line);
    return gb_lines_take(&lines, &line) && begins(line, "Date (MM/DD/YYYY),Time (HH:MM),")
               ? GB_FORM_TMY3
               : GB_FORM_WIDE;
}

int64_t gb_typical_time(int64_t time_s)
{
    int64_t day = gb_floor_divide(time_s, DAY_S), typical = 0;
    struct gb_civil_day civil = gb_civil_day_at(day);

    if (!gb_civil_days(TYPICAL_YEAR, civil.month, civil.day, &typical))
        gb_civil_days(TYPICAL_YEAR, 2, 28, &typical); /* stands twice then, and is refused */
    return typical * DAY_S + time_s - day * DAY_S;
}

/* ---- TMY3 and PVGIS: tables with a few words above */

enum gb_status gb_tmy3_zone(struct gb_zone *out, struct gb_span text, const char *file,
                            struct gb_error *err)
{
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    struct gb_span line, cells[7];
    int64_t nano;

    if (!gb_lines_take(&lines, &line) || gb_cells_cut(line, ',', cells, 7) < 7 ||
        gb_cell_number(cells[3], '.', &nano) != GB_CELL_NUMBER || nano > 14 * GB_NANO ||
        nano < -12 * GB_NANO)
        return gb_fail(err, GB_EINPUT,
                       "'%s':1: a TMY3 file begins with station, name, state, hours ahead of UTC, "
                       "latitude, longitude and elevation",
                       file);
    *out = gb_zone_ahead(nano / (GB_NANO / 100));
    return GB_OK;
}

bool gb_pvgis_is_typical(struct gb_span text)
{
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    struct gb_span line;

    for (int i = 0; i < 8 && gb_lines_take(&lines, &line); i++)
        if (gb_span_is(line, "month,year"))
            return true;
    return false;
}

enum gb_status gb_pvgis_offset(int64_t *seconds, struct gb_span text, const char *file,
                               struct gb_error *err)
{
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    struct gb_span line, cell[2];
    int64_t nano;

    *seconds = 0;
    for (int i = 0; i < 8 && gb_lines_take(&lines, &line); i++) {
        if (gb_cells_cut(line, ':', cell, 2) != 2 ||
            !gb_span_is(cell[0], "Irradiance Time Offset (h)"))
            continue;
        if (gb_cell_number(cell[1], '.', &nano) != GB_CELL_NUMBER || nano > GB_NANO ||
            nano < -GB_NANO)
            return gb_fail(err, GB_EINPUT,
                           "'%s':%u: the offset of irradiance is hours from -1 to 1, not '%.*s'",
                           file, lines.number, (int)(cell[1].n < 40 ? cell[1].n : 40), cell[1].at);
        *seconds = gb_divide_half_even(nano * 3600, GB_NANO);
    }
    return GB_OK;
}

const struct gb_unit *gb_pvgis_unit(struct gb_span name)
{
    static const struct {
        const char *name, *unit;
    } columns[] = {{"G(h)", "W/m2"}, {"Gb(n)", "W/m2"}, {"Gd(h)", "W/m2"}, {"IR(h)", "W/m2"},
                   {"G(i)", "W/m2"}, {"Gb(i)", "W/m2"}, {"Gd(i)", "W/m2"}, {"Gr(i)", "W/m2"},
                   {"T2m", "C"},     {"RH", "%"},       {"WS10m", "m/s"},  {"WD10m", "deg"},
                   {"SP", "Pa"},     {"H_sun", "deg"},  {"P", "W"},        {"Int", "1"}};

    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (gb_span_is(name, columns[i].name))
            return gb_unit_named(columns[i].unit, strlen(columns[i].unit));
    return NULL;
}

/* ---- EPW */

enum { EPW_HEADER = 8, EPW_FIRST = 6, EPW_LEAST = 22 };

static const char *const epw_names[GB_EPW_COLUMNS] = {"dry bulb",
                                                      "dew point",
                                                      "humidity",
                                                      "pressure",
                                                      "extraterrestrial horizontal",
                                                      "extraterrestrial normal",
                                                      "infrared from sky",
                                                      "GHI",
                                                      "DNI",
                                                      "DHI",
                                                      "wind speed",
                                                      "wind direction",
                                                      "global illuminance",
                                                      "diffuse illuminance"};
static const struct {
    const char *unit;
    int place;       /* of the cell, from 0 */
    int64_t missing; /* from there on nothing was measured */
} epw_columns[GB_EPW_COLUMNS] = {{"C", 6, 99},        {"C", 7, 99},       {"%", 8, 999},
                                 {"Pa", 9, 999999},   {"W/m2", 10, 9999}, {"W/m2", 11, 9999},
                                 {"W/m2", 12, 9999},  {"W/m2", 13, 9999}, {"W/m2", 14, 9999},
                                 {"W/m2", 15, 9999},  {"m/s", 21, 999},   {"deg", 20, 999},
                                 {"lux", 16, 999999}, {"lux", 17, 999999}};

/* A cell that is a whole number from least to most. */
static bool whole(struct gb_span cell, int least, int most, int *out)
{
    int64_t nano;

    if (gb_cell_number(cell, '.', &nano) != GB_CELL_NUMBER || nano % GB_NANO != 0 ||
        nano < least * GB_NANO || nano > most * GB_NANO)
        return false;
    *out = (int)(nano / GB_NANO);
    return true;
}

static enum gb_status read_epw_row(struct gb_rows *rows, struct gb_span *cells, uint32_t line,
                                   const char *file, struct gb_error *err)
{
    int year, month, day, hour;
    int64_t days;

    if (!whole(cells[0], 1, 9999, &year) || !whole(cells[1], 1, 12, &month) ||
        !whole(cells[2], 1, 31, &day) || !whole(cells[3], 1, 24, &hour) ||
        !gb_civil_days(year, month, day, &days))
        return gb_fail(err, GB_EINPUT,
                       "'%s':%u: year, month, day and an hour from 1 to 24 are expected first",
                       file, line);
    int64_t *values = gb_rows_add(rows, gb_typical_time(days * DAY_S) + 3600 * (hour - 1), line, 0);
    if (!values)
        return gb_fail(err, GB_ENOMEM, "no memory for the rows of '%s'", file);
    for (size_t k = 0; k < GB_EPW_COLUMNS; k++) {
        enum gb_status status = gb_rows_value(rows, &values[k], cells[epw_columns[k].place], '.',
                                              file, line, epw_names[k], err);
        if (status != GB_OK)
            return status;
        if (values[k] < epw_columns[k].missing * GB_NANO)
            continue;
        values[k] = GB_SERIES_MISSING;
        rows->n_missing[GB_SENTINEL_OF_FORM]++;
    }
    return GB_OK;
}

enum gb_status gb_epw_read(struct gb_rows *rows, struct gb_series *series,
                           const char *const **names, const struct gb_unit **units,
                           struct gb_span text, const char *file, struct gb_error *err)
{
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    struct gb_span line, cells[EPW_LEAST];
    enum gb_status status = GB_OK;
    uint32_t meter;
    int64_t nano;

    rows->width = GB_EPW_COLUMNS;
    rows->is_settled = true;
    if (!gb_rows_meter(rows, (struct gb_span){"", 0}, &meter))
        return gb_fail(err, GB_ENOMEM, "no memory for '%s'", file);
    for (int i = 0; i < EPW_HEADER && gb_lines_take(&lines, &line); i++)
        if (i == 0) {
            if (gb_cells_cut(line, ',', cells, EPW_LEAST) < 10 ||
                gb_cell_number(cells[8], '.', &nano) != GB_CELL_NUMBER || nano > 14 * GB_NANO ||
                nano < -12 * GB_NANO)
                return gb_fail(err, GB_EINPUT,
                               "'%s':1: LOCATION has ten cells, the ninth the hours ahead of UTC",
                               file);
            series->zone = gb_zone_ahead(nano / (GB_NANO / 100));
        }
    while (status == GB_OK && gb_lines_take(&lines, &line)) {
        if (line.n == 0)
            continue;
        series->first_line = series->first_line ? series->first_line : lines.number;
        size_t n = gb_cells_cut(line, ',', cells, EPW_LEAST);
        status = n < EPW_LEAST
                     ? gb_fail(err, GB_EINPUT, "'%s':%u: %d cells at least are expected, not %zu",
                               file, lines.number, EPW_LEAST, n)
                     : read_epw_row(rows, cells, lines.number, file, err);
    }
    *names = epw_names;
    for (size_t k = 0; k < GB_EPW_COLUMNS; k++)
        units[k] = gb_unit_named(epw_columns[k].unit, strlen(epw_columns[k].unit));
    return status;
}
