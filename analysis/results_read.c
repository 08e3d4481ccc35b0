/* Reading a result: the summary and the provenance when it is opened, the rows of one trial when
 * they are asked for. A table's trials stand in ascending order, so those of one are found by
 * bisection. */
#include "analysis/results.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "analysis/hdf5_priv.h"
#include "analysis/schema.h"
#include "sim/number.h"

struct gb_results {
    char *path;
    hid_t file;
    size_t n_trials;
    struct gb_summary_row *summary;
    size_t n_varied;
    char **keys, **values;              /* values: n_trials a key */
    struct gb_provenance provenance;
    uint8_t head[GB_RESULT_HEAD_SIZE];
    char *libm;
    int64_t *trials[GB_N_TABLES];       /* the trial column of a table, read on first use */
    size_t n_rows[GB_N_TABLES];
};

static enum gb_status damaged(const struct gb_results *results, const char *what,
                              struct gb_error *err)
{
    return gb_fail(err, GB_EFILE,
                   "'%s' is a damaged or incomplete gridbourse result: cannot read %s",
                   results->path, what);
}

/* ---- columns into rows */

/* Length of a column, or -1 where it is not there or not of the shape it should have. */
static int64_t column_length(hid_t column, unsigned width)
{
    hid_t space = H5Dget_space(column);
    hsize_t size[2] = {0, 0};
    int rank = width ? 2 : 1;
    bool ok = space >= 0 && H5Sget_simple_extent_ndims(space) == rank &&
              H5Sget_simple_extent_dims(space, size, NULL) == rank && (!width || size[1] == width);

    if (space >= 0)
        H5Sclose(space);
    return ok ? (int64_t)size[0] : -1;
}

/* Reads values [first, first + n) of a column into `values`. */
static bool read_values(hid_t column, hid_t type, unsigned width, size_t first, size_t n,
                        void *values)
{
    hsize_t start[2] = {first, 0}, count[2] = {n, width};
    hid_t file_space, memory_space;
    bool ok;

    if (column_length(column, width) < (int64_t)(first + n))
        return false;
    if (n == 0)
        return true;
    file_space = H5Dget_space(column);
    memory_space = H5Screate_simple(width ? 2 : 1, count, NULL);
    ok = H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
         H5Dread(column, type, memory_space, file_space, H5P_DEFAULT, values) >= 0;
    H5Sclose(memory_space);
    H5Sclose(file_space);
    return ok;
}

static bool read_names(hid_t column, const struct gb_field *field, const struct gb_schema *schema,
                       size_t first, size_t n, char *rows)
{
    hid_t type = gb_hdf5_text_type();
    char **texts = calloc(n + 1, sizeof *texts);
    bool ok = texts && read_values(column, type, 0, first, n, texts);

    for (size_t i = 0; ok && i < n; i++)
        snprintf(rows + i * schema->row_size + field->offset, GB_NAME_SIZE, "%s",
                 texts[i] ? texts[i] : "");
    for (size_t i = 0; ok && i < n; i++)
        H5free_memory(texts[i]);
    free(texts);
    H5Tclose(type);
    return ok;
}

static bool read_field(hid_t group, const struct gb_field *field, const struct gb_schema *schema,
                       size_t first, size_t n, char *rows, char *scratch)
{
    unsigned width = field->kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0;
    size_t size = gb_field_size(field->kind);
    hid_t column = H5Dopen2(group, field->name, H5P_DEFAULT);
    bool ok = column >= 0;

    if (ok && field->kind == GB_FIELD_NAME)
        ok = read_names(column, field, schema, first, n, rows);
    else if (ok) {
        ok = read_values(column, gb_hdf5_memory_type(field->kind), width, first, n, scratch);
        for (size_t i = 0; ok && i < n; i++)
            memcpy(rows + i * schema->row_size + field->offset, scratch + i * size, size);
    }
    if (column >= 0)
        H5Dclose(column);
    return ok;
}

static enum gb_status read_rows(struct gb_results *results, enum gb_table table, size_t first,
                                size_t n, void **out, struct gb_error *err)
{
    const struct gb_schema *schema = &gb_schemas[table];
    char *rows = calloc(n + 1, schema->row_size);
    char *scratch = malloc((n + 1) * GB_HASH_BYTES);
    hid_t group = H5Gopen2(results->file, schema->group, H5P_DEFAULT);
    const struct gb_field *field = schema->fields;
    enum gb_status status = GB_OK;
    char what[96];

    if (!rows || !scratch)
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu rows of '%s'", n, results->path);
    for (; status == GB_OK && field->name; field++)
        if (group < 0 || !read_field(group, field, schema, first, n, rows, scratch)) {
            snprintf(what, sizeof what, "/%s/%s", schema->group, field->name);
            status = damaged(results, what, err);
        }
    if (group >= 0)
        H5Gclose(group);
    free(scratch);
    if (status == GB_OK)
        *out = rows;
    else
        free(rows);
    return status;
}

/* A whole column as fresh int64s; NULL where it cannot be read. */
static int64_t *read_integers(hid_t file, const char *path, size_t *n)
{
    hid_t column = H5Dopen2(file, path, H5P_DEFAULT);
    int64_t length = column < 0 ? -1 : column_length(column, 0);
    int64_t *values = length < 0 ? NULL : malloc(((size_t)length + 1) * sizeof *values);

    if (values && !read_values(column, H5T_NATIVE_INT64, 0, 0, (size_t)length, values)) {
        free(values);
        values = NULL;
    }
    if (column >= 0)
        H5Dclose(column);
    *n = values ? (size_t)length : 0;
    return values;
}

/* ---- varied keys */

static bool read_varied_column(const struct gb_results *results, hid_t column, char **values)
{
    hid_t text = gb_hdf5_text_type(), type = H5Dget_type(column);
    bool is_text = H5Tget_class(type) == H5T_STRING, ok;
    double *numbers = calloc(results->n_trials + 1, sizeof *numbers);
    char **texts = calloc(results->n_trials + 1, sizeof *texts);

    ok = numbers && texts &&
         read_values(column, is_text ? text : H5T_NATIVE_DOUBLE, 0, 0, results->n_trials,
                     is_text ? (void *)texts : (void *)numbers);
    for (size_t i = 0; ok && i < results->n_trials; i++) {
        char number[40];

        if (!is_text)
            gb_number_format(numbers[i], number, sizeof number);
        values[i] = strdup(is_text ? texts[i] : number);
        H5free_memory(texts[i]);
        ok = values[i] != NULL;
    }
    free(texts);
    free(numbers);
    H5Tclose(type);
    H5Tclose(text);
    return ok;
}

static herr_t keep_varied(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    struct gb_results *results = context;
    hid_t column = H5Dopen2(group, name, H5P_DEFAULT);
    bool ok = column >= 0;

    (void)info;
    if (ok && H5Aexists(column, "varied") > 0) {
        size_t k = results->n_varied++;
        char **keys = realloc(results->keys, results->n_varied * sizeof *keys);
        char **values = realloc(results->values,
                                (results->n_varied * results->n_trials + 1) * sizeof *values);

        results->keys = keys ? keys : results->keys;
        results->values = values ? values : results->values;
        ok = keys && values;
        if (ok) {
            memset(values + k * results->n_trials, 0, results->n_trials * sizeof *values);
            keys[k] = strdup(name);
            ok = keys[k] && read_varied_column(results, column, values + k * results->n_trials);
        } else
            results->n_varied--;
    }
    if (column >= 0)
        H5Dclose(column);
    return ok ? 0 : -1;
}

/* ---- provenance */

static bool holds_one_value(hid_t dataset)
{
    hid_t space = H5Dget_space(dataset);
    bool ok = space >= 0 && H5Sget_simple_extent_npoints(space) == 1;

    if (space >= 0)
        H5Sclose(space);
    return ok;
}

/* A scalar text as a fresh string, or NULL. */
static char *read_text(hid_t file, const char *path)
{
    hid_t dataset = H5Dopen2(file, path, H5P_DEFAULT), type = gb_hdf5_text_type();
    char *value = NULL, *copy = NULL;

    if (dataset >= 0 && holds_one_value(dataset) &&
        H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) >= 0 && value)
        copy = strdup(value);
    H5free_memory(value);
    H5Tclose(type);
    if (dataset >= 0)
        H5Dclose(dataset);
    return copy;
}

/* The head of a single run's chain, where there is one: hex digits in the file. */
static void read_head(struct gb_results *results)
{
    char *hex = H5Lexists(results->file, "/provenance/head", H5P_DEFAULT) > 0
                    ? read_text(results->file, "/provenance/head") : NULL;
    size_t n = 0;

    if (hex && sodium_hex2bin(results->head, sizeof results->head, hex, strlen(hex), NULL, &n,
                              NULL) == 0 && n == sizeof results->head)
        results->provenance.head = results->head;
    free(hex);
}

static enum gb_status read_provenance(struct gb_results *results, struct gb_error *err)
{
    struct gb_provenance *provenance = &results->provenance;
    long long start_days = 0;

    provenance->version = read_text(results->file, "/provenance/version");
    provenance->revision = read_text(results->file, "/provenance/revision");
    provenance->scenario = read_text(results->file, "/provenance/scenario");
    results->libm = read_text(results->file, "/provenance/libm");
    if (H5Lexists(results->file, "/provenance/sweep", H5P_DEFAULT) > 0)
        provenance->sweep = read_text(results->file, "/provenance/sweep");
    if (!provenance->version || !provenance->revision || !provenance->scenario || !results->libm ||
        H5LTget_attribute_long_long(results->file, "/provenance", "start_days", &start_days) < 0)
        return damaged(results, "/provenance", err);
    provenance->start_days = start_days;
    read_head(results);
    return GB_OK;
}

/* ---- the file */

static enum gb_status open_file(struct gb_results *results, struct gb_error *err)
{
    FILE *file = fopen(results->path, "rb");
    long long format = 0;

    if (!file)
        return gb_fail(err, GB_EFILE, "cannot open the result '%s': %s", results->path,
                       strerror(errno));
    fclose(file);
    if (H5Fis_hdf5(results->path) <= 0)
        return gb_fail(err, GB_EFILE, "'%s' is not an HDF5 file", results->path);
    results->file = H5Fopen(results->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (results->file < 0)
        return gb_fail(err, GB_EFILE, "'%s' is a damaged or truncated HDF5 file", results->path);
    if (H5LTfind_attribute(results->file, GB_RESULT_FORMAT_NAME) <= 0)
        return gb_fail(err, GB_EFILE, "'%s' is an HDF5 file but not a gridbourse result",
                       results->path);
    if (H5LTget_attribute_long_long(results->file, "/", GB_RESULT_FORMAT_NAME, &format) < 0 ||
        format != GB_RESULT_FORMAT)
        return gb_fail(err, GB_EFILE, "'%s' is a gridbourse result of format %lld; this program "
                       "reads format %d", results->path, format, GB_RESULT_FORMAT);
    return GB_OK;
}

static enum gb_status read_summary(struct gb_results *results, struct gb_error *err)
{
    void *rows = NULL;
    hid_t group;
    herr_t walked = -1;
    enum gb_status status;

    results->trials[GB_TABLE_SUMMARY] = read_integers(results->file, "/summary/trial",
                                                      &results->n_trials);
    if (!results->trials[GB_TABLE_SUMMARY])
        return damaged(results, "/summary/trial", err);
    status = read_rows(results, GB_TABLE_SUMMARY, 0, results->n_trials, &rows, err);
    if (status != GB_OK)
        return status;
    results->summary = rows;
    group = H5Gopen2(results->file, "/summary", H5P_DEFAULT);
    if (group >= 0) {
        walked = H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, keep_varied, results);
        H5Gclose(group);
    }
    return walked < 0 ? damaged(results, "the varied keys", err) : GB_OK;
}

/* Opens the file and reads who wrote it; gb_results_close takes it back even after a failure. */
static enum gb_status open_written(struct gb_results **out, const char *path, struct gb_error *err)
{
    struct gb_results *results = *out = calloc(1, sizeof *results);

    if (!results)
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", path);
    results->file = -1;
    if (!(results->path = strdup(path)))
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", path);
    gb_hdf5_silence();
    enum gb_status status = open_file(results, err);
    return status == GB_OK ? read_provenance(results, err) : status;
}

bool gb_results_is_one(const char *path)
{
    struct gb_results *results = NULL;
    struct gb_error why = {0};
    bool is_one = open_written(&results, path, &why) == GB_OK;

    gb_results_close(results);
    return is_one;
}

bool gb_results_head(const char *path, uint8_t head[GB_RESULT_HEAD_SIZE])
{
    struct gb_results *results = NULL;
    struct gb_error why = {0};
    bool has_head = open_written(&results, path, &why) == GB_OK && results->provenance.head;

    if (has_head)
        memcpy(head, results->head, GB_RESULT_HEAD_SIZE);
    gb_results_close(results);
    return has_head;
}

enum gb_status gb_results_open(struct gb_results **out, const char *path, struct gb_error *err)
{
    struct gb_results *results = NULL;
    enum gb_status status = open_written(&results, path, err);

    if (status == GB_OK)
        status = read_summary(results, err);
    if (status != GB_OK) {
        gb_results_close(results);
        return status;
    }
    *out = results;
    return GB_OK;
}

void gb_results_close(struct gb_results *results)
{
    if (!results)
        return;
    for (size_t i = 0; i < results->n_varied * results->n_trials; i++)
        free(results->values[i]);
    for (size_t k = 0; k < results->n_varied; k++)
        free(results->keys[k]);
    free(results->values);
    free(results->keys);
    for (int table = 0; table < GB_N_TABLES; table++)
        free(results->trials[table]);
    free((char *)results->provenance.version);
    free((char *)results->provenance.revision);
    free((char *)results->provenance.scenario);
    free((char *)results->provenance.sweep);
    free(results->libm);
    free(results->summary);
    if (results->file >= 0)
        H5Fclose(results->file);
    free(results->path);
    free(results);
}

size_t gb_results_n_trials(const struct gb_results *results)
{
    return results->n_trials;
}

const struct gb_summary_row *gb_results_summary(const struct gb_results *results)
{
    return results->summary;
}

const struct gb_summary_row *gb_results_trial(const struct gb_results *results, uint64_t trial)
{
    for (size_t i = 0; i < results->n_trials; i++)
        if (results->summary[i].trial == trial)
            return &results->summary[i];
    return NULL;
}

bool gb_results_has(const struct gb_results *results, enum gb_table table)
{
    return H5Lexists(results->file, gb_schemas[table].group, H5P_DEFAULT) > 0;
}

/* First row of a table whose trial is not below `trial`: trials stand in ascending order. */
static size_t first_row(const struct gb_results *results, enum gb_table table, uint64_t trial)
{
    size_t low = 0, high = results->n_rows[table];

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if ((uint64_t)results->trials[table][middle] < trial)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum gb_status gb_results_rows(struct gb_results *results, enum gb_table table, uint64_t trial,
                               void **rows, size_t *n, struct gb_error *err)
{
    char path[64];
    size_t first, last;
    void *items = NULL;
    enum gb_status status = GB_OK;

    if (!gb_results_has(results, table))
        return gb_fail(err, GB_EINPUT,
                       "'%s' holds no /%s: it was written with output.level: summary",
                       results->path, gb_schemas[table].group);
    snprintf(path, sizeof path, "/%s/trial", gb_schemas[table].group);
    if (table == GB_TABLE_SUMMARY)
        results->n_rows[table] = results->n_trials;
    else if (!results->trials[table])
        results->trials[table] = read_integers(results->file, path, &results->n_rows[table]);
    if (!results->trials[table])
        return damaged(results, path, err);
    first = first_row(results, table, trial);
    last = first_row(results, table, trial + 1);
    if (last > first)
        status = read_rows(results, table, first, last - first, &items, err);
    if (status == GB_OK) {
        *rows = items;
        *n = last - first;
    }
    return status;
}

size_t gb_results_n_varied(const struct gb_results *results)
{
    return results->n_varied;
}

const char *gb_results_varied_key(const struct gb_results *results, size_t k)
{
    return results->keys[k];
}

const char *gb_results_varied_value(const struct gb_results *results, size_t k, size_t i)
{
    return results->values[k * results->n_trials + i];
}

const struct gb_provenance *gb_results_provenance(const struct gb_results *results)
{
    return &results->provenance;
}

const char *gb_results_libm(const struct gb_results *results)
{
    return results->libm;
}
