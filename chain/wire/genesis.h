/* The genesis: everything that all nodes know before the first block. Rules, tariff, keys and
 * balances stand here and nowhere else in the chain, so a verifier needs no
 * scenario. */
#ifndef CHAIN_WIRE_GENESIS_H
#define CHAIN_WIRE_GENESIS_H

#include <stddef.h>
#include <stdint.h>

#include "base/quantity.h"
#include "chain/wire/hash.h"
#include "chain/wire/keys.h"
#include "chain/wire/quorum.h"
#include "models/market/mechanism.h"
#include "models/market/tariffs.h"
#include "models/market/trade_fees.h"

/* Firm: contracted energy is paid in full, and what a party missed of it is imbalance. Delivered: a
 * trade executes as far as both its meters show it. */
enum gb_settlement_rule { GB_SETTLE_FIRM, GB_SETTLE_DELIVERED };
extern const char *const gb_settlement_rule_names[]; /* as scenarios and ledgers write them; NULL */
/* Under a firm rule: what becomes of a standing order's part that found no match. Metered: nothing,
 * all that was not traded goes at the tariff. Scheduled: it is a firm schedule with the grid, and
 * every deviation from trades and schedule is imbalance. */
enum gb_unmatched_rule { GB_UNMATCHED_METERED, GB_UNMATCHED_SCHEDULED };
extern const char *const gb_unmatched_rule_names[];

/* Who signs that a trade was delivered: seller's meter, buyer's meter, operator. */
#define GB_TRADE_ROLES 3

/* What the contracts decide by; the same numbers for every node. */
struct gb_contract_rules {
    struct gb_market_rules market;
    int32_t settlement;              /* enum gb_settlement_rule */
    int32_t unmatched;               /* enum gb_unmatched_rule */
    uint32_t signatures_required;    /* 1 to GB_TRADE_ROLES */
    struct gb_price imbalance_short; /* paid for energy sold and not delivered */
    struct gb_price imbalance_long;  /* got for energy bought and not taken */
    /* Where tariffs differ, market.tariff is the widest band; NULL: it is everybody's, always. */
    const struct gb_tariffs *tariffs; /* the genesis' own */
    /* Then, instead of the prices above: the slot's highest retail, its lowest feed-in. */
    bool short_is_retail, long_is_feed_in;
    struct gb_energy min_quantity; /* smallest order */
    struct gb_money fee;           /* of every order, amendment and cancel that is executed */
    struct gb_trade_fees trade_fees;
    int64_t first_start_ns;                         /* start of interval 0 */
    int64_t slot_ns, open_ns, gate_ns, deadline_ns; /* T; leads before t; after t + T */
};

/* Lead of the second gate before a slot; 0: there is none. */
static inline int64_t gb_genesis_second_gate_ns(const struct gb_contract_rules *rules)
{
    return gb_market_asks_users(&rules->market)
               ? rules->market.mechanism->requoting->second_gate_ns(&rules->market, rules->gate_ns)
               : 0;
}

/* The band of an interval's prices. */
static inline const struct gb_tariff *gb_genesis_band(const struct gb_contract_rules *rules,
                                                      int64_t interval)
{
    return rules->tariffs ? gb_tariffs_band(rules->tariffs, interval) : &rules->market.tariff;
}

/* The prices of an interval's imbalance, as a tariff: short for retail, long for feed-in. */
static inline struct gb_tariff gb_imbalance_prices(const struct gb_contract_rules *rules,
                                                   int64_t interval)
{
    struct gb_tariff prices = {.retail = rules->imbalance_short, .feed_in = rules->imbalance_long};

    if (rules->tariffs && rules->short_is_retail)
        prices.retail = gb_tariffs_band(rules->tariffs, interval)->retail;
    if (rules->tariffs && rules->long_is_feed_in)
        prices.feed_in = gb_tariffs_band(rules->tariffs, interval)->feed_in;
    return prices;
}

#define GB_NO_CONCENTRATOR UINT32_MAX

struct gb_genesis_user {
    struct gb_public_key key;
    uint32_t concentrator;   /* which bundles its messages, or GB_NO_CONCENTRATOR */
    uint32_t tariff;         /* where they differ: of which kind its is; else 0 */
    struct gb_money balance; /* for trades */
};

#define GB_FEE_LIMIT_UNITS (1000 * INT64_C(1000000000)) /* a message */

/* A genesis says no more than it must: format 3 holds no fee, format 4 one above 0, and format 5,
 * under which a price may lie below 0 and sellers hold escrow, a fee of 0 or more. Format 6 is that
 * with tariffs that differ: every slot's of every kind, and of which kind each user's is. Format 7
 * is format 5 with fees of trades, one of them above 0, and with or without such tariffs. */
enum {
    GB_GENESIS_FORMAT = 3,
    GB_GENESIS_FORMAT_WITH_FEE = 4,
    GB_GENESIS_FORMAT_OF_SIGNED_PRICES = 5,
    GB_GENESIS_FORMAT_OF_TARIFFS = 6,
    GB_GENESIS_FORMAT_OF_TRADE_FEES = 7
};
uint32_t gb_genesis_format(const struct gb_contract_rules *rules);

struct gb_genesis {
    char chain_name[64];
    const struct gb_flow *flow;
    uint32_t leader_period;
    uint32_t crypto;           /* enum gb_crypto: a modelled ledger says so itself */
    uint32_t max_transactions; /* of a block, at least 1 */
    uint64_t max_bytes;        /* of a block's transactions, at least 1 */
    size_t n_validators;
    struct gb_public_key *validators;
    uint32_t *weights;
    size_t n_concentrators;
    struct gb_public_key *concentrators;
    struct gb_public_key supervisor, operator_;
    struct gb_contract_rules rules;
    struct gb_tariffs *tariffs; /* those of the rules; owned */
    /* Of one that was read: bit i is set where it does not name option i of its mechanism, which
     * came to the mechanism's table after it was written and stands at its default. */
    uint64_t unnamed_options;
    size_t n_users;
    struct gb_genesis_user *users;
    struct gb_signature admission; /* the supervisor's: these users under these rules */
};

/* Its validators as a committee, which borrows their weights. */
static inline struct gb_committee gb_genesis_committee(const struct gb_genesis *genesis)
{
    return (struct gb_committee){.flow = genesis->flow,
                                 .n_nodes = (uint32_t)genesis->n_validators,
                                 .weights = genesis->weights,
                                 .leader_period = genesis->leader_period};
}

/* GB_OK, or GB_EINPUT with the reason: no weight, a meter of a concentrator that is not there,
 * two parties under one key ... */
enum gb_status gb_genesis_check(const struct gb_genesis *genesis, struct gb_error *err);
/* Checks the genesis, signs it, users and rules alike, with the supervisor's key and returns the
 * chain id: the hash of the canonical encoding, under which every message of the chain is signed.
 */
enum gb_status gb_genesis_seal(struct gb_genesis *genesis, const struct gb_keyring *ring,
                               struct gb_hash *chain_id, struct gb_error *err);
/* Canonical encoding, the fields in the order of the structs above and the signature last; caller
 * frees *bytes. What is one of a list (flow, crypto, mechanism, its options, settlement rules)
 * stands there by name, values of options as texts in the order of their names, some of them
 * (GB_PARAM_UNNAMED) where they are not at their defaults alone: no change of a list's order
 * changes what a genesis means. */
enum gb_status gb_genesis_encode(const struct gb_genesis *genesis, uint8_t **bytes, size_t *n,
                                 struct gb_error *err);
struct gb_hash gb_genesis_chain_id(const uint8_t *bytes, size_t n); /* of an encoding */
/* Reads a genesis, checks the supervisor's signature and then what it signed; caller clears it with
 * gb_genesis_clear. GB_EINPUT says at which byte what was expected, or what gb_genesis_check found,
 * GB_EBROKEN that the signature does not fit.
 * extensions  of flows and mechanisms handed in at run time, which it may name; or NULL */
enum gb_status gb_genesis_decode(struct gb_genesis *out, const uint8_t *bytes, size_t n,
                                 const struct gb_extensions *extensions, struct gb_error *err);
void gb_genesis_clear(struct gb_genesis *genesis); /* frees its arrays */

#endif
