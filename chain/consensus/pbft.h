/* PBFT at message level: every phase vote of every node to every other is a message with a
 * delay of its own, and every node counts its own quorums.
 *
 * It agrees on opaque 32-byte subjects; what a block is, how it is executed and signed is the
 * host's business, so that the same code serves the ledger, `gridbourse consensus` and the tests.
 * Flows (messages of a decision among n nodes):
 *   classic  PrePrepare, Prepare (the leader's PrePrepare counts as its own), Commit    2n(n-1)
 *   fisco2   PrePrepare, Prepare by all, Commit; executed before Prepare                (n-1)(2n+1)
 *   fisco3   PrePrepare, Prepare by all, Commit, then execution and Checkpoint          (n-1)(3n+1)
 * source  M. Castro, B. Liskov, OSDI 1999; FISCO BCOS 3 documentation of its PBFT */
#ifndef CHAIN_CONSENSUS_PBFT_H
#define CHAIN_CONSENSUS_PBFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "chain/network/network.h"
#include "chain/wire/hash.h"
#include "chain/wire/quorum.h"
#include "sim/event.h"

struct gb_pbft_config {
    struct gb_committee committee;    /* weights: copied */
    const struct gb_network *network; /* between them; borrowed, must outlive the pbft */
};

/* What a node's application does. `context` is handed back; no call may re-enter the pbft except
 * gb_pbft_propose from `turn`. */
struct gb_pbft_host {
    void *context;
    /* `node` leads `height` and has committed its parent: it may seal from now on. */
    void (*turn)(void *context, uint32_t node, uint64_t height);
    /* May `node` vote for it (header in order, parent known, time in bounds)? NULL: yes */
    bool (*is_acceptable)(void *context, uint32_t node, uint64_t height,
                          const struct gb_hash *proposal);
    /* The block hash that `node` computes by executing the proposal on its own state. */
    struct gb_hash (*execute)(void *context, uint32_t node, uint64_t height,
                              const struct gb_hash *proposal);
    /* A vote leaves `node`: sign it (NULL: nothing looks at signatures). Called once a vote,
     * however many it is sent to. The subject is what the phase agrees on: the proposal in `fisco3`
     * but for its Checkpoint, the block hash everywhere else. */
    void (*voted)(void *context, uint32_t node, enum gb_phase phase, uint64_t height, uint32_t view,
                  const struct gb_hash *subject);
    /* A node has a commit quorum / the flow's stable point: `classic` and `fisco2` on commit,
     * `fisco3` on a quorum of checkpoints equal to its own. Heights come in order at each node;
     * at one height and node the order is committed, execute (`fisco3`), stable, turn. A node whose
     * own result a quorum of checkpoints contradicts commits on but is never stable again; one that
     * refused what a quorum committed lags behind from then on. */
    void (*committed)(void *context, uint32_t node, uint64_t height);
    void (*stable)(void *context, uint32_t node, uint64_t height);
};

struct gb_pbft_counts { /* messages sent so far, between different nodes */
    uint64_t preprepare, prepare, commit, checkpoint;
};

struct gb_pbft; /* closed */

/* queue: borrowed, must outlive it. First height is 1, view 0. */
enum gb_status gb_pbft_create(struct gb_pbft **out, struct gb_queue *queue,
                              const struct gb_pbft_config *config, const struct gb_pbft_host *host,
                              struct gb_error *err);
void gb_pbft_free(struct gb_pbft *pbft);
/* Begins the first leader's turn (height 1) at the queue's present; as gb_pbft_propose, once the
 * queue has popped an event and so has a present. */
void gb_pbft_start(struct gb_pbft *pbft);
/* The leader of `height` proposes, now; it must have committed the parent and proposes once.
 * `result` is the block hash it claims: in `classic` and `fisco2` part of the PrePrepare, so that
 * no replica prepares what it computes otherwise; the leader is asked to execute like all others.
 * In `fisco3` it may be NULL. */
void gb_pbft_propose(struct gb_pbft *pbft, uint32_t node, uint64_t height,
                     const struct gb_hash *proposal, const struct gb_hash *result);

/* A vote in the name of `source` reaches `node` now, whichever node sent it and whatever it is for;
 * ignored at a height not in flight. For nodes that break the protocol: tests hold the oracle
 * against it. */
void gb_pbft_deliver(struct gb_pbft *pbft, uint32_t node, uint32_t source, enum gb_phase phase,
                     uint64_t height, const struct gb_hash *subject);

/* GB_OK; or why the pbft stands still since: GB_ENOMEM, or GB_EBROKEN when its safety oracle saw
 * two nodes commit, or hold stable, different subjects at one height, or two different prepare
 * certificates at one height and view. Ask after every run. */
enum gb_status gb_pbft_status(const struct gb_pbft *pbft, struct gb_error *err);

uint32_t gb_pbft_leader(const struct gb_pbft *pbft, uint64_t height);
uint32_t gb_pbft_view(const struct gb_pbft *pbft, uint64_t height);
/* The weight that is a quorum of these validators. */
uint64_t gb_pbft_quorum_weight(const struct gb_pbft *pbft);
struct gb_pbft_counts gb_pbft_counts(const struct gb_pbft *pbft);
uint64_t gb_pbft_stable_height(const struct gb_pbft *pbft, uint32_t node);
/* Signers whose votes of the certifying phase (checkpoint in `fisco3`, else commit) `node` holds
 * for a height stable there, ascending; at least a quorum. To be asked from `stable` on until that
 * height is stable at every node (after that: 0). signers: capacity for n_nodes; returns how many
 */
uint32_t gb_pbft_signers(const struct gb_pbft *pbft, uint32_t node, uint64_t height,
                         uint32_t *signers);

#endif
