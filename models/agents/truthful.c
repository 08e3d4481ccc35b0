/* Truthful: everybody quotes the own reserve. */
#include "models/agents/strategies_priv.h"

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    (void)config;
    (void)state;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] = gb_quote_shaded(traits, batch, i, (struct gb_price){0});
    gb_quote_betas(traits, batch, beta_out);
}

const struct gb_strategy gb_strategy_truthful = {
    .member = {.name = "truthful", .summary = "quotes the own reserve"},
    .quote = quote,
};
