#include "tests/series.h"

#include <math.h>
#include <stdlib.h>

double series_mean(const double *x, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

double series_sd(const double *x, size_t n)
{
    double mean = series_mean(x, n), sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sqrt(sum / (double)n);
}

double series_correlation(const double *x, const double *y, size_t n)
{
    double mean_x = series_mean(x, n), mean_y = series_mean(y, n), xx = 0, yy = 0, xy = 0;

    for (size_t i = 0; i < n; i++) {
        double off_x = x[i] - mean_x, off_y = y[i] - mean_y;
        xx += off_x * off_x;
        yy += off_y * off_y;
        xy += off_x * off_y;
    }
    return xy / sqrt(xx * yy);
}

double series_acf(const double *x, size_t n, size_t lag)
{
    return series_correlation(x, x + lag, n - lag);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double series_quantile(double *x, size_t n, double share)
{
    qsort(x, n, sizeof *x, by_value);
    return x[(size_t)(share * (double)(n - 1))];
}
