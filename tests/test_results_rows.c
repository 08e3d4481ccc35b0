/* Rows of a result as they come: one by one or packed by a thread they give the same bytes, and a
 * disk that fills up under them ends the result and leaves what was there. */
#include "analysis/results.h"

#include <hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "analysis/schema.h"
#include "tests/sample.h"
#include "tests/tap.h"
#include "tests/text_file.h"

static const char path[] = "test_results_rows.h5";

static bool exists(const char *name)
{
    return access(name, F_OK) == 0;
}

/* A run hands its rows over as they become final, mixed as they come. */
static void rows_that_come_one_by_one_give_the_bytes_of_their_record(void)
{
    struct gb_record *record = sample_paper(0, GB_OUTPUT_MARKET);
    struct gb_results_writer *writer = NULL;
    enum gb_status status = GB_OK;
    size_t n_left = SIZE_MAX;

    EXPECT_INT(sample_write(path, sample_paper, 1, GB_OUTPUT_MARKET, NULL), GB_OK);
    EXPECT_INT(sample_begin(&writer, "test_results_rows2.h5", NULL), GB_OK);
    EXPECT_INT(gb_results_begin_trial(writer, 0, GB_OUTPUT_MARKET, NULL), GB_OK);
    struct gb_row_sink sink = gb_results_sink(writer, GB_OUTPUT_MARKET);
    for (size_t i = 0; n_left > 0; i++) { /* the i-th row of each table, the last table first */
        n_left = 0;
        for (int table = GB_N_TABLES; table-- > 0;) {
            const char *rows = gb_record_rows(record, table);

            if (i >= gb_record_n_rows(record, table))
                continue;
            n_left++;
            if (status == GB_OK)
                status =
                    gb_row_sink_append(&sink, table, rows + i * gb_schemas[table].row_size, NULL);
        }
    }
    EXPECT_INT(sample_finish(writer, status, NULL), GB_OK);
    EXPECT(files_are_equal(path, "test_results_rows2.h5"));
    gb_record_free(record);
    remove("test_results_rows2.h5");
}

/* Of all bits but the sign. */
static int64_t cost_of_user(size_t i)
{
    return (int64_t)(i * UINT64_C(0x9e3779b97f4a7c15) >> 1);
}

/* Rows of two tables of unequal width, in numbers that leave pages half full, and more of them than
 * may wait for a thread. */
static enum gb_status write_many(const char *to, bool has_thread, size_t n, struct gb_error *err)
{
    static const char *const names[] = {"a", "the second", ""};
    struct gb_results_writer *writer = NULL;
    enum gb_status status = sample_begin(&writer, to, err);
    struct gb_summary_row summary = {0};

    if (status == GB_OK)
        status = gb_results_begin_trial(writer, 0, GB_OUTPUT_MARKET, err);
    if (status != GB_OK)
        return status;
    if (has_thread)
        gb_results_use_thread(writer);
    struct gb_row_sink sink = gb_results_sink(writer, GB_OUTPUT_MARKET);
    for (size_t i = 0; status == GB_OK && i < n; i++) {
        struct gb_user_row user = {.meter = (uint32_t)i};
        struct gb_slot_row slot = {.interval = (int64_t)i};
        snprintf(user.name, sizeof user.name, "%s", names[i % 3]);
        user.cost = cost_of_user(i);
        status = gb_row_sink_append(&sink, GB_TABLE_USERS, &user, err);
        if (status == GB_OK && i % 3 == 0)
            status = gb_row_sink_append(&sink, GB_TABLE_SLOTS, &slot, err);
    }
    if (status == GB_OK)
        status = gb_row_sink_append(&sink, GB_TABLE_SUMMARY, &summary, err);
    return sample_finish(writer, status, err);
}

static void a_thread_that_packs_rows_gives_the_same_bytes(void)
{
    static const size_t numbers[] = {4095, 4096, 40 * 4096 + 7};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        EXPECT_INT(write_many(path, false, numbers[i], NULL), GB_OK);
        EXPECT_INT(write_many("test_results_rows2.h5", true, numbers[i], NULL), GB_OK);
        EXPECT(files_are_equal(path, "test_results_rows2.h5"));
    }
    remove("test_results_rows2.h5");
    remove(path);
}

/* ---- packed chunks */

/* Is a chunk of all values there, through all filters? */
static bool is_packed(hid_t column, hsize_t first)
{
    const hsize_t start[2] = {first, 0};
    hsize_t size = 0;
    uint32_t mask = 1;
    char *bytes = NULL;

    if (H5Dget_chunk_storage_size(column, start, &size) >= 0)
        bytes = malloc(size + 1);
    bool is_whole = bytes && H5Dread_chunk(column, H5P_DEFAULT, start, &mask, bytes) >= 0;
    free(bytes);
    return is_whole && mask == 0;
}

/* What HDF5 unpacks of n rows of a column that was left 0. */
static size_t count_others(hid_t column, size_t n)
{
    hid_t type = H5Dget_type(column);
    size_t size = H5Tget_size(type), n_others = 0;
    uint8_t *values = malloc(n * size);

    if (!values || H5Dread(column, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        n_others = n;
    for (size_t i = 0; n_others < n && i < n * size; i++)
        n_others += values[i] != 0;
    free(values);
    H5Tclose(type);
    return n_others;
}

/* How many of the first n users have not their number and cost. */
static size_t count_wrong(hid_t users, size_t n)
{
    hid_t meter = H5Dopen2(users, "meter", H5P_DEFAULT);
    hid_t cost = H5Dopen2(users, "cost", H5P_DEFAULT);
    uint32_t *meters = calloc(n, sizeof *meters);
    int64_t *costs = calloc(n, sizeof *costs);
    size_t n_wrong = n;

    if (meters && costs &&
        H5Dread(meter, H5T_NATIVE_UINT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, meters) >= 0 &&
        H5Dread(cost, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, costs) >= 0)
        for (size_t i = 0; i < n; i++)
            n_wrong -= meters[i] == i && costs[i] == cost_of_user(i);
    free(meters);
    free(costs);
    H5Dclose(cost);
    H5Dclose(meter);
    return n_wrong;
}

/* Numbers of all bits, of a few and of none: an n that eight does not divide, a whole chunk,
 * more. */
static void hdf5_unpacks_what_was_packed(void)
{
    static const size_t numbers[] = {301, 4096, 2 * 4096 + 301};

    for (size_t c = 0; c < sizeof numbers / sizeof numbers[0]; c++) {
        EXPECT_INT(write_many(path, false, numbers[c], NULL), GB_OK);
        hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
        hid_t users = H5Gopen2(file, "users", H5P_DEFAULT);
        EXPECT_INT(count_wrong(users, numbers[c]), 0);
        for (const struct gb_field *field = gb_schemas[GB_TABLE_USERS].fields; field->name;
             field++) {
            hid_t column = H5Dopen2(users, field->name, H5P_DEFAULT);
            bool is_set = strcmp(field->name, "meter") == 0 || strcmp(field->name, "cost") == 0;
            if (field->kind != GB_FIELD_NAME &&
                !EXPECT(is_packed(column, 0) && (is_set || count_others(column, numbers[c]) == 0)))
                tap_note("users/%s of %zu rows", field->name, numbers[c]);
            H5Dclose(column);
        }
        H5Gclose(users);
        H5Fclose(file);
    }
    remove(path);
}

/* ---- full disks */

static void a_full_disk_leaves_what_was_there_and_no_part(void)
{
    struct rlimit limit, before;

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    for (rlim_t capacity = 0; capacity < 120000; capacity += capacity < 4096 ? 1024 : 16384) {
        struct gb_error err = {0};

        EXPECT_INT(sample_write(path, sample_paper, 1, GB_OUTPUT_SUMMARY, NULL), GB_OK);
        EXPECT_INT(sample_write("test_results_rows2.h5", sample_paper, 1, GB_OUTPUT_SUMMARY, NULL),
                   GB_OK);
        limit = before;
        limit.rlim_cur = capacity;
        setrlimit(RLIMIT_FSIZE, &limit);
        EXPECT_INT(sample_write(path, sample_sweep, SAMPLE_N_TRIALS, GB_OUTPUT_MARKET, &err),
                   GB_EFILE);
        setrlimit(RLIMIT_FSIZE, &before);
        if (!EXPECT(strstr(err.text, "File too large") != NULL))
            tap_note("with room for %ld bytes it says: %s", (long)capacity, err.text);
        EXPECT(!exists("test_results_rows.h5.part"));
        EXPECT(files_are_equal(path, "test_results_rows2.h5"));
    }
    remove("test_results_rows2.h5");
    remove(path);
}

static void a_disk_that_fills_up_under_the_thread_ends_a_result(void)
{
    struct gb_error err = {0};
    struct rlimit limit, before;

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 200000;
    setrlimit(RLIMIT_FSIZE, &limit);
    EXPECT_INT(write_many(path, true, 40 * 4096, &err), GB_EFILE);
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT(strstr(err.text, "File too large") != NULL);
    EXPECT(!exists("test_results_rows.h5.part"));
    EXPECT(!exists(path));
}

/* Who appends looks at what it says later, if at all. */
static void rows_behind_a_full_disk_are_dropped(void)
{
    struct gb_user_row user = {.name = "somebody"};
    struct gb_results_writer *writer = NULL;
    struct gb_error err = {0};
    struct rlimit limit, before;
    size_t n_failed = 0;

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 20000;
    setrlimit(RLIMIT_FSIZE, &limit);
    EXPECT_INT(sample_begin(&writer, path, NULL), GB_OK);
    gb_results_use_thread(writer);
    EXPECT_INT(gb_results_begin_trial(writer, 0, GB_OUTPUT_MARKET, NULL), GB_OK);
    struct gb_row_sink sink = gb_results_sink(writer, GB_OUTPUT_MARKET);
    for (user.meter = 0; user.meter < 100000; user.meter++) {
        user.cost = (int64_t)(user.meter * UINT64_C(0x9e3779b97f4a7c15) >> 1);
        n_failed += gb_row_sink_append(&sink, GB_TABLE_USERS, &user, &err) != GB_OK;
    }
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT(n_failed > 0);
    EXPECT(strstr(err.text, "File too large") != NULL);
    gb_results_abandon(writer);
}

static void a_disk_that_fills_up_ends_a_result_while_rows_still_come(void)
{
    struct gb_user_row user = {.name = "somebody"};
    struct gb_results_writer *writer = NULL;
    struct gb_error err = {0};
    struct rlimit limit, before;
    enum gb_status status = GB_OK;

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 20000;
    setrlimit(RLIMIT_FSIZE, &limit);
    EXPECT_INT(sample_begin(&writer, path, NULL), GB_OK);
    EXPECT_INT(gb_results_begin_trial(writer, 0, GB_OUTPUT_MARKET, NULL), GB_OK);
    struct gb_row_sink sink = gb_results_sink(writer, GB_OUTPUT_MARKET);
    for (user.meter = 0; status == GB_OK && user.meter < 100000; user.meter++) {
        user.cost = (int64_t)(user.meter * UINT64_C(0x9e3779b97f4a7c15) >> 1);
        status = gb_row_sink_append(&sink, GB_TABLE_USERS, &user, &err);
    }
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_INT(status, GB_EFILE);
    EXPECT(strstr(err.text, "File too large") != NULL);
    gb_results_abandon(writer);
    EXPECT(!exists("test_results_rows.h5.part"));
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(rows_that_come_one_by_one_give_the_bytes_of_their_record),
        TAP(a_thread_that_packs_rows_gives_the_same_bytes),
        TAP(hdf5_unpacks_what_was_packed),
        TAP(a_full_disk_leaves_what_was_there_and_no_part),
        TAP(a_disk_that_fills_up_under_the_thread_ends_a_result),
        TAP(rows_behind_a_full_disk_are_dropped),
        TAP(a_disk_that_fills_up_ends_a_result_while_rows_still_come),
        {0}};

    return tap_main("results_rows", tests);
}
