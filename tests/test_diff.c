/* Two results: equal, or where they differ first. */
#include "analysis/diff.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/sample.h"
#include "tests/tap.h"

static const char *const paths[] = {"test_diff.a.h5", "test_diff.b.h5"};

/* ---- results of two trials, the second of them changed */

enum change { NOTHING, MONEY, NUMBER, NO_NUMBER, VALUE, KEY, LAST_ROW, LEVEL, TRIAL };

static const struct gb_user_row users[] = {{.meter = 0, .cost = 5}, {.meter = 1, .cost = 7}};

static struct gb_record *make(uint64_t trial, enum change change)
{
    struct gb_summary_row row = {.trial = trial,
                                 .n_slots = 1,
                                 .slot_ns = 1,
                                 .n_meters = 2,
                                 .saving = INT64_C(4000000000000000001),
                                 .gini = 0.25,
                                 .jain = NAN};
    const char *keys[] = {change == KEY ? "market.gate" : "market.beta"};
    const char *values[] = {change == VALUE && trial == 4 ? "0.5" : "0.1"};
    struct gb_user_row last = users[1];
    struct gb_record *record = NULL;

    if (trial == 4) {
        row.saving += change == MONEY;
        row.gini = change == NUMBER ? 0.75 : change == NO_NUMBER ? NAN : 0.25;
        last.cost += change == LAST_ROW ? 2000000000 : 0;
    }
    gb_record_create(&record, trial, change == LEVEL ? GB_OUTPUT_SUMMARY : GB_OUTPUT_MARKET, NULL);
    gb_record_append(record, GB_TABLE_SUMMARY, &row, NULL);
    gb_record_append(record, GB_TABLE_SLOTS, &(struct gb_slot_row){.price_mean = NAN}, NULL);
    gb_record_append(record, GB_TABLE_USERS, &users[0], NULL);
    gb_record_append(record, GB_TABLE_USERS, &last, NULL);
    gb_record_set_varied(record, 1, keys, values, NULL);
    return record;
}

static struct gb_results *write_result(const char *path, enum change change)
{
    struct gb_results_writer *writer = NULL;
    struct gb_results *results = NULL;

    EXPECT_INT(sample_begin(&writer, path, NULL), GB_OK);
    for (uint64_t trial = 3; trial < (change == TRIAL ? 4 : 5); trial++) {
        struct gb_record *record = make(trial, change);
        EXPECT_INT(gb_results_add(writer, record, NULL), GB_OK);
        gb_record_free(record);
    }
    EXPECT_INT(sample_finish(writer, GB_OK, NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    return results;
}

static struct gb_diff diff_of(enum change first, enum change second)
{
    struct gb_results *a = write_result(paths[0], first), *b = write_result(paths[1], second);
    struct gb_diff diff = {.kind = GB_DIFF_NONE};

    EXPECT_INT(gb_diff_find(&diff, a, b, NULL), GB_OK);
    gb_results_close(a);
    gb_results_close(b);
    unlink(paths[0]);
    unlink(paths[1]);
    return diff;
}

/* ---- tests */

static void a_result_is_equal_to_itself_with_what_has_no_number(void)
{
    EXPECT_INT(diff_of(NOTHING, NOTHING).kind, GB_DIFF_NONE);
    EXPECT_INT(diff_of(NO_NUMBER, NO_NUMBER).kind, GB_DIFF_NONE);
}

static void the_first_column_that_differs_is_named_with_both_values(void)
{
    struct gb_diff diff = diff_of(NOTHING, NUMBER);
    EXPECT_INT(diff.kind, GB_DIFF_FIELD);
    EXPECT_INT(diff.table, GB_TABLE_SUMMARY);
    EXPECT_INT((int64_t)diff.trial, 4);
    EXPECT_TEXT(diff.field->name, "gini");
    EXPECT_NEAR(diff.more, 0.5, 0);
    EXPECT_TEXT(diff.values[0], "0.25");
    diff = diff_of(NUMBER, NO_NUMBER);
    EXPECT_TEXT(diff.values[1], "none");
    EXPECT(isnan(diff.more));
}

static void money_differs_by_what_no_double_could_tell(void)
{
    struct gb_diff diff = diff_of(NOTHING, MONEY);
    EXPECT_INT(diff.kind, GB_DIFF_FIELD);
    EXPECT_TEXT(diff.field->name, "saving");
    EXPECT_NEAR(diff.more, 1e-9, 1e-24);
    EXPECT_NEAR(diff_of(MONEY, NOTHING).more, -1e-9, 1e-24);
}

static void rows_of_a_table_are_counted_within_their_trial(void)
{
    struct gb_diff diff = diff_of(NOTHING, LAST_ROW);
    EXPECT_INT(diff.kind, GB_DIFF_FIELD);
    EXPECT_INT(diff.table, GB_TABLE_USERS);
    EXPECT_INT((int64_t)diff.row, 1);
    EXPECT_TEXT(diff.field->name, "cost");
    EXPECT_NEAR(diff.more, 2.0, 1e-15);
}

static void what_one_result_has_alone_is_named(void)
{
    struct gb_diff diff = diff_of(LEVEL, NOTHING);
    EXPECT(diff.kind == GB_DIFF_TABLE && diff.table == GB_TABLE_SLOTS && diff.place == 1);
    diff = diff_of(NOTHING, TRIAL);
    EXPECT(diff.kind == GB_DIFF_TRIAL && diff.trial == 4 && diff.place == 0);
    diff = diff_of(TRIAL, NOTHING);
    EXPECT(diff.kind == GB_DIFF_TRIAL && diff.trial == 4 && diff.place == 1);
    EXPECT_INT(diff_of(NOTHING, KEY).kind, GB_DIFF_KEYS);
    diff = diff_of(NOTHING, VALUE);
    EXPECT(diff.kind == GB_DIFF_VALUE && diff.trial == 4);
    EXPECT_TEXT(diff.values[0], "0.1");
    EXPECT_TEXT(diff.values[1], "0.5");
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_result_is_equal_to_itself_with_what_has_no_number),
        TAP(the_first_column_that_differs_is_named_with_both_values),
        TAP(money_differs_by_what_no_double_could_tell),
        TAP(rows_of_a_table_are_counted_within_their_trial),
        TAP(what_one_result_has_alone_is_named),
        {0}};
    return tap_main("diff", tests);
}
