#include "analysis/figures_priv.h"

#include <inttypes.h>
#include <stdlib.h>

#include "analysis/schema.h"

#define SELL 1                          /* enum gb_side, as the file spells it */

/* The accepted orders of one side, in order of claim. */
struct side { size_t n; const struct gb_order_row **orders; };

struct slot_book {
    int64_t interval;
    struct gb_order_row *orders;
    struct gb_trade_row *trades;
    size_t n_orders, n_trades;
    struct side supply, demand;
};

/* Price first, then the ledger's order: the number of the order in its slot. */
static int compare_asks(const void *a, const void *b)
{
    const struct gb_order_row *x = *(const struct gb_order_row *const *)a;
    const struct gb_order_row *y = *(const struct gb_order_row *const *)b;

    if (x->price != y->price)
        return x->price < y->price ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static int compare_bids(const void *a, const void *b)
{
    const struct gb_order_row *x = *(const struct gb_order_row *const *)a;
    const struct gb_order_row *y = *(const struct gb_order_row *const *)b;

    if (x->price != y->price)
        return x->price > y->price ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* The slot with most traded energy, the first of equals; the first slot with an order where nothing
 * was traded; INT64_MIN where there is no order at all. */
static int64_t busiest_slot(const struct slot_book *book)
{
    int64_t best = book->n_orders > 0 ? book->orders[0].interval : INT64_MIN, most = 0, sum = 0;

    for (size_t i = 0; i < book->n_trades; i++) {       /* trades stand slot by slot */
        if (i == 0 || book->trades[i].interval != book->trades[i - 1].interval)
            sum = 0;
        sum += book->trades[i].energy_wh;
        if (sum > most) {
            most = sum;
            best = book->trades[i].interval;
        }
    }
    return best;
}

static enum gb_status load_book(const struct gb_figure_request *request, struct slot_book *book,
                                struct gb_error *err)
{
    void *rows = NULL;
    enum gb_status status;

    if (!gb_results_has(request->results, GB_TABLE_ORDERS))
        return gb_fail(err, GB_EREFUSED, "the result holds no orders (output.level: summary)");
    status = gb_results_rows(request->results, GB_TABLE_ORDERS, request->trial, &rows,
                             &book->n_orders, err);
    book->orders = rows;
    rows = NULL;
    if (status == GB_OK)
        status = gb_results_rows(request->results, GB_TABLE_TRADES, request->trial, &rows,
                                 &book->n_trades, err);
    book->trades = rows;
    book->interval = request->slot != GB_SLOT_WITH_MOST_TRADE ? request->slot : busiest_slot(book);
    return status;
}

static enum gb_status sort_sides(struct slot_book *book, struct gb_error *err)
{
    book->supply.orders = malloc((book->n_orders + 1) * sizeof(void *));
    book->demand.orders = malloc((book->n_orders + 1) * sizeof(void *));
    if (!book->supply.orders || !book->demand.orders)
        return gb_fail(err, GB_ENOMEM, "no memory for the orders of a slot");
    for (size_t i = 0; i < book->n_orders; i++) {
        const struct gb_order_row *order = &book->orders[i];
        struct side *side = order->side == SELL ? &book->supply : &book->demand;

        if (order->interval == book->interval && order->number != GB_NO_NUMBER)
            side->orders[side->n++] = order;
    }
    qsort(book->supply.orders, book->supply.n, sizeof(void *), compare_asks);
    qsort(book->demand.orders, book->demand.n, sizeof(void *), compare_bids);
    if (book->supply.n + book->demand.n == 0)
        return book->interval == INT64_MIN
                   ? gb_fail(err, GB_EREFUSED, "trial has no order in any slot")
                   : gb_fail(err, GB_EREFUSED, "slot %" PRId64 " has no accepted order",
                             book->interval);
    return GB_OK;
}

static double kwh(int64_t wh)
{
    return (double)wh * 1e-3;
}

static double price(int64_t ticks)
{
    return (double)ticks * 1e-6;
}

static void write_steps(const struct side *side, FILE *data)
{
    int64_t sum = 0;

    for (size_t i = 0; i < side->n; i++) {
        fprintf(data, "%.12g %.12g\n", kwh(sum), price(side->orders[i]->price));
        sum += side->orders[i]->quantity_wh;
        fprintf(data, "%.12g %.12g\n", kwh(sum), price(side->orders[i]->price));
    }
    if (side->n == 0)
        fprintf(data, "NaN NaN\n");
    fprintf(data, "\n\n");
}

/* Where the steps cross: from nothing to the last Wh whose bid is not below its ask. */
static void write_region(const struct side *supply, const struct side *demand, FILE *data)
{
    size_t s = 0, d = 0;
    int64_t left_s = 0, left_d = 0, at = 0;
    bool any = false;

    while (s < supply->n && d < demand->n && demand->orders[d]->price >= supply->orders[s]->price) {
        int64_t step;

        left_s = left_s ? left_s : supply->orders[s]->quantity_wh;
        left_d = left_d ? left_d : demand->orders[d]->quantity_wh;
        step = left_s < left_d ? left_s : left_d;
        for (int end = 0; end < 2; end++)
            fprintf(data, "%.12g %.12g %.12g\n", kwh(at + end * step),
                    price(supply->orders[s]->price), price(demand->orders[d]->price));
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
static size_t write_trades(const struct slot_book *book, bool later, FILE *data)
{
    int64_t sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < book->n_trades; i++) {
        const struct gb_trade_row *trade = &book->trades[i];

        if (trade->interval != book->interval)
            continue;
        if ((trade->round > 1) == later) {
            fprintf(data, "%.12g %.12g %.12g\n", kwh(sum), kwh(sum + trade->energy_wh),
                    price(trade->price_buy));
            n++;
        }
        sum += trade->energy_wh;
    }
    if (n == 0)
        fprintf(data, "NaN NaN NaN\n");
    fprintf(data, "\n\n");
    return n;
}

/* Where the curves begin, for their names: there they are farthest apart. */
static void write_names(const struct slot_book *book, FILE *data)
{
    const struct side *sides[] = {&book->supply, &book->demand};
    static const char *const names[] = {"supply", "demand"};

    for (size_t i = 0; i < 2; i++)
        if (sides[i]->n == 0)           /* a name without a place makes gnuplot 5.4 crash */
            fprintf(data, "0 %.12g \"\"\n", price(sides[1 - i]->orders[0]->price));
        else
            fprintf(data, "0 %.12g \"%s\"\n", price(sides[i]->orders[0]->price), names[i]);
}

/* The prices the axis must hold: the tariff and every quote. */
static void write_price_range(const struct slot_book *book, const struct gb_summary_row *summary,
                              FILE *settings)
{
    int64_t lowest = summary->feed_in, highest = summary->retail;

    for (size_t i = 0; i < book->n_orders; i++)
        if (book->orders[i].interval == book->interval && book->orders[i].number != GB_NO_NUMBER) {
            lowest = book->orders[i].price < lowest ? book->orders[i].price : lowest;
            highest = book->orders[i].price > highest ? book->orders[i].price : highest;
        }
    fprintf(settings, "retail = %.12g\nfeed_in = %.12g\nlowest = %.12g\nhighest = %.12g\n",
            price(summary->retail), price(summary->feed_in), price(lowest), price(highest));
}

static int64_t traded_in(const struct slot_book *book)
{
    int64_t sum = 0;

    for (size_t i = 0; i < book->n_trades; i++)
        if (book->trades[i].interval == book->interval)
            sum += book->trades[i].energy_wh;
    return sum;
}

/* Whether asks of several sources stand in the one curve, though each source may be a book. */
static bool has_sources(const struct slot_book *book)
{
    for (size_t i = 1; i < book->supply.n; i++)
        if (book->supply.orders[i]->source != book->supply.orders[0]->source)
            return true;
    return false;
}

enum gb_status gb_figure_clearing(const struct gb_figure_request *request, FILE *settings,
                                  FILE *data, struct gb_error *err)
{
    const struct gb_summary_row *summary = gb_results_trial(request->results, request->trial);
    struct slot_book book = {0};
    enum gb_status status = summary ? load_book(request, &book, err)
                                    : gb_fail(err, GB_EREFUSED, "there is no trial %" PRIu64,
                                              request->trial);
    char caption[160];

    if (status == GB_OK)
        status = sort_sides(&book, err);
    if (status == GB_OK) {
        fprintf(data,
                "# Source: /orders and /trades of the result, trial %" PRIu64 ", slot %" PRId64
                ".\n# Blocks: supply, demand (kWh cumulated, quote); crossing (kWh, ask, bid); "
                "trades of\n# round 1, trades of later rounds (kWh from, kWh to, price); names.\n"
                "# Units: kWh, %s/kWh.\n",
                request->trial, book.interval, request->currency);
        write_steps(&book.supply, data);
        write_steps(&book.demand, data);
        write_region(&book.supply, &book.demand, data);
        fprintf(settings, "n_first_trades = %zu\n", write_trades(&book, false, data));
        fprintf(settings, "n_late_trades = %zu\n", write_trades(&book, true, data));
        write_names(&book, data);
        write_price_range(&book, summary, settings);
        gb_figure_set_text(settings, "currency", request->currency);
        snprintf(caption, sizeof caption,
                 "trial %" PRIu64 ", slot %" PRId64 ": %zu ask%s, %zu bid%s, %g "
                 "kWh traded%s",
                 request->trial, book.interval, book.supply.n, book.supply.n == 1 ? "" : "s",
                 book.demand.n, book.demand.n == 1 ? "" : "s",
                 kwh(traded_in(&book)), has_sources(&book) ? "; curves over all sources" : "");
        gb_figure_set_text(settings, "caption", caption);
    }
    free(book.supply.orders);
    free(book.demand.orders);
    free(book.orders);
    free(book.trades);
    return status;
}
