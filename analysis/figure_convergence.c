/* How trading settles as agents adapt: day by day the mean price of the trades and the share of
 * what both sides offered that was traded, over the trials of a cell. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/figure_grid_priv.h"

#define FEWEST_DAYS 3
#define WHOLE 100.0 /* %: what a share of trade can be */
#define ROUNDING 1e-9

/* Sums a day and trial; sums[trial * n_days + day]. */
struct days {
    size_t n_days, n_trials;
    struct sums {
        double value, traded, clearable; /* price times energy, kWh, kWh */
    } * sums;
};

static void add_slots(struct days *days, size_t trial, const struct gb_calendar *calendar,
                      const struct gb_slot_row *slots, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t day = (size_t)gb_calendar_day_at(calendar, slots[i].time_ns);
        struct sums *sums = &days->sums[trial * days->n_days + day];
        int64_t supply = slots[i].supply_wh, demand = slots[i].demand_wh;

        if (day >= days->n_days)
            return;
        if (slots[i].traded_wh > 0)
            sums->value += slots[i].price_mean * 1e-3 * (double)slots[i].traded_wh;
        sums->traded += 1e-3 * (double)slots[i].traded_wh;
        sums->clearable += 1e-3 * (double)(supply < demand ? supply : demand);
    }
}

static enum gb_status load(struct days *days, struct gb_results *results,
                           const struct gb_cell *cell, struct gb_error *err)
{
    const struct gb_summary_row *first = &gb_results_summary(results)[cell->trials[0]];
    enum gb_status status = gb_grid_refuse_average(results, cell, err);

    struct gb_calendar calendar = gb_results_calendar(results, cell->trials[0]);

    *days = (struct days){(size_t)gb_calendar_day_at(&calendar, first->n_slots * first->slot_ns),
                          cell->n_trials, NULL};
    if (status != GB_OK)
        return status;
    if (days->n_days < FEWEST_DAYS)
        return gb_fail(err, GB_EREFUSED, "the run has fewer than %d days", FEWEST_DAYS);
    days->sums = calloc(days->n_days * days->n_trials, sizeof *days->sums);
    if (!days->sums)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu days", days->n_days);
    for (size_t t = 0; status == GB_OK && t < cell->n_trials; t++) {
        void *rows = NULL;
        size_t n = 0;

        status =
            gb_results_rows(results, GB_TABLE_SLOTS,
                            gb_results_summary(results)[cell->trials[t]].trial, &rows, &n, err);
        if (status == GB_OK)
            add_slots(days, t, &calendar, rows, n);
        free(rows);
    }
    return status;
}

static struct gb_confidence_interval ratio_of_day(const struct days *days, size_t day,
                                                  bool is_price, double *above, double *below)
{
    for (size_t t = 0; t < days->n_trials; t++) {
        const struct sums *sums = &days->sums[t * days->n_days + day];

        above[t] = is_price ? sums->value : 100.0 * sums->traded;
        below[t] = is_price ? sums->traded : sums->clearable;
    }
    return gb_ratio_interval(above, below, days->n_trials, GB_CONFIDENCE);
}

/* A block of days and its axis, which goes as far as a share can.
 * is_cut   out, set where an interval goes farther
 * returns  whether any day has a value */
static bool write_ratio(const struct days *days, bool is_price, double *scratch,
                        const char *axis_name, struct gb_figure_page *page, bool *is_cut)
{
    double low = INFINITY, high = -INFINITY;
    struct gb_axis axis;

    for (size_t day = 0; day < days->n_days; day++) {
        struct gb_confidence_interval ratio =
            ratio_of_day(days, day, is_price, scratch, scratch + days->n_trials);
        bool has_bounds = gb_interval_has_bounds(&ratio);
        double lower = has_bounds ? ratio.lower : ratio.estimate;
        double upper = has_bounds ? ratio.upper : ratio.estimate;

        fprintf(page->data, "%zu %.12g %.12g %.12g\n", day + 1, ratio.estimate, lower, upper);
        *is_cut |= !is_price && (lower < 0.0 || upper > WHOLE + ROUNDING);
        low = fmin(low, is_price ? lower : fmax(lower, 0.0));
        high = fmax(high, is_price ? upper : fmin(upper, WHOLE));
    }
    fputs("\n\n", page->data);
    if (low > high)
        return false;
    axis = is_price ? gb_axis_of_estimates(low, high)
                    : gb_axis_of(fmin(low, 80.0), fmax(high, WHOLE), 6.0);
    gb_axis_write(&axis, axis_name, page->settings);
    return true;
}

static void describe(const struct days *days, const struct gb_figure_grid *grid,
                     const struct gb_figure_request *request, struct gb_figure_page *page,
                     bool is_cut)
{
    struct gb_axis axis = gb_axis_of(0.0, (double)days->n_days, 10.0);
    char trials[GB_TRIALS_SIZE];

    gb_page_set_width(page, request, GB_PAGE_MM);
    fprintf(page->settings, "n_days = %zu\nx_step = %.12g\nhas_intervals = %d\n", days->n_days,
            fmax(1.0, axis.step), days->n_trials > 1);
    gb_figure_set_text(page->settings, "currency", request->currency);
    fputs(
        "Mean price of the trades of a day, weighted by energy, and what was traded of the smaller "
        "of supply and demand in its slots",
        page->caption);
    page->shows_intervals = days->n_trials > 1;
    if (days->n_trials > 1)
        fprintf(page->caption, ", ratios of sums over %s with 95 %% intervals",
                gb_grid_sample(grid, trials));
    if (is_cut)
        fputs(GB_SHARE_IS_CUT, page->caption);
    gb_grid_describe(request, page->caption);
    fputc('.', page->caption);
}

static enum gb_status write_days(const struct days *days, const struct gb_figure_grid *grid,
                                 const struct gb_figure_request *request,
                                 struct gb_figure_page *page, struct gb_error *err)
{
    double *scratch = malloc(2 * days->n_trials * sizeof *scratch);
    bool is_any, is_cut = false;

    if (!scratch)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu trials", days->n_trials);
    fprintf(
        page->data,
        "# Source: /slots of the result. Blocks: price_mean weighted by traded_wh; traded_wh over the\n"
        "# smaller of supply_wh and demand_wh. Columns: day, ratio of sums, ends of its 95 %% "
        "interval.\n# Units: %s/kWh; %%.\n",
        request->currency);
    is_any = write_ratio(days, true, scratch, "y1", page, &is_cut) &&
             write_ratio(days, false, scratch, "y2", page, &is_cut);
    free(scratch);
    if (!is_any)
        return gb_fail(err, GB_EREFUSED,
                       "no day has a price: nothing was traded, or too unevenly over so few trials "
                       "to divide by");
    describe(days, grid, request, page, is_cut);
    return GB_OK;
}

enum gb_status gb_figure_convergence(const struct gb_figure_request *request,
                                     struct gb_figure_page *page, struct gb_error *err)
{
    struct days days = {0};
    struct gb_figure_grid grid;
    enum gb_status status;

    if (!gb_results_has(request->results, GB_TABLE_SLOTS))
        return gb_fail(err, GB_EREFUSED, "the result holds no slots (output.level: summary)");
    status = gb_grid_find_lines(&grid, request, 1, err);
    if (status != GB_OK)
        return status;
    status = load(&days, request->results, gb_grid_cell(&grid, 0, 0, 0), err);
    if (status == GB_OK)
        status = write_days(&days, &grid, request, page, err);
    free(days.sums);
    gb_grid_clear(&grid);
    return status;
}
