/* The least value of a function of a few parameters, by the simplex of Nelder and Mead as GSL has
 * it. */
#ifndef MODELS_FIT_MINIMISE_H
#define MODELS_FIT_MINIMISE_H

#include <stddef.h>

#include "base/status.h"

/* f may be INFINITY outside its domain.
 * x     in: where the search starts; out: the place of the least value
 * step  of the first simplex
 * GB_EINPUT where it does not settle */
enum gb_status gb_minimise(double (*f)(const double *x, void *context), void *context, size_t n,
                           double *x, double step, struct gb_error *err);

#endif
