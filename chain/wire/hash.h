/* BLAKE2b-256 with a domain tag in front of everything hashed, and the block's binary Merkle trees.
 * Hashes are injective: lengths stand in the encoding, leaf and node have different tags, and an
 * odd tail is hashed alone, never doubled. */
#ifndef CHAIN_WIRE_HASH_H
#define CHAIN_WIRE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

#define GB_HASH_SIZE 32
/* A BLAKE2b-256 hash; equal ones by gb_hash_is_equal(). */
struct gb_hash {
    uint8_t bytes[GB_HASH_SIZE];
};

enum gb_domain { /* first four bytes of what is hashed, big-endian */
                 GB_DOMAIN_GENESIS = 1,
                 GB_DOMAIN_MESSAGE = 2, /* one signed statement of a party */
                 GB_DOMAIN_TRANSACTION = 3,
                 GB_DOMAIN_PROPOSAL = 4, /* a block header without its results */
                 GB_DOMAIN_BLOCK = 5,    /* proposal hash and results */
                 GB_DOMAIN_LEAF = 6,
                 GB_DOMAIN_NODE = 7,
                 GB_DOMAIN_RECEIPT = 8,
                 GB_DOMAIN_STATE = 9,   /* running hash of state changes */
                 GB_DOMAIN_VOTE = 10,   /* prepare, commit, checkpoint: the phase stands inside */
                 GB_DOMAIN_SETTLE = 11, /* the digest all roles of a trade sign */
                 GB_DOMAIN_TRADE = 12,  /* leaf of the match root */
                 GB_DOMAIN_TRAILER = 13,
                 GB_DOMAIN_ADMISSION = 14, /* the supervisor's signature under the genesis */
                 GB_DOMAIN_BUNDLE = 15,    /* what a concentrator signs */
                 GB_DOMAIN_FILE = 16       /* all bytes of a ledger file before its trailer */
};

/* A hash in the making, of what comes in pieces; nothing to free. */
struct gb_hasher {
    crypto_generichash_state state;
};

void gb_hasher_init(struct gb_hasher *hasher, enum gb_domain domain);
void gb_hasher_add(struct gb_hasher *hasher, const void *bytes, size_t n);
struct gb_hash gb_hasher_end(struct gb_hasher *hasher);
struct gb_hash gb_hash_bytes(enum gb_domain domain, const void *bytes, size_t n);
/* Of two pieces, one behind the other; neither is NULL. */
struct gb_hash gb_hash_pair(enum gb_domain domain, const void *first, size_t n_first,
                            const void *second, size_t n_second);
bool gb_hash_is_equal(const struct gb_hash *a, const struct gb_hash *b);
char *gb_hash_hex(const struct gb_hash *hash, char *buffer65);

/* A Merkle tree leaf by leaf, in memory that does not grow with it. Leaves are hashed again under
 * GB_DOMAIN_LEAF; the root of no leaves is the hash of the empty string there. */
struct gb_merkle {
    uint64_t n;                  /* leaves so far */
    struct gb_hash complete[64]; /* at level l, where bit l of n is set: the node over the 2^l
                                  * leaves behind those of the higher levels */
};
void gb_merkle_init(struct gb_merkle *tree);
void gb_merkle_add(struct gb_merkle *tree, const struct gb_hash *leaf);
/* A leaf of any length: what it says, not its hash. */
void gb_merkle_add_bytes(struct gb_merkle *tree, const void *bytes, size_t n);
struct gb_hash gb_merkle_end(const struct gb_merkle *tree);

/* A step from a node to its parent: where its sibling stands. A path of them leads from a leaf to
 * the root and says by itself which place that leaf has; it can be followed by whoever knows
 * BLAKE2b. */
enum gb_sibling { GB_ALONE, GB_LEFT, GB_RIGHT };
struct gb_step {
    enum gb_sibling side;
    struct gb_hash sibling; /* zero: alone, an odd tail */
};
#define GB_PATH_MAX 64

/* The node over a leaf of n bytes. */
struct gb_hash gb_merkle_leaf(const void *bytes, size_t n);
/* Path to the root from leaf `index`.
 * level  the nodes over all n leaves; used up
 * out    capacity for GB_PATH_MAX; returns how many */
size_t gb_merkle_path(struct gb_hash *level, size_t n, size_t index, struct gb_step *out);
/* The root that a path leads to from the node over a leaf, to be compared with one that is trusted.
 */
struct gb_hash gb_merkle_climb(const struct gb_hash *node, const struct gb_step *path,
                               size_t n_path);

#endif
