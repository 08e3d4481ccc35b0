/* The mean day of a household: the BDEW standard load profile H0 in quarter hours, by season and
 * kind of day, with its day factor. Holidays count as the weekday they fall on.
 * source  BDEW (VDEW) standard load profiles 1999; the table as reproduced by oemof/demandlib */
#ifndef MODELS_ASSETS_H0_H
#define MODELS_ASSETS_H0_H

#include <stddef.h>
#include <stdint.h>

/* Quarters of an hour of a day, and types of day. */
enum { GB_QUARTERS = 96, GB_H0_TYPES = 9 };

/* The table, by quarter and type of day, in 1e-5 of the unit of oemof's demandlib. */
extern const uint16_t gb_h0_table[GB_QUARTERS][GB_H0_TYPES];

/* Column of the table for a day: 3 x (summer 0, winter 1, transition 2) + (workday 0, Saturday 1,
 * Sunday 2). Winter is 1 November to 20 March, summer 15 May to 14 September. */
int gb_h0_type(int64_t days_since_1970);

/* Factor that lifts winter and lowers summer.
 * x  days since 1 January 00:00 at the end of the quarter hour */
double gb_h0_day_factor(double x);

/* Sum of the table over all quarter hours of a year, day factor left out. */
double gb_h0_year_sum(int year);

/* One over the mean of the table over a year. */
double gb_h0_scale(int year);

/* m of the quarter hours of a day: the profile with the day factor, times the scale of the year
 * that it is relative to. Over that year its mean is 1 within 2e-4. */
void gb_h0_day(int64_t days_since_1970, double scale, double m[GB_QUARTERS]);

/* Means over a year of m^exponents[i]: days sharper (above 1) or flatter than the mean one. */
void gb_h0_power_means(int year, const double *exponents, size_t n, double *means);

#endif
