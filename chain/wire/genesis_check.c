/* What a genesis must be before anybody lives by it; asked where one is sealed and where one is
 * read. What the contracts can play by (tariff, prices, leads) is theirs to say:
 * gb_contracts_create. */
#include "chain/wire/genesis.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- nobody shares a key */

struct holder {
    const struct gb_public_key *key;
    gb_party party;
};

static int by_key(const void *a, const void *b)
{
    const struct holder *x = a, *y = b;
    int order = memcmp(x->key->bytes, y->key->bytes, sizeof x->key->bytes);

    return order != 0 ? order : x->party < y->party ? -1 : x->party > y->party;
}

static size_t list_holders(const struct gb_genesis *genesis, struct holder *out)
{
    size_t n = 0;

    for (size_t i = 0; i < genesis->n_users; i++)
        out[n++] = (struct holder){&genesis->users[i].key, GB_PARTY(GB_ROLE_METER, i)};
    for (size_t i = 0; i < genesis->n_validators; i++)
        out[n++] = (struct holder){&genesis->validators[i], GB_PARTY(GB_ROLE_VALIDATOR, i)};
    for (size_t i = 0; i < genesis->n_concentrators; i++)
        out[n++] = (struct holder){&genesis->concentrators[i], GB_PARTY(GB_ROLE_CONCENTRATOR, i)};
    out[n++] = (struct holder){&genesis->operator_, GB_PARTY(GB_ROLE_OPERATOR, 0)};
    out[n++] = (struct holder){&genesis->supervisor, GB_PARTY(GB_ROLE_SUPERVISOR, 0)};
    return n;
}

/* Two parties under one key are one party with two voices: two votes, or both sides of a trade. */
static enum gb_status check_keys(const struct gb_genesis *genesis, struct gb_error *err)
{
    size_t capacity = genesis->n_users + genesis->n_validators + genesis->n_concentrators + 2;
    struct holder *holders = malloc(capacity * sizeof *holders);
    enum gb_status status = GB_OK;
    char first[32], second[32];

    if (!holders)
        return gb_fail(err, GB_ENOMEM, "no memory for the keys of %zu parties", capacity);
    size_t n = list_holders(genesis, holders);
    qsort(holders, n, sizeof *holders, by_key);
    for (size_t i = 1; i < n && status == GB_OK; i++)
        if (memcmp(holders[i].key->bytes, holders[i - 1].key->bytes,
                   sizeof holders[i].key->bytes) == 0)
            status =
                gb_fail(err, GB_EINPUT, "%s and %s have the same key; every party needs its own",
                        gb_party_text(holders[i - 1].party, first, sizeof first),
                        gb_party_text(holders[i].party, second, sizeof second));
    free(holders);
    return status;
}

/* ---- who agrees, who bundles */

static enum gb_status check_validators(const struct gb_genesis *genesis, struct gb_error *err)
{
    struct gb_committee committee = gb_genesis_committee(genesis);
    struct gb_error why = {0};

    if (gb_committee_check(&committee, &why) != GB_OK)
        return gb_fail(err, GB_EINPUT, "%s", why.text);
    if (genesis->max_transactions < 1 || genesis->max_bytes < 1)
        return gb_fail(err, GB_EINPUT, "a block holds at least 1 transaction and 1 byte");
    return GB_OK;
}

static enum gb_status check_concentrators(const struct gb_genesis *genesis, struct gb_error *err)
{
    for (size_t i = 0; i < genesis->n_users; i++) {
        uint32_t concentrator = genesis->users[i].concentrator;

        if (concentrator != GB_NO_CONCENTRATOR && concentrator >= genesis->n_concentrators)
            return gb_fail(err, GB_EINPUT,
                           "meter %zu sends by concentrator %" PRIu32 ", of which "
                           "there are %zu",
                           i, concentrator, genesis->n_concentrators);
    }
    return GB_OK;
}

/* ---- what they pay */

static enum gb_status check_tariffs(const struct gb_genesis *genesis, struct gb_error *err)
{
    const struct gb_tariffs *tariffs = genesis->rules.tariffs;

    for (size_t i = 0; tariffs && i < genesis->n_users; i++)
        if (genesis->users[i].tariff >= tariffs->n_kinds)
            return gb_fail(err, GB_EINPUT,
                           "meter %zu has tariff %" PRIu32 ", of which there are %zu", i,
                           genesis->users[i].tariff, tariffs->n_kinds);
    return GB_OK;
}

enum gb_status gb_genesis_check(const struct gb_genesis *genesis, struct gb_error *err)
{
    enum gb_status status = check_validators(genesis, err);

    if (status == GB_OK)
        status = check_concentrators(genesis, err);
    if (status == GB_OK)
        status = check_tariffs(genesis, err);
    return status == GB_OK ? check_keys(genesis, err) : status;
}
