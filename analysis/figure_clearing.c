/* The orders of one slot and the trades the auction made of them. Where each source has a book
 * of its own, each book has a panel: curves over all sources would show a market that there was
 * not. */
#include "analysis/figure_book_priv.h"
#include "analysis/figure_slot_priv.h"

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
    int64_t *left;           /* Wh of each order that the books so far left */
    double low, high;        /* of the axis of prices */
    int64_t retail, feed_in; /* of the grid: the slot's highest and lowest */
    int64_t at_ns;           /* the moment that is shown; GB_NO_TIME: the whole slot */
    bool is_halfway;         /* the moment is half of the time from the opening to the gate */
};

/* ---- the slot */

/* Its orders as they stand in the history: at the latest quote, with what the figure shows of each;
 * those of which it shows nothing are left out. */
static void take_orders(struct slot *slot, const struct gb_book_history *history, bool is_moment)
{
    for (size_t i = 0; i < history->n_orders; i++) {
        const struct gb_book_order *order = &history->orders[i];
        int64_t wh = is_moment ? gb_book_order_left(order) : order->total_wh;

        if (wh == 0)
            continue;
        slot->orders[slot->n_orders] = order->sent;
        slot->orders[slot->n_orders].price = order->quote;
        slot->left[slot->n_orders++] = wh;
    }
}

/* All that was accepted, as it stood last; or what rested at a moment. */
static enum gb_status load_slot(const struct gb_figure_request *request, struct slot *slot,
                                struct gb_error *err)
{
    struct gb_book_history history;
    enum gb_status status = gb_figure_slot_load(&history, &slot->interval, request, err);
    bool is_moment = slot->at_ns != GB_NO_TIME || slot->is_halfway;

    if (status == GB_OK && slot->is_halfway) {
        struct gb_slot_window window = gb_figure_slot_window(request, slot->interval);

        slot->at_ns = window.opening_ns + (window.gate_ns - window.opening_ns) / 2;
    }
    if (status == GB_OK) {
        slot->orders = malloc((history.n_orders + 1) * sizeof *slot->orders);
        slot->left = malloc((history.n_orders + 1) * sizeof *slot->left);
        if (!slot->orders || !slot->left)
            status = gb_fail(err, GB_ENOMEM, "no memory for the orders of a slot");
    }
    if (status == GB_OK) {
        gb_book_history_play(&history, is_moment ? slot->at_ns : INT64_MAX);
        take_orders(slot, &history, is_moment);
    }
    if (status == GB_OK && !is_moment) {
        slot->trades = history.trades;
        slot->n_trades = history.n_trades;
        history.trades = NULL;
    }
    gb_book_history_clear(&history);
    return status;
}

/* The grid's prices in the slot; where the result holds no slots, those of the trial. */
static enum gb_status load_tariff(const struct gb_figure_request *request, struct slot *slot,
                                  struct gb_error *err)
{
    const struct gb_summary_row *trial = gb_results_trial(request->results, request->trial);
    void *all = NULL;
    size_t n = 0;
    enum gb_status status = GB_OK;

    slot->retail = trial->retail;
    slot->feed_in = trial->feed_in;
    if (gb_results_has(request->results, GB_TABLE_SLOTS))
        status = gb_results_rows(request->results, GB_TABLE_SLOTS, request->trial, &all, &n, err);
    const struct gb_slot_row *rows = all;
    for (size_t i = 0; status == GB_OK && i < n; i++)
        if (rows[i].interval == slot->interval) {
            slot->retail = rows[i].retail;
            slot->feed_in = rows[i].feed_in;
        }
    free(all);
    return status;
}

/* ---- settings */

/* The prices the axis must hold: the tariff and every quote. */
static void write_price_axis(struct slot *slot, FILE *settings)
{
    int64_t lowest = slot->feed_in, highest = slot->retail;
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
    fprintf(settings, "retail = %.12g\nfeed_in = %.12g\n", gb_figure_price(slot->retail),
            gb_figure_price(slot->feed_in));
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

static void describe_panel(const struct gb_book_panel *panel, bool is_moment, size_t number,
                           size_t n_columns, double page_mm, FILE *settings)
{
    double max_steps = page_mm / (double)n_columns / 16.0;
    struct gb_axis axis = gb_axis_of(0.0, gb_figure_kwh(panel->shown_wh), max_steps);
    char name[32], word[32], title[96] = "";

    axis.high = gb_figure_kwh(panel->shown_wh * GB_BOOK_SPARE); /* the tick before is the last */
    snprintf(name, sizeof name, "x%zu", number);
    gb_axis_write(&axis, name, settings);
    int length = 0;
    if (panel->source != GB_ALL_SOURCES)
        length = snprintf(title, sizeof title, "%s: %zu ask%s",
                          gb_field_word(gb_field_find(GB_TABLE_ORDERS, "source"),
                                        (uint8_t)panel->source, word, sizeof word),
                          panel->supply.n, panel->supply.n == 1 ? "" : "s");
    if (length > 0 && !is_moment)
        snprintf(title + length, sizeof title - (size_t)length, ", %g kWh traded",
                 gb_figure_kwh((double)panel->traded_wh));
    gb_figure_set_nth(settings, "title", number, title);
}

static void write_caption(const struct gb_figure_request *request, const struct slot *slot,
                          size_t n_books, FILE *caption)
{
    size_t n_asks = count_asks(slot, GB_ALL_SOURCES), n_bids = slot->n_orders - n_asks;
    int64_t traded = 0;

    for (size_t i = 0; i < slot->n_trades; i++)
        traded += slot->trades[i].energy_wh;
    gb_figure_slot_describe(request, slot->interval, caption);
    fprintf(caption, ": %zu ask%s, %zu bid%s", n_asks, n_asks == 1 ? "" : "s", n_bids,
            n_bids == 1 ? "" : "s");
    if (slot->at_ns != GB_NO_TIME) {
        struct gb_slot_window window = gb_figure_slot_window(request, slot->interval);

        fprintf(caption, " rested %g s after the opening, at these quotes%s.",
                gb_slot_seconds(&window, slot->at_ns),
                n_books > 1 ? "; a book a source, with the bids for any source in each" : "");
        return;
    }
    fprintf(caption, ", %g kWh traded%s%s.", gb_figure_kwh((double)traded),
            request->is_continuous ? "; quotes as they stood last" : "",
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
            describe_panel(&panel, slot->at_ns != GB_NO_TIME, i + 1, n_columns, page->width_mm,
                           page->settings);
        }
        gb_book_panel_clear(&panel);
    }
    return status;
}

static enum gb_status draw(const struct gb_figure_request *request, struct slot *slot,
                           struct gb_figure_page *page, struct gb_error *err)
{
    enum gb_status status = load_slot(request, slot, err);

    if (status == GB_OK)
        status = load_tariff(request, slot, err);
    if (status == GB_OK && slot->n_orders == 0)
        status =
            gb_fail(err, GB_EREFUSED, "nothing rested in slot %" PRId64 " then", slot->interval);
    if (status == GB_OK) {
        write_price_axis(slot, page->settings);
        status = write_panels(request, slot, page, err);
    }
    free(slot->left);
    free(slot->orders);
    free(slot->trades);
    return status;
}

enum gb_status gb_figure_clearing(const struct gb_figure_request *request,
                                  struct gb_figure_page *page, struct gb_error *err)
{
    struct slot slot = {.at_ns = GB_NO_TIME};

    return draw(request, &slot, page, err);
}

enum gb_status gb_figure_depth(const struct gb_figure_request *request, struct gb_figure_page *page,
                               struct gb_error *err)
{
    struct slot slot = {.at_ns = request->at_ns, .is_halfway = request->at_ns == GB_NO_TIME};

    return draw(request, &slot, page, err);
}
