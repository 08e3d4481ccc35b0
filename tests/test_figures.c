/* Figures of one market and over time: the numbers that they draw are those of the result. What is
 * expected is computed from the rows that were written, not from those that figures read. */
#include "analysis/figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/causes.h"
#include "analysis/order_statistics.h"
#include "experiments/run/run.h"
#include "experiments/scenario/scenario.h"
#include "tests/figure_files.h"
#include "tests/runs.h"
#include "tests/sample.h"
#include "tests/tap.h"

/* ---- of one market */

static void the_users_figure_draws_the_bills_of_the_result(void)
{
    struct gb_results *results = figures_open_sample(sample_paper, 1);
    double values[5 * 16];
    void *rows = NULL;
    size_t n = 0;

    EXPECT_INT(figures_write_plain(results, "users", NULL), GB_OK);
    gb_results_rows(results, GB_TABLE_USERS, 0, &rows, &n, NULL);
    EXPECT_INT((int64_t)figures_read_block("users", 0, 5, values, 5 * 16), 8);
    for (size_t u = 0; u < n; u++) {
        const struct gb_user_row *user = (const struct gb_user_row *)rows + u;
        EXPECT_NEAR(values[5 * u + 1], -1e-9 * (double)user->cost, 1e-8);
        EXPECT_NEAR(values[5 * u + 3], -1e-9 * (double)user->cost_grid_only, 1e-8);
    }
    free(rows);
    gb_results_close(results);
}

/* The gains of a record's users, sorted. returns how many */
static size_t sorted_gains(const struct gb_record *record, double *out)
{
    const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);
    size_t n = gb_record_n_rows(record, GB_TABLE_USERS);

    for (size_t u = 0; u < n; u++)
        out[u] = 1e-9 * (double)(users[u].cost_grid_only - users[u].cost);
    gb_order_sample(out, n);
    return n;
}

static void the_gains_of_one_market_are_those_of_its_users_sorted(void)
{
    struct gb_record *record =
        run_village("meters.count=20", "meters.prosumer_share=0.6", NULL, NULL);
    struct gb_results *results = figures_open_record(record);
    double values[5 * 32], gains[32];
    size_t n = sorted_gains(record, gains);

    EXPECT_INT(figures_write_plain(results, "gains", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("gains", 0, 5, values, 5 * 32), (int64_t)n);
    for (size_t u = 0; u < n; u++) {
        EXPECT_NEAR(values[5 * u + 2], gains[u], 1e-9);
        EXPECT_NEAR(values[5 * u + 3], gains[u], 1e-9); /* one trial: no interval */
    }
    gb_results_close(results);
    gb_record_free(record);
}

static void gains_of_households_drawn_anew_are_the_means_of_ranks_not_of_meters(void)
{
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_REPLICATIONS);
    double values[5 * 16], mean[10] = {0}, gains[16];

    EXPECT_INT(figures_write_plain(results, "gains", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("gains", 0, 5, values, 5 * 16), 10);
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
    EXPECT(figures_hold("gains.txt", "each with households of its own"));
    gb_results_close(results);
}

static void users_that_orders_name_have_means_over_replications_and_meters_have_not(void)
{
    struct gb_results *results = figures_open_sample(sample_paper, 3);
    struct gb_error err = {0};
    double values[5 * 16];

    EXPECT_INT(figures_write_plain(results, "users", NULL), GB_OK);
    EXPECT(figures_hold("users.txt", "means and 95 % t intervals over 3 trials"));
    EXPECT_INT(figures_write_plain(results, "gains", NULL), GB_OK);
    EXPECT(figures_hold("gains.txt", "paired mean and 95 % t interval over 3 trials"));
    EXPECT_INT((int64_t)figures_read_block("gains", 0, 5, values, 5 * 16), 8);
    gb_results_close(results);
    results = figures_open_sample(sample_sweep, SAMPLE_N_REPLICATIONS);
    EXPECT_INT(figures_write_plain(results, "users", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "is nobody's") != NULL);
    gb_results_close(results);
}

static void the_lorenz_curve_encloses_the_gini_coefficient(void)
{
    struct gb_record *record =
        run_village("meters.count=20", "meters.prosumer_share=0.6", "forecast.kind=perfect", NULL);
    struct gb_results *results = figures_open_record(record);
    double values[4 * 32], area = 0.0;
    size_t n;

    EXPECT(!isnan(summary_of(record)->gini)); /* nobody loses */
    EXPECT_INT(figures_write_plain(results, "lorenz", NULL), GB_OK);
    n = figures_read_block("lorenz", 0, 4, values, 4 * 32);
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

/* The area under each curve is the energy of the slots, whatever their order. */
static void duration_curves_fall_and_hold_the_energy_of_the_slots(void)
{
    struct gb_record *record = run_village("meters.count=20", "meters.prosumer_share=0.6",
                                           "meters.storage_share=0.5", NULL);
    struct gb_results *results = figures_open_record(record);
    const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);
    size_t n_slots = gb_record_n_rows(record, GB_TABLE_SLOTS);
    double *values = calloc(4 * (2 * n_slots + 1), sizeof *values), mean[3] = {0}, want[3] = {0};
    double kw_per_wh = 1e-3 * 3.6e12 / (double)summary_of(record)->slot_ns;
    size_t rising = 0;

    EXPECT_INT(figures_write_plain(results, "duration", NULL), GB_OK);
    EXPECT_INT(figures_read_block("duration", 0, 4, values, 4 * (2 * n_slots + 1)), 2 * n_slots);
    for (size_t i = 0; i < 2 * n_slots; i++)
        for (size_t c = 0; c < 3; c++) {
            mean[c] += values[4 * i + 1 + c] / 2 / (double)n_slots;
            rising += i > 0 && values[4 * i + 1 + c] > values[4 * i - 3 + c];
        }
    for (size_t i = 0; i < n_slots; i++) {
        want[0] += kw_per_wh * (double)slots[i].load_wh / (double)n_slots;
        want[1] += kw_per_wh * (double)(slots[i].solar_wh + slots[i].wind_wh) / (double)n_slots;
        want[2] += kw_per_wh * (double)(slots[i].import_wh - slots[i].export_wh) / (double)n_slots;
    }
    EXPECT_INT(rising, 0);
    EXPECT(values[0] == 0 && values[4 * (2 * n_slots - 1)] == 100);
    for (size_t c = 0; c < 3; c++)
        EXPECT_NEAR(mean[c], want[c], 1e-9 * (1 + fabs(want[c])));
    EXPECT(figures_hold("duration.txt", "Load-duration curves of the community"));
    free(values);
    gb_results_close(results);
    gb_record_free(record);
}

/* Of each kind a point: means over its homes of what /users holds. */
static void the_map_of_kinds_holds_their_means(void)
{
    struct gb_record *record = NULL;
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};
    double values[3 * 5];

    EXPECT_INT(gb_scenario_parse(&scenario, NULL,
                                 "format: 1\nslots: 56\nstart_date: 2024-06-01\n"
                                 "chain.crypto: modelled\noutput.level: market\nhouseholds:\n"
                                 "  flat: {count: 5}\n  farm: {count: 3, pv: {size: 9}}\n",
                                 "kinds", diagnostics, &err),
               GB_OK);
    if (!scenario)
        return;
    EXPECT_INT(gb_run_trial(scenario, &(struct gb_run_options){0}, &record, &err), GB_OK);
    struct gb_results *results = figures_open_record(record);
    const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);
    double kwh[2] = {0}, gain[2] = {0};
    for (size_t i = 0; i < 8; i++) { /* farms come first */
        kwh[i >= 3] += 1e-3 * (double)(users[i].import_wh + users[i].export_wh);
        gain[i >= 3] += 1e-9 * (double)(users[i].cost_grid_only - users[i].cost);
    }
    EXPECT_INT(figures_write_plain(results, "kinds", NULL), GB_OK);
    EXPECT_INT(figures_read_block("kinds", 0, 5, values, 15), 2);
    EXPECT_NEAR(values[0], kwh[0] / 3, 1e-9);
    EXPECT_NEAR(values[1], gain[0] / 3, 1e-9);
    EXPECT_NEAR(values[5], kwh[1] / 5, 1e-9);
    EXPECT_NEAR(values[6], gain[1] / 5, 1e-9);
    EXPECT(values[4] == 3 && values[9] == 5);
    EXPECT(figures_hold("kinds.dat", "'farm'") || figures_hold("kinds.dat", "\"farm\""));
    gb_results_close(results);
    gb_record_free(record);
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
}

static void the_causes_add_up_to_the_saving(void)
{
    struct gb_record *record =
        run_village("meters.count=20", "meters.prosumer_share=0.6", NULL, NULL);
    struct gb_results *results = figures_open_record(record);
    const struct gb_summary_row *sum = summary_of(record);
    double values[10] = {0}, parts = 0.0;
    double meter_hours =
        (double)sum->n_meters; /* of a run of less than a day: no more than happened */

    EXPECT_INT(figures_write_plain(results, "causes", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("causes", 0, 10, values, 10), 1);
    for (size_t c = 1; c <= GB_N_CAUSES; c++)
        parts += values[c];
    EXPECT_NEAR(parts, 1e-9 * (double)sum->saving / meter_hours, 1e-9);
    EXPECT_NEAR(values[GB_N_CAUSES + 1], parts, 1e-9);
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
    struct gb_results *results = figures_open_sample(sample_paper, 1);
    double values[64];

    EXPECT_INT(figures_write_plain(results, "clearing", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("clearing", 0, 2, values, 64), 8);
    for (size_t i = 0; i < 16; i++)
        EXPECT_NEAR(values[i], supply[i], 1e-12);
    EXPECT_INT((int64_t)figures_read_block("clearing", 1, 2, values, 64), 8);
    for (size_t i = 0; i < 16; i++)
        EXPECT_NEAR(values[i], demand[i], 1e-12);
    size_t n = figures_read_block("clearing", 2, 3, values, 64);
    EXPECT_NEAR(values[3 * (n - 1)], 1060.0, 1e-12); /* the quotes cross up to 1060 kWh */
    EXPECT_INT((int64_t)figures_read_block("clearing", 3, 3, values, 64), 5);
    for (size_t i = 0; i < 5; i++)
        EXPECT_NEAR(values[3 * i + 2], prices[i], 1e-12);
    EXPECT_INT((int64_t)figures_read_block("clearing", 4, 3, values, 64), 1);
    EXPECT(values[0] == 1060.0 && values[1] == 1495.0 && values[2] == 0.4925);
    gb_results_close(results);
}

/* ---- over time */

static void the_balance_figure_stacks_up_to_what_is_used(void)
{
    struct gb_record *record =
        run_village("meters.count=20", "meters.storage_share=0.5", NULL, NULL);
    struct gb_results *results = figures_open_record(record);
    const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);
    size_t n = gb_record_n_rows(record, GB_TABLE_SLOTS);
    static double values[7 * 400];

    EXPECT_INT(figures_write_plain(results, "balance", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("balance", 0, 7, values, 7 * 400), 2 * (int64_t)n);
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
    struct gb_results *results = figures_open_sample(sample_sweep, 1);
    struct gb_figure_request request = figures_request(results);
    static double values[7 * 400];
    size_t n;

    request.from_ns = INT64_C(21600000000000); /* 06:00 */
    request.to_ns = INT64_C(36000000000000);   /* 10:00 */
    EXPECT_INT(figures_write(&request, "balance", NULL), GB_OK);
    n = figures_read_block("balance", 0, 7, values, 7 * 400);
    EXPECT_INT((int64_t)n, 32);
    EXPECT(values[0] == 6.0 && values[7 * (n - 1)] == 10.0);
    EXPECT(figures_hold("balance.gp", "x_low = 6\nx_high = 10\n"));
    EXPECT(figures_hold("balance.gp", "\"07:00\" 7"));
    gb_results_close(results);
}

static void the_trades_figure_has_a_dot_a_trade_and_the_mean_of_each_slot(void)
{
    struct gb_record *record =
        run_village("meters.count=20", "meters.prosumer_share=0.6", NULL, NULL);
    struct gb_results *results = figures_open_record(record);
    const struct gb_trade_row *trades = gb_record_rows(record, GB_TABLE_TRADES);
    size_t n_trades = gb_record_n_rows(record, GB_TABLE_TRADES), n_found = 0;
    static double values[4 * 4096];

    EXPECT_INT(figures_write_plain(results, "trades", NULL), GB_OK);
    for (size_t source = 0; source < 5; source++) {
        size_t n = figures_read_block("trades", source, 4, values, 4 * 4096), at = 0;

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
    struct gb_results *results = figures_open_record(record);
    const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);
    const struct gb_meter_row *meters = gb_record_rows(record, GB_TABLE_METERS);
    size_t n = gb_record_n_rows(record, GB_TABLE_SLOTS);
    static double values[5 * 400];

    EXPECT_INT(figures_write_plain(results, "storage", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("storage", 0, 5, values, 5 * 400), 2 * (int64_t)n);
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
    struct gb_results *results = figures_open_record(record);
    const struct gb_summary_row *sum = summary_of(record);
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    size_t n = gb_record_n_rows(record, GB_TABLE_ORDERS), n_within = 0;
    double marks[6], curve[4];

    EXPECT_INT(figures_write_plain(results, "latency", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("latency", 1, 2, marks, 6), 3);
    EXPECT_INT((int64_t)figures_read_block("latency", 0, 2, curve, 4), 2); /* of many more */
    EXPECT(curve[1] == 0.0 && curve[0] == curve[2] && curve[3] > 0.0);     /* it begins at 0 */
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

/* ---- pictures */

static void the_caption_stands_beside_a_picture_that_has_none(void)
{
    struct gb_results *results = figures_open_sample(sample_paper, 1);
    struct gb_figure_request request = figures_request(results);

    request.without_caption = true;
    request.width_mm = 85.0;
    EXPECT_INT(figures_write(&request, "users", NULL), GB_OK);
    EXPECT(figures_hold("users.gp", "n_notes = 0\n") &&
           figures_hold("users.gp", "width_mm = 85\n"));
    EXPECT(figures_hold("users.txt", "tariff 0.59 / 0.31 yuan/kWh"));
    request.without_caption = false;
    EXPECT_INT(figures_write(&request, "users", NULL), GB_OK);
    EXPECT(figures_hold("users.gp", "note_1 = 'Income and cost"));
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
        struct gb_results *results = i < 4 ? figures_open_sample(sample_paper, 1)
                                           : figures_open_sample(sample_sweep, SAMPLE_N_TRIALS);
        const struct gb_figure *figure = gb_figure_find(i < 4 ? of_paper[i] : of_sweep[i - 4]);

        EXPECT_INT(figures_write_plain(results, figure->name, NULL), GB_OK);
        for (size_t f = 0; gb_figure_formats[f]; f++) {
            struct gb_error err = {0};
            if (!EXPECT_INT(gb_figure_draw(figure, figures_folder, gb_figure_formats[f], &err),
                            GB_OK))
                tap_note("%s", err.text);
            snprintf(name, sizeof name, "%s/%s.%s", figures_folder, figure->name,
                     gb_figure_formats[f]);
            EXPECT(stat(name, &info) == 0 && info.st_size > 2000);
            strcat(name, ".part");
            EXPECT(stat(name, &info) != 0);
        }
        gb_results_close(results);
    }
}

static void a_picture_of_what_did_not_change_is_left_as_it_is(void)
{
    struct gb_results *results = figures_open_sample(sample_paper, 1);
    const struct gb_figure *users = gb_figure_find("users");
    struct gb_figure_request request = figures_request(results);
    struct stat first, second;
    char name[256];

    if (!gb_figure_has_gnuplot()) {
        tap_skip("gnuplot is not installed");
        gb_results_close(results);
        return;
    }
    snprintf(name, sizeof name, "%s/users.svg", figures_folder);
    for (int i = 0; i < 2; i++) {
        EXPECT_INT(figures_write(&request, "users", NULL), GB_OK);
        EXPECT_INT(gb_figure_draw(users, figures_folder, "svg", NULL), GB_OK);
        EXPECT(stat(name, i == 0 ? &first : &second) == 0);
    }
    EXPECT(first.st_ino == second.st_ino && first.st_mtime == second.st_mtime);
    request.currency = "EUR";
    EXPECT_INT(figures_write(&request, "users", NULL), GB_OK);
    EXPECT_INT(gb_figure_draw(users, figures_folder, "svg", NULL), GB_OK);
    EXPECT(figures_hold("users.svg", "EUR"));
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
    snprintf(name, sizeof name, "%s/users.gp", figures_folder);
    file = fopen(name, "w");
    fputs("set output out\nplot 'no such file'\n", file);
    fclose(file);
    snprintf(name, sizeof name, "%s/users.svg", figures_folder);
    remove(name);
    EXPECT_INT(gb_figure_draw(gb_figure_find("users"), figures_folder, "svg", &err), GB_EFILE);
    EXPECT(strstr(err.text, "no such file") != NULL);
    EXPECT(access(name, F_OK) != 0);
    strcat(name, ".part");
    EXPECT(access(name, F_OK) != 0);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_users_figure_draws_the_bills_of_the_result),
        TAP(the_gains_of_one_market_are_those_of_its_users_sorted),
        TAP(gains_of_households_drawn_anew_are_the_means_of_ranks_not_of_meters),
        TAP(users_that_orders_name_have_means_over_replications_and_meters_have_not),
        TAP(the_lorenz_curve_encloses_the_gini_coefficient),
        TAP(duration_curves_fall_and_hold_the_energy_of_the_slots),
        TAP(the_map_of_kinds_holds_their_means),
        TAP(the_causes_add_up_to_the_saving),
        TAP(the_clearing_figure_draws_the_steps_of_table_1_and_the_trades_of_table_2),
        TAP(the_balance_figure_stacks_up_to_what_is_used),
        TAP(a_window_shows_its_slots_alone),
        TAP(the_trades_figure_has_a_dot_a_trade_and_the_mean_of_each_slot),
        TAP(the_storage_figure_has_what_is_stored_and_what_would_be_grid_only),
        TAP(the_latency_figure_has_the_quantiles_of_the_summary),
        TAP(the_caption_stands_beside_a_picture_that_has_none),
        TAP(every_figure_draws_in_every_format_and_leaves_no_part),
        TAP(a_picture_of_what_did_not_change_is_left_as_it_is),
        TAP(a_script_that_fails_says_why_and_leaves_no_picture),
        {0}};
    int code = tap_main("figures", tests);

    figures_clean_up();
    return code;
}
