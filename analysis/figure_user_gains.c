#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_users_priv.h"
#include "analysis/home_choice.h"

enum gb_status gb_users_find_cells(struct gb_figure_grid *out,
                                   const struct gb_figure_request *request, size_t max_lines,
                                   struct gb_error *err)
{
    if (!gb_results_has(request->results, GB_TABLE_USERS))
        return gb_fail(err, GB_EREFUSED, "the result holds no users (output.level: summary)");
    return gb_grid_find_lines(out, request, max_lines, err);
}

/* The rows of the next trial. */
static enum gb_status add_trial(struct gb_user_gains *out, const struct gb_user_row *rows, size_t n,
                                size_t n_trials, struct gb_error *err)
{
    if (out->n_trials == 0) {
        out->n_users = n;
        out->gains = malloc((n_trials * n + 1) * sizeof *out->gains);
        out->names = calloc(n + 1, sizeof *out->names);
        if (!out->gains || !out->names)
            return gb_fail(err, GB_ENOMEM, "no memory for the gains of %zu users", n);
    }
    out->are_same |= n > 0 && gb_user_is_identified(&rows[0]);
    if (n != out->n_users)
        return gb_fail(err, GB_EINPUT, "replications of one cell have %zu and %zu users",
                       out->n_users, n);
    for (size_t u = 0; u < n; u++) {
        out->gains[out->n_trials * n + u] = gb_user_gain(&rows[u]);
        if (out->n_trials == 0 && rows[u].name[0])
            memcpy(out->names[u], rows[u].name, sizeof out->names[u]);
        else if (out->n_trials == 0)
            snprintf(out->names[u], sizeof out->names[u], "%" PRIu32, rows[u].meter);
    }
    out->n_trials++;
    return GB_OK;
}

enum gb_status gb_user_gains_load(struct gb_user_gains *out, struct gb_results *results,
                                  const struct gb_cell *cell, struct gb_error *err)
{
    enum gb_status status = gb_grid_refuse_average(results, cell, err);

    *out = (struct gb_user_gains){.are_same = gb_cell_shares_households(results, cell)};
    for (size_t i = 0; status == GB_OK && i < cell->n_trials; i++) {
        struct gb_user_row *rows = NULL;
        size_t n = 0;

        status = gb_home_choice_rows(results, gb_results_summary(results)[cell->trials[i]].trial,
                                     &rows, &n, err);
        if (status == GB_OK)
            status = add_trial(out, rows, n, cell->n_trials, err);
        free(rows);
    }
    if (status == GB_OK && out->n_users == 0)
        status = gb_home_choice_refuse_none(results, err);
    return status;
}

void gb_user_gains_clear(struct gb_user_gains *gains)
{
    free(gains->gains);
    free(gains->names);
    *gains = (struct gb_user_gains){0};
}
