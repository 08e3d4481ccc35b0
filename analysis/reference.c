#include "analysis/reference.h"

#include <stdlib.h>
#include <string.h>

static bool agree(const struct gb_references *references, size_t a, size_t b, size_t key)
{
    const struct gb_cell *items = references->cells->items;

    return strcmp(gb_cell_value(references->results, &items[a], key),
                  gb_cell_value(references->results, &items[b], key)) == 0;
}

static enum gb_status check_conditions(const struct gb_results *results,
                                       const struct gb_selection *against, struct gb_error *err)
{
    for (size_t i = 0; i < against->n; i++) {
        size_t key = against->items[i].key;
        const char *name = gb_results_varied_key(results, key);

        if (key >= gb_results_n_factors(results))
            return gb_fail(err, GB_EINPUT,
                           "the sweep averages over '%s', so that no cell differs from another in "
                           "it; --where %s=VALUE compares at one of its values",
                           name, name);
        for (size_t j = 0; j < i; j++)
            if (against->items[j].key == key)
                return gb_fail(err, GB_EINPUT, "--against names two values of '%s': expected one",
                               name);
    }
    return GB_OK;
}

static void find_asked(struct gb_references *references, const struct gb_selection *against)
{
    for (size_t k = 0; k < gb_results_n_factors(references->results); k++)
        for (size_t i = 1; !gb_selection_names(against, k) && i < references->n; i++)
            if (!agree(references, references->places[i], references->places[0], k))
                references->are_asked[k] = true;
}

enum gb_status gb_references_find(struct gb_references *out, const struct gb_results *results,
                                  const struct gb_cells *cells, const struct gb_selection *against,
                                  struct gb_error *err)
{
    enum gb_status status = check_conditions(results, against, err);

    *out = (struct gb_references){.results = results, .cells = cells};
    if (status != GB_OK)
        return status;
    out->places = malloc((cells->n + 1) * sizeof *out->places);
    out->are_asked = calloc(gb_results_n_factors(results) + 1, sizeof *out->are_asked);
    if (!out->places || !out->are_asked)
        return gb_fail(err, GB_ENOMEM, "no memory for the references of %zu cells", cells->n);
    for (size_t c = 0; c < cells->n; c++)
        if (gb_selection_holds(against, results, cells->items[c].trials[0]))
            out->places[out->n++] = c;
    find_asked(out, against);
    return out->n > 0 ? GB_OK : gb_fail(err, GB_EINPUT, "no cell has all the values of --against");
}

void gb_references_clear(struct gb_references *references)
{
    free(references->places);
    free(references->are_asked);
    *references = (struct gb_references){0};
}

/* The key that is told is the one in which the reference that agrees furthest does not. */
size_t gb_reference_of(const struct gb_references *references, size_t cell, size_t *key)
{
    size_t n_keys = gb_results_n_factors(references->results), furthest = 0;

    for (size_t i = 0; i < references->n; i++) {
        size_t k = 0;

        while (k < n_keys &&
               (!references->are_asked[k] || agree(references, cell, references->places[i], k)))
            k++;
        if (k == n_keys)
            return references->places[i];
        furthest = k > furthest ? k : furthest;
    }
    if (key)
        *key = furthest;
    return GB_NO_CELL;
}
