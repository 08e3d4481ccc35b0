#include "models/assets/meter.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/parallel.h"
#include "base/quantity.h"
#include "models/assets/battery.h"
#include "models/weather/weather.h"

#define NO_LIMIT (INT64_MAX / 2) /* of a connection, Wh a slot: beyond what any meter shows */

enum { MICRO = 1000000 }; /* remainders are whole micro-Wh: nothing is lost or made */
enum reg {
    REG_LOAD,
    REG_SOLAR,
    REG_WIND,
    REG_CHARGE,
    REG_DISCHARGE,
    REG_EV,
    REG_EV_UNSERVED,
    N_REGS
};

struct gb_meters {
    const struct gb_fleet *fleet;
    const struct gb_physics_config *config;
    struct gb_calendar calendar; /* of the local clock */
    struct gb_storage_rules rules;
    struct gb_battery_law *laws; /* of batteries, a kind */
    int64_t *limits_wh;          /* of connections, a kind; NO_LIMIT: none */
    bool has_limits;
    double slot_h;
    double *stored_wh; /* a battery */
    struct gb_evs *evs;
    int32_t *remainders[N_REGS]; /* an owner each: micro-Wh not yet shown, below one Wh */
};

/* ---- arrays of a slot */

enum gb_status gb_slot_energy_create(struct gb_slot_energy **out, size_t n, struct gb_error *err)
{
    enum { N_ARRAYS = 9 };
    struct gb_slot_energy *slot = calloc(1, sizeof *slot);
    int64_t *block = slot ? calloc(n ? n : 1, N_ARRAYS * sizeof *block) : NULL;

    if (!block) {
        free(slot);
        return gb_fail(err, GB_ENOMEM, "no memory for the energies of %zu meters", n);
    }
    int64_t **const arrays[N_ARRAYS] = {&slot->net_wh,  &slot->load_wh,        &slot->solar_wh,
                                        &slot->wind_wh, &slot->charge_wh,      &slot->discharge_wh,
                                        &slot->ev_wh,   &slot->ev_unserved_wh, &slot->curtailed_wh};
    for (size_t i = 0; i < N_ARRAYS; i++)
        *arrays[i] = block + i * n;
    *out = slot;
    return GB_OK;
}

void gb_slot_energy_free(struct gb_slot_energy *slot)
{
    if (!slot)
        return;
    free(slot->net_wh); /* all of them: one block */
    free(slot);
}

/* ---- meters */

struct owners {
    const uint32_t *meter; /* NULL: all meters */
    size_t n;
};

static struct owners owners_of(const struct gb_fleet *fleet, enum reg reg)
{
    switch (reg) {
    case REG_SOLAR: return (struct owners){fleet->systems.meter, fleet->systems.n};
    case REG_WIND: return (struct owners){fleet->turbines.meter, fleet->turbines.n};
    case REG_CHARGE:
    case REG_DISCHARGE: return (struct owners){fleet->batteries.meter, fleet->batteries.n};
    case REG_EV:
    case REG_EV_UNSERVED: return (struct owners){fleet->evs.meter, fleet->evs.n};
    default: return (struct owners){NULL, fleet->n};
    }
}

static bool allocate(struct gb_meters *meters)
{
    const struct gb_fleet *fleet = meters->fleet;
    bool complete = true;

    meters->laws = calloc(fleet->n_kinds, sizeof *meters->laws);
    meters->limits_wh = calloc(fleet->n_kinds, sizeof *meters->limits_wh);
    meters->stored_wh = calloc(fleet->batteries.n + 1, sizeof *meters->stored_wh);
    for (int r = 0; r < N_REGS; r++) {
        meters->remainders[r] =
            calloc(owners_of(fleet, (enum reg)r).n + 1, sizeof *meters->remainders[r]);
        complete = complete && meters->remainders[r];
    }
    return complete && meters->laws && meters->limits_wh && meters->stored_wh;
}

static const struct gb_battery_law *law_of(const struct gb_meters *meters, size_t battery)
{
    return &meters->laws[meters->fleet->kind[meters->fleet->batteries.meter[battery]]];
}

/* Whole Wh a slot that a connection carries: no more than its power comes to. */
static int64_t limit_of(const struct gb_connection_config *connection, double slot_h)
{
    double wh = 1000 * connection->limit_kw * slot_h;

    if (connection->limit_kw < 0 || wh >= GB_METER_MAX_WH)
        return NO_LIMIT;
    return (int64_t)floor(wh * (1 + 1e-12)); /* of 0.1 kW for 6 min they are 10 */
}

static void set_limits(struct gb_meters *meters)
{
    const struct gb_fleet *fleet = meters->fleet;

    for (size_t k = 0; k < fleet->n_kinds; k++) {
        meters->limits_wh[k] = limit_of(&fleet->kinds[k].connection, meters->slot_h);
        meters->has_limits = meters->has_limits || meters->limits_wh[k] != NO_LIMIT;
    }
}

static int64_t limit_at(const struct gb_meters *meters, size_t meter)
{
    return meters->limits_wh[meters->fleet->kind[meter]];
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
    if (!allocate(meters)) {
        gb_meters_free(meters);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu meters", fleet->n);
    }
    meters->config = config;
    meters->calendar = gb_weather_calendar(&config->weather);
    meters->rules = *rules;
    meters->slot_h = (double)config->weather.slot_ns / GB_NS_PER_HOUR;
    set_limits(meters);
    set_batteries(meters);
    enum gb_status status = gb_evs_create(&meters->evs, config, fleet, err);
    if (status == GB_OK)
        *out = meters;
    else
        gb_meters_free(meters);
    return status;
}

void gb_meters_end_at(struct gb_meters *meters, int64_t end_ns)
{
    gb_evs_end_at(meters->evs, end_ns);
}

void gb_meters_free(struct gb_meters *meters)
{
    if (!meters)
        return;
    for (int r = 0; r < N_REGS; r++)
        free(meters->remainders[r]);
    free(meters->laws);
    free(meters->limits_wh);
    free(meters->stored_wh);
    gb_evs_free(meters->evs);
    free(meters);
}

const double *gb_meters_charge_wh(const struct gb_meters *meters)
{
    return meters->stored_wh;
}

const struct gb_ev_state *gb_meters_ev_states(const struct gb_meters *meters)
{
    return gb_evs_states(meters->evs);
}

/* Energy of a mean power over a slot, where 64 bits of micro-Wh end: beyond what any ledger takes.
 */
static inline double slot_wh(double power_w, double slot_h)
{
    double wh = power_w * slot_h;

    return wh < GB_METER_MAX_WH ? wh : GB_METER_MAX_WH;
}

/* Whole Wh that a mean power adds to a register over a slot; the rest is carried. */
static inline int64_t register_wh(int32_t *remainder, double power_w, double slot_h)
{
    int64_t micro = *remainder + (int64_t)(slot_wh(power_w, slot_h) * MICRO + 0.5);
    int64_t wh = micro / MICRO;

    *remainder = (int32_t)(micro - wh * MICRO);
    return wh;
}

/* Power of the schedule in a slot, W; 0 where no schedule is followed. */
static double scheduled_w(const struct gb_meters *meters, int64_t interval)
{
    int64_t local_ns =
        gb_calendar_local_ns(&meters->calendar, interval * meters->config->weather.slot_ns);
    int64_t into_day_ns = local_ns - gb_floor_divide(local_ns, GB_NS_PER_DAY) * GB_NS_PER_DAY;

    return meters->rules.schedule.n > 0
               ? 1000 * gb_day_times_at(&meters->rules.schedule, into_day_ns)
               : 0;
}

/* What controllers see of all batteries in a slot alike. */
static struct gb_controller_seen seen_of_slot(const struct gb_meters *meters, int64_t interval)
{
    return (struct gb_controller_seen){.slot_h = meters->slot_h,
                                       .scheduled_w = scheduled_w(meters, interval)};
}

/* What the connection leaves of what a battery is to take, W: with what its meter shows without it,
 * and less 1 Wh, which its registers may carry over, it draws and feeds in no more than the limit.
 */
static double within_connection(const struct gb_meters *meters, size_t meter, int64_t net_wh,
                                double wish_w)
{
    int64_t limit = limit_at(meters, meter);
    double most_w, least_w;

    if (limit == NO_LIMIT)
        return wish_w;
    most_w = fmax((double)(limit - 1 - net_wh) / meters->slot_h, 0);
    least_w = fmin((double)(1 - limit - net_wh) / meters->slot_h, 0);
    return fmin(fmax(wish_w, least_w), most_w);
}

/* Runs battery i over a slot in which its meter shows `net_wh` without it. */
static inline struct gb_battery_flow run_storage(const struct gb_meters *meters, size_t i,
                                                 int64_t net_wh,
                                                 const struct gb_storage_signals *signals,
                                                 const struct gb_controller_seen *of_slot,
                                                 double *stored_wh)
{
    const struct gb_batteries *batteries = &meters->fleet->batteries;
    const struct gb_storage_rules *rules = &meters->rules;
    struct gb_controller_seen seen = *of_slot;

    seen.power_w = 1000 * batteries->kw[i];
    seen.net_wh = net_wh;
    if (signals && signals->contracted_wh)
        seen.contracted_wh = signals->contracted_wh[i];
    if (signals && signals->price)
        seen.price = signals->price[i];
    double wish_w = rules->controller->wish_w(rules, &seen);
    if (meters->has_limits)
        wish_w = within_connection(meters, batteries->meter[i], net_wh, wish_w);
    return gb_battery_step(law_of(meters, i), 1000 * batteries->kwh[i], seen.power_w, wish_w,
                           stored_wh);
}

static inline void advance_battery(struct gb_meters *meters, size_t i,
                                   const struct gb_storage_signals *signals,
                                   const struct gb_controller_seen *seen,
                                   struct gb_slot_energy *out)
{
    size_t meter = meters->fleet->batteries.meter[i];
    int32_t *const *remainders = meters->remainders;
    struct gb_battery_flow flow =
        run_storage(meters, i, out->net_wh[meter], signals, seen, &meters->stored_wh[i]);
    int64_t charge = register_wh(&remainders[REG_CHARGE][i], flow.charge_w, meters->slot_h);
    int64_t discharge =
        register_wh(&remainders[REG_DISCHARGE][i], flow.discharge_w, meters->slot_h);

    out->charge_wh[meter] = charge;
    out->discharge_wh[meter] = discharge;
    out->net_wh[meter] += charge - discharge;
}

/* Storage behind the meters whose net without it is in `out` already. */
static void advance_storage(struct gb_meters *meters, const struct gb_storage_signals *signals,
                            struct gb_slot_energy *out)
{
    struct gb_controller_seen seen = seen_of_slot(meters, out->interval);
    size_t n = meters->fleet->batteries.n;

    memset(out->charge_wh, 0, meters->fleet->n * sizeof *out->charge_wh);
    memset(out->discharge_wh, 0, meters->fleet->n * sizeof *out->discharge_wh);
    if (!gb_is_worth_threads(n)) {
        for (size_t i = 0; i < n; i++)
            advance_battery(meters, i, signals, &seen, out);
        return;
    }
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n; i++)
        advance_battery(meters, i, signals, &seen, out);
}

static inline void advance_load(struct gb_meters *meters, const double *load_w, size_t i,
                                struct gb_slot_energy *out)
{
    assert(load_w[i] >= 0);
    out->load_wh[i] = register_wh(&meters->remainders[REG_LOAD][i], load_w[i], meters->slot_h);
    out->net_wh[i] = out->load_wh[i];
}

static void advance_loads(struct gb_meters *meters, const double *load_w,
                          struct gb_slot_energy *out)
{
    size_t n = meters->fleet->n;

    if (!gb_is_worth_threads(n)) {
        for (size_t i = 0; i < n; i++)
            advance_load(meters, load_w, i, out);
        return;
    }
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n; i++)
        advance_load(meters, load_w, i, out);
}

/* A generator, and the net of its meter. */
static inline void advance_generator(const struct gb_meters *meters, int32_t *remainder,
                                     double power_w, int64_t *energy_wh, int64_t *net_wh)
{
    assert(power_w >= 0);
    *energy_wh = register_wh(remainder, power_w, meters->slot_h);
    *net_wh -= *energy_wh;
}

/* Registers of one kind of generator, REG_SOLAR or REG_WIND. */
static void advance_generators(struct gb_meters *meters, enum reg reg, const double *power_w,
                               int64_t *energy_wh, int64_t *net_wh)
{
    struct owners owners = owners_of(meters->fleet, reg);
    int32_t *remainders = meters->remainders[reg];

    memset(energy_wh, 0, meters->fleet->n * sizeof *energy_wh);
    if (!gb_is_worth_threads(owners.n)) {
        for (size_t i = 0; i < owners.n; i++)
            advance_generator(meters, &remainders[i], power_w[i], &energy_wh[owners.meter[i]],
                              &net_wh[owners.meter[i]]);
        return;
    }
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < owners.n; i++)
        advance_generator(meters, &remainders[i], power_w[i], &energy_wh[owners.meter[i]],
                          &net_wh[owners.meter[i]]);
}

/* ---- electric vehicles: they come before storage, which follows what they leave */

/* What is known of slots to come behind a meter. */
static const struct gb_outlook *outlook_of(const struct gb_storage_signals *signals, size_t meter)
{
    if (!signals || !signals->flexible.outlooks)
        return NULL;
    return &signals->flexible.outlooks[signals->flexible.outlook_of[meter]];
}

/* What is there for car i already, behind a meter that shows `net_wh` without it. */
static double own_wh(const struct gb_storage_signals *signals, size_t i, int64_t net_wh)
{
    bool has_contract = signals && signals->flexible.ev_contracted_wh;
    int64_t own = (has_contract ? signals->flexible.ev_contracted_wh[i] : 0) - net_wh;

    return own > 0 ? (double)own : 0;
}

static void add_to_load(struct gb_slot_energy *out, size_t at, int64_t ev_wh)
{
    out->ev_wh[at] = ev_wh;
    out->load_wh[at] += ev_wh;
    out->net_wh[at] += ev_wh;
}

static inline void advance_ev(struct gb_meters *meters, size_t i,
                              const struct gb_storage_signals *signals, struct gb_slot_energy *out)
{
    size_t meter = meters->fleet->evs.meter[i];
    struct gb_ev_flow flow =
        gb_evs_advance(meters->evs, i, out->interval, own_wh(signals, i, out->net_wh[meter]),
                       outlook_of(signals, meter));

    add_to_load(out, meter, register_wh(&meters->remainders[REG_EV][i], flow.charged_wh, 1));
    out->ev_unserved_wh[meter] =
        register_wh(&meters->remainders[REG_EV_UNSERVED][i], flow.unserved_wh, 1);
}

static void advance_evs(struct gb_meters *meters, const struct gb_storage_signals *signals,
                        struct gb_slot_energy *out)
{
    size_t n = meters->fleet->evs.n;

    memset(out->ev_wh, 0, meters->fleet->n * sizeof *out->ev_wh);
    memset(out->ev_unserved_wh, 0, meters->fleet->n * sizeof *out->ev_unserved_wh);
    if (!gb_is_worth_threads(n)) {
        for (size_t i = 0; i < n; i++)
            advance_ev(meters, i, signals, out);
        return;
    }
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n; i++)
        advance_ev(meters, i, signals, out);
}

/* ---- connections: last, when all that passes them is known */

/* Takes of a generator's energy as much as is beyond the connection still. */
static void curtail_generator(int64_t *energy_wh, int64_t *beyond_wh)
{
    int64_t cut = *energy_wh < *beyond_wh ? *energy_wh : *beyond_wh;

    *energy_wh -= cut;
    *beyond_wh -= cut;
}

/* Meters [first, first + n), whose energies are elements 0 to n - 1 of `out`. */
static void curtail(const struct gb_meters *meters, size_t first, size_t n,
                    struct gb_slot_energy *out)
{
    memset(out->curtailed_wh, 0, n * sizeof *out->curtailed_wh);
    for (size_t j = 0; meters->has_limits && j < n; j++) {
        int64_t limit = limit_at(meters, first + j), beyond = -out->net_wh[j] - limit;

        if (beyond <= 0)
            continue;
        out->curtailed_wh[j] = beyond;
        curtail_generator(&out->solar_wh[j], &beyond);
        curtail_generator(&out->wind_wh[j], &beyond);
        out->curtailed_wh[j] -= beyond;
        out->net_wh[j] += out->curtailed_wh[j];
    }
}

void gb_meters_advance(struct gb_meters *meters, const struct gb_slot_power *power,
                       const struct gb_storage_signals *signals, struct gb_slot_energy *out)
{
    out->interval = power->interval;
    advance_loads(meters, power->load_w, out);
    advance_generators(meters, REG_SOLAR, power->solar_w, out->solar_wh, out->net_wh);
    advance_generators(meters, REG_WIND, power->wind_w, out->wind_wh, out->net_wh);
    advance_evs(meters, signals, out);
    advance_storage(meters, signals, out);
    curtail(meters, 0, meters->fleet->n, out);
}

static int64_t rounded_wh(double power_w, double slot_h)
{
    return (int64_t)(slot_wh(power_w, slot_h) + 0.5);
}

static void plan_generators(const struct gb_meters *meters, enum reg reg, size_t first, size_t n,
                            const double *power_w, int64_t *energy_wh, int64_t *net_wh)
{
    struct owners owners = owners_of(meters->fleet, reg);
    size_t before = gb_owners_before(owners.meter, owners.n, first);

    memset(energy_wh, 0, n * sizeof *energy_wh);
    for (size_t i = before; i < owners.n && owners.meter[i] < first + n; i++) {
        int64_t wh = rounded_wh(power_w[i - before], meters->slot_h);
        energy_wh[owners.meter[i] - first] = wh;
        net_wh[owners.meter[i] - first] -= wh;
    }
}

static void plan_storage(const struct gb_meters *meters, size_t first, size_t n,
                         const struct gb_storage_signals *signals, double *stored_wh,
                         struct gb_slot_energy *out)
{
    struct gb_controller_seen seen = seen_of_slot(meters, out->interval);
    const struct gb_batteries *batteries = &meters->fleet->batteries;
    size_t before = gb_owners_before(batteries->meter, batteries->n, first);

    memset(out->charge_wh, 0, n * sizeof *out->charge_wh);
    memset(out->discharge_wh, 0, n * sizeof *out->discharge_wh);
    for (size_t i = before; i < batteries->n && batteries->meter[i] < first + n; i++) {
        size_t j = batteries->meter[i] - first;
        struct gb_battery_flow flow =
            run_storage(meters, i, out->net_wh[j], signals, &seen, &stored_wh[i - before]);
        out->charge_wh[j] = rounded_wh(flow.charge_w, meters->slot_h);
        out->discharge_wh[j] = rounded_wh(flow.discharge_w, meters->slot_h);
        out->net_wh[j] += out->charge_wh[j] - out->discharge_wh[j];
    }
}

static void plan_evs(const struct gb_meters *meters, size_t first, size_t n,
                     const struct gb_storage_signals *signals, struct gb_ev_state *states,
                     struct gb_slot_energy *out)
{
    const struct gb_cars *evs = &meters->fleet->evs;
    size_t before = gb_owners_before(evs->meter, evs->n, first);

    memset(out->ev_wh, 0, n * sizeof *out->ev_wh);
    memset(out->ev_unserved_wh, 0, n * sizeof *out->ev_unserved_wh);
    for (size_t i = before; i < evs->n && evs->meter[i] < first + n; i++) {
        size_t j = evs->meter[i] - first;
        struct gb_ev_flow flow =
            gb_evs_step(meters->evs, i, out->interval, own_wh(signals, i, out->net_wh[j]),
                        outlook_of(signals, evs->meter[i]), &states[i - before]);
        add_to_load(out, j, rounded_wh(flow.charged_wh, 1));
        out->ev_unserved_wh[j] = rounded_wh(flow.unserved_wh, 1);
    }
}

void gb_meters_plan(const struct gb_meters *meters, int64_t interval, size_t first, size_t n,
                    const double *solar_w, const double *wind_w, const double *load_w,
                    const struct gb_storage_signals *signals, const struct gb_plan_state *state,
                    struct gb_slot_energy *out)
{
    out->interval = interval;
    assert(first + n <= meters->fleet->n);
    for (size_t j = 0; j < n; j++) {
        out->load_wh[j] = rounded_wh(load_w[j], meters->slot_h);
        out->net_wh[j] = out->load_wh[j];
    }
    plan_generators(meters, REG_SOLAR, first, n, solar_w, out->solar_wh, out->net_wh);
    plan_generators(meters, REG_WIND, first, n, wind_w, out->wind_wh, out->net_wh);
    plan_evs(meters, first, n, signals, state->ev, out);
    plan_storage(meters, first, n, signals, state->stored_wh, out);
    curtail(meters, first, n, out);
}
