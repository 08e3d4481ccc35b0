/* Fixed shade (a markup): everybody asks the same amount above, or bids it below, the own
 * reserve. */
#include "models/agents/strategies_priv.h"

struct fixed_shade {
    struct gb_price shade;
};

static const struct gb_param params[] = {
    {"agents.shade", GB_PARAM_PRICE, offsetof(struct fixed_shade, shade), "0.05", 0, 1000,
     "currency/kWh", NULL, GB_LAYER_AGENTS,
     "What a quote of strategy fixed_shade keeps away from the own reserve, within the tariff."},
    {0},
};

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    const struct fixed_shade *fixed = config;

    (void)state;
    for (size_t i = 0; i < batch->n; i++)
        quote_out[i] = gb_quote_shaded(traits, batch, i, fixed->shade);
    gb_quote_betas(traits, batch, beta_out);
}

const struct gb_strategy gb_strategy_fixed_shade = {
    .member = {.name = "fixed_shade",
               .summary =
                   "quotes the own reserve less a markup that is the same for all (agents.shade)",
               .params = params,
               .config_size = sizeof(struct fixed_shade)},
    .quote = quote,
};
