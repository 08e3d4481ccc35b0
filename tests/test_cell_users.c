/* The users of a cell over its trials: the numbers of values that are kept, from values that are
 * not. */
#include "analysis/cell_users.h"

#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/cell_gains.h"
#include "analysis/schema.h"
#include "analysis/versus_users.h"
#include "base/draws.h"
#include "tests/sample.h"
#include "tests/tap.h"

static const char path[] = "test_cell_users.h5";

/* Two cells of as many replications, in which user 0 pays, user 1 earns, user 2 has no bill with
 * the grid alone, user 3 pays the same each time; and so on. */
struct size {
    uint32_t n_users, n_replications;
};

static int64_t bill_of(uint32_t user, uint64_t trial, bool is_grid_only)
{
    int64_t draw = (int64_t)((trial * 7919 + user * 104729) % 1000) * 1000003;

    switch (user % 4) {
    case 0: return 3000000007 + draw - (is_grid_only ? 0 : draw / 7 + 11);
    case 1: return -2000000011 - draw - (is_grid_only ? 0 : draw / 3);
    case 2: return is_grid_only ? 0 : draw - 500000000;
    default: return 1234567891;
    }
}

static struct gb_user_row user_of(uint32_t user, uint64_t trial)
{
    struct gb_user_row row = {.meter = user,
                              .cost = bill_of(user, trial, false),
                              .cost_grid_only = bill_of(user, trial, true)};

    row.buyer_cost_grid_only = row.cost_grid_only > 0 ? row.cost_grid_only : 0;
    row.seller_revenue_grid_only = row.buyer_cost_grid_only - row.cost_grid_only;
    return row;
}

static enum gb_status add_trial(struct gb_results_writer *writer, uint64_t trial, struct size size)
{
    static const char *const keys[] = {"chain.protocol"};
    const char *values[] = {trial < size.n_replications ? "ideal" : "pbft"};
    struct gb_summary_row row = {.trial = trial,
                                 .seed = 1,
                                 .replication = (uint32_t)(trial % size.n_replications),
                                 .slot_ns = INT64_C(900000000000),
                                 .n_meters = size.n_users,
                                 .n_slots = 1};
    struct gb_record *record;
    enum gb_status status = gb_record_create(&record, trial, GB_OUTPUT_MARKET, NULL);

    if (status != GB_OK)
        return status;
    gb_record_append(record, GB_TABLE_SUMMARY, &row, NULL);
    for (uint32_t u = 0; u < size.n_users; u++) {
        struct gb_user_row user = user_of(u, trial);

        gb_record_append(record, GB_TABLE_USERS, &user, NULL);
    }
    gb_record_set_varied(record, 1, keys, values, NULL);
    status = gb_results_add(writer, record, NULL);
    gb_record_free(record);
    return status;
}

/* What is open while users are compared; the second cell is held against the first. */
struct opened {
    struct gb_results *results;
    struct gb_cells cells;
    struct gb_selection against;
    struct gb_versus *versus;
};

static void write_made(struct size size)
{
    struct gb_provenance provenance = sample_provenance;
    struct gb_results_writer *writer = NULL;

    provenance.kept = 1 << GB_DRAWS_HOUSEHOLDS;
    EXPECT_INT(gb_results_create(&writer, path, NULL, NULL), GB_OK);
    EXPECT_INT(gb_results_begin(writer, &provenance, NULL), GB_OK);
    for (uint64_t i = 0; i < 2 * size.n_replications; i++)
        EXPECT_INT(add_trial(writer, i, size), GB_OK);
    EXPECT_INT(sample_finish(writer, GB_OK, NULL), GB_OK);
}

/* To be closed where it was opened: what compares refers to the rest. */
static void open_made(struct opened *out)
{
    const struct gb_versus_options options = {false, 0, NULL};

    *out = (struct opened){0};
    EXPECT_INT(gb_results_open(&out->results, path, NULL), GB_OK);
    EXPECT_INT(gb_cells_find(&out->cells, out->results, NULL, NULL), GB_OK);
    EXPECT_INT(gb_selection_add(&out->against, out->results, "chain.protocol=ideal", NULL), GB_OK);
    EXPECT_INT(
        gb_versus_create(&out->versus, out->results, &out->cells, &out->against, &options, NULL),
        GB_OK);
}

static void close_made(struct opened *opened)
{
    gb_versus_free(opened->versus);
    gb_selection_clear(&opened->against);
    gb_cells_clear(&opened->cells);
    gb_results_close(opened->results);
}

/* ---- the same bits */

#define N 9 /* replications */

static bool is_same(struct gb_confidence_interval a, struct gb_confidence_interval b)
{
    return memcmp(&a.estimate, &b.estimate, sizeof a.estimate) == 0 && a.n == b.n &&
           a.kind == b.kind && (a.lower == b.lower || isnan(a.lower + b.lower)) &&
           (a.upper == b.upper || isnan(a.upper + b.upper));
}

static double currency_of(uint32_t user, uint64_t trial, const char *field)
{
    struct gb_user_row row = user_of(user, trial);

    return gb_field_value(gb_field_find(GB_TABLE_USERS, field), &row);
}

static void intervals_of_a_user_are_to_the_bit_those_of_bills_that_are_kept(void)
{
    struct opened made;
    struct gb_user_comparison *users = NULL;
    size_t n = 0;

    write_made((struct size){8, N});
    open_made(&made);
    EXPECT_INT(gb_cell_users(&users, &n, made.results, &made.cells.items[0], NULL), GB_OK);
    EXPECT_INT(n, 8);
    for (uint32_t u = 0; u < n; u++) {
        double market[N], grid_only[N], difference[N];
        double sign = u % 4 == 1 ? -1.0 : 1.0;

        for (uint64_t i = 0; i < N; i++) {
            market[i] = sign * currency_of(u, i, "cost");
            grid_only[i] = 0.0 + sign * currency_of(u, i, "cost_grid_only");
            difference[i] = market[i] - grid_only[i];
        }
        EXPECT(users[u].earns == (u % 4 == 1));
        EXPECT(is_same(users[u].bill.market, gb_t_interval(market, N, 0.95)));
        EXPECT(is_same(users[u].bill.grid_only, gb_t_interval(grid_only, N, 0.95)));
        EXPECT(is_same(users[u].bill.difference, gb_t_interval(difference, N, 0.95)));
        if (u % 4 == 2) /* no bill to divide by */
            EXPECT_INT(users[u].bill.change_pct.kind, GB_INTERVAL_NEAR_ZERO);
        else
            EXPECT(is_same(
                users[u].bill.change_pct,
                gb_interval_scaled(gb_ratio_interval(difference, grid_only, N, 0.95), 100.0)));
    }
    free(users);
    close_made(&made);
    unlink(path);
}

static void the_difference_of_a_user_is_to_the_bit_that_of_bills_that_are_kept(void)
{
    static const double weight = 1.0;
    struct opened made;
    struct gb_user_difference *users = NULL;
    size_t n = 0;

    write_made((struct size){8, N});
    open_made(&made);
    EXPECT_INT(gb_versus_each_user(made.versus, made.results, 1, &users, &n, NULL), GB_OK);
    EXPECT_INT(n, 8);
    for (uint32_t u = 0; u < n; u++) {
        double more[N], linear[N];
        struct gb_sample sample = {more, NULL};

        for (uint64_t i = 0; i < N; i++)
            more[i] = (double)(bill_of(u, N + i, false) - bill_of(u, i, false)) / 1e9;
        struct gb_contrast kept = gb_contrast_estimate(&sample, &weight, 1, N, NULL, linear);
        EXPECT(users[u].more.estimate == kept.estimate);
        EXPECT(users[u].more.standard_error == kept.standard_error ||
               isnan(users[u].more.standard_error + kept.standard_error));
        EXPECT(users[u].more.kind == kept.kind && users[u].more.n == N);
    }
    EXPECT_INT(users[3].more.kind, GB_CONTRAST_EQUAL);
    free(users);
    close_made(&made);
    unlink(path);
}

/* ---- memory */

/* Room for the users of some trials; their bills in all of them would take several times that. */
#define ROOM (UINT64_C(640) << 10)

static void limit_memory(void)
{
    unsigned long n_pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (!file || fscanf(file, "%lu", &n_pages) != 1)
        _exit(2);
    fclose(file);
    rlim_t most = (rlim_t)n_pages * (rlim_t)sysconf(_SC_PAGESIZE) + ROOM;
    struct rlimit limit = {most, most};
    if (setrlimit(RLIMIT_AS, &limit) != 0)
        _exit(2);
}

/* From all over the table, for what HDF5 keeps of a file to be there before memory is limited. */
static void read_some_users(struct gb_results *results)
{
    for (uint64_t i = 0; i < gb_results_n_trials(results); i += 25) {
        void *rows = NULL;
        size_t n = 0;

        if (gb_results_rows(results, GB_TABLE_USERS, i, &rows, &n, NULL) != GB_OK)
            _exit(2);
        free(rows);
    }
}

static enum gb_status compare_bills(struct opened *made)
{
    struct gb_user_comparison *users = NULL;
    size_t n;
    enum gb_status status = gb_cell_users(&users, &n, made->results, &made->cells.items[1], NULL);

    free(users);
    return status;
}

static enum gb_status compare_with_reference(struct opened *made)
{
    struct gb_user_difference *users = NULL;
    size_t n;
    enum gb_status status = gb_versus_each_user(made->versus, made->results, 1, &users, &n, NULL);

    free(users);
    return status;
}

static enum gb_status find_gains(struct opened *made)
{
    struct gb_confidence_interval gains[GB_N_USER_QUANTILES];

    return gb_cell_gain_quantiles(gains, made->results, &made->cells.items[1], NULL);
}

/* In a process of its own, for none to leave the next one memory that it has freed.
 * returns what it exits with, or -1 */
static int run_alone(void (*work)(const void *), const void *context)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        work(context);
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status)
               ? WEXITSTATUS(status)
               : -1;
}

static void write_alone(const void *size)
{
    write_made(*(const struct size *)size);
}

static void work_within_limits(const void *work)
{
    struct opened made;

    mallopt(M_MMAP_THRESHOLD, 128 << 10); /* what is large is given back when it is freed */
    open_made(&made);
    read_some_users(made.results);
    limit_memory();
    if ((*(enum gb_status(*const *)(struct opened *))work)(&made) != GB_OK)
        _exit(1);
}

static void memory_does_not_grow_with_the_replications_of_users(void)
{
    static const struct size size = {150, 700};
    static enum gb_status (*const works[])(struct opened *) = {compare_bills,
                                                               compare_with_reference, find_gains};
#if defined(__SANITIZE_ADDRESS__)
    tap_skip("address space cannot be limited under a sanitizer");
    return;
#endif
    EXPECT_INT(run_alone(write_alone, &size), 0);
    for (size_t i = 0; i < sizeof works / sizeof works[0]; i++)
        EXPECT_INT(run_alone(work_within_limits, &works[i]), 0);
    unlink(path);
}

static void a_name_made_of_kind_and_number_identifies_nobody(void)
{
    static const struct {
        const char *name, *kind;
        bool is_identified;
    } cases[] = {
        {"", "", false},         {"", "farm", false},          {"S1", "", true},
        {"farm 1", "", true},    {"farm 1", "farm", false},    {"farm 12", "farm", false},
        {"farm", "farm", true},  {"farm ", "farm", true},      {"farm 1a", "farm", true},
        {"farm 1", "far", true}, {"the Smiths", "farm", true}, {"farmer 1", "farm", true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_user_row row = {.meter = 0};
        snprintf(row.name, sizeof row.name, "%s", cases[i].name);
        snprintf(row.kind, sizeof row.kind, "%s", cases[i].kind);
        EXPECT_INT(gb_user_is_identified(&row), cases[i].is_identified);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(intervals_of_a_user_are_to_the_bit_those_of_bills_that_are_kept),
        TAP(the_difference_of_a_user_is_to_the_bit_that_of_bills_that_are_kept),
        TAP(a_name_made_of_kind_and_number_identifies_nobody),
        TAP(memory_does_not_grow_with_the_replications_of_users),
        {0}};
    return tap_main("cell_users", tests);
}
