/* Billing: what a reading shows beside the settled trades goes with the grid, at the tariff or as
 * imbalance, and every register's Wh is billed exactly once. */
#include "tests/stage_delivery.h"
#include "tests/tap.h"

/* ---- against the trades, or the order */

static void raise_with(struct stage *stage, size_t n_meters, enum gb_unmatched_rule unmatched)
{
    struct gb_contract_rules rules = stage_rules();

    rules.unmatched = unmatched;
    stage_start_under(stage, n_meters, rules);
}

/* The buyer ordered 2 kWh (1 traded at 0.45), the seller 1 kWh (traded). */
static void settle_with(struct stage *stage, enum gb_unmatched_rule unmatched, int64_t buyer_wh,
                        int64_t seller_wh)
{
    raise_with(stage, 2, unmatched);
    stage_play_to_delivery(stage, 0);
    EXPECT_INT(stage_read_and_sign(stage, 0, 0, buyer_wh), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_and_sign(stage, 1, 0, seller_wh), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(stage, stage_settle(stage, 0, first_trade, 1)), GB_RECEIPT_OK);
}

static void expect_bill(const struct stage *stage, uint32_t meter, int64_t units,
                        int64_t imbalance_wh, int64_t off_schedule_wh)
{
    const struct gb_contract_event *bill = stage_bill(stage, meter);

    if (!EXPECT(bill))
        return;
    EXPECT_INT(bill->amount.units, units);
    EXPECT_INT(bill->imbalance.wh, imbalance_wh);
    EXPECT_INT(bill->off_schedule.wh, off_schedule_wh);
    EXPECT_INT(gb_contracts_grid_account(stage->contracts, meter).units, -units);
}

static void beside_its_trades_a_meter_pays_the_tariff_on_what_it_metered(void)
{
    /* metered; the buyer's bill and imbalance, the seller's */
    static const struct {
        int64_t wh[2], units[2], imbalance[2];
    } cases[] = {
        {{2300, -1400}, {13 * CENTS(59) / 10, -4 * CENTS(31) / 10}, {0, 0}},
        {{1000, -1000}, {0, 0}, {0, 0}},
        /* 0.4 kWh not taken at 0.20; 0.3 kWh not delivered at 0.70 */
        {{600, -700}, {-CENTS(8), CENTS(21)}, {-400, 300}},
        {{0, 0}, {-CENTS(20), CENTS(70)}, {-1000, 1000}},
        /* the wrong way round: nothing taken or delivered, and all that flowed at the tariff */
        {{-500, 500}, {-CENTS(20) - CENTS(31) / 2, CENTS(70) + CENTS(59) / 2}, {-1000, 1000}}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage s;

        settle_with(&s, GB_UNMATCHED_METERED, cases[i].wh[0], cases[i].wh[1]);
        for (uint32_t m = 0; m < 2; m++) {
            expect_bill(&s, m, cases[i].units[m], cases[i].imbalance[m], 0);
            EXPECT_INT(stage_bill(&s, m)->energy.wh, cases[i].wh[m]);
        }
        EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE + CENTS(45)); /* traded: paid in full */
        stage_close(&s);
    }
}

static void what_is_taken_beyond_the_schedule_is_short(void)
{
    struct stage s;

    settle_with(&s, GB_UNMATCHED_SCHEDULED, 2300, -600);
    expect_bill(&s, 0, CENTS(59) + CENTS(21), 0, 300);           /* 1 kWh rest, 0.3 kWh at 0.70 */
    expect_bill(&s, 1, CENTS(28), 400, 0);                       /* 0.4 kWh not delivered */
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE + CENTS(45)); /* contracted: paid in full */
    stage_close(&s);
}

static void what_is_left_of_the_schedule_is_long(void)
{
    struct stage s;

    settle_with(&s, GB_UNMATCHED_SCHEDULED, 500, -1500);
    expect_bill(&s, 0, CENTS(59) - CENTS(30), -500, -1000); /* 1.5 kWh back at 0.20 */
    expect_bill(&s, 1, -CENTS(10), 0, -500);
    stage_close(&s);
}

static void without_an_order_or_with_a_cancelled_one_everything_goes_at_the_tariff(void)
{
    struct stage s;

    raise_with(&s, 3, GB_UNMATCHED_SCHEDULED);
    EXPECT_INT(stage_send(&s, stage_order(&s, 2, 0, GB_BUY, 700, 310000, 310000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 2, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_only(&s, 0, 0, 1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_only(&s, 1, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_only(&s, 2, 0, 1000), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 0).units, -CENTS(59));
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 1).units, CENTS(31));
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 2).units, -CENTS(59));
    stage_close(&s);
}

static void a_late_order_schedules_nothing_and_a_late_cancel_leaves_the_schedule(void)
{
    struct stage s;

    raise_with(&s, 2, GB_UNMATCHED_SCHEDULED);
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_BUY, 1000, 310000, 310000)), GB_RECEIPT_OK);
    uint64_t height = s.height;
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 310000, 310000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 1, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_only(&s, 0, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, 2 * CENTS(59));
    EXPECT_INT(stage_read_only(&s, 1, 0, 2000), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, CENTS(59) + CENTS(70));
    stage_close(&s);
}

/* A seller of 1 kWh finds no buyer and delivers 1.2 kWh. */
static int64_t sell_alone(enum gb_unmatched_rule unmatched, int64_t off_schedule_wh)
{
    struct stage s;

    raise_with(&s, 1, unmatched);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_SELL, 1000, 500000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_only(&s, 0, 0, -1200), GB_RECEIPT_OK);
    int64_t got = gb_contracts_grid_account(s.contracts, 0).units;
    expect_bill(&s, 0, -got, 0, off_schedule_wh);
    stage_close(&s);
    return got;
}

static void an_order_that_found_no_match_costs_nothing_unless_it_is_a_schedule(void)
{
    EXPECT_INT(sell_alone(GB_UNMATCHED_METERED, 0), 12 * CENTS(31) / 10);
    /* 1 kWh at feed-in, 0.2 kWh more than it said at 0.20 */
    EXPECT_INT(sell_alone(GB_UNMATCHED_SCHEDULED, -200), CENTS(31) + CENTS(4));
}

static void in_a_missed_slot_everybody_is_on_the_grid(void)
{
    struct stage s;

    stage_start(&s, 2, 3);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_SELL, 1000, 400000, 350000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_and_sign(&s, 0, 0, 1500), GB_RECEIPT_OK); /* before, and after */
    EXPECT_INT(stage_send(&s, stage_miss(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, 3 * CENTS(59) / 2);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->imbalance.wh, 0);
    EXPECT_INT(stage_read_and_sign(&s, 1, 0, -700), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_APPROVAL_REFUSED, 0)->receipt, GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->amount.units, -7 * CENTS(31) / 10);
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    stage_close(&s);
}

/* ---- registers */

static void registers_go_on_where_they_ended_and_never_back(void)
{
    struct stage s;

    stage_start(&s, 1, 3);
    EXPECT_INT(stage_read_only(&s, 0, 0, 100), GB_RECEIPT_TOO_EARLY); /* before t */
    s.time_ns = SLOT;
    s.registers[0] = (struct gb_registers){.import_wh = 5};
    EXPECT_INT(stage_read_only(&s, 0, 0, 100), GB_RECEIPT_WRONG_REGISTERS); /* 5 Wh from nowhere */
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
    EXPECT_INT(stage_send(&s, shrinking), GB_RECEIPT_WRONG_REGISTERS);
    struct gb_message huge = stage_reading(&s, 0, 1, 0, NULL);
    huge.body.reading.end.import_wh = INT64_MAX;
    EXPECT_INT(stage_send(&s, huge), GB_RECEIPT_WRONG_REGISTERS);
    int64_t limit_wh = gb_contracts_energy_limit_wh(s.contracts);
    huge = stage_reading(&s, 0, 1, 0, NULL);
    huge.body.reading.end.solar_wh = huge.body.reading.end.charge_wh = limit_wh + 1;
    EXPECT_INT(stage_send(&s, huge), GB_RECEIPT_WRONG_REGISTERS);
    huge = stage_reading(&s, 0, 1, 0, NULL); /* each within the limit, what was taken is not */
    huge.body.reading.end.solar_wh = huge.body.reading.end.wind_wh = limit_wh / 2 + 1;
    EXPECT_INT(stage_send(&s, huge), GB_RECEIPT_WRONG_REGISTERS);
    EXPECT_INT(stage_read_only(&s, 0, 1, 40), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_only(&s, 0, 0, 0), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_read_only(&s, 0, -1, 0), GB_RECEIPT_MALFORMED);
    s.time_ns = 3 * SLOT;
    struct gb_message largest = stage_reading(&s, 0, 2, 0, NULL);
    largest.body.reading.end.solar_wh = largest.body.reading.end.charge_wh = limit_wh;
    EXPECT_INT(stage_send(&s, largest), GB_RECEIPT_OK);
    stage_close(&s);
}

static void a_gap_of_several_slots_is_billed_per_register_once_all_of_them_are_final(void)
{
    struct stage s;

    stage_start(&s, 1, 3);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_only(&s, 0, 0, 1000), GB_RECEIPT_OK);
    s.time_ns = 5 * SLOT;
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    (void)stage_reading(&s, 0, 1, 3000, NULL); /* lost on its way */
    (void)stage_reading(&s, 0, 2, -2000, NULL);
    (void)stage_reading(&s, 0, 3, 1000, NULL);
    EXPECT_INT(stage_read_only(&s, 0, 4, 500), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_GAP_BILLED), 0);
    EXPECT_INT(gb_contracts_last_reading(s.contracts, 0), 0);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 3)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_GAP_BILLED), 0);
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 2)), GB_RECEIPT_OK);
    const struct gb_contract_event *gap = stage_event(&s, GB_EVENT_GAP_BILLED, 0);
    EXPECT_INT(gap->amount.units, 4 * CENTS(59) - 2 * CENTS(31));
    EXPECT_INT(gap->energy.wh, 2000);
    EXPECT_INT(gap->sender, GB_PARTY(GB_ROLE_METER, 0));
    EXPECT_INT(gap->interval, 3);
    EXPECT_INT(gap->index, 3);
    EXPECT_INT(gb_contracts_last_reading(s.contracts, 0), 4);
    EXPECT_INT(stage_read_only(&s, 0, 2, 0), GB_RECEIPT_ALREADY_DONE); /* billed with the gap */
    EXPECT_INT(stage_send(&s, stage_miss(&s, 4)), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->energy.wh, 500);
    stage_close(&s);
}

/* Readings of slots 0 to 3 of meter 0, as they are made one after the other. */
static void make_readings(struct stage *stage, struct gb_message readings[4])
{
    static const int64_t net_wh[] = {100, -200, 300, 400};

    for (int64_t k = 0; k < 4; k++)
        readings[k] = stage_reading(stage, 0, k, net_wh[k], NULL);
}

static void a_reading_that_overtakes_an_earlier_one_does_not_lose_it(void)
{
    static const size_t order[] = {3, 1, 0, 2};
    struct gb_message readings[4];
    struct stage s;

    stage_start(&s, 1, 3);
    make_readings(&s, readings);
    s.time_ns = 4 * SLOT;
    for (size_t i = 0; i < 4; i++)
        EXPECT_INT(stage_send(&s, readings[order[i]]), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_last_reading(s.contracts, 0), 3);
    for (int64_t k = 4; k-- > 0;) {
        EXPECT_INT(stage_send(&s, stage_miss(&s, k)), GB_RECEIPT_OK);
        EXPECT_INT(stage_event(&s, GB_EVENT_BILLED, 0)->interval, k);
    }
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 0).units,
               -8 * CENTS(59) / 10 + 2 * CENTS(31) / 10);
    stage_close(&s);
}

static void a_reading_fits_between_its_neighbours_on_both_sides(void)
{
    struct gb_message readings[4];
    struct stage s;

    stage_start(&s, 1, 3);
    make_readings(&s, readings);
    s.time_ns = 4 * SLOT;
    EXPECT_INT(stage_send(&s, readings[0]), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, readings[3]), GB_RECEIPT_OK);
    struct gb_message wrong = readings[2];
    wrong.body.reading.end.import_wh++; /* beyond where slot 3 began */
    wrong.nonce = ++s.meter_nonces[0];
    EXPECT_INT(stage_send(&s, wrong), GB_RECEIPT_WRONG_REGISTERS);
    wrong.body.reading.end.import_wh -= 2; /* short of it */
    wrong.nonce = ++s.meter_nonces[0];
    EXPECT_INT(stage_send(&s, wrong), GB_RECEIPT_WRONG_REGISTERS);
    wrong = readings[2];
    wrong.body.reading.start.import_wh = 99; /* before slot 0 ended */
    wrong.nonce = ++s.meter_nonces[0];
    EXPECT_INT(stage_send(&s, wrong), GB_RECEIPT_WRONG_REGISTERS);
    EXPECT_INT(stage_send(&s, readings[2]), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, readings[1]), GB_RECEIPT_OK);
    stage_close(&s);
}

static void a_household_cannot_take_less_than_nothing_nor_make_more_than_a_meter_bears(void)
{
    struct stage s;

    stage_start(&s, 1, 3);
    s.time_ns = SLOT;
    struct gb_message reading = stage_reading(&s, 0, 0, 10, NULL);
    struct gb_registers *end = &reading.body.reading.end;
    int64_t *const registers[] = {&end->import_wh, &end->export_wh, &end->solar_wh,
                                  &end->wind_wh,   &end->charge_wh, &end->discharge_wh};
    for (size_t i = 0; i < 6; i++) {
        static const int64_t huge[] = {INT64_C(1) << 62, INT64_MAX, INT64_MIN, -1};
        for (size_t h = 0; h < 4; h++) {
            int64_t before = *registers[i];
            *registers[i] = huge[h];
            reading.nonce = ++s.meter_nonces[0];
            EXPECT_INT(stage_send(&s, reading), GB_RECEIPT_WRONG_REGISTERS);
            *registers[i] = before;
        }
    }
    end->charge_wh = 11; /* of 10 Wh that came in */
    reading.nonce = ++s.meter_nonces[0];
    EXPECT_INT(stage_send(&s, reading), GB_RECEIPT_WRONG_REGISTERS);
    end->charge_wh = 0;
    end->export_wh = 11;
    reading.nonce = ++s.meter_nonces[0];
    EXPECT_INT(stage_send(&s, reading), GB_RECEIPT_WRONG_REGISTERS);
    end->discharge_wh = 1; /* 10 + 1 - 11: all that came went out */
    reading.nonce = ++s.meter_nonces[0];
    EXPECT_INT(stage_send(&s, reading), GB_RECEIPT_OK);
    stage_close(&s);
}

static void a_flush_after_everything_is_final_bills_the_rest(void)
{
    struct stage s;

    stage_start(&s, 1, 3);
    gb_contracts_acknowledge(s.contracts, UINT64_MAX);
    s.time_ns = 10 * SLOT;
    for (int64_t k = 0; k < 3; k++)
        EXPECT_INT(stage_send(&s, stage_finalize(&s, k)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).phase, GB_INTERVAL_UNKNOWN); /* forgotten */
    EXPECT_INT(gb_contracts_interval(s.contracts, 2).phase, GB_INTERVAL_FINAL);
    (void)stage_reading(&s, 0, 0, -4000, NULL);
    EXPECT_INT(stage_read_only(&s, 0, 1, 1000), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 0).units, 4 * CENTS(31) - CENTS(59));
    EXPECT_INT(stage_read_only(&s, 0, 2, 1000), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_grid_account(s.contracts, 0).units, 4 * CENTS(31) - 2 * CENTS(59));
    EXPECT_INT(stage_count(&s, GB_EVENT_BILLED), 0);
    stage_close(&s);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(beside_its_trades_a_meter_pays_the_tariff_on_what_it_metered),
        TAP(what_is_taken_beyond_the_schedule_is_short),
        TAP(what_is_left_of_the_schedule_is_long),
        TAP(without_an_order_or_with_a_cancelled_one_everything_goes_at_the_tariff),
        TAP(a_late_order_schedules_nothing_and_a_late_cancel_leaves_the_schedule),
        TAP(an_order_that_found_no_match_costs_nothing_unless_it_is_a_schedule),
        TAP(in_a_missed_slot_everybody_is_on_the_grid),
        TAP(registers_go_on_where_they_ended_and_never_back),
        TAP(a_gap_of_several_slots_is_billed_per_register_once_all_of_them_are_final),
        TAP(a_reading_that_overtakes_an_earlier_one_does_not_lose_it),
        TAP(a_reading_fits_between_its_neighbours_on_both_sides),
        TAP(a_household_cannot_take_less_than_nothing_nor_make_more_than_a_meter_bears),
        TAP(a_flush_after_everything_is_final_bills_the_rest),
        {0}};
    return tap_main("billing", tests);
}
