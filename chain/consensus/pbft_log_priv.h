/* The message log of the validators: the heights in flight and the votes that came in for them.
 *
 * A *vote set* holds equal votes: those of one phase and view for one subject at one height,
 * counted at every node for itself. A message is the number of its vote set and its two ends, so it
 * fits the two words of an event, and conflicting votes are simply votes in another set. A
 * PrePrepare is a vote set too: its subject is the proposal, its only voter the leader.
 * Heights live in a ring and are forgotten, memory kept, once no node needs them. */
#ifndef CHAIN_CONSENSUS_PBFT_LOG_PRIV_H
#define CHAIN_CONSENSUS_PBFT_LOG_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/wire/hash.h"
#include "chain/wire/quorum.h"

/* In place of the number of a vote set: there is none. */
enum { GB_NO_VOTE_SET = UINT16_MAX };

struct gb_vote_set {
    enum gb_phase phase;
    uint32_t view;
    struct gb_hash subject; /* what is voted for */
    struct gb_hash result;  /* PrePrepare only: the block hash the leader claims */
    bool is_prepared;       /* Prepare only: some node holds a quorum of it */
    uint64_t *tallies;      /* one a node: weight so far, then a bit a source; owned */
};

/* How far a replica is with a height; only ever forward. */
enum gb_stage {
    GB_STAGE_WAITING,  /* no PrePrepare looked at yet */
    GB_STAGE_REFUSED,  /* looked at, and found wrong */
    GB_STAGE_ACCEPTED, /* Prepare sent */
    GB_STAGE_PREPARED, /* Prepare quorum, Commit sent */
    GB_STAGE_COMMITTED /* Commit quorum; in `fisco3` executed, Checkpoint sent */
};

struct gb_instance {   /* a replica's state of the instance that decides one height */
    uint16_t stage;    /* enum gb_stage */
    uint16_t proposal; /* vote set of the PrePrepare it has, from its arrival on */
    uint16_t prepare, commit, checkpoint; /* vote sets it voted in, from then on */
};

struct gb_first_certificates { /* vote sets of the first certificates held anywhere */
    uint16_t committed, stable;
};

struct gb_height {
    uint64_t number; /* 0: free; the memory below stays for the next height */
    uint32_t view;   /* in which it was proposed */
    uint32_t n_done; /* nodes that need this height no more */
    uint16_t n_sets;
    size_t sets_capacity;
    struct gb_vote_set *sets;
    /* The log opens these blank and then leaves them to their writers. */
    struct gb_first_certificates first; /* pbft_safety.c */
    struct gb_instance *instances;      /* pbft_replica.c; one a node */
};

struct gb_pbft_log { /* written by pbft_log.c alone */
    uint32_t n_nodes;
    uint32_t *weights;
    uint64_t quorum;         /* by weight */
    size_t tally_words;      /* of a vote set, for one node */
    struct gb_height **ring; /* at number & (capacity - 1); a place may be NULL */
    size_t ring_capacity;    /* a power of two */
    uint64_t oldest, newest; /* heights in memory; none: newest < oldest */
    uint64_t *done;          /* a node: height up to which it needs no votes any more */
};

/* weights: one a node, or NULL: all 1; copied. false: no memory; clear it all the same */
bool gb_pbft_log_init(struct gb_pbft_log *log, uint32_t n_nodes, const uint32_t *weights);
void gb_pbft_log_clear(struct gb_pbft_log *log);

/* Opens the height after the newest. NULL: no memory */
struct gb_height *gb_pbft_log_open(struct gb_pbft_log *log);
/* `node` needs no votes of the heights up to there any more; forgets the heights that no node
 * needs. */
void gb_pbft_log_set_done(struct gb_pbft_log *log, uint32_t node, uint64_t up_to);

/* A height in memory, or NULL: forgotten, or not proposed yet. */
static inline struct gb_height *gb_pbft_log_at(const struct gb_pbft_log *log, uint64_t number)
{
    struct gb_height *height = log->ring[number & (log->ring_capacity - 1)];

    return height && height->number == number ? height : NULL;
}

/* The set of these equal votes, new if there is none. GB_NO_VOTE_SET: no memory */
uint16_t gb_vote_set_open(const struct gb_pbft_log *log, struct gb_height *height,
                          enum gb_phase phase, const struct gb_hash *subject);
void gb_vote_set_claim_result(struct gb_height *height, uint16_t set, const struct gb_hash *result);
void gb_vote_set_mark_prepared(struct gb_height *height, uint16_t set);

/* The votes of a set that `node` counted: [0] is their weight, then a bit a source. */
static inline uint64_t *gb_vote_set_tally(const struct gb_pbft_log *log,
                                          const struct gb_height *height, uint16_t set,
                                          uint32_t node)
{
    return height->sets[set].tallies + node * log->tally_words;
}

/* Do the votes of a set that `node` counted weigh a quorum? */
static inline bool gb_vote_set_has_quorum(const struct gb_pbft_log *log,
                                          const struct gb_height *height, uint16_t set,
                                          uint32_t node)
{
    return gb_vote_set_tally(log, height, set, node)[0] >= log->quorum;
}

/* Counts the vote of `source` at `node`. returns false if it was counted before */
static inline bool gb_vote_set_count(const struct gb_pbft_log *log, const struct gb_height *height,
                                     uint16_t set, uint32_t node, uint32_t source)
{
    uint64_t *tally = gb_vote_set_tally(log, height, set, node);
    uint64_t *word = &tally[1 + source / 64], bit = UINT64_C(1) << source % 64;

    if (*word & bit)
        return false;
    *word |= bit;
    tally[0] += log->weights[source];
    return true;
}

/* Does `node` hold a quorum of this phase for something else than the vote set `own`? */
bool gb_vote_set_quorum_elsewhere(const struct gb_pbft_log *log, const struct gb_height *height,
                                  enum gb_phase phase, uint16_t own, uint32_t node);
/* Whose votes of a set `node` counted, ascending. signers: capacity for n_nodes; returns how many
 */
uint32_t gb_vote_set_signers(const struct gb_pbft_log *log, const struct gb_height *height,
                             uint16_t set, uint32_t node, uint32_t *signers);

#endif
