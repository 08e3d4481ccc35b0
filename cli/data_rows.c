#include "cli/data_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/csv.h"
#include "cli/message.h"

struct gb_data_field {
    char *name, *value;
    bool is_number; /* empty: there is none */
};

static void add(struct gb_data_rows *rows, const char *name, const char *value, bool is_number)
{
    struct gb_data_field *fields =
        gb_array_grow(rows->fields, &rows->capacity, rows->n + 1, sizeof *fields);
    char *own_name = strdup(name), *own_value = strdup(value);

    if (!fields || !own_name || !own_value)
        gb_message_exhausted("a table");
    rows->fields = fields;
    fields += rows->n++;
    fields->name = own_name;
    fields->value = own_value;
    fields->is_number = is_number;
}

void gb_data_rows_text(struct gb_data_rows *rows, const char *name, const char *text)
{
    add(rows, name, text, false);
}

void gb_data_rows_number(struct gb_data_rows *rows, const char *name, double value)
{
    char text[40] = "";

    if (isfinite(value))
        snprintf(text, sizeof text, "%.12g", value);
    add(rows, name, text, true);
}

void gb_data_rows_count(struct gb_data_rows *rows, const char *name, size_t value)
{
    char text[40];

    snprintf(text, sizeof text, "%zu", value);
    add(rows, name, text, true);
}

/* ---- the two formats */

static void write_csv_line(const struct gb_data_rows *rows, bool is_header)
{
    for (size_t i = 0; i < rows->n; i++) {
        if (i > 0)
            fputc(',', rows->out);
        gb_csv_write_cell(rows->out, is_header ? rows->fields[i].name : rows->fields[i].value,
                          GB_CSV_QUOTES_NEEDED);
    }
    fputc('\n', rows->out);
}

static void write_json_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            fprintf(out, "\\u%04x", (unsigned)*text);
        else
            fputc(*text, out);
    }
    fputc('"', out);
}

static void write_json_row(const struct gb_data_rows *rows)
{
    fputs(rows->n_rows == 0 ? "[\n  {" : ",\n  {", rows->out);
    for (size_t i = 0; i < rows->n; i++) {
        const struct gb_data_field *field = &rows->fields[i];

        fputs(i > 0 ? ", " : "", rows->out);
        write_json_text(rows->out, field->name);
        fputs(": ", rows->out);
        if (field->is_number)
            fputs(field->value[0] ? field->value : "null", rows->out);
        else
            write_json_text(rows->out, field->value);
    }
    fputc('}', rows->out);
}

static void clear_row(struct gb_data_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        free(rows->fields[i].name);
        free(rows->fields[i].value);
    }
    rows->n = 0;
}

void gb_data_rows_end(struct gb_data_rows *rows)
{
    if (rows->format == GB_DATA_JSON) {
        write_json_row(rows);
    } else {
        if (rows->n_rows == 0)
            write_csv_line(rows, true);
        write_csv_line(rows, false);
    }
    rows->n_rows++;
    clear_row(rows);
}

void gb_data_rows_close(struct gb_data_rows *rows)
{
    if (rows->format == GB_DATA_JSON)
        fputs(rows->n_rows == 0 ? "[]\n" : "\n]\n", rows->out);
    clear_row(rows);
    free(rows->fields);
    rows->fields = NULL;
    rows->capacity = 0;
}
