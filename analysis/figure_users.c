#include "analysis/figure_users_priv.h"
#include "analysis/home_choice.h"
#include "analysis/tariff_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BARS 64 /* users a page can show as bars */
#define AXIS_MM 18.0

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
    fprintf(settings, "y_max = %.12g\n", high);
    gb_axis_write(&axis, "y", settings);
}

/* in mm */
static double longest_name(const struct gb_user_comparison *users, size_t n)
{
    double longest = 0.0;

    for (size_t u = 0; u < n; u++) {
        char number[16];

        snprintf(number, sizeof number, "%" PRIu32, users[u].meter);
        longest = fmax(longest, gb_figure_text_mm(users[u].is_named ? users[u].name : number));
    }
    return longest;
}

/* Names that all have room, or every second, third, ... of them. */
static size_t name_step(double longest_mm, double place_mm)
{
    return (size_t)fmax(1.0, ceil((longest_mm + GB_NAME_GAP_MM) / place_mm));
}

/* Of users who stand by their bill. */
static size_t count_earning(const struct gb_user_comparison *users, size_t n)
{
    size_t n_earning = 0;

    for (size_t u = 0; u < n && !users[u].is_named; u++)
        n_earning += users[u].earns || users[u].bill.grid_only.estimate <= 0.0;
    return n_earning;
}

static void describe(const struct gb_figure_request *request, const struct gb_figure_grid *grid,
                     const struct gb_user_comparison *users, size_t n_users,
                     struct gb_figure_page *page)
{
    size_t n_trials = grid->shown[0]->n_trials;
    char trials[GB_TRIALS_SIZE];

    const struct gb_summary_row *summary = gb_results_summary(request->results);
    double page_mm = gb_page_set_width(page, request, GB_PAGE_MM);

    double longest_mm = longest_name(users, n_users);
    double place_mm = (page_mm - AXIS_MM) / (double)n_users;
    size_t step = name_step(longest_mm, place_mm);
    /* all of them upright rather than some of them lying */
    bool are_upright = step > 1 && users[0].is_named && place_mm > GB_NAME_LINE_MM;
    char tariff[160];

    fprintf(page->settings,
            "n_users = %zu\nn_up = %zu\nhas_intervals = %d\nname_step = %zu\n"
            "longest_mm = %.1f\nare_upright = %d\n",
            n_users, count_earning(users, n_users), n_trials > 1, are_upright ? 1 : step,
            longest_mm, are_upright);
    gb_figure_set_text(page->settings, "currency", request->currency);
    fprintf(page->caption, "Income and cost%s over %" PRId64 " slot%s; tariff %s %s/kWh",
            users[0].is_named ? "" : " of users by meter number", summary->n_slots,
            summary->n_slots == 1 ? "" : "s", gb_tariff_text(summary, tariff, sizeof tariff),
            request->currency);
    page->shows_intervals = n_trials > 1;
    if (n_trials > 1)
        fprintf(page->caption, "; means and 95 %% t intervals over %s",
                gb_grid_sample(grid, trials));
    gb_figure_describe_homes(request, page->caption);
    fputc('.', page->caption);
}

/* The users of the one cell that is shown, ready to be drawn. */
static enum gb_status load_users(const struct gb_figure_request *request,
                                 const struct gb_cell *cell, struct gb_user_comparison **users,
                                 size_t *n, struct gb_error *err)
{
    enum gb_status status = gb_grid_refuse_average(request->results, cell, err);
    bool keeps = true;

    if (status == GB_OK)
        status = gb_cell_keeps_users(&keeps, request->results, cell, err);
    if (status == GB_OK && keeps)
        status = gb_cell_users(users, n, request->results, cell, err);
    if (status == GB_OK && keeps && *n == 0)
        return gb_home_choice_refuse_none(request->results, err);
    if (status == GB_OK && !keeps)
        return gb_fail(
            err, GB_EREFUSED,
            "each of %zu replications has households of its own, and a mean over meter k is nobody's: "
            "the figure `gains` shows what users gain",
            cell->n_trials);
    if (status == GB_OK && *n > MAX_BARS)
        return gb_fail(err, GB_EREFUSED,
                       "it has room for %d users and the result has %zu: "
                       "`gridbourse compare --all` lists them",
                       MAX_BARS, *n);
    return status;
}

enum gb_status gb_figure_users(const struct gb_figure_request *request, struct gb_figure_page *page,
                               struct gb_error *err)
{
    struct gb_user_comparison *users = NULL;
    const struct gb_cell *cell;
    struct gb_figure_grid grid;
    size_t n = 0;
    enum gb_status status = gb_users_find_cells(&grid, request, 1, err);

    if (status != GB_OK)
        return status;
    cell = gb_grid_cell(&grid, 0, 0, 0);
    status = load_users(request, cell, &users, &n, err);
    if (status == GB_OK) {
        if (!users[0].is_named)
            qsort(users, n, sizeof *users, compare_users);
        write_axis(users, n, page->settings);
        describe(request, &grid, users, n, page);
        fprintf(page->data,
                "# Source: /users of the result, every trial.\n"
                "# Columns: user; market: mean, half width of the 95 %% t interval; grid-only: "
                "the same.\n# Unit: %s over the run; income positive, cost negative.\n",
                request->currency);
        write_users(users, n, page->data);
    }
    free(users);
    gb_grid_clear(&grid);
    return status;
}
