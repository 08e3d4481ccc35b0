/* What a settled trade moves: the paper's table to the last unit, prices below 0, and the parts of
 * the fees that each side pays. Who settles it is told by tests/test_settlement.c. */
#include <string.h>

#include "tests/stage_delivery.h"
#include "tests/table1.h"
#include "tests/tap.h"

static bool is_settled(const struct stage *stage, int64_t interval, uint32_t trade)
{
    return gb_contracts_interval(stage->contracts, interval).trade_states[trade] ==
           GB_TRADE_SETTLED;
}

/* ---- the paper */

static int64_t paid(const struct stage *stage, uint32_t meter)
{
    return STAGE_BALANCE - stage_balance(stage, meter) -
           gb_contracts_grid_account(stage->contracts, meter).units;
}

static void play_table_1(struct stage *stage)
{
    struct gb_book_action rows[TABLE1_ROWS];
    static const uint32_t all[6] = {0, 1, 2, 3, 4, 5};

    table1(rows);
    for (uint32_t i = 0; i < TABLE1_ROWS; i++) {
        struct gb_message message = stage_order(stage, i, 0, GB_BUY, 1, 0, 0);
        message.body.order.order = rows[i].order;
        EXPECT_INT(stage_send(stage, message), GB_RECEIPT_OK);
    }
    EXPECT_INT(stage_send(stage, stage_gate(stage, 0, stage->height)), GB_RECEIPT_OK);
    stage->time_ns = 0;
    EXPECT_INT(stage_send(stage, stage_deliver(stage, 0)), GB_RECEIPT_OK);
    stage->time_ns = SLOT;
    for (uint32_t i = 0; i < TABLE1_ROWS; i++) {
        int64_t wh = rows[i].order.quantity.wh;
        EXPECT_INT(stage_read_and_sign(stage, i, 0, rows[i].order.side == GB_BUY ? wh : -wh),
                   GB_RECEIPT_OK);
    }
    EXPECT_INT(gb_contracts_interval(stage->contracts, 0).n_trades, 6);
    EXPECT_INT(stage_send(stage, stage_settle(stage, 0, all, 6)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(stage, GB_EVENT_TRADE_SETTLED), 6);
}

static void the_papers_table_settles_to_the_last_unit(void)
{
    /* paper, section 5: S1 to S4 earn, B1 to B4 pay, in 1e-4 currency */
    static const int64_t expected[TABLE1_ROWS] = {-1034000, -2610000, -2142375, -1422000,
                                                  1916000,  2304000,  4256875,  2950000};
    int64_t buyers = 0, sellers = 0;
    struct stage s;

    stage_start(&s, TABLE1_ROWS, 3);
    play_table_1(&s);
    for (uint32_t i = 0; i < TABLE1_ROWS; i++) {
        EXPECT_INT(paid(&s, i), expected[i] * 100000);
        EXPECT_INT(gb_contracts_escrow(s.contracts, i).units, 0);
        *(i < 4 ? &sellers : &buyers) += paid(&s, i);
    }
    EXPECT_INT(buyers, INT64_C(1142687500000));
    EXPECT_INT(sellers, -INT64_C(720837500000));
    EXPECT_INT(gb_contracts_operator(s.contracts).units, 0);
    EXPECT_INT(buyers + sellers, INT64_C(421850000000)); /* the grid's: 715 kWh at 0.59 */
    stage_close(&s);
}

/* ---- prices below 0 */

/* A slot of orders up to its delivery, under a band from -0.14 to 0.14 and imbalance at 0.14 and
 * -0.2. */
static void play_with_fees(struct stage *s, const struct gb_mechanism *mechanism,
                           const struct gb_order *orders, uint32_t n, struct gb_trade_fees fees)
{
    struct gb_contract_rules rules = stage_rules();
    char why[200];

    gb_market_rules_select(&rules.market, mechanism);
    EXPECT(gb_market_rules_set(&rules.market, "market.books", "pooled", why, sizeof why));
    rules.market.tariff = (struct gb_tariff){.retail = {140000}, .feed_in = {-140000}};
    rules.imbalance_short.ticks = 140000;
    rules.imbalance_long.ticks = -200000;
    rules.trade_fees = fees;
    rules.signatures_required = 2; /* both meters' */
    stage_start_under(s, n, rules);
    for (uint32_t i = 0; i < n; i++) {
        struct gb_message message = stage_order(s, i, 0, GB_BUY, 1, 0, 0);
        message.body.order.order = orders[i];
        message.body.order.order.owner = i;
        message.body.order.order.beta_millionths = GB_BETA_OF_MARKET;
        EXPECT_INT(stage_send(s, message), GB_RECEIPT_OK);
    }
    EXPECT_INT(stage_send(s, stage_gate(s, 0, s->height)), GB_RECEIPT_OK);
    s->time_ns = 0;
    EXPECT_INT(stage_send(s, stage_deliver(s, 0)), GB_RECEIPT_OK);
    s->time_ns = SLOT;
}

static void play_below_0(struct stage *s, const struct gb_mechanism *mechanism,
                         const struct gb_order *orders, uint32_t n)
{
    play_with_fees(s, mechanism, orders, n, (struct gb_trade_fees){.levies = {0}});
}

/* 1 kWh at -0.05; the seller has 0.5 kWh beside it, the buyer takes 0.4 kWh less. */
static void below_0_the_seller_pays_for_the_trade_and_for_its_surplus(void)
{
    static const struct gb_order orders[] = {
        {.side = GB_BUY, .quantity = {1000}, .price = {-40000}, .reserve = {20000}},
        {.side = GB_SELL, .quantity = {1000}, .price = {-60000}, .reserve = {-120000}}};
    struct stage s;

    play_below_0(&s, &gb_mechanism_two_round, orders, 2);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, 0);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 1).units, CENTS(5));
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 600), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -1500), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    EXPECT_INT(gb_contracts_escrow(s.contracts, 1).units, 0);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE + CENTS(5));
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE - CENTS(5));
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 0).units, -4 * CENTS(20) / 10);
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 1).units, -CENTS(14) / 2);
    stage_close(&s);
}

static void a_void_trade_below_0_gives_the_seller_its_escrow_back(void)
{
    static const struct gb_order orders[] = {
        {.side = GB_BUY, .quantity = {1000}, .price = {-40000}, .reserve = {20000}},
        {.side = GB_SELL, .quantity = {1000}, .price = {-60000}, .reserve = {-120000}}};
    struct stage s;

    play_below_0(&s, &gb_mechanism_two_round, orders, 2);
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    s.time_ns = 2 * SLOT;
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 1);
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE);
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 1).units, -CENTS(14)); /* the tariff */
    stage_close(&s);
}

/* ---- fees of trades */

#define MILLS(n) (INT64_C(1000000) * (n)) /* thousandths of the currency */

/* The buyer pays 0.017 beside the price, the seller 0.03; of both the operator gets 0.012. */
static const struct gb_trade_fees all_fees = {.network_buyer = {10000},
                                              .network_seller = {20000},
                                              .levies = {5000},
                                              .market_buyer = {2000},
                                              .market_seller = {10000}};

/* 1 kWh between two meters, of a bid and an ask that meet half way.
 * pays, gets  by whom, with its fees, in mills */
static void expect_trade(int64_t bid, int64_t ask, int64_t pays, int64_t gets)
{
    const struct gb_order orders[] = {
        {.side = GB_BUY, .quantity = {1000}, .price = {bid}, .reserve = {bid}},
        {.side = GB_SELL, .quantity = {1000}, .price = {ask}, .reserve = {ask}}};
    struct stage s;

    play_with_fees(&s, &gb_mechanism_two_round, orders, 2, all_fees);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, pays > 0 ? MILLS(pays) : 0);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 1).units, gets < 0 ? MILLS(-gets) : 0);
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE - MILLS(pays));
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE + MILLS(gets));
    EXPECT_INT(gb_contracts_operator(s.contracts).units, MILLS(12));
    /* the rest is the utility's, whose account is all that is left: 0.035 */
    EXPECT_INT(pays - gets - 12, 35);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, 0);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 1).units, 0);
    stage_close(&s);
}

static void each_side_pays_its_part_of_the_fees_at_any_price(void)
{
    expect_trade(100000, 60000, 97, 50);    /* at 0.08 */
    expect_trade(20000, 0, 27, -20);        /* at 0.01: fees leave the seller nothing of it */
    expect_trade(-10000, -10000, 7, -40);   /* at -0.01: fees are more than the buyer is paid */
    expect_trade(-40000, -60000, -33, -80); /* at -0.05: the seller pays for all */
}

static void a_void_trade_costs_no_fees(void)
{
    static const struct gb_order orders[] = {
        {.side = GB_BUY, .quantity = {1000}, .price = {20000}, .reserve = {20000}},
        {.side = GB_SELL, .quantity = {1000}, .price = {0}, .reserve = {0}}};
    struct stage s;

    play_with_fees(&s, &gb_mechanism_two_round, orders, 2, all_fees);
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    s.time_ns = 2 * SLOT;
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 1);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE);
    EXPECT_INT(gb_contracts_operator(s.contracts).units, 0);
    stage_close(&s);
}

/* What an order may have to pay at its reserve with its fees stands in escrow while it waits, and
 * one that could not pay the fees is refused: 1000 currency are 0.157 for 6369426 Wh. */
static void escrow_covers_the_fees(void)
{
    struct gb_contract_rules rules = stage_rules();
    struct stage s;

    rules.market.tariff = (struct gb_tariff){.retail = {140000}, .feed_in = {0}};
    rules.trade_fees = all_fees;
    stage_start_under(&s, 2, rules);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 6369427, 140000, 140000)),
               GB_RECEIPT_UNDERFUNDED);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 6369426, 140000, 140000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_SELL, 1000, 10000, 10000)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, INT64_C(6369426) * 157000);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 1).units, MILLS(20));
    stage_close(&s);
}

/* McAfee's trade is reduced to one pair, which trades at the quotes of the pair that is left out:
 * the buyer pays 0.02, the seller pays 0.03 as well, and the operator gets both. */
static void where_both_prices_lie_on_either_side_of_0_both_parties_pay_the_operator(void)
{
    static const struct gb_order orders[] = {
        {.side = GB_BUY, .quantity = {1000}, .price = {100000}, .reserve = {100000}},
        {.side = GB_BUY, .quantity = {1000}, .price = {20000}, .reserve = {20000}},
        {.side = GB_BUY, .quantity = {1000}, .price = {-120000}, .reserve = {-120000}},
        {.side = GB_SELL, .quantity = {1000}, .price = {-100000}, .reserve = {-100000}},
        {.side = GB_SELL, .quantity = {1000}, .price = {-30000}, .reserve = {-30000}},
        {.side = GB_SELL, .quantity = {1000}, .price = {10000}, .reserve = {10000}}};
    struct stage s;

    play_below_0(&s, &gb_mechanism_mcafee, orders, 6);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_trades, 1);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, CENTS(2));
    EXPECT_INT(gb_contracts_escrow(s.contracts, 3).units, CENTS(3));
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_and_sign(&s, 3, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE - CENTS(2));
    EXPECT_INT(stage_balance(&s, 3), STAGE_BALANCE - CENTS(3));
    EXPECT_INT(gb_contracts_operator(s.contracts).units, CENTS(5));
    stage_close(&s);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_papers_table_settles_to_the_last_unit),
        TAP(below_0_the_seller_pays_for_the_trade_and_for_its_surplus),
        TAP(a_void_trade_below_0_gives_the_seller_its_escrow_back),
        TAP(each_side_pays_its_part_of_the_fees_at_any_price),
        TAP(a_void_trade_costs_no_fees),
        TAP(escrow_covers_the_fees),
        TAP(where_both_prices_lie_on_either_side_of_0_both_parties_pay_the_operator),
        {0}};
    return tap_main("trade_money", tests);
}
