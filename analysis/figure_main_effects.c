/* Main effects of the keys of a sweep on one key figure: the mean over all cells at a value less
 * that over all cells at the key's first value, or at that of the reference, paired by replication.
 * They take a complete grid: in one with holes a key's mean would differ by the others too. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_grid_priv.h"
#include "analysis/home_choice.h"
#include "analysis/versus.h"

#define MAX_ROWS 60
#define MAX_Y 128
#define CHARACTER_MM 1.7
#define EDGES_MM 10.0 /* beside the names of values, and to the right of the axis */

struct effects {
    struct gb_cells cells;     /* items borrowed from a grid's cells */
    struct gb_selection first; /* where none is asked for */
    struct gb_versus *versus;
    struct gb_main_effect *items;
    size_t n;
};

static void clear_effects(struct effects *effects)
{
    free(effects->items);
    gb_versus_free(effects->versus);
    gb_selection_clear(&effects->first);
    free(effects->cells.items);
}

static enum gb_status find_cells(struct effects *effects, const struct gb_figure_grid *grid,
                                 struct gb_error *err)
{
    effects->cells.items = malloc((grid->n_shown + 1) * sizeof *effects->cells.items);
    if (!effects->cells.items)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu cells", grid->n_shown);
    for (size_t c = 0; c < grid->n_shown; c++)
        effects->cells.items[effects->cells.n++] = *grid->shown[c];
    return GB_OK;
}

/* The reference that was asked for, else the first value of the first key that varies. */
static enum gb_status find_reference(struct effects *effects,
                                     const struct gb_figure_request *request, struct gb_error *err)
{
    const struct gb_results *results = request->results;
    size_t n = effects->cells.n;
    char text[640];

    for (size_t k = 0; request->against.n == 0 && k < gb_results_n_factors(results); k++)
        for (size_t c = 1; c < n; c++) {
            const char *value = gb_cell_value(results, &effects->cells.items[0], k);

            if (strcmp(value, gb_cell_value(results, &effects->cells.items[c], k)) == 0)
                continue;
            snprintf(text, sizeof text, "%s=%s", gb_results_varied_key(results, k), value);
            return gb_selection_add(&effects->first, results, text, err);
        }
    return request->against.n > 0
               ? GB_OK
               : gb_fail(err, GB_EREFUSED,
                         "no key takes more than one value among the cells shown");
}

/* Keys that a zip moves together are one. */
static enum gb_status refuse_small(const struct gb_figure_grid *grid, struct gb_error *err)
{
    const struct gb_results *results = grid->results;
    size_t n = gb_results_n_factors(results);

    for (size_t k = 0; k < n; k++)
        for (size_t other = k + 1; other < n; other++)
            if (gb_grid_move_together(grid, k, other))
                return gb_fail(err, GB_EREFUSED,
                               "main effects take two keys of two values or more, and '%.80s' and "
                               "'%.80s' vary together (zip): `--only curves` shows them as one",
                               gb_results_varied_key(results, k),
                               gb_results_varied_key(results, other));
    return gb_fail(err, GB_EREFUSED, "main effects take two keys of two values or more");
}

static enum gb_status check_grid(const struct gb_versus *versus, const struct gb_figure_grid *grid,
                                 struct gb_error *err)
{
    switch (gb_versus_grid(versus)) {
    case GB_GRID_SMALL: return refuse_small(grid, err);
    case GB_GRID_HOLES: return gb_grid_refuse_holes(grid, err);
    case GB_GRID_UNPAIRED:
        return gb_fail(err, GB_EREFUSED,
                       "cells lack trials: finish the sweep, or choose complete cells by --where");
    case GB_GRID_COMPLETE: break;
    }
    return GB_OK;
}

/* Effects are on the cells shown, so that their reference is one of these. */
static enum gb_status check_reference(const struct effects *effects,
                                      const struct gb_figure_request *request, struct gb_error *err)
{
    for (size_t c = 0; c < effects->cells.n; c++)
        if (gb_selection_holds(&request->against, request->results,
                               effects->cells.items[c].trials[0]))
            return GB_OK;
    return gb_fail(err, GB_EINPUT,
                   "none of the cells shown has all the values of --against: main effects are on "
                   "these cells; let --where show the reference, or leave --against out");
}

/* The first cell is the reference where nobody names one. Where some cells read a key that others
 * do not, no cell is one for all: there is no grid. */
static enum gb_status compare_cells(struct effects *effects, const struct gb_figure_grid *grid,
                                    const struct gb_figure_request *request, struct gb_error *err)
{
    static const struct gb_versus_options options = {0};
    bool is_named = request->against.n > 0;
    struct gb_error why = {0};
    enum gb_status status =
        gb_versus_create(&effects->versus, request->results, &effects->cells,
                         is_named ? &request->against : &effects->first, &options, &why);

    if (status == GB_EINPUT && !is_named)
        return gb_grid_refuse_holes(grid, err);
    return status == GB_OK ? GB_OK : gb_fail(err, status, "%s", why.text);
}

static enum gb_status find_effects(struct effects *effects, const struct gb_figure_request *request,
                                   const struct gb_figure_grid *grid, const struct gb_estimand *of,
                                   struct gb_error *err)
{
    enum gb_status status = find_cells(effects, grid, err);

    if (status == GB_OK)
        status = check_reference(effects, request, err);
    if (status == GB_OK)
        status = find_reference(effects, request, err);
    if (status == GB_OK)
        status = compare_cells(effects, grid, request, err);
    if (status == GB_OK)
        status = check_grid(effects->versus, grid, err);
    if (status == GB_OK)
        status = gb_versus_main_effects(effects->versus, of, &effects->items, &effects->n, err);
    if (status == GB_OK && effects->n > MAX_ROWS)
        status = gb_fail(err, GB_EREFUSED,
                         "%zu values are more than the %d rows of a page: choose by --where",
                         effects->n, MAX_ROWS);
    return status;
}

/* ---- rows: a head for each key, then its values */

struct rows {
    size_t n, longest;
    double low, high;
};

static void write_head(struct rows *rows, const char *key, const char *base, FILE *data)
{
    char label[96], text[160];

    gb_key_label_write(label, sizeof label, key);
    snprintf(text, sizeof text, "%s, from %s", label, base);
    fprintf(data, "%zu ", rows->n++);
    gb_figure_put_word(data, text);
    fputs(" NaN NaN NaN 1\n", data);
}

static void write_effect(struct rows *rows, const struct gb_main_effect *effect, double scale,
                         FILE *data)
{
    struct gb_confidence_interval value = gb_interval_scaled(effect->interval, scale);
    bool has_bounds = gb_interval_has_bounds(&value);
    double lower = has_bounds ? value.lower : value.estimate;
    double upper = has_bounds ? value.upper : value.estimate;

    fprintf(data, "%zu ", rows->n++);
    gb_figure_put_word(data, effect->level);
    fprintf(data, " %.12g %.12g %.12g 0\n", value.estimate, lower, upper);
    rows->low = fmin(rows->low, lower);
    rows->high = fmax(rows->high, upper);
    rows->longest = strlen(effect->level) > rows->longest ? strlen(effect->level) : rows->longest;
}

static struct rows write_rows(const struct effects *effects, const struct gb_results *results,
                              double scale, FILE *data)
{
    struct rows rows = {0};

    for (size_t i = 0; i < effects->n; i++) {
        const struct gb_main_effect *effect = &effects->items[i];

        if (i == 0 || effect->key != effects->items[i - 1].key)
            write_head(&rows, gb_results_varied_key(results, effect->key), effect->base, data);
        write_effect(&rows, effect, scale, data);
    }
    return rows;
}

/* With as many numbers as have room below a panel so wide. */
static struct gb_axis axis_of(const struct rows *rows, double panel_mm)
{
    double high = fmax(rows->high, rows->low + 1e-9), max_steps = 6.0;
    struct gb_axis axis = gb_axis_of(rows->low, high, max_steps);

    while (max_steps > 1.0 &&
           (axis.high - axis.low) / axis.step * (CHARACTER_MM * ((double)axis.width + 1.0)) >
               panel_mm)
        axis = gb_axis_of(rows->low, high, --max_steps);
    return axis;
}

/* "; market.gate varies along with market.open, where their effect is" */
static void describe_partners(const struct effects *effects, const struct gb_results *results,
                              FILE *caption)
{
    struct gb_error why = {0};
    size_t *leaders = NULL;

    if (gb_versus_find_leaders(effects->versus, &leaders, &why) != GB_OK)
        return;
    for (size_t k = 0; k < gb_results_n_factors(results); k++)
        if (leaders[k] != k)
            fprintf(caption, "; %s varies along with %s, at which the effect of both stands",
                    gb_results_varied_key(results, k), gb_results_varied_key(results, leaders[k]));
    free(leaders);
}

static void describe(const struct rows *rows, const struct effects *effects,
                     const struct gb_indicator *indicator, const struct gb_figure_request *request,
                     struct gb_figure_page *page)
{
    bool is_points = strcmp(indicator->unit, "%") == 0;
    const char *unit = is_points ? "percentage points" : indicator->unit;
    char label[256];

    double page_mm = gb_page_set_width(page, request, GB_COLUMN_MM);
    struct gb_axis axis = axis_of(rows, page_mm - CHARACTER_MM * (double)rows->longest - EDGES_MM);
    gb_axis_write(&axis, "x", page->settings);
    snprintf(label, sizeof label, "Change: %s%s%s%s", indicator->label, unit[0] ? " (" : "", unit,
             unit[0] ? ")" : "");
    fprintf(page->settings, "n_rows = %zu\nlongest_name = %zu\n", rows->n, rows->longest);
    fprintf(
        page->settings, "x_lines = %zu\n",
        gb_figure_set_lines(page->settings, "x_label", 1, label, (size_t)((page_mm - 20.0) / 1.6)));
    page->shows_intervals = gb_versus_n_replications(effects->versus) > 1;
    fprintf(
        page->caption,
        "Main effects: mean over all cells at a value less that at the value named, on the same "
        "draws; %zu replication%s, %s",
        gb_versus_n_replications(effects->versus), page->shows_intervals ? "s" : "",
        page->shows_intervals ? "bars: 95 % intervals" : "no interval");
    describe_partners(effects, request->results, page->caption);
    gb_grid_describe(request, page->caption);
    fputc('.', page->caption);
}

/* ---- the figure */

/* The key figure, and as what effects on it are computed.
 * homes  {0}; the estimand borrows it where the result is asked about some homes */
static enum gb_status find_indicator(struct gb_indicator *out, struct gb_estimand *of,
                                     struct gb_kinds *homes,
                                     const struct gb_figure_request *request, struct gb_error *err)
{
    bool are_all = gb_home_choice_is_all(gb_results_homes(request->results));
    char name[MAX_Y];
    enum gb_status status;

    snprintf(name, sizeof name, "%s",
             request->y ? request->y
             : are_all  ? "gain_per_user_day"
                        : "saving/n_homes");
    name[strcspn(name, ",")] = '\0'; /* it shows one */
    status = gb_indicator_find_of_homes(out, homes, name, request, err);
    if (status != GB_OK)
        return status;
    *of = out->of;
    if (are_all ? out->over != NULL || out->is_per_second
                : !gb_estimand_find_of_homes(of, homes, name))
        return gb_fail(err, GB_EINPUT, "main effects are of a column of /%s, not of '%s'",
                       are_all ? "summary" : "kinds", name);
    return GB_OK;
}

enum gb_status gb_figure_main_effects(const struct gb_figure_request *request,
                                      struct gb_figure_page *page, struct gb_error *err)
{
    struct effects effects = {0};
    struct gb_figure_grid grid = {0};
    struct gb_kinds homes = {0};
    struct gb_indicator indicator;
    struct gb_estimand of;
    enum gb_status status = find_indicator(&indicator, &of, &homes, request, err);

    if (status == GB_OK)
        status = gb_grid_choose(&grid, request, err);
    if (status == GB_OK)
        status = find_effects(&effects, request, &grid, &of, err);
    if (status == GB_OK) {
        struct rows rows;

        fprintf(
            page->data,
            "# Source: /%s of the result: %s, main effects of every key varied.\n"
            "# Columns: row, value of the key (or its name), effect, ends of its 95 %% interval, "
            "whether the row\n# is a key's head. Unit: %s.\n",
            homes.n > 0 ? "kinds" : "summary", indicator.name,
            indicator.unit[0] ? indicator.unit : "1");
        rows = write_rows(&effects, request->results, indicator.scale, page->data);
        describe(&rows, &effects, &indicator, request, page);
    }
    clear_effects(&effects);
    gb_kinds_clear(&homes);
    gb_grid_clear(&grid);
    return status;
}
