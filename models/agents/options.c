#include "models/agents/options.h"

static const char *const no_trade_names[] = {"none", "best_opposite", "slot", NULL};

#define ROW(...) GB_PARAM_ROW(struct gb_strategy_options, __VA_ARGS__)
#define OF_KIND .flags = GB_PARAM_OF_KIND
/* clang-format off */
#define SHADE                                                                                      \
    ROW("agents.shade", shade, PRICE, "0.05", 0, 1000, "currency/kWh", NULL, AGENTS,               \
        "What a quote of strategy fixed_shade keeps away from the own reserve, within the tariff.",\
        OF_KIND)
#define AA_WEIGHT                                                                                  \
    ROW("agents.aa.weight", aa_weight, NUMBER, "0.9", 0.01, 1, "1", NULL, AGENTS,                  \
        "What a trade counts beside the next one where aa estimates the price of equilibrium: "    \
        "Vytelingum's of 2006, by the word of Snashall and Cliff 2019, whose own is 0.95.",        \
        OF_KIND)
#define FIRST_PROFIT                                                                               \
    ROW("agents.roth_erev.first_profit", first_profit, MONEY, "0.1", 0, 1000000, "currency", NULL, \
        AGENTS, "What mre and vre expect to gain in a slot at first: X of Nicolaisen, Petrov, "    \
        "Tesfatsion 2001, 15000 in the units of their market; 0.1 is our own choice.",             \
        OF_KIND)
#define VRE_COOLING                                                                                \
    ROW("agents.vre.cooling", vre_cooling, NUMBER, "0.1667", 0.0001, 1000, "1", NULL, AGENTS,      \
        "Cooling of vre's choices, as a share of the first propensities; a sixth is our own "      \
        "choice.",                                                                                 \
        OF_KIND)
#define GDX_MEMORY                                                                                 \
    ROW("agents.gdx.memory", gdx_memory, INTEGER, "5", 1, 20, "trades", NULL, AGENTS,              \
        "How many trades gdx remembers, with the quotes since; five is our own choice.",           \
        OF_KIND)
#define GDX_DISCOUNT                                                                               \
    ROW("agents.gdx.discount", gdx_discount, NUMBER, "0.9", 0, 1, "1", NULL, AGENTS,               \
        "What a gain at the next chance to quote counts for gdx; at 0 it is the strategy of "      \
        "Gjerstad and Dickhaut. Near 1 does best in Tesauro, Bredin 2002; 0.9 is our own choice.", \
        OF_KIND)
#define MIX                                                                                        \
    ROW("agents.mix", mix, TEXT, "paper_beta 1", 0, 0, NULL, NULL, AGENTS,                         \
        "Shares of strategies in a mix, which add up to 1: `zip 0.5, zi_c 0.5`.",                  \
        OF_KIND)                                                                                   \
    ROW("agents.deviant_strategy", deviant_strategy, TEXT, GB_STRATEGY_DRAWN, 0, 0, NULL, NULL,    \
        AGENTS,                                                                                    \
        "Built-in strategy of the agent that agents.deviant names, in the mix or not; `drawn`: by " \
        "the shares, as all others.",                                                              \
        .flags = GB_PARAM_REFUSED_UNREAD, .read_when = "agents.deviant!=none")
/* clang-format on */

#define GB_KEY ROW
const struct gb_param gb_paper_beta_params[] = {
#include "models/agents/paper_beta.def"
    {0},
};

const struct gb_param gb_fixed_shade_params[] = {SHADE{0}};
const struct gb_param gb_aa_params[] = {AA_WEIGHT{0}};
const struct gb_param gb_mre_params[] = {FIRST_PROFIT{0}};
const struct gb_param gb_vre_params[] = {FIRST_PROFIT VRE_COOLING{0}};
const struct gb_param gb_gdx_params[] = {GDX_MEMORY GDX_DISCOUNT{0}};
const struct gb_param gb_mix_params[] = {
    MIX SHADE AA_WEIGHT FIRST_PROFIT VRE_COOLING GDX_MEMORY GDX_DISCOUNT
#include "models/agents/paper_beta.def"
    {0},
};
