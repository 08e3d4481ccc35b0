#include "analysis/versus.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/bootstrap.h"
#include "analysis/completeness.h"
#include "analysis/multiplicity.h"
#include "analysis/pairing.h"
#include "analysis/versus_priv.h"

/* ---- which cell is whose reference */

static bool share_seeds(const struct gb_versus *versus, size_t cell, size_t reference)
{
    const struct gb_summary_row *rows = gb_results_summary(versus->results);
    const struct gb_cell *items = versus->cells->items;

    return rows[items[cell].trials[0]].seed == rows[items[reference].trials[0]].seed;
}

static bool is_shown(const struct gb_versus *versus, size_t cell)
{
    const struct gb_selection *shown = versus->options.shown;

    return !shown ||
           gb_selection_holds(shown, versus->results, versus->cells->items[cell].trials[0]);
}

static enum gb_status refuse_without(const struct gb_versus *versus, size_t cell, size_t key,
                                     struct gb_error *err)
{
    const char *name = gb_results_varied_key(versus->results, key);

    return gb_fail(err, GB_EINPUT,
                   "several cells could be the reference of one whose %s is %s: they differ in "
                   "that key; add %s=VALUE to --against",
                   name, gb_cell_value(versus->results, &versus->cells->items[cell], key), name);
}

/* A cell that nobody is shown may be without. */
static enum gb_status find_reference(struct gb_versus *versus,
                                     const struct gb_references *references, size_t cell,
                                     struct gb_error *err)
{
    size_t key = 0, reference = gb_reference_of(references, cell, &key);

    if (reference == GB_NO_CELL)
        return is_shown(versus, cell) ? refuse_without(versus, cell, key, err) : GB_OK;
    if (!share_seeds(versus, cell, reference))
        return is_shown(versus, cell)
                   ? gb_fail(err, GB_EINPUT,
                             "a cell and its reference have different seeds, so their replications "
                             "share no draws and cannot be paired; name the seed in --against")
                   : GB_OK;
    versus->reference[cell] = reference;
    versus->n_compared++;
    return GB_OK;
}

static enum gb_status find_references(struct gb_versus *versus, const struct gb_selection *against,
                                      struct gb_error *err)
{
    const struct gb_cells *cells = versus->cells;
    struct gb_references references;
    enum gb_status status = gb_references_find(&references, versus->results, cells, against, err);
    size_t next = 0;

    if (status == GB_OK && references.n == cells->n)
        status = gb_fail(err, GB_EINPUT,
                         "all cells have the values of --against: there is nothing "
                         "to compare with them");
    for (size_t c = 0; status == GB_OK && c < cells->n; c++) {
        versus->reference[c] = GB_NO_CELL;
        if (next < references.n && references.places[next] == c)
            next++;
        else
            status = find_reference(versus, &references, c, err);
    }
    gb_references_clear(&references);
    return status;
}

/* ---- making one */

/* So many trials as a whole replication has are one that is missing; a part of them is one too. */
static size_t count_planned(const struct gb_versus *versus, size_t cell)
{
    const struct gb_cell_replications *there = &versus->replications[cell];
    size_t n_each = there->first[1] - there->first[0];
    uint64_t n_trials = versus->cells->items[cell].n_trials +
                        gb_cell_n_missing(versus->results, &versus->cells->items[cell]);

    return (size_t)((n_trials + n_each - 1) / n_each);
}

static enum gb_status find_replications(struct gb_versus *versus, struct gb_error *err)
{
    bool has_plan = gb_results_provenance(versus->results)->plan != NULL;
    enum gb_status status = GB_OK;

    for (size_t c = 0; status == GB_OK && c < versus->cells->n; c++) {
        status = gb_cell_replications_find(&versus->replications[c], versus->results,
                                           &versus->cells->items[c], err);
        if (status == GB_OK)
            versus->n_planned[c] = count_planned(versus, c);
        if (versus->n_planned[c] > versus->n_replications)
            versus->n_replications = versus->n_planned[c];
    }
    for (size_t c = 0; !has_plan && c < versus->cells->n; c++)
        versus->n_planned[c] = versus->n_replications;
    return status;
}

enum gb_status gb_versus_create(struct gb_versus **out, const struct gb_results *results,
                                const struct gb_cells *cells, const struct gb_selection *against,
                                const struct gb_versus_options *options, struct gb_error *err)
{
    struct gb_versus *versus = calloc(1, sizeof *versus);
    enum gb_status status = GB_OK;

    if (versus) {
        *versus =
            (struct gb_versus){.results = results,
                               .cells = cells,
                               .against = against,
                               .options = *options,
                               .replications = calloc(cells->n + 1, sizeof *versus->replications),
                               .n_planned = calloc(cells->n + 1, sizeof *versus->n_planned),
                               .reference = calloc(cells->n + 1, sizeof *versus->reference)};
    }
    if (!versus || !versus->replications || !versus->n_planned || !versus->reference)
        status = gb_fail(err, GB_ENOMEM, "no memory to compare %zu cells", cells->n);
    if (status == GB_OK)
        status = find_references(versus, against, err);
    if (status == GB_OK)
        status = find_replications(versus, err);
    if (status == GB_OK)
        *out = versus;
    else
        gb_versus_free(versus);
    return status;
}

void gb_versus_free(struct gb_versus *versus)
{
    if (!versus)
        return;
    for (size_t c = 0; versus->replications && c < versus->cells->n; c++)
        gb_cell_replications_clear(&versus->replications[c]);
    free(versus->replications);
    free(versus->n_planned);
    free(versus->reference);
    free(versus);
}

size_t gb_versus_n_replications(const struct gb_versus *versus)
{
    return versus->n_replications;
}

size_t gb_versus_n_planned(const struct gb_versus *versus, size_t cell)
{
    return versus->n_planned[cell];
}

size_t gb_versus_n_missing(const struct gb_versus *versus, size_t cell)
{
    return versus->n_planned[cell] - versus->replications[cell].n;
}

size_t gb_versus_n_compared(const struct gb_versus *versus)
{
    return versus->n_compared;
}

bool gb_versus_is_compared(const struct gb_versus *versus, size_t cell)
{
    return versus->reference[cell] != GB_NO_CELL;
}

/* ---- a cell against its reference */

/* The parts of a cell's estimand, then those of its reference's, which count the other way. */
struct pair {
    size_t n;       /* replications in common */
    size_t *places; /* two rows of those of the cell */
    double *values, *linear;
    struct gb_sample samples[2 * GB_MAX_ESTIMAND_PARTS];
    double weights[2 * GB_MAX_ESTIMAND_PARTS];
    size_t n_parts; /* of one cell */
};

static bool create_pair(struct pair *pair, const struct gb_estimand *of, size_t n)
{
    size_t n_parts = gb_estimand_n_parts(of);

    *pair = (struct pair){.n_parts = n_parts,
                          .places = malloc(2 * (n + 1) * sizeof *pair->places),
                          .values = malloc(4 * n_parts * (n + 1) * sizeof(double)),
                          .linear = malloc((n + 1) * sizeof(double))};
    gb_estimand_weights(of, 1.0, pair->weights);
    gb_estimand_weights(of, -1.0, pair->weights + n_parts);
    return pair->places && pair->values && pair->linear;
}

static void clear_pair(struct pair *pair)
{
    free(pair->places);
    free(pair->values);
    free(pair->linear);
}

static void fill_pair(struct pair *pair, const struct gb_versus *versus,
                      const struct gb_estimand *estimand, size_t cell)
{
    const struct gb_cell_replications *of[] = {&versus->replications[cell],
                                               &versus->replications[versus->reference[cell]]};
    const struct gb_replication_list lists[] = {{of[0]->numbers, of[0]->n},
                                                {of[1]->numbers, of[1]->n}};

    bool are_alike = gb_pairing_is_alike(lists, 2);

    pair->n = are_alike ? of[0]->n : gb_pairing_find(pair->places, lists, 2);
    for (size_t j = 0; j < 2; j++)
        gb_estimand_samples(estimand, of[j], versus->results,
                            are_alike ? NULL : pair->places + j * of[0]->n, pair->n,
                            pair->samples + j * pair->n_parts,
                            pair->values + j * 2 * pair->n_parts * pair->n);
}

/* Of the cell or of its reference: both count here with the weight of the first. */
static double estimate_alone(struct pair *pair, size_t j)
{
    return gb_contrast_value(pair->samples + j * pair->n_parts, pair->weights, pair->n_parts,
                             pair->n, pair->linear);
}

static enum gb_status set_interval(struct gb_confidence_interval *interval, struct pair *pair,
                                   const struct gb_contrast *difference, uint32_t n_resamples,
                                   double level, struct gb_error *err)
{
    *interval = gb_contrast_interval(difference, level);
    if (n_resamples > 0 && !gb_bootstrap_interval(interval, pair->samples, pair->weights,
                                                  2 * pair->n_parts, pair->n, n_resamples, level))
        return gb_fail(err, GB_ENOMEM, "no memory for %u resamples", n_resamples);
    return GB_OK;
}

bool gb_versus_is_withheld(const struct gb_versus *versus, size_t cell)
{
    return !versus->options.allow_missing &&
           (gb_versus_n_missing(versus, cell) > 0 ||
            gb_versus_n_missing(versus, versus->reference[cell]) > 0);
}

static void compare_cell(const struct gb_versus *versus, struct pair *pair,
                         struct gb_versus_row *row)
{
    static const struct gb_contrast none = {NAN, NAN, 0, 0, GB_CONTRAST_NOTHING};

    row->is_withheld = gb_versus_is_withheld(versus, row->cell);
    row->value = estimate_alone(pair, 0);
    row->base = estimate_alone(pair, 1);
    row->difference = row->is_withheld
                          ? none
                          : gb_contrast_estimate(pair->samples, pair->weights, 2 * pair->n_parts,
                                                 pair->n, NULL, pair->linear);
    row->p = gb_contrast_p(&row->difference);
    row->detectable = gb_contrast_detectable(&row->difference, GB_CONFIDENCE, GB_POWER);
}

/* Intervals at both levels: the second one depends on how many tests there were. */
static enum gb_status add_intervals(const struct gb_versus *versus, struct pair *pair,
                                    struct gb_versus_row *row, size_t size, struct gb_error *err)
{
    uint32_t n_resamples = row->is_withheld ? 0 : versus->options.n_resamples;
    enum gb_status status =
        set_interval(&row->interval, pair, &row->difference, n_resamples, GB_CONFIDENCE, err);

    if (status == GB_OK)
        status = set_interval(&row->simultaneous, pair, &row->difference, n_resamples,
                              gb_family_level(GB_CONFIDENCE, size), err);
    return status;
}

static enum gb_status adjust(struct gb_versus_row *rows, size_t n, size_t *size,
                             struct gb_error *err)
{
    double *p = malloc(2 * (n + 1) * sizeof *p);
    bool ok = p != NULL;

    for (size_t i = 0; ok && i < n; i++)
        p[i] = rows[i].p;
    ok = ok && gb_family_adjust(p, p + n + 1, n);
    if (ok)
        *size = gb_family_size(p, n);
    for (size_t i = 0; ok && i < n; i++)
        rows[i].adjusted_p = p[n + 1 + i];
    free(p);
    return ok ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for %zu tests", n);
}

enum gb_status gb_versus_family(const struct gb_versus *versus, const struct gb_estimand *of,
                                struct gb_versus_row *rows, size_t *size, struct gb_error *err)
{
    struct pair pair;
    enum gb_status status = GB_OK;
    size_t n = 0;

    if (!create_pair(&pair, of, versus->n_replications))
        status =
            gb_fail(err, GB_ENOMEM, "no memory to pair %zu replications", versus->n_replications);
    for (size_t c = 0; status == GB_OK && c < versus->cells->n; c++) {
        if (versus->reference[c] == GB_NO_CELL)
            continue;
        rows[n] = (struct gb_versus_row){.cell = c, .reference = versus->reference[c]};
        fill_pair(&pair, versus, of, c);
        compare_cell(versus, &pair, &rows[n++]);
    }
    if (status == GB_OK)
        status = adjust(rows, n, size, err);
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        if (versus->options.n_resamples > 0)
            fill_pair(&pair, versus, of, rows[i].cell);
        status = add_intervals(versus, &pair, &rows[i], *size, err);
    }
    clear_pair(&pair);
    return status;
}
