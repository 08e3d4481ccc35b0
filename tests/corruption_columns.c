/* Columns with other values, types, shapes and storage than their own. */
#include "tests/corruption_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- values */

hid_t text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);

    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

static hsize_t rows_of(hid_t dataset)
{
    hsize_t size[2] = {0, 0};
    hid_t space = H5Dget_space(dataset);

    H5Sget_simple_extent_dims(space, size, NULL);
    H5Sclose(space);
    return size[0];
}

/* Writes rows [first, last) of a column, all with one value of the memory type. */
static void fill_rows(hid_t file, const char *path, hid_t type, const void *value, hsize_t first,
                      hsize_t last)
{
    hid_t dataset = H5Dopen2(file, path, H5P_DEFAULT), space = H5Dget_space(dataset);
    hid_t one = H5Screate(H5S_SCALAR);

    for (hsize_t row = first; row < last; row++) {
        H5Sselect_elements(space, H5S_SELECT_SET, 1, &row);
        H5Dwrite(dataset, type, one, space, H5P_DEFAULT, value);
    }
    H5Sclose(one);
    H5Sclose(space);
    H5Dclose(dataset);
}

static hsize_t length_of(hid_t file, const char *path)
{
    hid_t dataset = H5Dopen2(file, path, H5P_DEFAULT);
    hsize_t n = rows_of(dataset);

    H5Dclose(dataset);
    return n;
}

void corrupt_fill(hid_t file, const struct corruption *m)
{
    fill_rows(file, m->path, H5T_NATIVE_INT64, &m->number, 0, length_of(file, m->path));
}

void set_first(hid_t file, const struct corruption *m)
{
    fill_rows(file, m->path, H5T_NATIVE_INT64, &m->number, 0, 1);
}

void set_last(hid_t file, const struct corruption *m)
{
    hsize_t n = length_of(file, m->path);

    fill_rows(file, m->path, H5T_NATIVE_INT64, &m->number, n - 1, n);
}

void corrupt_fill_infinity(hid_t file, const struct corruption *m)
{
    double value = m->number < 0 ? -HUGE_VAL : m->number > 0 ? HUGE_VAL : NAN;

    fill_rows(file, m->path, H5T_NATIVE_DOUBLE, &value, 0, length_of(file, m->path));
}

void fill_text(hid_t file, const struct corruption *m)
{
    hid_t type = text_type();

    fill_rows(file, m->path, type, &m->text, 0, length_of(file, m->path));
    H5Tclose(type);
}

void fill_long_text(hid_t file, const struct corruption *m)
{
    char *text = malloc((size_t)m->number + 1);
    struct corruption longer = *m;

    memset(text, 'x', (size_t)m->number);
    text[m->number] = '\0';
    longer.text = text;
    fill_text(file, &longer);
    free(text);
}

/* ---- columns that are something else */

/* A column of n zeros in place of the one that stands there, with its attributes forgotten. */
hid_t replace(hid_t file, const char *path, hid_t type, int rank, const hsize_t *size,
              hid_t properties)
{
    hsize_t max_size[2] = {H5S_UNLIMITED, H5S_UNLIMITED};
    bool grows = properties != H5P_DEFAULT && H5Pget_layout(properties) == H5D_CHUNKED;
    hid_t space = rank == 0 ? H5Screate(H5S_SCALAR)
                            : H5Screate_simple(rank, size, grows ? max_size : NULL),
          dataset;

    H5Ldelete(file, path, H5P_DEFAULT);
    dataset = H5Dcreate2(file, path, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    H5Sclose(space);
    return dataset;
}

static void zero(hid_t dataset, hid_t type)
{
    hid_t space = H5Dget_space(dataset);
    hssize_t n = H5Sget_simple_extent_npoints(space);
    char *zeros = calloc((size_t)n + 1, 16);

    H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, zeros);
    free(zeros);
    H5Sclose(space);
    H5Dclose(dataset);
}

static hid_t fixed_text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);

    H5Tset_size(type, 8);
    return type;
}

static hid_t enumeration_type(void)
{
    hid_t type = H5Tenum_create(H5T_NATIVE_UINT8);

    for (uint8_t value = 0; value < 2; value++)
        H5Tenum_insert(type, value ? "b" : "a", &value);
    return type;
}

static hid_t compound_type(void)
{
    hid_t type = H5Tcreate(H5T_COMPOUND, 8);

    H5Tinsert(type, "a", 0, H5T_NATIVE_INT64);
    return type;
}

static hid_t array_type(void)
{
    const hsize_t two = 2;

    return H5Tarray_create2(H5T_NATIVE_UINT8, 1, &two);
}

/* What a column of another type than its own is made of; the caller closes what it is given. */
static hid_t make_type(int64_t type)
{
    switch ((enum corrupted_type)type) {
    case OF_DOUBLES: return H5Tcopy(H5T_NATIVE_DOUBLE);
    case OF_FLOATS: return H5Tcopy(H5T_NATIVE_FLOAT);
    case OF_SHORTS: return H5Tcopy(H5T_NATIVE_INT16);
    case OF_UNSIGNED: return H5Tcopy(H5T_NATIVE_UINT64);
    case OF_INTEGERS: return H5Tcopy(H5T_NATIVE_INT64);
    case OF_SIGNED_BYTES: return H5Tcopy(H5T_NATIVE_INT8);
    case OF_TEXTS: return text_type();
    case OF_FIXED_TEXTS: return fixed_text_type();
    case OF_ENUMERATION: return enumeration_type();
    case OF_COMPOUNDS: return compound_type();
    case OF_ARRAYS: return array_type();
    }
    return H5I_INVALID_HID;
}

/* A column of zeros of the type `number`, not in chunks. */
void of_type(hid_t file, const struct corruption *m)
{
    hsize_t n = length_of(file, m->path);
    hid_t type = make_type(m->number);

    zero(replace(file, m->path, type, 1, &n, H5P_DEFAULT), type);
    H5Tclose(type);
}

void as_square(hid_t file, const struct corruption *m)
{
    hsize_t size[2] = {length_of(file, m->path), 1};

    zero(replace(file, m->path, H5T_NATIVE_INT64, 2, size, H5P_DEFAULT), H5T_NATIVE_INT64);
}

void as_scalar(hid_t file, const struct corruption *m)
{
    zero(replace(file, m->path, H5T_NATIVE_INT64, 0, NULL, H5P_DEFAULT), H5T_NATIVE_INT64);
}

void as_narrow_hash(hid_t file, const struct corruption *m)
{
    hsize_t size[2] = {length_of(file, m->path), 31};

    zero(replace(file, m->path, H5T_NATIVE_UINT8, 2, size, H5P_DEFAULT), H5T_NATIVE_UINT8);
}

void as_nothing(hid_t file, const struct corruption *m)
{
    hid_t space = H5Screate(H5S_NULL), dataset;

    H5Ldelete(file, m->path, H5P_DEFAULT);
    dataset =
        H5Dcreate2(file, m->path, H5T_NATIVE_INT64, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dclose(dataset);
    H5Sclose(space);
}

void as_group(hid_t file, const struct corruption *m)
{
    H5Ldelete(file, m->path, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, m->path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

/* Big-endian, but the same values: HDF5 converts them. */
void in_big_endian(hid_t file, const struct corruption *m)
{
    hid_t old = H5Dopen2(file, m->path, H5P_DEFAULT), new;
    hsize_t n = rows_of(old);
    int64_t *values = malloc((n + 1) * sizeof *values);

    H5Dread(old, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    H5Dclose(old);
    new = replace(file, m->path, H5T_STD_I64BE, 1, &n, H5P_DEFAULT);
    H5Dwrite(new, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    H5Dclose(new);
    free(values);
}

/* ---- sizes and storage */

/* The number of a varied key goes along with its column. */
static herr_t copy_number(hid_t from, const char *name, const H5A_info_t *info, void *context)
{
    hid_t attribute = H5Aopen(from, name, H5P_DEFAULT), type = H5Aget_type(attribute);
    double value;

    (void)info;
    if (H5Tget_class(type) == H5T_FLOAT && H5Aread(attribute, H5T_NATIVE_DOUBLE, &value) >= 0) {
        const hsize_t one = 1;
        hid_t space = H5Screate_simple(1, &one, NULL);
        hid_t copy = H5Acreate2(*(const hid_t *)context, name, H5T_IEEE_F64LE, space, H5P_DEFAULT,
                                H5P_DEFAULT);

        H5Awrite(copy, H5T_NATIVE_DOUBLE, &value);
        H5Aclose(copy);
        H5Sclose(space);
    }
    H5Tclose(type);
    H5Aclose(attribute);
    return 0;
}

/* Puts a copy of an open column in its place, in one packed chunk and with room to grow, as longer
 * tables have them. */
static hid_t put_in_chunk(hid_t at, const char *name, hid_t old)
{
    hid_t type = H5Dget_type(old), space = H5Dget_space(old);
    hid_t memory_type = H5Tget_class(type) == H5T_STRING ? text_type() : H5Tcopy(type);
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    hsize_t size[2] = {0}, max[2] = {0};
    int rank = H5Sget_simple_extent_dims(space, size, max);
    char *values = calloc((size_t)H5Sget_simple_extent_npoints(space) + 1, 16);

    H5Dread(old, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    max[0] = H5S_UNLIMITED;
    H5Sset_extent_simple(space, rank, size, max);
    hsize_t chunk[2] = {4096, size[1]};
    H5Pset_chunk(properties, rank, chunk);
    H5Pset_shuffle(properties);
    H5Pset_deflate(properties, 1);
    H5Ldelete(at, name, H5P_DEFAULT);
    hid_t new = H5Dcreate2(at, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    H5Dwrite(new, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    H5Aiterate2(old, H5_INDEX_NAME, H5_ITER_INC, NULL, copy_number, &new);
    if (H5Tget_class(type) == H5T_STRING)
        H5Dvlen_reclaim(memory_type, space, H5P_DEFAULT, values);
    free(values);
    H5Pclose(properties);
    H5Tclose(memory_type);
    H5Sclose(space);
    H5Tclose(type);
    return new;
}

static hid_t open_in_chunks(hid_t at, const char *name)
{
    hid_t dataset = H5Dopen2(at, name, H5P_DEFAULT);
    hid_t properties = dataset < 0 ? -1 : H5Dget_create_plist(dataset);

    if (properties >= 0 && H5Pget_layout(properties) != H5D_CHUNKED && rows_of(dataset) > 0) {
        hid_t old = dataset;

        dataset = put_in_chunk(at, name, old);
        H5Dclose(old);
    }
    if (properties >= 0)
        H5Pclose(properties);
    return dataset;
}

void resize(hid_t file, const struct corruption *m)
{
    hid_t dataset = open_in_chunks(file, m->path);
    hsize_t size[2] = {(hsize_t)m->number, 32};

    H5Dset_extent(dataset, size);
    H5Dclose(dataset);
}

static herr_t resize_member(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    hid_t dataset = open_in_chunks(group, name);
    hsize_t size[2] = {*(const hsize_t *)context, 32};

    (void)info;
    if (dataset >= 0) {
        H5Dset_extent(dataset, size);
        H5Dclose(dataset);
    }
    return 0;
}

void resize_all(hid_t file, const struct corruption *m)
{
    hid_t group = H5Gopen2(file, m->path, H5P_DEFAULT);
    hsize_t size = (hsize_t)m->number;

    H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, resize_member, &size);
    H5Gclose(group);
}

static hid_t in_chunks_of(hsize_t n)
{
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);

    H5Pset_chunk(properties, 1, &n);
    return properties;
}

/* Chunks of a size, stored through one of HDF5's own filters that pack as much as they like. */
void scale_offset(hid_t file, const struct corruption *m)
{
    hsize_t n = length_of(file, m->path);
    hid_t properties = in_chunks_of(64);

    H5Pset_scaleoffset(properties, H5Z_SO_INT, 0);
    zero(replace(file, m->path, H5T_NATIVE_INT64, 1, &n, properties), H5T_NATIVE_INT64);
    H5Pclose(properties);
}

void in_huge_chunks(hid_t file, const struct corruption *m)
{
    hsize_t n = length_of(file, m->path);
    hid_t properties = in_chunks_of((hsize_t)m->number);

    H5Pset_deflate(properties, 1);
    zero(replace(file, m->path, H5T_NATIVE_INT64, 1, &n, properties), H5T_NATIVE_INT64);
    H5Pclose(properties);
}

/* A chunk that unpacks to less, or to other bytes, than its column says: `number` of text. */
void with_raw_chunk(hid_t file, const struct corruption *m)
{
    hid_t dataset = open_in_chunks(file, m->path);
    hsize_t offset[2] = {0, 0};
    char *bytes = malloc((size_t)m->number + 1);

    memset(bytes, m->text[0], (size_t)m->number);
    H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, offset, (size_t)m->number, bytes);
    free(bytes);
    H5Dclose(dataset);
}

void never_written(hid_t file, const struct corruption *m)
{
    hsize_t n = length_of(file, m->path);

    H5Dclose(replace(file, m->path, H5T_NATIVE_INT64, 1, &n, H5P_DEFAULT));
}

void in_another_file(hid_t file, const struct corruption *m)
{
    hsize_t n = length_of(file, m->path);
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);

    H5Pset_external(properties, m->text, 0, H5F_UNLIMITED);
    H5Dclose(replace(file, m->path, H5T_NATIVE_INT64, 1, &n, properties));
    H5Pclose(properties);
}

void as_virtual(hid_t file, const struct corruption *m)
{
    hsize_t n = length_of(file, m->path);
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &n, NULL);

    H5Pset_virtual(properties, space, m->text, "/x", space);
    H5Dclose(replace(file, m->path, H5T_NATIVE_INT64, 1, &n, properties));
    H5Sclose(space);
    H5Pclose(properties);
}
