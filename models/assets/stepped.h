/* The provider `modelled` where the physics moves in steps within a slot (physics.step): to
 * weather, plants and homes a step is a slot, so that what they do in it is what they do in a run
 * whose slots are so short, draw by draw, wherever slots of at most an hour divide 8 hours; longer
 * ones begin 8 of their own before slot 0. What is expected of a slot is the mean of what is
 * expected of its steps by who has read the slots before, with one error of the forecaster's for
 * all of them.
 *
 * Where the step is that of the slot nothing lies between. */
#ifndef MODELS_ASSETS_STEPPED_H
#define MODELS_ASSETS_STEPPED_H

#include <stddef.h>
#include <stdint.h>

#include "base/draws.h"
#include "base/status.h"
#include "models/assets/physics.h"

struct gb_stepped; /* closed */

/* All as the functions of struct gb_physics_provider. */
enum gb_status gb_stepped_create(struct gb_stepped **out, const struct gb_physics_config *config,
                                 const struct gb_fleet *fleet, size_t window, struct gb_draws draws,
                                 struct gb_error *err);
enum gb_status gb_stepped_slot(struct gb_stepped *stepped, int64_t interval,
                               struct gb_slot_power *out, struct gb_error *err);
enum gb_status gb_stepped_forecast(struct gb_stepped *stepped, int64_t interval, int64_t last_read,
                                   size_t first, size_t n, double *solar_w, double *wind_w,
                                   double *load_w, struct gb_error *err);
void gb_stepped_free(struct gb_stepped *stepped);
size_t gb_stepped_bytes_a_meter(const struct gb_physics_config *config, size_t window);

/* The physics to which a step is a slot; borrowed for the life of the provider. */
const struct gb_physics_config *gb_stepped_config(const struct gb_stepped *stepped);

/* Mean power over a slot of what has n_owners, in n_steps rows of `power_w`. */
void gb_stepped_mean(const double *power_w, size_t n_steps, size_t n_owners, double *mean_w);

#endif
