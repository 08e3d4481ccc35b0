/* What to say to --where, so that a figure can show the cells: options as the shell takes them. */
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_grid_priv.h"
#include "base/text.h"

static bool is_plain(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "._=:%+/@-")] == '\0';
}

/* --where KEY=VALUE, quoted where the shell would take it apart. */
static void write_option(FILE *out, const char *key, const char *value)
{
    bool are_plain = is_plain(key) && is_plain(value) && value[0];

    fprintf(out, "--where %s%s=", are_plain ? "" : "'", key);
    for (const char *c = value; *c; c++)
        fprintf(out, *c == '\'' ? "'\\''" : "%c", *c);
    fputs(are_plain ? "" : "'", out);
}

/* The first cell shown that reads all of these keys, else the first. */
static const struct gb_cell *find_example(const struct gb_figure_grid *grid, const size_t *keys,
                                          size_t n)
{
    for (size_t c = 0; c < grid->n_shown; c++) {
        size_t k = 0;

        while (k < n &&
               strcmp(gb_cell_value(grid->results, grid->shown[c], keys[k]), GB_VARIED_UNREAD) != 0)
            k++;
        if (k == n)
            return grid->shown[c];
    }
    return grid->shown[0];
}

enum gb_status gb_grid_refuse_keys(const struct gb_figure_grid *grid, const size_t *keys, size_t n,
                                   const char *reason, struct gb_error *err)
{
    const struct gb_cell *example = find_example(grid, keys, n);
    struct gb_text text;

    if (gb_text_open(&text)) {
        fputs("choose by `", text.stream);
        for (size_t k = 0; k < n; k++) {
            fputs(k > 0 ? " " : "", text.stream);
            write_option(text.stream, gb_results_varied_key(grid->results, keys[k]),
                         gb_cell_value(grid->results, example, keys[k]));
        }
        fprintf(text.stream, "`, or %s: %s ", n > 1 ? "other values" : "another value", reason);
        for (size_t k = 0; k < n; k++)
            fprintf(text.stream, "%s%s",
                    k == 0       ? ""
                    : k + 1 == n ? " and "
                                 : ", ",
                    gb_results_varied_key(grid->results, keys[k]));
    }
    char *message = gb_text_close(&text);
    enum gb_status status = message ? gb_fail(err, GB_EREFUSED, "%s", message)
                                    : gb_fail(err, GB_ENOMEM, "no memory for the figure");
    free(message);
    return status;
}

/* ---- the largest grid without holes */

static bool is_like(const struct gb_figure_grid *grid, const struct gb_cell *cell, size_t key,
                    const char *value)
{
    return strcmp(gb_cell_value(grid->results, cell, key), value) == 0;
}

/* How many values `other` has among the cells shown with this value of a key. */
static size_t count_values(const struct gb_figure_grid *grid, size_t key, const char *value,
                           size_t other)
{
    size_t n = 0;

    for (size_t c = 0; c < grid->n_shown; c++) {
        const char *text = gb_cell_value(grid->results, grid->shown[c], other);
        size_t before = 0;

        if (!is_like(grid, grid->shown[c], key, value))
            continue;
        while (before < c && !(is_like(grid, grid->shown[before], key, value) &&
                               is_like(grid, grid->shown[before], other, text)))
            before++;
        n += before == c;
    }
    return n;
}

/* The cells with this value of a key, where they are a complete grid of two keys or more; else 0.
 */
static size_t complete_cells(const struct gb_figure_grid *grid, size_t key, const char *value)
{
    size_t n = 0, product = 1, n_keys = 0;

    for (size_t c = 0; c < grid->n_shown; c++)
        n += is_like(grid, grid->shown[c], key, value);
    for (size_t k = 0; k < gb_results_n_factors(grid->results); k++) {
        size_t n_values = count_values(grid, key, value, k);

        product *= n_values;
        n_keys += n_values > 1;
    }
    return product == n && n_keys > 1 ? n : 0;
}

/* Whether a cell shown is the first with its value of a key. */
static bool is_first(const struct gb_figure_grid *grid, size_t cell, size_t key)
{
    const char *value = gb_cell_value(grid->results, grid->shown[cell], key);
    size_t before = 0;

    while (before < cell && !is_like(grid, grid->shown[before], key, value))
        before++;
    return before == cell;
}

enum gb_status gb_grid_refuse_holes(const struct gb_figure_grid *grid, struct gb_error *err)
{
    static const char reason[] = "the cells shown are no complete grid of their keys";
    const struct gb_cell *best = NULL;
    size_t best_key = 0, most = 0;
    struct gb_text text;

    for (size_t k = 0; k < gb_results_n_factors(grid->results); k++)
        for (size_t c = 0; c < grid->n_shown; c++) {
            const char *value = gb_cell_value(grid->results, grid->shown[c], k);
            size_t n = is_first(grid, c, k) ? complete_cells(grid, k, value) : 0;

            if (n > most) {
                most = n;
                best = grid->shown[c];
                best_key = k;
            }
        }
    if (!best)
        return gb_fail(err, GB_EREFUSED, "%s, and none is at any one value of one of them", reason);
    if (gb_text_open(&text)) {
        write_option(text.stream, gb_results_varied_key(grid->results, best_key),
                     gb_cell_value(grid->results, best, best_key));
    }
    char *option = gb_text_close(&text);
    enum gb_status status = option ? gb_fail(err, GB_EREFUSED, "choose by `%s`: %s", option, reason)
                                   : gb_fail(err, GB_ENOMEM, "no memory for the figure");
    free(option);
    return status;
}
