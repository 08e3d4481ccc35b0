#include "models/fit/minimise.h"

#include <float.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_vector.h>

enum { ITERATIONS_MOST = 2000 };
static const double settled = 1e-5; /* size of the simplex */

struct call {
    double (*f)(const double *x, void *context);
    void *context;
};

/* GSL ends a search whose simplex touches a value that is not finite; one that is no less than any
 * other turns it back. */
static double value_at(const gsl_vector *x, void *context)
{
    const struct call *call = context;
    double value = call->f(x->data, call->context);

    return isfinite(value) ? value : DBL_MAX;
}

enum gb_status gb_minimise(double (*f)(const double *x, void *context), void *context, size_t n,
                           double *x, double step, struct gb_error *err)
{
    struct call call = {f, context};
    gsl_multimin_function function = {.f = value_at, .n = n, .params = &call};
    gsl_vector *start = gsl_vector_alloc(n), *steps = gsl_vector_alloc(n);
    gsl_multimin_fminimizer *search =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, n);
    enum gb_status status = GB_OK;
    int state = GSL_CONTINUE;

    if (!start || !steps || !search) {
        status = gb_fail(err, GB_ENOMEM, "no memory for a search over %zu parameters", n);
        goto out;
    }
    for (size_t i = 0; i < n; i++)
        gsl_vector_set(start, i, x[i]);
    gsl_vector_set_all(steps, step);
    gsl_multimin_fminimizer_set(search, &function, start, steps);
    for (int i = 0; i < ITERATIONS_MOST && state == GSL_CONTINUE; i++)
        if ((state = gsl_multimin_fminimizer_iterate(search)) == GSL_SUCCESS)
            state = gsl_multimin_test_size(gsl_multimin_fminimizer_size(search), settled);
    if (state != GSL_SUCCESS)
        status = gb_fail(err, GB_EINPUT, "the search for the parameters does not settle");
    for (size_t i = 0; i < n; i++)
        x[i] = gsl_vector_get(search->x, i);
out:
    gsl_multimin_fminimizer_free(search);
    gsl_vector_free(steps);
    gsl_vector_free(start);
    return status;
}
