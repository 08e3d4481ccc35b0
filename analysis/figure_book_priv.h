/* One book of a slot as a panel of the figure `clearing`: supply and demand in the order of their
 * steps, and the trades, all on one axis of cumulated energy. */
#ifndef ANALYSIS_FIGURE_BOOK_PRIV_H
#define ANALYSIS_FIGURE_BOOK_PRIV_H

#include <stdbool.h>

#include "analysis/figures_priv.h"
#include "analysis/record.h"

#define GB_ALL_SOURCES (-1) /* of a pooled book */
#define GB_BOOK_SPARE 1.02  /* width of a panel over what it shows */

struct gb_book_step {
    uint32_t number;
    int64_t price, quantity_wh;
};
struct gb_book_side {
    size_t n;
    int64_t sum_wh;
    struct gb_book_step *steps;
};

struct gb_book_panel {
    int source; /* as the file spells it, or GB_ALL_SOURCES */
    struct gb_book_side supply, demand;
    size_t n_trades;
    const struct gb_trade_row **trades; /* borrowed, in the order in which they were made */
    int64_t traded_wh;
    double shown_wh; /* a side many times the other is cut here */
};

/* Fills a panel, to be cleared after a failure too.
 * orders  the slot's accepted orders, by number
 * left    Wh of each that the books before this one left; less what bids get here in round 1 when
 *         the call returns, for the next book begins with that */
enum gb_status gb_book_panel_fill(struct gb_book_panel *panel, int source,
                                  const struct gb_order_row *orders, size_t n_orders, int64_t *left,
                                  const struct gb_trade_row *trades, size_t n_trades,
                                  struct gb_error *err);
void gb_book_panel_clear(struct gb_book_panel *panel);

/* Six blocks: supply, demand, the region where they cross, trades of round 1, trades of later
 * rounds, names and where they stand. low, high: currency/kWh, ends of the axis of prices */
void gb_book_panel_write(const struct gb_book_panel *panel, double low, double high, FILE *data);

static inline double gb_figure_kwh(double wh)
{
    return wh * 1e-3;
}
static inline double gb_figure_price(int64_t ticks)
{
    return (double)ticks * 1e-6;
}

#endif
