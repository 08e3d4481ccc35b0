/* Writing a result: rows gather in chunks, column by column, in a file in memory, which goes to the
 * disk as .part when it is whole and then takes its name. */
#include "analysis/results.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "analysis/fingerprint.h"
#include "analysis/hdf5_priv.h"
#include "analysis/schema.h"
#include "base/array.h"
#include "base/new_file.h"
#include "base/number.h"

#define MAX_FIELDS 160

/* A table on its way to the file: rows wait in `rows` until a chunk is full. */
struct table {
    hid_t group, dimension, trial; /* trial: -1 in /summary, where it is a field */
    hid_t columns[MAX_FIELDS];
    hsize_t n_written;
    size_t n_waiting;
    char *rows;
    int64_t *trials;
};

struct gb_results_writer {
    struct gb_new_file file; /* open from the start: a bad path shows at once */
    struct gb_hdf5_out out;  /* the file, in memory until it is complete */
    struct table *tables[GB_N_TABLES];
    char *scratch; /* one chunk of one column */
    char time_unit[64];
    uint64_t last_trial;
    size_t n_trials;
    size_t n_varied, n_values; /* n_values = n_trials * n_varied */
    char **keys, **values;
};

static enum gb_status outcome(const struct gb_results_writer *writer, struct gb_error *err)
{
    return writer->out.failed ? gb_fail(err, GB_EFILE, "cannot write the result '%s': %s",
                                        writer->file.path, writer->out.reason)
                              : GB_OK;
}

static enum gb_status fail_system(const struct gb_results_writer *writer, struct gb_error *err)
{
    return gb_fail(err, GB_EFILE, "cannot write the result '%s': %s", writer->file.path,
                   strerror(errno));
}

/* The values and meanings of a flag's words. */
static void put_flags(struct gb_results_writer *writer, hid_t column, const struct gb_field *field)
{
    uint8_t values[UINT8_MAX + 1];
    size_t n = gb_field_n_words(field);

    for (size_t i = 0; i < n; i++)
        values[i] = (uint8_t)i;
    gb_hdf5_put(&writer->out, column, "flag_values", H5T_STD_U8LE, H5T_NATIVE_UINT8, n, values);
    gb_hdf5_put_text(&writer->out, column, "flag_meanings", field->words);
}

static hid_t create_field(struct gb_results_writer *writer, hid_t group,
                          const struct gb_field *field)
{
    hid_t text = gb_hdf5_text_type();
    hid_t type = field->kind == GB_FIELD_NAME ? text : gb_hdf5_file_type(field->kind);
    unsigned width = field->kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0;
    const char *unit = field->kind == GB_FIELD_TIME ? writer->time_unit : field->unit;
    hid_t column =
        gb_hdf5_column(&writer->out, group, field->name, type, width, unit, field->long_name);

    H5Tclose(text);
    if (gb_field_scale(field->kind) != 1.0)
        gb_hdf5_put_number(&writer->out, column, "scale_factor", gb_field_scale(field->kind));
    if (field->kind == GB_FIELD_NUMBER)
        gb_hdf5_put_number(&writer->out, column, "_FillValue", NAN);
    if (field->kind == GB_FIELD_TIME)
        gb_hdf5_put_text(&writer->out, column, "calendar", "proleptic_gregorian");
    if (field->missing)
        gb_hdf5_put(&writer->out, column, "_FillValue", type, H5T_NATIVE_INT64, 1, field->missing);
    if (field->words)
        put_flags(writer, column, field);
    return column;
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
        hid_t dimension = which == GB_TABLE_SUMMARY ? table->columns[0] : table->dimension;

        assert(i < MAX_FIELDS);
        table->columns[i] = column;
        if (which == GB_TABLE_SUMMARY && i == 0)
            gb_hdf5_did(&writer->out, H5DSset_scale(column, "trial"));
        else
            gb_hdf5_did(&writer->out, H5DSattach_scale(column, dimension, 0));
        if (fields[i].kind == GB_FIELD_HASH) {
            hid_t bytes = gb_hdf5_dimension(&writer->out, table->group, "byte", GB_HASH_BYTES,
                                            "byte of a hash");

            gb_hdf5_did(&writer->out, H5DSattach_scale(column, bytes, 1));
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
        gb_hdf5_no_memory(&writer->out);
        return;
    }
    writer->tables[which] = table;
    table->group = gb_hdf5_group(&writer->out, schema->group, schema->description);
    if (which != GB_TABLE_SUMMARY) {
        table->dimension =
            gb_hdf5_dimension(&writer->out, table->group, "row", 0, schema->description);
        table->trial = gb_hdf5_column(&writer->out, table->group, "trial", H5T_STD_I64LE, 0, "1",
                                      "number of the trial");
        gb_hdf5_did(&writer->out, H5DSattach_scale(table->trial, table->dimension, 0));
    }
    create_columns(writer, which, table);
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
    gb_hdf5_write_rows(&writer->out, column, type, field->kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0,
                       table->n_written, table->n_waiting, writer->scratch);
    H5Tclose(text);
}

static void flush_table(struct gb_results_writer *writer, enum gb_table which)
{
    const struct gb_schema *schema = &gb_schemas[which];
    struct table *table = writer->tables[which];

    if (!table || table->n_waiting == 0 || writer->out.failed)
        return;
    for (size_t i = 0; schema->fields[i].name; i++)
        flush_field(writer, table, table->columns[i], schema, &schema->fields[i]);
    if (which != GB_TABLE_SUMMARY) {
        hsize_t size = table->n_written + table->n_waiting;

        gb_hdf5_did(&writer->out, H5Dset_extent(table->dimension, &size));
        gb_hdf5_write_rows(&writer->out, table->trial, H5T_NATIVE_INT64, 0, table->n_written,
                           table->n_waiting, table->trials);
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
    for (size_t i = 0; i < gb_record_n_rows(record, which) && !writer->out.failed; i++) {
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
    char **more = copy ? gb_array_resize(*texts, *n + 1, sizeof *more) : NULL;

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
        return gb_fail(err, GB_EINPUT,
                       "trial %" PRIu64 " varies %zu keys, the trials before it %zu",
                       gb_record_trial(record), n, writer->n_varied);
    for (size_t k = 0; ok && k < n; k++) {
        if (strcmp(writer->keys[k], gb_record_varied_key(record, k)) != 0)
            return gb_fail(
                err, GB_EINPUT, "trial %" PRIu64 " varies '%s', the trials before it '%s'",
                gb_record_trial(record), gb_record_varied_key(record, k), writer->keys[k]);
        ok = add_text(&writer->values, &writer->n_values, gb_record_varied_value(record, k));
    }
    return ok ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for the varied keys of the trials");
}

/* Does the number say all that the text says? A file named 01 is another one than 1. */
static bool is_number(const char *text, double *value)
{
    char *end, back[40];

    if (strspn(text, "+-.0123456789eE") != strlen(text))
        return false;
    *value = strtod(text, &end);
    if (end == text || *end != '\0')
        return false;
    gb_number_format(*value, back, sizeof back);
    return strcmp(back, text) == 0;
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
        gb_hdf5_no_memory(&writer->out);
        goto done;
    }
    for (size_t i = 0; i < writer->n_trials; i++) {
        texts[i] = writer->values[i * writer->n_varied + k];
        all_numbers = all_numbers && is_number(texts[i], &numbers[i]);
    }
    column = gb_hdf5_column(&writer->out, summary->group, writer->keys[k],
                            all_numbers ? H5T_IEEE_F64LE : text, 0, "1",
                            "varied key of the scenario, in the unit of its row");
    gb_hdf5_put_number(&writer->out, column, "varied", (double)k);
    gb_hdf5_did(&writer->out, H5DSattach_scale(column, summary->columns[0], 0));
    gb_hdf5_write_rows(&writer->out, column, all_numbers ? H5T_NATIVE_DOUBLE : text, 0, 0,
                       writer->n_trials, all_numbers ? (const void *)numbers : (const void *)texts);
    H5Dclose(column);
done:
    H5Tclose(text);
    free(numbers);
    free(texts);
}

/* ---- provenance */

static void write_provenance(struct gb_results_writer *writer, const struct gb_provenance *from)
{
    hid_t group = gb_hdf5_group(&writer->out, "provenance", "what made this file");
    char libm[GB_LIBM_FINGERPRINT_SIZE], head[2 * GB_RESULT_HEAD_SIZE + 1];

    gb_libm_fingerprint(libm);
    gb_hdf5_scalar_text(&writer->out, group, "version", from->version, "version of gridbourse");
    gb_hdf5_scalar_text(&writer->out, group, "revision", from->revision, "revision of its source");
    gb_hdf5_scalar_text(&writer->out, group, "scenario", from->scenario,
                        "complete effective scenario, YAML; it runs again as it is");
    if (from->sweep)
        gb_hdf5_scalar_text(
            &writer->out, group, "sweep", from->sweep,
            "complete effective sweep, YAML; beside the scenario as scenario.yaml it "
            "runs again as it is");
    if (from->head) {
        sodium_bin2hex(head, sizeof head, from->head, GB_RESULT_HEAD_SIZE);
        gb_hdf5_scalar_text(&writer->out, group, "head", head,
                            "hash of the last block of the run's chain: its ledger ends with it");
    }
    gb_hdf5_scalar_text(&writer->out, group, "libm", libm,
                        "fingerprint of the mathematical library: equal results need equal ones");
    gb_hdf5_put(&writer->out, group, "start_days", H5T_STD_I64LE, H5T_NATIVE_INT64, 1,
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

static void begin_file(struct gb_results_writer *writer, const struct gb_provenance *provenance)
{
    int64_t format = GB_RESULT_FORMAT;

    if (!gb_hdf5_create(&writer->out, writer->file.part))
        return;
    gb_hdf5_put_text(&writer->out, writer->out.file, "title", "Result of gridbourse");
    gb_hdf5_put(&writer->out, writer->out.file, GB_RESULT_FORMAT_NAME, H5T_STD_I64LE,
                H5T_NATIVE_INT64, 1, &format);
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

enum gb_status gb_results_create(struct gb_results_writer **out, const char *path,
                                 const struct gb_provenance *provenance, struct gb_error *err)
{
    struct gb_results_writer *writer = calloc(1, sizeof *writer);
    enum gb_status status;

    if (!writer)
        return gb_fail(err, GB_ENOMEM, "no memory to write the result '%s'", path);
    writer->scratch = malloc((size_t)GB_RESULT_CHUNK * GB_HASH_BYTES);
    status = writer->scratch ? gb_new_file_open_as(&writer->file, path, "result", false, err)
                             : gb_fail(err, GB_ENOMEM, "no memory to write the result '%s'", path);
    format_time_unit(provenance->start_days, writer->time_unit, sizeof writer->time_unit);
    if (status == GB_OK)
        status = gb_hdf5_start(path, err);
    if (status == GB_OK) {
        begin_file(writer, provenance);
        status = outcome(writer, err);
    }
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

    if (gb_record_n_rows(record, GB_TABLE_SUMMARY) != 1)
        return gb_fail(err, GB_EINPUT, "the record of trial %" PRIu64 " has no summary of its own",
                       gb_record_trial(record));
    assert(writer->n_trials == 0 || gb_record_trial(record) > writer->last_trial);
    status = add_varied(writer, record, err);
    if (status != GB_OK)
        return status;
    for (int table = 0; table < GB_N_TABLES; table++)
        if (gb_record_level(record) >= gb_schemas[table].level)
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

/* Brings the file from memory to .part, safely on the disk. */
static enum gb_status write_part(struct gb_results_writer *writer, struct gb_error *err)
{
    size_t size = 0;
    const char *image = gb_hdf5_image(&writer->out, &size);

    if (!image)
        return outcome(writer, err);
    /* past the stream's buffer: the image is one piece */
    if (!write_bytes(fileno(writer->file.stream), image, size))
        return fail_system(writer, err);
    return gb_new_file_seal(&writer->file, err);
}

enum gb_status gb_results_seal(struct gb_results_writer *writer, struct gb_error *err)
{
    for (int table = 0; table < GB_N_TABLES; table++)
        flush_table(writer, table);
    for (size_t k = 0; !writer->out.failed && k < writer->n_varied && writer->n_trials > 0; k++)
        write_varied(writer, k);
    close_tables(writer);
    enum gb_status status = outcome(writer, err);
    return status == GB_OK ? write_part(writer, err) : status;
}

enum gb_status gb_results_publish(struct gb_results_writer *writer, struct gb_error *err)
{
    enum gb_status status = gb_new_file_publish(&writer->file, err);

    gb_results_abandon(writer); /* of a .part that has become the result nothing is left */
    return status;
}

enum gb_status gb_results_finish(struct gb_results_writer *writer, struct gb_error *err)
{
    enum gb_status status = gb_results_seal(writer, err);

    if (status == GB_OK)
        return gb_results_publish(writer, err);
    gb_results_abandon(writer);
    return status;
}

const char *gb_results_writer_path(const struct gb_results_writer *writer)
{
    return writer->file.path;
}

void gb_results_abandon(struct gb_results_writer *writer)
{
    if (!writer)
        return;
    close_tables(writer);
    gb_hdf5_close(&writer->out);
    gb_new_file_abandon(&writer->file);
    for (size_t i = 0; i < writer->n_varied; i++)
        free(writer->keys[i]);
    for (size_t i = 0; i < writer->n_values; i++)
        free(writer->values[i]);
    free(writer->keys);
    free(writer->values);
    free(writer->scratch);
    free(writer);
}

enum gb_status gb_results_from_journal(struct gb_results_writer **out, const char *path,
                                       const struct gb_provenance *provenance,
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
        status = gb_results_seal(writer, err);
    if (status == GB_OK)
        *out = writer;
    else
        gb_results_abandon(writer);
    return status;
}
