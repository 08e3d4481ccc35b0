/* The saving split by cause, a bar a cell: what trades gain on the tariff, and what forecast
 * errors, schedules and storage take of that or add to it. The parts add up to the saving. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_grid_priv.h"

#define MAX_BARS 16
#define NS_A_DAY 86400e9

/* What one unit of the run's saving is in that of the indicator: a meter and day, say. */
static double share_of(const struct gb_indicator *per_day, const struct gb_results *results,
                       const struct gb_cell *cell)
{
    const struct gb_summary_row *row = &gb_results_summary(results)[cell->trials[0]];
    double days = (double)row->slot_ns * (double)row->n_slots / NS_A_DAY;

    return per_day->scale / (days * (double)row->n_meters);
}

/* A bar: name, causes, saving and its interval. returns false without memory */
static bool write_bar(const struct gb_figure_grid *grid, size_t j,
                      const struct gb_indicator *per_day, double *low, double *high,
                      bool is_cause[GB_N_CAUSES], FILE *data)
{
    const struct gb_cell *cell = gb_grid_cell(grid, 0, j, 0);
    struct gb_confidence_interval causes[GB_N_CAUSES],
        saving = gb_indicator_of(per_day, grid->results, cell);
    double share = share_of(per_day, grid->results, cell), below = 0.0, above = 0.0;
    bool has_bounds = gb_interval_has_bounds(&saving);

    if (!gb_cell_causes(grid->results, cell, causes))
        return false;
    gb_figure_put_word(data, grid->lines.shown[j]);
    for (int c = 0; c < GB_N_CAUSES; c++) {
        double part = share * causes[c].estimate;

        fprintf(data, " %.12g", part);
        below += fmin(part, 0.0);
        above += fmax(part, 0.0);
        is_cause[c] = is_cause[c] || part != 0.0;
    }
    fprintf(data, " %.12g %.12g %.12g %d\n", saving.estimate,
            has_bounds ? saving.lower : saving.estimate,
            has_bounds ? saving.upper : saving.estimate, gb_grid_lacks_trials(grid, cell));
    *low = fmin(*low, fmin(below, has_bounds ? saving.lower : saving.estimate));
    *high = fmax(*high, fmax(above, has_bounds ? saving.upper : saving.estimate));
    return true;
}

static size_t longest_of(const struct gb_factor *factor)
{
    size_t longest = 0;

    for (size_t i = 0; i < factor->n; i++)
        longest = strlen(factor->shown[i]) > longest ? strlen(factor->shown[i]) : longest;
    return longest;
}

static void describe(const struct gb_figure_grid *grid, const struct gb_figure_request *request,
                     const struct gb_indicator *per_day, double low, double high,
                     const bool is_cause[GB_N_CAUSES], struct gb_figure_page *page)
{
    struct gb_axis axis = gb_axis_of(low, fmax(high, low + 1e-6), 6.0);
    size_t n_shown = 0;
    size_t n_trials = gb_cell_n_replications(grid->results, gb_grid_cell(grid, 0, 0, 0));
    bool lacks_trials = false;
    char trials[GB_TRIALS_SIZE];

    gb_page_set_width(page, request, GB_COLUMN_MM);
    gb_axis_write(&axis, "x", page->settings);
    for (int c = 0; c < GB_N_CAUSES; c++) {
        gb_figure_set_nth(page->settings, "cause", (size_t)c + 1,
                          is_cause[c] ? gb_cause_text((enum gb_cause)c) : "");
        n_shown += is_cause[c];
    }
    for (size_t j = 0; j < grid->lines.n; j++)
        lacks_trials = lacks_trials || gb_grid_lacks_trials(grid, gb_grid_cell(grid, 0, j, 0));
    fprintf(page->settings, "n_bars = %zu\nlongest_name = %zu\nn_causes = %zu\nlast_cause = %d\n",
            grid->lines.n, longest_of(&grid->lines), n_shown, GB_N_CAUSES);
    gb_figure_set_text(page->settings, "unit", per_day->unit);
    gb_figure_set_text(page->settings, "lines_label", grid->lines.label);
    page->shows_intervals = n_trials > 1;
    fputs("The saving on grid-only and what adds to it or takes from it", page->caption);
    if (n_trials > 1)
        fprintf(page->caption, ", means over %s; bar at the dot: 95 %% t interval of the saving",
                gb_grid_sample(grid, trials));
    gb_grid_describe(request, page->caption);
    fprintf(page->caption, "%s.", lacks_trials ? "; rings: cells that lack trials" : "");
}

enum gb_status gb_figure_causes(const struct gb_figure_request *request,
                                struct gb_figure_page *page, struct gb_error *err)
{
    struct gb_figure_request asked = *request;
    bool is_cause[GB_N_CAUSES] = {false};
    double low = 0.0, high = 0.0;
    struct gb_indicator per_day;
    struct gb_figure_grid grid;
    enum gb_status status =
        gb_indicator_find(&per_day, GB_TABLE_SUMMARY, "gain_per_user_day", request, err);

    /* the key along x is as good for bars as that of lines */
    asked.lines = request->lines ? request->lines : request->x;
    if (status == GB_OK)
        status = gb_grid_find_lines(&grid, &asked, MAX_BARS, err);
    if (status != GB_OK)
        return status;
    fprintf(page->data,
            "# Source: /summary of the result, means over trials: traded energy at the band of the "
            "tariff\n# less the operator's balance, the costs of imbalance and schedules, "
            "storage run otherwise.\n"
            "# Columns: cell, the causes, saving (gain_per_user_day), ends of its 95 %% "
            "interval, whether\n# trials are missing. Unit: %s.\n",
            per_day.unit);
    for (size_t j = 0; status == GB_OK && j < grid.lines.n; j++)
        if (!write_bar(&grid, j, &per_day, &low, &high, is_cause, page->data))
            status = gb_fail(err, GB_ENOMEM, "no memory for the causes of a cell");
    if (status == GB_OK && low == 0.0 && high == 0.0)
        status = gb_fail(err, GB_EREFUSED, "the market neither saved nor cost anything");
    if (status == GB_OK)
        describe(&grid, request, &per_day, low, high, is_cause, page);
    gb_grid_clear(&grid);
    return status;
}
