/* Whether the money that a scenario can move fits the numbers that count it. */
#include <inttypes.h>
#include <math.h>

#include "base/date.h"
#include "experiments/scenario/scenario_priv.h"
#include "models/assets/heat_pump.h"
#include "models/market/trade_fees.h"

#define MOST 4.0e18 /* for sums in 64 bits: a factor of two is kept in hand */

/* The price furthest from 0 with the fees of a trade; at least a tick. */
static double dearest_ticks(const struct gb_scenario *s)
{
    const struct gb_tariff *tariff = gb_scenario_band(s);
    const int64_t ticks[] = {tariff->retail.ticks, tariff->feed_in.ticks, s->imbalance_short.ticks,
                             s->imbalance_long.ticks};
    double most = 1;

    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++)
        most = fmax(most, fabs((double)ticks[i]));
    return most + (double)gb_trade_fees_sum(&s->trade_fees).ticks;
}

/* Of what a kind owns that its household's load is without. */
static double demand_kw(const struct gb_kind *kind)
{
    return (kind->has_ev ? kind->ev.power_kw : 0) +
           (kind->has_heat_pump ? gb_heat_pump_power_kw(&kind->heat_pump) : 0);
}

static double listed_demand_kw(const struct gb_listed_meter *meter, const struct gb_kind *kind)
{
    struct gb_heat_pump_config pump = kind->heat_pump;
    bool has_ev = gb_listed_owns(meter->ev_kw, kind->has_ev);
    bool has_heat_pump = gb_listed_owns(meter->heat_pump_kw, kind->has_heat_pump);

    pump.heat_loss_w_k = gb_listed_or(meter->heat_loss_w_k, pump.heat_loss_w_k);
    pump.power_kw = gb_listed_or(meter->heat_pump_kw, pump.power_kw);
    return (has_ev ? gb_listed_or(meter->ev_kw, kind->ev.power_kw) : 0) +
           (has_heat_pump ? gb_heat_pump_power_kw(&pump) : 0);
}

static double most_kw_of_listed(const struct gb_physics_config *p)
{
    double sum = 0;

    for (int64_t i = 0; i < p->fleet.n_meters; i++) {
        const struct gb_listed_meter *meter = &p->listed[i];
        const struct gb_kind *kind = &p->kinds[meter->settings];

        sum += 4 * gb_listed_or(meter->yearly_kwh / GB_HOURS_A_YEAR, kind->household.mean_kw) +
               2 * gb_listed_or(meter->pv_kw, kind->has_pv ? kind->pv.kwp_mean : 0) +
               gb_listed_or(meter->turbine_kw, kind->has_turbine ? kind->turbine.rated_kw : 0) +
               gb_listed_or(meter->battery_kw, kind->has_battery ? kind->battery.kw : 0) +
               listed_demand_kw(meter, kind);
    }
    return sum;
}

/* The most power that all meters can reasonably have at once. */
static double most_kw(const struct gb_physics_config *p)
{
    double sum = 0;

    if (p->listed)
        return most_kw_of_listed(p);
    for (size_t k = 0; k < p->n_kinds; k++) {
        const struct gb_kind *kind = &p->kinds[k];
        sum += (double)kind->n_meters *
               (4 * kind->household.mean_kw + (kind->has_pv ? 2 * kind->pv.kwp_mean : 0) +
                (kind->has_turbine ? kind->turbine.rated_kw : 0) +
                (kind->has_battery ? kind->battery.kw : 0) + demand_kw(kind));
    }
    if (p->n_kinds > 0)
        return sum;
    return (double)p->fleet.n_meters *
           (4 * p->household.mean_kw + p->fleet.ev_share * p->ev.power_kw +
            p->fleet.heat_pump_share * gb_heat_pump_power_kw(&p->heat_pump) +
            p->fleet.prosumer_share *
                (2 * p->pv.kwp_mean + p->fleet.wind_share * p->turbine.rated_kw +
                 p->fleet.storage_share * p->battery.kw));
}

/* Largest energy the community can reasonably move, priced at the dearest tariff, must fit 64 bits;
 * sums that grow beyond this all the same are caught where they are made (gb_add_checked). */
void gb_reading_check_money(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    const struct gb_physics_config *p = &s->physics;
    double meters = (double)p->fleet.n_meters;
    double hours =
        (double)gb_scenario_n_slots(s) * (double)p->weather.slot_ns / (double)GB_NS_PER_HOUR;

    if (!s->has_unread_prices && most_kw(p) * 1000 * hours * dearest_ticks(s) > MOST)
        gb_reading_report(reading, "meters.count",
                          "%" PRId64 " meters of these sizes over %.0f h "
                          "at these prices move more money than 64 bits count",
                          p->fleet.n_meters, hours);
    if (meters * (double)s->balance.units > MOST)
        gb_reading_report(reading, "agents.balance",
                          "agents.balance: %" PRId64 " balances add up "
                          "to more money than 64 bits count",
                          p->fleet.n_meters);
}
