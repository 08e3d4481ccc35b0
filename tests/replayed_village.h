/* A small village whose loads or generation are a measured series of half hours that a test writes,
 * by the physics that replays one. */
#ifndef TESTS_REPLAYED_VILLAGE_H
#define TESTS_REPLAYED_VILLAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/assets/fleet.h"
#include "models/assets/physics.h"
#include "models/series/library.h"

#define NEVER INT32_MAX /* step at which a file changes */
enum { N = 5, HALF_HOURS = 48 };

/* A file of half hours from 28 March 2024, 23:00 UTC on: midnight in Berlin. */
struct written_series {
    const char *path;
    uint64_t state;
    int n_columns, n_days;
    int changed_from; /* step from which on all is another; NEVER: none */
};
void write_series(const struct written_series *of);
/* One written, read and taken away; NULL and a failed test where it cannot be read. */
struct gb_measured *series_of(const char *path, int n_columns, int n_days, int changed_from,
                              double scale);

/* Puts a series, which is taken over, in place of loads and, or, generation. returns the library,
 * to be released */
struct gb_library *put_series(struct gb_physics_config *config, struct gb_measured *measured,
                              bool of_loads, bool of_pv);

struct village {
    struct gb_physics_config config;
    struct gb_fleet *fleet;
    void *state;
    struct gb_error err;
};

/* N meters, all prosumers, near Berlin, in slots of half an hour. */
struct gb_physics_config replayed_config(enum gb_forecast_kind kind);
void open_village(struct village *v, const struct gb_physics_config *config);
void close_village(struct village *v);
struct gb_slot_power truth_of(struct village *v, int64_t slot);

/* Powers of all owners, W. */
struct belief {
    double solar_w[N], wind_w[N], load_w[N];
};

struct belief belief_of(struct village *v, int64_t slot, int64_t last_read);
bool is_belief(const struct village *v, const struct belief *belief, const struct belief *kept);
/* What a slot was, as a belief. */
struct belief kept_of(struct village *v, int64_t slot);

#endif
