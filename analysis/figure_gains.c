/* What each user gains on trading with the grid alone, sorted. Replications whose households are
 * the same give each user a mean and an interval; where each has households of its own, no user is
 * in two of them, and what is shown is the quantile function of the gains: the k-th smallest gain
 * of each trial, and from these a mean and an interval. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_users_priv.h"
#include "analysis/order_statistics.h"

#define AXIS_MM 18.0
#define MAX_BARS 64 /* as in the script: beyond them, a line */

struct gain {
    struct gb_confidence_interval interval;
    char name[GB_NAME_SIZE];
};

static int compare_gains(const void *a, const void *b)
{
    const struct gain *x = a, *y = b;
    double of_x = x->interval.estimate, of_y = y->interval.estimate;

    return of_x != of_y ? (of_x > of_y ? 1 : -1) : strcmp(x->name, y->name);
}

/* Rank by rank, or user by user, over trials. returns the gains, ascending; NULL without memory */
static struct gain *estimate(struct gb_user_gains *users, bool by_rank)
{
    struct gain *gains = calloc(users->n_users + 1, sizeof *gains);
    double *values = malloc((users->n_trials + 1) * sizeof *values);

    for (size_t t = 0; by_rank && t < users->n_trials; t++)
        gb_order_sample(users->gains + t * users->n_users, users->n_users);
    for (size_t u = 0; gains && values && u < users->n_users; u++) {
        for (size_t t = 0; t < users->n_trials; t++)
            values[t] = users->gains[t * users->n_users + u];
        gains[u].interval = gb_t_interval(values, users->n_trials, GB_CONFIDENCE);
        memcpy(gains[u].name, users->names[u], sizeof gains[u].name);
    }
    free(values);
    if (!values) {
        free(gains);
        gains = NULL;
    }
    if (gains)
        qsort(gains, users->n_users, sizeof *gains, compare_gains);
    return gains;
}

static void write_gains(const struct gain *gains, size_t n, bool have_names,
                        struct gb_figure_page *page)
{
    double low = 0.0, high = 0.0;
    struct gb_axis axis;

    for (size_t u = 0; u < n; u++) {
        const struct gb_confidence_interval *gain = &gains[u].interval;
        bool has_bounds = gb_interval_has_bounds(gain);
        double lower = has_bounds ? gain->lower : gain->estimate;
        double upper = has_bounds ? gain->upper : gain->estimate;

        gb_figure_put_word(page->data, have_names ? gains[u].name : "");
        fprintf(page->data, " %zu %.12g %.12g %.12g\n", u + 1, gain->estimate, lower, upper);
        low = fmin(low, lower);
        high = fmax(high, upper);
    }
    axis = gb_axis_of(low, fmax(high, low + 1e-6), 7.0);
    gb_axis_write(&axis, "y", page->settings);
}

/* in mm */
static double longest_name(const struct gain *gains, size_t n)
{
    double longest = 0.0;

    for (size_t u = 0; u < n; u++)
        longest = fmax(longest, gb_figure_text_mm(gains[u].name));
    return longest;
}

static void describe(const struct gb_user_gains *users, const struct gain *gains, bool by_rank,
                     const struct gb_figure_grid *grid, const struct gb_figure_request *request,
                     struct gb_figure_page *page)
{
    size_t n_losing = 0, n = users->n_users;
    double page_mm = gb_page_set_width(page, request, GB_PAGE_MM);
    double place_mm = (page_mm - AXIS_MM) / (double)n;
    bool have_names = !by_rank && place_mm > GB_NAME_LINE_MM;
    double longest_mm = longest_name(gains, n);
    char trials[GB_TRIALS_SIZE];

    for (size_t u = 0; u < n; u++)
        n_losing += gains[u].interval.estimate < 0.0;
    fprintf(page->settings,
            "n_users = %zu\nhave_names = %d\nlongest_mm = %.1f\nare_upright = %d\n"
            "has_intervals = %d\n",
            n, have_names, longest_mm, have_names && longest_mm + GB_NAME_GAP_MM > place_mm,
            users->n_trials > 1);
    gb_figure_set_text(page->settings, "currency", request->currency);
    page->shows_intervals = users->n_trials > 1;
    if (by_rank)
        fprintf(page->caption,
                "Gain of the k-th of %zu users by gain, mean and 95 %% t interval over %s, each "
                "with households of its own",
                n, gb_grid_sample(grid, trials));
    else if (users->n_trials > 1)
        fprintf(page->caption,
                "Gain of each of %zu users, paired mean and 95 %% t interval over %s", n,
                gb_grid_sample(grid, trials));
    else
        fprintf(page->caption, "Gain of each of %zu users in one trial", n);
    if (n_losing == 0)
        fputs("; none loses", page->caption);
    else
        fprintf(page->caption, "; %zu lose%s%s", n_losing, n_losing == 1 ? "s" : "",
                n <= MAX_BARS ? " (hollow)" : "");
    gb_grid_describe(request, page->caption);
    fputc('.', page->caption);
}

enum gb_status gb_figure_gains(const struct gb_figure_request *request, struct gb_figure_page *page,
                               struct gb_error *err)
{
    struct gb_user_gains users = {0};
    struct gb_figure_grid grid;
    struct gain *gains = NULL;
    bool by_rank;
    enum gb_status status = gb_users_find_cells(&grid, request, 1, err);

    if (status != GB_OK)
        return status;
    status = gb_user_gains_load(&users, request->results, gb_grid_cell(&grid, 0, 0, 0), err);
    by_rank = !users.are_same;
    if (status == GB_OK && !(gains = estimate(&users, by_rank)))
        status = gb_fail(err, GB_ENOMEM, "no memory for the gains of %zu users", users.n_users);
    if (status == GB_OK) {
        fprintf(
            page->data,
            "# Source: /users of the result: cost_grid_only - cost, %s.\n"
            "# Columns: user, rank, gain, lower and upper end of its 95 %% t interval. Unit: %s "
            "over the run.\n",
            by_rank ? "sorted in each trial" : "paired", request->currency);
        write_gains(gains, users.n_users, !by_rank, page);
        describe(&users, gains, by_rank, &grid, request, page);
    }
    free(gains);
    gb_user_gains_clear(&users);
    gb_grid_clear(&grid);
    return status;
}
