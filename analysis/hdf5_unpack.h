/* Whole chunks of a column, unpacked here as HDF5's filters deflate and shuffle would unpack them.
 * Those that this program has packed (hdf5_chunk_priv.h) hold runs of zeros that are known by their
 * bytes: they are not inflated, summed, or put together to numbers, which is most of the work where
 * a result of many trials is read. Chunks of others are read as well. */
#ifndef ANALYSIS_HDF5_UNPACK_H
#define ANALYSIS_HDF5_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include <hdf5.h>

struct gb_hdf5_unpacker;

/* Reads the chunk that begins with row `first` of a dataset: the first n of its numbers.
 * unpacker  of the caller, NULL at first: made when it is needed, for any number of chunks
 * dataset   of numbers one a row, little-endian, whose chunks are shuffled and deflated, no more
 * chunk     rows of a chunk
 * size      bytes of a number, 4 or 8
 * returns   false where it cannot be read so, for whatever reason: HDF5 is to try, and to say why
 */
bool gb_hdf5_unpack(struct gb_hdf5_unpacker **unpacker, hid_t dataset, size_t chunk, size_t size,
                    size_t first, size_t n, void *numbers);
/* NULL is allowed. */
void gb_hdf5_unpacker_free(struct gb_hdf5_unpacker *unpacker);

#endif
