/* What the files of meters share: models/assets/meter.c meters a slot, meter_plan.c projects one,
 * meter_storage.c runs the batteries of both. */
#ifndef MODELS_ASSETS_METER_PRIV_H
#define MODELS_ASSETS_METER_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/share_out.h"
#include "models/assets/battery.h"
#include "models/assets/meter.h"
#include "models/assets/registers_priv.h"
#include "models/weather/weather.h"

enum reg { REG_LOAD, REG_SOLAR, REG_WIND, REG_CHARGE, REG_DISCHARGE, N_REGS };

/* What stands behind a meter that has a battery or a limited connection: places in the lists of the
 * fleet, GB_NOTHING where there is none. */
#define GB_NOTHING UINT32_MAX
struct behind {
    uint32_t meter, system, turbine, battery;
    int32_t solar_cut, wind_cut; /* micro-Wh curtailed and not yet shown */
    int64_t fixed_wh;            /* net of the slot without flexible demand and storage */
};

struct gb_meters {
    const struct gb_fleet *fleet;
    const struct gb_physics_config *config;
    struct gb_calendar calendar;    /* of the local clock */
    struct gb_storage_rules *rules; /* of batteries, a kind */
    struct gb_battery_law *laws;    /* of batteries, a kind */
    int64_t *limits_wh; /* of connections, a meter; GB_NO_LIMIT_WH: none; if has_limits */
    bool has_limits;
    int64_t import_limit_wh, export_limit_wh; /* of the community; GB_NO_LIMIT_WH: none */
    struct gb_share *shares;                  /* of those who are curtailed; a meter */
    double slot_h;
    size_t n_steps; /* of a slot; where it has some: models/assets/meter_steps.c */
    double step_h;  /* slot_h where it has none */
    struct gb_battery_law *step_laws; /* a kind */
    size_t n_behind;
    struct behind *behind;
    struct gb_controller_seen *seen; /* a step: what is the same for all batteries */
    double *stored_wh;               /* a battery */
    struct gb_demand *demand;
    int32_t *remainders[N_REGS]; /* an owner each: micro-Wh not yet shown, below one Wh */
};

/* ---- whose they are */

struct owners {
    const uint32_t *meter; /* NULL: all meters */
    size_t n;
};

static inline struct owners owners_of(const struct gb_fleet *fleet, enum reg reg)
{
    switch (reg) {
    case REG_SOLAR: return (struct owners){fleet->systems.meter, fleet->systems.n};
    case REG_WIND: return (struct owners){fleet->turbines.meter, fleet->turbines.n};
    case REG_CHARGE:
    case REG_DISCHARGE: return (struct owners){fleet->batteries.meter, fleet->batteries.n};
    default: return (struct owners){NULL, fleet->n};
    }
}

static inline const struct gb_battery_law *law_of(const struct gb_meters *meters, size_t battery)
{
    return &meters->laws[meters->fleet->kind[meters->fleet->batteries.meter[battery]]];
}

static inline int64_t limit_at(const struct gb_meters *meters, size_t meter)
{
    return meters->has_limits ? meters->limits_wh[meter] : GB_NO_LIMIT_WH;
}

/* ---- connections */

void gb_meters_set_limits(struct gb_meters *meters);
/* Takes so much of the generation of element j, solar before wind, as far as there is any. */
void gb_curtail_meter(struct gb_slot_energy *out, size_t j, int64_t wh);
/* What the connection leaves of what a battery is to take, W: with what its meter shows without it,
 * and less 1 Wh a slot, which its registers may carry over, it draws and feeds in no more than the
 * limit. seen: its net, in a slot or a step of one */
double gb_meters_within_connection(const struct gb_meters *meters, size_t meter,
                                   const struct gb_controller_seen *seen, double wish_w);
/* Adds what is curtailed of the meters of a part: last, when all that passes the connection is
 * known. out: here and below, element 0 is that of meter part.first */
void gb_meters_curtail(const struct gb_meters *meters, struct gb_range part,
                       struct gb_slot_energy *out);

/* ---- the community's */

void gb_meters_set_community(struct gb_meters *meters);
/* Behind all connections of homes: curtails what all meters together feed in beyond the limit, and
 * counts what is overload. out: of all meters */
void gb_meters_keep_community(struct gb_meters *meters, struct gb_slot_energy *out);

/* ---- storage */

/* Storage behind the meters of a part whose net without it is in `out` already. */
void gb_meters_advance_storage(struct gb_meters *meters, struct gb_range part,
                               const struct gb_storage_signals *signals,
                               const struct gb_controller_seen *seen, struct gb_slot_energy *out);
/* The same of meters [first, first + n), planned from `stored_wh` and rounded. */
void gb_meters_plan_storage(const struct gb_meters *meters, size_t first, size_t n,
                            const struct gb_storage_signals *signals, double *stored_wh,
                            struct gb_slot_energy *out);

/* What controllers see of all batteries alike in what begins at at_ns, a slot or a step of one. */
struct gb_controller_seen gb_meters_seen(const struct gb_meters *meters, int64_t at_ns,
                                         double length_h);
struct gb_controller_seen gb_meters_seen_in_slot(const struct gb_meters *meters, int64_t interval);
/* Runs battery i over a step. seen: with the net of its meter and what was contracted */
struct gb_battery_flow gb_meters_run_step(const struct gb_meters *meters, size_t i,
                                          const struct gb_storage_signals *signals,
                                          struct gb_controller_seen seen, double *stored_wh);

/* ---- steps */

/* Nothing of all this where a slot has no steps. */
enum gb_status gb_meters_create_steps(struct gb_meters *meters, struct gb_error *err);
/* Before all parts of a slot: what controllers see of all batteries alike, step by step. */
void gb_meters_look_at_steps(struct gb_meters *meters, int64_t interval);
/* Before flexible demand: what of the slot is known to be fixed behind the meters of a part. */
void gb_meters_begin_steps(struct gb_meters *meters, struct gb_range part,
                           const struct gb_slot_energy *out);
/* Storage and connections of a part, step by step, when all else of the slot is in `out`. */
void gb_meters_run_steps(struct gb_meters *meters, struct gb_range part,
                         const struct gb_slot_power *power,
                         const struct gb_storage_signals *signals, struct gb_slot_energy *out);

#endif
