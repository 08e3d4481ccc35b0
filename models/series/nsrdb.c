/* Weather of the NSRDB (NREL) and of SAM: a line of names and one of what they say (place, zone,
 * units), then a table whose stamps are in parts. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/series/forms.h"

enum { MOST_CELLS = 128 };

/* What the second line says under a name of the first. false: it does not stand there */
static bool find(struct gb_span text, const char *name, struct gb_span *out)
{
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    struct gb_span line, names[MOST_CELLS], cells[MOST_CELLS];

    if (!gb_lines_take(&lines, &line))
        return false;
    size_t n = gb_cells_cut(line, ',', names, MOST_CELLS);
    if (!gb_lines_take(&lines, &line))
        return false;
    size_t n_cells = gb_cells_cut(line, ',', cells, MOST_CELLS);
    for (size_t i = 0; i < n && i < n_cells && i < MOST_CELLS; i++)
        if (gb_span_is(names[i], name)) {
            *out = cells[i];
            return true;
        }
    return false;
}

bool gb_nsrdb_number(struct gb_span text, const char *name, double *out)
{
    struct gb_span cell;
    int64_t nano;

    if (!find(text, name, &cell) || gb_cell_number(cell, '.', &nano) != GB_CELL_NUMBER)
        return false;
    *out = (double)nano / (double)GB_NANO;
    return true;
}

/* Where the first line says a latitude, and a zone as hours, and the third begins with a year. */
bool gb_nsrdb_is(struct gb_span text)
{
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    struct gb_span line = {NULL, 0}, cell;
    double number;

    if (text.n < 16 || !memchr(text.at, ',', text.n) ||
        !gb_nsrdb_number(text, "Latitude", &number) ||
        !gb_nsrdb_number(text, "Longitude", &number) ||
        !gb_nsrdb_number(text, "Time Zone", &number))
        return false;
    for (int i = 0; i < 3; i++)
        if (!gb_lines_take(&lines, &line))
            return false;
    return gb_cells_cut(line, ',', &cell, 1) >= 5 && gb_span_is(cell, "Year");
}

enum gb_status gb_nsrdb_zone(struct gb_zone *out, struct gb_span text, const char *file,
                             struct gb_error *err)
{
    double hours = 0;

    gb_nsrdb_number(text, "Time Zone", &hours);
    if (!(hours >= -12 && hours <= 14))
        return gb_fail(err, GB_EINPUT, "'%s':2: Time Zone is hours ahead of UTC, -12 to 14, not %g",
                       file, hours);
    *out = gb_zone_ahead((int64_t)lround(hours * 100));
    return GB_OK;
}

/* Is it of what a scenario reads? */
static bool is_of_weather(const struct gb_unit *unit)
{
    return unit->kind == GB_UNIT_IRRADIANCE || unit == gb_unit_named("C", 1) ||
           unit == gb_unit_named("m/s", 3);
}

const struct gb_unit *gb_nsrdb_unit(struct gb_span text, struct gb_span name)
{
    static const struct {
        const char *name, *unit;
    } columns[] = {{"GHI", "W/m2"},
                   {"DNI", "W/m2"},
                   {"DHI", "W/m2"},
                   {"POA", "W/m2"},
                   {"Clearsky GHI", "W/m2"},
                   {"Clearsky DNI", "W/m2"},
                   {"Clearsky DHI", "W/m2"},
                   {"Temperature", "C"},
                   {"Tdry", "C"},
                   {"Dry-bulb", "C"},
                   {"Dew Point", "C"},
                   {"Tdew", "C"},
                   {"Twet", "C"},
                   {"Wind Speed", "m/s"},
                   {"Wspd", "m/s"},
                   {"Wind Direction", "deg"},
                   {"Wdir", "deg"},
                   {"Pressure", "mbar"},
                   {"Pres", "mbar"},
                   {"Relative Humidity", "%"},
                   {"RH", "%"}};
    const struct gb_unit *unit = gb_unit_in(name.at, name.n);
    struct gb_span cell = {NULL, 0};
    char title[80];

    snprintf(title, sizeof title, "%.*s Units", (int)(name.n < 60 ? name.n : 60), name.at);
    bool is_said = find(text, title, &cell) && cell.n > 0;
    if (is_said && gb_unit_named(cell.at, cell.n))
        return gb_unit_named(cell.at, cell.n);
    for (size_t i = 0; !unit && i < sizeof columns / sizeof columns[0]; i++)
        if (gb_span_is(name, columns[i].name))
            unit = gb_unit_named(columns[i].unit, strlen(columns[i].unit));
    if (unit && is_said && is_of_weather(unit))
        return NULL; /* another one, which is to be asked for */
    return unit ? unit : gb_unit_named("1", 1);
}
