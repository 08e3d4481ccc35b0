#include "analysis/results.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analysis/fingerprint.h"
#include "analysis/hdf5_priv.h"
#include "analysis/schema.h"

#define MAX_FIELDS 80
#define MEMORY_STEP (1 << 20)           /* bytes by which the file grows in memory */
#define COMPRESSION 1                   /* deflate level: behind shuffle, 1 nearly equals 4 */

/* A table on its way to the file: rows wait in `rows` until a chunk is full. */
struct table {
    hid_t group, dimension, trial;      /* trial: -1 in /summary, where it is a field */
    hid_t columns[MAX_FIELDS];
    hsize_t n_written;
    size_t n_waiting;
    char *rows;
    int64_t *trials;
};

struct gb_results_writer {
    char *path, *part;
    int part_file;                      /* of .part, open from the start: a bad path shows at once */
    hid_t file;                         /* in memory until it is complete */
    hid_t group_properties;
    struct table *tables[GB_N_TABLES];
    char *scratch;                      /* one chunk of one column */
    char time_unit[64];
    uint64_t last_trial;
    size_t n_trials;
    size_t n_varied, n_values;          /* n_values = n_trials * n_varied */
    char **keys, **values;
    bool failed;                        /* an HDF5 call failed; `reason` says why */
    char reason[256];
};

/* ---- failures: the first one is kept, later calls on bad handles do no harm */

static bool keep(struct gb_results_writer *writer, bool ok)
{
    if (!ok && !writer->failed) {
        writer->failed = true;
        gb_hdf5_reason(writer->reason, sizeof writer->reason);
    }
    return ok;
}

static hid_t opened(struct gb_results_writer *writer, hid_t id)
{
    keep(writer, id >= 0);
    return id;
}

static void did(struct gb_results_writer *writer, herr_t status)
{
    keep(writer, status >= 0);
}

static void ran_out_of_memory(struct gb_results_writer *writer)
{
    if (!writer->failed)
        snprintf(writer->reason, sizeof writer->reason, "%s", gb_status_text(GB_ENOMEM));
    writer->failed = true;
}

static enum gb_status outcome(const struct gb_results_writer *writer, struct gb_error *err)
{
    return writer->failed ? gb_fail(err, GB_EFILE, "cannot write the result '%s': %s", writer->path,
                                    writer->reason)
                          : GB_OK;
}

static enum gb_status fail_system(const struct gb_results_writer *writer, struct gb_error *err)
{
    return gb_fail(err, GB_EFILE, "cannot write the result '%s': %s", writer->path,
                   strerror(errno));
}

/* ---- attributes and columns */

static void put_attribute(struct gb_results_writer *writer, hid_t object, const char *name,
                          hid_t file_type, hid_t memory_type, size_t n, const void *values)
{
    hsize_t size = n;
    hid_t space = opened(writer, n == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &size, NULL));
    hid_t attribute = opened(writer, H5Acreate2(object, name, file_type, space, H5P_DEFAULT,
                                                H5P_DEFAULT));

    did(writer, H5Awrite(attribute, memory_type, values));
    H5Aclose(attribute);
    H5Sclose(space);
}

static void put_text(struct gb_results_writer *writer, hid_t object, const char *name,
                     const char *text)
{
    hid_t type = gb_hdf5_text_type();

    put_attribute(writer, object, name, type, type, 0, &text);
    H5Tclose(type);
}

static void put_number(struct gb_results_writer *writer, hid_t object, const char *name,
                       double value)
{
    put_attribute(writer, object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &value);
}

/* An extensible column of `width` values a row (0: plain 1-D), empty, with its unit and sentence. */
static hid_t create_column(struct gb_results_writer *writer, hid_t group, const char *name,
                           hid_t type,
                           unsigned width, const char *unit, const char *long_name)
{
    hsize_t size[2] = {0, width}, most[2] = {H5S_UNLIMITED, width}, chunk[2] =
        {GB_RESULT_CHUNK, width};
    int rank = width ? 2 : 1;
    hid_t space = opened(writer, H5Screate_simple(rank, size, most));
    hid_t properties = opened(writer, H5Pcreate(H5P_DATASET_CREATE));
    hid_t column;

    did(writer, H5Pset_chunk(properties, rank, chunk));
    did(writer, H5Pset_shuffle(properties));
    did(writer, H5Pset_deflate(properties, COMPRESSION));
    did(writer, H5Pset_obj_track_times(properties, 0));
    did(writer, H5Pset_attr_creation_order(properties,
                                           H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
    column = opened(writer, H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties,
                                       H5P_DEFAULT));
    H5Pclose(properties);
    H5Sclose(space);
    put_text(writer, column, "units", unit);
    put_text(writer, column, "long_name", long_name);
    return column;
}

/* The values and meanings of a flag's words. */
static void put_flags(struct gb_results_writer *writer, hid_t column, const char *words)
{
    uint8_t values[UINT8_MAX + 1];
    size_t n = 1;

    for (const char *at = words; *at; at++)
        n += *at == ' ';
    for (size_t i = 0; i < n; i++)
        values[i] = (uint8_t)i;
    put_attribute(writer, column, "flag_values", H5T_STD_U8LE, H5T_NATIVE_UINT8, n, values);
    put_text(writer, column, "flag_meanings", words);
}

static hid_t create_field(struct gb_results_writer *writer, hid_t group,
                          const struct gb_field *field)
{
    hid_t text = gb_hdf5_text_type();
    hid_t type = field->kind == GB_FIELD_NAME ? text : gb_hdf5_file_type(field->kind);
    unsigned width = field->kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0;
    const char *unit = field->kind == GB_FIELD_TIME ? writer->time_unit : field->unit;
    hid_t column = create_column(writer, group, field->name, type, width, unit, field->long_name);
    int64_t no_time = GB_NO_TIME;

    H5Tclose(text);
    if (gb_field_scale(field->kind) != 1.0)
        put_number(writer, column, "scale_factor", gb_field_scale(field->kind));
    if (field->kind == GB_FIELD_NUMBER)
        put_number(writer, column, "_FillValue", NAN);
    if (field->kind == GB_FIELD_TIME) {
        put_text(writer, column, "calendar", "proleptic_gregorian");
        put_attribute(writer, column, "_FillValue", H5T_STD_I64LE, H5T_NATIVE_INT64, 1, &no_time);
    }
    if (field->words)
        put_flags(writer, column, field->words);
    return column;
}

/* A dimension that has a length and no values, as netCDF-4 writes one. */
static hid_t create_dimension(struct gb_results_writer *writer, hid_t group, const char *name,
                              hsize_t size, const char *long_name)
{
    char title[64];
    hid_t scale;

    snprintf(title, sizeof title, "This is a netCDF dimension but not a netCDF variable.%10d",
             (int)size);
    scale = create_column(writer, group, name, H5T_IEEE_F32BE, 0, "1", long_name);
    if (size > 0)
        did(writer, H5Dset_extent(scale, &size));
    did(writer, H5DSset_scale(scale, title));
    return scale;
}

static hid_t create_group(struct gb_results_writer *writer, const char *name, const char *long_name)
{
    hid_t group = opened(writer, H5Gcreate2(writer->file, name, H5P_DEFAULT,
                                            writer->group_properties, H5P_DEFAULT));

    put_text(writer, group, "long_name", long_name);
    return group;
}

/* ---- tables */

static void free_table(struct table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < MAX_FIELDS; i++)
        if (table->columns[i] > 0)
            H5Dclose(table->columns[i]);
    if (table->trial > 0)
        H5Dclose(table->trial);
    if (table->dimension > 0)
        H5Dclose(table->dimension);
    if (table->group > 0)
        H5Gclose(table->group);
    free(table->rows);
    free(table->trials);
    free(table);
}

static void create_columns(struct gb_results_writer *writer, enum gb_table which,
                           struct table *table)
{
    const struct gb_field *fields = gb_schemas[which].fields;

    for (size_t i = 0; fields[i].name; i++) {
        hid_t column = create_field(writer, table->group, &fields[i]);

        assert(i < MAX_FIELDS);
        table->columns[i] = column;
        if (which == GB_TABLE_SUMMARY && i == 0)
            did(writer, H5DSset_scale(column, "trial"));
        else
            did(writer, H5DSattach_scale(
                            column, which == GB_TABLE_SUMMARY ? table->columns[0] : table->dimension, 0));
        if (fields[i].kind == GB_FIELD_HASH) {
            hid_t bytes = create_dimension(writer, table->group, "byte", GB_HASH_BYTES,
                                           "byte of a hash");

            did(writer, H5DSattach_scale(column, bytes, 1));
            H5Dclose(bytes);
        }
    }
}

static void create_table(struct gb_results_writer *writer, enum gb_table which)
{
    const struct gb_schema *schema = &gb_schemas[which];
    struct table *table = calloc(1, sizeof *table);

    if (table) {
        table->rows = malloc(GB_RESULT_CHUNK * schema->row_size);
        table->trials = malloc(GB_RESULT_CHUNK * sizeof *table->trials);
    }
    if (!table || !table->rows || !table->trials) {
        free_table(table);
        ran_out_of_memory(writer);
        return;
    }
    writer->tables[which] = table;
    table->group = create_group(writer, schema->group, schema->sentence);
    if (which != GB_TABLE_SUMMARY) {
        table->dimension = create_dimension(writer, table->group, "row", 0, schema->sentence);
        table->trial = create_column(writer, table->group, "trial", H5T_STD_I64LE, 0, "1",
                                     "number of the trial");
        did(writer, H5DSattach_scale(table->trial, table->dimension, 0));
    }
    create_columns(writer, which, table);
}

/* Extends a column to first + n rows and writes the last n. */
static void write_rows(struct gb_results_writer *writer, hid_t column, hid_t type, unsigned width,
                       hsize_t first, hsize_t n, const void *values)
{
    hsize_t size[2] = {first + n, width}, start[2] = {first, 0}, count[2] = {n, width};
    hid_t file_space, memory_space;

    did(writer, H5Dset_extent(column, size));
    if (n == 0)
        return;
    file_space = opened(writer, H5Dget_space(column));
    memory_space = opened(writer, H5Screate_simple(width ? 2 : 1, count, NULL));
    did(writer, H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, count, NULL));
    did(writer, H5Dwrite(column, type, memory_space, file_space, H5P_DEFAULT, values));
    H5Sclose(memory_space);
    H5Sclose(file_space);
}

static void flush_field(struct gb_results_writer *writer, const struct table *table, hid_t column,
                        const struct gb_schema *schema, const struct gb_field *field)
{
    size_t size = gb_field_size(field->kind);
    const char *from = table->rows + field->offset;
    hid_t text = gb_hdf5_text_type();
    hid_t type = field->kind == GB_FIELD_NAME ? text : gb_hdf5_memory_type(field->kind);

    for (size_t i = 0; i < table->n_waiting; i++, from += schema->row_size)
        if (field->kind == GB_FIELD_NAME)
            memcpy(writer->scratch + i * sizeof from, &from, sizeof from);
        else
            memcpy(writer->scratch + i * size, from, size);
    write_rows(writer, column, type, field->kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0,
               table->n_written, table->n_waiting, writer->scratch);
    H5Tclose(text);
}

static void flush_table(struct gb_results_writer *writer, enum gb_table which)
{
    const struct gb_schema *schema = &gb_schemas[which];
    struct table *table = writer->tables[which];

    if (!table || table->n_waiting == 0 || writer->failed)
        return;
    for (size_t i = 0; schema->fields[i].name; i++)
        flush_field(writer, table, table->columns[i], schema, &schema->fields[i]);
    if (which != GB_TABLE_SUMMARY) {
        hsize_t size = table->n_written + table->n_waiting;

        did(writer, H5Dset_extent(table->dimension, &size));
        write_rows(writer, table->trial, H5T_NATIVE_INT64, 0, table->n_written, table->n_waiting,
                   table->trials);
    }
    table->n_written += table->n_waiting;
    table->n_waiting = 0;
}

static void add_rows(struct gb_results_writer *writer, const struct gb_record *record,
                     enum gb_table which)
{
    size_t size = gb_schemas[which].row_size;
    const char *rows = gb_record_rows(record, which);

    if (!writer->tables[which])
        create_table(writer, which);
    for (size_t i = 0; i < gb_record_n_rows(record, which) && !writer->failed; i++) {
        struct table *table = writer->tables[which];

        memcpy(table->rows + table->n_waiting * size, rows + i * size, size);
        table->trials[table->n_waiting] = (int64_t)gb_record_trial(record);
        if (++table->n_waiting == GB_RESULT_CHUNK)
            flush_table(writer, which);
    }
}

/* ---- varied keys: columns of /summary, written last, when it is known whether all are numbers */

static bool add_text(char ***texts, size_t *n, const char *text)
{
    char *copy = strdup(text);
    char **more = copy ? realloc(*texts, (*n + 1) * sizeof *more) : NULL;

    if (!more) {
        free(copy);
        return false;
    }
    more[(*n)++] = copy;
    *texts = more;
    return true;
}

static enum gb_status add_varied(struct gb_results_writer *writer, const struct gb_record *record,
                                 struct gb_error *err)
{
    size_t n = gb_record_n_varied(record), n_keys = 0;
    bool ok = true;

    if (writer->n_trials == 0) {
        for (size_t k = 0; ok && k < n; k++)
            ok = add_text(&writer->keys, &n_keys, gb_record_varied_key(record, k));
        writer->n_varied = n_keys;
    }
    if (ok && n != writer->n_varied)
        return gb_fail(err, GB_EINPUT, "trial %" PRIu64 " varies %zu keys, the trials before it %zu",
                       gb_record_trial(record), n, writer->n_varied);
    for (size_t k = 0; ok && k < n; k++) {
        if (strcmp(writer->keys[k], gb_record_varied_key(record, k)) != 0)
            return gb_fail(err, GB_EINPUT, "trial %" PRIu64 " varies '%s', the trials before it '%s'",
                           gb_record_trial(record), gb_record_varied_key(record,
                                                                         k), writer->keys[k]);
        ok = add_text(&writer->values, &writer->n_values, gb_record_varied_value(record, k));
    }
    return ok ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for the varied keys of the trials");
}

static bool is_number(const char *text, double *value)
{
    char *end;

    if (strspn(text, "+-.0123456789eE") != strlen(text))
        return false;
    *value = strtod(text, &end);
    return end != text && *end == '\0';
}

static void write_varied(struct gb_results_writer *writer, size_t k)
{
    const struct table *summary = writer->tables[GB_TABLE_SUMMARY];
    double *numbers = calloc(writer->n_trials, sizeof *numbers);
    const char **texts = calloc(writer->n_trials, sizeof *texts);
    hid_t text = gb_hdf5_text_type();
    bool all_numbers = true;
    hid_t column;

    if (!numbers || !texts) {
        ran_out_of_memory(writer);
        goto done;
    }
    for (size_t i = 0; i < writer->n_trials; i++) {
        texts[i] = writer->values[i * writer->n_varied + k];
        all_numbers = all_numbers && is_number(texts[i], &numbers[i]);
    }
    column = create_column(writer, summary->group, writer->keys[k],
                           all_numbers ? H5T_IEEE_F64LE : text, 0, "1",
                           "varied key of the scenario, in the unit of its row");
    put_number(writer, column, "varied", (double)k);
    did(writer, H5DSattach_scale(column, summary->columns[0], 0));
    write_rows(writer, column, all_numbers ? H5T_NATIVE_DOUBLE : text, 0, 0, writer->n_trials,
               all_numbers ? (const void *)numbers : (const void *)texts);
    H5Dclose(column);
done:
    H5Tclose(text);
    free(numbers);
    free(texts);
}

/* ---- provenance */

static void write_scalar_text(struct gb_results_writer *writer, hid_t group, const char *name,
                              const char *value, const char *long_name)
{
    hid_t type = gb_hdf5_text_type();
    hid_t space = opened(writer, H5Screate(H5S_SCALAR));
    hid_t properties = opened(writer, H5Pcreate(H5P_DATASET_CREATE));
    hid_t dataset;

    did(writer, H5Pset_obj_track_times(properties, 0));
    did(writer, H5Pset_attr_creation_order(properties,
                                           H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
    dataset = opened(writer, H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties,
                                        H5P_DEFAULT));
    did(writer, H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value));
    put_text(writer, dataset, "units", "1");
    put_text(writer, dataset, "long_name", long_name);
    H5Dclose(dataset);
    H5Pclose(properties);
    H5Sclose(space);
    H5Tclose(type);
}

static void write_provenance(struct gb_results_writer *writer, const struct gb_provenance *from)
{
    hid_t group = create_group(writer, "provenance", "what made this file");
    char libm[GB_LIBM_FINGERPRINT_SIZE];

    gb_libm_fingerprint(libm);
    write_scalar_text(writer, group, "version", from->version, "version of gridbourse");
    write_scalar_text(writer, group, "revision", from->revision, "revision of its source");
    write_scalar_text(writer, group, "scenario", from->scenario,
                      "complete effective scenario, YAML; it runs again as it is");
    if (from->sweep)
        write_scalar_text(writer, group, "sweep", from->sweep, "complete effective sweep, YAML");
    write_scalar_text(writer, group, "libm", libm,
                      "fingerprint of the mathematical library: equal results need equal ones");
    put_attribute(writer, group, "start_days", H5T_STD_I64LE, H5T_NATIVE_INT64, 1,
                  &from->start_days);
    H5Gclose(group);
}

/* ---- the file */

/* "nanoseconds since 2023-06-01 00:00:00" */
static void format_time_unit(int64_t start_days, char *buffer, size_t size)
{
    time_t seconds = (time_t)(start_days * 86400);
    struct tm date = {0};

    gmtime_r(&seconds, &date);
    strftime(buffer, size, "nanoseconds since %Y-%m-%d 00:00:00", &date);
}

/* The file is made in memory and written in one go: HDF5 does not survive a write that fails (it tries
 * again at exit, and crashes), and the reason of a failure would be lost in it. */
static hid_t create_file(struct gb_results_writer *writer)
{
    hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file;

    did(writer, H5Pset_link_creation_order(creation,
                                           H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
    did(writer, H5Pset_attr_creation_order(creation,
                                           H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
    did(writer, H5Pset_obj_track_times(creation, 0));
    /* Narrower B-trees (H5Pset_istore_k) would save 2 KiB a column, but are noted in an object of
     * HDF5's own that keeps the time of day. */
    did(writer, H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18));
    did(writer, H5Pset_fapl_core(access, MEMORY_STEP, 0));
    file = opened(writer, H5Fcreate(writer->part, H5F_ACC_TRUNC, creation, access));
    H5Pclose(access);
    H5Pclose(creation);
    return file;
}

static void begin_file(struct gb_results_writer *writer, const struct gb_provenance *provenance)
{
    int64_t format = GB_RESULT_FORMAT;

    writer->file = create_file(writer);
    writer->group_properties = opened(writer, H5Pcreate(H5P_GROUP_CREATE));
    did(writer, H5Pset_link_creation_order(writer->group_properties,
                                           H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
    did(writer, H5Pset_attr_creation_order(writer->group_properties,
                                           H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED));
    did(writer, H5Pset_obj_track_times(writer->group_properties, 0));
    put_text(writer, writer->file, "title", "Result of gridbourse");
    put_attribute(writer, writer->file, GB_RESULT_FORMAT_NAME, H5T_STD_I64LE, H5T_NATIVE_INT64, 1,
                  &format);
    write_provenance(writer, provenance);
    create_table(writer, GB_TABLE_SUMMARY);
}

static void close_tables(struct gb_results_writer *writer)
{
    for (int table = 0; table < GB_N_TABLES; table++) {
        free_table(writer->tables[table]);
        writer->tables[table] = NULL;
    }
}

static void close_file(struct gb_results_writer *writer)
{
    close_tables(writer);
    if (writer->group_properties > 0)
        H5Pclose(writer->group_properties);
    writer->group_properties = 0;
    if (writer->file > 0)
        did(writer, H5Fclose(writer->file));
    writer->file = 0;
    if (writer->part_file >= 0)
        close(writer->part_file);
    writer->part_file = -1;
}

static void free_writer(struct gb_results_writer *writer)
{
    close_file(writer);
    for (size_t i = 0; i < writer->n_varied; i++)
        free(writer->keys[i]);
    for (size_t i = 0; i < writer->n_values; i++)
        free(writer->values[i]);
    free(writer->keys);
    free(writer->values);
    free(writer->scratch);
    free(writer->path);
    free(writer->part);
    free(writer);
}

enum gb_status gb_results_create(struct gb_results_writer **out, const char *path,
                                 const struct gb_provenance *provenance, struct gb_error *err)
{
    struct gb_results_writer *writer = calloc(1, sizeof *writer);
    size_t room = strlen(path) + sizeof ".part";
    enum gb_status status;

    if (!writer)
        return gb_fail(err, GB_ENOMEM, "no memory to write the result '%s'", path);
    writer->part_file = -1;
    writer->path = strdup(path);
    writer->part = malloc(room);
    writer->scratch = malloc((size_t)GB_RESULT_CHUNK * GB_HASH_BYTES);
    if (!writer->path || !writer->part || !writer->scratch) {
        free_writer(writer);
        return gb_fail(err, GB_ENOMEM, "no memory to write the result '%s'", path);
    }
    snprintf(writer->part, room, "%s.part", path);
    format_time_unit(provenance->start_days, writer->time_unit, sizeof writer->time_unit);
    writer->part_file = open(writer->part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (writer->part_file < 0) {
        status = fail_system(writer, err);
        free_writer(writer);
        return status;
    }
    gb_hdf5_silence();
    begin_file(writer, provenance);
    status = outcome(writer, err);
    if (status != GB_OK) {
        gb_results_abandon(writer);
        return status;
    }
    *out = writer;
    return GB_OK;
}

enum gb_status gb_results_add(struct gb_results_writer *writer, const struct gb_record *record,
                              struct gb_error *err)
{
    enum gb_status status;
    int n_tables = gb_record_level(record) == GB_OUTPUT_SUMMARY ? 1 : GB_N_TABLES;

    if (gb_record_n_rows(record, GB_TABLE_SUMMARY) != 1)
        return gb_fail(err, GB_EINPUT, "the record of trial %" PRIu64 " has no summary of its own",
                       gb_record_trial(record));
    assert(writer->n_trials == 0 || gb_record_trial(record) > writer->last_trial);
    status = add_varied(writer, record, err);
    if (status != GB_OK)
        return status;
    for (int table = 0; table < n_tables; table++)
        add_rows(writer, record, table);
    writer->last_trial = gb_record_trial(record);
    writer->n_trials++;
    return outcome(writer, err);
}

static bool write_bytes(int file, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t put = write(file, bytes, n);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        bytes += put;
        n -= (size_t)put;
    }
    return true;
}

/* Brings the file from memory to .part, safely on the disk. H5Fget_file_image tells its length; the
 * image it would give has a superblock with a wrong checksum, so the bytes are taken at the source. */
static enum gb_status write_part(struct gb_results_writer *writer, struct gb_error *err)
{
    void *handle = NULL;                /* of the core driver: the address of its pointer */
    ssize_t size;

    did(writer, H5Fflush(writer->file, H5F_SCOPE_GLOBAL));
    size = H5Fget_file_image(writer->file, NULL, 0);
    keep(writer, size > 0);
    did(writer, H5Fget_vfd_handle(writer->file, H5P_DEFAULT, &handle));
    if (writer->failed)
        return outcome(writer, err);
    if (!write_bytes(writer->part_file, *(const char *const *)handle, (size_t)size) ||
        fsync(writer->part_file) < 0)
        return fail_system(writer, err);
    return GB_OK;
}

/* The new name of the file, safely on the disk. */
static void sync_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *directory = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    int file = directory ? open(directory, O_RDONLY | O_CLOEXEC) : -1;

    if (file >= 0) {
        fsync(file);                    /* some file systems refuse this; the file itself is safe */
        close(file);
    }
    free(directory);
}

enum gb_status gb_results_finish(struct gb_results_writer *writer, struct gb_error *err)
{
    enum gb_status status;

    for (int table = 0; table < GB_N_TABLES; table++)
        flush_table(writer, table);
    for (size_t k = 0; !writer->failed && k < writer->n_varied && writer->n_trials > 0; k++)
        write_varied(writer, k);
    close_tables(writer);
    status = outcome(writer, err);
    if (status == GB_OK)
        status = write_part(writer, err);
    if (status == GB_OK && rename(writer->part, writer->path) < 0)
        status = fail_system(writer, err);
    if (status != GB_OK) {
        gb_results_abandon(writer);
        return status;
    }
    sync_directory(writer->path);
    free_writer(writer);
    return GB_OK;
}

void gb_results_abandon(struct gb_results_writer *writer)
{
    if (!writer)
        return;
    close_file(writer);
    unlink(writer->part);
    free_writer(writer);
}

enum gb_status gb_results_from_journal(const char *path, const struct gb_provenance *provenance,
                                       struct gb_journal *journal, struct gb_error *err)
{
    struct gb_results_writer *writer;
    enum gb_status status = gb_results_create(&writer, path, provenance, err);

    if (status != GB_OK)
        return status;
    for (size_t i = 0; status == GB_OK && i < gb_journal_n_records(journal); i++) {
        struct gb_record *record = NULL;

        status = gb_journal_read(journal, i, &record, err);
        if (status == GB_OK)
            status = gb_results_add(writer, record, err);
        gb_record_free(record);
    }
    if (status == GB_OK)
        return gb_results_finish(writer, err);
    gb_results_abandon(writer);
    return status;
}
