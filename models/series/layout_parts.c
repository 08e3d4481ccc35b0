/* Stamps in parts: which columns they are, and what all rows together tell of them: whether hours
 * go from 1 to 24, whether minutes stand in the hour, whether months are of several years. */
#include <string.h>

#include "base/date.h"
#include "models/series/layout_priv.h"

enum { DAY_S = 86400, HOUR_S = 3600, ALL_MONTHS = 0x1ffe };

struct seen { /* of all rows */
    size_t n;
    struct gb_zone zone;
    int64_t least_s, most_s; /* clocks */
    uint32_t most_line;
    int64_t most_number, most_day; /* of the hour's column; of the year */
    int64_t before;                /* day of the year of the row before, months of 32 days */
    int first_year;
    uint32_t months;
    bool ascends, has_years, is_counted;
    int64_t midnight_s; /* of the rows now; */
    uint32_t hours;     /* that they have, a bit each */
};

/* A day of 23 hours has no hour 24 where they are counted through, and else lacks 2 or 3. */
static void end_day(struct seen *seen)
{
    struct gb_zone_year year = {0};
    int64_t from[2], to[2];
    const uint32_t all = (UINT32_C(1) << 24) - 2; /* 1 to 23 */

    if (seen->hours == all && seen->zone.has_summer &&
        gb_zone_instants(&seen->zone, &year, seen->midnight_s, from) == 1 &&
        gb_zone_instants(&seen->zone, &year, seen->midnight_s + DAY_S, to) == 1)
        seen->is_counted = seen->is_counted || to[0] - from[0] == DAY_S - HOUR_S;
    seen->hours = 0;
}

static void see_stamp(struct seen *seen, int64_t midnight_s, int64_t clock_s, uint32_t line)
{
    if (midnight_s != seen->midnight_s) {
        end_day(seen);
        seen->midnight_s = midnight_s;
    }
    seen->hours |= clock_s % HOUR_S == 0 && clock_s <= DAY_S + HOUR_S
                       ? UINT32_C(1) << clock_s / HOUR_S
                       : UINT32_C(1);
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

/* What the numbers of the hour's column say: most of them beyond 25, it has minutes in it, where
 * one alone is a slip; the greatest tells of periods how long they are, which are 23 to 25 hours,
 * or twice or four times as many. */
static void see_numbers(struct gb_layout *layout)
{
    int64_t most = 0;
    size_t n = 0, n_beyond = 0;
    struct gb_lines lines = layout->lines;
    size_t hour = layout->parts.columns[GB_PART_HOUR];
    struct gb_span line;

    if (layout->parts.columns[GB_PART_MINUTE] != GB_NO_COLUMN)
        return;
    while (gb_lines_take(&lines, &line)) {
        int64_t nano;
        if (hour != GB_NO_COLUMN && gb_layout_cut_row(layout, line) &&
            gb_cell_number(layout->cells[hour], layout->parts.decimal, &nano) == GB_CELL_NUMBER &&
            nano <= 2400 * GB_NANO) {
            most = nano > most ? nano : most;
            n_beyond += nano > 25 * GB_NANO;
            n++;
        }
    }
    most /= GB_NANO;
    layout->parts.is_digits = 2 * n_beyond >= n && most > 25 && !layout->parts.is_period;
    if (layout->parts.is_period)
        layout->parts.period_s = most > 50 ? HOUR_S / 4 : most > 25 ? HOUR_S / 2 : HOUR_S;
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
        seen->n++;
        see_stamp(seen, midnight_s, clock_s, lines.number);
        see_day(seen, midnight_s);
    }
    end_day(seen);
}

enum gb_status gb_layout_settle_parts(struct gb_layout *layout, const char *file,
                                      const struct gb_series_options *options, struct gb_error *err)
{
    struct gb_parts *parts = &layout->parts;
    struct seen seen = {.zone = options->has_zone ? options->zone : GB_ZONE_UTC,
                        .least_s = 2 * DAY_S,
                        .ascends = true};
    bool has_year = parts->columns[GB_PART_YEAR] != GB_NO_COLUMN;

    see_numbers(layout);
    see_rows(layout, &seen);
    if (seen.n == 0)
        return GB_OK;
    bool is_whole_hours = !parts->is_digits && parts->columns[GB_PART_MINUTE] == GB_NO_COLUMN;
    parts->counts_hours = seen.least_s > 0 && seen.most_s >= DAY_S;
    parts->counts_hours |= parts->is_period;
    parts->counts_day = parts->is_period || (parts->counts_hours && is_whole_hours &&
                                             (seen.most_s > DAY_S || seen.is_counted));
    parts->zone = seen.zone;
    parts->is_typical =
        parts->has_date &&
        (!has_year || (seen.has_years && seen.ascends && seen.months == ALL_MONTHS));
    if (seen.most_s > DAY_S && !(parts->counts_day && seen.zone.has_summer))
        return gb_fail(err, GB_EINPUT,
                       "'%s':%u: %s is of a day of 25 hours, of %ss from 1 on: "
                       "--zone says whose clock changes then",
                       file, seen.most_line, parts->is_period ? "the period" : "hour 25",
                       parts->is_period ? "period" : "hour");
    return GB_OK;
}
