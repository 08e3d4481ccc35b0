#include "analysis/figure_curves_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SHARE 0.075 /* of the vertical range: what a line of text takes */
#define FLAT_SHARE 0.2   /* of its values: the least range of an axis */
#define FLAT_RANGE 0.01  /* the least range of an axis, around 0 */
#define MAX_STEPS 6.0

static size_t find_key(const struct gb_results *results, const char *key)
{
    for (size_t k = 0; k < gb_results_n_varied(results); k++)
        if (strcmp(gb_results_varied_key(results, k), key) == 0)
            return k;
    return SIZE_MAX;
}

/* Whether two cells agree in every varied key but `beta`. */
static bool same_curve(const struct gb_results *results, const struct gb_cell *a,
                       const struct gb_cell *b, size_t beta)
{
    for (size_t k = 0; k < gb_results_n_varied(results); k++)
        if (k != beta && strcmp(gb_cell_value(results, a, k), gb_cell_value(results, b, k)) != 0)
            return false;
    return true;
}

/* Whether a key takes more than one value, and so belongs in the names of the curves. */
static bool is_varying(const struct gb_results *results, const struct gb_cells *cells, size_t k)
{
    for (size_t c = 1; c < cells->n; c++)
        if (strcmp(gb_cell_value(results, &cells->items[0], k),
                   gb_cell_value(results, &cells->items[c], k)) != 0)
            return true;
    return false;
}

/* "40 meters", "books = pooled", ... */
static void name_curve(const struct gb_results *results, const struct gb_cells *cells,
                       const struct gb_cell *cell, size_t beta, char *name, size_t size)
{
    size_t n = 0;

    name[0] = '\0';
    for (size_t k = 0; k < gb_results_n_varied(results) && n < size; k++) {
        const char *key = gb_results_varied_key(results, k),
                   *value = gb_cell_value(results, cell, k);
        const char *last = strrchr(key, '.');

        if (k == beta || !is_varying(results, cells, k))
            continue;
        if (strcmp(key, "meters.count") == 0)
            n += (size_t)snprintf(name + n, size - n, "%s%s meters", n ? ", " : "", value);
        else
            n += (size_t)snprintf(name + n, size - n, "%s%s = %s", n ? ", " : "",
                                  last ? last + 1 : key, value);
    }
}

struct point {
    double beta;
    const struct gb_cell *cell;
};

static int compare_points(const void *a, const void *b)
{
    double x = ((const struct point *)a)->beta, y = ((const struct point *)b)->beta;

    return (x > y) - (x < y);
}

/* The curve that `first` belongs to. returns false without memory */
static bool collect(const struct gb_results *results, const struct gb_cells *cells,
                    const struct gb_cell *first, size_t beta, struct gb_curve *out)
{
    struct point *points = malloc(cells->n * sizeof *points);
    size_t n = 0;

    out->beta = malloc(cells->n * sizeof *out->beta);
    out->cells = malloc(cells->n * sizeof *out->cells);
    if (!points || !out->beta || !out->cells) {
        free(points);
        return false;
    }
    for (size_t c = 0; c < cells->n; c++)
        if (same_curve(results, &cells->items[c], first, beta))
            points[n++] = (struct point){
                strtod(gb_cell_value(results, &cells->items[c], beta), NULL), &cells->items[c]};
    qsort(points, n, sizeof *points, compare_points);
    for (size_t i = 0; i < n; i++) {
        out->beta[i] = points[i].beta;
        out->cells[i] = points[i].cell;
    }
    out->n = n;
    free(points);
    return true;
}

/* Whether no cell before this one is of its curve. */
static bool begins_curve(const struct gb_results *results, const struct gb_cells *cells, size_t c,
                         size_t beta)
{
    for (size_t before = 0; before < c; before++)
        if (same_curve(results, &cells->items[before], &cells->items[c], beta))
            return false;
    return true;
}

static enum gb_status collect_all(struct gb_curves *curves, const struct gb_results *results,
                                  size_t beta, struct gb_error *err)
{
    for (size_t c = 0; c < curves->cells.n; c++) {
        const struct gb_cell *cell = &curves->cells.items[c];
        struct gb_curve *curve = &curves->items[curves->n];

        if (!begins_curve(results, &curves->cells, c, beta))
            continue;
        if (curves->n == GB_MAX_CURVES)
            return gb_fail(err, GB_EREFUSED, "the sweep has more than %d markets beside beta",
                           GB_MAX_CURVES);
        curves->n++;
        if (!collect(results, &curves->cells, cell, beta, curve))
            return gb_fail(err, GB_ENOMEM, "no memory for the curves");
        name_curve(results, &curves->cells, cell, beta, curve->name, sizeof curve->name);
        if (strlen(curve->name) > curves->longest_name)
            curves->longest_name = strlen(curve->name);
    }
    return GB_OK;
}

enum gb_status gb_curves_find(struct gb_curves *out, const struct gb_results *results,
                              struct gb_error *err)
{
    size_t beta = find_key(results, "market.beta");
    enum gb_status status;

    *out = (struct gb_curves){0};
    if (beta == SIZE_MAX)
        return gb_fail(err, GB_EREFUSED, "the result does not vary market.beta");
    status = gb_cells_find(&out->cells, results, err);
    if (status == GB_OK && !is_varying(results, &out->cells, beta))
        status = gb_fail(err, GB_EREFUSED, "market.beta takes one value only");
    if (status == GB_OK)
        status = collect_all(out, results, beta, err);
    if (status != GB_OK)
        gb_curves_clear(out);
    return status;
}

void gb_curves_clear(struct gb_curves *curves)
{
    for (size_t i = 0; i < curves->n; i++) {
        free(curves->items[i].beta);
        free(curves->items[i].cells);
    }
    curves->n = 0;
    gb_cells_clear(&curves->cells);
}

void gb_curves_write_point(double beta, struct gb_confidence_interval interval, FILE *data,
                           struct gb_curves_span *span)
{
    bool has_bounds = gb_interval_has_bounds(&interval);
    double lower = has_bounds ? interval.lower : interval.estimate;
    double upper = has_bounds ? interval.upper : interval.estimate;

    if (isnan(interval.estimate))
        return;
    fprintf(data, "%.12g %.12g %.12g %.12g\n", beta, interval.estimate, lower, upper);
    span->low = fmin(span->low, lower);
    span->high = fmax(span->high, upper);
    span->fewest = interval.n < span->fewest ? interval.n : span->fewest;
    span->max = interval.n > span->max ? interval.n : span->max;
}

struct gb_axis gb_curves_axis(const struct gb_curves_span *span)
{
    double low = span->low, high = span->high;
    double min = fmax(FLAT_RANGE, FLAT_SHARE * fmax(fabs(low), fabs(high)));
    double missing = fmax(0.0, min - (high - low));

    low -= missing / 2.0;
    high += missing / 2.0;
    if (low > 0.0 && low <= high - low)
        low = 0.0;
    if (high < 0.0 && -high <= high - low)
        high = 0.0;
    return gb_axis_of(low, high, MAX_STEPS);
}

/* Curves by the y of their last points, the lowest first. */
static void sort_by_end(const double *last, size_t n, size_t *order)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i;

        for (; at > 0 && last[order[at - 1]] > last[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

void gb_curves_write_names(const struct gb_curves *curves, const double *last,
                           const struct gb_axis *axis, FILE *data)
{
    double line = LINE_SHARE * (axis->high - axis->low), top = axis->high, shown[GB_MAX_CURVES];
    size_t order[GB_MAX_CURVES];

    for (size_t i = 0; i < curves->n; i++)
        shown[i] = isnan(last[i]) ? axis->low : last[i];
    sort_by_end(shown, curves->n, order);
    for (size_t i = 1; i < curves->n; i++)
        shown[order[i]] = fmax(shown[order[i]], shown[order[i - 1]] + line);
    for (size_t i = curves->n; i-- > 0; top = shown[order[i]] - line)
        shown[order[i]] = fmin(shown[order[i]], top);
    for (size_t i = 0; i < curves->n; i++) {
        fprintf(data, "%.12g %.12g ", curves->items[i].beta[curves->items[i].n - 1], shown[i]);
        gb_figure_put_word(data, isnan(last[i]) ? "" : curves->items[i].name);
        fputc('\n', data);
    }
    fprintf(data, "\n\n");
}

void gb_curves_describe(const struct gb_curves *curves, const struct gb_curves_span *span,
                        const char *what, const char *currency, FILE *settings)
{
    char caption[160];

    if (span->max == 1)
        snprintf(caption, sizeof caption, "one trial a point: no interval");
    else if (span->fewest == span->max)
        snprintf(caption, sizeof caption, "%zu %s a point, bands: 95 %% intervals", span->max,
                 what);
    else
        snprintf(caption, sizeof caption, "%zu to %zu %s a point, bands: 95 %% intervals",
                 span->fewest, span->max, what);
    fprintf(settings, "n_curves = %zu\nname_width = %g\n", curves->n,
            curves->longest_name == 0 ? 2.0 : 0.9 * (double)curves->longest_name + 2.0);
    gb_figure_set_text(settings, "currency", currency);
    gb_figure_set_text(settings, "caption", caption);
}
