/* A trade executes with the message that completes its conditions, whichever it is: both readings
 * on the ledger, delivery opened, k of n signatures over its settlement digest.
 *
 * Under GB_SETTLE_DELIVERED a trade executes at the smaller of what both its meters allot to it
 * (gb_trades_allot). What one trade does not use stays with it and goes at the tariff, so that it
 * makes no difference whose reading comes first, nor which trades turn out void. */
#include "chain/contracts/settlement_priv.h"

#include "chain/contracts/billing_priv.h"

enum { AHEAD = 8 }; /* trades */

/* ---- execution of one trade */

static void record_end(struct gb_event_log *log, int64_t interval, uint32_t index,
                       enum gb_trade_state state, struct gb_energy executed)
{
    const int64_t words[] = {(int64_t)((uint64_t)interval << 2 | state), executed.wh};

    gb_event_log_record(log, GB_CHANGE_TRADE, index, words, 2);
}

static void end_trade(struct gb_contracts *contracts, struct gb_interval *interval, uint32_t index,
                      enum gb_trade_state state)
{
    const struct gb_trade *trade = &interval->trades.trades[index];
    struct gb_event_log *log = &contracts->event_log;
    struct gb_contract_event *event = gb_event_log_add(
        log, state == GB_TRADE_SETTLED ? GB_EVENT_TRADE_SETTLED : GB_EVENT_TRADE_VOIDED,
        interval->number, index);
    struct gb_energy executed = {0};

    if (state == GB_TRADE_SETTLED)
        executed = gb_trades_executed(&interval->trades, index);
    event->executed = executed;
    gb_trades_set_state(&interval->trades, index, state);
    if (log->is_hashed)
        record_end(log, interval->number, index, state, executed);
    gb_event_log_emit(log, event);
    gb_interval_meters_end_trade(interval->meters, trade);
    gb_billing_try(contracts, interval, trade->seller);
    gb_billing_try(contracts, interval, trade->buyer);
}

static bool is_pending(const struct gb_interval *interval, uint32_t index)
{
    return interval->trades.states[index] == GB_TRADE_PENDING;
}

/* One party of a trade, and its price. */
struct party {
    uint32_t meter;
    enum gb_side side;
    struct gb_price price;
};

/* What a party has to pay with its fees for what was executed goes to the other, as far as it is
 * the other's behind its own fees, and to the operator; the party gets back what its escrow holds
 * beyond. */
static void pay(struct gb_contracts *contracts, struct party from, struct party to,
                struct gb_energy contracted, struct gb_energy executed)
{
    struct gb_accounts *accounts = &contracts->accounts;
    struct gb_event_log *log = &contracts->event_log;
    const struct gb_trade_fees *fees = &contracts->rules.trade_fees;
    struct gb_account escrow = gb_escrow_of(from.meter);
    int64_t reserved = gb_payable(fees, from.side, contracted, from.price);

    if (reserved == 0)
        return;
    int64_t paid = gb_payable(fees, from.side, executed, from.price);
    int64_t left_to_other = gb_cost(executed, gb_trade_fees_with(fees, to.side, to.price)).units;
    int64_t its_part = from.side == GB_BUY ? left_to_other : -left_to_other;
    int64_t earned = its_part > 0 ? its_part : 0;

    gb_accounts_move(accounts, log, escrow, gb_balance_of(to.meter), earned);
    gb_accounts_move(accounts, log, escrow, gb_account_of_operator(), paid - earned);
    gb_accounts_move(accounts, log, escrow, gb_balance_of(from.meter), reserved - paid);
}

/* Where a seller's fees leave nothing of the price it is the seller who pays. The operator passes
 * on what the utility gets of the fees. A trade that is void executes nothing. */
static void pay_both(struct gb_contracts *contracts, const struct gb_trade *trade,
                     struct gb_energy executed)
{
    const struct party buyer = {trade->buyer, GB_BUY, trade->price_buy};
    const struct party seller = {trade->seller, GB_SELL, trade->price_sell};

    pay(contracts, buyer, seller, trade->energy, executed);
    if (gb_payable(&contracts->rules.trade_fees, GB_SELL, trade->energy, trade->price_sell) != 0)
        pay(contracts, seller, buyer, trade->energy, executed);
    gb_accounts_move(
        &contracts->accounts, &contracts->event_log, gb_account_of_operator(), gb_account_of_grid(),
        gb_cost(executed, gb_trade_fees_of_utility(&contracts->rules.trade_fees)).units);
}

void gb_settlement_try_signed(struct gb_contracts *contracts, struct gb_interval *interval,
                              uint32_t index)
{
    const struct gb_trade_table *table = &interval->trades;

    if (!is_pending(interval, index) || interval->phase != GB_INTERVAL_DELIVERING ||
        !gb_trades_are_read(table, interval->meters, index))
        return;
    pay_both(contracts, &table->trades[index], gb_trades_executed(table, index));
    end_trade(contracts, interval, index, GB_TRADE_SETTLED);
}

void gb_settlement_void(struct gb_contracts *contracts, struct gb_interval *interval,
                        uint32_t index)
{
    if (!is_pending(interval, index))
        return;
    pay_both(contracts, &interval->trades.trades[index], (struct gb_energy){0});
    end_trade(contracts, interval, index, GB_TRADE_VOID);
}

/* ---- signatures of the meters */

static void add_signer(struct gb_contracts *contracts, struct gb_interval *interval, uint32_t index,
                       enum gb_trade_signer signer)
{
    const int64_t word = (int64_t)((uint64_t)interval->number << 3 | signer);

    gb_trades_add_signer(&interval->trades, index, signer);
    gb_event_log_record(&contracts->event_log, GB_CHANGE_SIGNATURE, index, &word, 1);
}

static enum gb_receipt take_approval(struct gb_contracts *contracts, struct gb_interval *interval,
                                     uint32_t index, const struct gb_signature *signature)
{
    uint32_t meter = GB_PARTY_INDEX(contracts->event_log.message->sender);

    if (!interval || index >= interval->trades.n)
        return GB_RECEIPT_UNKNOWN_TARGET;
    if (gb_interval_is_done(interval))
        return GB_RECEIPT_ALREADY_DONE;
    const struct gb_trade *trade = &interval->trades.trades[index];
    if (meter != trade->seller && meter != trade->buyer)
        return GB_RECEIPT_NOT_ALLOWED;
    enum gb_trade_signer signer = meter == trade->seller ? GB_SIGNED_BY_SELLER : GB_SIGNED_BY_BUYER;
    if (!is_pending(interval, index) || (interval->trades.signers[index] & signer))
        return GB_RECEIPT_ALREADY_DONE;
    if (contracts->event_log.is_hashed &&
        !gb_registry_is_signed(&contracts->registry, contracts->event_log.message->sender,
                               &interval->trades.digests[index], signature))
        return GB_RECEIPT_BAD_SIGNATURE;
    add_signer(contracts, interval, index, signer);
    gb_settlement_try(contracts, interval, index);
    return GB_RECEIPT_OK;
}

enum gb_receipt gb_settlement_approve_all(struct gb_contracts *contracts,
                                          struct gb_interval *interval, int64_t number,
                                          const struct gb_approvals *approvals)
{
    enum gb_receipt first = GB_RECEIPT_OK;
    uint32_t n_refused = 0;

    for (uint32_t i = 0; i < approvals->n; i++) {
        uint32_t index = approvals->trades[i];
        enum gb_receipt receipt = take_approval(
            contracts, interval, index, approvals->signatures ? &approvals->signatures[i] : NULL);
        if (receipt == GB_RECEIPT_OK)
            continue;
        struct gb_contract_event *event =
            gb_event_log_add(&contracts->event_log, GB_EVENT_APPROVAL_REFUSED, number, index);
        event->receipt = (uint8_t)receipt;
        gb_event_log_emit(&contracts->event_log, event);
        first = n_refused++ == 0 ? receipt : first;
    }
    return n_refused < approvals->n ? GB_RECEIPT_OK : first;
}

enum gb_receipt gb_settlement_approve(struct gb_contracts *contracts,
                                      const struct gb_approve_message *body)
{
    if (body->approvals.n == 0)
        return GB_RECEIPT_MALFORMED;
    return gb_settlement_approve_all(contracts,
                                     gb_intervals_find(&contracts->intervals, body->interval),
                                     body->interval, &body->approvals);
}

/* ---- the operator's signature */

static bool is_done(const struct gb_interval *interval, uint32_t index)
{
    return !is_pending(interval, index) ||
           (interval->trades.signers[index] & GB_SIGNED_BY_OPERATOR);
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
        if (index >= interval->trades.n)
            return GB_RECEIPT_UNKNOWN_TARGET;
        if (is_done(interval, index))
            continue;
        any_new = true;
        if (!gb_trades_are_read(&interval->trades, interval->meters, index))
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
        gb_merkle_add(&tree, &interval->trades.digests[body->trades[i]]);
    struct gb_hash root = gb_merkle_end(&tree);
    if (!gb_hash_is_equal(&root, &body->root))
        return GB_RECEIPT_WRONG_ROOT;
    return gb_registry_is_signed(&contracts->registry, contracts->event_log.message->sender, &root,
                                 body->signature)
               ? GB_RECEIPT_OK
               : GB_RECEIPT_BAD_SIGNATURE;
}

/* Trades come in no order of meters: fetches what their execution will ask for. Inline in any case,
 * for compilers leave out calls of functions that do nothing else. */
static inline __attribute__((always_inline)) void expect_party(const struct gb_contracts *contracts,
                                                               const struct gb_interval *interval,
                                                               uint32_t meter, bool is_near)
{
    __builtin_prefetch(&contracts->accounts.users[meter], 1);
    if (is_near)
        __builtin_prefetch(&interval->trades.lists[interval->meters[meter].first_trade]);
    else
        __builtin_prefetch(&interval->meters[meter], 1);
}

static inline __attribute__((always_inline)) void look_ahead(const struct gb_contracts *contracts,
                                                             const struct gb_interval *interval,
                                                             const struct gb_settle_message *body,
                                                             uint32_t i)
{
    const struct gb_trade *trades = interval->trades.trades;

    if (i + 2 * AHEAD >= body->n_trades)
        return;
    const struct gb_trade *near = &trades[body->trades[i + AHEAD]];
    const struct gb_trade *far = &trades[body->trades[i + 2 * AHEAD]];
    expect_party(contracts, interval, near->seller, true);
    expect_party(contracts, interval, near->buyer, true);
    expect_party(contracts, interval, far->seller, false);
    expect_party(contracts, interval, far->buyer, false);
}

/* Trades in the list that are done already are passed over: nothing moves twice. A trade that still
 * lacks a meter's signature keeps the operator's and executes when the other arrives. */
enum gb_receipt gb_settlement_settle(struct gb_contracts *contracts,
                                     const struct gb_settle_message *body)
{
    struct gb_interval *interval = gb_intervals_find(&contracts->intervals, body->interval);

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
        look_ahead(contracts, interval, body, i);
        if (is_done(interval, index))
            continue;
        add_signer(contracts, interval, index, GB_SIGNED_BY_OPERATOR);
        gb_settlement_try(contracts, interval, index);
    }
    return receipt;
}
