#include "analysis/versus_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/bootstrap.h"
#include "analysis/multiplicity.h"
#include "analysis/pairing.h"
#include "analysis/versus_priv.h"
#include "base/array.h"

static const double weights[] = {1.0, -1.0}; /* of a cell and its reference */

/* What is compared: a group of a cell, and its savings by replication in both. */
struct compared {
    struct gb_versus_group out;
    size_t n;
    double *values; /* n of the cell, then n of the reference */
};

struct tables {
    const struct gb_versus *versus;
    struct gb_results *results;
    enum gb_user_grouping by;
    size_t of; /* the reference that is in memory */
    struct gb_group_gains reference, own;
    size_t n, capacity;
    struct compared *list;
    double *linear; /* scratch */
};

static void clear(struct tables *tables)
{
    for (size_t i = 0; i < tables->n; i++)
        free(tables->list[i].values);
    free(tables->list);
    free(tables->linear);
    gb_group_gains_clear(&tables->reference);
    gb_group_gains_clear(&tables->own);
}

/* ---- reading */

/* The savings of a cell and of its reference, which many cells may share. */
static enum gb_status load(struct tables *tables, size_t cell, struct gb_error *err)
{
    size_t reference = tables->versus->reference[cell];
    const struct gb_cell *cells = tables->versus->cells->items;
    enum gb_status status = GB_OK;

    gb_group_gains_clear(&tables->own);
    if (tables->of != reference) {
        gb_group_gains_clear(&tables->reference);
        tables->of = reference;
        status = gb_group_gains_find(&tables->reference, tables->results, &cells[reference],
                                     tables->by, err);
    }
    if (status == GB_OK)
        status = gb_group_gains_find(&tables->own, tables->results, &cells[cell], tables->by, err);
    return status;
}

static const double *gains_of(const struct gb_group_gains *gains, const char *name)
{
    for (size_t g = 0; g < gains->n; g++)
        if (strcmp(gains->names[g], name) == 0)
            return gains->values + g * gains->n_replications;
    return NULL;
}

/* Adds a group of a cell.
 * places  of the n replications that both have: in the cell, and behind n_own in the reference */
static enum gb_status add_group(struct tables *tables, size_t cell, const char *name,
                                const size_t *places, size_t n, size_t n_own, struct gb_error *err)
{
    const double *own = gains_of(&tables->own, name);
    const double *base = gains_of(&tables->reference, name);
    struct compared *list =
        gb_array_grow(tables->list, &tables->capacity, tables->n + 1, sizeof *list);
    double *values = malloc((2 * n + 1) * sizeof *values);

    if (list)
        tables->list = list;
    if (!list || !values) {
        free(values);
        return gb_fail(err, GB_ENOMEM, "no memory to compare groups of users");
    }
    for (size_t k = 0; k < n; k++) {
        values[k] = own[places[k]];
        values[n + k] = base[places[n_own + k]];
    }
    struct compared *compared = &list[tables->n++];
    *compared = (struct compared){.n = n, .values = values};
    memcpy(compared->out.name, name, sizeof compared->out.name);
    compared->out.row =
        (struct gb_versus_row){.cell = cell,
                               .reference = tables->versus->reference[cell],
                               .is_withheld = gb_versus_is_withheld(tables->versus, cell)};
    return GB_OK;
}

static enum gb_status add_cell(struct tables *tables, size_t cell, size_t *places,
                               struct gb_error *err)
{
    const struct gb_cell_replications *own = &tables->versus->replications[cell];
    const struct gb_cell_replications *base =
        &tables->versus->replications[tables->versus->reference[cell]];
    const struct gb_replication_list lists[] = {{own->numbers, own->n}, {base->numbers, base->n}};
    enum gb_status status = load(tables, cell, err);
    size_t n = status == GB_OK ? gb_pairing_find(places, lists, 2) : 0;

    for (size_t g = 0; status == GB_OK && g < tables->own.n; g++)
        if (gains_of(&tables->reference, tables->own.names[g]))
            status = add_group(tables, cell, tables->own.names[g], places, n, own->n, err);
    return status;
}

/* ---- comparing */

static void compare(struct tables *tables, struct compared *compared)
{
    static const struct gb_contrast none = {NAN, NAN, 0, 0, GB_CONTRAST_NOTHING};
    const struct gb_sample samples[] = {{compared->values, NULL},
                                        {compared->values + compared->n, NULL}};
    struct gb_versus_row *row = &compared->out.row;

    row->value =
        gb_contrast_estimate(&samples[0], weights, 1, compared->n, NULL, tables->linear).estimate;
    row->base =
        gb_contrast_estimate(&samples[1], weights, 1, compared->n, NULL, tables->linear).estimate;
    row->difference = row->is_withheld ? none
                                       : gb_contrast_estimate(samples, weights, 2, compared->n,
                                                              NULL, tables->linear);
    row->p = gb_contrast_p(&row->difference);
    row->detectable = gb_contrast_detectable(&row->difference, GB_CONFIDENCE, GB_POWER);
}

static enum gb_status set_interval(struct gb_confidence_interval *interval,
                                   const struct tables *tables, const struct compared *compared,
                                   double level, struct gb_error *err)
{
    const struct gb_sample samples[] = {{compared->values, NULL},
                                        {compared->values + compared->n, NULL}};
    uint32_t n_resamples = compared->out.row.is_withheld ? 0 : tables->versus->options.n_resamples;

    *interval = gb_contrast_interval(&compared->out.row.difference, level);
    if (n_resamples > 0 &&
        !gb_bootstrap_interval(interval, samples, weights, 2, compared->n, n_resamples, level))
        return gb_fail(err, GB_ENOMEM, "no memory for %u resamples", n_resamples);
    return GB_OK;
}

static enum gb_status compare_all(struct tables *tables, size_t *size, struct gb_error *err)
{
    double *p = malloc((2 * tables->n + 1) * sizeof *p);
    bool ok = p != NULL;
    enum gb_status status = GB_OK;

    for (size_t i = 0; ok && i < tables->n; i++) {
        compare(tables, &tables->list[i]);
        p[i] = tables->list[i].out.row.p;
    }
    ok = ok && gb_family_adjust(p, p + tables->n, tables->n);
    if (ok)
        *size = gb_family_size(p, tables->n);
    else
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu tests", tables->n);
    for (size_t i = 0; status == GB_OK && i < tables->n; i++) {
        struct compared *compared = &tables->list[i];

        compared->out.row.adjusted_p = p[tables->n + i];
        status = set_interval(&compared->out.row.interval, tables, compared, GB_CONFIDENCE, err);
        if (status == GB_OK)
            status = set_interval(&compared->out.row.simultaneous, tables, compared,
                                  gb_family_level(GB_CONFIDENCE, *size), err);
    }
    free(p);
    return status;
}

enum gb_status gb_versus_groups(const struct gb_versus *versus, struct gb_results *results,
                                enum gb_user_grouping by, struct gb_versus_group **groups,
                                size_t *n, size_t *size, struct gb_error *err)
{
    size_t width = versus->n_replications + 1;
    struct tables tables = {.versus = versus,
                            .results = results,
                            .by = by,
                            .of = GB_NO_CELL,
                            .linear = malloc(width * sizeof(double))};
    size_t *places = malloc(2 * width * sizeof *places);
    enum gb_status status = tables.linear && places
                                ? GB_OK
                                : gb_fail(err, GB_ENOMEM, "no memory to compare groups of users");

    *n = *size = 0;
    *groups = NULL;
    for (size_t c = 0; status == GB_OK && c < versus->cells->n; c++)
        if (versus->reference[c] != GB_NO_CELL)
            status = add_cell(&tables, c, places, err);
    if (status == GB_OK)
        status = compare_all(&tables, size, err);
    if (status == GB_OK && !(*groups = calloc(tables.n + 1, sizeof **groups)))
        status = gb_fail(err, GB_ENOMEM, "no memory to compare groups of users");
    for (; status == GB_OK && *n < tables.n; ++*n)
        (*groups)[*n] = tables.list[*n].out;
    clear(&tables);
    free(places);
    return status;
}
