/* Running statistics: Welford's mean and variance of observations, the same of observations that
 * carry a weight, and the time-weighted mean of a piecewise constant level.
 * source  B. P. Welford, Technometrics 4 (1962) 419-420; with weights, D. H. D. West,
 *         Communications of the ACM 22 (1979) 532-535 */
#ifndef SIM_TALLY_H
#define SIM_TALLY_H

#include <stdint.h>

struct gb_tally {
    uint64_t count;
    double mean, m2;         /* mean; sum of squared deviations from it */
    double minimum, maximum; /* +-INFINITY while empty */
};

void gb_tally_init(struct gb_tally *tally);
void gb_tally_add(struct gb_tally *tally, double value);
/* The order of merging matters in the last bits. */
void gb_tally_merge(struct gb_tally *into, const struct gb_tally *other);
/* Unbiased variance and standard error of the mean; NaN below two values. */
double gb_tally_variance(const struct gb_tally *tally);
double gb_tally_standard_error(const struct gb_tally *tally);

struct gb_weighted_tally {   /* all 0: nothing yet */
    double weight, mean, m2; /* sum of weights; mean; weighted sum of squared deviations */
};

/* weight  not negative (asserted); 0 changes nothing */
void gb_weighted_tally_add(struct gb_weighted_tally *tally, double value, double weight);
/* Mean and standard deviation of the population, sqrt(m2 / weight); NaN of nothing. */
double gb_weighted_tally_mean(const struct gb_weighted_tally *tally);
double gb_weighted_tally_sd(const struct gb_weighted_tally *tally);

struct gb_level_tally {
    int64_t start_ns, last_ns;
    double level, area; /* current level; integral so far, level times ns */
};

void gb_level_tally_init(struct gb_level_tally *tally, int64_t start_ns, double level);
/* From `time_ns` on the level is `level`. Time does not go back (asserted). */
void gb_level_tally_set(struct gb_level_tally *tally, int64_t time_ns, double level);
/* Mean level from the start to `end_ns`; NaN over no time. */
double gb_level_tally_mean(const struct gb_level_tally *tally, int64_t end_ns);

#endif
