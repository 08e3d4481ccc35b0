#include "analysis/cells.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A trial's place in the summary, which knows the values it is sorted by. */
struct place {
    const struct gb_results *results;
    size_t trial;
};

static int compare_values(const struct place *a, const struct place *b)
{
    int order = 0;

    for (size_t k = 0; order == 0 && k < gb_results_n_factors(a->results); k++)
        order = strcmp(gb_results_varied_value(a->results, k, a->trial),
                       gb_results_varied_value(b->results, k, b->trial));
    return order;
}

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = compare_values(x, y);

    return order ? order : (x->trial > y->trial) - (x->trial < y->trial);
}

static int compare_cells(const void *a, const void *b)
{
    const struct gb_cell *x = a, *y = b;

    return (x->trials[0] > y->trials[0]) - (x->trials[0] < y->trials[0]);
}

/* The cell of n places that agree. returns false without memory */
static bool add_cell(struct gb_cells *cells, const struct place *places, size_t n, size_t n_members)
{
    size_t *trials = malloc(n * sizeof *trials);

    if (!trials)
        return false;
    for (size_t i = 0; i < n; i++)
        trials[i] = places[i].trial;
    cells->items[cells->n++] = (struct gb_cell){n, trials, n_members};
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

/* Sorted by their values the trials of a cell stand together: with many cells, each looked for
 * among the others would take the square of the time. */
enum gb_status gb_cells_find(struct gb_cells *out, const struct gb_results *results,
                             const struct gb_selection *where, struct gb_error *err)
{
    size_t n_trials = gb_results_n_trials(results), n = 0, n_equal;
    size_t n_members = count_members(results, where);
    struct place *places = malloc((n_trials + 1) * sizeof *places);
    struct gb_cells cells = {0, calloc(n_trials + 1, sizeof *cells.items)};
    bool ok = places && cells.items;

    for (size_t i = 0; ok && i < n_trials; i++)
        if (!where || gb_selection_holds_averaged(where, results, i))
            places[n++] = (struct place){results, i};
    if (ok)
        qsort(places, n, sizeof *places, compare_places);
    for (size_t i = 0; ok && i < n; i += n_equal) {
        for (n_equal = 1; i + n_equal < n && compare_values(&places[i], &places[i + n_equal]) == 0;)
            n_equal++;
        ok = add_cell(&cells, places + i, n_equal, n_members);
    }
    free(places);
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
