#include "analysis/diff.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one field of two rows */

static bool is_same(const struct gb_field *field, const void *a, const void *b)
{
    const char *x = (const char *)a + field->offset, *y = (const char *)b + field->offset;
    double p, q;

    if (field->kind == GB_FIELD_NAME)
        return strcmp(x, y) == 0;
    if (field->kind != GB_FIELD_NUMBER)
        return memcmp(x, y, gb_field_size(field->kind)) == 0;
    memcpy(&p, x, sizeof p);
    memcpy(&q, y, sizeof q);
    return p == q || (isnan(p) && isnan(q));
}

static void show_hash(const uint8_t *hash, char text[GB_DIFF_TEXT_SIZE])
{
    for (size_t i = 0; i < GB_HASH_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
}

/* Integers with all their digits, unscaled where that would lose some. */
static void show(const struct gb_field *field, const void *row, char text[GB_DIFF_TEXT_SIZE])
{
    const char *at = (const char *)row + field->offset;
    double value = gb_field_value(field, row);
    uint64_t number;

    if (field->kind == GB_FIELD_NAME) {
        snprintf(text, GB_DIFF_TEXT_SIZE, "'%.*s'", GB_NAME_SIZE, at);
    } else if (field->kind == GB_FIELD_HASH) {
        show_hash((const uint8_t *)at, text);
    } else if (field->kind == GB_FIELD_FLAG) {
        gb_field_word(field, (uint8_t)*at, text, GB_DIFF_TEXT_SIZE);
    } else if (field->kind == GB_FIELD_UNSIGNED) {
        memcpy(&number, at, sizeof number);
        snprintf(text, GB_DIFF_TEXT_SIZE, "%" PRIu64, number);
    } else if (isnan(value)) {
        snprintf(text, GB_DIFF_TEXT_SIZE, "none");
    } else {
        snprintf(text, GB_DIFF_TEXT_SIZE, "%.17g", value);
    }
}

/* How much more the second has: exactly, of integers. */
static double difference(const struct gb_field *field, const void *a, const void *b)
{
    int64_t x, y, half, rest;

    if (isnan(gb_field_value(field, a)) || isnan(gb_field_value(field, b)) ||
        field->kind == GB_FIELD_FLAG)
        return NAN;
    if (gb_field_size(field->kind) != sizeof x || field->kind == GB_FIELD_NUMBER)
        return gb_field_value(field, b) - gb_field_value(field, a);
    memcpy(&x, (const char *)a + field->offset, sizeof x);
    memcpy(&y, (const char *)b + field->offset, sizeof y);
    half = y / 2 - x / 2; /* the difference itself may be more than 64 bits hold */
    rest = y % 2 - x % 2;
    return ((double)half * 2.0 + (double)rest) * gb_field_scale(field->kind);
}

/* ---- rows of a table */

/* returns whether the two rows differ, which then stands in *out */
static bool compare_rows(struct gb_diff *out, enum gb_table table, const void *a, const void *b)
{
    for (const struct gb_field *field = gb_schemas[table].fields; field->name; field++) {
        if (is_same(field, a, b))
            continue;
        out->kind = GB_DIFF_FIELD;
        out->field = field;
        show(field, a, out->values[0]);
        show(field, b, out->values[1]);
        out->more = difference(field, a, b);
        return true;
    }
    return false;
}

static void compare_tables(struct gb_diff *out, enum gb_table table, const void *a, const void *b,
                           size_t n)
{
    size_t size = gb_schemas[table].row_size;

    out->table = table;
    for (out->row = 0; out->row < n; out->row++)
        if (compare_rows(out, table, (const char *)a + out->row * size,
                         (const char *)b + out->row * size))
            return;
}

/* A summary counts its trial's rows, so where two agree the tables are equally long; and the homes
 * of kinds, so that with fewer kinds one has more homes: or one trial of the two has none. */
static enum gb_status compare_table(struct gb_diff *out, struct gb_results *const results[2],
                                    enum gb_table table, struct gb_error *err)
{
    void *rows[2] = {NULL, NULL};
    size_t n[2] = {0, 0};
    enum gb_status status = GB_OK;

    for (int i = 0; status == GB_OK && i < 2; i++)
        status = gb_results_rows(results[i], table, out->trial, &rows[i], &n[i], err);
    assert(status != GB_OK || n[0] == n[1] || table == GB_TABLE_KINDS);
    if (status == GB_OK)
        compare_tables(out, table, rows[0], rows[1], n[0] < n[1] ? n[0] : n[1]);
    if (status == GB_OK && out->kind == GB_DIFF_NONE && n[0] != n[1]) {
        out->kind = GB_DIFF_TABLE;
        out->table = table;
        out->place = n[0] < n[1];
    }
    free(rows[0]);
    free(rows[1]);
    return status;
}

/* ---- a trial, by its place in both summaries */

static bool compare_values(struct gb_diff *out, struct gb_results *const results[2],
                           const size_t places[2])
{
    for (size_t k = 0; k < gb_results_n_varied(results[0]); k++) {
        const char *a = gb_results_varied_value(results[0], k, places[0]);
        const char *b = gb_results_varied_value(results[1], k, places[1]);

        if (strcmp(a, b) == 0)
            continue;
        out->kind = GB_DIFF_VALUE;
        out->key = gb_results_varied_key(results[0], k);
        snprintf(out->values[0], GB_DIFF_TEXT_SIZE, "%s", a);
        snprintf(out->values[1], GB_DIFF_TEXT_SIZE, "%s", b);
        return true;
    }
    return false;
}

static enum gb_status compare_trial(struct gb_diff *out, struct gb_results *const results[2],
                                    const size_t places[2], struct gb_error *err)
{
    enum gb_status status = GB_OK;

    out->trial = gb_results_summary(results[0])[places[0]].trial;
    if (compare_values(out, results, places))
        return GB_OK;
    compare_tables(out, GB_TABLE_SUMMARY, &gb_results_summary(results[0])[places[0]],
                   &gb_results_summary(results[1])[places[1]], 1);
    for (int table = GB_TABLE_SLOTS; table < GB_N_TABLES; table++)
        if (status == GB_OK && out->kind == GB_DIFF_NONE &&
            gb_results_has(results[0], (enum gb_table)table))
            status = compare_table(out, results, (enum gb_table)table, err);
    return status;
}

/* ---- two results */

static bool compare_keys(struct gb_diff *out, struct gb_results *const results[2])
{
    size_t n = gb_results_n_varied(results[0]);
    bool is_equal = n == gb_results_n_varied(results[1]);

    for (size_t k = 0; is_equal && k < n; k++)
        is_equal =
            strcmp(gb_results_varied_key(results[0], k), gb_results_varied_key(results[1], k)) == 0;
    if (!is_equal)
        out->kind = GB_DIFF_KEYS;
    return !is_equal;
}

static bool compare_presence(struct gb_diff *out, struct gb_results *const results[2])
{
    for (int table = GB_TABLE_SLOTS; table < GB_N_TABLES; table++) {
        bool has = gb_results_has(results[0], (enum gb_table)table);

        if (has != gb_results_has(results[1], (enum gb_table)table)) {
            out->kind = GB_DIFF_TABLE;
            out->table = (enum gb_table)table;
            out->place = !has;
            return true;
        }
    }
    return false;
}

/* A trial that one result has alone: the lower of the two numbers at hand. */
static void set_alone(struct gb_diff *out, struct gb_results *const results[2],
                      const size_t places[2])
{
    const struct gb_summary_row *rows[2] = {gb_results_summary(results[0]),
                                            gb_results_summary(results[1])};
    bool is_end[2] = {places[0] == gb_results_n_trials(results[0]),
                      places[1] == gb_results_n_trials(results[1])};

    out->kind = GB_DIFF_TRIAL;
    out->place = is_end[0]   ? 1
                 : is_end[1] ? 0
                             : rows[1][places[1]].trial < rows[0][places[0]].trial;
    out->trial = rows[out->place][places[out->place]].trial;
}

static bool is_in_both(struct gb_results *const results[2], size_t place)
{
    return place < gb_results_n_trials(results[0]) && place < gb_results_n_trials(results[1]) &&
           gb_results_summary(results[0])[place].trial ==
               gb_results_summary(results[1])[place].trial;
}

enum gb_status gb_diff_find(struct gb_diff *out, struct gb_results *first,
                            struct gb_results *second, struct gb_error *err)
{
    struct gb_results *const results[2] = {first, second};
    enum gb_status status = GB_OK;
    size_t places[2] = {0, 0};

    *out = (struct gb_diff){.kind = GB_DIFF_NONE, .more = NAN};
    if (compare_keys(out, results) || compare_presence(out, results))
        return GB_OK;
    while (status == GB_OK && out->kind == GB_DIFF_NONE && is_in_both(results, places[0])) {
        status = compare_trial(out, results, places, err);
        places[0]++;
        places[1]++;
    }
    if (status == GB_OK && out->kind == GB_DIFF_NONE &&
        (places[0] < gb_results_n_trials(first) || places[1] < gb_results_n_trials(second)))
        set_alone(out, results, places);
    return status;
}
