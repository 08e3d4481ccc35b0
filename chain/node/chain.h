/* The chain as the rest of the program sees it: a transaction is sent towards an entry node and,
 * some simulated time later, stands in a block that is stable at each node. How it gets there is
 * a *protocol*, a member of a family (base/registry.h): `pbft` (gossip, pool, sealing,
 * PBFT, execution, ledger) or `ideal` (commits at once and never fails; a control, it keeps no
 * ledger). */
#ifndef CHAIN_NODE_CHAIN_H
#define CHAIN_NODE_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/draws.h"
#include "base/registry.h"
#include "chain/consensus/pbft.h"
#include "chain/contracts/contracts.h"
#include "chain/ledger/ledger.h"
#include "chain/network/network.h"
#include "chain/wire/block.h"
#include "chain/wire/genesis.h"
#include "chain/wire/keys.h"
#include "chain/wire/transaction.h"
#include "sim/event.h"

#define GB_NO_NODE UINT32_MAX

/* Tests: what a Byzantine leader makes of a sealed block before it proposes it. NULL: nothing. */
struct gb_byzantine {
    void (*corrupt)(void *context, struct gb_block *block);
    void *context;
};

/* What the genesis, which says how the validators agree, leaves to the nodes and their links. */
struct gb_chain_config {
    const struct gb_network *network; /* borrowed; not used by `ideal` */
    int64_t min_seal_ns;     /* after so long a leader seals what waits, if it is no full block */
    uint32_t pool_limit;     /* transactions that wait; beyond it the pool refuses */
    struct gb_hash chain_id; /* of the sealed genesis; not used by `ideal` */
    int64_t start_ns;        /* when the clock starts and the first leader's turn begins */
    struct gb_draws draws;
    uint32_t wrong_executor; /* tests: this node computes a wrong block hash; GB_NO_NODE */
    struct gb_byzantine byzantine;
};

/* What is known of a block's transaction until the block is stable everywhere. */
struct gb_passage {
    int64_t arrived_ns;         /* when it first reached an entry node, accepted or not */
    int64_t sealed_ns, time_ns; /* when its block was, and the block's time */
    /* Its messages are there (not NULL) if one of them was refused for a reason that passes
     * (gb_receipt_may_pass); borrowed until the observer returns. */
    const struct gb_transaction *transaction;
};

/* Where a transaction is that was sent. */
enum gb_whereabouts {
    GB_ON_ITS_LINK, /* it has reached no node */
    GB_AT_A_POOL,   /* refused by a full one, or waiting in one */
    GB_IN_A_BLOCK
};

/* One row a block; times in ns of simulated time. */
struct gb_block_statistics {
    uint64_t height;
    struct gb_hash hash;
    int64_t sealed_ns, commit_first_ns, commit_quorum_ns, commit_last_ns, stable_quorum_ns;
    uint32_t sealer;
    size_t n_transactions, n_messages, n_bytes;
};

/* What the chain reports to its owner. The owner may submit from within: what comes of it is
 * reported after the call has returned, never inside of it. */
struct gb_chain_observer {
    void *context;
    /* `height` is now stable at `node`; its events, in execution order, are borrowed for the call.
     * is_first: no other node had it stable before. Heights come in order at each node. */
    void (*stable)(void *context, uint32_t node, uint64_t height, bool is_first,
                   const struct gb_events *events);
    /* A block is stable everywhere. */
    void (*finished)(void *context, const struct gb_block_statistics *block);
    /* Refused by full pools until its deadline: it will never stand on the ledger. Borrowed
     * for the call. */
    void (*given_up)(void *context, const struct gb_transaction *transaction);
};

struct gb_chain_totals {
    uint64_t n_blocks, n_transactions, n_bytes; /* n_bytes: of blocks */
    uint64_t n_messages;                        /* consensus votes between nodes */
    uint64_t n_refused, n_resent;               /* full pools; insistent repeats */
};

/* So far ahead it is certain that no block becomes stable at any node, but for what the votes do
 * that are on their way (events of GB_PRIORITY_MESSAGE), whatever is sent meanwhile: as long as no
 * more than so many transactions reach a pool. */
struct gb_quiet {
    int64_t until_ns;
    size_t n_transactions;
};

struct gb_protocol {
    struct gb_member member;
    bool keeps_ledger;
    enum gb_status (*create)(void **state, struct gb_queue *queue,
                             const struct gb_chain_config *config, const struct gb_genesis *genesis,
                             const struct gb_keyring *ring, struct gb_ledger_writer *ledger,
                             const struct gb_chain_observer *observer, struct gb_error *err);
    void (*free)(void *state);
    /* Takes the transaction (also on failure), which is sealed here and sent at sent_ns, now or
     * later. */
    enum gb_status (*submit)(void *state, struct gb_transaction *transaction, uint32_t entry_node,
                             int64_t sent_ns, const struct gb_route *route, struct gb_error *err);
    const struct gb_contracts *(*contracts)(const void *state);
    uint64_t (*stable_height)(const void *state, uint32_t node);
    struct gb_chain_totals (*totals)(const void *state);
    /* Of a transaction in a block that is not stable everywhere yet (asserted). */
    struct gb_passage (*passage)(const void *state, uint64_t height, uint32_t transaction);
    /* Of a message that travels alone; looks through everything on its way. */
    enum gb_whereabouts (*whereabouts)(const void *state, gb_party sender, uint8_t kind,
                                       uint64_t nonce);
    struct gb_quiet (*quiet)(const void *state);
    /* Transactions still on their way; 0 when everything sent has become stable everywhere. */
    size_t (*n_pending)(const void *state);
    /* The first failure inside an event, or GB_OK. */
    enum gb_status (*failure)(const void *state, struct gb_error *err);
};

#define GB_MEMBER(name) extern const struct gb_protocol gb_protocol_##name;
#include "chain/node/protocols.def"
#undef GB_MEMBER
extern const struct gb_family gb_protocol_family;

#endif
