/* What a quorum certificate is made of: the committee that votes in the phases of its flow, and the
 * weight that is a quorum. They stand beside the wire form because a verifier counts votes by them
 * without running any consensus. */
#ifndef CHAIN_WIRE_QUORUM_H
#define CHAIN_WIRE_QUORUM_H

#include <stdint.h>

#include "base/status.h"
#include "chain/wire/flow.h"

#define GB_VALIDATORS_MAX 1024

/* The validators of a chain and how they agree. */
struct gb_committee {
    const struct gb_flow *flow; /* borrowed */
    uint32_t n_nodes;           /* 1 to GB_VALIDATORS_MAX */
    const uint32_t *weights;    /* one a node, each at least 1; NULL: all 1; borrowed */
    uint32_t leader_period;     /* heights a leader serves, at least 1 */
};

/* GB_OK, or GB_ECONFIG with the reason. */
enum gb_status gb_committee_check(const struct gb_committee *committee, struct gb_error *err);
/* Who leads a height in a view: leaders serve in turn, and each view goes on to the next. */
uint32_t gb_committee_leader(const struct gb_committee *committee, uint64_t height, uint32_t view);

/* The one rule of a quorum: W - floor((W - 1) / 3) of a total weight W > 0, n - f where all weigh
 * 1. */
uint64_t gb_weight_quorum(uint64_t total);

#endif
