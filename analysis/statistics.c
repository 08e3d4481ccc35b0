#include "analysis/statistics.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "sim/tally.h"

double gb_t_quantile(double probability, double degrees)
{
    return gsl_cdf_tdist_Pinv(probability, degrees);
}

static struct gb_interval interval_of(const struct gb_tally *tally, size_t n, double level)
{
    struct gb_interval out = {NAN, NAN, (size_t)tally->count, n - (size_t)tally->count};

    if (tally->count >= 1)
        out.mean = tally->mean;
    if (tally->count >= 2)
        out.half_width = gb_t_quantile((1.0 + level) / 2.0, (double)(tally->count - 1)) *
                         gb_tally_standard_error(tally);
    return out;
}

struct gb_interval gb_t_interval(const double *values, size_t n, double level)
{
    struct gb_tally tally;

    gb_tally_init(&tally);
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            gb_tally_add(&tally, values[i]);
    return interval_of(&tally, n, level);
}

struct gb_interval gb_paired_interval(const double *a, const double *b, size_t n, double level)
{
    struct gb_tally tally;

    gb_tally_init(&tally);
    for (size_t i = 0; i < n; i++)
        if (!isnan(a[i] - b[i]))
            gb_tally_add(&tally, a[i] - b[i]);
    return interval_of(&tally, n, level);
}
