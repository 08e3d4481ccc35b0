#include "analysis/causes.h"

#include "base/quantity.h"

const char *gb_cause_text(enum gb_cause cause)
{
    static const char *const texts[GB_N_CAUSES] = {
        [GB_CAUSE_TRADES] = "trades, against the tariff",
        [GB_CAUSE_SHORT] = "sold and not delivered",
        [GB_CAUSE_LONG] = "bought and not taken",
        [GB_CAUSE_SCHEDULE] = "schedules with the grid, missed",
        [GB_CAUSE_FEES] = "fees of messages and trades",
        [GB_CAUSE_STORAGE] = "storage, cars and heat pumps, run otherwise"};

    return texts[cause];
}

static double currency(double units)
{
    return units / (double)GB_UNITS_PER_CURRENCY;
}

struct gb_causes gb_causes_of_summary(const struct gb_summary_row *row)
{
    double gain =
        (double)row->bought_at_retail - (double)row->sold_at_feed_in - (double)row->gap_difference;

    return (struct gb_causes){
        .currency = {[GB_CAUSE_TRADES] =
                         currency(gain + (double)row->fee_cost + (double)row->market_fee_cost -
                                  (double)row->operator_balance),
                     [GB_CAUSE_SHORT] = currency(-(double)row->imbalance_short_cost),
                     [GB_CAUSE_LONG] = currency(-(double)row->imbalance_long_cost),
                     [GB_CAUSE_SCHEDULE] = currency(-(double)row->schedule_cost),
                     [GB_CAUSE_FEES] = currency(-(double)(row->fee_cost + row->network_fee_cost +
                                                          row->levy_cost + row->market_fee_cost)),
                     [GB_CAUSE_STORAGE] =
                         currency((double)row->cost_grid_only - (double)row->tariff_cost)}};
}

struct gb_causes gb_causes_of_user(const struct gb_user_row *row)
{
    double bought = (double)row->bought_at_retail - (double)row->bought_cost;
    double sold = (double)row->sold_revenue - (double)row->sold_at_feed_in;

    return (struct gb_causes){
        .currency = {[GB_CAUSE_TRADES] = currency(bought + sold - (double)row->gap_difference),
                     [GB_CAUSE_SHORT] = currency(-(double)row->imbalance_short_cost),
                     [GB_CAUSE_LONG] = currency(-(double)row->imbalance_long_cost),
                     [GB_CAUSE_SCHEDULE] = currency(-(double)row->schedule_cost),
                     [GB_CAUSE_FEES] = currency(-(double)(row->fee_cost + row->network_fee_cost +
                                                          row->levy_cost + row->market_fee_cost)),
                     [GB_CAUSE_STORAGE] =
                         currency((double)row->cost_grid_only - (double)row->tariff_cost)}};
}
