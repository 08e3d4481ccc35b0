/* Live blocks: sealed, and not yet stable at every node. A ring indexed by height, with what has
 * come of each: whether it is valid, its execution, how many nodes have it committed and stable.
 * Honest nodes share one execution of a block, for they compute the same from the same parent
 * state; the contracts therefore execute each height once, when the first node needs it. */
#ifndef CHAIN_NODE_LIVE_BLOCKS_H
#define CHAIN_NODE_LIVE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/contracts/contracts.h"
#include "chain/ledger/validity.h"
#include "chain/node/chain.h"
#include "chain/node/sealer.h"

struct gb_live_block {
    struct gb_sealed sealed; /* block: NULL in a free place */
    bool is_checked;         /* in `view`, and what came of it */
    uint32_t view;
    enum gb_block_fault fault;
    bool is_executed;
    struct gb_events events;        /* of its execution */
    uint32_t n_committed, n_stable; /* nodes, and what they weigh */
    uint64_t committed_weight, stable_weight;
    struct gb_block_statistics statistics;
};

struct gb_live_blocks; /* closed */

/* Borrows all of it.
 * quorum   by weight
 * failure  of the whole chain: written on failure
 * returns NULL when out of memory */
struct gb_live_blocks *gb_live_blocks_create(const struct gb_genesis *genesis,
                                             struct gb_contracts *contracts, uint64_t quorum,
                                             struct gb_error *failure);
void gb_live_blocks_free(struct gb_live_blocks *live); /* with the blocks */

/* Takes the block; false: no memory */
bool gb_live_blocks_add(struct gb_live_blocks *live, const struct gb_sealed *sealed);
/* A live height (asserted). Borrowed until the next call but those that look. */
const struct gb_live_block *gb_live_blocks_at(const struct gb_live_blocks *live, uint64_t height);

/* Whatever `ledger verify` would refuse later; the same for all voters of a view, so the first to
 * ask has it found out for all. */
bool gb_live_blocks_is_sound(struct gb_live_blocks *live, uint64_t height, uint32_t view);
/* The block's hash by execution; heights come in order. */
struct gb_hash gb_live_blocks_execute(struct gb_live_blocks *live, uint64_t height);
/* `node` has committed the height, or has it stable, now. */
void gb_live_blocks_commit(struct gb_live_blocks *live, uint32_t node, uint64_t height,
                           int64_t now_ns);
void gb_live_blocks_stabilize(struct gb_live_blocks *live, uint32_t node, uint64_t height,
                              int64_t now_ns);
/* The height is stable everywhere: frees its block. */
void gb_live_blocks_finish(struct gb_live_blocks *live, uint64_t height);

size_t gb_live_blocks_n_transactions(const struct gb_live_blocks *live);
struct gb_chain_totals gb_live_blocks_totals(const struct gb_live_blocks *live); /* of blocks */

#endif
