#include "tests/spoilt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sample.h"

/* ---- values */

static hid_t text_type(void)
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

void spoil_fill(hid_t file, const struct spoiling *m)
{
    fill_rows(file, m->path, H5T_NATIVE_INT64, &m->number, 0, length_of(file, m->path));
}

static void set_first(hid_t file, const struct spoiling *m)
{
    fill_rows(file, m->path, H5T_NATIVE_INT64, &m->number, 0, 1);
}

static void set_last(hid_t file, const struct spoiling *m)
{
    hsize_t n = length_of(file, m->path);

    fill_rows(file, m->path, H5T_NATIVE_INT64, &m->number, n - 1, n);
}

void spoil_fill_infinity(hid_t file, const struct spoiling *m)
{
    double value = m->number < 0 ? -HUGE_VAL : m->number > 0 ? HUGE_VAL : NAN;

    fill_rows(file, m->path, H5T_NATIVE_DOUBLE, &value, 0, length_of(file, m->path));
}

static void fill_text(hid_t file, const struct spoiling *m)
{
    hid_t type = text_type();

    fill_rows(file, m->path, type, &m->text, 0, length_of(file, m->path));
    H5Tclose(type);
}

static void fill_long_text(hid_t file, const struct spoiling *m)
{
    char *text = malloc((size_t)m->number + 1);
    struct spoiling longer = *m;

    memset(text, 'x', (size_t)m->number);
    text[m->number] = '\0';
    longer.text = text;
    fill_text(file, &longer);
    free(text);
}

/* ---- columns that are something else */

/* A column of n zeros in place of the one that stands there, with its attributes forgotten. */
static hid_t replace(hid_t file, const char *path, hid_t type, int rank, const hsize_t *size,
                     hid_t properties)
{
    hsize_t most[2] = {H5S_UNLIMITED, H5S_UNLIMITED};
    bool grows = properties != H5P_DEFAULT && H5Pget_layout(properties) == H5D_CHUNKED;
    hid_t space =
              rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, size, grows ? most : NULL),
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

static void of_type(hid_t file, const struct spoiling *m, hid_t type)
{
    hsize_t n = length_of(file, m->path);

    zero(replace(file, m->path, type, 1, &n, H5P_DEFAULT), type);
}

static void as_double(hid_t file, const struct spoiling *m)
{
    of_type(file, m, H5T_NATIVE_DOUBLE);
}
static void as_float(hid_t file, const struct spoiling *m)
{
    of_type(file, m, H5T_NATIVE_FLOAT);
}
static void as_short(hid_t file, const struct spoiling *m)
{
    of_type(file, m, H5T_NATIVE_INT16);
}
static void as_unsigned(hid_t file, const struct spoiling *m)
{
    of_type(file, m, H5T_NATIVE_UINT64);
}
static void as_contiguous(hid_t file, const struct spoiling *m)
{
    of_type(file, m, H5T_NATIVE_INT64);
}
static void as_signed_byte(hid_t file, const struct spoiling *m)
{
    of_type(file, m, H5T_NATIVE_INT8);
}

static void as_fixed_text(hid_t file, const struct spoiling *m)
{
    hid_t type = H5Tcopy(H5T_C_S1);

    H5Tset_size(type, 8);
    of_type(file, m, type);
    H5Tclose(type);
}

static void as_text(hid_t file, const struct spoiling *m)
{
    hid_t type = text_type();

    of_type(file, m, type);
    H5Tclose(type);
}

static void as_enum(hid_t file, const struct spoiling *m)
{
    hid_t type = H5Tenum_create(H5T_NATIVE_UINT8);

    for (uint8_t value = 0; value < 2; value++)
        H5Tenum_insert(type, value ? "b" : "a", &value);
    of_type(file, m, type);
    H5Tclose(type);
}

static void as_compound(hid_t file, const struct spoiling *m)
{
    hid_t type = H5Tcreate(H5T_COMPOUND, 8);

    H5Tinsert(type, "a", 0, H5T_NATIVE_INT64);
    of_type(file, m, type);
    H5Tclose(type);
}

static void as_array(hid_t file, const struct spoiling *m)
{
    hsize_t two = 2;
    hid_t type = H5Tarray_create2(H5T_NATIVE_UINT8, 1, &two);

    of_type(file, m, type);
    H5Tclose(type);
}

static void as_square(hid_t file, const struct spoiling *m)
{
    hsize_t size[2] = {length_of(file, m->path), 1};

    zero(replace(file, m->path, H5T_NATIVE_INT64, 2, size, H5P_DEFAULT), H5T_NATIVE_INT64);
}

static void as_scalar(hid_t file, const struct spoiling *m)
{
    zero(replace(file, m->path, H5T_NATIVE_INT64, 0, NULL, H5P_DEFAULT), H5T_NATIVE_INT64);
}

static void as_narrow_hash(hid_t file, const struct spoiling *m)
{
    hsize_t size[2] = {length_of(file, m->path), 31};

    zero(replace(file, m->path, H5T_NATIVE_UINT8, 2, size, H5P_DEFAULT), H5T_NATIVE_UINT8);
}

static void as_nothing(hid_t file, const struct spoiling *m)
{
    hid_t space = H5Screate(H5S_NULL), dataset;

    H5Ldelete(file, m->path, H5P_DEFAULT);
    dataset =
        H5Dcreate2(file, m->path, H5T_NATIVE_INT64, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dclose(dataset);
    H5Sclose(space);
}

static void as_group(hid_t file, const struct spoiling *m)
{
    H5Ldelete(file, m->path, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, m->path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

/* Big-endian, but the same values: HDF5 turns them round. */
static void turn_round(hid_t file, const struct spoiling *m)
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

static void resize(hid_t file, const struct spoiling *m)
{
    hid_t dataset = H5Dopen2(file, m->path, H5P_DEFAULT);
    hsize_t size[2] = {(hsize_t)m->number, 32};

    H5Dset_extent(dataset, size);
    H5Dclose(dataset);
}

static herr_t resize_member(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
    hsize_t size[2] = {*(const hsize_t *)context, 32};

    (void)info;
    if (dataset >= 0) {
        H5Dset_extent(dataset, size);
        H5Dclose(dataset);
    }
    return 0;
}

static void resize_all(hid_t file, const struct spoiling *m)
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
static void scale_offset(hid_t file, const struct spoiling *m)
{
    hsize_t n = length_of(file, m->path);
    hid_t properties = in_chunks_of(64);

    H5Pset_scaleoffset(properties, H5Z_SO_INT, 0);
    zero(replace(file, m->path, H5T_NATIVE_INT64, 1, &n, properties), H5T_NATIVE_INT64);
    H5Pclose(properties);
}

static void in_huge_chunks(hid_t file, const struct spoiling *m)
{
    hsize_t n = length_of(file, m->path);
    hid_t properties = in_chunks_of((hsize_t)m->number);

    H5Pset_deflate(properties, 1);
    zero(replace(file, m->path, H5T_NATIVE_INT64, 1, &n, properties), H5T_NATIVE_INT64);
    H5Pclose(properties);
}

/* A chunk that unpacks to less, or to other bytes, than its column says: `number` of text. */
static void with_raw_chunk(hid_t file, const struct spoiling *m)
{
    hid_t dataset = H5Dopen2(file, m->path, H5P_DEFAULT);
    hsize_t offset[2] = {0, 0};
    char *bytes = malloc((size_t)m->number + 1);

    memset(bytes, m->text[0], (size_t)m->number);
    H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, offset, (size_t)m->number, bytes);
    free(bytes);
    H5Dclose(dataset);
}

static void never_written(hid_t file, const struct spoiling *m)
{
    hsize_t n = length_of(file, m->path);

    H5Dclose(replace(file, m->path, H5T_NATIVE_INT64, 1, &n, H5P_DEFAULT));
}

static void in_another_file(hid_t file, const struct spoiling *m)
{
    hsize_t n = length_of(file, m->path);
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);

    H5Pset_external(properties, m->text, 0, H5F_UNLIMITED);
    H5Dclose(replace(file, m->path, H5T_NATIVE_INT64, 1, &n, properties));
    H5Pclose(properties);
}

static void as_virtual(hid_t file, const struct spoiling *m)
{
    hsize_t n = length_of(file, m->path);
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &n, NULL);

    H5Pset_virtual(properties, space, m->text, "/x", space);
    H5Dclose(replace(file, m->path, H5T_NATIVE_INT64, 1, &n, properties));
    H5Sclose(space);
    H5Pclose(properties);
}

/* ---- names and attributes */

static void delete (hid_t file, const struct spoiling *m)
{
    H5Ldelete(file, m->path, H5P_DEFAULT);
}

static void as_soft_link(hid_t file, const struct spoiling *m)
{
    H5Ldelete(file, m->path, H5P_DEFAULT);
    H5Lcreate_soft(m->text, file, m->path, H5P_DEFAULT, H5P_DEFAULT);
}

static void as_external_link(hid_t file, const struct spoiling *m)
{
    H5Ldelete(file, m->path, H5P_DEFAULT);
    H5Lcreate_external(m->text, "/x", file, m->path, H5P_DEFAULT, H5P_DEFAULT);
}

static void as_other_column(hid_t file, const struct spoiling *m)
{
    H5Ldelete(file, m->path, H5P_DEFAULT);
    H5Lcreate_hard(file, m->text, file, m->path, H5P_DEFAULT, H5P_DEFAULT);
}

/* An attribute of `number` integers, all of them 1; none where that is 0. */
static void with_integers(hid_t file, const struct spoiling *m)
{
    hsize_t n = (hsize_t)m->number;
    hid_t object = H5Oopen(file, m->path, H5P_DEFAULT), space, attribute;
    int64_t *values = malloc((size_t)(n + 1) * sizeof *values);

    for (hsize_t i = 0; i < n; i++)
        values[i] = 1;
    H5Adelete(object, m->text);
    if (n > 0) {
        space = H5Screate_simple(1, &n, NULL);
        attribute = H5Acreate2(object, m->text, H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT);
        H5Awrite(attribute, H5T_NATIVE_INT64, values);
        H5Aclose(attribute);
        H5Sclose(space);
    }
    free(values);
    H5Oclose(object);
}

/* An attribute that is the one integer. */
static void with_integer(hid_t file, const struct spoiling *m)
{
    hid_t object = H5Oopen(file, m->path, H5P_DEFAULT);
    hid_t attribute = H5Aopen(object, m->text, H5P_DEFAULT);

    H5Awrite(attribute, H5T_NATIVE_INT64, &m->number);
    H5Aclose(attribute);
    H5Oclose(object);
}

static void with_text_attribute(hid_t file, const struct spoiling *m)
{
    static const char *const text = "x";
    hid_t object = H5Oopen(file, m->path, H5P_DEFAULT), type = text_type();
    hid_t space = H5Screate(H5S_SCALAR), attribute;

    H5Adelete(object, m->text);
    attribute = H5Acreate2(object, m->text, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, &text);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
    H5Oclose(object);
}

/* Marks a column of the summary, or another member, as varied. */
static void mark_varied(hid_t file, const struct spoiling *m)
{
    hid_t object = H5Oopen(file, m->path, H5P_DEFAULT), space = H5Screate(H5S_SCALAR);

    H5Aclose(H5Acreate2(object, "varied", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    H5Oclose(object);
}

/* A varied column of numbers under another name. */
static void rename_varied(hid_t file, const struct spoiling *m)
{
    H5Lmove(file, m->path, file, m->text, H5P_DEFAULT, H5P_DEFAULT);
}

static void as_scalar_text(hid_t file, const struct spoiling *m)
{
    hid_t type = text_type(), dataset = replace(file, m->path, type, 0, NULL, H5P_DEFAULT);

    if (m->text)
        H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &m->text);
    H5Dclose(dataset);
    H5Tclose(type);
}

static void as_two_texts(hid_t file, const struct spoiling *m)
{
    static const char *const texts[] = {"a", "b"};
    hsize_t two = 2;
    hid_t type = text_type(), dataset = replace(file, m->path, type, 1, &two, H5P_DEFAULT);

    H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts);
    H5Dclose(dataset);
    H5Tclose(type);
}

/* ---- bytes of heaps, where texts stand: their objects follow each other by the sizes they state
 */

#define HEAP_SIGNATURE "GCOL\1"
#define FIRST_OBJECT 16 /* bytes behind it: index u16, 6 more, size u64 */

/* The heap of the provenance, which is the first, or all the others. */
static void spoil_heaps(hid_t file, const struct spoiling *m, uint64_t index, uint64_t size)
{
    bool is_first = strncmp(m->path, "/provenance", strlen("/provenance")) == 0;
    char name[4096];
    FILE *stream;
    size_t n_heaps = 0;

    H5Fget_name(file, name, sizeof name);
    stream = fopen(name, "r+b");
    for (long at = 0; stream && at >= 0; at++) {
        char bytes[sizeof HEAP_SIGNATURE - 1];

        if (fseek(stream, at, SEEK_SET) || fread(bytes, 1, sizeof bytes, stream) != sizeof bytes)
            break;
        if (memcmp(bytes, HEAP_SIGNATURE, sizeof bytes) != 0 || (n_heaps++ == 0) != is_first)
            continue;
        fseek(stream, at + FIRST_OBJECT, SEEK_SET);
        fwrite(&index, 1, 2, stream);
        fseek(stream, 6, SEEK_CUR);
        fwrite(&size, 1, sizeof size, stream);
    }
    if (stream)
        fclose(stream);
}

/* A free object that leads nowhere, at which HDF5 would stand for ever. */
static void without_size(hid_t file, const struct spoiling *m)
{
    spoil_heaps(file, m, 0, 0);
}

/* A used one that leads back, or beyond the end. */
static void with_size(hid_t file, const struct spoiling *m)
{
    spoil_heaps(file, m, 1, (uint64_t)m->number);
}

/* ---- the table */

#define MOST INT64_MAX
#define LEAST INT64_MIN

const struct spoiling spoilings_of_paper[] = {
    /* the file and who wrote it */
    {"format_array", with_integers, "/", 3000, "gridbourse_result",
     "gridbourse_result of / is not one"},
    {"format_text", with_text_attribute, "/", 0, "gridbourse_result",
     "gridbourse_result of / is not one"},
    {"format_missing", with_integers, "/", 0, "gridbourse_result", "not a gridbourse result"},
    {"format_later", with_integer, "/", 99, "gridbourse_result", "of format 99"},
    {"provenance_missing", delete, "/provenance", 0, NULL, "/provenance is missing"},
    {"provenance_dataset", as_scalar, "/provenance", 0, NULL, "/provenance is no group"},
    {"provenance_link", as_soft_link, "/provenance", 0, "/provenance", "/provenance is a link"},
    {"start_days_array", with_integers, "/provenance", 50, "start_days",
     "start_days of /provenance is not one"},
    {"start_days_text", with_text_attribute, "/provenance", 0, "start_days",
     "start_days of /provenance is not one"},
    {"start_days_missing", with_integers, "/provenance", 0, "start_days",
     "start_days of /provenance is missing"},
    {"start_days_most", with_integer, "/provenance", MOST, "start_days", "days since 1970-01-01"},
    {"start_days_least", with_integer, "/provenance", LEAST, "start_days", "days since 1970-01-01"},
    {"version_null", as_scalar_text, "/provenance/version", 0, NULL, "/provenance/version"},
    {"version_number", as_scalar, "/provenance/version", 0, NULL,
     "/provenance/version is not one text"},
    {"version_two", as_two_texts, "/provenance/version", 0, NULL,
     "/provenance/version is not one text"},
    {"version_escape", as_scalar_text, "/provenance/version", 0, "\033[31m",
     "/provenance/version holds control"},
    {"scenario_missing", delete, "/provenance/scenario", 0, NULL,
     "/provenance/scenario is missing"},
    {"scenario_bell", as_scalar_text, "/provenance/scenario", 0, "format: 1\a",
     "/provenance/scenario holds control"},
    {"scenario_no_utf8", as_scalar_text, "/provenance/scenario", 0, "\xff\xfe", "no UTF-8"},
    {"scenario_c1", as_scalar_text, "/provenance/scenario", 0, "\xc2\x9b",
     "/provenance/scenario holds control"},
    {"libm_external", as_external_link, "/provenance/libm", 0, "/etc/hostname",
     "/provenance/libm is a link"},
    /* the summary: types, shapes, storage */
    {"summary_missing", delete, "/summary", 0, NULL, "/summary is missing"},
    {"summary_dataset", as_scalar, "/summary", 0, NULL, "/summary is no group"},
    {"trial_missing", delete, "/summary/trial", 0, NULL, "/summary/trial is missing"},
    {"n_meters_missing", delete, "/summary/n_meters", 0, NULL, "/summary/n_meters is missing"},
    {"n_meters_double", as_double, "/summary/n_meters", 0, NULL, "expected signed 64-bit integers"},
    {"n_meters_short", as_short, "/summary/n_meters", 0, NULL, "expected signed 64-bit integers"},
    {"n_meters_unsigned", as_unsigned, "/summary/n_meters", 0, NULL,
     "expected signed 64-bit integers"},
    {"n_meters_text", as_text, "/summary/n_meters", 0, NULL, "expected signed 64-bit integers"},
    {"n_meters_compound", as_compound, "/summary/n_meters", 0, NULL,
     "expected signed 64-bit integers"},
    {"n_meters_group", as_group, "/summary/n_meters", 0, NULL, "/summary/n_meters is no dataset"},
    {"n_meters_square", as_square, "/summary/n_meters", 0, NULL,
     "/summary/n_meters has another shape"},
    {"n_meters_scalar", as_scalar, "/summary/n_meters", 0, NULL,
     "/summary/n_meters has another shape"},
    {"n_meters_nothing", as_nothing, "/summary/n_meters", 0, NULL,
     "/summary/n_meters has another shape"},
    {"gini_float", as_float, "/summary/gini", 0, NULL, "expected 64-bit floating-point"},
    {"trial_2e9_rows", resize, "/summary/trial", INT64_C(2000000000), NULL,
     "/summary/trial claims 2000000000 rows"},
    {"trial_2_to_60_rows", resize, "/summary/trial", INT64_C(1) << 60, NULL,
     "/summary/trial claims"},
    {"trial_no_rows", resize, "/summary/trial", 0, NULL, "/summary/trial has 0 rows"},
    {"all_no_rows", resize_all, "/summary", 0, NULL, NULL},
    {"cost_never_written", never_written, "/summary/cost", 0, NULL,
     "/summary/cost claims 1 rows, but 0 bytes"},
    {"cost_contiguous", as_contiguous, "/summary/cost", 0, NULL, NULL},
    {"cost_big_endian", turn_round, "/summary/cost", 0, NULL, NULL},
    {"cost_scale_offset", scale_offset, "/summary/cost", 0, NULL, "through the filter 6"},
    {"cost_huge_chunk", in_huge_chunks, "/summary/cost", INT64_C(1) << 20, NULL,
     "in chunks of more than"},
    {"cost_external", in_another_file, "/summary/cost", 0, "/etc/hostname",
     "from other files or datasets"},
    {"cost_virtual", as_virtual, "/summary/cost", 0, "/etc/hostname",
     "from other files or datasets"},
    {"cost_soft_loop", as_soft_link, "/summary/cost", 0, "/summary/cost",
     "/summary/cost is a link"},
    {"cost_external_link", as_external_link, "/summary/cost", 0, "no-such-file.h5",
     "/summary/cost is a link"},
    /* the summary: values */
    {"trial_negative", set_first, "/summary/trial", -1, NULL,
     "/summary/trial in row 0 is -1; expected 0 to"},
    {"seed_negative", spoil_fill, "/summary/seed", -1, NULL, "/summary/seed in row 0 is -1"},
    {"slot_0", spoil_fill, "/summary/slot_ns", 0, NULL,
     "/summary/slot_ns in row 0 is 0; expected 1 to 86400000000000"},
    {"slot_least", spoil_fill, "/summary/slot_ns", LEAST, NULL, "/summary/slot_ns in row 0"},
    {"retail_least", spoil_fill, "/summary/retail", LEAST, NULL, "/summary/retail in row 0"},
    {"feed_in_most", spoil_fill, "/summary/feed_in", MOST, NULL, "/summary/feed_in in row 0"},
    {"n_meters_negative", spoil_fill, "/summary/n_meters", -3, NULL,
     "/summary/n_meters in row 0 is -3"},
    {"n_meters_huge", spoil_fill, "/summary/n_meters", INT64_C(1) << 62, NULL,
     "/summary/n_meters in row 0"},
    {"n_meters_7", spoil_fill, "/summary/n_meters", 7, NULL, "of which /summary counts 7"},
    {"n_slots_huge", spoil_fill, "/summary/n_slots", INT64_C(1) << 61, NULL,
     "n_slots times slot_ns"},
    {"n_slots_least", spoil_fill, "/summary/n_slots", LEAST, NULL, "/summary/n_slots in row 0"},
    {"n_slots_2", spoil_fill, "/summary/n_slots", 2, NULL, "of which /summary counts 2"},
    {"n_missed_2", spoil_fill, "/summary/n_missed_slots", 2, NULL,
     "n_missed_slots exceeds n_slots"},
    {"n_losing_9", spoil_fill, "/summary/n_users_losing", 9, NULL,
     "n_users_losing exceeds n_meters"},
    {"n_orders_9", spoil_fill, "/summary/n_orders", 9, NULL,
     "/orders has 8 rows of trial 0, of which /summary counts 9"},
    {"n_trades_0", spoil_fill, "/summary/n_trades", 0, NULL, "of which /summary counts 0"},
    {"n_blocks_most", spoil_fill, "/summary/n_blocks", MOST / 2, NULL, "/blocks has"},
    {"traded_most", spoil_fill, "/summary/traded_wh", MOST, NULL, "/summary/traded_wh in row 0"},
    {"traded_at_tariff", spoil_fill, "/summary/traded_wh", MOST / 4, NULL,
     "traded_wh at the tariff"},
    {"import_negative", spoil_fill, "/summary/import_wh", -1, NULL,
     "/summary/import_wh in row 0 is -1"},
    {"saving_least", spoil_fill, "/summary/saving", LEAST, NULL, "/summary/saving in row 0"},
    {"saving_pct_infinite", spoil_fill_infinity, "/summary/saving_pct", 1, NULL,
     "/summary/saving_pct in row 0 is infinite"},
    {"gini_minus_infinite", spoil_fill_infinity, "/summary/gini", -1, NULL,
     "/summary/gini in row 0 is infinite"},
    {"gini_nan", spoil_fill_infinity, "/summary/gini", 0, NULL, NULL},
    /* tables */
    {"users_missing", delete, "/users", 0, NULL, "/users is missing beside /slots"},
    {"slots_missing", delete, "/slots", 0, NULL, "/slots is missing beside /users"},
    {"trades_link", as_soft_link, "/trades", 0, "/orders", "/trades is a link"},
    {"users_trial_missing", delete, "/users/trial", 0, NULL, "/users/trial is missing"},
    {"users_trial_least", spoil_fill, "/users/trial", LEAST, NULL,
     "expected the trials of /summary"},
    {"users_trial_1", set_last, "/users/trial", 1, NULL, "/users/trial is 1 in row 7"},
    {"users_trial_first", set_first, "/users/trial", 7, NULL, "/users/trial is 7 in row 0"},
    {"users_trial_short", resize, "/users/trial", 3, NULL, "/users/trial has 3 rows"},
    {"users_cost_short", resize, "/users/cost", 3, NULL, "/users/cost 3"},
    {"users_cost_long", resize, "/users/cost", 9, NULL, "/users/cost 9"},
    {"users_2_to_40", resize_all, "/users", INT64_C(1) << 40, NULL, "claims 1099511627776 rows"},
    {"users_no_rows", resize_all, "/users", 0, NULL, "/users has 0 rows of trial 0"},
    {"meter_most", spoil_fill, "/users/meter", UINT32_MAX, NULL,
     "/users/meter in row 0 is 4294967295; expected a meter"},
    {"meter_8", set_last, "/users/meter", 8, NULL, "expected a meter of its trial, 0 to 7"},
    {"meter_twice", set_last, "/users/meter", 6, NULL, "/users/meter in row 7 is 6; expected 7"},
    {"meter_signed", as_contiguous, "/users/meter", 0, NULL, "expected unsigned 32-bit integers"},
    {"user_cost_least", spoil_fill, "/users/cost", LEAST, NULL, "/users/cost in row 0"},
    {"user_cost_sum", spoil_fill, "/users/cost", MOST / 4, NULL,
     "/users/cost adds up to more than 64 bits"},
    {"user_load_negative", spoil_fill, "/users/load_wh", -1, NULL, "/users/load_wh in row 0 is -1"},
    {"name_long", fill_long_text, "/users/name", 100000, NULL,
     "/users/name holds a text of more than 31 bytes"},
    {"name_32", fill_long_text, "/users/name", 32, NULL,
     "/users/name holds a text of more than 31 bytes"},
    {"name_31", fill_long_text, "/users/name", 31, NULL, NULL},
    {"name_escape", fill_text, "/users/name", 0, "\033[2J", "/users/name holds control characters"},
    {"name_latin", fill_text, "/users/name", 0, "M\xfcller", "no UTF-8 in row 0"},
    {"name_surrogate", fill_text, "/users/name", 0, "\xed\xa0\x80", "/users/name holds"},
    {"name_shell", fill_text, "/users/name", 0, "\"`id`$(id)'", NULL},
    {"name_empty", fill_text, "/users/name", 0, "", NULL},
    {"name_fixed", as_fixed_text, "/users/name", 0, NULL, "expected texts of any length"},
    {"name_numbers", as_contiguous, "/users/name", 0, NULL, "expected texts of any length"},
    {"slot_interval_2_to_62", spoil_fill, "/slots/interval", INT64_C(1) << 62, NULL,
     "/slots/interval in row 0"},
    {"slot_interval_1", spoil_fill, "/slots/interval", 1, NULL,
     "expected a slot of its trial, 0 to 0"},
    {"slot_time_1", spoil_fill, "/slots/time", 1, NULL, "where its slot begins"},
    {"slot_status_2", spoil_fill, "/slots/status", 2, NULL,
     "/slots/status in row 0 is 2; expected 0 to 1 (delivered missed)"},
    {"slot_status_signed", as_signed_byte, "/slots/status", 0, NULL, "expected unsigned bytes"},
    {"slot_status_enum", as_enum, "/slots/status", 0, NULL, "expected unsigned bytes"},
    {"slot_status_array", as_array, "/slots/status", 0, NULL, "expected unsigned bytes"},
    {"slot_load_as_time", as_other_column, "/slots/load_wh", 0, "/slots/status",
     "expected signed 64-bit integers"},
    {"order_interval", spoil_fill, "/orders/interval", -1, NULL,
     "/orders/interval in row 0 is -1; expected a slot"},
    {"order_meter", spoil_fill, "/orders/meter", 8, NULL,
     "/orders/meter in row 0 is 8; expected a meter"},
    {"order_side_9", spoil_fill, "/orders/side", 9, NULL,
     "/orders/side in row 0 is 9; expected 0 to 1 (buy sell)"},
    {"order_type_2", spoil_fill, "/orders/type", 2, NULL, "(limit market)"},
    {"order_source_200", spoil_fill, "/orders/source", 200, NULL,
     "/orders/source in row 0 is 200; expected 0 to 4"},
    {"order_status_255", spoil_fill, "/orders/status", 255, NULL, "/orders/status in row 0 is 255"},
    {"order_number_twice", spoil_fill, "/orders/number", 0, NULL, "have the number 0"},
    {"order_quantity_least", spoil_fill, "/orders/quantity_wh", LEAST, NULL,
     "/orders/quantity_wh in row 0"},
    {"order_quantity_2_twh", spoil_fill, "/orders/quantity_wh", INT64_C(2000000000000), NULL,
     "expected 0 to 1000000000000"},
    {"order_price_least", spoil_fill, "/orders/price", LEAST, NULL, "/orders/price in row 0"},
    {"order_reserve_most", spoil_fill, "/orders/reserve", MOST, NULL, "/orders/reserve in row 0"},
    {"order_beta_2", spoil_fill, "/orders/beta", 2000000, NULL,
     "/orders/beta in row 0 is 2000000; expected 0 to 1000000"},
    {"order_sent_never", spoil_fill, "/orders/sent", LEAST, NULL, NULL},
    {"order_sent_most", spoil_fill, "/orders/sent", MOST, NULL, "/orders/sent in row 0"},
    {"order_height_negative", spoil_fill, "/orders/height", -1, NULL, "/orders/height in row 0"},
    {"order_matched_more", spoil_fill, "/orders/matched_wh", INT64_C(900000000), NULL,
     "matched_wh exceeds quantity_wh"},
    {"trade_round_0", spoil_fill, "/trades/round", 0, NULL,
     "/trades/round in row 0 is 0; expected 1 to"},
    {"trade_seller", spoil_fill, "/trades/seller", UINT32_MAX, NULL,
     "/trades/seller in row 0 is 4294967295; expected a meter"},
    {"trade_seller_other", set_first, "/trades/seller", 2, NULL, "meter 2 has no such sell order"},
    {"trade_sell_order", spoil_fill, "/trades/sell_order", UINT32_MAX, NULL,
     "has no such sell order in slot 0"},
    {"trade_sell_order_buys", set_first, "/trades/sell_order", 5, NULL,
     "has no such sell order in slot 0"},
    {"trade_buy_order", set_last, "/trades/buy_order", 77, NULL, "has no such buy order in slot 0"},
    {"trade_source_5", spoil_fill, "/trades/source", 5, NULL, "/trades/source in row 0 is 5"},
    {"trade_status_3", spoil_fill, "/trades/status", 3, NULL, "/trades/status in row 0 is 3"},
    {"trade_energy_negative", spoil_fill, "/trades/energy_wh", -1, NULL,
     "/trades/energy_wh in row 0"},
    {"trade_price_most", spoil_fill, "/trades/price_buy", MOST, NULL, "/trades/price_buy in row 0"},
    {"block_height_twice", spoil_fill, "/blocks/height", 1, NULL,
     "/blocks/height in row 1 is 1; expected more than 1"},
    {"block_hash_narrow", as_narrow_hash, "/blocks/hash", 0, NULL,
     "expected a column of 32 values a row"},
    {"meter_read_2", spoil_fill, "/meters/is_read", 2, NULL,
     "/meters/is_read in row 0 is 2; expected 0 to 1 (no yes)"},
    {"meter_cell_twice", set_last, "/meters/meter", 0, NULL,
     "/meters in row 7 is meter 0 in slot 0"},
    {"meter_net_negative", spoil_fill, "/meters/metered_wh", -5, NULL, NULL},
    {"meter_rows_short", resize_all, "/meters", 5, NULL,
     "/meters has 5 rows of trial 0, of which /summary counts 8"},
    /* bytes below HDF5's own */
    {"heap_of_version_ends", without_size, "/provenance/version", 0, NULL,
     "the heap that /provenance/version refers to is damaged"},
    {"heap_of_version_turns", with_size, "/provenance/version", -16, NULL,
     "the heap that /provenance/version refers to is damaged"},
    {"heap_of_version_leaves", with_size, "/provenance/version", 5000, NULL,
     "the heap that /provenance/version refers to is damaged"},
    {"heap_of_names_ends", without_size, "/users/name", 0, NULL,
     "the heap that /users/name refers to is damaged"},
    {"raw_chunk_no_deflate", with_raw_chunk, "/users/cost", 100, "x", "/users/cost cannot be read"},
    {"raw_chunk_of_names", with_raw_chunk, "/users/name", 64, "\377", "/users/name cannot be read"},
    {NULL, NULL, NULL, 0, NULL, NULL}};

const struct spoiling spoilings_of_sweep[] = {
    {"sweep_trial_twice", spoil_fill, "/summary/trial", 0, NULL,
     "/summary/trial in row 1 is 0; expected more than 0"},
    {"sweep_trial_descends", set_last, "/summary/trial", 0, NULL, "/summary/trial in row 13 is 0"},
    {"sweep_trial_first_most", set_first, "/summary/trial", MOST, NULL,
     "/summary/trial in row 1 is 1"},
    {"sweep_users_trial", spoil_fill, "/users/trial", 5, NULL, "/users has 0 rows of trial 0"},
    {"sweep_users_descend", set_last, "/users/trial", 0, NULL, "/users/trial is 0 in row"},
    {"sweep_beta_nan", spoil_fill_infinity, "/summary/market.beta", 0, NULL,
     "/summary/market.beta in row 0 is no finite"},
    {"sweep_beta_infinite", spoil_fill_infinity, "/summary/market.beta", 1, NULL,
     "is no finite number"},
    {"sweep_beta_short", resize, "/summary/market.beta", 1, NULL,
     "/summary/market.beta has 1 rows"},
    {"sweep_beta_long", resize, "/summary/market.beta", 100, NULL,
     "/summary/market.beta has 100 rows"},
    {"sweep_books_escape", fill_text, "/summary/market.books", 0, "\033]0;x",
     "/summary/market.books holds control"},
    {"sweep_books_long", fill_long_text, "/summary/market.books", 70000, NULL,
     "/summary/market.books holds a text of more"},
    {"sweep_books_empty", fill_text, "/summary/market.books", 0, "", NULL},
    {"sweep_cost_varied", mark_varied, "/summary/cost", 0, NULL,
     "/summary/cost is marked as varied"},
    {"sweep_key_escape", rename_varied, "/summary/market.beta", 0, "/summary/\033[1m",
     "is marked as varied"},
    {"sweep_key_other", rename_varied, "/summary/market.beta", 0, "/summary/%s%n", NULL},
    {"sweep_beta_link", as_soft_link, "/summary/market.beta", 0, "/summary/market.books", NULL},
    {"sweep_beta_loop", as_soft_link, "/summary/market.beta", 0, "/summary/market.beta", NULL},
    {NULL, NULL, NULL, 0, NULL, NULL}};

/* Writing a sample takes longer than all the rest: it is written once and copied. */
static bool copy_sample(const char *whole, const char *path, bool is_sweep)
{
    FILE *from = fopen(whole, "rb"), *to;
    char bytes[65536];
    size_t n;

    if (!from) {
        if (sample_write(whole, is_sweep ? sample_sweep : sample_paper,
                         is_sweep ? SPOILT_TRIALS : 1,
                         is_sweep ? GB_OUTPUT_MARKET : GB_OUTPUT_METERS, NULL) != GB_OK)
            return false;
        from = fopen(whole, "rb");
    }
    to = fopen(path, "wb");
    while (from && to && (n = fread(bytes, 1, sizeof bytes, from)) > 0)
        fwrite(bytes, 1, n, to);
    bool ok = from && to && !ferror(from);
    if (from)
        fclose(from);
    return to && fclose(to) == 0 && ok;
}

bool spoil(const char *path, const char *whole, const struct spoiling *way, bool is_sweep)
{
    hid_t file;

    if (!copy_sample(whole, path, is_sweep))
        return false;
    file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    if (file < 0)
        return false;
    way->apply(file, way);
    return H5Fclose(file) >= 0;
}
