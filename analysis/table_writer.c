#include "analysis/table_writer_priv.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/hdf5_chunk_priv.h"
#include "analysis/hdf5_scale_priv.h"
#include "analysis/schema.h"
#include "base/array.h"

#define ROWS_UNPACKED 256 /* beyond that a packed chunk and its tree take less */

struct gb_table_writer {
    struct gb_hdf5_out *out;
    enum gb_table which;
    const struct gb_table_units *units;
    hid_t group;
    struct gb_hdf5_shape shape; /* once there are columns */
    hid_t trial;                /* -1 in /summary, where it is a field */
    hid_t columns[GB_MAX_FIELDS];
    struct gb_hdf5_scale rows_scale, bytes_scale;
    hsize_t n_written;
    struct gb_table_page waiting;
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

static hid_t create_field(struct gb_table_writer *table, const struct gb_field *field)
{
    struct gb_hdf5_out *out = table->out;
    struct gb_hdf5_shape shape = table->shape;
    hid_t type = field->kind == GB_FIELD_NAME ? out->text : gb_hdf5_file_type(field->kind);
    char buffer[64];
    const char *unit = unit_of(field, table->units, buffer, sizeof buffer);

    shape.width = field->kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0;
    hid_t column =
        gb_hdf5_column(out, table->group, &shape, field->name, type, unit, field->long_name);
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

static void attach(struct gb_table_writer *table, hid_t column)
{
    struct gb_hdf5_scale *scale = &table->rows_scale;

    gb_hdf5_scales_attach(&scale, 1, table->out, column);
}

/* A column of hashes has a second dimension. */
static void attach_hash(struct gb_table_writer *table, hid_t column)
{
    struct gb_hdf5_scale *scales[] = {&table->rows_scale, &table->bytes_scale};

    gb_hdf5_scale_begin_empty(&table->bytes_scale, table->out, table->group, "byte", GB_HASH_BYTES,
                              false, "byte of a hash");
    gb_hdf5_scales_attach(scales, 2, table->out, column);
}

/* One value of each of n rows, behind each other. The sizes of numbers are told apart so that each
 * is one move: a call for every value of a result shows. */
static void gather(char *to, const char *from, size_t row_size, size_t n, size_t size)
{
    switch (size) {
    case sizeof(uint64_t):
        for (size_t i = 0; i < n; i++)
            memcpy(to + i * sizeof(uint64_t), from + i * row_size, sizeof(uint64_t));
        break;
    case sizeof(uint32_t):
        for (size_t i = 0; i < n; i++)
            memcpy(to + i * sizeof(uint32_t), from + i * row_size, sizeof(uint32_t));
        break;
    case sizeof(uint8_t):
        for (size_t i = 0; i < n; i++)
            to[i] = from[i * row_size];
        break;
    default:
        for (size_t i = 0; i < n; i++)
            memcpy(to + i * size, from + i * row_size, size);
    }
}

static void gather_texts(char *to, const char *from, size_t row_size, size_t n)
{
    for (size_t i = 0; i < n; i++, from += row_size)
        memcpy(to + i * sizeof from, &from, sizeof from);
}

/* Numbers of the rows of a page. */
static void write_numbers(struct gb_table_writer *table, const struct gb_table_page *page,
                          hid_t column, enum gb_field_kind kind, const void *values)
{
    if (page->n > 0 && page->n == table->shape.chunk)
        gb_hdf5_write_chunk(table->out, column, kind, table->n_written, page->n, values);
    else
        gb_hdf5_write_rows(table->out, column, gb_hdf5_memory_type(kind),
                           kind == GB_FIELD_HASH ? GB_HASH_BYTES : 0, table->n_written, page->n,
                           values);
}

static void write_field(struct gb_table_writer *table, const struct gb_table_page *page,
                        hid_t column, const struct gb_field *field)
{
    size_t row_size = gb_schemas[table->which].row_size;
    const char *from = page->n > 0 ? page->rows + field->offset : NULL;

    if (field->kind == GB_FIELD_NAME) {
        gather_texts(page->values, from, row_size, page->n);
        gb_hdf5_write_rows(table->out, column, table->out->text, 0, table->n_written, page->n,
                           page->values);
    } else {
        gather(page->values, from, row_size, page->n, gb_field_size(field->kind));
        write_numbers(table, page, column, field->kind, page->values);
    }
}

static void write_trials(struct gb_table_writer *table, const struct gb_table_page *page)
{
    write_numbers(table, page, table->trial, GB_FIELD_INTEGER, page->trials);
}

/* The dimension of the rows, and the column that says whose they are. */
static void create_dimension(struct gb_table_writer *table, const struct gb_table_page *page)
{
    gb_hdf5_scale_begin_empty(&table->rows_scale, table->out, table->group, "row", table->shape.n,
                              table->shape.grows, gb_schemas[table->which].description);
    table->trial = gb_hdf5_column(table->out, table->group, &table->shape, "trial", H5T_STD_I64LE,
                                  "1", "number of the trial");
    attach(table, table->trial);
    write_trials(table, page);
}

static void attach_field(struct gb_table_writer *table, size_t i, const struct gb_field *field)
{
    if (table->which == GB_TABLE_SUMMARY && i == 0)
        gb_hdf5_scale_begin(&table->rows_scale, table->out, table->columns[i], "trial");
    else if (field->kind == GB_FIELD_HASH)
        attach_hash(table, table->columns[i]);
    else
        attach(table, table->columns[i]);
}

/* With the first rows, which wait: they fill a chunk, and others may follow, or they are all. What
 * will not grow is closed at once, but for the first column, which may be a scale: an open dataset
 * takes memory. */
static void create_columns(struct gb_table_writer *table, const struct gb_table_page *page)
{
    const struct gb_field *fields = gb_schemas[table->which].fields;
    bool grows = page->n == GB_RESULT_CHUNK;

    table->shape = (struct gb_hdf5_shape){.n = page->n, .grows = grows};
    if (page->n > ROWS_UNPACKED)
        table->shape.chunk = page->n;
    if (grows)
        gb_hdf5_expect_growth(table->out);
    if (table->which != GB_TABLE_SUMMARY)
        create_dimension(table, page);
    for (size_t i = 0; fields[i].name && !table->out->failed; i++) {
        table->columns[i] = create_field(table, &fields[i]);
        attach_field(table, i, &fields[i]);
        write_field(table, page, table->columns[i], &fields[i]);
        if (!grows && i > 0) {
            gb_hdf5_did(table->out, H5Dclose(table->columns[i]));
            table->columns[i] = 0;
        }
    }
}

/* ---- life */

static hid_t create_group(struct gb_hdf5_out *out, const struct gb_schema *schema)
{
    static const char *const others[] = {"row", "trial"};
    size_t n = sizeof others / sizeof others[0], length = strlen(others[0]) + strlen(others[1]);

    for (const struct gb_field *field = schema->fields; field->name; field++, n++)
        length += strlen(field->name);
    return gb_hdf5_group(out, schema->group, schema->description, n, (length + n - 1) / n);
}

struct gb_table_writer *gb_table_writer_create(struct gb_hdf5_out *out, enum gb_table which,
                                               const struct gb_table_units *units)
{
    const struct gb_schema *schema = &gb_schemas[which];
    struct gb_table_writer *table = calloc(1, sizeof *table);

    if (!table) {
        gb_hdf5_no_memory(out);
        return NULL;
    }
    table->out = out;
    table->which = which;
    table->units = units;
    table->group = create_group(out, schema);
    return table;
}

void gb_table_writer_free(struct gb_table_writer *table)
{
    if (!table)
        return;
    gb_hdf5_scale_clear(&table->rows_scale);
    gb_hdf5_scale_clear(&table->bytes_scale);
    for (size_t i = 0; i < GB_MAX_FIELDS; i++)
        if (table->columns[i] > 0)
            gb_hdf5_did(table->out, H5Dclose(table->columns[i]));
    if (table->trial > 0)
        gb_hdf5_did(table->out, H5Dclose(table->trial));
    if (table->group > 0)
        gb_hdf5_did(table->out, H5Gclose(table->group));
    gb_table_page_clear(&table->waiting);
    free(table);
}

/* ---- rows */

void gb_table_page_clear(struct gb_table_page *page)
{
    free(page->values);
    free(page->rows);
    free(page->trials);
    *page = (struct gb_table_page){0};
}

bool gb_table_writer_reserve(struct gb_table_writer *table)
{
    struct gb_table_page *page = &table->waiting;
    size_t row_size = gb_schemas[table->which].row_size;
    struct {
        void **array;
        size_t size;
    } const arrays[] = {{(void **)&page->rows, row_size},
                        {(void **)&page->trials, sizeof *page->trials},
                        {(void **)&page->values, GB_HASH_BYTES}};

    if (page->n < page->capacity && row_size <= page->row_size)
        return true;
    size_t capacity = gb_array_next_capacity(page->capacity, page->n + 1);
    if (capacity > GB_RESULT_CHUNK)
        capacity = GB_RESULT_CHUNK;
    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++) {
        void *grown = gb_array_resize(*arrays[a].array, capacity, arrays[a].size);

        if (!grown)
            return false;
        *arrays[a].array = grown;
    }
    page->capacity = capacity;
    page->row_size = row_size;
    return true;
}

bool gb_table_writer_add(struct gb_table_writer *table, uint64_t trial, const void *row)
{
    struct gb_table_page *page = &table->waiting;
    size_t size = gb_schemas[table->which].row_size;

    assert(page->n < page->capacity);
    memcpy(page->rows + page->n * size, row, size);
    page->trials[page->n] = (int64_t)trial;
    return ++page->n == GB_RESULT_CHUNK;
}

void gb_table_writer_exchange(struct gb_table_writer *table, struct gb_table_page *page)
{
    struct gb_table_page full = table->waiting;

    assert(page->n == 0);
    table->waiting = *page;
    *page = full;
}

void gb_table_writer_write(struct gb_table_writer *table, struct gb_table_page *page)
{
    const struct gb_field *fields = gb_schemas[table->which].fields;

    if (table->out->failed) {
        page->n = 0; /* room for whoever goes on before it looks */
        return;
    }
    if (table->columns[0] <= 0)
        create_columns(table, page);
    else if (page->n > 0) {
        for (size_t i = 0; fields[i].name && !table->out->failed; i++)
            write_field(table, page, table->columns[i], &fields[i]);
        if (table->which != GB_TABLE_SUMMARY)
            write_trials(table, page);
    }
    table->n_written += page->n;
    page->n = 0;
}

void gb_table_writer_flush(struct gb_table_writer *table)
{
    gb_table_writer_write(table, &table->waiting);
}

/* ---- the end */

static bool has_missing(const double *numbers, hsize_t n)
{
    for (hsize_t i = 0; i < n; i++)
        if (isnan(numbers[i]))
            return true;
    return false;
}

void gb_table_writer_add_column(struct gb_table_writer *table, const char *name, bool is_text,
                                const void *values, size_t number, uint64_t n_averaged,
                                const char *long_name)
{
    struct gb_hdf5_out *out = table->out;
    struct gb_hdf5_shape shape = {.n = table->n_written, .chunk = table->shape.chunk};
    hid_t column = gb_hdf5_column(out, table->group, &shape, name,
                                  is_text ? out->text : H5T_IEEE_F64LE, "1", long_name);

    gb_hdf5_put_number(out, column, "varied", (double)number);
    if (!is_text && has_missing(values, shape.n))
        gb_hdf5_put_number(out, column, "_FillValue", NAN);
    if (n_averaged > 0)
        gb_hdf5_put(out, column, "averaged", H5T_STD_I64LE, H5T_NATIVE_INT64, 1,
                    &(int64_t){(int64_t)n_averaged});
    attach(table, column);
    gb_hdf5_write_rows(out, column, is_text ? out->text : H5T_NATIVE_DOUBLE, 0, 0, shape.n, values);
    gb_hdf5_did(table->out, H5Dclose(column));
}

void gb_table_writer_end(struct gb_table_writer *table)
{
    if (table->out->failed)
        return;
    if (table->shape.grows && table->which != GB_TABLE_SUMMARY)
        gb_hdf5_scale_resize(&table->rows_scale, table->out, table->n_written);
    gb_hdf5_scale_end(&table->rows_scale, table->out);
    gb_hdf5_scale_end(&table->bytes_scale, table->out);
}
