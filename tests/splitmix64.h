/* The generator of random input for tests and benchmarks: Steele, Lea and Flood (2014), "Fast
 * splittable pseudorandom number generators", doi:10.1145/2660193.2660195. What the simulation
 * draws comes from base/random.h alone. */
#ifndef TESTS_SPLITMIX64_H
#define TESTS_SPLITMIX64_H

#include <stdint.h>

/* The next of a row of numbers that begins with any state. */
static inline uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

#endif
