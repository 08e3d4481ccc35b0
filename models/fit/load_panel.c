#include "models/fit/load_panel.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/date.h"
#include "sim/tally.h"

enum { WEEKEND = 5 };
static const double least_share = 0.01; /* of the mean load: the log of less says nothing */
static const double far_h = 4;

/* Bin of a step: its time of day, days of work before those of weekends. */
static size_t bin_of(const struct gb_load_panel *panel, size_t step)
{
    int64_t day = panel->first_day + (int64_t)(step / panel->steps_a_day);
    bool is_weekend = gb_civil_day_at(day).weekday >= WEEKEND;

    return step % panel->steps_a_day + (is_weekend ? panel->steps_a_day : 0);
}

static double mean_of(const double *x, size_t n)
{
    struct gb_weighted_tally all = {0};

    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            gb_weighted_tally_add(&all, x[i], 1);
    return gb_weighted_tally_mean(&all);
}

/* Mean over days of the least load of a day. */
static double base_of(const struct gb_load_panel *panel, const double *power_w)
{
    struct gb_weighted_tally days = {0};

    for (size_t first = 0; first < panel->n_steps; first += panel->steps_a_day) {
        double least = INFINITY;
        for (size_t i = first; i < first + panel->steps_a_day; i++)
            if (power_w[i] < least)
                least = power_w[i];
        if (isfinite(least))
            gb_weighted_tally_add(&days, least, 1);
    }
    return gb_weighted_tally_mean(&days);
}

/* Turns powers into logs of their ratio to the mean, and takes out the means of `bins`. */
static void set_residuals(const struct gb_load_panel *panel, const double *power_w, double mean_w,
                          const size_t *bins, double *day, double *residual)
{
    size_t n_bins = 2 * panel->steps_a_day;
    double *count = day + n_bins;

    for (size_t b = 0; b < 2 * n_bins; b++)
        day[b] = 0;
    for (size_t i = 0; i < panel->n_steps; i++) {
        residual[i] = log(fmax(power_w[i] / mean_w, least_share));
        residual[i] = isnan(power_w[i]) ? NAN : residual[i];
        if (!isnan(residual[i])) {
            day[bins[i]] += residual[i];
            count[bins[i]]++;
        }
    }
    for (size_t b = 0; b < n_bins; b++)
        day[b] /= count[b] > 0 ? count[b] : 1;
    for (size_t i = 0; i < panel->n_steps; i++)
        residual[i] -= day[bins[i]];
}

static double covariance(const double *x, const double *y, size_t n)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        double product = x[i] * y[i];
        if (!isnan(product)) {
            sum += product;
            count++;
        }
    }
    return count > 0 ? sum / (double)count : NAN;
}

static void measure_day(const double *day, size_t n, double *row)
{
    struct gb_weighted_tally all = {0};
    double cosine = 0, sine = 0;

    for (size_t b = 0; b < n; b++) {
        double angle = 2 * M_PI * ((double)b + 0.5) / (double)n;
        gb_weighted_tally_add(&all, day[b], 1);
        cosine += day[b] * cos(angle);
        sine += day[b] * sin(angle);
    }
    double length = hypot(cosine, sine);
    row[GB_HOME_LOG_SHARP] = log(fmax(gb_weighted_tally_sd(&all), 1e-6));
    row[GB_HOME_COS] = length > 0 ? cosine / length : 1;
    row[GB_HOME_SIN] = length > 0 ? sine / length : 0;
}

static void measure_home(const struct gb_load_panel *panel, size_t home, const size_t *bins,
                         double *day, double *residual, double *row)
{
    const double *power_w = panel->power_w + home * panel->n_steps;
    double mean_w = mean_of(power_w, panel->n_steps);
    size_t far = (size_t)lround(far_h * (double)panel->steps_a_day / 24);
    const size_t lags[] = {1, 2, far > 3 ? far : 3};

    set_residuals(panel, power_w, mean_w, bins, day, residual);
    double variance = covariance(residual, residual, panel->n_steps);
    row[GB_HOME_LOG_MEAN] = log(mean_w);
    row[GB_HOME_LOG_BASE] = log(fmax(base_of(panel, power_w) / mean_w, 1e-4));
    row[GB_HOME_NOISE] = sqrt(variance);
    for (size_t k = 0; k < 3; k++)
        row[GB_HOME_NEAR + k] =
            covariance(residual, residual + lags[k], panel->n_steps - lags[k]) / variance;
    measure_day(day, panel->steps_a_day, row);
}

/* Of each home with the mean of the others, so that the mean over homes is that over pairs. */
static void measure_common(const struct gb_load_panel *panel, const double *residuals, double *mean,
                           double *out)
{
    for (size_t i = 0; i < panel->n_steps; i++) {
        struct gb_weighted_tally all = {0};
        for (size_t h = 0; h < panel->n_homes; h++)
            if (!isnan(residuals[h * panel->n_steps + i]))
                gb_weighted_tally_add(&all, residuals[h * panel->n_steps + i], 1);
        mean[i] = all.weight > 1 ? gb_weighted_tally_mean(&all) : NAN;
    }
    double n = (double)panel->n_homes;
    for (size_t h = 0; h < panel->n_homes; h++) {
        const double *residual = residuals + h * panel->n_steps;
        double variance = covariance(residual, residual, panel->n_steps);
        double with_mean = covariance(residual, mean, panel->n_steps);

        out[h * GB_N_HOME_STATISTICS + GB_HOME_COMMON] =
            n > 1 ? (n * with_mean - variance) / (n - 1) / variance : 0;
    }
}

enum gb_status gb_load_panel_measure(const struct gb_load_panel *panel, double *out,
                                     struct gb_error *err)
{
    size_t n = panel->n_steps;
    double *residuals = malloc((panel->n_homes * n + 1) * sizeof *residuals);
    double *mean = malloc((n + 1) * sizeof *mean);
    double *day = malloc(4 * panel->steps_a_day * sizeof *day);
    size_t *bins = malloc((n + 1) * sizeof *bins);
    enum gb_status status = GB_OK;

    if (!residuals || !mean || !day || !bins) {
        status =
            gb_fail(err, GB_ENOMEM, "no memory for the residuals of %zu homes", panel->n_homes);
        goto out;
    }
    for (size_t i = 0; i < n; i++)
        bins[i] = bin_of(panel, i);
    for (size_t h = 0; h < panel->n_homes; h++)
        measure_home(panel, h, bins, day, residuals + h * n, out + h * GB_N_HOME_STATISTICS);
    measure_common(panel, residuals, mean, out);
out:
    free(bins);
    free(day);
    free(mean);
    free(residuals);
    return status;
}

void gb_load_panel_summarise(const double *rows, size_t n_homes, const double *weights,
                             double out[GB_N_PANEL_STATISTICS])
{
    struct gb_weighted_tally all[GB_N_HOME_STATISTICS] = {{0}};

    for (size_t h = 0; h < n_homes; h++)
        for (size_t k = 0; k < GB_N_HOME_STATISTICS; k++)
            gb_weighted_tally_add(&all[k], rows[h * GB_N_HOME_STATISTICS + k], weights[h]);
    out[GB_PANEL_LOG_BASE] = gb_weighted_tally_mean(&all[GB_HOME_LOG_BASE]);
    out[GB_PANEL_NOISE] = gb_weighted_tally_mean(&all[GB_HOME_NOISE]);
    out[GB_PANEL_NEAR] = gb_weighted_tally_mean(&all[GB_HOME_NEAR]);
    out[GB_PANEL_NEXT] = gb_weighted_tally_mean(&all[GB_HOME_NEXT]);
    out[GB_PANEL_FAR] = gb_weighted_tally_mean(&all[GB_HOME_FAR]);
    out[GB_PANEL_COMMON] = gb_weighted_tally_mean(&all[GB_HOME_COMMON]);
    out[GB_PANEL_SHARP] = gb_weighted_tally_sd(&all[GB_HOME_LOG_SHARP]);
    double length =
        hypot(gb_weighted_tally_mean(&all[GB_HOME_COS]), gb_weighted_tally_mean(&all[GB_HOME_SIN]));
    out[GB_PANEL_PHASE] = sqrt(-2 * log(fmin(fmax(length, 1e-9), 1 - 1e-12))) * 12 / M_PI;
}
