/* MRE, modified Roth-Erev: chooses in proportion to its propensities. */
#include "models/agents/roth_erev_priv.h"

#define VANISHED 1e-200 /* who has gained nothing for so long that this is left chooses evenly */

static void weigh(const struct gb_strategy_options *options, const double *propensity,
                  double *so_far)
{
    double sum = 0;

    (void)options;
    for (int k = 0; k < GB_ROTH_EREV_K; k++)
        so_far[k] = sum += propensity[k];
    for (int k = 0; k < GB_ROTH_EREV_K && !(sum > VANISHED); k++)
        so_far[k] = k + 1;
}

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    gb_roth_erev_quote(weigh, config, state, traits, batch, quote_out, beta_out);
}

const struct gb_strategy gb_strategy_mre = {
    .member =
        {.name = "mre",
         .summary =
             "modified Roth-Erev: leans to quotes that gained (Nicolaisen, Petrov, Tesfatsion)",
         .params = gb_mre_params,
         .config_size = sizeof(struct gb_strategy_options),
         .state_size = sizeof(struct gb_roth_erev)},
    .init = gb_roth_erev_init,
    .quote = quote,
    .observe = gb_roth_erev_observe,
};
