#include "tests/drawn_scenario.h"

#include <stdio.h>
#include <string.h>

#include "experiments/scenario/diagnostics.h"
#include "tests/tap.h"

enum { SEED = 20230601 };

struct factor {
    const char *key, *values[14];
};

/* Drawn for every scenario: they keep it small. */
static const struct factor sizes[] = {
    {"meters.count", {"1", "2", "3", "5", "8", "12", "20", "33", "70"}},
    {"slots", {"1", "2", "3", "5", "8", "12"}},
    {"slot", {"15 min", "15 min", "15 min", "60 min", "1 min", "5 min", "30 min"}},
    {"site.utc_offset", {"8", "-4", "-4", "-4", "-2"}}, /* slot 0 is at night, or at noon */
    {"seed", {"0", "1", "2", "3", "77", "9007199254740992"}},
    {0},
};

/* Each is drawn in about a third of the scenarios. */
static const struct factor factors[] = {
    {"replication", {"1", "4294967295"}},
    {"days", {"1", "2"}},
    {"start_date", {"2024-02-28", "2023-12-31", "2000-06-21"}},
    {"meters.prosumer_share", {"0", "1", "0.2", "0.8"}},
    {"meters.wind_share", {"0", "1", "0.5"}},
    {"meters.storage_share", {"0", "1"}},
    {"pv.size", {"0.5", "30"}},
    {"storage.initial", {"0", "1"}},
    {"storage.loss", {"0.01"}},
    {"storage.controller", {"none", "greedy", "contract", "price_threshold", "schedule"}},
    {"storage.baseline", {"same", "none", "greedy"}},
    {"forecast.kind", {"perfect", "perfect", "conditional_mean"}},
    {"forecast.skill", {"0", "1", "0.8"}},
    {"tariff.retail", {"0.31", "1", "0.59"}},
    {"tariff.feed_in", {"0", "0.31"}},
    {"imbalance.short", {"0.59", "2", "retail", "0.2"}},
    {"imbalance.long", {"0", "0.05", "feed_in", "0.5"}},
    {"settlement.unmatched", {"scheduled", "scheduled", "metered"}},
    {"settlement.rule", {"delivered", "firm", "firm"}},
    {"agents.strategy", {"truthful", "zi_c", "fixed_shade", "paper_beta"}},
    {"agents.balance", {"0", "0.01", "0.5", "1000000"}},
    {"agents.reaction",
     {"constant 0 s", "uniform 0 s 900 s", "exponential 300 s", "constant 600 s",
      "lognormal 100 s 1", "uniform 0 s 7200 s"}},
    {"agents.beta", {"drawn"}},
    {"agents.source_preference.solar", {"0.5", "1"}},
    {"market.mechanism", {"grid_only", "two_round", "two_round"}},
    {"market.books", {"pooled", "by_source"}},
    {"market.beta", {"0", "1", "0.9"}},
    {"market.k", {"0", "1", "0.3"}},
    {"market.requote.rounds", {"0", "3", "until_cross"}},
    {"market.requote.match", {"crossing", "unconditional", "within_reserve"}},
    {"market.requote.anchor", {"extreme_trade", "vwap", "last_trade", "marginal_quote_filled"}},
    {"market.on_head_fail", {"stop"}},
    {"market.min_quantity", {"2", "500", "100000"}},
    {"market.capacity", {"1", "300", "5000"}},
    {"market.open", {"1 min", "7 min", "31 min", "90 min", "4 h", "16 min"}},
    {"market.gate", {"0 s", "1 s", "1 min", "29 min", "10 min"}},
    {"settlement.required", {"1", "2"}},
    {"settlement.deadline", {"0.001 s", "1 s", "1 min", "40 min", "3 h"}},
    {"chain.protocol", {"ideal", "pbft", "pbft"}},
    {"chain.flow", {"classic", "fisco2", "fisco3"}},
    {"chain.nodes", {"1", "2", "3", "6", "7"}},
    {"chain.leader_period", {"3", "1000000"}},
    {"chain.delay",
     {"constant 0 ms", "constant 100 ms", "normal 300 ms 300 ms", "exponential 5 s",
      "lognormal 20 s 1", "constant 120 s", "exponential 20 min", "uniform 0 ms 200 ms"}},
    {"chain.client_delay",
     {"constant 0 ms", "exponential 10 s", "lognormal 60 s 1", "constant 10 min",
      "exponential 40 min"}},
    {"chain.block.max_transactions", {"1", "2", "7"}},
    {"chain.block.min_seal", {"0 ms", "10 s", "10 min"}},
    {"chain.pool_limit", {"1", "3", "20"}},
    {"chain.concentrator", {"1", "3", "7", "1000"}},
    {"physics.step", {"1 min", "20 s", "slot"}},
    {"output.level", {"summary", "market"}},
    {0},
};

static uint32_t draw_below(struct drawn *drawn, uint32_t n)
{
    struct gb_draw draw = gb_draw_at(drawn->key, drawn->number, 0, 0, drawn->next++);

    return draw.words[0] % n;
}

static void add_setting(struct drawn *drawn, const char *key, const char *value)
{
    char *at = drawn->text + drawn->used;

    if (drawn->n == MAX_DRAWN_SETTINGS ||
        MAX_DRAWN_TEXT - drawn->used < strlen(key) + strlen(value) + 2) {
        EXPECT_TEXT("capacity for the settings", "none left");
        return;
    }
    drawn->used += (size_t)sprintf(at, "%s=%s", key, value) + 1;
    drawn->settings[drawn->n++] = at;
}

static void draw_value(struct drawn *drawn, const struct factor *factor)
{
    uint32_t n = 0;

    while (n < sizeof factor->values / sizeof factor->values[0] && factor->values[n])
        n++;
    add_setting(drawn, factor->key, factor->values[draw_below(drawn, n)]);
}

/* A table of orders at random instead of agents: several of a meter, ties, on both sides. */
static void draw_orders(struct drawn *drawn, uint32_t n_slots)
{
    static const char *const prices[] = {"0.31", "0.4", "0.45", "0.59"};
    static const char *const sources[] = {"solar", "wind", "storage"};
    char table[1500] = "id,side,price,quantity,time,slot,source\n";
    size_t used = strlen(table);
    uint32_t n = 1 + draw_below(drawn, 20);

    for (uint32_t i = 0; i < n; i++) {
        bool is_buy = draw_below(drawn, 2);
        uint32_t meter = draw_below(drawn, 6);

        used += (size_t)sprintf(
            table + used, "%c%u,%s,%s,%u.%03u,%u,%u,%s\n", is_buy ? 'B' : 'S', meter,
            is_buy ? "buy" : "sell", prices[draw_below(drawn, 4)], draw_below(drawn, 3),
            1 + draw_below(drawn, 999), draw_below(drawn, 30), draw_below(drawn, n_slots),
            is_buy && draw_below(drawn, 2) ? "any" : sources[draw_below(drawn, 3)]);
    }
    add_setting(drawn, "orders.inline", table);
    add_setting(drawn, "meters.delivery", draw_below(drawn, 3) ? "declared" : "modelled");
}

/* Cars and heat pumps, whose own keys are refused without them. */
static void draw_demand(struct drawn *drawn)
{
    static const struct factor cars = {"ev.controller", {"at_once", "before_departure"}};
    static const struct factor pumps[] = {
        {"heat_pump.controller", {"at_once", "before_departure", "price_limit"}},
        {"heat_pump.store", {"0", "6", "20"}},
        {"heat_pump.power", {"sized", "0.7"}},
        {"site.temperature", {"5", "-12"}}};

    if (draw_below(drawn, 10) < 3) {
        add_setting(drawn, "meters.ev_share", "0.5");
        draw_value(drawn, &cars);
    }
    if (draw_below(drawn, 10) < 3) {
        add_setting(drawn, "meters.heat_pump_share", "0.5");
        for (size_t i = 0; i < sizeof pumps / sizeof pumps[0]; i++)
            draw_value(drawn, &pumps[i]);
    }
}

void draw_settings(struct drawn *drawn, uint32_t number)
{
    *drawn = (struct drawn){.number = number, .key = gb_key_make(SEED, 0, GB_PURPOSE_TEST)};
    if (draw_below(drawn, 8) == 0) {
        add_setting(drawn, "meters.count", "12");
        add_setting(drawn, "slots", "3");
        draw_orders(drawn, 3);
    } else {
        for (const struct factor *factor = sizes; factor->key; factor++)
            draw_value(drawn, factor);
    }
    for (const struct factor *factor = factors; factor->key; factor++)
        if (draw_below(drawn, 10) < 3)
            draw_value(drawn, factor);
    draw_demand(drawn);
}

struct gb_scenario *scenario_of(size_t n, const char *const *settings)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;

    gb_scenario_defaults(&scenario, NULL, n, settings, diagnostics, NULL);
    gb_diagnostics_free(diagnostics);
    return scenario;
}
