/* A quote of zero intelligence: any tick of a range, each as likely as every other. */
#ifndef MODELS_AGENTS_ZERO_INTELLIGENCE_PRIV_H
#define MODELS_AGENTS_ZERO_INTELLIGENCE_PRIV_H

#include "models/agents/pick_priv.h"
#include "models/agents/strategies_priv.h"

/* With a budget constraint: a bid from feed-in to the own reserve, an ask from there to retail.
 * source  D. K. Gode, S. Sunder, Journal of Political Economy 101 (1993) 119-137 */
static inline struct gb_price gb_zero_intelligence(const struct gb_tariff *tariff,
                                                   enum gb_side side, struct gb_price reserve,
                                                   struct gb_draw draw)
{
    int64_t low = side == GB_SELL ? reserve.ticks : tariff->feed_in.ticks;
    int64_t high = side == GB_SELL ? tariff->retail.ticks : reserve.ticks;

    return (struct gb_price){gb_pick_between(low, high, gb_draw_uniform(draw))};
}

/* One draw an order of a slot. */
void gb_zi_c_quote(const void *config, void *state, const struct gb_traits *traits,
                   const struct gb_quote_batch *batch, struct gb_price *quote_out,
                   int32_t *beta_out);

#endif
