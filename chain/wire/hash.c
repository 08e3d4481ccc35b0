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

struct gb_hash gb_merkle_leaf(const void *bytes, size_t n)
{
    return gb_hash_bytes(GB_DOMAIN_LEAF, bytes, n);
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

void gb_merkle_init(struct gb_merkle *tree)
{
    tree->n = 0;
}

void gb_merkle_add_bytes(struct gb_merkle *tree, const void *bytes, size_t n)
{
    struct gb_hash node = gb_merkle_leaf(bytes, n);
    unsigned level = 0;

    for (; tree->n >> level & 1; level++)
        node = node_of(&tree->complete[level], &node);
    tree->complete[level] = node;
    tree->n++;
}

void gb_merkle_add(struct gb_merkle *tree, const struct gb_hash *leaf)
{
    gb_merkle_add_bytes(tree, leaf->bytes, sizeof leaf->bytes);
}

/* Climbs with the rightmost node: of each level it is the last of complete ones, or stands behind
 * them. */
struct gb_hash gb_merkle_end(const struct gb_merkle *tree)
{
    struct gb_hash last;
    bool has_last = false;

    if (tree->n == 0)
        return gb_hash_bytes(GB_DOMAIN_LEAF, "", 0);
    for (unsigned level = 0; tree->n >> level > 0; level++) {
        bool has_left = tree->n >> level & 1;
        bool is_top = (has_last ? 1 : 0) + (tree->n >> level) == 1;

        if (has_left && has_last)
            last = node_of(&tree->complete[level], &last);
        else if (is_top)
            return tree->complete[level];
        else if (has_left || has_last) /* an odd tail */
            last = node_of(has_left ? &tree->complete[level] : &last, NULL);
        has_last = has_left || has_last;
    }
    return last;
}

size_t gb_merkle_path(struct gb_hash *level, size_t n, size_t index, struct gb_step *out)
{
    size_t n_path = 0;

    for (; n > 1; index /= 2) {
        struct gb_step *step = &out[n_path++];
        size_t sibling = index ^ 1;

        *step = (struct gb_step){.side = sibling < index ? GB_LEFT : GB_RIGHT};
        if (sibling < n)
            step->sibling = level[sibling];
        else
            step->side = GB_ALONE;
        n = climb_level(level, n);
    }
    return n_path;
}

struct gb_hash gb_merkle_climb(const struct gb_hash *node, const struct gb_step *path,
                               size_t n_path)
{
    struct gb_hash hash = *node;

    for (size_t i = 0; i < n_path; i++)
        switch (path[i].side) {
        case GB_ALONE: hash = node_of(&hash, NULL); break;
        case GB_LEFT: hash = node_of(&path[i].sibling, &hash); break;
        case GB_RIGHT: hash = node_of(&hash, &path[i].sibling); break;
        }
    return hash;
}
