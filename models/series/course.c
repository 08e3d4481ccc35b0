#include "models/series/course.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/quantity.h"

enum { DAY_S = 86400, DAYS_A_YEAR = 365, MOST_DAYS_AWAY = 10 };

/* ---- set-up */

static uint32_t line_of_gap(const struct gb_channel *channel, const struct gb_series_flow *flow)
{
    size_t i = 0;
    uint32_t line = 0;

    for (; i < flow->n && flow->quantities[i] != GB_SERIES_MISSING; i++)
        line = channel->lines[i] ? channel->lines[i] : line;
    return i < flow->n && channel->lines[i] ? channel->lines[i] : line;
}

/* Sums of all steps before each. */
static enum gb_status sum_steps(struct gb_course *course, struct gb_error *err)
{
    const struct gb_series_flow *flow = &course->flow;

    free(course->before);
    course->before = calloc(flow->n + 1, sizeof *course->before);
    if (!course->before)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu steps of a series", flow->n);
    for (size_t i = 0; i < flow->n; i++)
        course->before[i + 1] = course->before[i] + flow->quantities[i];
    return GB_OK;
}

static enum gb_status sum_up(struct gb_course *course, const struct gb_channel *channel,
                             struct gb_error *err)
{
    const struct gb_series_flow *flow = &course->flow;

    if (flow->n_missing > 0)
        return gb_fail(err, GB_EINPUT,
                       "%s: nothing is known of %zu of %zu steps, first at line %" PRIu32
                       "; gaps: hold or week fill them, as far as they reach",
                       channel->name, flow->n_missing, flow->n, line_of_gap(channel, flow));
    return sum_steps(course, err);
}

static int64_t end_of(const struct gb_series_flow *flow)
{
    return flow->start_s + (int64_t)flow->n * flow->step_s;
}

enum gb_status gb_course_make(struct gb_course *out, const struct gb_channel *channel,
                              const struct gb_series *series, enum gb_series_gaps gaps,
                              struct gb_error *err)
{
    assert(channel->unit);
    *out = (struct gb_course){.is_daily = series->is_daily};
    enum gb_status status = gb_series_flow_make(&out->flow, channel, series, gaps, err);

    return status == GB_OK ? sum_up(out, channel, err) : status;
}

void gb_course_clear(struct gb_course *course)
{
    gb_series_flow_clear(&course->flow);
    free(course->before);
    course->before = NULL;
}

enum gb_status gb_course_wrap(struct gb_course *course, struct gb_error *err)
{
    struct gb_series_flow *flow = &course->flow;
    size_t day = (size_t)(DAY_S / flow->step_s), n = flow->n;
    int64_t *wrapped = malloc((n + 2 * day) * sizeof *wrapped);

    assert(DAY_S % flow->step_s == 0 && n >= day);
    if (!wrapped)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu steps of a series", n);
    memcpy(wrapped, flow->quantities + n - day, day * sizeof *wrapped);
    memcpy(wrapped + day, flow->quantities, n * sizeof *wrapped);
    memcpy(wrapped + day + n, flow->quantities, day * sizeof *wrapped);
    free(flow->quantities);
    flow->quantities = wrapped;
    flow->n = n + 2 * day;
    flow->start_s -= DAY_S;
    return sum_steps(course, err);
}

/* ---- power */

void gb_course_describe_reach(const struct gb_course *course, char *buffer, size_t size)
{
    const struct gb_series_flow *flow = &course->flow;
    int64_t end_s = flow->start_s + (int64_t)flow->n * flow->step_s;
    char from[32], to[32];

    gb_instant_format(flow->start_s * GB_NS_PER_SECOND, from, sizeof from);
    gb_instant_format(end_s * GB_NS_PER_SECOND, to, sizeof to);
    snprintf(buffer, size, "from %s to %s", from, to);
}

/* What flowed from the beginning of the file up to an instant of it, in quantities times seconds of
 * a step. */
static __int128 flowed_until(const struct gb_course *course, int64_t instant_s)
{
    const struct gb_series_flow *flow = &course->flow;
    int64_t since_s = instant_s - flow->start_s, step = since_s / flow->step_s;
    int64_t rest_s = since_s - step * flow->step_s;

    return course->before[step] * flow->step_s +
           (rest_s > 0 ? (__int128)flow->quantities[step] * rest_s : 0);
}

static double flowed_wh(const struct gb_course *course, int64_t instant_s)
{
    const struct gb_series_flow *flow = &course->flow;

    return (double)flowed_until(course, instant_s) * (double)flow->numerator /
           ((double)flow->denominator * (double)flow->step_s);
}

double gb_course_overall_w(const struct gb_course *course)
{
    const struct gb_series_flow *flow = &course->flow;

    return flowed_wh(course, end_of(flow)) * 3600 / ((double)flow->n * (double)flow->step_s);
}

/* ---- which day of the file */

/* The instant at which a local day begins. */
static int64_t midnight(const struct gb_calendar *calendar, int64_t days)
{
    return calendar->start_s +
           gb_calendar_day_ns(calendar, days - calendar->start_days) / GB_NS_PER_SECOND;
}

/* What the local clock shows at an instant, as seconds since 1970. */
static int64_t clock_at(const struct gb_calendar *calendar, int64_t instant_s)
{
    struct gb_zone_year kept = {0};

    return instant_s + gb_zone_offset_at(&calendar->zone, &kept, instant_s);
}

struct gb_replay gb_replay_make(const struct gb_course *course, enum gb_series_align align,
                                const struct gb_calendar *calendar)
{
    struct gb_replay replay = {
        .course = course, .calendar = *calendar, .align = align, .day = INT64_MIN};
    int64_t start_s = course->flow.start_s, end_s = end_of(&course->flow);

    if (!course->is_daily) {
        replay.first_day = gb_floor_divide(clock_at(calendar, start_s), DAY_S);
        replay.first_day += midnight(calendar, replay.first_day) < start_s;
        replay.end_day = gb_floor_divide(clock_at(calendar, end_s), DAY_S);
    }
    return replay;
}

static int64_t date_in(int year, const struct gb_civil_day *like)
{
    int64_t days = 0;

    if (!gb_civil_days(year, like->month, like->day, &days))
        gb_civil_days(year, like->month, like->day - 1, &days);
    return days;
}

static bool has_day(const struct gb_replay *replay, int64_t day)
{
    return day >= replay->first_day && day < replay->end_day;
}

struct choice { /* of a day of the file */
    int64_t day, days_away, years_away;
};

static void consider(struct choice *best, int64_t day, int64_t days_away, int64_t years_away)
{
    if (days_away < best->days_away ||
        (days_away == best->days_away && years_away < best->years_away))
        *best = (struct choice){day, days_away, years_away};
}

/* The days of the week of `day` about the same date of a year. */
static void consider_weekdays(const struct gb_replay *replay, struct choice *best, int64_t day,
                              int64_t same_date, int64_t years_away)
{
    int64_t away = (day - same_date) - gb_floor_divide(day - same_date, 7) * 7;

    for (away -= 14; away <= MOST_DAYS_AWAY; away += 7)
        if (llabs(away) <= MOST_DAYS_AWAY && has_day(replay, same_date + away))
            consider(best, same_date + away, llabs(away), years_away);
}

/* The days of the week of `day` that the file has nearest to a date, within it or not. */
static void consider_any_weekday(const struct gb_replay *replay, struct choice *best, int64_t day,
                                 int64_t same_date, int64_t years_away)
{
    int64_t near = same_date < replay->first_day  ? replay->first_day
                   : same_date >= replay->end_day ? replay->end_day - 1
                                                  : same_date;

    for (int64_t other = near - 6; other <= near + 6; other++)
        if (has_day(replay, other) && (other - day) % 7 == 0)
            consider(best, other, llabs(other - same_date), years_away);
}

/* The day whose course a day of the run takes; day INT64_MIN where the file has none. */
static struct choice choose_day(const struct gb_replay *replay, int64_t day)
{
    struct gb_civil_day date = gb_civil_day_at(day);
    struct choice best = {INT64_MIN, INT64_MAX, INT64_MAX};
    int more = replay->align == GB_ALIGN_ANY_WEEKDAY; /* New Year is near Christmas */
    int last_year = gb_civil_day_at(replay->end_day).year + more;

    for (int year = gb_civil_day_at(replay->first_day).year - more; year <= last_year; year++) {
        int64_t same_date = date_in(year, &date), years_away = llabs((long long)year - date.year);

        if (replay->align == GB_ALIGN_WEEKDAY)
            consider_weekdays(replay, &best, day, same_date, years_away);
        else if (replay->align == GB_ALIGN_ANY_WEEKDAY)
            consider_any_weekday(replay, &best, day, same_date, years_away);
        else if (has_day(replay, same_date))
            consider(&best, same_date, 0, years_away);
    }
    return best;
}

int64_t gb_replay_days_away(const struct gb_replay *replay, int64_t day)
{
    return choose_day(replay, day).days_away;
}

/* The instant at which the clock of the site showed a time of another day: of one that it left out
 * that day, what it showed an hour later. */
static int64_t instant_of(const struct gb_zone *zone, int64_t local_s)
{
    struct gb_zone_year kept = {0};
    int64_t instants[2];

    return gb_zone_instants(zone, &kept, local_s, instants) > 0 ? instants[0]
                                                                : local_s - zone->offset_s;
}

bool gb_replay_instant(struct gb_replay *replay, int64_t at_s, int64_t *out)
{
    int64_t instant_s = replay->calendar.start_s + at_s;

    *out = instant_s;
    if (!replay->course->is_daily && replay->align == GB_ALIGN_EXACT)
        return true;
    int64_t local_s = clock_at(&replay->calendar, instant_s);
    int64_t day = gb_floor_divide(local_s, DAY_S), into_day_s = local_s - day * DAY_S;
    *out = into_day_s;
    if (replay->course->is_daily)
        return true;
    if (replay->day != day)
        replay->day_of_file = choose_day(replay, day).day;
    replay->day = day;
    if (replay->day_of_file == INT64_MIN)
        return false;
    *out = instant_of(&replay->calendar.zone, replay->day_of_file * DAY_S + into_day_s);
    return true;
}

static bool find_stretch(struct gb_replay *replay, int64_t at_s, int64_t length_s)
{
    const struct gb_series_flow *flow = &replay->course->flow;
    int64_t from_s;

    if (!gb_replay_instant(replay, at_s, &from_s) || from_s < flow->start_s ||
        from_s + length_s > end_of(flow))
        return false;
    replay->stretch = (struct gb_stretch){flowed_wh(replay->course, from_s),
                                          flowed_wh(replay->course, from_s + length_s)};
    return true;
}

bool gb_replay_stretch(struct gb_replay *replay, int64_t at_s, int64_t length_s,
                       struct gb_stretch *out)
{
    if (replay->at_s != at_s || replay->length_s != length_s) {
        replay->is_known = find_stretch(replay, at_s, length_s);
        replay->at_s = at_s;
        replay->length_s = length_s;
    }
    *out = replay->stretch;
    return replay->is_known;
}

bool gb_replay_held(struct gb_replay *replay, int64_t at_s, int64_t length_s, int64_t *value,
                    int64_t *changed_s)
{
    const struct gb_series_flow *flow = &replay->course->flow;
    int64_t from_s;

    *changed_s = -1;
    if (!gb_replay_instant(replay, at_s, &from_s) || from_s < flow->start_s ||
        from_s + length_s > end_of(flow))
        return false;
    int64_t step = (from_s - flow->start_s) / flow->step_s;
    int64_t last = (from_s + length_s - 1 - flow->start_s) / flow->step_s;
    *value = flow->quantities[step];
    for (int64_t i = step + 1; i <= last && *changed_s < 0; i++)
        if (flow->quantities[i] != *value)
            *changed_s = at_s + flow->start_s + i * flow->step_s - from_s;
    return true;
}

/* ---- what it covers */

static bool covers_day(struct gb_replay *replay, int64_t from_s, int64_t to_s)
{
    struct gb_stretch stretch;

    return gb_replay_stretch(replay, from_s, 1, &stretch) &&
           gb_replay_stretch(replay, to_s - 1, 1, &stretch);
}

bool gb_course_covers(const struct gb_course *course, enum gb_series_align align,
                      const struct gb_calendar *calendar, int64_t end_ns, int64_t *day)
{
    struct gb_replay replay = gb_replay_make(course, align, calendar);
    int64_t from_ns = 0, to_ns;

    for (int64_t d = 0; from_ns < end_ns; d++, from_ns = to_ns) {
        to_ns = gb_calendar_day_ns(calendar, d + 1);
        int64_t last_ns = to_ns < end_ns ? to_ns : end_ns;
        if (!covers_day(&replay, from_ns / GB_NS_PER_SECOND, last_ns / GB_NS_PER_SECOND)) {
            *day = calendar->start_days + d;
            return false;
        }
    }
    return true;
}
