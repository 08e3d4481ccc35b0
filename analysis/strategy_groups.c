#include "analysis/strategy_groups.h"

#include <stdlib.h>

#include "analysis/paired_cells.h"
#include "analysis/schema.h"
#include "base/quantity.h"

/* Sums over the users of a group and the trials of a replication. */
struct sums {
    double n, gain;
};

/* sums[word * replications.n + replication] */
struct tally {
    size_t n_words;
    struct gb_cell_replications replications;
    struct sums *sums;
    double *values; /* scratch, one a replication */
};

static void clear(struct tally *tally)
{
    free(tally->sums);
    free(tally->values);
    gb_cell_replications_clear(&tally->replications);
}

static void add_users(struct tally *tally, size_t replication, const struct gb_user_row *rows,
                      size_t n)
{
    for (size_t u = 0; u < n; u++) {
        struct sums *sums = &tally->sums[rows[u].strategy * tally->replications.n + replication];

        sums->n++;
        sums->gain += (double)(rows[u].cost_grid_only - rows[u].cost) / GB_UNITS_PER_CURRENCY;
    }
}

static enum gb_status add_trials(struct tally *tally, struct gb_results *results,
                                 struct gb_error *err)
{
    const struct gb_cell_replications *replications = &tally->replications;
    enum gb_status status = GB_OK;

    for (size_t k = 0; k < replications->n; k++) {
        for (size_t i = replications->first[k]; status == GB_OK && i < replications->first[k + 1];
             i++) {
            const struct gb_summary_row *row =
                &gb_results_summary(results)[replications->trials[i]];
            void *rows = NULL;
            size_t n = 0;

            status = gb_results_rows(results, GB_TABLE_USERS, row->trial, &rows, &n, err);
            if (status == GB_OK)
                add_users(tally, k, rows, n);
            free(rows);
        }
    }
    return status;
}

static enum gb_status load(struct tally *tally, struct gb_results *results,
                           const struct gb_cell *cell, const struct gb_field *strategy,
                           struct gb_error *err)
{
    enum gb_status status = gb_cell_replications_find(&tally->replications, results, cell, err);
    size_t n = tally->replications.n;

    if (status != GB_OK)
        return status;
    tally->n_words = gb_field_n_words(strategy);
    tally->sums = calloc(tally->n_words * n + 1, sizeof *tally->sums);
    tally->values = calloc(n + 1, sizeof *tally->values);
    if (!tally->sums || !tally->values)
        return gb_fail(err, GB_ENOMEM, "no memory for the groups of %zu replications", n);
    return add_trials(tally, results, err);
}

/* ---- a group */

static struct gb_confidence_interval above_others(struct tally *tally, size_t word)
{
    size_t n = tally->replications.n, kept = 0;

    for (size_t k = 0; k < n; k++) {
        const struct sums *own = &tally->sums[word * n + k];
        struct sums others = {-own->n, -own->gain};

        for (size_t w = 0; w < tally->n_words; w++) {
            others.n += tally->sums[w * n + k].n;
            others.gain += tally->sums[w * n + k].gain;
        }
        if (own->n > 0 && others.n > 0)
            tally->values[kept++] = own->gain / own->n - others.gain / others.n;
    }
    return gb_t_interval(tally->values, kept, GB_CONFIDENCE);
}

static struct gb_confidence_interval gain_of(struct tally *tally, size_t word)
{
    size_t n = tally->replications.n, kept = 0;

    for (size_t k = 0; k < n; k++) {
        const struct sums *sums = &tally->sums[word * n + k];

        if (sums->n > 0)
            tally->values[kept++] = sums->gain / sums->n;
    }
    return gb_t_interval(tally->values, kept, GB_CONFIDENCE);
}

static double count_users(const struct tally *tally, size_t word)
{
    size_t n = tally->replications.n;
    double sum = 0;

    for (size_t k = 0; k < n; k++)
        sum += tally->sums[word * n + k].n;
    return sum / (double)tally->replications.first[n]; /* trials */
}

enum gb_status gb_strategy_groups(struct gb_strategy_group **groups, size_t *n,
                                  struct gb_results *results, const struct gb_cell *cell,
                                  struct gb_error *err)
{
    const struct gb_field *strategy = gb_field_find(GB_TABLE_USERS, "strategy");
    struct tally tally = {0};
    enum gb_status status = load(&tally, results, cell, strategy, err);

    *groups = status == GB_OK ? calloc(tally.n_words, sizeof **groups) : NULL;
    *n = 0;
    if (status == GB_OK && !*groups) {
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu strategies", tally.n_words);
    } else if (status == GB_OK) {
        for (size_t word = 0; word < tally.n_words; word++) {
            struct gb_strategy_group *group = &(*groups)[*n];

            if ((group->n_users = count_users(&tally, word)) == 0)
                continue;
            gb_field_word(strategy, (uint8_t)word, group->name, sizeof group->name);
            group->gain = gain_of(&tally, word);
            group->above_others = above_others(&tally, word);
            ++*n;
        }
    }
    clear(&tally);
    return status;
}
