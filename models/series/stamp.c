#include "models/series/stamp.h"

#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/integer.h"

/* Years whose instants 64 bits of nanoseconds hold, with room for offsets and steps. */
enum { FIRST_YEAR = 1700, LAST_YEAR = 2200 };
enum { DAY_S = 86400, HOUR_S = 3600 };

struct cursor {
    const char *at, *end;
};

static bool is_digit(const struct cursor *cursor, size_t ahead)
{
    return cursor->at + ahead < cursor->end && cursor->at[ahead] >= '0' && cursor->at[ahead] <= '9';
}

/* A number of least to most digits. */
static bool take_number(struct cursor *cursor, int least, int most, int *out)
{
    int n = 0, value = 0;

    for (; n < most && is_digit(cursor, 0); n++)
        value = 10 * value + *cursor->at++ - '0';
    *out = value;
    return n >= least;
}

static bool take(struct cursor *cursor, char c)
{
    bool is_there = cursor->at < cursor->end && *cursor->at == c;

    cursor->at += is_there;
    return is_there;
}

static size_t n_digits(const struct cursor *cursor)
{
    size_t n = 0;

    while (is_digit(cursor, n))
        n++;
    return n;
}

/* ---- dates */

static bool take_month_name(struct cursor *cursor, int *month)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    if (cursor->end - cursor->at < 3)
        return false;
    for (*month = 1; *month <= 12; ++*month)
        if (strncasecmp(cursor->at, names + 3 * (*month - 1), 3) == 0) {
            cursor->at += 3;
            return true;
        }
    return false;
}

static bool set_date(struct gb_stamp *stamp, int year, int month, int day)
{
    int64_t days;

    if (year < FIRST_YEAR || year > LAST_YEAR || !gb_civil_days(year, month, day, &days))
        return false;
    stamp->local_s = days * DAY_S;
    stamp->has_date = true;
    return true;
}

/* 1/3/2024, 01.03.24, 01-Mar-2024 */
static bool take_day_first(struct cursor *cursor, enum gb_date_order order, struct gb_stamp *stamp)
{
    int first, second, year;

    if (!take_number(cursor, 1, 2, &first) || cursor->at == cursor->end ||
        !strchr("/-. ", *cursor->at))
        return false;
    char mark = *cursor->at++;
    bool is_named = take_month_name(cursor, &second);
    if (!is_named && !take_number(cursor, 1, 2, &second))
        return false;
    if (!take(cursor, mark))
        return false;
    size_t n = n_digits(cursor);
    if ((n != 2 && n != 4) || !take_number(cursor, 2, 4, &year))
        return false;
    year += n == 2 ? 2000 : 0;
    if (is_named)
        return set_date(stamp, year, second, first);
    stamp->has_day_first = true;
    stamp->first = first;
    stamp->second = second;
    if (order != GB_DATE_MDY && set_date(stamp, year, second, first))
        return true;
    return order != GB_DATE_DMY && set_date(stamp, year, first, second);
}

static bool take_date(struct cursor *cursor, enum gb_date_order order, struct gb_stamp *stamp)
{
    size_t n = n_digits(cursor);
    int year, month, day;

    if (n == 8 || n == 12 || n == 14)
        return take_number(cursor, 4, 4, &year) && take_number(cursor, 2, 2, &month) &&
               take_number(cursor, 2, 2, &day) && set_date(stamp, year, month, day);
    if (n != 4)
        return take_day_first(cursor, order, stamp);
    take_number(cursor, 4, 4, &year);
    char mark = cursor->at < cursor->end ? *cursor->at : '\0';
    if (mark != '-' && mark != '/' && mark != '.')
        return false;
    return take(cursor, mark) && take_number(cursor, 1, 2, &month) && take(cursor, mark) &&
           take_number(cursor, 1, 2, &day) && set_date(stamp, year, month, day);
}

/* ---- clocks and offsets */

/* AM or PM behind a clock of twelve hours, whose day begins at 12:00 AM; nothing is none.
 * returns false where the clock shows no such hour */
static bool take_half_of_day(struct cursor *cursor, int *hour)
{
    const char *at = cursor->at;

    while (at < cursor->end && *at == ' ')
        at++;
    if (cursor->end - at < 2 || (strncasecmp(at, "AM", 2) != 0 && strncasecmp(at, "PM", 2) != 0))
        return true;
    if (*hour < 1 || *hour > 12)
        return false;
    *hour = *hour % 12 + (strncasecmp(at, "PM", 2) == 0 ? 12 : 0);
    cursor->at = at + 2;
    return true;
}

/* 1:05, 12:00, 12:00:05, 12:00:00.000, 1:05 PM, 1h05, 1200, 120000; only whole seconds. */
static bool take_clock(struct cursor *cursor, struct gb_stamp *stamp)
{
    size_t n = n_digits(cursor);
    int hour, minute = 0, second = 0;

    if (n == 4 || n == 6) {
        take_number(cursor, 2, 2, &hour);
        take_number(cursor, 2, 2, &minute);
        if (n == 6)
            take_number(cursor, 2, 2, &second);
    } else {
        if (!take_number(cursor, 1, 2, &hour) || (!take(cursor, ':') && !take(cursor, 'h')) ||
            !take_number(cursor, 2, 2, &minute))
            return false;
        if (take(cursor, ':') && !take_number(cursor, 2, 2, &second))
            return false;
        if (take(cursor, '.'))
            while (take(cursor, '0'))
                continue;
        if (!take_half_of_day(cursor, &hour))
            return false;
    }
    if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && minute + second > 0))
        return false;
    stamp->local_s += HOUR_S * hour + 60 * minute + second;
    stamp->has_clock = true;
    return true;
}

/* Z, +02:00, +0200, +02, CET and the like; nothing is none. */
static bool take_offset(struct cursor *cursor, struct gb_stamp *stamp)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"UTC", 0}, {"GMT", 0}, {"CEST", 2}, {"CET", 1}, {"Z", 0}};
    const char *from = cursor->at;
    int hours, minutes = 0;

    while (take(cursor, ' ') || take(cursor, '('))
        continue;
    if (cursor->at == cursor->end) { /* as most stamps end */
        cursor->at = from;
        return true;
    }
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        size_t n = strlen(zones[i].name);
        if ((size_t)(cursor->end - cursor->at) >= n &&
            strncasecmp(cursor->at, zones[i].name, n) == 0) {
            cursor->at += n;
            take(cursor, ')');
            stamp->has_offset = true;
            stamp->offset_s = HOUR_S * zones[i].hours;
            return true;
        }
    }
    bool is_west = cursor->at < cursor->end && *cursor->at == '-';
    if (!is_digit(cursor, 1) || (!take(cursor, '+') && !take(cursor, '-'))) {
        cursor->at = from;
        return true;
    }
    if (!take_number(cursor, 2, 2, &hours))
        return false;
    take(cursor, ':');
    if (is_digit(cursor, 0) && !take_number(cursor, 2, 2, &minutes))
        return false;
    stamp->has_offset = hours <= 23 && minutes <= 59;
    stamp->offset_s = (is_west ? -1 : 1) * (HOUR_S * hours + 60 * minutes);
    return stamp->has_offset;
}

/* ---- stamps */

/* The date, from what is kept where it is the same as before. */
static bool take_known_date(struct gb_stamp_reader *reader, struct cursor *cursor,
                            struct gb_stamp *stamp)
{
    const char *from = cursor->at;
    size_t n = n_digits(cursor); /* 12 or 14: digits alone, and a clock right behind the date */

    if (reader->n_date > 0 && (size_t)(cursor->end - from) >= reader->n_date &&
        memcmp(from, reader->date, reader->n_date) == 0 &&
        (cursor->at += reader->n_date, !is_digit(cursor, 0) || n == 12 || n == 14)) {
        *stamp = reader->of_date;
        return true;
    }
    cursor->at = from;
    if (!take_date(cursor, reader->order, stamp))
        return false;
    reader->n_date = (size_t)(cursor->at - from);
    if (reader->n_date > sizeof reader->date)
        reader->n_date = 0;
    memcpy(reader->date, from, reader->n_date);
    reader->of_date = *stamp;
    return true;
}

/* 2024030112 and 2024030112:30, as weather services write hours: of the years 1900 to 2099, for ten
 * digits may as well be seconds since 1970. */
static bool take_date_hour(struct cursor *cursor, struct gb_stamp *stamp)
{
    int year, month, day, hour, minute = 0;

    if (!take_number(cursor, 4, 4, &year) || year < 1900 || year > 2099 ||
        !take_number(cursor, 2, 2, &month) || !take_number(cursor, 2, 2, &day) ||
        !take_number(cursor, 2, 2, &hour) || !set_date(stamp, year, month, day) ||
        (take(cursor, ':') && !take_number(cursor, 2, 2, &minute)))
        return false;
    stamp->local_s += HOUR_S * hour + 60 * minute;
    stamp->has_clock = true;
    return hour * 60 + minute <= 24 * 60 && minute < 60;
}

/* A date with or without a clock, or a clock alone. */
static bool take_stamp(struct gb_stamp_reader *reader, struct cursor *cursor,
                       struct gb_stamp *stamp)
{
    size_t n = n_digits(cursor);

    if (n <= 2 && cursor->at + n < cursor->end &&
        (cursor->at[n] == ':' || (n > 0 && cursor->at[n] == 'h')))
        return take_clock(cursor, stamp);
    if (n == 10)
        return take_date_hour(cursor, stamp);
    if (!take_known_date(reader, cursor, stamp))
        return false;
    const char *from = cursor->at;
    while (take(cursor, ' '))
        continue;
    if (!take(cursor, 'T') && !take(cursor, ':') && !is_digit(cursor, 0)) {
        cursor->at = from; /* the date alone; what follows is somebody else's */
        return true;
    }
    return take_clock(cursor, stamp) && take_offset(cursor, stamp);
}

/* The second half of "12:00 - 12:30", "2024-01-31 12:00 - 12:30", or of ISO 8601's interval,
 * "2024-01-31T12:00/2024-01-31T12:30": its distance. */
static bool take_second_half(struct gb_stamp_reader *reader, struct cursor *cursor,
                             struct gb_stamp *stamp)
{
    struct gb_stamp until = {.local_s = 0};

    while (take(cursor, ' '))
        continue;
    if (cursor->at == cursor->end)
        return true;
    if (!take(cursor, '-') && !take(cursor, '/'))
        return false;
    while (take(cursor, ' '))
        continue;
    if (!take_stamp(reader, cursor, &until) || (until.has_date && !stamp->has_date))
        return false;
    if (!until.has_date && !until.has_offset) /* the same day, by the same clock */
        until.offset_s = stamp->offset_s;
    int64_t day_s = until.has_date ? 0 : DAY_S * gb_floor_divide(stamp->local_s, DAY_S);
    stamp->span_s = until.local_s - until.offset_s - (stamp->local_s - day_s) + stamp->offset_s;
    if (!until.has_date && stamp->span_s <= 0)
        stamp->span_s += DAY_S;
    return cursor->at == cursor->end && stamp->span_s > 0;
}

/* Two digits below `most`. */
static bool two_digits(const char *at, int most, int *out)
{
    unsigned tens = (unsigned)(at[0] - '0'), ones = (unsigned)(at[1] - '0');

    *out = (int)(10 * tens + ones);
    return tens < 10 && ones < 10 && *out < most;
}

/* "12:00" or "12:00:00" of a day; false of any other clock. */
static bool read_plain_clock(struct gb_span cell, int64_t *out)
{
    int hour, minute, second = 0;

    if (cell.n != 5 && cell.n != 8)
        return false;
    if (!two_digits(cell.at, 24, &hour) || cell.at[2] != ':' ||
        !two_digits(cell.at + 3, 60, &minute) ||
        (cell.n == 8 && (cell.at[5] != ':' || !two_digits(cell.at + 6, 60, &second))))
        return false;
    *out = HOUR_S * hour + 60 * minute + second;
    return true;
}

/* The bytes of a plain clock, "12:00" or "12:00:00", of which so many are there at most. */
static size_t clock_length(const char *clock, size_t n)
{
    return n >= 8 && clock[5] == ':' ? 8 : 5;
}

/* The date of the stamp before, a plain clock and perhaps its offset, as most stamps of a file are:
 * only the clock is read. returns false of any other */
static bool read_same_day(const struct gb_stamp_reader *reader, struct gb_span cell,
                          struct gb_stamp *out)
{
    size_t n = reader->n_date;
    int64_t clock_s;

    if (n == 0 || cell.n < n + 6 || (cell.at[n] != ' ' && cell.at[n] != 'T') ||
        memcmp(cell.at, reader->date, n) != 0)
        return false;
    const char *clock = cell.at + n + 1;
    size_t left = cell.n - n - 1, n_clock = clock_length(clock, left), n_rest = left - n_clock;
    bool has_offset = n_rest > 0;
    if (!read_plain_clock((struct gb_span){clock, n_clock}, &clock_s) ||
        (has_offset &&
         (n_rest != reader->n_offset || memcmp(clock + n_clock, reader->offset, n_rest) != 0)))
        return false;
    *out = reader->of_date;
    out->local_s += clock_s;
    out->has_clock = true;
    out->has_offset = has_offset;
    out->offset_s = has_offset ? reader->offset_s : 0;
    return true;
}

/* Keeps the offset of a stamp, which stands behind a date that is kept and a plain clock. */
static void keep_offset(struct gb_stamp_reader *reader, struct gb_span cell)
{
    size_t n = reader->n_date;
    struct gb_stamp stamp = {.local_s = 0};

    if (n == 0 || cell.n < n + 6)
        return;
    size_t n_clock = clock_length(cell.at + n + 1, cell.n - n - 1);
    struct cursor cursor = {cell.at + n + 1 + n_clock, cell.at + cell.n};
    const char *from = cursor.at;
    size_t n_offset = (size_t)(cursor.end - from);
    if (n_offset > sizeof reader->offset || !take_offset(&cursor, &stamp) || !stamp.has_offset ||
        cursor.at != cursor.end)
        return;
    memcpy(reader->offset, from, n_offset);
    reader->n_offset = n_offset;
    reader->offset_s = stamp.offset_s;
}

bool gb_stamp_read(struct gb_stamp_reader *reader, struct gb_span cell, struct gb_stamp *out)
{
    if (read_same_day(reader, cell, out))
        return true;
    struct cursor cursor = {cell.at, cell.at + cell.n};
    struct gb_stamp stamp = {.local_s = 0};

    if (!take_stamp(reader, &cursor, &stamp) || !take_second_half(reader, &cursor, &stamp))
        return false;
    if (stamp.has_offset && stamp.span_s == 0)
        keep_offset(reader, cell);
    *out = stamp;
    return true;
}

bool gb_stamp_read_unix(struct gb_span cell, struct gb_stamp *out)
{
    struct cursor cursor = {cell.at, cell.at + cell.n};
    size_t n = n_digits(&cursor);
    uint64_t value = 0, unit = 1; /* of which a second has so many; of 19 digits any */

    if ((n != 9 && n != 10 && n != 13 && n != 16 && n != 19) || cell.at[0] == '0')
        return false;
    for (size_t i = 10; i < n; i++)
        unit *= 10;
    for (size_t i = 0; i < n; i++)
        value = 10 * value + (uint64_t)(cell.at[i] - '0');
    cursor.at += n;
    if (take(&cursor, '.'))
        while (take(&cursor, '0'))
            continue;
    if (cursor.at != cursor.end || value % unit != 0 ||
        value / unit >= (uint64_t)(gb_days_to_year(LAST_YEAR + 1) * DAY_S))
        return false;
    *out = (struct gb_stamp){.local_s = (int64_t)(value / unit),
                             .has_date = true,
                             .has_clock = true,
                             .has_offset = true};
    return true;
}

/* Digits behind the decimal sign. */
static int n_decimals(struct gb_span cell, char decimal)
{
    const char *sign = cell.n > 0 ? memchr(cell.at, decimal, cell.n) : NULL;

    return sign ? (int)(cell.at + cell.n - sign) - 1 : 0;
}

bool gb_stamp_read_serial(struct gb_span cell, char decimal, bool since_1904, struct gb_stamp *out)
{
    enum { DAYS_TO_1899 = -25569, DAYS_TO_1904 = -24107, LAST_SERIAL = 110000, TELLING = 5 };
    int64_t nano;

    if (gb_cell_number(cell, decimal, &nano) != GB_CELL_NUMBER || nano < GB_NANO ||
        nano > LAST_SERIAL * GB_NANO)
        return false;
    int64_t days = nano / GB_NANO, part = nano % GB_NANO * DAY_S;
    if (part % GB_NANO != 0 && n_decimals(cell, decimal) < TELLING)
        return false;
    days += since_1904 ? DAYS_TO_1904 : DAYS_TO_1899;
    *out = (struct gb_stamp){.local_s = days * DAY_S + (part + GB_NANO / 2) / GB_NANO,
                             .has_date = true,
                             .has_clock = part != 0};
    return true;
}

bool gb_stamp_read_clock(struct gb_span cell, struct gb_stamp *out)
{
    struct cursor cursor = {cell.at, cell.at + cell.n};
    struct gb_stamp stamp = {.local_s = 0};

    if (!take_clock(&cursor, &stamp) || cursor.at != cursor.end)
        return false;
    *out = stamp;
    return true;
}
