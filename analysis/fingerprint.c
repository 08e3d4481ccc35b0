#include "analysis/fingerprint.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sodium.h>

#define N_POINTS 64

typedef double function(double x);

static double power(double x)
{
    return pow(x, 1.7);
}

static double angle(double x)
{
    return atan2(x, 0.3);
}

void gb_libm_fingerprint(char out[GB_LIBM_FINGERPRINT_SIZE])
{
    /* volatile: the calls are made by the library at run time, never folded by the compiler */
    static function *const volatile functions[] = {
        exp,   expm1, exp2, log,  log1p, log2,  sin, cos,  tan,    asin,   acos,
        angle, sinh,  tanh, sqrt, cbrt,  power, erf, erfc, lgamma, tgamma,
    };
    crypto_generichash_state state;
    unsigned char hash[16];

    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t f = 0; f < sizeof functions / sizeof functions[0]; f++)
        for (int i = 0; i < N_POINTS; i++) {
            double value = functions[f]((i + 0.37) / N_POINTS); /* inside every domain */
            unsigned char bytes[sizeof value];

            memcpy(bytes, &value, sizeof value);
            crypto_generichash_update(&state, bytes, sizeof bytes);
        }
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, GB_LIBM_FINGERPRINT_SIZE, hash, sizeof hash);
}
