#include "models/assets/demand.h"

#include <stdlib.h>
#include <string.h>

#include "models/assets/registers_priv.h"

/* Kinds of demand, in the order in which they take. */
enum { CARS, HEAT, N_KINDS };

/* What is counted of each owner. */
struct counts {
    int32_t taken, unserved, heat; /* remainders, micro-Wh */
};

struct gb_demand {
    const struct gb_fleet *fleet;
    struct gb_evs *evs;
    struct gb_heat_pumps *heat_pumps;
    struct counts *counts[N_KINDS]; /* an owner each */
};

struct owners {
    const uint32_t *meter;
    size_t n;
};

static struct owners owners_of(const struct gb_demand *demand, int kind)
{
    const struct gb_fleet *fleet = demand->fleet;

    return kind == CARS ? (struct owners){fleet->evs.meter, fleet->evs.n}
                        : (struct owners){fleet->heat_pumps.meter, fleet->heat_pumps.n};
}

enum gb_status gb_demand_create(struct gb_demand **out, const struct gb_physics_config *config,
                                const struct gb_fleet *fleet, struct gb_error *err)
{
    struct gb_demand *demand = calloc(1, sizeof *demand);
    enum gb_status status = GB_OK;

    if (!demand)
        return gb_fail(err, GB_ENOMEM, "no memory for flexible demand");
    demand->fleet = fleet;
    for (int kind = 0; status == GB_OK && kind < N_KINDS; kind++) {
        size_t n = owners_of(demand, kind).n;
        demand->counts[kind] = calloc(n + 1, sizeof *demand->counts[kind]);
        if (!demand->counts[kind])
            status = gb_fail(err, GB_ENOMEM, "no memory for the demand of %zu meters", n);
    }
    if (status == GB_OK)
        status = gb_evs_create(&demand->evs, config, fleet, err);
    if (status == GB_OK)
        status = gb_heat_pumps_create(&demand->heat_pumps, config, fleet, err);
    if (status == GB_OK)
        *out = demand;
    else
        gb_demand_free(demand);
    return status;
}

void gb_demand_free(struct gb_demand *demand)
{
    if (!demand)
        return;
    for (int kind = 0; kind < N_KINDS; kind++)
        free(demand->counts[kind]);
    gb_evs_free(demand->evs);
    gb_heat_pumps_free(demand->heat_pumps);
    free(demand);
}

void gb_demand_end_at(struct gb_demand *demand, int64_t end_ns)
{
    gb_evs_end_at(demand->evs, end_ns);
}

void gb_demand_set_outdoors(struct gb_demand *demand, const struct gb_outdoors *outdoors)
{
    gb_heat_pumps_set_outdoors(demand->heat_pumps, outdoors);
}

const struct gb_ev_state *gb_demand_ev_states(const struct gb_demand *demand)
{
    return gb_evs_states(demand->evs);
}

const double *gb_demand_heat_wh(const struct gb_demand *demand)
{
    return gb_heat_pumps_stored_wh(demand->heat_pumps);
}

/* ---- a slot */

/* What is known of slots to come behind a meter. */
static const struct gb_outlook *outlook_of(const struct gb_flexible_signals *signals, size_t meter)
{
    if (!signals || !signals->outlooks)
        return NULL;
    return &signals->outlooks[signals->outlook_of[meter]];
}

/* What is there already for more, behind a meter that shows `net_wh` without it. */
static double own_wh(const struct gb_flexible_signals *signals, size_t meter, int64_t net_wh)
{
    bool has_contract = signals && signals->contracted_wh;
    int64_t own = (has_contract ? signals->contracted_wh[meter] : 0) - net_wh;

    return own > 0 ? (double)own : 0;
}

/* Where a kind's energies stand in those of a slot; heat_wh: NULL where it makes none. */
struct columns {
    int64_t *taken_wh, *unserved_wh, *heat_wh;
};

static struct columns columns_of(const struct gb_slot_energy *out, int kind)
{
    return kind == CARS ? (struct columns){out->ev_wh, out->ev_unserved_wh, NULL}
                        : (struct columns){out->heat_pump_wh, out->heat_unserved_wh, out->heat_wh};
}

/* What a fleet has none of stays 0, as it was made: nobody writes there. */
static void clear(const struct columns *columns, size_t n)
{
    memset(columns->taken_wh, 0, n * sizeof *columns->taken_wh);
    memset(columns->unserved_wh, 0, n * sizeof *columns->unserved_wh);
    if (columns->heat_wh)
        memset(columns->heat_wh, 0, n * sizeof *columns->heat_wh);
}

static void add_to_load(struct gb_slot_energy *out, size_t at, int64_t wh)
{
    out->load_wh[at] += wh;
    out->net_wh[at] += wh;
}

/* Owner i, whose meter's energies are element j of `out`. */
static void advance_owner(struct gb_demand *demand, int kind, size_t i, size_t j,
                          const struct gb_flexible_signals *signals, struct gb_slot_energy *out)
{
    struct columns columns = columns_of(out, kind);
    size_t meter = owners_of(demand, kind).meter[i];
    struct counts *counts = &demand->counts[kind][i];
    const struct gb_outlook *outlook = outlook_of(signals, meter);
    double own = own_wh(signals, meter, out->net_wh[j]);
    struct gb_flexible_flow flow = kind == CARS
                                       ? gb_evs_advance(demand->evs, i, out->interval, own, outlook)
                                       : gb_heat_pumps_advance(demand->heat_pumps, i, own, outlook);

    columns.taken_wh[j] = register_wh(&counts->taken, flow.taken_wh, 1);
    columns.unserved_wh[j] = register_wh(&counts->unserved, flow.unserved_wh, 1);
    if (columns.heat_wh)
        columns.heat_wh[j] = register_wh(&counts->heat, flow.heat_wh, 1);
    add_to_load(out, j, columns.taken_wh[j]);
}

static void advance_kind(struct gb_demand *demand, int kind, struct gb_range part,
                         const struct gb_flexible_signals *signals, struct gb_slot_energy *out)
{
    struct owners owners = owners_of(demand, kind);
    struct columns columns = columns_of(out, kind);
    struct gb_range of = gb_owners_of(owners.meter, owners.n, part);

    if (owners.n == 0)
        return;
    clear(&columns, part.n);
    for (size_t i = of.first; i < of.first + of.n; i++)
        advance_owner(demand, kind, i, owners.meter[i] - part.first, signals, out);
}

void gb_demand_advance(struct gb_demand *demand, struct gb_range part,
                       const struct gb_flexible_signals *signals, struct gb_slot_energy *out)
{
    for (int kind = 0; kind < N_KINDS; kind++)
        advance_kind(demand, kind, part, signals, out);
}

/* ---- plans */

void gb_demand_look(struct gb_demand *demand, int64_t interval, int64_t last_read)
{
    gb_heat_pumps_look(demand->heat_pumps, interval, last_read);
}

static void plan_kind(const struct gb_demand *demand, int kind, struct gb_range meters,
                      const struct gb_flexible_signals *signals,
                      const struct gb_demand_state *state, struct gb_slot_energy *out)
{
    struct owners owners = owners_of(demand, kind);
    struct columns columns = columns_of(out, kind);
    size_t before = gb_owners_before(owners.meter, owners.n, meters.first);

    clear(&columns, owners.n > 0 ? meters.n : 0);
    for (size_t i = before; i < owners.n && owners.meter[i] < meters.first + meters.n; i++) {
        size_t meter = owners.meter[i], j = meter - meters.first;
        const struct gb_outlook *outlook = outlook_of(signals, meter);
        double own = own_wh(signals, meter, out->net_wh[j]);
        struct gb_flexible_flow flow =
            kind == CARS
                ? gb_evs_step(demand->evs, i, out->interval, own, outlook, &state->ev[i - before])
                : gb_heat_pumps_step(demand->heat_pumps, i, own, outlook,
                                     &state->heat_wh[i - before]);

        columns.taken_wh[j] = rounded_wh(flow.taken_wh, 1);
        columns.unserved_wh[j] = rounded_wh(flow.unserved_wh, 1);
        if (columns.heat_wh)
            columns.heat_wh[j] = rounded_wh(flow.heat_wh, 1);
        add_to_load(out, j, columns.taken_wh[j]);
    }
}

void gb_demand_plan(const struct gb_demand *demand, size_t first, size_t n,
                    const struct gb_flexible_signals *signals, const struct gb_demand_state *state,
                    struct gb_slot_energy *out)
{
    for (int kind = 0; kind < N_KINDS; kind++)
        plan_kind(demand, kind, (struct gb_range){first, n}, signals, state, out);
}
