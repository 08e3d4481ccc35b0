/* Settlement: energy and money move exactly once, with both readings and the required signatures;
 * what lacks them when the interval ends is void. */
#include <string.h>

#include "tests/stage_delivery.h"
#include "tests/tap.h"

static bool is_settled(const struct stage *stage, int64_t interval, uint32_t trade)
{
    return gb_contracts_interval(stage->contracts, interval).trade_states[trade] ==
           GB_TRADE_SETTLED;
}

/* ---- signatures */

static void a_trade_needs_all_three_signatures_and_both_readings(void)
{
    struct stage s;

    stage_start(&s, 2, 3);
    stage_play_to_delivery(&s, 0);
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT(!is_settled(&s, 0, 0));
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 0);
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE - CENTS(45));
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE + CENTS(45));
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 0).units, -CENTS(59)); /* the unmatched kWh */
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 1).units, 0);
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 2);
    stage_close(&s);
}

static void nothing_settles_twice(void)
{
    struct stage s;

    stage_start(&s, 2, 3);
    stage_play_to_delivery(&s, 0);
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    struct gb_message settle = stage_settle(&s, 0, first_trade, 1);
    EXPECT_INT(stage_send(&s, settle), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, settle), GB_RECEIPT_REPLAY);
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_ALREADY_DONE);
    struct stage_approval again = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 0), 0, 0);
    EXPECT_INT(stage_send(&s, stage_approve(&s, 0, 0, 1, &again)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 0), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE + CENTS(45));
    s.time_ns = 3 * SLOT;
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 0);
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 0);
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_ALREADY_DONE);
    stage_close(&s);
}

/* Everything that may still be said of an interval once it is done. The messages are made before,
 * for there is nothing to read of it afterwards. */
static void send_what_comes_too_late(struct stage *stage, bool is_acknowledged,
                                     enum gb_receipt receipts[6])
{
    static const uint32_t unknown[] = {7};

    stage_start(stage, 3, 3);
    stage_play_to_delivery(stage, 0);
    EXPECT_INT(stage_read_and_sign(stage, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_and_sign(stage, 1, 0, -1000), GB_RECEIPT_OK);
    struct stage_approval again = stage_approval(stage, GB_PARTY(GB_ROLE_METER, 0), 0, 0);
    struct gb_message settle = stage_settle(stage, 0, first_trade, 1);
    EXPECT_INT(stage_send(stage, settle), GB_RECEIPT_OK);
    settle.nonce = ++stage->operator_nonce;
    struct stage_approval foreign = again;
    foreign.trade = 7;
    EXPECT_INT(stage_read_only(stage, 2, 0, 500), GB_RECEIPT_OK); /* the last bill: it is done */
    if (is_acknowledged)
        gb_contracts_acknowledge(stage->contracts, stage->height);
    receipts[0] = stage_send(stage, stage_finalize(stage, 1)); /* too early: but a block begins */
    EXPECT_INT(gb_contracts_interval(stage->contracts, 0).n_trades, is_acknowledged ? 0 : 1);
    receipts[1] = stage_send(stage, stage_approve(stage, 0, 0, 1, &again));
    receipts[2] = stage_send(stage, stage_approve(stage, 0, 0, 1, &foreign));
    receipts[3] = stage_send(stage, settle);
    settle.body.settle.trades = unknown;
    settle.nonce = ++stage->operator_nonce;
    receipts[4] = stage_send(stage, settle);
    receipts[5] = stage_read_only(stage, 0, 0, 0);
    stage->time_ns = 3 * SLOT;
    EXPECT_INT(stage_send(stage, stage_finalize(stage, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(stage, GB_EVENT_TRADE_VOIDED), 0);
}

static void what_is_done_answers_the_same_once_its_memory_is_gone(void)
{
    struct stage kept, released;
    enum gb_receipt with[6], without[6];

    send_what_comes_too_late(&kept, false, with);
    send_what_comes_too_late(&released, true, without);
    for (size_t i = 0; i < 6; i++)
        EXPECT_INT(with[i], without[i]);
    EXPECT_INT(with[1], GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(with[2], GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(with[3], GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(with[5], GB_RECEIPT_ALREADY_DONE);
    EXPECT(gb_hash_is_equal(&kept.results.state_root, &released.results.state_root));
    stage_close(&kept);
    stage_close(&released);
}

static void a_settle_before_the_last_approval_waits_for_it(void)
{
    struct stage s;

    stage_start(&s, 2, 3);
    stage_play_to_delivery(&s, 0);
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_only(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_OK);
    EXPECT(!is_settled(&s, 0, 0));
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_ALREADY_DONE);
    struct stage_approval missing = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 1), 0, 0);
    EXPECT_INT(stage_send(&s, stage_approve(&s, 1, 0, 1, &missing)), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE + CENTS(45));
    stage_close(&s);
}

static void foreign_repeated_and_misplaced_signatures_do_not_count(void)
{
    struct stage s;

    stage_start(&s, 3, 3);
    stage_play_to_delivery(&s, 0);
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_only(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_OK);

    struct stage_approval buyers = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 0), 0, 0);
    struct stage_approval outsiders = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 2), 0, 0);
    struct stage_approval sellers = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 1), 0, 0);
    EXPECT_INT(stage_send(&s, stage_approve(&s, 0, 0, 1, &buyers)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_send(&s, stage_approve(&s, 2, 0, 1, &outsiders)), GB_RECEIPT_NOT_ALLOWED);
    EXPECT_INT(stage_send(&s, stage_approve(&s, 1, 0, 1, &buyers)), GB_RECEIPT_BAD_SIGNATURE);
    EXPECT_INT(stage_send(&s, stage_approve(&s, 1, 0, 1, &outsiders)), GB_RECEIPT_BAD_SIGNATURE);
    sellers.trade = 1;
    EXPECT_INT(stage_send(&s, stage_approve(&s, 1, 0, 1, &sellers)), GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(stage_send(&s, stage_approve(&s, 1, 0, 0, NULL)), GB_RECEIPT_MALFORMED);
    EXPECT(!is_settled(&s, 0, 0));

    struct stage_approval mixed[] = {sellers, sellers, sellers}; /* wrong, good, again */
    mixed[1].trade = mixed[2].trade = 0;
    EXPECT_INT(stage_send(&s, stage_approve(&s, 1, 0, 3, mixed)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_APPROVAL_REFUSED), 2);
    EXPECT_INT(stage_event(&s, GB_EVENT_APPROVAL_REFUSED, 0)->receipt, GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(stage_event(&s, GB_EVENT_APPROVAL_REFUSED, 1)->receipt, GB_RECEIPT_ALREADY_DONE);
    EXPECT(is_settled(&s, 0, 0));
    stage_close(&s);
}

static void the_operators_root_and_signature_are_checked(void)
{
    struct stage s;

    stage_start(&s, 2, 3);
    stage_play_to_delivery(&s, 0);
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    struct gb_message wrong = stage_settle(&s, 0, first_trade, 1);
    wrong.body.settle.root.bytes[0] ^= 1;
    EXPECT_INT(stage_send(&s, wrong), GB_RECEIPT_WRONG_ROOT);
    wrong = stage_settle(&s, 0, first_trade, 1);
    struct gb_signature usurped;
    gb_keyring_sign(s.ring, GB_PARTY(GB_ROLE_METER, 0), &wrong.body.settle.root, &usurped);
    wrong.body.settle.signature = &usurped;
    EXPECT_INT(stage_send(&s, wrong), GB_RECEIPT_BAD_SIGNATURE);
    wrong = stage_settle(&s, 0, first_trade, 1);
    wrong.sender = GB_PARTY(GB_ROLE_METER, 0);
    wrong.nonce = ++s.meter_nonces[0];
    EXPECT_INT(stage_send(&s, wrong), GB_RECEIPT_NOT_ALLOWED);
    static const uint32_t beyond[] = {0, 1}, twice[] = {0, 0};
    wrong = stage_settle(&s, 0, first_trade, 1);
    wrong.body.settle.n_trades = 2;
    wrong.body.settle.trades = beyond;
    EXPECT_INT(stage_send(&s, wrong), GB_RECEIPT_UNKNOWN_TARGET);
    wrong.nonce = ++s.operator_nonce;
    wrong.body.settle.trades = twice;
    EXPECT_INT(stage_send(&s, wrong), GB_RECEIPT_MALFORMED);
    wrong.nonce = ++s.operator_nonce;
    wrong.body.settle.n_trades = 0;
    EXPECT_INT(stage_send(&s, wrong), GB_RECEIPT_MALFORMED);
    wrong = stage_settle(&s, 0, first_trade, 1);
    wrong.body.settle.interval = 1;
    EXPECT_INT(stage_send(&s, wrong), GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT(!is_settled(&s, 0, 0));
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    stage_close(&s);
}

static void two_of_three_settle_without_the_operator(void)
{
    struct stage s;

    stage_start(&s, 2, 2);
    stage_play_to_delivery(&s, 0);
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT(!is_settled(&s, 0, 0));
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    stage_close(&s);
}

/* Two signatures are enough, one reading is not: whoever's is missing, the trade waits for it. */
static void two_signatures_do_not_stand_for_the_reading_that_is_missing(void)
{
    for (uint32_t reader = 0; reader < 2; reader++) {
        uint32_t other = 1 - reader; /* 0 buys of 1 */
        struct stage s;

        stage_start(&s, 2, 2);
        stage_play_to_delivery(&s, 0);
        EXPECT_INT(stage_read_and_sign(&s, reader, 0, reader == 0 ? 2000 : -1000), GB_RECEIPT_OK);
        struct stage_approval approval = stage_approval(&s, GB_PARTY(GB_ROLE_METER, other), 0, 0);
        EXPECT_INT(stage_send(&s, stage_approve(&s, other, 0, 1, &approval)), GB_RECEIPT_OK);
        EXPECT(!is_settled(&s, 0, 0));
        EXPECT_INT(stage_read_only(&s, other, 0, other == 0 ? 2000 : -1000), GB_RECEIPT_OK);
        EXPECT(is_settled(&s, 0, 0));
        stage_close(&s);
    }
}

static void readings_that_come_before_the_open_wait_for_it(void)
{
    struct stage s;

    stage_start(&s, 3, 2);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_SELL, 1000, 400000, 350000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    for (uint32_t i = 0; i < 3; i++)
        EXPECT_INT(stage_read_and_sign(&s, i, 0, i == 0 ? 1000 : -1000), GB_RECEIPT_OK);
    EXPECT(!is_settled(&s, 0, 0));
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 0);
    struct gb_message settle = stage_settle(&s, 0, first_trade, 1);
    EXPECT_INT(stage_send(&s, settle), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    EXPECT(is_settled(&s, 0, 0));
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 3);
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 2).units, CENTS(31)); /* it had no order */
    stage_close(&s);
}

/* ---- the end of an interval */

static void finalize_voids_what_lacks_a_reading_for_both_parties(void)
{
    struct stage s;

    stage_start(&s, 2, 3);
    stage_play_to_delivery(&s, 0);
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 2100), GB_RECEIPT_OK);
    s.time_ns = 2 * SLOT - GB_NS_PER_SECOND - 1; /* t + T + deadline = 30 min */
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_TOO_EARLY);
    s.time_ns = 2 * SLOT;
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 1);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    /* the traded kWh goes at the tariff now, as all 2.1 kWh do */
    EXPECT_INT(stage_bill(&s, 0)->amount.units, 21 * CENTS(59) / 10);
    EXPECT(!stage_bill(&s, 1));
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).phase, GB_INTERVAL_FINAL);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_ALREADY_DONE);

    /* the seller's reading comes after all: it only bills */
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_GAP_BILLED, 0)->amount.units, -CENTS(31));
    EXPECT_INT(stage_event(&s, GB_EVENT_GAP_BILLED, 0)->energy.wh, -1000);
    EXPECT_INT(stage_event(&s, GB_EVENT_APPROVAL_REFUSED, 0)->receipt, GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE);
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 1).units, CENTS(31));
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, 0), GB_RECEIPT_ALREADY_DONE);
    stage_close(&s);
}

static void finalize_voids_what_lacks_a_signature(void)
{
    struct stage s;

    stage_start(&s, 2, 3);
    stage_play_to_delivery(&s, 0);
    EXPECT_INT(stage_read_only(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_OK);
    s.time_ns = 2 * SLOT;
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 1);
    EXPECT_INT(stage_bill(&s, 0)->amount.units, 2 * CENTS(59));
    EXPECT_INT(stage_bill(&s, 1)->amount.units, -CENTS(31));
    struct stage_approval late = stage_approval(&s, GB_PARTY(GB_ROLE_METER, 0), 0, 0);
    EXPECT_INT(stage_send(&s, stage_approve(&s, 0, 0, 1, &late)), GB_RECEIPT_ALREADY_DONE);
    stage_close(&s);
}

static void finalize_of_a_slot_never_opened_is_a_missed_slot(void)
{
    struct stage s;

    stage_start(&s, 2, 3);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_only(&s, 0, 0, 1000), GB_RECEIPT_OK);
    s.time_ns = 2 * SLOT;
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_MISSED), 1);
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 1);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 0).units, -CENTS(59));
    stage_close(&s);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_trade_needs_all_three_signatures_and_both_readings),
        TAP(nothing_settles_twice),
        TAP(what_is_done_answers_the_same_once_its_memory_is_gone),
        TAP(a_settle_before_the_last_approval_waits_for_it),
        TAP(foreign_repeated_and_misplaced_signatures_do_not_count),
        TAP(the_operators_root_and_signature_are_checked),
        TAP(two_of_three_settle_without_the_operator),
        TAP(two_signatures_do_not_stand_for_the_reading_that_is_missing),
        TAP(readings_that_come_before_the_open_wait_for_it),
        TAP(finalize_voids_what_lacks_a_reading_for_both_parties),
        TAP(finalize_voids_what_lacks_a_signature),
        TAP(finalize_of_a_slot_never_opened_is_a_missed_slot),
        {0}};
    return tap_main("settlement", tests);
}
