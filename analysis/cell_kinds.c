#include "analysis/cell_kinds.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

enum gb_status gb_kinds_check(const struct gb_results *results, struct gb_error *err)
{
    return gb_results_has(results, GB_TABLE_KINDS)
               ? GB_OK
               : gb_fail(err, GB_EREFUSED,
                         "the result has no kinds of households: `households` of a scenario names "
                         "them");
}

static enum gb_status read_trials(struct gb_kinds *kinds, struct gb_results *results,
                                  struct gb_error *err)
{
    enum gb_status status = GB_OK;

    kinds->trials = calloc(kinds->n_trials + 1, sizeof *kinds->trials);
    if (!kinds->trials)
        return gb_fail(err, GB_ENOMEM, "no memory for the kinds of %zu trials", kinds->n_trials);
    for (size_t i = 0; status == GB_OK && i < kinds->n_trials; i++) {
        void *rows = NULL;

        status = gb_results_rows(results, GB_TABLE_KINDS, kinds->summary[i].trial, &rows,
                                 &kinds->trials[i].n, err);
        kinds->trials[i].rows = rows;
    }
    return status;
}

static enum gb_status add_name(struct gb_kinds *kinds, size_t *capacity, const char *name,
                               struct gb_error *err)
{
    size_t at = 0;
    int order = 1;

    while (at < kinds->n && (order = strcmp(kinds->names[at], name)) < 0)
        at++;
    if (at < kinds->n && order == 0)
        return GB_OK;
    const char **names = gb_array_grow(kinds->names, capacity, kinds->n + 1, sizeof *names);
    if (!names)
        return gb_fail(err, GB_ENOMEM, "no memory for the names of kinds");
    memmove(names + at + 1, names + at, (kinds->n - at) * sizeof *names);
    names[at] = name;
    kinds->names = names;
    kinds->n++;
    return GB_OK;
}

static enum gb_status find_names(struct gb_kinds *kinds, const struct gb_cell *const *cells,
                                 size_t n, struct gb_error *err)
{
    enum gb_status status = GB_OK;
    size_t capacity = 0;

    for (size_t c = 0; c < n; c++)
        for (size_t i = 0; i < cells[c]->n_trials; i++) {
            const struct gb_trial_kinds *trial = &kinds->trials[cells[c]->trials[i]];

            for (size_t r = 0; status == GB_OK && r < trial->n; r++)
                status = add_name(kinds, &capacity, trial->rows[r].kind, err);
        }
    return status;
}

enum gb_status gb_kinds_read(struct gb_kinds *out, struct gb_results *results,
                             const struct gb_cell *const *cells, size_t n, struct gb_error *err)
{
    enum gb_status status = gb_kinds_check(results, err);

    *out = (struct gb_kinds){.summary = gb_results_summary(results),
                             .n_trials = gb_results_n_trials(results)};
    if (status == GB_OK)
        status = read_trials(out, results, err);
    if (status == GB_OK)
        status = find_names(out, cells, n, err);
    return status;
}

void gb_kinds_clear(struct gb_kinds *kinds)
{
    for (size_t i = 0; kinds->trials && i < kinds->n_trials; i++)
        free(kinds->trials[i].rows);
    free(kinds->trials);
    free(kinds->names);
    *kinds = (struct gb_kinds){0};
}

const struct gb_kind_row *gb_kinds_row(const struct gb_kinds *kinds,
                                       const struct gb_summary_row *trial, const char *name)
{
    const struct gb_trial_kinds *of = &kinds->trials[trial - kinds->summary];

    for (size_t r = 0; r < of->n; r++)
        if (strcmp(of->rows[r].kind, name) == 0)
            return &of->rows[r];
    return NULL;
}
