#include "analysis/cells.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Trials beside each other that agree in all values: those of a cell mostly are. */
struct stretch {
    const struct gb_results *results;
    const size_t *trials; /* places in the summary, ascending */
    size_t n;
};

static int compare_values(const struct gb_results *results, size_t a, size_t b)
{
    size_t n = gb_results_n_factors(results);
    int order = 0;

    for (size_t k = 0; order == 0 && k < n; k++) {
        const char *x = gb_results_varied_value(results, k, a);
        const char *y = gb_results_varied_value(results, k, b);

        order = x == y ? 0 : strcmp(x, y);
    }
    return order;
}

static int compare_stretches(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;
    int order = compare_values(x->results, x->trials[0], y->trials[0]);

    return order ? order : (x->trials[0] > y->trials[0]) - (x->trials[0] < y->trials[0]);
}

static int compare_cells(const void *a, const void *b)
{
    const struct gb_cell *x = a, *y = b;

    return (x->trials[0] > y->trials[0]) - (x->trials[0] < y->trials[0]);
}

/* The cell of n stretches that agree. returns false without memory */
static bool add_cell(struct gb_cells *cells, const struct stretch *stretches, size_t n,
                     size_t n_members)
{
    struct gb_cell cell = {.n_members = n_members};

    for (size_t i = 0; i < n; i++)
        cell.n_trials += stretches[i].n;
    cell.trials = malloc(cell.n_trials * sizeof *cell.trials);
    if (!cell.trials)
        return false;
    for (size_t i = 0, at = 0; i < n; at += stretches[i++].n)
        memcpy(cell.trials + at, stretches[i].trials, stretches[i].n * sizeof *cell.trials);
    cells->items[cells->n++] = cell;
    return true;
}

/* How many trials an average has: one for each combination of the values of its keys that `where`
 * does not name. */
static size_t count_members(const struct gb_results *results, const struct gb_selection *where)
{
    const struct gb_plan *plan = gb_results_provenance(results)->plan;
    size_t n = 1;

    for (size_t a = 0; plan && a < plan->averages.n; a++)
        if (!where || !gb_selection_names(where, gb_results_n_factors(results) + a))
            n *= plan->averages.n_values[a];
    return n;
}

/* The trials that are asked for, in stretches.
 * trials, stretches  filled, n_trials of each at most; returns how many stretches */
static size_t find_stretches(const struct gb_results *results, const struct gb_selection *where,
                             size_t *trials, struct stretch *stretches)
{
    size_t n_trials = gb_results_n_trials(results), n = 0, n_stretches = 0;

    for (size_t i = 0; i < n_trials; i++) {
        if (where && !gb_selection_holds_averaged(where, results, i))
            continue;
        trials[n] = i;
        if (n == 0 || compare_values(results, trials[n - 1], i) != 0)
            stretches[n_stretches++] = (struct stretch){results, &trials[n], 0};
        stretches[n_stretches - 1].n++;
        n++;
    }
    return n_stretches;
}

/* Sorted by their values the trials of a cell stand together: with many cells, each looked for
 * among the others would take the square of the time. */
enum gb_status gb_cells_find(struct gb_cells *out, const struct gb_results *results,
                             const struct gb_selection *where, struct gb_error *err)
{
    size_t n_trials = gb_results_n_trials(results), n = 0, n_equal;
    size_t n_members = count_members(results, where);
    size_t *trials = malloc((n_trials + 1) * sizeof *trials);
    struct stretch *stretches = malloc((n_trials + 1) * sizeof *stretches);
    struct gb_cells cells = {0, calloc(n_trials + 1, sizeof *cells.items)};
    bool ok = trials && stretches && cells.items;

    if (ok) {
        n = find_stretches(results, where, trials, stretches);
        qsort(stretches, n, sizeof *stretches, compare_stretches);
    }
    for (size_t i = 0; ok && i < n; i += n_equal) {
        for (n_equal = 1; i + n_equal < n && compare_values(results, stretches[i].trials[0],
                                                            stretches[i + n_equal].trials[0]) == 0;)
            n_equal++;
        ok = add_cell(&cells, stretches + i, n_equal, n_members);
    }
    free(stretches);
    free(trials);
    if (!ok) {
        gb_cells_clear(&cells);
        return gb_fail(err, GB_ENOMEM, "no memory for the cells of the sweep");
    }
    qsort(cells.items, cells.n, sizeof *cells.items, compare_cells);
    *out = cells;
    return GB_OK;
}

void gb_cells_clear(struct gb_cells *cells)
{
    for (size_t c = 0; c < cells->n; c++)
        free(cells->items[c].trials);
    free(cells->items);
    *cells = (struct gb_cells){0, NULL};
}

const char *gb_cell_value(const struct gb_results *results, const struct gb_cell *cell, size_t k)
{
    return gb_results_varied_value(results, k, cell->trials[0]);
}
