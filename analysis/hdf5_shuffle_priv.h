/* Numbers byte by byte of theirs, as HDF5's filter "shuffle" has them: all lowest bytes first, then
 * all second ones, and so on. What are small numbers for the most part so has planes of zeros. */
#ifndef ANALYSIS_HDF5_SHUFFLE_PRIV_H
#define ANALYSIS_HDF5_SHUFFLE_PRIV_H

#include <stddef.h>
#include <stdint.h>

#define GB_HDF5_MAX_PLANES 8 /* bytes of a number */

/* n numbers of 4 or 8 bytes into as many planes of n bytes. The order of the planes is that of the
 * file, little-endian, whatever that of the machine is. */
void gb_hdf5_shuffle(uint8_t *planes, const char *numbers, size_t n, size_t size);
/* And back.
 * n_planes  the first planes, which are there; those behind them are zero, and not looked at */
void gb_hdf5_unshuffle(char *numbers, const uint8_t *planes, size_t n, size_t size,
                       size_t n_planes);

#endif
