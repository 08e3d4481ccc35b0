/* The heat pumps of a set of meters, slot after slot: the heat in each store, and what each pump
 * draws. Every store is full when the run begins, and full again at its end as far as its pump can:
 * what a pump draws over a run is for the heat that its home got, and what its store lost.
 *
 * Heat is owed by the slot in which it is needed; it may be made earlier as far as the store holds
 * it until then. At a price, and from the end of what is looked ahead backwards, what must be in
 * the store at the begin of a slot is
 *
 *     must(j) = clamp((must(j + 1) + need(j) - room(j)) / keep, 0, capacity),
 *
 * room(j) being what the pump can make in slot j if that goes before the slot at hand, else 0. Owed
 * in the slot at hand is must(1) + need(0) less what the store keeps (models/assets/flexible.h);
 * later slots are compared by what heat costs there, price over coefficient of performance. A pump
 * at_once fills its store whatever is needed of it. */
#ifndef MODELS_ASSETS_HEAT_PUMPS_H
#define MODELS_ASSETS_HEAT_PUMPS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "models/assets/fleet.h"
#include "models/assets/flexible.h"
#include "models/assets/heat_pump.h"
#include "models/weather/outdoors.h"

struct gb_heat_pumps; /* closed */

/* fleet: borrowed for life */
enum gb_status gb_heat_pumps_create(struct gb_heat_pumps **out,
                                    const struct gb_physics_config *config,
                                    const struct gb_fleet *fleet, struct gb_error *err);
void gb_heat_pumps_free(struct gb_heat_pumps *pumps);
/* The air outside, borrowed for life; the run ends where it does. Before the first slot. */
void gb_heat_pumps_set_outdoors(struct gb_heat_pumps *pumps, const struct gb_outdoors *outdoors);
/* Heat stored behind each pump of the fleet, in its order, Wh: what to plan from. */
const double *gb_heat_pumps_stored_wh(const struct gb_heat_pumps *pumps);

/* Turns to a slot, as one who has read `last_read` sees it and those behind it; the slot itself
 * where it runs. Until the next call, all steps are of it. */
void gb_heat_pumps_look(struct gb_heat_pumps *pumps, int64_t interval, int64_t last_read);
/* Runs pump i over that slot from `stored_wh`, which is left as it is behind it.
 * own_wh   what is there for it already: a surplus, or energy bought and not taken by other things
 * outlook  of its meter, from this slot on; NULL: all costs the same */
struct gb_flexible_flow gb_heat_pumps_step(const struct gb_heat_pumps *pumps, size_t i,
                                           double own_wh, const struct gb_outlook *outlook,
                                           double *stored_wh);
/* The same from, and to, the store itself; slots come in order. */
struct gb_flexible_flow gb_heat_pumps_advance(struct gb_heat_pumps *pumps, size_t i, double own_wh,
                                              const struct gb_outlook *outlook);

#endif
