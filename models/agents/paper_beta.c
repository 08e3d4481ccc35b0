/* The paper's user: quotes the own reserve less a shade of its own, and gives way by beta when
 * it finds no partner. In a call market the giving way is the contract's work, and the order
 * carries how much; where orders trade as they come it is the agent's own: at each wake-up it goes
 * by equation (2) towards the anchor that it has heard of, and with a deadline no less far than its
 * shade, which is gone at the gate, still allows, and never away from the other side. Between two
 * rounds it does once what the contract would have done. */
#include <math.h>

#include "models/agents/strategies_priv.h"

/* agents.requote.no_trade; its words stand in options.c */
enum no_trade { NO_TRADE_NONE, NO_TRADE_BEST_OPPOSITE, NO_TRADE_SLOT };

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    (void)config;
    (void)state;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] =
            gb_quote_shaded(traits, batch, i,
                            gb_shade_of(traits, batch->interval, batch->meter[i], batch->side[i]));
    gb_quote_betas(traits, batch, beta_out);
}

/* What a side goes towards. returns false where there is nothing */
static bool find_anchor(const struct gb_strategy_options *config,
                        const struct gb_market_knowledge *knowledge, uint8_t side,
                        struct gb_price *anchor)
{
    const struct gb_trade_statistics *heard = &knowledge->trades;

    if (knowledge->published) {
        *anchor = side == GB_SELL ? knowledge->published->ask : knowledge->published->bid;
        return side == GB_SELL ? knowledge->published->has_ask : knowledge->published->has_bid;
    }
    if (!heard->has_trade && config->no_trade == NO_TRADE_BEST_OPPOSITE) {
        *anchor = side == GB_SELL ? knowledge->best_bid : knowledge->best_ask;
        return side == GB_SELL ? knowledge->has_bid : knowledge->has_ask;
    }
    if (!heard->has_trade && config->no_trade == NO_TRADE_SLOT)
        heard = &knowledge->before;
    if (!heard->has_trade)
        return false;
    struct gb_anchors anchors = gb_trade_statistics_anchors(heard, (enum gb_anchor)config->anchor);
    *anchor = side == GB_SELL ? anchors.ask : anchors.bid;
    return side == GB_SELL ? anchors.has_ask : anchors.has_bid;
}

/* Shade that a meter may still keep, in ticks. */
static int64_t shade_left(const struct gb_strategy_options *config, const struct gb_traits *traits,
                          int64_t interval, uint32_t meter, uint8_t side, double elapsed)
{
    int64_t shade =
        gb_shade_of(traits, interval, meter, side).ticks + gb_further_shade(traits, meter);

    return shade > 0 ? llround((double)shade * (1 - pow(elapsed, config->deadline))) : 0;
}

/* One quote; sell and buy are mirror images, and neither gives way backwards. */
static struct gb_price give_way(const struct gb_strategy_options *config,
                                const struct gb_traits *traits,
                                const struct gb_requote_batch *batch, size_t i)
{
    uint32_t meter = batch->meter[i];
    bool is_ask = batch->side[i] == GB_SELL;
    struct gb_price from = batch->quote[i], to = from, anchor;
    struct gb_price reserve = gb_reserve_of(traits, batch->interval, meter, batch->side[i]);
    int64_t beta = batch->beta_millionths[i] == GB_BETA_OF_MARKET ? batch->market_beta_millionths
                                                                  : batch->beta_millionths[i];

    if (find_anchor(config, batch->knowledge[i], batch->side[i], &anchor))
        to = is_ask ? gb_requote_ask(beta, from, anchor, reserve)
                    : gb_requote_bid(beta, from, anchor, reserve);
    if (batch->knowledge[i]->published) /* as the contract would, to the tick */
        return to;
    if (is_ask ? to.ticks > from.ticks : to.ticks < from.ticks)
        to = from;
    if (config->deadline > 0) {
        int64_t shade =
            shade_left(config, traits, batch->interval, meter, batch->side[i], batch->elapsed[i]);

        if (is_ask && to.ticks > reserve.ticks + shade)
            to.ticks = reserve.ticks + shade;
        if (!is_ask && to.ticks < reserve.ticks - shade)
            to.ticks = reserve.ticks - shade;
    }
    return to;
}

static void requote(const void *config, void *state, const struct gb_traits *traits,
                    const struct gb_requote_batch *batch, struct gb_price *quote_out)
{
    (void)state;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] = give_way(config, traits, batch, i);
}

const struct gb_strategy gb_strategy_paper_beta = {
    .member = {.name = "paper_beta",
               .summary =
                   "the paper's user: a shade drawn per user, re-quoted by beta when unmatched",
               .params = gb_paper_beta_params,
               .config_size = sizeof(struct gb_strategy_options)},
    .quote = quote,
    .requote = requote,
};
