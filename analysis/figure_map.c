/* A key figure over two keys of a sweep: a field a cell, with its value written in where there is
 * room. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_grid_priv.h"
#include "analysis/home_choice.h"

#define MAX_SIDE 60
#define MIN_SIDE 2
#define CHARACTER_MM 1.6
#define VALUE_CHARACTER_MM 1.4 /* of values in their fields */
#define LINE_MM 2.8            /* what an upright word takes */
#define FIELD_EDGES_MM 26.0    /* what the axis and the scale of colours take */

struct map {
    double low, high, widest; /* of the values; half the longest interval */
    size_t fewest, most;      /* trials of a field */
    bool lacks_trials, has_holes;
};

static void write_field(const struct gb_figure_grid *grid, const struct gb_indicator *indicator,
                        size_t i, size_t j, struct map *map, FILE *data)
{
    const struct gb_cell *cell = gb_grid_cell(grid, i, j, 0);
    struct gb_confidence_interval value;
    bool lacks_trials;

    if (!cell) {
        map->has_holes = true;
        return;
    }
    value = gb_indicator_of(indicator, grid->results, cell);
    if (isnan(value.estimate)) {
        map->has_holes = true;
        return;
    }
    lacks_trials = gb_grid_lacks_trials(grid, cell);
    fprintf(data, "%zu %zu %.12g %.12g %.12g %d\n", i, j, value.estimate, value.lower, value.upper,
            lacks_trials);
    map->low = fmin(map->low, value.estimate);
    map->high = fmax(map->high, value.estimate);
    map->lacks_trials = map->lacks_trials || lacks_trials;
    map->fewest = value.n < map->fewest ? value.n : map->fewest;
    map->most = value.n > map->most ? value.n : map->most;
    if (gb_interval_has_bounds(&value))
        map->widest = fmax(map->widest, 0.5 * (value.upper - value.lower));
}

/* ("0" 0, "0.05" 1): the n-th value of a key at n, those that have room. */
static void set_ticks(FILE *settings, const char *name, const struct gb_factor *factor,
                      size_t every)
{
    char ticks[4096] = "(";
    size_t n = 1;

    for (size_t i = 0; i < factor->n && n + 128 < sizeof ticks; i += every)
        n += (size_t)snprintf(ticks + n, sizeof ticks - n, "%s\"%.60s\" %zu", i ? ", " : "",
                              factor->shown[i], i);
    snprintf(ticks + n, sizeof ticks - n, ")");
    gb_figure_set_text(settings, name, ticks);
}

static size_t longest_of(const struct gb_factor *factor)
{
    size_t longest = 0;

    for (size_t i = 0; i < factor->n; i++)
        longest = strlen(factor->shown[i]) > longest ? strlen(factor->shown[i]) : longest;
    return longest;
}

/* Is there room for every word beside the one before? */
static bool has_room(const struct gb_factor *factor, double field_mm)
{
    double widest_pair = 0.0;

    for (size_t i = 1; i < factor->n; i++)
        widest_pair = fmax(widest_pair,
                           0.5 * (double)(strlen(factor->shown[i - 1]) + strlen(factor->shown[i])));
    return CHARACTER_MM * (widest_pair + 1.0) <= field_mm;
}

/* The names of the values below their columns: all of them, upright where there is no other room.
 */
static void name_columns(FILE *settings, const struct gb_factor *factor, double field_mm)
{
    bool are_upright = !has_room(factor, field_mm);
    size_t every = are_upright ? (size_t)fmax(1.0, ceil(LINE_MM / field_mm)) : 1;

    fprintf(settings, "upright_x = %zu\n", are_upright ? longest_of(factor) : 0);
    set_ticks(settings, "x_tics", factor, every);
}

/* Decimals with which the values can be told apart: two digits of what they span. */
static int decimals_of(const struct map *map)
{
    double span = fmax(map->high - map->low, 0.05 * fmax(fabs(map->high), 1e-9));

    return (int)fmax(0.0, fmin(6.0, 1.0 - floor(log10(span))));
}

static void describe(const struct gb_figure_grid *grid, const struct gb_figure_request *request,
                     const struct gb_indicator *indicator, const struct map *map,
                     struct gb_figure_page *page)
{
    struct gb_axis axis =
        gb_axis_of(map->low, map->high > map->low ? map->high : map->low + 1e-6, 6.0);
    size_t longest_y = longest_of(&grid->lines);
    double page_mm = gb_page_set_width(page, request, grid->x.n > 12 ? GB_PAGE_MM : GB_COLUMN_MM);
    double field_mm =
        (page_mm - FIELD_EDGES_MM - CHARACTER_MM * (double)longest_y) / (double)grid->x.n;
    int decimals = decimals_of(map);
    char format[32], widest[64], label[256];
    int digits = snprintf(widest, sizeof widest, "%.*f", decimals,
                          fabs(map->low) > map->high ? map->low : map->high);

    snprintf(format, sizeof format, "%%.%df", decimals);
    snprintf(label, sizeof label, "%s%s%s%s", indicator->label, indicator->unit[0] ? " (" : "",
             indicator->unit, indicator->unit[0] ? ")" : "");
    fprintf(page->settings,
            "n_x = %zu\nn_y = %zu\nlongest_y = %zu\nhas_values = %d\nlow = %.12g\nhigh = %.12g\n"
            "lacks_trials = %d\n",
            grid->x.n, grid->lines.n, longest_y, field_mm > VALUE_CHARACTER_MM * (digits + 0.5),
            map->low, map->high > map->low ? map->high : map->low + 1e-9, map->lacks_trials);
    gb_axis_write(&axis, "z", page->settings);
    gb_figure_set_text(page->settings, "format", format);
    gb_figure_set_text(page->settings, "z_label", label);
    gb_figure_set_text(page->settings, "x_label", grid->x.label);
    gb_figure_set_text(page->settings, "y_label", grid->lines.label);
    name_columns(page->settings, &grid->x, field_mm);
    set_ticks(page->settings, "y_tics", &grid->lines, grid->lines.n > 30 ? 2 : 1);
    if (map->fewest < map->most)
        fprintf(page->caption, "%zu to ", map->fewest);
    fprintf(page->caption, "%zu %s a field", map->most,
            gb_grid_sample_unit(grid->shown[0], map->most));
    page->shows_intervals = map->widest > 0.0;
    if (map->widest > 0.0)
        fprintf(page->caption, ", 95 %% intervals of up to ± %.3g", map->widest);
    gb_grid_describe(request, page->caption);
    gb_factors_describe_unread((const struct gb_factor *[]){&grid->x, &grid->lines}, 2,
                               grid->results, page->caption);
    fprintf(page->caption, "%s%s.", map->lacks_trials ? "; rings: cells that lack trials" : "",
            map->has_holes ? "; white: no value" : "");
}

static enum gb_status check_sides(const struct gb_figure_grid *grid, struct gb_error *err)
{
    if (grid->lines.key == SIZE_MAX || grid->x.n < MIN_SIDE || grid->lines.n < MIN_SIDE)
        return gb_fail(err, GB_EREFUSED, "a map takes two keys of two values or more");
    return GB_OK;
}

enum gb_status gb_figure_map(const struct gb_figure_request *request, struct gb_figure_page *page,
                             struct gb_error *err)
{
    static const struct gb_axes_extent extent = {.has_x = true,
                                                 .max_x = MAX_SIDE,
                                                 .max_lines = MAX_SIDE,
                                                 .max_panels = 1,
                                                 .has_lines = true};
    struct map map = {.low = INFINITY, .high = -INFINITY, .fewest = SIZE_MAX};
    struct gb_figure_request asked = *request;
    struct gb_indicator indicator;
    struct gb_figure_grid grid = {0};
    struct gb_kinds homes = {0};
    char name[128];
    enum gb_status status;

    snprintf(name, sizeof name, "%s",
             request->y                                                  ? request->y
             : gb_home_choice_is_all(gb_results_homes(request->results)) ? "gain_per_user_day"
                                                                         : "saving/n_homes");
    name[strcspn(name, ",")] = '\0'; /* a map shows one */
    status = gb_grid_refuse_kinds(request, err);
    if (status != GB_OK)
        return status;
    status = gb_indicator_find_of_homes(&indicator, &homes, name, request, err);
    asked.panels = NULL;
    if (status == GB_OK)
        status = gb_grid_find(&grid, &asked, &extent, err);
    if (status == GB_OK)
        status = check_sides(&grid, err);
    if (status == GB_OK) {
        fprintf(
            page->data,
            "# Source: /%s of the result: %s. Columns: number of the value along x and along "
            "y, mean or\n# ratio of sums, ends of its 95 %% interval, whether trials of the cell are "
            "missing. Unit: %s.\n",
            homes.n > 0 ? "kinds" : "summary", indicator.name,
            indicator.unit[0] ? indicator.unit : "1");
        for (size_t i = 0; i < grid.x.n; i++)
            for (size_t j = 0; j < grid.lines.n; j++)
                write_field(&grid, &indicator, i, j, &map, page->data);
        if (map.low > map.high)
            status = gb_fail(err, GB_EREFUSED, GB_NO_VALUE, indicator.name);
        else
            describe(&grid, request, &indicator, &map, page);
    }
    gb_kinds_clear(&homes);
    gb_grid_clear(&grid);
    return status;
}
