/* Ways to spoil a result, as a table: each takes a whole sample, changes one thing in it as a
 * stranger or a broken disk would, and names what its reader must then say. */
#ifndef TESTS_SPOILT_H
#define TESTS_SPOILT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hdf5.h>

struct spoiling {
    const char *name;
    void (*apply)(hid_t file, const struct spoiling *way);
    const char *path; /* of what is changed */
    int64_t number;   /* its new value, size, ...; what `apply` makes of it */
    const char *text;
    const char *says; /* a part of the sentence; NULL: it does no harm */
};

extern const struct spoiling spoilings_of_paper[]; /* of sample_paper; both end without a name */
extern const struct spoiling spoilings_of_sweep[]; /* of the first trials of sample_sweep */
#define SPOILT_TRIALS 14

/* Fills the column `path` with the number; with infinity of its sign, NaN for 0. */
void spoil_fill(hid_t file, const struct spoiling *way);
void spoil_fill_infinity(hid_t file, const struct spoiling *way);

/* Copies the sample in the file `whole`, which it writes where it is not there yet, to `path` and
 * spoils it. returns whether that could be done */
bool spoil(const char *path, const char *whole, const struct spoiling *way, bool is_sweep);

#endif
