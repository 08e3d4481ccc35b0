#include "analysis/figure_curves_priv.h"

#include <math.h>

enum gb_status gb_figure_beta(const struct gb_figure_request *request, FILE *settings, FILE *data,
                              struct gb_error *err)
{
    double low = INFINITY, high = -INFINITY, last[GB_MAX_CURVES];
    struct gb_curves curves;
    enum gb_status status = gb_curves_find(&curves, request->results, err);

    if (status != GB_OK)
        return status;
    fprintf(data, "# Source: /summary of the result: gain_per_user_day; a block a curve, a point a\n"
                  "# cell. Columns: beta, mean, lower and upper end of the 95 %% t interval over\n"
                  "# trials. Unit: %s per meter and day. Last block: the names of the curves.\n",
            request->currency);
    for (size_t c = 0; c < curves.n; c++) {
        const struct gb_curve *curve = &curves.items[c];

        for (size_t i = 0; i < curve->n; i++) {
            struct gb_interval benefit = gb_cell_interval(request->results, curve->cells[i],
                                                          "gain_per_user_day");

            gb_curves_write_point(curve->beta[i], benefit, data, &low, &high);
            last[c] = benefit.mean;
        }
        fprintf(data, "\n\n");
    }
    gb_curves_write_names(&curves, last, high - low, data);
    gb_curves_describe(&curves, "trials", request->currency, settings);
    fprintf(settings, "decimals = '%d'\n", gb_curves_decimals(high - low));
    gb_curves_clear(&curves);
    return GB_OK;
}
