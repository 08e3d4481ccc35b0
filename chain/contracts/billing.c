/* A meter whose settled trades come to X (bought positive, sold negative) and that shows M (import
 * positive) exchanges M - X with the grid. What it sold and did not deliver, or bought and did not
 * take, is imbalance; the rest is what it would have exchanged beside its trades and goes at the
 * tariff, so that without trades everything does. Where trades execute as delivered nothing of
 * them is ever missed.
 *
 * Under GB_UNMATCHED_SCHEDULED the rest of its orders' Q, Q - X, is a schedule: that much goes at
 * the tariff, a voided trade's energy among it, and all of M - Q at the prices of imbalance. A
 * meter without a standing order, or in a missed slot, has no schedule. */
#include "chain/contracts/billing_priv.h"

struct bill {
    int64_t traded_wh, rest_wh, imbalance_wh, off_schedule_wh, units;
};

/* Net of a meter's settled trades, as they executed. */
static int64_t traded_wh(const struct gb_interval *interval, uint32_t meter)
{
    const struct gb_trade_table *table = &interval->trades;
    const uint32_t *list;
    uint32_t n = gb_trades_of(table, interval->meters, meter, &list);
    int64_t sum = 0;

    for (uint32_t i = 0; i < n; i++) {
        int64_t wh = gb_trades_executed(table, list[i]).wh;
        if (table->states[list[i]] == GB_TRADE_SETTLED)
            sum += table->trades[list[i]].buyer == meter ? wh : -wh;
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
                         const struct gb_meter_interval *meter)
{
    return contracts->rules.unmatched == GB_UNMATCHED_SCHEDULED && meter->order_wh != 0 &&
           interval->phase != GB_INTERVAL_MISSED;
}

static struct bill compute(const struct gb_contracts *contracts, const struct gb_interval *interval,
                           uint32_t meter)
{
    const struct gb_tariff *tariff = gb_tariff_of(contracts, meter, interval->number);
    const struct gb_meter_interval *shown = &interval->meters[meter];
    struct bill bill = {.traded_wh = traded_wh(interval, meter)};

    bill.imbalance_wh = missed_wh(bill.traded_wh, shown->metered_wh);
    if (has_schedule(contracts, interval, shown))
        bill.off_schedule_wh = shown->metered_wh - shown->order_wh - bill.imbalance_wh;
    bill.rest_wh = shown->metered_wh - bill.traded_wh - bill.imbalance_wh - bill.off_schedule_wh;
    bill.units = gb_tariff_bill(tariff, (struct gb_energy){bill.rest_wh}).units;
    if (bill.imbalance_wh != 0 || bill.off_schedule_wh != 0) {
        struct gb_tariff imbalance = gb_imbalance_prices(&contracts->rules, interval->number);

        bill.units += gb_tariff_bill(&imbalance, (struct gb_energy){bill.imbalance_wh}).units +
                      gb_tariff_bill(&imbalance, (struct gb_energy){bill.off_schedule_wh}).units;
    }
    return bill;
}

static void emit_bill(struct gb_event_log *log, const struct gb_interval *interval, uint32_t meter,
                      const struct bill *bill)
{
    struct gb_contract_event *event = gb_event_log_add(log, GB_EVENT_BILLED, interval->number, 0);

    event->sender = GB_PARTY(GB_ROLE_METER, meter);
    event->amount.units = bill->units;
    event->energy.wh = interval->meters[meter].metered_wh;
    event->imbalance.wh = bill->imbalance_wh;
    event->off_schedule.wh = bill->off_schedule_wh;
    gb_event_log_emit(log, event);
}

static void record_bill(struct gb_event_log *log, const struct gb_interval *interval,
                        uint32_t meter, const struct bill *bill)
{
    const int64_t words[] = {interval->number, interval->meters[meter].metered_wh - bill->traded_wh,
                             bill->units};

    gb_event_log_record(log, GB_CHANGE_BILL, meter, words, 3);
}

void gb_billing_execute(struct gb_contracts *contracts, struct gb_interval *interval,
                        uint32_t meter)
{
    struct gb_event_log *log = &contracts->event_log;
    struct bill bill = compute(contracts, interval, meter);

    gb_interval_meters_set_billed(interval->meters, meter);
    gb_accounts_bill(&contracts->accounts, log, meter,
                     (struct gb_energy){interval->meters[meter].metered_wh},
                     (struct gb_money){bill.units});
    if (log->is_hashed)
        record_bill(log, interval, meter, &bill);
    emit_bill(log, interval, meter, &bill);
    gb_intervals_count_bill(&contracts->intervals, interval, contracts->clock.height);
}

/* ---- gaps */

void gb_billing_gap(struct gb_contracts *contracts, uint32_t meter, const struct gb_gap *gap)
{
    const struct gb_tariff *tariff = gb_tariff_of(contracts, meter, gap->last);
    struct gb_event_log *log = &contracts->event_log;
    int64_t imported = gap->end.import_wh - gap->start.import_wh;
    int64_t exported = gap->end.export_wh - gap->start.export_wh;
    int64_t n_intervals = gap->last - gap->first + 1;
    struct gb_contract_event *event =
        gb_event_log_add(log, GB_EVENT_GAP_BILLED, gap->last,
                         n_intervals < UINT32_MAX ? (uint32_t)n_intervals : UINT32_MAX);

    event->sender = GB_PARTY(GB_ROLE_METER, meter);
    event->amount.units = gb_cost((struct gb_energy){imported}, tariff->retail).units -
                          gb_cost((struct gb_energy){exported}, tariff->feed_in).units;
    event->energy.wh = imported - exported;
    event->imbalance.wh = event->off_schedule.wh = 0;
    gb_accounts_bill(&contracts->accounts, log, meter, event->energy, event->amount);
    const int64_t words[] = {gap->first, gap->last, event->energy.wh, event->amount.units};
    gb_event_log_record(log, GB_CHANGE_GAP, meter, words, 4);
    gb_event_log_emit(log, event);
}

void gb_billing_join_gaps(struct gb_contracts *contracts, uint32_t meter)
{
    struct gb_gap gap;

    while (gb_registers_has_spans_waiting(&contracts->registers, meter) &&
           gb_registers_close_gap(&contracts->registers, &contracts->intervals, meter, &gap))
        gb_billing_gap(contracts, meter, &gap);
}
