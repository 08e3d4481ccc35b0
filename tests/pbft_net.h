/* A network of validators for tests: leaders propose at once when their turn comes, some nodes may
 * execute wrongly or refuse, and what is seen is kept. */
#ifndef TESTS_PBFT_NET_H
#define TESTS_PBFT_NET_H

#include "chain/consensus/pbft.h"

enum { MAX_NODES = 128, MAX_HEIGHTS = 512 };

struct net {
    struct gb_pbft_config config;
    struct gb_network network;
    uint64_t last;                /* height to propose up to */
    uint64_t byzantine, refusers; /* bit a node: executes wrongly; accepts nothing */
    bool twice;                   /* deliver every message twice */
    bool forged;            /* what 3 sends to 5 arrives there in the name of every other node */
    uint64_t forged_height; /* here 5 receives votes of all others for something else, */
    enum gb_phase forged_phase; /* in this phase */
    /* what was seen */
    struct gb_queue *queue;
    struct gb_pbft *pbft;
    uint64_t committed[MAX_NODES], stable[MAX_NODES];
    int64_t accepted_ns[MAX_NODES]; /* when a node last looked at a proposal */
    int64_t commit_ns[MAX_NODES][MAX_HEIGHTS];
    uint64_t n_out_of_order, n_bad_signers, n_late_proposals, n_stable_after_next_commit;
    uint64_t n_votes, fingerprint;
    uint64_t newest; /* height of the last turn */
};

/* Begin as {0}; prepare clears what was there, run goes on until no message is left and expects the
 * run to be well (or, if anything is forged, to be reported as broken). Too large for a stack. */
void net_prepare(struct net *net, const struct gb_flow *flow, uint32_t n_nodes,
                 struct gb_delay link, uint64_t seed);
void net_run(struct net *net);
void net_clear(struct net *net);
/* Expects that it is not known any more who signed the heights up to there: all are forgotten. */
void net_expect_forgotten(const struct net *net, uint32_t node, uint64_t up_to);

extern const struct gb_delay net_constant, net_exponential, net_heavy; /* 100 ms in the mean */

#endif
