/* AA, adaptive aggressiveness: an agent estimates the price of equilibrium p* from the last trades,
 * and quotes towards a target that depends on how aggressive it is, r from -1 to 1: patient agents
 * want more than p*, aggressive ones give up to their reserve. After every shout r moves towards
 * the aggressiveness that would have quoted it, and the shape theta of the target towards one that
 * fits how far prices scatter. Formulas are a buyer's, over prices above zero; a seller reckons in
 * the mirror, and one agent has an r for either side. source  P. Vytelingum, The structure and
 * behaviour of the continuous double auction, PhD thesis, Southampton (2006), chapter 5 */
#include <math.h>

#include <gsl/gsl_sf_lambert.h>

#include "models/agents/strategies_priv.h"

#define N_TRADES 5       /* that p* and alpha are of */
#define STEPS 3.0        /* eta: of the way to the target a quote takes one in so many */
#define THETA_LOW (-8.0) /* range of theta */
#define THETA_HIGH 2.0
#define SHAPE_GAMMA 2.0 /* g: how theta* depends on alpha */
#define RELATIVE 0.02   /* l_r, l_a: how far beyond the last shout's aggressiveness */
#define ABSOLUTE 0.01
#define RATE_AGGRESSIVENESS 0.4 /* b1 */
#define RATE_SHAPE 0.4          /* b2 */
#define NEAR_ZERO 1e-9          /* of theta, where the shape is a straight line */

/* The theta below r = 0 that was last found, and what for: finding it takes longer than all else of
 * a quote, and it moves with trades alone, while an agent quotes and answers shouts in between. */
struct patience {
    double limit, equilibrium, theta; /* all 0: none yet; prices never are */
    double patient_theta;
};

struct aa {
    double trades[N_TRADES]; /* prices, the latest at n_trades - 1 */
    uint32_t n_trades;       /* ever; place i is i modulo N_TRADES */
    double equilibrium;      /* p*, once there was a trade */
    double theta;
    double alpha_low, alpha_high; /* ever seen; low > high: none */
    double aggressiveness[2];     /* r by side */
    double last_quote[2];         /* where no book is seen; 0: none */
    struct patience patience[2];
};

static void init(const void *config, const struct gb_traits *traits, void *state, size_t n)
{
    struct aa *agents = state;

    (void)config;
    (void)traits;
    for (size_t i = 0; i < n; i++)
        agents[i] = (struct aa){.alpha_low = INFINITY, .alpha_high = -INFINITY};
}

/* ---- the target */

/* (e^(s theta) - 1) / (e^theta - 1), from 0 at s = 0 to 1 at s = 1; and what s gives a value. */
static double shape(double s, double theta)
{
    return fabs(theta) < NEAR_ZERO ? s : expm1(s * theta) / expm1(theta);
}

static double shape_inverse(double value, double theta)
{
    return fabs(theta) < NEAR_ZERO ? value : log1p(value * expm1(theta)) / theta;
}

/* theta / (e^theta - 1): the slope of the shape at 0. */
static double slope(double theta)
{
    return fabs(theta) < NEAR_ZERO ? 1 : theta / expm1(theta);
}

/* The theta whose slope this is. -c e^-c = x e^x has the roots -c, which is none, and the other. */
static double theta_of_slope(double c)
{
    double w = -c * exp(-c);

    if (!(c < 700)) /* beyond, e^-c is 0; theta is -c to the last bit long before */
        return c < INFINITY ? -c : THETA_LOW;
    return -c - (c > 1 ? gsl_sf_lambert_W0(w) : gsl_sf_lambert_Wm1(w));
}

/* theta below r = 0 of an intramarginal buyer: so that the target has no kink there. */
static double patient_theta(struct patience *last, double limit, double equilibrium, double theta)
{
    if (last->limit != limit || last->equilibrium != equilibrium || last->theta != theta)
        *last =
            (struct patience){limit, equilibrium, theta,
                              theta_of_slope((limit - equilibrium) / equilibrium * slope(theta))};
    return last->patient_theta;
}

static double target(struct patience *last, double limit, double equilibrium, double theta,
                     double r)
{
    if (limit <= equilibrium) /* extramarginal */
        return r >= 0 ? limit : limit * (1 - shape(-r, theta));
    if (r >= 0)
        return equilibrium + (limit - equilibrium) * shape(r, theta);
    return equilibrium * (1 - shape(-r, patient_theta(last, limit, equilibrium, theta)));
}

/* The aggressiveness whose target is q. */
static double aggressiveness_of(struct patience *last, double limit, double equilibrium,
                                double theta, double q)
{
    if (q >= limit)
        return limit <= equilibrium ? 0 : 1;
    if (limit <= equilibrium)
        return -shape_inverse(1 - q / limit, theta);
    if (q >= equilibrium)
        return shape_inverse((q - equilibrium) / (limit - equilibrium), theta);
    return -shape_inverse(1 - q / equilibrium, patient_theta(last, limit, equilibrium, theta));
}

/* ---- learning */

static void remember(struct aa *agent, double price)
{
    agent->trades[agent->n_trades++ % N_TRADES] = price;
}

/* p*, with `weight` for a trade beside the next one, and alpha over the same trades. */
static double estimate(struct aa *agent, double weight)
{
    uint32_t n = agent->n_trades < N_TRADES ? agent->n_trades : N_TRADES;
    double sum = 0, weights = 0, squares = 0, w = 1;

    for (uint32_t i = 1; i <= n; i++, w *= weight) {
        sum += w * agent->trades[(agent->n_trades - i) % N_TRADES];
        weights += w;
    }
    agent->equilibrium = sum / weights;
    for (uint32_t i = 0; i < n; i++)
        squares +=
            (agent->trades[i] - agent->equilibrium) * (agent->trades[i] - agent->equilibrium);
    return sqrt(squares / n) / agent->equilibrium;
}

/* Moves theta towards what suits alpha's place in the range in which it was ever seen. */
static void adapt_theta(struct aa *agent, double alpha)
{
    agent->alpha_low = fmin(agent->alpha_low, alpha);
    agent->alpha_high = fmax(agent->alpha_high, alpha);
    if (agent->alpha_high <= agent->alpha_low)
        return;
    double place = (alpha - agent->alpha_low) / (agent->alpha_high - agent->alpha_low);
    double wanted =
        (THETA_HIGH - THETA_LOW) * (1 - place * exp(SHAPE_GAMMA * (place - 1))) + THETA_LOW;

    agent->theta += RATE_SHAPE * (wanted - agent->theta);
}

/* Should it be more aggressive (1), less (-1), or stay (0)? Less where it would have traded at no
 * better than q, more where it would not, or where its own side is outbid. */
static int direction(const struct gb_shout *shout, enum gb_side side, double tau, double q)
{
    if (shout->is_accepted)
        return tau >= q ? -1 : 1;
    return shout->side == side && tau <= q ? 1 : 0;
}

static void adapt_aggressiveness(struct aa *agent, enum gb_side side, double limit,
                                 double equilibrium, const struct gb_shout *shout, double q)
{
    double *r = &agent->aggressiveness[side];
    struct patience *last = &agent->patience[side];
    int way = direction(shout, side, target(last, limit, equilibrium, agent->theta, *r), q);

    if (!way)
        return;
    double of_shout = aggressiveness_of(last, limit, equilibrium, agent->theta, q);
    double wanted = (1 + way * RELATIVE) * of_shout + way * ABSOLUTE;
    *r = fmax(-1, fmin(1, *r + RATE_AGGRESSIVENESS * (wanted - *r)));
}

static struct gb_price equilibrium_price(const struct aa *agent, const struct gb_tariff *tariff)
{
    return (struct gb_price){tariff->feed_in.ticks - 1 + llrint(agent->equilibrium)};
}

static void answer(struct aa *agent, const struct gb_traits *traits,
                   const struct gb_market_news *news, uint32_t meter)
{
    const struct gb_shout *shout = gb_last_shout(news);
    const struct gb_tariff *tariff = &news->tariff;
    struct gb_price equilibrium = equilibrium_price(agent, tariff);

    for (enum gb_side side = GB_BUY; side <= GB_SELL; side++)
        adapt_aggressiveness(
            agent, side,
            gb_mirrored(tariff, side, gb_reserve_of(traits, news->interval, meter, side)),
            gb_mirrored(tariff, side, equilibrium), shout,
            gb_mirrored(tariff, side, shout->is_accepted ? shout->price : shout->quote));
}

/* The prices of a block's last trades, oldest first: each has one accepted bid. */
static size_t last_trades(const struct gb_market_news *news, double *prices)
{
    size_t n = 0;

    for (size_t i = news->n_shouts; i > 0 && n < N_TRADES; i--)
        if (news->shouts[i - 1].is_accepted && news->shouts[i - 1].side == GB_BUY)
            prices[N_TRADES - ++n] = gb_scaled(&news->tariff, news->shouts[i - 1].price);
    return n;
}

static void observe(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_market_news *news)
{
    const struct gb_strategy_options *options = config;
    struct aa *agents = state;
    double prices[N_TRADES];
    size_t n = last_trades(news, prices);

    for (size_t i = 0; i < news->n_meters && news->n_shouts > 0; i++) {
        struct aa *agent = &agents[news->meters[i]];

        for (size_t j = N_TRADES - n; j < N_TRADES; j++)
            remember(agent, prices[j]);
        if (agent->n_trades == 0)
            continue;
        double alpha = n > 0 ? estimate(agent, options->aa_weight) : 0;
        answer(agent, traits, news, news->meters[i]);
        if (n > 0)
            adapt_theta(agent, alpha);
    }
}

/* ---- quoting */

/* One step in STEPS from the best quote of its own side to the target, or the other side's best
 * where that is as good. Who sees no book quotes the target, and before the first trade goes on
 * from its own last quote.
 * best, other  of its own side, 0: none; and of the other, INFINITY: none */
static double step(struct aa *agent, enum gb_side side, double limit, double tau, double best,
                   double other)
{
    bool sees_book = best > 0 || other < INFINITY;
    double from = best > 0 ? best : agent->n_trades > 0 ? 0 : agent->last_quote[side];

    if (other <= tau)
        return other;
    if (!sees_book && agent->n_trades > 0)
        return tau;
    if (from >= tau)
        return fmin(tau, limit);
    return agent->last_quote[side] = from + (tau - from) / STEPS;
}

static struct gb_price quote_of(struct aa *agents, const struct gb_traits *traits,
                                const struct gb_tariff *tariff, int64_t interval, uint32_t meter,
                                enum gb_side side, const struct gb_market_knowledge *knowledge)
{
    struct aa *agent = &agents[meter];
    struct gb_price reserve = gb_reserve_of(traits, interval, meter, side);
    double limit = gb_mirrored(tariff, side, reserve), best = 0, other = INFINITY;
    double tau = limit;

    if (agent->n_trades > 0)
        tau = target(&agent->patience[side], limit,
                     gb_mirrored(tariff, side, equilibrium_price(agent, tariff)), agent->theta,
                     agent->aggressiveness[side]);
    if (knowledge && (side == GB_BUY ? knowledge->has_bid : knowledge->has_ask))
        best =
            gb_mirrored(tariff, side, side == GB_BUY ? knowledge->best_bid : knowledge->best_ask);
    if (knowledge && (side == GB_BUY ? knowledge->has_ask : knowledge->has_bid))
        other =
            gb_mirrored(tariff, side, side == GB_BUY ? knowledge->best_ask : knowledge->best_bid);
    return gb_unmirrored(tariff, side, reserve, step(agent, side, limit, tau, best, other));
}

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    (void)config;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] = quote_of(state, traits, &batch->tariff, batch->interval, batch->meter[i],
                                batch->side[i], NULL);
    gb_quote_betas(traits, batch, beta_out);
}

static void requote(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_requote_batch *batch, struct gb_price *quote_out)
{
    (void)config;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] = quote_of(state, traits, &batch->tariff, batch->interval, batch->meter[i],
                                batch->side[i], batch->knowledge[i]);
}

const struct gb_strategy gb_strategy_aa = {
    .member = {.name = "aa",
               .summary = "adaptive aggressiveness about an estimated equilibrium (Vytelingum)",
               .params = gb_aa_params,
               .config_size = sizeof(struct gb_strategy_options),
               .state_size = sizeof(struct aa)},
    .init = init,
    .quote = quote,
    .requote = requote,
    .observe = observe,
};
