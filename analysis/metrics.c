#include "analysis/metrics.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "analysis/order_statistics.h"

/* Sorts. returns sum_ij |x_i - x_j| / 2: every x counts once up for each value below it, once down
 * for each above it */
static double sum_apart(double *values, size_t n)
{
    double sum = 0.0;

    gb_order_sample(values, n);
    for (size_t i = 0; i < n; i++)
        sum += (2.0 * (double)(i + 1) - (double)n - 1.0) * values[i];
    return sum;
}

double gb_gini_of_any_sign(double *values, size_t n)
{
    double apart = sum_apart(values, n), sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += fabs(values[i]);
    return sum == 0.0 ? NAN : apart / ((double)n * sum);
}

static bool has_negative(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (values[i] < 0.0)
            return true;
    return false;
}

double gb_gini(double *values, size_t n)
{
    return has_negative(values, n) ? NAN : gb_gini_of_any_sign(values, n);
}

double gb_jain(const double *values, size_t n)
{
    double sum = 0.0, squares = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum += values[i];
        squares += values[i] * values[i];
    }
    return has_negative(values, n) || squares == 0.0 ? NAN : sum * sum / ((double)n * squares);
}

double gb_ratio(int64_t part, int64_t whole)
{
    return whole == 0 ? NAN : (double)part / (double)whole;
}

double gb_change_pct(int64_t now, int64_t before)
{
    return 100.0 * gb_ratio(now - before, before < 0 ? -before : before);
}
