#include "analysis/loads.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/order_statistics.h"

enum { DAY_S = 86400, LAG_DAYS = 2 };
static const double quantile_of_band[GB_N_BAND] = {0.1, 0.5, 0.9};

/* ---- loads */

enum gb_status gb_loads_create(struct gb_loads *out, size_t n_homes, size_t n_steps, int64_t step_s,
                               struct gb_error *err)
{
    *out = (struct gb_loads){.n_homes = n_homes, .n_steps = n_steps, .step_s = step_s};
    out->clock_s = calloc(n_steps + 1, sizeof *out->clock_s);
    out->power = calloc(n_homes * n_steps + 1, sizeof *out->power);
    if (!out->clock_s || !out->power) {
        gb_loads_clear(out);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu steps of %zu homes", n_steps, n_homes);
    }
    for (size_t i = 0; i < n_homes * n_steps; i++)
        out->power[i] = NAN;
    return GB_OK;
}

void gb_loads_clear(struct gb_loads *loads)
{
    free(loads->clock_s);
    free(loads->power);
    *loads = (struct gb_loads){0};
}

static double mean_of(const double *fine, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += fine[i];
    return sum / (double)n;
}

enum gb_status gb_loads_coarsen(struct gb_loads *out, const struct gb_loads *of, int64_t step_s,
                                struct gb_error *err)
{
    size_t times = (size_t)(step_s / of->step_s), first = 0;

    while (first < of->n_steps && of->clock_s[first] % step_s != 0)
        first++;
    enum gb_status status =
        gb_loads_create(out, of->n_homes, (of->n_steps - first) / times, step_s, err);

    if (status != GB_OK)
        return status;
    for (size_t i = 0; i < out->n_steps; i++)
        out->clock_s[i] = of->clock_s[first + i * times];
    for (size_t h = 0; h < out->n_homes; h++)
        for (size_t i = 0; i < out->n_steps; i++)
            out->power[h * out->n_steps + i] =
                mean_of(&of->power[h * of->n_steps + first + i * times], times);
    return GB_OK;
}

/* ---- statistics of a home */

/* Of one home over its mean, and room to work in. */
struct home {
    size_t n;       /* steps */
    double *x;      /* n: load over mean; NAN: unknown */
    double *sorted; /* n */
    size_t n_known;
    double variance;
};

/* returns false where too little is known of it */
static bool take_home(struct home *home, const double *power, size_t steps_a_day)
{
    double sum = 0;

    home->n_known = 0;
    for (size_t i = 0; i < home->n; i++)
        if (!isnan(power[i])) {
            home->sorted[home->n_known++] = power[i];
            sum += power[i];
        }
    double mean = sum / (double)home->n_known;

    if (home->n_known < 2 * steps_a_day || 2 * home->n_known < home->n || !(mean > 0))
        return false;
    home->variance = 0;
    for (size_t i = 0; i < home->n_known; i++) {
        home->sorted[i] /= mean;
        home->variance += (home->sorted[i] - 1) * (home->sorted[i] - 1) / (double)home->n_known;
    }
    gb_order_sample(home->sorted, home->n_known);
    for (size_t i = 0; i < home->n; i++)
        home->x[i] = power[i] / mean;
    return true;
}

/* Mean day, to out. */
static void measure_day(const struct home *home, const struct gb_loads *loads, double *out,
                        size_t steps_a_day, size_t *counts)
{
    for (size_t s = 0; s < steps_a_day; s++)
        counts[s] = 0, out[s] = 0;
    for (size_t i = 0; i < home->n; i++)
        if (!isnan(home->x[i])) {
            size_t s = (size_t)(loads->clock_s[i] / loads->step_s);

            out[s] += home->x[i];
            counts[s]++;
        }
    for (size_t s = 0; s < steps_a_day; s++)
        out[s] /= (double)counts[s];
}

/* Correlation with itself so many steps later, over the pairs of which both are known. */
static double correlation_over(const struct home *home, size_t lag)
{
    double sum = 0;
    size_t n = 0;

    for (size_t i = lag; i < home->n; i++)
        if (!isnan(home->x[i]) && !isnan(home->x[i - lag])) {
            sum += (home->x[i] - 1) * (home->x[i - lag] - 1);
            n++;
        }
    return sum / (double)n / home->variance;
}

static double difference_over(const struct home *home, size_t lag)
{
    double sum = 0;
    size_t n = 0;

    for (size_t i = lag; i < home->n; i++)
        if (!isnan(home->x[i]) && !isnan(home->x[i - lag])) {
            sum += fabs(home->x[i] - home->x[i - lag]);
            n++;
        }
    return sum / (double)n;
}

/* ---- of all homes */

/* A row a home: the day, what is exceeded, correlations, variation, difference. */
struct rows {
    size_t n, width;
    double *values;
};

static void measure(struct rows *rows, const struct gb_loads *loads, size_t steps_a_day,
                    size_t n_lags, struct home *home, size_t *counts)
{
    for (size_t h = 0; h < loads->n_homes; h++) {
        double *row = &rows->values[rows->n * rows->width];

        if (!take_home(home, &loads->power[h * loads->n_steps], steps_a_day))
            continue;
        measure_day(home, loads, row, steps_a_day, counts);
        row += steps_a_day;
        for (size_t q = 0; q < GB_LOAD_QUANTILES; q++)
            *row++ =
                gb_quantile(home->sorted, home->n_known, 1 - (double)q / (GB_LOAD_QUANTILES - 1));
        for (size_t lag = 0; lag < n_lags; lag++)
            *row++ = correlation_over(home, lag);
        *row++ = sqrt(home->variance);
        *row = difference_over(home, steps_a_day);
        rows->n++;
    }
}

/* One column over the homes in ascending order, without what is unknown. returns how many */
static size_t sorted_column(const struct rows *rows, size_t column, double *out)
{
    size_t n = 0;

    for (size_t h = 0; h < rows->n; h++) {
        double value = rows->values[h * rows->width + column];
        if (!isnan(value))
            out[n++] = value;
    }
    gb_order_sample(out, n);
    return n;
}

/* n points of a curve, from a column on. returns the column behind it */
static size_t band(const struct rows *rows, size_t column, size_t n, double (*out)[GB_N_BAND],
                   double *work)
{
    for (size_t i = 0; i < n; i++, column++) {
        size_t n_known = sorted_column(rows, column, work);
        for (size_t b = 0; b < GB_N_BAND; b++)
            out[i][b] = gb_quantile(work, n_known, quantile_of_band[b]);
    }
    return column;
}

static enum gb_status summarise(struct gb_load_statistics *out, const struct rows *rows,
                                double *work, struct gb_error *err)
{
    size_t column = 0;

    out->n_homes = rows->n;
    out->day = calloc(out->steps_a_day, sizeof *out->day);
    out->correlation = calloc(out->n_lags, sizeof *out->correlation);
    out->variation = calloc(rows->n, sizeof *out->variation);
    if (!out->day || !out->correlation || !out->variation)
        return gb_fail(err, GB_ENOMEM, "no memory for statistics of %zu homes", rows->n);
    column = band(rows, column, out->steps_a_day, out->day, work);
    column = band(rows, column, GB_LOAD_QUANTILES, out->exceeded, work);
    column = band(rows, column, out->n_lags, out->correlation, work);
    sorted_column(rows, column, out->variation);
    out->difference = gb_quantile(work, sorted_column(rows, column + 1, work), 0.5);
    return GB_OK;
}

enum gb_status gb_load_statistics_of(struct gb_load_statistics *out, const struct gb_loads *loads,
                                     struct gb_error *err)
{
    size_t steps_a_day = (size_t)(DAY_S / loads->step_s), n = loads->n_steps;
    size_t n_lags = n / 2 < LAG_DAYS * steps_a_day ? n / 2 + 1 : LAG_DAYS * steps_a_day + 1;
    struct rows rows = {.width = steps_a_day + GB_LOAD_QUANTILES + n_lags + 2};
    struct home home = {.n = n};
    size_t *counts = calloc(steps_a_day, sizeof *counts);
    double *work = calloc(loads->n_homes + 1, sizeof *work);
    enum gb_status status = GB_OK;

    *out = (struct gb_load_statistics){.steps_a_day = steps_a_day, .n_lags = n_lags};
    rows.values = calloc(loads->n_homes * rows.width + 1, sizeof *rows.values);
    home.x = calloc(n + 1, sizeof *home.x);
    home.sorted = calloc(n + 1, sizeof *home.sorted);
    if (!counts || !work || !rows.values || !home.x || !home.sorted)
        status = gb_fail(err, GB_ENOMEM, "no memory for statistics of %zu homes", loads->n_homes);
    if (status == GB_OK) {
        measure(&rows, loads, steps_a_day, n_lags, &home, counts);
        status = rows.n > 0 ? summarise(out, &rows, work, err)
                            : gb_fail(err, GB_EREFUSED,
                                      "of no home are two days known, at least half of all steps "
                                      "and a mean above 0");
    }
    if (status != GB_OK)
        gb_load_statistics_clear(out);
    free(rows.values);
    free(home.x);
    free(home.sorted);
    free(counts);
    free(work);
    return status;
}

void gb_load_statistics_clear(struct gb_load_statistics *statistics)
{
    free(statistics->day);
    free(statistics->correlation);
    free(statistics->variation);
    *statistics = (struct gb_load_statistics){0};
}
