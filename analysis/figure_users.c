#include "analysis/figures_priv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/compare.h"

#define MAX_BARS 64                     /* users a page can show as bars */

static void write_users(const struct gb_user_comparison *users, size_t n, FILE *data)
{
    for (size_t u = 0; u < n; u++) {
        double sign = users[u].earns ? 1.0 : -1.0;
        const struct gb_comparison *bill = &users[u].bill;
        /* one trial has no interval: a half width of 0 draws nothing over the bar */
        double market_half = isnan(bill->market.half_width) ? 0.0 : bill->market.half_width;
        double grid_half = isnan(bill->grid_only.half_width) ? 0.0 : bill->grid_only.half_width;

        fprintf(data, "\"%s\" %.12g %.12g %.12g %.12g\n", users[u].name, sign * bill->market.mean,
                market_half, sign * bill->grid_only.mean, grid_half);
    }
}

enum gb_status gb_figure_users(const struct gb_figure_request *request, FILE *settings, FILE *data,
                               struct gb_error *err)
{
    const struct gb_summary_row *summary = gb_results_summary(request->results);
    struct gb_user_comparison *users = NULL;
    struct gb_cells cells = {0};
    char text[128];
    size_t n = 0, n_trials;
    enum gb_status status = gb_cells_find(&cells, request->results, err);

    if (status == GB_OK && cells.n != 1)
        status = gb_fail(err, GB_EREFUSED, "the result is a sweep of %zu cells, not one market",
                         cells.n);
    if (status == GB_OK && !gb_results_has(request->results, GB_TABLE_USERS))
        status = gb_fail(err, GB_EREFUSED, "the result holds no users (output.level: summary)");
    if (status == GB_OK)
        status = gb_cell_users(&users, &n, request->results, &cells.items[0], err);
    if (status == GB_OK && (n == 0 || n > MAX_BARS))
        status =
            gb_fail(err, GB_EREFUSED, "%zu users are no row of bars (1 to %d are)", n, MAX_BARS);
    if (status == GB_OK) {
        fprintf(settings, "n_users = %zu\n", n);
        gb_figure_set_text(settings, "currency", request->currency);
        n_trials = cells.items[0].n_trials;
        fprintf(settings, "has_intervals = %d\n", n_trials > 1);
        snprintf(text, sizeof text, "tariff %g / %g %s/kWh; %zu trial%s of %" PRId64 " slot%s%s",
                 (double)summary->retail * 1e-6, (double)summary->feed_in * 1e-6, request->currency,
                 n_trials, n_trials == 1 ? "" : "s", summary->n_slots,
                 summary->n_slots == 1 ? "" : "s",
                 n_trials == 1 ? "" : ": means and 95 % t intervals");
        gb_figure_set_text(settings, "caption", text);
        fprintf(data,
                "# Source: /users of the result, every trial.\n"
                "# Columns: user; market: mean, half width of the 95 %% t interval; grid-only: the "
                "same.\n# Unit: %s over the run; income positive, cost negative.\n",
                request->currency);
        write_users(users, n, data);
    }
    free(users);
    gb_cells_clear(&cells);
    return status;
}
