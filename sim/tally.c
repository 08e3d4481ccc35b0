#include "sim/tally.h"

#include <assert.h>
#include <math.h>

void gb_tally_init(struct gb_tally *tally)
{
    *tally = (struct gb_tally){.minimum = INFINITY, .maximum = -INFINITY};
}

void gb_tally_add(struct gb_tally *tally, double value)
{
    double from_mean = value - tally->mean;

    tally->count++;
    tally->mean += from_mean / (double)tally->count;
    tally->m2 += from_mean * (value - tally->mean);
    /* without a call for each, as fmin() and fmax() are where a compiler may not suppose that no
     * value is NaN */
    tally->minimum = value <= tally->minimum ? value : tally->minimum;
    tally->maximum = value >= tally->maximum ? value : tally->maximum;
}

double gb_tally_variance(const struct gb_tally *tally)
{
    return tally->count < 2 ? NAN : tally->m2 / (double)(tally->count - 1);
}

double gb_tally_standard_error(const struct gb_tally *tally)
{
    return sqrt(gb_tally_variance(tally) / (double)tally->count);
}

void gb_weighted_tally_add(struct gb_weighted_tally *tally, double value, double weight)
{
    double from_mean = value - tally->mean;

    assert(weight >= 0);
    if (weight == 0)
        return;
    tally->weight += weight;
    tally->mean += from_mean * (weight / tally->weight);
    tally->m2 += weight * from_mean * (value - tally->mean);
}

double gb_weighted_tally_mean(const struct gb_weighted_tally *tally)
{
    return tally->weight > 0 ? tally->mean : NAN;
}

double gb_weighted_tally_sd(const struct gb_weighted_tally *tally)
{
    return tally->weight > 0 ? sqrt(tally->m2 / tally->weight) : NAN;
}
