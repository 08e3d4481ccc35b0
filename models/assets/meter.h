/* Meters and batteries of a fleet, advanced a slot at a time in one sweep (structure of arrays).
 *
 * The battery moves energy at mean powers; the meter alone turns power into Wh and carries the
 * remainder, register by register, so that energy through the meter equals the integral of power to
 * the last Wh. load + charge - solar - wind - discharge = import - export, exactly, every slot. */
#ifndef MODELS_ASSETS_METER_H
#define MODELS_ASSETS_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "models/assets/controller.h"
#include "models/assets/demand.h"
#include "models/assets/fleet.h"
#include "models/assets/physics.h"
#include "models/assets/slot_energy.h"

/* What controllers are told of a slot, an element a battery of the fleet. NULL: nothing is
 * contracted; all prices are 0. */
struct gb_storage_signals {
    const int64_t *contracted_wh;
    const struct gb_price_expectation *price;
    struct gb_flexible_signals flexible;
};

/* What a plan goes on from, slot after slot: an element a battery of the meters that are planned,
 * and of what is flexible in their demand. */
struct gb_plan_state {
    double *stored_wh;
    struct gb_demand_state demand;
};

struct gb_meters; /* closed: state of charge and remainders of all meters */
/* rules: one a kind of the fleet, copied; config and fleet are borrowed for life. */
enum gb_status gb_meters_create(struct gb_meters **out, const struct gb_physics_config *config,
                                const struct gb_fleet *fleet, const struct gb_storage_rules *rules,
                                struct gb_error *err);
void gb_meters_free(struct gb_meters *meters);
/* Their flexible demand, theirs for life: to be told of the run before the first slot, and of a
 * slot before its parts are planned. */
struct gb_demand *gb_meters_demand(struct gb_meters *meters);
/* Runs storage and meters over one slot; slots come in order. signals  NULL: none */
void gb_meters_advance(struct gb_meters *meters, const struct gb_slot_power *power,
                       const struct gb_storage_signals *signals, struct gb_slot_energy *out);
/* The same part by part, by any thread each: what is made of a part's energies is made while they
 * are in the cache. It leaves out what the limits of the community take of them all. */
struct gb_meters_slot {
    struct gb_meters *meters;
    const struct gb_slot_power *power;
    const struct gb_storage_signals *signals;
    struct gb_controller_seen seen; /* by all batteries alike */
};
/* power and signals are borrowed until the last part. */
struct gb_meters_slot gb_meters_begin(struct gb_meters *meters, const struct gb_slot_power *power,
                                      const struct gb_storage_signals *signals);
/* out  element 0 is that of meter part.first; cars and heat pumps of a fleet without any are left
 *      as they are there */
void gb_meters_advance_part(const struct gb_meters_slot *slot, struct gb_range part,
                            struct gb_slot_energy *out);
/* Is what a meter shows known with its part? The community has no limits then. */
bool gb_meters_are_apart(const struct gb_meters *meters);
/* Stored energy of the fleet's batteries, in the order of their list, Wh. */
const double *gb_meters_charge_wh(const struct gb_meters *meters);

/* What a user plans for one slot from beliefs: storage and flexible demand projected from `state`
 * (theirs after the last slot read, advanced in place over the slot), energies rounded to Wh
 * without touching any remainder. Sweeps meters [first, first + n): solar_w and wind_w have an
 * element a system and turbine of those meters, signals one an owner of the fleet, every other
 * array n. */
void gb_meters_plan(const struct gb_meters *meters, int64_t interval, size_t first, size_t n,
                    const double *solar_w, const double *wind_w, const double *load_w,
                    const struct gb_storage_signals *signals, const struct gb_plan_state *state,
                    struct gb_slot_energy *out);

#endif
