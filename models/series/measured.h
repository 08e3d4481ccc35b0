/* Series that a scenario names: each a file read once, whatever number of trials replay it. */
#ifndef MODELS_SERIES_MEASURED_H
#define MODELS_SERIES_MEASURED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "models/series/course.h"
#include "models/series/weather_columns.h"

#define GB_MEASURED_DIGEST_SIZE 65 /* BLAKE2b of 32 bytes as hexadecimal digits, and a 0 */

struct gb_measured_wish {
    const char *name; /* the author's: "town" */
    const char *path;
    struct gb_series_options options;
    enum gb_series_align align;
    double scale;       /* by which all power is multiplied */
    const char *digest; /* that the file must have; empty: any */
};

/* A quantity of the weather: value = course x scale + shift, in its SI unit. */
struct gb_measured_weather {
    char *column; /* NULL: the file does not have it, `fault` says why; owned */
    struct gb_course course;
    double scale, shift;
    char fault[256];
};

/* Prices of energy, each of its step of the course, in 1e-9 of their unit. */
struct gb_measured_price {
    char *column; /* NULL: the file has none, or several, `fault` says what to do; owned */
    const struct gb_unit *unit;
    struct gb_course course;
    char fault[256];
};

/* Read-only once it is read. Power and irradiance are never below 0: what an instrument shows at
 * night, down to 1 % of the greatest value of the column below it, is 0; anything lower is refused.
 */
struct gb_measured {
    char *name;
    char digest[GB_MEASURED_DIGEST_SIZE];
    enum gb_series_align align;
    bool needs_zone;            /* the zone of the wish decided when its stamps were */
    struct gb_zone header_zone; /* that the header says; its text "": none */
    bool zone_is_doubted;       /* the wish says another */
    struct gb_place place;      /* of weather */
    double scale;
    size_t
        n; /* channels of power or energy, in the order of the file; 0: weather or prices alone */
    struct gb_course *courses;
    char **columns;
    struct gb_measured_weather weather[GB_N_WEATHER_QUANTITIES];
    struct gb_measured_price price; /* of either sign, as it stands: without the scale */
    /* Of forecasts with times of issue: one each, by time. What stands above is that of the first,
     * borrowed from it, prices apart, of which there are none. */
    size_t n_issues;
    int64_t *issued_s; /* UTC */
    struct gb_measured **issues;
    uint32_t line; /* of an issue: where it begins in the file */
};

/* Reads one. GB_EINPUT with what is wrong with the file, or that it is another than the digest's;
 * GB_EFILE */
enum gb_status gb_measured_read(struct gb_measured **out, const struct gb_measured_wish *wish,
                                struct gb_error *err);
void gb_measured_free(struct gb_measured *measured);

/* Do all columns have all of a run of that calendar that ends at end_ns?
 * day  out, where they have not: the first local day of which something is missing, since
 *      1970-01-01 */
bool gb_measured_covers(const struct gb_measured *measured, const struct gb_calendar *calendar,
                        int64_t end_ns, int64_t *day);

#endif
