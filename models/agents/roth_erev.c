#include "models/agents/roth_erev_priv.h"

#define FORGETTING 0.1      /* r */
#define EXPERIMENTATION 0.2 /* e */
#define SCALING 9.0         /* s(1) */

double gb_roth_erev_first(const struct gb_strategy_options *options)
{
    return SCALING * (double)options->first_profit.units / GB_ROTH_EREV_K;
}

void gb_roth_erev_init(const void *config, const struct gb_traits *traits, void *state, size_t n)
{
    struct gb_roth_erev *agents = state;
    double first = gb_roth_erev_first(config);

    (void)traits;
    for (size_t i = 0; i < n; i++)
        for (int side = 0; side < 2; side++)
            for (int k = 0; k < GB_ROTH_EREV_K; k++)
                agents[i].propensity[side][k] = first;
}

/* ---- choosing */

/* The first choice at which the weights so far exceed the share that was drawn. They never fall, so
 * counting those that do not is finding it, and nobody guesses where that ends. */
static uint8_t pick(const double *so_far, double drawn)
{
    uint8_t k = 0;

    for (int i = 0; i < GB_ROTH_EREV_K - 1; i++)
        k = (uint8_t)(k + (so_far[i] <= drawn));
    return k;
}

/* What the rule does of itself; the choice's gain is added when it is known. */
static void experiment(double *propensity, uint8_t choice)
{
    const double other = 1 - FORGETTING + EXPERIMENTATION / (GB_ROTH_EREV_K - 1);
    double chosen = (1 - FORGETTING) * propensity[choice];

    for (int k = 0; k < GB_ROTH_EREV_K; k++)
        propensity[k] *= other;
    propensity[choice] = chosen;
}

/* The choice of a slot's side among the recent ones; -1: there is none. */
static int find_choice(const struct gb_roth_erev *agent, int64_t interval, uint8_t side)
{
    uint32_t n = agent->n_choices < GB_ROTH_EREV_RECENT ? agent->n_choices : GB_ROTH_EREV_RECENT;

    for (uint32_t i = 1; i <= n; i++) {
        uint32_t place = (agent->n_choices - i) % GB_ROTH_EREV_RECENT;

        if (agent->interval[place] == interval && agent->side[place] == side)
            return agent->choice[place];
    }
    return -1;
}

static uint8_t choose(gb_roth_erev_weigh *weigh, const struct gb_strategy_options *options,
                      struct gb_roth_erev *agent, uint32_t draw_owner,
                      const struct gb_quote_batch *batch, size_t i)
{
    double so_far[GB_ROTH_EREV_K], *propensity = agent->propensity[batch->side[i]];
    int before = find_choice(agent, batch->interval, batch->side[i]);
    uint32_t place = agent->n_choices % GB_ROTH_EREV_RECENT;

    if (before >= 0)
        return (uint8_t)before;
    weigh(options, propensity, so_far);
    struct gb_draw draw = gb_draw_at(batch->key, draw_owner, 0, (uint32_t)batch->interval, 0);
    uint8_t choice = pick(so_far, so_far[GB_ROTH_EREV_K - 1] * gb_draw_uniform(draw));
    agent->interval[place] = batch->interval;
    agent->side[place] = batch->side[i];
    agent->choice[place] = choice;
    agent->n_choices++;
    experiment(propensity, choice);
    return choice;
}

void gb_roth_erev_quote(gb_roth_erev_weigh *weigh, const void *config, void *state,
                        const struct gb_traits *traits, const struct gb_quote_batch *batch,
                        struct gb_price *quote_out, int32_t *beta_out)
{
    struct gb_roth_erev *agents = state;

    for (size_t i = 0; i < batch->n; i++) {
        enum gb_side side = batch->side[i];
        struct gb_price reserve = gb_quote_reserve(traits, batch, i);
        struct gb_price end = side == GB_SELL ? batch->tariff.retail : batch->tariff.feed_in;
        double from = gb_scaled(&batch->tariff, reserve), to = gb_scaled(&batch->tariff, end);
        uint8_t choice = choose(weigh, config, &agents[batch->meter[i]],
                                gb_traits_draw_owner(traits, batch->meter[i]), batch, i);

        quote_out[i] = gb_unscaled(&batch->tariff, side, reserve,
                                   from + (to - from) * choice / (GB_ROTH_EREV_K - 1));
    }
    gb_quote_betas(traits, batch, beta_out);
}

/* ---- learning */

/* A loss, which only a market that leaves the own reserve makes, takes no propensity below 0. */
static void reward(struct gb_roth_erev *agent, int64_t interval, const struct gb_fill *fill,
                   struct gb_price reserve)
{
    int choice = find_choice(agent, interval, fill->side);
    int64_t margin = fill->side == GB_SELL ? fill->price.ticks - reserve.ticks
                                           : reserve.ticks - fill->price.ticks;

    if (choice < 0)
        return;
    double *propensity = &agent->propensity[fill->side][choice];
    *propensity +=
        (1 - EXPERIMENTATION) * (double)gb_cost(fill->energy, (struct gb_price){margin}).units;
    if (*propensity < 0)
        *propensity = 0;
}

void gb_roth_erev_observe(const void *config, void *state, const struct gb_traits *traits,
                          const struct gb_market_news *news)
{
    struct gb_roth_erev *agents = state;

    (void)config;
    for (size_t i = 0; i < news->n_fills; i++) {
        const struct gb_fill *fill = &news->fills[i];

        reward(&agents[fill->meter], news->interval, fill,
               gb_reserve_of(traits, news->interval, fill->meter, fill->side));
    }
}
