/* What became of a book: messages that came too late, what orders wanted in the end, and the
 * figures of an outcome against ones computed by hand. */
#include "models/market/replay.h"

#include <math.h>

#include "models/market/appraisal.h"
#include "tests/table1.h"
#include "tests/tap.h"

#define CURRENCY 1e9 /* units of money */

static struct gb_book_action order(enum gb_side side, int64_t ticks, int64_t wh)
{
    return (struct gb_book_action){.order = {.side = (uint8_t)side,
                                             .quantity = {wh},
                                             .price = {ticks},
                                             .reserve = {ticks},
                                             .beta_millionths = GB_BETA_OF_MARKET}};
}

static struct gb_book_action cancel(uint32_t target)
{
    return (struct gb_book_action){.is_cancel = 1, .target = target};
}

static struct gb_book_action amendment(uint32_t target, int64_t ticks, int64_t wh)
{
    return (struct gb_book_action){
        .is_amendment = 1, .target = target, .order = {.quantity = {wh}, .price = {ticks}}};
}

/* The state of a mechanism with its options at their defaults and one book. */
static void *state_of(const struct gb_mechanism *mechanism, const char *key, const char *value)
{
    struct gb_market_rules rules;
    struct gb_error err = {0};
    void *state = NULL;
    char why[128];

    gb_market_rules_init(&rules);
    gb_market_rules_select(&rules, mechanism);
    EXPECT(gb_market_rules_set(&rules, "market.books", "pooled", why, sizeof why));
    if (key)
        EXPECT(gb_market_rules_set(&rules, key, value, why, sizeof why));
    EXPECT_INT(mechanism->create(&state, &rules, &err), GB_OK);
    return state;
}

static void a_message_about_an_order_that_is_gone_is_told_to_be_late(void)
{
    const struct gb_book_action actions[] = {
        order(GB_SELL, 40, 5), order(GB_BUY, 41, 7), cancel(0), amendment(1, 42, 6), cancel(1),
        amendment(1, 50, 9),
    };
    static const enum gb_fate fates[] = {GB_FATE_APPLIED, GB_FATE_APPLIED, GB_FATE_ALREADY_DONE,
                                         GB_FATE_APPLIED, GB_FATE_APPLIED, GB_FATE_ALREADY_DONE};
    const struct gb_mechanism *mechanism = &gb_mechanism_continuous;
    void *state = state_of(mechanism, NULL, NULL);
    struct gb_error err = {0};
    struct gb_replay replay;

    if (EXPECT_INT(gb_replay_run(&replay, mechanism, state, actions, 6, &err), GB_OK)) {
        for (size_t i = 0; i < 6; i++)
            EXPECT_INT(replay.fates[i], fates[i]);
        EXPECT_INT((int64_t)replay.n_orders, 2);
        EXPECT_INT(replay.orders[0].wanted.wh, 5);
        EXPECT(!replay.orders[0].is_cancelled);
        EXPECT_INT(replay.orders[1].filled.wh, 5);
        EXPECT_INT(replay.orders[1].wanted.wh, 5); /* 6 by then, of which a cancel left 5 */
        EXPECT(replay.orders[1].is_cancelled);
        gb_replay_clear(&replay);
    }
    mechanism->free(state);
}

static void at_a_gate_every_cancel_is_in_time_and_leaves_nothing_wanted(void)
{
    const struct gb_book_action actions[] = {order(GB_SELL, 40, 5), cancel(0),
                                             order(GB_BUY, 41, 7)};
    const struct gb_mechanism *mechanism = &gb_mechanism_uniform;
    void *state = state_of(mechanism, NULL, NULL);
    struct gb_error err = {0};
    struct gb_replay replay;

    if (EXPECT_INT(gb_replay_run(&replay, mechanism, state, actions, 3, &err), GB_OK)) {
        EXPECT_INT(replay.fates[1], GB_FATE_APPLIED);
        EXPECT_INT(replay.orders[0].wanted.wh, 0);
        EXPECT_INT(replay.orders[1].wanted.wh, 7);
        gb_replay_clear(&replay);
    }
    mechanism->free(state);
}

static struct gb_appraisal of_table_1(const char *rounds)
{
    const struct gb_mechanism *mechanism = &gb_mechanism_two_round;
    void *state = state_of(mechanism, "market.requote.rounds", rounds);
    struct gb_book_action actions[TABLE1_ROWS];
    struct gb_valuation valuations[TABLE1_ROWS];
    struct gb_appraisal figures = {0};
    struct gb_error err = {0};
    struct gb_replay replay;

    table1(actions);
    for (size_t i = 0; i < TABLE1_ROWS; i++)
        valuations[i] = (struct gb_valuation){
            actions[i].order.quantity.wh, actions[i].order.reserve.ticks, actions[i].order.side};
    if (EXPECT_INT(gb_replay_run(&replay, mechanism, state, actions, TABLE1_ROWS, &err), GB_OK)) {
        EXPECT_INT(gb_market_appraise(&figures, valuations, TABLE1_ROWS, replay.match.trades,
                                      replay.match.n_trades, &err),
                   GB_OK);
        gb_replay_clear(&replay);
    }
    mechanism->free(state);
    return figures;
}

/* 227.1 is the most that Table 1 can gain, 183.6 what one round gains of it; 1495 kWh are offered,
 * and 1060 trade in one round. */
static void table_1_gains_all_in_two_rounds_and_183_and_six_tenths_in_one(void)
{
    struct gb_appraisal two = of_table_1("1"), one = of_table_1("0");

    EXPECT_NEAR(two.surplus / CURRENCY, 227.1, 1e-9);
    EXPECT_NEAR(two.efficiency_reserves, 1, 1e-12);
    EXPECT_NEAR(two.efficiency_grid, 1, 1e-12);
    EXPECT_NEAR(one.surplus / CURRENCY, 183.6, 1e-9);
    EXPECT_NEAR(one.efficiency_reserves, 183.6 / 227.1, 1e-12);
    EXPECT_NEAR(one.efficiency_grid, 1060.0 / 1495.0, 1e-12);
    EXPECT_NEAR(one.equilibrium.price, 550000, 0);
}

/* Three trades about an equilibrium price of -10: 3 Wh at -8, 1 Wh at -14, so the mean is -9.5, the
 * square about -10 is (3 4 + 16) / 4 = 7, that about the mean 7 - 0.25. */
static void alpha_and_dispersion_are_those_computed_by_hand_below_zero_too(void)
{
    static const struct gb_valuation orders[] = {{4, -20, GB_SELL}, {4, 0, GB_BUY}};
    static const struct gb_trade trades[] = {
        {.sell_order = 0, .buy_order = 1, .energy = {1}, .price_buy = {-8}},
        {.sell_order = 0, .buy_order = 1, .energy = {1}, .price_buy = {-14}},
        {.sell_order = 0, .buy_order = 1, .energy = {2}, .price_buy = {-8}}};
    struct gb_appraisal figures;
    struct gb_error err = {0};

    EXPECT_INT(gb_market_appraise(&figures, orders, 2, trades, 3, &err), GB_OK);
    EXPECT_NEAR(figures.equilibrium.price, -10, 1e-12);
    EXPECT_NEAR(figures.smith_alpha, 100 * sqrt(7) / 10, 1e-9);
    EXPECT_NEAR(figures.price_mean, -9.5, 1e-12);
    EXPECT_NEAR(figures.price_sd, sqrt(6.75), 1e-12);
    EXPECT_NEAR(figures.price_p10, -14, 0);
    EXPECT_NEAR(figures.price_p90, -8, 0);
    EXPECT_NEAR(figures.efficiency_reserves, 1, 1e-12);
}

static void of_no_trade_there_is_no_price(void)
{
    static const struct gb_valuation orders[] = {{4, 20, GB_SELL}, {4, 0, GB_BUY}};
    struct gb_appraisal figures;
    struct gb_error err = {0};

    EXPECT_INT(gb_market_appraise(&figures, orders, 2, NULL, 0, &err), GB_OK);
    EXPECT(isnan(figures.price_mean) && isnan(figures.price_p90) && isnan(figures.smith_alpha));
    EXPECT(isnan(figures.efficiency_reserves)); /* nothing could be gained */
    EXPECT_NEAR(figures.efficiency_grid, 0, 0);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_message_about_an_order_that_is_gone_is_told_to_be_late),
        TAP(at_a_gate_every_cancel_is_in_time_and_leaves_nothing_wanted),
        TAP(table_1_gains_all_in_two_rounds_and_183_and_six_tenths_in_one),
        TAP(alpha_and_dispersion_are_those_computed_by_hand_below_zero_too),
        TAP(of_no_trade_there_is_no_price),
        {0}};
    return tap_main("replay", tests);
}
