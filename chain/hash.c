#include "chain/hash.h"

#include <string.h>

enum { TAG_SIZE = 4, ONE_SHOT_MOST = 252 };     /* bytes: two blocks of BLAKE2b with the tag */

static void put_tag(uint8_t out[TAG_SIZE], enum gb_domain domain)
{
    out[0] = (uint8_t)((uint32_t)domain >> 24);
    out[1] = (uint8_t)((uint32_t)domain >> 16);
    out[2] = (uint8_t)((uint32_t)domain >> 8);
    out[3] = (uint8_t)domain;
}

void gb_hasher_init(struct gb_hasher *hasher, enum gb_domain domain)
{
    uint8_t tag[TAG_SIZE];

    put_tag(tag, domain);
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
        put_tag(whole, domain);
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

static struct gb_hash leaf_of(const struct gb_hash *leaf)
{
    return gb_hash_bytes(GB_DOMAIN_LEAF, leaf->bytes, sizeof leaf->bytes);
}

/* right  NULL: an odd tail. Its parent hashes 32 bytes where others hash 64, so equals none. */
static struct gb_hash node_of(const struct gb_hash *left, const struct gb_hash *right)
{
    if (!right)
        return gb_hash_bytes(GB_DOMAIN_NODE, left->bytes, sizeof left->bytes);
    return gb_hash_pair(GB_DOMAIN_NODE, left->bytes, sizeof left->bytes, right->bytes,
                        sizeof right->bytes);
}

/* Replaces a level of n nodes by its parents and returns how many they are. */
static size_t climb_level(struct gb_hash *level, size_t n)
{
    for (size_t i = 0; i < n; i += 2)
        level[i / 2] = node_of(&level[i], i + 1 < n ? &level[i + 1] : NULL);
    return (n + 1) / 2;
}

struct gb_hash gb_merkle_root(const struct gb_hash *leaves, size_t n, struct gb_hash *scratch)
{
    if (n == 0)
        return gb_hash_bytes(GB_DOMAIN_LEAF, "", 0);
    for (size_t i = 0; i < n; i++)
        scratch[i] = leaf_of(&leaves[i]);
    while (n > 1)
        n = climb_level(scratch, n);
    return scratch[0];
}

size_t gb_merkle_path(const struct gb_hash *leaves, size_t n, size_t index,
                      struct gb_hash *scratch, struct gb_hash *out)
{
    size_t n_path = 0;

    for (size_t i = 0; i < n; i++)
        scratch[i] = leaf_of(&leaves[i]);
    for (; n > 1; index /= 2) {
        size_t sibling = index ^ 1;
        if (sibling < n)
            out[n_path++] = scratch[sibling];
        n = climb_level(scratch, n);
    }
    return n_path;
}

struct gb_hash gb_merkle_climb(const struct gb_hash *leaf, size_t n, size_t index,
                               const struct gb_hash *path, size_t n_path)
{
    struct gb_hash hash = leaf_of(leaf);
    size_t used = 0;

    for (; n > 1; index /= 2, n = (n + 1) / 2) {
        if ((index ^ 1) >= n)
            hash = node_of(&hash, NULL);
        else if (used == n_path)
            return (struct gb_hash){{0}};
        else if (index & 1)
            hash = node_of(&path[used++], &hash);
        else
            hash = node_of(&hash, &path[used++]);
    }
    return used == n_path ? hash : (struct gb_hash){{0}};
}
