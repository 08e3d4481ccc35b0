/* Whole units shared out in proportion to weights, by largest remainder: the sum is exact, and no
 * order of who shares decides who gets the last unit. */
#ifndef BASE_SHARE_OUT_H
#define BASE_SHARE_OUT_H

#include <stddef.h>
#include <stdint.h>

struct gb_share {
    int64_t weight; /* from 0 on */
    uint32_t key;   /* distinct: of equal remainders the smaller goes first */
    size_t place;   /* the caller's own */
    int64_t share;  /* out: never above the weight */
    int64_t remainder;
};

/* Fills in the shares of n, which are put into another order.
 * whole  from 0 to the sum of all weights, which is at most INT64_MAX (both asserted) */
void gb_share_out(struct gb_share *shares, size_t n, int64_t whole);

#endif
