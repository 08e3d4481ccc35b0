/* Small steps on HDF5 that writer and reader of results share. */
#ifndef ANALYSIS_HDF5_PRIV_H
#define ANALYSIS_HDF5_PRIV_H

#include <hdf5.h>
#include <hdf5_hl.h>

#include "analysis/schema.h"

#define GB_RESULT_FORMAT 1              /* attribute of the root group, checked by the reader */
#define GB_RESULT_FORMAT_NAME "gridbourse_result"
#define GB_RESULT_CHUNK 4096            /* rows of a chunk, and of a write */

/* HDF5 prints its errors unless told not to; all of them are read from status codes here. */
void gb_hdf5_silence(void);
/* The cause of the last failure as the operating system named it ("No space left on device"), or
 * HDF5's own words; written into a buffer. */
const char *gb_hdf5_reason(char *buffer, size_t size);

/* Type of a field in a file (little-endian) and of its values in memory; a name has neither. */
hid_t gb_hdf5_file_type(enum gb_field_kind kind);
hid_t gb_hdf5_memory_type(enum gb_field_kind kind);
/* Variable-length UTF-8; the caller closes it. */
hid_t gb_hdf5_text_type(void);

#endif
