#include "analysis/metrics.h"

#include <math.h>
#include <stdlib.h>

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* By value, then weight: equal elements are alike, so the order of qsort cannot show. */
static int compare_weighted(const void *a, const void *b)
{
    const struct gb_weighted *x = a, *y = b;
    int by_value = (x->value > y->value) - (x->value < y->value);

    return by_value ? by_value : (x->weight > y->weight) - (x->weight < y->weight);
}

static double sum_of_weights(const struct gb_weighted *items, size_t n)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += items[i].weight;
    return sum;
}

double gb_weighted_mean(const struct gb_weighted *items, size_t n)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += items[i].weight * items[i].value;
    return sum / sum_of_weights(items, n);
}

double gb_weighted_sd(const struct gb_weighted *items, size_t n)
{
    double mean = gb_weighted_mean(items, n), sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += items[i].weight * (items[i].value - mean) * (items[i].value - mean);
    return sqrt(sum / sum_of_weights(items, n));
}

double gb_weighted_quantile(struct gb_weighted *items, size_t n, double share)
{
    double target = share * sum_of_weights(items, n), reached = 0.0;

    if (!(sum_of_weights(items, n) > 0.0))
        return NAN;
    qsort(items, n, sizeof *items, compare_weighted);
    for (size_t i = 0; i < n; i++) {
        reached += items[i].weight;
        if (reached >= target && items[i].weight > 0.0)
            return items[i].value;
    }
    return items[n - 1].value;          /* rounding kept the sum below its target */
}

double gb_quantile(double *values, size_t n, double share)
{
    size_t place;

    if (n == 0)
        return NAN;
    qsort(values, n, sizeof *values, compare_doubles);
    place = (size_t)ceil(share * (double)n);
    return values[place == 0 ? 0 : place > n ? n - 1 : place - 1];
}

double gb_gini(double *values, size_t n)
{
    double sum = 0.0, ranked = 0.0;

    qsort(values, n, sizeof *values, compare_doubles);
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
        ranked += (2.0 * (double)(i + 1) - (double)n - 1.0) * values[i];
    }
    return sum == 0.0 ? NAN : ranked / ((double)n * sum);
}

double gb_jain(const double *values, size_t n)
{
    double sum = 0.0, squares = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum += values[i];
        squares += values[i] * values[i];
    }
    return squares == 0.0 ? NAN : sum * sum / ((double)n * squares);
}

double gb_ratio(int64_t part, int64_t whole)
{
    return whole == 0 ? NAN : (double)part / (double)whole;
}

double gb_change_pct(int64_t now, int64_t before)
{
    return 100.0 * gb_ratio(now - before, before < 0 ? -before : before);
}

enum gb_status gb_metrics_prices(const struct gb_trade_row *trades, size_t n,
                                 struct gb_summary_row *out, struct gb_error *err)
{
    struct gb_weighted *items = malloc((n + 1) * sizeof *items);

    if (!items)
        return gb_fail(err, GB_ENOMEM, "no memory for the prices of %zu trades", n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct gb_weighted){(double)trades[i].price_buy * 1e-6,
                                        (double)trades[i].energy_wh};
    out->price_mean = gb_weighted_mean(items, n);
    out->price_sd = gb_weighted_sd(items, n);
    out->price_p10 = gb_weighted_quantile(items, n, 0.1);
    out->price_p90 = gb_weighted_quantile(items, n, 0.9);
    free(items);
    return GB_OK;
}
