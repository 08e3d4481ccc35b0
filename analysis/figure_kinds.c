/* A map of the kinds of households by benefit: what a home of each saves against the energy that
 * goes through its meter. Kinds on one line through the origin save the same for each kWh; that of
 * all homes together is drawn, so that who stands above it does better than the average, who below
 * worse. */
#include <math.h>
#include <stdlib.h>

#include "analysis/figure_grid_priv.h"
#include "analysis/user_groups.h"

#define MOST_KINDS 24 /* whose names find room */
#define ROOM_FOR_NAMES 1.22

struct extent {
    double low, high, kwh;
};

static double lower_end(const struct gb_confidence_interval *gain)
{
    return gb_interval_has_bounds(gain) ? gain->lower : gain->estimate;
}

static double upper_end(const struct gb_confidence_interval *gain)
{
    return gb_interval_has_bounds(gain) ? gain->upper : gain->estimate;
}

static struct extent write_points(const struct gb_results *results,
                                  const struct gb_user_group *groups, size_t n, FILE *data)
{
    struct extent extent = {0.0, 0.0, 0.0};

    fputs("# Source: /kinds of the result: saving and import + export of each kind.\n"
          "# Columns: energy through the meter of a home (kWh), its saving, lower and upper end of "
          "the 95 % interval, homes, kind.\n",
          data);
    for (size_t g = 0; g < n; g++) {
        double low = lower_end(&groups[g].gain), high = upper_end(&groups[g].gain);

        if (!gb_user_group_is_shown(results, GB_USERS_BY_KIND, groups[g].name))
            continue;
        fprintf(data, "%.12g %.12g %.12g %.12g %.4g ", groups[g].kwh, groups[g].gain.estimate, low,
                high, groups[g].n_users);
        gb_figure_put_word(data, groups[g].name);
        fputc('\n', data);
        extent.low = fmin(extent.low, low);
        extent.high = fmax(extent.high, high);
        extent.kwh = fmax(extent.kwh, groups[g].kwh);
    }
    fputs("\n\n", data);
    return extent;
}

/* What all homes together save for each kWh. */
static double common_slope(const struct gb_user_group *groups, size_t n)
{
    double gain = 0, kwh = 0;

    for (size_t g = 0; g < n; g++) {
        gain += groups[g].n_users * groups[g].gain.estimate;
        kwh += groups[g].n_users * groups[g].kwh;
    }
    return kwh > 0 ? gain / kwh : 0.0;
}

static void describe(const struct gb_figure_grid *grid, const struct gb_figure_request *request,
                     const struct gb_user_group *groups, size_t n, size_t n_trials,
                     struct gb_figure_page *page)
{
    struct extent extent = write_points(request->results, groups, n, page->data);
    struct gb_axis x = gb_axis_of(0.0, fmax(extent.kwh * ROOM_FOR_NAMES, 1e-3), 6.0);
    struct gb_axis y = gb_axis_of(extent.low, fmax(extent.high, extent.low + 1e-6), 6.0);
    double slope = common_slope(groups, n);
    char trials[GB_TRIALS_SIZE];

    gb_page_set_width(page, request, GB_COLUMN_MM);
    gb_axis_write(&x, "x", page->settings);
    gb_axis_write(&y, "y", page->settings);
    gb_figure_set_text(page->settings, "currency", request->currency);
    fprintf(page->settings, "slope = %.12g\nhas_intervals = %d\n", slope, n_trials > 1);
    fputs("Saving of a home against the energy that goes through its meter, by kind of household",
          page->caption);
    page->shows_intervals = n_trials > 1;
    if (n_trials > 1)
        fprintf(page->caption, "; means and 95 %% t intervals over %s",
                gb_grid_sample(grid, trials));
    fprintf(page->caption, ". Line: what all homes together save, %.4g %s for each kWh", slope,
            request->currency);
    gb_grid_describe(request, page->caption);
    fputc('.', page->caption);
}

enum gb_status gb_figure_kinds(const struct gb_figure_request *request, struct gb_figure_page *page,
                               struct gb_error *err)
{
    struct gb_user_group *groups = NULL;
    struct gb_figure_grid grid;
    size_t n = 0;
    enum gb_status status;

    if (!gb_user_groups_are_kept(request->results, GB_USERS_BY_KIND))
        return gb_fail(err, GB_EREFUSED, "the result has no kinds of households to set apart");
    status = gb_grid_find_lines(&grid, request, 1, err);
    if (status != GB_OK)
        return status;
    const struct gb_cell *cell = gb_grid_cell(&grid, 0, 0, 0);
    status = gb_user_groups(&groups, &n, request->results, cell, GB_USERS_BY_KIND, err);
    if (status == GB_OK && n < 2)
        status = gb_fail(err, GB_EREFUSED, "the result has no kinds of households to set apart");
    if (status == GB_OK && n > MOST_KINDS)
        status = gb_fail(err, GB_EREFUSED,
                         "of %zu kinds of households names find no room beside each other, of %d "
                         "they do; `gridbourse compare` lists them",
                         n, MOST_KINDS);
    if (status == GB_OK)
        describe(&grid, request, groups, n, cell->n_trials, page);
    free(groups);
    gb_grid_clear(&grid);
    return status;
}
