/* Philox4x32 of several addresses at a time, where registers are wide enough and the compiler does
 * not find it by itself: words stand in lanes of 64 bits, whose upper half a multiplication of 32
 * bits ignores, so that a round needs neither masks nor moves between lanes. */
#ifndef BASE_PHILOX_WIDE_H
#define BASE_PHILOX_WIDE_H

#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

/* The 128 bits at (owner[i], other, time, draw): word k of owner i goes to words[k][i].
 * words    rows of `stride` words
 * returns  how many of the n owners it has done: the rest, up to all, is the caller's */
size_t gb_philox_wide(struct gb_key key, const uint32_t *owner, size_t n, uint32_t other,
                      uint32_t time, uint32_t draw, uint32_t *words, size_t stride);

#endif
