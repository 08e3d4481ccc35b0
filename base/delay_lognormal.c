/* A lognormal delay by its mean and the sigma of its logarithm. The mean of a lognormal is
 * exp(mu + sigma^2 / 2), so mu = ln(mean) - sigma^2 / 2. */
#include <math.h>

#include "base/delay_priv.h"
#include "base/random.h"

struct lognormal {
    int64_t mean_ns;
    double sigma;
};

static const struct gb_param params[] = {
    GB_DELAY_DURATION("mean", struct lognormal, mean_ns, "100 ms", "Mean."),
    {"sigma", GB_PARAM_NUMBER, offsetof(struct lognormal, sigma), "0.5", 0, 100, "1", NULL,
     GB_LAYER_CHAIN, "Standard deviation of the logarithm."},
    {0},
};

static double at(const void *config, double uniform)
{
    const struct lognormal *lognormal = config;
    double sigma = lognormal->sigma;

    return (double)lognormal->mean_ns * exp(sigma * gb_normal_from(uniform) - sigma * sigma / 2);
}

static double mean_ns(const void *config)
{
    const struct lognormal *lognormal = config;

    return (double)lognormal->mean_ns;
}

const struct gb_delay_model gb_delay_lognormal = {
    .member = {.name = "lognormal",
               .summary = "mean, and sigma of the log",
               .params = params,
               .config_size = sizeof(struct lognormal)},
    .at = at,
    .mean_ns = mean_ns,
};
