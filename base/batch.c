#include "base/batch.h"

#include <assert.h>
#include <math.h>

#include "base/normal_priv.h"
#include "base/philox_priv.h"
#include "base/philox_wide.h"
#include "base/wide.h"

void gb_batch_draws(struct gb_key key, const uint32_t *owner, size_t n, uint32_t other,
                    uint32_t time, uint32_t draw, uint32_t words[4][GB_BATCH])
{
    uint32_t *restrict a = words[0], *restrict b = words[1], *restrict c = words[2],
                       *restrict d = words[3];
    uint32_t k0 = key.words[0], k1 = key.words[1];

    assert(n <= GB_BATCH);
    size_t done = gb_philox_wide(key, owner, n, other, time, draw, words[0], GB_BATCH);
    for (size_t i = done; i < n; i++) {
        a[i] = owner[i];
        b[i] = other;
        c[i] = time;
        d[i] = draw;
    }
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
#pragma omp simd
        for (size_t i = done; i < n; i++) {
            uint64_t p = PHILOX_M0 * a[i], q = PHILOX_M1 * c[i];
            a[i] = (uint32_t)(q >> 32) ^ b[i] ^ k0;
            c[i] = (uint32_t)(p >> 32) ^ d[i] ^ k1;
            b[i] = (uint32_t)q;
            d[i] = (uint32_t)p;
        }
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
}

static inline double central_normal(double q)
{
    struct gb_ratio ratio = gb_central_ratio(q);

    return q * ratio.above / ratio.below;
}

/* The upper normal of a tail, by the root of its -log; no word's is further out than 5. */
static inline double tail_normal(double root)
{
    struct gb_ratio ratio = gb_tail_ratio(root);

    return ratio.above / ratio.below;
}

/* The tails are gathered, so that they too are done by whole vectors. */
GB_WIDE void gb_batch_normals(const uint32_t *restrict words, size_t n, double *restrict normals)
{
    double tail[GB_BATCH];
    uint16_t place[GB_BATCH];
    size_t n_tails = 0;

    assert(n <= GB_BATCH);
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        normals[i] =
            central_normal(((double)(int32_t)(words[i] ^ UINT32_C(0x80000000)) + 0.5) * 0x1p-32);
    for (size_t i = 0; i < n; i++) {
        double q = ((double)(int32_t)(words[i] ^ UINT32_C(0x80000000)) + 0.5) * 0x1p-32;
        place[n_tails] = (uint16_t)i;
        tail[n_tails] = 0.5 - fabs(q);
        n_tails += fabs(q) > GB_NORMAL_CENTRAL;
    }
#pragma omp simd
    for (size_t j = 0; j < n_tails; j++)
        tail[j] = -gb_logarithm(tail[j]);
    for (size_t j = 0; j < n_tails; j++) /* apart: that it may set errno keeps it out of vectors */
        tail[j] = sqrt(tail[j]);
#pragma omp simd
    for (size_t j = 0; j < n_tails; j++)
        tail[j] = tail_normal(tail[j]);
    for (size_t j = 0; j < n_tails; j++)
        normals[place[j]] = words[place[j]] >> 31 ? tail[j] : -tail[j];
}

/* A number of 52 bits and a half, over 2^52, less a half: of the first uniform of a draw. All of it
 * is exact. */
static inline double centred_uniform(uint32_t high, uint32_t low)
{
    uint64_t bits = (((uint64_t)high << 20) | (low >> 12)) | UINT64_C(0x4330000000000000);
    double whole;

    memcpy(&whole, &bits, sizeof whole);
    return (whole - 0x1p52 + 0.5) * 0x1p-52 - 0.5;
}

GB_WIDE void gb_batch_draw_normals(const uint32_t *restrict high, const uint32_t *restrict low,
                                   size_t n, double *restrict normals)
{
    double q[GB_BATCH], root[GB_BATCH], tail[GB_BATCH];
    uint16_t place[GB_BATCH];
    size_t n_tails = 0;

    assert(n <= GB_BATCH);
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        q[i] = centred_uniform(high[i], low[i]);
        struct gb_ratio ratio = gb_central_ratio(q[i]);
        normals[i] = q[i] * (ratio.above / ratio.below);
    }
    for (size_t i = 0; i < n; i++) {
        place[n_tails] = (uint16_t)i;
        n_tails += fabs(q[i]) > GB_NORMAL_CENTRAL;
    }
    for (size_t j = 0; j < n_tails; j++) {
        double uniform = gb_uniform_from(high[place[j]], low[place[j]]);
        root[j] = sqrt(-log(uniform < 0.5 ? uniform : 1 - uniform));
    }
#pragma omp simd
    for (size_t j = 0; j < n_tails; j++)
        tail[j] = tail_normal(root[j]);
    for (size_t j = 0; j < n_tails; j++) {
        size_t i = place[j];
        double upper = root[j] <= GB_NORMAL_FAR ? tail[j] : -gb_normal_from(0.5 - fabs(q[i]));
        normals[i] = q[i] < 0 ? -upper : upper;
    }
}

GB_WIDE void gb_batch_exponentials(double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) /* apart: that comparisons may trap keeps them out of vectors */
        x[i] = gb_held_exponent(x[i]);
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = gb_exponential_of_held(x[i]);
}
