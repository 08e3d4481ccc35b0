/* Storage and connections within a slot, where the physics moves in steps (physics.step): in each
 * step a controller acts on what flows then, a battery keeps to its power, and generation beyond
 * the connection is curtailed. Registers still advance once a slot by the net of all its steps.
 *
 * Within a slot energies are fractions of a Wh. In its last step a controller sees what is missing
 * to what the meter would show, in whole Wh, so that a battery that can still leaves exactly the
 * net that is aimed at; with one step a slot this is models/assets/meter_storage.c. A contract is
 * of the slot: each step aims at an equal share of what is left of it.
 *
 * Flexible demand has a constant power over a slot. */
#include <math.h>
#include <stdlib.h>

#include "base/quantity.h"
#include "models/assets/meter_priv.h"

/* ---- set-up */

/* The place of a meter among the n owners, ascending. */
static uint32_t place_of(const uint32_t *owners, size_t n, size_t meter)
{
    size_t place = gb_owners_before(owners, n, meter);

    return place < n && owners[place] == meter ? (uint32_t)place : GB_NOTHING;
}

static struct behind behind_of(const struct gb_fleet *fleet, size_t meter)
{
    return (struct behind){
        .meter = (uint32_t)meter,
        .system = place_of(fleet->systems.meter, fleet->systems.n, meter),
        .turbine = place_of(fleet->turbines.meter, fleet->turbines.n, meter),
        .battery = place_of(fleet->batteries.meter, fleet->batteries.n, meter),
    };
}

static void set_laws(struct gb_meters *meters)
{
    const struct gb_fleet *fleet = meters->fleet;

    for (size_t k = 0; k < fleet->n_kinds; k++) {
        const struct gb_battery_config *battery = &fleet->kinds[k].battery;
        meters->step_laws[k] = gb_battery_law_make(meters->step_h, battery->efficiency,
                                                   battery->dod, battery->loss_per_h);
    }
}

enum gb_status gb_meters_create_steps(struct gb_meters *meters, struct gb_error *err)
{
    const struct gb_fleet *fleet = meters->fleet;
    const struct gb_weather_config *weather = &meters->config->weather;

    meters->n_steps = gb_weather_n_steps_a_slot(weather);
    meters->step_h = (double)gb_weather_step_ns(weather) / GB_NS_PER_HOUR;
    if (meters->n_steps == 1)
        return GB_OK;
    meters->step_laws = calloc(fleet->n_kinds, sizeof *meters->step_laws);
    meters->behind = calloc(fleet->n + 1, sizeof *meters->behind);
    meters->seen = calloc(meters->n_steps, sizeof *meters->seen);
    if (!meters->step_laws || !meters->behind || !meters->seen)
        return gb_fail(err, GB_ENOMEM, "no memory for the steps of %zu meters", fleet->n);
    set_laws(meters);
    for (size_t i = 0; i < fleet->n; i++) {
        struct behind behind = behind_of(fleet, i);
        if (behind.battery != GB_NOTHING || limit_at(meters, i) != GB_NO_LIMIT_WH)
            meters->behind[meters->n_behind++] = behind;
    }
    return GB_OK;
}

/* ---- a slot */

/* How many of those behind meters come before that of `meter`: they stand in the order of meters.
 */
static size_t behind_before(const struct gb_meters *meters, size_t meter)
{
    const struct behind *behind = meters->behind;

    return meters->n_behind == 0
               ? 0
               : gb_items_before(&behind->meter, sizeof *behind, meters->n_behind, meter);
}

void gb_meters_begin_steps(struct gb_meters *meters, struct gb_range part,
                           const struct gb_slot_energy *out)
{
    size_t end = behind_before(meters, part.first + part.n);

    for (size_t b = behind_before(meters, part.first); b < end; b++)
        meters->behind[b].fixed_wh = out->net_wh[meters->behind[b].meter - part.first];
}

/* What flows in a step without storage, Wh. */
struct flows {
    double load_wh, solar_wh, wind_wh;
};

/* What of a meter's slot is under way. */
struct progress {
    size_t j;                          /* where its energies are among those of a part */
    double net_wh;                     /* of the steps behind, storage and curtailing included */
    int64_t shown_wh;                  /* of the whole slot, as far as it is known */
    int64_t charge_wh, discharge_wh;   /* as their registers show them */
    int64_t solar_cut_wh, wind_cut_wh; /* likewise */
};

static struct flows flows_in(const struct gb_meters *meters, const struct behind *behind,
                             const struct gb_slot_power *power, size_t step, double flexible_wh)
{
    const struct gb_fleet *fleet = meters->fleet;
    struct flows flows = {0, 0, 0};

    flows.load_wh = slot_wh(power->load_w[step * fleet->n + behind->meter], meters->step_h) +
                    flexible_wh / (double)meters->n_steps;
    if (behind->system != GB_NOTHING)
        flows.solar_wh =
            slot_wh(power->solar_w[step * fleet->systems.n + behind->system], meters->step_h);
    if (behind->turbine != GB_NOTHING)
        flows.wind_wh =
            slot_wh(power->wind_w[step * fleet->turbines.n + behind->turbine], meters->step_h);
    return flows;
}

/* The battery in a step that is one of `left`. returns what it takes less what it gives, Wh */
static double run_battery(struct gb_meters *meters, const struct behind *behind,
                          const struct gb_storage_signals *signals, struct gb_controller_seen seen,
                          size_t left, double net_wh, struct progress *so_far)
{
    uint32_t i = behind->battery;
    int32_t *const *remainders = meters->remainders;

    seen.net_wh = left > 1 ? net_wh : (double)so_far->shown_wh - so_far->net_wh;
    if (signals && signals->contracted_wh && signals->contracted_wh[i] != 0)
        seen.contracted_wh = ((double)signals->contracted_wh[i] - so_far->net_wh) / (double)left;
    struct gb_battery_flow flow =
        gb_meters_run_step(meters, i, signals, seen, &meters->stored_wh[i]);
    int64_t charge = register_wh(&remainders[REG_CHARGE][i], flow.charge_w, meters->step_h);
    int64_t discharge =
        register_wh(&remainders[REG_DISCHARGE][i], flow.discharge_w, meters->step_h);
    so_far->charge_wh += charge;
    so_far->discharge_wh += discharge;
    so_far->shown_wh += charge - discharge;
    return (flow.charge_w - flow.discharge_w) * meters->step_h;
}

/* Curtails a generator by as much as is beyond still. returns what its register shows of that: no
 * more than the slot's energy of it */
static int64_t cut_generator(int32_t *carried, double energy_wh, int64_t left_wh, double *beyond_wh)
{
    double cut = fmin(energy_wh, *beyond_wh);
    int64_t wh = register_wh(carried, cut, 1);

    *beyond_wh -= cut;
    if (wh <= left_wh)
        return wh;
    *carried += (int32_t)((wh - left_wh) * MICRO);
    return left_wh;
}

/* What of a step's generation is beyond the connection. returns how much, Wh */
static double curtail_step(const struct gb_meters *meters, struct behind *behind,
                           const struct flows *flows, double net_wh,
                           const struct gb_slot_energy *out, struct progress *so_far)
{
    int64_t limit = limit_at(meters, behind->meter);
    double beyond = -net_wh - (double)limit / (double)meters->n_steps, left;

    if (limit == GB_NO_LIMIT_WH || beyond <= 0)
        return 0;
    left = beyond;
    int64_t solar = cut_generator(&behind->solar_cut, flows->solar_wh,
                                  out->solar_wh[so_far->j] - so_far->solar_cut_wh, &left);
    int64_t wind = cut_generator(&behind->wind_cut, flows->wind_wh,
                                 out->wind_wh[so_far->j] - so_far->wind_cut_wh, &left);
    so_far->solar_cut_wh += solar;
    so_far->wind_cut_wh += wind;
    so_far->shown_wh += solar + wind;
    return beyond - left;
}

static void show(const struct progress *so_far, struct gb_slot_energy *out)
{
    size_t j = so_far->j;

    out->charge_wh[j] = so_far->charge_wh;
    out->discharge_wh[j] = so_far->discharge_wh;
    out->solar_wh[j] -= so_far->solar_cut_wh;
    out->wind_wh[j] -= so_far->wind_cut_wh;
    out->curtailed_wh[j] = so_far->solar_cut_wh + so_far->wind_cut_wh;
    out->net_wh[j] = so_far->shown_wh;
}

/* seen: of each step, what is the same for all batteries */
static void run_behind(struct gb_meters *meters, struct behind *behind, size_t j,
                       const struct gb_slot_power *power, const struct gb_storage_signals *signals,
                       const struct gb_controller_seen *seen, struct gb_slot_energy *out)
{
    struct progress so_far = {.j = j, .shown_wh = out->net_wh[j]};
    double flexible_wh = (double)(out->net_wh[j] - behind->fixed_wh);

    for (size_t s = 0; s < meters->n_steps; s++) {
        struct flows flows = flows_in(meters, behind, power, s, flexible_wh);
        double net_wh = flows.load_wh - flows.solar_wh - flows.wind_wh;
        if (behind->battery != GB_NOTHING)
            net_wh +=
                run_battery(meters, behind, signals, seen[s], meters->n_steps - s, net_wh, &so_far);
        net_wh += curtail_step(meters, behind, &flows, net_wh, out, &so_far);
        so_far.net_wh += net_wh;
    }
    show(&so_far, out);
}

void gb_meters_look_at_steps(struct gb_meters *meters, int64_t interval)
{
    const struct gb_weather_config *weather = &meters->config->weather;
    int64_t begin_ns = interval * weather->slot_ns, step_ns = gb_weather_step_ns(weather);

    for (size_t s = 0; meters->n_behind > 0 && s < meters->n_steps; s++)
        meters->seen[s] = gb_meters_seen(meters, begin_ns + (int64_t)s * step_ns, meters->step_h);
}

void gb_meters_run_steps(struct gb_meters *meters, struct gb_range part,
                         const struct gb_slot_power *power,
                         const struct gb_storage_signals *signals, struct gb_slot_energy *out)
{
    size_t end = behind_before(meters, part.first + part.n);

    for (size_t b = behind_before(meters, part.first); b < end; b++)
        run_behind(meters, &meters->behind[b], meters->behind[b].meter - part.first, power, signals,
                   meters->seen, out);
}
