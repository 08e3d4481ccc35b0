/* Flexible demand behind the meters of a fleet, slot after slot: cars, then heat pumps, each behind
 * what the meter shows without it, before storage, which follows what they leave. What they take is
 * part of the load. A meter turns it into whole Wh and carries the rest, register by register. */
#ifndef MODELS_ASSETS_DEMAND_H
#define MODELS_ASSETS_DEMAND_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "models/assets/evs.h"
#include "models/assets/fleet.h"
#include "models/assets/flexible.h"
#include "models/assets/heat_pumps.h"
#include "models/assets/slot_energy.h"

/* What controllers of flexible demand are told of a slot. NULL: nothing is contracted; all costs
 * the same. */
struct gb_flexible_signals {
    const int64_t *contracted_wh;      /* a meter; read of those with flexible demand */
    const struct gb_outlook *outlooks; /* those that there are */
    const uint32_t *outlook_of;        /* which is whose, a meter */
};

/* What a plan goes on from, slot after slot: an element a car and a heat pump of the meters that
 * are planned. */
struct gb_demand_state {
    struct gb_ev_state *ev;
    double *heat_wh; /* stored */
};

struct gb_demand; /* closed */

/* config and fleet are borrowed for life */
enum gb_status gb_demand_create(struct gb_demand **out, const struct gb_physics_config *config,
                                const struct gb_fleet *fleet, struct gb_error *err);
void gb_demand_free(struct gb_demand *demand);
/* The run ends then: sessions of electric vehicles are cut off there. Before the first slot; unless
 * it is called there is no end. */
void gb_demand_end_at(struct gb_demand *demand, int64_t end_ns);
/* The air outside, borrowed for life, whose end is that of the run: of a fleet with heat pumps,
 * before the first slot. */
void gb_demand_set_outdoors(struct gb_demand *demand, const struct gb_outdoors *outdoors);

/* The fleet's electric vehicles, in the order of their list, and the heat stored behind its heat
 * pumps, in that of theirs, Wh. */
const struct gb_ev_state *gb_demand_ev_states(const struct gb_demand *demand);
const double *gb_demand_heat_wh(const struct gb_demand *demand);

/* All of it over out->interval, behind those meters of a part whose net without it is in `out`, an
 * element each of those meters; slots come in order, and the parts of one by any thread each. */
void gb_demand_advance(struct gb_demand *demand, struct gb_range part,
                       const struct gb_flexible_signals *signals, struct gb_slot_energy *out);
/* Before the parts of a slot come, `last_read` being that slot; or are planned by who has read slot
 * `last_read`. */
void gb_demand_look(struct gb_demand *demand, int64_t interval, int64_t last_read);
/* What is planned of it, of meters [first, first + n), from and to `state`, rounded to Wh without
 * touching any remainder. out: an element each of those meters */
void gb_demand_plan(const struct gb_demand *demand, size_t first, size_t n,
                    const struct gb_flexible_signals *signals, const struct gb_demand_state *state,
                    struct gb_slot_energy *out);

#endif
