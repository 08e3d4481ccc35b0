/* The electric vehicles of a set of meters, slot after slot: what each still owes its car, and what
 * it charges. A session that the run's begin or end cuts off owes the share of its need that its
 * time within the run is of all its time, so that every session ends within the run. */
#ifndef MODELS_ASSETS_EVS_H
#define MODELS_ASSETS_EVS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "models/assets/ev.h"
#include "models/assets/fleet.h"
#include "models/assets/flexible.h"

struct gb_ev_state {
    struct gb_ev_session session; /* the one under way, or the next; cut to the run */
    double owed_wh;               /* of it */
};

struct gb_evs; /* closed */

/* config and fleet are borrowed for life */
enum gb_status gb_evs_create(struct gb_evs **out, const struct gb_physics_config *config,
                             const struct gb_fleet *fleet, struct gb_error *err);
void gb_evs_free(struct gb_evs *evs);
/* The run ends then, before its first slot: without this it has no end. */
void gb_evs_end_at(struct gb_evs *evs, int64_t end_ns);
/* Of all cars of the fleet, in its order: what to plan from. */
const struct gb_ev_state *gb_evs_states(const struct gb_evs *evs);

/* Runs car i over a slot from `state`, which is left as it is behind it.
 * own_wh   what is there for it already: a surplus, or energy bought and not taken by other things
 * outlook  of its meter, from this slot on; NULL: all costs the same */
struct gb_flexible_flow gb_evs_step(const struct gb_evs *evs, size_t i, int64_t interval,
                                    double own_wh, const struct gb_outlook *outlook,
                                    struct gb_ev_state *state);
/* The same from, and to, the car's own state; slots come in order. */
struct gb_flexible_flow gb_evs_advance(struct gb_evs *evs, size_t i, int64_t interval,
                                       double own_wh, const struct gb_outlook *outlook);

#endif
