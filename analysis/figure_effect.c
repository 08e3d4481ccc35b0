#include "analysis/figure_curves_priv.h"

#include <math.h>

/* What beta does beyond its smallest value, to each side: differences between cells, paired by
 * replication, so that the weather and the households of a replication cancel. */

static const char *const sides[] = {"buyers_saving_pct", "sellers_gain_pct"};
#define N_SIDES (sizeof sides / sizeof sides[0])

/* The curves of one side and the block of their names. returns the range of the vertical axis */
static double write_side(const struct gb_results *results, const struct gb_curves *curves,
                         const char *field, FILE *data)
{
    double low = INFINITY, high = -INFINITY, last[GB_MAX_CURVES];

    for (size_t c = 0; c < curves->n; c++) {
        const struct gb_curve *curve = &curves->items[c];

        for (size_t i = 0; i < curve->n; i++) {
            struct gb_interval effect = gb_cell_paired(results, curve->cells[i], curve->cells[0],
                                                       field);

            gb_curves_write_point(curve->beta[i], effect, data, &low, &high);
            last[c] = effect.mean;
        }
        fprintf(data, "\n\n");
    }
    gb_curves_write_names(curves, last, high - low, data);
    return high - low;
}

enum gb_status gb_figure_effect(const struct gb_figure_request *request, FILE *settings, FILE *data,
                                struct gb_error *err)
{
    struct gb_curves curves;
    enum gb_status status = gb_curves_find(&curves, request->results, err);

    if (status != GB_OK)
        return status;
    fprintf(data, "# Source: /summary of the result: buyers_saving_pct, then sellers_gain_pct; a\n"
                  "# block a curve and one of their names, a point a cell. Columns: beta, mean\n"
                  "# difference from the curve's smallest beta, paired by replication, lower and\n"
                  "# upper end of its 95 %% t interval. Unit: percentage points.\n");
    for (size_t side = 0; side < N_SIDES; side++) {
        double range = write_side(request->results, &curves, sides[side], data);

        fprintf(settings, "decimals_%zu = '%d'\n", side + 1, gb_curves_decimals(range));
    }
    gb_curves_describe(&curves, "pairs of trials on the same draws", request->currency, settings);
    fprintf(settings, "smallest_beta = '%g'\n", curves.items[0].beta[0]);
    gb_curves_clear(&curves);
    return GB_OK;
}
