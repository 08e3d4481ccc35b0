/* One home with a flexible load, an hour a slot: what it would do under prices of each hour. A test
 * sets the physics of its car or heat pump between set_up and begin. */
#ifndef TESTS_ONE_HOME_H
#define TESTS_ONE_HOME_H

#include "models/assets/fleet.h"
#include "models/assets/meter.h"

enum { ONE_HOME_HOURS = 96 };

struct one_home {
    struct gb_physics_config config;
    struct gb_fleet *fleet;
    struct gb_meters *meters;
    struct gb_slot_energy *slot;
    double load_w;
    int64_t ticks[ONE_HOME_HOURS + 25]; /* price of each hour */
    int64_t own_ticks;                  /* of what it bought and does not need */
};

/* Defaults, no generation, 0.30 in every hour. */
void one_home_set_up(struct one_home *home);
void one_home_begin(struct one_home *home);
void one_home_tear_down(struct one_home *home);
/* Hour k, of which so much was bought; home->slot holds what was metered. */
void one_home_advance(struct one_home *home, int64_t k, int64_t contracted_wh);

#endif
