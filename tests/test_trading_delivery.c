/* What orders that trade as they come count for: between opening and gate, up to the height that
 * the open names, by its root, and once trades settle. */
#include "tests/stage_trading.h"
#include "tests/tap.h"

static void orders_count_from_the_opening_up_to_the_gate_by_block_time(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 1);
    s.time_ns = -GATE - 1;
    EXPECT_INT(stage_bid(&s, 0, 10, 400000, 500000), GB_RECEIPT_OK);
    s.time_ns = -GATE;
    EXPECT_INT(stage_bid(&s, 0, 10, 400000, 500000), GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_BUY, 5, 400000, 500000)),
               GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 1, GB_BUY, 10, 400000, 500000)),
               GB_RECEIPT_TOO_EARLY);
    stage_close(&s);
}

static void a_close_has_no_tolerance_names_no_height_and_gives_back_what_rests(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(stage_bid(&s, 0, 500, 420000, 550000), GB_RECEIPT_OK);
    EXPECT_INT(stage_ask(&s, 1, 200, 400000), GB_RECEIPT_OK);
    struct gb_message early = stage_gate(&s, 0, 0);
    s.time_ns = -GATE - 1;
    EXPECT_INT(stage_send(&s, early), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_MALFORMED);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_escrow(&s, 0), 200 * INT64_C(410000));
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, 0)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_count(&s, GB_EVENT_MATCHED), 0);
    stage_close(&s);
}

/* Two trades in blocks of their own; the second is above the height that the open names. */
static uint64_t play_two_trades(struct stage *s)
{
    EXPECT_INT(stage_ask(s, 1, 200, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_bid(s, 0, 300, 420000, 550000), GB_RECEIPT_OK);
    uint64_t height = s->height;
    EXPECT_INT(stage_ask(s, 2, 50, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_n_executions(s), 2);
    return height;
}

static void trades_above_the_height_of_the_open_are_void_with_their_escrow_back(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 3);
    uint64_t height = play_two_trades(&s);
    EXPECT_INT(stage_send(&s, stage_deliver_until(&s, 0, height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_MATCHED), 1);
    EXPECT_INT(stage_count(&s, GB_EVENT_OPENED), 1);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 1);
    EXPECT_INT(stage_event(&s, GB_EVENT_TRADE_VOIDED, 0)->index, 1);
    EXPECT_INT(stage_escrow(&s, 0),
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

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 3);
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

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 3);
    play_two_trades(&s);
    EXPECT_INT(stage_send(&s, stage_miss(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 2);
    EXPECT_INT(stage_count(&s, GB_EVENT_MISSED), 1);
    EXPECT_INT(stage_escrow(&s, 0), 0);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    stage_close(&s);
}

static void a_trade_settles_by_readings_and_real_signatures(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_REAL, 2);
    EXPECT_INT(stage_ask(&s, 1, 200, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_bid(&s, 0, 300, 420000, 550000), GB_RECEIPT_OK);
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

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(orders_count_from_the_opening_up_to_the_gate_by_block_time),
        TAP(a_close_has_no_tolerance_names_no_height_and_gives_back_what_rests),
        TAP(trades_above_the_height_of_the_open_are_void_with_their_escrow_back),
        TAP(an_open_says_the_root_of_its_prefix_and_no_other),
        TAP(a_call_knows_no_height_in_its_open),
        TAP(a_missed_slot_makes_all_its_trades_void),
        TAP(a_trade_settles_by_readings_and_real_signatures),
        {0}};
    return tap_main("trading_delivery", tests);
}
