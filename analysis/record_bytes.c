#include "analysis/record_bytes.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/schema.h"

/* Larger than any row. */
#define MAX_ROW_SIZE 2048
_Static_assert(sizeof(struct gb_summary_row) <= MAX_ROW_SIZE, "the largest row fits");

struct reader {
    const uint8_t *at, *end;
};

static void add_u64(struct gb_bytes *bytes, uint64_t value)
{
    gb_bytes_add(bytes, &value, sizeof value);
}

static void add_text(struct gb_bytes *bytes, const char *text)
{
    add_u64(bytes, strlen(text));
    gb_bytes_add(bytes, text, strlen(text));
}

void gb_record_encode(const struct gb_record *record, struct gb_bytes *out)
{
    add_u64(out, gb_record_trial(record));
    add_u64(out, gb_record_level(record));
    add_u64(out, gb_record_n_varied(record));
    for (size_t i = 0; i < gb_record_n_varied(record); i++) {
        add_text(out, gb_record_varied_key(record, i));
        add_text(out, gb_record_varied_value(record, i));
    }
    for (int table = 0; table < GB_N_TABLES; table++) {
        const struct gb_schema *schema = &gb_schemas[table];
        const char *rows = gb_record_rows(record, table);
        size_t n = gb_record_n_rows(record, table);

        add_u64(out, n);
        for (const struct gb_field *field = schema->fields; field->name; field++)
            for (size_t i = 0; i < n; i++)
                gb_bytes_add(out, rows + i * schema->row_size + field->offset,
                             gb_field_size(field->kind));
    }
}

static bool take(struct reader *reader, void *out, size_t n)
{
    if (n > (size_t)(reader->end - reader->at))
        return false;
    memcpy(out, reader->at, n);
    reader->at += n;
    return true;
}

/* A text as a fresh string, or NULL: no memory or not enough bytes. */
static char *take_text(struct reader *reader)
{
    uint64_t n;
    char *text;

    if (!take(reader, &n, sizeof n) || n > (size_t)(reader->end - reader->at))
        return NULL;
    text = malloc(n + 1);
    if (text && !take(reader, text, n)) {
        free(text);
        return NULL;
    }
    if (text)
        text[n] = '\0';
    return text;
}

static enum gb_status take_varied(struct reader *reader, struct gb_record *record,
                                  struct gb_error *err)
{
    enum gb_status status = GB_EFILE;
    uint64_t n;
    char **texts = NULL;

    /* each text takes at least the 8 bytes of its length: bounds n before it is believed */
    if (!take(reader, &n, sizeof n) || n > (size_t)(reader->end - reader->at) / 16)
        goto done;
    texts = calloc(2 * n + 1, sizeof *texts);
    for (size_t i = 0; texts && i < 2 * n; i++) {
        texts[i % 2 * n + i / 2] = take_text(reader); /* keys first, then values */
        if (!texts[i % 2 * n + i / 2])
            goto done;
    }
    status = texts ? gb_record_set_varied(record, n, (const char *const *)texts,
                                          (const char *const *)texts + n, err)
                   : GB_ENOMEM;
done:
    for (size_t i = 0; texts && i < 2 * n; i++)
        free(texts[i]);
    free(texts);
    return status;
}

static size_t encoded_row_size(const struct gb_schema *schema)
{
    size_t size = 0;

    for (const struct gb_field *field = schema->fields; field->name; field++)
        size += gb_field_size(field->kind);
    return size;
}

static enum gb_status take_table(struct reader *reader, struct gb_record *record,
                                 enum gb_table table, struct gb_error *err)
{
    const struct gb_schema *schema = &gb_schemas[table];
    enum gb_status status = GB_OK;
    uint64_t n;

    if (!take(reader, &n, sizeof n) ||
        n > (size_t)(reader->end - reader->at) / encoded_row_size(schema))
        return GB_EFILE;
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        _Alignas(max_align_t) char row[MAX_ROW_SIZE] = {0};
        const uint8_t *column = reader->at;

        for (const struct gb_field *field = schema->fields; field->name; field++) {
            size_t size = gb_field_size(field->kind);

            memcpy(row + field->offset, column + i * size, size);
            column += n * size;
        }
        if (table == GB_TABLE_SUMMARY &&
            ((const struct gb_summary_row *)(const void *)row)->trial != gb_record_trial(record))
            return GB_EFILE;
        status = gb_record_append(record, table, row, err);
    }
    reader->at += n * encoded_row_size(schema);
    return status;
}

enum gb_status gb_record_decode(struct gb_record **out, const uint8_t *bytes, size_t n,
                                struct gb_error *err)
{
    struct reader reader = {bytes, bytes + n};
    struct gb_record *record = NULL;
    enum gb_status status = GB_EFILE;
    uint64_t trial, level;

    if (!take(&reader, &trial, sizeof trial) || !take(&reader, &level, sizeof level) ||
        level >= GB_N_OUTPUT_LEVELS)
        goto fail;
    status = gb_record_create(&record, trial, (enum gb_output_level)level, err);
    if (status == GB_OK)
        status = take_varied(&reader, record, err);
    for (int table = 0; status == GB_OK && table < GB_N_TABLES; table++)
        status = take_table(&reader, record, table, err);
    if (status == GB_OK && reader.at != reader.end)
        status = GB_EFILE;
    if (status != GB_OK)
        goto fail;
    *out = record;
    return GB_OK;
fail:
    gb_record_free(record);
    return gb_fail(err, status,
                   status == GB_EFILE ? "the bytes are no record of a trial"
                                      : "no memory to read the record of a trial");
}
