/* Every trade as a dot at its slot and price, a marker a source, and the mean of each slot weighted
 * by energy. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_slots_priv.h"
#include "analysis/schema.h"

#define TARIFF_SHARE 0.3 /* of the tariff's band: where prices spread less, it is not drawn */
#define N_SOURCES 5      /* enum gb_source: any, then those that have books */

struct trades {
    struct gb_slots slots;
    struct gb_trade_row *rows;
    size_t n, n_shown;
    double low, high; /* of prices */
};

static double price_of(const struct gb_trade_row *trade)
{
    return 1e-6 * (double)trade->price_buy;
}

static bool is_shown(const struct trades *trades, const struct gb_trade_row *trade)
{
    int64_t first = trades->slots.rows[0].interval;

    return trade->interval >= first && trade->interval < first + (int64_t)trades->slots.n;
}

static double middle_of(const struct trades *trades, int64_t interval)
{
    const struct gb_slot_row *slot = &trades->slots.rows[interval - trades->slots.rows[0].interval];

    return gb_hours(slot->time_ns + trades->slots.slot_ns / 2);
}

/* returns how many dots the block of a source has */
static size_t write_source(struct trades *trades, uint8_t source, FILE *data)
{
    size_t n = 0;

    for (size_t i = 0; i < trades->n; i++) {
        const struct gb_trade_row *trade = &trades->rows[i];

        if (trade->source != source || !is_shown(trades, trade))
            continue;
        fprintf(data, "%.12g %.12g %.12g %" PRIu32 "\n", middle_of(trades, trade->interval),
                price_of(trade), 1e-3 * (double)trade->energy_wh, trade->round);
        trades->low = fmin(trades->low, price_of(trade));
        trades->high = fmax(trades->high, price_of(trade));
        n++;
    }
    fputs(n ? "\n\n" : "NaN NaN NaN NaN\n\n\n", data);
    trades->n_shown += n;
    return n;
}

/* The means of the slots; without trades there is none. */
static void write_means(const struct trades *trades, FILE *data)
{
    for (size_t i = 0; i < 2 * trades->slots.n; i++) {
        const struct gb_slot_row *slot = &trades->slots.rows[i / 2];

        if (isnan(slot->price_mean))
            fputs(i % 2 ? "\n" : "NaN NaN\n", data); /* a gap in the line */
        else
            fprintf(data, "%.12g %.12g\n",
                    gb_hours(slot->time_ns + (i % 2 ? trades->slots.slot_ns : 0)),
                    slot->price_mean);
    }
    fputs("\n\n", data);
}

static void write_sources(struct trades *trades, struct gb_figure_page *page)
{
    const struct gb_field *field = gb_field_find(GB_TABLE_TRADES, "source");

    for (uint8_t source = 0; source < N_SOURCES; source++) {
        char word[32];
        size_t n = write_source(trades, source, page->data);

        gb_field_word(field, source, word, sizeof word);
        gb_figure_set_nth(page->settings, "name", source + 1,
                          n == 0        ? ""
                          : source == 0 ? "any source"
                                        : word);
    }
}

/* Does the grid's price change among the slots shown? */
static bool tariff_varies(const struct trades *trades)
{
    const struct gb_slot_row *rows = trades->slots.rows;

    for (size_t i = 1; i < trades->slots.n; i++)
        if (rows[i].retail != rows[0].retail || rows[i].feed_in != rows[0].feed_in)
            return true;
    return false;
}

/* The band of each slot, at its start and its end, and the lines' highest and lowest. */
static void write_tariff(const struct trades *trades, FILE *data)
{
    for (size_t i = 0; i < 2 * trades->slots.n; i++) {
        const struct gb_slot_row *slot = &trades->slots.rows[i / 2];

        fprintf(data, "%.12g %.12g %.12g\n",
                gb_hours(slot->time_ns + (i % 2 ? trades->slots.slot_ns : 0)),
                1e-6 * (double)slot->retail, 1e-6 * (double)slot->feed_in);
    }
    fputs("\n\n", data);
}

static void find_band(const struct trades *trades, double *feed_in, double *retail)
{
    for (size_t i = 0; i < trades->slots.n; i++) {
        *feed_in = fmin(*feed_in, 1e-6 * (double)trades->slots.rows[i].feed_in);
        *retail = fmax(*retail, 1e-6 * (double)trades->slots.rows[i].retail);
    }
}

static void describe(struct trades *trades, const struct gb_figure_request *request,
                     struct gb_figure_page *page)
{
    const struct gb_slot_row *last = &trades->slots.rows[trades->slots.n - 1];
    bool varies = tariff_varies(trades);
    double feed_in = INFINITY, retail = -INFINITY;

    find_band(trades, &feed_in, &retail);
    bool has_tariff = trades->high - trades->low > TARIFF_SHARE * (retail - feed_in);
    double low = has_tariff ? fmin(trades->low, feed_in) : trades->low;
    double high = has_tariff ? fmax(trades->high, retail) : trades->high;
    double edge = fmax(0.06 * (high - low), 0.001);
    struct gb_axis axis = gb_axis_of(low - edge, high + edge, 7.0);

    gb_page_set_width(page, request, GB_PAGE_MM);
    gb_time_axis_write(&trades->slots.window, page);
    gb_axis_write(&axis, "y", page->settings);
    fprintf(
        page->settings,
        "has_tariff = %d\ntariff_varies = %d\nretail = %.12g\nfeed_in = %.12g\nn_trades = %zu\n",
        has_tariff, has_tariff && varies, 1e-6 * (double)last->retail, 1e-6 * (double)last->feed_in,
        trades->n_shown);
    if (has_tariff && varies)
        write_tariff(trades, page->data);
    gb_figure_set_text(page->settings, "currency", request->currency);
    fprintf(page->caption,
            "%zu trade%s by the price that buyers pay; line: mean of a slot, weighted "
            "by energy; ",
            trades->n_shown, trades->n_shown == 1 ? "" : "s");
    gb_slots_describe(&trades->slots, request, page->caption);
    fprintf(page->caption,
            varies ? "; the grid sells at up to %g and buys at no less than %g."
                   : "; the grid sells at %g and buys at %g.",
            retail, feed_in);
}

static enum gb_status load(struct trades *trades, const struct gb_figure_request *request,
                           struct gb_error *err)
{
    void *rows = NULL;
    enum gb_status status = gb_slots_load(&trades->slots, request, err);

    if (status == GB_OK)
        status = gb_results_rows(request->results, GB_TABLE_TRADES, request->trial, &rows,
                                 &trades->n, err);
    trades->rows = rows;
    return status;
}

enum gb_status gb_figure_trades(const struct gb_figure_request *request,
                                struct gb_figure_page *page, struct gb_error *err)
{
    struct trades trades = {.low = INFINITY, .high = -INFINITY};
    enum gb_status status = load(&trades, request, err);

    if (status == GB_OK) {
        gb_slots_write_head(&trades.slots, request, page->data);
        fprintf(
            page->data,
            "# Blocks: trades (/trades) of any source, of solar, wind, storage and further ones: "
            "middle of\n# the slot, price, energy, round; then the mean price of each slot at its "
            "start and its end.\n# Units: hours since the start of the run, %s/kWh, kWh.\n",
            request->currency);
        write_sources(&trades, page);
        write_means(&trades, page->data);
        if (trades.n_shown > 0)
            describe(&trades, request, page);
        else
            status = gb_fail(err, GB_EREFUSED, "nothing was traded in the time shown");
    }
    free(trades.rows);
    gb_slots_clear(&trades.slots);
    return status;
}
