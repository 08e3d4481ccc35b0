/* The calendar of a run: slots have one length in UTC, the first begins at a local midnight, and
 * days are those of the local clock, of 23 or 25 hours where it changes. Moments are ns since the
 * run began. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdint.h>

#include "base/zone.h"

struct gb_calendar {
    int64_t start_days; /* local date of the first day, in days since 1970-01-01 */
    struct gb_zone zone;
    int64_t start_s; /* the moment 0: the first of that day, in UTC seconds since 1970 */
    double lag_h;    /* that day's 00:00, as if it were UTC, less the moment 0 */
};

#define GB_ZONE_FIXED "fixed" /* instead of a zone: a clock that never changes */

/* The clock of a zone that gb_zone_parse takes (asserted); of GB_ZONE_FIXED, and where the text is
 * empty: one that is always `offset_h` hours ahead of UTC. */
struct gb_calendar gb_calendar_make(int64_t start_days, const char *zone, double offset_h);

/* Seconds that the local clock is ahead of UTC. */
int32_t gb_calendar_offset_s(const struct gb_calendar *calendar, int64_t at_ns);
/* What the local clock shows, in ns since 00:00 of the first day as if every day had 24 hours. */
int64_t gb_calendar_local_ns(const struct gb_calendar *calendar, int64_t at_ns);
/* When the clock shows that: of two times the first that is not before `from_ns`, else the first;
 * of the hour that is left out, the change. returns ns since the run began, saturated at 64 bits */
int64_t gb_calendar_moment_ns(const struct gb_calendar *calendar, int64_t local_ns,
                              int64_t from_ns);
/* When a day begins, 0 the first. */
int64_t gb_calendar_day_ns(const struct gb_calendar *calendar, int64_t day);
/* The day a moment lies in. */
int64_t gb_calendar_day_at(const struct gb_calendar *calendar, int64_t at_ns);
/* What a clock would show that is never changed for the summer, as gb_calendar_local_ns: nature
 * goes by it. */
int64_t gb_calendar_standard_ns(const struct gb_calendar *calendar, int64_t at_ns);

#endif
