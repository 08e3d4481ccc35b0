/* The registry of mechanisms, the words of their options, and the table of a market's rules. */
#include <stddef.h>
#include <string.h>

#include "models/market/mechanisms_priv.h"

const struct gb_mechanism *const gb_mechanisms[] = {&gb_mechanism_two_round,
                                                    &gb_mechanism_grid_only, NULL};

const char *const gb_mechanism_names[] = {"two_round", "grid_only", NULL};
const char *const gb_anchor_names[] = {"marginal_quote", "extreme_trade", "marginal_quote_filled",
                                       "last_trade",     "vwap",          NULL};
const char *const gb_requote_match_names[] = {"within_reserve", "crossing", "unconditional", NULL};
const char *const gb_head_fail_names[] = {"skip", "stop", NULL};
const char *const gb_books_names[] = {"by_source", "pooled", NULL};
static const char *const rounds_words[] = {"until_cross", NULL}; /* GB_ROUNDS_UNTIL_CROSS */

#define AT(member) offsetof(struct gb_market_rules, member)

const struct gb_param gb_market_params[] = {
    {"tariff.retail", GB_PARAM_PRICE, AT(tariff.retail), "0.59", 0, 1000, "currency/kWh", NULL,
     GB_LAYER_MARKET, "Price at which the grid sells; no order may be dearer."},
    {"tariff.feed_in", GB_PARAM_PRICE, AT(tariff.feed_in), "0.31", 0, 1000, "currency/kWh", NULL,
     GB_LAYER_MARKET, "Price at which the grid buys; no order may be cheaper, nor retail."},
    {"market.mechanism", GB_PARAM_CHOICE, AT(mechanism), "two_round", 0, 0, NULL,
     gb_mechanism_names, GB_LAYER_MARKET, "How orders become trades."},
    {"market.books", GB_PARAM_CHOICE, AT(books), "by_source", 0, 0, NULL, gb_books_names,
     GB_LAYER_MARKET, "One book for each source of energy, or one for all."},
    {"market.k", GB_PARAM_MILLIONTHS, AT(k_millionths), "0.5", 0, 1, "1", NULL, GB_LAYER_MARKET,
     "A pair trades at ask + k (bid - ask): 0.5 is the midpoint."},
    {"market.beta", GB_PARAM_MILLIONTHS, AT(beta_millionths), "0.1", 0, 1, "1", NULL,
     GB_LAYER_MARKET,
     "Re-quote factor: the share of its distance to the anchor that an unmatched order gives up."},
    {"market.requote.anchor", GB_PARAM_CHOICE, AT(anchor), "marginal_quote", 0, 0, NULL,
     gb_anchor_names, GB_LAYER_MARKET, "What an unmatched order moves towards."},
    {"market.requote.match", GB_PARAM_CHOICE, AT(match), "within_reserve", 0, 0, NULL,
     gb_requote_match_names, GB_LAYER_MARKET,
     "When a pair may trade after a re-quote: its price lies within both reserves, its quotes "
     "cross, or always."},
    {"market.requote.rounds", GB_PARAM_INTEGER, AT(rounds), "1", 0, 1000000, "1", rounds_words,
     GB_LAYER_MARKET,
     "How many re-quotes follow the first round; until_cross repeats until "
     "something trades, one side is empty or no quote moves."},
    {"market.on_head_fail", GB_PARAM_CHOICE, AT(on_head_fail), "skip", 0, 0, NULL,
     gb_head_fail_names, GB_LAYER_MARKET,
     "What follows when the best pair may not trade after a re-quote: the next pair that may, or "
     "the end of the round."},
    {0},
};

static bool holds(const char *const *words, const char *word)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

bool gb_mechanism_reads(const struct gb_mechanism *mechanism, const char *key)
{
    bool is_somebodys = false;

    for (size_t i = 0; gb_mechanisms[i]; i++)
        is_somebodys = is_somebodys || holds(gb_mechanisms[i]->options, key);
    return !is_somebodys || holds(mechanism->options, key);
}
