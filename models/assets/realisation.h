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

/* Realisations that are kept for further trials; any thread may use it at any time. */
struct gb_realisations; /* closed */

/* max_bytes  for all that is kept, beside a few tables that go by keys alone: those that no trial
 * uses go first, the one that was left longest ago before the others; where those in use alone take
 * as much, nothing more is kept and trials compute for themselves */
enum gb_status gb_realisations_create(struct gb_realisations **out,
                                      const struct gb_physics_provider *provider, size_t max_bytes,
                                      struct gb_error *err);
void gb_realisations_free(struct gb_realisations *all);      /* once no trial uses one any more */
size_t gb_realisations_n_bytes(struct gb_realisations *all); /* of all that is kept now */

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
/* As gb_physics_provider.slot and .forecast. */
enum gb_status gb_realisation_slot(struct gb_realisation *realisation, int64_t interval,
                                   struct gb_slot_power *out, struct gb_error *err);
enum gb_status gb_realisation_forecast(struct gb_realisation *realisation, int64_t interval,
                                       int64_t last_read, size_t first, size_t n, double *solar_w,
                                       double *wind_w, double *load_w, struct gb_error *err);

#endif
