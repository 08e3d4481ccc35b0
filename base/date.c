#include "base/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

int64_t gb_days_to_year(int year)
{
    const int64_t days_to_1970 = 719162; /* from 1 January of the year 1 */
    int64_t before = (int64_t)year - 1;

    return 365 * before + gb_floor_divide(before, 4) - gb_floor_divide(before, 100) +
           gb_floor_divide(before, 400) - days_to_1970;
}

struct gb_civil_day gb_civil_day_at(int64_t days_since_1970)
{
    struct gb_civil_day civil = {.month = 1};

    civil.year = 1970 + (int)gb_floor_divide(days_since_1970 * 400, 146097); /* or one off */
    while (gb_days_to_year(civil.year) > days_since_1970)
        civil.year--;
    while (gb_days_to_year(civil.year + 1) <= days_since_1970)
        civil.year++;
    int left = (int)(days_since_1970 - gb_days_to_year(civil.year));
    civil.day_of_year = left + 1;
    for (; left >= days_in_month(civil.year, civil.month); civil.month++)
        left -= days_in_month(civil.year, civil.month);
    civil.day = left + 1;
    civil.weekday = (int)(((days_since_1970 + 3) % 7 + 7) % 7); /* 1970-01-01: a Thursday */
    return civil;
}

bool gb_civil_days(int year, int month, int day, int64_t *out)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month))
        return false;
    int64_t days = gb_days_to_year(year) + day - 1;
    for (int m = 1; m < month; m++)
        days += days_in_month(year, m);
    *out = days;
    return true;
}

bool gb_date_parse(const char *text, int64_t *out)
{
    static const char form[] = "dddd-dd-dd";
    int part[3] = {0}, which = 0;

    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i]; i++) {
        if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
        if (form[i] == '-')
            which++;
        else
            part[which] = 10 * part[which] + text[i] - '0';
    }
    return gb_civil_days(part[0], part[1], part[2], out);
}

void gb_date_format(int64_t days, char *buffer, size_t size)
{
    struct gb_civil_day civil = gb_civil_day_at(days);

    snprintf(buffer, size, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

/* ---- instants */

/* Takes two digits from 0 to `most`. returns what follows, NULL where there are none */
static const char *take_two(const char *text, int most, int64_t *out)
{
    if (!text || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return NULL;
    *out = 10 * (text[0] - '0') + text[1] - '0';
    return *out <= most ? text + 2 : NULL;
}

/* The decimals of a second, up to nine. */
static const char *take_decimals(const char *text, int64_t *ns)
{
    int64_t unit = 1000000000;

    if (*text < '0' || *text > '9')
        return NULL;
    for (; *text >= '0' && *text <= '9'; text++) {
        unit /= 10;
        if (unit == 0)
            return NULL;
        *ns += unit * (*text - '0');
    }
    return text;
}

/* "12:00:05.25": seconds of the day, and nanoseconds beside. */
static const char *take_clock(const char *text, int64_t *seconds, int64_t *ns)
{
    int64_t hours = 0, minutes = 0;

    text = take_two(text, 23, &hours);
    text = text && *text == ':' ? take_two(text + 1, 59, &minutes) : NULL;
    *seconds = 0;
    if (text && *text == ':')
        text = take_two(text + 1, 59, seconds);
    *seconds += 3600 * hours + 60 * minutes;
    return text && (*text == '.' || *text == ',') ? take_decimals(text + 1, ns) : text;
}

/* "+02:00": seconds ahead of UTC. */
static const char *take_offset(const char *text, int64_t *seconds)
{
    int64_t hours = 0, minutes = 0;
    int sign = text && *text == '-' ? -1 : 1;

    *seconds = 0;
    if (!text || *text == '\0')
        return text;
    if (*text == 'Z' || *text == 'z')
        return text + 1;
    if (*text != '+' && *text != '-')
        return NULL;
    text = take_two(text + 1, 23, &hours);
    text = text && *text == ':' ? text + 1 : text;
    if (text && *text)
        text = take_two(text, 59, &minutes);
    *seconds = sign * (3600 * hours + 60 * minutes);
    return text;
}

bool gb_instant_parse(const char *text, int64_t *ns)
{
    char date[sizeof "dddd-dd-dd"];
    int64_t days, seconds, offset, rest = 0;

    snprintf(date, sizeof date, "%s", text);
    if (!gb_date_parse(date, &days) || (text[10] != 'T' && text[10] != ' '))
        return false;
    const char *end = take_offset(take_clock(text + 11, &seconds, &rest), &offset);
    int64_t value;
    if (!end || *end ||
        __builtin_mul_overflow(86400 * days + seconds - offset, INT64_C(1000000000), &value) ||
        __builtin_add_overflow(value, rest, &value))
        return false;
    *ns = value;
    return true;
}

void gb_instant_format(int64_t ns, char *buffer, size_t size)
{
    int64_t seconds = gb_floor_divide(ns, INT64_C(1000000000));
    int64_t days = gb_floor_divide(seconds, 86400), of_day = seconds - 86400 * days;
    char date[32];

    gb_date_format(days, date, sizeof date);
    snprintf(buffer, size, "%.10sT%02" PRId64 ":%02" PRId64 ":%02" PRId64 "Z", date, of_day / 3600,
             of_day / 60 % 60, of_day % 60);
}
