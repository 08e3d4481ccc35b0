/* Phases change here and nowhere else; what a change entails is done by the rules it calls, none of
 * which calls back. The first valid close names the height H up to which orders count; where users
 * quote anew it ends round 1 alone, and the second valid one round 2. The open at
 * delivery must name the same match by its root, or none: a missed slot, everybody on the grid, as
 * is one that is opened after its settlement deadline. */
#include "chain/contracts/lifecycle_priv.h"

#include "chain/contracts/billing_priv.h"
#include "chain/contracts/matching_priv.h"
#include "chain/contracts/requoting_priv.h"
#include "chain/contracts/settlement_priv.h"
#include "chain/contracts/trading_priv.h"

/* What the operator's messages share: has the interval come to where they belong, is it not over?
 * last  interval that has */
static enum gb_receipt check_target(const struct gb_contracts *contracts, int64_t number,
                                    int64_t last)
{
    if (number < 0)
        return GB_RECEIPT_MALFORMED;
    if (number > last)
        return GB_RECEIPT_TOO_EARLY;
    return gb_intervals_is_over(&contracts->intervals, number) ? GB_RECEIPT_ALREADY_DONE
                                                               : GB_RECEIPT_OK;
}

static struct gb_interval *need(struct gb_contracts *contracts, int64_t number)
{
    return gb_intervals_need(&contracts->intervals, &contracts->event_log.failure, number);
}

static void emit(struct gb_contracts *contracts, enum gb_contract_event_kind kind,
                 const struct gb_interval *interval)
{
    gb_event_log_emit(&contracts->event_log,
                      gb_event_log_add(&contracts->event_log, kind, interval->number, 0));
}

static void emit_match(struct gb_contracts *contracts, struct gb_interval *interval)
{
    struct gb_event_log *log = &contracts->event_log;

    gb_intervals_set_phase(interval, log, GB_INTERVAL_MATCHED);
    gb_event_log_emit_match(log, gb_event_log_add(log, GB_EVENT_MATCHED, interval->number, 0),
                            &interval->trades.root);
}

/* ---- close */

/* Where orders trade as they come, the gate is a matter of time: the close only gives back what
 * rests. */
static enum gb_receipt close_trading(struct gb_contracts *contracts, struct gb_interval *interval)
{
    if (interval->is_closed)
        return GB_RECEIPT_ALREADY_DONE;
    gb_trading_close(contracts, interval);
    return GB_RECEIPT_OK;
}

/* The match is computed, or the first round where users quote anew before there is one. */
static enum gb_receipt close_call(struct gb_contracts *contracts, struct gb_interval *interval,
                                  uint64_t height)
{
    gb_intervals_set_close(&contracts->intervals, interval, height, contracts->event_log.position);
    if (gb_market_asks_users(&contracts->rules.market)) {
        gb_requoting_publish(contracts, interval, height);
        return GB_RECEIPT_OK;
    }
    gb_matching_run(contracts, interval, height);
    emit_match(contracts, interval);
    return GB_RECEIPT_OK;
}

/* The close of round 2 names a block at or behind that of round 1. */
static enum gb_receipt close_round_2(struct gb_contracts *contracts, struct gb_interval *interval,
                                     uint64_t height)
{
    if (interval->number > contracts->clock.last_at_second_gate)
        return GB_RECEIPT_TOO_EARLY;
    if (height < interval->close_position.height)
        return GB_RECEIPT_MALFORMED;
    gb_intervals_set_close(&contracts->intervals, interval, height, contracts->event_log.position);
    gb_requoting_match(contracts, interval, height);
    emit_match(contracts, interval);
    return GB_RECEIPT_OK;
}

enum gb_receipt gb_lifecycle_close(struct gb_contracts *contracts,
                                   const struct gb_close_message *body)
{
    bool is_trading = gb_trades_as_orders_come(contracts);
    enum gb_receipt receipt =
        check_target(contracts, body->interval,
                     is_trading ? contracts->clock.last_gated : contracts->clock.last_at_gate);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    if (is_trading && body->height != 0)
        return GB_RECEIPT_MALFORMED;
    if (body->height >= contracts->clock.height)
        return GB_RECEIPT_TOO_EARLY;
    struct gb_interval *interval = need(contracts, body->interval);
    if (!interval)
        return GB_RECEIPT_OK; /* the failure is kept */
    if (interval->phase != GB_INTERVAL_OPEN)
        return GB_RECEIPT_ALREADY_DONE;
    if (is_trading)
        return close_trading(contracts, interval);
    return gb_requoting_is_open(interval) ? close_round_2(contracts, interval, body->height)
                                          : close_call(contracts, interval, body->height);
}

/* ---- delivery */

static void bill_all(struct gb_contracts *contracts, struct gb_interval *interval)
{
    for (size_t i = 0; i < contracts->n_users; i++)
        gb_billing_try(contracts, interval, (uint32_t)i);
}

/* The trades of an interval become its match, of which those of blocks up to a height stand. */
static void conclude_trading(struct gb_contracts *contracts, struct gb_interval *interval,
                             uint64_t height)
{
    gb_trading_conclude(contracts, interval, gb_executions_until(&interval->executions, height));
    emit_match(contracts, interval);
}

/* Turns an interval that was never opened for delivery into a missed slot. */
static void miss(struct gb_contracts *contracts, struct gb_interval *interval)
{
    bool was_open = interval->phase == GB_INTERVAL_OPEN;

    if (was_open && gb_trades_as_orders_come(contracts))
        conclude_trading(contracts, interval, 0);
    gb_intervals_set_phase(interval, &contracts->event_log, GB_INTERVAL_MISSED);
    emit(contracts, GB_EVENT_MISSED, interval);
    if (was_open && !gb_trades_as_orders_come(contracts))
        gb_matching_release_escrow(contracts, interval);
    if (gb_requoting_is_open(interval))
        gb_requoting_abandon(contracts, interval);
    for (size_t i = 0; i < interval->trades.n; i++)
        gb_settlement_void(contracts, interval, (uint32_t)i);
    bill_all(contracts, interval);
}

/* n  of its trades stand, the others are void */
static void deliver(struct gb_contracts *contracts, struct gb_interval *interval, size_t n)
{
    gb_intervals_set_phase(interval, &contracts->event_log, GB_INTERVAL_DELIVERING);
    emit(contracts, GB_EVENT_OPENED, interval);
    for (size_t i = n; i < interval->trades.n; i++)
        gb_settlement_void(contracts, interval, (uint32_t)i);
    for (size_t i = 0; i < n; i++)
        gb_settlement_try(contracts, interval, (uint32_t)i);
    bill_all(contracts, interval);
}

/* The open names the last block whose trades stand, and the root over them. */
static enum gb_receipt open_trading(struct gb_contracts *contracts,
                                    const struct gb_open_message *body)
{
    if (!body->has_height)
        return GB_RECEIPT_MALFORMED;
    if (body->height >= contracts->clock.height)
        return GB_RECEIPT_TOO_EARLY;
    struct gb_interval *interval = need(contracts, body->interval);
    if (!interval)
        return GB_RECEIPT_OK; /* the failure is kept */
    size_t n = gb_executions_until(&interval->executions, body->height);
    if (contracts->event_log.is_hashed) {
        struct gb_hash root = gb_executions_root(&interval->executions, interval->number, n);
        if (!gb_hash_is_equal(&body->root, &root))
            return GB_RECEIPT_WRONG_ROOT;
    }
    conclude_trading(contracts, interval, body->height);
    deliver(contracts, interval, n);
    return GB_RECEIPT_OK;
}

static enum gb_receipt open_call(struct gb_contracts *contracts, struct gb_interval *interval,
                                 const struct gb_open_message *body)
{
    if (body->has_height)
        return GB_RECEIPT_MALFORMED;
    if (!interval || interval->phase == GB_INTERVAL_OPEN)
        return GB_RECEIPT_TOO_EARLY;
    if (contracts->event_log.is_hashed && !gb_hash_is_equal(&body->root, &interval->trades.root))
        return GB_RECEIPT_WRONG_ROOT;
    deliver(contracts, interval, interval->trades.n);
    return GB_RECEIPT_OK;
}

enum gb_receipt gb_lifecycle_open(struct gb_contracts *contracts,
                                  const struct gb_open_message *body)
{
    enum gb_receipt receipt =
        check_target(contracts, body->interval, contracts->clock.last_at_start);
    bool is_late = body->interval <= contracts->clock.last_missed;

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    struct gb_interval *interval = gb_intervals_find(&contracts->intervals, body->interval);
    if (interval && interval->phase >= GB_INTERVAL_DELIVERING)
        return GB_RECEIPT_ALREADY_DONE;
    if (body->has_match && !is_late)
        return gb_trades_as_orders_come(contracts) ? open_trading(contracts, body)
                                                   : open_call(contracts, interval, body);
    interval = need(contracts, body->interval);
    if (interval)
        miss(contracts, interval);
    return GB_RECEIPT_OK;
}

/* ---- the end */

/* Bills the gaps that an interval completes in becoming final. */
static void close_all_gaps(struct gb_contracts *contracts)
{
    for (size_t i = 0; contracts->registers.n_spans_waiting > 0 && i < contracts->n_users; i++)
        gb_billing_close_gaps(contracts, (uint32_t)i);
}

/* Nothing can settle after the deadline: trades that lack a reading or a signature are void for
 * both parties, and every bill that waited for one executes. */
enum gb_receipt gb_lifecycle_finalize(struct gb_contracts *contracts,
                                      const struct gb_finalize_message *body)
{
    enum gb_receipt receipt = check_target(contracts, body->interval, contracts->clock.last_due);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    struct gb_interval *interval = need(contracts, body->interval);
    if (!interval)
        return GB_RECEIPT_OK; /* the failure is kept */
    if (interval->phase < GB_INTERVAL_DELIVERING)
        miss(contracts, interval);
    for (size_t i = 0; !gb_interval_is_done(interval) && i < interval->trades.n; i++)
        gb_settlement_void(contracts, interval, (uint32_t)i);
    gb_intervals_set_phase(interval, &contracts->event_log, GB_INTERVAL_FINAL);
    gb_intervals_forget(&contracts->intervals, &contracts->event_log);
    close_all_gaps(contracts);
    return GB_RECEIPT_OK;
}
