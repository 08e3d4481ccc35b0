#include "tests/small_chain.h"

#include <stdlib.h>
#include <string.h>

#include "models/market/two_round/options.h"
#include "tests/tap.h"

#define MINUTE (60 * GB_NS_PER_SECOND)
#define OPERATOR GB_PARTY(GB_ROLE_OPERATOR, 0)
#define SUPERVISOR GB_PARTY(GB_ROLE_SUPERVISOR, 0)

static const struct gb_contract_rules rules_but_market = {.settlement = GB_SETTLE_FIRM,
                                                          .signatures_required = 3,
                                                          .imbalance_short = {600000},
                                                          .imbalance_long = {320000},
                                                          .min_quantity = {1},
                                                          .first_start_ns = 0,
                                                          .slot_ns = 15 * MINUTE,
                                                          .open_ns = 15 * MINUTE,
                                                          .gate_ns = 5 * MINUTE,
                                                          .deadline_ns = 15 * MINUTE};

static struct gb_contract_rules all_rules(void)
{
    struct gb_contract_rules rules = rules_but_market;

    gb_market_rules_init(&rules.market);
    rules.market.tariff = (struct gb_tariff){.retail = {600000}, .feed_in = {320000}};
    rules.market.has_band = 1;
    gb_two_round_options(&rules.market)->books = GB_BOOKS_POOLED;
    return rules;
}

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static void check(enum gb_status status, const struct gb_error *err)
{
    if (status == GB_OK)
        return;
    tap_note("small chain: %s", err->text);
    abort();
}

void small_chain_open(struct small_chain *chain, enum gb_crypto crypto, size_t n_meters,
                      size_t n_validators, uint64_t seed)
{
    struct gb_genesis *genesis = &chain->genesis;
    struct gb_error err = {0};

    memset(chain, 0, sizeof *chain);
    check(gb_keyring_create(&chain->ring, crypto, gb_key_make(seed, 0, GB_PURPOSE_KEY), n_meters,
                            n_validators, 1, &err),
          &err);
    *genesis = (struct gb_genesis){.chain_name = "small",
                                   .flow = &gb_flow_fisco3,
                                   .leader_period = 1,
                                   .crypto = crypto,
                                   .max_transactions = 1000,
                                   .max_bytes = 1 << 20,
                                   .n_validators = n_validators,
                                   .n_concentrators = 1,
                                   .n_users = n_meters,
                                   .rules = all_rules()};
    genesis->validators = must(calloc(n_validators, sizeof *genesis->validators));
    genesis->weights = must(calloc(n_validators, sizeof *genesis->weights));
    genesis->concentrators = must(calloc(1, sizeof *genesis->concentrators));
    genesis->users = must(calloc(n_meters, sizeof *genesis->users));
    for (size_t i = 0; i < n_validators; i++) {
        genesis->validators[i] = gb_keyring_public(chain->ring, GB_PARTY(GB_ROLE_VALIDATOR, i));
        genesis->weights[i] = 1;
    }
    genesis->concentrators[0] = gb_keyring_public(chain->ring, GB_PARTY(GB_ROLE_CONCENTRATOR, 0));
    genesis->supervisor = gb_keyring_public(chain->ring, SUPERVISOR);
    genesis->operator_ = gb_keyring_public(chain->ring, OPERATOR);
    for (size_t i = 0; i < n_meters; i++) {
        genesis->users[i].key = gb_keyring_public(chain->ring, GB_PARTY(GB_ROLE_METER, i));
        genesis->users[i].balance.units = 100 * GB_UNITS_PER_CURRENCY;
    }
    check(gb_genesis_seal(genesis, chain->ring, &chain->chain_id, &err), &err);
    check(gb_contracts_create(&chain->contracts, genesis, &chain->chain_id, &err), &err);
    chain->n_meters = n_meters;
}

void small_chain_close(struct small_chain *chain)
{
    for (size_t i = 0; i < chain->n_blocks; i++)
        gb_block_free(chain->blocks[i]);
    gb_contracts_free(chain->contracts);
    gb_genesis_clear(&chain->genesis);
    gb_keyring_free(chain->ring);
}

/* ---- blocks */

/* Moves a message's array into its transaction. */
static const void *adopt(struct gb_transaction *owner, const void *array, size_t n_bytes)
{
    void *capacity = gb_transaction_reserve(owner, n_bytes);

    if (n_bytes > 0)
        memcpy(capacity, array, n_bytes);
    return capacity;
}

static const struct gb_signature *adopt_signatures(struct gb_transaction *owner,
                                                   const struct gb_signature *signatures, size_t n)
{
    struct gb_signature *capacity = gb_transaction_reserve_signatures(owner, n);

    if (n > 0)
        memcpy(capacity, signatures, n * sizeof *capacity);
    return capacity;
}

static void adopt_approvals(struct gb_transaction *owner, struct gb_approvals *approvals)
{
    approvals->trades = adopt(owner, approvals->trades, approvals->n * sizeof *approvals->trades);
    approvals->signatures = adopt_signatures(owner, approvals->signatures, approvals->n);
}

static void place(struct small_chain *chain, struct gb_transaction *owner, size_t i,
                  struct gb_message message)
{
    message.nonce = ++chain->nonce;
    message.last_valid_height = 1000;
    if (message.kind == GB_MESSAGE_REGISTER)
        message.body.registration.users =
            adopt(owner, message.body.registration.users,
                  message.body.registration.n_users * sizeof(struct gb_admission));
    if (message.kind == GB_MESSAGE_READING)
        adopt_approvals(owner, &message.body.reading.approvals);
    if (message.kind == GB_MESSAGE_APPROVE)
        adopt_approvals(owner, &message.body.approve.approvals);
    if (message.kind == GB_MESSAGE_SETTLE)
        message.body.settle.signature = adopt_signatures(owner, message.body.settle.signature, 1);
    if (message.kind == GB_MESSAGE_SETTLE)
        message.body.settle.trades = adopt(owner, message.body.settle.trades,
                                           message.body.settle.n_trades * sizeof(uint32_t));
    owner->messages[i] = message;
}

static void say(struct small_chain *chain, gb_party concentrator, const struct gb_message *messages,
                size_t n)
{
    struct gb_error err = {0};
    struct gb_transaction *transaction = must(gb_transaction_create(concentrator, n, 4096));

    if (!gb_transaction_make_proofs(transaction, 64))
        abort();
    if (concentrator != GB_PARTY_NONE)
        transaction->nonce = ++chain->nonce;
    for (size_t i = 0; i < n; i++)
        place(chain, transaction, i, messages[i]);
    check(gb_transaction_seal(transaction, &chain->chain_id, chain->ring, true, &err), &err);
    chain->waiting[chain->n_waiting++] = transaction;
}

void small_chain_send(struct small_chain *chain, struct gb_message message)
{
    say(chain, GB_PARTY_NONE, &message, 1);
}

void small_chain_send_bundle(struct small_chain *chain, const struct gb_message *messages, size_t n)
{
    say(chain, GB_PARTY(GB_ROLE_CONCENTRATOR, 0), messages, n);
}

static void execute(struct small_chain *chain, struct gb_block *block)
{
    struct gb_block_results results;
    struct gb_error err = {0};

    gb_contracts_begin_block(chain->contracts, &block->header);
    for (size_t i = 0; i < block->n_transactions; i++)
        check(gb_contracts_apply(chain->contracts, block->transactions[i], &err), &err);
    check(gb_contracts_end_block(chain->contracts, &results, &err), &err);
    gb_block_set_results(block, &results);
}

void small_chain_seal(struct small_chain *chain, int64_t time_ns)
{
    struct gb_error err = {0};
    uint32_t n_validators = (uint32_t)chain->genesis.n_validators, signers[16];
    uint64_t number = chain->n_blocks + 1;
    struct gb_header header = {.number = number,
                               .parent = chain->n_blocks
                                             ? chain->blocks[chain->n_blocks - 1]->proposal_hash
                                             : chain->chain_id,
                               .time_ns = time_ns,
                               .sealer = (uint32_t)(number % n_validators)};
    struct gb_block *block = must(gb_block_create(&header, chain->waiting, chain->n_waiting));

    chain->n_waiting = 0;
    execute(chain, block);
    for (uint32_t i = 0; i < n_validators; i++)
        signers[i] = i;
    check(gb_certificate_sign(block, &chain->genesis, &chain->chain_id, 0, signers,
                              (uint32_t)gb_weight_quorum(n_validators), chain->ring, &err),
          &err);
    chain->blocks[chain->n_blocks++] = block;
}

/* ---- the slot */

static void register_all(struct small_chain *chain)
{
    struct gb_admission users[SMALL_CHAIN_MESSAGES] = {{0}};

    for (uint32_t i = 0; i < chain->n_meters; i++) {
        users[i].meter = i;
        users[i].key = chain->genesis.users[i].key;
    }
    small_chain_send(chain,
                     (struct gb_message){.kind = GB_MESSAGE_REGISTER,
                                         .sender = SUPERVISOR,
                                         .body.registration = {.n_users = (uint32_t)chain->n_meters,
                                                               .users = users}});
}

static struct gb_message order(uint32_t meter, enum gb_side side, int64_t wh, int64_t price)
{
    struct gb_order order = {.owner = meter,
                             .side = (uint8_t)side,
                             .quantity = {wh},
                             .source = side == GB_SELL ? GB_SOURCE_SOLAR : GB_SOURCE_ANY,
                             .price = {price},
                             .reserve = {price},
                             .beta_millionths = GB_BETA_OF_MARKET};

    return (struct gb_message){.kind = GB_MESSAGE_ORDER,
                               .sender = GB_PARTY(GB_ROLE_METER, meter),
                               .body.order = {.order = order}};
}

void small_chain_trade(struct small_chain *chain)
{
    register_all(chain);
    small_chain_send(chain, order(0, GB_SELL, 5000, 400000));
    for (uint32_t i = 1; i < chain->n_meters; i++)
        small_chain_send(chain, order(i, GB_BUY, 2000, 500000));
    small_chain_seal(chain, -10 * MINUTE);
    small_chain_send(chain, (struct gb_message){.kind = GB_MESSAGE_CLOSE,
                                                .sender = OPERATOR,
                                                .body.close = {.interval = 0, .height = 1}});
    small_chain_seal(chain, -5 * MINUTE + GB_NS_PER_SECOND);
    small_chain_send(
        chain, (struct gb_message){
                   .kind = GB_MESSAGE_OPEN,
                   .sender = OPERATOR,
                   .body.open = {.interval = 0,
                                 .has_match = true,
                                 .root = gb_contracts_interval(chain->contracts, 0).match_root}});
    small_chain_seal(chain, GB_NS_PER_SECOND);
}

static struct gb_hash digest_of(const struct small_chain *chain, uint32_t index)
{
    const struct gb_trade *trade = &gb_contracts_interval(chain->contracts, 0).trades[index];

    return gb_settlement_digest(&chain->chain_id, 0, index, trade->energy, trade->price_buy,
                                trade->price_sell);
}

/* The seller delivers one Wh short of its 5 kWh, buyers take what they ordered. */
static struct gb_message reading(uint32_t meter, struct gb_approvals approvals)
{
    struct gb_message message = {.kind = GB_MESSAGE_READING,
                                 .sender = GB_PARTY(GB_ROLE_METER, meter)};
    struct gb_reading_message *body = &message.body.reading;

    body->end.export_wh = body->end.solar_wh = meter == 0 ? 4999 : 0;
    body->end.import_wh = meter == 0 ? 0 : 2000;
    body->approvals = approvals;
    return message;
}

struct approved {
    uint32_t trades[SMALL_CHAIN_MESSAGES];
    struct gb_signature signatures[SMALL_CHAIN_MESSAGES];
};

/* Signs all trades of a meter. */
static struct gb_approvals approve(const struct small_chain *chain, uint32_t meter,
                                   struct approved *approved)
{
    const uint32_t *trades;
    size_t n = gb_contracts_meter_trades(chain->contracts, 0, meter, &trades);

    for (size_t i = 0; i < n; i++) {
        struct gb_hash digest = digest_of(chain, trades[i]);
        approved->trades[i] = trades[i];
        gb_keyring_sign(chain->ring, GB_PARTY(GB_ROLE_METER, meter), &digest,
                        &approved->signatures[i]);
    }
    return (struct gb_approvals){(uint32_t)n, approved->trades, approved->signatures};
}

static void say_settle(struct small_chain *chain)
{
    struct gb_message message = {.kind = GB_MESSAGE_SETTLE, .sender = OPERATOR};
    struct gb_settle_message *body = &message.body.settle;
    uint32_t n = (uint32_t)gb_contracts_interval(chain->contracts, 0).n_trades;
    uint32_t trades[SMALL_CHAIN_MESSAGES];
    struct gb_merkle tree;

    gb_merkle_init(&tree);
    for (uint32_t i = 0; i < n; i++) {
        struct gb_hash digest = digest_of(chain, i);

        trades[i] = i;
        gb_merkle_add(&tree, &digest);
    }
    body->n_trades = n;
    body->trades = trades;
    body->root = gb_merkle_end(&tree);
    struct gb_signature signature;
    gb_keyring_sign(chain->ring, OPERATOR, &body->root, &signature);
    body->signature = &signature;
    small_chain_send(chain, message);
}

void small_chain_settle(struct small_chain *chain)
{
    struct gb_message readings[SMALL_CHAIN_MESSAGES];
    struct approved approved[SMALL_CHAIN_MESSAGES];
    struct gb_approvals approvals = {0};
    uint32_t last = (uint32_t)chain->n_meters - 1;

    for (uint32_t i = 0; i <= last; i++) {
        approvals = approve(chain, i, &approved[i]);
        readings[i] = reading(i, i < last ? approvals : (struct gb_approvals){0});
    }
    small_chain_send_bundle(chain, readings, chain->n_meters);
    small_chain_seal(chain, 15 * MINUTE + GB_NS_PER_SECOND);
    small_chain_send(chain,
                     (struct gb_message){.kind = GB_MESSAGE_APPROVE,
                                         .sender = GB_PARTY(GB_ROLE_METER, last),
                                         .body.approve = {.interval = 0, .approvals = approvals}});
    say_settle(chain);
    small_chain_seal(chain, 16 * MINUTE);
    small_chain_send(chain, (struct gb_message){.kind = GB_MESSAGE_FINALIZE,
                                                .sender = OPERATOR,
                                                .body.finalize = {.interval = 0}});
    small_chain_seal(chain, 30 * MINUTE);
}

void small_chain_open_settled(struct small_chain *chain)
{
    small_chain_open(chain, GB_CRYPTO_MODELLED, 3, 4, 1);
    small_chain_trade(chain);
    small_chain_settle(chain);
}

void small_chain_write(const struct small_chain *chain, const char *path)
{
    struct gb_ledger_writer *writer = NULL;
    struct gb_error err = {0};

    check(gb_ledger_writer_open(&writer, path, &chain->genesis, &err), &err);
    for (size_t i = 0; i < chain->n_blocks; i++)
        check(gb_ledger_writer_append(writer, chain->blocks[i], &err), &err);
    check(gb_ledger_writer_seal(writer, chain->ring, &err), &err);
    check(gb_ledger_writer_publish(writer, &err), &err);
}
