/* The world put together: creation from a genesis, blocks, and the way of each message through
 * authentication to the contract that executes it. */
#include "chain/contracts/contracts_priv.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/memory.h"

enum { LIFETIME_BLOCKS = 1000, FIRST_ROOM = 64, AHEAD = 4 };

const char *gb_receipt_text(enum gb_receipt receipt)
{
    static const char *const texts[] = {
#define GB_RECEIPT_TEXT(name, text) text,
        GB_RECEIPT_LIST(GB_RECEIPT_TEXT)
#undef GB_RECEIPT_TEXT
    };

    return receipt < GB_N_RECEIPTS ? texts[receipt] : "unknown receipt";
}

bool gb_receipt_may_pass(enum gb_receipt receipt)
{
    return receipt == GB_RECEIPT_TOO_EARLY || receipt == GB_RECEIPT_EXPIRED ||
           receipt == GB_RECEIPT_REPLAY;
}

void gb_contracts_fail(struct gb_contracts *contracts, enum gb_status status, const char *what)
{
    if (contracts->failure.status == GB_OK)
        gb_fail(&contracts->failure, status, "block %llu: %s",
                (unsigned long long)contracts->height, what);
}

size_t gb_contracts_next_capacity(size_t capacity, size_t needed)
{
    size_t more = capacity < FIRST_ROOM ? FIRST_ROOM : capacity + capacity / 4;

    return more < needed ? needed : more;
}

void *gb_contracts_resized(struct gb_contracts *contracts, void *array, size_t capacity,
                           size_t size)
{
    void *moved = capacity <= SIZE_MAX / size ? realloc(array, capacity * size) : NULL;

    if (!moved)
        gb_contracts_fail(contracts, GB_ENOMEM, "no memory for the state of the contracts");
    return moved ? moved : array;
}

void *gb_contracts_grow(struct gb_contracts *contracts, void *array, size_t *capacity,
                        size_t needed, size_t size)
{
    size_t more = gb_contracts_next_capacity(*capacity, needed);
    void *moved = more <= SIZE_MAX / size ? realloc(array, more * size) : NULL;
    if (!moved) {
        gb_contracts_fail(contracts, GB_ENOMEM, "no memory for the state of the contracts");
        return array;
    }
    *capacity = more;
    return moved;
}

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

/* An eighth of 64 bits a product leaves room for the sum of the parts of a bill: the imbalance is
 * at most twice the limit, the rest once, a gap once a register. */
static int64_t energy_limit(const struct gb_contract_rules *rules)
{
    const int64_t prices[] = {rules->market.tariff.retail.ticks, rules->market.tariff.feed_in.ticks,
                              rules->imbalance_short.ticks, rules->imbalance_long.ticks,
                              rules->market.has_band ? 1 : GB_CONTRACT_PRICE_LIMIT_TICKS};
    int64_t limit = GB_QUANTITY_LIMIT_WH;

    for (size_t i = 0; i < sizeof prices / sizeof prices[0]; i++) {
        int64_t magnitude = prices[i] < 0 ? -prices[i] : prices[i];
        if (magnitude > 0 && INT64_MAX / 8 / magnitude < limit)
            limit = INT64_MAX / 8 / magnitude;
    }
    return limit;
}

static size_t count_mechanisms(void)
{
    size_t n = 0;

    while (gb_mechanisms[n])
        n++;
    return n;
}

static enum gb_status check_market(const struct gb_market_rules *market, struct gb_error *err)
{
    if (market->mechanism < 0 || (size_t)market->mechanism >= count_mechanisms())
        return gb_fail(err, GB_ECONFIG,
                       "the genesis names market mechanism %d, which is unknown "
                       "here",
                       (int)market->mechanism);
    if (!is_price(market->tariff.retail) || !is_price(market->tariff.feed_in) ||
        market->tariff.retail.ticks < 0 ||
        market->tariff.feed_in.ticks > market->tariff.retail.ticks)
        return gb_fail(err, GB_ECONFIG,
                       "the tariff of the genesis is not feed-in <= retail within "
                       "0 to 10000 currency per kWh");
    if (market->beta_millionths < 0 || market->beta_millionths > GB_MILLIONTHS ||
        market->k_millionths < 0 || market->k_millionths > GB_MILLIONTHS ||
        market->rounds < GB_ROUNDS_UNTIL_CROSS)
        return gb_fail(err, GB_ECONFIG, "beta, k or the rounds of the genesis are out of range");
    if (market->match == GB_MATCH_UNCONDITIONAL && !market->has_band)
        return gb_fail(err, GB_ECONFIG,
                       "an unconditional re-quote match needs the price band: "
                       "without it no escrow covers a trade");
    return GB_OK;
}

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
    if (rules->signatures_required < 1 || rules->signatures_required > 3)
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
    if (rules->min_quantity.wh < 1 || rules->min_quantity.wh > GB_QUANTITY_LIMIT_WH)
        return gb_fail(err, GB_ECONFIG,
                       "the smallest order of the genesis is %lld Wh, not 1 or more",
                       (long long)rules->min_quantity.wh);
    return check_market(&rules->market, err);
}

static enum gb_status take_users(struct gb_contracts *contracts, const struct gb_genesis *genesis,
                                 struct gb_error *err)
{
    contracts->n_users = genesis->n_users;
    contracts->users = calloc(genesis->n_users + 1, sizeof *contracts->users);
    contracts->known_users = contracts->crypto == GB_CRYPTO_NONE ? NULL : genesis->users;
    if (!contracts->users)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu users", genesis->n_users);
    for (size_t i = 0; i < genesis->n_users; i++) {
        struct gb_user *user = &contracts->users[i];
        user->balance = genesis->users[i].balance.units;
        user->capacity_wh = GB_UNREGISTERED;
        user->last_interval = -1;
        user->span = GB_NO_SPAN;
        for (size_t k = 0; k < GB_METER_KINDS; k++)
            user->windows[k].seen = 1; /* nonces count from 1: 0 is no nonce */
        if (user->balance < 0)
            return gb_fail(err, GB_ECONFIG, "user %zu starts with a negative balance", i);
        enum gb_status status = gb_add_checked(&contracts->genesis_units, user->balance,
                                               "all balances of the genesis", err);
        if (status != GB_OK)
            return status;
    }
    return GB_OK;
}

static enum gb_status take_parties(struct gb_contracts *contracts, const struct gb_genesis *genesis,
                                   struct gb_error *err)
{
    size_t n = genesis->n_concentrators;

    contracts->supervisor = genesis->supervisor;
    contracts->operator_ = genesis->operator_;
    contracts->supervisor_window.seen = 1;
    for (size_t k = 0; k < GB_OPERATOR_KINDS; k++)
        contracts->operator_windows[k].seen = 1;
    contracts->n_concentrators = n;
    contracts->concentrators = calloc(n + 1, sizeof *contracts->concentrators);
    contracts->concentrator_windows = calloc(n + 1, sizeof *contracts->concentrator_windows);
    if (!contracts->concentrators || !contracts->concentrator_windows)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu concentrators", n);
    for (size_t i = 0; i < n; i++) {
        contracts->concentrators[i] = genesis->concentrators[i];
        contracts->concentrator_windows[i].seen = 1;
    }
    return GB_OK;
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
    contracts->crypto = (enum gb_crypto)genesis->crypto;
    contracts->free_span = GB_NO_SPAN;
    contracts->acknowledged = UINT64_MAX;
    if (chain_id && contracts->crypto != GB_CRYPTO_NONE) {
        contracts->chain_id = *chain_id;
        contracts->event_log.is_hashed = true;
        contracts->event_log.root =
            gb_hash_bytes(GB_DOMAIN_STATE, chain_id->bytes, sizeof chain_id->bytes);
    }
    status = take_users(contracts, genesis, err);
    if (status == GB_OK)
        status = take_parties(contracts, genesis, err);
    if (status == GB_OK) {
        contracts->mechanism = gb_mechanisms[contracts->rules.market.mechanism];
        status = contracts->mechanism->create(&contracts->mechanism_state, &contracts->rules.market,
                                              err);
    }
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
    if (contracts->mechanism_state)
        contracts->mechanism->free(contracts->mechanism_state);
    gb_intervals_free(contracts);
    free(contracts->users);
    free(contracts->spans);
    free(contracts->concentrators);
    free(contracts->concentrator_windows);
    free(contracts->event_log.leaves);
    gb_events_clear(&contracts->event_log.events);
    free(contracts->event_log.receipts);
    free(contracts);
}

/* ---- execution */

void gb_contracts_begin_block(struct gb_contracts *contracts, const struct gb_header *header)
{
    int64_t time = header->time_ns;

    contracts->height = header->number;
    contracts->time_ns = time > GB_TIME_LIMIT_NS    ? GB_TIME_LIMIT_NS
                         : time < -GB_TIME_LIMIT_NS ? -GB_TIME_LIMIT_NS
                                                    : time;
    gb_intervals_tick(contracts);
    gb_intervals_release(contracts);
    contracts->n_transactions = 0;
    gb_event_log_begin(contracts);
}

/* Expiry bounds how long a network may hold a message back; without one nothing grows old. */
static bool is_expired(const struct gb_contracts *contracts, uint64_t last_valid_height)
{
    if (!contracts->event_log.is_hashed)
        return false;
    return contracts->height > last_valid_height ||
           last_valid_height - contracts->height > LIFETIME_BLOCKS;
}

static enum gb_receipt dispatch(struct gb_contracts *contracts, const struct gb_message *message)
{
    switch (message->kind) {
    case GB_MESSAGE_REGISTER: return gb_registry_admit(contracts, &message->body.registration);
    case GB_MESSAGE_ORDER: return gb_declaration_order(contracts, &message->body.order);
    case GB_MESSAGE_CLOSE: return gb_matching_close(contracts, &message->body.close);
    case GB_MESSAGE_OPEN: return gb_matching_open(contracts, &message->body.open);
    case GB_MESSAGE_READING: return gb_settlement_read(contracts, &message->body.reading);
    case GB_MESSAGE_APPROVE: return gb_settlement_approve(contracts, &message->body.approve);
    case GB_MESSAGE_SETTLE: return gb_settlement_settle(contracts, &message->body.settle);
    case GB_MESSAGE_FINALIZE: return gb_billing_finalize(contracts, &message->body.finalize);
    default: return GB_RECEIPT_MALFORMED;
    }
}

static enum gb_receipt execute(struct gb_contracts *contracts, const struct gb_message *message,
                               const struct gb_hash *digest, const struct gb_signature *signature)
{
    enum gb_receipt receipt = gb_registry_authenticate(contracts, message, digest, signature);

    if (receipt != GB_RECEIPT_OK)
        return receipt;
    if (is_expired(contracts, message->last_valid_height))
        return GB_RECEIPT_EXPIRED;
    return dispatch(contracts, message);
}

/* Orders and trades come in no order of meters. A glance ahead spares the wait for users and trades
 * that have left the cache: a tenth of an ideal day at 1e4 meters, a fifth at 5e4. */
static void look_ahead(const struct gb_contracts *contracts, const struct gb_message *message)
{
    uint32_t meter = GB_PARTY_INDEX(message->sender);

    if (GB_PARTY_ROLE(message->sender) != GB_ROLE_METER || meter >= contracts->n_users)
        return;
    __builtin_prefetch(&contracts->users[meter], 1);
    if (message->kind == GB_MESSAGE_ORDER) {
        const struct gb_interval *interval =
            gb_intervals_find(contracts, message->body.order.interval);
        if (interval && interval->cells)
            __builtin_prefetch(&interval->cells[meter], 1);
    } else if (message->kind == GB_MESSAGE_READING) {
        const struct gb_approvals *approvals = &message->body.reading.approvals;
        const struct gb_interval *interval =
            approvals->n ? gb_intervals_find(contracts, message->body.reading.interval) : NULL;
        for (uint32_t i = 0; interval && interval->trades && i < approvals->n; i++)
            if (approvals->trades[i] < interval->n_trades)
                __builtin_prefetch(&interval->trades[approvals->trades[i]]);
    }
}

enum gb_status gb_contracts_apply(struct gb_contracts *contracts,
                                  const struct gb_transaction *transaction, struct gb_error *err)
{
    const struct gb_hash *digests = transaction->digests;
    const struct gb_signature *signatures = transaction->signatures;
    enum gb_receipt bundle = GB_RECEIPT_OK;

    if (transaction->concentrator != GB_PARTY_NONE)
        bundle = gb_registry_authenticate_bundle(contracts, transaction);
    for (size_t i = 0; i < transaction->n_messages; i++) {
        if (i + AHEAD < transaction->n_messages)
            look_ahead(contracts, &transaction->messages[i + AHEAD]);
        contracts->message = &transaction->messages[i];
        contracts->position =
            (struct gb_position){contracts->height, contracts->n_transactions, (uint32_t)i};
        if (bundle != GB_RECEIPT_OK)
            gb_event_log_receipt(contracts, bundle, true);
        else
            gb_event_log_receipt(contracts,
                                 execute(contracts, contracts->message,
                                         digests ? &digests[i] : NULL,
                                         signatures ? &signatures[i] : NULL),
                                 false);
    }
    contracts->message = NULL;
    contracts->n_transactions++;
    if (contracts->failure.status != GB_OK)
        return gb_fail(err, contracts->failure.status, "%s", contracts->failure.text);
    return GB_OK;
}

enum gb_status gb_contracts_end_block(struct gb_contracts *contracts,
                                      struct gb_block_results *results, struct gb_error *err)
{
    struct gb_block_results ended;

    gb_event_log_end(contracts, &ended);
    if (contracts->failure.status != GB_OK)
        return gb_fail(err, contracts->failure.status, "%s", contracts->failure.text);
    *results = ended;
    return GB_OK;
}

const struct gb_events *gb_contracts_events(const struct gb_contracts *contracts)
{
    return &contracts->event_log.events;
}

struct gb_events gb_contracts_take_events(struct gb_contracts *contracts)
{
    struct gb_events events = contracts->event_log.events;

    contracts->event_log.events = (struct gb_events){0};
    return events;
}

void gb_contracts_keep_leaves(struct gb_contracts *contracts)
{
    contracts->event_log.keeps_leaves = true;
}

size_t gb_contracts_receipts(const struct gb_contracts *contracts, const uint8_t **receipts)
{
    *receipts = contracts->event_log.receipts;
    return contracts->event_log.n_receipts;
}

size_t gb_contracts_leaves(const struct gb_contracts *contracts, const struct gb_leaf **leaves)
{
    *leaves = contracts->event_log.leaves;
    return contracts->event_log.n_leaves;
}

struct gb_hash gb_contracts_state_root(const struct gb_contracts *contracts)
{
    return contracts->event_log.root;
}
