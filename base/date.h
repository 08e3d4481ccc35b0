/* The proleptic Gregorian calendar: a date is a number of days since 1970-01-01. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_civil_day {
    int year, month, day; /* month and day from 1 */
    int day_of_year;      /* 1 January = 1 */
    int weekday;          /* Monday = 0, Sunday = 6 */
};

struct gb_civil_day gb_civil_day_at(int64_t days_since_1970);
/* Days from 1970-01-01 to 1 January of `year`. */
int64_t gb_days_to_year(int year);

/* Days from 1970-01-01 to a date of the years 1 to 9999; false where there is no such day. */
bool gb_civil_days(int year, int month, int day, int64_t *out);

/* Reads "2023-06-01", of the years 1 to 9999; false where there is no such day. */
bool gb_date_parse(const char *text, int64_t *out);
/* Writes a date that gb_date_parse reads back.
 * buffer  at least 11 bytes */
void gb_date_format(int64_t days, char *buffer, size_t size);

/* Reads an instant of ISO 8601, "2026-06-01T12:00:05.25+02:00": nanoseconds since 1970-01-01 UTC.
 * A blank may stand for the T; seconds, their decimals (up to nine) and the offset (Z, +02:00,
 * +0200, +02; else UTC) may be left out. returns false where it is none or lies beyond 64 bits */
bool gb_instant_parse(const char *text, int64_t *ns);
/* Writes it in UTC, without decimals of the second.
 * buffer  at least 21 bytes */
void gb_instant_format(int64_t ns, char *buffer, size_t size);

/* Quotient rounded towards minus infinity: slots, days and half hours before 0 count downwards. */
static inline int64_t gb_floor_divide(int64_t numerator, int64_t positive)
{
    int64_t quotient = numerator / positive;

    return quotient - (numerator % positive < 0);
}

#endif
