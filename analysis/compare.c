#include "analysis/compare.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/contrast.h"
#include "analysis/paired_cells.h"
#include "analysis/schema.h"
#include "base/draws.h"

/* What the grid-only bills of a trial are the balance of: of the community, all that was paid and
 * earned; of a side, itself. */
static double gross_flows(const struct gb_summary_row *row, const struct gb_field *grid_only)
{
    if (strcmp(grid_only->name, "cost_grid_only") != 0)
        return fabs(gb_field_value(grid_only, row));
    return (fabs((double)row->buyers_cost_grid_only) +
            fabs((double)row->sellers_revenue_grid_only) + fabs((double)row->zero_cost_grid_only)) /
           (double)GB_UNITS_PER_CURRENCY;
}

/* ---- fields of the summary over the replications of a cell */

static double gross_of(const struct gb_summary_row *row, const void *grid_only)
{
    return gross_flows(row, grid_only);
}

/* scratch  2 numbers a replication */
static struct gb_confidence_interval ratio_over(const struct gb_results *results,
                                                const struct gb_cell_replications *replications,
                                                const struct gb_field *field, double *scratch)
{
    const struct gb_field *denominator = gb_field_find(GB_TABLE_SUMMARY, field->denominator);
    size_t n = replications->n;
    double *above = scratch, *below = scratch + n, flows = 0.0;
    struct gb_ratio_sums sums = {0};

    gb_cell_replications_values(replications, results, field, NULL, n, above, below);
    for (size_t i = 0; i < n; i++) {
        gb_ratio_add(&sums, above[i], below[i]);
        if (!isnan(above[i] + below[i]))
            flows += gb_cell_replication_mean(replications, results, i, gross_of, denominator);
    }
    for (size_t i = 0; i < n; i++)
        gb_ratio_add_residual(&sums, above[i], below[i]);
    return gb_interval_scaled(gb_percentage(&sums, flows), 0.01);
}

/* Of a field: Student's interval of a mean, or Fieller's of a ratio. */
static struct gb_confidence_interval interval_over(const struct gb_results *results,
                                                   const struct gb_cell_replications *replications,
                                                   const struct gb_field *field, double *scratch)
{
    if (field->denominator)
        return ratio_over(results, replications, field, scratch);
    gb_cell_replications_values(replications, results, field, NULL, replications->n, scratch, NULL);
    return gb_t_interval(scratch, replications->n, GB_CONFIDENCE);
}

/* Of a difference of two fields within a cell. */
static struct gb_confidence_interval difference_over(
    const struct gb_results *results, const struct gb_cell_replications *replications,
    const struct gb_estimand *estimand, double *scratch)
{
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    size_t n = replications->n;
    double *values = malloc(2 * GB_MAX_ESTIMAND_PARTS * (n + 1) * sizeof *values);
    double weights[GB_MAX_ESTIMAND_PARTS];
    struct gb_sample samples[GB_MAX_ESTIMAND_PARTS];

    if (values) {
        gb_estimand_weights(estimand, 1.0, weights);
        gb_estimand_samples(estimand, replications, results, NULL, n, samples, values);
        struct gb_contrast difference =
            gb_contrast_estimate(samples, weights, gb_estimand_n_parts(estimand), n, NULL, scratch);
        interval = gb_contrast_interval(&difference, GB_CONFIDENCE);
    }
    free(values);
    return interval;
}

/* Of homes, and of one column over another: Student's of a mean, Fieller's of a ratio. */
static struct gb_confidence_interval samples_over(const struct gb_results *results,
                                                  const struct gb_cell_replications *replications,
                                                  const struct gb_estimand *of)
{
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    size_t n = replications->n;
    double *values = malloc((2 * n + 1) * sizeof *values);
    struct gb_sample sample;

    if (values) {
        gb_estimand_samples(of, replications, results, NULL, n, &sample, values);
        interval = sample.y ? gb_share_interval(sample.x, sample.y, n, GB_CONFIDENCE)
                            : gb_t_interval(sample.x, n, GB_CONFIDENCE);
    }
    free(values);
    return interval;
}

struct gb_confidence_interval gb_cell_estimate(const struct gb_results *results,
                                               const struct gb_cell *cell,
                                               const struct gb_estimand *of)
{
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    struct gb_cell_replications replications;
    double *scratch = malloc((2 * cell->n_trials + 1) * sizeof *scratch);

    if (gb_cell_replications_find(&replications, results, cell, NULL) == GB_OK && scratch)
        interval = of->kinds || gb_estimand_is_over(of) ? samples_over(results, &replications, of)
                   : of->less ? difference_over(results, &replications, of, scratch)
                              : interval_over(results, &replications, of->field, scratch);
    gb_cell_replications_clear(&replications);
    free(scratch);
    return interval;
}

struct gb_confidence_interval gb_cell_interval(const struct gb_results *results,
                                               const struct gb_cell *cell, const char *name)
{
    struct gb_estimand estimand;
    bool is_known = gb_estimand_find(&estimand, name);

    assert(is_known);
    (void)is_known;
    return gb_cell_estimate(results, cell, &estimand);
}

static double value_of(const struct gb_summary_row *row, const void *field)
{
    return gb_field_value(field, row);
}

struct gb_comparison gb_cell_compare(const struct gb_results *results, const struct gb_cell *cell,
                                     const char *market, const char *grid_only)
{
    const struct gb_field *fields[] = {gb_field_find(GB_TABLE_SUMMARY, market),
                                       gb_field_find(GB_TABLE_SUMMARY, grid_only)};
    struct gb_cell_replications replications;
    struct gb_comparison_sums sums;

    assert(fields[0] && fields[1]);
    gb_comparison_init(&sums);
    gb_cell_replications_find(&replications, results, cell, NULL); /* without memory: none */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < replications.n; i++) {
            double arms[2];

            for (int arm = 0; arm < 2; arm++)
                arms[arm] =
                    gb_cell_replication_mean(&replications, results, i, value_of, fields[arm]);
            if (pass == 0)
                gb_comparison_add(
                    &sums, arms[0], arms[1],
                    gb_cell_replication_mean(&replications, results, i, gross_of, fields[1]));
            else
                gb_comparison_add_residual(&sums, arms[0], arms[1]);
        }
    gb_cell_replications_clear(&replications);
    return gb_comparison_of(&sums);
}

struct gb_comparison gb_cell_compare_homes(const struct gb_results *results,
                                           const struct gb_cell *cell, const struct gb_kinds *homes)
{
    struct gb_cell_replications replications;
    struct gb_comparison_sums sums;
    struct gb_estimand arms[2];

    gb_estimand_find_of_homes(&arms[0], homes, "cost");
    gb_estimand_find_of_homes(&arms[1], homes, "cost_grid_only");
    gb_comparison_init(&sums);
    gb_cell_replications_find(&replications, results, cell, NULL); /* without memory: none */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < replications.n; i++) {
            double bills[2], scratch[2];
            struct gb_sample sample;

            for (int arm = 0; arm < 2; arm++) {
                gb_estimand_samples(&arms[arm], &replications, results, &i, 1, &sample, scratch);
                bills[arm] = scratch[0];
            }
            if (pass == 0)
                gb_comparison_add(&sums, bills[0], bills[1], fabs(bills[1]));
            else
                gb_comparison_add_residual(&sums, bills[0], bills[1]);
        }
    gb_cell_replications_clear(&replications);
    return gb_comparison_of(&sums);
}

struct gb_confidence_interval gb_cell_paired(const struct gb_results *results,
                                             const struct gb_cell *cell, const struct gb_cell *base,
                                             const char *name)
{
    struct gb_confidence_interval interval = {NAN, NAN, NAN, 0, 0, GB_INTERVAL_USUAL};
    double weights[2 * GB_MAX_ESTIMAND_PARTS];
    struct gb_sample samples[2 * GB_MAX_ESTIMAND_PARTS];
    struct gb_estimand estimand;
    struct gb_cell_pair pair;
    bool is_known = gb_estimand_find(&estimand, name);

    assert(is_known);
    (void)is_known;
    size_t n_parts = gb_estimand_n_parts(&estimand);
    double *values = malloc((4 * n_parts + 1) * (cell->n_trials + 1) * sizeof *values);
    if (gb_cell_pair_find(&pair, results, cell, base) && values) {
        for (size_t j = 0; j < 2; j++) {
            gb_estimand_weights(&estimand, j == 0 ? 1.0 : -1.0, weights + j * n_parts);
            gb_estimand_samples(&estimand, &pair.of[j], results, pair.places[j], pair.n,
                                samples + j * n_parts, values + 2 * j * n_parts * pair.n);
        }
        struct gb_contrast difference = gb_contrast_estimate(samples, weights, 2 * n_parts, pair.n,
                                                             NULL, values + 4 * n_parts * pair.n);
        interval = gb_contrast_interval(&difference, GB_CONFIDENCE);
    }
    free(values);
    gb_cell_pair_clear(&pair);
    return interval;
}

/* Do two trials agree in all that they computed, whatever their numbers and seeds? */
static bool is_same_outcome(const struct gb_summary_row *a, const struct gb_summary_row *b)
{
    static const char *const labels[] = {"trial", "seed", "replication"};

    for (const struct gb_field *field = gb_schemas[GB_TABLE_SUMMARY].fields; field->name; field++) {
        bool is_label = false;
        double x = gb_field_value(field, a), y = gb_field_value(field, b);

        for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
            is_label = is_label || strcmp(field->name, labels[i]) == 0;
        if (!is_label && !(x == y || (isnan(x) && isnan(y))))
            return false;
    }
    return true;
}

/* Of an average the trials of a replication differ, and each is as that of the first one. */
bool gb_cell_is_deterministic(const struct gb_results *results, const struct gb_cell *cell)
{
    const struct gb_summary_row *rows = gb_results_summary(results);
    struct gb_cell_replications replications;
    bool is = gb_cell_replications_find(&replications, results, cell, NULL) == GB_OK;
    size_t n_trials = is && replications.n > 0 ? replications.first[replications.n] : 0;

    is = is && replications.n > 1;
    for (size_t i = cell->n_members; is && i < n_trials; i++)
        is = is_same_outcome(&rows[replications.trials[i % cell->n_members]],
                             &rows[replications.trials[i]]);
    gb_cell_replications_clear(&replications);
    return is;
}

static double cause_of(const struct gb_summary_row *row, const void *cause)
{
    return gb_causes_of_summary(row).currency[*(const int *)cause];
}

bool gb_cell_causes(const struct gb_results *results, const struct gb_cell *cell,
                    struct gb_confidence_interval causes[GB_N_CAUSES])
{
    struct gb_cell_replications replications;
    double *values = malloc((cell->n_trials + 1) * sizeof *values);
    bool ok = gb_cell_replications_find(&replications, results, cell, NULL) == GB_OK && values;

    for (int c = 0; ok && c < GB_N_CAUSES; c++) {
        for (size_t i = 0; i < replications.n; i++)
            values[i] = gb_cell_replication_mean(&replications, results, i, cause_of, &c);
        causes[c] = gb_t_interval(values, replications.n, GB_CONFIDENCE);
    }
    free(values);
    gb_cell_replications_clear(&replications);
    return ok;
}

size_t gb_cell_n_replications(const struct gb_results *results, const struct gb_cell *cell)
{
    struct gb_cell_replications replications;
    size_t n =
        gb_cell_replications_find(&replications, results, cell, NULL) == GB_OK ? replications.n : 0;

    gb_cell_replications_clear(&replications);
    return n;
}
