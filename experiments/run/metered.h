/* What all meters together come to in a slot. */
#ifndef EXPERIMENTS_RUN_METERED_H
#define EXPERIMENTS_RUN_METERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/assets/slot_energy.h"

/* Sums over meters, Wh; deficits and surpluses of each by itself. */
struct gb_run_metered {
    int64_t net_wh, surplus_wh, deficit_wh;
    int64_t solar_wh, wind_wh, load_wh, charge_wh, discharge_wh;
    int64_t ev_wh, ev_unserved_wh, heat_pump_wh, heat_wh, heat_unserved_wh, curtailed_wh;
    /* No register is negative, so the bits of all of load, generation and storage, and of all nets,
     * sign apart, make a number that none of them exceeds. */
    int64_t bits;
};

/* Does nothing of what only some homes have, cars, heat pumps, curtailment, stand in it? None of
 * it is negative. */
static inline bool gb_run_metered_is_plain(const struct gb_run_metered *metered)
{
    return (metered->ev_wh | metered->ev_unserved_wh | metered->heat_pump_wh | metered->heat_wh |
            metered->heat_unserved_wh | metered->curtailed_wh) == 0;
}

/* What n meters come to, elements 0 to n - 1. */
struct gb_run_metered gb_run_metered_of(const struct gb_slot_energy *energy, size_t n);
void gb_run_metered_add(struct gb_run_metered *sum, const struct gb_run_metered *part);

#endif
