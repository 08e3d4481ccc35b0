/* The sealer: makes the block of the leader whose turn it is. It seals at once when a full block
 * waits in the pool, else min_seal after the turn began if anything waits, never an empty block. */
#ifndef CHAIN_NODE_SEALER_H
#define CHAIN_NODE_SEALER_H

#include <stdint.h>

#include "chain/node/chain.h"
#include "chain/node/pool.h"

struct gb_sealer; /* closed */

struct gb_sealed {
    uint64_t height;
    uint32_t leader;
    struct gb_block *block;     /* hashed, but not executed; the host owns it */
    struct gb_hash parent_hash; /* of the parent, which may be finished before the last */
    int64_t parent_time_ns;     /* voter holds the block against it */
    int64_t sealed_ns;
};

/* Who is handed each block, at the moment of its sealing. */
struct gb_sealer_host {
    void *context;
    void (*sealed)(void *context, const struct gb_sealed *sealed);
};

/* Everything but the host and the config's values is borrowed and must outlive it.
 * max_transactions  of a block
 * failure           of the whole chain: written on failure, and nothing is done once it is set
 * returns NULL when out of memory */
struct gb_sealer *gb_sealer_create(struct gb_queue *queue, const struct gb_chain_config *config,
                                   uint32_t max_transactions, struct gb_pool *pool,
                                   const struct gb_sealer_host *host, struct gb_error *failure);
void gb_sealer_free(struct gb_sealer *sealer);

/* `leader` may seal `height` from now on; the turn before is over. */
void gb_sealer_begin_turn(struct gb_sealer *sealer, uint32_t leader, uint64_t height);
/* Before when it makes no block, as long as none is full; INT64_MAX: not in this turn. */
int64_t gb_sealer_earliest_ns(const struct gb_sealer *sealer);
/* The pool has grown: when does the present leader seal? */
void gb_sealer_plan(struct gb_sealer *sealer);

#endif
