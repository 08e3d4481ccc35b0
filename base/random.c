#include "base/random.h"

#include <gsl/gsl_cdf.h>
#include <sodium.h>

static void put_big_endian(unsigned char *out, uint64_t value, size_t n_bytes)
{
    for (size_t i = n_bytes; i-- > 0; value >>= 8)
        out[i] = (unsigned char)value;
}

static uint32_t read_big_endian(const unsigned char *in)
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

struct gb_key gb_key_make(uint64_t seed, uint32_t replication, enum gb_purpose purpose)
{
    unsigned char address[16], hash[32];

    put_big_endian(address, seed, 8);
    put_big_endian(address + 8, replication, 4);
    put_big_endian(address + 12, (uint32_t)purpose, 4);
    crypto_generichash(hash, sizeof hash, address, sizeof address, NULL, 0);
    return (struct gb_key){{read_big_endian(hash), read_big_endian(hash + 4)}};
}

double gb_normal_from(double uniform)
{
    return gsl_cdf_ugaussian_Pinv(uniform);
}
