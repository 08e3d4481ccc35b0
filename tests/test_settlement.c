/* Settlement: energy and money move exactly once, with both readings and the required signatures;
 * everything else goes with the grid. Prices of the stage: 0.59 and 0.31, imbalance 0.70 and
 * 0.20. */
#include <string.h>

#include "tests/stage.h"
#include "tests/table1.h"
#include "tests/tap.h"

#define SLOT (15 * STAGE_MINUTE)
#define CENTS(x) (INT64_C(10000000) * (x))              /* of the currency, in money units */

static const uint32_t first_trade[] = {0};

static void raise_stage(struct stage *stage, size_t n_meters, uint32_t signatures_required)
{
    struct gb_world_rules rules = stage_rules();

    rules.signatures_required = signatures_required;
    stage_open(stage, GB_CRYPTO_MODELLED, n_meters, rules);
    stage_register_all(stage);
    gb_world_hear(stage->world, 0);     /* by nobody: what is done stays readable for the tests */
}

/* Meter 0 buys 2 kWh of which it gets 1 from meter 1 at 0.45: trade 0 of the interval,
 * delivering. */
static void play_to_delivery(struct stage *stage, int64_t interval)
{
    EXPECT_INT(stage_say(stage, stage_order(stage, 0, interval, GB_BUY, 2000, 500000, 550000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_say(stage, stage_order(stage, 1, interval, GB_SELL, 1000, 400000, 350000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_say(stage, stage_gate(stage, interval, stage->height)), GB_RECEIPT_OK);
    stage->time_ns = interval * SLOT;
    EXPECT_INT(stage_say(stage, stage_deliver(stage, interval)), GB_RECEIPT_OK);
    EXPECT_INT(gb_world_interval(stage->world, interval).n_trades, 1);
    stage->time_ns = (interval + 1) * SLOT;
}

static enum gb_receipt read_and_sign(struct stage *stage, uint32_t meter, int64_t interval,
                                     int64_t net)
{
    struct stage_approval approvals[8];

    return stage_say(stage, stage_reading(stage, meter, interval, net, approvals));
}

static enum gb_receipt read_only(struct stage *stage, uint32_t meter, int64_t interval, int64_t net)
{
    return stage_say(stage, stage_reading(stage, meter, interval, net, NULL));
}

static bool is_settled(const struct stage *stage, int64_t interval, uint32_t trade)
{
    return gb_world_interval(stage->world, interval).trade_states[trade] == GB_TRADE_SETTLED;
}

/* ---- the paper */

static int64_t paid(const struct stage *stage, uint32_t meter)
{
    return STAGE_BALANCE - stage_balance(stage, meter) -
           gb_world_grid_account(stage->world, meter).units;
}

static void play_table_1(struct stage *stage)
{
    struct gb_book_action rows[TABLE1_ROWS];
    uint32_t all[6];

    table1(rows);
    for (uint32_t i = 0; i < TABLE1_ROWS; i++) {
        struct gb_message message = stage_order(stage, i, 0, GB_BUY, 1, 0, 0);
        message.body.order.order = rows[i].order;
        EXPECT_INT(stage_say(stage, message), GB_RECEIPT_OK);
    }
    EXPECT_INT(stage_say(stage, stage_gate(stage, 0, stage->height)), GB_RECEIPT_OK);
    stage->time_ns = 0;
    EXPECT_INT(stage_say(stage, stage_deliver(stage, 0)), GB_RECEIPT_OK);
    stage->time_ns = SLOT;
    for (uint32_t i = 0; i < TABLE1_ROWS; i++) {
        int64_t wh = rows[i].order.quantity.wh;
        EXPECT_INT(read_and_sign(stage, i, 0, rows[i].order.side == GB_BUY ? wh : -wh),
                   GB_RECEIPT_OK);
    }
    size_t n = gb_world_trades_to_settle(stage->world, 0, all, 6);
    EXPECT_INT(n, 6);
    EXPECT_INT(stage_say(stage, stage_settle(stage, 0, all, (uint32_t)n)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(stage, GB_EVENT_TRADE_SETTLED), 6);
}

static void the_papers_table_settles_to_the_last_unit(void)
{
    /* paper, section 5: S1 to S4 earn, B1 to B4 pay, in 1e-4 currency */
    static const int64_t expected[TABLE1_ROWS] = {
        -1034000, -2610000, -2142375, -1422000, 1916000, 2304000, 4256875, 2950000};
    int64_t buyers = 0, sellers = 0;
    struct stage s;

    raise_stage(&s, TABLE1_ROWS, 3);
    play_table_1(&s);
    for (uint32_t i = 0; i < TABLE1_ROWS; i++) {
        EXPECT_INT(paid(&s, i), expected[i] * 100000);
        EXPECT_INT(gb_world_escrow(s.world, i).units, 0);
        *(i < 4 ? &sellers : &buyers) += paid(&s, i);
    }
    EXPECT_INT(buyers, INT64_C(1142687500000));
    EXPECT_INT(sellers, -INT64_C(720837500000));
    EXPECT_INT(gb_world_operator(s.world).units, 0);
    EXPECT_INT(gb_world_grid(s.world).units, INT64_C(421850000000));    /* 715 kWh at 0.59 */
    stage_close(&s);
}

/* ---- signatures */

static void a_trade_needs_all_three_signatures_and_both_readings(void)
{
    struct stage s;

    raise_stage(&s, 2, 3);
    play_to_delivery(&s, 0);
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_TOO_EARLY);
    uint32_t ready[4];
    EXPECT_INT(gb_world_trades_to_settle(s.world, 0, ready, 4), 0);
    EXPECT_INT(read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT(!is_settled(&s, 0, 0));
    EXPECT_INT(gb_world_trades_to_settle(s.world, 0, ready, 4), 1);
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 0);
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE - CENTS(45));
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE + CENTS(45));
    EXPECT_INT(gb_world_grid_account(s.world, 0).units, -CENTS(59));    /* the unmatched kWh */
    EXPECT_INT(gb_world_grid_account(s.world, 1).units, 0);
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 2);
    stage_close(&s);
}

static void nothing_settles_twice(void)
{
    struct stage s;

    raise_stage(&s, 2, 3);
    play_to_delivery(&s, 0);
    EXPECT_INT(read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    struct gb_message settle = stage_settle(&s, 0, first_trade, 1);
    EXPECT_INT(stage_say(&s, settle), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, settle), GB_RECEIPT_REPLAY);
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_ALREADY_DONE);
    struct stage_approval again = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 0), 0, 0);
    EXPECT_INT(stage_say(&s, stage_approve(&s, 0, 0, 1, &again)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(read_and_sign(&s, 0, 0, 0), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE + CENTS(45));
    s.time_ns = 3 * SLOT;
    EXPECT_INT(stage_say(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 0);
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 0);
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_ALREADY_DONE);
    stage_close(&s);
}

/* Everything that may still be said of an interval once it is done. The messages are made before,
 * for there is nothing to read of it afterwards. */
static void say_what_comes_too_late(struct stage *stage, bool is_heard,
                                    enum gb_receipt receipts[6])
{
    static const uint32_t unknown[] = {7};

    raise_stage(stage, 3, 3);
    play_to_delivery(stage, 0);
    EXPECT_INT(read_and_sign(stage, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(read_and_sign(stage, 1, 0, -1000), GB_RECEIPT_OK);
    struct stage_approval again = stage_approval(stage, GB_PARTY(GB_ROLE_METER, 0), 0, 0);
    struct gb_message settle = stage_settle(stage, 0, first_trade, 1);
    EXPECT_INT(stage_say(stage, settle), GB_RECEIPT_OK);
    settle.nonce = ++stage->operator_nonce;
    struct stage_approval foreign = again;
    foreign.trade = 7;
    EXPECT_INT(read_only(stage, 2, 0, 500), GB_RECEIPT_OK);     /* the last bill: it is done */
    if (is_heard)
        gb_world_hear(stage->world, stage->height);
    receipts[0] = stage_say(stage, stage_finalize(stage, 1));   /* too early: but a block begins */
    EXPECT_INT(gb_world_interval(stage->world, 0).n_trades, is_heard ? 0 : 1);
    receipts[1] = stage_say(stage, stage_approve(stage, 0, 0, 1, &again));
    receipts[2] = stage_say(stage, stage_approve(stage, 0, 0, 1, &foreign));
    receipts[3] = stage_say(stage, settle);
    settle.body.settle.trades = unknown;
    settle.nonce = ++stage->operator_nonce;
    receipts[4] = stage_say(stage, settle);
    receipts[5] = read_only(stage, 0, 0, 0);
    stage->time_ns = 3 * SLOT;
    EXPECT_INT(stage_say(stage, stage_finalize(stage, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(stage, GB_EVENT_TRADE_VOIDED), 0);
}

static void what_is_done_answers_the_same_once_its_memory_is_gone(void)
{
    struct stage kept, released;
    enum gb_receipt with[6], without[6];

    say_what_comes_too_late(&kept, false, with);
    say_what_comes_too_late(&released, true, without);
    for (size_t i = 0; i < 6; i++)
        EXPECT_INT(with[i], without[i]);
    EXPECT_INT(with[1], GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(with[2], GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(with[3], GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(with[5], GB_RECEIPT_ALREADY_DONE);
    struct gb_hash a = gb_world_state_root(kept.world), b = gb_world_state_root(released.world);
    EXPECT(gb_hash_is_equal(&a, &b));
    stage_close(&kept);
    stage_close(&released);
}

static void a_settle_before_the_last_approval_waits_for_it(void)
{
    struct stage s;

    raise_stage(&s, 2, 3);
    play_to_delivery(&s, 0);
    EXPECT_INT(read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(read_only(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_OK);
    EXPECT(!is_settled(&s, 0, 0));
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_ALREADY_DONE);
    struct stage_approval missing = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 1), 0, 0);
    EXPECT_INT(stage_say(&s, stage_approve(&s, 1, 0, 1, &missing)), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE + CENTS(45));
    stage_close(&s);
}

static void foreign_repeated_and_misplaced_signatures_do_not_count(void)
{
    struct stage s;

    raise_stage(&s, 3, 3);
    play_to_delivery(&s, 0);
    EXPECT_INT(read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(read_only(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_OK);

    struct stage_approval buyers = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 0), 0, 0);
    struct stage_approval outsiders = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 2), 0, 0);
    struct stage_approval sellers = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 1), 0, 0);
    EXPECT_INT(stage_say(&s, stage_approve(&s, 0, 0, 1, &buyers)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_say(&s, stage_approve(&s, 2, 0, 1, &outsiders)), GB_RECEIPT_NOT_ALLOWED);
    EXPECT_INT(stage_say(&s, stage_approve(&s, 1, 0, 1, &buyers)), GB_RECEIPT_BAD_SIGNATURE);
    EXPECT_INT(stage_say(&s, stage_approve(&s, 1, 0, 1, &outsiders)), GB_RECEIPT_BAD_SIGNATURE);
    sellers.trade = 1;
    EXPECT_INT(stage_say(&s, stage_approve(&s, 1, 0, 1, &sellers)), GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(stage_say(&s, stage_approve(&s, 1, 0, 0, NULL)), GB_RECEIPT_MALFORMED);
    EXPECT(!is_settled(&s, 0, 0));

    struct stage_approval mixed[] = {sellers, sellers, sellers};   /* wrong, good, again */
    mixed[1].trade = mixed[2].trade = 0;
    EXPECT_INT(stage_say(&s, stage_approve(&s, 1, 0, 3, mixed)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_APPROVAL_REFUSED), 2);
    EXPECT_INT(stage_event(&s, GB_EVENT_APPROVAL_REFUSED, 0)->receipt, GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(stage_event(&s, GB_EVENT_APPROVAL_REFUSED, 1)->receipt, GB_RECEIPT_ALREADY_DONE);
    EXPECT(is_settled(&s, 0, 0));
    stage_close(&s);
}

static void the_operators_root_and_signature_are_checked(void)
{
    struct stage s;

    raise_stage(&s, 2, 3);
    play_to_delivery(&s, 0);
    EXPECT_INT(read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    struct gb_message wrong = stage_settle(&s, 0, first_trade, 1);
    wrong.body.settle.root.bytes[0] ^= 1;
    EXPECT_INT(stage_say(&s, wrong), GB_RECEIPT_WRONG_ROOT);
    wrong = stage_settle(&s, 0, first_trade, 1);
    struct gb_signature usurped;
    gb_keyring_sign(s.ring, GB_PARTY(GB_ROLE_METER, 0), &wrong.body.settle.root, &usurped);
    wrong.body.settle.signature = &usurped;
    EXPECT_INT(stage_say(&s, wrong), GB_RECEIPT_BAD_SIGNATURE);
    wrong = stage_settle(&s, 0, first_trade, 1);
    wrong.sender = GB_PARTY(GB_ROLE_METER, 0);
    wrong.nonce = ++s.meter_nonces[0];
    EXPECT_INT(stage_say(&s, wrong), GB_RECEIPT_NOT_ALLOWED);
    static const uint32_t beyond[] = {0, 1}, twice[] = {0, 0};
    wrong = stage_settle(&s, 0, first_trade, 1);
    wrong.body.settle.n_trades = 2;
    wrong.body.settle.trades = beyond;
    EXPECT_INT(stage_say(&s, wrong), GB_RECEIPT_UNKNOWN_TARGET);
    wrong.nonce = ++s.operator_nonce;
    wrong.body.settle.trades = twice;
    EXPECT_INT(stage_say(&s, wrong), GB_RECEIPT_MALFORMED);
    wrong.nonce = ++s.operator_nonce;
    wrong.body.settle.n_trades = 0;
    EXPECT_INT(stage_say(&s, wrong), GB_RECEIPT_MALFORMED);
    wrong = stage_settle(&s, 0, first_trade, 1);
    wrong.body.settle.interval = 1;
    EXPECT_INT(stage_say(&s, wrong), GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT(!is_settled(&s, 0, 0));
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    stage_close(&s);
}

static void two_of_three_settle_without_the_operator(void)
{
    struct stage s;

    raise_stage(&s, 2, 2);
    play_to_delivery(&s, 0);
    EXPECT_INT(read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT(!is_settled(&s, 0, 0));
    EXPECT_INT(read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    stage_close(&s);
}

static void readings_that_come_before_the_open_wait_for_it(void)
{
    struct stage s;

    raise_stage(&s, 3, 2);
    EXPECT_INT(stage_say(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_order(&s, 1, 0, GB_SELL, 1000, 400000, 350000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    for (uint32_t i = 0; i < 3; i++)
        EXPECT_INT(read_and_sign(&s, i, 0, i == 0 ? 1000 : -1000), GB_RECEIPT_OK);
    EXPECT(!is_settled(&s, 0, 0));
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 0);
    struct gb_message settle = stage_settle(&s, 0, first_trade, 1);
    EXPECT_INT(stage_say(&s, settle), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(stage_say(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 3);
    EXPECT_INT(gb_world_grid_account(s.world, 2).units, CENTS(31));     /* it had no order */
    stage_close(&s);
}

/* ---- bills */

static const struct gb_world_event *bill_of(const struct stage *stage, uint32_t meter)
{
    for (size_t i = 0; i < stage_count(stage, GB_EVENT_BILLED); i++)
        if (stage_event(stage, GB_EVENT_BILLED, i)->sender == GB_PARTY(GB_ROLE_METER, meter))
            return stage_event(stage, GB_EVENT_BILLED, i);
    return NULL;
}

/* The buyer ordered 2 kWh (1 traded), the seller 1 kWh (traded). */
static void settle_with(struct stage *stage, int64_t buyer_wh, int64_t seller_wh)
{
    raise_stage(stage, 2, 3);
    play_to_delivery(stage, 0);
    EXPECT_INT(read_and_sign(stage, 0, 0, buyer_wh), GB_RECEIPT_OK);
    EXPECT_INT(read_and_sign(stage, 1, 0, seller_wh), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(stage, stage_settle(stage, 0, first_trade, 1)), GB_RECEIPT_OK);
}

static void what_is_taken_beyond_the_order_is_short(void)
{
    struct stage s;

    settle_with(&s, 2300, -600);
    const struct gb_world_event *buyer = bill_of(&s, 0), *seller = bill_of(&s, 1);
    EXPECT_INT(buyer->amount.units, CENTS(59) + CENTS(21));     /* 1 kWh rest, 0.3 kWh at 0.70 */
    EXPECT_INT(buyer->imbalance.units, CENTS(21));
    EXPECT_INT(buyer->imbalance_energy.wh, 300);
    EXPECT_INT(buyer->energy.wh, 2300);
    EXPECT_INT(seller->amount.units, CENTS(28));                /* 0.4 kWh not delivered */
    EXPECT_INT(seller->imbalance_energy.wh, 400);
    EXPECT_INT(seller->energy.wh, -600);
    EXPECT_INT(gb_world_grid_account(s.world, 0).units, -CENTS(80));
    EXPECT_INT(gb_world_grid(s.world).units, CENTS(108));
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE + CENTS(45)); /* contracted: paid in full */
    stage_close(&s);
}

static void what_is_left_of_the_order_is_long(void)
{
    struct stage s;

    settle_with(&s, 500, -1500);
    const struct gb_world_event *buyer = bill_of(&s, 0), *seller = bill_of(&s, 1);
    EXPECT_INT(buyer->amount.units, CENTS(59) - CENTS(30));     /* 1.5 kWh back at 0.20 */
    EXPECT_INT(buyer->imbalance_energy.wh, -1500);
    EXPECT_INT(seller->amount.units, -CENTS(10));
    EXPECT_INT(seller->imbalance.units, -CENTS(10));
    EXPECT_INT(seller->imbalance_energy.wh, -500);
    stage_close(&s);
}

static void without_an_order_or_with_a_cancelled_one_everything_goes_at_the_tariff(void)
{
    struct stage s;

    raise_stage(&s, 3, 3);
    EXPECT_INT(stage_say(&s, stage_order(&s, 2, 0, GB_BUY, 700, 310000, 310000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_cancel(&s, 2, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(read_only(&s, 0, 0, 1000), GB_RECEIPT_OK);
    EXPECT_INT(read_only(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(read_only(&s, 2, 0, 1000), GB_RECEIPT_OK);
    EXPECT_INT(gb_world_grid_account(s.world, 0).units, -CENTS(59));
    EXPECT_INT(gb_world_grid_account(s.world, 1).units, CENTS(31));
    EXPECT_INT(gb_world_grid_account(s.world, 2).units, -CENTS(59));
    stage_close(&s);
}

static void a_late_order_schedules_nothing_and_a_late_cancel_leaves_the_schedule(void)
{
    struct stage s;

    raise_stage(&s, 2, 3);
    EXPECT_INT(stage_say(&s, stage_order(&s, 1, 0, GB_BUY, 1000, 310000, 310000)), GB_RECEIPT_OK);
    uint64_t height = s.height;
    EXPECT_INT(stage_say(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 310000, 310000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_cancel(&s, 1, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_gate(&s, 0, height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(read_only(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, 2 * CENTS(59));
    EXPECT_INT(read_only(&s, 1, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, CENTS(59) + CENTS(70));
    stage_close(&s);
}

static void an_order_that_found_no_match_is_scheduled_with_the_grid(void)
{
    struct stage s;

    raise_stage(&s, 1, 3);
    EXPECT_INT(stage_say(&s, stage_order(&s, 0, 0, GB_SELL, 1000, 500000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(read_only(&s, 0, 0, -1200), GB_RECEIPT_OK);
    /* 1 kWh at feed-in, 0.2 kWh more than it said at 0.20 */
    EXPECT_INT(gb_world_grid_account(s.world, 0).units, CENTS(31) + CENTS(4));
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->imbalance_energy.wh, -200);
    stage_close(&s);
}

static void in_a_missed_slot_everybody_is_on_the_grid(void)
{
    struct stage s;

    raise_stage(&s, 2, 3);
    EXPECT_INT(stage_say(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_order(&s, 1, 0, GB_SELL, 1000, 400000, 350000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(read_and_sign(&s, 0, 0, 1500), GB_RECEIPT_OK);           /* before, and after */
    EXPECT_INT(stage_say(&s, stage_miss(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, 3 * CENTS(59) / 2);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->imbalance.units, 0);
    EXPECT_INT(read_and_sign(&s, 1, 0, -700), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_APPROVAL_REFUSED, 0)->receipt, GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, -7 * CENTS(31) / 10);
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    stage_close(&s);
}

/* ---- the end of an interval */

static void finalize_voids_what_lacks_a_reading_for_both_parties(void)
{
    struct stage s;

    raise_stage(&s, 2, 3);
    play_to_delivery(&s, 0);
    EXPECT_INT(read_and_sign(&s, 0, 0, 2100), GB_RECEIPT_OK);
    s.time_ns = 2 * SLOT - 1;           /* t + T + deadline = 30 min */
    EXPECT_INT(stage_say(&s, stage_finalize(&s, 0)), GB_RECEIPT_TOO_EARLY);
    s.time_ns = 2 * SLOT;
    EXPECT_INT(stage_say(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 1);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    /* the traded kWh is rest at the tariff now: 2 kWh, and 0.1 kWh short */
    EXPECT_INT(bill_of(&s, 0)->amount.units, 2 * CENTS(59) + CENTS(7));
    EXPECT(!bill_of(&s, 1));
    EXPECT_INT(gb_world_interval(s.world, 0).phase, GB_INTERVAL_FINAL);
    EXPECT_INT(stage_say(&s, stage_finalize(&s, 0)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_say(&s, stage_deliver(&s, 0)), GB_RECEIPT_ALREADY_DONE);

    /* the seller's reading comes after all: it only bills */
    EXPECT_INT(read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_GAP_BILLED, 0)->amount.units, -CENTS(31));
    EXPECT_INT(stage_event(&s, GB_EVENT_GAP_BILLED, 0)->energy.wh, -1000);
    EXPECT_INT(stage_event(&s, GB_EVENT_APPROVAL_REFUSED, 0)->receipt, GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE);
    EXPECT_INT(gb_world_grid_account(s.world, 1).units, CENTS(31));
    EXPECT_INT(read_and_sign(&s, 1, 0, 0), GB_RECEIPT_ALREADY_DONE);
    stage_close(&s);
}

static void finalize_voids_what_lacks_a_signature(void)
{
    struct stage s;

    raise_stage(&s, 2, 3);
    play_to_delivery(&s, 0);
    EXPECT_INT(read_only(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_OK);
    s.time_ns = 2 * SLOT;
    EXPECT_INT(stage_say(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 1);
    EXPECT_INT(bill_of(&s, 0)->amount.units, 2 * CENTS(59));
    EXPECT_INT(bill_of(&s, 1)->amount.units, -CENTS(31));
    struct stage_approval late = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 0), 0, 0);
    EXPECT_INT(stage_say(&s, stage_approve(&s, 0, 0, 1, &late)), GB_RECEIPT_ALREADY_DONE);
    stage_close(&s);
}

static void finalize_of_a_slot_never_opened_is_a_missed_slot(void)
{
    struct stage s;

    raise_stage(&s, 2, 3);
    EXPECT_INT(stage_say(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(read_only(&s, 0, 0, 1000), GB_RECEIPT_OK);
    s.time_ns = 2 * SLOT;
    EXPECT_INT(stage_say(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_MISSED), 1);
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 1);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    EXPECT_INT(gb_world_grid_account(s.world, 0).units, -CENTS(59));
    stage_close(&s);
}

/* ---- registers */

static void registers_go_on_where_they_ended_and_never_back(void)
{
    struct stage s;

    raise_stage(&s, 1, 3);
    EXPECT_INT(read_only(&s, 0, 0, 100), GB_RECEIPT_TOO_EARLY);         /* before t */
    s.time_ns = SLOT;
    s.registers[0] = (struct gb_registers){.import_wh = 5};
    EXPECT_INT(read_only(&s, 0, 0, 100), GB_RECEIPT_WRONG_REGISTERS);   /* 5 Wh from nowhere */
    s.registers[0] = (struct gb_registers){0};
    EXPECT_INT(read_only(&s, 0, 0, 100), GB_RECEIPT_OK);
    s.time_ns = 2 * SLOT;
    s.registers[0].import_wh = 99;
    EXPECT_INT(read_only(&s, 0, 1, 100), GB_RECEIPT_WRONG_REGISTERS);
    s.registers[0].import_wh = 101;
    EXPECT_INT(read_only(&s, 0, 1, 100), GB_RECEIPT_WRONG_REGISTERS);
    s.registers[0].import_wh = 100;
    struct gb_message shrinking = stage_reading(&s, 0, 1, 0, NULL);
    shrinking.body.reading.end.solar_wh = -1;
    EXPECT_INT(stage_say(&s, shrinking), GB_RECEIPT_WRONG_REGISTERS);
    struct gb_message huge = stage_reading(&s, 0, 1, 0, NULL);
    huge.body.reading.end.import_wh = INT64_MAX;
    EXPECT_INT(stage_say(&s, huge), GB_RECEIPT_WRONG_REGISTERS);
    EXPECT_INT(read_only(&s, 0, 1, 40), GB_RECEIPT_OK);
    EXPECT_INT(read_only(&s, 0, 0, 0), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(read_only(&s, 0, -1, 0), GB_RECEIPT_MALFORMED);
    stage_close(&s);
}

static void a_gap_of_several_slots_is_billed_per_register_at_the_tariff(void)
{
    struct stage s;

    raise_stage(&s, 1, 3);
    s.time_ns = SLOT;
    EXPECT_INT(read_only(&s, 0, 0, 1000), GB_RECEIPT_OK);
    s.time_ns = 5 * SLOT;
    EXPECT_INT(stage_say(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    (void)stage_reading(&s, 0, 1, 3000, NULL);          /* lost on its way */
    (void)stage_reading(&s, 0, 2, -2000, NULL);
    (void)stage_reading(&s, 0, 3, 1000, NULL);
    EXPECT_INT(read_only(&s, 0, 4, 500), GB_RECEIPT_OK);
    const struct gb_world_event *gap = stage_event(&s, GB_EVENT_GAP_BILLED, 0);
    EXPECT_INT(gap->amount.units, 4 * CENTS(59) - 2 * CENTS(31));
    EXPECT_INT(gap->energy.wh, 2000);
    EXPECT_INT(gap->sender, GB_PARTY(GB_ROLE_METER, 0));
    EXPECT_INT(read_only(&s, 0, 2, 0), GB_RECEIPT_ALREADY_DONE);        /* billed with the gap */
    EXPECT_INT(stage_say(&s, stage_miss(&s, 4)), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->energy.wh, 500);
    stage_close(&s);
}

static void a_flush_after_everything_is_final_bills_the_rest(void)
{
    struct stage s;

    raise_stage(&s, 1, 3);
    gb_world_hear(s.world, UINT64_MAX);
    s.time_ns = 10 * SLOT;
    for (int64_t k = 0; k < 3; k++)
        EXPECT_INT(stage_say(&s, stage_finalize(&s, k)), GB_RECEIPT_OK);
    EXPECT_INT(gb_world_interval(s.world, 0).phase, GB_INTERVAL_UNKNOWN);       /* forgotten */
    EXPECT_INT(gb_world_interval(s.world, 2).phase, GB_INTERVAL_FINAL);
    (void)stage_reading(&s, 0, 0, -4000, NULL);
    EXPECT_INT(read_only(&s, 0, 1, 1000), GB_RECEIPT_OK);
    EXPECT_INT(gb_world_grid_account(s.world, 0).units, 4 * CENTS(31) - CENTS(59));
    EXPECT_INT(read_only(&s, 0, 2, 1000), GB_RECEIPT_OK);
    EXPECT_INT(gb_world_grid_account(s.world, 0).units, 4 * CENTS(31) - 2 * CENTS(59));
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 0);
    stage_close(&s);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_papers_table_settles_to_the_last_unit),
        TAP(a_trade_needs_all_three_signatures_and_both_readings),
        TAP(nothing_settles_twice),
        TAP(what_is_done_answers_the_same_once_its_memory_is_gone),
        TAP(a_settle_before_the_last_approval_waits_for_it),
        TAP(foreign_repeated_and_misplaced_signatures_do_not_count),
        TAP(the_operators_root_and_signature_are_checked),
        TAP(two_of_three_settle_without_the_operator),
        TAP(readings_that_come_before_the_open_wait_for_it),
        TAP(what_is_taken_beyond_the_order_is_short),
        TAP(what_is_left_of_the_order_is_long),
        TAP(without_an_order_or_with_a_cancelled_one_everything_goes_at_the_tariff),
        TAP(a_late_order_schedules_nothing_and_a_late_cancel_leaves_the_schedule),
        TAP(an_order_that_found_no_match_is_scheduled_with_the_grid),
        TAP(in_a_missed_slot_everybody_is_on_the_grid),
        TAP(finalize_voids_what_lacks_a_reading_for_both_parties),
        TAP(finalize_voids_what_lacks_a_signature),
        TAP(finalize_of_a_slot_never_opened_is_a_missed_slot),
        TAP(registers_go_on_where_they_ended_and_never_back),
        TAP(a_gap_of_several_slots_is_billed_per_register_at_the_tariff),
        TAP(a_flush_after_everything_is_final_bills_the_rest),
        {0}
    };
    return tap_main("settlement", tests);
}
