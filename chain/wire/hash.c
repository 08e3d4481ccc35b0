#include "chain/wire/hash.h"

#include <string.h>

#include "base/bytes.h"

enum { TAG_SIZE = 4, ONE_SHOT_MOST = 252 }; /* bytes: two blocks of BLAKE2b with the tag */

void gb_hasher_init(struct gb_hasher *hasher, enum gb_domain domain)
{
    uint8_t tag[TAG_SIZE];

    gb_big_endian_u32(tag, (uint32_t)domain);
    crypto_generichash_init(&hasher->state, NULL, 0, GB_HASH_SIZE);
    crypto_generichash_update(&hasher->state, tag, sizeof tag);
}

void gb_hasher_add(struct gb_hasher *hasher, const void *bytes, size_t n)
{
    crypto_generichash_update(&hasher->state, bytes, n);
}

struct gb_hash gb_hasher_end(struct gb_hasher *hasher)
{
    struct gb_hash hash;

    crypto_generichash_final(&hasher->state, hash.bytes, sizeof hash.bytes);
    return hash;
}

/* What is short is put together first and hashed by one call: each call of a streaming state costs
 * a good part of hashing a block. */
struct gb_hash gb_hash_pair(enum gb_domain domain, const void *first, size_t n_first,
                            const void *second, size_t n_second)
{
    uint8_t whole[TAG_SIZE + ONE_SHOT_MOST];
    struct gb_hasher hasher;
    struct gb_hash hash;

    if (n_first <= ONE_SHOT_MOST && n_second <= ONE_SHOT_MOST - n_first) {
        gb_big_endian_u32(whole, (uint32_t)domain);
        memcpy(whole + TAG_SIZE, first, n_first);
        memcpy(whole + TAG_SIZE + n_first, second, n_second);
        crypto_generichash(hash.bytes, sizeof hash.bytes, whole, TAG_SIZE + n_first + n_second,
                           NULL, 0);
        return hash;
    }
    gb_hasher_init(&hasher, domain);
    gb_hasher_add(&hasher, first, n_first);
    gb_hasher_add(&hasher, second, n_second);
    return gb_hasher_end(&hasher);
}

struct gb_hash gb_hash_bytes(enum gb_domain domain, const void *bytes, size_t n)
{
    return gb_hash_pair(domain, bytes, n, "", 0);
}

bool gb_hash_is_equal(const struct gb_hash *a, const struct gb_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

char *gb_hash_hex(const struct gb_hash *hash, char *buffer65)
{
    return sodium_bin2hex(buffer65, 2 * GB_HASH_SIZE + 1, hash->bytes, sizeof hash->bytes);
}
