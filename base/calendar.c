#include "base/calendar.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "base/quantity.h"

enum { DAY_S = 86400, HOUR_S = 3600 };

/* The instants at which the clock shows a time; of one that it leaves out, when it jumps.
 * returns how many: 1 or 2 */
static int instants_of(const struct gb_zone *zone, int64_t local_s, int64_t out[2])
{
    struct gb_zone_year kept = {0};
    int n = gb_zone_instants(zone, &kept, local_s, out);

    if (n == 0) {
        gb_zone_offset_at(zone, &kept, local_s - zone->offset_s);
        out[n++] = kept.begin_s;
    }
    return n;
}

struct gb_calendar gb_calendar_make(int64_t start_days, const char *zone, double offset_h)
{
    struct gb_calendar calendar = {.start_days = start_days, .lag_h = offset_h};
    int64_t instants[2];
    bool is_fixed = !*zone || strcmp(zone, GB_ZONE_FIXED) == 0;
    enum gb_status status =
        is_fixed ? GB_OK : gb_zone_parse(zone, &calendar.zone, &(struct gb_error){0});

    assert(status == GB_OK);
    (void)status;
    if (is_fixed)
        calendar.zone.offset_s = (int32_t)lround(offset_h * HOUR_S);
    instants_of(&calendar.zone, start_days * DAY_S, instants);
    calendar.start_s = instants[0];
    if (!is_fixed)
        calendar.lag_h = (double)(start_days * DAY_S - calendar.start_s) / HOUR_S;
    return calendar;
}

static int64_t utc_s(const struct gb_calendar *calendar, int64_t at_ns)
{
    return calendar->start_s + gb_floor_divide(at_ns, GB_NS_PER_SECOND);
}

int32_t gb_calendar_offset_s(const struct gb_calendar *calendar, int64_t at_ns)
{
    struct gb_zone_year kept = {0};

    return gb_zone_offset_at(&calendar->zone, &kept, utc_s(calendar, at_ns));
}

/* A clock that is so far ahead of UTC, since midnight of the first day. */
static int64_t shown_ns(const struct gb_calendar *calendar, int64_t at_ns, int32_t offset_s)
{
    int64_t ahead_s = calendar->start_s + offset_s - calendar->start_days * DAY_S;

    return at_ns + ahead_s * GB_NS_PER_SECOND;
}

int64_t gb_calendar_local_ns(const struct gb_calendar *calendar, int64_t at_ns)
{
    return shown_ns(calendar, at_ns, gb_calendar_offset_s(calendar, at_ns));
}

int64_t gb_calendar_standard_ns(const struct gb_calendar *calendar, int64_t at_ns)
{
    return shown_ns(calendar, at_ns, calendar->zone.offset_s);
}

static int64_t since_start_ns(const struct gb_calendar *calendar, int64_t instant_s)
{
    const int64_t most_s = INT64_MAX / GB_NS_PER_SECOND - 1;
    int64_t seconds = instant_s - calendar->start_s;

    return GB_NS_PER_SECOND * (seconds > most_s ? most_s : seconds < -most_s ? -most_s : seconds);
}

int64_t gb_calendar_moment_ns(const struct gb_calendar *calendar, int64_t local_ns, int64_t from_ns)
{
    int64_t seconds = gb_floor_divide(local_ns, GB_NS_PER_SECOND), instants[2];
    int64_t rest_ns = local_ns - seconds * GB_NS_PER_SECOND;
    int n = instants_of(&calendar->zone, calendar->start_days * DAY_S + seconds, instants);
    int64_t first_ns = since_start_ns(calendar, instants[0]) + rest_ns;

    return n == 2 && first_ns < from_ns ? since_start_ns(calendar, instants[1]) + rest_ns
                                        : first_ns;
}

int64_t gb_calendar_day_ns(const struct gb_calendar *calendar, int64_t day)
{
    return gb_calendar_moment_ns(calendar, day * GB_NS_PER_DAY, INT64_MIN);
}

int64_t gb_calendar_day_at(const struct gb_calendar *calendar, int64_t at_ns)
{
    return gb_floor_divide(gb_calendar_local_ns(calendar, at_ns), GB_NS_PER_DAY);
}
