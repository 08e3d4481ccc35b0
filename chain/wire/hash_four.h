/* Four hashes at once, a lane of wide registers each: a Merkle tree asks for many that do not need
 * each other, and one alone leaves most of a processor idle. */
#ifndef CHAIN_WIRE_HASH_FOUR_H
#define CHAIN_WIRE_HASH_FOUR_H

#include "chain/wire/hash.h"

#define GB_HASH_FOUR_MOST 124 /* bytes: with the tag one block of BLAKE2b */

/* The same as gb_hash_bytes() of each.
 * texts  of n[i] bytes each, at most GB_HASH_FOUR_MOST; none is NULL */
void gb_hash_four(enum gb_domain domain, const void *const texts[4], const size_t n[4],
                  struct gb_hash out[4]);

#endif
