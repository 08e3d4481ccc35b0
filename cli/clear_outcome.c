#include "cli/clear_outcome.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "cli/message.h"
#include "models/market/appraisal.h"

#define MOST_NAMED 10 /* late messages; the others are counted */

/* ---- what came too late */

enum why_late { FILLED, CANCELLED, LAPSED, N_WHY };

/* Nothing is left of an order: what took it? */
static enum why_late why_late(const struct gb_book_action *order,
                              const struct gb_replayed_order *replayed)
{
    if (replayed->is_cancelled)
        return CANCELLED;
    if (order->order.type != GB_ORDER_LIMIT && replayed->filled.wh < replayed->wanted.wh)
        return LAPSED;
    return FILLED;
}

static bool is_late(const struct gb_replay *replay, size_t i)
{
    return replay->fates[i] != GB_FATE_APPLIED;
}

void gb_clear_report_late(const char *name, const struct gb_book_csv *book,
                          const struct gb_book_action *actions, const struct gb_replay *replay)
{
    static const char *const why[N_WHY] = {"it was filled before", "it was cancelled before",
                                           "what it did not trade at once had lapsed"};
    size_t n[N_WHY] = {0}, n_late = 0, n_messages = 0;

    for (size_t i = 0; i < book->n; i++) {
        const struct gb_book_row *row = &book->rows[i];

        n_messages += row->is_cancel || row->is_amendment;
        if (!is_late(replay, i))
            continue;
        enum why_late reason = why_late(&actions[row->target], &replay->orders[actions[i].target]);
        n[reason]++;
        if (n_late++ < MOST_NAMED)
            gb_message_note("%s:%" PRIu32 ": the %s of '%.60s' came too late: %s", name, row->line,
                            row->is_cancel ? "cancel" : "amendment", row->id, why[reason]);
    }
    if (n_late > 0)
        gb_message_note("%zu of %zu cancels and amendments came too late: %zu lost a race against "
                        "a fill, %zu followed a cancel, %zu came after a lapse",
                        n_late, n_messages, n[FILLED], n[CANCELLED], n[LAPSED]);
}

/* ---- what was cut */

void gb_clear_report_cut(const struct gb_replay *replay)
{
    int64_t wh = 0;
    size_t n = 0;
    char kwh[32];

    for (size_t i = 0; replay->match.cut && i < replay->n_orders; i++) {
        wh += replay->match.cut[i].wh;
        n += replay->match.cut[i].wh > 0;
    }
    if (n > 0)
        gb_message_note("%s kWh of %zu order%s cut before the match, beyond the market's limits of "
                        "export or import",
                        gb_format_decimal(wh, 3, kwh, sizeof kwh), n, n == 1 ? " was" : "s were");
}

/* ---- how good it is */

/* By number of the order; without a column `reserve` the reserve is the latest quote. */
static struct gb_valuation *valuations_of(const struct gb_book_csv *book,
                                          const struct gb_book_action *actions,
                                          const struct gb_replay *replay)
{
    struct gb_valuation *valuations = malloc((replay->n_orders + 1) * sizeof *valuations);
    size_t n = 0;

    for (size_t i = 0; valuations && i < book->n; i++) {
        const struct gb_order *order = &actions[i].order;

        if (actions[i].is_cancel || actions[i].is_amendment)
            continue;
        valuations[n] = (struct gb_valuation){replay->orders[n].wanted.wh,
                                              book->has_reserve ? order->reserve.ticks
                                                                : replay->match.last_quote[n].ticks,
                                              order->side};
        n++;
    }
    return valuations;
}

static void print_prices(const struct gb_appraisal *figures)
{
    double per_currency = 1.0 / (double)GB_TICKS_PER_CURRENCY;

    if (figures->traded_wh == 0)
        return;
    fprintf(stderr, "price         mean %.6f, sd %.6f, p10 %.6f, p90 %.6f\n",
            figures->price_mean * per_currency, figures->price_sd * per_currency,
            figures->price_p10 * per_currency, figures->price_p90 * per_currency);
    if (isfinite(figures->smith_alpha))
        fprintf(stderr, "Smith's alpha %.4f %% about the equilibrium price %.6f\n",
                figures->smith_alpha, figures->equilibrium.price * per_currency);
}

static void print_efficiency(const char *of, double efficiency, double part, double whole,
                             const char *unit)
{
    if (isfinite(efficiency))
        fprintf(stderr, "efficiency    %.4f %% on %s: %.6f of %.6f %s\n", 100 * efficiency, of,
                part, whole, unit);
}

enum gb_status gb_clear_summarise(const struct gb_book_csv *book,
                                  const struct gb_book_action *actions,
                                  const struct gb_replay *replay, struct gb_error *err)
{
    struct gb_valuation *valuations = valuations_of(book, actions, replay);
    const struct gb_match *match = &replay->match;
    struct gb_appraisal figures;

    if (!valuations)
        return gb_fail(err, GB_ENOMEM, "no memory for the reserves of %zu orders",
                       replay->n_orders);
    enum gb_status status = gb_market_appraise(&figures, valuations, replay->n_orders,
                                               match->trades, match->n_trades, err);
    free(valuations);
    if (status != GB_OK)
        return status;
    double kwh = 1.0 / (double)GB_WH_PER_KWH;

    fprintf(stderr, "trades        %zu, %.3f kWh\n", match->n_trades,
            (double)figures.traded_wh * kwh);
    print_prices(&figures);
    print_efficiency("reserves", figures.efficiency_reserves,
                     figures.surplus * GB_CURRENCY_PER_UNIT,
                     gb_currency(figures.equilibrium.surplus.units), "currency");
    print_efficiency("the grid's prices", figures.efficiency_grid, (double)figures.traded_wh * kwh,
                     (double)figures.clearable_wh * kwh, "kWh");
    return GB_OK;
}
