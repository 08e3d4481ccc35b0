#include "analysis/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/row_sink.h"
#include "analysis/schema.h"
#include "base/array.h"

struct rows {
    void *items;
    size_t n, capacity;
};

struct gb_record {
    uint64_t trial;
    enum gb_output_level level;
    struct rows tables[GB_N_TABLES];
    size_t n_varied;
    char **varied; /* key, value, key, value, ... */
};

enum gb_status gb_record_create(struct gb_record **out, uint64_t trial, enum gb_output_level level,
                                struct gb_error *err)
{
    struct gb_record *record = calloc(1, sizeof *record);

    if (!record)
        return gb_fail(err, GB_ENOMEM, "no memory for the record of a trial");
    record->trial = trial;
    record->level = level;
    *out = record;
    return GB_OK;
}

static void free_texts(char **texts, size_t n)
{
    for (size_t i = 0; texts && i < n; i++)
        free(texts[i]);
    free(texts);
}

void gb_record_free(struct gb_record *record)
{
    if (!record)
        return;
    for (int table = 0; table < GB_N_TABLES; table++)
        free(record->tables[table].items);
    free_texts(record->varied, 2 * record->n_varied);
    free(record);
}

enum gb_status gb_record_append(struct gb_record *record, enum gb_table table, const void *row,
                                struct gb_error *err)
{
    struct rows *rows = &record->tables[table];
    size_t size = gb_schemas[table].row_size;

    if (record->level < gb_schemas[table].level)
        return GB_OK;
    assert(table != GB_TABLE_SUMMARY ||
           ((const struct gb_summary_row *)row)->trial == record->trial);
    void *items = gb_array_grow(rows->items, &rows->capacity, rows->n + 1, size);

    if (!items)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu rows of '%s'", rows->n + 1,
                       gb_schemas[table].group);
    rows->items = items;
    memcpy((char *)rows->items + rows->n * size, row, size);
    rows->n++;
    return GB_OK;
}

static enum gb_status append_row(void *context, enum gb_table table, const void *row,
                                 struct gb_error *err)
{
    return gb_record_append(context, table, row, err);
}

struct gb_row_sink gb_record_sink(struct gb_record *record)
{
    return (struct gb_row_sink){record->level, append_row, record};
}

size_t gb_record_n_rows(const struct gb_record *record, enum gb_table table)
{
    return record->tables[table].n;
}

const void *gb_record_rows(const struct gb_record *record, enum gb_table table)
{
    return record->tables[table].items;
}

enum gb_status gb_record_set_varied(struct gb_record *record, size_t n, const char *const *keys,
                                    const char *const *values, struct gb_error *err)
{
    char **texts = calloc(2 * n + 1, sizeof *texts);

    if (!texts)
        goto fail;
    for (size_t i = 0; i < n; i++) {
        texts[2 * i] = strdup(keys[i]);
        texts[2 * i + 1] = strdup(values[i]);
        if (!texts[2 * i] || !texts[2 * i + 1])
            goto fail;
    }
    free_texts(record->varied, 2 * record->n_varied);
    record->varied = texts;
    record->n_varied = n;
    return GB_OK;
fail:
    free_texts(texts, 2 * n);
    return gb_fail(err, GB_ENOMEM, "no memory for the varied keys of a trial");
}

uint64_t gb_record_trial(const struct gb_record *record)
{
    return record->trial;
}

enum gb_output_level gb_record_level(const struct gb_record *record)
{
    return record->level;
}

size_t gb_record_n_varied(const struct gb_record *record)
{
    return record->n_varied;
}

const char *gb_record_varied_key(const struct gb_record *record, size_t i)
{
    assert(i < record->n_varied);
    return record->varied[2 * i];
}

const char *gb_record_varied_value(const struct gb_record *record, size_t i)
{
    assert(i < record->n_varied);
    return record->varied[2 * i + 1];
}
