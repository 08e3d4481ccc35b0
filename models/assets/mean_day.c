#include "models/assets/mean_day.h"

#include <math.h>

#include "base/batch.h"
#include "base/date.h"

/* Share of people who are at home and awake, by the log of the day's shape: half of them when it is
 * at its mean, one in forty at the bottom of London's night. */
static double awake(double log_shape)
{
    const double steepness = 6;

    return 1 / (1 + gb_exponential(-steepness * log_shape));
}

/* Log of the season's factor, at noon. */
static double season_at(int64_t day)
{
    return gb_logarithm(gb_h0_day_factor(gb_civil_day_at(day).day_of_year - 0.5));
}

/* Sum over days of the year of the season's factor to a power, by type of day. */
static void season_sums(const struct gb_mean_year *year, double power, double sums[GB_H0_TYPES])
{
    int64_t first = gb_days_to_year(year->year) + year->season_days;

    for (int type = 0; type < GB_H0_TYPES; type++)
        sums[type] = 0;
    for (int d = 0; d < year->n_days; d++)
        sums[gb_h0_type(first + d)] += gb_exponential(power * year->season[d]);
}

static const double least_power = -3, power_step = 0.1;

static void set_season_sums(struct gb_mean_year *year)
{
    for (int node = 0; node < GB_SEASON_NODES; node++) {
        double *sums = year->season_sums[node];
        season_sums(year, least_power + node * power_step, sums);
        for (int type = 0; type < GB_H0_TYPES; type++)
            sums[type] = gb_logarithm(sums[type]);
    }
}

/* The sum of a type of days, between the nodes: relative error below 1e-4. */
static double season_sum(const struct gb_mean_year *year, double power, int type)
{
    double place = (power - least_power) / power_step;
    int node = place < 0 ? 0 : place < GB_SEASON_NODES - 1 ? (int)place : GB_SEASON_NODES - 2;
    double past = place - node;

    return gb_exponential((1 - past) * year->season_sums[node][type] +
                          past * year->season_sums[node + 1][type]);
}

/* Mean over the year of the share of people awake times the season's factor. */
static double mean_activity(const struct gb_mean_year *year)
{
    double sums[GB_H0_TYPES], sum = 0;

    season_sums(year, 1, sums);
    for (int type = 0; type < GB_H0_TYPES; type++)
        for (int q = 0; q < GB_QUARTERS; q++)
            sum += sums[type] * awake(year->shape[type][q]);
    return sum / ((double)year->n_days * GB_QUARTERS);
}

/* Lets the mean over the year be 1. */
static void scale_shape(struct gb_mean_year *year)
{
    static const double nothing[GB_QUARTERS / 2] = {0};
    double mean = gb_logarithm(gb_mean_of_own_year(year, 1, 1, 0, nothing));

    for (int type = 0; type < GB_H0_TYPES; type++)
        for (int q = 0; q < GB_QUARTERS; q++)
            year->shape[type][q] -= mean;
    year->activity_norm = mean_activity(year);
}

/* Mean of the half hour from a quarter of the day on, in the unit of the profile's table. */
static double half_hour_from(enum gb_mean_profile profile, int type, int quarter)
{
    int next = (quarter + 1) % GB_QUARTERS;

    switch (profile) {
    case GB_PROFILE_H0: return 0.5 * (gb_h0_table[quarter][type] + gb_h0_table[next][type]);
    case GB_PROFILE_LONDON: break;
    }
    int half = quarter / 2, next_half = next / 2;

    return 0.5 * (gb_london_table[half][type] + gb_london_table[next_half][type]);
}

struct gb_mean_year gb_mean_year_of(enum gb_mean_profile profile, int year, int season_days)
{
    struct gb_mean_year m = {
        .season_days = season_days,
        .year = year,
        .n_days = (int)(gb_days_to_year(year + 1) - gb_days_to_year(year)),
    };

    for (int d = 0; d < m.n_days; d++)
        m.season[d] = season_at(gb_days_to_year(year) + season_days + d);
    for (int type = 0; type < GB_H0_TYPES; type++)
        for (int q = 0; q < GB_QUARTERS; q++)
            m.shape[type][q] = gb_logarithm(half_hour_from(profile, type, q));
    set_season_sums(&m);
    scale_shape(&m);
    return m;
}

void gb_mean_day_at(const struct gb_mean_year *year, int64_t day, struct gb_mean_day *out)
{
    double factor;

    out->season = season_at(day + year->season_days);
    factor = gb_exponential(out->season) / year->activity_norm;
    for (int d = 0; d < 3; d++) {
        const double *shape = year->shape[gb_h0_type(day + d - 1 + year->season_days)];
        for (int q = 0; q < GB_QUARTERS; q++) {
            out->log_shape[d * GB_QUARTERS + q] = shape[q];
            out->activity[d * GB_QUARTERS + q] = factor * awake(shape[q]);
        }
    }
}

double gb_mean_of_own_year(const struct gb_mean_year *year, double sharpness, double power,
                           int phase, const double own[GB_QUARTERS / 2])
{
    double sum = 0, x[GB_QUARTERS / 2];

    for (int type = 0; type < GB_H0_TYPES; type++) {
        double day = 0;
        for (int h = 0; h < GB_QUARTERS / 2; h++)
            x[h] =
                own[h] + sharpness * year->shape[type][(2 * h + phase + GB_QUARTERS) % GB_QUARTERS];
        gb_batch_exponentials(x, GB_QUARTERS / 2);
        for (int h = 0; h < GB_QUARTERS / 2; h++)
            day += x[h];
        sum += day * season_sum(year, power, type);
    }
    return sum / ((double)year->n_days * GB_QUARTERS / 2);
}
