/* Main effects over the cells of a result, where they are a complete grid of the keys varied. Keys
 * that a zip moves together have one effect, which stands at the first of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/factorial.h"
#include "analysis/multiplicity.h"
#include "analysis/pairing.h"
#include "analysis/versus_priv.h"

/* ---- the cells as a design */

struct levels {
    size_t n_keys;
    size_t *of;          /* [cell * n_keys + key] */
    size_t *n;           /* of each key */
    const char **values; /* [key * n_cells + level] */
    size_t *leaders;     /* of each key the first that it moves together with, or itself */
};

static const char *value_of(const struct gb_versus *versus, size_t cell, size_t key)
{
    return gb_cell_value(versus->results, &versus->cells->items[cell], key);
}

static size_t level_of(struct levels *levels, size_t n_cells, size_t key, const char *value)
{
    const char **known = levels->values + key * n_cells;

    for (size_t l = 0; l < levels->n[key]; l++)
        if (strcmp(known[l], value) == 0)
            return l;
    known[levels->n[key]] = value;
    return levels->n[key]++;
}

static void clear_levels(struct levels *levels)
{
    free(levels->of);
    free(levels->n);
    free(levels->values);
    free(levels->leaders);
}

/* Whether the levels of two keys go in pairs, so that one says which the other is. */
static bool move_together(const struct levels *levels, size_t n_cells, size_t a, size_t b)
{
    if (levels->n[a] != levels->n[b] || levels->n[a] < 2)
        return false;
    for (size_t c = 0; c < n_cells; c++) /* both are numbered as they first appear */
        if (levels->of[c * levels->n_keys + a] != levels->of[c * levels->n_keys + b])
            return false;
    return true;
}

/* Of keys that move together the first is the factor; the others have the one level of a key that
 * does not vary. */
static void join_levels(struct levels *levels, size_t n_cells)
{
    for (size_t k = 0; k < levels->n_keys; k++) {
        levels->leaders[k] = k;
        for (size_t j = 0; j < k && levels->leaders[k] == k; j++)
            if (levels->leaders[j] == j && move_together(levels, n_cells, j, k))
                levels->leaders[k] = j;
    }
    for (size_t k = 0; k < levels->n_keys; k++) {
        if (levels->leaders[k] == k)
            continue;
        levels->n[k] = 1;
        for (size_t c = 0; c < n_cells; c++)
            levels->of[c * levels->n_keys + k] = 0;
    }
}

static bool find_levels(struct levels *levels, const struct gb_versus *versus)
{
    size_t n_keys = gb_results_n_factors(versus->results), n_cells = versus->cells->n;

    *levels = (struct levels){n_keys, calloc(n_cells * n_keys + 1, sizeof *levels->of),
                              calloc(n_keys + 1, sizeof *levels->n),
                              calloc(n_cells * n_keys + 1, sizeof *levels->values),
                              calloc(n_keys + 1, sizeof *levels->leaders)};
    if (!levels->of || !levels->n || !levels->values || !levels->leaders)
        return false;
    for (size_t c = 0; c < n_cells; c++)
        for (size_t k = 0; k < n_keys; k++)
            levels->of[c * n_keys + k] = level_of(levels, n_cells, k, value_of(versus, c, k));
    join_levels(levels, n_cells);
    return true;
}

static struct gb_design design_of(const struct levels *levels, size_t n_cells)
{
    return (struct gb_design){n_cells, levels->n_keys, levels->of, levels->n};
}

/* ---- is it a grid? */

static bool lacks_any(const struct gb_versus *versus)
{
    for (size_t c = 0; c < versus->cells->n; c++)
        if (gb_versus_n_missing(versus, c) > 0)
            return true;
    return false;
}

static enum gb_grid judge(const struct gb_versus *versus, const struct levels *levels)
{
    struct gb_design design = design_of(levels, versus->cells->n);
    size_t n_factors = 0;
    bool is_complete = false;

    for (size_t k = 0; k < levels->n_keys; k++)
        n_factors += levels->n[k] > 1;
    if (n_factors < 2)
        return GB_GRID_SMALL;
    if (!gb_design_is_complete(&is_complete, &design) || !is_complete)
        return GB_GRID_HOLES;
    return lacks_any(versus) && !versus->options.allow_missing ? GB_GRID_UNPAIRED
                                                               : GB_GRID_COMPLETE;
}

enum gb_grid gb_versus_grid(const struct gb_versus *versus)
{
    struct levels levels;
    enum gb_grid grid = find_levels(&levels, versus) ? judge(versus, &levels) : GB_GRID_HOLES;

    clear_levels(&levels);
    return grid;
}

enum gb_status gb_versus_find_leaders(const struct gb_versus *versus, size_t **leaders,
                                      struct gb_error *err)
{
    struct levels levels;
    bool ok = find_levels(&levels, versus);

    if (ok) {
        *leaders = levels.leaders;
        levels.leaders = NULL;
    }
    clear_levels(&levels);
    return ok ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for the keys of a sweep");
}

/* ---- the estimand in all cells, over the replications that all have */

struct columns {
    size_t n, n_parts; /* replications; parts of a cell's estimand */
    size_t *places;
    double *values, *linear, *weights; /* weights: of each part of each cell */
    struct gb_sample *samples;         /* likewise */
};

static void clear_columns(struct columns *columns)
{
    free(columns->places);
    free(columns->values);
    free(columns->linear);
    free(columns->weights);
    free(columns->samples);
}

static bool create_columns(struct columns *columns, size_t n_parts, size_t n_cells, size_t n)
{
    *columns = (struct columns){0,
                                n_parts,
                                malloc((n_cells * n + 1) * sizeof(size_t)),
                                malloc((2 * n_parts * n_cells * n + 1) * sizeof(double)),
                                malloc((n + 1) * sizeof(double)),
                                malloc((n_parts * n_cells + 1) * sizeof(double)),
                                malloc((n_parts * n_cells + 1) * sizeof(struct gb_sample))};
    return columns->places && columns->values && columns->linear && columns->weights &&
           columns->samples;
}

static bool fill_columns(struct columns *columns, const struct gb_versus *versus,
                         const struct gb_estimand *of)
{
    size_t n_cells = versus->cells->n, width = versus->replications[0].n;
    struct gb_replication_list *lists = malloc((n_cells + 1) * sizeof *lists);

    if (!lists)
        return false;
    for (size_t c = 0; c < n_cells; c++)
        lists[c] = (struct gb_replication_list){versus->replications[c].numbers,
                                                versus->replications[c].n};
    columns->n = gb_pairing_find(columns->places, lists, n_cells);
    for (size_t c = 0; c < n_cells; c++)
        gb_estimand_samples(of, &versus->replications[c], versus->results,
                            columns->places + c * width, columns->n,
                            columns->samples + c * columns->n_parts,
                            columns->values + c * 2 * columns->n_parts * columns->n);
    free(lists);
    return true;
}

/* From a weight a cell to one a part of each: from behind, since they share the array. */
static void spread_weights(struct columns *columns, const struct gb_estimand *of, size_t n_cells)
{
    for (size_t c = n_cells; c-- > 0;)
        gb_estimand_weights(of, columns->weights[c], columns->weights + c * columns->n_parts);
}

/* ---- the effects */

/* The level that the others of a key are compared with: the one named in --against, by this key or
 * by one that moves along with it, else the first. */
static size_t base_level(const struct gb_versus *versus, const struct levels *levels, size_t key)
{
    for (size_t i = 0; i < versus->against->n; i++) {
        size_t named = versus->against->items[i].key;

        for (size_t c = 0;
             named < levels->n_keys && levels->leaders[named] == key && c < versus->cells->n; c++)
            if (gb_value_is_same(value_of(versus, c, named), versus->against->items[i].value))
                return levels->of[c * levels->n_keys + key];
    }
    return 0;
}

/* The first cell with a level of a key; there is one. */
static size_t cell_at(const struct levels *levels, size_t n_cells, size_t key, size_t level)
{
    size_t c = 0;

    while (c + 1 < n_cells && levels->of[c * levels->n_keys + key] != level)
        c++;
    return c;
}

static struct gb_main_effect effect_of(const struct gb_versus *versus, const struct gb_estimand *of,
                                       const struct levels *levels, struct columns *columns,
                                       size_t key, size_t level, size_t base)
{
    struct gb_design design = design_of(levels, versus->cells->n);
    size_t n_cells = versus->cells->n;
    const char **values = levels->values + key * n_cells;
    struct gb_main_effect out = {.key = key,
                                 .level = values[level],
                                 .base = values[base],
                                 .level_cell = cell_at(levels, n_cells, key, level),
                                 .base_cell = cell_at(levels, n_cells, key, base)};

    gb_design_main_effect(columns->weights, &design, key, level, base);
    spread_weights(columns, of, versus->cells->n);
    out.effect = gb_contrast_estimate(columns->samples, columns->weights,
                                      columns->n_parts * versus->cells->n, columns->n, NULL,
                                      columns->linear);
    out.interval = gb_contrast_interval(&out.effect, GB_CONFIDENCE);
    out.p = gb_contrast_p(&out.effect);
    return out;
}

static bool adjust(struct gb_main_effect *effects, size_t n)
{
    double *p = malloc(2 * (n + 1) * sizeof *p);
    bool ok = p != NULL;

    for (size_t i = 0; ok && i < n; i++)
        p[i] = effects[i].p;
    ok = ok && gb_family_adjust(p, p + n + 1, n);
    for (size_t i = 0; ok && i < n; i++)
        effects[i].adjusted_p = p[n + 1 + i];
    free(p);
    return ok;
}

static size_t n_effects(const struct levels *levels)
{
    size_t n = 0;

    for (size_t k = 0; k < levels->n_keys; k++)
        n += levels->n[k] - 1;
    return n;
}

enum gb_status gb_versus_main_effects(const struct gb_versus *versus, const struct gb_estimand *of,
                                      struct gb_main_effect **effects, size_t *n,
                                      struct gb_error *err)
{
    struct gb_main_effect *items = NULL;
    struct columns columns = {0};
    struct levels levels;
    size_t i = 0;
    bool ok = find_levels(&levels, versus) &&
              create_columns(&columns, gb_estimand_n_parts(of), versus->cells->n,
                             versus->replications[0].n) &&
              fill_columns(&columns, versus, of) &&
              (items = calloc(n_effects(&levels) + 1, sizeof *items)) != NULL;

    for (size_t k = 0; ok && k < levels.n_keys; k++) {
        size_t base = base_level(versus, &levels, k);

        for (size_t l = 0; l < levels.n[k]; l++)
            if (l != base)
                items[i++] = effect_of(versus, of, &levels, &columns, k, l, base);
    }
    ok = ok && adjust(items, i);
    clear_levels(&levels);
    clear_columns(&columns);
    if (!ok) {
        free(items);
        return gb_fail(err, GB_ENOMEM, "no memory for the main effects of %zu cells",
                       versus->cells->n);
    }
    *effects = items;
    *n = i;
    return GB_OK;
}
