/* The clock of the contracts: block time alone says whether a message comes too early, where a
 * second is borne, or an open too late, where nothing is. */
#include "tests/stage_delivery.h"
#include "tests/tap.h"

#define BORNE GB_NS_PER_SECOND

/* The message a nanosecond before it is borne, and then; each under a nonce of its own. */
static void expect_from(struct stage *stage, struct gb_message message, int64_t moment_ns)
{
    uint64_t *nonce = GB_PARTY_ROLE(message.sender) == GB_ROLE_METER
                          ? &stage->meter_nonces[GB_PARTY_INDEX(message.sender)]
                          : &stage->operator_nonce;

    stage->time_ns = moment_ns - BORNE - 1;
    EXPECT_INT(stage_send(stage, message), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(stage->block_time_ns, moment_ns - BORNE - 1);
    message.nonce = ++*nonce;
    stage->time_ns = moment_ns - BORNE;
    EXPECT_INT(stage_send(stage, message), GB_RECEIPT_OK);
    EXPECT_INT(stage->block_time_ns, moment_ns - BORNE);
}

static void nothing_is_accepted_before_its_moment(void)
{
    struct stage s;

    stage_start(&s, 2, 2);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_SELL, 1000, 400000, 350000)), GB_RECEIPT_OK);
    expect_from(&s, stage_gate(&s, 0, s.height), -5 * STAGE_MINUTE);
    expect_from(&s, stage_deliver(&s, 0), 0);
    struct stage_approval approvals[8];
    expect_from(&s, stage_reading(&s, 0, 0, 1000, approvals), SLOT);
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_SETTLED), 1);
    expect_from(&s, stage_finalize(&s, 0), 2 * SLOT);
    stage_close(&s);
}

/* Phase after an open of a match this long after the settlement deadline. */
static enum gb_interval_phase open_after(int64_t ns)
{
    struct stage s;

    stage_start(&s, 2, 2);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_SELL, 1000, 400000, 350000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    s.time_ns = 2 * SLOT + ns;
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    enum gb_interval_phase phase = gb_contracts_interval(s.contracts, 0).phase;
    EXPECT_INT(stage_count(&s, GB_EVENT_MISSED), phase == GB_INTERVAL_MISSED);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), phase == GB_INTERVAL_MISSED);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE - (phase == GB_INTERVAL_MISSED ? 0 : CENTS(45)));
    stage_close(&s);
    return phase;
}

static void an_open_after_the_settlement_deadline_makes_a_missed_slot(void)
{
    EXPECT_INT(open_after(-1), GB_INTERVAL_DELIVERING);
    EXPECT_INT(open_after(0), GB_INTERVAL_DELIVERING);
    EXPECT_INT(open_after(1), GB_INTERVAL_MISSED);
    EXPECT_INT(open_after(STAGE_MINUTE), GB_INTERVAL_MISSED);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(nothing_is_accepted_before_its_moment),
        TAP(an_open_after_the_settlement_deadline_makes_a_missed_slot),
        {0}};
    return tap_main("clock", tests);
}
