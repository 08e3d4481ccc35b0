#include "models/weather/step_means.h"

#define SERIES_BELOW 0.01  /* where differences of neighbours would lose digits */
#define LEAST_MEMORY 1e-12 /* over an hour: keeps logs finite */

/* Power series of the same, to a part in 1e10. */
static struct gb_step_means of_short_step(double x)
{
    return (struct gb_step_means){
        .memory = exp(-x),
        .reach = 1 - x / 2 + x * x / 6 - x * x * x / 24 + x * x * x * x / 120,
        .variance = 1 - x / 3 + x * x / 12 - x * x * x / 60 + x * x * x * x / 360,
        .ends = 0.5 - x * x / 24 + x * x * x * x / 240,
        .about = sqrt(x / 6 - x * x * x / 60),
    };
}

struct gb_step_means gb_step_means_make(double x)
{
    double forgotten = -expm1(-x), ratio = forgotten / (2 - forgotten); /* tanh(x/2) */

    if (x < SERIES_BELOW)
        return of_short_step(x);
    return (struct gb_step_means){
        .memory = 1 - forgotten,
        .reach = forgotten / x,
        .variance = 2 * (x - forgotten) / (x * x),
        .ends = ratio / x,
        .about = sqrt(2 * (x - 2 * ratio)) / x,
    };
}

struct gb_step_means gb_step_means_by_hour(double memory_hour, double step_h)
{
    return gb_step_means_make(-step_h * log(fmax(memory_hour, LEAST_MEMORY)));
}
