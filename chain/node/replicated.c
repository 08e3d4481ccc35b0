/* The protocol `pbft`: pool, sealing, agreement, execution and ledger put together.
 *
 * A transaction reaches its entry node, is gossiped, and waits in the pool. The leader whose
 * turn it is seals a block at once when a full one waits, else min_seal after its turn began if
 * anything waits, never an empty one. Honest nodes share one execution of a block, for they
 * compute the same from the same parent state; the contracts therefore execute each height once,
 * when the first node needs it. Users, operator and contracts see a block only when it is stable
 * at their own node. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "chain/node/replicated_priv.h"

static struct live_block *live_at(struct replicated *chain, uint64_t height)
{
    assert(height >= chain->first_live && height <= chain->last_sealed);
    return &chain->live[height & (chain->live_capacity - 1)];
}

/* ---- sealing */

static void on_seal(const struct gb_event *event);

/* Files, moves or drops the timer of the present turn: at once when a full block waits, else
 * min_seal after the turn began or, if nothing waited then, when the first transaction comes. */
void gb_replicated_plan_seal(struct replicated *chain)
{
    if (!chain->has_turn)
        return;
    int64_t when = gb_pool_first_ns(chain->pool);
    int64_t full = gb_pool_full_ns(chain->pool);
    if (when == INT64_MAX)
        return;
    if (when < chain->turn_began_ns + chain->config.min_seal_ns)
        when = chain->turn_began_ns + chain->config.min_seal_ns;
    if (full < when)
        when = full;
    /* block times a step apart must not run further ahead of the clock than voters bear */
    if (when < chain->parent_time_ns + GB_BLOCK_STEP_NS - GB_CLOCK_TOLERANCE_NS)
        when = chain->parent_time_ns + GB_BLOCK_STEP_NS - GB_CLOCK_TOLERANCE_NS;
    if (when < gb_queue_now_ns(chain->queue))
        when = gb_queue_now_ns(chain->queue);
    if (chain->seal_timer) {
        gb_queue_reschedule(chain->queue, chain->seal_timer, when);
        return;
    }
    struct gb_event event = {
        .time_ns = when, .action = on_seal, .subject = chain, .priority = GB_PRIORITY_TIMER};
    chain->seal_timer = gb_queue_push(chain->queue, &event);
    if (!chain->seal_timer)
        gb_fail(&chain->error, GB_ENOMEM, "no memory for an event");
}

static void on_turn(void *context, uint32_t node, uint64_t height)
{
    struct replicated *chain = context;

    assert(!chain->has_turn && height == chain->last_sealed + 1);
    chain->has_turn = true;
    chain->leader = node;
    chain->turn_height = height;
    chain->turn_began_ns = gb_queue_now_ns(chain->queue);
    gb_pool_begin_turn(chain->pool, node);
    gb_replicated_plan_seal(chain);
}

static enum gb_status reserve_live(struct replicated *chain)
{
    size_t n_live = chain->last_sealed + 1 - chain->first_live;

    if (n_live < chain->live_capacity)
        return GB_OK;
    size_t capacity = 2 * chain->live_capacity;
    struct live_block *grown = calloc(capacity, sizeof *grown);
    if (!grown)
        return gb_fail(&chain->error, GB_ENOMEM, "no memory for %zu live blocks", capacity);
    for (uint64_t h = chain->first_live; h <= chain->last_sealed; h++)
        grown[h & (capacity - 1)] = *live_at(chain, h);
    free(chain->live);
    chain->live = grown;
    chain->live_capacity = capacity;
    return GB_OK;
}

static struct gb_block *seal_block(struct replicated *chain, int64_t now_ns)
{
    size_t n = gb_pool_take(chain->pool, now_ns, chain->sealed);
    struct gb_block *block = calloc(1, sizeof *block);
    struct gb_transaction **transactions = malloc((n ? n : 1) * sizeof *transactions);

    assert(n > 0);
    if (!block || !transactions) {
        for (size_t i = 0; i < n; i++)
            gb_transaction_free(chain->sealed[i]);
        free(block);
        free(transactions);
        gb_fail(&chain->error, GB_ENOMEM, "no memory for a block of %zu transactions", n);
        return NULL;
    }
    memcpy(transactions, chain->sealed, n * sizeof *transactions);
    block->n_transactions = n;
    block->transactions = transactions;
    int64_t earliest = chain->parent_time_ns + GB_BLOCK_STEP_NS;
    block->header = (struct gb_header){.number = chain->turn_height,
                                       .parent = chain->parent_hash,
                                       .transactions_root = gb_transactions_root(transactions, n),
                                       .time_ns = now_ns > earliest ? now_ns : earliest,
                                       .sealer = chain->leader};
    block->proposal_hash = gb_header_hash(&block->header);
    if (chain->config.byzantine.corrupt)
        chain->config.byzantine.corrupt(chain->config.byzantine.context, block);
    return block;
}

static struct gb_hash execute_as(void *context, uint32_t node, uint64_t height,
                                 const struct gb_hash *proposal);

static void on_seal(const struct gb_event *event)
{
    struct replicated *chain = event->subject;
    uint64_t height = chain->turn_height;
    struct gb_hash result = {{0}};

    chain->seal_timer = 0;
    chain->has_turn = false;
    if (chain->error.status != GB_OK)
        return;
    struct gb_block *block =
        reserve_live(chain) == GB_OK ? seal_block(chain, event->time_ns) : NULL;
    if (!block)
        return;
    chain->last_sealed = height;
    struct live_block *live = live_at(chain, height);
    *live = (struct live_block){
        .block = block, .parent_hash = chain->parent_hash, .parent_time_ns = chain->parent_time_ns};
    live->statistics = (struct gb_block_statistics){.height = height,
                                                    .sealed_ns = event->time_ns,
                                                    .sealer = chain->leader,
                                                    .n_transactions = block->n_transactions};
    for (size_t i = 0; i < block->n_transactions; i++) {
        live->statistics.n_messages += block->transactions[i]->n_messages;
        live->statistics.n_bytes += block->transactions[i]->n_bytes;
    }
    chain->parent_hash = block->proposal_hash;
    chain->parent_time_ns = block->header.time_ns;
    chain->n_unstable += block->n_transactions;
    chain->totals.n_blocks++;
    chain->totals.n_transactions += block->n_transactions;
    chain->totals.n_bytes += live->statistics.n_bytes;
    if (chain->genesis->flow != GB_FLOW_FISCO3)
        result = execute_as(chain, chain->leader, height, &block->proposal_hash);
    if (chain->error.status == GB_OK)
        gb_pbft_propose(chain->pbft, chain->leader, height, &block->proposal_hash, &result);
}

/* ---- what a node does for the agreement */

/* Whatever `ledger verify` would refuse later; the same for all voters of a view, so the first to
 * ask has it found out for all. */
static bool is_sound(struct replicated *chain, struct live_block *live, uint64_t height)
{
    const struct gb_block_place place = {.genesis = chain->genesis,
                                         .number = height,
                                         .parent = live->parent_hash,
                                         .parent_time_ns = live->parent_time_ns,
                                         .view = gb_pbft_view(chain->pbft, height),
                                         .seen = chain->seen};

    if (!live->is_checked || live->view != place.view)
        live->is_checked =
            gb_block_find_fault(live->block, &place, &live->fault, &chain->error) == GB_OK;
    live->view = place.view;
    return live->is_checked && live->fault == GB_BLOCK_SOUND;
}

static bool is_acceptable(void *context, uint32_t node, uint64_t height,
                          const struct gb_hash *proposal)
{
    struct replicated *chain = context;
    struct live_block *live = live_at(chain, height);

    (void)node;
    return gb_hash_is_equal(&live->block->proposal_hash, proposal) &&
           is_sound(chain, live, height) &&
           !gb_block_is_ahead(live->block, gb_queue_now_ns(chain->queue));
}

/* Was a message after the first n of the block refused for a reason that passes? */
static bool may_be_signed_again(const struct gb_contracts *contracts, size_t n)
{
    const uint8_t *receipts;
    size_t n_receipts = gb_contracts_receipts(contracts, &receipts);

    for (; n < n_receipts; n++)
        if (gb_receipt_may_pass((enum gb_receipt)receipts[n]))
            return true;
    return false;
}

static enum gb_status execute_block(struct replicated *chain, struct live_block *live)
{
    struct gb_block *block = live->block;
    enum gb_status status = GB_OK;

    gb_contracts_begin_block(chain->contracts, &block->header);
    for (size_t i = 0, n = 0; i < block->n_transactions && status == GB_OK; i++) {
        size_t n_messages = block->transactions[i]->n_messages;

        status = gb_contracts_apply(chain->contracts, block->transactions[i], &chain->error);
        if (!may_be_signed_again(chain->contracts, n))
            block->transactions[i] = gb_transaction_forget_messages(block->transactions[i]);
        n += n_messages;
    }
    if (status == GB_OK)
        status = gb_contracts_end_block(chain->contracts, &block->results, &chain->error);
    if (status != GB_OK)
        return status;
    block->hash = gb_block_hash(&block->proposal_hash, &block->results);
    live->statistics.hash = block->hash;
    live->events = gb_contracts_take_events(chain->contracts);
    live->is_executed = true;
    chain->last_executed = block->header.number;
    return GB_OK;
}

static struct gb_hash execute_as(void *context, uint32_t node, uint64_t height,
                                 const struct gb_hash *proposal)
{
    struct replicated *chain = context;
    struct live_block *live = live_at(chain, height);

    (void)proposal;
    if (!live->is_executed && chain->error.status == GB_OK) {
        assert(height == chain->last_executed + 1);
        execute_block(chain, live);
    }
    struct gb_hash hash = live->block->hash;
    if (node == chain->config.wrong_executor)
        hash.bytes[0] ^= 0xff;
    return hash;
}

/* Adds what `node` weighs. returns true if that makes a quorum of what was none */
static bool completes_quorum(const struct replicated *chain, uint64_t *weight, uint32_t node)
{
    uint64_t before = *weight, quorum = gb_pbft_quorum_weight(chain->pbft);

    *weight += chain->genesis->weights[node];
    return before < quorum && *weight >= quorum;
}

static void on_committed(void *context, uint32_t node, uint64_t height)
{
    struct replicated *chain = context;
    struct live_block *live = live_at(chain, height);
    int64_t now_ns = gb_queue_now_ns(chain->queue);

    live->n_committed++;
    if (live->n_committed == 1) {
        live->statistics.commit_first_ns = now_ns;
        if (gb_seen_add(chain->seen, height, live->block->transactions,
                        live->block->n_transactions) != GB_OK)
            gb_fail(&chain->error, GB_ENOMEM, "no memory for the hashes of transactions");
    }
    if (completes_quorum(chain, &live->committed_weight, node))
        live->statistics.commit_quorum_ns = now_ns;
    live->statistics.commit_last_ns = now_ns;
}

/* The first node to have a block stable holds a certificate: it goes into the ledger with the
 * block. Signatures are made here, of those whose votes the node holds, and are the same bytes
 * as if each signer had made them when it voted. */
static enum gb_status certify(struct replicated *chain, uint32_t node, struct live_block *live)
{
    uint64_t height = live->block->header.number;
    uint32_t n = gb_pbft_signers(chain->pbft, node, height, chain->signers);
    enum gb_status status = gb_certificate_sign(
        live->block, chain->genesis, &chain->config.chain_id, gb_pbft_view(chain->pbft, height),
        chain->signers, n, chain->ring, &chain->error);

    return status == GB_OK ? gb_ledger_writer_append(chain->ledger, live->block, &chain->error)
                           : status;
}

static void finish_block(struct replicated *chain, struct live_block *live)
{
    chain->observer.finished(chain->observer.context, &live->statistics);
    chain->n_unstable -= live->block->n_transactions;
    gb_block_free(live->block);
    gb_events_clear(&live->events);
    *live = (struct live_block){0};
    while (chain->first_live <= chain->last_sealed && !live_at(chain, chain->first_live)->block)
        chain->first_live++;
    gb_contracts_acknowledge(chain->contracts, chain->first_live - 1);
}

static void on_stable(void *context, uint32_t node, uint64_t height)
{
    struct replicated *chain = context;
    struct live_block *live = live_at(chain, height);
    bool is_first = live->n_stable++ == 0;

    if (chain->error.status != GB_OK)
        return;
    if (is_first) {
        assert(height == chain->last_recorded + 1);
        chain->last_recorded = height;
        if (chain->ledger && certify(chain, node, live) != GB_OK)
            return;
    }
    if (completes_quorum(chain, &live->stable_weight, node))
        live->statistics.stable_quorum_ns = gb_queue_now_ns(chain->queue);
    chain->observer.stable(chain->observer.context, node, height, is_first, &live->events);
    if (live->n_stable == chain->n_nodes)
        finish_block(chain, live_at(chain, height));
}

/* ---- life */

static void replicated_free(void *state)
{
    struct replicated *chain = state;

    if (!chain)
        return;
    for (size_t i = 0; chain->live && i < chain->live_capacity; i++) {
        gb_block_free(chain->live[i].block);
        gb_events_clear(&chain->live[i].events);
    }
    free(chain->live);
    free(chain->sealed);
    free(chain->signers);
    gb_seen_free(chain->seen);
    gb_transit_clear(&chain->transit);
    gb_pool_free(chain->pool);
    gb_pbft_free(chain->pbft);
    gb_contracts_free(chain->contracts);
    free(chain);
}

static enum gb_status create_parts(struct replicated *chain, const struct gb_genesis *genesis,
                                   struct gb_error *err)
{
    const struct gb_chain_config *config = &chain->config;
    struct gb_pbft_config pbft = {.committee = gb_genesis_committee(genesis),
                                  .network = config->network};
    struct gb_pbft_host host = {.context = chain,
                                .turn = on_turn,
                                .is_acceptable = is_acceptable,
                                .execute = execute_as,
                                .committed = on_committed,
                                .stable = on_stable};
    enum gb_status status = gb_contracts_create(&chain->contracts, genesis, &config->chain_id, err);

    if (status == GB_OK)
        gb_contracts_acknowledge(chain->contracts, 0);
    if (status == GB_OK)
        status = gb_pool_create(&chain->pool, config->pool_limit, genesis->max_transactions,
                                genesis->max_bytes, config->network, err);
    if (status == GB_OK)
        status = gb_pbft_create(&chain->pbft, chain->queue, &pbft, &host, err);
    return status;
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
    enum gb_status status = GB_ENOMEM;

    if (!chain)
        return gb_fail(err, GB_ENOMEM, "no memory for the chain");
    chain->queue = queue;
    chain->config = *config;
    chain->observer = *observer;
    chain->genesis = genesis;
    chain->n_nodes = (uint32_t)genesis->n_validators;
    chain->ring = ring;
    chain->ledger = ledger;
    chain->backoff_key = gb_key_make(config->seed, config->replication, GB_PURPOSE_RETRY_BACKOFF);
    chain->first_live = 1;
    chain->parent_hash = config->chain_id;
    chain->parent_time_ns = INT64_MIN / 2;
    chain->live_capacity = 16;
    chain->live = calloc(chain->live_capacity, sizeof *chain->live);
    chain->sealed = malloc(genesis->max_transactions * sizeof *chain->sealed);
    chain->signers = malloc(chain->n_nodes * sizeof *chain->signers);
    chain->seen = gb_seen_create();
    if (!chain->live || !chain->sealed || !chain->signers || !chain->seen)
        gb_fail(err, GB_ENOMEM, "no memory for the chain");
    else
        status = create_parts(chain, genesis, err);
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

    assert(height >= chain->first_live && height <= chain->last_sealed);
    const struct live_block *live = &chain->live[height & (chain->live_capacity - 1)];
    assert(live->block && transaction < live->block->n_transactions);
    const struct gb_transaction *passed = live->block->transactions[transaction];
    return (struct gb_passage){.arrived_ns = passed->arrived_ns,
                               .sealed_ns = live->statistics.sealed_ns,
                               .time_ns = live->block->header.time_ns,
                               .transaction = passed};
}

static enum gb_whereabouts replicated_whereabouts(const void *state, gb_party sender, uint8_t kind,
                                                  uint64_t nonce)
{
    const struct replicated *chain = state;

    for (size_t i = 0; i < chain->transit.n_slots; i++) {
        const struct gb_transit_slot *s = &chain->transit.slots[i];
        if (s->transaction && gb_transaction_is_message(s->transaction, sender, kind, nonce))
            return s->arrived_ns == INT64_MAX ? GB_ON_ITS_LINK : GB_AT_A_POOL;
    }
    return gb_pool_holds(chain->pool, sender, kind, nonce) ? GB_AT_A_POOL : GB_IN_A_BLOCK;
}

static struct gb_chain_totals replicated_totals(const void *state)
{
    const struct replicated *chain = state;
    struct gb_chain_totals totals = chain->totals;
    struct gb_pbft_counts counts = gb_pbft_counts(chain->pbft);

    totals.n_messages = counts.preprepare + counts.prepare + counts.commit + counts.checkpoint;
    return totals;
}

static size_t replicated_n_pending(const void *state)
{
    const struct replicated *chain = state;

    return chain->transit.n_transactions + gb_pool_size(chain->pool) + chain->n_unstable;
}

static enum gb_status replicated_failure(const void *state, struct gb_error *err)
{
    const struct replicated *chain = state;

    if (chain->error.status != GB_OK)
        return gb_fail(err, chain->error.status, "%s", chain->error.text);
    return gb_pbft_status(chain->pbft, err);
}

const struct gb_protocol gb_protocol_pbft = {
    .name = "pbft",
    .summary = "gossip, pool, sealing, PBFT votes, execution and a ledger",
    .keeps_ledger = true,
    .create = replicated_create,
    .free = replicated_free,
    .submit = gb_ingress_submit,
    .contracts = replicated_contracts,
    .stable_height = replicated_stable_height,
    .passage = replicated_passage,
    .whereabouts = replicated_whereabouts,
    .totals = replicated_totals,
    .n_pending = replicated_n_pending,
    .failure = replicated_failure};
