/* Unit Gaussian latents: how far one remembers, what is expected of a function of one, and the
 * words of a keyed draw as normals. Every stochastic driver is such a latent; marginals are maps
 * of it. */
#ifndef MODELS_WEATHER_GAUSSIAN_H
#define MODELS_WEATHER_GAUSSIAN_H

#include <math.h>
#include <stdint.h>

#include "base/random.h"

/* What is known of a latent: it is normal with this mean and variance. */
struct gb_belief {
    double mean, variance;
};

/* x, or 0 below it: inline, as fmax() is not. */
static inline double gb_above_0(double x)
{
    return x > 0 ? x : 0;
}

/* Lognormal value of a mean and a standard deviation. */
static inline double gb_lognormal(double mean, double sd, double normal)
{
    double variance = log1p(sd / mean * (sd / mean));

    return mean * exp(sqrt(variance) * normal - variance / 2);
}

/* Belief about a unit latent whose value `seen` correlates with it by rho, plus an error of the
 * forecaster: mean = rho seen + kappa sqrt(1 - rho^2) error. What the error does not account for
 * of the unexplained variance stays as variance: kappa 0 is the rational belief, and at kappa 1
 * the mean alone varies as much as the truth. */
static inline struct gb_belief gb_belief_from(double seen, double rho, double kappa, double error)
{
    double unexplained = gb_above_0(1 - rho * rho);

    return (struct gb_belief){
        .mean = rho * seen + kappa * sqrt(unexplained) * error,
        .variance = unexplained * gb_above_0(1 - kappa * kappa),
    };
}

/* The trapezoid rule over +-4 standard deviations of a belief, which for smooth maps converges
 * faster than any power of the step. Its nodes weigh the same under every belief. */
enum { GB_BELIEF_NODES = 33 };
struct gb_belief_rule {
    double weight[GB_BELIEF_NODES], total; /* total: of the weights */
    double share[GB_BELIEF_NODES];         /* weights that add up to 1 */
};
struct gb_belief_rule gb_belief_rule_make(void);
/* Values of the latent at the nodes; all are the mean where there is no variance. */
void gb_belief_nodes(struct gb_belief belief, double z[GB_BELIEF_NODES]);
/* The mean of what a map makes of those values. */
double gb_belief_mean(const struct gb_belief_rule *rule, const double values[GB_BELIEF_NODES]);

/* Expected value of `map` under a belief, by that rule. */
double gb_expect(const struct gb_belief_rule *rule, double (*map)(const void *context, double z),
                 const void *context, struct gb_belief belief);

/* One step of an AR(1) latent of unit variance.
 * memory  correlation with the value before, 0 to 1 */
static inline double gb_latent_step(double z, double memory, double normal)
{
    return memory * z + sqrt(1 - memory * memory) * normal;
}

/* The first normal of an address. */
static inline double gb_draw_normal(struct gb_draw draw)
{
    return gb_normal_from(gb_draw_uniform(draw));
}

#endif
