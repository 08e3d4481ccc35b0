/* The protocol `pbft`: pool, sealing, agreement, execution and ledger put together.
 *
 * A transaction reaches its entry node, is gossiped, and waits in the pool, until the leader whose
 * turn it is seals it into a block. The validators agree on the block and execute it. Users,
 * operator and contracts see a block only when it is stable at their own node. */
#include <assert.h>
#include <stdlib.h>

#include "chain/node/chain.h"
#include "chain/node/ingress.h"
#include "chain/node/live_blocks.h"
#include "chain/node/pool.h"
#include "chain/node/sealer.h"

struct replicated {
    struct gb_queue *queue;
    struct gb_chain_config config;
    struct gb_chain_observer observer;
    const struct gb_genesis *genesis; /* borrowed, like the ring */
    const struct gb_keyring *ring;
    struct gb_ledger_writer *ledger; /* NULL: none is kept */
    struct gb_contracts *contracts;
    struct gb_pool *pool;
    struct gb_ingress *ingress;
    struct gb_sealer *sealer;
    struct gb_live_blocks *live;
    struct gb_pbft *pbft;
    uint32_t *signers;     /* scratch: one a node */
    struct gb_error error; /* the first failure of all these parts */
};

/* ---- from the client to the proposal */

static enum gb_status replicated_submit(void *state, struct gb_transaction *transaction,
                                        uint32_t entry_node, int64_t sent_ns,
                                        const struct gb_route *route, struct gb_error *err)
{
    struct replicated *chain = state;

    if (gb_ingress_submit(chain->ingress, transaction, entry_node, sent_ns, route) == GB_OK)
        return GB_OK;
    return gb_fail(err, chain->error.status, "%s", chain->error.text);
}

static void on_accepted(void *context)
{
    gb_sealer_plan(((struct replicated *)context)->sealer);
}

static void on_given_up(void *context, const struct gb_transaction *transaction)
{
    const struct replicated *chain = context;

    chain->observer.given_up(chain->observer.context, transaction);
}

static void on_turn(void *context, uint32_t node, uint64_t height)
{
    gb_sealer_begin_turn(((struct replicated *)context)->sealer, node, height);
}

/* The block hash as `node` computes it. */
static struct gb_hash execute(void *context, uint32_t node, uint64_t height,
                              const struct gb_hash *proposal)
{
    struct replicated *chain = context;
    struct gb_hash hash = gb_live_blocks_execute(chain->live, height);

    (void)proposal;
    if (node == chain->config.wrong_executor)
        hash.bytes[0] ^= 0xff;
    return hash;
}

/* In `classic` and `fisco2` the leader executes its block before it proposes it. */
static void on_sealed(void *context, const struct gb_sealed *sealed)
{
    struct replicated *chain = context;
    const struct gb_hash *proposal = &sealed->block->proposal_hash;
    struct gb_hash result = {{0}};

    if (!gb_live_blocks_add(chain->live, sealed))
        return;
    if (!chain->genesis->flow->has_checkpoint)
        result = execute(chain, sealed->leader, sealed->height, proposal);
    if (chain->error.status == GB_OK)
        gb_pbft_propose(chain->pbft, sealed->leader, sealed->height, proposal, &result);
}

/* ---- from the proposal to the ledger */

static bool is_acceptable(void *context, uint32_t node, uint64_t height,
                          const struct gb_hash *proposal)
{
    struct replicated *chain = context;
    const struct gb_block *block = gb_live_blocks_at(chain->live, height)->sealed.block;

    (void)node;
    return gb_hash_is_equal(&block->proposal_hash, proposal) &&
           gb_live_blocks_is_sound(chain->live, height, gb_pbft_view(chain->pbft, height)) &&
           !gb_block_is_ahead(block, gb_queue_now_ns(chain->queue));
}

static void on_committed(void *context, uint32_t node, uint64_t height)
{
    struct replicated *chain = context;

    gb_live_blocks_commit(chain->live, node, height, gb_queue_now_ns(chain->queue));
}

/* The first node to have a block stable holds a certificate: it goes into the ledger with the
 * block. Signatures are made here, of those whose votes the node holds, and are the same bytes
 * as if each signer had made them when it voted. */
static enum gb_status certify(struct replicated *chain, uint32_t node, uint64_t height)
{
    struct gb_block *block = gb_live_blocks_at(chain->live, height)->sealed.block;
    uint32_t n = gb_pbft_signers(chain->pbft, node, height, chain->signers);
    enum gb_status status = gb_certificate_sign(block, chain->genesis, &chain->config.chain_id,
                                                gb_pbft_view(chain->pbft, height), chain->signers,
                                                n, chain->ring, &chain->error);

    return status == GB_OK ? gb_ledger_writer_append(chain->ledger, block, &chain->error) : status;
}

static void on_stable(void *context, uint32_t node, uint64_t height)
{
    struct replicated *chain = context;
    const struct gb_live_block *live = gb_live_blocks_at(chain->live, height);
    bool is_first = live->n_stable == 0;

    if (chain->error.status != GB_OK)
        return;
    if (is_first && chain->ledger && certify(chain, node, height) != GB_OK)
        return;
    gb_live_blocks_stabilize(chain->live, node, height, gb_queue_now_ns(chain->queue));
    chain->observer.stable(chain->observer.context, node, height, is_first, &live->events);
    live = gb_live_blocks_at(chain->live, height);
    if (live->n_stable == chain->genesis->n_validators) {
        chain->observer.finished(chain->observer.context, &live->statistics);
        gb_live_blocks_finish(chain->live, height);
    }
}

/* ---- life */

static void replicated_free(void *state)
{
    struct replicated *chain = state;

    if (!chain)
        return;
    free(chain->signers);
    gb_pbft_free(chain->pbft);
    gb_live_blocks_free(chain->live);
    gb_sealer_free(chain->sealer);
    gb_ingress_free(chain->ingress);
    gb_pool_free(chain->pool);
    gb_contracts_free(chain->contracts);
    free(chain);
}

static enum gb_status create_agreement(struct replicated *chain, struct gb_error *err)
{
    const struct gb_genesis *genesis = chain->genesis;
    struct gb_pbft_config config = {.committee = gb_genesis_committee(genesis),
                                    .network = chain->config.network};
    struct gb_pbft_host host = {.context = chain,
                                .turn = on_turn,
                                .is_acceptable = is_acceptable,
                                .execute = execute,
                                .committed = on_committed,
                                .stable = on_stable};
    enum gb_status status =
        gb_contracts_create(&chain->contracts, genesis, &chain->config.chain_id, err);

    if (status == GB_OK)
        gb_contracts_acknowledge(chain->contracts, 0);
    if (status == GB_OK)
        status = gb_pbft_create(&chain->pbft, chain->queue, &config, &host, err);
    if (status != GB_OK)
        return status;
    chain->live = gb_live_blocks_create(genesis, chain->contracts,
                                        gb_pbft_quorum_weight(chain->pbft), &chain->error);
    chain->signers = malloc(genesis->n_validators * sizeof *chain->signers);
    return chain->live && chain->signers ? GB_OK
                                         : gb_fail(err, GB_ENOMEM, "no memory for the chain");
}

static enum gb_status create_sealing(struct replicated *chain, struct gb_error *err)
{
    const struct gb_genesis *genesis = chain->genesis;
    const struct gb_chain_config *config = &chain->config;
    struct gb_ingress_host clients = {chain, on_accepted, on_given_up};
    struct gb_sealer_host validators = {chain, on_sealed};
    enum gb_status status =
        gb_pool_create(&chain->pool, config->pool_limit, genesis->max_transactions,
                       genesis->max_bytes, config->network, err);

    if (status != GB_OK)
        return status;
    chain->ingress = gb_ingress_create(chain->queue, config, genesis, chain->ring,
                                       chain->ledger != NULL, chain->pool, &clients, &chain->error);
    chain->sealer = gb_sealer_create(chain->queue, config, genesis->max_transactions, chain->pool,
                                     &validators, &chain->error);
    return chain->ingress && chain->sealer ? GB_OK
                                           : gb_fail(err, GB_ENOMEM, "no memory for the chain");
}

static void on_start(const struct gb_event *event)
{
    struct replicated *chain = event->subject;

    gb_pbft_start(chain->pbft);
}

static enum gb_status replicated_create(
    void **state, struct gb_queue *queue, const struct gb_chain_config *config,
    const struct gb_genesis *genesis, const struct gb_keyring *ring,
    struct gb_ledger_writer *ledger, const struct gb_chain_observer *observer, struct gb_error *err)
{
    struct replicated *chain = calloc(1, sizeof *chain);

    if (!chain)
        return gb_fail(err, GB_ENOMEM, "no memory for the chain");
    *chain = (struct replicated){.queue = queue,
                                 .config = *config,
                                 .observer = *observer,
                                 .genesis = genesis,
                                 .ring = ring,
                                 .ledger = ledger};
    enum gb_status status = create_agreement(chain, err);
    if (status == GB_OK)
        status = create_sealing(chain, err);
    struct gb_event start = {.time_ns = config->start_ns,
                             .action = on_start,
                             .subject = chain,
                             .priority = GB_PRIORITY_GATE};
    if (status == GB_OK && !gb_queue_push(queue, &start))
        status = gb_fail(err, GB_ENOMEM, "no memory for an event");
    if (status != GB_OK) {
        replicated_free(chain);
        return status;
    }
    *state = chain;
    return GB_OK;
}

/* ---- what the rest of the program asks */

static const struct gb_contracts *replicated_contracts(const void *state)
{
    return ((const struct replicated *)state)->contracts;
}

static uint64_t replicated_stable_height(const void *state, uint32_t node)
{
    return gb_pbft_stable_height(((const struct replicated *)state)->pbft, node);
}

static struct gb_passage replicated_passage(const void *state, uint64_t height,
                                            uint32_t transaction)
{
    const struct replicated *chain = state;
    const struct gb_live_block *live = gb_live_blocks_at(chain->live, height);

    assert(live->sealed.block && transaction < live->sealed.block->n_transactions);
    const struct gb_transaction *passed = live->sealed.block->transactions[transaction];
    return (struct gb_passage){.arrived_ns = passed->arrived_ns,
                               .sealed_ns = live->sealed.sealed_ns,
                               .time_ns = live->sealed.block->header.time_ns,
                               .transaction = passed};
}

static enum gb_whereabouts replicated_whereabouts(const void *state, gb_party sender, uint8_t kind,
                                                  uint64_t nonce)
{
    const struct replicated *chain = state;
    bool has_arrived;

    if (gb_ingress_holds(chain->ingress, sender, kind, nonce, &has_arrived))
        return has_arrived ? GB_AT_A_POOL : GB_ON_ITS_LINK;
    return gb_pool_holds(chain->pool, sender, kind, nonce) ? GB_AT_A_POOL : GB_IN_A_BLOCK;
}

/* A full block is sealed at once. */
static struct gb_quiet replicated_quiet(const void *state)
{
    const struct replicated *chain = state;
    size_t n_waiting = gb_pool_size(chain->pool), n_full = chain->genesis->max_transactions;

    return (struct gb_quiet){.until_ns = n_waiting < n_full ? gb_sealer_earliest_ns(chain->sealer)
                                                            : INT64_MIN,
                             .n_transactions = n_waiting < n_full ? n_full - n_waiting - 1 : 0};
}

static struct gb_chain_totals replicated_totals(const void *state)
{
    const struct replicated *chain = state;
    struct gb_chain_totals totals = gb_live_blocks_totals(chain->live);
    struct gb_pbft_counts counts = gb_pbft_counts(chain->pbft);

    totals.n_messages = counts.preprepare + counts.prepare + counts.commit + counts.checkpoint;
    totals.n_refused = gb_ingress_n_refused(chain->ingress);
    totals.n_resent = gb_ingress_n_resent(chain->ingress);
    return totals;
}

static size_t replicated_n_pending(const void *state)
{
    const struct replicated *chain = state;

    return gb_ingress_size(chain->ingress) + gb_pool_size(chain->pool) +
           gb_live_blocks_n_transactions(chain->live);
}

static enum gb_status replicated_failure(const void *state, struct gb_error *err)
{
    const struct replicated *chain = state;

    if (chain->error.status != GB_OK)
        return gb_fail(err, chain->error.status, "%s", chain->error.text);
    return gb_pbft_status(chain->pbft, err);
}

const struct gb_protocol gb_protocol_pbft = {
    .member = {.name = "pbft",
               .summary = "gossip, pool, sealing, PBFT votes, execution and a ledger"},
    .keeps_ledger = true,
    .create = replicated_create,
    .free = replicated_free,
    .submit = replicated_submit,
    .contracts = replicated_contracts,
    .stable_height = replicated_stable_height,
    .passage = replicated_passage,
    .whereabouts = replicated_whereabouts,
    .totals = replicated_totals,
    .quiet = replicated_quiet,
    .n_pending = replicated_n_pending,
    .failure = replicated_failure};
