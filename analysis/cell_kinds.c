#include "analysis/cell_kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/home_choice.h"
#include "analysis/kind_sums.h"
#include "base/array.h"

enum gb_status gb_kinds_check(const struct gb_results *results, struct gb_error *err)
{
    return gb_results_has(results, GB_TABLE_KINDS)
               ? GB_OK
               : gb_fail(err, GB_EREFUSED,
                         "the result has no kinds of households: `households` of a scenario names "
                         "them");
}

/* ---- the rows of a trial */

/* The row of a kind, a new one where there is none. NULL without memory */
static struct gb_kind_row *row_named(struct gb_trial_kinds *trial, size_t *capacity,
                                     const char *name)
{
    for (size_t r = trial->n; r-- > 0;) /* homes of one kind follow each other as a rule */
        if (strcmp(trial->rows[r].kind, name) == 0)
            return &trial->rows[r];
    struct gb_kind_row *rows = gb_array_grow(trial->rows, capacity, trial->n + 1, sizeof *rows);
    if (!rows)
        return NULL;
    trial->rows = rows;
    memset(&rows[trial->n], 0, sizeof *rows);
    snprintf(rows[trial->n].kind, sizeof rows[trial->n].kind, "%s", name);
    return &rows[trial->n++];
}

/* From its homes, where not all of a kind are asked about. */
static enum gb_status add_up_homes(struct gb_trial_kinds *trial, struct gb_results *results,
                                   uint64_t number, struct gb_error *err)
{
    struct gb_user_row *users = NULL;
    size_t n = 0, capacity = 0;
    enum gb_status status = gb_home_choice_rows(results, number, &users, &n, err);

    for (size_t u = 0; status == GB_OK && u < n; u++) {
        struct gb_kind_row *row = row_named(trial, &capacity, users[u].kind);

        if (row)
            gb_kind_row_add(row, &users[u]);
        else
            status = gb_fail(err, GB_ENOMEM, "no memory for the kinds of a trial");
    }
    for (size_t r = 0; r < trial->n; r++)
        gb_kind_row_end(&trial->rows[r]);
    free(users);
    return status;
}

static enum gb_status read_rows(struct gb_trial_kinds *trial, struct gb_results *results,
                                uint64_t number, struct gb_error *err)
{
    const struct gb_home_choice *homes = gb_results_homes(results);
    size_t n_kept = 0, n = 0;
    void *rows = NULL;

    if ((homes && homes->n_strategies > 0) || !gb_results_has(results, GB_TABLE_KINDS))
        return add_up_homes(trial, results, number, err);
    enum gb_status status = gb_results_rows(results, GB_TABLE_KINDS, number, &rows, &n, err);
    trial->rows = rows;
    for (size_t r = 0; status == GB_OK && r < n; r++)
        if (gb_home_choice_has_kind(homes, trial->rows[r].kind))
            trial->rows[n_kept++] = trial->rows[r];
    trial->n = n_kept;
    return status;
}

static enum gb_status read_trials(struct gb_kinds *kinds, struct gb_results *results,
                                  struct gb_error *err)
{
    enum gb_status status = GB_OK;

    kinds->summary = gb_results_summary(results);
    kinds->n_trials = gb_results_n_trials(results);
    kinds->trials = calloc(kinds->n_trials + 1, sizeof *kinds->trials);
    if (!kinds->trials)
        return gb_fail(err, GB_ENOMEM, "no memory for the kinds of %zu trials", kinds->n_trials);
    for (size_t i = 0; status == GB_OK && i < kinds->n_trials; i++)
        status = read_rows(&kinds->trials[i], results, kinds->summary[i].trial, err);
    return status;
}

/* ---- their names */

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

    *out = (struct gb_kinds){0};
    if (status == GB_OK)
        status = read_trials(out, results, err);
    if (status == GB_OK)
        status = find_names(out, cells, n, err);
    return status;
}

/* All rows of a trial become one. */
static void join(struct gb_trial_kinds *trial)
{
    if (trial->n == 0)
        return;
    for (size_t r = 1; r < trial->n; r++)
        gb_kind_row_join(&trial->rows[0], &trial->rows[r]);
    gb_kind_row_end(&trial->rows[0]);
    snprintf(trial->rows[0].kind, sizeof trial->rows[0].kind, "%s", GB_KINDS_TOGETHER);
    trial->n = 1;
}

enum gb_status gb_kinds_read_together(struct gb_kinds *out, struct gb_results *results,
                                      struct gb_error *err)
{
    size_t capacity = 0;

    *out = (struct gb_kinds){0};
    enum gb_status status = read_trials(out, results, err);
    for (size_t i = 0; status == GB_OK && i < out->n_trials; i++)
        join(&out->trials[i]);
    return status == GB_OK ? add_name(out, &capacity, GB_KINDS_TOGETHER, err) : status;
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
