/* Key figures from arrays: the mathematics of KPIs, apart from any run.
 * source  the formulas are those of the manual's page on key figures, named at each function */
#ifndef ANALYSIS_METRICS_H
#define ANALYSIS_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/record.h"
#include "sim/status.h"

/* A value with a weight. Functions that need an order sort the array they are given. */
struct gb_weighted { double value; double weight; };

/* Weighted mean and population standard deviation; NaN where the weights sum to 0. */
double gb_weighted_mean(const struct gb_weighted *items, size_t n);
double gb_weighted_sd(const struct gb_weighted *items, size_t n);
/* Smallest value at which the cumulated weight reaches `share` of the sum: the inverse of the
 * weighted distribution function. Sorts `items`. NaN where the weights sum to 0.
 * share  0 to 1 */
double gb_weighted_quantile(struct gb_weighted *items, size_t n, double share);
/* The same with equal weights. Sorts `values`. NaN of nothing. */
double gb_quantile(double *values, size_t n, double share);

/* Gini coefficient: sum_ij |x_i - x_j| / (2 n^2 mean), by sorting. Sorts `values`. It passes 1
 * where some x are negative; NaN where the mean is 0 or nothing is there. */
double gb_gini(double *values, size_t n);
/* Jain's index: (sum x)^2 / (n sum x^2), 1 = all equal; NaN where all x are 0. */
double gb_jain(const double *values, size_t n);

/* Part over whole as a number: NaN where whole is 0. */
double gb_ratio(int64_t part, int64_t whole);
/* 100 (now - before) / |before|: a change in %, NaN where before is 0 (rules, section 5). */
double gb_change_pct(int64_t now, int64_t before);

/* Fills price_mean, price_sd, price_p10 and price_p90 of a summary row from trades, by price_buy
 * and weighted by energy. */
enum gb_status gb_metrics_prices(const struct gb_trade_row *trades, size_t n,
                                 struct gb_summary_row *out, struct gb_error *err);

#endif
