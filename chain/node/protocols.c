/* The family of protocols. */
#include "chain/node/chain.h"

#define GB_MEMBER(name) &gb_protocol_##name.member,
static const struct gb_member *const members[] = {
#include "chain/node/protocols.def"
    NULL};
#undef GB_MEMBER

const struct gb_family gb_protocol_family = {.name = "protocol", .members = members};
