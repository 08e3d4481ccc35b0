#include "analysis/pilot.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/cells.h"
#include "analysis/estimand.h"
#include "analysis/paired_cells.h"
#include "analysis/versus.h"

/* The standard deviation of a replication of what was estimated. */
static double deviation_of(const struct gb_contrast *contrast)
{
    if (contrast->kind == GB_CONTRAST_EQUAL || contrast->kind == GB_CONTRAST_CONSTANT)
        return 0.0;
    return contrast->standard_error * sqrt((double)contrast->n);
}

static void take(struct gb_replications *out, const struct gb_until *until,
                 const struct gb_contrast *contrast)
{
    struct gb_precision precision = until->precision;

    if (contrast->kind == GB_CONTRAST_NOTHING || contrast->n < 2) {
        out->is_enough = false;
        return;
    }
    precision.pilot = contrast->n;
    struct gb_replications needed = gb_replications_needed(&precision, deviation_of(contrast));
    out->n = needed.n > out->n ? needed.n : out->n;
    out->is_enough = out->is_enough && needed.is_enough;
}

static enum gb_status take_cell(struct gb_replications *out, const struct gb_results *results,
                                const struct gb_cell *cell, const struct gb_estimand *kpi,
                                const struct gb_until *until, struct gb_error *err)
{
    size_t n_parts = gb_estimand_n_parts(kpi);
    double weights[GB_MAX_ESTIMAND_PARTS];
    struct gb_sample samples[GB_MAX_ESTIMAND_PARTS];
    struct gb_cell_replications replications;
    double *values = malloc((2 * n_parts + 1) * (cell->n_trials + 1) * sizeof *values);
    enum gb_status status = gb_cell_replications_find(&replications, results, cell, err);

    if (status == GB_OK && !values)
        status = gb_fail(err, GB_ENOMEM, "no memory for the pilot");
    if (status == GB_OK) {
        size_t n = replications.n;

        gb_estimand_weights(kpi, 1.0, weights);
        gb_estimand_samples(kpi, &replications, results, NULL, n, samples, values);
        struct gb_contrast estimate =
            gb_contrast_estimate(samples, weights, n_parts, n, NULL, values + 2 * n_parts * n);
        take(out, until, &estimate);
    }
    gb_cell_replications_clear(&replications);
    free(values);
    return status;
}

static enum gb_status take_differences(struct gb_replications *out,
                                       const struct gb_results *results,
                                       const struct gb_cells *cells, const struct gb_estimand *kpi,
                                       const struct gb_until *until, struct gb_error *err)
{
    static const struct gb_versus_options options = {.allow_missing = true};
    struct gb_versus_row *rows = calloc(cells->n + 1, sizeof *rows);
    struct gb_selection against = {0};
    struct gb_versus *versus = NULL;
    size_t size = 0;
    enum gb_status status = rows ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for the pilot");

    if (status == GB_OK)
        status = gb_selection_add(&against, results, until->against, err);
    if (status == GB_OK)
        status = gb_versus_create(&versus, results, cells, &against, &options, err);
    if (status == GB_OK)
        status = gb_versus_family(versus, kpi, rows, &size, err);
    for (size_t i = 0; status == GB_OK && i < gb_versus_n_compared(versus); i++)
        take(out, until, &rows[i].difference);
    gb_versus_free(versus);
    gb_selection_clear(&against);
    free(rows);
    return status;
}

enum gb_status gb_pilot_replications(struct gb_replications *out, const struct gb_results *pilot,
                                     const struct gb_until *until, struct gb_error *err)
{
    struct gb_replications needed = {until->precision.pilot, true};
    struct gb_estimand kpi;
    struct gb_cells cells = {0};

    if (!gb_estimand_find(&kpi, until->kpi) && !gb_estimand_find_ratio(&kpi, until->kpi))
        return gb_fail(err, GB_EINPUT, "there is no column '%s' in /summary", until->kpi);
    enum gb_status status = gb_cells_find(&cells, pilot, NULL, err);
    if (status == GB_OK && until->against[0])
        status = take_differences(&needed, pilot, &cells, &kpi, until, err);
    for (size_t c = 0; status == GB_OK && !until->against[0] && c < cells.n; c++)
        status = take_cell(&needed, pilot, &cells.items[c], &kpi, until, err);
    gb_cells_clear(&cells);
    if (status == GB_OK)
        *out = needed;
    return status;
}
