/* A population of trials to test intervals on, drawn like the days of
 * experiments/village.yaml with ideal consensus: of 1000 of those the sellers' grid-only revenue
 * (below the line) had mean 88.1, coefficient of variation 0.455, skewness 0.91 and kurtosis 4.8,
 * which is a gamma distribution's; what the market adds to it (above the line) 15.7, 0.292, 0.91
 * and 4.3, which is a lognormal one's; and their correlation was 0.39. A second cell shares the
 * draws, but for some noise of its own, and has 6 % less above the line. */
#ifndef TESTS_VILLAGE_DAYS_H
#define TESTS_VILLAGE_DAYS_H

#include <math.h>
#include <stdint.h>

#include <gsl/gsl_cdf.h>

#include "tests/splitmix64.h"

#define DAY_MEAN_X 15.75
#define DAY_MEAN_Y 88.07
#define DAY_SIGMA 0.2865 /* of log x */
#define DAY_SHAPE 4.83   /* of y */
#define DAY_EFFECT 0.06

struct village_day {
    double x, y, x_other, y_other;
};

static inline double village_uniform(uint64_t *state)
{
    return ((double)(splitmix64(state) >> 12) + 0.5) * 0x1p-52;
}

static inline double village_normal(uint64_t *state)
{
    return gsl_cdf_ugaussian_Pinv(village_uniform(state));
}

/* Lognormal with mean 1. */
static inline double village_lognormal(double normal, double sigma)
{
    return exp(sigma * normal - sigma * sigma / 2.0);
}

/* One day, per day of a trial. */
static inline struct village_day village_day_draw(uint64_t *state)
{
    double of_y = village_normal(state);
    double of_x = 0.4 * of_y + sqrt(1.0 - 0.4 * 0.4) * village_normal(state);
    double x = DAY_MEAN_X * village_lognormal(of_x, DAY_SIGMA);
    double y = gsl_cdf_gamma_Pinv(gsl_cdf_ugaussian_P(of_y), DAY_SHAPE, DAY_MEAN_Y / DAY_SHAPE);

    return (struct village_day){
        x, y, (1.0 - DAY_EFFECT) * x * village_lognormal(village_normal(state), 0.05),
        y * village_lognormal(village_normal(state), 0.05)};
}

/* The mean over the days of a trial that lasts so many. */
static inline struct village_day village_trial_draw(uint64_t *state, int n_days)
{
    struct village_day mean = {0};

    for (int i = 0; i < n_days; i++) {
        struct village_day day = village_day_draw(state);

        mean.x += day.x / n_days;
        mean.y += day.y / n_days;
        mean.x_other += day.x_other / n_days;
        mean.y_other += day.y_other / n_days;
    }
    return mean;
}

#endif
