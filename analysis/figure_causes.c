/* The saving split by cause, a bar a cell: what trades gain on the tariff, and what forecast
 * errors, schedules and storage take of that or add to it. The parts add up to the saving. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_grid_priv.h"
#include "analysis/home_choice.h"

#define MAX_BARS 16
#define NS_A_DAY 86400e9
#define LEAST_UNIT 1e-9 /* of money */

/* What of /kinds, for each home, is which cause, and which way it counts. */
static const struct {
    const char *name;
    enum gb_cause cause;
    int sign;
} costs[] = {
    {"imbalance_short_cost/n_homes", GB_CAUSE_SHORT, -1},
    {"imbalance_long_cost/n_homes", GB_CAUSE_LONG, -1},
    {"schedule_cost/n_homes", GB_CAUSE_SCHEDULE, -1},
    {"fee_cost/n_homes", GB_CAUSE_FEES, -1},
    {"network_fee_cost/n_homes", GB_CAUSE_FEES, -1},
    {"levy_cost/n_homes", GB_CAUSE_FEES, -1},
    {"market_fee_cost/n_homes", GB_CAUSE_FEES, -1},
    {"cost_grid_only/n_homes", GB_CAUSE_STORAGE, 1},
    {"tariff_cost/n_homes", GB_CAUSE_STORAGE, -1},
};
enum { N_COSTS = sizeof costs / sizeof costs[0] };

/* What a bar is made of: of all homes by meter and day, of some homes by home. */
struct split {
    struct gb_indicator saving;
    bool is_of_homes;
    struct gb_kinds homes;
    struct gb_indicator costs[N_COSTS]; /* of those homes, each over their number */
};

static enum gb_status find_split(struct split *split, const struct gb_figure_request *request,
                                 struct gb_error *err)
{
    enum gb_status status;

    split->is_of_homes = !gb_home_choice_is_all(gb_results_homes(request->results));
    if (!split->is_of_homes)
        return gb_indicator_find(&split->saving, GB_TABLE_SUMMARY, "gain_per_user_day", request,
                                 err);
    status =
        gb_indicator_find_of_homes(&split->saving, &split->homes, "saving/n_homes", request, err);
    for (int c = 0; status == GB_OK && c < N_COSTS; c++) {
        status = gb_indicator_find(&split->costs[c], GB_TABLE_KINDS, costs[c].name, request, err);
        split->costs[c].kinds = &split->homes;
        split->costs[c].kind = split->saving.kind;
    }
    snprintf(split->saving.unit, sizeof split->saving.unit, "%.40s per home", request->currency);
    return status;
}

/* What one unit of the run's saving is in that of the indicator: a meter and day, say. */
static double share_of(const struct gb_indicator *per_day, const struct gb_results *results,
                       const struct gb_cell *cell)
{
    const struct gb_summary_row *row = &gb_results_summary(results)[cell->trials[0]];
    double days = (double)row->slot_ns * (double)row->n_slots / NS_A_DAY;

    return per_day->scale / (days * (double)row->n_meters);
}

/* /kinds has all but what trades gained, which is what is left of the saving: the parts are exact
 * in every bill. */
static void find_causes_of_homes(const struct split *split, const struct gb_results *results,
                                 const struct gb_cell *cell, double saving,
                                 double parts[GB_N_CAUSES])
{
    for (int c = 0; c < GB_N_CAUSES; c++)
        parts[c] = c == GB_CAUSE_TRADES ? saving : 0.0;
    for (int c = 0; c < N_COSTS; c++) {
        double part = costs[c].sign * gb_indicator_of(&split->costs[c], results, cell).estimate;

        parts[costs[c].cause] += part;
        parts[GB_CAUSE_TRADES] -= part;
    }
    for (int c = 0; c < GB_N_CAUSES; c++) /* of what cancels out a rounding error may be left */
        parts[c] = fabs(parts[c]) < LEAST_UNIT ? 0.0 : parts[c];
}

/* returns false without memory */
static bool find_causes(const struct split *split, const struct gb_results *results,
                        const struct gb_cell *cell, double saving, double parts[GB_N_CAUSES])
{
    struct gb_confidence_interval causes[GB_N_CAUSES];

    if (split->is_of_homes) {
        find_causes_of_homes(split, results, cell, saving, parts);
        return true;
    }
    if (!gb_cell_causes(results, cell, causes))
        return false;
    for (int c = 0; c < GB_N_CAUSES; c++)
        parts[c] = share_of(&split->saving, results, cell) * causes[c].estimate;
    return true;
}

/* A bar: name, causes, saving and its interval. */
static enum gb_status write_bar(const struct gb_figure_grid *grid, size_t j,
                                const struct split *split, double *low, double *high,
                                bool is_cause[GB_N_CAUSES], FILE *data, struct gb_error *err)
{
    const struct gb_cell *cell = gb_grid_cell(grid, 0, j, 0);
    struct gb_confidence_interval saving = gb_indicator_of(&split->saving, grid->results, cell);
    double parts[GB_N_CAUSES], below = 0.0, above = 0.0;
    bool has_bounds = gb_interval_has_bounds(&saving);

    if (isnan(saving.estimate))
        return split->is_of_homes ? gb_home_choice_refuse_none(grid->results, err)
                                  : gb_fail(err, GB_EREFUSED, GB_NO_VALUE, split->saving.name);
    if (!find_causes(split, grid->results, cell, saving.estimate, parts))
        return gb_fail(err, GB_ENOMEM, "no memory for the causes of a cell");
    gb_figure_put_word(data, grid->lines.shown[j]);
    for (int c = 0; c < GB_N_CAUSES; c++) {
        fprintf(data, " %.12g", parts[c]);
        below += fmin(parts[c], 0.0);
        above += fmax(parts[c], 0.0);
        is_cause[c] = is_cause[c] || parts[c] != 0.0;
    }
    fprintf(data, " %.12g %.12g %.12g %d\n", saving.estimate,
            has_bounds ? saving.lower : saving.estimate,
            has_bounds ? saving.upper : saving.estimate, gb_grid_lacks_trials(grid, cell));
    *low = fmin(*low, fmin(below, has_bounds ? saving.lower : saving.estimate));
    *high = fmax(*high, fmax(above, has_bounds ? saving.upper : saving.estimate));
    return GB_OK;
}

static size_t longest_of(const struct gb_factor *factor)
{
    size_t longest = 0;

    for (size_t i = 0; i < factor->n; i++)
        longest = strlen(factor->shown[i]) > longest ? strlen(factor->shown[i]) : longest;
    return longest;
}

static void describe(const struct gb_figure_grid *grid, const struct gb_figure_request *request,
                     const struct gb_indicator *saving, double low, double high,
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
    gb_figure_set_text(page->settings, "unit", saving->unit);
    gb_figure_set_text(page->settings, "lines_label", grid->lines.label);
    page->shows_intervals = n_trials > 1;
    fputs("The saving on grid-only and what adds to it or takes from it", page->caption);
    if (n_trials > 1)
        fprintf(page->caption, ", %s over %s; bar at the dot: 95 %% %s interval of the saving",
                saving->over ? "ratios of sums" : "means", gb_grid_sample(grid, trials),
                saving->over ? "Fieller" : "t");
    gb_grid_describe(request, page->caption);
    fprintf(page->caption, "%s.", lacks_trials ? "; rings: cells that lack trials" : "");
}

static void write_head(const struct split *split, FILE *data)
{
    fprintf(data,
            split->is_of_homes
                ? "# Source: /kinds of the result, ratios of sums over trials: the saving of a "
                  "home, and what its bill\n# holds of imbalance, schedules and fees; trades are "
                  "what is left.\n"
                  "# Columns: cell, the causes, saving (%s), ends of its 95 %% interval, "
                  "whether\n# trials are missing. Unit: %s.\n"
                : "# Source: /summary of the result, means over trials: traded energy at the band "
                  "of the tariff\n# less the operator's balance, the costs of imbalance and "
                  "schedules, storage, cars and heat pumps run otherwise.\n"
                  "# Columns: cell, the causes, saving (%s), ends of its 95 %% "
                  "interval, whether\n# trials are missing. Unit: %s.\n",
            split->saving.name, split->saving.unit);
}

enum gb_status gb_figure_causes(const struct gb_figure_request *request,
                                struct gb_figure_page *page, struct gb_error *err)
{
    struct gb_figure_request asked = *request;
    bool is_cause[GB_N_CAUSES] = {false};
    double low = 0.0, high = 0.0;
    struct split split = {.is_of_homes = false};
    struct gb_figure_grid grid = {0};
    enum gb_status status = find_split(&split, request, err);

    /* the key along x is as good for bars as that of lines */
    asked.lines = request->lines ? request->lines : request->x;
    if (status == GB_OK)
        status = gb_grid_find_lines(&grid, &asked, MAX_BARS, err);
    if (status != GB_OK) {
        gb_kinds_clear(&split.homes);
        return status;
    }
    write_head(&split, page->data);
    for (size_t j = 0; status == GB_OK && j < grid.lines.n; j++)
        status = write_bar(&grid, j, &split, &low, &high, is_cause, page->data, err);
    if (status == GB_OK && low == 0.0 && high == 0.0)
        status = gb_fail(err, GB_EREFUSED, "the market neither saved nor cost anything");
    if (status == GB_OK)
        describe(&grid, request, &split.saving, low, high, is_cause, page);
    gb_kinds_clear(&split.homes);
    gb_grid_clear(&grid);
    return status;
}
