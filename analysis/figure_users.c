#include "analysis/figures_priv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/compare.h"

#define MAX_BARS 64 /* users a page can show as bars */

/* Users without a name stand by their grid-only bill, the earners first; named ones as they are. */
static int compare_users(const void *a, const void *b)
{
    const struct gb_user_comparison *x = a, *y = b;
    double of_x = (x->earns ? 1.0 : -1.0) * x->bill.grid_only.estimate;
    double of_y = (y->earns ? 1.0 : -1.0) * y->bill.grid_only.estimate;

    if (of_x != of_y)
        return of_x > of_y ? -1 : 1;
    return (x->meter > y->meter) - (x->meter < y->meter);
}

static double half_width(const struct gb_confidence_interval *interval)
{
    return gb_interval_has_bounds(interval) ? interval->upper - interval->estimate : 0.0;
}

static void write_users(const struct gb_user_comparison *users, size_t n, FILE *data)
{
    for (size_t u = 0; u < n; u++) {
        double sign = users[u].earns ? 1.0 : -1.0;
        const struct gb_comparison *bill = &users[u].bill;
        /* one trial has no interval: a half width of 0 draws nothing over the bar */
        double market_half = half_width(&bill->market);
        double grid_half = half_width(&bill->grid_only);

        if (users[u].is_named)
            gb_figure_put_word(data, users[u].name);
        else
            fprintf(data, "\"%" PRIu32 "\"", users[u].meter);
        fprintf(data, " %.12g %.12g %.12g %.12g\n", sign * bill->market.estimate, market_half,
                sign * bill->grid_only.estimate, grid_half);
    }
}

/* The axis that holds every bar with its interval, for the width of its numbers. */
static void write_axis(const struct gb_user_comparison *users, size_t n, FILE *settings)
{
    double low = 0.0, high = 0.0;
    struct gb_axis axis;

    for (size_t u = 0; u < n; u++) {
        const struct gb_confidence_interval *bars[] = {&users[u].bill.market,
                                                       &users[u].bill.grid_only};

        for (size_t i = 0; i < 2; i++) {
            double mean = (users[u].earns ? 1.0 : -1.0) * bars[i]->estimate;
            double half = half_width(bars[i]);

            low = fmin(low, mean - half);
            high = fmax(high, mean + half);
        }
    }
    axis = gb_axis_of(low, fmax(high, low + 1e-6), 8.0);
    gb_axis_write(&axis, "y", settings);
}

static void describe(const struct gb_figure_request *request, size_t n_users, size_t n_trials,
                     bool are_named, FILE *settings)
{
    const struct gb_summary_row *summary = gb_results_summary(request->results);
    char text[160];

    fprintf(settings, "n_users = %zu\nhas_intervals = %d\n", n_users, n_trials > 1);
    gb_figure_set_text(settings, "currency", request->currency);
    snprintf(text, sizeof text, "%stariff %g / %g %s/kWh; %zu trial%s of %" PRId64 " slot%s%s",
             are_named ? "" : "users by meter number; ", (double)summary->retail * 1e-6,
             (double)summary->feed_in * 1e-6, request->currency, n_trials, n_trials == 1 ? "" : "s",
             summary->n_slots, summary->n_slots == 1 ? "" : "s",
             n_trials == 1 ? "" : ": means and 95 % t intervals");
    gb_figure_set_text(settings, "caption", text);
}

/* The users of the one cell a result has, ready to be drawn. */
static enum gb_status load_users(const struct gb_figure_request *request,
                                 const struct gb_cells *cells, struct gb_user_comparison **users,
                                 size_t *n, struct gb_error *err)
{
    enum gb_status status;

    if (cells->n != 1)
        return gb_fail(err, GB_EREFUSED, "the result is a sweep of %zu cells, not one market",
                       cells->n);
    if (!gb_results_has(request->results, GB_TABLE_USERS))
        return gb_fail(err, GB_EREFUSED, "the result holds no users (output.level: summary)");
    status = gb_cell_users(users, n, request->results, &cells->items[0], err);
    if (status == GB_OK && *n == 0)
        return gb_fail(err, GB_EREFUSED, "the result has no users");
    if (status == GB_OK && *n > MAX_BARS)
        return gb_fail(err, GB_EREFUSED,
                       "it has room for %d users and the result has %zu: "
                       "`gridbourse compare --all` lists them",
                       MAX_BARS, *n);
    return status;
}

enum gb_status gb_figure_users(const struct gb_figure_request *request, FILE *settings, FILE *data,
                               struct gb_error *err)
{
    struct gb_user_comparison *users = NULL;
    struct gb_cells cells = {0};
    size_t n = 0;
    enum gb_status status = gb_cells_find(&cells, request->results, err);

    if (status == GB_OK)
        status = load_users(request, &cells, &users, &n, err);
    if (status == GB_OK) {
        if (!users[0].is_named)
            qsort(users, n, sizeof *users, compare_users);
        write_axis(users, n, settings);
        describe(request, n, cells.items[0].n_trials, users[0].is_named, settings);
        fprintf(data,
                "# Source: /users of the result, every trial.\n"
                "# Columns: user; market: mean, half width of the 95 %% t interval; grid-only: "
                "the same.\n# Unit: %s over the run; income positive, cost negative.\n",
                request->currency);
        write_users(users, n, data);
    }
    free(users);
    gb_cells_clear(&cells);
    return status;
}
