/* A village whose meters are driven slot by slot, in steps within it, for tests of those. */
#ifndef TESTS_STEPPED_VILLAGE_H
#define TESTS_STEPPED_VILLAGE_H

#include "models/assets/meter.h"
#include "models/assets/stepped.h"

enum { STEPPED_METERS = 12 };
#define STEPPED_ONE_WAY 0.9486832980505138 /* sqrt(.9): of the round trip of their batteries */

struct stepped_village {
    struct gb_physics_config config;
    struct gb_fleet *fleet;
    void *physics;
    struct gb_meters *meters;
    struct gb_slot_energy *energy;
    struct gb_error err;
};

/* Of most assets, and steps of so long. */
struct gb_physics_config stepped_village_physics(int64_t slot_ns, int64_t step_ns);
/* window  slots that are kept */
void stepped_village_open(struct stepped_village *v, const struct gb_physics_config *config,
                          size_t window, const struct gb_storage_controller *controller);
void stepped_village_close(struct stepped_village *v);
struct gb_slot_power stepped_village_power(struct stepped_village *v, int64_t interval);

#endif
