/* The options of the two-round auction: their rows, and what follows from them for a market. */
#include "models/market/two_round/options.h"

#include <stddef.h>

static const char *const match_names[] = {"within_reserve", "crossing", "unconditional", NULL};
static const char *const head_fail_names[] = {"skip", "stop", NULL};
static const char *const requote_by_names[] = {"contract", "user", NULL};
static const char *const memory_names[] = {"round", "slot", NULL};
static const char *const second_gate_words[] = {"half", NULL};   /* GB_SECOND_GATE_HALF */
static const char *const rounds_words[] = {"until_cross", NULL}; /* GB_ROUNDS_UNTIL_CROSS */

#define GB_KEY(...) GB_PARAM_ROW(struct gb_two_round_options, __VA_ARGS__)

const struct gb_param gb_two_round_params[] = {
#include "models/market/two_round/options.def"
    {0},
};

static const struct gb_two_round_options *options_of(const struct gb_market_rules *rules)
{
    return (const struct gb_two_round_options *)rules->options;
}

bool gb_two_round_needs_source(const struct gb_market_rules *rules)
{
    return options_of(rules)->books == GB_BOOKS_BY_SOURCE;
}

/* An unconditional match may go beyond a reserve, up to the end of the band. */
struct gb_price gb_two_round_escrow_price(const struct gb_market_rules *rules,
                                          const struct gb_tariff *band,
                                          const struct gb_order *order)
{
    if (options_of(rules)->match != GB_MATCH_UNCONDITIONAL)
        return order->reserve;
    return order->side == GB_BUY ? band->retail : band->feed_in;
}

enum gb_status gb_two_round_check_escrow(const struct gb_market_rules *rules, struct gb_error *err)
{
    if (options_of(rules)->match == GB_MATCH_UNCONDITIONAL && !rules->has_band)
        return gb_fail(err, GB_ECONFIG,
                       "an unconditional re-quote match needs the price band: "
                       "without it no escrow covers a trade");
    return GB_OK;
}

void gb_two_round_limit(struct gb_market_rules *rules, int64_t export_wh, int64_t import_wh)
{
    struct gb_two_round_options *options = gb_two_round_options(rules);

    options->export_limit_wh = gb_limit_or(options->export_limit_wh, export_wh);
    options->import_limit_wh = gb_limit_or(options->import_limit_wh, import_wh);
}

bool gb_two_round_asks_users(const struct gb_market_rules *rules)
{
    return options_of(rules)->by == GB_REQUOTE_BY_USER;
}

const char *gb_two_round_refusal(const struct gb_market_rules *rules, const char **key)
{
    if (!gb_two_round_asks_users(rules) || options_of(rules)->rounds == 1)
        return NULL;
    *key = "market.requote.rounds";
    return "users quote anew once, before round 2 (market.requote.by: user); expected 1";
}

int64_t gb_two_round_second_gate_ns(const struct gb_market_rules *rules, int64_t gate_ns)
{
    int64_t asked_ns = options_of(rules)->second_gate_ns;

    return asked_ns == GB_SECOND_GATE_HALF ? gate_ns / 2 : asked_ns;
}
