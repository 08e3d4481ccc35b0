/* A fingerprint of the mathematical library as it computes on this processor: equal bytes of two
 * results can be asked for only where both were computed with the same roundings of exp, log, ...
 */
#ifndef ANALYSIS_FINGERPRINT_H
#define ANALYSIS_FINGERPRINT_H

#define GB_LIBM_FINGERPRINT_SIZE 33 /* 32 hex digits and the closing NUL */

/* BLAKE2b-128, in hex, over the bits of fixed evaluations of libm, taken at run time
 * (15 us). */
void gb_libm_fingerprint(char out[GB_LIBM_FINGERPRINT_SIZE]);

#endif
