/* The clear-sky index over every system of a village across which clouds drift. What a wave is
 * worth at a place stays the same all the time: it is computed once, and a slot takes two products
 * a wave and system. Systems are taken in batches of GB_DRIFT_BATCH, one beside the other, so that
 * compilers can use vectors and sums have one order on every machine. */
#ifndef MODELS_ASSETS_DRIFTING_H
#define MODELS_ASSETS_DRIFTING_H

#include <stddef.h>

#include "base/status.h"
#include "models/assets/positions.h"
#include "models/weather/weather.h"

enum { GB_DRIFT_BATCH = 64 };

struct gb_drifting; /* closed */

/* weather: borrowed for the whole life; positions: n of them, for the call */
enum gb_status gb_drifting_create(struct gb_drifting **out, const struct gb_weather *weather,
                                  const struct gb_position *positions, size_t n,
                                  struct gb_error *err);
void gb_drifting_free(struct gb_drifting *drifting);

/* What of the latent the systems of a batch have for themselves. */
struct gb_own_clouds {
    const double *z;                /* GB_DRIFT_BATCH unit latents */
    double weight, weight_of_field; /* squares that add up to 1 */
};

/* Mean clear-sky index in step `step` of a slot's sky over the systems of a batch, which begins
 * with system batch x GB_DRIFT_BATCH. kc: GB_DRIFT_BATCH; beyond the last system what it holds
 * means nothing */
void gb_drifting_clearness(const struct gb_drifting *drifting, const struct gb_sky_step *step,
                           size_t batch, const struct gb_own_clouds *own, double *kc);

#endif
