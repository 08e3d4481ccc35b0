/* How the time from an order sent to stable at its entry node is distributed: the share of orders
 * that were stable within it, a curve a cell. Orders that never were have no place on it; their
 * share is what a curve lacks to 100 %. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/figure_grid_priv.h"
#include "analysis/order_statistics.h"
#include "base/array.h"

#define MAX_POINTS 400 /* of a curve: steps beyond them are finer than print */
#define LOG_RANGE 30.0 /* last over first quantile, from which on the axis is logarithmic */

struct sample {
    double *ms; /* ascending */
    size_t n, capacity, n_sent;
};

static bool add_orders(struct sample *sample, const struct gb_order_row *orders, size_t n)
{
    double *grown = gb_array_grow(sample->ms, &sample->capacity, sample->n + n + 1, sizeof *grown);

    if (!grown)
        return false;
    sample->ms = grown;
    sample->n_sent += n;
    for (size_t i = 0; i < n; i++)
        if (orders[i].sent_ns != GB_NO_TIME && orders[i].stable_ns != GB_NO_TIME)
            sample->ms[sample->n++] = 1e-6 * (double)(orders[i].stable_ns - orders[i].sent_ns);
    return true;
}

/* The orders of all trials of a cell. */
static enum gb_status load(struct sample *sample, struct gb_results *results,
                           const struct gb_cell *cell, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < cell->n_trials; i++) {
        void *rows = NULL;
        size_t n = 0;

        status =
            gb_results_rows(results, GB_TABLE_ORDERS,
                            gb_results_summary(results)[cell->trials[i]].trial, &rows, &n, err);
        if (status == GB_OK && !add_orders(sample, rows, n))
            status = gb_fail(err, GB_ENOMEM, "no memory for the orders of a cell");
        free(rows);
    }
    if (status == GB_OK && sample->n > 0)
        gb_order_sample(sample->ms, sample->n);
    return status;
}

/* The curve from 0 up, then its marks at the median, 95 and 99 % of what was stable. */
static void write_sample(const struct sample *sample, FILE *data)
{
    static const double marks[] = {0.5, 0.95, 0.99};
    size_t n = sample->n, n_points = n < MAX_POINTS ? n : MAX_POINTS;
    double reached = 100.0 * (double)n / (double)(sample->n_sent ? sample->n_sent : 1);

    if (n > 0)
        fprintf(data, "%.12g 0\n", sample->ms[0]);
    for (size_t i = 0; i < n_points; i++) {
        size_t rank = n_points == n ? i : i * (n - 1) / (n_points - 1);

        fprintf(data, "%.12g %.12g\n", sample->ms[rank], reached * (double)(rank + 1) / (double)n);
    }
    fputs(n ? "\n\n" : "NaN NaN\n\n\n", data);
    for (size_t m = 0; m < 3; m++)
        fprintf(data, "%.12g %.12g\n", gb_quantile(sample->ms, n, marks[m]), reached * marks[m]);
    fputs("\n\n", data);
}

static void describe(const struct gb_figure_grid *grid, const struct gb_figure_request *request,
                     double low, double high, size_t n_orders, struct gb_figure_page *page)
{
    bool is_log = low > 0.0 && high / low > LOG_RANGE;
    struct gb_axis axis = gb_axis_of(0.0, 1.001 * high, 6.0); /* no step on the edge */
    const struct gb_factor *lines = &grid->lines;

    gb_page_set_width(page, request, GB_COLUMN_MM);
    fprintf(page->settings, "n_curves = %zu\nis_log_x = %d\nx_first = %.12g\n", lines->n, is_log,
            is_log ? 0.8 * low : 0.0);
    gb_axis_write(&axis, "x", page->settings);
    gb_figure_set_text(page->settings, "lines_label", lines->n > 1 ? lines->label : "");
    gb_grid_name_lines(grid, page->settings);
    fprintf(page->caption,
            "Share of %zu orders sent that were stable at their entry node within the time; marks: "
            "median, 95 and 99 %% of those that were",
            n_orders);
    gb_grid_describe(request, page->caption);
    fputc('.', page->caption);
}

static enum gb_status write_curves(const struct gb_figure_grid *grid,
                                   const struct gb_figure_request *request,
                                   struct gb_figure_page *page, struct gb_error *err)
{
    double low = INFINITY, high = -INFINITY;
    size_t n_orders = 0;
    enum gb_status status = GB_OK;

    fputs(
        "# Source: /orders of the result, all trials of a cell. Two blocks a curve: time from sent to\n"
        "# stable, share of the orders sent; the same at the quantiles 50, 95 and 99 % of those "
        "that were\n# stable. Units: ms, %.\n",
        page->data);
    for (size_t j = 0; status == GB_OK && j < grid->lines.n; j++) {
        const struct gb_cell *cell = gb_grid_cell(grid, 0, j, 0);
        struct sample sample = {0};

        status = load(&sample, request->results, cell, err);
        if (status == GB_OK) {
            write_sample(&sample, page->data);
            n_orders += sample.n_sent;
        }
        if (status == GB_OK && sample.n > 0) {
            low = fmin(low, gb_quantile(sample.ms, sample.n, 0.001));
            high = fmax(high, gb_quantile(sample.ms, sample.n, 0.999));
        }
        free(sample.ms);
    }
    if (status == GB_OK && (low > high || high <= 0.0))
        return gb_fail(err, GB_EREFUSED, "no order took any time to be stable (an ideal chain)");
    if (status == GB_OK)
        describe(grid, request, low, high, n_orders, page);
    return status;
}

enum gb_status gb_figure_latency(const struct gb_figure_request *request,
                                 struct gb_figure_page *page, struct gb_error *err)
{
    struct gb_figure_grid grid;
    enum gb_status status;

    if (!gb_results_has(request->results, GB_TABLE_ORDERS))
        return gb_fail(err, GB_EREFUSED, "the result holds no orders (output.level: summary)");
    status = gb_grid_find_lines(&grid, request, GB_MAX_CURVES, err);
    if (status != GB_OK)
        return status;
    status = write_curves(&grid, request, page, err);
    gb_grid_clear(&grid);
    return status;
}
