/* Values by the time of day, as one text: `6:00 0.1, 18:30 0.8`. From each time on its value holds,
 * up to the next one; before the first of a day it is still the last of the day before. */
#ifndef BASE_DAY_TIMES_H
#define BASE_DAY_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/quantity.h"

#define GB_NS_PER_MINUTE (60 * GB_NS_PER_SECOND)
#define GB_DAY_TIMES_MAX 48

struct gb_day_times {
    size_t n;
    struct gb_day_time {
        int minute; /* of the day, from 0 */
        double value;
    } at[GB_DAY_TIMES_MAX];
};

/* Reads a time of day, `6:00` to `23:59`. returns false, *minute undefined, where it is none */
bool gb_day_time_parse(const char *word, int *minute);
/* Reads the text: times ascending, each with a value from least to most.
 * returns  false, *out undefined, where it is no such list */
bool gb_day_times_read(struct gb_day_times *out, const char *text, double least, double most);
/* The value that holds so long after local midnight; there is one at least. */
double gb_day_times_at(const struct gb_day_times *times, int64_t into_day_ns);

#endif
