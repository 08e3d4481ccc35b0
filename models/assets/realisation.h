/* What nature and habits do in one replication, computed once and shared by trials.
 *
 * Trials that have the same physics and the same draws of weather and households ask their
 * provider the same questions, whatever their market and chain are like, for physics is open loop
 * (models/assets/physics.h): trials of one replication, and of all where a sweep redraws neither. A
 * realisation keeps the answers: the fleet, the power of every slot, and each belief about a slot.
 * Meters and batteries, which a market may touch, belong to each trial alone.
 *
 * Answers are computed when they are first asked for, by one provider for all; what it has gone
 * past, or has no memory for, a trial computes by a provider of its own. So an answer is the same
 * to the last bit with and without sharing, and for any order and number of threads. */
#ifndef MODELS_ASSETS_REALISATION_H
#define MODELS_ASSETS_REALISATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/draws.h"
#include "base/status.h"
#include "models/assets/physics.h"
#include "models/assets/realisations.h"

/* A trial's access to its realisation; for one thread at a time. */
struct gb_realisation; /* closed */

/* all     kept there, or found there; NULL: nothing is shared, and `modelled` provides
 * window  as gb_physics_provider.create has it
 * config  borrowed until it is closed */
enum gb_status gb_realisation_open(struct gb_realisation **out, struct gb_realisations *all,
                                   const struct gb_physics_config *config, size_t window,
                                   struct gb_draws draws, struct gb_error *err);
void gb_realisation_close(struct gb_realisation *realisation);

/* Borrowed until it is closed. */
const struct gb_fleet *gb_realisation_fleet(const struct gb_realisation *realisation);
/* As gb_physics_provider.slot. */
enum gb_status gb_realisation_slot(struct gb_realisation *realisation, int64_t interval,
                                   struct gb_slot_power *out, struct gb_error *err);
/* As gb_physics_provider.forecast, of meters [first, first + n).
 * out  one row of each array: systems and turbines of those meters, and n; borrowed until the next
 *      forecast or the end */
enum gb_status gb_realisation_forecast(struct gb_realisation *realisation, int64_t interval,
                                       int64_t last_read, size_t first, size_t n,
                                       struct gb_slot_power *out, struct gb_error *err);

#endif
