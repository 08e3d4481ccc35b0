/* The rows of a result's tables. A table's trials stand in ascending order: where those of one
 * begin is noted when the table is opened, and what a trial has is held against its summary. Values
 * are checked block by block as they are read. */
#include "analysis/results_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/domain.h"
#include "analysis/hdf5_priv.h"
#include "base/memory.h"

#define BLOCK ((size_t)GB_RESULT_CHUNK) /* rows read at once */

/* ---- opening a table */

static enum gb_status open_columns(struct gb_results *results, enum gb_table which,
                                   struct gb_results_table *table, const char *where,
                                   struct gb_error *err)
{
    const struct gb_field *fields = gb_schemas[which].fields;
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && fields[i].name; i++) {
        status = gb_hdf5_open_column(&table->columns[i], &results->in, table->group, where,
                                     fields[i].name, fields[i].kind, err);
        if (status == GB_OK && table->columns[i].n != table->columns[0].n)
            status = gb_hdf5_damaged(&results->in, err, "%s has %zu rows and %s %zu",
                                     table->columns[0].where, table->columns[0].n,
                                     table->columns[i].where, table->columns[i].n);
    }
    table->n_rows = table->columns[0].n;
    return status;
}

/* Takes rows [at, at + n) of the column of trials; *place is the trial whose rows are being passed.
 */
static enum gb_status pass_trials(struct gb_results *results, struct gb_results_table *table,
                                  const char *where, const int64_t *trials, size_t at, size_t n,
                                  size_t *place, struct gb_error *err)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t trial = (uint64_t)trials[i];

        while (*place < results->n_trials && results->summary[*place].trial != trial)
            table->first[++*place] = at + i;
        if (*place == results->n_trials)
            return gb_hdf5_damaged(&results->in, err,
                                   "%s is %" PRId64 " in row %zu; expected the "
                                   "trials of /summary in their order",
                                   where, trials[i], at + i);
    }
    return GB_OK;
}

/* Where each trial's rows begin. */
static enum gb_status index_trials(struct gb_results *results, struct gb_results_table *table,
                                   const char *where, struct gb_error *err)
{
    int64_t *trials = malloc(BLOCK * sizeof *trials);
    struct gb_hdf5_column column = {0};
    size_t place = 0;
    enum gb_status status;

    table->first = calloc(results->n_trials + 1, sizeof *table->first);
    if (!trials || !table->first)
        status = gb_fail(err, GB_ENOMEM, "no memory for the trials of '%s'", results->path);
    else
        status = gb_hdf5_open_column(&column, &results->in, table->group, where, "trial",
                                     GB_FIELD_INTEGER, err);
    if (status == GB_OK && column.n != table->n_rows)
        status = gb_hdf5_damaged(&results->in, err, "%s has %zu rows and %s %zu", column.where,
                                 column.n, table->columns[0].where, table->n_rows);
    for (size_t at = 0; status == GB_OK && at < column.n; at += BLOCK) {
        size_t n = column.n - at < BLOCK ? column.n - at : BLOCK;

        status = gb_hdf5_read(&results->in, &column, at, n, trials, err);
        if (status == GB_OK)
            status = pass_trials(results, table, column.where, trials, at, n, &place, err);
    }
    while (status == GB_OK && place < results->n_trials)
        table->first[++place] = table->n_rows;
    gb_hdf5_close_column(&column);
    free(trials);
    return status;
}

/* Holds the number of each trial's rows against its summary. */
static enum gb_status check_numbers(struct gb_results *results, enum gb_table which,
                                    const struct gb_results_table *table, struct gb_error *err)
{
    for (size_t i = 0; i < results->n_trials; i++) {
        const struct gb_summary_row *summary = &results->summary[i];
        int64_t expected = gb_table_n_rows(which, summary);
        size_t n = table->first[i + 1] - table->first[i];

        if (n == 0 && gb_results_mix_levels(results))
            continue; /* a trial that keeps no such rows */
        if (expected != GB_ANY_NUMBER && (expected < 0 || (uint64_t)expected != n))
            return gb_hdf5_damaged(&results->in, err,
                                   "/%s has %zu rows of trial %" PRIu64
                                   ", of which /summary counts %" PRId64,
                                   gb_schemas[which].group, n, summary->trial, expected);
    }
    return GB_OK;
}

enum gb_status gb_results_open_table(struct gb_results *results, enum gb_table which,
                                     struct gb_error *err)
{
    struct gb_results_table *table = results->tables[which];
    char where[64];

    if (table)
        return GB_OK;
    table = calloc(1, sizeof *table);
    if (!table || !gb_hdf5_has_memory(GB_HDF5_RESERVE)) {
        free(table);
        return gb_fail(err, GB_ENOMEM, "no memory to read '%s'", results->path);
    }
    snprintf(where, sizeof where, "/%s", gb_schemas[which].group);
    enum gb_status status =
        gb_hdf5_open_group(&table->group, &results->in, gb_schemas[which].group, err);
    if (status == GB_OK)
        status = open_columns(results, which, table, where, err);
    if (status == GB_OK && which != GB_TABLE_SUMMARY)
        status = index_trials(results, table, where, err);
    if (status == GB_OK && which != GB_TABLE_SUMMARY)
        status = check_numbers(results, which, table, err);
    if (status == GB_OK)
        results->tables[which] = table;
    else
        gb_results_close_table(table);
    return status;
}

void gb_results_close_table(struct gb_results_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < GB_MAX_FIELDS; i++)
        gb_hdf5_close_column(&table->columns[i]);
    if (table->group > 0)
        H5Gclose(table->group);
    free(table->first);
    free(table);
}

/* ---- reading rows */

/* What one call of reading needs. */
struct reading {
    struct gb_results *results;
    const struct gb_schema *schema;
    const struct gb_results_table *table;
    struct gb_extent extent;
    char *scratch; /* a block of a column */
    struct gb_hdf5_texts texts;
    double sums[GB_MAX_FIELDS]; /* of the magnitudes of energy and money */
};

/* Fields that are read before they go into their rows, which then are passed once for all of them:
 * neighbours in a row are neighbours in a line of a cache. */
#define GROUP 8

/* How many fields from f on are of 8 bytes and go together; 0: f goes alone. */
static size_t group_at(const struct gb_field *fields, size_t f)
{
    size_t n = 0;

    while (n < GROUP && fields[f + n].name && fields[f + n].kind != GB_FIELD_NAME &&
           gb_field_size(fields[f + n].kind) == sizeof(int64_t))
        n++;
    return n;
}

/* The energy and the money of a trial must add up within 64 bits, whoever adds them.
 * sum  of their magnitudes: goes on with these n values */
static bool add_magnitudes(const struct gb_field *field, const char *values, size_t n, double *sum)
{
    if (field->kind != GB_FIELD_ENERGY && field->kind != GB_FIELD_MONEY)
        return true;
    for (size_t i = 0; i < n; i++) {
        int64_t value;

        memcpy(&value, values + i * sizeof value, sizeof value);
        *sum += value < 0 ? -(double)value : (double)value;
    }
    return *sum <= (double)GB_MAX_SUM;
}

/* Are values of a field as they may be? Trials are not added up, so nor are values of /summary.
 * sum  of the magnitudes of all before; goes on with these */
static bool are_sound(const struct reading *reading, size_t f, const char *values, size_t n,
                      double *sum)
{
    const struct gb_field *field = &reading->schema->fields[f];
    bool is_summary = reading->schema == &gb_schemas[GB_TABLE_SUMMARY];

    return gb_field_values_hold(field, values, n, reading->extent) &&
           (is_summary || add_magnitudes(field, values, n, sum));
}

/* Says which of the values of a field is not as it may be, the first of them.
 * sum  of the magnitudes before them */
static enum gb_status refuse_values(const struct reading *reading, size_t f, size_t first, size_t n,
                                    const char *values, double sum, struct gb_error *err)
{
    const struct gb_field *field = &reading->schema->fields[f];
    const char *where = reading->table->columns[f].where;
    struct gb_hdf5_in *in = &reading->results->in;
    size_t size = gb_field_size(field->kind), i = 0;
    char text[512];

    while (i + 1 < n && are_sound(reading, f, values + i * size, 1, &sum))
        i++;
    if (!gb_field_values_hold(field, values + i * size, 1, reading->extent))
        return gb_hdf5_damaged(in, err, "%s in row %zu is %s", where, first + i,
                               gb_field_describe(field, values + i * size - field->offset,
                                                 reading->extent, text, sizeof text));
    return gb_hdf5_damaged(in, err, "%s adds up to more than 64 bits count by row %zu", where,
                           first + i);
}

static enum gb_status check_values(struct reading *reading, size_t f, size_t first, size_t n,
                                   const char *values, struct gb_error *err)
{
    double before = reading->sums[f];

    if (are_sound(reading, f, values, n, &reading->sums[f]))
        return GB_OK;
    return refuse_values(reading, f, first, n, values, before, err);
}

/* Fields [f, f + n_fields) of n rows from row `first` of the table on. */
static enum gb_status read_group(struct reading *reading, size_t f, size_t n_fields, size_t first,
                                 size_t n, char *rows, struct gb_error *err)
{
    const struct gb_field *fields = &reading->schema->fields[f];
    size_t step = reading->schema->row_size, size = sizeof(int64_t);
    enum gb_status status = GB_OK;

    for (size_t k = 0; status == GB_OK && k < n_fields; k++)
        status = gb_hdf5_read(&reading->results->in, &reading->table->columns[f + k], first, n,
                              reading->scratch + k * n * size, err);
    for (size_t k = 0; status == GB_OK && k < n_fields; k++)
        status = check_values(reading, f + k, first, n, reading->scratch + k * n * size, err);
    for (size_t i = 0; status == GB_OK && i < n; i++)
        for (size_t k = 0; k < n_fields; k++)
            memcpy(rows + i * step + fields[k].offset, reading->scratch + (k * n + i) * size,
                   sizeof(int64_t));
    return status;
}

/* A field of another size. */
static enum gb_status read_field(struct reading *reading, size_t f, size_t first, size_t n,
                                 char *rows, struct gb_error *err)
{
    const struct gb_field *field = &reading->schema->fields[f];
    const struct gb_hdf5_column *column = &reading->table->columns[f];
    size_t size = gb_field_size(field->kind), step = reading->schema->row_size;
    enum gb_status status;

    if (field->kind != GB_FIELD_NAME) {
        status = gb_hdf5_read(&reading->results->in, column, first, n, reading->scratch, err);
        if (status == GB_OK)
            status = check_values(reading, f, first, n, reading->scratch, err);
        for (size_t i = 0; status == GB_OK && i < n; i++)
            memcpy(rows + i * step + field->offset, reading->scratch + i * size, size);
        return status;
    }
    status = gb_hdf5_read_texts(&reading->results->in, column, first, n, &reading->texts, err);
    for (size_t i = 0; status == GB_OK && i < n; i++)
        snprintf(rows + i * step + field->offset, GB_NAME_SIZE, "%s", reading->texts.items[i]);
    return status;
}

static enum gb_status read_block(struct reading *reading, enum gb_table which, size_t first,
                                 size_t n, char *rows, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t f = 0; status == GB_OK && reading->schema->fields[f].name;) {
        size_t n_fields = group_at(reading->schema->fields, f);

        status = n_fields > 0 ? read_group(reading, f, n_fields, first, n, rows, err)
                              : read_field(reading, f, first, n, rows, err);
        f += n_fields > 0 ? n_fields : 1;
    }
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        const char *why = gb_row_contradiction(which, rows + i * reading->schema->row_size);

        if (why)
            status = gb_hdf5_damaged(&reading->results->in, err,
                                     "row %zu of /%s contradicts "
                                     "itself: %s",
                                     first + i, reading->schema->group, why);
    }
    return status;
}

enum gb_status gb_results_read_rows(struct gb_results *results, enum gb_table which, size_t trial,
                                    size_t first, size_t n, void **out, struct gb_error *err)
{
    struct reading reading = {
        .results = results, .schema = &gb_schemas[which], .table = results->tables[which]};
    size_t step = reading.schema->row_size, capacity = n < BLOCK ? n : BLOCK;
    char *rows = gb_memory_wide(n + 1, step);
    enum gb_status status = gb_hdf5_texts_create(&reading.texts, capacity, GB_NAME_SIZE - 1, err);

    if (which != GB_TABLE_SUMMARY)
        reading.extent =
            (struct gb_extent){results->summary[trial].n_meters, results->summary[trial].n_slots};
    reading.scratch = malloc((capacity + 1) * GROUP * sizeof(int64_t));
    if (status == GB_OK && (!rows || !reading.scratch))
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu rows of '%s'", n, results->path);
    for (size_t at = 0; status == GB_OK && at < n; at += BLOCK)
        status = read_block(&reading, which, first + at, n - at < BLOCK ? n - at : BLOCK,
                            rows + at * step, err);
    free(reading.scratch);
    gb_hdf5_texts_clear(&reading.texts);
    if (status == GB_OK)
        *out = rows;
    else
        free(rows);
    return status;
}

enum gb_status gb_results_keeps(bool *keeps, struct gb_results *results, enum gb_table which,
                                size_t place, struct gb_error *err)
{
    *keeps = gb_results_has(results, which);
    if (!*keeps || !gb_results_mix_levels(results))
        return GB_OK;
    enum gb_status status = gb_results_open_table(results, which, err);
    if (status == GB_OK)
        *keeps = results->tables[which]->first[place + 1] > results->tables[which]->first[place];
    return status;
}

enum gb_status gb_results_rows(struct gb_results *results, enum gb_table which, uint64_t trial,
                               void **rows, size_t *n, struct gb_error *err)
{
    const struct gb_summary_row *summary = gb_results_trial(results, trial);
    size_t place = summary ? (size_t)(summary - results->summary) : 0, first, last;
    void *items = NULL;

    if (!gb_results_has(results, which))
        return gb_fail(err, GB_EINPUT, "'%s' holds no /%s: it was written with output.level: %s",
                       results->path, gb_schemas[which].group,
                       gb_results_has(results, GB_TABLE_SLOTS) ? "market" : "summary");
    enum gb_status status = gb_results_open_table(results, which, err);
    if (status != GB_OK)
        return status;
    first = !summary ? 0 : which == GB_TABLE_SUMMARY ? place : results->tables[which]->first[place];
    last = !summary                    ? 0
           : which == GB_TABLE_SUMMARY ? place + 1
                                       : results->tables[which]->first[place + 1];
    if (last > first)
        status = gb_results_read_rows(results, which, place, first, last - first, &items, err);
    if (status == GB_OK && last > first)
        status = gb_results_check_trial(results, which, place, first, items, last - first, err);
    if (status != GB_OK) {
        free(items);
        return status;
    }
    *rows = items;
    *n = last - first;
    return status;
}
