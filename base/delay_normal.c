/* A normal delay, cut off at 0. */
#include "base/delay_priv.h"
#include "base/random.h"

struct normal {
    int64_t mean_ns, deviation_ns;
};

static const struct gb_param params[] = {
    GB_DELAY_DURATION("mean", struct normal, mean_ns, "100 ms", "Mean."),
    GB_DELAY_DURATION("deviation", struct normal, deviation_ns, "20 ms", "Standard deviation."),
    {0},
};

static double at(const void *config, double uniform)
{
    const struct normal *normal = config;

    return (double)normal->mean_ns + (double)normal->deviation_ns * gb_normal_from(uniform);
}

static double mean_ns(const void *config)
{
    const struct normal *normal = config;

    return (double)normal->mean_ns;
}

const struct gb_delay_model gb_delay_normal = {
    .member = {.name = "normal",
               .summary = "mean and standard deviation; negative draws become 0",
               .params = params,
               .config_size = sizeof(struct normal)},
    .at = at,
    .mean_ns = mean_ns,
};
