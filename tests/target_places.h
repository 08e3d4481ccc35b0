/* The places whose measurements the models are held against, as scenarios say them: what
 * test_weather_targets.c and targets.py compare is of one making. */
#ifndef TESTS_TARGET_PLACES_H
#define TESTS_TARGET_PLACES_H

#include <stdbool.h>

#include "models/assets/physics_config.h"

struct setting {
    const char *key, *value;
};

/* Settings of a place, which end with a key of NULL: field_a, field_b, golden, chicago, greensboro,
 * new_york, homes. NULL: there is none of that name. */
const struct setting *target_place(const char *name);
/* A key of the physics as scenarios write it. returns whether there is one that takes the value */
bool physics_set(struct gb_physics_config *config, const char *key, const char *value);
/* The defaults with the settings over them; likewise. */
bool physics_with(struct gb_physics_config *out, const struct setting *settings);

#endif
