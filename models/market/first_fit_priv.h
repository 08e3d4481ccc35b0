/* First fit: among n values, the first one that reaches a threshold, when values are struck out over
 * time. A segment tree of maxima with eight children a node: a node's children fill one cache line,
 * so a search over a million values reads seven of them. */
#ifndef MODELS_MARKET_FIRST_FIT_PRIV_H
#define MODELS_MARKET_FIRST_FIT_PRIV_H

#include <stddef.h>
#include <stdint.h>

#define GB_FIRST_FIT_LEVELS 12          /* 8^11 > 2^32 leaves */

struct gb_first_fit {                   /* all zero before its first use */
    int64_t *values;                    /* all levels, leaves first; owned */
    size_t room;                        /* of values */
    size_t start[GB_FIRST_FIT_LEVELS];  /* where in values a level begins */
    unsigned n_levels;
};

/* Makes room for n values. returns 0, or -1 when memory ran out */
int gb_first_fit_reserve(struct gb_first_fit *fit, size_t n);
void gb_first_fit_clear(struct gb_first_fit *fit);

/* The leaves, n of them, to be written before gb_first_fit_build; INT64_MIN never fits. Lays the
 * levels out for n, which must have been reserved. */
int64_t *gb_first_fit_leaves(struct gb_first_fit *fit, size_t n);
void gb_first_fit_build(struct gb_first_fit *fit);

/* The first index whose value is at least `threshold`, or SIZE_MAX.
 * threshold  above INT64_MIN */
size_t gb_first_fit_find(const struct gb_first_fit *fit, int64_t threshold);
void gb_first_fit_strike(struct gb_first_fit *fit, size_t index);

#endif
