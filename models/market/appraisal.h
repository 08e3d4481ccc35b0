/* How good the outcome of one book is: how far its prices lie from the competitive equilibrium and
 * from each other, and how much of what the orders could gain they gained, valued by their reserves
 * and by the grid's prices. */
#ifndef MODELS_MARKET_APPRAISAL_H
#define MODELS_MARKET_APPRAISAL_H

#include "base/status.h"
#include "models/market/trade.h"
#include "models/market/welfare.h"

/* Prices are what buyers pay, in ticks, and energy weighs them; NaN is a figure of nothing. */
struct gb_appraisal {
    int64_t traded_wh;
    int64_t clearable_wh; /* the smaller of what is offered and what is asked for */
    double price_mean, price_sd, price_p10, price_p90;
    struct gb_equilibrium equilibrium; /* on reserves; what the orders could gain at most */
    double smith_alpha; /* %: root mean square of price - p*, over |p*|; p* of equilibrium */
    double surplus;     /* what trades gained, in units of money: q (v - c) */
    double efficiency_reserves; /* of what could be gained */
    double efficiency_grid;     /* the same with retail for v, feed-in for c: traded / clearable */
};

/* orders  by number, as trades name them, with what each wanted and its reserve
 * source  doc/kpis.md, of one slot; V. L. Smith (1962), "An experimental study of competitive
 *         market behavior", J. Political Economy 70, for alpha
 * returns GB_OK, GB_ENOMEM */
enum gb_status gb_market_appraise(struct gb_appraisal *out, const struct gb_valuation *orders,
                                  size_t n, const struct gb_trade *trades, size_t n_trades,
                                  struct gb_error *err);

#endif
