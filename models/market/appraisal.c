#include "models/market/appraisal.h"

#include <math.h>

#include "sim/histogram.h"
#include "sim/tally.h"

static double ratio(double numerator, double denominator)
{
    return denominator != 0 ? numerator / denominator : NAN;
}

static int64_t clearable(const struct gb_valuation *orders, size_t n)
{
    int64_t wh[2] = {0}; /* by side */

    for (size_t i = 0; i < n; i++)
        wh[orders[i].side] += orders[i].wh;
    return wh[GB_BUY] < wh[GB_SELL] ? wh[GB_BUY] : wh[GB_SELL];
}

static enum gb_status appraise_prices(struct gb_appraisal *out, const struct gb_trade *trades,
                                      size_t n, struct gb_error *err)
{
    struct gb_histogram *prices = NULL;
    struct gb_weighted_tally tally = {0}, off_equilibrium = {0};
    enum gb_status status = gb_histogram_create(&prices, err);

    for (size_t t = 0; t < n && status == GB_OK; t++) {
        double price = (double)trades[t].price_buy.ticks, wh = (double)trades[t].energy.wh;
        double off = price - out->equilibrium.price;

        gb_weighted_tally_add(&tally, price, wh);
        gb_weighted_tally_add(&off_equilibrium, off * off, wh);
        if (!gb_histogram_add(prices, trades[t].price_buy.ticks, trades[t].energy.wh))
            status = gb_fail(err, GB_ENOMEM, "no memory for the prices of %zu trades", n);
    }
    if (status == GB_OK) {
        out->price_mean = gb_weighted_tally_mean(&tally);
        out->price_sd = gb_weighted_tally_sd(&tally);
        out->price_p10 = gb_histogram_quantile(prices, 10);
        out->price_p90 = gb_histogram_quantile(prices, 90);
        out->smith_alpha = 100 * ratio(sqrt(gb_weighted_tally_mean(&off_equilibrium)),
                                       fabs(out->equilibrium.price));
    }
    gb_histogram_free(prices);
    return status;
}

enum gb_status gb_market_appraise(struct gb_appraisal *out, const struct gb_valuation *orders,
                                  size_t n, const struct gb_trade *trades, size_t n_trades,
                                  struct gb_error *err)
{
    struct gb_appraisal figures = {.clearable_wh = clearable(orders, n),
                                   .equilibrium = gb_market_equilibrium(orders, n)};
    enum gb_status status = appraise_prices(&figures, trades, n_trades, err);

    for (size_t t = 0; t < n_trades; t++) {
        double value = (double)orders[trades[t].buy_order].reserve;
        double cost = (double)orders[trades[t].sell_order].reserve;

        figures.traded_wh += trades[t].energy.wh;
        figures.surplus += (double)trades[t].energy.wh * (value - cost);
    }
    figures.efficiency_reserves = ratio(figures.surplus, (double)figures.equilibrium.surplus.units);
    figures.efficiency_grid = ratio((double)figures.traded_wh, (double)figures.clearable_wh);
    if (status == GB_OK)
        *out = figures;
    return status;
}
