/* An HDF5 file in memory and what a result puts into it: groups, texts, attributes, and columns
 * that grow. The first failure is kept and later calls do no harm: writers ask once, at the end. */
#include "analysis/hdf5_priv.h"

#include <stdio.h>
#include <string.h>

#define MEMORY_STEP (1 << 20) /* bytes by which the file grows in memory */
#define COMPRESSION 1         /* deflate level: behind shuffle, 1 nearly equals 4 */
#define TRACKED (H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED)

/* ---- failures: the first one is kept, later calls on bad handles do no harm */

bool gb_hdf5_keep(struct gb_hdf5_out *out, bool ok)
{
    if (!ok && !out->failed) {
        out->failed = true;
        gb_hdf5_reason(out->reason, sizeof out->reason);
    }
    return ok;
}

hid_t gb_hdf5_opened(struct gb_hdf5_out *out, hid_t id)
{
    gb_hdf5_keep(out, id >= 0);
    return id;
}

void gb_hdf5_did(struct gb_hdf5_out *out, herr_t status)
{
    gb_hdf5_keep(out, status >= 0);
}

void gb_hdf5_no_memory(struct gb_hdf5_out *out)
{
    if (!out->failed)
        snprintf(out->reason, sizeof out->reason, "%s", gb_status_text(GB_ENOMEM));
    out->failed = true;
}

/* ---- the file and its groups */

bool gb_hdf5_create(struct gb_hdf5_out *out, const char *name)
{
    hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);

    gb_hdf5_did(out, H5Pset_link_creation_order(creation, TRACKED));
    gb_hdf5_did(out, H5Pset_attr_creation_order(creation, TRACKED));
    gb_hdf5_did(out, H5Pset_obj_track_times(creation, 0));
    /* Narrower B-trees (H5Pset_istore_k) would save 2 KiB a column, but are noted in an object of
     * HDF5's own that keeps the time of day. */
    gb_hdf5_did(out, H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18));
    gb_hdf5_did(out, H5Pset_fapl_core(access, MEMORY_STEP, 0));
    out->file = gb_hdf5_opened(out, H5Fcreate(name, H5F_ACC_TRUNC, creation, access));
    out->group_properties = gb_hdf5_opened(out, H5Pcreate(H5P_GROUP_CREATE));
    gb_hdf5_did(out, H5Pset_link_creation_order(out->group_properties, TRACKED));
    gb_hdf5_did(out, H5Pset_attr_creation_order(out->group_properties, TRACKED));
    gb_hdf5_did(out, H5Pset_obj_track_times(out->group_properties, 0));
    H5Pclose(access);
    H5Pclose(creation);
    return !out->failed;
}

/* H5Fget_file_image tells the length; the image it would give has a superblock with a wrong
 * checksum, so the bytes are taken at the source. */
const char *gb_hdf5_image(struct gb_hdf5_out *out, size_t *n)
{
    void *handle = NULL; /* of the core driver: the address of its pointer */
    ssize_t size;

    gb_hdf5_did(out, H5Fflush(out->file, H5F_SCOPE_GLOBAL));
    size = H5Fget_file_image(out->file, NULL, 0);
    gb_hdf5_keep(out, size > 0);
    gb_hdf5_did(out, H5Fget_vfd_handle(out->file, H5P_DEFAULT, &handle));
    if (out->failed)
        return NULL;
    *n = (size_t)size;
    return *(const char *const *)handle;
}

void gb_hdf5_close(struct gb_hdf5_out *out)
{
    if (out->group_properties > 0)
        H5Pclose(out->group_properties);
    if (out->file > 0)
        gb_hdf5_did(out, H5Fclose(out->file));
    out->group_properties = out->file = 0;
}

hid_t gb_hdf5_group(struct gb_hdf5_out *out, const char *name, const char *long_name)
{
    hid_t group = gb_hdf5_opened(
        out, H5Gcreate2(out->file, name, H5P_DEFAULT, out->group_properties, H5P_DEFAULT));

    gb_hdf5_put_text(out, group, "long_name", long_name);
    return group;
}

/* ---- attributes and columns */

void gb_hdf5_put(struct gb_hdf5_out *out, hid_t object, const char *name, hid_t file_type,
                 hid_t memory_type, size_t n, const void *values)
{
    hsize_t size = n;
    hid_t space =
        gb_hdf5_opened(out, n == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &size, NULL));
    hid_t attribute =
        gb_hdf5_opened(out, H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT));

    gb_hdf5_did(out, H5Awrite(attribute, memory_type, values));
    H5Aclose(attribute);
    H5Sclose(space);
}

void gb_hdf5_put_text(struct gb_hdf5_out *out, hid_t object, const char *name, const char *text)
{
    hid_t type = gb_hdf5_text_type();

    gb_hdf5_put(out, object, name, type, type, 0, &text);
    H5Tclose(type);
}

void gb_hdf5_put_number(struct gb_hdf5_out *out, hid_t object, const char *name, double value)
{
    gb_hdf5_put(out, object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &value);
}

hid_t gb_hdf5_column(struct gb_hdf5_out *out, hid_t group, const char *name, hid_t type,
                     unsigned width, const char *unit, const char *long_name)
{
    hsize_t size[2] = {0, width}, max[2] = {H5S_UNLIMITED, width};
    hsize_t chunk[2] = {GB_RESULT_CHUNK, width};
    int rank = width ? 2 : 1;
    hid_t space = gb_hdf5_opened(out, H5Screate_simple(rank, size, max));
    hid_t properties = gb_hdf5_opened(out, H5Pcreate(H5P_DATASET_CREATE));
    hid_t column;

    gb_hdf5_did(out, H5Pset_chunk(properties, rank, chunk));
    gb_hdf5_did(out, H5Pset_shuffle(properties));
    gb_hdf5_did(out, H5Pset_deflate(properties, COMPRESSION));
    gb_hdf5_did(out, H5Pset_obj_track_times(properties, 0));
    gb_hdf5_did(out, H5Pset_attr_creation_order(properties, TRACKED));
    column = gb_hdf5_opened(
        out, H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT));
    H5Pclose(properties);
    H5Sclose(space);
    gb_hdf5_put_text(out, column, "units", unit);
    gb_hdf5_put_text(out, column, "long_name", long_name);
    return column;
}

hid_t gb_hdf5_dimension(struct gb_hdf5_out *out, hid_t group, const char *name, hsize_t size,
                        const char *long_name)
{
    char title[64];
    hid_t scale;

    snprintf(title, sizeof title, "This is a netCDF dimension but not a netCDF variable.%10d",
             (int)size);
    scale = gb_hdf5_column(out, group, name, H5T_IEEE_F32BE, 0, "1", long_name);
    if (size > 0)
        gb_hdf5_did(out, H5Dset_extent(scale, &size));
    gb_hdf5_did(out, H5DSset_scale(scale, title));
    return scale;
}

void gb_hdf5_write_rows(struct gb_hdf5_out *out, hid_t column, hid_t type, unsigned width,
                        hsize_t first, hsize_t n, const void *values)
{
    hsize_t size[2] = {first + n, width}, start[2] = {first, 0}, count[2] = {n, width};
    hid_t file_space, memory_space;

    gb_hdf5_did(out, H5Dset_extent(column, size));
    if (n == 0)
        return;
    file_space = gb_hdf5_opened(out, H5Dget_space(column));
    memory_space = gb_hdf5_opened(out, H5Screate_simple(width ? 2 : 1, count, NULL));
    gb_hdf5_did(out, H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, count, NULL));
    gb_hdf5_did(out, H5Dwrite(column, type, memory_space, file_space, H5P_DEFAULT, values));
    H5Sclose(memory_space);
    H5Sclose(file_space);
}

void gb_hdf5_scalar_text(struct gb_hdf5_out *out, hid_t group, const char *name, const char *value,
                         const char *long_name)
{
    hid_t type = gb_hdf5_text_type();
    hid_t space = gb_hdf5_opened(out, H5Screate(H5S_SCALAR));
    hid_t properties = gb_hdf5_opened(out, H5Pcreate(H5P_DATASET_CREATE));
    hid_t dataset;

    gb_hdf5_did(out, H5Pset_obj_track_times(properties, 0));
    gb_hdf5_did(out, H5Pset_attr_creation_order(properties, TRACKED));
    dataset = gb_hdf5_opened(
        out, H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT));
    gb_hdf5_did(out, H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value));
    gb_hdf5_put_text(out, dataset, "units", "1");
    gb_hdf5_put_text(out, dataset, "long_name", long_name);
    H5Dclose(dataset);
    H5Pclose(properties);
    H5Sclose(space);
    H5Tclose(type);
}
