/* Chunks of a column, packed here as HDF5's filters shuffle and deflate could pack them, and handed
 * to HDF5 as they go into the file. Three quarters of the bytes of a result are the high ones of
 * small numbers, all zero; what is left are hardly more than runs and noise. So zeros are packed
 * once for all chunks, and zlib looks for runs alone (Z_RLE): half the time, for files that are up
 * to a seventh larger where few meters come again and again in the same order. */
#ifndef ANALYSIS_HDF5_CHUNK_PRIV_H
#define ANALYSIS_HDF5_CHUNK_PRIV_H

#include "analysis/hdf5_priv.h"
#include "analysis/hdf5_shuffle_priv.h"

#define GB_HDF5_DEFLATE_LEVEL 1 /* behind shuffle, 1 nearly equals 4 */

/* Writes a whole chunk of a column that gb_hdf5_column() made, the last of the column then.
 * kind    of the values: numbers, of the sizes and kinds that gb_hdf5_file_type() has
 * first   row; a multiple of n
 * n       rows of a chunk */
void gb_hdf5_write_chunk(struct gb_hdf5_out *out, hid_t column, enum gb_field_kind kind,
                         hsize_t first, size_t n, const void *values);
/* NULL is allowed. */
void gb_hdf5_packer_free(struct gb_hdf5_packer *packer);

/* ---- runs of zeros, for whoever unpacks such chunks (hdf5_unpack.h) */

/* A run of zeros, deflated: a piece of a stream that ends with a whole byte. */
struct gb_hdf5_zeros {
    size_t n, n_packed; /* n zeros; 0: none is kept */
    uint8_t packed[120];
};

/* 1, 2, ... planes of n bytes, as they are packed here. returns false without memory */
bool gb_hdf5_pack_zeros(struct gb_hdf5_zeros zeros[GB_HDF5_MAX_PLANES], size_t n);
/* The checksum of a zlib stream that goes on with n zeros. */
unsigned long gb_hdf5_adler_of_zeros(unsigned long adler, size_t n);

#endif
