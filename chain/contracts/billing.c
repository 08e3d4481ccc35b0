/* Billing: the grid's side of a meter's trades, and the end of an interval.
 *
 * A meter whose settled trades come to X (bought positive, sold negative) and that shows M (import
 * positive) exchanges M - X with the grid. What it sold and did not deliver, or bought and did not
 * take, is imbalance; the rest is what it would have exchanged beside its trades and goes at the
 * tariff, so that without trades everything does. Where trades execute as delivered nothing of
 * them is ever missed.
 *
 * Under GB_UNMATCHED_SCHEDULED the rest of its orders' Q, Q - X, is a schedule: that much goes at
 * the tariff, a voided trade's energy among it, and all of M - Q at the prices of imbalance. A
 * meter without a standing order, or in a missed slot, has no schedule. */
#include "chain/contracts/contracts_priv.h"

struct bill {
    int64_t traded_wh, rest_wh, imbalance_wh, off_schedule_wh, units;
};

/* Net of a meter's settled trades, as they executed. */
static int64_t traded_wh(const struct gb_interval *interval, uint32_t meter)
{
    const struct gb_meter_interval *cell = &interval->cells[meter];
    uint32_t n_trades = gb_interval_n_trades_of(interval, meter);
    int64_t sum = 0;

    for (uint32_t i = 0; i < n_trades; i++) {
        uint32_t index = interval->trade_lists[cell->first_trade + i];
        int64_t wh = gb_interval_executed(interval, index).wh;
        if (interval->trade_states[index] == GB_TRADE_SETTLED)
            sum += interval->trades[index].buyer == meter ? wh : -wh;
    }
    return sum;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Of its trades: sold and not delivered (> 0), or bought and not taken (< 0). */
static int64_t missed_wh(int64_t traded, int64_t metered)
{
    if (traded < 0)
        return -traded - smaller(-traded, metered < 0 ? -metered : 0);
    return smaller(traded, metered > 0 ? metered : 0) - traded;
}

static bool has_schedule(const struct gb_contracts *contracts, const struct gb_interval *interval,
                         const struct gb_meter_interval *cell)
{
    return contracts->rules.unmatched == GB_UNMATCHED_SCHEDULED && cell->order_wh != 0 &&
           interval->phase != GB_INTERVAL_MISSED;
}

static struct bill compute(const struct gb_contracts *contracts, const struct gb_interval *interval,
                           uint32_t meter)
{
    const struct gb_contract_rules *rules = &contracts->rules;
    const struct gb_meter_interval *cell = &interval->cells[meter];
    struct bill bill = {.traded_wh = traded_wh(interval, meter)};

    bill.imbalance_wh = missed_wh(bill.traded_wh, cell->metered_wh);
    if (has_schedule(contracts, interval, cell))
        bill.off_schedule_wh = cell->metered_wh - cell->order_wh - bill.imbalance_wh;
    bill.rest_wh = cell->metered_wh - bill.traded_wh - bill.imbalance_wh - bill.off_schedule_wh;
    bill.units = gb_tariff_bill(&rules->market.tariff, (struct gb_energy){bill.rest_wh}).units +
                 gb_imbalance_cost(rules, (struct gb_energy){bill.imbalance_wh}).units +
                 gb_imbalance_cost(rules, (struct gb_energy){bill.off_schedule_wh}).units;
    return bill;
}

static void tell_bill(struct gb_contracts *contracts, const struct gb_interval *interval,
                      uint32_t meter, const struct bill *bill)
{
    struct gb_contract_event event =
        gb_event_log_event(contracts, GB_EVENT_BILLED, interval->number, 0);

    event.sender = GB_PARTY(GB_ROLE_METER, meter);
    event.amount.units = bill->units;
    event.energy.wh = interval->cells[meter].metered_wh;
    event.imbalance.wh = bill->imbalance_wh;
    event.off_schedule.wh = bill->off_schedule_wh;
    gb_event_log_emit(contracts, &event);
}

void gb_billing_try(struct gb_contracts *contracts, struct gb_interval *interval, uint32_t meter)
{
    struct gb_meter_interval *cell = &interval->cells[meter];
    struct gb_user *user = &contracts->users[meter];

    if (!cell->has_reading || cell->is_billed || cell->n_pending > 0 ||
        interval->phase < GB_INTERVAL_DELIVERING)
        return;
    struct bill bill = compute(contracts, interval, meter);
    cell->is_billed = true;
    user->billed_wh += cell->metered_wh;
    gb_accounts_move(contracts, GB_ACCOUNT_GRID_BILLS, meter, GB_ACCOUNT_GRID, 0, bill.units);
    const int64_t words[] = {interval->number, cell->metered_wh - bill.traded_wh, bill.units};
    gb_event_log_record(contracts, GB_CHANGE_BILL, meter, words, 3);
    tell_bill(contracts, interval, meter, &bill);
    gb_interval_count_bill(contracts, interval);
}

void gb_billing_gap(struct gb_contracts *contracts, uint32_t meter, int64_t first, int64_t last,
                    const struct gb_registers *from, const struct gb_registers *until)
{
    const struct gb_tariff *tariff = &contracts->rules.market.tariff;
    int64_t imported = until->import_wh - from->import_wh;
    int64_t exported = until->export_wh - from->export_wh;
    int64_t n_intervals = last - first + 1;
    struct gb_contract_event event =
        gb_event_log_event(contracts, GB_EVENT_GAP_BILLED, last,
                           n_intervals < UINT32_MAX ? (uint32_t)n_intervals : UINT32_MAX);

    event.sender = GB_PARTY(GB_ROLE_METER, meter);
    event.amount.units = gb_cost((struct gb_energy){imported}, tariff->retail).units -
                         gb_cost((struct gb_energy){exported}, tariff->feed_in).units;
    event.energy.wh = imported - exported;
    event.imbalance.wh = event.off_schedule.wh = 0;
    contracts->users[meter].billed_wh += event.energy.wh;
    gb_accounts_move(contracts, GB_ACCOUNT_GRID_BILLS, meter, GB_ACCOUNT_GRID, 0,
                     event.amount.units);
    const int64_t words[] = {first, last, event.energy.wh, event.amount.units};
    gb_event_log_record(contracts, GB_CHANGE_GAP, meter, words, 4);
    gb_event_log_emit(contracts, &event);
}

/* Nothing can settle after the deadline: trades that lack a reading or a signature are void for
 * both parties, and every bill that waited for one executes. */
enum gb_receipt gb_billing_finalize(struct gb_contracts *contracts,
                                    const struct gb_finalize_message *body)
{
    if (body->interval < 0)
        return GB_RECEIPT_MALFORMED;
    if (body->interval > contracts->last_due)
        return GB_RECEIPT_TOO_EARLY;
    if (gb_intervals_is_over(contracts, body->interval))
        return GB_RECEIPT_ALREADY_DONE;
    struct gb_interval *interval = gb_intervals_need(contracts, body->interval);
    if (!interval)
        return GB_RECEIPT_OK; /* the failure is kept */
    if (interval->phase < GB_INTERVAL_DELIVERING)
        gb_matching_miss(contracts, interval);
    for (size_t i = 0; !gb_interval_is_done(interval) && i < interval->n_trades; i++)
        gb_settlement_void(contracts, interval, (uint32_t)i);
    gb_interval_set_phase(contracts, interval, GB_INTERVAL_FINAL);
    gb_intervals_forget(contracts);
    gb_registers_close_gaps(contracts);
    return GB_RECEIPT_OK;
}
