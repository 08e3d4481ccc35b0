/* Small steps on HDF5 that the reader and the writer of results stand on. */
#ifndef ANALYSIS_HDF5_PRIV_H
#define ANALYSIS_HDF5_PRIV_H

#include <stdbool.h>

#include <hdf5.h>
#include <hdf5_hl.h>

#include "analysis/schema.h"
#include "base/status.h"

#define GB_RESULT_FORMAT 1 /* attribute of the root group, checked by the reader */
#define GB_RESULT_FORMAT_NAME "gridbourse_result"
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

/* ---- writing: a file that grows in memory, and columns in it
 *
 * HDF5 does not survive a write that fails (it tries again at exit, and crashes), and the reason of
 * the failure would be lost in it. So the file is made in memory, and whoever makes it writes its
 * bytes. The first failure of a call is kept; later calls on the bad handles it left do no harm. */

struct gb_hdf5_out {
    hid_t file, group_properties;
    bool failed;
    char reason[256]; /* of the first failure */
};

/* An empty file; the name is never opened. returns whether all went well */
bool gb_hdf5_create(struct gb_hdf5_out *out, const char *name);
/* The bytes of the file, valid until the next call; NULL after a failure. Close what is open in it
 * before. */
const char *gb_hdf5_image(struct gb_hdf5_out *out, size_t *n);
void gb_hdf5_close(struct gb_hdf5_out *out);

/* Pass a status or a new handle through, keeping note of a failure. */
bool gb_hdf5_keep(struct gb_hdf5_out *out, bool ok);
hid_t gb_hdf5_opened(struct gb_hdf5_out *out, hid_t id);
void gb_hdf5_did(struct gb_hdf5_out *out, herr_t status);
void gb_hdf5_no_memory(struct gb_hdf5_out *out);

/* Attributes: n values of a type (0: a scalar), a text, a number. */
void gb_hdf5_put(struct gb_hdf5_out *out, hid_t object, const char *name, hid_t file_type,
                 hid_t memory_type, size_t n, const void *values);
void gb_hdf5_put_text(struct gb_hdf5_out *out, hid_t object, const char *name, const char *text);
void gb_hdf5_put_number(struct gb_hdf5_out *out, hid_t object, const char *name, double value);

/* Objects; the caller closes them. A column is empty and extensible, of `width` values a row (0:
 * plain 1-D). A dimension has a length and no values, as netCDF-4 writes one. */
hid_t gb_hdf5_group(struct gb_hdf5_out *out, const char *name, const char *long_name);
hid_t gb_hdf5_column(struct gb_hdf5_out *out, hid_t group, const char *name, hid_t type,
                     unsigned width, const char *unit, const char *long_name);
hid_t gb_hdf5_dimension(struct gb_hdf5_out *out, hid_t group, const char *name, hsize_t size,
                        const char *long_name);
/* Extends a column to first + n rows and writes the last n. */
void gb_hdf5_write_rows(struct gb_hdf5_out *out, hid_t column, hid_t type, unsigned width,
                        hsize_t first, hsize_t n, const void *values);
/* A dataset that is one text. */
void gb_hdf5_scalar_text(struct gb_hdf5_out *out, hid_t group, const char *name, const char *value,
                         const char *long_name);

#endif
