#include "chain/node/live_blocks.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 16 };

struct gb_live_blocks {
    const struct gb_genesis *genesis;
    struct gb_contracts *contracts;
    uint64_t quorum;
    struct gb_error *failure;
    struct gb_seen *seen; /* transactions of committed blocks */
    struct gb_live_block *blocks;
    size_t capacity;                  /* a power of two */
    uint64_t first_live, last_sealed; /* heights; none live when first_live > last_sealed */
    uint64_t last_executed;
    size_t n_transactions; /* in live blocks */
    struct gb_chain_totals totals;
};

struct gb_live_blocks *gb_live_blocks_create(const struct gb_genesis *genesis,
                                             struct gb_contracts *contracts, uint64_t quorum,
                                             struct gb_error *failure)
{
    struct gb_live_blocks *live = calloc(1, sizeof *live);

    if (!live)
        return NULL;
    *live = (struct gb_live_blocks){
        .genesis = genesis,
        .contracts = contracts,
        .quorum = quorum,
        .failure = failure,
        .seen = gb_seen_create(),
        .blocks = calloc(FIRST_CAPACITY, sizeof *live->blocks),
        .capacity = FIRST_CAPACITY,
        .first_live = 1,
    };
    if (!live->seen || !live->blocks) {
        gb_live_blocks_free(live);
        return NULL;
    }
    return live;
}

void gb_live_blocks_free(struct gb_live_blocks *live)
{
    if (!live)
        return;
    for (size_t i = 0; live->blocks && i < live->capacity; i++) {
        gb_block_free(live->blocks[i].sealed.block);
        gb_events_clear(&live->blocks[i].events);
    }
    free(live->blocks);
    gb_seen_free(live->seen);
    free(live);
}

static struct gb_live_block *live_at(const struct gb_live_blocks *live, uint64_t height)
{
    assert(height >= live->first_live && height <= live->last_sealed);
    return &live->blocks[height & (live->capacity - 1)];
}

const struct gb_live_block *gb_live_blocks_at(const struct gb_live_blocks *live, uint64_t height)
{
    return live_at(live, height);
}

static bool reserve(struct gb_live_blocks *live)
{
    size_t n_live = live->last_sealed + 1 - live->first_live;

    if (n_live < live->capacity)
        return true;
    size_t capacity = 2 * live->capacity;
    struct gb_live_block *grown = calloc(capacity, sizeof *grown);
    if (!grown) {
        gb_fail(live->failure, GB_ENOMEM, "no memory for %zu live blocks", capacity);
        return false;
    }
    for (uint64_t h = live->first_live; h <= live->last_sealed; h++)
        grown[h & (capacity - 1)] = *live_at(live, h);
    free(live->blocks);
    live->blocks = grown;
    live->capacity = capacity;
    return true;
}

bool gb_live_blocks_add(struct gb_live_blocks *live, const struct gb_sealed *sealed)
{
    const struct gb_block *block = sealed->block;

    if (!reserve(live)) {
        gb_block_free(sealed->block);
        return false;
    }
    assert(sealed->height == live->last_sealed + 1);
    live->last_sealed = sealed->height;
    struct gb_live_block *at = live_at(live, sealed->height);
    *at = (struct gb_live_block){.sealed = *sealed,
                                 .statistics = {.height = sealed->height,
                                                .sealed_ns = sealed->sealed_ns,
                                                .sealer = sealed->leader,
                                                .n_transactions = block->n_transactions}};
    for (size_t i = 0; i < block->n_transactions; i++) {
        at->statistics.n_messages += block->transactions[i]->n_messages;
        at->statistics.n_bytes += block->transactions[i]->n_bytes;
    }
    live->n_transactions += block->n_transactions;
    live->totals.n_blocks++;
    live->totals.n_transactions += block->n_transactions;
    live->totals.n_bytes += at->statistics.n_bytes;
    return true;
}

bool gb_live_blocks_is_sound(struct gb_live_blocks *live, uint64_t height, uint32_t view)
{
    struct gb_live_block *at = live_at(live, height);
    const struct gb_block_place place = {.genesis = live->genesis,
                                         .number = height,
                                         .parent = at->sealed.parent_hash,
                                         .parent_time_ns = at->sealed.parent_time_ns,
                                         .view = view,
                                         .seen = live->seen};

    if (!at->is_checked || at->view != place.view)
        at->is_checked =
            gb_block_find_fault(at->sealed.block, &place, &at->fault, live->failure) == GB_OK;
    at->view = place.view;
    return at->is_checked && at->fault == GB_BLOCK_SOUND;
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

static enum gb_status execute_block(struct gb_live_blocks *live, struct gb_live_block *at)
{
    struct gb_block *block = at->sealed.block;
    struct gb_block_results results;
    enum gb_status status = GB_OK;

    gb_contracts_begin_block(live->contracts, &block->header);
    for (size_t i = 0, n = 0; i < block->n_transactions && status == GB_OK; i++) {
        size_t n_messages = block->transactions[i]->n_messages;

        status = gb_contracts_apply(live->contracts, block->transactions[i], live->failure);
        if (!may_be_signed_again(live->contracts, n))
            gb_block_forget_messages(block, i);
        n += n_messages;
    }
    if (status == GB_OK)
        status = gb_contracts_end_block(live->contracts, &results, live->failure);
    if (status != GB_OK)
        return status;
    gb_block_set_results(block, &results);
    at->statistics.hash = block->hash;
    at->events = gb_contracts_take_events(live->contracts);
    at->is_executed = true;
    live->last_executed = block->header.number;
    return GB_OK;
}

struct gb_hash gb_live_blocks_execute(struct gb_live_blocks *live, uint64_t height)
{
    struct gb_live_block *at = live_at(live, height);

    if (!at->is_executed && live->failure->status == GB_OK) {
        assert(height == live->last_executed + 1);
        execute_block(live, at);
    }
    return at->sealed.block->hash;
}

/* Adds what `node` weighs. returns true if that makes a quorum of what was none */
static bool completes_quorum(const struct gb_live_blocks *live, uint64_t *weight, uint32_t node)
{
    uint64_t before = *weight, quorum = live->quorum;

    *weight += live->genesis->weights[node];
    return before < quorum && *weight >= quorum;
}

void gb_live_blocks_commit(struct gb_live_blocks *live, uint32_t node, uint64_t height,
                           int64_t now_ns)
{
    struct gb_live_block *at = live_at(live, height);
    const struct gb_block *block = at->sealed.block;

    at->n_committed++;
    if (at->n_committed == 1) {
        at->statistics.commit_first_ns = now_ns;
        if (gb_seen_add(live->seen, height, block->transactions, block->n_transactions) != GB_OK)
            gb_fail(live->failure, GB_ENOMEM, "no memory for the hashes of transactions");
    }
    if (completes_quorum(live, &at->committed_weight, node))
        at->statistics.commit_quorum_ns = now_ns;
    at->statistics.commit_last_ns = now_ns;
}

void gb_live_blocks_stabilize(struct gb_live_blocks *live, uint32_t node, uint64_t height,
                              int64_t now_ns)
{
    struct gb_live_block *at = live_at(live, height);

    at->n_stable++;
    if (completes_quorum(live, &at->stable_weight, node))
        at->statistics.stable_quorum_ns = now_ns;
}

void gb_live_blocks_finish(struct gb_live_blocks *live, uint64_t height)
{
    struct gb_live_block *at = live_at(live, height);

    live->n_transactions -= at->sealed.block->n_transactions;
    gb_block_free(at->sealed.block);
    gb_events_clear(&at->events);
    *at = (struct gb_live_block){0};
    while (live->first_live <= live->last_sealed && !live_at(live, live->first_live)->sealed.block)
        live->first_live++;
    gb_contracts_acknowledge(live->contracts, live->first_live - 1);
}

size_t gb_live_blocks_n_transactions(const struct gb_live_blocks *live)
{
    return live->n_transactions;
}

struct gb_chain_totals gb_live_blocks_totals(const struct gb_live_blocks *live)
{
    return live->totals;
}
