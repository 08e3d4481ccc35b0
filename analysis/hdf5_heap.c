/* The heaps of a file that its texts stand in. HDF5 walks a heap from object to object by the sizes
 * that these state, and for ever where a size leads nowhere. So each is walked here before HDF5
 * sees it: a text is first read as the reference that the file has in its place, which costs HDF5
 * nothing but a copy. source  HDF5 File Format Specification 3.0, III.E (global heap) and IV.B (its
 * references) */
#include "analysis/hdf5_in_priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <unistd.h>

#include "analysis/hdf5_priv.h"
#include "base/array.h"

/* In the file: the length of the text, the address of its heap, its object there. */
#define REFERENCE_BYTES 16
#define ADDRESS_AT 4
#define HEAP_HEADER_BYTES 16   /* signature, version, 3 reserved, size of the heap */
#define OBJECT_HEADER_BYTES 16 /* index, count of references, 4 reserved, size of the object */
#define OBJECT_SIZE_AT 8
#define REFERENCE_TAG "reference to a heap"

static uint64_t little_endian(const uint8_t *bytes, size_t n)
{
    uint64_t value = 0;

    while (n-- > 0)
        value = value << 8 | bytes[n];
    return value;
}

/* ---- texts as references */

/* HDF5 asks once whether this converts a type to another, and then to do it. The bytes stay. */
static herr_t keep_reference(hid_t from, hid_t to, H5T_cdata_t *about, size_t n, size_t stride,
                             size_t background_stride, void *bytes, void *background,
                             hid_t transfer)
{
    (void)n, (void)stride, (void)background_stride, (void)bytes, (void)background, (void)transfer;
    if (about->command != H5T_CONV_INIT)
        return 0;
    char *tag = H5Tget_class(to) == H5T_OPAQUE ? H5Tget_tag(to) : NULL;
    bool is_ours = tag && strcmp(tag, REFERENCE_TAG) == 0 && H5Tis_variable_str(from) > 0 &&
                   H5Tget_size(from) == REFERENCE_BYTES;

    H5free_memory(tag);
    about->need_bkg = H5T_BKG_NO;
    return is_ours ? 0 : -1;
}

/* The type that a text is read as to see its reference; the caller closes it with
 * close_reference_type. < 0: no memory */
static hid_t open_reference_type(void)
{
    hid_t text = gb_hdf5_text_type(), reference = H5Tcreate(H5T_OPAQUE, REFERENCE_BYTES);

    if (reference >= 0 &&
        (H5Tset_tag(reference, REFERENCE_TAG) < 0 ||
         H5Tregister(H5T_PERS_SOFT, REFERENCE_TAG, text, reference, keep_reference) < 0)) {
        H5Tclose(reference);
        reference = -1;
    }
    H5Tclose(text);
    return reference;
}

static void close_reference_type(hid_t reference)
{
    if (reference < 0)
        return;
    H5Tunregister(H5T_PERS_SOFT, REFERENCE_TAG, -1, -1, keep_reference);
    H5Tclose(reference);
}

/* ---- heaps */

/* Whether the objects of a heap fill it, each behind the one before. Index 0 is what is free. */
static bool is_walkable(const uint8_t *heap, uint64_t size)
{
    uint64_t at = HEAP_HEADER_BYTES;

    while (size - at >= OBJECT_HEADER_BYTES) {
        bool is_free = little_endian(heap + at, 2) == 0;
        uint64_t bytes = little_endian(heap + at + OBJECT_SIZE_AT, 8), left = size - at;

        if (!is_free && bytes <= left - OBJECT_HEADER_BYTES)
            bytes = OBJECT_HEADER_BYTES + (bytes + 7) / 8 * 8;
        else if (!is_free)
            return false;
        if (bytes == 0 || bytes > left)
            return false;
        at += bytes;
    }
    return true;
}

/* Reads n bytes at a place of the file. *is_there: they are all in it; false is returned with errno
 * where the system failed */
static bool read_at(int file, void *bytes, size_t n, uint64_t at, bool *is_there)
{
    ssize_t got = at <= INT64_MAX ? pread(file, bytes, n, (off_t)at) : 0;

    *is_there = got == (ssize_t)n;
    return got >= 0;
}

/* Reads the heap at `at` of the file and walks it; GB_EFILE leaves errno.
 * size  out: its bytes, of at most `max` */
static enum gb_status walk(int file, uint64_t at, uint64_t max, uint64_t *size, bool *is_whole)
{
    uint8_t header[HEAP_HEADER_BYTES];

    if (!read_at(file, header, sizeof header, at, is_whole))
        return GB_EFILE;
    *size = little_endian(header + 8, 8);
    *is_whole =
        *is_whole && memcmp(header, "GCOL\1", 5) == 0 && *size >= HEAP_HEADER_BYTES && *size <= max;
    if (!*is_whole)
        return GB_OK;
    uint8_t *heap = malloc((size_t)*size);
    if (!heap)
        return GB_ENOMEM;
    bool is_read = read_at(file, heap, (size_t)*size, at, is_whole);
    *is_whole = is_read && *is_whole && is_walkable(heap, *size);
    free(heap);
    return is_read ? GB_OK : GB_EFILE;
}

/* Where `address` stands among those that were checked, or would stand. */
static size_t find(const struct gb_hdf5_heaps *heaps, uint64_t address)
{
    size_t low = 0, high = heaps->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (heaps->checked[middle] < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum gb_status remember(struct gb_hdf5_heaps *heaps, size_t at, uint64_t address)
{
    uint64_t *larger =
        gb_array_grow(heaps->checked, &heaps->capacity, heaps->n + 1, sizeof *larger);

    if (!larger)
        return GB_ENOMEM;
    heaps->checked = larger;
    memmove(heaps->checked + at + 1, heaps->checked + at, (heaps->n - at) * sizeof *heaps->checked);
    heaps->checked[at] = address;
    heaps->n++;
    return GB_OK;
}

/* Checks the heap at an address unless it has been. Heaps stand beside each other: all together are
 * no larger than the file, which bounds the time as well. */
static enum gb_status check_heap(struct gb_hdf5_in *in, int file, uint64_t address, bool *is_whole)
{
    struct gb_hdf5_heaps *heaps = &in->heaps;
    size_t at = find(heaps, address);
    uint64_t size = 0;

    *is_whole = true;
    if (at < heaps->n && heaps->checked[at] == address)
        return GB_OK;
    enum gb_status status =
        walk(file, in->base + address, in->n_bytes - heaps->n_bytes, &size, is_whole);
    if (status != GB_OK || !*is_whole)
        return status;
    heaps->n_bytes += size;
    return remember(heaps, at, address);
}

static enum gb_status check_references(struct gb_hdf5_in *in, const uint8_t *references, size_t n,
                                       const char *where, struct gb_error *err)
{
    int file = open(in->path, O_RDONLY | O_CLOEXEC);
    enum gb_status status = GB_OK;
    uint64_t last = 0; /* no text refers there */
    bool is_whole = true;

    if (file < 0) {
        in->system_error = errno;
        return gb_fail(err, GB_EFILE, "cannot open the result '%s': %s", in->path, strerror(errno));
    }
    for (size_t i = 0; i < n && status == GB_OK && is_whole; i++) {
        uint64_t address = little_endian(references + i * REFERENCE_BYTES + ADDRESS_AT, 8);

        if (address != last && address != 0)
            status = check_heap(in, file, address, &is_whole);
        last = address;
    }
    int reason = errno;
    close(file);
    if (status == GB_EFILE) {
        in->system_error = reason;
        return gb_fail(err, GB_EFILE, "cannot read '%s': %s (%s)", in->path, strerror(reason),
                       where);
    }
    if (status != GB_OK)
        return gb_fail(err, status, "no memory to read '%s'", in->path);
    return is_whole ? GB_OK
                    : gb_hdf5_damaged(in, err, "the heap that %s refers to is damaged", where);
}

enum gb_status gb_hdf5_check_heaps(struct gb_hdf5_in *in, const struct gb_hdf5_column *column,
                                   size_t first, size_t n, struct gb_error *err)
{
    uint8_t *references = calloc(n, REFERENCE_BYTES);
    hid_t type = references ? open_reference_type() : -1;
    enum gb_status status;

    if (type < 0)
        status = gb_fail(err, GB_ENOMEM, "no memory to read '%s'", in->path);
    else
        status = gb_hdf5_read_as(in, column, type, H5P_DEFAULT, first, n, references, err);
    close_reference_type(type);
    if (status == GB_OK)
        status = check_references(in, references, n, column->where, err);
    free(references);
    return status;
}

enum gb_status gb_hdf5_check_heap(struct gb_hdf5_in *in, hid_t dataset, const char *where,
                                  const char *name, struct gb_error *err)
{
    uint8_t reference[REFERENCE_BYTES];
    char whole_name[96];
    hid_t type = open_reference_type();
    enum gb_status status = GB_OK;

    if (type < 0)
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", in->path);
    snprintf(whole_name, sizeof whole_name, "%s/%s", where, name);
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, reference) < 0)
        status = gb_hdf5_damaged(in, err, "%s cannot be read", whole_name);
    close_reference_type(type);
    return status == GB_OK ? check_references(in, reference, 1, whole_name, err) : status;
}
