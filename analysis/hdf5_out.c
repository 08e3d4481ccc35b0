/* An HDF5 file and what a result puts into it: groups, texts, attributes, and columns. The first
 * failure is kept and later calls do no harm: writers ask once, at the end. */
#include "analysis/hdf5_priv.h"

#include <stdio.h>
#include <string.h>

#include "analysis/hdf5_chunk_priv.h"

#define TRANSFER_BYTES 16384 /* of a conversion: HDF5 clears the buffer for each text */
/* of groups, headers and heaps, as the file has them; the second where columns grow */
#define CACHE_BYTES 65536
#define GROWING_CACHE_BYTES 1048576
#define LINKS_IN_HEADER                                                       \
    256 /* more than a group here ever has: no heap and trees for a few names \
         */
#define INDEXED (H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED)

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

static void open_properties(struct gb_hdf5_out *out)
{
    const hsize_t one = 1;

    out->group_properties = gb_hdf5_opened(out, H5Pcreate(H5P_GROUP_CREATE));
    gb_hdf5_did(out, H5Pset_link_creation_order(out->group_properties, INDEXED));
    gb_hdf5_did(out, H5Pset_attr_creation_order(out->group_properties, GB_HDF5_ATTRIBUTE_ORDER));
    gb_hdf5_did(out, H5Pset_obj_track_times(out->group_properties, 0));
    gb_hdf5_did(
        out, H5Pset_link_phase_change(out->group_properties, LINKS_IN_HEADER, LINKS_IN_HEADER / 2));
    out->small_properties = gb_hdf5_opened(out, H5Pcreate(H5P_DATASET_CREATE));
    /* H5D_COMPACT would save some KB, but R's ncdf4 opens no file that has such datasets */
    gb_hdf5_did(out, H5Pset_layout(out->small_properties, H5D_CONTIGUOUS));
    gb_hdf5_did(out, H5Pset_obj_track_times(out->small_properties, 0));
    gb_hdf5_did(out, H5Pset_attr_creation_order(out->small_properties, GB_HDF5_ATTRIBUTE_ORDER));
    out->transfer = gb_hdf5_opened(out, H5Pcreate(H5P_DATASET_XFER));
    gb_hdf5_did(out, H5Pset_buffer(out->transfer, TRANSFER_BYTES, NULL, NULL));
    /* a chunk is written as a whole, once: none waits in memory */
    out->chunk_access = gb_hdf5_opened(out, H5Pcreate(H5P_DATASET_ACCESS));
    gb_hdf5_did(out, H5Pset_chunk_cache(out->chunk_access, 1, 0, 1.0));
    out->text = gb_hdf5_opened(out, gb_hdf5_text_type());
    out->references = gb_hdf5_opened(out, H5Tvlen_create(H5T_STD_REF_OBJ));
    out->scalar = gb_hdf5_opened(out, H5Screate(H5S_SCALAR));
    out->one = gb_hdf5_opened(out, H5Screate_simple(1, &one, NULL));
}

static void fix_size(H5AC_cache_config_t *cache, size_t n_bytes)
{
    cache->set_initial_size = true;
    cache->initial_size = cache->min_size = cache->max_size = n_bytes;
    cache->incr_mode = H5C_incr__off;
    cache->flash_incr_mode = H5C_flash_incr__off;
    cache->decr_mode = H5C_decr__off;
}

/* Nobody comes back to a column that is closed: HDF5 need not hold what describes it, some 10 KB a
 * column, until the file is closed. */
static void bound_cache(struct gb_hdf5_out *out, hid_t access)
{
    H5AC_cache_config_t cache = {.version = H5AC__CURR_CACHE_CONFIG_VERSION};

    gb_hdf5_did(out, H5Pget_mdc_config(access, &cache));
    fix_size(&cache, CACHE_BYTES);
    gb_hdf5_did(out, H5Pset_mdc_config(access, &cache));
}

void gb_hdf5_expect_growth(struct gb_hdf5_out *out)
{
    H5AC_cache_config_t cache = {.version = H5AC__CURR_CACHE_CONFIG_VERSION};

    gb_hdf5_did(out, H5Fget_mdc_config(out->file, &cache));
    if (cache.max_size == GROWING_CACHE_BYTES)
        return;
    fix_size(&cache, GROWING_CACHE_BYTES);
    gb_hdf5_did(out, H5Fset_mdc_config(out->file, &cache));
}

bool gb_hdf5_create(struct gb_hdf5_out *out, int file)
{
    hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);

    gb_hdf5_did(out, H5Pset_link_creation_order(creation, INDEXED));
    gb_hdf5_did(out, H5Pset_attr_creation_order(creation, GB_HDF5_ATTRIBUTE_ORDER));
    gb_hdf5_did(out, H5Pset_obj_track_times(creation, 0));
    gb_hdf5_did(out, H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18));
    bound_cache(out, access);
    out->disk.file = file;
    gb_hdf5_did(out, gb_hdf5_disk_set(access, &out->disk));
    out->file = gb_hdf5_opened(out, H5Fcreate("result", H5F_ACC_TRUNC, creation, access));
    open_properties(out);
    H5Pclose(access);
    H5Pclose(creation);
    return !out->failed;
}

bool gb_hdf5_is_well(struct gb_hdf5_out *out)
{
    if (out->disk.error != 0) { /* which HDF5 has not heard of, and what it met since came of it */
        out->failed = true;
        snprintf(out->reason, sizeof out->reason, "%s", strerror(out->disk.error));
    }
    return !out->failed;
}

static void close_property(hid_t *property, herr_t (*close)(hid_t))
{
    if (*property > 0)
        close(*property);
    *property = 0;
}

bool gb_hdf5_close(struct gb_hdf5_out *out)
{
    close_property(&out->one, H5Sclose);
    close_property(&out->scalar, H5Sclose);
    close_property(&out->references, H5Tclose);
    close_property(&out->text, H5Tclose);
    close_property(&out->chunk_access, H5Pclose);
    close_property(&out->transfer, H5Pclose);
    close_property(&out->small_properties, H5Pclose);
    close_property(&out->group_properties, H5Pclose);
    if (out->file > 0)
        gb_hdf5_did(out, H5Fclose(out->file));
    out->file = 0;
    gb_hdf5_packer_free(out->packer);
    out->packer = NULL;
    gb_hdf5_disk_clear(&out->disk);
    return gb_hdf5_is_well(out);
}

hid_t gb_hdf5_group(struct gb_hdf5_out *out, const char *name, const char *long_name, size_t n,
                    size_t length)
{
    gb_hdf5_did(out, H5Pset_est_link_info(out->group_properties, (unsigned)n, (unsigned)length));
    hid_t group = gb_hdf5_opened(
        out, H5Gcreate2(out->file, name, H5P_DEFAULT, out->group_properties, H5P_DEFAULT));

    gb_hdf5_put_text(out, group, "long_name", long_name);
    return group;
}

/* ---- attributes */

static void put_in_space(struct gb_hdf5_out *out, hid_t object, const char *name, hid_t file_type,
                         hid_t memory_type, hid_t space, const void *values)
{
    hid_t attribute =
        gb_hdf5_opened(out, H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT));

    gb_hdf5_did(out, H5Awrite(attribute, memory_type, values));
    H5Aclose(attribute);
}

void gb_hdf5_put(struct gb_hdf5_out *out, hid_t object, const char *name, hid_t file_type,
                 hid_t memory_type, size_t n, const void *values)
{
    hsize_t size = n;
    hid_t space = n == 1 ? out->one : gb_hdf5_opened(out, H5Screate_simple(1, &size, NULL));

    put_in_space(out, object, name, file_type, memory_type, space, values);
    if (n != 1)
        H5Sclose(space);
}

void gb_hdf5_put_scalar(struct gb_hdf5_out *out, hid_t object, const char *name, hid_t type,
                        const void *value)
{
    put_in_space(out, object, name, type, type, out->scalar, value);
}

void gb_hdf5_put_text(struct gb_hdf5_out *out, hid_t object, const char *name, const char *text)
{
    put_in_space(out, object, name, out->text, out->text, out->scalar, &text);
}

void gb_hdf5_put_number(struct gb_hdf5_out *out, hid_t object, const char *name, double value)
{
    gb_hdf5_put(out, object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &value);
}

/* ---- columns */

/* How a column in chunks is stored: packed, behind a shuffle. */
static hid_t chunk_properties(struct gb_hdf5_out *out, int rank, hsize_t rows, unsigned width)
{
    hsize_t chunk[2] = {rows, width};
    hid_t properties = gb_hdf5_opened(out, H5Pcreate(H5P_DATASET_CREATE));

    gb_hdf5_did(out, H5Pset_chunk(properties, rank, chunk));
    gb_hdf5_did(out, H5Pset_shuffle(properties));
    gb_hdf5_did(out, H5Pset_deflate(properties, GB_HDF5_DEFLATE_LEVEL));
    gb_hdf5_did(out, H5Pset_obj_track_times(properties, 0));
    gb_hdf5_did(out, H5Pset_attr_creation_order(properties, GB_HDF5_ATTRIBUTE_ORDER));
    return properties;
}

hid_t gb_hdf5_column(struct gb_hdf5_out *out, hid_t group, const struct gb_hdf5_shape *shape,
                     const char *name, hid_t type, const char *unit, const char *long_name)
{
    hsize_t size[2] = {shape->n, shape->width};
    hsize_t max[2] = {shape->grows ? H5S_UNLIMITED : shape->n, shape->width};
    int rank = shape->width ? 2 : 1;
    hid_t space = gb_hdf5_opened(out, H5Screate_simple(rank, size, max));
    hid_t properties = shape->chunk ? chunk_properties(out, rank, shape->chunk, shape->width)
                                    : out->small_properties;
    hid_t column = gb_hdf5_opened(out, H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties,
                                                  shape->chunk ? out->chunk_access : H5P_DEFAULT));

    if (shape->chunk)
        H5Pclose(properties);
    H5Sclose(space);
    gb_hdf5_put_text(out, column, "units", unit);
    gb_hdf5_put_text(out, column, "long_name", long_name);
    return column;
}

void gb_hdf5_extend(struct gb_hdf5_out *out, hid_t column, unsigned width, hsize_t n)
{
    const hsize_t size[2] = {n, width};

    gb_hdf5_did(out, H5Dset_extent(column, size));
}

void gb_hdf5_write_rows(struct gb_hdf5_out *out, hid_t column, hid_t type, unsigned width,
                        hsize_t first, hsize_t n, const void *values)
{
    hsize_t start[2] = {first, 0}, count[2] = {n, width};

    if (n == 0)
        return;
    if (first == 0) { /* it has been created with them */
        gb_hdf5_did(out, H5Dwrite(column, type, H5S_ALL, H5S_ALL, out->transfer, values));
        return;
    }
    gb_hdf5_extend(out, column, width, first + n);
    hid_t file_space = gb_hdf5_opened(out, H5Dget_space(column));
    hid_t memory_space = gb_hdf5_opened(out, H5Screate_simple(width ? 2 : 1, count, NULL));
    gb_hdf5_did(out, H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, count, NULL));
    gb_hdf5_did(out, H5Dwrite(column, type, memory_space, file_space, out->transfer, values));
    H5Sclose(memory_space);
    H5Sclose(file_space);
}

void gb_hdf5_scalar_text(struct gb_hdf5_out *out, hid_t group, const char *name, const char *value,
                         const char *long_name)
{
    hid_t dataset = gb_hdf5_opened(out, H5Dcreate2(group, name, out->text, out->scalar, H5P_DEFAULT,
                                                   out->small_properties, H5P_DEFAULT));

    gb_hdf5_did(out, H5Dwrite(dataset, out->text, H5S_ALL, H5S_ALL, out->transfer, &value));
    gb_hdf5_put_text(out, dataset, "units", "1");
    gb_hdf5_put_text(out, dataset, "long_name", long_name);
    gb_hdf5_did(out, H5Dclose(dataset));
}
