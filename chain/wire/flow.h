/* The message flows of PBFT: in which phases validators agree on a block, and when it is executed.
 * The flows are a family (base/registry.h; flows.def lists them). A flow stands beside the wire
 * form because a verifier counts votes by it without running any consensus. */
#ifndef CHAIN_WIRE_FLOW_H
#define CHAIN_WIRE_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/registry.h"

enum gb_phase { /* of a vote; numbers of the wire form */
                GB_PHASE_PREPREPARE = 1,
                GB_PHASE_PREPARE = 2,
                GB_PHASE_COMMIT = 3,
                GB_PHASE_CHECKPOINT = 4
};

struct gb_flow {
    struct gb_member member;
    const char *formula;  /* messages of a decision among n validators, as gb_flow_messages() */
    bool leader_prepares; /* the leader sends Prepare, too; else its PrePrepare counts for one */
    /* Votes are for the proposal, which is executed once it is committed, and a quorum of
     * Checkpoints makes its result final. Else it is executed before Prepare, votes are for its
     * result, and the Commits make it final. */
    bool has_checkpoint;
};

#define GB_MEMBER(name) extern const struct gb_flow gb_flow_##name;
#include "chain/wire/flows.def"
#undef GB_MEMBER
extern const struct gb_family gb_flow_family;

/* The phase whose votes make a block's certificate. */
enum gb_phase gb_flow_certifying_phase(const struct gb_flow *flow);
/* Messages between the validators of a decision without faults: a PrePrepare to each, Prepare by
 * all or by all but the leader, Commit and, where there is one, Checkpoint by all.
 * n_nodes  at least 1 */
uint64_t gb_flow_messages(const struct gb_flow *flow, uint64_t n_nodes);

#endif
