/* What a user plans for a slot: meters as they would advance, without touching any. */
#include <assert.h>
#include <string.h>

#include "models/assets/meter_priv.h"

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
    gb_demand_plan(meters->demand, first, n, signals ? &signals->flexible : NULL, &state->demand,
                   out);
    gb_meters_plan_storage(meters, first, n, signals, state->stored_wh, out);
    memset(out->curtailed_wh, 0, n * sizeof *out->curtailed_wh);
    gb_meters_curtail(meters, (struct gb_range){first, n}, out);
}
