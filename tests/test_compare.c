/* The comparison with the grid against results whose numbers are known. */
#include "analysis/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/cell_users.h"
#include "analysis/paper_case.h"
#include "analysis/schema.h"
#include "analysis/user_groups.h"
#include "tests/sample.h"
#include "tests/tap.h"

static const char path[] = "test_compare.h5";

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

    EXPECT_INT(gb_cells_find(&cells, results, NULL, NULL), GB_OK);
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

    gb_cells_find(&cells, results, NULL, NULL);
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

    EXPECT_INT(gb_cells_find(&cells, results, NULL, NULL), GB_OK);
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

    EXPECT_INT(gb_cells_find(&cells, results, NULL, NULL), GB_OK);
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

/* Two trials of four users. Strategy 7 gains 1 and 3, and 5; strategy 4 gains 2 and 6, and 1, 2
 * and 3: 2 - 4 = -2 and 5 - 2 = +3. */
static struct gb_record *trial_of_a_mix(uint64_t trial, enum gb_output_level level)
{
    static const struct {
        uint8_t strategy;
        int64_t gain;
    } users[2][4] = {{{7, 1}, {4, 2}, {7, 3}, {4, 6}}, {{7, 5}, {4, 1}, {4, 2}, {4, 3}}};
    struct gb_summary_row sum = {.trial = trial,
                                 .replication = (uint32_t)trial,
                                 .slot_ns = INT64_C(900000000000),
                                 .n_meters = 4};
    struct gb_record *record = NULL;

    if (gb_record_create(&record, trial, level, NULL) != GB_OK)
        return NULL;
    gb_record_append(record, GB_TABLE_SUMMARY, &sum, NULL);
    for (uint32_t i = 0; i < 4; i++) {
        struct gb_user_row user = {.meter = i,
                                   .strategy = users[trial][i].strategy,
                                   .cost = INT64_C(7000000000),
                                   .cost_grid_only =
                                       INT64_C(1000000000) * (users[trial][i].gain + 7)};

        gb_record_append(record, GB_TABLE_USERS, &user, NULL);
    }
    return record;
}

static void groups_gain_what_their_users_do_and_so_much_more_than_the_others(void)
{
    static const struct {
        const char *name;
        double n_users, gain, above;
    } expected[] = {{"zi_c", 2.5, 3.0, -0.5}, {"zip", 1.5, 3.5, 0.5}};
    struct gb_results *results = open_sample(trial_of_a_mix, 2);
    struct gb_user_group *groups = NULL;
    struct gb_cells cells = {0};
    size_t n = 0;

    EXPECT_INT(gb_cells_find(&cells, results, NULL, NULL), GB_OK);
    EXPECT_INT(gb_user_groups(&groups, &n, results, &cells.items[0], GB_USERS_BY_STRATEGY, NULL),
               GB_OK);
    EXPECT_INT(n, 2);
    for (size_t g = 0; g < 2 && n == 2; g++) {
        struct gb_confidence_interval above = groups[g].above_others;

        EXPECT_TEXT(groups[g].name, expected[g].name);
        EXPECT_NEAR(groups[g].n_users, expected[g].n_users, 1e-12);
        EXPECT_NEAR(groups[g].gain.estimate, expected[g].gain, 1e-12);
        EXPECT_NEAR(above.estimate, expected[g].above, 1e-12);
        EXPECT_NEAR(above.upper - above.estimate, 2.5 * 12.706204736174698, 1e-9);
    }
    free(groups);
    gb_cells_clear(&cells);
    gb_results_close(results);
}

/* Two trials, of which the second has no barn. Gains and energy through the meter, in currency and
 * kWh, are farm 4/10 and 8/20, flat 1/5, barn 2/1; then farm 6/30, flat 2/2 and 4/3. */
static struct gb_record *trial_of_kinds(uint64_t trial, enum gb_output_level level)
{
    static const struct {
        const char *kind;
        int64_t gain, import_wh, export_wh;
    } users[2][4] = {{{"farm", 4, 2000, 8000},
                      {"farm", 8, 20000, 0},
                      {"flat", 1, 5000, 0},
                      {"barn", 2, 0, 1000}},
                     {{"farm", 6, 10000, 20000},
                      {"flat", 2, 2000, 0},
                      {"flat", 4, 1000, 2000},
                      {NULL, 0, 0, 0}}};
    struct gb_summary_row sum = {.trial = trial,
                                 .replication = (uint32_t)trial,
                                 .slot_ns = INT64_C(900000000000),
                                 .n_meters = trial == 0 ? 4 : 3};
    struct gb_record *record = NULL;

    if (gb_record_create(&record, trial, level, NULL) != GB_OK)
        return NULL;
    gb_record_append(record, GB_TABLE_SUMMARY, &sum, NULL);
    for (uint32_t i = 0; i < 4 && users[trial][i].kind; i++) {
        struct gb_user_row user = {.meter = i,
                                   .import_wh = users[trial][i].import_wh,
                                   .export_wh = users[trial][i].export_wh,
                                   .cost = INT64_C(-3000000000),
                                   .cost_grid_only =
                                       INT64_C(1000000000) * (users[trial][i].gain - 3)};

        strcpy(user.kind, users[trial][i].kind);
        gb_record_append(record, GB_TABLE_USERS, &user, NULL);
    }
    return record;
}

static void kinds_gain_what_their_homes_do_alone_and_for_each_kwh(void)
{
    static const struct {
        const char *name;
        double n_users, gain, per_kwh, above;
    } expected[] = {
        {"barn", 0.5, 2, 2, 2 - 13.0 / 3},
        {"farm", 1.5, 6, 18.0 / 60, ((6 - 1.5) + (6 - 3)) / 2},
        {"flat", 1.5, 2, 7.0 / 10, ((1 - 14.0 / 3) + (3 - 6)) / 2},
    };
    struct gb_results *results = open_sample(trial_of_kinds, 2);
    struct gb_user_group *groups = NULL;
    struct gb_cells cells = {0};
    size_t n = 0;

    EXPECT_INT(gb_cells_find(&cells, results, NULL, NULL), GB_OK);
    EXPECT_INT(gb_user_groups(&groups, &n, results, &cells.items[0], GB_USERS_BY_KIND, NULL),
               GB_OK);
    EXPECT_INT(n, 3);
    for (size_t g = 0; g < 3 && n == 3; g++) {
        EXPECT_TEXT(groups[g].name, expected[g].name);
        EXPECT_NEAR(groups[g].n_users, expected[g].n_users, 1e-12);
        EXPECT_NEAR(groups[g].gain.estimate, expected[g].gain, 1e-12);
        EXPECT_NEAR(groups[g].gain_per_kwh.estimate, expected[g].per_kwh, 1e-12);
        EXPECT_NEAR(groups[g].above_others.estimate, expected[g].above, 1e-12);
    }
    free(groups);
    EXPECT_INT(gb_user_groups(&groups, &n, results, &cells.items[0], GB_USERS_BY_STRATEGY, NULL),
               GB_OK);
    EXPECT_INT(n, 1);
    free(groups);
    gb_cells_clear(&cells);
    gb_results_close(results);
}

/* Trials of one beta and the other in turn. */
static struct gb_record *make_alternating(uint64_t trial, enum gb_output_level level)
{
    static const char *const keys[] = {"market.beta"};
    const char *const values[] = {trial % 2 ? "0.2" : "0.1"};
    struct gb_record *record = sample_sweep(trial, level);

    if (record)
        gb_record_set_varied(record, 1, keys, values, NULL);
    return record;
}

static void trials_that_stand_apart_are_of_one_cell(void)
{
    struct gb_results *results = open_sample(make_alternating, 6);
    struct gb_cells cells = {0};

    EXPECT_INT(gb_cells_find(&cells, results, NULL, NULL), GB_OK);
    EXPECT_INT((int64_t)cells.n, 2);
    for (size_t c = 0; c < cells.n; c++)
        for (size_t i = 0; EXPECT_INT((int64_t)cells.items[c].n_trials, 3) && i < 3; i++)
            EXPECT_INT((int64_t)cells.items[c].trials[i], (int64_t)(2 * i + c));
    gb_cells_clear(&cells);
    gb_results_close(results);
}

/* Money of many trials is in its unit, and so is what is no money. */
static void many_rows_have_the_values_that_each_has(void)
{
    struct gb_results *results = open_sample(sample_sweep, SAMPLE_N_TRIALS);
    const struct gb_summary_row *rows = gb_results_summary(results);
    const size_t places[] = {59, 0, 7};
    double values[3];

    for (const struct gb_field *field = gb_schemas[GB_TABLE_SUMMARY].fields; field->name; field++) {
        gb_field_values(field, rows, sizeof *rows, places, 3, values);
        for (size_t i = 0; i < 3; i++) {
            double expected = gb_field_value(field, &rows[places[i]]);

            if (!EXPECT(values[i] == expected || (isnan(values[i]) && isnan(expected))))
                tap_note("%s", field->name);
        }
    }
    gb_results_close(results);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_papers_case_saves_buyers_12_and_brings_sellers_55_percent),
        TAP(every_user_of_the_papers_case_pays_or_earns_what_figure_4_shows),
        TAP(the_papers_case_is_known_by_its_orders_alone),
        TAP(a_sweep_falls_into_cells_of_its_replications),
        TAP(a_percentage_of_a_cell_is_a_ratio_of_sums),
        TAP(kinds_gain_what_their_homes_do_alone_and_for_each_kwh),
        TAP(groups_gain_what_their_users_do_and_so_much_more_than_the_others),
        TAP(trials_that_stand_apart_are_of_one_cell),
        TAP(many_rows_have_the_values_that_each_has),
        {0}};
    int code = tap_main("compare", tests);

    remove(path);
    return code;
}
