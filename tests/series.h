/* Statistics of series that several tests share. */
#ifndef TESTS_SERIES_H
#define TESTS_SERIES_H

#include <stddef.h>

double series_mean(const double *x, size_t n);
double series_sd(const double *x, size_t n); /* of the population */
double series_correlation(const double *x, const double *y, size_t n);
double series_acf(const double *x, size_t n, size_t lag);
/* The value below which a share of the series lies; sorts the series. */
double series_quantile(double *x, size_t n, double share);

#endif
