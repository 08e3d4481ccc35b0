/* Stamps in parts: which columns they are, and what all rows together tell of them: whether hours
 * go from 1 to 24, whether minutes stand in the hour, whether months are of several years. */
#include <string.h>

#include "base/date.h"
#include "models/series/header_words.h"
#include "models/series/layout_priv.h"

enum { DAY_S = 86400, HOUR_S = 3600, ALL_MONTHS = 0x1ffe };

enum { MOST_PERIODS = 102 };

struct seen { /* of all rows */
    size_t n;
    struct gb_zone zone;
    int64_t least_s, most_s; /* clocks */
    uint32_t most_line;
    int64_t most_number, most_day; /* of the hour's column; of the year */
    int64_t before;                /* day of the year of the row before, months of 32 days */
    int first_year;
    uint32_t months;
    bool ascends, has_years, is_counted, has_days;
    uint32_t short_line; /* of a Sunday of 23 hours in a row; 0: there is none */
    struct seen_day {
        int64_t midnight_s;
        bool has[MOST_PERIODS]; /* at 0, what is no whole period */
        uint32_t line;          /* the last */
    } day;                      /* of the rows now */
};

/* Are all periods of 23 hours there, and no other? */
static bool has_23_hours(const struct seen_day *day, int64_t period_s)
{
    const int64_t n = (DAY_S - HOUR_S) / period_s;

    for (int64_t i = 0; i < MOST_PERIODS; i++)
        if (day->has[i] != (i > 0 && i <= n))
            return false;
    return true;
}

/* A day of 23 hours has no hour 24 where they are counted through, and else lacks 2 or 3. Where no
 * zone tells which days have them, a Sunday of 1 to 23 beside the next day is one. */
static void end_day(struct seen *seen, int64_t period_s, int64_t next_s)
{
    struct gb_zone_year year = {0};
    int64_t from[2], to[2], midnight_s = seen->day.midnight_s;
    int64_t weekday = gb_floor_divide(midnight_s, DAY_S) + 4; /* 1 January 1970 was a Thursday */

    if (!has_23_hours(&seen->day, period_s))
        return;
    if (seen->zone.has_summer && gb_zone_instants(&seen->zone, &year, midnight_s, from) == 1 &&
        gb_zone_instants(&seen->zone, &year, midnight_s + DAY_S, to) == 1)
        seen->is_counted = seen->is_counted || to[0] - from[0] == DAY_S - HOUR_S;
    if (weekday % 7 == 0 && (next_s - midnight_s == DAY_S || midnight_s - next_s == DAY_S))
        seen->short_line = seen->day.line;
}

static void see_stamp(struct seen *seen, int64_t midnight_s, int64_t clock_s, int64_t period_s,
                      uint32_t line)
{
    if (seen->n == 0 || midnight_s != seen->day.midnight_s) {
        if (seen->n > 0)
            end_day(seen, period_s, midnight_s);
        seen->has_days = seen->n > 0;
        seen->day = (struct seen_day){.midnight_s = midnight_s};
    }
    bool is_whole = clock_s % period_s == 0 && clock_s / period_s < MOST_PERIODS;
    seen->day.has[is_whole ? clock_s / period_s : 0] = true;
    seen->day.line = line;
    seen->least_s = clock_s < seen->least_s ? clock_s : seen->least_s;
    if (clock_s > seen->most_s) {
        seen->most_s = clock_s;
        seen->most_line = line;
    }
}

/* The order of days and years, before years are put aside. */
static void see_day(struct seen *seen, int64_t midnight_s)
{
    struct gb_civil_day day = gb_civil_day_at(gb_floor_divide(midnight_s, DAY_S));
    int64_t at = 32 * day.month + day.day;

    seen->ascends = seen->ascends && at >= seen->before;
    seen->before = at;
    seen->months |= UINT32_C(1) << day.month;
    seen->first_year = seen->first_year ? seen->first_year : day.year;
    seen->has_years = seen->has_years || day.year != seen->first_year;
    seen->most_day = day.day_of_year > seen->most_day ? day.day_of_year : seen->most_day;
}

/* How long periods are, of which a day has so many: 23 to 25 hours, or twice or four times as many;
 * what the name says goes before, where so many are no more than a day. */
static int64_t period_of(const struct gb_parts *parts, int64_t n)
{
    if (parts->named_s > 0 && n * parts->named_s <= DAY_S + HOUR_S)
        return parts->named_s;
    return n > 50 ? HOUR_S / 4 : n > 25 ? HOUR_S / 2 : HOUR_S;
}

/* What the numbers of the hour's column say: most of them beyond 25, it has minutes in it, where
 * one alone is a slip; of periods the least and the greatest tell where they begin and how long
 * they are.
 * returns how many periods the fullest day has at least */
static int64_t see_numbers(struct gb_layout *layout)
{
    int64_t least = INT64_MAX, most = 0;
    size_t n = 0, n_beyond = 0;
    struct gb_lines lines = layout->lines;
    size_t hour = layout->parts.columns[GB_PART_HOUR];
    struct gb_span line;

    if (layout->parts.columns[GB_PART_MINUTE] != GB_NO_COLUMN)
        return 0;
    while (gb_lines_take(&lines, &line)) {
        int64_t nano;
        if (hour != GB_NO_COLUMN && gb_layout_cut_row(layout, line) &&
            gb_cell_number(layout->cells[hour], layout->parts.decimal, &nano) == GB_CELL_NUMBER &&
            nano <= 2400 * GB_NANO) {
            least = nano < least ? nano : least;
            most = nano > most ? nano : most;
            n_beyond += nano > 25 * GB_NANO;
            n++;
        }
    }
    most /= GB_NANO;
    layout->parts.is_digits = 2 * n_beyond >= n && most > 25 && !layout->parts.is_period;
    if (!layout->parts.is_period)
        return 0;
    layout->parts.from_zero = least == 0;
    layout->parts.period_s = period_of(&layout->parts, most + layout->parts.from_zero);
    return most + layout->parts.from_zero;
}

static void see_rows(struct gb_layout *layout, struct seen *seen)
{
    struct gb_stamp_reader reader = {.order = layout->order};
    struct gb_lines lines = layout->lines;
    struct gb_span line;

    while (gb_lines_take(&lines, &line)) {
        int64_t midnight_s, clock_s;
        if (!gb_layout_cut_row(layout, line) ||
            !gb_parts_split(&layout->parts, &reader, layout->cells, layout->time, &midnight_s,
                            &clock_s))
            continue;
        see_stamp(seen, midnight_s, clock_s, layout->parts.period_s, lines.number);
        see_day(seen, midnight_s);
        seen->n++;
    }
    end_day(seen, layout->parts.period_s, seen->day.midnight_s);
}

/* How long periods are that go so far is told by their name, or by days that are whole; of one day
 * nothing tells whether it is. */
static enum gb_status check_periods(const struct gb_layout *layout, const struct seen *seen,
                                    int64_t n, const char *file, struct gb_error *err)
{
    const struct gb_parts *parts = &layout->parts;
    bool is_whole = (n >= 23 && n <= 25) || (n >= 46 && n <= 50);
    char name[64];

    if (!parts->is_period || n > 50 || (is_whole && seen->has_days) ||
        parts->period_s == parts->named_s)
        return GB_OK;
    gb_layout_name(layout, parts->columns[GB_PART_HOUR], name, sizeof name);
    return gb_fail(err, GB_EINPUT,
                   "'%s':%u: %s goes to %d, and no row tells whether a day has 24, 48 or 96 of "
                   "them: call the column hour, half hour or quarter hour",
                   file, seen->most_line, name, (int)(n - parts->from_zero));
}

/* An hour 25, or a Sunday of 23 hours, is of a clock that somebody must name. */
static enum gb_status check_zone(const struct gb_layout *layout, const struct seen *seen,
                                 const struct gb_series_options *options, const char *file,
                                 struct gb_error *err)
{
    const struct gb_parts *parts = &layout->parts;
    const char *what = parts->is_period ? "period" : "hour";
    struct gb_zone zone;

    if (seen->most_s > DAY_S && !(parts->counts_day && seen->zone.has_summer))
        return gb_fail(err, GB_EINPUT,
                       "'%s':%u: %s is of a day of 25 hours, of %ss from %d on: "
                       "--zone says whose clock changes then",
                       file, seen->most_line, parts->is_period ? "the period" : "hour 25", what,
                       !parts->from_zero);
    if (seen->short_line == 0 || options->has_zone || !parts->counts_hours ||
        gb_header_zone(layout->names[parts->columns[GB_PART_HOUR]], &zone))
        return GB_OK;
    return gb_fail(err, GB_EINPUT,
                   "'%s':%u: this Sunday ends with its 23rd hour, of %ss from %d on: --zone says "
                   "whose clock changes then (UTC0: none, and an hour is missing)",
                   file, seen->short_line, what, !parts->from_zero);
}

enum gb_status gb_layout_settle_parts(struct gb_layout *layout, const char *file,
                                      const struct gb_series_options *options, struct gb_error *err)
{
    struct gb_parts *parts = &layout->parts;
    struct seen seen = {.zone = options->has_zone ? options->zone : GB_ZONE_UTC,
                        .least_s = 2 * DAY_S,
                        .ascends = true};
    bool has_year = parts->columns[GB_PART_YEAR] != GB_NO_COLUMN;

    int64_t n_periods = see_numbers(layout);
    see_rows(layout, &seen);
    if (seen.n == 0)
        return GB_OK;
    enum gb_status status = check_periods(layout, &seen, n_periods, file, err);
    if (status != GB_OK)
        return status;
    bool is_whole_hours = !parts->is_digits && parts->columns[GB_PART_MINUTE] == GB_NO_COLUMN;
    parts->counts_hours = seen.least_s > 0 && seen.most_s >= DAY_S;
    parts->counts_hours |= parts->is_period;
    parts->counts_day = parts->is_period || (parts->counts_hours && is_whole_hours &&
                                             (seen.most_s > DAY_S || seen.is_counted));
    parts->zone = seen.zone;
    parts->is_typical =
        parts->has_date &&
        (!has_year || (seen.has_years && seen.ascends && seen.months == ALL_MONTHS));
    return check_zone(layout, &seen, options, file, err);
}
