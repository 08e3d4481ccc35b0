/* Keys and signatures: repeatable pairs, and what each kind of signature refuses. */
#include "chain/wire/keys.h"

#include <string.h>

#include "tests/tap.h"

static const gb_party parties[] = {
    GB_PARTY(GB_ROLE_METER, 0),        GB_PARTY(GB_ROLE_METER, 1),
    GB_PARTY(GB_ROLE_VALIDATOR, 0),    GB_PARTY(GB_ROLE_VALIDATOR, 3),
    GB_PARTY(GB_ROLE_CONCENTRATOR, 0), GB_PARTY(GB_ROLE_OPERATOR, 0),
    GB_PARTY(GB_ROLE_SUPERVISOR, 0)};
#define N_PARTIES (sizeof parties / sizeof parties[0])

static struct gb_keyring *make_ring(enum gb_crypto crypto, uint64_t seed, size_t n_meters)
{
    struct gb_keyring *ring = NULL;
    struct gb_error err = {0};

    EXPECT_INT(gb_keyring_create(&ring, crypto, gb_key_make(seed, 0, GB_PURPOSE_KEY), n_meters, 4,
                                 1, &err),
               GB_OK);
    return ring;
}

static void every_party_signs_for_itself_alone(void)
{
    const enum gb_crypto kinds[] = {GB_CRYPTO_REAL, GB_CRYPTO_MODELLED};
    struct gb_hash digest = gb_hash_bytes(GB_DOMAIN_MESSAGE, "said", 4);

    for (size_t k = 0; k < 2; k++) {
        struct gb_keyring *ring = make_ring(kinds[k], 1, 2);
        for (size_t i = 0; i < N_PARTIES; i++)
            for (size_t j = 0; j < N_PARTIES; j++) {
                struct gb_public_key key = gb_keyring_public(ring, parties[j]);
                struct gb_signature signature;
                gb_keyring_sign(ring, parties[i], &digest, &signature);
                EXPECT_INT(gb_signature_is_valid(kinds[k], parties[j], &key, &digest, &signature),
                           i == j);
            }
        gb_keyring_free(ring);
    }
}

static void any_flipped_bit_of_digest_signature_or_key_is_refused(void)
{
    const enum gb_crypto kinds[] = {GB_CRYPTO_REAL, GB_CRYPTO_MODELLED};

    for (size_t k = 0; k < 2; k++) {
        struct gb_keyring *ring = make_ring(kinds[k], 1, 2);
        struct {
            struct gb_public_key key;
            struct gb_hash digest;
            struct gb_signature signature;
        } all;
        size_t n_valid = 0;
        all.key = gb_keyring_public(ring, parties[0]);
        all.digest = gb_hash_bytes(GB_DOMAIN_MESSAGE, "said", 4);
        gb_keyring_sign(ring, parties[0], &all.digest, &all.signature);
        for (size_t bit = 0; bit < 8 * sizeof all; bit++) {
            uint8_t *byte = (uint8_t *)&all + bit / 8;
            *byte ^= (uint8_t)(1 << bit % 8);
            n_valid +=
                gb_signature_is_valid(kinds[k], parties[0], &all.key, &all.digest, &all.signature);
            *byte ^= (uint8_t)(1 << bit % 8);
        }
        EXPECT_INT((int64_t)n_valid, 0);
        EXPECT(gb_signature_is_valid(kinds[k], parties[0], &all.key, &all.digest, &all.signature));
        gb_keyring_free(ring);
    }
}

static void real_keys_are_those_of_libsodium_for_the_drawn_seed(void)
{
    struct gb_keyring *ring = make_ring(GB_CRYPTO_REAL, 7, 2);
    struct gb_keyring *stand_ins = make_ring(GB_CRYPTO_MODELLED, 7, 2);
    uint8_t public_key[32], secret[64];

    for (size_t i = 0; i < N_PARTIES; i++) { /* a stand-in is the seed itself */
        struct gb_public_key seed = gb_keyring_public(stand_ins, parties[i]);
        struct gb_public_key real = gb_keyring_public(ring, parties[i]);
        crypto_sign_seed_keypair(public_key, secret, seed.bytes);
        EXPECT(memcmp(public_key, real.bytes, 32) == 0);
    }
    gb_keyring_free(stand_ins);
    gb_keyring_free(ring);
}

static bool is_same_key(const struct gb_keyring *a, gb_party of_a, const struct gb_keyring *b,
                        gb_party of_b)
{
    struct gb_public_key first = gb_keyring_public(a, of_a), second = gb_keyring_public(b, of_b);

    return memcmp(&first, &second, sizeof first) == 0;
}

static void keys_repeat_and_more_meters_change_nobodys_key(void)
{
    struct gb_keyring *few = make_ring(GB_CRYPTO_MODELLED, 3, 2);
    struct gb_keyring *many = make_ring(GB_CRYPTO_MODELLED, 3, 500);
    struct gb_keyring *other = make_ring(GB_CRYPTO_MODELLED, 4, 2);

    for (size_t i = 0; i < N_PARTIES; i++) {
        EXPECT(is_same_key(few, parties[i], many, parties[i]));
        EXPECT(!is_same_key(few, parties[i], other, parties[i]));
        for (size_t j = 0; j < i; j++)
            EXPECT(!is_same_key(few, parties[i], few, parties[j]));
    }
    gb_keyring_free(other);
    gb_keyring_free(many);
    gb_keyring_free(few);
}

static void without_signatures_everything_is_accepted(void)
{
    struct gb_keyring *ring = make_ring(GB_CRYPTO_NONE, 1, 1);
    struct gb_hash digest = gb_hash_bytes(GB_DOMAIN_MESSAGE, "said", 4);
    struct gb_signature signature = {{1}};
    struct gb_public_key key = gb_keyring_public(ring, parties[0]);

    EXPECT(gb_signature_is_valid(GB_CRYPTO_NONE, parties[0], &key, &digest, &signature));
    EXPECT_INT(gb_keyring_crypto(ring), GB_CRYPTO_NONE);
    gb_keyring_free(ring);
    gb_keyring_free(NULL);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_party_signs_for_itself_alone),
        TAP(any_flipped_bit_of_digest_signature_or_key_is_refused),
        TAP(real_keys_are_those_of_libsodium_for_the_drawn_seed),
        TAP(keys_repeat_and_more_meters_change_nobodys_key),
        TAP(without_signatures_everything_is_accepted),
        {0}};
    return tap_main("keys", tests);
}
