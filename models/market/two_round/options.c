/* The options of the two-round auction: their rows, and what follows from them for a market. */
#include "models/market/two_round/options.h"

#include <stddef.h>

static const char *const anchor_names[] = {
    "marginal_quote", "extreme_trade", "marginal_quote_filled", "last_trade", "vwap", NULL};
static const char *const match_names[] = {"within_reserve", "crossing", "unconditional", NULL};
static const char *const head_fail_names[] = {"skip", "stop", NULL};
static const char *const books_names[] = {"by_source", "pooled", NULL};
static const char *const rounds_words[] = {"until_cross", NULL}; /* GB_ROUNDS_UNTIL_CROSS */

#define AT(member) offsetof(struct gb_two_round_options, member)

const struct gb_param gb_two_round_params[] = {
    {"market.books", GB_PARAM_CHOICE, AT(books), "by_source", 0, 0, NULL, books_names,
     GB_LAYER_MARKET, "One book for each source of energy, or one for all."},
    {"market.k", GB_PARAM_MILLIONTHS, AT(k_millionths), "0.5", 0, 1, "1", NULL, GB_LAYER_MARKET,
     "A pair trades at ask + k (bid - ask): 0.5 is the midpoint."},
    {"market.beta", GB_PARAM_MILLIONTHS, AT(beta_millionths), "0.1", 0, 1, "1", NULL,
     GB_LAYER_MARKET,
     "Re-quote factor: the share of its distance to the anchor that an unmatched order gives up."},
    {"market.requote.anchor", GB_PARAM_CHOICE, AT(anchor), "marginal_quote", 0, 0, NULL,
     anchor_names, GB_LAYER_MARKET, "What an unmatched order moves towards."},
    {"market.requote.match", GB_PARAM_CHOICE, AT(match), "within_reserve", 0, 0, NULL, match_names,
     GB_LAYER_MARKET,
     "When a pair may trade after a re-quote: its price lies within both reserves, its quotes "
     "cross, or always."},
    {"market.requote.rounds", GB_PARAM_INTEGER, AT(rounds), "1", 0, 1000000, "1", rounds_words,
     GB_LAYER_MARKET,
     "How many re-quotes follow the first round; until_cross repeats until "
     "something trades, one side is empty or no quote moves."},
    {"market.on_head_fail", GB_PARAM_CHOICE, AT(on_head_fail), "skip", 0, 0, NULL, head_fail_names,
     GB_LAYER_MARKET,
     "What follows when the best pair may not trade after a re-quote: the next pair that may, or "
     "the end of the round."},
    {0},
};

static const struct gb_two_round_options *options_of(const struct gb_market_rules *rules)
{
    return (const struct gb_two_round_options *)rules->options;
}

static bool is_share(int64_t millionths)
{
    return millionths >= 0 && millionths <= GB_MILLIONTHS;
}

bool gb_two_round_is_sound(const struct gb_market_rules *rules)
{
    const struct gb_two_round_options *options = options_of(rules);

    return options->anchor >= 0 && options->anchor <= GB_ANCHOR_VWAP && options->match >= 0 &&
           options->match <= GB_MATCH_UNCONDITIONAL && options->on_head_fail >= 0 &&
           options->on_head_fail <= GB_HEAD_FAIL_STOP && options->books >= 0 &&
           options->books <= GB_BOOKS_POOLED && options->rounds >= GB_ROUNDS_UNTIL_CROSS &&
           options->rounds < UINT32_MAX && is_share(options->beta_millionths) &&
           is_share(options->k_millionths);
}

bool gb_two_round_needs_source(const struct gb_market_rules *rules)
{
    return options_of(rules)->books == GB_BOOKS_BY_SOURCE;
}

/* An unconditional match may go beyond the buyer's reserve, up to the end of the band. */
struct gb_price gb_two_round_escrow_price(const struct gb_market_rules *rules,
                                          const struct gb_order *bid)
{
    return options_of(rules)->match == GB_MATCH_UNCONDITIONAL ? rules->tariff.retail : bid->reserve;
}

enum gb_status gb_two_round_check_escrow(const struct gb_market_rules *rules, struct gb_error *err)
{
    if (options_of(rules)->match == GB_MATCH_UNCONDITIONAL && !rules->has_band)
        return gb_fail(err, GB_ECONFIG,
                       "an unconditional re-quote match needs the price band: "
                       "without it no escrow covers a trade");
    return GB_OK;
}
