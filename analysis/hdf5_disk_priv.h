/* The disk under an HDF5 file that is being written. HDF5 does not survive a write that fails: it
 * tries again when the file is closed, and crashes. So the first failure is kept for whoever asks
 * at the end, nothing is written any more, and HDF5 is told that all went well. */
#ifndef ANALYSIS_HDF5_DISK_PRIV_H
#define ANALYSIS_HDF5_DISK_PRIV_H

#include <hdf5.h>

struct gb_hdf5_disk {
    int file;       /* open for reading and writing, and empty; borrowed */
    int error;      /* errno of the first failure, or 0 */
    hid_t registry; /* of the driver in HDF5 */
};

/* Lets a file be created on the disk, which stays where it is until the file is closed.
 * access  property list of the file's access */
herr_t gb_hdf5_disk_set(hid_t access, struct gb_hdf5_disk *disk);
/* After the file has been closed. */
void gb_hdf5_disk_clear(struct gb_hdf5_disk *disk);

#endif
