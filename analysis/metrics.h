/* Key figures from arrays: the mathematics of KPIs, apart from any run.
 * source  doc/results.md */
#ifndef ANALYSIS_METRICS_H
#define ANALYSIS_METRICS_H

#include <stddef.h>
#include <stdint.h>

/* Gini coefficient: sum_ij |x_i - x_j| / (2 n sum x), by sorting. Sorts `values`. NaN where an x is
 * negative, for it could then be any number, where all are 0, and of nothing. */
double gb_gini(double *values, size_t n);
/* Jain's index: (sum x)^2 / (n sum x^2), 1 = all equal; NaN where an x is negative, where all are
 * 0, and of nothing. source  R. Jain, D. Chiu, W. Hawe, DEC Research Report TR-301 (1984) */
double gb_jain(const double *values, size_t n);
/* Gini coefficient of values of any sign: sum_ij |x_i - x_j| / (2 n sum |x|). It is that of gb_gini
 * where no x is negative, and from 0 to 1 everywhere. Sorts `values`. NaN where all x are 0, and of
 * nothing.
 * source  E. Raffinetti, E. Siletti, A. Vernizzi, Statistical Methods & Applications 24 (2015)
 *         507-521, without their factor n / (n - 1) */
double gb_gini_of_any_sign(double *values, size_t n);

/* Part over whole as a number: NaN where whole is 0. */
double gb_ratio(int64_t part, int64_t whole);
/* 100 (now - before) / |before|: a change in %, NaN where before is 0 (rules, section 5). */
double gb_change_pct(int64_t now, int64_t before);

#endif
