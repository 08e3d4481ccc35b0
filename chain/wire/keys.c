#include "chain/wire/keys.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain/wire/codec.h"

const char *const gb_crypto_names[] = {"real", "modelled", NULL};

#define N_ROLES 5

/* Real pairs stand in one array, role after role. */
struct gb_keyring {
    enum gb_crypto crypto;
    struct gb_key key;
    size_t first[N_ROLES], count[N_ROLES];
    struct gb_public_key *publics; /* NULL unless real, like the secrets */
    uint8_t (*secrets)[crypto_sign_SECRETKEYBYTES];
};

char *gb_party_text(gb_party party, char *buffer, size_t size)
{
    static const char *const roles[N_ROLES] = {"meter", "validator", "concentrator", "operator",
                                               "supervisor"};
    uint32_t role = GB_PARTY_ROLE(party);

    if (role >= N_ROLES)
        snprintf(buffer, size, "nobody");
    else if (role >= GB_ROLE_OPERATOR)
        snprintf(buffer, size, "%s", roles[role]);
    else
        snprintf(buffer, size, "%s %" PRIu32, roles[role], GB_PARTY_INDEX(party));
    return buffer;
}

/* 32 bytes of a party's own: the seed of its pair, or its stand-in for a public key. */
static void draw_seed(struct gb_key key, gb_party party, uint8_t seed[32])
{
    for (uint32_t draw = 0; draw < 2; draw++) {
        struct gb_draw bits = gb_draw_at(key, party, 0, 0, draw);
        for (size_t i = 0; i < 4; i++)
            gb_big_endian_u32(seed + 16 * draw + 4 * i, bits.words[i]);
    }
}

static void make_pairs(struct gb_keyring *ring)
{
    uint8_t seed[crypto_sign_SEEDBYTES];

    for (size_t role = 0; role < N_ROLES; role++)
        for (size_t i = 0; i < ring->count[role]; i++) {
            size_t at = ring->first[role] + i;

            draw_seed(ring->key, GB_PARTY(role, i), seed);
            crypto_sign_seed_keypair(ring->publics[at].bytes, ring->secrets[at], seed);
        }
}

enum gb_status gb_keyring_create(struct gb_keyring **out, enum gb_crypto crypto, struct gb_key key,
                                 size_t n_meters, size_t n_validators, size_t n_concentrators,
                                 struct gb_error *err)
{
    struct gb_keyring *ring = calloc(1, sizeof *ring);
    size_t n = 0;

    if (!ring)
        goto fail;
    if (sodium_init() < 0) {
        free(ring);
        return gb_fail(err, GB_EREFUSED, "libsodium cannot be initialised");
    }
    ring->crypto = crypto;
    ring->key = key;
    ring->count[GB_ROLE_METER] = n_meters;
    ring->count[GB_ROLE_VALIDATOR] = n_validators;
    ring->count[GB_ROLE_CONCENTRATOR] = n_concentrators;
    ring->count[GB_ROLE_OPERATOR] = ring->count[GB_ROLE_SUPERVISOR] = 1;
    for (size_t role = 0; role < N_ROLES; role++) {
        ring->first[role] = n;
        n += ring->count[role];
    }
    if (crypto == GB_CRYPTO_REAL) {
        ring->publics = calloc(n, sizeof *ring->publics);
        ring->secrets = calloc(n, sizeof *ring->secrets);
        if (!ring->publics || !ring->secrets)
            goto fail;
        make_pairs(ring);
    }
    *out = ring;
    return GB_OK;
fail:
    gb_keyring_free(ring);
    return gb_fail(err, GB_ENOMEM, "no memory for the keys of %zu meters", n_meters);
}

void gb_keyring_free(struct gb_keyring *ring)
{
    if (!ring)
        return;
    free(ring->secrets);
    free(ring->publics);
    free(ring);
}

enum gb_crypto gb_keyring_crypto(const struct gb_keyring *ring)
{
    return ring->crypto;
}

static size_t place_of(const struct gb_keyring *ring, gb_party party)
{
    assert(GB_PARTY_ROLE(party) < N_ROLES);
    assert(GB_PARTY_INDEX(party) < ring->count[GB_PARTY_ROLE(party)]);
    return ring->first[GB_PARTY_ROLE(party)] + GB_PARTY_INDEX(party);
}

struct gb_public_key gb_keyring_public(const struct gb_keyring *ring, gb_party party)
{
    size_t at = place_of(ring, party);
    struct gb_public_key stand_in;

    if (ring->crypto == GB_CRYPTO_REAL)
        return ring->publics[at];
    draw_seed(ring->key, party, stand_in.bytes);
    return stand_in;
}

void gb_keyring_sign(const struct gb_keyring *ring, gb_party party, const struct gb_hash *digest,
                     struct gb_signature *out)
{
    size_t at = place_of(ring, party);

    switch (ring->crypto) {
    case GB_CRYPTO_REAL:
        crypto_sign_detached(out->bytes, NULL, digest->bytes, sizeof digest->bytes,
                             ring->secrets[at]);
        break;
    case GB_CRYPTO_MODELLED: /* signer and digest, side by side */
        draw_seed(ring->key, party, out->bytes);
        memcpy(out->bytes + 32, digest->bytes, 32);
        break;
    case GB_CRYPTO_NONE: memset(out->bytes, 0, sizeof out->bytes); break;
    }
}

bool gb_signature_is_valid(enum gb_crypto crypto, gb_party party, const struct gb_public_key *key,
                           const struct gb_hash *digest, const struct gb_signature *signature)
{
    (void)party; /* the key names it */
    switch (crypto) {
    case GB_CRYPTO_REAL:
        return crypto_sign_verify_detached(signature->bytes, digest->bytes, sizeof digest->bytes,
                                           key->bytes) == 0;
    case GB_CRYPTO_MODELLED:
        return memcmp(signature->bytes, key->bytes, 32) == 0 &&
               memcmp(signature->bytes + 32, digest->bytes, 32) == 0;
    case GB_CRYPTO_NONE: return true;
    }
    return false;
}
