/* The orders of one slot and the trades the auction made of them. Where each source has a book
 * of its own, each book has a panel: curves over all sources would show a market that there was
 * not. */
#include "analysis/figure_book_priv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/schema.h"

#define SELL 1         /* enum gb_side, as the file spells it */
#define N_SOURCES 5    /* enum gb_source: any, then those that have books */
#define EDGE_SHARE 0.1 /* of the range of prices: room beyond it for names */
#define MAX_CAPS 20    /* trades on the page whose ends can still be told apart */

struct slot {
    int64_t interval;
    struct gb_order_row *orders; /* accepted, by number */
    struct gb_trade_row *trades;
    size_t n_orders, n_trades;
    int64_t *left;    /* Wh of each order that the books so far left */
    double low, high; /* of the axis of prices */
};

/* ---- the slot */

/* The slot with most traded energy, the first of equals; the first slot with an order where nothing
 * was traded; INT64_MIN where there is no order at all. */
static int64_t busiest_slot(const struct slot *slot)
{
    int64_t best = slot->n_orders > 0 ? slot->orders[0].interval : INT64_MIN, max = 0, sum = 0;

    for (size_t i = 0; i < slot->n_trades; i++) { /* trades stand slot by slot */
        if (i == 0 || slot->trades[i].interval != slot->trades[i - 1].interval)
            sum = 0;
        sum += slot->trades[i].energy_wh;
        if (sum > max) {
            max = sum;
            best = slot->trades[i].interval;
        }
    }
    return best;
}

static int compare_numbers(const void *a, const void *b)
{
    const struct gb_order_row *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

/* Keeps the slot's accepted orders, by number, and its trades. */
static enum gb_status keep_slot(struct slot *slot, struct gb_error *err)
{
    size_t n = 0;

    for (size_t i = 0; i < slot->n_orders; i++)
        if (slot->orders[i].interval == slot->interval && slot->orders[i].number != GB_NO_NUMBER)
            slot->orders[n++] = slot->orders[i];
    slot->n_orders = n;
    if (n == 0)
        return slot->interval == INT64_MIN
                   ? gb_fail(err, GB_EREFUSED, "the trial has no order in any slot")
                   : gb_fail(err, GB_EREFUSED, "slot %" PRId64 " has no accepted order",
                             slot->interval);
    qsort(slot->orders, n, sizeof *slot->orders, compare_numbers);
    n = 0;
    for (size_t i = 0; i < slot->n_trades; i++)
        if (slot->trades[i].interval == slot->interval)
            slot->trades[n++] = slot->trades[i];
    slot->n_trades = n;
    slot->left = malloc(slot->n_orders * sizeof *slot->left);
    if (!slot->left)
        return gb_fail(err, GB_ENOMEM, "no memory for the orders of a slot");
    for (size_t i = 0; i < slot->n_orders; i++)
        slot->left[i] = slot->orders[i].quantity_wh;
    return GB_OK;
}

static enum gb_status load_slot(const struct gb_figure_request *request, struct slot *slot,
                                struct gb_error *err)
{
    void *rows = NULL;
    enum gb_status status;

    if (!gb_results_has(request->results, GB_TABLE_ORDERS))
        return gb_fail(err, GB_EREFUSED, "the result holds no orders (output.level: summary)");
    status = gb_results_rows(request->results, GB_TABLE_ORDERS, request->trial, &rows,
                             &slot->n_orders, err);
    slot->orders = rows;
    rows = NULL;
    if (status == GB_OK)
        status = gb_results_rows(request->results, GB_TABLE_TRADES, request->trial, &rows,
                                 &slot->n_trades, err);
    slot->trades = rows;
    slot->interval = request->slot != GB_SLOT_WITH_MAX_TRADE ? request->slot : busiest_slot(slot);
    return status == GB_OK ? keep_slot(slot, err) : status;
}

/* ---- settings */

/* The prices the axis must hold: the tariff and every quote. */
static void write_price_axis(struct slot *slot, const struct gb_summary_row *summary,
                             FILE *settings)
{
    int64_t lowest = summary->feed_in, highest = summary->retail;
    double edge;
    struct gb_axis axis;

    for (size_t i = 0; i < slot->n_orders; i++) {
        lowest = slot->orders[i].price < lowest ? slot->orders[i].price : lowest;
        highest = slot->orders[i].price > highest ? slot->orders[i].price : highest;
    }
    slot->low = gb_figure_price(lowest);
    slot->high = gb_figure_price(highest);
    edge = fmax(EDGE_SHARE * (slot->high - slot->low), 0.001);
    axis = gb_axis_of(slot->low, slot->low + fmax(slot->high - slot->low, edge), 6.0);
    slot->low = axis.low = slot->low - edge;
    slot->high = axis.high = slot->high + edge;
    gb_axis_write(&axis, "y", settings);
    fprintf(settings, "retail = %.12g\nfeed_in = %.12g\n", gb_figure_price(summary->retail),
            gb_figure_price(summary->feed_in));
}

static size_t count_asks(const struct slot *slot, int source)
{
    size_t n = 0;

    for (size_t i = 0; i < slot->n_orders; i++)
        n += slot->orders[i].side == SELL &&
             (source == GB_ALL_SOURCES || slot->orders[i].source == source);
    return n;
}

/* The books that somebody sells in, in the order in which they are cleared; without any supply one
 * book of all the bids. returns how many */
static size_t find_books(const struct slot *slot, bool by_source, int sources[N_SOURCES])
{
    size_t n = 0;

    for (int source = 1; by_source && source < N_SOURCES; source++)
        if (count_asks(slot, source) > 0)
            sources[n++] = source;
    if (n == 0)
        sources[n++] = GB_ALL_SOURCES;
    return n;
}

static void describe_panel(const struct gb_book_panel *panel, size_t number, size_t n_columns,
                           double page_mm, FILE *settings)
{
    double max_steps = page_mm / (double)n_columns / 16.0;
    struct gb_axis axis = gb_axis_of(0.0, gb_figure_kwh(panel->shown_wh), max_steps);
    char name[32], word[32], title[96] = "";

    axis.high = gb_figure_kwh(panel->shown_wh * GB_BOOK_SPARE); /* the tick before is the last */
    snprintf(name, sizeof name, "x%zu", number);
    gb_axis_write(&axis, name, settings);
    if (panel->source != GB_ALL_SOURCES)
        snprintf(title, sizeof title, "%s: %zu ask%s, %g kWh traded",
                 gb_field_word(gb_field_find(GB_TABLE_ORDERS, "source"), (uint8_t)panel->source,
                               word, sizeof word),
                 panel->supply.n, panel->supply.n == 1 ? "" : "s",
                 gb_figure_kwh((double)panel->traded_wh));
    gb_figure_set_nth(settings, "title", number, title);
}

/* When the slot began: "1 June 2023, 12:45". */
static void write_time(const struct gb_figure_request *request, const struct slot *slot,
                       FILE *caption)
{
    int64_t slot_ns = gb_results_trial(request->results, request->trial)->slot_ns;
    int64_t minute = slot->interval * slot_ns / 60000000000 % 1440;
    struct gb_figure_request of_slot = *request;
    struct gb_time_window window;
    char day[96];

    of_slot.from_ns = slot->interval * slot_ns;
    of_slot.to_ns = of_slot.from_ns + slot_ns;
    if (gb_time_window_of(&window, &of_slot, NULL) == GB_OK)
        fprintf(caption, " (%s, %02d:%02d)", gb_time_window_format(&window, day, sizeof day),
                (int)(minute / 60), (int)(minute % 60));
}

static void write_caption(const struct gb_figure_request *request, const struct slot *slot,
                          size_t n_books, FILE *caption)
{
    size_t n_asks = count_asks(slot, GB_ALL_SOURCES), n_bids = slot->n_orders - n_asks;
    int64_t traded = 0;

    for (size_t i = 0; i < slot->n_trades; i++)
        traded += slot->trades[i].energy_wh;
    fprintf(caption, "Slot %" PRId64, slot->interval);
    write_time(request, slot, caption);
    if (gb_results_n_trials(request->results) > 1)
        fprintf(caption, " of trial %" PRIu64, request->trial);
    fprintf(caption, ": %zu ask%s, %zu bid%s, %g kWh traded%s.", n_asks, n_asks == 1 ? "" : "s",
            n_bids, n_bids == 1 ? "" : "s", gb_figure_kwh((double)traded),
            n_books > 1 ? "; a book a source, demand as the books before leave it" : "");
}

static void describe_slot(const struct gb_figure_request *request, const struct slot *slot,
                          size_t n_books, size_t n_columns, FILE *settings)
{
    size_t n_later = 0;

    for (size_t i = 0; i < slot->n_trades; i++)
        n_later += slot->trades[i].round > 1;
    gb_figure_set_text(settings, "currency", request->currency);
    fprintf(settings,
            "n_books = %zu\nn_columns = %zu\nn_first_trades = %zu\nn_later_trades = %zu\n"
            "has_caps = %d\n",
            n_books, n_columns, slot->n_trades - n_later, n_later, slot->n_trades <= MAX_CAPS);
}

/* ---- the figure */

static enum gb_status write_panels(const struct gb_figure_request *request, struct slot *slot,
                                   struct gb_figure_page *page, struct gb_error *err)
{
    int sources[N_SOURCES];
    size_t n = find_books(slot, request->has_books_by_source, sources), n_columns;
    enum gb_status status = GB_OK;

    gb_page_set_width(page, request, n > 1 ? GB_PAGE_MM : GB_COLUMN_MM);
    n_columns = gb_page_is_narrow(page) ? 1 : n;
    fprintf(page->data,
            "# Source: /orders and /trades of the result, trial %" PRIu64 ", slot %" PRId64
            ".\n# Blocks, for each book: supply, demand (kWh cumulated, quote); crossing (kWh, "
            "ask, bid);\n# trades of round 1, trades of later rounds (kWh from, kWh to, price); "
            "names and places.\n# Units: kWh, %s/kWh.\n",
            request->trial, slot->interval, request->currency);
    describe_slot(request, slot, n, n_columns, page->settings);
    write_caption(request, slot, n, page->caption);
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        struct gb_book_panel panel;

        status = gb_book_panel_fill(&panel, sources[i], slot->orders, slot->n_orders, slot->left,
                                    slot->trades, slot->n_trades, err);
        if (status == GB_OK) {
            gb_book_panel_write(&panel, slot->low, slot->high, page->data);
            describe_panel(&panel, i + 1, n_columns, page->width_mm, page->settings);
        }
        gb_book_panel_clear(&panel);
    }
    return status;
}

enum gb_status gb_figure_clearing(const struct gb_figure_request *request,
                                  struct gb_figure_page *page, struct gb_error *err)
{
    const struct gb_summary_row *summary = gb_results_trial(request->results, request->trial);
    struct slot slot = {0};
    enum gb_status status =
        summary ? load_slot(request, &slot, err)
                : gb_fail(err, GB_EREFUSED, "there is no trial %" PRIu64, request->trial);

    if (status == GB_OK) {
        write_price_axis(&slot, summary, page->settings);
        status = write_panels(request, &slot, page, err);
    }
    free(slot.left);
    free(slot.orders);
    free(slot.trades);
    return status;
}
