/* An ordered set of prices that may lie anywhere: a crit-bit tree, in which a node stands for the
 * highest bit by which the prices below it differ. It costs as many steps as prices differ in bits,
 * some twice the logarithm of how many there are, and never needs balancing.
 * source  D. J. Bernstein, "Crit-bit trees", https://cr.yp.to/critbit.html */
#ifndef MODELS_MARKET_CONTINUOUS_PRICE_TREE_H
#define MODELS_MARKET_CONTINUOUS_PRICE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GB_NO_LEVEL UINT32_MAX

struct gb_price_tree { /* all zero but for root is empty; see gb_price_tree_clear */
    uint32_t root;     /* a reference: node n as 2 n, leaf n as 2 n + 1 */
    uint32_t n_leaves, free_leaf, free_node; /* leaves ever used; heads of the lists of free ones */
    size_t capacity;
    struct gb_price_node {
        uint32_t child[2], parent;
        uint8_t bit;
    } * nodes; /* one fewer than leaves */
    struct gb_price_leaf {
        uint64_t key;
        uint32_t parent;
    } * leaves;
};

/* Empties the tree; memory stays. */
void gb_price_tree_clear(struct gb_price_tree *tree);
void gb_price_tree_free(struct gb_price_tree *tree);

/* The number of a price's leaf, which it keeps until it is removed; GB_NO_LEVEL without memory.
 * is_new  whether it was not there before */
uint32_t gb_price_tree_insert(struct gb_price_tree *tree, int64_t ticks, bool *is_new);
void gb_price_tree_remove(struct gb_price_tree *tree, uint32_t leaf);

/* The next price above; GB_NO_LEVEL behind the last. */
uint32_t gb_price_tree_next(const struct gb_price_tree *tree, uint32_t leaf);

#endif
