#include "cli/slot_moment.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/duration.h"
#include "base/number.h"
#include "base/quantity.h"

#define DATE_LENGTH 10
#define MINUTE_NS (60 * GB_NS_PER_SECOND)

int64_t gb_slot_start_ns(const struct gb_scenario *scenario, int64_t slot)
{
    return slot * scenario->physics.weather.slot_ns;
}

int64_t gb_slot_opening_ns(const struct gb_scenario *scenario, int64_t slot)
{
    return gb_slot_start_ns(scenario, slot) - scenario->open_ns;
}

/* A date and time without an offset, for the scenario knows its own time alone. */
static bool read_dated(const char *text, const struct gb_calendar *calendar, int64_t opening_ns,
                       int64_t *at_ns)
{
    int64_t instant;

    if (strlen(text) <= DATE_LENGTH || strpbrk(text + DATE_LENGTH, "Zz+-") ||
        !gb_instant_parse(text, &instant))
        return false;
    *at_ns =
        gb_calendar_moment_ns(calendar, instant - calendar->start_days * GB_NS_PER_DAY, opening_ns);
    return true;
}

/* The first such time since the opening. */
static bool read_clock(const char *text, const struct gb_calendar *calendar, int64_t opening_ns,
                       int64_t *at_ns)
{
    int64_t day = calendar->start_days + gb_calendar_day_at(calendar, opening_ns);
    char date[DATE_LENGTH + 1], dated[64];

    for (int next = 0; next < 2; next++) {
        gb_date_format(day + next, date, sizeof date);
        int n = snprintf(dated, sizeof dated, "%sT%s", date, text);
        if (n >= (int)sizeof dated || !read_dated(dated, calendar, opening_ns, at_ns))
            return false;
        if (*at_ns >= opening_ns)
            break;
    }
    return true;
}

enum gb_status gb_slot_moment_read(const char *text, const struct gb_scenario *scenario,
                                   int64_t slot, int64_t *at_ns, struct gb_error *err)
{
    int64_t opening = gb_slot_opening_ns(scenario, slot), start = gb_slot_start_ns(scenario, slot);
    const struct gb_calendar calendar = gb_scenario_calendar(scenario);
    int64_t at, after;
    char open[GB_SLOT_MOMENT_SIZE], length[64];

    if (gb_duration_parse(text, &after))
        at = after > start - opening ? start + 1 : opening + after;
    else if (!read_dated(text, &calendar, opening, &at) &&
             !read_clock(text, &calendar, opening, &at))
        return gb_fail(
            err, GB_EINPUT,
            "'--at' expects a time after the opening (`90 s`) or of the clock (12:03:20, "
            "'2023-06-01 12:03:20'), got '%s'",
            text);
    if (at < opening || at > start)
        return gb_fail(err, GB_EINPUT,
                       "'--at %s' lies outside of slot %" PRId64 ": its market opens at %s, and it "
                       "starts %s later",
                       text, slot, gb_slot_moment_format(opening, scenario, slot, open),
                       gb_duration_format(start - opening, length, sizeof length));
    *at_ns = at;
    return GB_OK;
}

char *gb_slot_moment_format(int64_t at_ns, const struct gb_scenario *scenario, int64_t slot,
                            char buffer[GB_SLOT_MOMENT_SIZE])
{
    const struct gb_calendar calendar = gb_scenario_calendar(scenario);
    int64_t local_ns = gb_calendar_local_ns(&calendar, at_ns);
    int64_t day = gb_floor_divide(local_ns, GB_NS_PER_DAY);
    int64_t of_day = local_ns - day * GB_NS_PER_DAY;
    int64_t after = at_ns - gb_slot_opening_ns(scenario, slot);
    char date[DATE_LENGTH + 1], seconds[32], since[64];

    gb_date_format(calendar.start_days + day, date, sizeof date);
    gb_format_decimal(of_day % MINUTE_NS, 9, seconds, sizeof seconds);
    int n = snprintf(buffer, GB_SLOT_MOMENT_SIZE, "%02d:%02d:%s%s of %s",
                     (int)(of_day / GB_NS_PER_HOUR), (int)(of_day / MINUTE_NS % 60),
                     of_day % MINUTE_NS < 10 * GB_NS_PER_SECOND ? "0" : "", seconds, date);
    if (after > 0)
        snprintf(buffer + n, GB_SLOT_MOMENT_SIZE - (size_t)n, ", %s s after the opening",
                 gb_format_decimal(after, 9, since, sizeof since));
    return buffer;
}
