/* Key figures of whole runs at the edges of their definitions: slots without a match, forecasts
 * that promise more than there is, prices far from zero, users of whom some lose. */
#include <math.h>
#include <stdlib.h>

#include "chain/contracts/contracts.h"
#include "experiments/run/slot_prices.h"
#include "tests/runs.h"
#include "tests/tap.h"

/* ---- missed slots */

/* Wh of accepted orders of one slot and side. */
static int64_t accepted_wh(const struct gb_record *record, int64_t interval, uint8_t side)
{
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    int64_t sum = 0;

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++)
        if (orders[i].interval == interval && orders[i].side == side &&
            orders[i].status == GB_RECEIPT_OK)
            sum += orders[i].quantity_wh;
    return sum;
}

static void orders_accepted_in_a_missed_slot_were_offered_and_asked(void)
{
    /* clients so slow that many a close comes after its slot was given up */
    const char *settings[] = {"slots=40",
                              "meters.count=20",
                              "meters.prosumer_share=0.6",
                              "site.utc_offset=-4",
                              "market.open=30 min",
                              "market.gate=30 s",
                              "chain.client_delay=exponential 6 min",
                              NULL};
    struct gb_record *record = run_with(NULL, settings);
    int64_t least_sides = 0, n_missed_with_both = 0;

    if (!record)
        return;
    const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);
    for (size_t k = 0; k < gb_record_n_rows(record, GB_TABLE_SLOTS); k++) {
        int64_t supply = accepted_wh(record, (int64_t)k, GB_SELL);
        int64_t demand = accepted_wh(record, (int64_t)k, GB_BUY);

        EXPECT_INT(slots[k].supply_wh, supply);
        EXPECT_INT(slots[k].demand_wh, demand);
        least_sides += supply < demand ? supply : demand;
        n_missed_with_both +=
            slots[k].status == 1 && slots[k].n_trades == 0 && supply > 0 && demand > 0;
    }
    EXPECT(n_missed_with_both > 0);
    EXPECT(summary_of(record)->traded_wh > 0);
    EXPECT_NEAR(summary_of(record)->efficiency_grid,
                (double)summary_of(record)->traded_wh / (double)least_sides, 1e-12);
    gb_record_free(record);
}

static void a_market_that_misses_every_slot_has_no_efficiency_left(void)
{
    const char *settings[] = {"orders.inline=id,side,price,quantity\na,sell,0.4,1\nb,buy,0.5,1\n",
                              "slot=60 min",
                              "slots=1",
                              "meters.count=2",
                              "meters.delivery=declared",
                              "market.books=pooled",
                              "market.open=60 min",
                              "market.gate=1 s",
                              "chain.client_delay=uniform 0 s 50 min",
                              NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (!record)
        return;
    EXPECT_INT(summary_of(record)->n_accepted, 2);
    EXPECT_INT(summary_of(record)->n_trades, 0);
    EXPECT(summary_of(record)->efficiency_reserves == 0);
    EXPECT(summary_of(record)->efficiency_grid == 0);
    gb_record_free(record);
}

/* ---- wrong forecasts */

static void trades_move_no_more_than_there_is_to_match(void)
{
    const char *settings[] = {"meters.count=24",
                              "meters.prosumer_share=0.9",
                              "slots=96",
                              "chain.protocol=ideal",
                              "chain.crypto=modelled",
                              NULL,
                              NULL};
    static const char *const forecasts[] = {"forecast.kind=conditional_mean",
                                            "forecast.kind=perfect"};

    for (int i = 0; i < 2; i++) {
        settings[5] = forecasts[i];
        struct gb_record *record = run_with(NULL, settings);
        const struct gb_summary_row *sum = record ? summary_of(record) : NULL;

        if (sum) {
            EXPECT(sum->traded_wh > 0);
            EXPECT(sum->local_matching_ratio > 0 && sum->local_matching_ratio <= 1);
            EXPECT(sum->traded_self_sufficiency <= 1);
            EXPECT(i == 0 ? sum->contracted_ratio > sum->local_matching_ratio
                          : sum->contracted_ratio == sum->local_matching_ratio);
        }
        gb_record_free(record);
    }
}

/* ---- prices */

static void prices_a_tick_apart_near_a_thousand_keep_their_spread(void)
{
    const char *settings[] = {"orders.inline=id,side,price,quantity\n"
                              "a,sell,999.000000,1\nb,sell,999.000001,2\nc,sell,999.000004,4\n"
                              "d,buy,999.000000,1\ne,buy,999.000001,2\nf,buy,999.000004,4\n",
                              "slot=60 min",
                              "slots=1",
                              "meters.count=6",
                              "meters.delivery=declared",
                              "market.books=pooled",
                              "tariff.retail=1000",
                              "tariff.feed_in=998",
                              "agents.balance=1000000",
                              "chain.protocol=ideal",
                              NULL};
    struct gb_record *record = run_with(NULL, settings);
    double mean = 0, square = 0;
    int64_t least = INT64_MAX, greatest = 0;

    if (!record)
        return;
    const struct gb_trade_row *trades = gb_record_rows(record, GB_TABLE_TRADES);
    size_t n = gb_record_n_rows(record, GB_TABLE_TRADES);
    const struct gb_summary_row *sum = summary_of(record);
    for (size_t t = 0; t < n; t++) {
        mean += (double)trades[t].energy_wh * (double)(trades[t].price_buy - 999000000) /
                (double)sum->traded_wh;
        least = trades[t].price_buy < least ? trades[t].price_buy : least;
        greatest = trades[t].price_buy > greatest ? trades[t].price_buy : greatest;
    }
    for (size_t t = 0; t < n; t++) {
        double from_mean = (double)(trades[t].price_buy - 999000000) - mean;
        square += (double)trades[t].energy_wh * from_mean * from_mean / (double)sum->traded_wh;
    }
    EXPECT(n > 1 && least < greatest);
    EXPECT_NEAR(sum->price_sd, sqrt(square) * 1e-6, 1e-12);
    EXPECT_NEAR(sum->price_mean, 999 + mean * 1e-6, 1e-12);
    EXPECT(sum->price_p10 >= (double)least / 1e6 && sum->price_p90 <= (double)greatest / 1e6);
    EXPECT(sum->price_p10 <= sum->price_p90);
    gb_record_free(record);
}

static void of_trades_at_one_price_every_figure_is_that_price(void)
{
    const char *settings[] = {
        "orders.inline=id,side,price,quantity\na,sell,0.45,1\nb,sell,0.45,0.7\nc,buy,0.45,0.3\n"
        "d,buy,0.45,1.4\n",
        "slot=60 min",
        "slots=1",
        "meters.count=4",
        "meters.delivery=declared",
        "market.books=pooled",
        "chain.protocol=ideal",
        NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (!record)
        return;
    const struct gb_slot_row *slot = gb_record_rows(record, GB_TABLE_SLOTS);
    const struct gb_summary_row *sum = summary_of(record);
    EXPECT(sum->price_mean == 0.45 && sum->price_p10 == 0.45 && sum->price_p90 == 0.45);
    EXPECT(sum->price_sd == 0 && slot->price_mean == 0.45);
    EXPECT(slot->price_sd == 0 && slot->price_p10 == 0.45 && slot->price_p90 == 0.45);
    gb_record_free(record);
}

static void prices_of_a_slot_count_by_the_energy_that_settled(void)
{
    static const struct gb_trade_row trades[] = {{.price_buy = 500000, .executed_wh = 100},
                                                 {.price_buy = 900000, .executed_wh = 0},
                                                 {.price_buy = 400000, .executed_wh = 800},
                                                 {.price_buy = 300000, .executed_wh = 100}};
    struct gb_slot_prices prices;

    EXPECT(gb_run_slot_prices(&prices, trades, 4));
    EXPECT_NEAR(prices.sd, sqrt(0.002), 1e-12); /* two tenths lie 0.1 from the mean of 0.4 */
    EXPECT(prices.p10 == 0.3 && prices.p90 == 0.4);
    EXPECT(gb_run_slot_prices(&prices, trades + 1, 1)); /* nothing settled */
    EXPECT(isnan(prices.sd) && isnan(prices.p10) && isnan(prices.p90));
}

static void what_is_drawn_from_the_grid_weighs_as_the_grid_does(void)
{
    const char *settings[] = {"meters.count=12", "slots=64", "meters.prosumer_share=1",
                              "grid.carbon=0.25", NULL};
    struct gb_record *record = run_with(NULL, settings);
    const struct gb_summary_row *sum = record ? summary_of(record) : NULL;

    if (sum) {
        EXPECT(sum->import_wh > 0 && sum->export_wh > 0);
        EXPECT_NEAR(sum->carbon, 0.25e-3 * (double)sum->import_wh, 1e-9);
        EXPECT_NEAR(sum->carbon_grid_only, 0.25e-3 * (double)sum->baseline_import_wh, 1e-9);
        EXPECT_NEAR(sum->carbon_saved, sum->carbon_grid_only - sum->carbon, 1e-9);
    }
    gb_record_free(record);
}

/* ---- who gains and who loses */

static void where_somebody_loses_gains_have_no_gini(void)
{
    const char *settings[] = {
        "meters.count=24",   "meters.prosumer_share=0.6", "slots=64", "chain.protocol=ideal",
        "imbalance.short=2", "imbalance.long=0",          NULL,       NULL};
    static const char *const forecasts[] = {"forecast.kind=conditional_mean",
                                            "forecast.kind=perfect"};

    for (int i = 0; i < 2; i++) {
        settings[6] = forecasts[i];
        struct gb_record *record = run_with(NULL, settings);
        const struct gb_summary_row *sum = record ? summary_of(record) : NULL;

        if (sum) {
            EXPECT(i == 0 ? sum->n_users_losing > 0 : sum->n_users_losing == 0);
            EXPECT(i == 0 ? isnan(sum->gini) && isnan(sum->jain)
                          : sum->gini > 0 && sum->gini < 1 && sum->jain > 0 && sum->jain <= 1);
            EXPECT(sum->gini_bills > 0 && sum->gini_bills < 1);
            EXPECT(sum->gini_bills_grid_only > 0 && sum->gini_bills_grid_only < 1);
        }
        gb_record_free(record);
    }
}

static void a_battery_that_ends_fuller_is_worth_what_it_holds(void)
{
    /* without a market, batteries that stay as they are against batteries that serve: whoever pays
     * more still has what they spent, and it costs less than that to buy it back */
    const char *settings[] = {
        "meters.count=24",      "meters.prosumer_share=1",    "meters.storage_share=1",  "slots=12",
        "chain.protocol=ideal", "market.mechanism=grid_only", "storage.controller=none", NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (!record)
        return;
    EXPECT(summary_of(record)->terminal_storage_wh > 0);
    EXPECT(summary_of(record)->cost > summary_of(record)->cost_grid_only);
    EXPECT_INT(summary_of(record)->n_users_losing, 0);
    gb_record_free(record);
}

static void first_choices_are_those_of_orders_and_a_share(void)
{
    static const char *const asking[] = {
        "meters.count=16",       "slots=6",
        "site.utc_offset=-4",    "agents.source_preference.solar=1",
        "meters.wind_share=0",   "meters.storage_share=0",
        "forecast.kind=perfect", NULL};
    static const char *const given[] = {
        "meters.count=2",
        "slots=1",
        "meters.delivery=declared",
        "market.books=pooled",
        "orders.inline=id,side,price,quantity,time\nS,sell,0.4,1,1\nB,buy,0.5,1,2\n",
        NULL};
    struct gb_record *some = run_with(NULL, asking), *none = run_with(NULL, given);

    if (some && none) {
        EXPECT(summary_of(some)->first_choice_share > 0);
        EXPECT(summary_of(some)->first_choice_share <= 1);
        EXPECT_INT(summary_of(none)->traded_wh, 1000);
        EXPECT(isnan(summary_of(none)->first_choice_share)); /* nobody asked */
    }
    gb_record_free(some);
    gb_record_free(none);
}

static void the_charge_batteries_begin_with_is_no_local_generation(void)
{
    /* no generator gives any power at night: what batteries hold came from the grid */
    static const char *const night[] = {"meters.count=10",
                                        "slots=8",
                                        "meters.prosumer_share=1",
                                        "meters.wind_share=0",
                                        "meters.storage_share=1",
                                        "storage.initial=1",
                                        NULL};
    struct gb_record *record = run_with(NULL, night);

    if (record) {
        EXPECT_INT(summary_of(record)->generation_wh, 0);
        EXPECT(summary_of(record)->import_wh < summary_of(record)->load_wh);
        EXPECT_NEAR(summary_of(record)->self_sufficiency, 0, 1e-12);
        EXPECT_NEAR(summary_of(record)->traded_self_sufficiency, 0, 1e-12);
    }
    gb_record_free(record);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(orders_accepted_in_a_missed_slot_were_offered_and_asked),
        TAP(a_market_that_misses_every_slot_has_no_efficiency_left),
        TAP(trades_move_no_more_than_there_is_to_match),
        TAP(prices_a_tick_apart_near_a_thousand_keep_their_spread),
        TAP(of_trades_at_one_price_every_figure_is_that_price),
        TAP(prices_of_a_slot_count_by_the_energy_that_settled),
        TAP(what_is_drawn_from_the_grid_weighs_as_the_grid_does),
        TAP(where_somebody_loses_gains_have_no_gini),
        TAP(a_battery_that_ends_fuller_is_worth_what_it_holds),
        TAP(first_choices_are_those_of_orders_and_a_share),
        TAP(the_charge_batteries_begin_with_is_no_local_generation),
        {0}};
    return tap_main("kpis", tests);
}
