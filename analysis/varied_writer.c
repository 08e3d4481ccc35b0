#include "analysis/varied_writer_priv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/number.h"

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

enum gb_status gb_varied_writer_add(struct gb_varied_writer *varied, const struct gb_record *record,
                                    struct gb_error *err)
{
    size_t n = gb_record_n_varied(record);
    bool ok = true;

    for (size_t k = 0; varied->n_trials == 0 && ok && k < n; k++)
        ok = add_text(&varied->keys, &varied->n_keys, gb_record_varied_key(record, k));
    if (ok && n != varied->n_keys)
        return gb_fail(err, GB_EINPUT,
                       "trial %" PRIu64 " varies %zu keys, the trials before it %zu",
                       gb_record_trial(record), n, varied->n_keys);
    for (size_t k = 0; ok && k < n; k++) {
        if (strcmp(varied->keys[k], gb_record_varied_key(record, k)) != 0)
            return gb_fail(
                err, GB_EINPUT, "trial %" PRIu64 " varies '%s', the trials before it '%s'",
                gb_record_trial(record), gb_record_varied_key(record, k), varied->keys[k]);
        ok = add_text(&varied->values, &varied->n_values, gb_record_varied_value(record, k));
    }
    if (!ok)
        return gb_fail(err, GB_ENOMEM, "no memory for the varied keys of the trials");
    varied->n_trials++;
    return GB_OK;
}

void gb_varied_writer_clear(struct gb_varied_writer *varied)
{
    for (size_t i = 0; i < varied->n_keys; i++)
        free(varied->keys[i]);
    for (size_t i = 0; i < varied->n_values; i++)
        free(varied->values[i]);
    free(varied->keys);
    free(varied->values);
    *varied = (struct gb_varied_writer){0};
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

/* How many values of the k-th key are averaged over; 0: it is not. */
static uint64_t n_averaged(const struct gb_varied_writer *varied,
                           const struct gb_averages *averages, size_t k)
{
    size_t first = varied->n_keys - averages->n;

    return k < first ? 0 : averages->n_values[k - first];
}

/* Numbers, and NaN where nothing reads the key; a key that nowhere is a number is none.
 * returns whether the key has such values */
static bool take_numbers(double *numbers, const char *const *texts, size_t n)
{
    bool is_any = false, are_all = true;

    for (size_t i = 0; i < n; i++) {
        bool is_unread = strcmp(texts[i], GB_VARIED_UNREAD) == 0;

        if (is_unread)
            numbers[i] = NAN;
        are_all = are_all && (is_unread || is_number(texts[i], &numbers[i]));
        is_any = is_any || !is_unread;
    }
    return is_any && are_all;
}

static void write_column(const struct gb_varied_writer *varied, uint64_t n_values,
                         struct gb_hdf5_out *out, struct gb_table_writer *summary, size_t k)
{
    double *numbers = calloc(varied->n_trials, sizeof *numbers);
    const char **texts = calloc(varied->n_trials, sizeof *texts);
    bool are_numbers;

    for (size_t i = 0; texts && i < varied->n_trials; i++)
        texts[i] = varied->values[i * varied->n_keys + k];
    if (numbers && texts) {
        are_numbers = take_numbers(numbers, texts, varied->n_trials);
        gb_table_writer_add_column(summary, varied->keys[k], !are_numbers,
                                   are_numbers ? (const void *)numbers : (const void *)texts, k,
                                   n_values, "varied key of the scenario, in the unit of its row");
    } else {
        gb_hdf5_no_memory(out);
    }
    free(numbers);
    free(texts);
}

void gb_varied_writer_write(const struct gb_varied_writer *varied,
                            const struct gb_averages *averages, struct gb_hdf5_out *out,
                            struct gb_table_writer *summary)
{
    for (size_t k = 0; !out->failed && k < varied->n_keys && varied->n_trials > 0; k++)
        write_column(varied, n_averaged(varied, averages, k), out, summary, k);
}
