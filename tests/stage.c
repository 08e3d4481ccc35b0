#include "tests/stage.h"

#include <stdlib.h>
#include <string.h>

#include "chain/contracts/leaf.h"
#include "models/market/two_round/options.h"
#include "tests/tap.h"

struct gb_contract_rules stage_rules(void)
{
    struct gb_market_rules market;

    gb_market_rules_init(&market); /* the tariff of its rows is 0.59 and 0.31 */
    market.has_band = 1;
    gb_two_round_options(&market)->books = GB_BOOKS_POOLED;
    return (struct gb_contract_rules){.market = market,
                                      .settlement = GB_SETTLE_FIRM,
                                      .signatures_required = 3,
                                      .imbalance_short = {700000},
                                      .imbalance_long = {200000},
                                      .min_quantity = {1},
                                      .slot_ns = 15 * STAGE_MINUTE,
                                      .open_ns = 15 * STAGE_MINUTE,
                                      .gate_ns = 5 * STAGE_MINUTE,
                                      .deadline_ns = 15 * STAGE_MINUTE};
}

void stage_open(struct stage *stage, enum gb_crypto crypto, size_t n_meters,
                struct gb_contract_rules rules)
{
    struct gb_genesis *genesis = &stage->genesis;

    *stage = (struct stage){.time_ns = -15 * STAGE_MINUTE, .block_time_ns = INT64_MIN};
    EXPECT_INT(gb_keyring_create(&stage->ring, crypto, gb_key_make(1, 0, GB_PURPOSE_KEY), n_meters,
                                 1, 2, &stage->err),
               GB_OK);
    genesis->flow = &gb_flow_classic;
    strcpy(genesis->chain_name, "stage");
    genesis->leader_period = 1;
    genesis->crypto = crypto;
    genesis->max_transactions = 1000;
    genesis->max_bytes = 1 << 20;
    genesis->n_concentrators = 2;
    genesis->concentrators = calloc(2, sizeof *genesis->concentrators);
    genesis->n_validators = 1;
    genesis->validators = malloc(sizeof *genesis->validators);
    genesis->weights = calloc(1, sizeof *genesis->weights);
    genesis->validators[0] = gb_keyring_public(stage->ring, GB_PARTY(GB_ROLE_VALIDATOR, 0));
    genesis->weights[0] = 1;
    for (uint32_t i = 0; i < 2; i++)
        genesis->concentrators[i] =
            gb_keyring_public(stage->ring, GB_PARTY(GB_ROLE_CONCENTRATOR, i));
    genesis->supervisor = gb_keyring_public(stage->ring, STAGE_SUPERVISOR);
    genesis->operator_ = gb_keyring_public(stage->ring, STAGE_OPERATOR);
    genesis->rules = rules;
    genesis->n_users = n_meters;
    genesis->users = calloc(n_meters, sizeof *genesis->users);
    for (uint32_t i = 0; i < n_meters; i++) {
        genesis->users[i].key = gb_keyring_public(stage->ring, GB_PARTY(GB_ROLE_METER, i));
        genesis->users[i].balance.units = STAGE_BALANCE;
        genesis->users[i].concentrator = 1; /* of stage_bundle */
    }
    EXPECT_INT(gb_genesis_seal(genesis, stage->ring, &stage->chain_id, &stage->err), GB_OK);
    EXPECT_INT(gb_contracts_create(&stage->contracts, genesis, &stage->chain_id, &stage->err),
               GB_OK);
}

void stage_close(struct stage *stage)
{
    gb_contracts_free(stage->contracts);
    gb_genesis_clear(&stage->genesis);
    gb_keyring_free(stage->ring);
}

void stage_register_all(struct stage *stage)
{
    struct gb_admission users[STAGE_METERS];
    struct gb_message message = {.kind = GB_MESSAGE_REGISTER,
                                 .sender = STAGE_SUPERVISOR,
                                 .nonce = ++stage->supervisor_nonce,
                                 .last_valid_height = stage->height + 100};

    for (uint32_t i = 0; i < stage->genesis.n_users; i++)
        users[i] = (struct gb_admission){.meter = i, .key = stage->genesis.users[i].key};
    message.body.registration.n_users = (uint32_t)stage->genesis.n_users;
    message.body.registration.users = users;
    EXPECT_INT(stage_send(stage, message), GB_RECEIPT_OK);
}

/* ---- blocks */

void stage_begin(struct stage *stage)
{
    struct gb_header header = {.number = ++stage->height};

    if (stage->time_ns <= stage->block_time_ns)
        stage->time_ns = stage->block_time_ns + GB_NS_PER_MS;
    header.time_ns = stage->block_time_ns = stage->time_ns;
    gb_contracts_begin_block(stage->contracts, &header);
}

enum gb_receipt stage_add(struct stage *stage, struct gb_transaction *transaction)
{
    const uint8_t *receipts;

    EXPECT_INT(gb_contracts_apply(stage->contracts, transaction, &stage->err), GB_OK);
    gb_transaction_free(transaction);
    size_t n = gb_contracts_receipts(stage->contracts, &receipts);
    return n > 0 ? (enum gb_receipt)receipts[n - 1] : GB_N_RECEIPTS;
}

void stage_end(struct stage *stage)
{
    EXPECT_INT(gb_contracts_end_block(stage->contracts, &stage->results, &stage->err), GB_OK);
    EXPECT_INT(gb_contracts_check(stage->contracts, &stage->err), GB_OK);
    EXPECT_TEXT(stage->err.text, "");
}

struct gb_transaction *stage_wrap(struct stage *stage, struct gb_message message)
{
    struct gb_transaction *transaction = gb_transaction_create(GB_PARTY_NONE, 1, 0);

    transaction->messages[0] = message;
    EXPECT_INT(gb_transaction_seal(transaction, &stage->chain_id, stage->ring, true, &stage->err),
               GB_OK);
    return transaction;
}

struct gb_transaction *stage_bundle(struct stage *stage, const struct gb_message *messages,
                                    size_t n)
{
    struct gb_transaction *bundle = gb_transaction_create(GB_PARTY(GB_ROLE_CONCENTRATOR, 1), n, 0);

    bundle->nonce = ++stage->bundle_nonce;
    memcpy(bundle->messages, messages, n * sizeof *messages);
    EXPECT_INT(gb_transaction_seal(bundle, &stage->chain_id, stage->ring, true, &stage->err),
               GB_OK);
    return bundle;
}

enum gb_receipt stage_send_in_block(struct stage *stage, struct gb_message message)
{
    return stage_add(stage, stage_wrap(stage, message));
}

enum gb_receipt stage_send(struct stage *stage, struct gb_message message)
{
    enum gb_receipt receipt;

    stage_begin(stage);
    receipt = stage_send_in_block(stage, message);
    stage_end(stage);
    return receipt;
}

/* ---- messages */

static struct gb_message from_meter(struct stage *stage, uint32_t meter, enum gb_message_kind kind)
{
    return (struct gb_message){.kind = (uint8_t)kind,
                               .sender = GB_PARTY(GB_ROLE_METER, meter),
                               .nonce = ++stage->meter_nonces[meter],
                               .last_valid_height = stage->height + 100};
}

static struct gb_message from_operator(struct stage *stage, enum gb_message_kind kind)
{
    return (struct gb_message){.kind = (uint8_t)kind,
                               .sender = STAGE_OPERATOR,
                               .nonce = ++stage->operator_nonce,
                               .last_valid_height = stage->height + 100};
}

struct gb_message stage_order(struct stage *stage, uint32_t meter, int64_t interval,
                              enum gb_side side, int64_t wh, int64_t price, int64_t reserve)
{
    struct gb_message message = from_meter(stage, meter, GB_MESSAGE_ORDER);

    message.body.order = (struct gb_order_message){.interval = interval,
                                                   .order = {.owner = meter,
                                                             .side = (uint8_t)side,
                                                             .quantity = {wh},
                                                             .price = {price},
                                                             .reserve = {reserve},
                                                             .beta_millionths = GB_BETA_OF_MARKET}};
    return message;
}

struct gb_message stage_amendment(struct stage *stage, uint32_t meter, uint64_t nonce,
                                  enum gb_side side, int64_t total, int64_t price, int64_t reserve)
{
    struct gb_message message = stage_order(stage, meter, 0, side, total, price, reserve);

    message.body.order.amends = nonce;
    return message;
}

struct gb_message stage_cancel(struct stage *stage, uint32_t meter, int64_t interval,
                               uint64_t nonce)
{
    struct gb_message message = from_meter(stage, meter, GB_MESSAGE_ORDER);

    message.body.order = (struct gb_order_message){
        .interval = interval, .order = {.owner = meter}, .amends = nonce, .cancels = true};
    return message;
}

static void wait_until(struct stage *stage, int64_t interval, int64_t lead_ns)
{
    int64_t time_ns = interval * stage->genesis.rules.slot_ns - lead_ns;

    if (stage->time_ns < time_ns)
        stage->time_ns = time_ns;
}

struct gb_message stage_gate(struct stage *stage, int64_t interval, uint64_t height)
{
    wait_until(stage, interval, stage->genesis.rules.gate_ns);
    struct gb_message message = from_operator(stage, GB_MESSAGE_CLOSE);

    message.body.close = (struct gb_close_message){interval, height};
    return message;
}

struct gb_message stage_deliver(struct stage *stage, int64_t interval)
{
    wait_until(stage, interval, 0);
    struct gb_message message = from_operator(stage, GB_MESSAGE_OPEN);

    message.body.open = (struct gb_open_message){
        .interval = interval,
        .has_match = true,
        .root = gb_contracts_interval(stage->contracts, interval).match_root};
    return message;
}

struct gb_hash stage_root_until(const struct stage *stage, int64_t interval, uint64_t height)
{
    size_t n;
    const struct gb_execution *executions = gb_contracts_executions(stage->contracts, interval, &n);
    struct gb_merkle tree;

    gb_merkle_init(&tree);
    for (size_t i = 0; i < n && executions[i].height <= height; i++) {
        struct gb_hash leaf = gb_match_leaf(interval, (uint32_t)i, &executions[i].trade);
        gb_merkle_add(&tree, &leaf);
    }
    return gb_merkle_end(&tree);
}

struct gb_message stage_deliver_until(struct stage *stage, int64_t interval, uint64_t height)
{
    struct gb_message message = stage_deliver(stage, interval);

    message.body.open.has_height = true;
    message.body.open.height = height;
    message.body.open.root = stage_root_until(stage, interval, height);
    return message;
}

struct gb_message stage_miss(struct stage *stage, int64_t interval)
{
    wait_until(stage, interval, 0);
    struct gb_message message = from_operator(stage, GB_MESSAGE_OPEN);

    message.body.open.interval = interval;
    return message;
}

static struct gb_hash digest_of(const struct stage *stage, int64_t interval, uint32_t trade)
{
    const struct gb_trade *t = &gb_contracts_interval(stage->contracts, interval).trades[trade];

    return gb_settlement_digest(&stage->chain_id, interval, trade, t->energy, t->price_buy,
                                t->price_sell);
}

static struct stage_arrays *next_arrays(struct stage *stage)
{
    return &stage->arrays[stage->n_arrays++ % STAGE_METERS];
}

static struct gb_approvals approvals_of(struct stage *stage, const struct stage_approval *approvals,
                                        uint32_t n)
{
    struct stage_arrays *arrays = next_arrays(stage);

    for (uint32_t i = 0; i < n; i++) {
        arrays->trades[i] = approvals[i].trade;
        arrays->signatures[i] = approvals[i].signature;
    }
    return (struct gb_approvals){n, arrays->trades, arrays->signatures};
}

struct stage_approval stage_approval(struct stage *stage, gb_party signer, int64_t interval,
                                     uint32_t trade)
{
    struct stage_approval approval = {.trade = trade};
    struct gb_hash digest = digest_of(stage, interval, trade);

    gb_keyring_sign(stage->ring, signer, &digest, &approval.signature);
    return approval;
}

struct gb_message stage_reading(struct stage *stage, uint32_t meter, int64_t interval,
                                int64_t net_wh, struct stage_approval *approvals)
{
    struct gb_message message = from_meter(stage, meter, GB_MESSAGE_READING);
    struct gb_registers *registers = &stage->registers[meter];
    struct gb_reading_message *body = &message.body.reading;
    const uint32_t *trades = NULL;

    body->interval = interval;
    body->start = *registers;
    registers->import_wh += net_wh > 0 ? net_wh : 0;
    registers->export_wh += net_wh < 0 ? -net_wh : 0;
    registers->solar_wh += net_wh < 0 ? -net_wh : 0;
    body->end = *registers;
    size_t n =
        approvals ? gb_contracts_meter_trades(stage->contracts, interval, meter, &trades) : 0;
    for (size_t i = 0; i < n; i++)
        approvals[i] = stage_approval(stage, message.sender, interval, trades[i]);
    body->approvals = approvals_of(stage, approvals, (uint32_t)n);
    return message;
}

struct gb_message stage_approve(struct stage *stage, uint32_t meter, int64_t interval, uint32_t n,
                                const struct stage_approval *approvals)
{
    struct gb_message message = from_meter(stage, meter, GB_MESSAGE_APPROVE);

    message.body.approve = (struct gb_approve_message){interval, approvals_of(stage, approvals, n)};
    return message;
}

struct gb_message stage_settle(struct stage *stage, int64_t interval, const uint32_t *trades,
                               uint32_t n)
{
    struct gb_message message = from_operator(stage, GB_MESSAGE_SETTLE);
    struct gb_settle_message *body = &message.body.settle;
    struct gb_merkle tree;

    gb_merkle_init(&tree);
    for (uint32_t i = 0; i < n; i++) {
        struct gb_hash digest = digest_of(stage, interval, trades[i]);
        gb_merkle_add(&tree, &digest);
    }
    body->interval = interval;
    body->n_trades = n;
    body->trades = trades;
    body->root = gb_merkle_end(&tree);
    struct gb_signature *signature = next_arrays(stage)->signatures;
    gb_keyring_sign(stage->ring, STAGE_OPERATOR, &body->root, signature);
    body->signature = signature;
    return message;
}

struct gb_message stage_finalize(struct stage *stage, int64_t interval)
{
    struct gb_message message = from_operator(stage, GB_MESSAGE_FINALIZE);

    message.body.finalize.interval = interval;
    return message;
}

/* ---- looking */

const struct gb_contract_event *stage_event(const struct stage *stage,
                                            enum gb_contract_event_kind kind, size_t n)
{
    const struct gb_events *events = gb_contracts_events(stage->contracts);

    for (size_t i = 0; i < events->n; i++)
        if (gb_event_at(events, i)->kind == kind && n-- == 0)
            return gb_event_at(events, i);
    return NULL;
}

size_t stage_count(const struct stage *stage, enum gb_contract_event_kind kind)
{
    size_t n = 0;

    while (stage_event(stage, kind, n))
        n++;
    return n;
}

int64_t stage_balance(const struct stage *stage, uint32_t meter)
{
    return gb_contracts_balance(stage->contracts, meter).units;
}

int64_t stage_escrow(const struct stage *stage, uint32_t meter)
{
    return gb_contracts_escrow(stage->contracts, meter).units;
}
