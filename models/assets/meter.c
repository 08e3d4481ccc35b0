#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parts.h"
#include "base/quantity.h"
#include "models/assets/meter_priv.h"

static bool has_export_limit(const struct gb_meters *meters)
{
    return meters->config->community.export_kw >= 0;
}

static bool allocate(struct gb_meters *meters)
{
    const struct gb_fleet *fleet = meters->fleet;
    bool complete = true;

    meters->rules = calloc(fleet->n_kinds, sizeof *meters->rules);
    meters->laws = calloc(fleet->n_kinds, sizeof *meters->laws);
    meters->limits_wh = gb_memory_wide(fleet->n + 1, sizeof *meters->limits_wh);
    meters->stored_wh = gb_memory_wide(fleet->batteries.n + 1, sizeof *meters->stored_wh);
    for (int r = 0; r < N_REGS; r++) {
        meters->remainders[r] =
            gb_memory_wide(owners_of(fleet, (enum reg)r).n + 1, sizeof *meters->remainders[r]);
        complete = complete && meters->remainders[r];
    }
    meters->shares = calloc(has_export_limit(meters) ? fleet->n + 1 : 1, sizeof *meters->shares);
    return complete && meters->shares && meters->rules && meters->laws && meters->limits_wh &&
           meters->stored_wh;
}

static void set_batteries(struct gb_meters *meters)
{
    const struct gb_fleet *fleet = meters->fleet;

    for (size_t k = 0; k < fleet->n_kinds; k++) {
        const struct gb_battery_config *battery = &fleet->kinds[k].battery;
        meters->laws[k] = gb_battery_law_make(meters->slot_h, battery->efficiency, battery->dod,
                                              battery->loss_per_h);
    }
    for (size_t i = 0; i < fleet->batteries.n; i++) {
        double initial = gb_fleet_kind(fleet, fleet->batteries.meter[i])->battery.initial;
        meters->stored_wh[i] =
            1000 * fleet->batteries.kwh[i] * fmax(initial, law_of(meters, i)->least_charge);
    }
}

enum gb_status gb_meters_create(struct gb_meters **out, const struct gb_physics_config *config,
                                const struct gb_fleet *fleet, const struct gb_storage_rules *rules,
                                struct gb_error *err)
{
    struct gb_meters *meters = calloc(1, sizeof *meters);

    if (!meters)
        return gb_fail(err, GB_ENOMEM, "no memory for the meters");
    meters->fleet = fleet;
    meters->config = config;
    if (!allocate(meters)) {
        gb_meters_free(meters);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu meters", fleet->n);
    }
    meters->calendar = gb_weather_calendar(&config->weather);
    memcpy(meters->rules, rules, fleet->n_kinds * sizeof *rules);
    meters->slot_h = (double)config->weather.slot_ns / GB_NS_PER_HOUR;
    gb_meters_set_limits(meters);
    gb_meters_set_community(meters);
    set_batteries(meters);
    enum gb_status status = gb_meters_create_steps(meters, err);
    if (status == GB_OK)
        status = gb_demand_create(&meters->demand, config, fleet, err);
    if (status == GB_OK)
        *out = meters;
    else
        gb_meters_free(meters);
    return status;
}

void gb_meters_free(struct gb_meters *meters)
{
    if (!meters)
        return;
    for (int r = 0; r < N_REGS; r++)
        free(meters->remainders[r]);
    free(meters->rules);
    free(meters->laws);
    free(meters->step_laws);
    free(meters->behind);
    free(meters->seen);
    free(meters->limits_wh);
    free(meters->shares);
    free(meters->stored_wh);
    gb_demand_free(meters->demand);
    free(meters);
}

const double *gb_meters_charge_wh(const struct gb_meters *meters)
{
    return meters->stored_wh;
}

struct gb_demand *gb_meters_demand(struct gb_meters *meters)
{
    return meters->demand;
}

static inline void begin_meter(struct gb_meters *meters, const double *load_w, size_t i, size_t j,
                               struct gb_slot_energy *out)
{
    assert(load_w[i] >= 0);
    out->load_wh[j] = register_wh(&meters->remainders[REG_LOAD][i], load_w[i], meters->step_h);
    out->net_wh[j] = out->load_wh[j];
    /* until their owners' turn */
    out->solar_wh[j] = out->wind_wh[j] = out->curtailed_wh[j] = 0;
    out->charge_wh[j] = out->discharge_wh[j] = 0;
}

static void begin_meters(struct gb_meters *meters, const double *load_w, struct gb_range part,
                         struct gb_slot_energy *out)
{
    for (size_t j = 0; j < part.n; j++)
        begin_meter(meters, load_w, part.first + j, j, out);
}

/* The same in a step behind the first of a slot. */
static void add_loads(struct gb_meters *meters, const double *load_w, struct gb_range part,
                      struct gb_slot_energy *out)
{
    for (size_t j = 0; j < part.n; j++) {
        size_t i = part.first + j;
        int64_t wh = register_wh(&meters->remainders[REG_LOAD][i], load_w[i], meters->step_h);
        out->load_wh[j] += wh;
        out->net_wh[j] += wh;
    }
}

/* A generator, and the net of its meter. */
static inline void advance_generator(const struct gb_meters *meters, int32_t *remainder,
                                     double power_w, int64_t *energy_wh, int64_t *net_wh)
{
    assert(power_w >= 0);
    int64_t wh = register_wh(remainder, power_w, meters->step_h);
    *energy_wh += wh;
    *net_wh -= wh;
}

/* Registers of one kind of generator, REG_SOLAR or REG_WIND, behind the meters of a part. */
static void advance_generators(struct gb_meters *meters, enum reg reg, const double *power_w,
                               struct gb_range part, int64_t *energy_wh, int64_t *net_wh)
{
    struct owners owners = owners_of(meters->fleet, reg);
    struct gb_range of = gb_owners_of(owners.meter, owners.n, part);
    int32_t *remainders = meters->remainders[reg];

    for (size_t i = of.first; i < of.first + of.n; i++) {
        size_t j = owners.meter[i] - part.first;
        advance_generator(meters, &remainders[i], power_w[i], &energy_wh[j], &net_wh[j]);
    }
}

struct gb_meters_slot gb_meters_begin(struct gb_meters *meters, const struct gb_slot_power *power,
                                      const struct gb_storage_signals *signals)
{
    gb_demand_look(meters->demand, power->interval, power->interval);
    gb_meters_look_at_steps(meters, power->interval);
    return (struct gb_meters_slot){meters, power, signals,
                                   gb_meters_seen_in_slot(meters, power->interval)};
}

void gb_meters_advance_part(const struct gb_meters_slot *slot, struct gb_range part,
                            struct gb_slot_energy *out)
{
    struct gb_meters *meters = slot->meters;
    const struct gb_fleet *fleet = meters->fleet;
    const struct gb_slot_power *power = slot->power;
    const struct gb_storage_signals *signals = slot->signals;

    out->interval = power->interval;
    begin_meters(meters, power->load_w, part, out);
    for (size_t s = 0; s < meters->n_steps; s++) {
        if (s > 0)
            add_loads(meters, power->load_w + s * fleet->n, part, out);
        advance_generators(meters, REG_SOLAR, power->solar_w + s * fleet->systems.n, part,
                           out->solar_wh, out->net_wh);
        advance_generators(meters, REG_WIND, power->wind_w + s * fleet->turbines.n, part,
                           out->wind_wh, out->net_wh);
    }
    gb_meters_begin_steps(meters, part, out);
    gb_demand_advance(meters->demand, part, signals ? &signals->flexible : NULL, out);
    if (meters->n_steps > 1)
        gb_meters_run_steps(meters, part, power, signals, out);
    else
        gb_meters_advance_storage(meters, part, signals, &slot->seen, out);
    gb_meters_curtail(meters, part, out);
}

bool gb_meters_are_apart(const struct gb_meters *meters)
{
    return meters->import_limit_wh == GB_NO_LIMIT_WH && meters->export_limit_wh == GB_NO_LIMIT_WH;
}

/* A slot of all meters. */
struct sweep {
    struct gb_meters_slot slot;
    struct gb_slot_energy *out;
};

static void advance_within(void *of_all, size_t first, size_t n)
{
    const struct sweep *sweep = of_all;
    struct gb_slot_energy part = gb_slot_energy_from(sweep->out, first);

    gb_meters_advance_part(&sweep->slot, (struct gb_range){first, n}, &part);
}

void gb_meters_advance(struct gb_meters *meters, const struct gb_slot_power *power,
                       const struct gb_storage_signals *signals, struct gb_slot_energy *out)
{
    struct sweep sweep = {gb_meters_begin(meters, power, signals), out};

    out->interval = power->interval;
    gb_parts_run(meters->fleet->n, advance_within, &sweep);
    gb_meters_keep_community(meters, out);
}
