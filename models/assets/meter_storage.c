/* Batteries behind meters, as they run and as they are planned: what a controller wishes, within
 * what the connection leaves, as far as the battery can. */
#include <string.h>

#include "base/date.h"
#include "base/quantity.h"
#include "models/assets/meter_priv.h"

struct gb_controller_seen gb_meters_seen(const struct gb_meters *meters, int64_t at_ns,
                                         double length_h)
{
    int64_t local_ns = gb_calendar_local_ns(&meters->calendar, at_ns);

    return (struct gb_controller_seen){
        .slot_h = length_h,
        .into_day_ns = local_ns - gb_floor_divide(local_ns, GB_NS_PER_DAY) * GB_NS_PER_DAY};
}

struct gb_controller_seen gb_meters_seen_in_slot(const struct gb_meters *meters, int64_t interval)
{
    return gb_meters_seen(meters, interval * meters->config->weather.slot_ns, meters->slot_h);
}

/* Runs battery i under a law, of a slot or of a step. Inlined into both: a call more costs a
 * battery and slot a fifth. */
__attribute__((always_inline)) static inline struct gb_battery_flow run_law(
    const struct gb_meters *meters, size_t i, const struct gb_battery_law *law,
    const struct gb_storage_signals *signals, struct gb_controller_seen *seen, double *stored_wh)
{
    const struct gb_batteries *batteries = &meters->fleet->batteries;
    const struct gb_storage_rules *rules = &meters->rules[meters->fleet->kind[batteries->meter[i]]];

    seen->power_w = 1000 * batteries->kw[i];
    if (signals && signals->price)
        seen->price = signals->price[i];
    double wish_w = rules->controller->wish_w(rules, seen);
    if (meters->has_limits)
        wish_w = gb_meters_within_connection(meters, batteries->meter[i], seen, wish_w);
    return gb_battery_step(law, 1000 * batteries->kwh[i], seen->power_w, wish_w, stored_wh);
}

/* Runs battery i over a slot in which its meter shows `net_wh` without it. */
static inline struct gb_battery_flow run_storage(const struct gb_meters *meters, size_t i,
                                                 double net_wh,
                                                 const struct gb_storage_signals *signals,
                                                 const struct gb_controller_seen *of_slot,
                                                 double *stored_wh)
{
    struct gb_controller_seen seen = *of_slot;

    seen.net_wh = net_wh;
    if (signals && signals->contracted_wh)
        seen.contracted_wh = (double)signals->contracted_wh[i];
    return run_law(meters, i, law_of(meters, i), signals, &seen, stored_wh);
}

struct gb_battery_flow gb_meters_run_step(const struct gb_meters *meters, size_t i,
                                          const struct gb_storage_signals *signals,
                                          struct gb_controller_seen seen, double *stored_wh)
{
    uint32_t kind = meters->fleet->kind[meters->fleet->batteries.meter[i]];

    return run_law(meters, i, &meters->step_laws[kind], signals, &seen, stored_wh);
}

/* j: where its meter's energies are in `out` */
static inline void advance_battery(struct gb_meters *meters, size_t i, size_t j,
                                   const struct gb_storage_signals *signals,
                                   const struct gb_controller_seen *seen,
                                   struct gb_slot_energy *out)
{
    int32_t *const *remainders = meters->remainders;
    struct gb_battery_flow flow =
        run_storage(meters, i, (double)out->net_wh[j], signals, seen, &meters->stored_wh[i]);
    int64_t charge = register_wh(&remainders[REG_CHARGE][i], flow.charge_w, meters->slot_h);
    int64_t discharge =
        register_wh(&remainders[REG_DISCHARGE][i], flow.discharge_w, meters->slot_h);

    out->charge_wh[j] = charge;
    out->discharge_wh[j] = discharge;
    out->net_wh[j] += charge - discharge;
}

void gb_meters_advance_storage(struct gb_meters *meters, struct gb_range part,
                               const struct gb_storage_signals *signals,
                               const struct gb_controller_seen *seen, struct gb_slot_energy *out)
{
    const struct gb_batteries *batteries = &meters->fleet->batteries;
    struct gb_range of = gb_owners_of(batteries->meter, batteries->n, part);

    for (size_t i = of.first; i < of.first + of.n; i++)
        advance_battery(meters, i, batteries->meter[i] - part.first, signals, seen, out);
}

void gb_meters_plan_storage(const struct gb_meters *meters, size_t first, size_t n,
                            const struct gb_storage_signals *signals, double *stored_wh,
                            struct gb_slot_energy *out)
{
    struct gb_controller_seen seen = gb_meters_seen_in_slot(meters, out->interval);
    const struct gb_batteries *batteries = &meters->fleet->batteries;
    size_t before = gb_owners_before(batteries->meter, batteries->n, first);

    memset(out->charge_wh, 0, n * sizeof *out->charge_wh);
    memset(out->discharge_wh, 0, n * sizeof *out->discharge_wh);
    for (size_t i = before; i < batteries->n && batteries->meter[i] < first + n; i++) {
        size_t j = batteries->meter[i] - first;
        struct gb_battery_flow flow =
            run_storage(meters, i, (double)out->net_wh[j], signals, &seen, &stored_wh[i - before]);
        out->charge_wh[j] = rounded_wh(flow.charge_w, meters->slot_h);
        out->discharge_wh[j] = rounded_wh(flow.discharge_w, meters->slot_h);
        out->net_wh[j] += out->charge_wh[j] - out->discharge_wh[j];
    }
}
