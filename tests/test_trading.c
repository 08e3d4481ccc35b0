/* Trading: orders that meet as blocks are executed, their escrow to the last unit, and what becomes
 * of amendments, cancels and trades on the way to delivery. */
#include "tests/stage.h"
#include "tests/tap.h"

#define SLOT (15 * STAGE_MINUTE)
#define GATE (5 * STAGE_MINUTE)

static struct gb_contract_rules trading_rules(const char *books)
{
    struct gb_contract_rules rules = stage_rules();
    char why[200];

    gb_market_rules_select(&rules.market, &gb_mechanism_continuous);
    EXPECT(gb_market_rules_set(&rules.market, "market.books", books, why, sizeof why));
    return rules;
}

static void raise_stage(struct stage *stage, enum gb_crypto crypto, size_t n_meters)
{
    stage_open(stage, crypto, n_meters, trading_rules("pooled"));
    stage_register_all(stage);
}

static enum gb_receipt bid(struct stage *s, uint32_t meter, int64_t wh, int64_t price,
                           int64_t reserve)
{
    return stage_send(s, stage_order(s, meter, 0, GB_BUY, wh, price, reserve));
}

static enum gb_receipt ask(struct stage *s, uint32_t meter, int64_t wh, int64_t price)
{
    return stage_send(s, stage_order(s, meter, 0, GB_SELL, wh, price, 310000));
}

/* Of the meter's order that it sent under this nonce. */
static struct gb_message amendment(struct stage *s, uint32_t meter, uint64_t nonce,
                                   enum gb_side side, int64_t total, int64_t price, int64_t reserve)
{
    struct gb_message message = stage_order(s, meter, 0, side, total, price, reserve);

    message.body.order.amends = nonce;
    return message;
}

static int64_t escrow(const struct stage *s, uint32_t meter)
{
    return gb_contracts_escrow(s->contracts, meter).units;
}

static const struct gb_execution *execution(const struct stage *s, size_t i)
{
    size_t n;
    const struct gb_execution *all = gb_contracts_executions(s->contracts, 0, &n);

    EXPECT(i < n);
    return &all[i];
}

static size_t n_executions(const struct stage *s)
{
    size_t n;

    gb_contracts_executions(s->contracts, 0, &n);
    return n;
}

/* ---- orders */

static void an_order_trades_in_its_block_at_the_midpoint_and_keeps_what_it_costs(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(bid(&s, 0, 1000, 500000, 550000), GB_RECEIPT_OK);
    EXPECT_INT(escrow(&s, 0), 1000 * INT64_C(550000));
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADED), 0);
    EXPECT_INT(ask(&s, 1, 400, 400001), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADED), 1);
    const struct gb_execution *made = execution(&s, 0);
    EXPECT_INT(made->trade.energy.wh, 400);
    EXPECT_INT(made->trade.price_buy.ticks, 450000); /* 450000.5, half to even */
    EXPECT_INT(made->bid.ticks, 500000);
    EXPECT_INT(made->ask.ticks, 400001);
    EXPECT_INT(made->height, s.height);
    EXPECT_INT(stage_event(&s, GB_EVENT_TRADED, 0)->index, 0);
    EXPECT_INT(stage_event(&s, GB_EVENT_TRADED, 0)->sender, GB_PARTY(GB_ROLE_METER, 1));
    EXPECT_INT(escrow(&s, 0), 600 * INT64_C(550000) + 400 * INT64_C(450000));
    EXPECT_INT(escrow(&s, 1), 0);
    stage_close(&s);
}

/* The band from -0.14 to 0.14. */
static void raise_stage_of_either_sign(struct stage *stage)
{
    struct gb_contract_rules rules = trading_rules("pooled");

    rules.market.tariff = (struct gb_tariff){.retail = {140000}, .feed_in = {-140000}};
    stage_open(stage, GB_CRYPTO_MODELLED, 2, rules);
    stage_register_all(stage);
}

static void below_0_the_seller_keeps_what_its_trade_costs_and_the_bid_is_released(void)
{
    struct stage s;

    raise_stage_of_either_sign(&s);
    EXPECT_INT(bid(&s, 0, 1000, -40000, 20000), GB_RECEIPT_OK);
    EXPECT_INT(escrow(&s, 0), 1000 * INT64_C(20000));
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_SELL, 1500, -60001, -120000)),
               GB_RECEIPT_OK);
    EXPECT_INT(n_executions(&s), 1);
    EXPECT_INT(execution(&s, 0)->trade.price_buy.ticks, -50000); /* -50000.5, half to even */
    EXPECT_INT(escrow(&s, 0), 0);
    EXPECT_INT(escrow(&s, 1), 1000 * INT64_C(50000) + 500 * INT64_C(120000));
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 1, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(escrow(&s, 1), 1000 * INT64_C(50000));
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 100, 0, 0)), GB_RECEIPT_OK);
    EXPECT_INT(n_executions(&s), 1);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, 0)), GB_RECEIPT_OK);
    EXPECT_INT(escrow(&s, 1), 1000 * INT64_C(50000));
    EXPECT_INT(stage_send(&s, stage_miss(&s, 0)), GB_RECEIPT_OK); /* void: all of it is back */
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE);
    stage_close(&s);
}

static void a_sellers_amendment_is_paid_from_the_balance_and_what_its_order_holds(void)
{
    struct stage s;

    raise_stage_of_either_sign(&s);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_SELL, 9999999, 0, -100000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_SELL, 10000001, 0, -100000)),
               GB_RECEIPT_UNDERFUNDED);
    EXPECT_INT(escrow(&s, 0), 9999999 * INT64_C(100000));
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_SELL, 10000000, 0, -100000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), 0);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_SELL, 10000000, 0, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    stage_close(&s);
}

static void what_does_not_trade_at_once_of_an_ioc_lapses_with_its_escrow(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 3);
    EXPECT_INT(ask(&s, 1, 400, 400000), GB_RECEIPT_OK);
    struct gb_message ioc = stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000);
    ioc.body.order.order.type = GB_ORDER_IOC;
    EXPECT_INT(stage_send(&s, ioc), GB_RECEIPT_OK);
    EXPECT_INT(n_executions(&s), 1);
    EXPECT_INT(escrow(&s, 0), 400 * INT64_C(450000));
    ioc = stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000); /* a minimum that nobody meets */
    ioc.body.order.order.type = GB_ORDER_MARKET;
    ioc.body.order.order.minimum.wh = 10;
    EXPECT_INT(stage_send(&s, ioc), GB_RECEIPT_OK);
    EXPECT_INT(escrow(&s, 0), 400 * INT64_C(450000));
    ioc = stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000);
    ioc.body.order.order.minimum.wh = 10; /* of a limit order */
    EXPECT_INT(stage_send(&s, ioc), GB_RECEIPT_MALFORMED);
    EXPECT_INT(ask(&s, 2, 400, 400000), GB_RECEIPT_OK);
    EXPECT_INT(n_executions(&s), 1); /* nothing rests */
    stage_close(&s);
}

static void a_call_takes_no_ioc(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    stage_register_all(&s);
    struct gb_message ioc = stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000);
    ioc.body.order.order.type = GB_ORDER_IOC;
    EXPECT_INT(stage_send(&s, ioc), GB_RECEIPT_MALFORMED);
    stage_close(&s);
}

static void who_sold_in_a_slot_may_not_buy_in_it(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(ask(&s, 1, 400, 400000), GB_RECEIPT_OK);
    EXPECT_INT(bid(&s, 0, 400, 500000, 500000), GB_RECEIPT_OK);
    EXPECT_INT(n_executions(&s), 1); /* nothing of either rests */
    EXPECT_INT(bid(&s, 1, 100, 500000, 500000), GB_RECEIPT_NOT_ALLOWED);
    EXPECT_INT(ask(&s, 1, 100, 400000), GB_RECEIPT_OK);
    stage_close(&s);
}

static void capacity_counts_fills_and_what_stands(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 2, trading_rules("pooled"));
    struct gb_admission users[] = {{0, s.genesis.users[0].key, 1000},
                                   {1, s.genesis.users[1].key, 0}};
    struct gb_message admit = {.kind = GB_MESSAGE_REGISTER,
                               .sender = STAGE_SUPERVISOR,
                               .nonce = 1,
                               .last_valid_height = 10,
                               .body.registration = {2, users}};
    EXPECT_INT(stage_send(&s, admit), GB_RECEIPT_OK);
    EXPECT_INT(ask(&s, 1, 300, 400000), GB_RECEIPT_OK);
    EXPECT_INT(bid(&s, 0, 600, 500000, 500000), GB_RECEIPT_OK); /* 300 traded, 300 stand */
    EXPECT_INT(bid(&s, 0, 401, 500000, 500000), GB_RECEIPT_BEYOND_CAPACITY);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_BUY, 1001, 500000, 500000)),
               GB_RECEIPT_BEYOND_CAPACITY);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_BUY, 1000, 500000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(escrow(&s, 0), 300 * INT64_C(450000));
    EXPECT_INT(bid(&s, 0, 701, 500000, 500000), GB_RECEIPT_BEYOND_CAPACITY);
    EXPECT_INT(bid(&s, 0, 700, 500000, 500000), GB_RECEIPT_OK);
    stage_close(&s);
}

/* ---- amendments */

static void an_amendment_says_a_total_and_its_new_price_trades_as_an_arrival(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 3);
    EXPECT_INT(ask(&s, 1, 300, 400000), GB_RECEIPT_OK);
    EXPECT_INT(ask(&s, 2, 300, 480000), GB_RECEIPT_OK);
    EXPECT_INT(bid(&s, 0, 500, 420000, 550000), GB_RECEIPT_OK); /* 300 of it */
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_BUY, 500, 500000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_ORDER, 0)->index, 2); /* the order's number */
    EXPECT_INT(n_executions(&s), 2);
    EXPECT_INT(execution(&s, 1)->trade.energy.wh, 200);
    EXPECT_INT(execution(&s, 1)->trade.price_buy.ticks, 490000);
    EXPECT_INT(escrow(&s, 0), 300 * INT64_C(410000) + 200 * INT64_C(490000));
    stage_close(&s);
}

static void an_amendment_behind_a_fill_is_already_done_and_changes_nothing(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(bid(&s, 0, 500, 420000, 550000), GB_RECEIPT_OK);
    stage_begin(&s); /* one block holds the fill and, behind it, the amendment */
    EXPECT_INT(stage_add(&s, stage_wrap(&s, stage_order(&s, 1, 0, GB_SELL, 500, 400000, 310000))),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_add(&s, stage_wrap(&s, amendment(&s, 0, 1, GB_BUY, 900, 500000, 550000))),
               GB_RECEIPT_ALREADY_DONE);
    stage_end(&s);
    EXPECT_INT(escrow(&s, 0), 500 * INT64_C(410000));
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_ALREADY_DONE);
    stage_close(&s);
}

static void the_other_way_round_the_amendment_takes_its_order_from_the_fill(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(bid(&s, 0, 500, 420000, 550000), GB_RECEIPT_OK);
    stage_begin(&s);
    EXPECT_INT(stage_add(&s, stage_wrap(&s, amendment(&s, 0, 1, GB_BUY, 500, 390000, 550000))),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_add(&s, stage_wrap(&s, stage_order(&s, 1, 0, GB_SELL, 500, 400000, 310000))),
               GB_RECEIPT_OK);
    stage_end(&s);
    EXPECT_INT(n_executions(&s), 0);
    stage_close(&s);
}

static void an_amendment_that_was_overtaken_is_superseded(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 1);
    EXPECT_INT(bid(&s, 0, 500, 400000, 550000), GB_RECEIPT_OK);
    struct gb_message first = amendment(&s, 0, 1, GB_BUY, 500, 410000, 550000);
    struct gb_message second = amendment(&s, 0, 1, GB_BUY, 400, 420000, 550000);
    EXPECT_INT(stage_send(&s, second), GB_RECEIPT_OK);
    EXPECT_INT(escrow(&s, 0), 400 * INT64_C(550000));
    EXPECT_INT(stage_send(&s, first), GB_RECEIPT_SUPERSEDED);
    EXPECT_INT(escrow(&s, 0), 400 * INT64_C(550000));
    stage_close(&s);
}

static void one_that_overtakes_its_order_finds_none(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 1);
    struct gb_message order = stage_order(&s, 0, 0, GB_BUY, 500, 400000, 550000);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_BUY, 500, 410000, 550000)),
               GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(stage_send(&s, order), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_BUY, 500, 410000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_SELL, 500, 410000, 350000)),
               GB_RECEIPT_MALFORMED);
    stage_close(&s);
}

static void an_amendment_is_paid_from_the_balance_and_what_its_order_holds(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 1);
    EXPECT_INT(bid(&s, 0, 1999999, 400000, 500000), GB_RECEIPT_OK); /* of 1000 all but 0.0005 */
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_BUY, 2000001, 400000, 500000)),
               GB_RECEIPT_UNDERFUNDED);
    EXPECT_INT(escrow(&s, 0), 1999999 * INT64_C(500000));
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_BUY, 2000000, 400000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), 0);
    stage_close(&s);
}

static void a_total_that_is_filled_already_takes_the_rest_back(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(bid(&s, 0, 500, 420000, 550000), GB_RECEIPT_OK);
    EXPECT_INT(ask(&s, 1, 200, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_BUY, 200, 420000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(escrow(&s, 0), 200 * INT64_C(410000));
    EXPECT_INT(ask(&s, 1, 200, 400000), GB_RECEIPT_OK);
    EXPECT_INT(n_executions(&s), 1);
    stage_close(&s);
}

static void a_total_below_the_smallest_order_takes_the_rest_back_where_it_is_filled(void)
{
    struct stage s;
    struct gb_contract_rules rules = trading_rules("pooled");

    rules.min_quantity.wh = 50;
    stage_open(&s, GB_CRYPTO_MODELLED, 2, rules);
    stage_register_all(&s);
    EXPECT_INT(bid(&s, 0, 100, 500000, 500000), GB_RECEIPT_OK);
    EXPECT_INT(ask(&s, 1, 60, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_BUY, 40, 500000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(escrow(&s, 0), 60 * INT64_C(450000));
    EXPECT_INT(bid(&s, 0, 100, 390000, 500000), GB_RECEIPT_OK); /* of which nothing is filled */
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 3, GB_BUY, 40, 390000, 500000)),
               GB_RECEIPT_BELOW_MINIMUM);
    stage_close(&s);
}

/* ---- the gate, delivery, and what was not stable */

static void orders_count_from_the_opening_up_to_the_gate_by_block_time(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 1);
    s.time_ns = -GATE - 1;
    EXPECT_INT(bid(&s, 0, 10, 400000, 500000), GB_RECEIPT_OK);
    s.time_ns = -GATE;
    EXPECT_INT(bid(&s, 0, 10, 400000, 500000), GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, 1, GB_BUY, 5, 400000, 500000)),
               GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 1, GB_BUY, 10, 400000, 500000)),
               GB_RECEIPT_TOO_EARLY);
    stage_close(&s);
}

static void a_close_has_no_tolerance_names_no_height_and_gives_back_what_rests(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(bid(&s, 0, 500, 420000, 550000), GB_RECEIPT_OK);
    EXPECT_INT(ask(&s, 1, 200, 400000), GB_RECEIPT_OK);
    struct gb_message early = stage_gate(&s, 0, 0);
    s.time_ns = -GATE - 1;
    EXPECT_INT(stage_send(&s, early), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_MALFORMED);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, 0)), GB_RECEIPT_OK);
    EXPECT_INT(escrow(&s, 0), 200 * INT64_C(410000));
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, 0)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_count(&s, GB_EVENT_MATCHED), 0);
    stage_close(&s);
}

/* Two trades in blocks of their own; the second is above the height that the open names. */
static uint64_t play_two_trades(struct stage *s)
{
    EXPECT_INT(ask(s, 1, 200, 400000), GB_RECEIPT_OK);
    EXPECT_INT(bid(s, 0, 300, 420000, 550000), GB_RECEIPT_OK);
    uint64_t height = s->height;
    EXPECT_INT(ask(s, 2, 50, 400000), GB_RECEIPT_OK);
    EXPECT_INT(n_executions(s), 2);
    return height;
}

static void trades_above_the_height_of_the_open_are_void_with_their_escrow_back(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 3);
    uint64_t height = play_two_trades(&s);
    EXPECT_INT(stage_send(&s, stage_deliver_until(&s, 0, height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_MATCHED), 1);
    EXPECT_INT(stage_count(&s, GB_EVENT_OPENED), 1);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 1);
    EXPECT_INT(stage_event(&s, GB_EVENT_TRADE_VOIDED, 0)->index, 1);
    EXPECT_INT(escrow(&s, 0),
               200 * INT64_C(410000)); /* without a close: what rested is back, too */
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    EXPECT_INT(view.n_trades, 2);
    EXPECT_INT(view.n_standing, 1);
    EXPECT_INT(view.trade_states[0], GB_TRADE_PENDING);
    EXPECT_INT(view.trade_states[1], GB_TRADE_VOID);
    EXPECT_INT(view.unmatched[1].wh, 50);
    stage_close(&s);
}

static void an_open_says_the_root_of_its_prefix_and_no_other(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 3);
    uint64_t height = play_two_trades(&s);
    struct gb_message open = stage_deliver_until(&s, 0, height);
    open.body.open.root = stage_root_until(&s, 0, height + 1);
    EXPECT_INT(stage_send(&s, open), GB_RECEIPT_WRONG_ROOT);
    open = stage_deliver_until(&s, 0, height);
    open.body.open.has_height = false;
    EXPECT_INT(stage_send(&s, open), GB_RECEIPT_MALFORMED);
    EXPECT_INT(stage_send(&s, stage_deliver_until(&s, 0, s.height + 1)), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(stage_send(&s, stage_deliver_until(&s, 0, height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_deliver_until(&s, 0, height)), GB_RECEIPT_ALREADY_DONE);
    stage_close(&s);
}

static void a_call_knows_no_height_in_its_open(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    stage_register_all(&s);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_deliver_until(&s, 0, s.height)), GB_RECEIPT_MALFORMED);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    stage_close(&s);
}

static void a_missed_slot_makes_all_its_trades_void(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED, 3);
    play_two_trades(&s);
    EXPECT_INT(stage_send(&s, stage_miss(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 2);
    EXPECT_INT(stage_count(&s, GB_EVENT_MISSED), 1);
    EXPECT_INT(escrow(&s, 0), 0);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    stage_close(&s);
}

static void a_trade_settles_by_readings_and_real_signatures(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_REAL, 2);
    EXPECT_INT(ask(&s, 1, 200, 400000), GB_RECEIPT_OK);
    EXPECT_INT(bid(&s, 0, 300, 420000, 550000), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_deliver_until(&s, 0, s.height)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    for (uint32_t meter = 0; meter < 2; meter++) {
        struct stage_approval approval;
        EXPECT_INT(stage_send(&s, stage_reading(&s, meter, 0, meter == 0 ? 300 : -200, &approval)),
                   GB_RECEIPT_OK);
    }
    uint32_t trade = 0;
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, &trade, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_SETTLED), 1);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE - 200 * INT64_C(410000));
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE + 200 * INT64_C(410000));
    stage_close(&s);
}

static void two_slots_that_are_open_at_once_keep_books_of_their_own(void)
{
    struct stage s;
    struct gb_contract_rules rules = trading_rules("pooled");

    rules.open_ns = 2 * SLOT;
    stage_open(&s, GB_CRYPTO_MODELLED, 2, rules);
    stage_register_all(&s);
    EXPECT_INT(ask(&s, 1, 200, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 1, GB_BUY, 300, 420000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(n_executions(&s), 0);
    EXPECT_INT(bid(&s, 0, 300, 420000, 550000), GB_RECEIPT_OK);
    EXPECT_INT(n_executions(&s), 1);
    stage_close(&s);
}

/* ---- the same messages without a ledger */

enum { N_SENT = 600, N_TRADERS = 8 };

static uint32_t pick(uint32_t n)
{
    static uint32_t n_draws; /* one stream for all of this program */
    struct gb_key key = {{7, GB_PURPOSE_TEST}};

    return gb_draw_at(key, 2, 0, 0, n_draws++).words[0] % n;
}

/* An order, or an amendment or a cancel of any earlier message of its meter. */
static struct gb_message random_message(struct stage *s)
{
    uint32_t meter = pick(N_TRADERS), what = pick(4);
    bool is_bid = meter % 2 == 0;
    int64_t reserve = is_bid ? 590000 : 310000;
    struct gb_message message =
        stage_order(s, meter, 0, is_bid ? GB_BUY : GB_SELL, 1 + (int64_t)pick(2000),
                    400000 + 10000 * (int64_t)pick(10), reserve);
    struct gb_order_message *body = &message.body.order;

    body->order.source = (uint8_t)(is_bid ? pick(4) : 1 + pick(3));
    if (what < 2 && message.nonce > 1) {
        body->amends = 1 + pick((uint32_t)message.nonce - 1);
        body->cancels = what == 0;
    } else {
        body->order.type = (uint8_t)pick(3);
        body->order.minimum.wh = body->order.type != GB_ORDER_LIMIT && pick(2) ? 500 : 0;
        body->order.minimum.wh =
            body->order.minimum.wh > body->order.quantity.wh ? 0 : body->order.minimum.wh;
    }
    return message;
}

/* What the ledger took, as the book alone is told it. */
static size_t add_action(struct gb_book_action *actions, size_t n, const struct gb_message *message,
                         uint32_t number)
{
    const struct gb_order_message *body = &message->body.order;

    actions[n] = (struct gb_book_action){.is_cancel = body->cancels,
                                         .is_amendment = body->amends != 0 && !body->cancels,
                                         .target = number,
                                         .order = body->order};
    return n + 1;
}

static bool is_same_trade(const struct gb_trade *a, const struct gb_trade *b)
{
    return a->sell_order == b->sell_order && a->buy_order == b->buy_order &&
           a->seller == b->seller && a->buyer == b->buyer && a->source == b->source &&
           a->energy.wh == b->energy.wh && a->price_buy.ticks == b->price_buy.ticks &&
           a->price_sell.ticks == b->price_sell.ticks;
}

static void compare_trades(const struct stage *s, const struct gb_market_rules *rules,
                           const struct gb_book_action *actions, size_t n_actions)
{
    void *state = NULL;
    struct gb_error err;
    struct gb_match match = {0};
    size_t n_same = 0;

    EXPECT_INT(rules->mechanism->create(&state, rules, &err), GB_OK);
    rules->mechanism->begin(state, 0);
    EXPECT_INT(gb_market_apply(rules->mechanism, state, actions, n_actions, &err), GB_OK);
    EXPECT_INT(rules->mechanism->finish(state, &match, &err), GB_OK);
    EXPECT_INT(match.n_trades, n_executions(s));
    EXPECT(match.n_trades > 50);
    for (size_t i = 0; i < match.n_trades; i++)
        n_same += is_same_trade(&match.trades[i], &execution(s, i)->trade);
    EXPECT_INT(n_same, match.n_trades);
    rules->mechanism->free(state);
}

static void replay_without_a_ledger(const char *books)
{
    static struct gb_book_action actions[N_SENT];
    struct gb_contract_rules rules = trading_rules(books);
    struct stage s;
    size_t n = 0;

    stage_open(&s, GB_CRYPTO_MODELLED, N_TRADERS, rules);
    stage_register_all(&s);
    for (size_t i = 0; i < N_SENT; i++) {
        struct gb_message message = random_message(&s);

        if (stage_send(&s, message) == GB_RECEIPT_OK)
            n = add_action(actions, n, &message, stage_event(&s, GB_EVENT_ORDER, 0)->index);
    }
    compare_trades(&s, &rules.market, actions, n);
    EXPECT_INT(stage_send(&s, stage_deliver_until(&s, 0, s.height)), GB_RECEIPT_OK);
    stage_close(&s);
}

static void the_ledgers_trades_are_those_of_the_book_alone(void)
{
    replay_without_a_ledger("pooled");
    replay_without_a_ledger("by_source");
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(an_order_trades_in_its_block_at_the_midpoint_and_keeps_what_it_costs),
        TAP(below_0_the_seller_keeps_what_its_trade_costs_and_the_bid_is_released),
        TAP(a_sellers_amendment_is_paid_from_the_balance_and_what_its_order_holds),
        TAP(what_does_not_trade_at_once_of_an_ioc_lapses_with_its_escrow),
        TAP(a_call_takes_no_ioc),
        TAP(who_sold_in_a_slot_may_not_buy_in_it),
        TAP(capacity_counts_fills_and_what_stands),
        TAP(an_amendment_says_a_total_and_its_new_price_trades_as_an_arrival),
        TAP(an_amendment_behind_a_fill_is_already_done_and_changes_nothing),
        TAP(the_other_way_round_the_amendment_takes_its_order_from_the_fill),
        TAP(an_amendment_that_was_overtaken_is_superseded),
        TAP(one_that_overtakes_its_order_finds_none),
        TAP(an_amendment_is_paid_from_the_balance_and_what_its_order_holds),
        TAP(a_total_that_is_filled_already_takes_the_rest_back),
        TAP(a_total_below_the_smallest_order_takes_the_rest_back_where_it_is_filled),
        TAP(orders_count_from_the_opening_up_to_the_gate_by_block_time),
        TAP(a_close_has_no_tolerance_names_no_height_and_gives_back_what_rests),
        TAP(trades_above_the_height_of_the_open_are_void_with_their_escrow_back),
        TAP(an_open_says_the_root_of_its_prefix_and_no_other),
        TAP(a_call_knows_no_height_in_its_open),
        TAP(a_missed_slot_makes_all_its_trades_void),
        TAP(a_trade_settles_by_readings_and_real_signatures),
        TAP(two_slots_that_are_open_at_once_keep_books_of_their_own),
        TAP(the_ledgers_trades_are_those_of_the_book_alone),
        {0}};
    return tap_main("trading", tests);
}
