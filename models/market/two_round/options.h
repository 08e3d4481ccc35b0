/* The options of the two-round auction: what the rows of its table are read into. */
#ifndef MODELS_MARKET_TWO_ROUND_OPTIONS_H
#define MODELS_MARKET_TWO_ROUND_OPTIONS_H

#include <stdint.h>

#include "models/market/books.h"
#include "models/market/limits.h"
#include "models/market/mechanism.h"
#include "models/market/requote.h"

enum gb_requote_match { /* market.requote.match */
                        GB_MATCH_WITHIN_RESERVE,
                        GB_MATCH_CROSSING,
                        GB_MATCH_UNCONDITIONAL
};
enum gb_head_fail { GB_HEAD_FAIL_SKIP, GB_HEAD_FAIL_STOP }; /* market.on_head_fail */

enum gb_requote_by { GB_REQUOTE_BY_CONTRACT, GB_REQUOTE_BY_USER }; /* market.requote.by */
enum gb_requote_memory { GB_MEMORY_ROUND, GB_MEMORY_SLOT };        /* market.requote.memory */

#define GB_ROUNDS_UNTIL_CROSS (-1)
#define GB_SECOND_GATE_HALF (-1)

/* Its fields may be read and written in place, within the bytes of the rules. */
#define GB_KEY GB_PARAM_FIELD
struct __attribute__((may_alias)) gb_two_round_options {
#include "models/market/two_round/options.def"
};
#undef GB_KEY

/* The options within the rules of a market whose mechanism is two_round. */
static inline struct gb_two_round_options *gb_two_round_options(struct gb_market_rules *rules)
{
    return (struct gb_two_round_options *)rules->options;
}

extern const struct gb_param gb_two_round_params[];
bool gb_two_round_needs_source(const struct gb_market_rules *rules);
struct gb_price gb_two_round_escrow_price(const struct gb_market_rules *rules,
                                          const struct gb_tariff *band,
                                          const struct gb_order *order);
enum gb_status gb_two_round_check_escrow(const struct gb_market_rules *rules, struct gb_error *err);
void gb_two_round_limit(struct gb_market_rules *rules, int64_t export_wh, int64_t import_wh);
bool gb_two_round_asks_users(const struct gb_market_rules *rules);
const char *gb_two_round_refusal(const struct gb_market_rules *rules, const char **key);
int64_t gb_two_round_second_gate_ns(const struct gb_market_rules *rules, int64_t gate_ns);

#endif
