#include "config.h"

#include "base/philox_wide.h"

#ifdef GB_HAVE_TARGET_CLONES

#include <immintrin.h>

#include "base/philox_priv.h"

enum { LANES = 4 };

__attribute__((target("avx2"))) static inline void store_words(uint32_t *words, __m256i lanes)
{
    const __m256i lower_halves = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
    __m256i packed = _mm256_permutevar8x32_epi32(lanes, lower_halves);

    _mm_storeu_si128((__m128i *)words, _mm256_castsi256_si128(packed));
}

__attribute__((target("avx2"))) static size_t draw_by_four(struct gb_key key, const uint32_t *owner,
                                                           size_t n, struct gb_draw rest,
                                                           uint32_t *words, size_t stride)
{
    const __m256i m0 = _mm256_set1_epi64x((int64_t)PHILOX_M0),
                  m1 = _mm256_set1_epi64x((int64_t)PHILOX_M1);
    size_t end = n - n % LANES;
    __m256i k0[PHILOX_ROUNDS], k1[PHILOX_ROUNDS];

    for (uint32_t round = 0; round < PHILOX_ROUNDS; round++) {
        k0[round] = _mm256_set1_epi64x(key.words[0] + round * PHILOX_W0);
        k1[round] = _mm256_set1_epi64x(key.words[1] + round * PHILOX_W1);
    }
    for (size_t i = 0; i < end; i += LANES) {
        __m256i a = _mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)(owner + i)));
        __m256i b = _mm256_set1_epi64x(rest.words[1]), c = _mm256_set1_epi64x(rest.words[2]),
                d = _mm256_set1_epi64x(rest.words[3]);
        for (int round = 0; round < PHILOX_ROUNDS; round++) {
            __m256i p = _mm256_mul_epu32(a, m0), q = _mm256_mul_epu32(c, m1);
            a = _mm256_xor_si256(_mm256_srli_epi64(q, 32), _mm256_xor_si256(b, k0[round]));
            c = _mm256_xor_si256(_mm256_srli_epi64(p, 32), _mm256_xor_si256(d, k1[round]));
            b = q;
            d = p;
        }
        store_words(words + i, a);
        store_words(words + stride + i, b);
        store_words(words + 2 * stride + i, c);
        store_words(words + 3 * stride + i, d);
    }
    return end;
}

size_t gb_philox_wide(struct gb_key key, const uint32_t *owner, size_t n, uint32_t other,
                      uint32_t time, uint32_t draw, uint32_t *words, size_t stride)
{
    if (!__builtin_cpu_supports("avx2"))
        return 0;
    return draw_by_four(key, owner, n, (struct gb_draw){{0, other, time, draw}}, words, stride);
}

#else

size_t gb_philox_wide(struct gb_key key, const uint32_t *owner, size_t n, uint32_t other,
                      uint32_t time, uint32_t draw, uint32_t *words, size_t stride)
{
    (void)key, (void)owner, (void)n, (void)other, (void)time, (void)draw, (void)words, (void)stride;
    return 0;
}

#endif
