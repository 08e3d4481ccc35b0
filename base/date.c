#include "base/date.h"

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
    int year = part[0], month = part[1], day = part[2];
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    int64_t days = gb_days_to_year(year) + day - 1;
    for (int m = 1; m < month; m++)
        days += days_in_month(year, m);
    *out = days;
    return true;
}

void gb_date_format(int64_t days, char *buffer, size_t size)
{
    struct gb_civil_day civil = gb_civil_day_at(days);

    snprintf(buffer, size, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}
