/* Where in the village a meter lies. */
#ifndef MODELS_ASSETS_POSITIONS_H
#define MODELS_ASSETS_POSITIONS_H

#include <stdint.h>

#include "base/random.h"

struct gb_position {
    double east_m, north_m; /* from the middle of the village */
};

/* A place in a disc, every part of it as likely as another as large: keyed by who lies there, so
 * that more meters move nobody, and a larger village is the same one drawn out.
 * key  of GB_PURPOSE_POSITION */
struct gb_position gb_position_draw(struct gb_key key, uint32_t owner, double radius_m);

#endif
