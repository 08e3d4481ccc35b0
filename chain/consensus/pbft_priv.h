/* What the files of the consensus share: replicas that work on one message log, watched by checks
 * of safety. */
#ifndef CHAIN_CONSENSUS_PBFT_PRIV_H
#define CHAIN_CONSENSUS_PBFT_PRIV_H

#include "chain/consensus/pbft.h"
#include "chain/consensus/pbft_log_priv.h"

struct gb_replica {             /* a replica across heights */
    uint64_t committed, stable; /* heights; both in order, stable <= committed */
    bool is_diverged;           /* a quorum signed results other than its own */
    bool is_lagging;            /* a quorum committed what it refused */
};

struct gb_pbft {
    struct gb_queue *queue; /* borrowed */
    struct gb_pbft_config config;
    struct gb_pbft_host host;
    struct gb_pbft_log log;      /* pbft_log.c writes it */
    struct gb_replica *replicas; /* these three are written by pbft_replica.c */
    struct gb_pbft_counts counts;
    bool is_busy;            /* inside a replica's progress: no second walk below it */
    struct gb_error failure; /* GB_OK, or why the pbft stands still */
};

/* Has it met a failure? Nothing is done from then on. */
static inline bool gb_pbft_is_failed(const struct gb_pbft *pbft)
{
    return pbft->failure.status != GB_OK;
}

/* As gb_pbft_view and gb_pbft_leader. */
static inline uint32_t gb_pbft_view_of(const struct gb_pbft *pbft, uint64_t number)
{
    const struct gb_height *height = gb_pbft_log_at(&pbft->log, number);

    return height ? height->view : 0;
}

static inline uint32_t gb_pbft_leader_of(const struct gb_pbft *pbft, uint64_t number)
{
    return gb_committee_leader(&pbft->config.committee, number, gb_pbft_view_of(pbft, number));
}

/* ---- pbft_replica.c: what a replica does with what it receives */

/* false: no memory */
bool gb_replicas_create(struct gb_pbft *pbft);
/* The leader `node` opens the height and proposes; result as in gb_pbft_propose. */
void gb_replica_propose(struct gb_pbft *pbft, uint32_t node, const struct gb_hash *proposal,
                        const struct gb_hash *result);
/* A vote of `source` has come to `node`. */
void gb_replica_receive(struct gb_pbft *pbft, struct gb_height *height, uint16_t set,
                        uint32_t source, uint32_t node);
/* The set of these equal votes; GB_NO_VOTE_SET: no memory, and pbft->failure says so. */
uint16_t gb_replica_open_vote_set(struct gb_pbft *pbft, struct gb_height *height,
                                  enum gb_phase phase, const struct gb_hash *subject);

/* ---- pbft_safety.c: what no two replicas may hold; violations are GB_EBROKEN in `failure` */

/* `node` holds a commit certificate / has become stable by a certificate. */
void gb_safety_check_committed(struct gb_height *height, uint16_t set, uint32_t node,
                               struct gb_error *failure);
void gb_safety_check_stable(struct gb_height *height, uint16_t set, uint32_t node,
                            struct gb_error *failure);
/* The same for prepare certificates, which may differ from view to view but not within one.
 * Any replica that holds one is looked at, whatever it voted for itself. */
void gb_safety_check_prepared(struct gb_height *height, uint16_t set, uint32_t node,
                              struct gb_error *failure);
/* A quorum has come together at a node, for whatever the node itself is for. */
void gb_safety_check_quorum(struct gb_height *height, uint16_t set, uint32_t node,
                            struct gb_error *failure);

#endif
