/* What one home is and owns, told of a meter: for tables of users. */
#ifndef MODELS_ASSETS_HOME_H
#define MODELS_ASSETS_HOME_H

#include <stddef.h>

#include "models/assets/fleet.h"
#include "models/assets/physics_config.h"

struct gb_home {
    const char *kind;                      /* of the fleet's kinds; empty: there are none */
    const char *name;                      /* of a list, which the config borrows; NULL: none */
    size_t ordinal;                        /* within the kind, from 0 */
    double pv_kw, turbine_kw, battery_kwh; /* 0: it has none */
    double ev_kw;                          /* power of its charger; likewise */
    double heat_pump_kw;                   /* greatest electric power of its heat pump; likewise */
    double yearly_kwh;                     /* expected load of a mean year of 8760 h */
};

/* config  of the fleet */
struct gb_home gb_home_of(const struct gb_fleet *fleet, const struct gb_physics_config *config,
                          size_t meter);

#endif
