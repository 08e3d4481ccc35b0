/* Benefit against beta, a curve a market. Its intervals are those of each cell by itself, as
 * wide as the weather makes them; what beta does within the same weather is the figure `effect`. */
#include "analysis/figure_curves_priv.h"

#define DAY_NS 86400e9

/* The length of all the trials where they are equally long and shorter than a day, which has not
 * happened then; else a day. */
static double days_shown(const struct gb_results *results)
{
    const struct gb_summary_row *summary = gb_results_summary(results);
    double first = (double)summary[0].slot_ns * (double)summary[0].n_slots / DAY_NS;

    for (size_t i = 1; i < gb_results_n_trials(results); i++)
        if (summary[i].slot_ns != summary[0].slot_ns || summary[i].n_slots != summary[0].n_slots)
            return 1.0;
    return first < 1.0 ? first : 1.0;
}

static void name_denominator(double days, char *text, size_t size)
{
    if (days == 1.0)
        snprintf(text, size, "meter and day");
    else if (days * 24.0 >= 1.0)
        snprintf(text, size, "meter in %g h", days * 24.0);
    else
        snprintf(text, size, "meter in %g min", days * 1440.0);
}

static void write_curve(const struct gb_results *results, const struct gb_curve *curve, double days,
                        FILE *data, struct gb_curves_span *span, double *last)
{
    for (size_t i = 0; i < curve->n; i++) {
        struct gb_confidence_interval benefit =
            gb_cell_interval(results, curve->cells[i], "gain_per_user_day");

        benefit = gb_interval_scaled(benefit, days);
        gb_curves_write_point(curve->beta[i], benefit, data, span);
        *last = benefit.estimate;
    }
    fprintf(data, "\n\n");
}

enum gb_status gb_figure_beta(const struct gb_figure_request *request, FILE *settings, FILE *data,
                              struct gb_error *err)
{
    struct gb_curves_span span = GB_CURVES_NO_SPAN;
    double last[GB_MAX_CURVES], days;
    struct gb_curves curves;
    struct gb_axis axis;
    char denominator[64];
    enum gb_status status = gb_curves_find(&curves, request->results, err);

    if (status != GB_OK)
        return status;
    days = days_shown(request->results);
    name_denominator(days, denominator, sizeof denominator);
    fprintf(data,
            "# Source: /summary of the result: gain_per_user_day; a block a curve, a point a\n"
            "# cell. Columns: beta, mean, lower and upper end of the 95 %% t interval over\n"
            "# trials. Unit: %s per %s. Last block: the names of the curves.\n",
            request->currency, denominator);
    for (size_t c = 0; c < curves.n; c++)
        write_curve(request->results, &curves.items[c], days, data, &span, &last[c]);
    axis = gb_curves_axis(&span);
    gb_curves_write_names(&curves, last, &axis, data);
    gb_curves_describe(&curves, &span, "trials", request->currency, settings);
    gb_axis_write(&axis, "y", settings);
    gb_figure_set_text(settings, "denominator", denominator);
    fprintf(settings, "has_intervals = %d\nhas_effect = %d\n", span.max > 1,
            gb_curves_have_effect(request->results, &curves));
    gb_curves_clear(&curves);
    return GB_OK;
}
