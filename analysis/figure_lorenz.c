/* The Lorenz curve of the gains: what share of all that the users gain goes to those who gain
 * least. Where users lose it begins below 0. Over trials each of its points is a ratio of sums. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/figure_users_priv.h"
#include "analysis/home_choice.h"
#include "analysis/order_statistics.h"

/* Sums the gains of each trial up, from the smallest on. */
static void cumulate(struct gb_user_gains *users)
{
    for (size_t t = 0; t < users->n_trials; t++) {
        double *gains = users->gains + t * users->n_users;

        gb_order_sample(gains, users->n_users);
        for (size_t u = 1; u < users->n_users; u++)
            gains[u] += gains[u - 1];
    }
}

/* The curve from (0, 0) to (100, 100) %. returns its lowest end; NaN: nothing is gained, or no
 * memory */
static double write_curve(const struct gb_user_gains *users, FILE *data)
{
    size_t n = users->n_trials, n_users = users->n_users;
    double *above = malloc(n * sizeof *above), *total = malloc(n * sizeof *total), lowest = 0.0;

    if (above && total)
        fputs("0 0 0 0\n", data);
    for (size_t u = 0; above && total && u < n_users; u++) {
        struct gb_confidence_interval share;
        bool has_bounds;

        for (size_t t = 0; t < n; t++) {
            above[t] = users->gains[t * n_users + u];
            total[t] = users->gains[t * n_users + n_users - 1];
        }
        share = gb_interval_scaled(gb_ratio_interval(above, total, n, GB_CONFIDENCE), 100.0);
        has_bounds = gb_interval_has_bounds(&share);
        fprintf(data, "%.12g %.12g %.12g %.12g\n", 100.0 * (double)(u + 1) / (double)n_users,
                share.estimate, has_bounds ? share.lower : share.estimate,
                has_bounds ? share.upper : share.estimate);
        lowest = isnan(share.estimate) || total[0] <= 0.0
                     ? NAN
                     : fmin(lowest, has_bounds ? share.lower : share.estimate);
    }
    fputs("\n\n", data);
    if (!above || !total)
        lowest = NAN;
    free(above);
    free(total);
    return lowest;
}

static void describe(const struct gb_figure_grid *grid, const struct gb_figure_request *request,
                     double lowest, size_t n_trials, struct gb_figure_page *page)
{
    struct gb_axis axis = gb_axis_of(fmax(lowest, -400.0), 100.0, 6.0);
    struct gb_confidence_interval gini =
        gb_cell_interval(request->results, gb_grid_cell(grid, 0, 0, 0), "gini");
    bool are_all = gb_home_choice_is_all(gb_results_homes(request->results));
    char trials[GB_TRIALS_SIZE];

    gb_page_set_width(page, request, GB_COLUMN_MM);
    gb_axis_write(&axis, "y", page->settings);
    fprintf(page->settings, "n_curves = %zu\nhas_intervals = %d\n", grid->lines.n, n_trials > 1);
    gb_figure_set_text(page->settings, "lines_label", grid->lines.n > 1 ? grid->lines.label : "");
    gb_grid_name_lines(grid, page->settings);
    fputs("Share of all gains that goes to the users who gain least", page->caption);
    page->shows_intervals = n_trials > 1;
    if (n_trials > 1)
        fprintf(page->caption, ", ratio of sums over %s with 95 %% intervals",
                gb_grid_sample(grid, trials));
    if (are_all && grid->lines.n == 1 && !isnan(gini.estimate) && gini.n_nan == 0)
        fprintf(page->caption, "; Gini coefficient %.3f", gini.estimate);
    fputs(lowest < 0.0 ? "; below 0: users who lose" : "", page->caption);
    gb_grid_describe(request, page->caption);
    fputc('.', page->caption);
}

static enum gb_status write_curves(const struct gb_figure_grid *grid,
                                   const struct gb_figure_request *request,
                                   struct gb_figure_page *page, struct gb_error *err)
{
    double lowest = 0.0;
    size_t n_trials = 0;
    enum gb_status status = GB_OK;

    fputs(
        "# Source: /users of the result: cost_grid_only - cost, sorted in each trial. A block a cell.\n"
        "# Columns: share of the users, share of the gains, lower and upper end of its 95 % "
        "interval (%).\n",
        page->data);
    for (size_t j = 0; status == GB_OK && j < grid->lines.n; j++) {
        struct gb_user_gains users = {0};

        status = gb_user_gains_load(&users, request->results, gb_grid_cell(grid, 0, j, 0), err);
        if (status == GB_OK) {
            double low;

            cumulate(&users);
            low = write_curve(&users, page->data);
            lowest = isnan(low) ? NAN : fmin(lowest, low);
            n_trials = users.n_trials;
        }
        gb_user_gains_clear(&users);
        if (status == GB_OK && isnan(lowest))
            status = gb_fail(
                err, GB_EREFUSED,
                "what all users together gain is nothing, or too uncertain over the trials, to have "
                "shares of");
    }
    if (status == GB_OK)
        describe(grid, request, lowest, n_trials, page);
    return status;
}

enum gb_status gb_figure_lorenz(const struct gb_figure_request *request,
                                struct gb_figure_page *page, struct gb_error *err)
{
    struct gb_figure_grid grid;
    enum gb_status status = gb_users_find_cells(&grid, request, GB_MAX_CURVES, err);

    if (status != GB_OK)
        return status;
    status = write_curves(&grid, request, page, err);
    gb_grid_clear(&grid);
    return status;
}
