/* Loops over arrays that are compiled twice: for every processor of a kind, and for those with wide
 * registers; the loader takes the one that fits. Only the number of elements at a time differs:
 * each is rounded as before, for nothing is contracted (-ffp-contract=off) and AVX2 alone brings
 * no fused multiplication, so that results have the same bits on either. */
#ifndef BASE_WIDE_H
#define BASE_WIDE_H

#include "config.h"

/* Whether compiler and loader can do it is found out by configure; sanitizers start after the
 * loader has asked which one to take. */
#ifdef GB_HAVE_TARGET_CLONES
#define GB_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define GB_WIDE
#endif

#endif
