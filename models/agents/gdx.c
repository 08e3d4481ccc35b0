/* GDX: an agent believes of every price how likely it is to be taken, from the quotes of the last
 * trades and what was left standing beside them, and quotes what is worth most, a later chance to
 * quote included.
 *
 *     V(n) = max_p f(p) (L - p) + (1 - f(p)) g V(n - 1),   V(0) = 0
 *     f(p) = (taken bids <= p + asks <= p) / (the same + untaken bids >= p)
 *
 * between the quotes heard a cubic whose slope is 0 at either. Formulas are a buyer's, over prices
 * above zero; a seller reckons in the mirror. What is left of an order has one price, so it is one
 * lot: of V(m, n) for m units m = 1 is left. With n = 1 it is the strategy of Gjerstad and
 * Dickhaut. source  G. Tesauro, J. Bredin, Strategic sequential bidding in auctions using dynamic
 *         programming, AAMAS (2002) 591-598; S. Gjerstad, J. Dickhaut, Price formation in double
 *         auctions, Games and Economic Behavior 22 (1998) 1-29 */
#include <math.h>
#include <string.h>

#include "models/agents/strategies_priv.h"

#define N_HEARD 48   /* shouts kept: of a memory of 20 trades at most 40 were taken */
#define N_CHANCES 16 /* the farthest it looks ahead; a chance so late counts g^16 */
#define N_STEPS 8    /* prices tried between two quotes heard */

struct gdx_order {
    int64_t interval;
    struct gb_price quote;
    bool is_sent, is_filled;    /* is_filled: at least a part */
    uint32_t hoped, n_wake_ups; /* chances counted on at first; wake-ups so far */
};

struct gdx {
    struct gb_price heard[N_HEARD]; /* shout i at i modulo N_HEARD */
    uint8_t side[N_HEARD];
    bool is_taken[N_HEARD];
    bool hears_untaken;        /* it sees the book, its own quotes in it */
    uint32_t n_heard;          /* ever */
    struct gdx_order order[2]; /* the latest, by side */
};

/* ---- memory */

static void remember(struct gdx *agent, enum gb_side side, bool is_taken, struct gb_price quote)
{
    uint32_t place = agent->n_heard++ % N_HEARD;

    agent->heard[place] = quote;
    agent->side[place] = (uint8_t)side;
    agent->is_taken[place] = is_taken;
}

static void observe(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_market_news *news)
{
    struct gdx *agents = state;
    size_t first = news->n_shouts > N_HEARD ? news->n_shouts - N_HEARD : 0;

    (void)config;
    (void)traits;
    for (size_t i = 0; i < news->n_meters; i++) {
        struct gdx *agent = &agents[news->meters[i]];

        for (size_t s = first; s < news->n_shouts; s++) {
            const struct gb_shout *shout = &news->shouts[s];

            remember(agent, shout->side, shout->is_accepted, shout->quote);
            agent->hears_untaken |= !shout->is_accepted;
        }
    }
    for (size_t i = 0; i < news->n_fills; i++) {
        struct gdx_order *order = &agents[news->fills[i].meter].order[news->fills[i].side];

        if (order->interval == news->interval)
            order->is_filled = true;
    }
}

/* ---- belief */

/* A quote heard, from the agent's side: its own or the other's, in the mirror if it sells. */
struct heard {
    double price;
    bool is_own_side, is_taken;
};

/* What it remembers, back to `memory` trades, by price. returns how many */
static size_t recall(const struct gdx *agent, const struct gb_tariff *tariff, enum gb_side side,
                     int64_t memory, struct heard *out)
{
    uint32_t kept = agent->n_heard < N_HEARD ? agent->n_heard : N_HEARD;
    int64_t taken = 0;
    size_t n = 0;

    for (uint32_t i = 1; i <= kept; i++) {
        uint32_t place = (agent->n_heard - i) % N_HEARD;

        taken += agent->is_taken[place];
        if (taken > 2 * memory) /* an ask and a bid a trade */
            break;
        const struct heard heard = {gb_mirrored(tariff, side, agent->heard[place]),
                                    agent->side[place] == side, agent->is_taken[place]};
        size_t at = n++;
        for (; at > 0 && out[at - 1].price > heard.price; at--)
            out[at] = out[at - 1];
        out[at] = heard;
    }
    return n;
}

struct belief {
    size_t n; /* places: 0 below the band, never taken, to the tick above it, which always is */
    double price[N_HEARD + 2], chance[N_HEARD + 2];
};

static void believe(struct belief *belief, const struct heard *heard, size_t n, double top)
{
    double for_it = 0, against = 0;

    for (size_t i = 0; i < n; i++)
        against += heard[i].is_own_side && !heard[i].is_taken;
    belief->price[0] = belief->chance[0] = 0;
    belief->n = 1;
    for (size_t i = 0; i < n;) {
        double price = heard[i].price, untaken_here = 0;

        for (; i < n && heard[i].price == price; i++) {
            for_it += !heard[i].is_own_side || heard[i].is_taken;
            untaken_here += heard[i].is_own_side && !heard[i].is_taken;
        }
        belief->price[belief->n] = price;
        belief->chance[belief->n++] = for_it > 0 ? for_it / (for_it + against) : 0;
        against -= untaken_here;
    }
    belief->price[belief->n] = top;
    belief->chance[belief->n++] = 1;
}

/* ---- value */

/* Prices that are tried: what each brings where it is taken, f (L - p), and how likely it is not.
 */
struct tried {
    size_t n;
    double price[(N_HEARD + 1) * N_STEPS], gain[(N_HEARD + 1) * N_STEPS],
        untaken[(N_HEARD + 1) * N_STEPS];
};

static void try_prices(struct tried *tried, const struct belief *belief, double limit)
{
    tried->n = 0;
    for (size_t i = 0; i + 1 < belief->n && belief->price[i] < limit; i++) {
        double wide = belief->price[i + 1] - belief->price[i];
        double more = belief->chance[i + 1] - belief->chance[i];

        for (int step = 1; step <= N_STEPS; step++) {
            double t = (double)step / N_STEPS;
            double price = belief->price[i] + t * wide;
            double chance = belief->chance[i] + more * t * t * (3 - 2 * t);

            if (price > limit)
                return;
            tried->price[tried->n] = price;
            tried->gain[tried->n] = chance * (limit - price);
            tried->untaken[tried->n++] = 1 - chance;
        }
    }
}

/* The price worth most with so many chances to quote; the reserve where none is worth anything. */
static double best_price(const struct tried *tried, double limit, uint32_t n_chances,
                         double discount)
{
    double value = 0, price = limit;

    for (uint32_t n = 0; n < n_chances; n++) {
        double later = discount * value, best = 0;

        for (size_t i = 0; i < tried->n; i++) {
            double worth = tried->gain[i] + tried->untaken[i] * later;

            if (worth > best) {
                best = worth;
                price = tried->price[i];
            }
        }
        value = best;
    }
    return price;
}

static struct gb_price quote_of(const struct gdx *agent, const struct gb_strategy_options *options,
                                const struct gb_traits *traits, const struct gb_tariff *tariff,
                                int64_t interval, uint32_t meter, enum gb_side side,
                                uint32_t n_chances)
{
    struct gb_price reserve = gb_reserve_of(traits, interval, meter, side);
    double limit = gb_mirrored(tariff, side, reserve);
    struct heard heard[N_HEARD];
    struct belief belief;
    struct tried tried;
    size_t n = recall(agent, tariff, side, options->gdx_memory, heard);

    believe(&belief, heard, n, (double)(tariff->retail.ticks - tariff->feed_in.ticks + 2));
    try_prices(&tried, &belief, limit);
    return gb_unmirrored(tariff, side, reserve,
                         best_price(&tried, limit, n_chances, options->gdx_discount));
}

/* ---- quoting */

/* The first order of a slot: what became of the one before is known by now, and it may hope for as
 * many wake-ups as that had. */
static void begin_order(struct gdx *agent, enum gb_side side, int64_t interval)
{
    struct gdx_order *order = &agent->order[side];

    if (order->is_sent && !order->is_filled && !agent->hears_untaken)
        remember(agent, side, false, order->quote);
    *order =
        (struct gdx_order){.interval = interval, .is_sent = true, .hoped = order->n_wake_ups + 1};
}

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    struct gdx *agents = state;

    for (size_t i = 0; i < batch->n; i++) {
        uint32_t meter = batch->meter[i];
        enum gb_side side = batch->side[i];
        struct gdx_order *order = &agents[meter].order[side];

        if (!order->is_sent || order->interval != batch->interval)
            begin_order(&agents[meter], side, batch->interval);
        quote_out[i] = quote_of(&agents[meter], config, traits, &batch->tariff, batch->interval,
                                meter, side, order->hoped < N_CHANCES ? order->hoped : N_CHANCES);
        order->quote = quote_out[i];
    }
    gb_quote_betas(traits, batch, beta_out);
}

/* Chances that are left, this one among them, if wake-ups go on to come as they came. */
static uint32_t chances_left(uint32_t wake_up, double elapsed)
{
    double left = elapsed > 0 ? 1 + (wake_up + 1) * (1 - elapsed) / elapsed : N_CHANCES;

    return left < N_CHANCES ? (uint32_t)left : N_CHANCES;
}

static void requote(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_requote_batch *batch, struct gb_price *quote_out)
{
    struct gdx *agents = state;

    for (size_t i = 0; i < batch->n; i++) {
        struct gdx *agent = &agents[batch->meter[i]];
        enum gb_side side = batch->side[i];

        if (!agent->hears_untaken)
            remember(agent, side, false, batch->quote[i]);
        agent->order[side].n_wake_ups = batch->wake_up[i] + 1;
        quote_out[i] =
            quote_of(agent, config, traits, &batch->tariff, batch->interval, batch->meter[i], side,
                     chances_left(batch->wake_up[i], batch->elapsed[i]));
        agent->order[side].quote = quote_out[i];
    }
}

const struct gb_strategy gb_strategy_gdx = {
    .member = {.name = "gdx",
               .summary = "quotes what belief makes worth most, later chances included "
                          "(Tesauro, Bredin)",
               .params = gb_gdx_params,
               .config_size = sizeof(struct gb_strategy_options),
               .state_size = sizeof(struct gdx)},
    .quote = quote,
    .requote = requote,
    .observe = observe,
};
