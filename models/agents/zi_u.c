/* Zero intelligence without a budget constraint: any tick of the band, at a loss or not. Who quotes
 * beyond the own reserve gives the quote as the reserve of its order: a ledger refuses any other.
 * source  D. K. Gode, S. Sunder, Journal of Political Economy 101 (1993) 119-137 */
#include "models/agents/zero_intelligence_priv.h"

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    uint32_t slot = (uint32_t)batch->interval;

    (void)config;
    (void)state;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] = gb_zero_intelligence(
            &batch->tariff, GB_BUY, batch->tariff.retail,
            gb_draw_at(batch->key, gb_traits_draw_owner(traits, batch->meter[i]), batch->part[i],
                       slot, 0));
    gb_quote_betas(traits, batch, beta_out);
}

const struct gb_strategy gb_strategy_zi_u = {
    .member = {.name = "zi_u",
               .summary =
                   "zero intelligence without a budget: one quote a slot, anywhere in the band"},
    .quote = quote,
};
