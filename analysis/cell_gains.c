#include "analysis/cell_gains.h"

#include <stdlib.h>

#include "analysis/figure_users_priv.h"
#include "analysis/order_statistics.h"

enum gb_status gb_cell_gain_quantiles(struct gb_confidence_interval gains[GB_N_USER_QUANTILES],
                                      struct gb_results *results, const struct gb_cell *cell,
                                      struct gb_error *err)
{
    struct gb_user_gains users = {0};
    double *values = malloc((cell->n_trials + 1) * sizeof *values);
    enum gb_status status = values ? gb_user_gains_load(&users, results, cell, err)
                                   : gb_fail(err, GB_ENOMEM, "no memory for the gains of users");

    for (size_t t = 0; status == GB_OK && t < users.n_trials; t++)
        gb_order_sample(users.gains + t * users.n_users, users.n_users);
    for (size_t q = 0; status == GB_OK && q < GB_N_USER_QUANTILES; q++) {
        for (size_t t = 0; t < users.n_trials; t++)
            values[t] =
                gb_quantile(users.gains + t * users.n_users, users.n_users, gb_user_quantiles[q]);
        gains[q] = gb_t_interval(values, users.n_trials, GB_CONFIDENCE);
    }
    gb_user_gains_clear(&users);
    free(values);
    return status;
}
