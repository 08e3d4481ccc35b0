#include "config.h" /* memfd_create() */

#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>
#include <sodium.h>

static unsigned n_seeds;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *folder = getenv("GB_FUZZ_SEEDS");

    (void)argc;
    (void)argv;
    gsl_set_error_handler_off();
    FUZZ_HOLDS(sodium_init() >= 0);
    if (!folder)
        return 0;
    FUZZ_HOLDS(chdir(folder) == 0);
    fuzz_make_seeds();
    exit(0);
}

void fuzz_seed(const void *bytes, size_t n)
{
    char name[32];
    FILE *file;

    snprintf(name, sizeof name, "seed-%03u", n_seeds++);
    file = fopen(name, "wb");
    FUZZ_HOLDS(file && fwrite(bytes, 1, n, file) == n);
    FUZZ_HOLDS(fclose(file) == 0);
}

void fuzz_seed_text(const char *text)
{
    fuzz_seed(text, strlen(text));
}

void fuzz_seed_file(const char *path)
{
    static char bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    size_t n;

    FUZZ_HOLDS(file);
    n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    unlink(path);
    fuzz_seed(bytes, n);
}

char *fuzz_text(const uint8_t *bytes, size_t n)
{
    char *text = malloc(n + 1);

    FUZZ_HOLDS(text);
    if (n > 0)
        memcpy(text, bytes, n);
    text[n] = '\0';
    return text;
}

const char *fuzz_file(const uint8_t *bytes, size_t n)
{
    static int file = -1;
    static char path[64];

    if (file < 0)
        file = memfd_create("fuzz", MFD_CLOEXEC);
    FUZZ_HOLDS(file >= 0 && ftruncate(file, 0) == 0 && pwrite(file, bytes, n, 0) == (ssize_t)n);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return path;
}
