/* VRE, variant Roth-Erev: learns as mre does, but chooses by e^(q / T), so that differences count
 * and not shares. T is agents.vre.cooling of the first propensity. source  J. Sun, L. Tesfatsion,
 * Dynamic testing of wholesale power market designs: an open-source agent-based framework,
 * Computational Economics 30 (2007) 291-327 */
#include <math.h>

#include "models/agents/roth_erev_priv.h"

/* e^((q - greatest q) / T), which never overflows; where nothing was ever expected, evenly. */
static void weigh(const struct gb_strategy_options *options, const double *propensity,
                  double *so_far)
{
    double greatest = 0, sum = 0;
    double cooling = options->vre_cooling * gb_roth_erev_first(options);

    for (int k = 0; k < GB_ROTH_EREV_K; k++)
        greatest = fmax(greatest, propensity[k]);
    for (int k = 0; k < GB_ROTH_EREV_K; k++)
        so_far[k] = sum += cooling > 0 ? exp((propensity[k] - greatest) / cooling) : 1;
}

static void quote(const void *config, void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out, int32_t *beta_out)
{
    gb_roth_erev_quote(weigh, config, state, traits, batch, quote_out, beta_out);
}

const struct gb_strategy gb_strategy_vre = {
    .member = {.name = "vre",
               .summary =
                   "variant Roth-Erev: as mre, with choices by differences (Sun, Tesfatsion)",
               .params = gb_vre_params,
               .config_size = sizeof(struct gb_strategy_options),
               .state_size = sizeof(struct gb_roth_erev)},
    .init = gb_roth_erev_init,
    .quote = quote,
    .observe = gb_roth_erev_observe,
};
