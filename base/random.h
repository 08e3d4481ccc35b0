/* Keyed random numbers: Philox4x32-10, addressed and never shared.
 *
 * A draw has an address: seed, replication and purpose make the key, (owner, other, time, draw) is
 * the counter. Nobody's draw depends on who else drew before, so adding a meter or changing beta
 * shifts nothing, and designs are paired by construction.
 * source  J. K. Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC11 (Random123) */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

#include <Random123/philox.h>

#include "base/purpose.h"

struct gb_key {
    uint32_t words[2];
}; /* Philox key of one purpose in one replication */
struct gb_draw {
    uint32_t words[4];
}; /* the 128 bits at one address */

/* The first 8 bytes of BLAKE2b-256 over the big-endian (seed u64, replication u32, purpose u32), as
 * two big-endian words. */
struct gb_key gb_key_make(uint64_t seed, uint32_t replication, enum gb_purpose purpose);

/* The 128 random bits at an address. Signed slot numbers go in as their two's complement. Always
 * inline: compilers would call what is this long, in every loop over meters. */
__attribute__((always_inline)) static inline struct gb_draw gb_draw_at(struct gb_key key,
                                                                       uint32_t owner,
                                                                       uint32_t other,
                                                                       uint32_t time, uint32_t draw)
{
    philox4x32_key_t k = {{key.words[0], key.words[1]}};
    philox4x32_ctr_t counter = {{owner, other, time, draw}};
    philox4x32_ctr_t bits = philox4x32(counter, k);

    return (struct gb_draw){{bits.v[0], bits.v[1], bits.v[2], bits.v[3]}};
}

/* Two 32-bit words as a double strictly inside (0, 1), 52 bits: safe for any inverse CDF. */
static inline double gb_uniform_from(uint32_t high, uint32_t low)
{
    uint64_t bits = ((uint64_t)high << 20) | (low >> 12);

    return ((double)bits + 0.5) * 0x1p-52;
}

/* First (and second) uniform of an address, in (0, 1). */
static inline double gb_draw_uniform(struct gb_draw draw)
{
    return gb_uniform_from(draw.words[0], draw.words[1]);
}
static inline double gb_draw_uniform2(struct gb_draw draw)
{
    return gb_uniform_from(draw.words[2], draw.words[3]);
}

/* Standard normal from one uniform by the inverse CDF (GSL), which keeps common random numbers
 * aligned: one uniform, one normal. */
double gb_normal_from(double uniform);

#endif
