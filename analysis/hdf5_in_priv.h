/* HDF5 that anybody may have written. Nothing is taken from such a file before its type, shape and
 * storage are known to be those that are expected: no value decides how much memory is asked for,
 * but what the file can hold.
 *
 * What fails says which dataset, what was found and what was expected; what the operating system
 * refused (locked, no more descriptors, a disk that cannot be read) keeps its own name. */
#ifndef ANALYSIS_HDF5_IN_PRIV_H
#define ANALYSIS_HDF5_IN_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hdf5.h>

#include "analysis/schema.h"
#include "base/status.h"

/* Heaps of texts that were found whole (hdf5_heap.c). */
struct gb_hdf5_heaps {
    uint64_t *checked; /* their addresses, ascending */
    size_t n, capacity;
    uint64_t n_bytes; /* of all of them */
};

struct gb_hdf5_unpacker; /* closed; see hdf5_unpack.h */

struct gb_hdf5_in {
    const char *path; /* borrowed, for messages */
    hid_t file;       /* 0: not open */
    uint64_t n_bytes; /* of the file */
    uint64_t base;    /* where address 0 of HDF5 stands in it */
    int system_error; /* errno, where the operating system refused something */
    struct gb_hdf5_heaps heaps;
    struct gb_hdf5_unpacker *unpacker; /* once there are whole chunks */
};

/* GB_EFILE says why it cannot be opened: missing, locked and by whom, no HDF5, truncated. */
enum gb_status gb_hdf5_open(struct gb_hdf5_in *in, const char *path, struct gb_error *err);
void gb_hdf5_in_close(struct gb_hdf5_in *in);

/* "'PATH' is a damaged or incomplete gridbourse result: ...", or, where the last call of HDF5
 * failed for a reason of the operating system, that. returns GB_EFILE */
enum gb_status gb_hdf5_damaged(struct gb_hdf5_in *in, struct gb_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether `name` stands in the group, in this file: a link may lead to any other file, or nowhere.
 */
enum gb_status gb_hdf5_check_link(struct gb_hdf5_in *in, hid_t group, const char *where,
                                  const char *name, struct gb_error *err);

/* ---- single values */

/* A member of the group `name` that is a group itself; the caller closes it. */
enum gb_status gb_hdf5_open_group(hid_t *out, struct gb_hdf5_in *in, const char *name,
                                  struct gb_error *err);
/* An attribute of an object that is one 64-bit integer. */
enum gb_status gb_hdf5_integer(int64_t *out, struct gb_hdf5_in *in, hid_t object, const char *where,
                               const char *name, struct gb_error *err);
/* ---- columns */

struct gb_hdf5_column {
    hid_t id;          /* 0: not open */
    hid_t memory_type; /* of HDF5's own; 0: text */
    size_t value_size; /* bytes in memory; of a text a pointer's */
    unsigned width;    /* values a row, 0: one, 1-D */
    size_t n;          /* rows */
    size_t chunk;      /* rows of one that may be unpacked here (hdf5_unpack.c); 0: HDF5 does */
    char where[96];    /* "/orders/source" */
};

/* Opens GROUP/name, which must hold what a field of this kind is written as.
 * group  where the group of HDF5 stands, "/orders", in `where` */
enum gb_status gb_hdf5_open_column(struct gb_hdf5_column *out, struct gb_hdf5_in *in, hid_t group,
                                   const char *where, const char *name, enum gb_field_kind kind,
                                   struct gb_error *err);
/* Whether a type of the file is the one that a field of this kind is written as, but for the order
 * of the bytes, which HDF5 turns round: nothing is rounded or cut off. */
bool gb_hdf5_is_type(hid_t type, enum gb_field_kind kind);
/* Whether a column holds texts: for those that may hold either. */
bool gb_hdf5_holds_text(hid_t group, const char *name);
void gb_hdf5_close_column(struct gb_hdf5_column *column);

/* Rows [first, first + n) into `values`: n * max(width, 1) of value_size. They must be there. */
enum gb_status gb_hdf5_read(struct gb_hdf5_in *in, const struct gb_hdf5_column *column,
                            size_t first, size_t n, void *values, struct gb_error *err);

/* As gb_hdf5_read, as values of a type in memory and with a transfer of the caller's. */
enum gb_status gb_hdf5_read_as(struct gb_hdf5_in *in, const struct gb_hdf5_column *column,
                               hid_t type, hid_t transfer, size_t first, size_t n, void *values,
                               struct gb_error *err);

/* ---- texts: printable lines of UTF-8 */

/* A dataset that is one text; the caller frees it. */
enum gb_status gb_hdf5_text(char **out, struct gb_hdf5_in *in, hid_t group, const char *where,
                            const char *name, struct gb_error *err);

/* Texts of a column, of at most `longest` bytes each, NUL apart. */
struct gb_hdf5_texts {
    char **items; /* of at most `capacity`; never NULL */
    char *bytes;  /* owned: where they stand */
    size_t capacity, longest;
};
enum gb_status gb_hdf5_texts_create(struct gb_hdf5_texts *texts, size_t capacity, size_t longest,
                                    struct gb_error *err);
void gb_hdf5_texts_clear(struct gb_hdf5_texts *texts);
/* As gb_hdf5_read, n within texts->capacity. */
enum gb_status gb_hdf5_read_texts(struct gb_hdf5_in *in, const struct gb_hdf5_column *column,
                                  size_t first, size_t n, struct gb_hdf5_texts *texts,
                                  struct gb_error *err);

/* ---- the heaps that texts stand in (hdf5_heap.c), checked before texts are read */

/* Of rows [first, first + n) of a column of texts, n > 0; of a dataset that is one text. */
enum gb_status gb_hdf5_check_heaps(struct gb_hdf5_in *in, const struct gb_hdf5_column *column,
                                   size_t first, size_t n, struct gb_error *err);
enum gb_status gb_hdf5_check_heap(struct gb_hdf5_in *in, hid_t dataset, const char *where,
                                  const char *name, struct gb_error *err);

#endif
