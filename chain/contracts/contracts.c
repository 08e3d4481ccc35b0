/* The contracts put together: creation from a genesis, blocks, and the way of each message through
 * authentication to the contract that executes it. */
#include "chain/contracts/contracts.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/memory.h"
#include "chain/contracts/declaration_priv.h"
#include "chain/contracts/lifecycle_priv.h"
#include "chain/contracts/readings_priv.h"
#include "chain/contracts/settlement_priv.h"
#include "chain/contracts/state_priv.h"

enum { LIFETIME_BLOCKS = 1000, AHEAD = 8 };
#define USERS_IN_CACHE 16384 /* what the contracts know of so many is some 2 MB */

/* ---- creation */

static bool is_price(struct gb_price price)
{
    return price.ticks >= -GB_CONTRACT_PRICE_LIMIT_TICKS &&
           price.ticks <= GB_CONTRACT_PRICE_LIMIT_TICKS;
}

static bool is_lead(int64_t ns)
{
    return ns >= 0 && ns <= GB_TIME_LIMIT_NS;
}

/* An eighth of 64 bits a product leaves space for the sum of the parts of a bill: the imbalance is
 * at most twice the limit, the rest once, a gap once a register. */
static int64_t energy_limit(const struct gb_contract_rules *rules)
{
    const int64_t prices[] = {rules->market.tariff.retail.ticks, rules->market.tariff.feed_in.ticks,
                              rules->imbalance_short.ticks, rules->imbalance_long.ticks,
                              rules->market.has_band ? 1 : GB_CONTRACT_PRICE_LIMIT_TICKS};
    int64_t limit = GB_QUANTITY_LIMIT_WH;

    for (size_t i = 0; i < sizeof prices / sizeof prices[0]; i++) {
        int64_t magnitude =
            (prices[i] < 0 ? -prices[i] : prices[i]) + gb_trade_fees_sum(&rules->trade_fees).ticks;

        if (magnitude > 0 && INT64_MAX / 8 / magnitude < limit)
            limit = INT64_MAX / 8 / magnitude;
    }
    return limit;
}

static enum gb_status check_market(const struct gb_market_rules *market, struct gb_error *err)
{
    if (!is_price(market->tariff.retail) || !is_price(market->tariff.feed_in) ||
        market->tariff.feed_in.ticks > market->tariff.retail.ticks)
        return gb_fail(err, GB_ECONFIG,
                       "the tariff of the genesis is not feed-in <= retail within "
                       "-10000 to 10000 currency per kWh");
    return market->mechanism->check_escrow ? market->mechanism->check_escrow(market, err) : GB_OK;
}

/* Where tariffs differ, market.tariff is their widest band, so that each lies within its limits. */
static enum gb_status check_tariffs(const struct gb_contract_rules *rules, struct gb_error *err)
{
    enum gb_status status = check_market(&rules->market, err);
    struct gb_tariff_arbitrage found;

    if (status == GB_OK && rules->tariffs && gb_tariffs_have_arbitrage(rules->tariffs, &found))
        return gb_fail(err, GB_ECONFIG,
                       "by the tariffs of the genesis the grid buys in slot %lld for more than it "
                       "sells for",
                       (long long)found.slot);
    return status;
}

/* What the contracts can play by, asked here alone: of a genesis that a scenario made, whose rows
 * are narrower, as of one that a stranger's ledger holds. */
static enum gb_status check_rules(const struct gb_contract_rules *rules, struct gb_error *err)
{
    if (rules->settlement != GB_SETTLE_FIRM && rules->settlement != GB_SETTLE_DELIVERED)
        return gb_fail(err, GB_ECONFIG,
                       "the genesis names settlement rule %d, which is unknown "
                       "here",
                       (int)rules->settlement);
    if (rules->unmatched != GB_UNMATCHED_METERED && rules->unmatched != GB_UNMATCHED_SCHEDULED)
        return gb_fail(err, GB_ECONFIG,
                       "the genesis names rule %d of unmatched orders, which is "
                       "unknown here",
                       (int)rules->unmatched);
    if (rules->settlement == GB_SETTLE_DELIVERED && rules->unmatched != GB_UNMATCHED_METERED)
        return gb_fail(err, GB_ECONFIG,
                       "the genesis schedules unmatched orders, which only a firm "
                       "settlement rule can");
    if (rules->signatures_required < 1 || rules->signatures_required > GB_TRADE_ROLES)
        return gb_fail(err, GB_ECONFIG, "%u signatures are required of the 3 roles of a trade",
                       (unsigned)rules->signatures_required);
    if (!is_price(rules->imbalance_short) || !is_price(rules->imbalance_long))
        return gb_fail(err, GB_ECONFIG,
                       "an imbalance price of the genesis exceeds 10000 currency "
                       "per kWh");
    if (rules->slot_ns < 1 || !is_lead(rules->slot_ns) || !is_lead(rules->open_ns) ||
        !is_lead(rules->deadline_ns) || rules->first_start_ns < -GB_TIME_LIMIT_NS ||
        rules->first_start_ns > GB_TIME_LIMIT_NS)
        return gb_fail(err, GB_ECONFIG,
                       "slot, open lead, deadline or first start of the genesis "
                       "is out of range");
    if (rules->gate_ns < 0 || rules->gate_ns > rules->open_ns)
        return gb_fail(err, GB_ECONFIG,
                       "the gate of the genesis does not close between the opening "
                       "and the start of a slot");
    int64_t second_ns = gb_genesis_second_gate_ns(rules);
    if (gb_market_asks_users(&rules->market) && (second_ns <= 0 || second_ns >= rules->gate_ns))
        return gb_fail(err, GB_ECONFIG,
                       "the second gate of the genesis does not close between the first one and "
                       "the start of a slot");
    if (rules->min_quantity.wh < 1 || rules->min_quantity.wh > GB_QUANTITY_LIMIT_WH)
        return gb_fail(err, GB_ECONFIG,
                       "the smallest order of the genesis is %lld Wh, not 1 or more",
                       (long long)rules->min_quantity.wh);
    return check_tariffs(rules, err);
}

static enum gb_status init_parts(struct gb_contracts *contracts, const struct gb_genesis *genesis,
                                 const struct gb_hash *chain_id, struct gb_error *err)
{
    enum gb_status status;

    gb_event_log_init(&contracts->event_log, chain_id);
    gb_intervals_init(&contracts->intervals, genesis->n_users);
    status = gb_accounts_init(&contracts->accounts, genesis, err);
    if (status == GB_OK)
        status = gb_registry_init(&contracts->registry, genesis, chain_id != NULL, err);
    if (status == GB_OK)
        status = gb_registers_init(&contracts->registers, genesis->n_users,
                                   contracts->energy_limit_wh, err);
    if (status == GB_OK) {
        contracts->mechanism = contracts->rules.market.mechanism;
        status = gb_auctions_init(&contracts->auctions, &contracts->rules.market,
                                  contracts->rules.tariffs, err);
    }
    return status;
}

enum gb_status gb_contracts_create(struct gb_contracts **out, const struct gb_genesis *genesis,
                                   const struct gb_hash *chain_id, struct gb_error *err)
{
    struct gb_contracts *contracts = NULL;
    enum gb_status status = check_rules(&genesis->rules, err);

    if (status != GB_OK)
        return status;
    contracts = gb_memory_zeroed(alignof(struct gb_contracts), sizeof *contracts);
    if (!contracts)
        return gb_fail(err, GB_ENOMEM, "no memory for the state of the contracts");
    contracts->rules = genesis->rules;
    contracts->energy_limit_wh = energy_limit(&genesis->rules);
    gb_block_clock_init(&contracts->clock, &contracts->rules);
    contracts->n_users = genesis->n_users;
    contracts->users = genesis->users;
    if (genesis->crypto == GB_CRYPTO_NONE)
        chain_id = NULL;
    if (chain_id)
        contracts->chain_id = *chain_id;
    status = init_parts(contracts, genesis, chain_id, err);
    if (status == GB_OK)
        *out = contracts;
    else
        gb_contracts_free(contracts);
    return status;
}

void gb_contracts_free(struct gb_contracts *contracts)
{
    if (!contracts)
        return;
    gb_auctions_clear(&contracts->auctions);
    gb_intervals_clear(&contracts->intervals);
    gb_registers_clear(&contracts->registers);
    gb_registry_clear(&contracts->registry);
    gb_accounts_clear(&contracts->accounts);
    gb_event_log_clear(&contracts->event_log);
    free(contracts);
}

/* ---- execution */

void gb_contracts_begin_block(struct gb_contracts *contracts, const struct gb_header *header)
{
    gb_block_clock_set(&contracts->clock, &contracts->rules, header);
    gb_intervals_release(&contracts->intervals);
    contracts->n_transactions = 0;
    gb_event_log_begin(&contracts->event_log, &contracts->clock);
}

void gb_contracts_acknowledge(struct gb_contracts *contracts, uint64_t height)
{
    gb_intervals_acknowledge(&contracts->intervals, height);
}

/* Expiry bounds how long a network may hold a message back; without one nothing grows old. */
static bool is_expired(const struct gb_contracts *contracts, uint64_t last_valid_height)
{
    if (!contracts->event_log.is_hashed)
        return false;
    return contracts->clock.height > last_valid_height ||
           last_valid_height - contracts->clock.height > LIFETIME_BLOCKS;
}

/* order  out: number of an order that was accepted */
static enum gb_receipt dispatch(struct gb_contracts *contracts, const struct gb_message *message,
                                uint32_t *order)
{
    switch (message->kind) {
    case GB_MESSAGE_REGISTER:
        return gb_registry_admit(&contracts->registry, &contracts->event_log,
                                 &message->body.registration);
    case GB_MESSAGE_ORDER: return gb_declaration_execute(contracts, &message->body.order, order);
    case GB_MESSAGE_CLOSE: return gb_lifecycle_close(contracts, &message->body.close);
    case GB_MESSAGE_OPEN: return gb_lifecycle_open(contracts, &message->body.open);
    case GB_MESSAGE_READING: return gb_readings_execute(contracts, &message->body.reading);
    case GB_MESSAGE_APPROVE: return gb_settlement_approve(contracts, &message->body.approve);
    case GB_MESSAGE_SETTLE: return gb_settlement_settle(contracts, &message->body.settle);
    case GB_MESSAGE_FINALIZE: return gb_lifecycle_finalize(contracts, &message->body.finalize);
    default: return GB_RECEIPT_MALFORMED;
    }
}

/* Orders, amendments and cancels cost a fee, whatever comes of them; who bids with its last unit
 * owes it with its grid bills. */
static void charge(struct gb_contracts *contracts, const struct gb_message *message)
{
    if (message->kind == GB_MESSAGE_ORDER && contracts->rules.fee.units > 0)
        gb_accounts_move(&contracts->accounts, &contracts->event_log,
                         gb_grid_bills_of(GB_PARTY_INDEX(message->sender)),
                         gb_account_of_operator(), contracts->rules.fee.units);
}

static enum gb_receipt authenticate(struct gb_contracts *contracts,
                                    const struct gb_transaction *transaction, size_t i)
{
    return gb_registry_authenticate(&contracts->registry, &contracts->event_log,
                                    &transaction->messages[i],
                                    transaction->digests ? &transaction->digests[i] : NULL,
                                    transaction->signatures ? &transaction->signatures[i] : NULL);
}

static void execute(struct gb_contracts *contracts, const struct gb_transaction *transaction,
                    size_t i)
{
    const struct gb_message *message = &transaction->messages[i];
    uint32_t order = GB_NO_ORDER;
    enum gb_receipt receipt = gb_registry_take_next(&contracts->registry, message)
                                  ? GB_RECEIPT_OK
                                  : authenticate(contracts, transaction, i);

    if (receipt == GB_RECEIPT_OK && is_expired(contracts, message->last_valid_height))
        receipt = GB_RECEIPT_EXPIRED;
    if (receipt == GB_RECEIPT_OK) {
        charge(contracts, message);
        receipt = dispatch(contracts, message, &order);
    }
    gb_event_log_receipt(&contracts->event_log, receipt, false, order);
}

/* Orders and trades come in no order of meters. A glance ahead spares the wait for users and trades
 * that have left the cache: a tenth of an ideal day at 5e4 meters. Inline in any case, for
 * compilers leave out calls of functions that do nothing else. */
static inline __attribute__((always_inline)) void look_ahead(const struct gb_contracts *contracts,
                                                             const struct gb_message *message)
{
    uint32_t meter = GB_PARTY_INDEX(message->sender);

    if (GB_PARTY_ROLE(message->sender) != GB_ROLE_METER || meter >= contracts->n_users)
        return;
    const struct gb_registered_user *user = &contracts->registry.users[meter];
    __builtin_prefetch(user, 1);
    __builtin_prefetch(&user->capacity_wh, 1); /* most lie in two lines of the cache */
    __builtin_prefetch(&contracts->accounts.users[meter], 1);
    if (message->kind == GB_MESSAGE_ORDER) {
        const struct gb_interval *interval =
            gb_intervals_find(&contracts->intervals, message->body.order.interval);
        if (interval && interval->meters)
            __builtin_prefetch(&interval->meters[meter], 1);
    } else if (message->kind == GB_MESSAGE_READING) {
        const struct gb_approvals *approvals = &message->body.reading.approvals;
        const struct gb_interval *interval =
            approvals->n ? gb_intervals_find(&contracts->intervals, message->body.reading.interval)
                         : NULL;
        for (uint32_t i = 0; interval && interval->trades.trades && i < approvals->n; i++)
            if (approvals->trades[i] < interval->trades.n)
                __builtin_prefetch(&interval->trades.trades[approvals->trades[i]]);
    }
}

enum gb_status gb_contracts_apply(struct gb_contracts *contracts,
                                  const struct gb_transaction *transaction, struct gb_error *err)
{
    struct gb_event_log *log = &contracts->event_log;
    enum gb_receipt bundle = GB_RECEIPT_OK;
    bool looks_ahead = contracts->n_users > USERS_IN_CACHE;

    if (transaction->concentrator != GB_PARTY_NONE)
        bundle = gb_registry_authenticate_bundle(&contracts->registry, log, transaction);
    for (size_t i = 0; i < transaction->n_messages; i++) {
        const struct gb_message *message = &transaction->messages[i];
        if (looks_ahead && i + AHEAD < transaction->n_messages)
            look_ahead(contracts, &transaction->messages[i + AHEAD]);
        gb_event_log_set_message(log, message, contracts->n_transactions, (uint32_t)i);
        if (bundle == GB_RECEIPT_OK)
            execute(contracts, transaction, i);
        else
            gb_event_log_receipt(log, bundle, true, GB_NO_ORDER);
    }
    gb_event_log_set_message(log, NULL, 0, 0);
    contracts->n_transactions++;
    return gb_failure_report(&log->failure, err);
}

enum gb_status gb_contracts_end_block(struct gb_contracts *contracts,
                                      struct gb_block_results *results, struct gb_error *err)
{
    struct gb_block_results ended;
    enum gb_status status;

    gb_event_log_end(&contracts->event_log, &ended);
    status = gb_failure_report(&contracts->event_log.failure, err);
    if (status == GB_OK)
        *results = ended;
    return status;
}

struct gb_events gb_contracts_take_events(struct gb_contracts *contracts)
{
    return gb_event_log_take_events(&contracts->event_log);
}

void gb_contracts_keep_leaves(struct gb_contracts *contracts)
{
    gb_event_log_keep_leaves(&contracts->event_log);
}
