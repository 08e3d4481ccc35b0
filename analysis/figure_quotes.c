/* A slot of an auction that trades as orders come: the life of every quote, from its arrival
 * through its amendments until it is filled, cancelled or the gate falls, and the trades on top.
 * And of a few orders their concessions alone, beside their reserves. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_slot_priv.h"

#define SELL 1      /* enum gb_side, as the file spells it */
#define MAX_PATHS 3 /* of a side: more cannot be told apart */

/* What a quote was from an instant on. NaN: nothing rests any more. */
struct point {
    uint32_t order;
    double seconds, price;
};

struct lives {
    struct gb_book_history history;
    struct gb_slot_window window;
    int64_t interval;
    size_t n_points;
    struct point *points;   /* in the order of time */
    double *trade_seconds;  /* of each trade */
    double *ask, *bid;      /* quotes that met in it */
    uint32_t *n_amendments; /* per order */
    double low, high;       /* of all prices */
};

static double price_of(int64_t ticks)
{
    return 1e-6 * (double)ticks;
}

static void widen(struct lives *lives, double price)
{
    lives->low = fmin(lives->low, price);
    lives->high = fmax(lives->high, price);
}

static void add_point(struct lives *lives, uint32_t order, double seconds)
{
    const struct gb_book_order *of = &lives->history.orders[order];
    double quote = price_of(of->quote);

    widen(lives, quote);
    lives->points[lives->n_points++] =
        (struct point){order, seconds, gb_book_order_left(of) > 0 ? quote : NAN};
}

/* Plays one message: a point for its order, and for whatever its trades have filled. */
static void play(struct lives *lives, const struct gb_book_message *message, size_t first_trade)
{
    struct gb_book_history *history = &lives->history;
    double seconds = gb_slot_seconds(&lives->window, message->time_ns);

    lives->n_amendments[message->order] += message->row->action == GB_ACTION_AMEND;
    add_point(lives, message->order, seconds);
    for (size_t t = first_trade; t < history->next_trade; t++) {
        const struct gb_trade_row *trade = &history->trades[t];
        uint32_t other = trade->sell_order == message->order ? trade->buy_order : trade->sell_order;

        lives->trade_seconds[t] = seconds;
        lives->ask[t] = price_of(history->orders[trade->sell_order].quote);
        lives->bid[t] = price_of(history->orders[trade->buy_order].quote);
        add_point(lives, other, seconds);
    }
}

static enum gb_status live(struct lives *lives, struct gb_error *err)
{
    struct gb_book_history *history = &lives->history;
    const struct gb_book_message *message;
    size_t first = 0;

    lives->points = calloc(history->n_messages + history->n_trades + 1, sizeof *lives->points);
    lives->trade_seconds = calloc(history->n_trades + 1, sizeof *lives->trade_seconds);
    lives->ask = calloc(history->n_trades + 1, sizeof *lives->ask);
    lives->bid = calloc(history->n_trades + 1, sizeof *lives->bid);
    lives->n_amendments = calloc(history->n_orders + 1, sizeof *lives->n_amendments);
    if (!lives->points || !lives->trade_seconds || !lives->ask || !lives->bid ||
        !lives->n_amendments)
        return gb_fail(err, GB_ENOMEM, "no memory for the quotes of a slot");
    while ((message = gb_book_history_step(history))) {
        play(lives, message, first);
        first = history->next_trade;
    }
    if (history->next_trade < history->n_trades)
        return gb_fail(err, GB_EREFUSED,
                       "trade %" PRIu32 " of slot %" PRId64 " was made by no order of it",
                       history->trades[history->next_trade].number, lives->interval);
    return GB_OK;
}

static void clear(struct lives *lives)
{
    gb_book_history_clear(&lives->history);
    free(lives->points);
    free(lives->trade_seconds);
    free(lives->ask);
    free(lives->bid);
    free(lives->n_amendments);
}

static enum gb_status load(struct lives *lives, const struct gb_figure_request *request,
                           struct gb_error *err)
{
    *lives = (struct lives){.low = INFINITY, .high = -INFINITY};
    if (!request->is_continuous)
        return gb_fail(err, GB_EREFUSED,
                       "quotes stand as they were sent until the gate (market.mechanism)");
    enum gb_status status = gb_figure_slot_load(&lives->history, &lives->interval, request, err);
    if (status != GB_OK)
        return status;
    lives->window = gb_figure_slot_window(request, lives->interval);
    return live(lives, err);
}

/* ---- blocks */

/* The steps of an order: each quote at both ends of its time, up to the gate. returns whether there
 * was any time in which it rested */
static bool write_path(const struct lives *lives, uint32_t order, FILE *data)
{
    double quote = NAN, gate = gb_slot_seconds(&lives->window, lives->window.gate_ns);
    bool is_any = false;

    for (size_t p = 0; p < lives->n_points; p++) {
        const struct point *point = &lives->points[p];

        if (point->order != order)
            continue;
        if (!isnan(quote))
            fprintf(data, "%.12g %.12g\n", point->seconds, quote);
        quote = point->price;
        if (!isnan(quote))
            fprintf(data, "%.12g %.12g\n", point->seconds, quote);
        is_any = is_any || !isnan(quote);
    }
    if (!isnan(quote))
        fprintf(data, "%.12g %.12g\n", gate, quote);
    if (is_any)
        fputc('\n', data);
    return is_any;
}

/* returns how many orders of the side rested at all */
static size_t write_side(const struct lives *lives, bool is_asks, FILE *data)
{
    size_t n = 0;

    for (uint32_t i = 0; i < lives->history.n_orders; i++)
        if ((lives->history.orders[i].sent.side == SELL) == is_asks)
            n += write_path(lives, i, data);
    fputs(n ? "\n" : "NaN NaN\n\n\n", data);
    return n;
}

static void write_trades(struct lives *lives, FILE *data)
{
    for (size_t t = 0; t < lives->history.n_trades; t++) {
        double price = price_of(lives->history.trades[t].price_buy);

        widen(lives, price);
        fprintf(data, "%.12g %.12g %.12g %.12g %.12g\n", lives->trade_seconds[t], price,
                lives->ask[t], lives->bid[t], 1e-3 * (double)lives->history.trades[t].energy_wh);
    }
    fputs(lives->history.n_trades ? "\n\n" : "NaN NaN NaN NaN NaN\n\n\n", data);
}

static void write_head(const struct lives *lives, const struct gb_figure_request *request,
                       const char *blocks, FILE *data)
{
    fprintf(data,
            "# Source: /orders, /trades and /blocks of the result, trial %" PRIu64 ", slot %" PRId64
            ".\n# Blocks: %s.\n# Units: seconds after the opening at which a block was sealed, "
            "%s/kWh, kWh.\n",
            request->trial, lives->interval, blocks, request->currency);
}

static void write_axes(const struct lives *lives, const struct gb_figure_request *request,
                       struct gb_figure_page *page)
{
    double edge = fmax(0.04 * (lives->high - lives->low), 0.001);
    struct gb_axis axis = gb_axis_of(lives->low - edge, lives->high + edge, 6.0);

    axis.low = lives->low - edge; /* no tick need stand at its ends */
    axis.high = lives->high + edge;
    gb_slot_axis_write(&lives->window, page->settings);
    gb_axis_write(&axis, "y", page->settings);
    gb_figure_set_text(page->settings, "currency", request->currency);
    fprintf(page->settings, "n_trades = %zu\n", lives->history.n_trades);
}

/* "3 asks and 1 bid": of what there is; returns whether there is anything */
static bool write_counts(size_t n_asks, size_t n_bids, FILE *out)
{
    if (n_asks > 0)
        fprintf(out, "%zu ask%s", n_asks, n_asks == 1 ? "" : "s");
    fputs(n_asks > 0 && n_bids > 0 ? " and " : "", out);
    if (n_bids > 0)
        fprintf(out, "%zu bid%s", n_bids, n_bids == 1 ? "" : "s");
    return n_asks + n_bids > 0;
}

/* Of quotes and trades that there are alone. */
static void describe_quotes(const struct lives *lives, size_t n_asks, size_t n_bids, FILE *caption)
{
    size_t n = lives->history.n_trades;
    bool is_any = n_asks + n_bids > 0;

    fputs(is_any ? ": the quotes of " : ": no quote rested", caption);
    if (write_counts(n_asks, n_bids, caption))
        fputs(" while something of them rested", caption);
    if (n > 0)
        fprintf(caption,
                ", and %zu trade%s, on a grey line from one of the two quotes that met to the "
                "other",
                n, n == 1 ? "" : "s");
    fputs(". All of a block counts at the time at which it was sealed.", caption);
}

enum gb_status gb_figure_quotes(const struct gb_figure_request *request,
                                struct gb_figure_page *page, struct gb_error *err)
{
    struct lives lives;
    enum gb_status status = load(&lives, request, err);

    if (status == GB_OK) {
        gb_page_set_width(page, request, GB_PAGE_MM);
        write_head(&lives, request,
                   "asks, bids (time, quote; an order a group); trades (time, price, the ask and "
                   "the bid that met, energy)",
                   page->data);
        size_t n_asks = write_side(&lives, true, page->data);
        size_t n_bids = write_side(&lives, false, page->data);

        write_trades(&lives, page->data);
        write_axes(&lives, request, page);
        gb_figure_slot_describe(request, lives.interval, page->caption);
        fprintf(page->settings, "n_asks = %zu\nn_bids = %zu\n", n_asks, n_bids);
        describe_quotes(&lives, n_asks, n_bids, page->caption);
    }
    clear(&lives);
    return status;
}

/* ---- concessions of a few */

/* The order of a side with most amendments of those not yet chosen; n_orders: there is none. */
static uint32_t choose_order(const struct lives *lives, bool is_asks, const bool *is_chosen)
{
    uint32_t n = (uint32_t)lives->history.n_orders, best = n, most = 0;

    for (uint32_t i = 0; i < n; i++)
        if ((lives->history.orders[i].sent.side == SELL) == is_asks && !is_chosen[i] &&
            lives->n_amendments[i] > most) {
            most = lives->n_amendments[i];
            best = i;
        }
    return best;
}

static void write_concession(struct lives *lives, uint32_t order, size_t number,
                             struct gb_figure_page *page)
{
    const struct gb_order_row *sent = &lives->history.orders[order].sent;
    double gate = gb_slot_seconds(&lives->window, lives->window.gate_ns);
    char name[64];

    write_path(lives, order, page->data);
    fprintf(page->data, "\n%.12g %.12g\n\n\n", gate, price_of(sent->reserve));
    widen(lives, price_of(sent->reserve));
    snprintf(name, sizeof name, "%s of meter %" PRIu32, sent->side == SELL ? "ask" : "bid",
             sent->meter);
    gb_figure_set_nth(page->settings, "name", number, name);
}

/* n: how many, of asks and of bids */
static enum gb_status write_concessions(struct lives *lives, struct gb_figure_page *page,
                                        size_t n[2], struct gb_error *err)
{
    bool *is_chosen = calloc(lives->history.n_orders + 1, sizeof *is_chosen);

    n[0] = n[1] = 0;
    if (!is_chosen)
        return gb_fail(err, GB_ENOMEM, "no memory for the orders of a slot");
    for (int side = 0; side < 2; side++)
        while (n[side] < MAX_PATHS) {
            uint32_t order = choose_order(lives, side == 0, is_chosen);

            if (order == lives->history.n_orders)
                break;
            is_chosen[order] = true;
            n[side]++;
            write_concession(lives, order, n[0] + n[1], page);
        }
    free(is_chosen);
    return n[0] + n[1] > 0 ? GB_OK
                           : gb_fail(err, GB_EREFUSED, "nobody amended an order in slot %" PRId64,
                                     lives->interval);
}

static void describe_concessions(const struct lives *lives, const size_t n[2], FILE *caption)
{
    fputs(": quotes of the ", caption);
    write_counts(n[0], n[1], caption);
    fputs(" with most amendments, while something of them rested; marks at the gate: their "
          "reserves",
          caption);
    if (lives->history.n_trades > 0)
        fputs("; dots: all trades of the slot, whose prices they go towards", caption);
    fputs(".", caption);
}

enum gb_status gb_figure_concessions(const struct gb_figure_request *request,
                                     struct gb_figure_page *page, struct gb_error *err)
{
    struct lives lives;
    size_t n[2];
    enum gb_status status = load(&lives, request, err);

    if (status == GB_OK) {
        gb_page_set_width(page, request, GB_PAGE_MM);
        write_head(&lives, request,
                   "trades (time, price, the ask and the bid that met, energy); then two for each "
                   "order: its quotes (time, quote), its reserve at the gate",
                   page->data);
        write_trades(&lives, page->data);
        status = write_concessions(&lives, page, n, err);
        fprintf(page->settings, "n_paths = %zu\n", n[0] + n[1]);
        write_axes(&lives, request, page);
        gb_figure_slot_describe(request, lives.interval, page->caption);
        describe_concessions(&lives, n, page->caption);
    }
    clear(&lives);
    return status;
}
