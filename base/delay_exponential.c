/* An exponential delay. */
#include <math.h>

#include "base/delay_priv.h"

struct exponential {
    int64_t mean_ns;
};

static const struct gb_param params[] = {
    GB_DELAY_DURATION("mean", struct exponential, mean_ns, "100 ms", "Mean."),
    {0},
};

static double at(const void *config, double uniform)
{
    const struct exponential *exponential = config;

    /* 1 - u is exact: our uniforms are multiples of 2^-53 */
    return -(double)exponential->mean_ns * log(1.0 - uniform);
}

static double mean_ns(const void *config)
{
    const struct exponential *exponential = config;

    return (double)exponential->mean_ns;
}

const struct gb_delay_model gb_delay_exponential = {
    .member = {.name = "exponential",
               .summary = "mean",
               .params = params,
               .config_size = sizeof(struct exponential)},
    .at = at,
    .mean_ns = mean_ns,
};
