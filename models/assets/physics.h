/* What nature and habits do to every meter, as arrays a slot: the provider of physics. A
 * provider is a const struct of functions, so that trials may share what one of them computed:
 * `modelled` computes from keyed draws, later ones replay measured series or other trials.
 * Providers are a family (base/registry.h; providers.def lists them).
 *
 * Everything here is open loop: it depends on the scenario's physics layer and the seed alone,
 * never on the market. Storage and registers, which the market can touch, live in
 * models/assets/meter.h. */
#ifndef MODELS_ASSETS_PHYSICS_H
#define MODELS_ASSETS_PHYSICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/draws.h"
#include "base/param.h"
#include "base/registry.h"
#include "base/status.h"
#include "models/assets/fleet.h"

/* Mean power over each step of one slot, W, all non-negative; borrowed until the slot leaves the
 * window. A row a step of gb_weather_n_steps_a_slot, one behind the other. */
struct gb_slot_power {
    int64_t interval;
    const double *solar_w; /* steps x systems of the fleet, in their order */
    const double *wind_w;  /* steps x turbines of the fleet, in their order */
    const double *load_w;  /* steps x n_meters */
};

struct gb_physics { /* an open value: a provider and its closed state */
    const struct gb_physics_provider *provider;
    void *state;
};

struct gb_physics_provider {
    struct gb_member member; /* its options are the physics rows of the scenario */
    /* window: how many slots stay readable, up to the latest one asked for; beliefs may rest on a
     * reading of the slot before them, too. At least 1.
     * config, fleet: borrowed for the whole life. One state serves one caller at a time. */
    enum gb_status (*create)(void **state, const struct gb_physics_config *config,
                             const struct gb_fleet *fleet, size_t window, struct gb_draws draws,
                             struct gb_error *err);
    /* Power in slot `interval`. It may be negative: `modelled` begins 8 hours, and at least 8
     * slots, before slot 0 and refuses what lies earlier (GB_ECONFIG). Slots are computed in
     * ascending order; asking for one that already left the window is a bug (asserted). */
    enum gb_status (*slot)(void *state, int64_t interval, struct gb_slot_power *out,
                           struct gb_error *err);
    /* Belief about the mean of slot `interval` held by one who has read its meter up to and
     * including slot `last_read` (< interval): conditional mean of each driver given its latent
     * then, mixed with the truth by the configured skill, W. Sweeps meters [first, first + n):
     * load_w has n elements, solar_w and wind_w one a system and a turbine of those meters. */
    enum gb_status (*forecast)(void *state, int64_t interval, int64_t last_read, size_t first,
                               size_t n, double *solar_w, double *wind_w, double *load_w,
                               struct gb_error *err);
    void (*free)(void *state);
    /* What a state and its fleet hold of memory for each meter, at most, bytes. */
    size_t (*bytes_a_meter)(const struct gb_physics_config *config, size_t window);
};

#define GB_MEMBER(name) extern const struct gb_physics_provider gb_physics_##name;
#include "models/assets/providers.def"
#undef GB_MEMBER
extern const struct gb_family gb_physics_family;

#endif
