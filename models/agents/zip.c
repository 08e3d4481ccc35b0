/* ZIP, zero intelligence plus: an agent keeps a margin on its reserve, and moves it a little
 * towards what the last shout says it could have quoted, by the rule of Widrow and Hoff with
 * momentum. It has a margin as a buyer and one as a seller, and both hear every shout.
 *
 *     p = L (1 + mu),   tau = R q + A,   Gamma' = g Gamma + (1 - g) b (tau - p),
 *     mu' = (p + Gamma') / L - 1
 *
 * with L the reserve, q the shout, R and A drawn anew each time.
 * source  D. Cliff, Minimal-intelligence agents for bargaining behaviors in market-based
 *         environments, HP Labs HPL-97-91 (1997), section 5 */
#include "models/agents/strategies_priv.h"

#define RATE_LOW 0.1 /* b is drawn once an agent, as are g and the first margins */
#define RATE_HIGH 0.5
#define MOMENTUM_HIGH 0.1
#define MARGIN_LOW 0.05
#define MARGIN_HIGH 0.35
#define RELATIVE 0.05 /* c_r: R lies within so much of 1 */
#define ABSOLUTE 0.05 /* c_a: A within so much of 0, in widths of the band */

enum { DRAW_CONSTANTS, DRAW_MARGINS }; /* at time 0; later ones are the side's number */

struct zip {
    double rate, momentum;       /* b and g */
    double margin[2], change[2]; /* mu and Gamma by side */
    uint32_t n_heard;            /* shouts answered so far */
};

static double between(double low, double high, double uniform)
{
    return low + (high - low) * uniform;
}

static void init(const void *config, const struct gb_traits *traits, void *state, size_t n)
{
    struct zip *agents = state;

    (void)config;
    for (size_t i = 0; i < n; i++) {
        uint32_t owner = gb_traits_draw_owner(traits, (uint32_t)i);
        struct gb_draw constants = gb_draw_at(traits->learning, owner, 0, 0, DRAW_CONSTANTS);
        struct gb_draw margins = gb_draw_at(traits->learning, owner, 0, 0, DRAW_MARGINS);

        agents[i] = (struct zip){
            .rate = between(RATE_LOW, RATE_HIGH, gb_draw_uniform(constants)),
            .momentum = between(0, MOMENTUM_HIGH, gb_draw_uniform2(constants)),
            .margin = {[GB_BUY] = -between(MARGIN_LOW, MARGIN_HIGH, gb_draw_uniform(margins)),
                       [GB_SELL] = between(MARGIN_LOW, MARGIN_HIGH, gb_draw_uniform2(margins))}};
    }
}

static double price(const struct zip *agent, enum gb_side side, double limit)
{
    return limit * (1 + agent->margin[side]);
}

static struct gb_price quote_of(const struct zip *agents, const struct gb_traits *traits,
                                const struct gb_tariff *tariff, int64_t interval, uint32_t meter,
                                enum gb_side side)
{
    struct gb_price reserve = gb_reserve_of(traits, interval, meter, side);

    return gb_unscaled(tariff, side, reserve,
                       price(&agents[meter], side, gb_scaled(tariff, reserve)));
}

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    (void)config;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] = quote_of(state, traits, &batch->tariff, batch->interval, batch->meter[i],
                                batch->side[i]);
    gb_quote_betas(traits, batch, beta_out);
}

static void requote(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_requote_batch *batch, struct gb_price *quote_out)
{
    (void)config;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] = quote_of(state, traits, &batch->tariff, batch->interval, batch->meter[i],
                                batch->side[i]);
}

/* Which way an agent should move its price after a shout: +1 up, -1 down, 0 not at all. Whoever
 * could have had a better price than it quotes asks for more, having traded or not; who stands and
 * would have been passed over gives way. A trade is an accepted ask and an accepted bid at once. */
static int direction(const struct gb_shout *shout, enum gb_side side, double p, double q,
                     bool stands)
{
    int more = side == GB_SELL ? 1 : -1; /* the way of a greater gain */
    double better = more * (q - p);

    if (shout->is_accepted && better >= 0)
        return more;
    if (stands && better <= 0 && (shout->is_accepted || shout->side == side))
        return -more;
    return 0;
}

/* mu' of an agent whose price should go up or down. */
static void adapt(struct zip *agent, enum gb_side side, int way, double limit, double q,
                  double width, struct gb_draw noise)
{
    double p = price(agent, side, limit);
    double target = (1 + way * RELATIVE * gb_draw_uniform(noise)) * q +
                    way * ABSOLUTE * width * gb_draw_uniform2(noise);

    agent->change[side] =
        agent->momentum * agent->change[side] + (1 - agent->momentum) * agent->rate * (target - p);
    double margin = (p + agent->change[side]) / limit - 1;
    if (side == GB_SELL)
        agent->margin[side] = margin < 0 ? 0 : margin;
    else
        agent->margin[side] = margin > 0 ? 0 : margin < -1 ? -1 : margin;
}

static void hear(struct zip *agent, const struct gb_traits *traits,
                 const struct gb_market_news *news, uint32_t meter)
{
    const struct gb_shout *shout = gb_last_shout(news);
    double q = gb_scaled(&news->tariff, shout->is_accepted ? shout->price : shout->quote);
    double width = (double)(news->tariff.retail.ticks - news->tariff.feed_in.ticks);

    agent->n_heard++;
    for (enum gb_side side = GB_BUY; side <= GB_SELL; side++) {
        double limit = gb_scaled(&news->tariff, gb_reserve_of(traits, news->interval, meter, side));
        int way =
            direction(shout, side, price(agent, side, limit), q, gb_stands(news, meter, side));

        if (way)
            adapt(agent, side, way, limit, q, width,
                  gb_draw_at(traits->learning, gb_traits_draw_owner(traits, meter), 0,
                             agent->n_heard, side));
    }
}

static void observe(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_market_news *news)
{
    struct zip *agents = state;

    (void)config;
    if (news->n_shouts == 0)
        return;
    for (size_t i = 0; i < news->n_meters; i++)
        hear(&agents[news->meters[i]], traits, news, news->meters[i]);
}

const struct gb_strategy gb_strategy_zip = {
    .member = {.name = "zip",
               .summary = "zero intelligence plus: a margin that follows the last shout (Cliff)",
               .state_size = sizeof(struct zip)},
    .init = init,
    .quote = quote,
    .requote = requote,
    .observe = observe,
};
