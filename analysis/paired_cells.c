#include "analysis/paired_cells.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/pairing.h"

/* ---- the replications of a cell */

struct numbered {
    uint32_t replication;
    size_t trial;
};

static int compare_numbered(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;

    if (x->replication != y->replication)
        return (x->replication > y->replication) - (x->replication < y->replication);
    return (x->trial > y->trial) - (x->trial < y->trial);
}

static bool is_sorted(const struct numbered *items, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (compare_numbered(&items[i - 1], &items[i]) > 0)
            return false;
    return true;
}

/* How many of the items from `at` on are of one replication. */
static size_t run_length(const struct numbered *items, size_t n, size_t at)
{
    size_t end = at;

    while (end < n && items[end].replication == items[at].replication)
        end++;
    return end - at;
}

static void take_complete(struct gb_cell_replications *out, const struct numbered *items, size_t n,
                          size_t n_members)
{
    size_t n_trials = 0;

    for (size_t at = 0, length; at < n; at += length) {
        length = run_length(items, n, at);
        if (length < n_members)
            continue;
        out->numbers[out->n] = items[at].replication;
        out->first[out->n++] = n_trials;
        for (size_t i = 0; i < length; i++)
            out->trials[n_trials++] = items[at + i].trial;
    }
    out->first[out->n] = n_trials;
}

enum gb_status gb_cell_replications_find(struct gb_cell_replications *out,
                                         const struct gb_results *results,
                                         const struct gb_cell *cell, struct gb_error *err)
{
    const struct gb_summary_row *rows = gb_results_summary(results);
    size_t n = cell->n_trials;
    struct numbered *items = malloc((n + 1) * sizeof *items);

    *out = (struct gb_cell_replications){0, malloc((n + 1) * sizeof *out->numbers),
                                         malloc((n + 1) * sizeof *out->first),
                                         malloc((n + 1) * sizeof *out->trials)};
    if (!items || !out->numbers || !out->first || !out->trials) {
        free(items);
        gb_cell_replications_clear(out);
        return gb_fail(err, GB_ENOMEM, "no memory for the replications of %zu trials", n);
    }
    for (size_t i = 0; i < n; i++)
        items[i] = (struct numbered){rows[cell->trials[i]].replication, cell->trials[i]};
    if (!is_sorted(items, n)) /* trials of an average are not */
        qsort(items, n, sizeof *items, compare_numbered);
    take_complete(out, items, n, cell->n_members);
    free(items);
    return GB_OK;
}

void gb_cell_replications_clear(struct gb_cell_replications *replications)
{
    free(replications->numbers);
    free(replications->first);
    free(replications->trials);
    *replications = (struct gb_cell_replications){0};
}

/* ---- their values */

/* A ratio of a trial as numerator and denominator, which add up over trials. A trial with nothing
 * below the line has nothing above it either. */
static double numerator(const struct gb_field *ratio, const struct gb_summary_row *row,
                        double denominator)
{
    return denominator == 0.0 ? 0.0 : gb_field_value(ratio, row) * fabs(denominator);
}

static void values_of_averages(const struct gb_cell_replications *replications,
                               const struct gb_results *results, const struct gb_field *field,
                               const struct gb_field *denominator, const size_t *places, size_t n,
                               double *above, double *below)
{
    const struct gb_summary_row *rows = gb_results_summary(results);

    for (size_t k = 0; k < n; k++) {
        size_t place = places ? places[k] : k;
        size_t from = replications->first[place], to = replications->first[place + 1];
        double x = 0.0, y = 0.0;

        for (size_t i = from; i < to; i++) {
            const struct gb_summary_row *row = &rows[replications->trials[i]];
            double part = denominator ? gb_field_value(denominator, row) : 1.0;

            x += denominator ? numerator(field, row, part) : gb_field_value(field, row);
            y += part;
        }
        above[k] = x / (double)(to - from);
        if (denominator)
            below[k] = y / (double)(to - from);
    }
}

#define BLOCK 512 /* trials at once */

/* Where each replication is one trial, which then stands at its place. */
static void values_of_trials(const struct gb_cell_replications *replications,
                             const struct gb_results *results, const struct gb_field *field,
                             const struct gb_field *denominator, const size_t *places, size_t n,
                             double *above, double *below)
{
    const struct gb_summary_row *rows = gb_results_summary(results);
    size_t chosen[BLOCK];

    for (size_t at = 0; at < n; at += BLOCK) {
        size_t n_here = n - at < BLOCK ? n - at : BLOCK;
        const size_t *trials = places ? chosen : replications->trials + at;

        for (size_t k = 0; places && k < n_here; k++)
            chosen[k] = replications->trials[places[at + k]];
        gb_field_values(field, rows, sizeof *rows, trials, n_here, above + at);
        if (denominator)
            gb_field_values(denominator, rows, sizeof *rows, trials, n_here, below + at);
    }
    for (size_t k = 0; denominator && k < n; k++)
        above[k] = below[k] == 0.0 ? 0.0 : above[k] * fabs(below[k]);
    for (size_t k = 0; k < n; k++)
        above[k] += 0.0; /* no zero is negative, as in sums over trials */
}

void gb_cell_replications_values(const struct gb_cell_replications *replications,
                                 const struct gb_results *results, const struct gb_field *field,
                                 const size_t *places, size_t n, double *above, double *below)
{
    const struct gb_field *denominator =
        field->denominator ? gb_field_find(GB_TABLE_SUMMARY, field->denominator) : NULL;
    bool are_trials = replications->first[replications->n] == replications->n;

    assert(!field->denominator || denominator);
    (are_trials ? values_of_trials : values_of_averages)(replications, results, field, denominator,
                                                         places, n, above, below);
}

double gb_cell_replication_mean(const struct gb_cell_replications *replications,
                                const struct gb_results *results, size_t place,
                                double (*of)(const struct gb_summary_row *row, const void *context),
                                const void *context)
{
    const struct gb_summary_row *rows = gb_results_summary(results);
    size_t from = replications->first[place], to = replications->first[place + 1];
    double sum = 0.0;

    for (size_t i = from; i < to; i++)
        sum += of(&rows[replications->trials[i]], context);
    return sum / (double)(to - from);
}

/* ---- two cells */

bool gb_cell_pair_find(struct gb_cell_pair *out, const struct gb_results *results,
                       const struct gb_cell *cell, const struct gb_cell *base)
{
    size_t *places = malloc(2 * (cell->n_trials + 1) * sizeof *places);

    *out = (struct gb_cell_pair){.places = {places}};
    if (!places || gb_cell_replications_find(&out->of[0], results, cell, NULL) != GB_OK ||
        gb_cell_replications_find(&out->of[1], results, base, NULL) != GB_OK)
        return false;
    const struct gb_replication_list lists[] = {{out->of[0].numbers, out->of[0].n},
                                                {out->of[1].numbers, out->of[1].n}};
    out->n = gb_pairing_find(places, lists, 2);
    out->places[1] = places + out->of[0].n;
    return true;
}

void gb_cell_pair_clear(struct gb_cell_pair *pair)
{
    gb_cell_replications_clear(&pair->of[0]);
    gb_cell_replications_clear(&pair->of[1]);
    free(pair->places[0]);
}
