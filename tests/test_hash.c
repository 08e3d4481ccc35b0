/* Hashes against an independent BLAKE2b (Python's hashlib), Merkle trees against a recursion. */
#include "chain/wire/hash.h"

#include <string.h>

#include "tests/tap.h"

#define N_MAX 33

static void a_hash_is_blake2b_of_the_domain_and_the_bytes(void)
{
    char hex[65];
    struct gb_hash hash = gb_hash_bytes(GB_DOMAIN_GENESIS, "abc", 3);

    EXPECT_TEXT(gb_hash_hex(&hash, hex),
                "60e58b00e92dcc17c4dea777c629421e2aa4fe7578a56c6b48d3f98e15e72580");
    struct gb_hash other = gb_hash_bytes(GB_DOMAIN_MESSAGE, "abc", 3);
    EXPECT(!gb_hash_is_equal(&hash, &other));
}

static void pieces_hash_like_the_whole(void)
{
    struct gb_hasher hasher;

    gb_hasher_init(&hasher, GB_DOMAIN_GENESIS);
    gb_hasher_add(&hasher, "a", 1);
    gb_hasher_add(&hasher, "", 0);
    gb_hasher_add(&hasher, "bc", 2);
    struct gb_hash pieces = gb_hasher_end(&hasher);
    struct gb_hash whole = gb_hash_bytes(GB_DOMAIN_GENESIS, "abc", 3);
    EXPECT(gb_hash_is_equal(&pieces, &whole));
}

/* Short ones take another way than long ones: all lengths on both sides of where they part. */
static void a_pair_hashes_like_its_pieces_at_any_length(void)
{
    uint8_t bytes[600];
    int n_wrong = 0;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(7 * i);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        size_t n_first = n / 3;
        struct gb_hasher hasher;

        gb_hasher_init(&hasher, GB_DOMAIN_SETTLE);
        gb_hasher_add(&hasher, bytes, n);
        struct gb_hash streamed = gb_hasher_end(&hasher);
        struct gb_hash pair =
            gb_hash_pair(GB_DOMAIN_SETTLE, bytes, n_first, bytes + n_first, n - n_first);
        n_wrong += !gb_hash_is_equal(&streamed, &pair);
    }
    EXPECT_INT(n_wrong, 0);
}

static void make_leaves(struct gb_hash *leaves, size_t n)
{
    for (size_t i = 0; i < n; i++)
        memset(leaves[i].bytes, (int)i, sizeof leaves[i].bytes);
}

static struct gb_hash root_of(const struct gb_hash *leaves, size_t n)
{
    struct gb_merkle tree;

    gb_merkle_init(&tree);
    for (size_t i = 0; i < n; i++)
        gb_merkle_add(&tree, &leaves[i]);
    return gb_merkle_end(&tree);
}

static void merkle_roots_agree_with_an_independent_computation(void)
{
    struct gb_hash leaves[5];
    char hex[65];

    make_leaves(leaves, 5);
    struct gb_hash root = root_of(leaves, 0);
    EXPECT_TEXT(gb_hash_hex(&root, hex),
                "b6c377c588b78bf5abaa8a3829ce9fe6989dce6c738fccfb896b66eacaaf6b6d");
    root = root_of(leaves, 5);
    EXPECT_TEXT(gb_hash_hex(&root, hex),
                "054bc1bda1a4d5777a4bf557012cb2ca2d51865d372f3a2e0871ca50efb3ffbd");
}

static size_t path_of(const struct gb_hash *leaves, size_t n, size_t index, struct gb_step *path)
{
    struct gb_hash level[N_MAX];

    for (size_t i = 0; i < n; i++)
        level[i] = gb_merkle_leaf(leaves[i].bytes, sizeof leaves[i].bytes);
    return gb_merkle_path(level, n, index, path);
}

static bool leads_to(const struct gb_hash *root, const struct gb_hash *leaf,
                     const struct gb_step *path, size_t n_path)
{
    struct gb_hash node = gb_merkle_leaf(leaf->bytes, sizeof leaf->bytes);
    struct gb_hash top = gb_merkle_climb(&node, path, n_path);

    return gb_hash_is_equal(&top, root);
}

static void every_leaf_of_every_tree_climbs_to_its_root(void)
{
    struct gb_hash leaves[N_MAX];
    struct gb_step path[GB_PATH_MAX];

    make_leaves(leaves, N_MAX);
    for (size_t n = 1; n <= N_MAX; n++) {
        struct gb_hash root = root_of(leaves, n);
        for (size_t i = 0; i < n; i++)
            EXPECT(leads_to(&root, &leaves[i], path, path_of(leaves, n, i, path)));
    }
}

static void a_path_says_by_itself_which_place_it_starts_from(void)
{
    struct gb_hash leaves[N_MAX];
    struct gb_step path[GB_PATH_MAX];

    make_leaves(leaves, N_MAX);
    for (size_t i = 0; i < N_MAX; i++) {
        size_t n_path = path_of(leaves, N_MAX, i, path), place = 0;
        for (size_t level = 0; level < n_path; level++)
            place |= (size_t)(path[level].side == GB_LEFT) << level;
        EXPECT_INT((int64_t)place, (int64_t)i);
    }
}

static void a_path_proves_no_other_leaf_place_or_length(void)
{
    struct gb_hash leaves[N_MAX];
    struct gb_step path[GB_PATH_MAX + 1];

    make_leaves(leaves, N_MAX);
    for (size_t n = 2; n <= N_MAX; n++) {
        struct gb_hash root = root_of(leaves, n);
        for (size_t i = 0; i < n; i++) {
            size_t n_path = path_of(leaves, n, i, path);
            EXPECT(!leads_to(&root, &leaves[(i + 1) % n], path, n_path));
            path[n_path] = (struct gb_step){.side = GB_ALONE};
            EXPECT(!leads_to(&root, &leaves[i], path, n_path + 1));
            EXPECT(!leads_to(&root, &leaves[i], path, n_path - 1));
            for (size_t level = 0; level < n_path; level++) {
                struct gb_step step = path[level];
                for (enum gb_sibling side = GB_ALONE; side <= GB_RIGHT; side++) {
                    path[level].side = side;
                    EXPECT(leads_to(&root, &leaves[i], path, n_path) == (side == step.side));
                }
                path[level] = step;
                path[level].sibling.bytes[7] ^= 1;
                EXPECT(leads_to(&root, &leaves[i], path, n_path) == (step.side == GB_ALONE));
                path[level] = step;
            }
        }
    }
}

static void an_odd_tail_is_not_its_double(void)
{
    struct gb_hash leaves[4];

    make_leaves(leaves, 3);
    leaves[3] = leaves[2];
    struct gb_hash three = root_of(leaves, 3);
    struct gb_hash four = root_of(leaves, 4);
    EXPECT(!gb_hash_is_equal(&three, &four));
}

static void a_root_is_no_leaf_of_a_smaller_tree(void)
{
    struct gb_hash leaves[4], parents[2];

    make_leaves(leaves, 4);
    parents[0] = root_of(leaves, 2);
    parents[1] = root_of(leaves + 2, 2);
    struct gb_hash four = root_of(leaves, 4);
    struct gb_hash two = root_of(parents, 2);
    EXPECT(!gb_hash_is_equal(&four, &two));
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(a_hash_is_blake2b_of_the_domain_and_the_bytes),
                                            TAP(pieces_hash_like_the_whole),
                                            TAP(a_pair_hashes_like_its_pieces_at_any_length),
                                            TAP(merkle_roots_agree_with_an_independent_computation),
                                            TAP(every_leaf_of_every_tree_climbs_to_its_root),
                                            TAP(a_path_says_by_itself_which_place_it_starts_from),
                                            TAP(a_path_proves_no_other_leaf_place_or_length),
                                            TAP(an_odd_tail_is_not_its_double),
                                            TAP(a_root_is_no_leaf_of_a_smaller_tree),
                                            {0}};
    return tap_main("hash", tests);
}
