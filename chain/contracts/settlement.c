/* Settlement: readings, the signatures of a trade's three roles, and the one place where a trade
 * moves energy and money. A trade executes with the message that completes its conditions,
 * whichever it is: both readings on the ledger, delivery opened, k of n signatures over its
 * settlement digest.
 *
 * Under GB_SETTLE_DELIVERED a meter that is read allots what it delivered or took to its trades in
 * their order, to each as much as was contracted; a trade executes at the smaller of both sides.
 * What one trade does not use stays with it and goes at the tariff, so that it makes no difference
 * whose reading comes first, nor which trades turn out void. */
#include "chain/contracts/contracts_priv.h"

/* ---- execution of one trade */

static void finish_trade(struct gb_contracts *contracts, struct gb_interval *interval,
                         uint32_t index, enum gb_trade_state state)
{
    const struct gb_trade *trade = &interval->trades[index];
    struct gb_contract_event event = gb_event_log_event(
        contracts, state == GB_TRADE_SETTLED ? GB_EVENT_TRADE_SETTLED : GB_EVENT_TRADE_VOIDED,
        interval->number, index);
    struct gb_energy executed = {0};

    if (state == GB_TRADE_SETTLED)
        executed = gb_interval_executed(interval, index);
    event.executed = executed;
    const int64_t words[] = {(int64_t)((uint64_t)interval->number << 2 | state), executed.wh};
    interval->trade_states[index] = (uint8_t)state;
    gb_event_log_record(contracts, GB_CHANGE_TRADE, index, words, 2);
    gb_event_log_emit(contracts, &event);
    interval->cells[trade->seller].n_pending--;
    interval->cells[trade->buyer].n_pending--;
    gb_billing_try(contracts, interval, trade->seller);
    gb_billing_try(contracts, interval, trade->buyer);
}

static uint32_t count_signers(uint8_t signers)
{
    return (signers & 1u) + (signers >> 1 & 1u) + (signers >> 2 & 1u);
}

void gb_settlement_try(struct gb_contracts *contracts, struct gb_interval *interval, uint32_t index)
{
    const struct gb_trade *trade = &interval->trades[index];

    if (count_signers(interval->signers[index]) < contracts->rules.signatures_required ||
        interval->trade_states[index] != GB_TRADE_PENDING ||
        interval->phase != GB_INTERVAL_DELIVERING || !interval->cells[trade->seller].has_reading ||
        !interval->cells[trade->buyer].has_reading)
        return;
    struct gb_energy executed = gb_interval_executed(interval, index);
    int64_t held = gb_cost(trade->energy, trade->price_buy).units;
    int64_t paid = gb_cost(executed, trade->price_buy).units;
    int64_t earned = gb_cost(executed, trade->price_sell).units;
    gb_accounts_move(contracts, GB_ACCOUNT_ESCROW, trade->buyer, GB_ACCOUNT_BALANCE, trade->seller,
                     earned);
    gb_accounts_move(contracts, GB_ACCOUNT_ESCROW, trade->buyer, GB_ACCOUNT_OPERATOR, 0,
                     paid - earned);
    gb_accounts_move(contracts, GB_ACCOUNT_ESCROW, trade->buyer, GB_ACCOUNT_BALANCE, trade->buyer,
                     held - paid);
    finish_trade(contracts, interval, index, GB_TRADE_SETTLED);
}

/* All of a meter's trades are on one side: nobody sells and buys in one interval. */
void gb_settlement_allot(struct gb_contracts *contracts, struct gb_interval *interval,
                         uint32_t meter)
{
    const struct gb_meter_interval *cell = &interval->cells[meter];
    uint32_t n_trades = gb_interval_n_trades_of(interval, meter);

    if (contracts->rules.settlement != GB_SETTLE_DELIVERED || n_trades == 0)
        return;
    const uint32_t *list = interval->trade_lists + cell->first_trade;
    bool sells = interval->trades[list[0]].seller == meter;
    int64_t left = sells ? -cell->metered_wh : cell->metered_wh;
    for (uint32_t i = 0; i < n_trades; i++) {
        int64_t contracted = interval->trades[list[i]].energy.wh;
        int64_t allotted = left < 0 ? 0 : left < contracted ? left : contracted;
        int64_t *delivered = &interval->delivered[list[i]].wh;
        *delivered = allotted < *delivered ? allotted : *delivered;
        left -= allotted;
    }
}

void gb_settlement_void(struct gb_contracts *contracts, struct gb_interval *interval,
                        uint32_t index)
{
    const struct gb_trade *trade = &interval->trades[index];

    if (interval->trade_states[index] != GB_TRADE_PENDING)
        return;
    gb_accounts_move(contracts, GB_ACCOUNT_ESCROW, trade->buyer, GB_ACCOUNT_BALANCE, trade->buyer,
                     gb_cost(trade->energy, trade->price_buy).units);
    finish_trade(contracts, interval, index, GB_TRADE_VOID);
}

/* ---- signatures of the meters */

static void add_signer(struct gb_contracts *contracts, struct gb_interval *interval, uint32_t index,
                       enum gb_trade_signer signer)
{
    const int64_t word = (int64_t)((uint64_t)interval->number << 3 | signer);

    interval->signers[index] |= (uint8_t)signer;
    gb_event_log_record(contracts, GB_CHANGE_SIGNATURE, index, &word, 1);
}

static enum gb_receipt take_approval(struct gb_contracts *contracts, struct gb_interval *interval,
                                     uint32_t index, const struct gb_signature *signature)
{
    uint32_t meter = GB_PARTY_INDEX(contracts->message->sender);

    if (!interval || index >= interval->n_trades)
        return GB_RECEIPT_UNKNOWN_TARGET;
    if (gb_interval_is_done(interval))
        return GB_RECEIPT_ALREADY_DONE;
    const struct gb_trade *trade = &interval->trades[index];
    if (meter != trade->seller && meter != trade->buyer)
        return GB_RECEIPT_NOT_ALLOWED;
    enum gb_trade_signer signer = meter == trade->seller ? GB_SIGNED_BY_SELLER : GB_SIGNED_BY_BUYER;
    if (interval->trade_states[index] != GB_TRADE_PENDING || (interval->signers[index] & signer))
        return GB_RECEIPT_ALREADY_DONE;
    if (contracts->event_log.is_hashed &&
        !gb_registry_is_signed(contracts, contracts->message->sender,
                               &contracts->known_users[meter].key, &interval->digests[index],
                               signature))
        return GB_RECEIPT_BAD_SIGNATURE;
    add_signer(contracts, interval, index, signer);
    gb_settlement_try(contracts, interval, index);
    return GB_RECEIPT_OK;
}

/* Takes every approval that is good; each of the others is told by an event of its own. */
static enum gb_receipt take_approvals(struct gb_contracts *contracts, int64_t number,
                                      const struct gb_approvals *approvals)
{
    struct gb_interval *interval = gb_intervals_find(contracts, number);
    enum gb_receipt first = GB_RECEIPT_OK;
    uint32_t n_refused = 0;

    for (uint32_t i = 0; i < approvals->n; i++) {
        uint32_t index = approvals->trades[i];
        enum gb_receipt receipt = take_approval(
            contracts, interval, index, approvals->signatures ? &approvals->signatures[i] : NULL);
        if (receipt == GB_RECEIPT_OK)
            continue;
        struct gb_contract_event event =
            gb_event_log_event(contracts, GB_EVENT_APPROVAL_REFUSED, number, index);
        event.receipt = (uint8_t)receipt;
        gb_event_log_emit(contracts, &event);
        first = n_refused++ == 0 ? receipt : first;
    }
    return n_refused < approvals->n ? GB_RECEIPT_OK : first;
}

/* An approve of which nothing counts is refused with the reason of its first approval. */
enum gb_receipt gb_settlement_approve(struct gb_contracts *contracts,
                                      const struct gb_approve_message *body)
{
    if (body->approvals.n == 0)
        return GB_RECEIPT_MALFORMED;
    return take_approvals(contracts, body->interval, &body->approvals);
}

/* ---- readings */

static enum gb_receipt check_reading(const struct gb_contracts *contracts, uint32_t meter,
                                     const struct gb_reading_message *body)
{
    if (body->interval < 0)
        return GB_RECEIPT_MALFORMED;
    if (body->interval > contracts->last_at_end)
        return GB_RECEIPT_TOO_EARLY;
    return gb_registers_check(contracts, meter, body);
}

static void note_reading(struct gb_contracts *contracts, uint32_t meter,
                         const struct gb_reading_message *body)
{
    const struct gb_registers *end = &body->end;
    const int64_t words[] = {body->interval, body->start.import_wh, body->start.export_wh,
                             end->import_wh, end->export_wh,        end->solar_wh,
                             end->wind_wh,   end->charge_wh,        end->discharge_wh};

    gb_event_log_record(contracts, GB_CHANGE_READING, meter, words, sizeof words / sizeof words[0]);
}

/* A reading of an interval in flight: what it metered waits there for its trades and its bill. */
static void keep_reading(struct gb_contracts *contracts, uint32_t meter,
                         const struct gb_reading_message *body)
{
    struct gb_interval *interval = gb_intervals_need(contracts, body->interval);

    if (!interval)
        return;
    struct gb_meter_interval *cell = &interval->cells[meter];
    cell->has_reading = true;
    cell->metered_wh = (body->end.import_wh - body->start.import_wh) -
                       (body->end.export_wh - body->start.export_wh);
    gb_settlement_allot(contracts, interval, meter);
    uint32_t n_trades = gb_interval_n_trades_of(interval, meter);
    for (uint32_t i = 0; i < n_trades; i++)
        gb_settlement_try(contracts, interval, interval->trade_lists[cell->first_trade + i]);
    take_approvals(contracts, body->interval, &body->approvals);
    gb_billing_try(contracts, interval, meter);
}

enum gb_receipt gb_settlement_read(struct gb_contracts *contracts,
                                   const struct gb_reading_message *body)
{
    uint32_t meter = GB_PARTY_INDEX(contracts->message->sender);
    enum gb_receipt receipt = check_reading(contracts, meter, body);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    note_reading(contracts, meter, body);
    gb_registers_add(contracts, meter, body);
    if (gb_intervals_is_over(contracts, body->interval))
        take_approvals(contracts, body->interval, &body->approvals);
    else
        keep_reading(contracts, meter, body);
    return GB_RECEIPT_OK;
}

/* ---- the operator's signature */

static bool is_done(const struct gb_interval *interval, uint32_t index)
{
    return interval->trade_states[index] != GB_TRADE_PENDING ||
           (interval->signers[index] & GB_SIGNED_BY_OPERATOR);
}

/* Every trade named exists, once, and both its readings are here; and one at least is new. */
static enum gb_receipt check_named(const struct gb_interval *interval,
                                   const struct gb_settle_message *body)
{
    bool any_new = false;

    for (uint32_t i = 0; i < body->n_trades; i++) {
        uint32_t index = body->trades[i];
        if (i > 0 && index <= body->trades[i - 1])
            return GB_RECEIPT_MALFORMED;
        if (index >= interval->n_trades)
            return GB_RECEIPT_UNKNOWN_TARGET;
        if (is_done(interval, index))
            continue;
        any_new = true;
        if (!interval->cells[interval->trades[index].seller].has_reading ||
            !interval->cells[interval->trades[index].buyer].has_reading)
            return GB_RECEIPT_TOO_EARLY;
    }
    return any_new ? GB_RECEIPT_OK : GB_RECEIPT_ALREADY_DONE;
}

static enum gb_receipt check_root(struct gb_contracts *contracts,
                                  const struct gb_interval *interval,
                                  const struct gb_settle_message *body)
{
    if (!contracts->event_log.is_hashed)
        return GB_RECEIPT_OK;
    struct gb_merkle tree;
    gb_merkle_init(&tree);
    for (uint32_t i = 0; i < body->n_trades; i++)
        gb_merkle_add(&tree, &interval->digests[body->trades[i]]);
    struct gb_hash root = gb_merkle_end(&tree);
    if (!gb_hash_is_equal(&root, &body->root))
        return GB_RECEIPT_WRONG_ROOT;
    return gb_registry_is_signed(contracts, contracts->message->sender, &contracts->operator_,
                                 &root, body->signature)
               ? GB_RECEIPT_OK
               : GB_RECEIPT_BAD_SIGNATURE;
}

/* Trades in the list that are done already are passed over: nothing moves twice. A trade that still
 * lacks a meter's signature keeps the operator's and executes when the other arrives. */
enum gb_receipt gb_settlement_settle(struct gb_contracts *contracts,
                                     const struct gb_settle_message *body)
{
    struct gb_interval *interval = gb_intervals_find(contracts, body->interval);

    if (body->n_trades == 0)
        return GB_RECEIPT_MALFORMED;
    if (!interval)
        return GB_RECEIPT_UNKNOWN_TARGET;
    if (interval->phase < GB_INTERVAL_DELIVERING)
        return GB_RECEIPT_TOO_EARLY;
    if (interval->phase != GB_INTERVAL_DELIVERING || gb_interval_is_done(interval))
        return GB_RECEIPT_ALREADY_DONE;
    enum gb_receipt receipt = check_named(interval, body);
    if (receipt == GB_RECEIPT_OK)
        receipt = check_root(contracts, interval, body);
    for (uint32_t i = 0; receipt == GB_RECEIPT_OK && i < body->n_trades; i++) {
        uint32_t index = body->trades[i];
        if (is_done(interval, index))
            continue;
        add_signer(contracts, interval, index, GB_SIGNED_BY_OPERATOR);
        gb_settlement_try(contracts, interval, index);
    }
    return receipt;
}
