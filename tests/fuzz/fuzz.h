/* What the fuzz targets share. A target feeds bytes that nobody trusts to one reader of the
 * program; what it accepts must hold what the reader promises, mostly that it reads back to the
 * same. A crash, a sanitizer's word or a promise that is broken ends the program, and libFuzzer
 * keeps the input.
 *
 * With GB_FUZZ_SEEDS=FOLDER in the environment a target writes its seeds there and ends. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* What libFuzzer calls: once, and with every input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Each target has this one: calls fuzz_seed() with a few inputs that are whole. */
void fuzz_make_seeds(void);
void fuzz_seed(const void *bytes, size_t n);
void fuzz_seed_text(const char *text);
/* A seed from a file, which is removed. */
void fuzz_seed_file(const char *path);

/* The input as a text of its own with a NUL behind it; to be freed. */
char *fuzz_text(const uint8_t *bytes, size_t n);
/* The input as a file in memory. returns its path; valid until the next call */
const char *fuzz_file(const uint8_t *bytes, size_t n);

/* A promise that must hold. */
#define FUZZ_HOLDS(condition)                                                       \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                \
        }                                                                           \
    } while (0)

#endif
