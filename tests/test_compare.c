/* The comparison with the grid, and the figures, against results whose numbers are known. */
#include "analysis/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/figures.h"
#include "analysis/paper_case.h"
#include "analysis/schema.h"
#include "tests/sample.h"
#include "tests/tap.h"

static const char path[] = "test_compare.h5", folder[] = "test_compare.figures";

static struct gb_results *open_sample(struct gb_record *(*make)(uint64_t, enum gb_output_level),
                                      size_t n)
{
    struct gb_results *results = NULL;

    EXPECT_INT(sample_write(path, make, n, GB_OUTPUT_MARKET, NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    return results;
}

static void the_papers_case_saves_buyers_12_and_brings_sellers_55_percent(void)
{
    struct gb_results *results = open_sample(sample_paper, 1);
    struct gb_cells cells = {0};

    EXPECT_INT(gb_cells_find(&cells, results, NULL), GB_OK);
    EXPECT_INT((int64_t)cells.n, 1);
    struct gb_comparison buyers =
        gb_cell_compare(results, &cells.items[0], "buyers_cost", "buyers_cost_grid_only");
    struct gb_comparison sellers =
        gb_cell_compare(results, &cells.items[0], "sellers_revenue", "sellers_revenue_grid_only");
    EXPECT_NEAR(buyers.market.estimate, 1142.6875, 1e-9);
    EXPECT_NEAR(buyers.grid_only.estimate, 1303.9, 1e-9);
    EXPECT_NEAR(buyers.change_pct.estimate, -12.3639, 5e-5);
    EXPECT_NEAR(sellers.market.estimate, 720.8375, 1e-9);
    EXPECT_NEAR(sellers.difference.estimate, 257.3875, 1e-9);
    EXPECT_NEAR(sellers.change_pct.estimate, 55.5373, 5e-5);
    EXPECT(!gb_interval_has_bounds(&buyers.difference)); /* one trial */
    gb_cells_clear(&cells);
    gb_results_close(results);
}

static void every_user_of_the_papers_case_pays_or_earns_what_figure_4_shows(void)
{
    struct gb_results *results = open_sample(sample_paper, 1);
    struct gb_user_comparison *users = NULL;
    struct gb_cells cells = {0};
    size_t n = 0;

    gb_cells_find(&cells, results, NULL);
    EXPECT_INT(gb_cell_users(&users, &n, results, &cells.items[0], NULL), GB_OK);
    EXPECT_INT((int64_t)n, GB_PAPER_N_ORDERS);
    for (size_t u = 0; u < n; u++) {
        EXPECT_TEXT(users[u].name, gb_paper_users[u].user);
        EXPECT_NEAR(users[u].bill.market.estimate, gb_paper_users[u].amount, 1e-9);
        EXPECT_INT(users[u].earns, gb_paper_orders[u].sells);
    }
    free(users);
    gb_cells_clear(&cells);
    gb_results_close(results);
}

static void the_papers_case_is_known_by_its_orders_alone(void)
{
    struct gb_results *results = open_sample(sample_paper, 1);
    struct gb_summary_row summary = gb_results_summary(results)[0];
    void *rows = NULL;
    size_t n = 0;

    gb_results_rows(results, GB_TABLE_ORDERS, 0, &rows, &n, NULL);
    struct gb_order_row *orders = rows, first = orders[0];
    EXPECT(gb_paper_case_matches(&summary, orders, n));
    EXPECT_TEXT(gb_paper_user_of(&orders[5]), "B2");
    orders[0] = orders[7]; /* another order of arrival is the same case */
    orders[7] = first;
    EXPECT(gb_paper_case_matches(&summary, orders, n));
    orders[7].price++;
    EXPECT(!gb_paper_case_matches(&summary, orders, n));
    orders[7] = orders[0]; /* a row twice, another missing */
    EXPECT(!gb_paper_case_matches(&summary, orders, n));
    orders[7] = first;
    EXPECT(!gb_paper_case_matches(&summary, orders, n - 1));
    summary.retail++;
    EXPECT(!gb_paper_case_matches(&summary, orders, n));
    free(rows);
    gb_results_close(results);
}

static void a_sweep_falls_into_cells_of_its_replications(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_TRIALS);
    struct gb_cells cells = {0};

    EXPECT_INT(gb_cells_find(&cells, results, NULL), GB_OK);
    EXPECT_INT((int64_t)cells.n, SAMPLE_N_BETAS * SAMPLE_N_SIZES);
    for (size_t c = 0; c < cells.n; c++) {
        double values[SAMPLE_N_REPLICATIONS];

        EXPECT_INT((int64_t)cells.items[c].n_trials, SAMPLE_N_REPLICATIONS);
        for (size_t i = 0; i < SAMPLE_N_REPLICATIONS; i++) {
            size_t trial = cells.items[c].trials[i];
            EXPECT_INT((int64_t)(trial / SAMPLE_N_REPLICATIONS), (int64_t)c);
            values[i] = gb_results_summary(results)[trial].gain_per_user_day;
        }
        struct gb_confidence_interval is =
            gb_cell_interval(results, &cells.items[c], "gain_per_user_day");
        struct gb_confidence_interval by_hand = gb_t_interval(values, SAMPLE_N_REPLICATIONS, 0.95);
        EXPECT_NEAR(is.estimate, by_hand.estimate, 1e-15);
        EXPECT_NEAR(is.lower, by_hand.lower, 1e-15);
        EXPECT(is.upper > is.lower);
    }
    EXPECT_TEXT(gb_cell_value(results, &cells.items[3], 0), "0.25");
    EXPECT_TEXT(gb_cell_value(results, &cells.items[3], 1), "40");
    gb_cells_clear(&cells);
    gb_results_close(results);
}

static void a_percentage_of_a_cell_is_a_ratio_of_sums(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_TRIALS);
    const struct gb_summary_row *rows = gb_results_summary(results);
    struct gb_cells cells = {0};

    EXPECT_INT(gb_cells_find(&cells, results, NULL), GB_OK);
    for (size_t c = 0; c < cells.n; c++) {
        const struct gb_cell *cell = &cells.items[c];
        double market = 0.0, grid_only = 0.0;

        for (size_t i = 0; i < cell->n_trials; i++) {
            market += (double)rows[cell->trials[i]].sellers_revenue;
            grid_only += (double)rows[cell->trials[i]].sellers_revenue_grid_only;
        }
        struct gb_comparison sellers =
            gb_cell_compare(results, cell, "sellers_revenue", "sellers_revenue_grid_only");
        double by_hand = 100.0 * (market - grid_only) / grid_only;
        EXPECT_NEAR(sellers.change_pct.estimate, by_hand, 1e-9);
        EXPECT(sellers.change_pct.lower < by_hand && by_hand < sellers.change_pct.upper);
        struct gb_confidence_interval stored = gb_cell_interval(results, cell, "sellers_gain_pct");
        EXPECT_NEAR(stored.estimate, by_hand, 1e-6);
        EXPECT_NEAR(stored.lower, sellers.change_pct.lower, 1e-6);
        EXPECT(!gb_cell_is_deterministic(results, cell));
    }
    gb_cells_clear(&cells);
    gb_results_close(results);
}

/* ---- figures: the numbers drawn are the numbers stored */

/* Reads the i-th number block of NAME.dat: rows of `columns` numbers, text cells skipped as NaN. */
static size_t read_block(const char *name, size_t block, size_t columns, double *out,
                         size_t capacity)
{
    char file_name[256], line[512];
    size_t n = 0, blank = 0, at = 0;
    FILE *file;

    snprintf(file_name, sizeof file_name, "%s/%s.dat", folder, name);
    file = fopen(file_name, "r");
    while (file && fgets(line, sizeof line, file)) {
        if (line[0] == '#')
            continue;
        if (line[0] == '\n') {
            at += ++blank == 2;
            continue;
        }
        blank = 0;
        if (at != block)
            continue;
        char *cell = strtok(line, " \n");
        for (size_t c = 0; c < columns && n < capacity; c++, cell = strtok(NULL, " \n"))
            out[n++] = cell && cell[0] != '"' ? strtod(cell, NULL) : NAN;
    }
    if (file)
        fclose(file);
    return n / columns;
}

static enum gb_status write_figure(struct gb_results *results, const char *name,
                                   struct gb_error *err)
{
    struct gb_figure_request request = {
        .results = results, .slot = GB_SLOT_WITH_MAX_TRADE, .currency = "yuan"};

    mkdir(folder, 0777);
    return gb_figure_write(gb_figure_find(name), &request, folder, err);
}

static void the_users_figure_draws_the_bills_of_the_result(void)
{
    struct gb_results *results = open_sample(sample_paper, 1);
    double values[5 * 16];
    void *rows = NULL;
    size_t n = 0;

    EXPECT_INT(write_figure(results, "users", NULL), GB_OK);
    gb_results_rows(results, GB_TABLE_USERS, 0, &rows, &n, NULL);
    EXPECT_INT((int64_t)read_block("users", 0, 5, values, 5 * 16), 8);
    for (size_t u = 0; u < n; u++) {
        const struct gb_user_row *user = (const struct gb_user_row *)rows + u;
        EXPECT_NEAR(values[5 * u + 1], -1e-9 * (double)user->cost, 1e-8);
        EXPECT_NEAR(values[5 * u + 3], -1e-9 * (double)user->cost_grid_only, 1e-8);
    }
    free(rows);
    gb_results_close(results);
}

static void the_beta_figure_draws_the_means_and_intervals_of_the_cells(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_TRIALS);
    struct gb_cells cells = {0};
    double values[4 * 16];

    EXPECT_INT(write_figure(results, "beta", NULL), GB_OK);
    gb_cells_find(&cells, results, NULL);
    for (size_t curve = 0; curve < SAMPLE_N_SIZES; curve++) {
        EXPECT_INT((int64_t)read_block("beta", curve, 4, values, 4 * 16), SAMPLE_N_BETAS);
        for (size_t b = 0; b < SAMPLE_N_BETAS; b++) {
            struct gb_confidence_interval gain = gb_cell_interval(
                results, &cells.items[b * SAMPLE_N_SIZES + curve], "gain_per_user_day");
            EXPECT_NEAR(values[4 * b], 0.25 * (double)b, 1e-12);
            EXPECT_NEAR(values[4 * b + 1], gain.estimate, 1e-11);
            EXPECT_NEAR(values[4 * b + 2], gain.lower, 1e-11);
            EXPECT_NEAR(values[4 * b + 3], gain.upper, 1e-11);
        }
    }
    gb_cells_clear(&cells);
    gb_results_close(results);
}

/* The residuals of sellers' gains in % from their ratio of sums, over the mean of what they are a
 * share of: what a replication adds to the ratio's error. returns the ratio */
static double residuals(const struct gb_summary_row *rows, double *out)
{
    double gain = 0.0, revenue = 0.0;

    for (size_t r = 0; r < SAMPLE_N_REPLICATIONS; r++) {
        gain += (double)(rows[r].sellers_revenue - rows[r].sellers_revenue_grid_only);
        revenue += (double)rows[r].sellers_revenue_grid_only;
    }
    for (size_t r = 0; r < SAMPLE_N_REPLICATIONS; r++)
        out[r] = 100.0 * SAMPLE_N_REPLICATIONS / revenue *
                 ((double)(rows[r].sellers_revenue - rows[r].sellers_revenue_grid_only) -
                  gain / revenue * (double)rows[r].sellers_revenue_grid_only);
    return 100.0 * gain / revenue;
}

static void the_effect_figure_draws_differences_of_ratios_paired_by_replication(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_TRIALS);
    const struct gb_summary_row *rows = gb_results_summary(results);
    double values[4 * 16], cell[SAMPLE_N_REPLICATIONS], base[SAMPLE_N_REPLICATIONS];

    EXPECT_INT(write_figure(results, "effect", NULL), GB_OK);
    for (size_t curve = 0; curve < SAMPLE_N_SIZES; curve++) {
        /* the sellers' blocks stand behind the buyers' and the names */
        EXPECT_INT((int64_t)read_block("effect", SAMPLE_N_SIZES + 1 + curve, 4, values, 4 * 16),
                   SAMPLE_N_BETAS);
        for (size_t b = 0; b < SAMPLE_N_BETAS; b++) {
            size_t first = curve * SAMPLE_N_REPLICATIONS;
            double effect =
                residuals(rows + b * SAMPLE_N_SIZES * SAMPLE_N_REPLICATIONS + first, cell) -
                residuals(rows + first, base);
            struct gb_confidence_interval by_hand =
                gb_paired_interval(cell, base, SAMPLE_N_REPLICATIONS, 0.95);
            EXPECT_NEAR(values[4 * b + 1], effect, 1e-6);
            if (b > 0)
                EXPECT_NEAR(values[4 * b + 3] - values[4 * b + 1], by_hand.upper - by_hand.estimate,
                            1e-6);
        }
    }
    gb_results_close(results);
}

static void the_clearing_figure_draws_the_steps_of_table_1_and_the_trades_of_table_2(void)
{
    /* Table 1 by claim: asks S1, S2, S4, S3; bids B1 to B4; Table 2's prices in its order */
    static const double supply[] = {0,   0.41, 220,  0.41, 220,  0.45, 760,  0.45,
                                    760, 0.45, 1060, 0.45, 1060, 0.5,  1495, 0.5};
    static const double demand[] = {0,   0.53, 400,  0.53, 400,  0.51, 880,  0.51,
                                    880, 0.49, 1710, 0.49, 1710, 0.46, 2210, 0.46};
    static const double prices[] = {0.47, 0.49, 0.48, 0.48, 0.47};
    struct gb_results *results = open_sample(sample_paper, 1);
    double values[64];

    EXPECT_INT(write_figure(results, "clearing", NULL), GB_OK);
    EXPECT_INT((int64_t)read_block("clearing", 0, 2, values, 64), 8);
    for (size_t i = 0; i < 16; i++)
        EXPECT_NEAR(values[i], supply[i], 1e-12);
    EXPECT_INT((int64_t)read_block("clearing", 1, 2, values, 64), 8);
    for (size_t i = 0; i < 16; i++)
        EXPECT_NEAR(values[i], demand[i], 1e-12);
    size_t n = read_block("clearing", 2, 3, values, 64);
    EXPECT_NEAR(values[3 * (n - 1)], 1060.0, 1e-12); /* the quotes cross up to 1060 kWh */
    EXPECT_INT((int64_t)read_block("clearing", 3, 3, values, 64), 5);
    for (size_t i = 0; i < 5; i++)
        EXPECT_NEAR(values[3 * i + 2], prices[i], 1e-12);
    EXPECT_INT((int64_t)read_block("clearing", 4, 3, values, 64), 1);
    EXPECT(values[0] == 1060.0 && values[1] == 1495.0 && values[2] == 0.4925);
    gb_results_close(results);
}

static void the_balance_figure_draws_mean_powers_of_the_slots(void)
{
    struct gb_results *results = open_sample(sample_sweep, 1);
    static double values[6 * 200];
    void *rows = NULL;
    size_t n = 0;

    EXPECT_INT(write_figure(results, "balance", NULL), GB_OK);
    gb_results_rows(results, GB_TABLE_SLOTS, 0, &rows, &n, NULL);
    EXPECT_INT((int64_t)read_block("balance", 0, 6, values, 6 * 200), 2 * (int64_t)n);
    for (size_t k = 0; k < n; k++) {
        const struct gb_slot_row *slot = (const struct gb_slot_row *)rows + k;
        EXPECT_NEAR(values[12 * k], 0.25 * (double)k, 1e-9);
        EXPECT_NEAR(values[12 * k + 1], 4e-3 * (double)slot->generation_wh, 1e-9);
        EXPECT_NEAR(values[12 * k + 3], 4e-3 * (double)slot->traded_wh, 1e-9);
        EXPECT_NEAR(values[12 * k + 11], 4e-3 * (double)slot->export_wh, 1e-9);
    }
    free(rows);
    gb_results_close(results);
}

static void a_figure_that_the_result_cannot_show_is_refused_with_a_sentence(void)
{
    struct gb_results *results = open_sample(sample_paper, 1);
    struct gb_error err = {0};

    EXPECT_INT(write_figure(results, "beta", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "does not vary market.beta") != NULL);
    err = (struct gb_error){0};
    EXPECT_INT(write_figure(results, "balance", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "1 slot is no course") != NULL);
    gb_results_close(results);
    EXPECT_INT(sample_write(path, sample_paper, 1, GB_OUTPUT_SUMMARY, NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    err = (struct gb_error){0};
    EXPECT_INT(write_figure(results, "users", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "output.level: summary") != NULL);
    gb_results_close(results);
}

static void every_figure_draws_in_every_format_and_leaves_no_part(void)
{
    static const char *const of_paper[] = {"users", "clearing"};
    static const char *const of_sweep[] = {"beta", "effect", "balance"};
    char name[256];
    struct stat info;

    if (!gb_figure_has_gnuplot()) {
        tap_skip("gnuplot is not installed");
        return;
    }
    for (size_t i = 0; i < 5; i++) {
        struct gb_results *results =
            i < 2 ? open_sample(sample_paper, 1) : open_sample(sample_sweep, SAMPLE_N_TRIALS);
        const struct gb_figure *figure = gb_figure_find(i < 2 ? of_paper[i] : of_sweep[i - 2]);

        EXPECT_INT(write_figure(results, figure->name, NULL), GB_OK);
        for (size_t f = 0; gb_figure_formats[f]; f++) {
            struct gb_error err = {0};
            if (!EXPECT_INT(gb_figure_draw(figure, folder, gb_figure_formats[f], &err), GB_OK))
                tap_note("%s", err.text);
            snprintf(name, sizeof name, "%s/%s.%s", folder, figure->name, gb_figure_formats[f]);
            EXPECT(stat(name, &info) == 0 && info.st_size > 2000);
            strcat(name, ".part");
            EXPECT(stat(name, &info) != 0);
        }
        gb_results_close(results);
    }
}

static void a_script_that_fails_says_why_and_leaves_no_picture(void)
{
    struct gb_error err = {0};
    char name[256];
    FILE *file;

    if (!gb_figure_has_gnuplot()) {
        tap_skip("gnuplot is not installed");
        return;
    }
    snprintf(name, sizeof name, "%s/users.gp", folder);
    file = fopen(name, "w");
    fputs("set output out\nplot 'no such file'\n", file);
    fclose(file);
    snprintf(name, sizeof name, "%s/users.svg", folder);
    remove(name);
    EXPECT_INT(gb_figure_draw(gb_figure_find("users"), folder, "svg", &err), GB_EFILE);
    EXPECT(strstr(err.text, "no such file") != NULL);
    EXPECT(access(name, F_OK) != 0);
    strcat(name, ".part");
    EXPECT(access(name, F_OK) != 0);
}

static void clean_up(void)
{
    static const char *const names[] = {"users", "beta", "effect", "clearing", "balance", "style"};
    static const char *const suffixes[] = {"gp", "dat", "pdf", "svg", "png"};
    char name[256];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t s = 0; s < 5; s++) {
            snprintf(name, sizeof name, "%s/%s.%s", folder, names[i], suffixes[s]);
            remove(name);
        }
    rmdir(folder);
    remove(path);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_papers_case_saves_buyers_12_and_brings_sellers_55_percent),
        TAP(every_user_of_the_papers_case_pays_or_earns_what_figure_4_shows),
        TAP(the_papers_case_is_known_by_its_orders_alone),
        TAP(a_sweep_falls_into_cells_of_its_replications),
        TAP(a_percentage_of_a_cell_is_a_ratio_of_sums),
        TAP(the_users_figure_draws_the_bills_of_the_result),
        TAP(the_beta_figure_draws_the_means_and_intervals_of_the_cells),
        TAP(the_effect_figure_draws_differences_of_ratios_paired_by_replication),
        TAP(the_clearing_figure_draws_the_steps_of_table_1_and_the_trades_of_table_2),
        TAP(the_balance_figure_draws_mean_powers_of_the_slots),
        TAP(a_figure_that_the_result_cannot_show_is_refused_with_a_sentence),
        TAP(every_figure_draws_in_every_format_and_leaves_no_part),
        TAP(a_script_that_fails_says_why_and_leaves_no_picture),
        {0}};
    int code = tap_main("compare", tests);

    clean_up();
    return code;
}
