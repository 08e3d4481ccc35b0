/* A reading of an interval in flight lets its trades and its bill execute; a late one only bills
 * what it shows at the tariff. */
#include "chain/contracts/readings_priv.h"

#include "chain/contracts/billing_priv.h"
#include "chain/contracts/settlement_priv.h"

/* ---- readings */

static enum gb_receipt check_reading(const struct gb_contracts *contracts, uint32_t meter,
                                     const struct gb_reading_message *body)
{
    if (body->interval < 0)
        return GB_RECEIPT_MALFORMED;
    if (body->interval > contracts->clock.last_at_end)
        return GB_RECEIPT_TOO_EARLY;
    return gb_registers_check(&contracts->registers, meter, body);
}

static void record(struct gb_event_log *log, uint32_t meter, const struct gb_reading_message *body)
{
    const struct gb_registers *end = &body->end;
    const int64_t words[] = {body->interval, body->start.import_wh, body->start.export_wh,
                             end->import_wh, end->export_wh,        end->solar_wh,
                             end->wind_wh,   end->charge_wh,        end->discharge_wh};

    gb_event_log_record(log, GB_CHANGE_READING, meter, words, sizeof words / sizeof words[0]);
}

/* What an interval in flight metered waits there for its trades and its bill. */
static void keep(struct gb_contracts *contracts, struct gb_interval *interval, uint32_t meter,
                 const struct gb_reading_message *body)
{
    const uint32_t *list;

    gb_interval_meters_set_reading(interval->meters, meter,
                                   (body->end.import_wh - body->start.import_wh) -
                                       (body->end.export_wh - body->start.export_wh));
    if (interval->trades.delivered)
        gb_trades_allot(&interval->trades, interval->meters, meter);
    uint32_t n_trades = gb_trades_of(&interval->trades, interval->meters, meter, &list);
    for (uint32_t i = 0; i < n_trades; i++)
        gb_settlement_try(contracts, interval, list[i]);
    gb_settlement_approve_all(contracts, interval, body->interval, &body->approvals);
    gb_billing_try(contracts, interval, meter);
}

enum gb_receipt gb_readings_execute(struct gb_contracts *contracts,
                                    const struct gb_reading_message *body)
{
    uint32_t meter = GB_PARTY_INDEX(contracts->event_log.message->sender);
    enum gb_receipt receipt = check_reading(contracts, meter, body);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    struct gb_interval *interval = gb_intervals_find(&contracts->intervals, body->interval);
    bool is_late = gb_intervals_is_final(&contracts->intervals, interval, body->interval);
    if (contracts->event_log.is_hashed)
        record(&contracts->event_log, meter, body);
    if (is_late)
        gb_billing_gap(contracts, meter,
                       &(struct gb_gap){body->interval, body->interval, body->start, body->end});
    gb_registers_add(&contracts->registers, &contracts->event_log.failure, meter, body);
    gb_billing_close_gaps(contracts, meter);
    if (!is_late && !interval)
        interval =
            gb_intervals_need(&contracts->intervals, &contracts->event_log.failure, body->interval);
    if (is_late)
        gb_settlement_approve_all(contracts, interval, body->interval, &body->approvals);
    else if (interval)
        keep(contracts, interval, meter, body);
    return GB_RECEIPT_OK;
}
