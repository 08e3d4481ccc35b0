/* The family of providers of physics. */
#include "models/assets/physics.h"

#define GB_MEMBER(name) &gb_physics_##name.member,
static const struct gb_member *const members[] = {
#include "models/assets/providers.def"
    NULL};
#undef GB_MEMBER

const struct gb_family gb_physics_family = {.name = "provider", .members = members};
