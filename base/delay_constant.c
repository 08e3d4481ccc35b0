/* A delay that is always the same. */
#include "base/delay_priv.h"

struct constant {
    int64_t ns;
};

static const struct gb_param params[] = {
    GB_DELAY_DURATION("delay", struct constant, ns, "100 ms", "The delay."),
    {0},
};

static double at(const void *config, double uniform)
{
    const struct constant *constant = config;

    (void)uniform;
    return (double)constant->ns;
}

static double mean_ns(const void *config)
{
    return at(config, 0.5);
}

const struct gb_delay_model gb_delay_constant = {
    .member = {.name = "constant",
               .summary = "always the same",
               .params = params,
               .config_size = sizeof(struct constant)},
    .at = at,
    .mean_ns = mean_ns,
};
