/* What the paper prints about its case study, to stand beside what a run computed: Table 1 (the
 * orders), Table 2 (the trades) and the two percentages of Figure 4. Nothing here feeds a result.
 * source  "A blockchain-based trading system for distributed energy in microgrids" */
#ifndef ANALYSIS_PAPER_CASE_H
#define ANALYSIS_PAPER_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/record.h"

/* A row of the paper's table 1: reserve and quote in ticks. */
struct gb_paper_order {
    const char *user;
    bool sells;
    int64_t reserve, quantity_wh, quote;
};
#define GB_PAPER_N_ORDERS 8
extern const struct gb_paper_order gb_paper_orders[GB_PAPER_N_ORDERS];

struct gb_paper_trade {
    const char *seller, *buyer;
    int64_t energy_wh;
    const char *price;
};
#define GB_PAPER_N_TRADES 8 /* six between users, two with the grid */
extern const struct gb_paper_trade gb_paper_trades[GB_PAPER_N_TRADES];
extern const char gb_paper_grid[]; /* the name of the grid as a seller there */

/* A user's cost or revenue as Figure 4 draws it: exactly, from the trades of Table 2. */
extern const struct gb_paper_user {
    const char *user;
    double amount;
} gb_paper_users[GB_PAPER_N_ORDERS];

#define GB_PAPER_BUYERS_CHANGE_PCT (-12) /* as printed */
#define GB_PAPER_SELLERS_CHANGE_PCT 55

/* Whether these are the orders of Table 1 under its tariff: the same multiset of side, reserve,
 * quantity and quote, all accepted. */
bool gb_paper_case_matches(const struct gb_summary_row *summary, const struct gb_order_row *orders,
                           size_t n);
/* Table 1's name of the user who sent such an order, or NULL. */
const char *gb_paper_user_of(const struct gb_order_row *order);

#endif
