/* What all meters together come to in a slot, by threads where there are many. */
#ifndef EXPERIMENTS_RUN_METERED_H
#define EXPERIMENTS_RUN_METERED_H

#include <stddef.h>
#include <stdint.h>

#include "models/assets/slot_energy.h"

/* Sums over meters, Wh; deficits and surpluses of each by itself. */
struct gb_run_metered {
    int64_t net_wh, surplus_wh, deficit_wh;
    int64_t solar_wh, wind_wh, load_wh, charge_wh, discharge_wh;
    int64_t ev_wh, ev_unserved_wh, heat_pump_wh, heat_wh, heat_unserved_wh, curtailed_wh;
};

/* n  meters */
struct gb_run_metered gb_run_metered_of(const struct gb_slot_energy *energy, size_t n);

#endif
