#include "models/assets/h0.h"

#include <math.h>

#include "base/date.h"

static int days_in_year(int year)
{
    return (int)(gb_days_to_year(year + 1) - gb_days_to_year(year));
}

int gb_h0_type(int64_t days_since_1970)
{
    enum { SUMMER, WINTER, TRANSITION };
    struct gb_civil_day civil = gb_civil_day_at(days_since_1970);
    int date = 100 * civil.month + civil.day;
    int season = TRANSITION;

    if (date >= 1101 || date <= 320)
        season = WINTER;
    else if (date >= 515 && date <= 914)
        season = SUMMER;
    return 3 * season + (civil.weekday == 5 ? 1 : civil.weekday == 6 ? 2 : 0);
}

double gb_h0_day_factor(double x)
{
    return (((-3.916649251e-10 * x + 3.2e-7) * x - 7.02e-5) * x + 2.1e-3) * x + 1.24;
}

/* Days of each type in a year. */
static void count_types(int year, int counts[GB_H0_TYPES])
{
    int64_t first = gb_days_to_year(year);

    for (int type = 0; type < GB_H0_TYPES; type++)
        counts[type] = 0;
    for (int day = 0; day < days_in_year(year); day++)
        counts[gb_h0_type(first + day)]++;
}

double gb_h0_year_sum(int year)
{
    int counts[GB_H0_TYPES];
    int64_t sum = 0;

    count_types(year, counts);
    for (int type = 0; type < GB_H0_TYPES; type++)
        for (int quarter = 0; quarter < GB_QUARTERS; quarter++)
            sum += (int64_t)counts[type] * gb_h0_table[quarter][type];
    return (double)sum;
}

double gb_h0_scale(int year)
{
    return (double)days_in_year(year) * GB_QUARTERS / gb_h0_year_sum(year);
}

void gb_h0_day(int64_t days_since_1970, double scale, double m[GB_QUARTERS])
{
    struct gb_civil_day civil = gb_civil_day_at(days_since_1970);
    int type = gb_h0_type(days_since_1970);

    for (int quarter = 0; quarter < GB_QUARTERS; quarter++) {
        double x = civil.day_of_year - 1 + (quarter + 1) / (double)GB_QUARTERS;
        m[quarter] = scale * gb_h0_table[quarter][type] * gb_h0_day_factor(x);
    }
}

/* Mean over the year of exp(exponent x log m). log_factors: day factor and scale of each day */
static double power_mean(int n_days, const int *types, const double *log_factors,
                         const double (*log_table)[GB_H0_TYPES], double exponent)
{
    double factors[GB_H0_TYPES] = {0}, sum = 0;

    for (int day = 0; day < n_days; day++)
        factors[types[day]] += exp(exponent * log_factors[day]);
    for (int type = 0; type < GB_H0_TYPES; type++) {
        double of_day = 0;
        for (int quarter = 0; quarter < GB_QUARTERS; quarter++)
            of_day += exp(exponent * log_table[quarter][type]);
        sum += of_day * factors[type];
    }
    return sum / ((double)n_days * GB_QUARTERS);
}

void gb_h0_power_means(int year, const double *exponents, size_t n, double *means)
{
    double log_factors[366], log_table[GB_QUARTERS][GB_H0_TYPES];
    int n_days = days_in_year(year), types[366];
    double scale = gb_h0_scale(year);

    /* within a day the factor moves by less than half a percent: its value at noon will do */
    for (int day = 0; day < n_days; day++) {
        types[day] = gb_h0_type(gb_days_to_year(year) + day);
        log_factors[day] = log(scale * gb_h0_day_factor(day + 0.5));
    }
    for (int quarter = 0; quarter < GB_QUARTERS; quarter++)
        for (int type = 0; type < GB_H0_TYPES; type++)
            log_table[quarter][type] = log(gb_h0_table[quarter][type]);
    for (size_t i = 0; i < n; i++)
        means[i] = power_mean(n_days, types, log_factors, log_table, exponents[i]);
}
