/* Models of what households use: the sources of load of a fleet, slot after slot. They are a family
 * (base/registry.h; models.def lists them): whoever has a fleet creates one, advances it slot by
 * slot, and asks it what a reader of meters believes of slots to come. */
#ifndef MODELS_ASSETS_LOAD_LOAD_H
#define MODELS_ASSETS_LOAD_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/draws.h"
#include "base/registry.h"
#include "base/status.h"
#include "models/assets/fleet.h"

struct gb_load_model {
    struct gb_member member;
    /* window: slots that a reader's last one may be among, up to the latest computed.
     * config, fleet: borrowed for the whole life. */
    enum gb_status (*create)(void **state, const struct gb_physics_config *config,
                             const struct gb_fleet *fleet, size_t window, struct gb_draws draws,
                             struct gb_error *err);
    /* Computes the next slot, from gb_anchor_slot on: mean power of every meter, W. power_w NULL:
     * advances the latents alone. */
    enum gb_status (*advance)(void *state, double *power_w, struct gb_error *err);
    /* The same in parts, which threads compute in any order, beside what else they like: `begin`,
     * `advance_part` for every part of the meters (base/parts.h), `end`.
     * returns  of `begin`: whether it may be done so; else nothing has begun */
    bool (*begin)(void *state, double *power_w); /* NULL: never */
    void (*advance_part)(void *state, size_t first, size_t n);
    enum gb_status (*end)(void *state, struct gb_error *err);
    /* Expected mean power in slot `interval`, which must be computed already, for one who has read
     * its meter up to slot `last_read`; not where forecasts are perfect. Meters [first, first + n),
     * W. */
    void (*believe)(void *state, int64_t interval, int64_t last_read, size_t first, size_t n,
                    double *power_w);
    bool believes_apart;       /* threads may ask it about other meters each at once */
    void (*free)(void *state); /* NULL is allowed */
};

#define GB_MEMBER(name) extern const struct gb_load_model gb_load_##name;
#include "models/assets/load_models.def"
#undef GB_MEMBER
extern const struct gb_family gb_load_family;

#endif
