#include "base/batch.h"

#include <assert.h>
#include <math.h>

/* Multipliers and Weyl constants of Philox4x32. */
#define PHILOX_M0 UINT64_C(0xD2511F53)
#define PHILOX_M1 UINT64_C(0xCD9E8D57)
#define PHILOX_W0 UINT32_C(0x9E3779B9)
#define PHILOX_W1 UINT32_C(0xBB67AE85)
enum { PHILOX_ROUNDS = 10 };

void gb_batch_draws(struct gb_key key, const uint32_t *owner, size_t n, uint32_t other,
                    uint32_t time, uint32_t draw, uint32_t words[4][GB_BATCH])
{
    uint32_t *restrict a = words[0], *restrict b = words[1], *restrict c = words[2],
                       *restrict d = words[3];
    uint32_t k0 = key.words[0], k1 = key.words[1];

    assert(n <= GB_BATCH);
    for (size_t i = 0; i < n; i++) {
        a[i] = owner[i];
        b[i] = other;
        c[i] = time;
        d[i] = draw;
    }
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
#pragma omp simd
        for (size_t i = 0; i < n; i++) {
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

/* Where both tails begin: that far from a probability of 1/2. */
static const double central = 0.425;

static inline double central_normal(double q)
{
    double r = 0.180625 - q * q;
    double p = 2.5090809287301226727e+3 * r + 3.3430575583588128105e+4;
    double s = 5.2264952788528545610e+3 * r + 2.8729085735721942674e+4;

    p = p * r + 6.7265770927008700853e+4;
    p = p * r + 4.5921953931549871457e+4;
    p = p * r + 1.3731693765509461125e+4;
    p = p * r + 1.9715909503065514427e+3;
    p = p * r + 1.3314166789178437745e+2;
    p = p * r + 3.3871328727963666080e+0;
    s = s * r + 3.9307895800092710610e+4;
    s = s * r + 2.1213794301586595867e+4;
    s = s * r + 5.3941960214247511077e+3;
    s = s * r + 6.8718700749205790830e+2;
    s = s * r + 4.2313330701600911252e+1;
    s = s * r + 1;
    return q * p / s;
}

/* The upper normal of a tail, by the root of its -log; no word's is further out than 5. */
static inline double tail_normal(double root)
{
    double r = root - 1.6;
    double p = 7.74545014278341407640e-4 * r + 2.27238449892691845833e-2;
    double s = 1.05075007164441684324e-9 * r + 5.47593808499534494600e-4;

    p = p * r + 2.41780725177450611770e-1;
    p = p * r + 1.27045825245236838258e+0;
    p = p * r + 3.64784832476320460504e+0;
    p = p * r + 5.76949722146069140550e+0;
    p = p * r + 4.63033784615654529590e+0;
    p = p * r + 1.42343711074968357734e+0;
    s = s * r + 1.51986665636164571966e-2;
    s = s * r + 1.48103976427480074590e-1;
    s = s * r + 6.89767334985100004550e-1;
    s = s * r + 1.67638483018380384940e+0;
    s = s * r + 2.05319162663775882187e+0;
    s = s * r + 1;
    return p / s;
}

/* The tails are gathered, so that they too are done by whole vectors. */
void gb_batch_normals(const uint32_t *restrict words, size_t n, double *restrict normals)
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
        n_tails += fabs(q) > central;
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

void gb_batch_exponentials(double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) /* apart: that comparisons may trap keeps them out of vectors */
        x[i] = gb_held_exponent(x[i]);
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        x[i] = gb_exponential_of_held(x[i]);
}
