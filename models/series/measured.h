/* Series that a scenario names: each a file read once, whatever number of trials replay it. */
#ifndef MODELS_SERIES_MEASURED_H
#define MODELS_SERIES_MEASURED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "models/series/course.h"

#define GB_MEASURED_DIGEST_SIZE 65 /* BLAKE2b of 32 bytes as hexadecimal digits, and a 0 */

struct gb_measured_wish {
    const char *name; /* the author's: "town" */
    const char *path;
    struct gb_series_options options;
    enum gb_series_align align;
    double scale;       /* by which all power is multiplied */
    const char *digest; /* that the file must have; empty: any */
};

/* Read-only once it is read. Power is never below 0. */
struct gb_measured {
    char *name;
    char digest[GB_MEASURED_DIGEST_SIZE];
    enum gb_series_align align;
    double scale;
    size_t n; /* channels of power or energy, in the order of the file */
    struct gb_course *courses;
    char **columns;
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
