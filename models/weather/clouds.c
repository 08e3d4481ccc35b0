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

/* Walks up the mixture in small steps of kc and notes where it passes each node's probability. */
void gb_cloud_marginal_init(struct gb_cloud_marginal *marginal, const struct gb_cloud_modes *modes)
{
    enum { CELLS = 4096 };
    const double step = (GB_CLOUD_MOST - GB_CLOUD_LEAST) / CELLS;
    double below = 0, above = mixture_cdf(modes, GB_CLOUD_LEAST);
    int cell = 0; /* `above` belongs to kc = GB_CLOUD_LEAST + cell x step */

    for (int i = 0; i < GB_CLOUD_NODES; i++) {
        double wanted = normal_cdf((double)i / GB_CLOUD_NODES_PER_UNIT - GB_CLOUD_REACH);
        while (above < wanted && cell < CELLS) {
            below = above;
            above = mixture_cdf(modes, GB_CLOUD_LEAST + ++cell * step);
        }
        double back = 0;
        if (cell > 0 && above > wanted)
            back = (above - wanted) / (above - below);
        marginal->kc[i] = GB_CLOUD_LEAST + (cell - back) * step;
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

double gb_cloud_latent_at(const struct gb_cloud_marginal *marginal, double clearness)
{
    int low = 0, high = GB_CLOUD_NODES - 1;

    if (!(clearness > marginal->kc[low]))
        return -GB_CLOUD_REACH;
    if (clearness >= marginal->kc[high])
        return GB_CLOUD_REACH;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (marginal->kc[middle] <= clearness)
            low = middle;
        else
            high = middle;
    }
    double past = (clearness - marginal->kc[low]) / (marginal->kc[high] - marginal->kc[low]);
    return (low + past) / GB_CLOUD_NODES_PER_UNIT - GB_CLOUD_REACH;
}
