/* A whole number from a uniform draw, every one in the range as likely as every other. */
#ifndef MODELS_AGENTS_PICK_PRIV_H
#define MODELS_AGENTS_PICK_PRIV_H

#include <stdint.h>

/* low <= high, both included; less than 2^52 apart. uniform in (0, 1) */
static inline int64_t gb_pick_between(int64_t low, int64_t high, double uniform)
{
    int64_t picked = low + (int64_t)((double)(high - low + 1) * uniform);

    return picked > high ? high : picked; /* the product may round up to the whole range */
}

#endif
