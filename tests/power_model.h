/* Fleet and provider of powers for tests of models/assets/physics.h. */
#ifndef TESTS_POWER_MODEL_H
#define TESTS_POWER_MODEL_H

#include <stdbool.h>

#include "models/assets/physics.h"

struct power_model {
    struct gb_physics_config config;
    struct gb_fleet *fleet;
    void *state;
    struct gb_error err;
};

enum { MAX_METERS = 30 };
/* elements in the order of the fleet's lists; MAX_METERS is room for every meter to own one */
struct estimates {
    double solar_w[MAX_METERS], wind_w[MAX_METERS], load_w[MAX_METERS];
};

struct gb_physics_config default_physics(void);
/* window  slots that the provider keeps */
void power_model_open(struct power_model *v, const struct gb_physics_config *config, size_t window,
                      uint64_t seed);
void power_model_close(struct power_model *v);
struct gb_slot_power power_at(struct power_model *v, int64_t interval);
/* For `n` meters from `first` on, known what was read up to `last_read`. */
void forecast_at(struct power_model *v, int64_t interval, int64_t last_read, size_t first, size_t n,
                 struct estimates *b);
/* The same power at every meter of the fleet, and at all it owns? */
bool is_same_power(const struct gb_slot_power *a, const struct gb_slot_power *b,
                   const struct gb_fleet *fleet);

#endif
