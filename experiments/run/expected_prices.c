#include "experiments/run/expected_prices.h"

#include <math.h>
#include <stdlib.h>

#include "base/date.h"

enum { DAYS_KEPT = 3 }; /* yesterday, and some time for whoever asks and whoever is behind */

struct gb_run_price_made {
    int64_t interval;
    uint64_t height; /* of the match; 0: there is none */
    bool has_trades;
    struct gb_price_expectation mean;
};

enum gb_status gb_run_expected_prices_init(struct gb_run_expected_prices *prices,
                                           const struct gb_run_environment *env,
                                           const struct gb_run_knowledge *knowledge,
                                           struct gb_error *err)
{
    int64_t n_a_day = (GB_NS_PER_DAY + env->slot_ns - 1) / env->slot_ns;

    *prices = (struct gb_run_expected_prices){
        .env = env, .knowledge = knowledge, .n_a_day = n_a_day, .n = DAYS_KEPT * (size_t)n_a_day};
    prices->made = calloc(prices->n, sizeof *prices->made);
    if (!prices->made)
        return gb_fail(err, GB_ENOMEM, "no memory for the prices of %zu slots", prices->n);
    return GB_OK;
}

void gb_run_expected_prices_clear(struct gb_run_expected_prices *prices)
{
    free(prices->made);
    prices->made = NULL;
}

void gb_run_expected_prices_match(struct gb_run_expected_prices *prices, int64_t interval,
                                  const struct gb_interval_view *view, uint64_t height)
{
    struct gb_run_price_made *made = &prices->made[(size_t)interval % prices->n];
    double bought = 0, sold = 0, wh = 0;

    for (size_t t = 0; t < view->n_standing; t++) {
        const struct gb_trade *trade = &view->trades[t];
        wh += (double)trade->energy.wh;
        bought += (double)trade->energy.wh * (double)trade->price_buy.ticks;
        sold += (double)trade->energy.wh * (double)trade->price_sell.ticks;
    }
    *made =
        (struct gb_run_price_made){.interval = interval, .height = height, .has_trades = wh > 0};
    if (wh <= 0)
        return;
    const struct gb_scenario *scenario = prices->env->scenario;
    struct gb_price paid = {llround(bought / wh)}, earned = {llround(sold / wh)};
    if (scenario->fees_kept == GB_FEES_KEPT) {
        paid = gb_trade_fees_with(&scenario->trade_fees, GB_BUY, paid);
        earned = gb_trade_fees_with(&scenario->trade_fees, GB_SELL, earned);
    }
    made->mean = (struct gb_price_expectation){paid, earned};
}

struct gb_price_expectation gb_run_tariff_expectation(const struct gb_run_environment *env,
                                                      uint32_t meter, int64_t interval)
{
    const struct gb_tariff *own = gb_run_tariff(env, meter, interval);

    return (struct gb_price_expectation){own->retail, own->feed_in};
}

struct gb_run_heard_price gb_run_hear_price(const struct gb_run_expected_prices *prices,
                                            int64_t interval, uint32_t node)
{
    int64_t before = interval - prices->n_a_day;
    struct gb_run_heard_price heard = {.interval = interval};

    if (before < 0 || prices->env->scenario->information == GB_INFORMATION_SEALED)
        return heard;
    const struct gb_run_price_made *made = &prices->made[(size_t)before % prices->n];
    heard.has_trades = made->interval == before && made->has_trades &&
                       gb_run_knowledge_has(prices->knowledge, node, made->height);
    if (heard.has_trades)
        heard.mean = made->mean;
    return heard;
}

struct gb_price_expectation gb_run_expected_price(const struct gb_run_environment *env,
                                                  const struct gb_run_heard_price *heard,
                                                  uint32_t meter)
{
    return heard->has_trades ? heard->mean : gb_run_tariff_expectation(env, meter, heard->interval);
}
