#include "base/random.h"

#include <gsl/gsl_cdf.h>
#include <sodium.h>

enum { WORDS_PER_DRAW = 4 };

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

/* ---- behind gsl_rng: the state GSL hands back is the whole struct gb_rng, so a gsl_rng_clone has
 * everything it needs */

static uint32_t next_word(struct gb_rng *rng)
{
    if (rng->used == WORDS_PER_DRAW) {
        rng->block = gb_draw_at(rng->key, rng->owner, rng->other, rng->time, rng->next++);
        rng->used = 0;
    }
    return rng->block.words[rng->used++];
}

static void rng_set(void *state, unsigned long seed)
{
    struct gb_rng *rng = state;

    (void)seed; /* the address is the seed: setting it only rewinds */
    rng->next = 0;
    rng->used = WORDS_PER_DRAW;
}

static unsigned long rng_get(void *state)
{
    return next_word(state);
}

static double rng_get_double(void *state)
{
    uint32_t high = next_word(state);
    uint32_t low = next_word(state);

    return gb_uniform_from(high, low);
}

static const gsl_rng_type philox_type = {
    .name = "philox4x32-10",
    .max = 0xffffffff,
    .min = 0,
    .size = sizeof(struct gb_rng),
    .set = rng_set,
    .get = rng_get,
    .get_double = rng_get_double,
};

void gb_rng_init(struct gb_rng *rng, struct gb_key key, uint32_t owner, uint32_t other,
                 uint32_t time)
{
    *rng = (struct gb_rng){
        .rng = {&philox_type, rng},
        .key = key,
        .owner = owner,
        .other = other,
        .time = time,
    };
    rng_set(rng, 0);
}
