/* A delay that lies anywhere between two bounds, as likely here as there. */
#include "base/delay_priv.h"

struct uniform {
    int64_t low_ns, high_ns;
};

static const struct gb_param params[] = {
    GB_DELAY_DURATION("low", struct uniform, low_ns, "0 ms", "Lower bound."),
    GB_DELAY_DURATION("high", struct uniform, high_ns, "200 ms", "Upper bound."),
    {0},
};

static double at(const void *config, double uniform)
{
    const struct uniform *bounds = config;
    double low = (double)bounds->low_ns, high = (double)bounds->high_ns;

    return low + (high - low) * uniform;
}

static double mean_ns(const void *config)
{
    const struct uniform *bounds = config;

    return ((double)bounds->low_ns + (double)bounds->high_ns) / 2;
}

static const char *check(const void *config)
{
    const struct uniform *bounds = config;

    return bounds->low_ns > bounds->high_ns ? "the lower bound first" : NULL;
}

const struct gb_delay_model gb_delay_uniform = {
    .member = {.name = "uniform",
               .summary = "bounds",
               .params = params,
               .config_size = sizeof(struct uniform),
               .check = check},
    .at = at,
    .mean_ns = mean_ns,
};
