/* Columns of a file that anybody may have written: what they are is checked when they are opened,
 * so that reading can only meet values, never a surprise of size. */
#include "analysis/hdf5_in_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/hdf5_priv.h"
#include "analysis/hdf5_unpack.h"

#define MAX_CHUNK ((hsize_t)4 << 20) /* bytes, of one chunk in memory: ours have up to 128 KiB */
#define MAX_DEFLATE_RATIO 1032       /* to one, the most that deflate ever packs (zlib's manual) */
#define CACHE_SLOTS 521              /* of a column's chunks, HDF5's own default */

/* A column that is being opened. */
struct candidate {
    struct gb_hdf5_in *in;
    struct gb_hdf5_column *column;
    hid_t type, space, properties; /* as they stand in the file */
    hsize_t size[2], chunk[2];
    size_t value_bytes; /* in the file */
};

/* ---- types */

static const char *name_of_kind(enum gb_field_kind kind)
{
    switch (kind) {
    case GB_FIELD_NAME: return "texts of any length";
    case GB_FIELD_NUMBER: return "64-bit floating-point numbers";
    case GB_FIELD_INDEX: return "unsigned 32-bit integers";
    case GB_FIELD_FLAG:
    case GB_FIELD_HASH: return "unsigned bytes";
    default: return "signed 64-bit integers";
    }
}

bool gb_hdf5_is_type(hid_t type, enum gb_field_kind kind)
{
    if (kind == GB_FIELD_NAME)
        return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0;
    hid_t expected = gb_hdf5_file_type(kind);

    return H5Tget_class(type) == H5Tget_class(expected) &&
           H5Tget_size(type) == H5Tget_size(expected) &&
           (kind == GB_FIELD_NUMBER ? H5Tget_precision(type) == H5Tget_precision(expected)
                                    : H5Tget_sign(type) == H5Tget_sign(expected));
}

bool gb_hdf5_holds_text(hid_t group, const char *name)
{
    hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
    hid_t type = dataset < 0 ? -1 : H5Dget_type(dataset);
    bool is_text = type >= 0 && H5Tget_class(type) == H5T_STRING;

    if (type >= 0)
        H5Tclose(type);
    if (dataset >= 0)
        H5Dclose(dataset);
    return is_text;
}

/* ---- shape and storage */

static enum gb_status check_shape(struct candidate *new, struct gb_error *err)
{
    struct gb_hdf5_column *column = new->column;
    int rank = column->width ? 2 : 1;

    if (H5Sget_simple_extent_type(new->space) != H5S_SIMPLE ||
        H5Sget_simple_extent_ndims(new->space) != rank ||
        H5Sget_simple_extent_dims(new->space, new->size, NULL) != rank ||
        (column->width && new->size[1] != column->width))
        return gb_hdf5_damaged(new->in, err,
                               "%s has another shape; expected a column of %u value%s "
                               "a row",
                               column->where, column->width ? column->width : 1,
                               column->width ? "s" : "");
    if (!column->width)
        new->size[1] = new->chunk[1] = 1;
    if (new->size[0] > SIZE_MAX / 4096)
        return gb_hdf5_damaged(new->in, err, "%s claims %" PRIuMAX " rows", column->where,
                               (uintmax_t) new->size[0]);
    column->n = (size_t) new->size[0];
    return GB_OK;
}

/* Filters may pack nothing into as much as they like, and plugins run other people's code: ours
 * only. */
static enum gb_status check_filters(struct candidate *new, bool *is_packed, struct gb_error *err)
{
    int n = H5Pget_nfilters(new->properties);

    *is_packed = false;
    for (int i = 0; i < n; i++) {
        unsigned flags, config;
        size_t n_values = 0;
        char name[32] = "";
        H5Z_filter_t filter = H5Pget_filter2(new->properties, (unsigned)i, &flags, &n_values, NULL,
                                             sizeof name, name, &config);

        *is_packed = *is_packed || filter == H5Z_FILTER_DEFLATE;
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE &&
            filter != H5Z_FILTER_FLETCHER32)
            return gb_hdf5_damaged(new->in, err,
                                   "%s is stored through the filter %d; expected "
                                   "deflate, shuffle or a checksum",
                                   new->column->where, (int)filter);
    }
    return n < 0 ? gb_hdf5_damaged(new->in, err, "%s cannot be read", new->column->where) : GB_OK;
}

static H5Z_filter_t filter_at(const struct candidate *new, unsigned i)
{
    unsigned flags, config;
    size_t n_values = 0;

    return H5Pget_filter2(new->properties, i, &flags, &n_values, NULL, 0, NULL, &config);
}

/* Whether chunks are what hdf5_unpack.c unpacks: numbers of 4 or 8 bytes, all of whose bits count,
 * the lowest first, shuffled and then deflated. */
static bool is_unpackable(const struct candidate *new, enum gb_field_kind kind)
{
    const struct gb_hdf5_column *column = new->column;
    size_t size = new->value_bytes;

    if (column->width || (size != 4 && size != 8) || size != column->value_size)
        return false;
    return H5Tequal(new->type, gb_hdf5_file_type(kind)) > 0 &&
           H5Pget_nfilters(new->properties) == 2 && filter_at(new, 0) == H5Z_FILTER_SHUFFLE &&
           filter_at(new, 1) == H5Z_FILTER_DEFLATE;
}

/* Every chunk must be there, and none hold more than its bytes can: rows that were never written
 * cost a file nothing, but its reader memory. */
static enum gb_status check_chunks(struct candidate *new, struct gb_error *err)
{
    const struct gb_hdf5_column *column = new->column;
    hsize_t bytes = new->value_bytes, expected = 1, found = 0, stored;
    int rank = column->width ? 2 : 1;
    bool is_packed;
    enum gb_status status = check_filters(new, &is_packed, err);

    if (status != GB_OK)
        return status;
    if (H5Pget_chunk(new->properties, rank, new->chunk) != rank)
        return gb_hdf5_damaged(new->in, err, "%s cannot be read", column->where);
    for (int i = 0; i < rank; i++) {
        if (new->chunk[i] > MAX_CHUNK || (bytes *= new->chunk[i]) > MAX_CHUNK)
            return gb_hdf5_damaged(new->in, err, "%s is stored in chunks of more than %ju bytes",
                                   column->where, (uintmax_t)MAX_CHUNK);
        expected *= (new->size[i] + new->chunk[i] - 1) / new->chunk[i];
    }
    if (H5Dget_num_chunks(column->id, new->space, &found) < 0)
        return gb_hdf5_damaged(new->in, err, "%s cannot be read", column->where);
    if (found != expected)
        return gb_hdf5_damaged(new->in, err,
                               "%s claims %zu rows, but %ju of %ju parts of it are in "
                               "the file",
                               column->where, column->n, (uintmax_t)found, (uintmax_t)expected);
    stored = H5Dget_storage_size(column->id);
    if (stored > new->in->n_bytes ||
        found > (is_packed ? MAX_DEFLATE_RATIO * stored : stored) / (bytes ? bytes : 1))
        return gb_hdf5_damaged(new->in, err, "%s claims %zu rows, more than its %ju bytes can hold",
                               column->where, column->n, (uintmax_t)stored);
    return GB_OK;
}

static enum gb_status check_storage(struct candidate *new, struct gb_error *err)
{
    const struct gb_hdf5_column *column = new->column;
    hsize_t stored;

    switch (H5Pget_layout(new->properties)) {
    case H5D_CHUNKED: return check_chunks(new, err);
    case H5D_CONTIGUOUS:
    case H5D_COMPACT:
        stored = H5Dget_storage_size(column->id);
        if (H5Pget_external_count(new->properties) != 0)
            break;
        if (stored > new->in->n_bytes || stored / new->value_bytes / new->size[1] < column->n)
            return gb_hdf5_damaged(new->in, err,
                                   "%s claims %zu rows, but %ju bytes of it are in the "
                                   "file",
                                   column->where, column->n, (uintmax_t)stored);
        return GB_OK;
    default: break;
    }
    return gb_hdf5_damaged(new->in, err,
                           "%s takes its values from other files or datasets; expected "
                           "them in the file itself",
                           column->where);
}

static enum gb_status check(struct candidate *new, enum gb_field_kind kind, struct gb_error *err)
{
    const char *where = new->column->where;

    new->type = H5Dget_type(new->column->id);
    new->space = H5Dget_space(new->column->id);
    new->properties = H5Dget_create_plist(new->column->id);
    if (new->type < 0 || new->space < 0 || new->properties < 0)
        return gb_hdf5_damaged(new->in, err, "%s cannot be read", where);
    if (!gb_hdf5_is_type(new->type, kind))
        return gb_hdf5_damaged(new->in, err, "%s is of another type; expected %s", where,
                               name_of_kind(kind));
    new->value_bytes = H5Tget_size(new->type);
    enum gb_status status = check_shape(new, err);
    if (status == GB_OK)
        status = check_storage(new, err);
    if (status == GB_OK && new->chunk[0] > 0 && is_unpackable(new, kind))
        new->column->chunk = (size_t) new->chunk[0];
    return status;
}

/* ---- opening */

/* With capacity for one chunk: what reads it row by row unpacks it once. */
static hid_t open_again(hid_t group, const char *name, size_t chunk_bytes)
{
    hid_t access = H5Pcreate(H5P_DATASET_ACCESS);

    H5Pset_chunk_cache(access, CACHE_SLOTS, chunk_bytes, 1.0);
    hid_t dataset = H5Dopen2(group, name, access);
    H5Pclose(access);
    return dataset;
}

enum gb_status gb_hdf5_open_column(struct gb_hdf5_column *out, struct gb_hdf5_in *in, hid_t group,
                                   const char *where, const char *name, enum gb_field_kind kind,
                                   struct gb_error *err)
{
    bool is_text = kind == GB_FIELD_NAME;
    struct gb_hdf5_column column = {.memory_type = is_text ? 0 : gb_hdf5_memory_type(kind),
                                    .width = kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0};
    struct candidate new = {.in = in, .column = &column, .type = -1, .space = -1, .properties = -1};
    enum gb_status status = gb_hdf5_check_link(in, group, where, name, err);

    if (status != GB_OK)
        return status;
    snprintf(column.where, sizeof column.where, "%s/%s", where, name);
    column.value_size = is_text ? sizeof(char *) : H5Tget_size(column.memory_type);
    column.id = H5Dopen2(group, name, H5P_DEFAULT);
    if (column.id < 0)
        return gb_hdf5_damaged(in, err, "%s is no dataset", column.where);
    status = check(&new, kind, err);
    if (status == GB_OK && new.chunk[0] > 0) {
        H5Dclose(column.id);
        column.id = open_again(group, name, new.chunk[0] * new.chunk[1] * new.value_bytes);
        if (column.id < 0)
            status = gb_hdf5_damaged(in, err, "%s cannot be read", column.where);
    }
    if (new.properties >= 0)
        H5Pclose(new.properties);
    if (new.space >= 0)
        H5Sclose(new.space);
    if (new.type >= 0)
        H5Tclose(new.type);
    if (status != GB_OK)
        gb_hdf5_close_column(&column);
    else
        *out = column;
    return status;
}

void gb_hdf5_close_column(struct gb_hdf5_column *column)
{
    if (column->id > 0)
        H5Dclose(column->id);
    column->id = 0;
}

/* ---- reading */

enum gb_status gb_hdf5_read_as(struct gb_hdf5_in *in, const struct gb_hdf5_column *column,
                               hid_t type, hid_t transfer, size_t first, size_t n, void *values,
                               struct gb_error *err)
{
    hsize_t start[2] = {first, 0}, count[2] = {n, column->width};
    hid_t memory_space = H5Screate_simple(column->width ? 2 : 1, count, NULL);
    hid_t file_space = H5Dget_space(column->id);
    enum gb_status status = GB_OK;

    if (file_space < 0 || memory_space < 0 ||
        H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, count, NULL) < 0 ||
        H5Dread(column->id, type, memory_space, file_space, transfer, values) < 0)
        status = gb_hdf5_damaged(in, err, "%s cannot be read in rows %zu to %zu", column->where,
                                 first, first + n - 1);
    if (file_space >= 0)
        H5Sclose(file_space);
    if (memory_space >= 0)
        H5Sclose(memory_space);
    return status;
}

/* Are these rows a chunk, or all of them that the last one has? */
static bool is_chunk(const struct gb_hdf5_column *column, size_t first, size_t n)
{
    return column->chunk > 0 && first % column->chunk == 0 &&
           (n == column->chunk || (n < column->chunk && first + n == column->n));
}

enum gb_status gb_hdf5_read(struct gb_hdf5_in *in, const struct gb_hdf5_column *column,
                            size_t first, size_t n, void *values, struct gb_error *err)
{
    if (n == 0 ||
        (is_chunk(column, first, n) && gb_hdf5_unpack(&in->unpacker, column->id, column->chunk,
                                                      column->value_size, first, n, values)))
        return GB_OK;
    return gb_hdf5_read_as(in, column, column->memory_type, H5P_DEFAULT, first, n, values, err);
}
