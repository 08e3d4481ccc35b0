/* Small steps on HDF5 that the reader and the writer of results stand on. */
#ifndef ANALYSIS_HDF5_PRIV_H
#define ANALYSIS_HDF5_PRIV_H

#include <stdbool.h>

#include <hdf5.h>

#include "analysis/hdf5_disk_priv.h"
#include "analysis/schema.h"
#include "base/status.h"

#define GB_RESULT_FORMAT 1 /* attribute of the root group, checked by the reader */
#define GB_RESULT_FORMAT_NAME "gridbourse_result"
/* Attributes keep their order. An index of it would take 8 bytes an object, and be of no use to the
 * few that each has. */
#define GB_HDF5_ATTRIBUTE_ORDER H5P_CRT_ORDER_TRACKED
#define GB_RESULT_CHUNK 4096 /* rows of a chunk, and of a write */

/* What HDF5 takes to begin, to open a file or a table's columns, twice over. Where memory ends
 * inside of that it crashes instead of failing, so it is asked for beforehand. */
#define GB_HDF5_RESERVE ((size_t)16 << 20)

/* Starts HDF5, if it does not run yet, to read or write the result at `path`; errors are no longer
 * printed: all of them are read from status codes here. Before any other call of HDF5. */
enum gb_status gb_hdf5_start(const char *path, struct gb_error *err);
/* Whether there is memory for n bytes now. */
bool gb_hdf5_has_memory(size_t n);
/* The cause of the last failure as the operating system named it ("No space left on device"), or
 * HDF5's own words; written into a buffer. */
const char *gb_hdf5_reason(char *buffer, size_t size);
/* Of the call of HDF5 that failed last: the errno of the operating system behind it, or 0; whether
 * it found no memory. Ask before the next call. */
int gb_hdf5_errno(void);
bool gb_hdf5_lacks_memory(void);

/* Type of a field in a file (little-endian) and of its values in memory; a name has neither. */
hid_t gb_hdf5_file_type(enum gb_field_kind kind);
hid_t gb_hdf5_memory_type(enum gb_field_kind kind);
/* Variable-length UTF-8; the caller closes it. */
hid_t gb_hdf5_text_type(void);

/* ---- writing: a file, and columns in it
 *
 * The first failure of a call is kept; later calls on the bad handles it left do no harm. */

struct gb_hdf5_packer; /* closed; see hdf5_chunk_priv.h */

struct gb_hdf5_out {
    hid_t file;
    struct gb_hdf5_disk disk;
    struct gb_hdf5_packer *packer; /* once there are whole chunks */
    bool failed;
    char reason[256]; /* of the first failure */
    /* what many objects have in common */
    hid_t group_properties, small_properties, transfer, chunk_access;
    hid_t text, references; /* types: of any length */
    hid_t scalar, one;      /* spaces; one: of one dimension */
};

/* A new HDF5 file in an open, empty one, which is borrowed until it is closed; so is `out`.
 * returns whether all went well */
bool gb_hdf5_create(struct gb_hdf5_out *out, int file);
/* Columns will grow: what describes them is used again and again, and HDF5 holds it in memory. */
void gb_hdf5_expect_growth(struct gb_hdf5_out *out);
/* Whether all went well so far, from the beginning on: the disk's own reason of a failure goes
 * before HDF5's. */
bool gb_hdf5_is_well(struct gb_hdf5_out *out);
/* Completes the file; what is open in it is closed before. returns the same */
bool gb_hdf5_close(struct gb_hdf5_out *out);

/* Pass a status or a new handle through, keeping note of a failure. */
bool gb_hdf5_keep(struct gb_hdf5_out *out, bool ok);
hid_t gb_hdf5_opened(struct gb_hdf5_out *out, hid_t id);
void gb_hdf5_did(struct gb_hdf5_out *out, herr_t status);
void gb_hdf5_no_memory(struct gb_hdf5_out *out);

/* Attributes: n values of a type, one, a text, a number. */
void gb_hdf5_put(struct gb_hdf5_out *out, hid_t object, const char *name, hid_t file_type,
                 hid_t memory_type, size_t n, const void *values);
void gb_hdf5_put_scalar(struct gb_hdf5_out *out, hid_t object, const char *name, hid_t type,
                        const void *value);
void gb_hdf5_put_text(struct gb_hdf5_out *out, hid_t object, const char *name, const char *text);
void gb_hdf5_put_number(struct gb_hdf5_out *out, hid_t object, const char *name, double value);

/* How a column is stored. */
struct gb_hdf5_shape {
    hsize_t n;      /* rows; of one that grows, those of the first write */
    unsigned width; /* values a row; 0: plain 1-D */
    hsize_t chunk;  /* rows that are packed together; 0: in the header of the object, unpacked */
    bool grows;
};

/* Objects; the caller closes them. A group's header has room for n members with names of such a
 * length on average: else HDF5 moves it for each. */
hid_t gb_hdf5_group(struct gb_hdf5_out *out, const char *name, const char *long_name, size_t n,
                    size_t length);
hid_t gb_hdf5_column(struct gb_hdf5_out *out, hid_t group, const struct gb_hdf5_shape *shape,
                     const char *name, hid_t type, const char *unit, const char *long_name);
/* Lets a column grow to n rows. */
void gb_hdf5_extend(struct gb_hdf5_out *out, hid_t column, unsigned width, hsize_t n);
/* Writes rows [first, first + n), the last of the column then; with the first ones it has been
 * created. Whole chunks have a quicker way, gb_hdf5_write_chunk(). */
void gb_hdf5_write_rows(struct gb_hdf5_out *out, hid_t column, hid_t type, unsigned width,
                        hsize_t first, hsize_t n, const void *values);
/* A dataset that is one text. */
void gb_hdf5_scalar_text(struct gb_hdf5_out *out, hid_t group, const char *name, const char *value,
                         const char *long_name);

#endif
