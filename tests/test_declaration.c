/* Declaration: every reason to refuse an order, in the order of the rules, and its escrow. */
#include "models/market/two_round/options.h"
#include "tests/stage.h"
#include "tests/tap.h"

#define SLOT (15 * STAGE_MINUTE)

static void raise_stage(struct stage *stage, size_t n_meters, struct gb_contract_rules rules)
{
    stage_open(stage, GB_CRYPTO_MODELLED, n_meters, rules);
    stage_register_all(stage);
}

/* Like stage_order, with the whole order open to change. */
static enum gb_receipt execute_order(struct stage *stage, int64_t interval, struct gb_order order)
{
    struct gb_message message = stage_order(stage, order.owner, interval, GB_BUY, 1, 0, 0);

    message.body.order.order = order;
    return stage_send(stage, message);
}

static struct gb_order good_bid(void)
{
    return (struct gb_order){.side = GB_BUY,
                             .quantity = {1000},
                             .price = {400000},
                             .reserve = {500000},
                             .beta_millionths = GB_BETA_OF_MARKET};
}

static void an_order_wrong_in_every_way_is_refused_reason_by_reason(void)
{
    struct stage s;
    struct gb_contract_rules rules = stage_rules();

    rules.min_quantity.wh = 10;
    stage_open(&s, GB_CRYPTO_MODELLED, 1, rules);
    struct gb_admission user = {0, s.genesis.users[0].key, 3000000};
    struct gb_message admit = {.kind = GB_MESSAGE_REGISTER,
                               .sender = STAGE_SUPERVISOR,
                               .nonce = 1,
                               .last_valid_height = 10,
                               .body.registration = {1, &user}};
    EXPECT_INT(stage_send(&s, admit), GB_RECEIPT_OK);
    s.time_ns = 0; /* interval 0 has started: its gate is closed */
    struct gb_order order = {.side = GB_BUY,
                             .quantity = {4000000},
                             .minimum = {-1},
                             .price = {600000},
                             .reserve = {500000},
                             .beta_millionths = GB_BETA_OF_MARKET};
    EXPECT_INT(execute_order(&s, 0, order), GB_RECEIPT_MALFORMED);
    order.minimum.wh = 0;
    EXPECT_INT(execute_order(&s, 0, order), GB_RECEIPT_OUT_OF_BAND);
    order.price.ticks = 590000;
    EXPECT_INT(execute_order(&s, 0, order), GB_RECEIPT_OUTSIDE_RESERVE);
    order.price.ticks = 500000;
    EXPECT_INT(execute_order(&s, 0, order), GB_RECEIPT_BEYOND_CAPACITY);
    order.quantity.wh = 3000000; /* 3000 kWh at 0.5 are 1500 of a balance of 1000 */
    EXPECT_INT(execute_order(&s, 0, order), GB_RECEIPT_UNDERFUNDED);
    order.quantity.wh = 9;
    EXPECT_INT(execute_order(&s, 0, order), GB_RECEIPT_BELOW_MINIMUM);
    order.quantity.wh = 10;
    EXPECT_INT(execute_order(&s, 0, order), GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(execute_order(&s, 2, order), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(execute_order(&s, 1, order), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_ORDER, 0)->index, 0);
    stage_close(&s);
}

static void malformed_orders_are_refused(void)
{
    struct stage s;
    struct gb_contract_rules rules = stage_rules();

    gb_two_round_options(&rules.market)->books = GB_BOOKS_BY_SOURCE;
    raise_stage(&s, 1, rules);
    struct gb_order wrong[9];
    for (size_t i = 0; i < 9; i++)
        wrong[i] = good_bid();
    wrong[0].quantity.wh = 0;
    wrong[1].quantity.wh = -5;
    wrong[2].minimum.wh = 1; /* two_round cannot honour it */
    wrong[3].beta_millionths = 1000001;
    wrong[4].beta_millionths = -2;
    wrong[5].source = GB_SOURCE_GRID;
    wrong[6].quantity.wh = INT64_MAX;
    wrong[7].side = GB_SELL; /* of any source, where books go by source */
    wrong[7].price = wrong[7].reserve;
    wrong[8].quantity.wh = GB_QUANTITY_LIMIT_WH + 1;
    for (size_t i = 0; i < 9; i++)
        EXPECT_INT(execute_order(&s, 0, wrong[i]), GB_RECEIPT_MALFORMED);
    EXPECT_INT(execute_order(&s, -1, good_bid()), GB_RECEIPT_MALFORMED);
    EXPECT_INT(execute_order(&s, INT64_MAX, good_bid()), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).phase, GB_INTERVAL_UNKNOWN);
    EXPECT_INT(execute_order(&s, 0, good_bid()), GB_RECEIPT_OK);
    stage_close(&s);
}

static void prices_are_good_up_to_the_band_and_the_reserve(void)
{
    struct stage s;

    raise_stage(&s, 2, stage_rules());
    struct gb_order bid = good_bid();
    bid.price.ticks = bid.reserve.ticks = 590000;
    EXPECT_INT(execute_order(&s, 0, bid), GB_RECEIPT_OK);
    bid.reserve.ticks++;
    EXPECT_INT(execute_order(&s, 0, bid), GB_RECEIPT_OUT_OF_BAND);
    bid.reserve.ticks = 400000;
    bid.price.ticks = 309999;
    EXPECT_INT(execute_order(&s, 0, bid), GB_RECEIPT_OUT_OF_BAND);
    bid.price.ticks = 400001;
    EXPECT_INT(execute_order(&s, 0, bid), GB_RECEIPT_OUTSIDE_RESERVE);
    bid.type = GB_ORDER_MARKET; /* quoted at its reserve: the price counts for nothing */
    EXPECT_INT(execute_order(&s, 0, bid), GB_RECEIPT_OK);
    struct gb_order ask = good_bid();
    ask.owner = 1;
    ask.side = GB_SELL;
    ask.price.ticks = ask.reserve.ticks = 310000;
    EXPECT_INT(execute_order(&s, 0, ask), GB_RECEIPT_OK);
    ask.reserve.ticks = 310001;
    EXPECT_INT(execute_order(&s, 0, ask), GB_RECEIPT_OUTSIDE_RESERVE);
    stage_close(&s);
}

static void without_a_band_a_price_may_be_anything_but_negative(void)
{
    struct stage s;
    struct gb_contract_rules rules = stage_rules();

    rules.market.has_band = 0;
    raise_stage(&s, 1, rules);
    struct gb_order bid = good_bid();
    bid.reserve.ticks = 5000000;
    bid.price.ticks = 1;
    EXPECT_INT(execute_order(&s, 0, bid), GB_RECEIPT_OK);
    bid.price.ticks = -1;
    EXPECT_INT(execute_order(&s, 0, bid), GB_RECEIPT_OUT_OF_BAND);
    bid.price.ticks = 1;
    bid.reserve.ticks = INT64_MAX;
    EXPECT_INT(execute_order(&s, 0, bid), GB_RECEIPT_OUT_OF_BAND);
    stage_close(&s);
}

static void the_price_of_a_market_order_counts_for_nothing(void)
{
    const int64_t prices[] = {0, -1, INT64_MAX, INT64_MIN};
    struct stage s;

    raise_stage(&s, 1, stage_rules());
    for (size_t i = 0; i < sizeof prices / sizeof prices[0]; i++) {
        struct gb_order order = good_bid();
        order.type = GB_ORDER_MARKET;
        order.price.ticks = prices[i];
        EXPECT_INT(execute_order(&s, 0, order), GB_RECEIPT_OK);
    }
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).phase, GB_INTERVAL_MATCHED);
    stage_close(&s);
}

static void a_buyers_escrow_is_quantity_times_reserve_and_a_sellers_nothing(void)
{
    struct stage s;

    raise_stage(&s, 2, stage_rules());
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 400000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_SELL, 900, 400000, 310000)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, INT64_C(500000000));
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE - INT64_C(500000000));
    EXPECT_INT(gb_contracts_escrow(s.contracts, 1).units, 0);
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE);
    stage_close(&s);
}

static void under_an_unconditional_match_the_escrow_is_at_retail(void)
{
    struct stage s;
    struct gb_contract_rules rules = stage_rules();

    gb_two_round_options(&rules.market)->match = GB_MATCH_UNCONDITIONAL;
    raise_stage(&s, 1, rules);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 400000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, INT64_C(590000000));
    stage_close(&s);
}

/* The band from -0.14 to 0.14. */
static struct gb_contract_rules rules_of_either_sign(void)
{
    struct gb_contract_rules rules = stage_rules();

    rules.market.tariff = (struct gb_tariff){.retail = {140000}, .feed_in = {-140000}};
    return rules;
}

static void below_0_it_is_the_seller_who_holds_quantity_times_reserve(void)
{
    struct stage s;

    raise_stage(&s, 4, rules_of_either_sign());
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_SELL, 1000, 20000, -100000)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, INT64_C(100000000));
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_SELL, 1000, 20000, 0)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 1).units, 0);
    EXPECT_INT(stage_send(&s, stage_order(&s, 2, 0, GB_BUY, 1000, -50000, -20000)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 2).units, 0);
    EXPECT_INT(stage_send(&s, stage_order(&s, 3, 0, GB_BUY, 1000, -50000, -140001)),
               GB_RECEIPT_OUT_OF_BAND);
    EXPECT_INT(stage_send(&s, stage_order(&s, 3, 0, GB_BUY, 1000, -50000, 140000)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 3).units, INT64_C(140000000));
    stage_close(&s);
}

static void who_cannot_pay_to_be_rid_of_energy_is_underfunded(void)
{
    struct stage s;

    raise_stage(&s, 1, rules_of_either_sign());
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_SELL, 10000001, 0, -100000)),
               GB_RECEIPT_UNDERFUNDED);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_SELL, 10000000, 0, -100000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), 0);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_SELL, 1, 0, 0)), GB_RECEIPT_OK);
    stage_close(&s);
}

static void under_an_unconditional_match_sellers_hold_it_at_feed_in(void)
{
    struct stage s;
    struct gb_contract_rules rules = rules_of_either_sign();

    gb_two_round_options(&rules.market)->match = GB_MATCH_UNCONDITIONAL;
    raise_stage(&s, 2, rules);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_SELL, 1000, 20000, 20000)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, INT64_C(140000000));
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_BUY, 1000, -20000, -20000)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 1).units, INT64_C(140000000));
    stage_close(&s);
}

static void escrow_is_taken_to_the_last_unit_of_a_balance(void)
{
    struct stage s;

    raise_stage(&s, 1, stage_rules());
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 2000000, 400000, 500000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), 0);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1, 310000, 310000)),
               GB_RECEIPT_UNDERFUNDED);
    stage_close(&s);
}

static void a_meter_stands_on_one_side_of_a_slot(void)
{
    struct stage s;

    raise_stage(&s, 1, stage_rules());
    s.time_ns = -SLOT;
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 400000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_SELL, 1000, 400000, 400000)),
               GB_RECEIPT_NOT_ALLOWED);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 500, 400000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_SELL, 1000, 400000, 400000)),
               GB_RECEIPT_NOT_ALLOWED);
    struct gb_message turn = stage_order(&s, 0, 0, GB_SELL, 1000, 400000, 400000);
    turn.body.order.amends = 3; /* the last bid: nothing stands against it now */
    EXPECT_INT(stage_send(&s, turn), GB_RECEIPT_OK);
    stage_close(&s);
}

static void orders_are_taken_from_the_opening_to_the_start_by_block_time(void)
{
    struct stage s;

    raise_stage(&s, 1, stage_rules());
    s.time_ns = -1;
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 1, GB_BUY, 10, 400000, 500000)),
               GB_RECEIPT_TOO_EARLY);
    s.time_ns = 0;
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 1, GB_BUY, 10, 400000, 500000)), GB_RECEIPT_OK);
    s.time_ns = SLOT - 1;
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 1, GB_BUY, 10, 400000, 500000)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 1, GB_BUY, 10, 400000, 500000)),
               GB_RECEIPT_GATE_CLOSED);
    stage_close(&s);
}

static void a_closed_gate_takes_neither_order_nor_cancel(void)
{
    struct stage s;

    raise_stage(&s, 1, stage_rules());
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 10, 400000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 10, 400000, 500000)),
               GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(stage_event(&s, GB_EVENT_ORDER, 0)->receipt, GB_RECEIPT_GATE_CLOSED);
    stage_close(&s);
}

static void a_cancel_names_a_standing_order_of_its_own_meter_and_slot(void)
{
    struct stage s;
    struct gb_contract_rules rules = stage_rules();

    rules.open_ns = 2 * SLOT; /* slots 0 and 1 are open at once */
    raise_stage(&s, 2, rules);
    s.time_ns = -SLOT / 2;
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 10, 400000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 1, 0, 1)), GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 1, 1)), GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 7)), GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 0)), GB_RECEIPT_MALFORMED);
    s.time_ns = 0; /* whatever it names, it comes too late */
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 7)), GB_RECEIPT_GATE_CLOSED);
    stage_close(&s);
}

static void a_cancelled_orders_escrow_returns_at_the_close(void)
{
    struct stage s;

    raise_stage(&s, 1, stage_rules());
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 400000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_UNKNOWN_TARGET); /* again */
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, INT64_C(500000000));
    EXPECT(gb_contracts_interval(s.contracts, 0).withdrawn[0]);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, 0);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    stage_close(&s);
}

/* Whatever comes of it; and it is owed, not taken from what trades are paid from. */
static void a_fee_is_paid_for_every_order_that_is_executed_and_for_no_forgery(void)
{
    struct stage s;
    struct gb_contract_rules rules = stage_rules();
    const int64_t fee = 30000000;

    rules.fee.units = fee;
    raise_stage(&s, 1, rules);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 2000000, 400000, 500000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), 0); /* all of it in escrow */
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1, 310000, 310000)),
               GB_RECEIPT_UNDERFUNDED);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 0).units, -3 * fee);
    EXPECT_INT(gb_contracts_operator(s.contracts).units, 3 * fee);
    struct gb_message order = stage_order(&s, 0, 0, GB_BUY, 1, 310000, 310000);
    struct gb_transaction *forged = stage_wrap(&s, order);
    forged->signatures[0].bytes[7] ^= 1;
    stage_begin(&s);
    EXPECT_INT(stage_add(&s, forged), GB_RECEIPT_BAD_SIGNATURE);
    stage_end(&s);
    EXPECT_INT(gb_contracts_operator(s.contracts).units, 3 * fee);
    stage_close(&s);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(an_order_wrong_in_every_way_is_refused_reason_by_reason),
        TAP(malformed_orders_are_refused),
        TAP(prices_are_good_up_to_the_band_and_the_reserve),
        TAP(without_a_band_a_price_may_be_anything_but_negative),
        TAP(the_price_of_a_market_order_counts_for_nothing),
        TAP(a_buyers_escrow_is_quantity_times_reserve_and_a_sellers_nothing),
        TAP(under_an_unconditional_match_the_escrow_is_at_retail),
        TAP(below_0_it_is_the_seller_who_holds_quantity_times_reserve),
        TAP(who_cannot_pay_to_be_rid_of_energy_is_underfunded),
        TAP(under_an_unconditional_match_sellers_hold_it_at_feed_in),
        TAP(escrow_is_taken_to_the_last_unit_of_a_balance),
        TAP(a_meter_stands_on_one_side_of_a_slot),
        TAP(orders_are_taken_from_the_opening_to_the_start_by_block_time),
        TAP(a_closed_gate_takes_neither_order_nor_cancel),
        TAP(a_cancel_names_a_standing_order_of_its_own_meter_and_slot),
        TAP(a_cancelled_orders_escrow_returns_at_the_close),
        TAP(a_fee_is_paid_for_every_order_that_is_executed_and_for_no_forgery),
        {0}};
    return tap_main("declaration", tests);
}
