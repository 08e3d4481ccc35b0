#include "tests/fit_estimates.h"

#include <math.h>
#include <string.h>

#include "tests/tap.h"

double estimate_of(const struct gb_fit *fit, const char *key, double *error)
{
    for (size_t i = 0; i < fit->n_estimates; i++)
        if (strcmp(fit->estimates[i].key, key) == 0) {
            *error = fit->estimates[i].error;
            return fit->estimates[i].value;
        }
    EXPECT(!"the key is estimated");
    return NAN;
}

void expect_found(const struct gb_fit *fit, const char *key, double truth, double most_error)
{
    double error = NAN, value = estimate_of(fit, key, &error);

    if (!EXPECT(error > 0 && error < most_error) || !EXPECT(fabs(value - truth) < 3.5 * error))
        tap_note("%s: %g +- %g, in truth %g", key, value, error, truth);
}
