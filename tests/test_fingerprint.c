/* The fingerprint of libm sees what glibc makes of the processor. The test starts itself again
 * under a tunable that hides instructions from glibc, as an older processor would lack them. */
#include "analysis/fingerprint.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "tests/tap.h"

#define N_VALUES 50000
#define HASH_SIZE 16
#define HIDDEN "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"

static const char *self;

/* What a process computes: the fingerprint of its libm, and a hash of many values of what the
 * simulation calls most. */
struct computed {
    char fingerprint[GB_LIBM_FINGERPRINT_SIZE], values[2 * HASH_SIZE + 1];
};

static void hash_values(char out[2 * HASH_SIZE + 1])
{
    static double (*const volatile functions[])(double) = {exp, expm1, log, sin, cos, tgamma};
    crypto_generichash_state state;
    unsigned char hash[HASH_SIZE];

    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t f = 0; f < sizeof functions / sizeof functions[0]; f++)
        for (int i = 1; i <= N_VALUES; i++) {
            double value = functions[f](i / 8192.0);
            unsigned char bytes[sizeof value];

            memcpy(bytes, &value, sizeof value);
            crypto_generichash_update(&state, bytes, sizeof bytes);
        }
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, 2 * HASH_SIZE + 1, hash, sizeof hash);
}

static int print_computed(void)
{
    struct computed computed;

    gb_libm_fingerprint(computed.fingerprint);
    hash_values(computed.values);
    printf("%s %s\n", computed.fingerprint, computed.values);
    return 0;
}

static bool compute_in(const char *environment, struct computed *out)
{
    char command[4096];
    FILE *child;

    snprintf(command, sizeof command, "env %s '%s' print", environment, self);
    child = popen(command, "r");
    bool is_right = child && fscanf(child, "%32s %32s", out->fingerprint, out->values) == 2;
    return child && pclose(child) == 0 && is_right;
}

static void one_library_on_one_processor_has_one_fingerprint(void)
{
    struct computed first = {{0}, {0}}, second = {{0}, {0}};
    char own[GB_LIBM_FINGERPRINT_SIZE];

    gb_libm_fingerprint(own);
    EXPECT(compute_in("", &first) && compute_in("", &second));
    EXPECT_TEXT(first.fingerprint, own);
    EXPECT_TEXT(second.fingerprint, own);
    EXPECT_INT((int64_t)strlen(own), GB_LIBM_FINGERPRINT_SIZE - 1);
}

static void a_processor_on_which_values_differ_has_another_fingerprint(void)
{
    struct computed plain = {{0}, {0}}, hidden = {{0}, {0}};

    EXPECT(compute_in("", &plain) && compute_in(HIDDEN, &hidden));
    if (strcmp(plain.values, hidden.values) == 0) {
        tap_skip("this libm computes the same without these instructions");
        return;
    }
    EXPECT(strcmp(plain.fingerprint, hidden.fingerprint) != 0);
}

int main(int argc, char **argv)
{
    static const struct tap_test tests[] = {
        TAP(one_library_on_one_processor_has_one_fingerprint),
        TAP(a_processor_on_which_values_differ_has_another_fingerprint),
        {0}};

    self = argv[0];
    return argc > 1 ? print_computed() : tap_main("fingerprint", tests);
}
