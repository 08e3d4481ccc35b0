#include "chain/wire/genesis.h"

#include <stdlib.h>
#include <string.h>

#include "chain/wire/codec.h"
#include "models/market/two_round/options.h"

#define KEY_SIZE sizeof(struct gb_public_key)

/* ---- encoding */

/* Format 1 has the options of two_round whatever the mechanism; another one's leaves them at their
 * defaults. */
static struct gb_two_round_options options_of(const struct gb_market_rules *market)
{
    struct gb_market_rules rules = *market;

    if (market->mechanism != &gb_mechanism_two_round)
        gb_market_rules_select(&rules, &gb_mechanism_two_round);
    return *gb_two_round_options(&rules);
}

static uint32_t number_of(const struct gb_mechanism *mechanism)
{
    uint32_t i = 0;

    while (gb_family_member(&gb_mechanism_family, NULL, i) != &mechanism->member)
        i++;
    return i;
}

static void put_rules(struct gb_bytes *to, const struct gb_contract_rules *rules)
{
    const struct gb_market_rules *market = &rules->market;
    struct gb_two_round_options options = options_of(market);

    gb_put_u32(to, number_of(market->mechanism));
    gb_put_u32(to, (uint32_t)options.anchor);
    gb_put_u32(to, (uint32_t)options.match);
    gb_put_u32(to, (uint32_t)options.on_head_fail);
    gb_put_u32(to, (uint32_t)options.books);
    gb_put_i64(to, options.rounds);
    gb_put_i64(to, options.beta_millionths);
    gb_put_i64(to, options.k_millionths);
    gb_put_i64(to, market->tariff.retail.ticks);
    gb_put_i64(to, market->tariff.feed_in.ticks);
    gb_put_u32(to, market->has_band);
    gb_put_u32(to, (uint32_t)rules->settlement);
    gb_put_u32(to, (uint32_t)rules->unmatched);
    gb_put_u32(to, rules->signatures_required);
    gb_put_i64(to, rules->imbalance_short.ticks);
    gb_put_i64(to, rules->imbalance_long.ticks);
    gb_put_i64(to, rules->min_quantity.wh);
    gb_put_i64(to, rules->first_start_ns);
    gb_put_i64(to, rules->slot_ns);
    gb_put_i64(to, rules->open_ns);
    gb_put_i64(to, rules->gate_ns);
    gb_put_i64(to, rules->deadline_ns);
}

/* Everything but the supervisor's signature. */
static void put_content(struct gb_bytes *to, const struct gb_genesis *genesis)
{
    gb_put_u32(to, genesis->format);
    gb_put_opaque(to, genesis->chain_name,
                  strnlen(genesis->chain_name, sizeof genesis->chain_name));
    gb_put_u32(to, genesis->flow);
    gb_put_u32(to, genesis->leader_period);
    gb_put_u32(to, genesis->crypto);
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
    put_rules(to, &genesis->rules);
    gb_put_u32(to, (uint32_t)genesis->n_users);
    for (size_t i = 0; i < genesis->n_users; i++) {
        gb_put_fixed(to, genesis->users[i].key.bytes, KEY_SIZE);
        gb_put_u32(to, genesis->users[i].concentrator);
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

struct gb_hash gb_genesis_chain_id(const uint8_t *bytes, size_t n)
{
    return gb_hash_bytes(GB_DOMAIN_GENESIS, bytes, n);
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

/* ---- decoding */

static int64_t take_positive(struct gb_decoder *from, const char *expected)
{
    size_t at = from->at;
    int64_t value = gb_take_i64(from);

    if (value < 1)
        gb_decoder_refuse(from, at, expected);
    return value;
}

static void take_rules(struct gb_decoder *from, struct gb_contract_rules *rules)
{
    struct gb_market_rules *market = &rules->market;

    struct gb_two_round_options options;
    size_t at = from->at;
    const struct gb_member *member =
        gb_family_member(&gb_mechanism_family, NULL, gb_take_u32(from));

    if (!member)
        gb_decoder_refuse(from, at, "a mechanism");
    options.anchor = (int32_t)gb_take_choice(from, 0, GB_ANCHOR_VWAP, "an anchor, 0 to 4");
    options.match = (int32_t)gb_take_choice(from, 0, GB_MATCH_UNCONDITIONAL,
                                            "a rule of re-quoted matches, 0 to 2");
    options.on_head_fail =
        (int32_t)gb_take_choice(from, 0, GB_HEAD_FAIL_STOP, "a rule of failing heads, 0 or 1");
    options.books = (int32_t)gb_take_choice(from, 0, GB_BOOKS_POOLED, "a kind of books, 0 or 1");
    options.rounds = gb_take_i64(from);
    options.beta_millionths = gb_take_i64(from);
    options.k_millionths = gb_take_i64(from);
    if (member)
        gb_market_rules_select(market, (const struct gb_mechanism *)member);
    if (member == &gb_mechanism_two_round.member)
        *gb_two_round_options(market) = options;
    market->tariff.retail.ticks = gb_take_i64(from);
    market->tariff.feed_in.ticks = gb_take_i64(from);
    market->has_band = gb_take_flag(from);
    rules->settlement = (int32_t)gb_take_choice(from, GB_SETTLE_FIRM, GB_SETTLE_DELIVERED,
                                                "a settlement rule, 0 or 1");
    rules->unmatched = (int32_t)gb_take_choice(from, GB_UNMATCHED_METERED, GB_UNMATCHED_SCHEDULED,
                                               "a rule of unmatched orders, 0 or 1");
    rules->signatures_required = gb_take_choice(from, 1, 3, "1 to 3 required signatures");
    rules->imbalance_short.ticks = gb_take_i64(from);
    rules->imbalance_long.ticks = gb_take_i64(from);
    rules->min_quantity.wh = gb_take_i64(from);
    rules->first_start_ns = gb_take_i64(from);
    rules->slot_ns = take_positive(from, "a positive length of the slot");
    rules->open_ns = gb_take_i64(from);
    rules->gate_ns = gb_take_i64(from);
    rules->deadline_ns = gb_take_i64(from);
}

static void take_name(struct gb_decoder *from, char name[64])
{
    size_t at = from->at, n = 0;
    const uint8_t *bytes = gb_take_opaque(from, &n);

    if (!bytes)
        return;
    if (n > 63 || memchr(bytes, 0, n))
        gb_decoder_refuse(from, at, "a chain name of up to 63 characters");
    else
        memcpy(name, bytes, n);
}

static bool take_validators(struct gb_decoder *from, struct gb_genesis *genesis)
{
    genesis->n_validators = gb_take_count(from, KEY_SIZE + 4, "a count of validators that fits");
    genesis->validators = calloc(genesis->n_validators + 1, sizeof *genesis->validators);
    genesis->weights = calloc(genesis->n_validators + 1, sizeof *genesis->weights);
    if (!genesis->validators || !genesis->weights)
        return false;
    for (size_t i = 0; i < genesis->n_validators; i++) {
        gb_take_fixed(from, genesis->validators[i].bytes, KEY_SIZE);
        genesis->weights[i] = gb_take_u32(from);
    }
    return true;
}

static bool take_concentrators(struct gb_decoder *from, struct gb_genesis *genesis)
{
    genesis->n_concentrators = gb_take_count(from, KEY_SIZE, "a count of concentrators that fits");
    genesis->concentrators = calloc(genesis->n_concentrators + 1, sizeof *genesis->concentrators);
    if (!genesis->concentrators)
        return false;
    for (size_t i = 0; i < genesis->n_concentrators; i++)
        gb_take_fixed(from, genesis->concentrators[i].bytes, KEY_SIZE);
    return true;
}

static bool take_users(struct gb_decoder *from, struct gb_genesis *genesis)
{
    genesis->n_users = gb_take_count(from, KEY_SIZE + 12, "a count of users that fits");
    genesis->users = calloc(genesis->n_users + 1, sizeof *genesis->users);
    if (!genesis->users)
        return false;
    for (size_t i = 0; i < genesis->n_users; i++) {
        gb_take_fixed(from, genesis->users[i].key.bytes, KEY_SIZE);
        genesis->users[i].concentrator = gb_take_u32(from);
        genesis->users[i].balance.units = gb_take_i64(from);
    }
    return true;
}

/* false: no memory */
static bool take_content(struct gb_decoder *from, struct gb_genesis *genesis)
{
    genesis->format = gb_take_choice(from, 1, 1, "format 1");
    take_name(from, genesis->chain_name);
    genesis->flow = gb_take_choice(from, GB_FLOW_CLASSIC, GB_FLOW_FISCO3, "a flow, 0 to 2");
    genesis->leader_period = gb_take_u32(from);
    /* a chain without signatures is never written: nothing in it could be told from a forgery */
    genesis->crypto = gb_take_choice(from, GB_CRYPTO_REAL, GB_CRYPTO_MODELLED,
                                     "signatures real or modelled, 0 or 1");
    genesis->max_transactions = gb_take_u32(from);
    genesis->max_bytes = gb_take_u64(from);
    if (!take_validators(from, genesis) || !take_concentrators(from, genesis))
        return false;
    gb_take_fixed(from, genesis->supervisor.bytes, KEY_SIZE);
    gb_take_fixed(from, genesis->operator_.bytes, KEY_SIZE);
    take_rules(from, &genesis->rules);
    return take_users(from, genesis);
}

enum gb_status gb_genesis_decode(struct gb_genesis *out, const uint8_t *bytes, size_t n,
                                 struct gb_error *err)
{
    struct gb_decoder from = {.bytes = bytes, .n = n};
    struct gb_genesis genesis = {0};
    enum gb_status status = GB_OK;

    if (!take_content(&from, &genesis)) {
        status = gb_fail(err, GB_ENOMEM, "no memory for a genesis of %zu bytes", n);
        goto fail;
    }
    size_t n_content = from.at;
    gb_take_fixed(&from, genesis.admission.bytes, sizeof genesis.admission.bytes);
    status = gb_decoder_end(&from, err);
    if (status != GB_OK)
        goto fail;
    struct gb_hash digest = gb_hash_bytes(GB_DOMAIN_ADMISSION, bytes, n_content);
    if (!gb_signature_is_valid((enum gb_crypto)genesis.crypto, GB_PARTY(GB_ROLE_SUPERVISOR, 0),
                               &genesis.supervisor, &digest, &genesis.admission)) {
        status = gb_fail(err, GB_EBROKEN, "the supervisor's signature does not fit its content");
        goto fail;
    }
    status = gb_genesis_check(&genesis, err);
    if (status != GB_OK)
        goto fail;
    *out = genesis;
    return GB_OK;
fail:
    gb_genesis_clear(&genesis);
    return status;
}

void gb_genesis_clear(struct gb_genesis *genesis)
{
    free(genesis->validators);
    free(genesis->weights);
    free(genesis->concentrators);
    free(genesis->users);
    *genesis = (struct gb_genesis){0};
}
