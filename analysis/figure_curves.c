/* Key figures against a key of a sweep, a line each value of a second key or each kind of
 * households, a panel each value of a third or each key figure. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_curves_priv.h"
#include "analysis/figure_grid_priv.h"
#include "analysis/home_choice.h"
#include "analysis/reference.h"

#define LINE_SHARE 0.075  /* of the vertical range: what a line of text takes */
#define LONGEST_DIRECT 12 /* characters of a name beside its curve */
#define CHARACTER_MM 1.6
#define BOLD_CHARACTER_MM 1.5
#define PANEL_EDGES_MM 19.0 /* numbers, title and gap of a panel's axis */
#define Y_LABEL_ROOM 36     /* characters along the height of a panel */
#define MAX_Y 256
#define ROUNDING 1e-9 /* of a percentage */
#define NO_LIMIT 1e300
#define KINDS_Y "saving/n_homes" /* what lines of kinds show where the request names nothing */

struct point {
    double x;
    struct gb_confidence_interval y;
    bool lacks_trials;
    bool is_hole; /* there is none, although there is a cell */
};

/* A figure that is being written. */
struct curves {
    const struct gb_curves_preset *preset;
    const struct gb_figure_request *request;
    struct gb_figure_page *page;
    struct gb_figure_grid grid;
    enum gb_table table;             /* that the key figures are of */
    struct gb_kinds homes;           /* those asked about, where no line is of a kind */
    struct gb_references references; /* where they are asked for */
    size_t n_indicators, n_panels;
    struct gb_indicator indicators[GB_MAX_PANELS];
    double low[GB_MAX_PANELS], high[GB_MAX_PANELS]; /* ends of the intervals of each panel */
    double last[GB_MAX_CURVES];                     /* y at the end of each curve of panel 0 */
    double last_x[GB_MAX_CURVES];
    size_t fewest, most; /* trials, or pairs, behind a point */
    bool lacks_trials, has_bands, has_lone_points;
    bool lacks_values; /* some cell has none */
    bool is_cut;       /* an interval, where a share cannot go: it is drawn up to there */
};

/* ---- points */

static const struct gb_cell *reference_of(const struct curves *curves, const struct gb_cell *cell,
                                          size_t j, size_t p)
{
    const struct gb_cell *cells = curves->grid.cells.items;

    if (curves->request->against.n > 0) {
        size_t place = gb_reference_of(&curves->references, (size_t)(cell - cells), NULL);

        return place == GB_NO_CELL ? NULL : &cells[place];
    }
    return gb_grid_cell(&curves->grid, 0, j, p);
}

/* returns whether there is a point at x value i of line j in panel p */
static bool find_point(struct curves *curves, size_t i, size_t j, size_t p, struct point *point)
{
    bool are_indicators = curves->n_indicators > 1;
    struct gb_indicator indicator = curves->indicators[are_indicators ? p : 0];
    size_t of_panel = are_indicators ? 0 : p;
    const struct gb_cell *cell = gb_grid_cell(&curves->grid, i, j, of_panel), *base;

    point->is_hole = false;
    if (!cell)
        return false;
    indicator.kinds = curves->homes.n > 0 ? &curves->homes : &curves->grid.kinds;
    indicator.kind =
        curves->homes.n > 0 ? GB_KINDS_TOGETHER : gb_grid_kind(&curves->grid, j, of_panel);
    point->x = curves->grid.x.numbers[i];
    point->lacks_trials = gb_grid_lacks_trials(&curves->grid, cell);
    if (!curves->preset->is_paired)
        point->y = gb_indicator_of(&indicator, curves->request->results, cell);
    else if ((base = reference_of(curves, cell, j, of_panel))) {
        point->y = gb_indicator_paired(&indicator, curves->request->results, cell, base);
        point->lacks_trials |= gb_grid_lacks_trials(&curves->grid, base);
    } else
        return false;
    point->is_hole = isnan(point->y.estimate);
    curves->lacks_values |= point->is_hole;
    return !point->is_hole;
}

/* What the values of a panel can be; a difference of shares is no share. */
static double least_of(const struct curves *curves, size_t p)
{
    return curves->preset->is_paired ? -INFINITY
                                     : curves->indicators[curves->n_indicators > 1 ? p : 0].least;
}

static double most_of(const struct curves *curves, size_t p)
{
    return curves->preset->is_paired ? INFINITY
                                     : curves->indicators[curves->n_indicators > 1 ? p : 0].most;
}

/* The axis holds the estimates, and of intervals what a value can be: beyond it there is nothing to
 * read. */
static void widen_axis(struct curves *curves, size_t p, double lower, double estimate, double upper)
{
    double least = least_of(curves, p), most = most_of(curves, p);

    curves->low[p] = fmin(curves->low[p], fmin(estimate, fmax(lower, least)));
    curves->high[p] = fmax(curves->high[p], fmax(estimate, fmin(upper, most)));
    curves->is_cut |= lower < least - ROUNDING || upper > most + ROUNDING;
}

static void write_point(struct curves *curves, const struct point *point, size_t p, bool is_alone)
{
    bool has_bounds = gb_interval_has_bounds(&point->y);
    double lower = has_bounds ? point->y.lower : point->y.estimate;
    double upper = has_bounds ? point->y.upper : point->y.estimate;

    fprintf(curves->page->data, "%.12g %.12g %.12g %.12g %d %zu %d\n", point->x, point->y.estimate,
            lower, upper, point->lacks_trials, point->y.n, is_alone);
    widen_axis(curves, p, lower, point->y.estimate, upper);
    curves->fewest = point->y.n < curves->fewest ? point->y.n : curves->fewest;
    curves->most = point->y.n > curves->most ? point->y.n : curves->most;
    curves->lacks_trials = curves->lacks_trials || point->lacks_trials;
    curves->has_bands = curves->has_bands || upper > lower;
    curves->has_lone_points = curves->has_lone_points || is_alone;
}

/* A line breaks where a cell has no value. A point is written once it is known whether it stands
 * alone between two breaks, where no band shows its interval. */
static void write_curve(struct curves *curves, size_t j, size_t p)
{
    struct point point, before;
    bool is_any = false, is_broken = false, is_joined = false;

    if (p == 0)
        curves->last[j] = NAN;
    for (size_t i = 0; i < curves->grid.x.n; i++) {
        if (!find_point(curves, i, j, p, &point)) {
            is_broken |= point.is_hole;
            continue;
        }
        if (is_any) {
            write_point(curves, &before, p, is_broken && !is_joined);
            fputs(is_broken ? "\n" : "", curves->page->data);
            is_joined = !is_broken;
        }
        before = point;
        is_broken = false;
        is_any = true;
        if (p == 0) {
            curves->last[j] = point.y.estimate;
            curves->last_x[j] = point.x;
        }
    }
    if (is_any)
        write_point(curves, &before, p, !is_joined);
    /* a block without a line would not count as one */
    fputs(is_any ? "\n\n" : "NaN NaN NaN NaN 0 0 0\n\n\n", curves->page->data);
}

/* ---- axes and names */

/* Panels of equal unit share one axis, so that what is higher is more. */
static void share_axes(struct curves *curves)
{
    for (size_t p = 0; p < curves->n_panels; p++)
        for (size_t q = 0; q < curves->n_panels; q++) {
            const char *unit = curves->indicators[curves->n_indicators > 1 ? p : 0].unit;
            const char *other = curves->indicators[curves->n_indicators > 1 ? q : 0].unit;

            if (strcmp(unit, other) == 0 && (unit[0] || curves->n_indicators == 1)) {
                curves->low[p] = curves->low[q] = fmin(curves->low[p], curves->low[q]);
                curves->high[p] = curves->high[q] = fmax(curves->high[p], curves->high[q]);
            }
        }
}

/* returns the lines of its title */
static size_t describe_panel(const struct curves *curves, size_t p, double panel_mm)
{
    const struct gb_figure_grid *grid = &curves->grid;
    bool are_indicators = curves->n_indicators > 1;
    const struct gb_indicator *indicator = &curves->indicators[are_indicators ? p : 0];
    bool is_points = curves->preset->is_paired && strcmp(indicator->unit, "%") == 0;
    const char *unit = is_points ? "percentage points" : indicator->unit;
    char name[24], label[256], title[160] = "";
    struct gb_axis axis = gb_axis_of_estimates(curves->low[p], curves->high[p]);
    FILE *settings = curves->page->settings;

    snprintf(name, sizeof name, "y%zu", p + 1);
    gb_axis_write(&axis, name, settings);
    fprintf(settings, "%s_least = %g\n%s_most = %g\n", name, fmax(least_of(curves, p), -NO_LIMIT),
            name, fmin(most_of(curves, p), NO_LIMIT));
    snprintf(label, sizeof label, "%s%s%s%s%s", curves->preset->is_paired ? "Change: " : "",
             indicator->label, unit[0] ? " (" : "", unit, unit[0] ? ")" : "");
    if (are_indicators)
        snprintf(title, sizeof title, "%s", indicator->label);
    else if (grid->panels.key != SIZE_MAX)
        snprintf(title, sizeof title, "%s: %s", grid->panels.label, grid->panels.shown[p]);
    if (are_indicators)
        snprintf(label, sizeof label, "%s", unit[0] ? unit : "number");
    fprintf(settings, "y_lines_%zu = %zu\n", p + 1,
            gb_figure_set_lines(settings, "y_label", p + 1, label, Y_LABEL_ROOM));
    return gb_figure_set_lines(settings, "title", p + 1, title,
                               (size_t)(panel_mm / BOLD_CHARACTER_MM));
}

static size_t longest_name(const struct gb_factor *lines)
{
    size_t longest = 0;

    for (size_t j = 0; j < lines->n; j++)
        longest = strlen(lines->shown[j]) > longest ? strlen(lines->shown[j]) : longest;
    return longest;
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

/* The block of names beside the curves: "x y name", at the last points, moved apart where they
 * would stand on each other. */
static void write_names(const struct curves *curves)
{
    const struct gb_factor *lines = &curves->grid.lines;
    struct gb_axis axis = gb_axis_of_estimates(curves->low[0], curves->high[0]);
    double line = LINE_SHARE * (axis.high - axis.low), top = axis.high, shown[GB_MAX_CURVES];
    size_t order[GB_MAX_CURVES];

    for (size_t i = 0; i < lines->n; i++)
        shown[i] = isnan(curves->last[i]) ? axis.low : curves->last[i];
    sort_by_end(shown, lines->n, order);
    for (size_t i = 1; i < lines->n; i++)
        shown[order[i]] = fmax(shown[order[i]], shown[order[i - 1]] + line);
    for (size_t i = lines->n; i-- > 0; top = shown[order[i]] - line)
        shown[order[i]] = fmin(shown[order[i]], top);
    for (size_t i = 0; i < lines->n; i++) {
        fprintf(curves->page->data, "%.12g %.12g ",
                isnan(curves->last[i]) ? curves->grid.x.numbers[0] : curves->last_x[i], shown[i]);
        gb_figure_put_word(curves->page->data, isnan(curves->last[i]) ? "" : lines->shown[i]);
        fputc('\n', curves->page->data);
    }
    fputs("\n\n", curves->page->data);
}

/* Names stand beside their curves where there is one panel and they are short; else in a key. */
static void describe_lines(const struct curves *curves, double page_mm)
{
    const struct gb_factor *lines = &curves->grid.lines;
    FILE *settings = curves->page->settings;
    size_t longest = longest_name(lines), heading = strlen(lines->label);
    size_t beside = heading <= LONGEST_DIRECT && heading > longest ? heading : longest;
    bool are_direct = lines->n > 1 && curves->n_panels == 1 && longest <= LONGEST_DIRECT;
    double columns = floor((page_mm - 10.0) / (CHARACTER_MM * ((double)longest + 7.0)));

    columns = fmax(1.0, fmin(columns, (double)lines->n));
    fprintf(settings, "n_curves = %zu\nare_direct = %d\nname_mm = %g\nkey_rows = %d\n", lines->n,
            are_direct, are_direct ? CHARACTER_MM * (double)beside + 3.0 : 0.0,
            lines->n == 1 || are_direct ? 0 : (int)ceil((double)lines->n / columns));
    fprintf(settings, "heading_is_long = %d\n", heading > LONGEST_DIRECT);
    gb_figure_set_text(settings, "lines_label", lines->n > 1 ? lines->label : "");
    for (size_t j = 0; j < lines->n; j++)
        gb_figure_set_nth(settings, "name", j + 1, lines->shown[j]);
}

/* ---- the caption */

static void write_sample_size(const struct curves *curves)
{
    FILE *caption = curves->page->caption;
    bool is_one = curves->most == 1;
    const struct gb_cell *cell = &curves->grid.cells.items[0];

    if (curves->fewest < curves->most)
        fprintf(caption, "%zu to ", curves->fewest);
    fprintf(caption, "%zu ", curves->most);
    if (curves->preset->is_paired)
        fprintf(caption, "pair%s of %s a point", is_one ? "" : "s", gb_grid_sample_unit(cell, 2));
    else
        fprintf(caption, "%s a point", gb_grid_sample_unit(cell, curves->most));
}

static void write_caption(const struct curves *curves)
{
    const struct gb_figure_grid *grid = &curves->grid;
    FILE *caption = curves->page->caption;

    if (curves->preset->is_paired && curves->request->against.n > 0) {
        fputs("Difference from the cell with ", caption);
        gb_grid_describe_selection(grid->results, &curves->request->against, caption);
        fputs(" on the same draws; ", caption);
    } else if (curves->preset->is_paired)
        fprintf(caption, "Difference from %s = %s on the same draws; ",
                gb_results_varied_key(grid->results, grid->x.key), grid->x.texts[0]);
    curves->page->shows_intervals = curves->has_bands;
    write_sample_size(curves);
    if (curves->has_bands)
        fprintf(caption, ", %s: 95 %% intervals",
                grid->x.scale == GB_SCALE_WORDS ? "bars"
                : curves->has_lone_points       ? "bands and bars"
                                                : "bands");
    else if (curves->most <= 1)
        fputs(", no interval", caption);
    if (curves->is_cut)
        fputs(GB_SHARE_IS_CUT, caption);
    gb_grid_describe(curves->request, caption);
    if (curves->lacks_trials)
        fputs("; rings: cells that lack trials", caption);
    if (curves->lacks_values)
        fprintf(caption, "; no point: %sno value, or too uncertain a ratio",
                curves->table == GB_TABLE_KINDS ? "no home of the kind, " : "");
    if (grid->x.has_level)
        fprintf(caption, "; level: cells in which nothing reads %s",
                gb_results_varied_key(grid->results, grid->x.key));
    if (grid->panels.has_level)
        fprintf(caption, "; in every panel: cells in which nothing reads %s",
                gb_results_varied_key(grid->results, grid->panels.key));
    gb_factors_describe_unread((const struct gb_factor *[]){&grid->x, &grid->lines, &grid->panels},
                               3, grid->results, caption);
    fputs(".", caption);
}

/* ---- the figure */

/* Those that the request names; unasked those of kinds where it shows kinds, else `unasked`. */
static enum gb_status read_indicators(struct curves *curves, const char *unasked,
                                      struct gb_error *err)
{
    bool are_lines = !curves->preset->says_y && gb_grid_asks_for_kinds(curves->request);
    bool are_kinds =
        are_lines || !gb_home_choice_is_all(gb_results_homes(curves->request->results));
    const char *y = are_kinds ? KINDS_Y : unasked;
    char list[MAX_Y], *rest = NULL;

    if (are_lines && gb_kinds_check(curves->request->results, err) != GB_OK)
        return GB_EREFUSED;
    if (are_kinds && !are_lines) {
        enum gb_status status =
            gb_kinds_read_together(&curves->homes, curves->request->results, err);

        if (status != GB_OK)
            return status;
    }
    curves->table = are_kinds ? GB_TABLE_KINDS : GB_TABLE_SUMMARY;
    if (curves->request->y && curves->preset->says_y)
        return gb_fail(
            err, GB_EINPUT,
            "it shows %s and nothing else: `--only curves --y %.200s` shows what you name",
            curves->preset->y, curves->request->y);
    snprintf(list, sizeof list, "%s", curves->request->y ? curves->request->y : y);
    for (char *name = strtok_r(list, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
        enum gb_status status;

        if (curves->n_indicators == GB_MAX_PANELS)
            return gb_fail(err, GB_EINPUT, "--y names more key figures than %d panels hold",
                           GB_MAX_PANELS);
        status = gb_indicator_find(&curves->indicators[curves->n_indicators], curves->table, name,
                                   curves->request, err);
        if (status != GB_OK)
            return status;
        curves->n_indicators++;
    }
    if (curves->n_indicators == 0)
        return gb_fail(err, GB_EINPUT, "--y names no key figure");
    return curves->n_indicators > 1 && curves->request->panels
               ? gb_fail(err, GB_EINPUT,
                         "several key figures have a panel each already: name one "
                         "by --y, or leave --panels out")
               : GB_OK;
}

static const char *preferred(const struct gb_results *results, const char *asked, const char *key)
{
    for (size_t k = 0; !asked && key && k < gb_results_n_varied(results); k++)
        if (strcmp(gb_results_varied_key(results, k), key) == 0)
            return key;
    return asked;
}

static enum gb_status find_grid(struct curves *curves, struct gb_error *err)
{
    const struct gb_axes_extent extent = {.has_x = true,
                                          .max_x = 100000,
                                          .max_lines = GB_MAX_CURVES,
                                          .max_panels = GB_MAX_PANELS,
                                          .has_lines = true,
                                          .has_panels = curves->n_indicators == 1,
                                          .has_kinds = !curves->preset->says_y};
    struct gb_figure_request asked = *curves->request;

    if (!asked.lines || !curves->preset->x || strcmp(asked.lines, curves->preset->x) != 0)
        asked.x = preferred(asked.results, asked.x, curves->preset->x);
    if (!asked.x || !curves->preset->lines || strcmp(asked.x, curves->preset->lines) != 0)
        asked.lines = preferred(asked.results, asked.lines, curves->preset->lines);
    enum gb_status status = gb_grid_find(&curves->grid, &asked, &extent, err);
    if (status == GB_OK)
        gb_grid_level_unread(&curves->grid);
    if (status == GB_OK && curves->preset->is_paired && asked.against.n > 0)
        status = gb_references_find(&curves->references, asked.results, &curves->grid.cells,
                                    &asked.against, err);
    return status;
}

static void write_panels(struct curves *curves)
{
    bool are_indicators = curves->n_indicators > 1;

    curves->n_panels = are_indicators ? curves->n_indicators : curves->grid.panels.n;
    for (size_t p = 0; p < curves->n_panels; p++) {
        curves->low[p] = INFINITY;
        curves->high[p] = -INFINITY;
        for (size_t j = 0; j < curves->grid.lines.n; j++)
            write_curve(curves, j, p);
    }
}

/* returns whether a cell that would be shown has no value */
static bool has_holes(struct curves *curves)
{
    struct point point;

    for (size_t p = 0; p < curves->n_indicators; p++)
        for (size_t j = 0; j < curves->grid.lines.n; j++)
            for (size_t i = 0; i < curves->grid.x.n; i++)
                find_point(curves, i, j, p, &point);
    bool are_any = curves->lacks_values;
    curves->lacks_values = false;
    return are_any;
}

/* Takes the other key figures where the request names none and those unasked have holes. */
static enum gb_status fall_back(struct curves *curves, struct gb_error *err)
{
    if (!curves->preset->y_otherwise || curves->request->y || curves->table != GB_TABLE_SUMMARY ||
        !has_holes(curves))
        return GB_OK;
    curves->n_indicators = 0;
    return read_indicators(curves, curves->preset->y_otherwise, err);
}

/* Panels without any point, which a side that is not there makes, are no panels. */
static bool has_points(const struct curves *curves)
{
    for (size_t p = 0; p < curves->n_panels; p++)
        if (curves->low[p] <= curves->high[p])
            return true;
    return false;
}

static void describe(struct curves *curves)
{
    bool is_narrow;
    size_t n_columns, title_lines = 1;
    double panel_mm;

    gb_page_set_width(curves->page, curves->request,
                      curves->n_panels > 1 ? GB_PAGE_MM : GB_COLUMN_MM);
    is_narrow = gb_page_is_narrow(curves->page);
    n_columns = is_narrow               ? 1
                : curves->n_panels == 4 ? 2
                : curves->n_panels > 3  ? 3
                                        : curves->n_panels;
    panel_mm = curves->page->width_mm / (double)n_columns - PANEL_EDGES_MM;
    fprintf(curves->page->settings,
            "n_panels = %zu\nn_columns = %zu\nhas_bands = %d\nlacks_trials = %d\n",
            curves->n_panels, n_columns, curves->has_bands, curves->lacks_trials);
    gb_factor_write_axis(&curves->grid.x, panel_mm, curves->page->settings);
    for (size_t p = 0; p < curves->n_panels; p++) /* before it takes another panel's axis */
        fprintf(curves->page->settings, "is_empty_%zu = %d\n", p + 1,
                curves->low[p] > curves->high[p]);
    share_axes(curves);
    for (size_t p = 0; p < curves->n_panels; p++) {
        if (curves->low[p] > curves->high[p])
            curves->low[p] = curves->high[p] = 0.0;
        size_t n_lines = describe_panel(curves, p, panel_mm);
        title_lines = n_lines > title_lines ? n_lines : title_lines;
    }
    fprintf(curves->page->settings, "title_lines = %zu\n", title_lines);
    describe_lines(curves, curves->page->width_mm);
    write_names(curves);
    write_caption(curves);
}

static void write_head(const struct curves *curves)
{
    FILE *data = curves->page->data;

    fprintf(data, "# Source: /%s of the result:", gb_schemas[curves->table].group);
    for (size_t i = 0; i < curves->n_indicators; i++)
        fprintf(data, " %s (%s)", curves->indicators[i].name,
                curves->indicators[i].unit[0] ? curves->indicators[i].unit : "1");
    fprintf(data,
            ".\n# A block a curve, panel by panel, a point a cell; then the names of the curves.\n"
            "# Columns: %s, %s, lower and upper end of its 95 %% interval,\n"
            "# whether trials of the cell are missing, trials behind the point, whether "
            "it\n# stands alone on its line.\n",
            gb_results_varied_key(curves->grid.results, curves->grid.x.key),
            curves->preset->is_paired ? "paired difference" : "mean or ratio of sums");
}

enum gb_status gb_curves_write(const struct gb_curves_preset *preset,
                               const struct gb_figure_request *request, struct gb_figure_page *page,
                               struct gb_error *err)
{
    struct curves curves = {.preset = preset, .request = request, .page = page, .fewest = SIZE_MAX};
    enum gb_status status = read_indicators(&curves, preset->y, err);

    if (status == GB_OK)
        status = find_grid(&curves, err);
    if (status == GB_OK)
        status = fall_back(&curves, err);
    if (status == GB_OK) {
        write_head(&curves);
        write_panels(&curves);
        if (has_points(&curves))
            describe(&curves);
        else
            status = gb_fail(err, GB_EREFUSED, GB_NO_VALUE, curves.indicators[0].name);
    }
    gb_references_clear(&curves.references);
    gb_kinds_clear(&curves.homes);
    gb_grid_clear(&curves.grid);
    return status;
}
