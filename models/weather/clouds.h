/* Clouds as a clear-sky index kc = F^-1(Phi(z)): one Gaussian latent z, and a marginal with two
 * modes, the overcast and the open sky, that no single Beta can make. The inverse is tabulated
 * once.
 *
 * The latent keeps its memory from hour to hour by day; a night leaves little of it. */
#ifndef MODELS_WEATHER_CLOUDS_H
#define MODELS_WEATHER_CLOUDS_H

struct gb_cloud_modes {
    double dark_weight; /* 0 to 1; the open mode has the rest */
    double dark_mean, dark_sd, clear_mean, clear_sd;
};

enum { GB_CLOUD_NODES_PER_UNIT = 64, GB_CLOUD_REACH = 6 }; /* the table covers z in +-6 */
#define GB_CLOUD_NODES (2 * GB_CLOUD_REACH * GB_CLOUD_NODES_PER_UNIT + 1)
#define GB_CLOUD_LEAST 0.02
#define GB_CLOUD_MOST 1.3 /* light broken by cloud edges exceeds the clear sky's */

/* The marginal distribution of the clear-sky index, tabulated over its latent: values at nodes that
 * lie evenly. */
struct gb_cloud_marginal {
    double kc[GB_CLOUD_NODES];
};

void gb_cloud_marginal_init(struct gb_cloud_marginal *marginal, const struct gb_cloud_modes *modes);
/* Clear-sky index at a latent value, GB_CLOUD_LEAST to GB_CLOUD_MOST. */
double gb_cloud_clearness(const struct gb_cloud_marginal *marginal, double z);

/* The latent value at a clear-sky index, within GB_CLOUD_REACH: the other way round. */
double gb_cloud_latent_at(const struct gb_cloud_marginal *marginal, double clearness);

#endif
