#include "analysis/hdf5_disk_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

#define DRIVER_NUMBER 511 /* the last of those that HDF5 leaves to applications for tests */

/* A file as HDF5 has it open; it begins with what HDF5 keeps there. */
struct opened {
    H5FD_t base;
    struct gb_hdf5_disk *disk;
    haddr_t end_allocated, end;
};

static H5FD_t *open_file(const char *name, unsigned flags, hid_t access, haddr_t max_address)
{
    struct gb_hdf5_disk *const *disk = H5Pget_driver_info(access);
    struct opened *opened = disk ? calloc(1, sizeof *opened) : NULL;

    (void)name, (void)flags, (void)max_address;
    if (!opened)
        return NULL;
    opened->disk = *disk;
    return &opened->base;
}

static herr_t close_file(H5FD_t *file)
{
    free(file);
    return 0;
}

static int compare_files(const H5FD_t *a, const H5FD_t *b)
{
    const struct gb_hdf5_disk *x = ((const struct opened *)a)->disk,
                              *y = ((const struct opened *)b)->disk;

    return (x->file > y->file) - (x->file < y->file);
}

static herr_t query(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
}

static haddr_t end_allocated(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const struct opened *)file)->end_allocated;
}

static herr_t set_end_allocated(H5FD_t *file, H5FD_mem_t type, haddr_t address)
{
    (void)type;
    ((struct opened *)file)->end_allocated = address;
    return 0;
}

static haddr_t end_of_file(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const struct opened *)file)->end;
}

/* What was never written reads as zeros. */
static herr_t read_bytes(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t n,
                         void *bytes)
{
    struct opened *opened = (struct opened *)file;
    size_t done = 0;

    (void)type, (void)transfer;
    while (done < n && opened->disk->error == 0) {
        ssize_t got =
            pread(opened->disk->file, (char *)bytes + done, n - done, (off_t)(address + done));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            opened->disk->error = errno;
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    memset((char *)bytes + done, 0, n - done);
    return 0;
}

static herr_t write_bytes(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t n,
                          const void *bytes)
{
    struct opened *opened = (struct opened *)file;
    size_t done = 0;

    (void)type, (void)transfer;
    while (done < n && opened->disk->error == 0) {
        ssize_t put = pwrite(opened->disk->file, (const char *)bytes + done, n - done,
                             (off_t)(address + done));

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            opened->disk->error = errno;
        else
            done += (size_t)put;
    }
    if (address + n > opened->end)
        opened->end = address + n;
    return 0;
}

/* What was allocated last may never have been written. */
static herr_t truncate_file(H5FD_t *file, hid_t transfer, hbool_t is_closing)
{
    struct opened *opened = (struct opened *)file;

    (void)transfer, (void)is_closing;
    if (opened->end == opened->end_allocated)
        return 0;
    if (opened->disk->error == 0 &&
        ftruncate(opened->disk->file, (off_t)opened->end_allocated) != 0)
        opened->disk->error = errno;
    opened->end = opened->end_allocated;
    return 0;
}

static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 13, 0)
    .version = H5FD_CLASS_VERSION,
    .value = DRIVER_NUMBER,
#endif
    .name = "gridbourse",
    .maxaddr = INT64_MAX,
    .fc_degree = H5F_CLOSE_WEAK,
    .fapl_size = sizeof(struct gb_hdf5_disk *),
    .open = open_file,
    .close = close_file,
    .cmp = compare_files,
    .query = query,
    .get_eoa = end_allocated,
    .set_eoa = set_end_allocated,
    .get_eof = end_of_file,
    .read = read_bytes,
    .write = write_bytes,
    .truncate = truncate_file,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

herr_t gb_hdf5_disk_set(hid_t access, struct gb_hdf5_disk *disk)
{
    disk->registry = H5FDregister(&driver);
    return disk->registry < 0 ? -1 : H5Pset_driver(access, disk->registry, &disk);
}

void gb_hdf5_disk_clear(struct gb_hdf5_disk *disk)
{
    if (disk->registry > 0)
        H5FDunregister(disk->registry);
    disk->registry = 0;
}
