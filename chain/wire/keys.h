/* Parties and their Ed25519 keys (libsodium). `real` signs and verifies; `modelled` replaces
 * signatures only: 64 bytes that name signer and digest, so that a wrong signer or a wrong digest
 * is still refused while nothing is proven; `none` (the ideal protocol, where nothing crosses a
 * network) neither signs nor checks. */
#ifndef CHAIN_WIRE_KEYS_H
#define CHAIN_WIRE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "base/status.h"
#include "chain/wire/hash.h"

/* How a chain signs: see above. */
enum gb_crypto { GB_CRYPTO_REAL, GB_CRYPTO_MODELLED, GB_CRYPTO_NONE };
/* As scenarios and ledgers write them; NULL. `none` has no name: it is never written. */
extern const char *const gb_crypto_names[];

/* A party: its role in the top four bits, its index below. */
typedef uint32_t gb_party;
enum gb_role {
    GB_ROLE_METER = 0,
    GB_ROLE_VALIDATOR = 1,
    GB_ROLE_CONCENTRATOR = 2,
    GB_ROLE_OPERATOR = 3,
    GB_ROLE_SUPERVISOR = 4
};
#define GB_PARTY(role, index) ((gb_party)((uint32_t)(role) << 28 | (uint32_t)(index)))
#define GB_PARTY_ROLE(party) ((party) >> 28)
#define GB_PARTY_INDEX(party) ((party)&0x0fffffffu)
#define GB_PARTY_NONE UINT32_MAX

/* "meter 5", "validator 0", "operator"; buffer: 32 bytes are enough. returns buffer */
char *gb_party_text(gb_party party, char *buffer, size_t size);

/* As Ed25519 has them (RFC 8032). */
struct gb_public_key {
    uint8_t bytes[32];
};
struct gb_signature {
    uint8_t bytes[64];
};

struct gb_keyring; /* closed: key pairs of all parties of a run */

/* Pairs for meters, validators, concentrators, operator and supervisor, each from a keyed draw
 * (GB_PURPOSE_KEY), so that runs repeat. With MODELLED or NONE public keys are cheap stand-ins:
 * the same draws, made whenever one is asked for; no curve arithmetic is done and nothing kept. */
enum gb_status gb_keyring_create(struct gb_keyring **out, enum gb_crypto crypto, struct gb_key key,
                                 size_t n_meters, size_t n_validators, size_t n_concentrators,
                                 struct gb_error *err);
void gb_keyring_free(struct gb_keyring *ring);
enum gb_crypto gb_keyring_crypto(const struct gb_keyring *ring);
struct gb_public_key gb_keyring_public(const struct gb_keyring *ring, gb_party party);
void gb_keyring_sign(const struct gb_keyring *ring, gb_party party, const struct gb_hash *digest,
                     struct gb_signature *out);

/* Does `signature` stand for `digest` by `party` with this public key, under this crypto? */
bool gb_signature_is_valid(enum gb_crypto crypto, gb_party party, const struct gb_public_key *key,
                           const struct gb_hash *digest, const struct gb_signature *signature);

#endif
