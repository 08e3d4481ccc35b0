/* The protocol `ideal`: what is sent is executed at once, in the order in which it was sent, and
 * stable everywhere at that instant. The control against which the cost of consensus is measured.
 * Nothing is encoded, hashed or signed and no ledger is kept; the contracts are the same. */
#include "chain/node/chain.h"

#include <assert.h>
#include <stdlib.h>

#include "chain/node/transit.h"

struct ideal {
    struct gb_queue *queue;
    struct gb_contracts *contracts;
    struct gb_chain_observer observer;
    uint32_t n_nodes;
    uint64_t height;
    const struct gb_transaction *executing; /* what is sent meanwhile waits for an event of its
                                             * own; NULL between two */
    struct gb_transit transit;
    struct gb_chain_totals totals;
    struct gb_error error;
};

static void ideal_free(void *state)
{
    struct ideal *ideal = state;

    if (!ideal)
        return;
    gb_transit_clear(&ideal->transit);
    gb_contracts_free(ideal->contracts);
    free(ideal);
}

static enum gb_status ideal_create(void **state, struct gb_queue *queue,
                                   const struct gb_chain_config *config,
                                   const struct gb_genesis *genesis, const struct gb_keyring *ring,
                                   struct gb_ledger_writer *ledger,
                                   const struct gb_chain_observer *observer, struct gb_error *err)
{
    (void)config, (void)ring;
    if (ledger)
        return gb_fail(err, GB_ECONFIG, "the protocol 'ideal' keeps no ledger; use 'pbft'");
    struct ideal *ideal = calloc(1, sizeof *ideal);
    if (!ideal)
        return gb_fail(err, GB_ENOMEM, "no memory for the ideal chain");
    enum gb_status status = gb_contracts_create(&ideal->contracts, genesis, NULL, err);
    if (status != GB_OK) {
        free(ideal);
        return status;
    }
    ideal->queue = queue;
    ideal->observer = *observer;
    ideal->n_nodes = (uint32_t)genesis->n_validators;
    *state = ideal;
    return GB_OK;
}

static void execute(struct ideal *ideal, const struct gb_transaction *transaction)
{
    struct gb_header header = {.number = ideal->height + 1,
                               .time_ns = gb_queue_now_ns(ideal->queue)};
    struct gb_block_results results;

    gb_contracts_begin_block(ideal->contracts, &header);
    if (gb_contracts_apply(ideal->contracts, transaction, &ideal->error) != GB_OK ||
        gb_contracts_end_block(ideal->contracts, &results, &ideal->error) != GB_OK)
        return;
    ideal->executing = transaction;
    ideal->height++;
    ideal->totals.n_blocks++;
    ideal->totals.n_transactions++;
    for (uint32_t node = 0; node < ideal->n_nodes; node++)
        ideal->observer.stable(ideal->observer.context, node, ideal->height, node == 0,
                               gb_contracts_events(ideal->contracts));
    struct gb_block_statistics statistics = {.height = ideal->height,
                                             .sealed_ns = header.time_ns,
                                             .commit_first_ns = header.time_ns,
                                             .commit_quorum_ns = header.time_ns,
                                             .commit_last_ns = header.time_ns,
                                             .stable_quorum_ns = header.time_ns,
                                             .n_transactions = 1,
                                             .n_messages = transaction->n_messages};
    ideal->observer.finished(ideal->observer.context, &statistics);
    ideal->executing = NULL;
}

static enum gb_status ideal_failure(const void *state, struct gb_error *err)
{
    const struct ideal *ideal = state;

    if (ideal->error.status == GB_OK)
        return GB_OK;
    return gb_fail(err, ideal->error.status, "%s", ideal->error.text);
}

static void on_sent(const struct gb_event *event)
{
    struct ideal *ideal = event->subject;
    struct gb_transaction *transaction = gb_transit_take(&ideal->transit, event->a);

    gb_transit_release(&ideal->transit, event->a);
    if (ideal->error.status == GB_OK)
        execute(ideal, transaction);
    gb_transaction_free(transaction);
}

static enum gb_status ideal_submit(void *state, struct gb_transaction *transaction,
                                   uint32_t entry_node, int64_t sent_ns,
                                   const struct gb_route *route, struct gb_error *err)
{
    struct ideal *ideal = state;
    size_t slot;

    if (sent_ns == gb_queue_now_ns(ideal->queue) && !ideal->executing) {
        execute(ideal, transaction);
        gb_transaction_free(transaction);
        return ideal_failure(ideal, err);
    }
    enum gb_status status =
        gb_transit_add(&ideal->transit, transaction, route, entry_node, &slot, err);
    if (status != GB_OK) {
        gb_transaction_free(transaction);
        return status;
    }
    struct gb_event event = {.time_ns = sent_ns,
                             .action = on_sent,
                             .subject = ideal,
                             .a = slot,
                             .priority = GB_PRIORITY_TRANSACTION};
    if (!gb_queue_push(ideal->queue, &event))
        return gb_fail(err, GB_ENOMEM, "no memory for an event");
    gb_transit_hold(&ideal->transit, slot);
    return GB_OK;
}

static const struct gb_contracts *ideal_contracts(const void *state)
{
    return ((const struct ideal *)state)->contracts;
}

static uint64_t ideal_stable_height(const void *state, uint32_t node)
{
    (void)node;
    return ((const struct ideal *)state)->height;
}

static struct gb_passage ideal_passage(const void *state, uint64_t height, uint32_t transaction)
{
    const struct ideal *ideal = state;
    int64_t now_ns = gb_queue_now_ns(ideal->queue);

    (void)height;
    (void)transaction;
    assert(ideal->executing && height == ideal->height && transaction == 0);
    return (struct gb_passage){.arrived_ns = now_ns,
                               .sealed_ns = now_ns,
                               .time_ns = now_ns,
                               .transaction = ideal->executing};
}

/* Nothing is ever on its way. */
static enum gb_whereabouts ideal_whereabouts(const void *state, gb_party sender, uint8_t kind,
                                             uint64_t nonce)
{
    (void)state;
    (void)sender;
    (void)kind;
    (void)nonce;
    return GB_IN_A_BLOCK;
}

static struct gb_chain_totals ideal_totals(const void *state)
{
    return ((const struct ideal *)state)->totals;
}

/* Whatever is sent is stable at once. */
static struct gb_quiet ideal_quiet(const void *state)
{
    (void)state;
    return (struct gb_quiet){.until_ns = INT64_MIN};
}

static size_t ideal_n_pending(const void *state)
{
    return ((const struct ideal *)state)->transit.n_transactions;
}

const struct gb_protocol gb_protocol_ideal = {
    .member = {.name = "ideal",
               .summary = "commits at once and never fails; the control without consensus"},
    .keeps_ledger = false,
    .create = ideal_create,
    .free = ideal_free,
    .submit = ideal_submit,
    .contracts = ideal_contracts,
    .stable_height = ideal_stable_height,
    .passage = ideal_passage,
    .whereabouts = ideal_whereabouts,
    .totals = ideal_totals,
    .quiet = ideal_quiet,
    .n_pending = ideal_n_pending,
    .failure = ideal_failure};
