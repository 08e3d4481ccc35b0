#include "base/date.h"

#include <stdio.h>
#include <string.h>

enum { DAYS_TO_1970 = 719162 }; /* from 0001-01-01 */

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

static int64_t days_before_year(int year)
{
    int64_t past = year - 1;

    return 365 * past + past / 4 - past / 100 + past / 400 - DAYS_TO_1970;
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
    int64_t days = days_before_year(year) + day - 1;
    for (int m = 1; m < month; m++)
        days += days_in_month(year, m);
    *out = days;
    return true;
}

void gb_date_format(int64_t days, char *buffer, size_t size)
{
    int year = 1970 + (int)(days / 366); /* at or before the true one for days >= 0 */
    int month = 1;

    if (days < 0)
        year = 1970 + (int)(days / 365) - 1;
    while (days_before_year(year + 1) <= days)
        year++;
    days -= days_before_year(year);
    for (; days >= days_in_month(year, month); month++)
        days -= days_in_month(year, month);
    snprintf(buffer, size, "%04d-%02d-%02d", year, month, (int)days + 1);
}
