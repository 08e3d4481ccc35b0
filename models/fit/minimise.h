/* The least value of a function of a few parameters, by the simplex of Nelder and Mead as GSL has
 * it. */
#ifndef MODELS_FIT_MINIMISE_H
#define MODELS_FIT_MINIMISE_H

#include <math.h>
#include <stddef.h>

#include "base/status.h"

/* f may be INFINITY outside its domain.
 * x     in: where the search starts; out: the place of the least value
 * step  of the first simplex
 * GB_EINPUT where it does not settle */
enum gb_status gb_minimise(double (*f)(const double *x, void *context), void *context, size_t n,
                           double *x, double step, struct gb_error *err);

/* A share, 0 to 1, as a number without bounds, and back. */
static inline double gb_logit(double share)
{
    return log(share / (1 - share));
}
static inline double gb_share_of_logit(double x)
{
    return 1 / (1 + exp(-x));
}

#endif
