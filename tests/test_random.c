/* Keyed draws: the published known answer, the key's definition, addresses, and GSL's view. */
#include "base/random.h"

#include <math.h>
#include <string.h>

#include <sodium.h>

#include "tests/tap.h"

static void counter_zero_and_key_zero_give_the_known_answer(void)
{
    /* Random123, kat_vectors, philox4x32 10 rounds */
    static const uint32_t expected[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    struct gb_draw draw = gb_draw_at((struct gb_key){{0, 0}}, 0, 0, 0, 0);

    for (int i = 0; i < 4; i++)
        EXPECT_INT(draw.words[i], expected[i]);
}

static void a_key_is_the_head_of_blake2b_over_the_big_endian_address(void)
{
    /* hashlib.blake2b(bytes.fromhex("0123456789abcdef" "00000002" "00000029"), digest_size=32) */
    struct gb_key key = gb_key_make(UINT64_C(0x0123456789abcdef), 2, GB_PURPOSE_QUOTE);
    EXPECT_INT(key.words[0], 0x20fe46c8);
    EXPECT_INT(key.words[1], 0xdf11fa07);
}

static void seeds_replications_and_purposes_are_separate_inputs(void)
{
    struct gb_key base = gb_key_make(1, 1, GB_PURPOSE_TEST);
    struct gb_key others[] = {
        gb_key_make(2, 0, GB_PURPOSE_TEST),
        gb_key_make(2, 1, GB_PURPOSE_TEST),
        gb_key_make(1, 2, GB_PURPOSE_TEST),
        gb_key_make(1, 1, GB_PURPOSE_QUOTE),
    };

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        EXPECT(memcmp(&base, &others[i], sizeof base) != 0);
}

static void every_part_of_an_address_changes_the_draw(void)
{
    struct gb_key key = gb_key_make(7, 0, GB_PURPOSE_TEST);
    uint64_t seen[16];
    size_t n = 0;

    for (uint32_t bits = 0; bits < 16; bits++) {
        struct gb_draw d = gb_draw_at(key, bits & 1, bits >> 1 & 1, bits >> 2 & 1, bits >> 3);
        seen[n] = (uint64_t)d.words[0] << 32 | d.words[1];
        for (size_t i = 0; i < n; i++)
            EXPECT(seen[i] != seen[n]);
        n++;
    }
}

static void uniforms_stay_strictly_inside_0_and_1(void)
{
    EXPECT(gb_uniform_from(0, 0) > 0);
    EXPECT(gb_uniform_from(0xffffffff, 0xffffffff) < 1);
    EXPECT(isfinite(gb_normal_from(gb_uniform_from(0, 0))));
    EXPECT(isfinite(gb_normal_from(gb_uniform_from(0xffffffff, 0xffffffff))));
}

static void normals_come_from_the_inverse_cdf(void)
{
    EXPECT_NEAR(gb_normal_from(0.5), 0, 1e-15);
    EXPECT_NEAR(gb_normal_from(0.975), 1.959963984540054, 1e-12);
    EXPECT_NEAR(gb_normal_from(0.001), -3.090232306167814, 1e-12);
}

/* 1e5 draws: mean 0.5 and variance 1/12 within 5 standard errors; false alarm below 2e-6. */
static void uniforms_have_the_moments_of_a_uniform(void)
{
    enum { N = 100000 };
    struct gb_key key = gb_key_make(42, 0, GB_PURPOSE_TEST);
    double sum = 0, squares = 0;

    for (uint32_t i = 0; i < N; i++) {
        double u = gb_draw_uniform(gb_draw_at(key, i, 0, 0, 0)) - 0.5;
        sum += u;
        squares += u * u;
    }
    EXPECT_NEAR(sum / N, 0, 5 * sqrt(1.0 / 12 / N));
    EXPECT_NEAR(squares / N, 1.0 / 12, 5 * sqrt(1.0 / 180 / N));
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(counter_zero_and_key_zero_give_the_known_answer),
        TAP(a_key_is_the_head_of_blake2b_over_the_big_endian_address),
        TAP(seeds_replications_and_purposes_are_separate_inputs),
        TAP(every_part_of_an_address_changes_the_draw),
        TAP(uniforms_stay_strictly_inside_0_and_1),
        TAP(normals_come_from_the_inverse_cdf),
        TAP(uniforms_have_the_moments_of_a_uniform),
        {0}};
    if (sodium_init() < 0)
        return 99;
    return tap_main("random", tests);
}
