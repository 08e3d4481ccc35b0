/* Amendments and cancels of orders that trade as they come: before a fill and behind one, overtaken
 * and overtaking, what they hold and what they take back. */
#include "tests/stage_trading.h"
#include "tests/tap.h"

static void an_amendment_says_a_total_and_its_new_price_trades_as_an_arrival(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 3);
    EXPECT_INT(stage_ask(&s, 1, 300, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_ask(&s, 2, 300, 480000), GB_RECEIPT_OK);
    EXPECT_INT(stage_bid(&s, 0, 500, 420000, 550000), GB_RECEIPT_OK); /* 300 of it */
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_BUY, 500, 500000, 550000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_ORDER, 0)->index, 2); /* the order's number */
    EXPECT_INT(stage_n_executions(&s), 2);
    EXPECT_INT(stage_execution(&s, 1)->trade.energy.wh, 200);
    EXPECT_INT(stage_execution(&s, 1)->trade.price_buy.ticks, 490000);
    EXPECT_INT(stage_escrow(&s, 0), 300 * INT64_C(410000) + 200 * INT64_C(490000));
    stage_close(&s);
}

static void an_amendment_behind_a_fill_is_already_done_and_changes_nothing(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(stage_bid(&s, 0, 500, 420000, 550000), GB_RECEIPT_OK);
    stage_begin(&s); /* one block holds the fill and, behind it, the amendment */
    EXPECT_INT(stage_add(&s, stage_wrap(&s, stage_order(&s, 1, 0, GB_SELL, 500, 400000, 310000))),
               GB_RECEIPT_OK);
    EXPECT_INT(
        stage_add(&s, stage_wrap(&s, stage_amendment(&s, 0, 1, GB_BUY, 900, 500000, 550000))),
        GB_RECEIPT_ALREADY_DONE);
    stage_end(&s);
    EXPECT_INT(stage_escrow(&s, 0), 500 * INT64_C(410000));
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_ALREADY_DONE);
    stage_close(&s);
}

static void the_other_way_round_the_amendment_takes_its_order_from_the_fill(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(stage_bid(&s, 0, 500, 420000, 550000), GB_RECEIPT_OK);
    stage_begin(&s);
    EXPECT_INT(
        stage_add(&s, stage_wrap(&s, stage_amendment(&s, 0, 1, GB_BUY, 500, 390000, 550000))),
        GB_RECEIPT_OK);
    EXPECT_INT(stage_add(&s, stage_wrap(&s, stage_order(&s, 1, 0, GB_SELL, 500, 400000, 310000))),
               GB_RECEIPT_OK);
    stage_end(&s);
    EXPECT_INT(stage_n_executions(&s), 0);
    stage_close(&s);
}

static void an_amendment_that_was_overtaken_is_superseded(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 1);
    EXPECT_INT(stage_bid(&s, 0, 500, 400000, 550000), GB_RECEIPT_OK);
    struct gb_message first = stage_amendment(&s, 0, 1, GB_BUY, 500, 410000, 550000);
    struct gb_message second = stage_amendment(&s, 0, 1, GB_BUY, 400, 420000, 550000);
    EXPECT_INT(stage_send(&s, second), GB_RECEIPT_OK);
    EXPECT_INT(stage_escrow(&s, 0), 400 * INT64_C(550000));
    EXPECT_INT(stage_send(&s, first), GB_RECEIPT_SUPERSEDED);
    EXPECT_INT(stage_escrow(&s, 0), 400 * INT64_C(550000));
    stage_close(&s);
}

static void one_that_overtakes_its_order_finds_none(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 1);
    struct gb_message order = stage_order(&s, 0, 0, GB_BUY, 500, 400000, 550000);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_BUY, 500, 410000, 550000)),
               GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(stage_send(&s, order), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_BUY, 500, 410000, 550000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_SELL, 500, 410000, 350000)),
               GB_RECEIPT_MALFORMED);
    stage_close(&s);
}

static void an_amendment_is_paid_from_the_balance_and_what_its_order_holds(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 1);
    EXPECT_INT(stage_bid(&s, 0, 1999999, 400000, 500000),
               GB_RECEIPT_OK); /* of 1000 all but 0.0005 */
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_BUY, 2000001, 400000, 500000)),
               GB_RECEIPT_UNDERFUNDED);
    EXPECT_INT(stage_escrow(&s, 0), 1999999 * INT64_C(500000));
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_BUY, 2000000, 400000, 500000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), 0);
    stage_close(&s);
}

static void a_total_that_is_filled_already_takes_the_rest_back(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(stage_bid(&s, 0, 500, 420000, 550000), GB_RECEIPT_OK);
    EXPECT_INT(stage_ask(&s, 1, 200, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_BUY, 200, 420000, 550000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_escrow(&s, 0), 200 * INT64_C(410000));
    EXPECT_INT(stage_ask(&s, 1, 200, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_n_executions(&s), 1);
    stage_close(&s);
}

static void a_total_below_the_smallest_order_takes_the_rest_back_where_it_is_filled(void)
{
    struct stage s;
    struct gb_contract_rules rules = stage_trading_rules("pooled");

    rules.min_quantity.wh = 50;
    stage_open(&s, GB_CRYPTO_MODELLED, 2, rules);
    stage_register_all(&s);
    EXPECT_INT(stage_bid(&s, 0, 100, 500000, 500000), GB_RECEIPT_OK);
    EXPECT_INT(stage_ask(&s, 1, 60, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_BUY, 40, 500000, 500000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_escrow(&s, 0), 60 * INT64_C(450000));
    EXPECT_INT(stage_bid(&s, 0, 100, 390000, 500000),
               GB_RECEIPT_OK); /* of which nothing is filled */
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 3, GB_BUY, 40, 390000, 500000)),
               GB_RECEIPT_BELOW_MINIMUM);
    stage_close(&s);
}

static void a_sellers_amendment_is_paid_from_the_balance_and_what_its_order_holds(void)
{
    struct stage s;

    stage_open_of_either_sign(&s);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_SELL, 9999999, 0, -100000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_SELL, 10000001, 0, -100000)),
               GB_RECEIPT_UNDERFUNDED);
    EXPECT_INT(stage_escrow(&s, 0), 9999999 * INT64_C(100000));
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_SELL, 10000000, 0, -100000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), 0);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_SELL, 10000000, 0, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    stage_close(&s);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_sellers_amendment_is_paid_from_the_balance_and_what_its_order_holds),
        TAP(an_amendment_says_a_total_and_its_new_price_trades_as_an_arrival),
        TAP(an_amendment_behind_a_fill_is_already_done_and_changes_nothing),
        TAP(the_other_way_round_the_amendment_takes_its_order_from_the_fill),
        TAP(an_amendment_that_was_overtaken_is_superseded),
        TAP(one_that_overtakes_its_order_finds_none),
        TAP(an_amendment_is_paid_from_the_balance_and_what_its_order_holds),
        TAP(a_total_that_is_filled_already_takes_the_rest_back),
        TAP(a_total_below_the_smallest_order_takes_the_rest_back_where_it_is_filled),
        {0}};
    return tap_main("amendments", tests);
}
