#include "models/series/place.h"

#include <assert.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "models/series/forms.h"

enum { FIRST_LINES = 8, MOST_CELLS = 10 };

#define EARTH_RADIUS_KM 6371.0

static const double lowest_m = -430, highest_m = 9000;

static double within(double value, double least, double most)
{
    return value >= least && value <= most ? value : NAN;
}

/* The number of a cell within bounds, else NaN; what stands for nothing is beyond them. */
static double number_of(struct gb_span cell, double least, double most)
{
    int64_t nano;

    while (cell.n > 0 && (cell.at[0] == '\t' || cell.at[0] == ' ')) {
        cell.at++;
        cell.n--;
    }
    if (gb_cell_number(cell, '.', &nano) != GB_CELL_NUMBER)
        return NAN;
    return within((double)nano / (double)GB_NANO, least, most);
}

static double latitude_of(struct gb_span cell)
{
    return number_of(cell, -90, 90);
}

static double longitude_of(struct gb_span cell)
{
    return number_of(cell, -180, 180);
}

static double altitude_of(struct gb_span cell)
{
    return number_of(cell, lowest_m, highest_m);
}

static struct gb_place known(struct gb_place place)
{
    place.is_known = !isnan(place.latitude_deg) && !isnan(place.longitude_deg);
    return place;
}

/* From cells of a line at these places; zone -1: it says none. */
static struct gb_place from_line(struct gb_span line, size_t latitude, size_t longitude,
                                 size_t altitude, int zone)
{
    struct gb_span cells[MOST_CELLS];
    size_t n = gb_cells_cut(line, ',', cells, MOST_CELLS);

    if (n <= latitude || n <= longitude || n <= altitude || (int)n <= zone)
        return (struct gb_place){.is_known = false};
    return known((struct gb_place){
        .latitude_deg = latitude_of(cells[latitude]),
        .longitude_deg = longitude_of(cells[longitude]),
        .altitude_m = altitude_of(cells[altitude]),
        .utc_offset_h = zone >= 0 ? number_of(cells[zone], -12, 14) : NAN,
    });
}

/* "Latitude (decimal degrees): 45.000" and the like, a line each. */
static struct gb_place of_pvgis(struct gb_lines lines)
{
    static const char *const names[] = {"Latitude (", "Longitude (", "Elevation ("};
    struct gb_place place = {.latitude_deg = NAN,
                             .longitude_deg = NAN,
                             .altitude_m = NAN,
                             .utc_offset_h = NAN}; /* its stamps are UTC, wherever it is */
    struct gb_span line;

    for (int i = 0; i < FIRST_LINES && gb_lines_take(&lines, &line); i++) {
        const char *colon = line.n > 0 ? memchr(line.at, ':', line.n) : NULL;
        for (int k = 0; colon && k < 3; k++) {
            size_t n = strlen(names[k]);
            if (line.n <= n || strncasecmp(line.at, names[k], n) != 0)
                continue;
            struct gb_span cell = {colon + 1, (size_t)(line.at + line.n - colon) - 1};
            if (k == 0)
                place.latitude_deg = latitude_of(cell);
            else if (k == 1)
                place.longitude_deg = longitude_of(cell);
            else
                place.altitude_m = altitude_of(cell);
        }
    }
    return known(place);
}

/* The zone of the site stands beside that of the stamps, which may be UTC. */
static struct gb_place of_nsrdb(struct gb_span text)
{
    struct gb_place place = {
        .latitude_deg = NAN, .longitude_deg = NAN, .altitude_m = NAN, .utc_offset_h = NAN};

    gb_nsrdb_number(text, "Latitude", &place.latitude_deg);
    gb_nsrdb_number(text, "Longitude", &place.longitude_deg);
    gb_nsrdb_number(text, "Elevation", &place.altitude_m);
    if (!gb_nsrdb_number(text, "Local Time Zone", &place.utc_offset_h))
        gb_nsrdb_number(text, "Time Zone", &place.utc_offset_h);
    place.latitude_deg = within(place.latitude_deg, -90, 90);
    place.longitude_deg = within(place.longitude_deg, -180, 180);
    place.altitude_m = within(place.altitude_m, lowest_m, highest_m);
    place.utc_offset_h = within(place.utc_offset_h, -12, 14);
    return known(place);
}

bool gb_place_says_utc(struct gb_span text)
{
    static const char names[] = "latitude,longitude,elevation,utc_offset_seconds,";
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    struct gb_span line, cells[4];

    return gb_lines_take(&lines, &line) && line.n >= sizeof names - 1 &&
           strncasecmp(line.at, names, sizeof names - 1) == 0 && gb_lines_take(&lines, &line) &&
           gb_cells_cut(line, ',', cells, 4) >= 4 && gb_span_is(cells[3], "0");
}

struct gb_place gb_place_of(enum gb_series_form form, struct gb_span text)
{
    static const char names[] = "latitude,longitude,elevation,";
    struct gb_lines lines = {text.at, text.at + text.n, 0};
    struct gb_span line;

    if (form == GB_FORM_PVGIS)
        return of_pvgis(lines);
    if (form == GB_FORM_NSRDB)
        return of_nsrdb(text);
    if (form == GB_FORM_NEM12 || !gb_lines_take(&lines, &line))
        return (struct gb_place){.is_known = false};
    if (form == GB_FORM_EPW)
        return from_line(line, 6, 7, 9, 8);
    if (form == GB_FORM_TMY3)
        return from_line(line, 4, 5, 6, 3);
    if (line.n > sizeof names - 1 && strncasecmp(line.at, names, sizeof names - 1) == 0 &&
        gb_lines_take(&lines, &line))
        return from_line(line, 0, 1, 2, -1);
    return (struct gb_place){.is_known = false};
}

double gb_place_distance_km(const struct gb_place *a, const struct gb_place *b)
{
    const double degree = acos(-1) / 180;
    double north = sin((a->latitude_deg - b->latitude_deg) * degree / 2);
    double east = sin((a->longitude_deg - b->longitude_deg) * degree / 2);

    assert(a->is_known && b->is_known);
    double h =
        north * north + cos(a->latitude_deg * degree) * cos(b->latitude_deg * degree) * east * east;
    return 2 * EARTH_RADIUS_KM * asin(sqrt(fmin(h, 1)));
}
