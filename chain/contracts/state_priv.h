/* The state of the contracts put together. Each part is written by the file that declares it alone
 * (accounts by accounts.c, and so on); the rules, which see all parts, read them and call. */
#ifndef CHAIN_CONTRACTS_STATE_PRIV_H
#define CHAIN_CONTRACTS_STATE_PRIV_H

#include "chain/contracts/accounts_priv.h"
#include "chain/contracts/auctions_priv.h"
#include "chain/contracts/block_clock_priv.h"
#include "chain/contracts/event_log_priv.h"
#include "chain/contracts/intervals_priv.h"
#include "chain/contracts/registers_priv.h"
#include "chain/contracts/registry_priv.h"

/* Highest price on a chain (10000 currency per kWh): low enough that even without a band a meter
 * may trade 100 MWh a slot before a bill could leave 64 bits; see energy_limit_wh. */
#define GB_CONTRACT_PRICE_LIMIT_TICKS INT64_C(10000000000)

/* What contracts.c sets at creation, and the parts. */
struct gb_contracts {
    struct gb_contract_rules rules;
    int64_t energy_limit_wh; /* of a meter and slot; beyond is no order and no reading */
    struct gb_hash chain_id;
    size_t n_users;
    const struct gb_genesis_user *users; /* the genesis', for their tariffs */
    const struct gb_mechanism *mechanism;
    uint32_t n_transactions; /* of the block being executed, so far */

    struct gb_block_clock clock;
    struct gb_accounts accounts;
    struct gb_auctions auctions;
    struct gb_registry registry;
    struct gb_known_registers registers;
    struct gb_intervals intervals;
    struct gb_event_log event_log;
};

/* What a meter pays and gets in an interval. */
static inline const struct gb_tariff *gb_tariff_of(const struct gb_contracts *contracts,
                                                   uint32_t meter, int64_t interval)
{
    const struct gb_contract_rules *rules = &contracts->rules;

    return rules->tariffs ? gb_tariffs_at(rules->tariffs, contracts->users[meter].tariff, interval)
                          : &rules->market.tariff;
}

/* May a meter's orders for a slot come to so much, on either side? */
static inline bool gb_is_within_capacity(const struct gb_contracts *contracts, uint32_t meter,
                                         int64_t wh)
{
    int64_t capacity_wh = contracts->registry.users[meter].capacity_wh;

    return wh <= contracts->energy_limit_wh && (capacity_wh <= 0 || wh <= capacity_wh);
}

#endif
