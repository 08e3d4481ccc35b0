/* The load of all households, slot by slot: a shared mean profile that each follows with its own
 * size, hours and sharpness, times lognormal noise with a persistent and a half-hourly part,
 * plus rare events (a kettle, a guest, a wash). Meters share the profile, not the noise.
 *
 *     P = S (f + (1 - f) / norm (m(t + d)^g exp(s z - s^2/2) + events)),  mean over a year = S
 *     z = sqrt(c) common + sqrt(1 - c) (sqrt(a) AR(phi) + sqrt(1 - a) white)
 *
 * m is a northern profile; a site in the south has that of 26 weeks later, when it is winter there.
 *
 * The persistent part moves in steps of at most half an hour, the white part and the events each
 * half hour; a longer slot is the mean of its steps. A slot is held to what the home's connection
 * carries (models/assets/load_limit.h). */
#ifndef MODELS_ASSETS_HOUSEHOLD_H
#define MODELS_ASSETS_HOUSEHOLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/draws.h"
#include "base/status.h"
#include "models/assets/fleet.h"

struct gb_households; /* closed */

/* window: slots that a reader's last one may be among, up to the latest computed.
 * config, fleet: borrowed for the whole life. */
enum gb_status gb_households_create(struct gb_households **out,
                                    const struct gb_physics_config *config,
                                    const struct gb_fleet *fleet, size_t window,
                                    struct gb_draws draws, struct gb_error *err);
void gb_households_free(struct gb_households *households);

/* Computes the next slot, from gb_anchor_slot on: mean power of every meter, W. power_w NULL:
 * advances the latents alone. */
enum gb_status gb_households_advance(struct gb_households *households, double *power_w,
                                     struct gb_error *err);

/* Expected mean power in slot `interval`, which must be computed already, for one who has read its
 * meter up to slot `last_read`; not where forecasts are perfect. Meters [first, first + n), W. */
void gb_households_believe(const struct gb_households *households, int64_t interval,
                           int64_t last_read, size_t first, size_t n, double *power_w);

#endif
