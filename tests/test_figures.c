/* Figures: the numbers that they draw are those of the result, and what they cannot draw they
 * refuse. What is expected is computed from the rows that were written, not from those that figures
 * read. */
#include "analysis/figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/compare.h"
#include "analysis/schema.h"
#include "tests/runs.h"
#include "tests/sample.h"
#include "tests/tap.h"

static const char path[] = "test_figures.h5", folder[] = "test_figures.d";

static struct gb_results *open_sample(struct gb_record *(*make)(uint64_t, enum gb_output_level),
                                      size_t n)
{
    struct gb_results *results = NULL;

    EXPECT_INT(sample_write(path, make, n, GB_OUTPUT_MARKET, NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    return results;
}

/* The result that holds one record. */
static struct gb_results *open_record(const struct gb_record *record)
{
    struct gb_results *results = NULL;
    struct gb_results_writer *writer = NULL;
    enum gb_status status = sample_begin(&writer, path, NULL);

    if (status == GB_OK)
        EXPECT_INT(sample_finish(writer, gb_results_add(writer, record, NULL), NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, path, NULL), GB_OK);
    return results;
}

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

static struct gb_figure_request request_of(struct gb_results *results)
{
    return (struct gb_figure_request){
        .results = results, .slot = GB_SLOT_WITH_MAX_TRADE, .currency = "yuan"};
}

static enum gb_status write_as(const struct gb_figure_request *request, const char *name,
                               struct gb_error *err)
{
    mkdir(folder, 0777);
    return gb_figure_write(gb_figure_find(name), request, folder, err);
}

static enum gb_status write_figure(struct gb_results *results, const char *name,
                                   struct gb_error *err)
{
    struct gb_figure_request request = request_of(results);

    return write_as(&request, name, err);
}

/* Whether a file of the folder holds a text. */
static bool holds(const char *name, const char *text)
{
    char file_name[256];
    static char buffer[65536];
    FILE *file;
    size_t n;

    snprintf(file_name, sizeof file_name, "%s/%s", folder, name);
    file = fopen(file_name, "r");
    n = file ? fread(buffer, 1, sizeof buffer - 1, file) : 0;
    buffer[n] = '\0';
    if (file)
        fclose(file);
    return strstr(buffer, text) != NULL;
}

/* ---- of one market */

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

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The gains of a record's users, sorted. returns how many */
static size_t sorted_gains(const struct gb_record *record, double *out)
{
    const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);
    size_t n = gb_record_n_rows(record, GB_TABLE_USERS);

    for (size_t u = 0; u < n; u++)
        out[u] = 1e-9 * (double)(users[u].cost_grid_only - users[u].cost);
    qsort(out, n, sizeof *out, compare_numbers);
    return n;
}

static void the_gains_of_one_market_are_those_of_its_users_sorted(void)
{
    struct gb_record *record =
        run_village("meters.count=20", "meters.prosumer_share=0.6", NULL, NULL);
    struct gb_results *results = open_record(record);
    double values[5 * 32], gains[32];
    size_t n = sorted_gains(record, gains);

    EXPECT_INT(write_figure(results, "gains", NULL), GB_OK);
    EXPECT_INT((int64_t)read_block("gains", 0, 5, values, 5 * 32), (int64_t)n);
    for (size_t u = 0; u < n; u++) {
        EXPECT_NEAR(values[5 * u + 2], gains[u], 1e-9);
        EXPECT_NEAR(values[5 * u + 3], gains[u], 1e-9); /* one trial: no interval */
    }
    gb_results_close(results);
    gb_record_free(record);
}

static void gains_of_households_drawn_anew_are_the_means_of_ranks_not_of_meters(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_REPLICATIONS);
    double values[5 * 16], mean[10] = {0}, gains[16];

    EXPECT_INT(write_figure(results, "gains", NULL), GB_OK);
    EXPECT_INT((int64_t)read_block("gains", 0, 5, values, 5 * 16), 10);
    for (uint64_t t = 0; t < SAMPLE_N_REPLICATIONS; t++) {
        struct gb_record *record = sample_sweep(t, GB_OUTPUT_MARKET);

        EXPECT_INT((int64_t)sorted_gains(record, gains), 10);
        for (size_t u = 0; u < 10; u++)
            mean[u] += gains[u] / SAMPLE_N_REPLICATIONS;
        gb_record_free(record);
    }
    for (size_t u = 0; u < 10; u++) {
        EXPECT_NEAR(values[5 * u + 2], mean[u], 1e-9);
        EXPECT(values[5 * u + 3] < mean[u] && mean[u] < values[5 * u + 4]);
    }
    EXPECT(holds("gains.txt", "each with households of its own"));
    gb_results_close(results);
}

static void the_lorenz_curve_encloses_the_gini_coefficient(void)
{
    struct gb_record *record =
        run_village("meters.count=20", "meters.prosumer_share=0.6", "forecast.kind=perfect", NULL);
    struct gb_results *results = open_record(record);
    double values[4 * 32], area = 0.0;
    size_t n;

    EXPECT(!isnan(summary_of(record)->gini)); /* nobody loses */
    EXPECT_INT(write_figure(results, "lorenz", NULL), GB_OK);
    n = read_block("lorenz", 0, 4, values, 4 * 32);
    EXPECT_INT((int64_t)n, 21);
    EXPECT(values[0] == 0.0 && values[1] == 0.0);
    EXPECT(values[4 * (n - 1)] == 100.0 && values[4 * (n - 1) + 1] == 100.0);
    for (size_t u = 1; u < n; u++)
        area += 1e-4 * (values[4 * u] - values[4 * u - 4]) *
                (values[4 * u + 1] + values[4 * u - 3]) / 2.0;
    EXPECT_NEAR(1.0 - 2.0 * area, summary_of(record)->gini, 1e-9);
    gb_results_close(results);
    gb_record_free(record);
}

static void the_causes_add_up_to_the_saving(void)
{
    struct gb_record *record =
        run_village("meters.count=20", "meters.prosumer_share=0.6", NULL, NULL);
    struct gb_results *results = open_record(record);
    const struct gb_summary_row *sum = summary_of(record);
    double values[10] = {0}, parts = 0.0;
    double meter_hours =
        (double)sum->n_meters; /* of a run of less than a day: no more than happened */

    EXPECT_INT(write_figure(results, "causes", NULL), GB_OK);
    EXPECT_INT((int64_t)read_block("causes", 0, 10, values, 10), 1);
    for (size_t c = 1; c <= 5; c++)
        parts += values[c];
    EXPECT_NEAR(parts, 1e-9 * (double)sum->saving / meter_hours, 1e-9);
    EXPECT_NEAR(values[6], parts, 1e-9);
    EXPECT(values[1] > parts); /* errors of forecasts take of what trades bring */
    gb_results_close(results);
    gb_record_free(record);
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

/* ---- over time */

static void the_balance_figure_stacks_up_to_what_is_used(void)
{
    struct gb_record *record =
        run_village("meters.count=20", "meters.storage_share=0.5", NULL, NULL);
    struct gb_results *results = open_record(record);
    const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);
    size_t n = gb_record_n_rows(record, GB_TABLE_SLOTS);
    static double values[7 * 400];

    EXPECT_INT(write_figure(results, "balance", NULL), GB_OK);
    EXPECT_INT((int64_t)read_block("balance", 0, 7, values, 7 * 400), 2 * (int64_t)n);
    for (size_t k = 0; k < n; k++) {
        const double *start = values + 14 * k, *end = start + 7;
        double use = 4e-3 * (double)(slots[k].load_wh + slots[k].charge_wh);

        EXPECT_NEAR(start[0], 0.25 * (double)k, 1e-9);
        EXPECT_NEAR(end[0], 0.25 * (double)(k + 1), 1e-9);
        EXPECT_NEAR(start[1], 4e-3 * (double)slots[k].generation_wh, 1e-9);
        EXPECT_NEAR(start[2], use, 1e-9);
        EXPECT_NEAR(start[4], 4e-3 * (double)slots[k].traded_wh, 1e-9);
        EXPECT_NEAR(start[5], 4e-3 * (double)slots[k].import_wh, 1e-9);
        EXPECT_NEAR(end[6], 4e-3 * (double)slots[k].export_wh, 1e-9);
        if (start[3] > 0.0)
            EXPECT_NEAR(start[3] + start[4] + start[5], use, 1e-9);
        else
            EXPECT(start[4] + start[5] >= use - 1e-9); /* more was contracted than used */
    }
    gb_results_close(results);
    gb_record_free(record);
}

static void a_window_shows_its_slots_alone(void)
{
    struct gb_results *results = open_sample(sample_sweep, 1);
    struct gb_figure_request request = request_of(results);
    static double values[7 * 400];
    size_t n;

    request.from_ns = INT64_C(21600000000000); /* 06:00 */
    request.to_ns = INT64_C(36000000000000);   /* 10:00 */
    EXPECT_INT(write_as(&request, "balance", NULL), GB_OK);
    n = read_block("balance", 0, 7, values, 7 * 400);
    EXPECT_INT((int64_t)n, 32);
    EXPECT(values[0] == 6.0 && values[7 * (n - 1)] == 10.0);
    EXPECT(holds("balance.gp", "x_low = 6\nx_high = 10\n"));
    EXPECT(holds("balance.gp", "\"07:00\" 7"));
    gb_results_close(results);
}

static void the_trades_figure_has_a_dot_a_trade_and_the_mean_of_each_slot(void)
{
    struct gb_record *record =
        run_village("meters.count=20", "meters.prosumer_share=0.6", NULL, NULL);
    struct gb_results *results = open_record(record);
    const struct gb_trade_row *trades = gb_record_rows(record, GB_TABLE_TRADES);
    size_t n_trades = gb_record_n_rows(record, GB_TABLE_TRADES), n_found = 0;
    static double values[4 * 4096];

    EXPECT_INT(write_figure(results, "trades", NULL), GB_OK);
    for (size_t source = 0; source < 5; source++) {
        size_t n = read_block("trades", source, 4, values, 4 * 4096), at = 0;

        for (size_t i = 0; i < n_trades; i++) {
            if (trades[i].source != source || at >= n)
                continue;
            EXPECT_NEAR(values[4 * at], 0.25 * (double)trades[i].interval + 0.125, 1e-9);
            EXPECT_NEAR(values[4 * at + 1], 1e-6 * (double)trades[i].price_buy, 1e-12);
            EXPECT_NEAR(values[4 * at + 2], 1e-3 * (double)trades[i].energy_wh, 1e-12);
            at++;
        }
        n_found += at;
    }
    EXPECT(n_trades > 0);
    EXPECT_INT((int64_t)n_found, (int64_t)n_trades);
    gb_results_close(results);
    gb_record_free(record);
}

static void the_storage_figure_has_what_is_stored_and_what_would_be_grid_only(void)
{
    struct gb_record *record = run_village("meters.count=20", "meters.storage_share=0.5",
                                           "meters.prosumer_share=0.6", "output.level=meters");
    struct gb_results *results = open_record(record);
    const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);
    const struct gb_meter_row *meters = gb_record_rows(record, GB_TABLE_METERS);
    size_t n = gb_record_n_rows(record, GB_TABLE_SLOTS);
    static double values[5 * 400];

    EXPECT_INT(write_figure(results, "storage", NULL), GB_OK);
    EXPECT_INT((int64_t)read_block("storage", 0, 5, values, 5 * 400), 2 * (int64_t)n);
    for (size_t k = 0; k < n; k++) {
        int64_t baseline = 0;

        for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_METERS); i++)
            baseline += meters[i].interval == (int64_t)k ? meters[i].baseline_stored_wh : 0;
        EXPECT_NEAR(values[10 * k + 1], 1e-3 * (double)slots[k].stored_wh, 1e-9);
        EXPECT_NEAR(values[10 * k + 2], 1e-3 * (double)baseline, 1e-9);
        EXPECT_NEAR(values[10 * k + 3], 4e-3 * (double)slots[k].charge_wh, 1e-9);
        EXPECT_NEAR(values[10 * k + 9], 4e-3 * (double)slots[k].discharge_wh, 1e-9);
    }
    gb_results_close(results);
    gb_record_free(record);
}

static void the_latency_figure_has_the_quantiles_of_the_summary(void)
{
    struct gb_record *record =
        run_village("chain.protocol=pbft", "meters.count=20", "slots=8", NULL);
    struct gb_results *results = open_record(record);
    const struct gb_summary_row *sum = summary_of(record);
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    size_t n = gb_record_n_rows(record, GB_TABLE_ORDERS), n_within = 0;
    double marks[6];

    EXPECT_INT(write_figure(results, "latency", NULL), GB_OK);
    EXPECT_INT((int64_t)read_block("latency", 1, 2, marks, 6), 3);
    for (size_t i = 0; i < n; i++)
        n_within += orders[i].stable_ns != GB_NO_TIME &&
                    1e-6 * (double)(orders[i].stable_ns - orders[i].sent_ns) <= marks[0];
    EXPECT_NEAR((double)n_within, 0.5 * (double)n, 1.0);
    EXPECT_NEAR(marks[0], sum->latency_p50_ms,
                0.02 * sum->latency_p50_ms); /* its histogram's bins */
    EXPECT_NEAR(marks[2], sum->latency_p95_ms, 0.02 * sum->latency_p95_ms);
    EXPECT_NEAR(marks[3], 95.0, 1e-9); /* all of them were stable */
    gb_results_close(results);
    gb_record_free(record);
}

/* ---- of a sweep */

static void the_curves_draw_the_means_and_intervals_of_the_cells(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_TRIALS);
    double values[6 * 16], gains[SAMPLE_N_REPLICATIONS];

    EXPECT_INT(write_figure(results, "curves", NULL), GB_OK);
    for (size_t curve = 0; curve < SAMPLE_N_SIZES; curve++) {
        EXPECT_INT((int64_t)read_block("curves", curve, 6, values, 6 * 16), SAMPLE_N_BETAS);
        for (size_t b = 0; b < SAMPLE_N_BETAS; b++) {
            const double *point = values + 6 * b;
            struct gb_confidence_interval by_hand;

            for (uint64_t r = 0; r < SAMPLE_N_REPLICATIONS; r++) {
                struct gb_record *record = sample_sweep(
                    (b * SAMPLE_N_SIZES + curve) * SAMPLE_N_REPLICATIONS + r, GB_OUTPUT_SUMMARY);
                gains[r] = summary_of(record)->gain_per_user_day;
                gb_record_free(record);
            }
            by_hand = gb_t_interval(gains, SAMPLE_N_REPLICATIONS, 0.95);
            EXPECT_NEAR(point[0], 0.25 * (double)b, 1e-12);
            EXPECT_NEAR(point[1], by_hand.estimate, 1e-11);
            EXPECT_NEAR(point[2], by_hand.lower, 1e-11);
            EXPECT_NEAR(point[3], by_hand.upper, 1e-11);
            EXPECT(point[4] == 0.0 && point[5] == SAMPLE_N_REPLICATIONS);
        }
    }
    gb_results_close(results);
}

static void keys_go_along_x_to_lines_and_to_panels_as_asked(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_TRIALS);
    struct gb_figure_request request = request_of(results);
    double values[6 * 16], across[6 * 16];

    EXPECT_INT(write_as(&request, "curves", NULL), GB_OK);
    read_block("curves", 1, 6, values, 6 * 16); /* 40 meters, over beta */
    request.x = "meters.count";
    request.lines = "market.books"; /* of one value */
    request.panels = "market.beta";
    EXPECT_INT(write_as(&request, "curves", NULL), GB_OK);
    EXPECT(holds("curves.gp", "n_panels = 5"));
    for (size_t b = 0; b < SAMPLE_N_BETAS; b++) {
        EXPECT_INT((int64_t)read_block("curves", b, 6, across, 6 * 16), SAMPLE_N_SIZES);
        EXPECT(across[0] == 10.0 && across[6] == 40.0);
        EXPECT_NEAR(across[6 + 1], values[6 * b + 1], 0.0);
    }
    gb_results_close(results);
}

static void a_column_over_another_is_a_ratio_of_sums(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_REPLICATIONS);
    struct gb_figure_request request = request_of(results);
    double values[6 * 4], saving = 0.0, cost = 0.0;

    for (uint64_t t = 0; t < SAMPLE_N_REPLICATIONS; t++) {
        struct gb_record *record = sample_sweep(t, GB_OUTPUT_SUMMARY);

        saving += (double)summary_of(record)->saving;
        cost += (double)summary_of(record)->buyers_cost_grid_only;
        gb_record_free(record);
    }
    request.x = "market.beta";
    request.y = "saving/buyers_cost_grid_only";
    EXPECT_INT(write_as(&request, "curves", NULL), GB_OK);
    EXPECT_INT((int64_t)read_block("curves", 0, 6, values, 6 * 4), 1);
    EXPECT_NEAR(values[1], saving / cost, 1e-11);
    EXPECT(values[2] < values[1] && values[1] < values[3]);
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
    double values[6 * 16], cell[SAMPLE_N_REPLICATIONS], base[SAMPLE_N_REPLICATIONS];

    EXPECT_INT(write_figure(results, "effect", NULL), GB_OK);
    for (size_t curve = 0; curve < SAMPLE_N_SIZES; curve++) {
        /* the sellers' blocks stand behind the buyers' */
        EXPECT_INT((int64_t)read_block("effect", SAMPLE_N_SIZES + curve, 6, values, 6 * 16),
                   SAMPLE_N_BETAS);
        for (size_t b = 0; b < SAMPLE_N_BETAS; b++) {
            size_t first = curve * SAMPLE_N_REPLICATIONS;
            double effect =
                residuals(rows + b * SAMPLE_N_SIZES * SAMPLE_N_REPLICATIONS + first, cell) -
                residuals(rows + first, base);
            struct gb_confidence_interval by_hand =
                gb_paired_interval(cell, base, SAMPLE_N_REPLICATIONS, 0.95);
            EXPECT_NEAR(values[6 * b + 1], effect, 1e-6);
            if (b > 0)
                EXPECT_NEAR(values[6 * b + 3] - values[6 * b + 1], by_hand.upper - by_hand.estimate,
                            1e-6);
        }
    }
    gb_results_close(results);
}

static void differences_are_taken_from_the_cell_that_is_asked_for(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_TRIALS);
    struct gb_figure_request request = request_of(results);
    struct gb_cells cells = {0};
    double values[6 * 16];

    request.y = "gain_per_user_day";
    request.against = (struct gb_figure_condition){"meters.count", "10"};
    EXPECT_INT(write_as(&request, "effect", NULL), GB_OK);
    gb_cells_find(&cells, results, NULL);
    EXPECT_INT((int64_t)read_block("effect", 1, 6, values, 6 * 16), SAMPLE_N_BETAS);
    for (size_t b = 0; b < SAMPLE_N_BETAS; b++) {
        struct gb_confidence_interval difference = gb_cell_paired(
            results, &cells.items[2 * b + 1], &cells.items[2 * b], "gain_per_user_day");

        EXPECT_NEAR(values[6 * b + 1], difference.estimate, 1e-11);
        EXPECT_NEAR(values[6 * b + 2], difference.lower, 1e-11);
    }
    EXPECT(holds("effect.txt", "Difference from the cell with meters.count = 10"));
    gb_cells_clear(&cells);
    gb_results_close(results);
}

static void the_map_has_the_numbers_of_the_curves(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_TRIALS);
    double curve[6 * 16], fields[6 * 16];

    EXPECT_INT(write_figure(results, "curves", NULL), GB_OK);
    EXPECT_INT(write_figure(results, "map", NULL), GB_OK);
    EXPECT_INT((int64_t)read_block("map", 0, 6, fields, 6 * 16), SAMPLE_N_BETAS * SAMPLE_N_SIZES);
    for (size_t j = 0; j < SAMPLE_N_SIZES; j++) {
        read_block("curves", j, 6, curve, 6 * 16);
        for (size_t i = 0; i < SAMPLE_N_BETAS; i++) {
            const double *field = fields + 6 * (i * SAMPLE_N_SIZES + j);

            EXPECT(field[0] == (double)i && field[1] == (double)j);
            EXPECT_NEAR(field[2], curve[6 * i + 1], 0.0);
        }
    }
    gb_results_close(results);
}

static void a_cell_that_lacks_trials_is_marked_in_every_figure_of_it(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_TRIALS - 2);
    double values[6 * 16];

    EXPECT_INT(write_figure(results, "curves", NULL), GB_OK);
    EXPECT_INT((int64_t)read_block("curves", 1, 6, values, 6 * 16), SAMPLE_N_BETAS);
    EXPECT(values[6 * 3 + 4] == 0.0 && values[6 * 4 + 4] == 1.0);
    EXPECT_INT((int64_t)values[6 * 4 + 5], SAMPLE_N_REPLICATIONS - 2);
    EXPECT(holds("curves.txt", "4 to 6 trials a point") &&
           holds("curves.txt", "rings: cells that lack"));
    EXPECT_INT(write_figure(results, "map", NULL), GB_OK);
    EXPECT_INT((int64_t)read_block("map", 0, 6, values, 6 * 16), 10);
    EXPECT(values[6 * 9 + 5] == 1.0 && values[6 * 8 + 5] == 0.0);
    gb_results_close(results);
}

/* ---- what cannot be drawn */

static void a_figure_that_the_result_cannot_show_is_refused_with_the_reason(void)
{
    struct gb_results *results = open_sample(sample_paper, 1);
    struct gb_error err = {0};

    EXPECT_INT(write_figure(results, "curves", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "varies no key") != NULL);
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

static void choices_that_are_not_in_the_result_are_refused_with_those_that_are(void)
{
    static const struct {
        const char *x, *y, *lines, *key, *value, *words;
    } cases[] = {
        {"market.gate", NULL, NULL, NULL, NULL,
         "it varies market.beta, meters.count, market.books"},
        {NULL, "gain_per_user_dey", NULL, NULL, NULL, "did you mean 'gain_per_user_day'"},
        {NULL, NULL, NULL, "meters.count", "20", "its values are 10, 40"},
        {"meters.count", NULL, "meters.count", NULL, NULL, "asked for twice"},
        {NULL, "saving_pct/load_wh", NULL, NULL, NULL, "a ratio already"},
    };
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_TRIALS);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_figure_request request = request_of(results);
        struct gb_figure_condition where = {cases[i].key, cases[i].value};
        struct gb_error err = {0};

        request.x = cases[i].x;
        request.y = cases[i].y;
        request.lines = cases[i].lines;
        request.where = &where;
        request.n_where = cases[i].key != NULL;
        EXPECT_INT(write_as(&request, "curves", &err), GB_EINPUT);
        if (!EXPECT(strstr(err.text, cases[i].words) != NULL))
            tap_note("%s", err.text);
    }
    gb_results_close(results);
}

/* A sweep of seven values of beta and as many of another key. */
static struct gb_record *many_curves(uint64_t trial, enum gb_output_level level)
{
    static const char *const keys[] = {"market.beta", "meters.count"};
    char beta[32], size[32];
    const char *const values[] = {beta, size};
    struct gb_record *record = NULL;
    struct gb_summary_row sum = {
        .trial = trial, .slot_ns = 1000000000, .n_meters = 1, .n_slots = 1};

    snprintf(beta, sizeof beta, "%g", 0.1 * (double)(trial / 7));
    snprintf(size, sizeof size, "%d", (int)(trial % 7) + 1);
    if (gb_record_create(&record, trial, level, NULL) != GB_OK)
        return NULL;
    gb_record_append(record, GB_TABLE_SUMMARY, &sum, NULL);
    gb_record_set_varied(record, 2, keys, values, NULL);
    return record;
}

static void more_curves_than_can_be_told_apart_are_refused_with_the_cure(void)
{
    struct gb_results *results = open_sample(many_curves, 49);
    struct gb_figure_request request = request_of(results);
    struct gb_figure_condition where = {"market.beta", "0.3"};
    struct gb_error err = {0};

    EXPECT_INT(write_as(&request, "curves", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "takes 7 values, and at most 6 lines can be told apart") != NULL);
    EXPECT(strstr(err.text, "--where market.beta=VALUE") != NULL);
    request.where = &where;
    request.n_where = 1;
    EXPECT_INT(write_as(&request, "curves", NULL), GB_OK);
    gb_results_close(results);
}

/* ---- pictures */

static void the_caption_stands_beside_a_picture_that_has_none(void)
{
    struct gb_results *results = open_sample(sample_paper, 1);
    struct gb_figure_request request = request_of(results);

    request.without_caption = true;
    request.width_mm = 85.0;
    EXPECT_INT(write_as(&request, "users", NULL), GB_OK);
    EXPECT(holds("users.gp", "n_notes = 0\n") && holds("users.gp", "width_mm = 85\n"));
    EXPECT(holds("users.txt", "tariff 0.59 / 0.31 yuan/kWh"));
    request.without_caption = false;
    EXPECT_INT(write_as(&request, "users", NULL), GB_OK);
    EXPECT(holds("users.gp", "note_1 = 'Income and cost"));
    gb_results_close(results);
}

static void every_figure_draws_in_every_format_and_leaves_no_part(void)
{
    static const char *const of_paper[] = {"users", "gains", "lorenz", "clearing"};
    static const char *const of_sweep[] = {"curves", "effect", "map", "balance"};
    char name[256];
    struct stat info;

    if (!gb_figure_has_gnuplot()) {
        tap_skip("gnuplot is not installed");
        return;
    }
    for (size_t i = 0; i < 8; i++) {
        struct gb_results *results =
            i < 4 ? open_sample(sample_paper, 1) : open_sample(sample_sweep, SAMPLE_N_TRIALS);
        const struct gb_figure *figure = gb_figure_find(i < 4 ? of_paper[i] : of_sweep[i - 4]);

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

static void a_picture_of_what_did_not_change_is_left_as_it_is(void)
{
    struct gb_results *results = open_sample(sample_paper, 1);
    const struct gb_figure *users = gb_figure_find("users");
    struct gb_figure_request request = request_of(results);
    struct stat first, second;
    char name[256];

    if (!gb_figure_has_gnuplot()) {
        tap_skip("gnuplot is not installed");
        gb_results_close(results);
        return;
    }
    snprintf(name, sizeof name, "%s/users.svg", folder);
    for (int i = 0; i < 2; i++) {
        EXPECT_INT(write_as(&request, "users", NULL), GB_OK);
        EXPECT_INT(gb_figure_draw(users, folder, "svg", NULL), GB_OK);
        EXPECT(stat(name, i == 0 ? &first : &second) == 0);
    }
    EXPECT(first.st_ino == second.st_ino && first.st_mtime == second.st_mtime);
    request.currency = "EUR";
    EXPECT_INT(write_as(&request, "users", NULL), GB_OK);
    EXPECT_INT(gb_figure_draw(users, folder, "svg", NULL), GB_OK);
    EXPECT(holds("users.svg", "EUR"));
    gb_results_close(results);
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
    static const char *const suffixes[] = {"gp", "dat", "txt", "pdf", "svg", "png"};
    char name[256];

    for (size_t s = 0; s < sizeof suffixes / sizeof suffixes[0]; s++) {
        for (const struct gb_figure *figure = gb_figures; figure->name; figure++) {
            snprintf(name, sizeof name, "%s/%s.%s", folder, figure->name, suffixes[s]);
            remove(name);
        }
        snprintf(name, sizeof name, "%s/style.%s", folder, suffixes[s]);
        remove(name);
    }
    rmdir(folder);
    remove(path);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_users_figure_draws_the_bills_of_the_result),
        TAP(the_gains_of_one_market_are_those_of_its_users_sorted),
        TAP(gains_of_households_drawn_anew_are_the_means_of_ranks_not_of_meters),
        TAP(the_lorenz_curve_encloses_the_gini_coefficient),
        TAP(the_causes_add_up_to_the_saving),
        TAP(the_clearing_figure_draws_the_steps_of_table_1_and_the_trades_of_table_2),
        TAP(the_balance_figure_stacks_up_to_what_is_used),
        TAP(a_window_shows_its_slots_alone),
        TAP(the_trades_figure_has_a_dot_a_trade_and_the_mean_of_each_slot),
        TAP(the_storage_figure_has_what_is_stored_and_what_would_be_grid_only),
        TAP(the_latency_figure_has_the_quantiles_of_the_summary),
        TAP(the_curves_draw_the_means_and_intervals_of_the_cells),
        TAP(keys_go_along_x_to_lines_and_to_panels_as_asked),
        TAP(a_column_over_another_is_a_ratio_of_sums),
        TAP(the_effect_figure_draws_differences_of_ratios_paired_by_replication),
        TAP(differences_are_taken_from_the_cell_that_is_asked_for),
        TAP(the_map_has_the_numbers_of_the_curves),
        TAP(a_cell_that_lacks_trials_is_marked_in_every_figure_of_it),
        TAP(a_figure_that_the_result_cannot_show_is_refused_with_the_reason),
        TAP(choices_that_are_not_in_the_result_are_refused_with_those_that_are),
        TAP(more_curves_than_can_be_told_apart_are_refused_with_the_cure),
        TAP(the_caption_stands_beside_a_picture_that_has_none),
        TAP(every_figure_draws_in_every_format_and_leaves_no_part),
        TAP(a_picture_of_what_did_not_change_is_left_as_it_is),
        TAP(a_script_that_fails_says_why_and_leaves_no_picture),
        {0}};
    int code = tap_main("figures", tests);

    clean_up();
    return code;
}
