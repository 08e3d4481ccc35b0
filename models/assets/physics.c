#include "models/assets/physics.h"

const struct gb_physics_provider *const gb_physics_providers[] = {&gb_physics_modelled, NULL};
