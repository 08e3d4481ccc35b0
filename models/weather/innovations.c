#include "models/weather/innovations.h"

#include <math.h>

#define SERIES_BELOW 0.1 /* of |x|, where differences of neighbours would lose digits */
enum { TERMS = 9 };      /* leave 1e-15 there */

/* What ARMA(1,1) means less what their memory keeps are a moving average: its variance, and its
 * covariance with the one before. */
struct moving_average {
    double variance;
    double complex next;
};

static struct moving_average of_long_step(const struct gb_innovations *means)
{
    double kept = creal(means->memory * conj(means->memory));
    double known = 2 * creal(conj(means->memory) * means->next);

    return (struct moving_average){means->variance * (1 + kept) - known,
                                   means->next - means->memory * means->variance};
}

/* The same as an integral over the noise of two steps, which all but cancels in the difference. Of
 * noise a part s of a step before its end, (1 - exp(-x s)) / x enters the step's mean, and
 * (exp(-x s) - exp(-x)) / x that of the next step beyond what memory keeps; both by their power
 * series in s. */
static struct moving_average of_short_step(double complex x)
{
    double complex own[TERMS + 1] = {0}, later[TERMS + 1] = {0}, term = 1, next = 0;
    double variance = 0;

    for (int k = 1; k <= TERMS; k++) {
        own[k] = term /= k;
        later[k] = -own[k];
        later[0] += own[k];
        term *= -x;
    }
    for (int j = 0; j <= TERMS; j++)
        for (int k = 0; k <= TERMS; k++) {
            double weight = 1.0 / (j + k + 1);
            variance += weight * creal(own[j] * conj(own[k]) + later[j] * conj(later[k]));
            next += weight * later[j] * conj(own[k]);
        }
    return (struct moving_average){2 * creal(x) * variance, 2 * creal(x) * next};
}

/* (x - 1 + exp(-x)) / x^2 and (1 - exp(-x)) / x by their power series. */
static void set_by_series(struct gb_innovations *means, double complex x)
{
    double complex half = 0, reach = 0, term = 1;

    for (int k = 1; k <= TERMS; k++) {
        term /= k;
        reach += term;
        half += term / (k + 1);
        term *= -x;
    }
    means->variance = 2 * creal(half);
    means->next = reach * reach;
}

static void set_in_closed_form(struct gb_innovations *means, double complex x)
{
    double complex reach = (1 - means->memory) / x;

    means->variance = 2 * creal((x - 1 + means->memory) / (x * x));
    means->next = reach * reach;
}

struct gb_innovations gb_innovations_make(double complex x)
{
    struct gb_innovations means = {.memory = cexp(-x)};
    struct moving_average rest;

    if (cabs(x) < SERIES_BELOW) {
        set_by_series(&means, x);
        rest = of_short_step(x);
    } else {
        set_in_closed_form(&means, x);
        rest = of_long_step(&means);
    }
    /* rest.variance = news^2 (1 + |theta|^2), rest.next = theta news^2: of the two roots the one
     * that past means can tell, |theta| < 1 */
    double covariance = 2 * cabs(rest.next);
    double news =
        (rest.variance + sqrt((rest.variance - covariance) * (rest.variance + covariance))) / 2;
    means.gain = means.memory + rest.next / news;
    means.news = sqrt(news);
    means.foretold = sqrt(fmax(means.variance - news, 0));
    return means;
}
