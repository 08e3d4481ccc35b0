#include "analysis/order_statistics.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

static int compare_values(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void gb_order_sample(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_values);
}

double gb_quantile(const double *sorted, size_t n, double probability)
{
    if (n == 0)
        return NAN;
    double place = probability * (double)(n - 1), below = floor(place);
    size_t i = (size_t)below;

    return i + 1 >= n ? sorted[n - 1] : sorted[i] + (place - below) * (sorted[i + 1] - sorted[i]);
}

/* The smallest k with P(B <= k) >= probability, B binomial of n trials at `success`. */
static size_t binomial_quantile(double probability, double success, size_t n)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (gsl_cdf_binomial_P((unsigned)middle, success, (unsigned)n) >= probability)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct gb_confidence_interval gb_quantile_interval(const double *sorted, size_t n,
                                                   double probability, double level)
{
    struct gb_confidence_interval out = {
        gb_quantile(sorted, n, probability), NAN, NAN, n, 0, GB_INTERVAL_USUAL};

    if (n < 2)
        return out;
    /* ranks from 1: P(rank lower > quantile) <= (1 - level) / 2 <= that of rank lower + 1 */
    size_t lower = binomial_quantile((1.0 - level) / 2.0, probability, n);
    size_t upper = binomial_quantile((1.0 + level) / 2.0, probability, n) + 1;
    if (sorted[0] == sorted[n - 1]) {
        out.kind = GB_INTERVAL_CONSTANT;
    } else if (lower >= 1 && upper <= n) {
        out.lower = sorted[lower - 1];
        out.upper = sorted[upper - 1];
    }
    return out;
}
