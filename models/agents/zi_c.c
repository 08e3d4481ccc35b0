/* Zero intelligence with a budget constraint: quotes at random, never at a loss. It draws once for
 * every order of a slot; the traders of Gode and Sunder draw anew until they trade (zi_c_shouts),
 * here what is not matched is re-quoted by the mechanism's rule. */
#include "models/agents/zero_intelligence_priv.h"

void gb_zi_c_quote(const void *config, void *state, const struct gb_traits *traits,
                   const struct gb_quote_batch *batch, struct gb_price *quote_out,
                   int32_t *beta_out)
{
    uint32_t slot = (uint32_t)batch->interval;

    (void)config;
    (void)state;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] = gb_zero_intelligence(
            &batch->tariff, batch->side[i], gb_quote_reserve(traits, batch, i),
            gb_draw_at(batch->key, gb_traits_draw_owner(traits, batch->meter[i]), batch->part[i],
                       slot, 0));
    gb_quote_betas(traits, batch, beta_out);
}

const struct gb_strategy gb_strategy_zi_c = {
    .member =
        {.name = "zi_c",
         .summary =
             "zero intelligence: one quote a slot, drawn between the own reserve and the tariff"},
    .quote = gb_zi_c_quote,
};
