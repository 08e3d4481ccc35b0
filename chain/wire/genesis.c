#include "chain/wire/genesis.h"

#include <stdlib.h>
#include <string.h>

const char *const gb_settlement_rule_names[] = {"firm", "delivered", NULL};
const char *const gb_unmatched_rule_names[] = {"metered", "scheduled", NULL};

uint32_t gb_genesis_format(const struct gb_contract_rules *rules)
{
    const struct gb_tariff *tariff = &rules->market.tariff;

    if (!gb_trade_fees_are_none(&rules->trade_fees))
        return GB_GENESIS_FORMAT_OF_TRADE_FEES;
    if (rules->tariffs)
        return GB_GENESIS_FORMAT_OF_TARIFFS;
    if (tariff->feed_in.ticks < 0 || tariff->retail.ticks < 0 || rules->imbalance_short.ticks < 0 ||
        rules->imbalance_long.ticks < 0)
        return GB_GENESIS_FORMAT_OF_SIGNED_PRICES;
    return rules->fee.units > 0 ? GB_GENESIS_FORMAT_WITH_FEE : GB_GENESIS_FORMAT;
}

struct gb_hash gb_genesis_chain_id(const uint8_t *bytes, size_t n)
{
    return gb_hash_bytes(GB_DOMAIN_GENESIS, bytes, n);
}

void gb_genesis_clear(struct gb_genesis *genesis)
{
    free(genesis->validators);
    free(genesis->weights);
    free(genesis->concentrators);
    free(genesis->users);
    gb_tariffs_free(genesis->tariffs);
    *genesis = (struct gb_genesis){0};
}
