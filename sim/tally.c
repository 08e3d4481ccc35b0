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
    tally->minimum = fmin(tally->minimum, value);
    tally->maximum = fmax(tally->maximum, value);
}

/* source  T. F. Chan, G. H. Golub, R. J. LeVeque, The American Statistician 37 (1983) 242-247 */
void gb_tally_merge(struct gb_tally *into, const struct gb_tally *other)
{
    if (other->count == 0)
        return;
    if (into->count == 0) {
        *into = *other;
        return;
    }
    double n_into = (double)into->count, n_other = (double)other->count;
    double between = other->mean - into->mean;

    into->count += other->count;
    into->mean += between * n_other / (n_into + n_other);
    into->m2 += other->m2 + between * between * n_into * n_other / (n_into + n_other);
    into->minimum = fmin(into->minimum, other->minimum);
    into->maximum = fmax(into->maximum, other->maximum);
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

void gb_level_tally_init(struct gb_level_tally *tally, int64_t start_ns, double level)
{
    *tally = (struct gb_level_tally){.start_ns = start_ns, .last_ns = start_ns, .level = level};
}

void gb_level_tally_set(struct gb_level_tally *tally, int64_t time_ns, double level)
{
    assert(time_ns >= tally->last_ns);
    tally->area += tally->level * (double)(time_ns - tally->last_ns);
    tally->last_ns = time_ns;
    tally->level = level;
}

double gb_level_tally_mean(const struct gb_level_tally *tally, int64_t end_ns)
{
    assert(end_ns >= tally->last_ns);
    if (end_ns == tally->start_ns)
        return NAN;
    double area = tally->area + tally->level * (double)(end_ns - tally->last_ns);

    return area / (double)(end_ns - tally->start_ns);
}
