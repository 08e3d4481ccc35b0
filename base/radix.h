/* Stable sort of (key, value) pairs by a 64-bit key: least significant digit first, 11 bits a
 * pass, and no pass for digits in which all keys agree; few items are merged instead. Equal keys
 * keep their order, so the caller's order is the tie-break. */
#ifndef BASE_RADIX_H
#define BASE_RADIX_H

#include <stddef.h>
#include <stdint.h>

/* What is sorted, and what comes along: an index, mostly. */
struct gb_radix_item {
    uint64_t key;
    uint64_t value;
};

/* n        at most 2^32 - 1
 * scratch  n items; the result stands in items */
void gb_radix_sort(struct gb_radix_item *items, struct gb_radix_item *scratch, size_t n);

#endif
