#include "analysis/paper_case.h"

#define KWH INT64_C(1000)
#define RETAIL INT64_C(590000)
#define FEED_IN INT64_C(310000)
#define SELL 1 /* enum gb_side, as the file spells it */

const char gb_paper_grid[] = "grid";

const struct gb_paper_order gb_paper_orders[GB_PAPER_N_ORDERS] = {
    {"S1", true, 340000, 220 * KWH, 410000},  {"S2", true, 410000, 540 * KWH, 450000},
    {"S3", true, 450000, 435 * KWH, 500000},  {"S4", true, 400000, 300 * KWH, 450000},
    {"B1", false, 580000, 400 * KWH, 530000}, {"B2", false, 560000, 480 * KWH, 510000},
    {"B3", false, 550000, 830 * KWH, 490000}, {"B4", false, 530000, 500 * KWH, 460000},
};

const struct gb_paper_trade gb_paper_trades[GB_PAPER_N_TRADES] = {
    {"S1", "B1", 220 * KWH, "0.470"},          {"S2", "B1", 180 * KWH, "0.490"},
    {"S2", "B2", 360 * KWH, "0.480"},          {"S4", "B2", 120 * KWH, "0.480"},
    {"S4", "B3", 180 * KWH, "0.470"},          {"S3", "B3", 435 * KWH, "0.492"},
    {gb_paper_grid, "B3", 215 * KWH, "0.590"}, {gb_paper_grid, "B4", 500 * KWH, "0.590"},
};

const struct gb_paper_user gb_paper_users[GB_PAPER_N_ORDERS] = {
    {"S1", 103.4}, {"S2", 261.0}, {"S3", 214.2375}, {"S4", 142.2},
    {"B1", 191.6}, {"B2", 230.4}, {"B3", 425.6875}, {"B4", 295.0},
};

static bool is_order(const struct gb_paper_order *paper, const struct gb_order_row *order)
{
    return paper->sells == (order->side == SELL) && paper->reserve == order->reserve &&
           paper->quantity_wh == order->quantity_wh && paper->quote == order->price;
}

const char *gb_paper_user_of(const struct gb_order_row *order)
{
    for (size_t i = 0; i < GB_PAPER_N_ORDERS; i++)
        if (is_order(&gb_paper_orders[i], order))
            return gb_paper_orders[i].user;
    return NULL;
}

bool gb_paper_case_matches(const struct gb_summary_row *summary, const struct gb_order_row *orders,
                           size_t n)
{
    if (n != GB_PAPER_N_ORDERS || summary->retail != RETAIL || summary->feed_in != FEED_IN)
        return false;
    /* the rows of Table 1 differ from each other: each must be there once */
    for (size_t i = 0; i < GB_PAPER_N_ORDERS; i++) {
        size_t n_found = 0;

        for (size_t j = 0; j < n; j++)
            n_found +=
                orders[j].number != GB_NO_NUMBER && is_order(&gb_paper_orders[i], &orders[j]);
        if (n_found != 1)
            return false;
    }
    return true;
}
