#include "models/weather/calendar.h"

#include <stdbool.h>

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int64_t gb_days_to_year(int year)
{
    const int64_t days_to_1970 = 719162; /* from 1 January of the year 1 */
    int64_t past = (int64_t)year - 1;

    return 365 * past + gb_floor_divide(past, 4) - gb_floor_divide(past, 100) +
           gb_floor_divide(past, 400) - days_to_1970;
}

struct gb_civil_day gb_civil_day_at(int64_t days_since_1970)
{
    static const int days_in_month[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct gb_civil_day civil = {.month = 1};

    civil.year = 1970 + (int)gb_floor_divide(days_since_1970 * 400, 146097); /* or one off */
    while (gb_days_to_year(civil.year) > days_since_1970)
        civil.year--;
    while (gb_days_to_year(civil.year + 1) <= days_since_1970)
        civil.year++;
    int left = (int)(days_since_1970 - gb_days_to_year(civil.year));
    civil.day_of_year = left + 1;
    for (;; civil.month++) {
        int length = days_in_month[civil.month - 1] + (civil.month == 2 && is_leap(civil.year));
        if (left < length)
            break;
        left -= length;
    }
    civil.day = left + 1;
    civil.weekday = (int)(((days_since_1970 + 3) % 7 + 7) % 7); /* 1970-01-01: a Thursday */
    return civil;
}
