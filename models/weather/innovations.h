/* A latent that forgets, and may turn, at one complex rate (an Ornstein-Uhlenbeck process of unit
 * variance), drawn as its means over steps and nothing else. Such means are an ARMA(1,1) process:
 * each is what those before it foretell, plus what they do not, so that one draw a step is exact at
 * any length:
 *     mean      =  foretold  +  news n,        n standard normal
 *     foretold' =  memory foretold  +  gain news n
 * Of a process that turns all of these are complex, and n has two standard normals. Where the
 * instants at the ends of a step are asked for, see models/weather/step_means.h.
 *
 * With the memory exp(-x) of an instant over a step,
 *     variance of a mean               c0 = 2 Re (x - 1 + exp(-x)) / x^2
 *     covariance with the one before   c1 = ((1 - exp(-x)) / x)^2
 *     with one k steps before          c1 exp(-(k - 1) x)
 * source of the innovations  P. J. Brockwell, R. A. Davis, Time Series: Theory and Methods, 2nd ed.
 * (Springer, 1991), sections 3.1 and 5.2 */
#ifndef MODELS_WEATHER_INNOVATIONS_H
#define MODELS_WEATHER_INNOVATIONS_H

#include <complex.h>

struct gb_innovations {
    double complex memory; /* exp(-x) */
    double complex next;   /* c1 */
    double complex gain;   /* what of its news a mean tells of the next one */
    double variance;       /* c0 */
    double news, foretold; /* standard deviations */
};

/* x: a step over the time constant; its imaginary part, by which the process turns in a step, of
 * any sign, its real part positive and at least 1e-6 of |x|: of one that turns by whole rounds and
 * hardly forgets, what its means leave to be foretold is lost in rounding */
struct gb_innovations gb_innovations_make(double complex x);

/* The mean over the next step of a process that does not turn.
 * foretold  in: of this mean; out: of the next one
 * normal    a standard normal draw */
static inline double gb_innovations_advance(const struct gb_innovations *means, double *foretold,
                                            double normal)
{
    double news = means->news * normal, mean = *foretold + news;

    *foretold = creal(means->memory) * *foretold + creal(means->gain) * news;
    return mean;
}

#endif
