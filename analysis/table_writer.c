#include "analysis/table_writer_priv.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/schema.h"

#define MAX_FIELDS 160

struct gb_table_writer {
    struct gb_hdf5_out *out;
    enum gb_table which;
    hid_t group, dimension, trial; /* the last two: -1 in /summary, where trial is a field */
    hid_t columns[MAX_FIELDS];
    hsize_t n_written;
    size_t n_waiting;
    char *rows;      /* waiting, until a chunk is full */
    int64_t *trials; /* of those rows */
    char *values;    /* scratch: one chunk of one column */
};

/* ---- the columns */

/* The values and meanings of a flag's words. */
static void put_flags(struct gb_hdf5_out *out, hid_t column, const struct gb_field *field)
{
    uint8_t values[UINT8_MAX + 1];
    size_t n = gb_field_n_words(field);

    for (size_t i = 0; i < n; i++)
        values[i] = (uint8_t)i;
    gb_hdf5_put(out, column, "flag_values", H5T_STD_U8LE, H5T_NATIVE_UINT8, n, values);
    gb_hdf5_put_text(out, column, "flag_meanings", field->words);
}

/* The unit of a field in this file: "currency/kWh" of the schema as "EUR/kWh". */
static const char *unit_of(const struct gb_field *field, const struct gb_table_units *units,
                           char *buffer, size_t size)
{
    static const char placeholder[] = "currency";
    size_t n = sizeof placeholder - 1;

    if (field->kind == GB_FIELD_TIME)
        return units->time;
    if (strncmp(field->unit, placeholder, n) != 0)
        return field->unit;
    snprintf(buffer, size, "%s%s", units->currency, field->unit + n);
    return buffer;
}

static hid_t create_field(struct gb_hdf5_out *out, hid_t group, const struct gb_table_units *units,
                          const struct gb_field *field)
{
    char buffer[64];
    hid_t text = gb_hdf5_text_type();
    hid_t type = field->kind == GB_FIELD_NAME ? text : gb_hdf5_file_type(field->kind);
    unsigned width = field->kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0;
    const char *unit = unit_of(field, units, buffer, sizeof buffer);
    hid_t column = gb_hdf5_column(out, group, field->name, type, width, unit, field->long_name);

    H5Tclose(text);
    if (gb_field_scale(field->kind) != 1.0)
        gb_hdf5_put_number(out, column, "scale_factor", gb_field_scale(field->kind));
    if (field->kind == GB_FIELD_NUMBER)
        gb_hdf5_put_number(out, column, "_FillValue", NAN);
    if (field->kind == GB_FIELD_TIME)
        gb_hdf5_put_text(out, column, "calendar", "proleptic_gregorian");
    if (field->missing)
        gb_hdf5_put(out, column, "_FillValue", type, H5T_NATIVE_INT64, 1, field->missing);
    if (field->words)
        put_flags(out, column, field);
    return column;
}

/* The second dimension of a column of hashes. */
static void attach_bytes(struct gb_table_writer *table, hid_t column)
{
    hid_t bytes =
        gb_hdf5_dimension(table->out, table->group, "byte", GB_HASH_BYTES, "byte of a hash");

    gb_hdf5_did(table->out, H5DSattach_scale(column, bytes, 1));
    H5Dclose(bytes);
}

static void create_columns(struct gb_table_writer *table, const struct gb_table_units *units)
{
    const struct gb_field *fields = gb_schemas[table->which].fields;
    bool is_summary = table->which == GB_TABLE_SUMMARY;

    for (size_t i = 0; fields[i].name; i++) {
        hid_t column = create_field(table->out, table->group, units, &fields[i]);
        hid_t dimension = is_summary ? table->columns[0] : table->dimension;

        assert(i < MAX_FIELDS);
        table->columns[i] = column;
        if (is_summary && i == 0)
            gb_hdf5_did(table->out, H5DSset_scale(column, "trial"));
        else
            gb_hdf5_did(table->out, H5DSattach_scale(column, dimension, 0));
        if (fields[i].kind == GB_FIELD_HASH)
            attach_bytes(table, column);
    }
}

static void create_dimension(struct gb_table_writer *table)
{
    const char *description = gb_schemas[table->which].description;

    table->dimension = gb_hdf5_dimension(table->out, table->group, "row", 0, description);
    table->trial = gb_hdf5_column(table->out, table->group, "trial", H5T_STD_I64LE, 0, "1",
                                  "number of the trial");
    gb_hdf5_did(table->out, H5DSattach_scale(table->trial, table->dimension, 0));
}

/* ---- life */

struct gb_table_writer *gb_table_writer_create(struct gb_hdf5_out *out, enum gb_table which,
                                               const struct gb_table_units *units)
{
    const struct gb_schema *schema = &gb_schemas[which];
    struct gb_table_writer *table = calloc(1, sizeof *table);

    if (table) {
        table->out = out;
        table->which = which;
        table->rows = malloc(GB_RESULT_CHUNK * schema->row_size);
        table->trials = malloc(GB_RESULT_CHUNK * sizeof *table->trials);
        table->values = malloc((size_t)GB_RESULT_CHUNK * GB_HASH_BYTES);
    }
    if (!table || !table->rows || !table->trials || !table->values) {
        gb_table_writer_free(table);
        gb_hdf5_no_memory(out);
        return NULL;
    }
    table->group = gb_hdf5_group(out, schema->group, schema->description);
    if (which != GB_TABLE_SUMMARY)
        create_dimension(table);
    create_columns(table, units);
    return table;
}

void gb_table_writer_free(struct gb_table_writer *table)
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
    free(table->values);
    free(table->rows);
    free(table->trials);
    free(table);
}

hid_t gb_table_writer_group(const struct gb_table_writer *table)
{
    return table->group;
}

hid_t gb_table_writer_trials(const struct gb_table_writer *table)
{
    assert(table->which == GB_TABLE_SUMMARY);
    return table->columns[0];
}

/* ---- rows */

static void flush_field(struct gb_table_writer *table, hid_t column, const struct gb_field *field)
{
    size_t size = gb_field_size(field->kind), row_size = gb_schemas[table->which].row_size;
    const char *from = table->rows + field->offset;
    hid_t text = gb_hdf5_text_type();
    hid_t type = field->kind == GB_FIELD_NAME ? text : gb_hdf5_memory_type(field->kind);

    for (size_t i = 0; i < table->n_waiting; i++, from += row_size)
        if (field->kind == GB_FIELD_NAME)
            memcpy(table->values + i * sizeof from, &from, sizeof from);
        else
            memcpy(table->values + i * size, from, size);
    gb_hdf5_write_rows(table->out, column, type, field->kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0,
                       table->n_written, table->n_waiting, table->values);
    H5Tclose(text);
}

void gb_table_writer_flush(struct gb_table_writer *table)
{
    const struct gb_field *fields = gb_schemas[table->which].fields;

    if (table->n_waiting == 0 || table->out->failed)
        return;
    for (size_t i = 0; fields[i].name; i++)
        flush_field(table, table->columns[i], &fields[i]);
    if (table->which != GB_TABLE_SUMMARY) {
        hsize_t size = table->n_written + table->n_waiting;

        gb_hdf5_did(table->out, H5Dset_extent(table->dimension, &size));
        gb_hdf5_write_rows(table->out, table->trial, H5T_NATIVE_INT64, 0, table->n_written,
                           table->n_waiting, table->trials);
    }
    table->n_written += table->n_waiting;
    table->n_waiting = 0;
}

void gb_table_writer_add(struct gb_table_writer *table, uint64_t trial, const void *row)
{
    size_t size = gb_schemas[table->which].row_size;

    memcpy(table->rows + table->n_waiting * size, row, size);
    table->trials[table->n_waiting] = (int64_t)trial;
    if (++table->n_waiting == GB_RESULT_CHUNK)
        gb_table_writer_flush(table);
}
