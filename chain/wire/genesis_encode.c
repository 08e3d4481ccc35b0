#include "chain/wire/genesis.h"

#include <stdlib.h>
#include <string.h>

#include "chain/wire/codec.h"

#define KEY_SIZE sizeof(struct gb_public_key)

static void put_word(struct gb_bytes *to, const char *word)
{
    gb_put_opaque(to, word, strlen(word));
}

/* The row whose key comes next in the order of names after `key`; NULL behind the last. */
static const struct gb_param *next_option(const struct gb_param *rows, const char *key)
{
    const struct gb_param *next = NULL;

    for (const struct gb_param *row = rows; row && row->key; row++)
        if (strcmp(row->key, key) > 0 && (!next || strcmp(row->key, next->key) < 0))
            next = row;
    return next;
}

/* Is the option left out: by who wrote the genesis, or as one that speaks of itself only where it
 * is not what it always was? */
static bool is_unnamed(const struct gb_genesis *genesis, size_t option)
{
    const struct gb_param *row = &genesis->rules.market.mechanism->member.params[option];

    return (option < 64 && genesis->unnamed_options >> option & 1) ||
           (row->flags & GB_PARAM_UNNAMED &&
            gb_param_is_at_default(row, genesis->rules.market.options));
}

/* A count, then the key and the text of every option. */
static void put_options(struct gb_bytes *to, const struct gb_genesis *genesis)
{
    const struct gb_market_rules *market = &genesis->rules.market;
    const struct gb_param *rows = market->mechanism->member.params;
    char value[GB_PARAM_TEXT_SIZE];
    uint32_t n = 0;

    for (size_t i = 0; rows && rows[i].key; i++)
        n += !is_unnamed(genesis, i);
    gb_put_u32(to, n);
    for (const struct gb_param *row = next_option(rows, ""); row;
         row = next_option(rows, row->key)) {
        if (is_unnamed(genesis, (size_t)(row - rows)))
            continue;
        put_word(to, row->key);
        put_word(to, gb_param_format(row, market->options, value, sizeof value));
    }
}

/* Tariffs change a few times a day: each is written once, with the slot up to which it lasts. */
static void put_tariffs_of(struct gb_bytes *to, const struct gb_tariffs *tariffs, size_t kind)
{
    const struct gb_tariff *at = gb_tariffs_at(tariffs, kind, 0);
    uint32_t n = 1;

    for (int64_t slot = 1; slot < tariffs->n_slots; slot++)
        n += !gb_tariff_is_same(&at[slot], &at[slot - 1]);
    gb_put_u32(to, n);
    for (int64_t slot = 0; slot < tariffs->n_slots; slot++) {
        if (slot + 1 < tariffs->n_slots && gb_tariff_is_same(&at[slot], &at[slot + 1]))
            continue;
        gb_put_u32(to, (uint32_t)(slot + 1));
        gb_put_i64(to, at[slot].retail.ticks);
        gb_put_i64(to, at[slot].feed_in.ticks);
    }
}

static void put_tariffs(struct gb_bytes *to, const struct gb_contract_rules *rules)
{
    gb_put_u32(to, rules->short_is_retail);
    gb_put_u32(to, rules->long_is_feed_in);
    gb_put_u32(to, (uint32_t)rules->tariffs->n_slots);
    gb_put_u32(to, (uint32_t)rules->tariffs->n_kinds);
    for (size_t kind = 0; kind < rules->tariffs->n_kinds; kind++)
        put_tariffs_of(to, rules->tariffs, kind);
}

/* And whether tariffs follow. */
static void put_trade_fees(struct gb_bytes *to, const struct gb_contract_rules *rules)
{
    gb_put_i64(to, rules->trade_fees.network_buyer.ticks);
    gb_put_i64(to, rules->trade_fees.network_seller.ticks);
    gb_put_i64(to, rules->trade_fees.levies.ticks);
    gb_put_i64(to, rules->trade_fees.market_buyer.ticks);
    gb_put_i64(to, rules->trade_fees.market_seller.ticks);
    gb_put_u32(to, rules->tariffs != NULL);
}

static void put_rules(struct gb_bytes *to, const struct gb_genesis *genesis)
{
    const struct gb_contract_rules *rules = &genesis->rules;
    const struct gb_market_rules *market = &rules->market;

    put_word(to, market->mechanism->member.name);
    put_options(to, genesis);
    gb_put_i64(to, market->tariff.retail.ticks);
    gb_put_i64(to, market->tariff.feed_in.ticks);
    gb_put_u32(to, market->has_band);
    put_word(to, gb_settlement_rule_names[rules->settlement]);
    put_word(to, gb_unmatched_rule_names[rules->unmatched]);
    gb_put_u32(to, rules->signatures_required);
    gb_put_i64(to, rules->imbalance_short.ticks);
    gb_put_i64(to, rules->imbalance_long.ticks);
    gb_put_i64(to, rules->min_quantity.wh);
    gb_put_i64(to, rules->first_start_ns);
    gb_put_i64(to, rules->slot_ns);
    gb_put_i64(to, rules->open_ns);
    gb_put_i64(to, rules->gate_ns);
    gb_put_i64(to, rules->deadline_ns);
    if (gb_genesis_format(rules) != GB_GENESIS_FORMAT)
        gb_put_i64(to, rules->fee.units);
    if (gb_genesis_format(rules) == GB_GENESIS_FORMAT_OF_TRADE_FEES)
        put_trade_fees(to, rules);
    if (rules->tariffs)
        put_tariffs(to, rules);
}

/* Everything but the supervisor's signature. */
static void put_content(struct gb_bytes *to, const struct gb_genesis *genesis)
{
    gb_put_u32(to, gb_genesis_format(&genesis->rules));
    gb_put_opaque(to, genesis->chain_name,
                  strnlen(genesis->chain_name, sizeof genesis->chain_name));
    put_word(to, genesis->flow->member.name);
    gb_put_u32(to, genesis->leader_period);
    put_word(to, genesis->crypto == GB_CRYPTO_NONE ? "none" : gb_crypto_names[genesis->crypto]);
    gb_put_u32(to, genesis->max_transactions);
    gb_put_u64(to, genesis->max_bytes);
    gb_put_u32(to, (uint32_t)genesis->n_validators);
    for (size_t i = 0; i < genesis->n_validators; i++) {
        gb_put_fixed(to, genesis->validators[i].bytes, KEY_SIZE);
        gb_put_u32(to, genesis->weights[i]);
    }
    gb_put_u32(to, (uint32_t)genesis->n_concentrators);
    for (size_t i = 0; i < genesis->n_concentrators; i++)
        gb_put_fixed(to, genesis->concentrators[i].bytes, KEY_SIZE);
    gb_put_fixed(to, genesis->supervisor.bytes, KEY_SIZE);
    gb_put_fixed(to, genesis->operator_.bytes, KEY_SIZE);
    put_rules(to, genesis);
    gb_put_u32(to, (uint32_t)genesis->n_users);
    for (size_t i = 0; i < genesis->n_users; i++) {
        gb_put_fixed(to, genesis->users[i].key.bytes, KEY_SIZE);
        gb_put_u32(to, genesis->users[i].concentrator);
        if (genesis->rules.tariffs)
            gb_put_u32(to, genesis->users[i].tariff);
        gb_put_i64(to, genesis->users[i].balance.units);
    }
}

enum gb_status gb_genesis_encode(const struct gb_genesis *genesis, uint8_t **bytes, size_t *n,
                                 struct gb_error *err)
{
    struct gb_bytes to = {0};

    gb_bytes_reserve(&to, 512 + 36 * genesis->n_validators + 32 * genesis->n_concentrators +
                              44 * genesis->n_users);
    put_content(&to, genesis);
    gb_put_fixed(&to, genesis->admission.bytes, sizeof genesis->admission.bytes);
    if (to.failed) {
        free(to.bytes);
        return gb_fail(err, GB_ENOMEM, "no memory for a genesis of %zu users", genesis->n_users);
    }
    *bytes = to.bytes;
    *n = to.n;
    return GB_OK;
}

enum gb_status gb_genesis_seal(struct gb_genesis *genesis, const struct gb_keyring *ring,
                               struct gb_hash *chain_id, struct gb_error *err)
{
    uint8_t *bytes = NULL;
    size_t n = 0;
    enum gb_status status = gb_genesis_check(genesis, err);

    if (status == GB_OK)
        status = gb_genesis_encode(genesis, &bytes, &n, err);
    if (status != GB_OK)
        return status;
    size_t n_content = n - sizeof genesis->admission.bytes;
    struct gb_hash digest = gb_hash_bytes(GB_DOMAIN_ADMISSION, bytes, n_content);
    gb_keyring_sign(ring, GB_PARTY(GB_ROLE_SUPERVISOR, 0), &digest, &genesis->admission);
    memcpy(bytes + n_content, genesis->admission.bytes, sizeof genesis->admission.bytes);
    *chain_id = gb_genesis_chain_id(bytes, n);
    free(bytes);
    return GB_OK;
}
