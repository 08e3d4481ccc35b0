/* Fixed shade (a markup): everybody asks the same amount above, or bids it below, the own
 * reserve. */
#include "models/agents/strategies_priv.h"

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    const struct gb_strategy_options *options = config;

    (void)state;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] = gb_quote_shaded(traits, batch, i, options->shade);
    gb_quote_betas(traits, batch, beta_out);
}

const struct gb_strategy gb_strategy_fixed_shade = {
    .member = {.name = "fixed_shade",
               .summary =
                   "quotes the own reserve less a markup that is the same for all (agents.shade)",
               .params = gb_fixed_shade_params,
               .config_size = sizeof(struct gb_strategy_options)},
    .quote = quote,
};
