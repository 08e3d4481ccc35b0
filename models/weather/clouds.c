#include "models/weather/clouds.h"

#include <math.h>

static double normal_cdf(double x)
{
    return 0.5 * erfc(-x * M_SQRT1_2);
}

static double mixture_cdf(const struct gb_cloud_modes *modes, double kc)
{
    return modes->dark_weight * normal_cdf((kc - modes->dark_mean) / modes->dark_sd) +
           (1 - modes->dark_weight) * normal_cdf((kc - modes->clear_mean) / modes->clear_sd);
}

/* The kc at least `low` where the mixture reaches `probability`, by halving: it meets no slope that
 * could mislead it between two narrow modes. */
static double invert(const struct gb_cloud_modes *modes, double probability, double low)
{
    double high = GB_CLOUD_MOST;

    while (high - low > 1e-9) {
        double middle = (low + high) / 2;
        if (mixture_cdf(modes, middle) < probability)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

void gb_cloud_marginal_init(struct gb_cloud_marginal *marginal, const struct gb_cloud_modes *modes)
{
    double kc = GB_CLOUD_LEAST;

    for (int i = 0; i < GB_CLOUD_NODES; i++) {
        double z = (double)i / GB_CLOUD_NODES_PER_UNIT - GB_CLOUD_REACH;
        kc = invert(modes, normal_cdf(z), kc);
        marginal->kc[i] = kc;
    }
}

double gb_cloud_clearness(const struct gb_cloud_marginal *marginal, double z)
{
    double position = (z + GB_CLOUD_REACH) * GB_CLOUD_NODES_PER_UNIT;

    if (!(position > 0))
        return marginal->kc[0];
    if (position >= GB_CLOUD_NODES - 1)
        return marginal->kc[GB_CLOUD_NODES - 1];
    int node = (int)position;
    double past = position - node;
    return marginal->kc[node] + past * (marginal->kc[node + 1] - marginal->kc[node]);
}

double gb_cloud_local_share(double share, double own_s, double slot_s)
{
    const double shared_from_s = 300;
    double ratio = own_s / slot_s;

    if (slot_s >= shared_from_s)
        return 0;
    return share * 2 * ratio * (1 - ratio * (1 - exp(-1 / ratio)));
}
