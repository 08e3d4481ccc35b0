/* First fit: among n values, the first one that reaches a threshold, when values are struck out
 * over time. A segment tree of maxima with eight children a node: a node's children fill one
 * cache line, so a search over a million values reads seven of them. */
#ifndef MODELS_MARKET_TWO_ROUND_FIRST_FIT_PRIV_H
#define MODELS_MARKET_TWO_ROUND_FIRST_FIT_PRIV_H

#include <stddef.h>
#include <stdint.h>

#define GB_FIRST_FIT_LEVELS 12    /* 8^11 > 2^32 leaves */
#define GB_FIRST_FIT_ALIGNMENT 64 /* bytes: what makes a node's children one cache line */

struct gb_first_fit {
    int64_t *values;                   /* all levels, leaves first; borrowed */
    size_t start[GB_FIRST_FIT_LEVELS]; /* where in values a level begins */
    unsigned n_levels;
};

/* How many values a tree over n of them holds, its upper levels included. */
size_t gb_first_fit_size(size_t n);
/* Lays a tree out for n values, whose leaves are then to be written to fit->values, n of them,
 * before gb_first_fit_build; INT64_MIN never fits.
 * values  gb_first_fit_size(n) values, aligned as above; kept as long as the tree is used */
void gb_first_fit_init(struct gb_first_fit *fit, int64_t *capacity, size_t n);
void gb_first_fit_build(struct gb_first_fit *fit);

/* The first index whose value is at least `threshold`, or SIZE_MAX.
 * threshold  above INT64_MIN */
size_t gb_first_fit_find(const struct gb_first_fit *fit, int64_t threshold);
void gb_first_fit_remove(struct gb_first_fit *fit, size_t index);

#endif
