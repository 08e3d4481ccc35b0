/* BLAKE2b (RFC 7693) of texts of one block, unkeyed, with 32 bytes of output. Words are vectors
 * with a lane a text, so that the same operations work on all four. */
#include "chain/wire/hash_four.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wide.h"

enum { LANES = 4, BLOCK_SIZE = 128, TAG_SIZE = 4, ROUNDS = 12, PERMUTATIONS = 10 };

typedef uint64_t lanes __attribute__((vector_size(8 * LANES)));

static const uint64_t initial[8] = {UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b),
                                    UINT64_C(0x3c6ef372fe94f82b), UINT64_C(0xa54ff53a5f1d36f1),
                                    UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
                                    UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179)};

/* Which words of the block a round takes, in its order. */
static const uint8_t schedule[PERMUTATIONS][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

/* A word of the block, whatever the order of this machine's bytes; written out, so that compilers
 * see one load in it. */
static uint64_t word_at(const uint8_t *bytes)
{
    return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
           (uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 |
           (uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

static void put_word(uint8_t *bytes, uint64_t word)
{
    bytes[0] = (uint8_t)word;
    bytes[1] = (uint8_t)(word >> 8);
    bytes[2] = (uint8_t)(word >> 16);
    bytes[3] = (uint8_t)(word >> 24);
    bytes[4] = (uint8_t)(word >> 32);
    bytes[5] = (uint8_t)(word >> 40);
    bytes[6] = (uint8_t)(word >> 48);
    bytes[7] = (uint8_t)(word >> 56);
}

/* Macros, not functions: compilers that know no wide registers warn of those that pass them. */
#define ROTATE(word, n) ((word) >> (n) | (word) << (64 - (n)))
#define MIX(a, b, c, d, x, y) \
    do {                      \
        (a) += (b) + (x);     \
        (d) ^= (a);           \
        (d) = ROTATE(d, 32);  \
        (c) += (d);           \
        (b) ^= (c);           \
        (b) = ROTATE(b, 24);  \
        (a) += (b) + (y);     \
        (d) ^= (a);           \
        (d) = ROTATE(d, 16);  \
        (c) += (d);           \
        (b) ^= (c);           \
        (b) = ROTATE(b, 63);  \
    } while (0)

/* The first and last block of each text: `length` in bytes, which the block is filled up behind.
 * out  the first half of each state, word by word */
GB_WIDE static void compress(const uint64_t block[16][LANES], const uint64_t length[LANES],
                             uint64_t out[4][LANES])
{
    lanes m[16], v[16], h[4], n;

    memcpy(m, block, sizeof m);
    memcpy(&n, length, sizeof n);
    for (size_t i = 0; i < 8; i++) {
        v[i] = (lanes){0} + initial[i];
        v[i + 8] = (lanes){0} + initial[i];
    }
    v[0] ^= 0x01010000 ^ GB_HASH_SIZE; /* no key, so many bytes of output */
    memcpy(h, v, sizeof h);
    v[12] ^= n;
    v[14] = ~v[14];
    for (size_t round = 0; round < ROUNDS; round++) {
        const uint8_t *s = schedule[round % PERMUTATIONS];

        MIX(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
        MIX(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
        MIX(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
        MIX(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
        MIX(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
        MIX(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
        MIX(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
        MIX(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
    }
    for (size_t i = 0; i < 4; i++)
        h[i] ^= v[i] ^ v[i + 8];
    memcpy(out, h, sizeof h);
}

void gb_hash_four(enum gb_domain domain, const void *const texts[4], const size_t n[4],
                  struct gb_hash out[4])
{
    uint64_t block[16][LANES], length[LANES], half[4][LANES];

    for (size_t lane = 0; lane < LANES; lane++) {
        uint8_t bytes[BLOCK_SIZE];

        assert(n[lane] <= GB_HASH_FOUR_MOST);
        gb_big_endian_u32(bytes, (uint32_t)domain);
        memcpy(bytes + TAG_SIZE, texts[lane], n[lane]);
        memset(bytes + TAG_SIZE + n[lane], 0, GB_HASH_FOUR_MOST - n[lane]);
        for (size_t i = 0; i < 16; i++)
            block[i][lane] = word_at(bytes + 8 * i);
        length[lane] = TAG_SIZE + n[lane];
    }
    compress(block, length, half);
    for (size_t lane = 0; lane < LANES; lane++)
        for (size_t i = 0; i < 4; i++)
            put_word(out[lane].bytes + 8 * i, half[i][lane]);
}
