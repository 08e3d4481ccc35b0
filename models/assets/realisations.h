/* Realisations that are kept for further trials (models/assets/realisation.h). */
#ifndef MODELS_ASSETS_REALISATIONS_H
#define MODELS_ASSETS_REALISATIONS_H

#include <stddef.h>

#include "base/status.h"
#include "models/assets/physics.h"

/* How many are kept that no trial uses. Trials on the same draws come one after another, so few of
 * those will be wanted again; all that are kept are searched whenever a trial begins, and memory
 * that is used again costs less than memory that is touched for the first time. */
#define GB_REALISATIONS_IDLE 256

/* Any thread may use it at any time. */
struct gb_realisations; /* closed */

/* max_bytes  for all that is kept, beside a few tables that go by keys alone. Where it is short, or
 *            too many are idle, those that no trial uses go, the one that was left longest ago
 *            before the others; where those in use alone take as much, nothing more is kept and
 *            trials compute for themselves */
enum gb_status gb_realisations_create(struct gb_realisations **out,
                                      const struct gb_physics_provider *provider, size_t max_bytes,
                                      struct gb_error *err);
void gb_realisations_free(struct gb_realisations *all);      /* once no trial uses one any more */
size_t gb_realisations_n_bytes(struct gb_realisations *all); /* of all that is kept now */

#endif
