/* Multipliers, Weyl constants and rounds of Philox4x32-10, for what computes many of them at a
 * time. source  Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC11) */
#ifndef BASE_PHILOX_PRIV_H
#define BASE_PHILOX_PRIV_H

#include <stdint.h>

#define PHILOX_M0 UINT64_C(0xD2511F53)
#define PHILOX_M1 UINT64_C(0xCD9E8D57)
#define PHILOX_W0 UINT32_C(0x9E3779B9)
#define PHILOX_W1 UINT32_C(0xBB67AE85)
enum { PHILOX_ROUNDS = 10 };

#endif
