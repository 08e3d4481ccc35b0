/* Running statistics: Welford's mean and variance of observations, and the same of observations
 * that carry a weight. source  B. P. Welford, Technometrics 4 (1962) 419-420; with weights, D. H.
 * D. West, Communications of the ACM 22 (1979) 532-535 */
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

#endif
