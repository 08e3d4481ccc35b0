/* Ways to corrupt a result, as a table: each takes a whole sample, changes one thing in it as a
 * stranger or a broken disk would, and names what the message of its reader must hold. */
#ifndef TESTS_CORRUPTION_H
#define TESTS_CORRUPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hdf5.h>

struct corruption {
    const char *name;
    void (*apply)(hid_t file, const struct corruption *way);
    const char *path; /* of what is changed */
    int64_t number;   /* its new value, size, ...; what `apply` makes of it */
    const char *text;
    const char *message; /* a part of it; NULL: the result stays valid */
};

enum corrupted_sample {
    CORRUPTED_PAPER,
    CORRUPTED_SWEEP,  /* the first trials of sample_sweep */
    CORRUPTED_STAGES, /* some of them, as a sweep in two stages */
    N_CORRUPTED_SAMPLES
};
#define CORRUPTED_TRIALS 14

extern const struct corruption
    *const corruptions[N_CORRUPTED_SAMPLES]; /* each ends without a name */

/* Fills the column `path` with the number; with infinity of its sign, NaN for 0. */
void corrupt_fill(hid_t file, const struct corruption *way);
void corrupt_fill_infinity(hid_t file, const struct corruption *way);

/* Copies the sample in the file `whole`, which it writes where it is not there yet, to `path` and
 * corrupts it. returns whether that could be done */
bool corrupt_sample(const char *path, const char *whole, const struct corruption *way,
                    enum corrupted_sample sample);

#endif
