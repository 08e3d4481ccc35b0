/* Speed of executing contracts: slots of 1e4 meters, each with one order and one reading with its
 * approvals, in bundles of 1000. Only gb_contracts_* is timed; making and signing messages is not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report.h"
#include "chain/contracts/contracts.h"
#include "models/market/two_round/options.h"

enum { METERS = 10000, BUNDLE = 1000, SLOTS = 12 };
static const int64_t slot_ns = 900 * GB_NS_PER_SECOND;

struct bench {
    struct gb_keyring *ring;
    struct gb_genesis genesis;
    struct gb_hash chain_id;
    struct gb_contracts *contracts;
    struct gb_error err;
    uint64_t height, bundle_nonce, operator_nonce, meter_nonce;
    struct gb_registers *registers;
    double seconds;
    size_t n_messages, n_trades;
    int failed;
};

static void play_block(struct bench *bench, int64_t time_ns, struct gb_transaction **all, size_t n)
{
    struct gb_header header = {.number = ++bench->height, .time_ns = time_ns};
    struct gb_block_results results;

    for (size_t i = 0; i < n; i++)
        bench->failed |=
            gb_transaction_seal(all[i], &bench->chain_id, bench->ring, true, &bench->err);
    double start = gb_bench_cpu_s();
    gb_contracts_begin_block(bench->contracts, &header);
    for (size_t i = 0; i < n; i++) {
        bench->failed |= gb_contracts_apply(bench->contracts, all[i], &bench->err);
        bench->n_messages += all[i]->n_messages;
    }
    bench->failed |= gb_contracts_end_block(bench->contracts, &results, &bench->err);
    bench->seconds += gb_bench_cpu_s() - start;
    for (size_t i = 0; i < n; i++)
        gb_transaction_free(all[i]);
}

static struct gb_message *fill(struct bench *bench, struct gb_transaction *transaction, size_t i,
                               enum gb_message_kind kind, gb_party sender, uint64_t nonce)
{
    struct gb_message *message = &transaction->messages[i];

    message->kind = (uint8_t)kind;
    message->sender = sender;
    message->nonce = nonce;
    message->last_valid_height = bench->height + 100;
    return message;
}

static void play_operator(struct bench *bench, int64_t time_ns, enum gb_message_kind kind,
                          const struct gb_message *body)
{
    struct gb_transaction *one = gb_transaction_create(GB_PARTY_NONE, 1, 0);
    gb_party operator_ = GB_PARTY(GB_ROLE_OPERATOR, 0);

    fill(bench, one, 0, kind, operator_, ++bench->operator_nonce)->body = body->body;
    play_block(bench, time_ns, &one, 1);
}

static struct gb_transaction *bundle(struct bench *bench, size_t n_approvals)
{
    struct gb_transaction *made = gb_transaction_create(
        GB_PARTY(GB_ROLE_CONCENTRATOR, 0), BUNDLE, n_approvals * sizeof(uint32_t) + BUNDLE * 8);

    bench->failed |= !gb_transaction_make_proofs(made, n_approvals);
    made->nonce = ++bench->bundle_nonce;
    return made;
}

static void play_orders(struct bench *bench, int64_t k)
{
    struct gb_transaction *all[METERS / BUNDLE];

    bench->meter_nonce++;
    for (uint32_t i = 0; i < METERS; i++) {
        if (i % BUNDLE == 0)
            all[i / BUNDLE] = bundle(bench, 0);
        struct gb_message *m = fill(bench, all[i / BUNDLE], i % BUNDLE, GB_MESSAGE_ORDER,
                                    GB_PARTY(GB_ROLE_METER, i), bench->meter_nonce);
        int64_t shift = (int64_t)((i * UINT64_C(7919) + (uint64_t)k * 104729) % 100000);
        m->body.order = (struct gb_order_message){
            .interval = k,
            .order = {.owner = i,
                      .side = i & 1,
                      .quantity = {1000 + shift % 777},
                      .price = {i & 1 ? 400000 + shift : 430000 + shift},
                      .reserve = {i & 1 ? 350000 + shift : 480000 + shift},
                      .beta_millionths = GB_BETA_OF_MARKET}};
    }
    play_block(bench, k * slot_ns - slot_ns / 2, all, METERS / BUNDLE);
}

static void play_readings(struct bench *bench, int64_t k)
{
    struct gb_transaction *all[METERS / BUNDLE];
    struct gb_interval_view view = gb_contracts_interval(bench->contracts, k);

    bench->meter_nonce++;
    for (uint32_t i = 0; i < METERS; i++) {
        const uint32_t *trades = NULL;
        uint32_t n = (uint32_t)gb_contracts_meter_trades(bench->contracts, k, i, &trades);
        if (i % BUNDLE == 0)
            all[i / BUNDLE] = bundle(bench, BUNDLE * 40);
        struct gb_message *m = fill(bench, all[i / BUNDLE], i % BUNDLE, GB_MESSAGE_READING,
                                    GB_PARTY(GB_ROLE_METER, i), bench->meter_nonce);
        uint32_t *approved = gb_transaction_reserve(all[i / BUNDLE], n * sizeof *approved);
        struct gb_signature *signatures = gb_transaction_reserve_signatures(all[i / BUNDLE], n);
        for (uint32_t a = 0; a < n; a++) {
            const struct gb_trade *t = &view.trades[trades[a]];
            approved[a] = trades[a];
            struct gb_hash digest = gb_settlement_digest(&bench->chain_id, k, trades[a], t->energy,
                                                         t->price_buy, t->price_sell);
            gb_keyring_sign(bench->ring, m->sender, &digest, &signatures[a]);
        }
        m->body.reading.interval = k;
        m->body.reading.start = bench->registers[i];
        *(i & 1 ? &bench->registers[i].export_wh : &bench->registers[i].import_wh) += 1200;
        bench->registers[i].solar_wh += i & 1 ? 1200 : 0;
        m->body.reading.end = bench->registers[i];
        m->body.reading.approvals = (struct gb_approvals){n, approved, signatures};
    }
    play_block(bench, (k + 1) * slot_ns + 1, all, METERS / BUNDLE);
}

static void play_settle(struct bench *bench, int64_t k)
{
    struct gb_interval_view view = gb_contracts_interval(bench->contracts, k);
    uint32_t *trades = calloc(view.n_trades + 1, sizeof *trades);
    struct gb_merkle tree;
    struct gb_message m = {0};
    struct gb_settle_message *body = &m.body.settle;

    body->interval = k;
    for (uint32_t i = 0; i < view.n_trades; i++) /* every meter has been read */
        trades[body->n_trades++] = i;
    body->trades = trades;
    gb_merkle_init(&tree);
    for (uint32_t i = 0; i < body->n_trades; i++) {
        const struct gb_trade *t = &view.trades[trades[i]];
        struct gb_hash leaf = gb_settlement_digest(&bench->chain_id, k, trades[i], t->energy,
                                                   t->price_buy, t->price_sell);
        gb_merkle_add(&tree, &leaf);
    }
    body->root = gb_merkle_end(&tree);
    struct gb_signature signature;
    gb_keyring_sign(bench->ring, GB_PARTY(GB_ROLE_OPERATOR, 0), &body->root, &signature);
    body->signature = &signature;
    bench->n_trades += body->n_trades;
    play_operator(bench, (k + 1) * slot_ns + 2, GB_MESSAGE_SETTLE, &m);
    free(trades);
}

static void play_slot(struct bench *bench, int64_t k)
{
    struct gb_message m = {0};

    play_orders(bench, k);
    m.body.close = (struct gb_close_message){k, bench->height};
    play_operator(bench, k * slot_ns - slot_ns / 3, GB_MESSAGE_CLOSE, &m);
    m.body.open =
        (struct gb_open_message){.interval = k,
                                 .has_match = true,
                                 .root = gb_contracts_interval(bench->contracts, k).match_root};
    play_operator(bench, k * slot_ns, GB_MESSAGE_OPEN, &m);
    play_readings(bench, k);
    play_settle(bench, k);
    m.body.finalize.interval = k;
    play_operator(bench, (k + 2) * slot_ns, GB_MESSAGE_FINALIZE, &m);
}

static void admit_all(struct bench *bench)
{
    struct gb_admission *users = calloc(METERS, sizeof *users);
    struct gb_transaction *one = gb_transaction_create(GB_PARTY_NONE, 1, 0);
    struct gb_message *m =
        fill(bench, one, 0, GB_MESSAGE_REGISTER, GB_PARTY(GB_ROLE_SUPERVISOR, 0), 1);

    for (uint32_t i = 0; i < METERS; i++)
        users[i] = (struct gb_admission){.meter = i, .key = bench->genesis.users[i].key};
    m->body.registration = (struct gb_register_message){METERS, users};
    play_block(bench, -slot_ns, &one, 1);
    free(users);
}

static struct gb_market_rules pooled_market(void)
{
    struct gb_market_rules market;

    gb_market_rules_init(&market); /* the tariff of its rows is 0.59 and 0.31 */
    market.has_band = 1;
    gb_two_round_options(&market)->books = GB_BOOKS_POOLED;
    return market;
}

static void prepare(struct bench *bench, enum gb_crypto crypto)
{
    struct gb_genesis *genesis = &bench->genesis;

    bench->failed |= gb_keyring_create(&bench->ring, crypto, gb_key_make(1, 0, GB_PURPOSE_KEY),
                                       METERS, 1, 1, &bench->err);
    genesis->crypto = crypto;
    genesis->rules = (struct gb_contract_rules){.market = pooled_market(),
                                                .min_quantity = {1},
                                                .signatures_required = 3,
                                                .imbalance_short = {590000},
                                                .imbalance_long = {310000},
                                                .slot_ns = slot_ns,
                                                .open_ns = slot_ns,
                                                .gate_ns = slot_ns / 3,
                                                .deadline_ns = slot_ns};
    genesis->n_users = METERS;
    genesis->users = calloc(METERS, sizeof *genesis->users);
    genesis->n_concentrators = 1;
    genesis->concentrators = calloc(1, sizeof *genesis->concentrators);
    bench->registers = calloc(METERS, sizeof *bench->registers);
    genesis->concentrators[0] = gb_keyring_public(bench->ring, GB_PARTY(GB_ROLE_CONCENTRATOR, 0));
    genesis->operator_ = gb_keyring_public(bench->ring, GB_PARTY(GB_ROLE_OPERATOR, 0));
    genesis->supervisor = gb_keyring_public(bench->ring, GB_PARTY(GB_ROLE_SUPERVISOR, 0));
    for (uint32_t i = 0; i < METERS; i++)
        genesis->users[i] = (struct gb_genesis_user){
            .key = gb_keyring_public(bench->ring, GB_PARTY(GB_ROLE_METER, i)),
            .balance = {1000 * GB_UNITS_PER_CURRENCY}};
    genesis->flow = &gb_flow_classic;
    strcpy(genesis->chain_name, "bench");
    genesis->leader_period = 1;
    genesis->max_transactions = METERS;
    genesis->max_bytes = 1 << 30;
    genesis->n_validators = 1;
    genesis->validators = malloc(sizeof *genesis->validators);
    genesis->weights = calloc(1, sizeof *genesis->weights);
    genesis->validators[0] = gb_keyring_public(bench->ring, GB_PARTY(GB_ROLE_VALIDATOR, 0));
    genesis->weights[0] = 1;
    bench->failed |= gb_genesis_seal(genesis, bench->ring, &bench->chain_id, &bench->err);
    bench->failed |= gb_contracts_create(&bench->contracts, genesis, &bench->chain_id, &bench->err);
}

static int run(const char *what, enum gb_crypto crypto)
{
    struct bench bench = {0};

    prepare(&bench, crypto);
    if (!bench.failed)
        admit_all(&bench);
    for (int64_t k = 0; !bench.failed && k < SLOTS; k++)
        play_slot(&bench, k);
    if (!bench.failed)
        bench.failed = gb_contracts_check(bench.contracts, &bench.err);
    if (!bench.failed && bench.n_trades == 0)
        bench.failed = gb_fail(&bench.err, GB_EBROKEN, "nothing was traded: messages are refused");
    if (bench.failed)
        fprintf(stderr, "bench_contracts: %s\n", bench.err.text);
    else
        gb_bench_report(&(struct gb_bench_row){
            what, 1e9 * bench.seconds / (double)bench.n_messages, "ns a message", 0,
            "orders, close, match, open, readings with approvals, settle, bills; signing is not"});
    gb_contracts_free(bench.contracts);
    gb_genesis_clear(&bench.genesis);
    gb_keyring_free(bench.ring);
    free(bench.registers);
    return bench.failed ? 1 : 0;
}

int main(void)
{
    int failed = run("contracts, modelled crypto", GB_CRYPTO_MODELLED);

    return failed | run("contracts, no hashing", GB_CRYPTO_NONE);
}
