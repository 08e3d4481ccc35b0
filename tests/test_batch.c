/* Draws and elementary functions of arrays against the library's, one by one. */
#include "base/batch.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "tests/tap.h"

static const struct gb_key key = {{0x243f6a88, 0x85a308d3}};

static void words_of_a_batch_are_those_of_single_draws(void)
{
    static const size_t sizes[] = {1, 2, 3, 17, 255, GB_BATCH};
    uint32_t owner[GB_BATCH], words[4][GB_BATCH];
    int differ = 0;

    for (uint32_t i = 0; i < GB_BATCH; i++)
        owner[i] = i * 2654435761u;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        gb_batch_draws(key, owner, sizes[s], 7, (uint32_t)s, 11, words);
        for (size_t i = 0; i < sizes[s]; i++) {
            struct gb_draw draw = gb_draw_at(key, owner[i], 7, (uint32_t)s, 11);
            for (int k = 0; k < 4; k++)
                differ += draw.words[k] != words[k][i];
        }
    }
    EXPECT_INT(differ, 0);
}

/* Relative error of the normal of every word in a batch, at most. */
static double worst_normal(const uint32_t *words, size_t n)
{
    double normals[GB_BATCH], worst = 0;

    gb_batch_normals(words, n, normals);
    for (size_t i = 0; i < n; i++) {
        double exact = gsl_cdf_ugaussian_Pinv(gb_word_uniform(words[i]));
        worst = fmax(worst, fabs(normals[i] / exact - 1));
    }
    return worst;
}

static void normals_are_those_of_gsl_within_1e_14(void)
{
    static const uint32_t ends[] = {0, 1, 2, 0x13333333, 0x13333332, 0x7ffffffe, 0x7fffffff};
    uint32_t owner[GB_BATCH], words[4][GB_BATCH], both[14];
    double worst = 0;

    for (uint32_t i = 0; i < GB_BATCH; i++)
        owner[i] = i;
    for (uint32_t time = 0; time < 400; time++) {
        gb_batch_draws(key, owner, GB_BATCH, 0, time, 0, words);
        worst = fmax(worst, worst_normal(words[0], GB_BATCH));
    }
    for (int i = 0; i < 7; i++) {
        both[i] = ends[i];
        both[7 + i] = ~ends[i];
    }
    worst = fmax(worst, worst_normal(both, 14));
    tap_note("worst relative error %.1e", worst);
    EXPECT(worst < 1e-14);
}

/* How far the normals of draws are from those of gb_normal_from() and of GSL, relatively. */
static double worst_draw_normal(const uint32_t *high, const uint32_t *low, size_t n, int *differ)
{
    double normals[GB_BATCH], worst = 0;

    gb_batch_draw_normals(high, low, n, normals);
    for (size_t i = 0; i < n; i++) {
        double uniform = gb_uniform_from(high[i], low[i]);
        worst = fmax(worst, fabs(normals[i] / gsl_cdf_ugaussian_Pinv(uniform) - 1));
        *differ += normals[i] != gb_normal_from(uniform);
    }
    return worst;
}

/* GSL is compiled without fused multiplications where its package is for all processors of a kind,
 * as on this one; where it is not, the last bits may differ from its. */
static void normals_of_draws_are_those_of_single_draws(void)
{
    static const uint32_t ends[] = {0,          1,          0x13,       0xd000,     0x13333333,
                                    0x13333332, 0x7fffffff, 0x80000000, 0xecccccce, 0xffffffff};
    enum { N_ENDS = sizeof ends / sizeof ends[0] };
    uint32_t owner[GB_BATCH], words[4][GB_BATCH], low[N_ENDS];
    double worst = 0;
    int differ = 0;

    for (uint32_t i = 0; i < GB_BATCH; i++)
        owner[i] = i;
    for (uint32_t time = 0; time < 400; time++) {
        gb_batch_draws(key, owner, GB_BATCH - time % 7, 0, time, 0, words);
        worst = fmax(worst, worst_draw_normal(words[0], words[1], GB_BATCH - time % 7, &differ));
    }
    for (uint32_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < N_ENDS; i++)
            low[i] = k == 0 ? 0 : k == 1 ? 0x33333000 : UINT32_MAX;
        worst = fmax(worst, worst_draw_normal(ends, low, N_ENDS, &differ));
    }
    tap_note("worst relative error %.1e, %d differ in their last bits", worst, differ);
    EXPECT(worst < 1e-14);
#if defined(__x86_64__)
    EXPECT_INT(differ, 0);
#endif
}

static void normals_are_odd(void)
{
    uint32_t words[GB_BATCH];
    double normals[GB_BATCH];
    int odd = 0;

    for (uint32_t i = 0; i < GB_BATCH; i++)
        words[i] = i % 2 ? ~words[i - 1] : i * 0x01010101u * 3;
    gb_batch_normals(words, GB_BATCH, normals);
    for (int i = 0; i < GB_BATCH; i += 2)
        odd += normals[i] == -normals[i + 1];
    EXPECT_INT(odd, GB_BATCH / 2);
}

static void exponentials_and_logarithms_are_those_of_the_library_within_4e_16(void)
{
    double worst_exp = 0, worst_log = 0;

    for (int i = 0; i < 200000; i++) {
        double x = -700 + 1400 * (i + 0.37) / 200000, tail = pow(2, -33.0 * (i + 0.5) / 200000);
        worst_exp = fmax(worst_exp, fabs(gb_exponential(x) / exp(x) - 1));
        worst_exp = fmax(worst_exp, fabs(gb_exponential(x / 700) / exp(x / 700) - 1));
        worst_log = fmax(worst_log, fabs(gb_logarithm(exp(x)) / log(exp(x)) - 1));
        worst_log = fmax(worst_log, fabs(gb_logarithm(tail) - log(tail)) / fmax(-log(tail), 0.01));
    }
    tap_note("worst relative error of exp %.1e, of log %.1e", worst_exp, worst_log);
    EXPECT(worst_exp < 4e-16);
    EXPECT(worst_log < 4e-16);
    EXPECT_NEAR(gb_exponential(0), 1, 0);
    EXPECT_NEAR(gb_logarithm(1), 0, 0);
}

static void exponentials_of_a_batch_are_held_and_the_same_bits_one_by_one(void)
{
    double x[GB_BATCH], y[GB_BATCH];
    int alike = 0;

    for (int i = 0; i < GB_BATCH; i++)
        x[i] = y[i] = -760 + 6.1 * i;
    gb_batch_exponentials(x, GB_BATCH);
    for (int i = 0; i < GB_BATCH; i++)
        alike += x[i] == gb_exponential(y[i]);
    EXPECT_INT(alike, GB_BATCH);
    EXPECT(x[0] == gb_exponential(-700) && x[0] > 0);
    EXPECT(x[GB_BATCH - 1] == gb_exponential(700) && isfinite(x[GB_BATCH - 1]));
}

/* A sum over many bits, as written by this machine's compiler at -O2: other options and machines
 * must give the same. */
static void the_bits_are_those_on_record(void)
{
    uint32_t owner[GB_BATCH], words[4][GB_BATCH];
    uint64_t sum = 0;

    for (uint32_t i = 0; i < GB_BATCH; i++)
        owner[i] = i;
    for (uint32_t time = 0; time < 50; time++) {
        double x[GB_BATCH];
        gb_batch_draws(key, owner, GB_BATCH, 1, time, 2, words);
        gb_batch_normals(words[1], GB_BATCH, x);
        for (int k = 0; k < 2; k++) {
            for (int i = 0; i < GB_BATCH; i++) {
                uint64_t bits;
                memcpy(&bits, &x[i], sizeof bits);
                sum = sum * UINT64_C(6364136223846793005) + bits;
            }
            gb_batch_exponentials(x, GB_BATCH);
        }
        sum += (uint64_t)(1e15 * gb_logarithm(x[time]));
    }
    tap_note("%016llx", (unsigned long long)sum);
    EXPECT(sum == UINT64_C(0xe4a51c67012a7849));
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(words_of_a_batch_are_those_of_single_draws),
        TAP(normals_are_those_of_gsl_within_1e_14),
        TAP(normals_of_draws_are_those_of_single_draws),
        TAP(normals_are_odd),
        TAP(exponentials_and_logarithms_are_those_of_the_library_within_4e_16),
        TAP(exponentials_of_a_batch_are_held_and_the_same_bits_one_by_one),
        TAP(the_bits_are_those_on_record),
        {0}};
    return tap_main("batch", tests);
}
