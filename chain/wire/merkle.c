/* Merkle trees: leaf by leaf, some leaves at a time, and along paths. */
#include <string.h>

#include "chain/wire/hash.h"
#include "chain/wire/hash_four.h"

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
    tree->n_waiting = 0;
}

/* Adds the node over as many leaves as level says, all of them complete. */
static void add_node(struct gb_merkle *tree, unsigned level, struct gb_hash node)
{
    uint64_t n = UINT64_C(1) << level;

    for (; tree->n >> level & 1; level++)
        node = node_of(&tree->complete[level], &node);
    tree->complete[level] = node;
    tree->n += n;
}

/* The nodes over leaves that wait, four by four; what fills up the last four counts for nothing.
 * nodes  out: capacity for a multiple of four */
static void hash_waiting(const struct gb_merkle *tree, struct gb_hash *nodes)
{
    for (size_t i = 0; i < tree->n_waiting; i += 4) {
        const void *texts[4];
        size_t n[4];

        if (i + 1 == tree->n_waiting) { /* one alone is faster alone */
            nodes[i] = gb_merkle_leaf(tree->waiting[i], tree->n_bytes[i]);
            return;
        }
        for (size_t k = 0; k < 4; k++) {
            size_t leaf = i + k < tree->n_waiting ? i + k : i;
            texts[k] = tree->waiting[leaf];
            n[k] = tree->n_bytes[leaf];
        }
        gb_hash_four(GB_DOMAIN_LEAF, texts, n, nodes + i);
    }
}

/* Replaces a level of n nodes, a multiple of eight, by its parents. */
static void climb_by_four(struct gb_hash *level, size_t n)
{
    for (size_t i = 0; i < n; i += 8) {
        const size_t pair = 2 * sizeof *level, sizes[4] = {pair, pair, pair, pair};
        const void *const pairs[4] = {&level[i], &level[i + 2], &level[i + 4], &level[i + 6]};
        struct gb_hash parents[4];

        gb_hash_four(GB_DOMAIN_NODE, pairs, sizes, parents);
        memcpy(&level[i / 2], parents, sizeof parents);
    }
}

/* All that may wait do: the tree climbs over them at once. */
static void add_all_waiting(struct gb_merkle *tree)
{
    struct gb_hash level[GB_MERKLE_WAITING];
    size_t n = GB_MERKLE_WAITING;
    unsigned height = 0;

    hash_waiting(tree, level);
    tree->n_waiting = 0;
    for (; n >= 8; n /= 2, height++)
        climb_by_four(level, n);
    for (size_t i = 0; i < n; i++)
        add_node(tree, height, level[i]);
}

/* Adds those that wait, one by one. */
static void drain(struct gb_merkle *tree)
{
    struct gb_hash nodes[GB_MERKLE_WAITING];

    hash_waiting(tree, nodes);
    for (size_t i = 0; i < tree->n_waiting; i++)
        add_node(tree, 0, nodes[i]);
    tree->n_waiting = 0;
}

/* Leaves wait until there are enough for the tree to climb over them at once, where as many stand
 * in it as that takes. */
void gb_merkle_add_bytes(struct gb_merkle *tree, const void *bytes, size_t n)
{
    if (n > GB_MERKLE_SHORT || tree->n % GB_MERKLE_WAITING != 0) {
        drain(tree);
        add_node(tree, 0, gb_merkle_leaf(bytes, n));
        return;
    }
    memcpy(tree->waiting[tree->n_waiting], bytes, n);
    tree->n_bytes[tree->n_waiting++] = (uint8_t)n;
    if (tree->n_waiting == GB_MERKLE_WAITING)
        add_all_waiting(tree);
}

void gb_merkle_add(struct gb_merkle *tree, const struct gb_hash *leaf)
{
    gb_merkle_add_bytes(tree, leaf->bytes, sizeof leaf->bytes);
}

/* Climbs with the rightmost node: of each level it is the last of complete ones, or stands behind
 * them. */
struct gb_hash gb_merkle_end(struct gb_merkle *tree)
{
    struct gb_hash last;
    bool has_last = false;

    drain(tree);
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
