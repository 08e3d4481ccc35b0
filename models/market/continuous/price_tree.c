#include "models/market/continuous/price_tree.h"

#include <stdlib.h>

#include "base/array.h"

#define NOTHING UINT32_MAX

static bool is_leaf(uint32_t reference)
{
    return reference & 1;
}

/* The sign bit turned over, so that keys go as prices go. */
static uint64_t key_of(int64_t ticks)
{
    return (uint64_t)ticks ^ UINT64_C(1) << 63;
}

static unsigned bit_of(uint64_t key, unsigned bit)
{
    return key >> bit & 1;
}

void gb_price_tree_clear(struct gb_price_tree *tree)
{
    tree->root = tree->free_leaf = tree->free_node = NOTHING;
    tree->n_leaves = 0;
}

void gb_price_tree_free(struct gb_price_tree *tree)
{
    free(tree->nodes);
    free(tree->leaves);
    tree->nodes = NULL;
    tree->leaves = NULL;
    tree->capacity = 0;
}

static bool grow(struct gb_price_tree *tree)
{
    size_t capacity = gb_array_next_capacity(tree->capacity, (size_t)tree->n_leaves + 1);
    void *nodes = gb_array_resize(tree->nodes, capacity, sizeof *tree->nodes);
    void *leaves = nodes ? gb_array_resize(tree->leaves, capacity, sizeof *tree->leaves) : NULL;

    tree->nodes = nodes ? nodes : tree->nodes;
    tree->leaves = leaves ? leaves : tree->leaves;
    tree->capacity = leaves ? capacity : tree->capacity;
    return leaves != NULL;
}

/* Free leaves are listed by their parents, free nodes by theirs; there is a node for every leaf. */
static uint32_t take_leaf(struct gb_price_tree *tree, uint64_t key)
{
    uint32_t leaf = tree->free_leaf;

    if (leaf != NOTHING)
        tree->free_leaf = tree->leaves[leaf].parent;
    else if (tree->n_leaves < tree->capacity || grow(tree))
        leaf = tree->n_leaves++;
    else
        return NOTHING;
    tree->leaves[leaf] = (struct gb_price_leaf){key, NOTHING};
    return leaf;
}

static void set_parent(struct gb_price_tree *tree, uint32_t reference, uint32_t parent)
{
    if (is_leaf(reference))
        tree->leaves[reference >> 1].parent = parent;
    else
        tree->nodes[reference >> 1].parent = parent;
}

/* Puts `reference` where `old` hangs below `parent`. */
static void replace(struct gb_price_tree *tree, uint32_t parent, uint32_t old, uint32_t reference)
{
    if (parent == NOTHING)
        tree->root = reference;
    else
        tree->nodes[parent].child[tree->nodes[parent].child[1] == old] = reference;
    set_parent(tree, reference, parent);
}

/* The leaf that a search by bits ends at. */
static uint32_t closest(const struct gb_price_tree *tree, uint64_t key)
{
    uint32_t at = tree->root;

    while (!is_leaf(at))
        at = tree->nodes[at >> 1].child[bit_of(key, tree->nodes[at >> 1].bit)];
    return at >> 1;
}

/* Hangs a new leaf beside the part of the tree that differs from it by no bit above `bit`. */
static void hang(struct gb_price_tree *tree, uint32_t leaf, unsigned bit)
{
    uint64_t key = tree->leaves[leaf].key;
    uint32_t node = tree->free_node, at = tree->root, parent = NOTHING;

    if (node != NOTHING)
        tree->free_node = tree->nodes[node].parent;
    else
        node = leaf; /* never used: nodes are freed and taken with leaves, but for the first */
    while (!is_leaf(at) && tree->nodes[at >> 1].bit > bit) {
        parent = at >> 1;
        at = tree->nodes[parent].child[bit_of(key, tree->nodes[parent].bit)];
    }
    replace(tree, parent, at, 2 * node);
    tree->nodes[node].bit = (uint8_t)bit;
    tree->nodes[node].child[bit_of(key, bit)] = 2 * leaf + 1;
    tree->nodes[node].child[!bit_of(key, bit)] = at;
    tree->leaves[leaf].parent = node;
    set_parent(tree, at, node);
}

uint32_t gb_price_tree_insert(struct gb_price_tree *tree, int64_t ticks, bool *is_new)
{
    uint64_t key = key_of(ticks);
    uint32_t near = tree->root == NOTHING ? NOTHING : closest(tree, key);

    *is_new = near == NOTHING || tree->leaves[near].key != key;
    if (!*is_new)
        return near;
    uint32_t leaf = take_leaf(tree, key);

    if (leaf == NOTHING)
        return GB_NO_LEVEL;
    if (near == NOTHING)
        tree->root = 2 * leaf + 1;
    else
        hang(tree, leaf, 63 - (unsigned)__builtin_clzll(key ^ tree->leaves[near].key));
    return leaf;
}

void gb_price_tree_remove(struct gb_price_tree *tree, uint32_t leaf)
{
    uint32_t node = tree->leaves[leaf].parent;

    if (node == NOTHING) {
        tree->root = NOTHING;
    } else {
        uint32_t sibling = tree->nodes[node].child[tree->nodes[node].child[0] == 2 * leaf + 1];

        replace(tree, tree->nodes[node].parent, 2 * node, sibling);
        tree->nodes[node].parent = tree->free_node;
        tree->free_node = node;
    }
    tree->leaves[leaf].parent = tree->free_leaf;
    tree->free_leaf = leaf;
}

static uint32_t lowest_below(const struct gb_price_tree *tree, uint32_t at)
{
    while (!is_leaf(at))
        at = tree->nodes[at >> 1].child[0];
    return at >> 1;
}

uint32_t gb_price_tree_next(const struct gb_price_tree *tree, uint32_t leaf)
{
    uint32_t from = 2 * leaf + 1, node = tree->leaves[leaf].parent;

    while (node != NOTHING && tree->nodes[node].child[1] == from) {
        from = 2 * node;
        node = tree->nodes[node].parent;
    }
    return node == NOTHING ? GB_NO_LEVEL : lowest_below(tree, tree->nodes[node].child[1]);
}
