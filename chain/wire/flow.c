/* The family of flows, and what follows from the properties of one. */
#include "chain/wire/flow.h"

#define GB_MEMBER(name) &gb_flow_##name.member,
static const struct gb_member *const members[] = {
#include "chain/wire/flows.def"
    NULL};
#undef GB_MEMBER

const struct gb_family gb_flow_family = {.name = "flow", .members = members};

enum gb_phase gb_flow_certifying_phase(const struct gb_flow *flow)
{
    return flow->has_checkpoint ? GB_PHASE_CHECKPOINT : GB_PHASE_COMMIT;
}

uint64_t gb_flow_messages(const struct gb_flow *flow, uint64_t n_nodes)
{
    uint64_t prepare = flow->leader_prepares ? n_nodes : n_nodes - 1;
    uint64_t checkpoint = flow->has_checkpoint ? n_nodes : 0;

    return (n_nodes - 1) * (1 + prepare + n_nodes + checkpoint);
}
