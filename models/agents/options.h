/* The options of strategies. One struct serves all, so that a mix hands its own on to whomever it
 * is made of. */
#ifndef MODELS_AGENTS_OPTIONS_H
#define MODELS_AGENTS_OPTIONS_H

#include "base/param.h"
#include "models/market/requote.h"

/* Bytes that hold the options of a strategy from outside this program. */
#define GB_OUTSIDE_CONFIG_SIZE 2048
#define GB_STRATEGY_DRAWN "drawn" /* of agents.deviant_strategy */

#define GB_KEY GB_PARAM_FIELD
struct gb_strategy_options {
#include "models/agents/paper_beta.def"
    struct gb_price shade;                     /* of fixed_shade */
    double aa_weight;                          /* of a trade beside the next one, 0 to 1 */
    struct gb_money first_profit;              /* of mre and vre: X */
    double vre_cooling;                        /* as a share of the first propensities */
    int64_t gdx_memory;                        /* trades */
    double gdx_discount;                       /* of what the next chance to quote brings, 0 to 1 */
    char mix[GB_PARAM_TEXT_SIZE];              /* shares of a mix: "zip 0.5, aa 0.5" */
    char deviant_strategy[GB_PARAM_TEXT_SIZE]; /* of whom agents.deviant names: one, or "drawn" */
};
#undef GB_KEY

/* A table each for whoever has options, and that of the mix, which has all of them. */
extern const struct gb_param gb_paper_beta_params[], gb_fixed_shade_params[], gb_aa_params[],
    gb_mre_params[], gb_vre_params[], gb_gdx_params[], gb_mix_params[];

#endif
