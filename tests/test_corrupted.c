/* A result is data from strangers: whatever is in it, its reader says what is wrong with it, or
 * gives rows that hold what their schema promises. */
#include "tests/corruption.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hdf5.h>

#include "analysis/compare.h"
#include "analysis/domain.h"
#include "analysis/results.h"
#include "analysis/schema.h"
#include "tests/sample.h"
#include "tests/tap.h"

static const char path[] = "test_corrupted.h5";
static const char *const wholes[N_CORRUPTED_SAMPLES] = {
    "test_corrupted_paper.h5", "test_corrupted_sweep.h5", "test_corrupted_stages.h5"};

static enum gb_status read_table(struct gb_results *results, int table, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < gb_results_n_trials(results); i++) {
        void *rows = NULL;
        size_t n = 0;

        status =
            gb_results_rows(results, table, gb_results_summary(results)[i].trial, &rows, &n, err);
        free(rows);
    }
    return status;
}

/* Everything that can be read. */
static enum gb_status read_all(struct gb_error *err)
{
    struct gb_results *results = NULL;
    struct gb_cells cells = {0};
    enum gb_status status = gb_results_open(&results, path, err);

    if (status != GB_OK)
        return status;
    for (int table = 0; status == GB_OK && table < GB_N_TABLES; table++)
        if (gb_results_has(results, table))
            status = read_table(results, table, err);
    if (status == GB_OK)
        status = gb_cells_find(&cells, results, NULL, err);
    gb_cells_clear(&cells);
    gb_results_close(results);
    return status;
}

static void expect_each(enum corrupted_sample sample)
{
    for (const struct corruption *m = corruptions[sample]; m->name; m++) {
        struct gb_error err = {0};
        bool holds = EXPECT(corrupt_sample(path, wholes[sample], m, sample)) &&
                     EXPECT_INT(read_all(&err), m->message ? GB_EFILE : GB_OK) &&
                     EXPECT(!m->message || strstr(err.text, m->message));

        if (!holds)
            tap_note("%s says: %s", m->name, err.text);
        if (m->message && !EXPECT(strstr(err.text, path)))
            tap_note("%s does not name the file: %s", m->name, err.text);
    }
    remove(path);
}

static void a_corrupted_result_of_one_trial_is_named_for_what_is_wrong_with_it(void)
{
    expect_each(CORRUPTED_PAPER);
}

static void a_corrupted_result_of_a_sweep_is_named_for_what_is_wrong_with_it(void)
{
    expect_each(CORRUPTED_SWEEP);
}

static void what_contradicts_the_two_stages_of_a_sweep_is_named(void)
{
    expect_each(CORRUPTED_STAGES);
}

/* ---- what the schema promises of each field is checked of each field */

static int64_t value_beyond(const struct gb_field *field)
{
    bool is_none = field->missing && *field->missing == field->domain.low - 1;

    return field->kind == GB_FIELD_FLAG               ? (int64_t)gb_field_n_words(field)
           : field->kind == GB_FIELD_INDEX || is_none ? field->domain.high + 1
                                                      : field->domain.low - 1;
}

/* What an open result and one of its tables take to be read. */
static enum gb_status read_one(int table, struct gb_error *err)
{
    struct gb_results *results = NULL;
    enum gb_status status = gb_results_open(&results, path, err);

    if (status != GB_OK)
        return status;
    status = read_table(results, table, err);
    gb_results_close(results);
    return status;
}

/* A value beyond its domain, in every field that has one, is refused by that field's name. */
static void every_column_has_a_domain_and_its_reader_holds_it(void)
{
    size_t n = 0;

    for (int table = 0; table < GB_N_TABLES; table++)
        for (const struct gb_field *f = gb_schemas[table].fields; f->name; f++) {
            char column[96], expected[128];
            struct corruption beyond = {.name = f->name, .path = column};
            struct gb_error err = {0};

            snprintf(column, sizeof column, "/%s/%s", gb_schemas[table].group, f->name);
            snprintf(expected, sizeof expected, "%s in row 0 is", column);
            beyond.apply = corrupt_fill;
            beyond.number = value_beyond(f);
            if (f->kind == GB_FIELD_NAME || f->kind == GB_FIELD_HASH ||
                (f->kind == GB_FIELD_INDEX && beyond.number > UINT32_MAX))
                continue;
            if (f->kind == GB_FIELD_NUMBER) {
                beyond.apply = corrupt_fill_infinity;
                beyond.number = 1;
            }
            if (!EXPECT(corrupt_sample(path, wholes[CORRUPTED_PAPER], &beyond, CORRUPTED_PAPER)) ||
                !EXPECT_INT(read_one(table, &err), GB_EFILE) || !EXPECT(strstr(err.text, expected)))
                tap_note("%s says: %s", column, err.text);
            n++;
        }
    EXPECT(n > 100);
    remove(path);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_corrupted_result_of_one_trial_is_named_for_what_is_wrong_with_it),
        TAP(a_corrupted_result_of_a_sweep_is_named_for_what_is_wrong_with_it),
        TAP(what_contradicts_the_two_stages_of_a_sweep_is_named),
        TAP(every_column_has_a_domain_and_its_reader_holds_it),
        {NULL, NULL},
    };

    int code;

    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    code = tap_main("corrupted results", tests);
    for (int s = 0; s < N_CORRUPTED_SAMPLES; s++)
        remove(wholes[s]);
    return code;
}
