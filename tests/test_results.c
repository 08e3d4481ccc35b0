/* The result file: what went in comes out, the same bytes every time, never half a file. */
#include "analysis/results.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <hdf5.h>

#include "analysis/schema.h"
#include "chain/contracts/contracts.h"
#include "models/agents/strategy.h"
#include "models/market/order.h"
#include "tests/sample.h"
#include "tests/tap.h"
#include "tests/text_file.h"

static const char path[] = "test_results.h5";

static bool exists(const char *name)
{
    return access(name, F_OK) == 0;
}

/* Compares rows of a result with the record they came from, field by field. */
static size_t count_different_fields(enum gb_table table, const char *a, const char *b, size_t n)
{
    const struct gb_schema *schema = &gb_schemas[table];
    size_t different = 0;

    for (size_t i = 0; i < n; i++)
        for (const struct gb_field *f = schema->fields; f->name; f++)
            different += memcmp(a + i * schema->row_size + f->offset,
                                b + i * schema->row_size + f->offset, gb_field_size(f->kind)) != 0;
    return different;
}

static void every_row_of_every_table_comes_back(void)
{
    struct gb_results *results = NULL;

    EXPECT_INT(sample_write(path, sample_paper, 3, GB_OUTPUT_METERS, NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    EXPECT_INT((int64_t)gb_results_n_trials(results), 3);
    for (uint64_t trial = 0; trial < 3; trial++) {
        struct gb_record *record = sample_paper(trial, GB_OUTPUT_METERS);

        for (int table = 0; table < GB_N_TABLES; table++) {
            void *rows = NULL;
            size_t n = 0;

            EXPECT(gb_results_has(results, table));
            EXPECT_INT(gb_results_rows(results, table, trial, &rows, &n, NULL), GB_OK);
            EXPECT_INT((int64_t)n, (int64_t)gb_record_n_rows(record, table));
            EXPECT_INT(
                (int64_t)count_different_fields(table, rows, gb_record_rows(record, table), n), 0);
            free(rows);
        }
        gb_record_free(record);
    }
    EXPECT_TEXT(gb_results_provenance(results)->scenario, sample_provenance.scenario);
    EXPECT_INT(gb_results_provenance(results)->start_days, sample_provenance.start_days);
    EXPECT(gb_results_provenance(results)->sweep == NULL);
    gb_results_close(results);
}

/* In the headers of the columns, in one chunk, and in several. */
static void expect_users_back(uint32_t n_users);

static void tables_of_any_length_come_back(void)
{
    static const uint32_t lengths[] = {0, 1, 255, 256, 257, 4095, 4096, 4097, 8192, 10000};

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        expect_users_back(lengths[i]);
}

static void expect_users_back(uint32_t n_users)
{
    struct gb_results_writer *writer = NULL;
    struct gb_results *results = NULL;
    struct gb_record *record = NULL;
    struct gb_summary_row summary = {.trial = 5, .slot_ns = 1, .n_meters = n_users};
    struct gb_user_row *users = NULL;
    void *rows = NULL;
    size_t n = 0, n_wrong = 0;

    gb_record_create(&record, 5, GB_OUTPUT_MARKET, NULL);
    gb_record_append(record, GB_TABLE_SUMMARY, &summary, NULL);
    for (uint32_t i = 0; i < n_users; i++) {
        struct gb_user_row user = {.meter = i, .cost = (int64_t)i * i - 77};
        snprintf(user.name, sizeof user.name, "meter %u é", i);
        gb_record_append(record, GB_TABLE_USERS, &user, NULL);
    }
    EXPECT_INT(sample_begin(&writer, path, NULL), GB_OK);
    EXPECT_INT(sample_finish(writer, gb_results_add(writer, record, NULL), NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    EXPECT_INT(gb_results_rows(results, GB_TABLE_USERS, 5, &rows, &n, NULL), GB_OK);
    EXPECT_INT((int64_t)n, n_users);
    users = rows;
    for (uint32_t i = 0; i < n; i++) {
        char name[GB_NAME_SIZE];
        snprintf(name, sizeof name, "meter %u é", i);
        n_wrong += users[i].meter != i || users[i].cost != (int64_t)i * i - 77 ||
                   strcmp(users[i].name, name) != 0;
    }
    EXPECT_INT((int64_t)n_wrong, 0);
    free(rows);
    EXPECT_INT(gb_results_rows(results, GB_TABLE_USERS, 6, &rows, &n, NULL), GB_OK);
    EXPECT(rows == NULL && n == 0);
    gb_results_close(results);
    gb_record_free(record);
}

static void equal_records_give_equal_bytes_at_any_time(void)
{
    const struct timespec over_a_second = {1, 50000000}; /* HDF5 keeps times in seconds */

    EXPECT_INT(sample_write(path, sample_sweep, SAMPLE_N_TRIALS, GB_OUTPUT_MARKET, NULL), GB_OK);
    nanosleep(&over_a_second, NULL);
    EXPECT_INT(
        sample_write("test_results2.h5", sample_sweep, SAMPLE_N_TRIALS, GB_OUTPUT_MARKET, NULL),
        GB_OK);
    EXPECT(files_are_equal(path, "test_results2.h5"));
    EXPECT(!exists("test_results.h5.part"));
    remove("test_results2.h5");
}

static void a_journal_in_any_order_gives_the_bytes_of_the_trials_in_order(void)
{
    struct gb_results_writer *writer = NULL;
    struct gb_journal *journal = NULL;
    const struct gb_journal_owner owner = {"x", "", "0", "0", 3};

    EXPECT_INT(sample_write(path, sample_sweep, 7, GB_OUTPUT_MARKET, NULL), GB_OK);
    EXPECT_INT(gb_journal_create(&journal, "test_results.journal", &owner, NULL), GB_OK);
    for (uint64_t i = 0; i < 7; i++) {
        struct gb_record *record = sample_sweep(i * 3 % 7, GB_OUTPUT_MARKET);
        EXPECT_INT(gb_journal_append(journal, record, NULL), GB_OK);
        gb_record_free(record);
    }
    EXPECT_INT(gb_results_from_journal(&writer, "test_results2.h5", NULL, &sample_provenance,
                                       journal, NULL),
               GB_OK);
    EXPECT_INT(gb_results_publish(writer, NULL), GB_OK);
    EXPECT(files_are_equal(path, "test_results2.h5"));
    gb_journal_close(journal);
    remove("test_results2.h5");
    remove("test_results.journal");
}

static void varied_keys_are_columns_of_the_summary(void)
{
    struct gb_results *results = NULL;

    EXPECT_INT(sample_write(path, sample_sweep, SAMPLE_N_TRIALS, GB_OUTPUT_SUMMARY, NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    EXPECT_INT((int64_t)gb_results_n_varied(results), 3);
    EXPECT_TEXT(gb_results_varied_key(results, 0), "market.beta");
    EXPECT_TEXT(gb_results_varied_key(results, 2), "market.books");
    EXPECT_TEXT(gb_results_varied_value(results, 0, 13), "0.25");
    EXPECT_TEXT(gb_results_varied_value(results, 1, 13), "10");
    EXPECT_TEXT(gb_results_varied_value(results, 1, 18), "40");
    EXPECT_TEXT(gb_results_varied_value(results, 2, 13), "pooled");
    gb_results_close(results);
}

static void a_summary_level_result_says_that_it_holds_no_more(void)
{
    struct gb_results *results = NULL;
    struct gb_error err = {0};
    void *rows = NULL;
    size_t n = 0;

    EXPECT_INT(sample_write(path, sample_paper, 1, GB_OUTPUT_SUMMARY, NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    EXPECT(!gb_results_has(results, GB_TABLE_USERS));
    EXPECT_INT(gb_results_rows(results, GB_TABLE_USERS, 0, &rows, &n, &err), GB_EINPUT);
    EXPECT(strstr(err.text, "output.level: summary") != NULL);
    gb_results_close(results);
}

/* ---- every dataset says what it is */

struct walk {
    size_t n_datasets, n_silent, n_bad_types;
};

static herr_t look(hid_t group, const char *name, const H5O_info_t *info, void *context)
{
    struct walk *walk = context;
    hid_t dataset, type;
    H5T_class_t class;

    if (info->type != H5O_TYPE_DATASET)
        return 0;
    dataset = H5Dopen2(group, name, H5P_DEFAULT);
    type = H5Dget_type(dataset);
    class = H5Tget_class(type);
    walk->n_datasets++;
    if (H5Aexists(dataset, "units") <= 0 || H5Aexists(dataset, "long_name") <= 0) {
        tap_note("%s has no units or long_name", name);
        walk->n_silent++;
    }
    /* what Python and R read without help: plain numbers and variable-length text */
    if (class != H5T_INTEGER && class != H5T_FLOAT &&
        !(class == H5T_STRING && H5Tis_variable_str(type) > 0)) {
        tap_note("%s has a type others cannot read", name);
        walk->n_bad_types++;
    }
    H5Tclose(type);
    H5Dclose(dataset);
    return 0;
}

static void every_dataset_has_units_a_long_name_and_a_plain_type(void)
{
    struct walk walk = {0};
    hid_t file;

    EXPECT_INT(sample_write(path, sample_sweep, 2, GB_OUTPUT_MARKET, NULL), GB_OK);
    file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    EXPECT(H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, look, &walk) >= 0);
    H5Fclose(file);
    EXPECT(walk.n_datasets > 120);
    EXPECT_INT((int64_t)walk.n_silent, 0);
    EXPECT_INT((int64_t)walk.n_bad_types, 0);
}

/* ---- bad files, bad places */

static void expect_refused(const char *name, const char *words)
{
    struct gb_results *results = NULL;
    struct gb_error err = {0};

    EXPECT_INT(gb_results_open(&results, name, &err), GB_EFILE);
    EXPECT(results == NULL);
    if (!EXPECT(strstr(err.text, words) != NULL))
        tap_note("it says: %s", err.text);
}

static void a_file_that_is_not_ours_is_named_for_what_it_is(void)
{
    FILE *file = fopen("test_results.txt", "w");
    hid_t other;

    fputs("trial,cost\n", file);
    fclose(file);
    expect_refused("test_results.txt", "is not an HDF5 file");
    expect_refused("no-such-file.h5", "No such file or directory");
    other = H5Fcreate("test_results.txt", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(other);
    expect_refused("test_results.txt", "is an HDF5 file but not a gridbourse result");
    remove("test_results.txt");
}

/* What an older version wrote lacks columns: it cannot be read, but it may be replaced. */
static void a_result_with_other_columns_is_ours_all_the_same(void)
{
    bool is_one = false;

    EXPECT_INT(sample_write(path, sample_paper, 1, GB_OUTPUT_MARKET, NULL), GB_OK);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    EXPECT(H5Ldelete(file, "/summary/n_blocks", H5P_DEFAULT) >= 0);
    H5Fclose(file);
    expect_refused(path, "n_blocks");
    EXPECT_INT(gb_results_is_one(&is_one, NULL, path, NULL), GB_OK);
    EXPECT(is_one);
    hid_t other = H5Fcreate("test_results.txt", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(other);
    EXPECT_INT(gb_results_is_one(&is_one, NULL, "test_results.txt", NULL), GB_OK);
    EXPECT(!is_one);
    remove("test_results.txt");
}

static void set_format(int64_t format)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t attribute = H5Aopen(file, "gridbourse_result", H5P_DEFAULT);

    EXPECT(H5Awrite(attribute, H5T_NATIVE_INT64, &format) >= 0);
    H5Aclose(attribute);
    H5Fclose(file);
}

static void a_result_of_another_version_says_its_format(void)
{
    bool is_one = true;
    int64_t format = 0;

    EXPECT_INT(sample_write(path, sample_paper, 1, GB_OUTPUT_MARKET, NULL), GB_OK);
    set_format(7);
    expect_refused(path, "of format 7");
    EXPECT_INT(gb_results_is_one(&is_one, &format, path, NULL), GB_OK);
    EXPECT(!is_one);
    EXPECT_INT(format, 7);
    set_format(1);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    EXPECT(H5Ldelete(file, "/provenance/libm", H5P_DEFAULT) >= 0);
    H5Fclose(file);
    EXPECT_INT(gb_results_is_one(&is_one, &format, path, NULL), GB_OK);
    EXPECT(!is_one);
    EXPECT_INT(format, 1);
}

static void a_truncated_result_is_refused_at_every_length(void)
{
    EXPECT_INT(sample_write(path, sample_paper, 1, GB_OUTPUT_MARKET, NULL), GB_OK);
    FILE *file = fopen(path, "rb");
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fclose(file);
    for (long length = size - 1; length > 8; length = length * 3 / 4) {
        EXPECT_INT(truncate(path, length), 0);
        expect_refused(path, "");
    }
}

static void a_place_that_cannot_be_written_is_named_with_the_reason(void)
{
    struct gb_error err = {0};

    EXPECT_INT(sample_write("no/such/folder/x.h5", sample_paper, 1, GB_OUTPUT_MARKET, &err),
               GB_EFILE);
    EXPECT(strstr(err.text, "no/such/folder/x.h5") != NULL);
    EXPECT(strstr(err.text, "No such file or directory") != NULL);
}

/* ---- words of flags are those of the enums */

static void expect_words(enum gb_table table, const char *field, size_t n, const char *const *words)
{
    char text[512] = "";

    for (size_t i = 0; i < n; i++) {
        strcat(text, i ? " " : "");
        strcat(text, words[i]);
    }
    EXPECT_TEXT(gb_field_find(table, field)->words, text);
}

static void the_words_of_flags_stand_in_the_order_of_their_enums(void)
{
    static const char *const sides[] = {[GB_BUY] = "buy", [GB_SELL] = "sell"};
    static const char *const types[] = {
        [GB_ORDER_LIMIT] = "limit", [GB_ORDER_MARKET] = "market", [GB_ORDER_IOC] = "ioc"};
    static const char *const sources[] = {[GB_SOURCE_ANY] = "any",
                                          [GB_SOURCE_SOLAR] = "solar",
                                          [GB_SOURCE_WIND] = "wind",
                                          [GB_SOURCE_STORAGE] = "storage",
                                          [GB_SOURCE_GRID] = "grid"};
    static const char *const trades[] = {
        [GB_TRADE_PENDING] = "pending", [GB_TRADE_SETTLED] = "settled", [GB_TRADE_VOID] = "void"};
#define WORD(name, text) #name,
    static const char *const receipts[] = {GB_RECEIPT_LIST(WORD)};
    static const char *const late[] = {[GB_LATE_NOT] = "none",
                                       [GB_LATE_SENT] = "sent",
                                       [GB_LATE_LINK] = "link",
                                       [GB_LATE_POOL] = "pool",
                                       [GB_LATE_CONSENSUS] = "consensus"};
    static const char *const missed[] = {[GB_MISSED_NOT] = "none",
                                         [GB_MISSED_CLOSE_LINK] = "close_link",
                                         [GB_MISSED_CLOSE_POOL] = "close_pool",
                                         [GB_MISSED_CLOSE_CONSENSUS] = "close_consensus",
                                         [GB_MISSED_CLOSE_REFUSED] = "close_refused",
                                         [GB_MISSED_OPEN_LINK] = "open_link",
                                         [GB_MISSED_OPEN_POOL] = "open_pool",
                                         [GB_MISSED_OPEN_REFUSED] = "open_refused"};
    char lower[GB_N_RECEIPTS][40];
    const char *words[GB_N_RECEIPTS + 1];

    expect_words(GB_TABLE_ORDERS, "side", 2, sides);
    expect_words(GB_TABLE_ORDERS, "type", 3, types);
    expect_words(GB_TABLE_ORDERS, "source", GB_N_SOURCES, sources);
    expect_words(GB_TABLE_TRADES, "source", GB_N_SOURCES, sources);
    expect_words(GB_TABLE_TRADES, "status", 3, trades);
    for (size_t i = 0; i < GB_N_RECEIPTS; i++) { /* GB_RECEIPT_BAD_SIGNATURE: bad_signature */
        const char *name = receipts[i] + strlen("GB_RECEIPT_");
        size_t n = strlen(name);
        for (size_t c = 0; c <= n; c++)
            lower[i][c] = name[c] >= 'A' && name[c] <= 'Z' ? (char)(name[c] - 'A' + 'a') : name[c];
        words[i] = lower[i];
    }
    words[GB_N_RECEIPTS] = "given_up";
    expect_words(GB_TABLE_ORDERS, "status", GB_N_RECEIPTS + 1, words);
    expect_words(GB_TABLE_ORDERS, "late_cause", sizeof late / sizeof late[0], late);
    expect_words(GB_TABLE_SLOTS, "missed_cause", sizeof missed / sizeof missed[0], missed);
}

static void the_words_of_strategies_are_none_and_those_that_a_mix_may_name(void)
{
    const char *words[32] = {"none"};
    size_t n = 1;

    for (; strcmp(gb_strategy_family.members[n - 1]->name, "mix") != 0; n++)
        words[n] = gb_strategy_family.members[n - 1]->name;
    expect_words(GB_TABLE_USERS, "strategy", n, words);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_row_of_every_table_comes_back),
        TAP(tables_of_any_length_come_back),
        TAP(equal_records_give_equal_bytes_at_any_time),
        TAP(a_journal_in_any_order_gives_the_bytes_of_the_trials_in_order),
        TAP(varied_keys_are_columns_of_the_summary),
        TAP(a_summary_level_result_says_that_it_holds_no_more),
        TAP(every_dataset_has_units_a_long_name_and_a_plain_type),
        TAP(a_file_that_is_not_ours_is_named_for_what_it_is),
        TAP(a_result_with_other_columns_is_ours_all_the_same),
        TAP(a_result_of_another_version_says_its_format),
        TAP(a_truncated_result_is_refused_at_every_length),
        TAP(a_place_that_cannot_be_written_is_named_with_the_reason),
        TAP(the_words_of_flags_stand_in_the_order_of_their_enums),
        TAP(the_words_of_strategies_are_none_and_those_that_a_mix_may_name),
        {0}};
    int code = tap_main("results", tests);
    remove(path);
    return code;
}
