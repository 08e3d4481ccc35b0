/* What meters show of one slot, each of it an array. */
#ifndef MODELS_ASSETS_SLOT_ENERGY_H
#define MODELS_ASSETS_SLOT_ENERGY_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* What a register moves by in a slot at most, however large the power. */
#define GB_METER_MAX_WH 4e12

/* Whole Wh of a slot that a connection of so much power carries: no more than that comes to.
 * limit_kw  < 0: none
 * slot_h    length of the slot, h
 * returns   GB_NO_LIMIT_WH where there is none, or no meter could show so much */
#define GB_NO_LIMIT_WH (INT64_MAX / 2)
int64_t gb_connection_wh(double limit_kw, double slot_h);

/* What the limits of the community did in a slot, Wh. */
struct gb_community_flow {
    int64_t curtailed_wh; /* of all that was curtailed */
    int64_t overload_import_wh, overload_export_wh;
};

/* Wh of one slot, n_meters each.
 * net = load + charge - solar - wind - discharge, positive: import */
struct gb_slot_energy {
    int64_t interval;
    int64_t *net_wh, *load_wh, *solar_wh, *wind_wh, *charge_wh, *discharge_wh;
    int64_t *ev_wh;          /* of the load: into electric vehicles */
    int64_t *curtailed_wh;   /* of generation, which is without it: beyond the connection */
    int64_t *ev_unserved_wh; /* owed to one that left, and not charged; no part of the net */
    int64_t *heat_pump_wh;   /* of the load: into heat pumps */
    /* heat that homes with a heat pump got, and that they needed besides; no part of the net */
    int64_t *heat_wh, *heat_unserved_wh;
    struct gb_community_flow community; /* of all meters; of a plan nothing */
};
/* Over a block of GB_SLOT_ENERGY_ARRAYS * n; those that only some fleets have come last. */
enum { GB_SLOT_ENERGY_ARRAYS = 12, GB_SLOT_ENERGY_OF_ALL = 7 };
static inline struct gb_slot_energy gb_slot_energy_over(int64_t *block, size_t n)
{
    return (struct gb_slot_energy){.net_wh = block,
                                   .load_wh = block + n,
                                   .solar_wh = block + 2 * n,
                                   .wind_wh = block + 3 * n,
                                   .charge_wh = block + 4 * n,
                                   .discharge_wh = block + 5 * n,
                                   .curtailed_wh = block + 6 * n,
                                   .ev_wh = block + 7 * n,
                                   .ev_unserved_wh = block + 8 * n,
                                   .heat_pump_wh = block + 9 * n,
                                   .heat_wh = block + 10 * n,
                                   .heat_unserved_wh = block + 11 * n};
}
/* Those of the meters from `first` on, of which element 0 is the first; of the community nothing.
 */
static inline struct gb_slot_energy gb_slot_energy_from(const struct gb_slot_energy *all,
                                                        size_t first)
{
    return (struct gb_slot_energy){.interval = all->interval,
                                   .net_wh = all->net_wh + first,
                                   .load_wh = all->load_wh + first,
                                   .solar_wh = all->solar_wh + first,
                                   .wind_wh = all->wind_wh + first,
                                   .charge_wh = all->charge_wh + first,
                                   .discharge_wh = all->discharge_wh + first,
                                   .ev_wh = all->ev_wh + first,
                                   .curtailed_wh = all->curtailed_wh + first,
                                   .ev_unserved_wh = all->ev_unserved_wh + first,
                                   .heat_pump_wh = all->heat_pump_wh + first,
                                   .heat_wh = all->heat_wh + first,
                                   .heat_unserved_wh = all->heat_unserved_wh + first};
}
enum gb_status gb_slot_energy_create(struct gb_slot_energy **out, size_t n, struct gb_error *err);
void gb_slot_energy_free(struct gb_slot_energy *slot);

#endif
