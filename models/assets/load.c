/* The family of models of load. */
#include "models/assets/load.h"

#define GB_MEMBER(name) &gb_load_##name.member,
static const struct gb_member *const members[] = {
#include "models/assets/load_models.def"
    NULL};
#undef GB_MEMBER

const struct gb_family gb_load_family = {.name = "load model", .members = members};
