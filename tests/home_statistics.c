#include "tests/home_statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/series.h"

/* Takes mean and annual harmonic out of a series of days: over a year of whole days the three are
 * orthogonal. */
static void take_out_year(double *days)
{
    double parts[3] = {0};

    for (int d = 0; d < HOME_DAYS; d++) {
        double angle = 2 * M_PI * d / HOME_DAYS;
        parts[0] += days[d] / HOME_DAYS;
        parts[1] += 2 * days[d] * cos(angle) / HOME_DAYS;
        parts[2] += 2 * days[d] * sin(angle) / HOME_DAYS;
    }
    for (int d = 0; d < HOME_DAYS; d++) {
        double angle = 2 * M_PI * d / HOME_DAYS;
        days[d] -= parts[0] + parts[1] * cos(angle) + parts[2] * sin(angle);
    }
}

/* Sum of products over the sum of squares, of a series of mean 0. */
static double acf_about_0(const double *x, size_t n, size_t lag)
{
    double products = 0, squares = 0;

    for (size_t t = 0; t < n; t++)
        squares += x[t] * x[t];
    for (size_t t = lag; t < n; t++)
        products += x[t] * x[t - lag];
    return products / squares;
}

static double share_away(const double *load, double mean)
{
    double means[HOME_DAYS], spread[HOME_DAYS], sorted[HOME_DAYS];
    int run = 0, away = 0;

    for (int d = 0; d < HOME_DAYS; d++) {
        means[d] = series_mean(load + (size_t)d * HALVES_A_DAY, HALVES_A_DAY);
        spread[d] = series_sd(load + (size_t)d * HALVES_A_DAY, HALVES_A_DAY) / means[d];
    }
    memcpy(sorted, spread, sizeof sorted);
    double median = series_quantile(sorted, HOME_DAYS, 0.5);
    for (int d = 0; d <= HOME_DAYS; d++) {
        if (d < HOME_DAYS && means[d] < 0.4 * mean && spread[d] < 0.6 * median) {
            run++;
            continue;
        }
        away += run >= 2 ? run : 0;
        run = 0;
    }
    return (double)away / HOME_DAYS;
}

static double cv_of_hour(const double *load, int hour)
{
    double values[2 * HOME_DAYS];

    for (int d = 0; d < HOME_DAYS; d++)
        memcpy(values + 2 * (size_t)d, load + (size_t)(d * HALVES_A_DAY + 2 * hour),
               2 * sizeof *values);
    return series_sd(values, 2 * HOME_DAYS) / series_mean(values, 2 * HOME_DAYS);
}

struct home_statistics home_statistics(const double *load)
{
    struct home_statistics s = {0};
    double mean = series_mean(load, HOME_SLOTS), days[HOME_DAYS];
    double *sorted = malloc(HOME_SLOTS * sizeof *sorted);

    s.cv = series_sd(load, HOME_SLOTS) / mean;
    s.acf = series_acf(load, HOME_SLOTS, 1);
    memcpy(sorted, load, HOME_SLOTS * sizeof *sorted);
    s.base = series_quantile(sorted, HOME_SLOTS, 0.01) / mean;
    s.q99 = series_quantile(sorted, HOME_SLOTS, 0.99) / mean;
    free(sorted);
    for (int d = 0; d < HOME_DAYS; d++)
        days[d] = series_mean(load + (size_t)d * HALVES_A_DAY, HALVES_A_DAY);
    take_out_year(days);
    s.day_acf[0] = acf_about_0(days, HOME_DAYS, 1);
    s.day_acf[1] = acf_about_0(days, HOME_DAYS, 7);
    s.away = share_away(load, mean);
    s.hour_cv[0] = cv_of_hour(load, 3);
    s.hour_cv[1] = cv_of_hour(load, 20);
    for (int t = HALVES_A_DAY; t < HOME_SLOTS; t++)
        s.repetition += fabs(load[t] - load[t - HALVES_A_DAY]) / mean / (HOME_SLOTS - HALVES_A_DAY);
    for (int t = 0; t < HOME_SLOTS; t++)
        s.day[t % HALVES_A_DAY] += load[t] / mean / HOME_DAYS;
    return s;
}

/* The quantile of one of the statistics over the homes; member: its place in the struct */
static double quantile_of(const struct home_statistics *homes, const size_t *which, size_t n,
                          size_t member, double share)
{
    double *x = malloc(n * sizeof *x);

    for (size_t i = 0; i < n; i++)
        memcpy(&x[i], (const char *)&homes[which[i]] + member, sizeof *x);
    series_quantile(x, n, share); /* sorts; few homes need what lies between two of them */
    double place = share * (double)(n - 1);
    size_t before = place < (double)(n - 1) ? (size_t)place : n - 2;
    double value = x[before] + (place - (double)before) * (x[before + 1] - x[before]);
    free(x);
    return value;
}

#define QUANTILE(name, member, share)                                                         \
    static double name(const struct home_statistics *homes, const size_t *which, size_t n)    \
    {                                                                                         \
        return quantile_of(homes, which, n, offsetof(struct home_statistics, member), share); \
    }
QUANTILE(cv_low, cv, 0.1)
QUANTILE(cv_median, cv, 0.5)
QUANTILE(cv_high, cv, 0.9)
QUANTILE(base_low, base, 0.1)
QUANTILE(base_high, base, 0.9)
QUANTILE(next_day, day_acf[0], 0.5)
QUANTILE(next_week, day_acf[1], 0.5)
QUANTILE(at_night, hour_cv[0], 0.5)
QUANTILE(in_the_evening, hour_cv[1], 0.5)
QUANTILE(day_apart, repetition, 0.5)

static double away_days(const struct home_statistics *homes, const size_t *which, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += homes[which[i]].away / (double)n;
    return sum;
}

/* Mean correlation of the mean days of pairs of different homes: from the square of the sum of
 * their standard scores, less what a home has with itself. */
static double alike(const struct home_statistics *homes, const size_t *which, size_t n)
{
    double sums[HALVES_A_DAY] = {0}, all = 0;
    double pairs = (double)n * (double)n, same = 0;

    for (size_t i = 0; i < n; i++) {
        const double *day = homes[which[i]].day;
        double mean = series_mean(day, HALVES_A_DAY), sd = series_sd(day, HALVES_A_DAY);
        for (int h = 0; h < HALVES_A_DAY; h++)
            sums[h] += (day[h] - mean) / sd;
        for (size_t j = 0; j < n; j++) /* a resample has some of them more than once */
            same += which[j] == which[i];
    }
    for (int h = 0; h < HALVES_A_DAY; h++)
        all += sums[h] * sums[h] / HALVES_A_DAY;
    return (all - same) / (pairs - same);
}

/* Intervals: 4000 resamples of the 30 homes (test_habits.c prints them where the data are). */
const struct home_target home_targets[] = {
    {"cv q10", cv_low, 0.664, 0.591, 0.739},
    {"cv q50", cv_median, 0.948, 0.814, 1.112},
    {"cv q90", cv_high, 1.474, 1.165, 1.717},
    {"base load q10", base_low, 0.092, 0.065, 0.128},
    {"base load q90", base_high, 0.406, 0.303, 0.477},
    {"shape between homes", alike, 0.573, 0.448, 0.687},
    {"daily energy, 1 day apart", next_day, 0.379, 0.264, 0.456},
    {"daily energy, 7 days apart", next_week, 0.194, 0.149, 0.264},
    {"days away", away_days, 0.0107, 0.005, 0.018},
    {"noise at 03 h", at_night, 0.428, 0.379, 0.589},
    {"noise at 20 h", in_the_evening, 0.635, 0.578, 0.849},
    {"24 h difference", day_apart, 0.581, 0.513, 0.633},
    {0},
};

double lunch_of(const struct home_statistics *homes, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += series_mean(homes[i].day + 18, 10) / (double)n;
    return sum;
}
