/* What a sweep varied: columns of /summary beside those of the schema, marked by the attribute
 * `varied`, numbers where all values are numbers, NaN those of cells in which nothing reads the
 * key, and else texts. */
#include "analysis/results_priv.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/hdf5_priv.h"
#include "base/array.h"
#include "base/number.h"
#include "base/utf8.h"

#define LONGEST_VALUE 4096 /* bytes of a varied value: texts of scenarios have up to 511 */
#define LONGEST_KEY 80
#define BLOCK ((size_t)GB_RESULT_CHUNK)

static enum gb_status keep_number(struct gb_results *results, const struct gb_hdf5_column *column,
                                  size_t row, double number, char **value, struct gb_error *err)
{
    char text[40] = GB_VARIED_UNREAD;

    if (isinf(number))
        return gb_hdf5_damaged(&results->in, err, "%s in row %zu is no finite number",
                               column->where, row);
    if (!isnan(number))
        gb_number_format(number, text, sizeof text);
    *value = strdup(text);
    return GB_OK;
}

/* By which numbers are told apart as texts are: NaN is NaN, and 0 is not -0. */
static uint64_t bits_of(double number)
{
    uint64_t bits;

    memcpy(&bits, &number, sizeof bits);
    return bits;
}

/* The values of a column, block by block. Trials of a cell stand together: equal values of
 * neighbours are one text. */
static enum gb_status read_values(struct gb_results *results, const struct gb_hdf5_column *column,
                                  bool is_text, char **values, struct gb_error *err)
{
    size_t capacity = column->n < BLOCK ? column->n : BLOCK;
    double *numbers = malloc((capacity + 1) * sizeof *numbers);
    struct gb_hdf5_texts texts;
    enum gb_status status =
        gb_hdf5_texts_create(&texts, capacity, is_text ? LONGEST_VALUE : 0, err);

    if (status == GB_OK && !numbers)
        status = gb_fail(err, GB_ENOMEM, "no memory for the varied keys of '%s'", results->path);
    for (size_t at = 0; status == GB_OK && at < column->n; at += BLOCK) {
        size_t n = column->n - at < BLOCK ? column->n - at : BLOCK;

        status = is_text ? gb_hdf5_read_texts(&results->in, column, at, n, &texts, err)
                         : gb_hdf5_read(&results->in, column, at, n, numbers, err);
        for (size_t i = 0; status == GB_OK && i < n; i++) {
            if (i > 0 && (is_text ? strcmp(texts.items[i], texts.items[i - 1]) == 0
                                  : bits_of(numbers[i]) == bits_of(numbers[i - 1])))
                values[at + i] = values[at + i - 1];
            else if (is_text)
                values[at + i] = strdup(texts.items[i]);
            else
                status = keep_number(results, column, at + i, numbers[i], &values[at + i], err);
            if (status == GB_OK && !values[at + i])
                status =
                    gb_fail(err, GB_ENOMEM, "no memory for the varied keys of '%s'", results->path);
        }
    }
    gb_hdf5_texts_clear(&texts);
    free(numbers);
    return status;
}

/* Capacity for one more key; it counts from then on. */
static enum gb_status add_key(struct gb_results *results, const char *name, struct gb_error *err)
{
    size_t n = results->n_varied, n_trials = results->n_trials;
    char **keys = gb_array_resize(results->keys, n + 1, sizeof *keys);
    char **values = gb_array_resize(results->values, (n + 1) * n_trials + 1, sizeof *values);
    char *key = strdup(name);

    results->keys = keys ? keys : results->keys;
    results->values = values ? values : results->values;
    if (!keys || !values || !key) {
        free(key);
        return gb_fail(err, GB_ENOMEM, "no memory for the varied keys of '%s'", results->path);
    }
    memset(values + n * n_trials, 0, n_trials * sizeof *values);
    keys[n] = key;
    results->n_varied++;
    return GB_OK;
}

/* An averaged key says so, and stands behind those that make cells. */
static enum gb_status read_average(struct gb_results *results, const struct gb_hdf5_column *column,
                                   struct gb_error *err)
{
    struct gb_averages *averages = &results->plan.plan.averages;
    bool is_averaged = H5Aexists(column->id, "averaged") > 0;
    int64_t n_values = 0;

    if (!is_averaged && averages->n == 0)
        return GB_OK;
    enum gb_status status = GB_OK;
    if (is_averaged)
        status =
            gb_hdf5_integer(&n_values, &results->in, column->id, column->where, "averaged", err);
    if (status == GB_OK &&
        (n_values < 1 || averages->n == GB_MAX_AVERAGED || !results->provenance.plan))
        status = gb_hdf5_damaged(&results->in, err,
                                 "%s: expected the keys that a sweep averages over, each with the "
                                 "number of its values, behind all other varied keys",
                                 column->where);
    if (status == GB_OK)
        averages->n_values[averages->n++] = (uint64_t)n_values;
    return status;
}

static enum gb_status read_key(struct gb_results *results, hid_t group, const char *name,
                               struct gb_error *err)
{
    bool is_text = gb_hdf5_holds_text(group, name);
    struct gb_hdf5_column column = {0};
    enum gb_status status = gb_hdf5_open_column(&column, &results->in, group, "/summary", name,
                                                is_text ? GB_FIELD_NAME : GB_FIELD_NUMBER, err);

    if (status == GB_OK && column.n != results->n_trials)
        status = gb_hdf5_damaged(&results->in, err, "%s has %zu rows and /summary/trial %zu",
                                 column.where, column.n, results->n_trials);
    if (status == GB_OK)
        status = read_average(results, &column, err);
    if (status == GB_OK)
        status = add_key(results, name, err);
    if (status == GB_OK)
        status = read_values(results, &column, is_text,
                             results->values + (results->n_varied - 1) * results->n_trials, err);
    gb_hdf5_close_column(&column);
    return status;
}

/* Whether a member of /summary is marked as varied; links that lead elsewhere are not followed. */
static bool is_varied(hid_t group, const char *name)
{
    H5L_info_t info;
    hid_t object;
    bool is = false;

    if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0 || info.type != H5L_TYPE_HARD)
        return false;
    object = H5Oopen(group, name, H5P_DEFAULT);
    if (object >= 0) {
        is = H5Aexists(object, "varied") > 0;
        H5Oclose(object);
    }
    return is;
}

struct walk {
    struct gb_results *results;
    enum gb_status status;
    struct gb_error *err;
};

static herr_t take_member(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    struct walk *walk = context;
    struct gb_results *results = walk->results;

    (void)info;
    if (!is_varied(group, name))
        return 0;
    if (gb_field_find(GB_TABLE_SUMMARY, name) || strlen(name) > LONGEST_KEY ||
        !gb_utf8_is_plain(name, false))
        walk->status = gb_hdf5_damaged(&results->in, walk->err,
                                       "/summary/%.*s is marked as varied; "
                                       "expected that of a key of the scenario alone",
                                       LONGEST_KEY, gb_utf8_is_plain(name, false) ? name : "?");
    else
        walk->status = read_key(results, group, name, walk->err);
    return walk->status == GB_OK ? 0 : -1;
}

enum gb_status gb_results_read_varied(struct gb_results *results, hid_t group, struct gb_error *err)
{
    struct walk walk = {results, GB_OK, err};

    if (H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, take_member, &walk) < 0 &&
        walk.status == GB_OK)
        return gb_hdf5_damaged(&results->in, err, "the members of /summary cannot be listed");
    return walk.status;
}
