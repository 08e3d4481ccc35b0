#include "analysis/cell_gains.h"

#include <stdlib.h>

#include "analysis/cell_users.h"
#include "analysis/figure_grid_priv.h"
#include "analysis/home_choice.h"

/* The quantiles of one trial.
 * n_users  0 before the first trial, and then what each shall have */
static enum gb_status read_trial(double quantiles[GB_N_USER_QUANTILES], struct gb_results *results,
                                 size_t trial, size_t *n_users, struct gb_error *err)
{
    struct gb_user_row *rows = NULL;
    size_t n = 0;
    double *gains = NULL;
    enum gb_status status =
        gb_home_choice_rows(results, gb_results_summary(results)[trial].trial, &rows, &n, err);

    if (status == GB_OK && *n_users > 0 && n != *n_users)
        status =
            gb_fail(err, GB_EINPUT, "replications of one cell have %zu and %zu users", *n_users, n);
    if (status == GB_OK && n == 0)
        status = gb_home_choice_refuse_none(results, err);
    if (status == GB_OK && !(gains = malloc(n * sizeof *gains)))
        status = gb_fail(err, GB_ENOMEM, "no memory for the gains of %zu users", n);
    if (status == GB_OK) {
        for (size_t u = 0; u < n; u++)
            gains[u] = gb_user_gain(&rows[u]);
        gb_find_user_quantiles(quantiles, gains, n);
        *n_users = n;
    }
    free(gains);
    free(rows);
    return status;
}

enum gb_status gb_cell_gain_quantiles(struct gb_confidence_interval gains[GB_N_USER_QUANTILES],
                                      struct gb_results *results, const struct gb_cell *cell,
                                      struct gb_error *err)
{
    struct gb_tally tallies[GB_N_USER_QUANTILES];
    size_t n_users = 0;
    enum gb_status status = gb_grid_refuse_average(results, cell, err);

    for (size_t q = 0; q < GB_N_USER_QUANTILES; q++)
        gb_tally_init(&tallies[q]);
    for (size_t i = 0; status == GB_OK && i < cell->n_trials; i++) {
        double quantiles[GB_N_USER_QUANTILES];

        status = read_trial(quantiles, results, cell->trials[i], &n_users, err);
        for (size_t q = 0; status == GB_OK && q < GB_N_USER_QUANTILES; q++)
            gb_tally_add(&tallies[q], quantiles[q]);
    }
    for (size_t q = 0; status == GB_OK && q < GB_N_USER_QUANTILES; q++)
        gains[q] = gb_tally_interval(&tallies[q], 0, GB_CONFIDENCE);
    return status;
}
