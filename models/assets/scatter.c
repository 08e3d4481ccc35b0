#include "models/assets/scatter.h"

#include <gsl/gsl_cdf.h>

/* The inverse distribution function by halving: GSL's own search fails for powers near nothing. */
static double beta_quantile(double a, double b, double uniform)
{
    double low = 0, high = 1;

    for (int i = 0; i < 40; i++) {
        double middle = (low + high) / 2;
        if (gsl_cdf_beta_P(middle, a, b) < uniform)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

double gb_scattered_power(double power, double scatter, double uniform)
{
    const double least = 1e-3; /* nearer to standing still, or to full power, nothing scatters */
    double both = 1 / (4 * scatter * scatter) - 1;

    if (!(power > least && power < 1 - least))
        return power;
    return beta_quantile(power * both, (1 - power) * both, uniform);
}
