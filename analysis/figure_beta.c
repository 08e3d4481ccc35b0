#include "analysis/figures_priv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare.h"

#define MAX_CURVES 6                    /* colours, dashes and markers of the style */
#define LINE_SHARE 0.07                 /* of the vertical range: what a line of text takes */

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

struct curve_end { double x, y, y_shown; char name[64]; };

/* Moves names apart that would stand on each other, lowest first. */
static void spread(struct curve_end *ends, size_t n, double least)
{
    size_t order[MAX_CURVES];

    for (size_t i = 0; i < n; i++) {
        size_t at = i;

        for (; at > 0 && ends[order[at - 1]].y > ends[i].y; at--)
            order[at] = order[at - 1];
        order[at] = i;
        ends[i].y_shown = ends[i].y;
    }
    for (size_t i = 1; i < n; i++) {
        double lowest = ends[order[i - 1]].y_shown + least;

        if (ends[order[i]].y_shown < lowest)
            ends[order[i]].y_shown = lowest;
    }
}

struct beta_point { double beta; struct gb_interval benefit; };

static int compare_points(const void *a, const void *b)
{
    double x = ((const struct beta_point *)a)->beta, y = ((const struct beta_point *)b)->beta;

    return (x > y) - (x < y);
}

/* The points of the curve that `first` belongs to, by beta. returns how many */
static size_t collect_points(const struct gb_results *results, const struct gb_cells *cells,
                             const struct gb_cell *first, size_t beta, struct beta_point *points)
{
    size_t n = 0;

    for (size_t c = 0; c < cells->n; c++) {
        const struct gb_cell *cell = &cells->items[c];

        if (same_curve(results, cell, first, beta))
            points[n++] = (struct beta_point){strtod(gb_cell_value(results, cell, beta), NULL),
                                              gb_cell_interval(results, cell, "gain_per_user_day")};
    }
    qsort(points, n, sizeof *points, compare_points);
    return n;
}

/* One block of the data; `low` and `high` grow to hold it. */
static void write_curve(const struct beta_point *points, size_t n, FILE *data, double *low,
                        double *high)
{
    for (size_t i = 0; i < n; i++) {
        double mean = points[i].benefit.mean, half = points[i].benefit.half_width;

        if (isnan(mean))
            continue;
        half = isnan(half) ? 0.0 : half;        /* one trial a point: a line without a band */
        fprintf(data, "%.12g %.12g %.12g %.12g\n", points[i].beta, mean, mean - half, mean + half);
        *low = fmin(*low, mean - half);
        *high = fmax(*high, mean + half);
    }
    fprintf(data, "\n\n");
}

static void write_end(const struct curve_end *end, FILE *data)
{
    fprintf(data, "%.12g %.12g ", end->x, end->y_shown);
    gb_figure_put_word(data, end->name);
    fputc('\n', data);
}

struct beta_figure {
    size_t n_curves, longest_name;
    size_t fewest, most;                /* trials a point */
    double range;                       /* of the vertical axis */
    struct curve_end ends[MAX_CURVES];
};

static enum gb_status write_curves(const struct gb_results *results, const struct gb_cells *cells,
                                   size_t beta, FILE *data, struct beta_figure *out,
                                   struct gb_error *err)
{
    struct beta_point *points = malloc((cells->n + 1) * sizeof *points);
    double low = INFINITY, high = -INFINITY;
    enum gb_status status = points ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for the curves");

    for (size_t c = 0; status == GB_OK && c < cells->n; c++) {
        const struct gb_cell *cell = &cells->items[c];
        bool is_new = true;
        size_t n;

        out->fewest = cell->n_trials < out->fewest ? cell->n_trials : out->fewest;
        out->most = cell->n_trials > out->most ? cell->n_trials : out->most;
        for (size_t before = 0; before < c; before++)
            is_new = is_new && !same_curve(results, &cells->items[before], cell, beta);
        if (!is_new)
            continue;
        if (out->n_curves == MAX_CURVES) {
            status = gb_fail(err, GB_EREFUSED, "the sweep has more than %d markets beside beta",
                             MAX_CURVES);
            break;
        }
        n = collect_points(results, cells, cell, beta, points);
        write_curve(points, n, data, &low, &high);
        struct curve_end *end = &out->ends[out->n_curves++];

        *end = (struct curve_end){.x = points[n - 1].beta, .y = points[n - 1].benefit.mean};
        name_curve(results, cells, cell, beta, end->name, sizeof end->name);
        out->longest_name = strlen(end->name) > out->longest_name ? strlen(end->name)
                                                                  : out->longest_name;
    }
    if (status == GB_OK)
        spread(out->ends, out->n_curves, LINE_SHARE * (high - low));
    out->range = high - low;
    free(points);
    return status;
}

static void describe(const struct beta_figure *figure, const char *currency, FILE *settings)
{
    char caption[96];

    if (figure->most == 1)
        snprintf(caption, sizeof caption, "one trial a point: no interval");
    else if (figure->fewest == figure->most)
        snprintf(caption, sizeof caption, "means of %zu trials, bands: 95 %% t intervals",
                 figure->most);
    else
        snprintf(caption, sizeof caption, "means of %zu to %zu trials, bands: 95 %% t intervals",
                 figure->fewest, figure->most);
    fprintf(settings, "n_curves = %zu\nname_width = %g\ndecimals = '%d'\n", figure->n_curves,
            figure->longest_name == 0 ? 2.0 : 0.9 * (double)figure->longest_name + 2.0,
            figure->range < 0.08 ? 3 : figure->range < 0.8 ? 2 : figure->range < 8.0 ? 1 : 0);
    gb_figure_set_text(settings, "currency", currency);
    gb_figure_set_text(settings, "caption", caption);
}

enum gb_status gb_figure_beta(const struct gb_figure_request *request, FILE *settings, FILE *data,
                              struct gb_error *err)
{
    struct beta_figure figure = {.fewest = SIZE_MAX};
    struct gb_cells cells = {0};
    size_t beta = find_key(request->results, "market.beta");
    enum gb_status status;

    if (beta == SIZE_MAX)
        return gb_fail(err, GB_EREFUSED, "the result does not vary market.beta");
    status = gb_cells_find(&cells, request->results, err);
    if (status == GB_OK && !is_varying(request->results, &cells, beta))
        status = gb_fail(err, GB_EREFUSED, "market.beta takes one value only");
    fprintf(
        data,
        "# Source: /summary of the result: gain_per_user_day, a block a curve, a point a cell.\n"
        "# Columns: beta, mean, lower and upper end of the 95 %% t interval over trials.\n"
        "# Unit: %s per meter and day. Last block: where the names of the curves stand.\n",
        request->currency);
    if (status == GB_OK)
        status = write_curves(request->results, &cells, beta, data, &figure, err);
    if (status == GB_OK) {
        for (size_t i = 0; i < figure.n_curves; i++)
            write_end(&figure.ends[i], data);
        describe(&figure, request->currency, settings);
    }
    gb_cells_clear(&cells);
    return status;
}
