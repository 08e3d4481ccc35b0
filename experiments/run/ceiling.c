#include "experiments/run/ceiling.h"

/* Under one tariff all that counts is the net of all. */
static int64_t cost_of_net(const struct gb_tariff *tariff, const struct gb_slot_energy *energy,
                           size_t n)
{
    int64_t net = 0;

    for (size_t i = 0; i < n; i++)
        net += energy->net_wh[i];
    return gb_tariff_bill(tariff, (struct gb_energy){net}).units;
}

/* The Wh of the given sign, of all meters whose tariff is of a kind. */
static int64_t wh_of(const struct gb_run_environment *env, const struct gb_slot_energy *energy,
                     uint32_t kind, bool is_surplus)
{
    int64_t sum = 0;

    for (size_t i = 0; i < env->n; i++) {
        int64_t wh = is_surplus ? -energy->net_wh[i] : energy->net_wh[i];

        if (wh > 0 && gb_run_tariff_kind(env, (uint32_t)i) == kind)
            sum += wh;
    }
    return sum;
}

/* The kind whose price comes next behind `last`, of equal ones by number: retail from the highest
 * down, feed-in from the lowest up. n_kinds: none is left */
static uint32_t next_kind(const struct gb_tariffs *tariffs, int64_t interval, bool is_surplus,
                          uint32_t last)
{
    uint32_t best = (uint32_t)tariffs->n_kinds;
    int64_t best_ticks = 0, last_ticks = 0;

    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t k = 0; k < tariffs->n_kinds; k++) {
            const struct gb_tariff *tariff = gb_tariffs_at(tariffs, k, interval);
            int64_t ticks = is_surplus ? tariff->feed_in.ticks : -tariff->retail.ticks;
            bool is_behind =
                last == tariffs->n_kinds || ticks > last_ticks || (ticks == last_ticks && k > last);

            if (round == 0 && k == last)
                last_ticks = ticks;
            if (round == 1 && is_behind && (best == tariffs->n_kinds || ticks < best_ticks)) {
                best = k;
                best_ticks = ticks;
            }
        }
    return best;
}

/* What the first `wh` of a side come to at the grid, those whom a trade helps most first. */
static int64_t best_units(const struct gb_run_environment *env, int64_t interval,
                          const struct gb_slot_energy *energy, bool is_surplus, int64_t wh)
{
    const struct gb_tariffs *tariffs = env->scenario->tariffs;
    uint32_t none = (uint32_t)tariffs->n_kinds, kind = none;
    int64_t units = 0;

    while (wh > 0 && (kind = next_kind(tariffs, interval, is_surplus, kind)) != none) {
        const struct gb_tariff *tariff = gb_tariffs_at(tariffs, kind, interval);
        int64_t of_kind = wh_of(env, energy, kind, is_surplus);
        int64_t taken = of_kind < wh ? of_kind : wh;

        units +=
            gb_cost((struct gb_energy){taken}, is_surplus ? tariff->feed_in : tariff->retail).units;
        wh -= taken;
    }
    return units;
}

int64_t gb_run_ceiling_cost(const struct gb_run_environment *env, int64_t interval,
                            const struct gb_slot_energy *energy)
{
    int64_t deficit = 0, surplus = 0, cost = 0;

    if (!env->tariff_kinds)
        return cost_of_net(gb_run_tariff(env, 0, interval), energy, env->n);
    for (size_t i = 0; i < env->n; i++) {
        int64_t wh = energy->net_wh[i];

        cost += gb_tariff_bill(gb_run_tariff(env, i, interval), (struct gb_energy){wh}).units;
        *(wh > 0 ? &deficit : &surplus) += wh > 0 ? wh : -wh;
    }
    int64_t matched = deficit < surplus ? deficit : surplus;
    return cost - best_units(env, interval, energy, false, matched) +
           best_units(env, interval, energy, true, matched);
}
