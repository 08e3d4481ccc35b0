#include "tests/chain_bench.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

static void on_stable(void *context, uint32_t node, uint64_t height, bool is_first,
                      const struct gb_events *events)
{
    struct bench *bench = context;

    EXPECT(!bench->is_telling);
    EXPECT(gb_queue_now_ns(bench->queue) >= bench->promised_ns);
    bench->is_telling = true;
    EXPECT(height < N_HEIGHTS && bench->stable_ns[node][height] == 0);
    EXPECT(height == 1 || bench->stable_ns[node][height - 1] != 0); /* in order at each node */
    bench->stable_ns[node][height] = gb_queue_now_ns(bench->queue);
    for (size_t i = 0; is_first && i < events->n; i++)
        bench->n_failed += gb_event_at(events, i)->receipt != GB_RECEIPT_OK;
    if (is_first && bench->n_sent < bench->n_to_send)
        bench_register(bench, ++bench->n_sent, gb_queue_now_ns(bench->queue), node, false,
                       INT64_MAX);
    bench->is_telling = false;
}

static void on_finished(void *context, const struct gb_block_statistics *block)
{
    struct bench *bench = context;

    bench->sealed_ns[block->height] = block->sealed_ns;
    bench->commit_quorum_ns[block->height] = block->commit_quorum_ns;
    bench->stable_quorum_ns[block->height] = block->stable_quorum_ns;
    bench->n_transactions[block->height] = block->n_transactions;
}

static void on_given_up(void *context, const struct gb_transaction *transaction)
{
    struct bench *bench = context;

    (void)transaction;
    bench->n_given_up++;
}

struct bench_setup bench_setup(const struct gb_flow *flow)
{
    return (struct bench_setup){.flow = flow,
                                .max_transactions = 1000,
                                .client = {&gb_delay_constant, {{CLIENT}}},
                                .link = {&gb_delay_constant, {{LINK}}},
                                .chain = {.min_seal_ns = 500 * MS,
                                          .pool_limit = 15000,
                                          .draws = {.seed = 1},
                                          .wrong_executor = GB_NO_NODE}};
}

/* The stage knows no validators: give it four, under the same keys for all others. */
static void add_validators(struct stage *stage, enum gb_crypto crypto,
                           const struct bench_setup *setup, const uint32_t *weights)
{
    struct gb_genesis *genesis = &stage->genesis;

    gb_keyring_free(stage->ring);
    EXPECT_INT(gb_keyring_create(&stage->ring, crypto, gb_key_make(1, 0, GB_PURPOSE_KEY),
                                 STAGE_METERS, N_NODES, 2, &stage->err),
               GB_OK);
    genesis->flow = setup->flow;
    genesis->max_transactions = setup->max_transactions;
    free(genesis->validators);
    free(genesis->weights);
    genesis->n_validators = N_NODES;
    genesis->validators = calloc(N_NODES, sizeof *genesis->validators);
    genesis->weights = calloc(N_NODES, sizeof *genesis->weights);
    for (uint32_t i = 0; i < N_NODES; i++) {
        genesis->validators[i] = gb_keyring_public(stage->ring, GB_PARTY(GB_ROLE_VALIDATOR, i));
        genesis->weights[i] = weights ? weights[i] : 1;
    }
}

void bench_open_weighted(struct bench *bench, const struct gb_protocol *protocol,
                         struct bench_setup setup, enum gb_crypto crypto, const char *ledger,
                         const uint32_t *weights)
{
    struct gb_chain_observer observer = {bench, on_stable, on_finished, on_given_up};
    struct gb_error err = {0};

    memset(bench, 0, sizeof *bench);
    stage_open(&bench->stage, crypto, STAGE_METERS, stage_rules());
    add_validators(&bench->stage, crypto, &setup, weights);
    bench->network = gb_network_make(setup.link, setup.client, setup.chain.draws);
    setup.chain.network = &bench->network;
    EXPECT_INT(
        gb_genesis_seal(&bench->stage.genesis, bench->stage.ring, &bench->stage.chain_id, &err),
        GB_OK);
    setup.chain.chain_id = bench->stage.chain_id;
    bench->queue = gb_queue_create(&err);
    bench->protocol = protocol;
    if (ledger)
        EXPECT_INT(gb_ledger_writer_open(&bench->ledger, ledger, &bench->stage.genesis, &err),
                   GB_OK);
    EXPECT_INT(protocol->create(&bench->chain, bench->queue, &setup.chain, &bench->stage.genesis,
                                bench->stage.ring, bench->ledger, &observer, &err),
               GB_OK);
    EXPECT_TEXT(err.text, "");
}

void bench_open(struct bench *bench, const struct gb_protocol *protocol, struct bench_setup setup,
                enum gb_crypto crypto, const char *ledger)
{
    bench_open_weighted(bench, protocol, setup, crypto, ledger, NULL);
}

void bench_register(struct bench *bench, uint32_t meter, int64_t sent_ns, uint32_t node,
                    bool is_insistent, int64_t until_ns)
{
    struct gb_transaction *transaction =
        gb_transaction_create(GB_PARTY_NONE, 1, sizeof(struct gb_admission));
    struct gb_admission *user = gb_transaction_reserve(transaction, sizeof *user);
    struct gb_route route = {.owner = STAGE_SUPERVISOR,
                             .time = 0,
                             .item = meter,
                             .is_insistent = is_insistent,
                             .until_ns = until_ns};

    *user = (struct gb_admission){
        .meter = meter,
        .key = gb_keyring_public(bench->stage.ring, GB_PARTY(GB_ROLE_METER, meter))};
    transaction->messages[0] =
        (struct gb_message){.kind = GB_MESSAGE_REGISTER,
                            .sender = STAGE_SUPERVISOR,
                            .nonce = ++bench->stage.supervisor_nonce,
                            .last_valid_height = bench->protocol == &gb_protocol_ideal ? 0 : 1000,
                            .body.registration = {.n_users = 1, .users = user}};
    EXPECT_INT(bench->protocol->submit(bench->chain, transaction, node, sent_ns, &route, NULL),
               GB_OK);
}

void bench_run(struct bench *bench)
{
    struct gb_error err = {0};

    while (gb_queue_step(bench->queue))
        ;
    EXPECT_INT(bench->protocol->failure(bench->chain, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    EXPECT_INT(gb_contracts_check(bench->protocol->contracts(bench->chain), &err), GB_OK);
}

void bench_close(struct bench *bench)
{
    bench->protocol->free(bench->chain);
    gb_ledger_writer_abandon(bench->ledger);
    gb_queue_free(bench->queue);
    stage_close(&bench->stage);
}
