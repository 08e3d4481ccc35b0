/* A latent that forgets at one rate (an Ornstein-Uhlenbeck process of unit variance), seen in its
 * means over steps. At instants the latent is an AR(1) process; its means are not, but given the
 * instants at both ends of a step the mean over it is normal and knows of nothing else, so that a
 * step costs two draws and is exact at any length: minutes averaged are the hours that hours draw.
 *
 * With the memory rho = exp(-x) of an instant over a step,
 *     covariance of the mean with the instant at either end   (1 - rho) / x
 *     variance of the mean                                    2 (x - 1 + rho) / x^2
 *     mean given the ends        tanh(x/2) / x (begin + end), and a variance of
 *                                2 (x - 2 tanh(x/2)) / x^2
 * which integrals of exp(-|t - u|) over the step, and over its square, give. */
#ifndef MODELS_WEATHER_STEP_MEANS_H
#define MODELS_WEATHER_STEP_MEANS_H

#include <math.h>

#include "models/weather/gaussian.h"

struct gb_step_means {
    double memory;   /* correlation of the instants at both ends */
    double reach;    /* covariance of the mean with either of them */
    double variance; /* of the mean */
    double ends;     /* what each of them weighs in the mean */
    double about;    /* standard deviation of the mean about that */
};

/* x: a step over the time constant, not negative; 0 never forgets */
struct gb_step_means gb_step_means_make(double x);
/* By the memory over an hour, 0 to 1, in steps of so many hours. That of 0, which would leave
 * nothing of any mean, is taken for 1e-12. */
struct gb_step_means gb_step_means_by_hour(double memory_hour, double step_h);

/* The mean over the next step.
 * instant  in: where it begins; out: where it ends
 * first, second  normal draws */
static inline double gb_step_means_advance(const struct gb_step_means *means, double *instant,
                                           double first, double second)
{
    double begin = *instant;

    *instant = gb_latent_step(begin, means->memory, first);
    return means->ends * (begin + *instant) + means->about * second;
}

/* Covariance of the means over two steps.
 * between  memory of an instant from the end of the first to the begin of the second */
static inline double gb_step_means_covariance(const struct gb_step_means *means, double between)
{
    return means->reach * means->reach * between;
}

#endif
