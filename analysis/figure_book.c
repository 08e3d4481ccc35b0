#include "analysis/figure_book_priv.h"

#include <inttypes.h>
#include <stdlib.h>

#define SELL 1 /* enum gb_side and GB_SOURCE_ANY, as the file spells them */
#define ANY_SOURCE 0
#define MAX_TIMES 4      /* that one side may be longer than the other */
#define NAME_SHARE 0.055 /* of the axis of prices: from a curve to its name */

/* ---- steps */

/* Price first, then the ledger's order: the number of the order in its slot. */
static int compare_asks(const void *a, const void *b)
{
    const struct gb_book_step *x = a, *y = b;

    if (x->price != y->price)
        return x->price < y->price ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static int compare_bids(const void *a, const void *b)
{
    const struct gb_book_step *x = a, *y = b;

    if (x->price != y->price)
        return x->price > y->price ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* Whether an order stands in the book: an ask in its source's, a bid for any source in each. */
static bool is_in(const struct gb_book_panel *panel, const struct gb_order_row *order)
{
    return panel->source == GB_ALL_SOURCES || order->source == panel->source ||
           (order->side != SELL && order->source == ANY_SOURCE);
}

static void add_claim(struct gb_book_side *side, const struct gb_order_row *order,
                      int64_t quantity_wh)
{
    side->steps[side->n++] = (struct gb_book_step){order->number, order->price, quantity_wh};
    side->sum_wh += quantity_wh;
}

static int compare_number(const void *key, const void *row)
{
    uint32_t number = *(const uint32_t *)key, other = ((const struct gb_order_row *)row)->number;

    return (number > other) - (number < other);
}

/* Takes what the panel's bids got in round 1 from what is left of them. */
static void take(const struct gb_book_panel *panel, const struct gb_order_row *orders,
                 size_t n_orders, int64_t *left)
{
    for (size_t i = 0; i < panel->n_trades; i++) {
        const struct gb_trade_row *trade = panel->trades[i];
        const struct gb_order_row *bid =
            bsearch(&trade->buy_order, orders, n_orders, sizeof *orders, compare_number);

        if (bid && trade->round == 1)
            left[bid - orders] -= trade->energy_wh;
    }
}

static double shown_wh(const struct gb_book_panel *panel)
{
    double supply = (double)panel->supply.sum_wh, demand = (double)panel->demand.sum_wh;
    double min = supply < demand ? supply : demand, max = supply < demand ? demand : supply;

    return min > 0.0 && max > MAX_TIMES * min ? MAX_TIMES * min : max;
}

enum gb_status gb_book_panel_fill(struct gb_book_panel *panel, int source,
                                  const struct gb_order_row *orders, size_t n_orders, int64_t *left,
                                  const struct gb_trade_row *trades, size_t n_trades,
                                  struct gb_error *err)
{
    *panel = (struct gb_book_panel){.source = source};
    panel->supply.steps = malloc((n_orders + 1) * sizeof *panel->supply.steps);
    panel->demand.steps = malloc((n_orders + 1) * sizeof *panel->demand.steps);
    panel->trades = malloc((n_trades + 1) * sizeof *panel->trades);
    if (!panel->supply.steps || !panel->demand.steps || !panel->trades)
        return gb_fail(err, GB_ENOMEM, "no memory for the orders of a slot");
    for (size_t i = 0; i < n_orders; i++)
        if (is_in(panel, &orders[i]) && left[i] > 0)
            add_claim(orders[i].side == SELL ? &panel->supply : &panel->demand, &orders[i],
                      left[i]);
    for (size_t i = 0; i < n_trades; i++)
        if (source == GB_ALL_SOURCES || trades[i].source == source) {
            panel->trades[panel->n_trades++] = &trades[i];
            panel->traded_wh += trades[i].energy_wh;
        }
    qsort(panel->supply.steps, panel->supply.n, sizeof *panel->supply.steps, compare_asks);
    qsort(panel->demand.steps, panel->demand.n, sizeof *panel->demand.steps, compare_bids);
    panel->shown_wh = shown_wh(panel);
    take(panel, orders, n_orders, left);
    return GB_OK;
}

void gb_book_panel_clear(struct gb_book_panel *panel)
{
    free(panel->supply.steps);
    free(panel->demand.steps);
    free(panel->trades);
    *panel = (struct gb_book_panel){0};
}

/* ---- blocks */

static void write_steps(const struct gb_book_side *side, FILE *data)
{
    int64_t sum = 0;

    for (size_t i = 0; i < side->n; i++) {
        double price = gb_figure_price(side->steps[i].price);

        fprintf(data, "%.12g %.12g\n", gb_figure_kwh((double)sum), price);
        sum += side->steps[i].quantity_wh;
        fprintf(data, "%.12g %.12g\n", gb_figure_kwh((double)sum), price);
    }
    if (side->n == 0)
        fprintf(data, "NaN NaN\n");
    fprintf(data, "\n\n");
}

/* Where the steps cross: from nothing to the last Wh whose bid is not below its ask. */
static void write_region(const struct gb_book_side *supply, const struct gb_book_side *demand,
                         FILE *data)
{
    size_t s = 0, d = 0;
    int64_t left_s = 0, left_d = 0, at = 0;
    bool any = false;

    while (s < supply->n && d < demand->n && demand->steps[d].price >= supply->steps[s].price) {
        int64_t step;

        left_s = left_s ? left_s : supply->steps[s].quantity_wh;
        left_d = left_d ? left_d : demand->steps[d].quantity_wh;
        step = left_s < left_d ? left_s : left_d;
        for (int end = 0; end < 2; end++)
            fprintf(data, "%.12g %.12g %.12g\n", gb_figure_kwh((double)(at + end * step)),
                    gb_figure_price(supply->steps[s].price),
                    gb_figure_price(demand->steps[d].price));
        any = true;
        at += step;
        left_s -= step;
        left_d -= step;
        s += left_s == 0;
        d += left_d == 0;
    }
    if (!any)
        fprintf(data, "NaN NaN NaN\n");
    fprintf(data, "\n\n");
}

/* Trades of round 1, or those of later rounds, where they stand on the axis of traded energy. */
static void write_trades(const struct gb_book_panel *panel, bool later, FILE *data)
{
    int64_t sum = 0;
    bool any = false;

    for (size_t i = 0; i < panel->n_trades; i++) {
        const struct gb_trade_row *trade = panel->trades[i];

        if ((trade->round > 1) == later) {
            fprintf(data, "%.12g %.12g %.12g\n", gb_figure_kwh((double)sum),
                    gb_figure_kwh((double)(sum + trade->energy_wh)),
                    gb_figure_price(trade->price_buy));
            any = true;
        }
        sum += trade->energy_wh;
    }
    if (!any)
        fprintf(data, "NaN NaN NaN\n");
    fprintf(data, "\n\n");
}

/* The price of a side where the panel ends. */
static int64_t price_at_end(const struct gb_book_side *side, double shown)
{
    int64_t sum = 0;
    size_t i = 0;

    while (i + 1 < side->n && (double)(sum + side->steps[i].quantity_wh) < shown * GB_BOOK_SPARE)
        sum += side->steps[i++].quantity_wh;
    return side->steps[i].price;
}

/* The name of a curve at its beginning, and how far it goes on where the axis cuts it. A name
 * without a place makes gnuplot 5.4 crash, so that of a curve which is not there is empty. */
static void write_name(const struct gb_book_side *side, const char *name, double shown,
                       double name_shift, double end_shift, double nowhere, FILE *data)
{
    bool is_cut = (double)side->sum_wh > shown;

    if (side->n == 0)
        fprintf(data, "0 %.12g \"\"\n", nowhere);
    else
        fprintf(data, "0 %.12g \"%s\"\n", gb_figure_price(side->steps[0].price) + name_shift, name);
    fprintf(data, "%.12g %.12g ", gb_figure_kwh(shown),
            is_cut ? gb_figure_price(price_at_end(side, shown)) + end_shift : nowhere);
    if (is_cut)
        fprintf(data, "\"up to %g kWh\"\n", gb_figure_kwh((double)side->sum_wh));
    else
        fputs("\"\"\n", data);
}

/* Names stand outside the region between the curves; the ends of cut curves where they cannot touch
 * the other side, which has ended long before. */
static void write_names(const struct gb_book_panel *panel, double low, double high, FILE *data)
{
    const struct gb_book_side *supply = &panel->supply, *demand = &panel->demand;
    bool is_crossing =
        supply->n == 0 || demand->n == 0 || supply->steps[0].price <= demand->steps[0].price;
    double shift = (is_crossing ? 1.0 : -1.0) * NAME_SHARE * (high - low);

    write_name(supply, "supply", panel->shown_wh, -shift, NAME_SHARE * (high - low), low, data);
    write_name(demand, "demand", panel->shown_wh, shift, -NAME_SHARE * (high - low), low, data);
    fprintf(data, "\n\n");
}

void gb_book_panel_write(const struct gb_book_panel *panel, double low, double high, FILE *data)
{
    write_steps(&panel->supply, data);
    write_steps(&panel->demand, data);
    write_region(&panel->supply, &panel->demand, data);
    write_trades(panel, false, data);
    write_trades(panel, true, data);
    write_names(panel, low, high, data);
}
