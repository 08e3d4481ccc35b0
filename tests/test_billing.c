/* Billing: what a reading shows beside the settled trades goes with the grid, at the tariff or as
 * imbalance, and every register's Wh is billed exactly once. */
#include "tests/stage_delivery.h"
#include "tests/tap.h"

/* ---- against the order */

/* The buyer ordered 2 kWh (1 traded), the seller 1 kWh (traded). */
static void settle_with(struct stage *stage, int64_t buyer_wh, int64_t seller_wh)
{
    stage_raise(stage, 2, 3);
    stage_play_to_delivery(stage, 0);
    EXPECT_INT(stage_read_and_sign(stage, 0, 0, buyer_wh), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_and_sign(stage, 1, 0, seller_wh), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(stage, stage_settle(stage, 0, first_trade, 1)), GB_RECEIPT_OK);
}

static void what_is_taken_beyond_the_order_is_short(void)
{
    struct stage s;

    settle_with(&s, 2300, -600);
    const struct gb_world_event *buyer = stage_bill(&s, 0), *seller = stage_bill(&s, 1);
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
    const struct gb_world_event *buyer = stage_bill(&s, 0), *seller = stage_bill(&s, 1);
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

    stage_raise(&s, 3, 3);
    EXPECT_INT(stage_say(&s, stage_order(&s, 2, 0, GB_BUY, 700, 310000, 310000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_cancel(&s, 2, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_only(&s, 0, 0, 1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_only(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_only(&s, 2, 0, 1000), GB_RECEIPT_OK);
    EXPECT_INT(gb_world_grid_account(s.world, 0).units, -CENTS(59));
    EXPECT_INT(gb_world_grid_account(s.world, 1).units, CENTS(31));
    EXPECT_INT(gb_world_grid_account(s.world, 2).units, -CENTS(59));
    stage_close(&s);
}

static void a_late_order_schedules_nothing_and_a_late_cancel_leaves_the_schedule(void)
{
    struct stage s;

    stage_raise(&s, 2, 3);
    EXPECT_INT(stage_say(&s, stage_order(&s, 1, 0, GB_BUY, 1000, 310000, 310000)), GB_RECEIPT_OK);
    uint64_t height = s.height;
    EXPECT_INT(stage_say(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 310000, 310000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_cancel(&s, 1, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_gate(&s, 0, height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_only(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, 2 * CENTS(59));
    EXPECT_INT(stage_read_only(&s, 1, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, CENTS(59) + CENTS(70));
    stage_close(&s);
}

static void an_order_that_found_no_match_is_scheduled_with_the_grid(void)
{
    struct stage s;

    stage_raise(&s, 1, 3);
    EXPECT_INT(stage_say(&s, stage_order(&s, 0, 0, GB_SELL, 1000, 500000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_only(&s, 0, 0, -1200), GB_RECEIPT_OK);
    /* 1 kWh at feed-in, 0.2 kWh more than it said at 0.20 */
    EXPECT_INT(gb_world_grid_account(s.world, 0).units, CENTS(31) + CENTS(4));
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->imbalance_energy.wh, -200);
    stage_close(&s);
}

static void in_a_missed_slot_everybody_is_on_the_grid(void)
{
    struct stage s;

    stage_raise(&s, 2, 3);
    EXPECT_INT(stage_say(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_order(&s, 1, 0, GB_SELL, 1000, 400000, 350000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_say(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 1500), GB_RECEIPT_OK);  /* before, and after */
    EXPECT_INT(stage_say(&s, stage_miss(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, 3 * CENTS(59) / 2);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->imbalance.units, 0);
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -700), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_APPROVAL_REFUSED, 0)->receipt, GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, -7 * CENTS(31) / 10);
    EXPECT_INT(stage_say(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    stage_close(&s);
}

/* ---- registers */

static void registers_go_on_where_they_ended_and_never_back(void)
{
    struct stage s;

    stage_raise(&s, 1, 3);
    EXPECT_INT(stage_read_only(&s, 0, 0, 100), GB_RECEIPT_TOO_EARLY);         /* before t */
    s.time_ns = SLOT;
    s.registers[0] = (struct gb_registers){.import_wh = 5};
    EXPECT_INT(stage_read_only(&s, 0, 0, 100), GB_RECEIPT_WRONG_REGISTERS);  /* 5 Wh from nowhere */
    s.registers[0] = (struct gb_registers){0};
    EXPECT_INT(stage_read_only(&s, 0, 0, 100), GB_RECEIPT_OK);
    s.time_ns = 2 * SLOT;
    s.registers[0].import_wh = 99;
    EXPECT_INT(stage_read_only(&s, 0, 1, 100), GB_RECEIPT_WRONG_REGISTERS);
    s.registers[0].import_wh = 101;
    EXPECT_INT(stage_read_only(&s, 0, 1, 100), GB_RECEIPT_WRONG_REGISTERS);
    s.registers[0].import_wh = 100;
    struct gb_message shrinking = stage_reading(&s, 0, 1, 0, NULL);
    shrinking.body.reading.end.solar_wh = -1;
    EXPECT_INT(stage_say(&s, shrinking), GB_RECEIPT_WRONG_REGISTERS);
    struct gb_message huge = stage_reading(&s, 0, 1, 0, NULL);
    huge.body.reading.end.import_wh = INT64_MAX;
    EXPECT_INT(stage_say(&s, huge), GB_RECEIPT_WRONG_REGISTERS);
    EXPECT_INT(stage_read_only(&s, 0, 1, 40), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_only(&s, 0, 0, 0), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_read_only(&s, 0, -1, 0), GB_RECEIPT_MALFORMED);
    stage_close(&s);
}

static void a_gap_of_several_slots_is_billed_per_register_at_the_tariff(void)
{
    struct stage s;

    stage_raise(&s, 1, 3);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_only(&s, 0, 0, 1000), GB_RECEIPT_OK);
    s.time_ns = 5 * SLOT;
    EXPECT_INT(stage_say(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    (void)stage_reading(&s, 0, 1, 3000, NULL);          /* lost on its way */
    (void)stage_reading(&s, 0, 2, -2000, NULL);
    (void)stage_reading(&s, 0, 3, 1000, NULL);
    EXPECT_INT(stage_read_only(&s, 0, 4, 500), GB_RECEIPT_OK);
    const struct gb_world_event *gap = stage_event(&s, GB_EVENT_GAP_BILLED, 0);
    EXPECT_INT(gap->amount.units, 4 * CENTS(59) - 2 * CENTS(31));
    EXPECT_INT(gap->energy.wh, 2000);
    EXPECT_INT(gap->sender, GB_PARTY(GB_ROLE_METER, 0));
    EXPECT_INT(stage_read_only(&s, 0, 2, 0), GB_RECEIPT_ALREADY_DONE);  /* billed with the gap */
    EXPECT_INT(stage_say(&s, stage_miss(&s, 4)), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->energy.wh, 500);
    stage_close(&s);
}

static void a_flush_after_everything_is_final_bills_the_rest(void)
{
    struct stage s;

    stage_raise(&s, 1, 3);
    gb_world_hear(s.world, UINT64_MAX);
    s.time_ns = 10 * SLOT;
    for (int64_t k = 0; k < 3; k++)
        EXPECT_INT(stage_say(&s, stage_finalize(&s, k)), GB_RECEIPT_OK);
    EXPECT_INT(gb_world_interval(s.world, 0).phase, GB_INTERVAL_UNKNOWN);       /* forgotten */
    EXPECT_INT(gb_world_interval(s.world, 2).phase, GB_INTERVAL_FINAL);
    (void)stage_reading(&s, 0, 0, -4000, NULL);
    EXPECT_INT(stage_read_only(&s, 0, 1, 1000), GB_RECEIPT_OK);
    EXPECT_INT(gb_world_grid_account(s.world, 0).units, 4 * CENTS(31) - CENTS(59));
    EXPECT_INT(stage_read_only(&s, 0, 2, 1000), GB_RECEIPT_OK);
    EXPECT_INT(gb_world_grid_account(s.world, 0).units, 4 * CENTS(31) - 2 * CENTS(59));
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 0);
    stage_close(&s);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(what_is_taken_beyond_the_order_is_short),
        TAP(what_is_left_of_the_order_is_long),
        TAP(without_an_order_or_with_a_cancelled_one_everything_goes_at_the_tariff),
        TAP(a_late_order_schedules_nothing_and_a_late_cancel_leaves_the_schedule),
        TAP(an_order_that_found_no_match_is_scheduled_with_the_grid),
        TAP(in_a_missed_slot_everybody_is_on_the_grid),
        TAP(registers_go_on_where_they_ended_and_never_back),
        TAP(a_gap_of_several_slots_is_billed_per_register_at_the_tariff),
        TAP(a_flush_after_everything_is_final_bills_the_rest),
        {0}
    };
    return tap_main("billing", tests);
}
