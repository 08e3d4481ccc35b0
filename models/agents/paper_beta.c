/* The paper's user: quotes the own reserve less a shade of its own, and gives way by beta when
 * it finds no partner. The giving way is the contract's work; the order carries how much. */
#include "models/agents/strategies_priv.h"

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    (void)config;
    (void)state;
    for (size_t i = 0; i < batch->n; i++) {
        uint32_t meter = batch->meter[i];
        struct gb_price shade =
            batch->side[i] == GB_SELL ? traits->shade_sell[meter] : traits->shade_buy[meter];

        quote_out[i] = gb_quote_shaded(traits, batch, i, shade);
    }
    gb_quote_betas(traits, batch, beta_out);
}

const struct gb_strategy gb_strategy_paper_beta = {
    .member = {.name = "paper_beta",
               .summary =
                   "the paper's user: a shade drawn per user, re-quoted by beta when unmatched"},
    .quote = quote,
};
