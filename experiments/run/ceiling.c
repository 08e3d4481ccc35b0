#include "experiments/run/ceiling.h"

/* The Wh of the given sign, of all meters whose tariff is of a kind. */
static int64_t wh_of(const struct gb_run_environment *env, const int64_t *net_wh, uint32_t kind,
                     bool is_surplus)
{
    int64_t sum = 0;

    for (size_t i = 0; i < env->n; i++) {
        int64_t wh = is_surplus ? -net_wh[i] : net_wh[i];

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

/* A side, kind by kind, whom a trade helps most first. */
struct side {
    bool is_surplus;
    uint32_t kind;   /* whose turn it is; n_kinds: nobody's */
    int64_t left_wh; /* of it */
};

/* Goes on to the next kind that has something left. false: there is none */
static bool advance(const struct gb_run_environment *env, int64_t interval, const int64_t *net_wh,
                    struct side *side)
{
    const struct gb_tariffs *tariffs = env->scenario->tariffs;
    uint32_t none = tariffs ? (uint32_t)tariffs->n_kinds : 1;

    while (side->left_wh == 0) {
        if (tariffs)
            side->kind = next_kind(tariffs, interval, side->is_surplus, side->kind);
        else
            side->kind = side->kind == none ? 0 : none; /* one tariff is one kind */
        if (side->kind == none)
            return false;
        side->left_wh = wh_of(env, net_wh, side->kind, side->is_surplus);
    }
    return true;
}

static int64_t price_of(const struct gb_run_environment *env, int64_t interval,
                        const struct side *side)
{
    const struct gb_tariffs *tariffs = env->scenario->tariffs;
    const struct gb_tariff *tariff =
        tariffs ? gb_tariffs_at(tariffs, side->kind, interval) : &env->scenario->market.tariff;

    return side->is_surplus ? tariff->feed_in.ticks : tariff->retail.ticks;
}

/* What trades can gain at most, with their fees: the dearest deficits met by the cheapest
 * surpluses, as long as that is worth the fees. */
static int64_t most_gain(const struct gb_run_environment *env, int64_t interval,
                         const int64_t *net_wh)
{
    uint32_t none = env->scenario->tariffs ? (uint32_t)env->scenario->tariffs->n_kinds : 1;
    struct side buyers = {.is_surplus = false, .kind = none};
    struct side sellers = {.is_surplus = true, .kind = none};
    int64_t fees = gb_trade_fees_sum(&env->scenario->trade_fees).ticks, units = 0;

    while (advance(env, interval, net_wh, &buyers) && advance(env, interval, net_wh, &sellers)) {
        int64_t gain = price_of(env, interval, &buyers) - price_of(env, interval, &sellers) - fees;
        int64_t wh = buyers.left_wh < sellers.left_wh ? buyers.left_wh : sellers.left_wh;

        if (gain <= 0)
            break;
        units += gb_cost((struct gb_energy){wh}, (struct gb_price){gain}).units;
        buyers.left_wh -= wh;
        sellers.left_wh -= wh;
    }
    return units;
}

int64_t gb_run_ceiling_cost(const struct gb_run_environment *env, int64_t interval,
                            const int64_t *net_wh, int64_t all_wh)
{
    int64_t cost = 0;

    if (!env->tariff_kinds && gb_trade_fees_are_none(&env->scenario->trade_fees))
        return gb_tariff_bill(gb_run_tariff(env, 0, interval), (struct gb_energy){all_wh}).units;
    for (size_t i = 0; i < env->n; i++)
        cost +=
            gb_tariff_bill(gb_run_tariff(env, i, interval), (struct gb_energy){net_wh[i]}).units;
    return cost - most_gain(env, interval, net_wh);
}
