/* What beta does beyond its smallest value, to each side: differences between cells, paired by
 * replication, so that the weather and the households of a replication cancel. A side without a
 * bill at the grid, sellers where nobody sells, has no percentages and no panel. */
#include "analysis/figure_curves_priv.h"

static const struct side {
    const char *field, *label, *absence;
} sides[] = {
    {"buyers_saving_pct", "Buyers' saving", "buyers: no cost at the grid to compare with"},
    {"sellers_gain_pct", "Sellers' gain", "sellers: no revenue at the grid to compare with"},
};
#define N_SIDES (sizeof sides / sizeof sides[0])

static struct gb_confidence_interval effect_at(const struct gb_results *results,
                                               const struct gb_curve *curve, size_t i,
                                               const char *field)
{
    return gb_cell_paired(results, curve->cells[i], curve->cells[0], field);
}

/* Whether any cell has the side's percentages. */
static bool has_side(const struct gb_results *results, const struct gb_curves *curves,
                     const char *field)
{
    for (size_t c = 0; c < curves->n; c++)
        for (size_t i = 0; i < curves->items[c].n; i++)
            if (!isnan(effect_at(results, &curves->items[c], i, field).estimate))
                return true;
    return false;
}

bool gb_curves_have_effect(const struct gb_results *results, const struct gb_curves *curves)
{
    for (const struct side *side = sides; side < sides + N_SIDES; side++)
        if (has_side(results, curves, side->field))
            return true;
    return false;
}

/* The curves of one side, the block of their names, and the axis they stand on. */
static struct gb_axis write_side(const struct gb_results *results, const struct gb_curves *curves,
                                 const char *field, FILE *data, struct gb_curves_span *counts)
{
    struct gb_curves_span span = GB_CURVES_NO_SPAN;
    double last[GB_MAX_CURVES];
    struct gb_axis axis;

    for (size_t c = 0; c < curves->n; c++) {
        const struct gb_curve *curve = &curves->items[c];

        last[c] = NAN;
        for (size_t i = 0; i < curve->n; i++) {
            struct gb_confidence_interval effect = effect_at(results, curve, i, field);

            gb_curves_write_point(curve->beta[i], effect, data, &span);
            last[c] = isnan(effect.estimate) ? last[c] : effect.estimate;
        }
        /* a block without a line would not count as one */
        fputs(isnan(last[c]) ? "NaN NaN NaN NaN\n\n\n" : "\n\n", data);
    }
    axis = gb_curves_axis(&span);
    gb_curves_write_names(curves, last, &axis, data);
    counts->fewest = span.fewest < counts->fewest ? span.fewest : counts->fewest;
    counts->max = span.max > counts->max ? span.max : counts->max;
    return axis;
}

/* The panels of the sides that there are; `note` says which one there is not. returns how many */
static size_t write_sides(const struct gb_results *results, const struct gb_curves *curves,
                          FILE *settings, FILE *data, struct gb_curves_span *counts)
{
    const char *note = "";
    size_t n = 0;

    for (const struct side *side = sides; side < sides + N_SIDES; side++) {
        struct gb_axis axis;
        char name[16];

        if (!has_side(results, curves, side->field)) {
            note = side->absence;
            continue;
        }
        axis = write_side(results, curves, side->field, data, counts);
        n++;
        snprintf(name, sizeof name, "y%zu", n);
        gb_axis_write(&axis, name, settings);
        snprintf(name, sizeof name, "label_%zu", n);
        gb_figure_set_text(settings, name, side->label);
    }
    fprintf(settings, "n_sides = %zu\n", n);
    gb_figure_set_text(settings, "note", note);
    return n;
}

enum gb_status gb_figure_effect(const struct gb_figure_request *request, FILE *settings, FILE *data,
                                struct gb_error *err)
{
    struct gb_curves_span counts = GB_CURVES_NO_SPAN;
    struct gb_curves curves;
    enum gb_status status = gb_curves_find(&curves, request->results, err);

    if (status != GB_OK)
        return status;
    fprintf(
        data,
        "# Source: /summary of the result: buyers_saving_pct, then sellers_gain_pct; a\n"
        "# block a curve and one of their names, a point a cell. Columns: beta,\n"
        "# difference from the curve's smallest beta, paired by replication, of the ratios\n"
        "# of sums over trials, lower and upper end of its 95 %% interval. Unit: percentage points.\n");
    if (write_sides(request->results, &curves, settings, data, &counts) == 0)
        status = gb_fail(err, GB_EREFUSED,
                         "no cell has a cost or a revenue at the grid, clear of 0 "
                         "over its trials, to compare with");
    gb_curves_describe(&curves, &counts, "pairs of trials on the same draws", request->currency,
                       settings);
    fprintf(settings, "smallest_beta = '%g'\n", curves.items[0].beta[0]);
    gb_curves_clear(&curves);
    return status;
}
