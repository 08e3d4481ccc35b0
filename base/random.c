#include "base/random.h"

#include <gsl/gsl_cdf.h>
#include <sodium.h>

#include "base/bytes.h"

struct gb_key gb_key_make(uint64_t seed, uint32_t replication, enum gb_purpose purpose)
{
    unsigned char address[16], hash[32];

    gb_big_endian_u64(address, seed);
    gb_big_endian_u32(address + 8, replication);
    gb_big_endian_u32(address + 12, (uint32_t)purpose);
    crypto_generichash(hash, sizeof hash, address, sizeof address, NULL, 0);
    return (struct gb_key){{gb_from_big_endian_u32(hash), gb_from_big_endian_u32(hash + 4)}};
}

double gb_normal_from(double uniform)
{
    return gsl_cdf_ugaussian_Pinv(uniform);
}
