/* What the two halves of the protocol `pbft` share: ingress.c brings transactions from clients
 * into the pool, replicated.c makes blocks of them. */
#ifndef CHAIN_NODE_REPLICATED_PRIV_H
#define CHAIN_NODE_REPLICATED_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/ledger/validity.h"
#include "chain/node/chain.h"
#include "chain/node/pool.h"
#include "chain/node/transit.h"

struct live_block { /* sealed, and not yet stable at every node */
    struct gb_block *block;
    struct gb_hash parent_hash; /* of the parent, which may be finished before the last */
    int64_t parent_time_ns;     /* voter holds this block against it */
    bool is_checked;            /* in `view`, and what came of it */
    uint32_t view;
    enum gb_block_fault fault;
    bool is_executed;
    struct gb_events events;        /* of its execution */
    uint32_t n_committed, n_stable; /* nodes, and what they weigh */
    uint64_t committed_weight, stable_weight;
    struct gb_block_statistics statistics;
};

struct replicated {
    struct gb_queue *queue;
    struct gb_chain_config config;
    uint32_t n_nodes;
    struct gb_chain_observer observer;
    const struct gb_genesis *genesis; /* borrowed, like the ring */
    const struct gb_keyring *ring;
    struct gb_ledger_writer *ledger; /* NULL: none is kept */
    struct gb_contracts *contracts;
    struct gb_pbft *pbft;
    struct gb_pool *pool;
    struct gb_seen *seen; /* transactions of committed blocks */
    struct gb_transit transit;
    struct gb_key backoff_key;
    /* the present turn */
    bool has_turn;
    uint32_t leader;
    uint64_t turn_height;
    int64_t turn_began_ns;
    gb_event_handle seal_timer;     /* 0: none */
    struct gb_transaction **sealed; /* scratch: max_transactions */
    uint32_t *signers;              /* scratch: n_nodes */
    /* live blocks: a ring indexed by height */
    struct live_block *live;
    size_t live_capacity;                  /* a power of two */
    uint64_t first_live, last_sealed;      /* heights; none live when first_live > last_sealed */
    uint64_t last_executed, last_recorded; /* recorded: certificate made, in the ledger */
    struct gb_hash parent_hash;            /* proposal hash of last_sealed */
    int64_t parent_time_ns;
    size_t n_unstable; /* transactions in live blocks */
    struct gb_chain_totals totals;
    struct gb_error error;
};

/* ingress.c: the protocol's submit (chain/node/chain.h). */
enum gb_status gb_ingress_submit(void *state, struct gb_transaction *transaction,
                                 uint32_t entry_node, int64_t sent_ns, const struct gb_route *route,
                                 struct gb_error *err);
/* replicated.c: the pool has grown; when does the present leader seal? */
void gb_replicated_plan_seal(struct replicated *chain);

#endif
