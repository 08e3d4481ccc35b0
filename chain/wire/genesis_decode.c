#include "chain/wire/genesis.h"

#include <stdlib.h>
#include <string.h>

#include "chain/wire/codec.h"

#define KEY_SIZE sizeof(struct gb_public_key)

enum { WORD_SIZE = 64 };

/* A word without zeros that is shorter than `size`; "" with the refusal where it is none. */
static const char *take_word(struct gb_decoder *from, char *word, size_t size, const char *expected)
{
    size_t at = from->at, n = 0;
    const uint8_t *bytes = gb_take_opaque(from, &n);

    word[0] = '\0';
    if (bytes && (n == 0 || n >= size || memchr(bytes, 0, n)))
        gb_decoder_refuse(from, at, expected);
    else if (bytes) {
        memcpy(word, bytes, n);
        word[n] = '\0';
    }
    return word;
}

/* One of a list of names; 0 with the refusal where it is none. */
static uint32_t take_name_of(struct gb_decoder *from, const char *const *names,
                             const char *expected)
{
    size_t at = from->at;
    char word[WORD_SIZE];

    take_word(from, word, sizeof word, expected);
    for (uint32_t i = 0; names[i]; i++)
        if (strcmp(names[i], word) == 0)
            return i;
    gb_decoder_refuse(from, at, expected);
    return 0;
}

/* One option: its key must come after the one before, and its text be the only one for its value.
 * key  of the option before; that of this one */
static void take_option(struct gb_decoder *from, struct gb_genesis *genesis, char key[WORD_SIZE])
{
    struct gb_market_rules *market = &genesis->rules.market;
    const struct gb_param *rows = market->mechanism->member.params, *row;
    char before[WORD_SIZE], value[GB_PARAM_TEXT_SIZE], again[GB_PARAM_TEXT_SIZE], why[640];
    size_t at = from->at;

    memcpy(before, key, WORD_SIZE);
    take_word(from, key, WORD_SIZE, "the key of an option");
    row = gb_param_find(rows, key);
    if (!row || strcmp(key, before) <= 0) {
        gb_decoder_refuse(from, at, "an option of the mechanism, in the order of keys");
        return;
    }
    at = from->at;
    take_word(from, value, sizeof value, "the value of an option");
    if (!gb_param_parse(row, value, market->options, why, sizeof why) ||
        strcmp(gb_param_format(row, market->options, again, sizeof again), value) != 0 ||
        (row->flags & GB_PARAM_UNNAMED && gb_param_is_at_default(row, market->options)))
        gb_decoder_refuse(from, at, "a value that this option may have");
    genesis->unnamed_options &= ~(UINT64_C(1) << (row - rows));
}

static void take_options(struct gb_decoder *from, struct gb_genesis *genesis)
{
    const struct gb_param *rows = genesis->rules.market.mechanism->member.params;
    uint32_t n = gb_take_count(from, 16, "a count of options that fits");
    char key[WORD_SIZE] = "";

    for (size_t i = 0; rows && rows[i].key; i++)
        genesis->unnamed_options |= UINT64_C(1) << i;
    for (uint32_t i = 0; i < n && !from->expected; i++)
        take_option(from, genesis, key);
}

/* A name may come from anybody: shown where it is one of small letters, digits and underscores. */
static void show_name(struct gb_decoder *from, const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

    if (n < sizeof from->found && name[n] == '\0')
        memcpy(from->found, name, n + 1);
}

/* A member of a family, by its name; NULL with the refusal where there is none of it. */
static const struct gb_member *take_member(struct gb_decoder *from, const struct gb_family *family,
                                           const struct gb_extensions *extensions,
                                           const char *expected)
{
    size_t at = from->at;
    char word[WORD_SIZE];
    const struct gb_member *member =
        gb_family_find(family, extensions, take_word(from, word, sizeof word, expected));

    if (!member && !from->expected) {
        gb_decoder_refuse(from, at, expected);
        show_name(from, word);
    }
    return member;
}

static void take_market(struct gb_decoder *from, const struct gb_extensions *extensions,
                        struct gb_genesis *genesis)
{
    struct gb_market_rules *market = &genesis->rules.market;
    const struct gb_member *member =
        take_member(from, &gb_mechanism_family, extensions, "a mechanism that this program knows");

    if (!member)
        return;
    gb_market_rules_select(market, (const struct gb_mechanism *)member);
    take_options(from, genesis);
}

/* The tariffs of a kind: the same is never said twice, so that there is one way to write them. */
static void take_tariffs_of(struct gb_decoder *from, struct gb_tariffs *tariffs, size_t kind)
{
    uint32_t n = gb_take_count(from, 20, "a count of tariffs that fits");
    struct gb_tariff *at = &tariffs->at[(int64_t)kind * tariffs->n_slots];
    int64_t slot = 0;

    for (uint32_t i = 0; i < n && !from->expected; i++) {
        size_t place = from->at;
        int64_t end = gb_take_u32(from);
        struct gb_tariff tariff;

        tariff.retail.ticks = gb_take_i64(from);
        tariff.feed_in.ticks = gb_take_i64(from);
        if (end <= slot || end > tariffs->n_slots ||
            (slot > 0 && gb_tariff_is_same(&tariff, &at[slot - 1])))
            gb_decoder_refuse(from, place, "another tariff, up to a later slot of the run");
        for (; slot < end && !from->expected; slot++)
            at[slot] = tariff;
    }
    if (slot < tariffs->n_slots && !from->expected)
        gb_decoder_refuse(from, from->at, "a tariff for every slot");
}

/* false: no memory. Every kind has a tariff at least, which bounds how many there can be. */
static bool take_tariffs(struct gb_decoder *from, struct gb_genesis *genesis)
{
    struct gb_contract_rules *rules = &genesis->rules;
    size_t at = from->at;

    rules->short_is_retail = gb_take_flag(from);
    rules->long_is_feed_in = gb_take_flag(from);
    uint32_t n_slots = gb_take_u32(from);
    uint32_t n_kinds = gb_take_count(from, 24, "a count of kinds of tariffs that fits");
    if (from->expected || n_slots < 1 || n_kinds < 1 || n_slots > GB_TARIFFS_MOST ||
        n_kinds > GB_TARIFFS_MOST / n_slots) {
        gb_decoder_refuse(from, at, "tariffs of 1 kind or more in 1 slot or more, 2^24 in all");
        return true;
    }
    if (gb_tariffs_create(&genesis->tariffs, n_kinds, n_slots, NULL) != GB_OK)
        return false;
    rules->tariffs = genesis->tariffs;
    for (size_t kind = 0; kind < n_kinds; kind++)
        take_tariffs_of(from, genesis->tariffs, kind);
    gb_tariffs_settle(genesis->tariffs);
    if (!from->expected && !gb_tariff_is_same(&genesis->tariffs->widest, &rules->market.tariff))
        gb_decoder_refuse(from, at, "tariffs whose widest band is that of the market");
    return true;
}

/* returns whether tariffs follow */
static bool take_trade_fees(struct gb_decoder *from, struct gb_trade_fees *fees)
{
    struct gb_price *const parts[] = {&fees->network_buyer, &fees->network_seller, &fees->levies,
                                      &fees->market_buyer, &fees->market_seller};
    size_t at = from->at;
    size_t n_wrong = 0, n_above_0 = 0;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        int64_t ticks = parts[i]->ticks = gb_take_i64(from);

        n_above_0 += ticks > 0;
        n_wrong += ticks < 0 || ticks > GB_TRADE_FEE_LIMIT_TICKS;
    }
    if (n_wrong > 0 || n_above_0 == 0)
        gb_decoder_refuse(from, at, "fees of trades from 0 to 1000 currency per kWh, one above 0");
    return gb_take_flag(from);
}

/* false: no memory */
static bool take_rules(struct gb_decoder *from, const struct gb_extensions *extensions,
                       uint32_t format, struct gb_genesis *genesis)
{
    struct gb_contract_rules *rules = &genesis->rules;
    struct gb_market_rules *market = &rules->market;

    take_market(from, extensions, genesis);
    market->tariff.retail.ticks = gb_take_i64(from);
    market->tariff.feed_in.ticks = gb_take_i64(from);
    market->has_band = gb_take_flag(from);
    rules->settlement =
        (int32_t)take_name_of(from, gb_settlement_rule_names, "a settlement rule of the list");
    rules->unmatched =
        (int32_t)take_name_of(from, gb_unmatched_rule_names, "a rule of unmatched orders");
    rules->signatures_required = gb_take_u32(from);
    rules->imbalance_short.ticks = gb_take_i64(from);
    rules->imbalance_long.ticks = gb_take_i64(from);
    rules->min_quantity.wh = gb_take_i64(from);
    rules->first_start_ns = gb_take_i64(from);
    rules->slot_ns = gb_take_i64(from);
    rules->open_ns = gb_take_i64(from);
    rules->gate_ns = gb_take_i64(from);
    rules->deadline_ns = gb_take_i64(from);
    size_t at = from->at;
    if (format != GB_GENESIS_FORMAT)
        rules->fee.units = gb_take_i64(from);
    if (rules->fee.units < (format == GB_GENESIS_FORMAT_WITH_FEE) ||
        rules->fee.units > GB_FEE_LIMIT_UNITS)
        gb_decoder_refuse(from, at,
                          format == GB_GENESIS_FORMAT_WITH_FEE
                              ? "a fee above 0 and up to 1000 currency"
                              : "a fee from 0 to 1000 currency");
    if (format == GB_GENESIS_FORMAT_OF_TARIFFS)
        return take_tariffs(from, genesis);
    if (format == GB_GENESIS_FORMAT_OF_TRADE_FEES)
        return !take_trade_fees(from, &rules->trade_fees) || take_tariffs(from, genesis);
    if (gb_genesis_format(rules) != format)
        gb_decoder_refuse(from, at, "prices below 0 in a genesis of format 5, and in no other");
    return true;
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
        if (genesis->rules.tariffs)
            genesis->users[i].tariff = gb_take_u32(from);
        genesis->users[i].balance.units = gb_take_i64(from);
    }
    return true;
}

/* false: no memory */
static bool take_content(struct gb_decoder *from, const struct gb_extensions *extensions,
                         struct gb_genesis *genesis)
{
    uint32_t format =
        gb_take_choice(from, GB_GENESIS_FORMAT, GB_GENESIS_FORMAT_OF_TRADE_FEES, "format 3 to 7");

    take_name(from, genesis->chain_name);
    genesis->flow = (const struct gb_flow *)take_member(from, &gb_flow_family, extensions,
                                                        "a flow that this program knows");
    genesis->leader_period = gb_take_u32(from);
    /* a chain without signatures is never written: nothing in it could be told from a forgery */
    genesis->crypto = take_name_of(from, gb_crypto_names, "signatures real or modelled");
    genesis->max_transactions = gb_take_u32(from);
    genesis->max_bytes = gb_take_u64(from);
    if (!take_validators(from, genesis) || !take_concentrators(from, genesis))
        return false;
    gb_take_fixed(from, genesis->supervisor.bytes, KEY_SIZE);
    gb_take_fixed(from, genesis->operator_.bytes, KEY_SIZE);
    return take_rules(from, extensions, format, genesis) && take_users(from, genesis);
}

enum gb_status gb_genesis_decode(struct gb_genesis *out, const uint8_t *bytes, size_t n,
                                 const struct gb_extensions *extensions, struct gb_error *err)
{
    struct gb_decoder from = {.bytes = bytes, .n = n};
    struct gb_genesis genesis = {0};
    enum gb_status status = GB_OK;

    if (!take_content(&from, extensions, &genesis)) {
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
