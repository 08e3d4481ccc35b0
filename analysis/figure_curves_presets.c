/* The figures that are curves: `curves` shows what was asked for, `late` and `chain` what their
 * names say, and `effect` differences from a reference on the same draws. */
#include <math.h>
#include <string.h>

#include "analysis/figure_curves_priv.h"

enum gb_status gb_figure_curves(const struct gb_figure_request *request,
                                struct gb_figure_page *page, struct gb_error *err)
{
    static const struct gb_curves_preset preset = {.name = "curves", .y = "gain_per_user_day"};

    return gb_curves_write(&preset, request, page, err);
}

/* Whether any trial has the side's percentages. */
static bool has_number(const struct gb_results *results,
                       double (*of)(const struct gb_summary_row *))
{
    for (size_t i = 0; i < gb_results_n_trials(results); i++)
        if (!isnan(of(&gb_results_summary(results)[i])))
            return true;
    return false;
}

static double buyers_of(const struct gb_summary_row *row)
{
    return row->buyers_saving_pct;
}

static double sellers_of(const struct gb_summary_row *row)
{
    return row->sellers_gain_pct;
}

/* Of the sides those that there are: sellers where nobody sells have nothing to gain. In money
 * where a side's share of its bill is too uncertain somewhere, as in tables of `compare`. */
enum gb_status gb_figure_effect(const struct gb_figure_request *request,
                                struct gb_figure_page *page, struct gb_error *err)
{
    bool buyers = has_number(request->results, buyers_of);
    bool sellers = has_number(request->results, sellers_of);
    const char *shares = buyers && sellers ? "buyers_saving_pct,sellers_gain_pct"
                         : sellers         ? "sellers_gain_pct"
                                           : "buyers_saving_pct";
    const char *money = buyers && sellers ? "buyers_cost,sellers_revenue"
                        : sellers         ? "sellers_revenue"
                        : buyers          ? "buyers_cost"
                                          : NULL;
    const struct gb_curves_preset preset = {
        .name = "effect", .y = shares, .y_otherwise = money, .is_paired = true};

    return gb_curves_write(&preset, request, page, err);
}

enum gb_status gb_figure_late(const struct gb_figure_request *request, struct gb_figure_page *page,
                              struct gb_error *err)
{
    static const struct gb_curves_preset preset = {
        .name = "late", .y = "n_late/n_orders,n_missed_slots/n_slots", .says_y = true};
    const struct gb_summary_row *summary = gb_results_summary(request->results);
    bool is_any = request->y != NULL; /* then refused for that */

    for (size_t i = 0; i < gb_results_n_trials(request->results); i++)
        is_any = is_any || summary[i].n_late > 0 || summary[i].n_missed_slots > 0;
    return is_any ? gb_curves_write(&preset, request, page, err)
                  : gb_fail(err, GB_EREFUSED, "no order was late and no slot missed");
}

enum gb_status gb_figure_chain(const struct gb_figure_request *request, struct gb_figure_page *page,
                               struct gb_error *err)
{
    static const struct gb_curves_preset preset = {
        .name = "chain",
        .y = "latency_p50_ms,n_transactions/s,n_messages/n_blocks",
        .says_y = true,
        .x = "chain.nodes",
        .lines = "chain.flow"};

    for (size_t k = 0; k < gb_results_n_varied(request->results); k++)
        if (strncmp(gb_results_varied_key(request->results, k), "chain.", 6) == 0)
            return gb_curves_write(&preset, request, page, err);
    return gb_fail(err, GB_EREFUSED, "the result varies no key of the chain");
}
