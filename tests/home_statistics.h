/* How homes differ and what they repeat: the estimators by which measured and modelled homes are
 * compared, over a year of half hours. They know nothing of any model. */
#ifndef TESTS_HOME_STATISTICS_H
#define TESTS_HOME_STATISTICS_H

#include <stddef.h>

enum { HALVES_A_DAY = 48, HOME_DAYS = 365, HOME_SLOTS = HOME_DAYS * HALVES_A_DAY };

/* Of one home. */
struct home_statistics {
    double cv;         /* standard deviation over mean */
    double base;       /* quantile 0.01 over mean */
    double day_acf[2]; /* of daily energy 1 and 7 days apart, after an annual harmonic */
    double away;       /* share of days in runs of two or more below 0.4 of the mean and flat */
    double hour_cv[2]; /* standard deviation over mean of the half hours of hours 3 and 20 */
    double repetition; /* mean absolute difference to the day before, over the mean */
    double acf, q99;   /* of half hours, one apart; quantile 0.99 over mean */
    double day[HALVES_A_DAY]; /* mean day over the mean */
};

/* load: HOME_SLOTS half hours from a midnight on */
struct home_statistics home_statistics(const double *load);

/* What is said of many homes, n of them at the places that `which` names. */
struct home_target {
    const char *name;
    double (*value)(const struct home_statistics *homes, const size_t *which, size_t n);
    double london, low, high; /* of the data: value, 95 % bootstrap interval over homes */
};
extern const struct home_target home_targets[]; /* ends with a row without name */

/* Mean of the mean days from 9 to 14 h. */
double lunch_of(const struct home_statistics *homes, size_t n);

#endif
