/* Zero intelligence with a budget constraint: quotes at random, never at a loss. A bid is
 * uniform over the ticks from feed-in to the own reserve, an ask from the own reserve to retail.
 * It is drawn once for every order of a slot; the traders of Gode and Sunder draw anew until they
 * trade, here what is not matched is re-quoted by the mechanism's rule.
 * source  D. K. Gode, S. Sunder, Journal of Political Economy 101 (1993) 119-137 */
#include "models/agents/pick_priv.h"
#include "models/agents/strategies_priv.h"

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    uint32_t slot = (uint32_t)batch->interval;

    (void)config;
    (void)state;
    for (size_t i = 0; i < batch->n; i++) {
        int64_t reserve = gb_quote_reserve(traits, batch, i).ticks;
        struct gb_draw draw = gb_draw_at(batch->key, batch->meter[i], batch->part[i], slot, 0);
        double uniform = gb_draw_uniform(draw);

        quote_out[i].ticks = batch->side[i] == GB_SELL
                                 ? gb_pick_between(reserve, batch->tariff.retail.ticks, uniform)
                                 : gb_pick_between(batch->tariff.feed_in.ticks, reserve, uniform);
    }
    gb_quote_betas(traits, batch, beta_out);
}

const struct gb_strategy gb_strategy_zi_c = {
    .member =
        {.name = "zi_c",
         .summary =
             "zero intelligence: one quote a slot, drawn between the own reserve and the tariff"},
    .quote = quote,
};
