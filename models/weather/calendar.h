/* The calendar a profile or the sun needs: a day count since 1970-01-01 as year, month, day,
 * weekday (proleptic Gregorian). */
#ifndef MODELS_WEATHER_CALENDAR_H
#define MODELS_WEATHER_CALENDAR_H

#include <stdint.h>

struct gb_civil_day {
    int year, month, day; /* month and day from 1 */
    int day_of_year;      /* 1 January = 1 */
    int weekday;          /* Monday = 0, Sunday = 6 */
};

struct gb_civil_day gb_civil_day_at(int64_t days_since_1970);
/* Days from 1970-01-01 to 1 January of `year`. */
int64_t gb_days_to_year(int year);

/* Quotient rounded towards minus infinity: slots and half hours before 0 count downwards. */
static inline int64_t gb_floor_divide(int64_t numerator, int64_t positive)
{
    int64_t quotient = numerator / positive;

    return quotient - (numerator % positive < 0);
}

#endif
