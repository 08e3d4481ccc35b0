/* Figures of sweeps: keys where they were asked for, estimates and intervals those of the trials,
 * and what cannot be drawn refused with the cure. */
#include "analysis/figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/compare.h"
#include "tests/figure_files.h"
#include "tests/runs.h"
#include "tests/sample.h"
#include "tests/tap.h"

/* ---- of a sweep */

static void the_curves_draw_the_means_and_intervals_of_the_cells(void)
{
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_TRIALS);
    double values[6 * 16], gains[SAMPLE_N_REPLICATIONS];

    EXPECT_INT(figures_write_plain(results, "curves", NULL), GB_OK);
    for (size_t curve = 0; curve < SAMPLE_N_SIZES; curve++) {
        EXPECT_INT((int64_t)figures_read_block("curves", curve, 6, values, 6 * 16), SAMPLE_N_BETAS);
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
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_TRIALS);
    struct gb_figure_request request = figures_request(results);
    double values[6 * 16], across[6 * 16];

    EXPECT_INT(figures_write(&request, "curves", NULL), GB_OK);
    figures_read_block("curves", 1, 6, values, 6 * 16); /* 40 meters, over beta */
    request.x = "meters.count";
    request.lines = "market.books"; /* of one value */
    request.panels = "market.beta";
    EXPECT_INT(figures_write(&request, "curves", NULL), GB_OK);
    EXPECT(figures_hold("curves.gp", "n_panels = 5"));
    for (size_t b = 0; b < SAMPLE_N_BETAS; b++) {
        EXPECT_INT((int64_t)figures_read_block("curves", b, 6, across, 6 * 16), SAMPLE_N_SIZES);
        EXPECT(across[0] == 10.0 && across[6] == 40.0);
        EXPECT_NEAR(across[6 + 1], values[6 * b + 1], 0.0);
    }
    gb_results_close(results);
}

static void a_column_over_another_is_a_ratio_of_sums(void)
{
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_REPLICATIONS);
    struct gb_figure_request request = figures_request(results);
    double values[6 * 4], saving = 0.0, cost = 0.0;

    for (uint64_t t = 0; t < SAMPLE_N_REPLICATIONS; t++) {
        struct gb_record *record = sample_sweep(t, GB_OUTPUT_SUMMARY);

        saving += (double)summary_of(record)->saving;
        cost += (double)summary_of(record)->buyers_cost_grid_only;
        gb_record_free(record);
    }
    request.x = "market.beta";
    request.y = "saving/buyers_cost_grid_only";
    EXPECT_INT(figures_write(&request, "curves", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("curves", 0, 6, values, 6 * 4), 1);
    EXPECT_NEAR(values[1], 100.0 * saving / cost, 1e-9); /* %: both are money */
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
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_TRIALS);
    const struct gb_summary_row *rows = gb_results_summary(results);
    double values[6 * 16], cell[SAMPLE_N_REPLICATIONS], base[SAMPLE_N_REPLICATIONS];

    EXPECT_INT(figures_write_plain(results, "effect", NULL), GB_OK);
    for (size_t curve = 0; curve < SAMPLE_N_SIZES; curve++) {
        /* the sellers' blocks stand behind the buyers' */
        EXPECT_INT((int64_t)figures_read_block("effect", SAMPLE_N_SIZES + curve, 6, values, 6 * 16),
                   SAMPLE_N_BETAS);
        for (size_t b = 0; b < SAMPLE_N_BETAS; b++) {
            size_t first = curve * SAMPLE_N_REPLICATIONS;
            double effect =
                residuals(rows + b * SAMPLE_N_SIZES * SAMPLE_N_REPLICATIONS + first, cell) -
                residuals(rows + first, base);
            for (size_t r = 0; r < SAMPLE_N_REPLICATIONS; r++)
                cell[r] -= base[r];
            struct gb_confidence_interval by_hand =
                gb_t_interval(cell, SAMPLE_N_REPLICATIONS, 0.95);
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
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_TRIALS);
    struct gb_figure_request request = figures_request(results);
    struct gb_cells cells = {0};
    double values[6 * 16];

    request.y = "gain_per_user_day";
    EXPECT_INT(gb_selection_add(&request.against, results, "meters.count=10", NULL), GB_OK);
    EXPECT_INT(figures_write(&request, "effect", NULL), GB_OK);
    gb_cells_find(&cells, results, NULL, NULL);
    EXPECT_INT((int64_t)figures_read_block("effect", 1, 6, values, 6 * 16), SAMPLE_N_BETAS);
    for (size_t b = 0; b < SAMPLE_N_BETAS; b++) {
        struct gb_confidence_interval difference = gb_cell_paired(
            results, &cells.items[2 * b + 1], &cells.items[2 * b], "gain_per_user_day");

        EXPECT_NEAR(values[6 * b + 1], difference.estimate, 1e-11);
        EXPECT_NEAR(values[6 * b + 2], difference.lower, 1e-11);
    }
    EXPECT(figures_hold("effect.txt", "Difference from the cell with meters.count = 10 on the"));
    gb_selection_clear(&request.against);
    gb_cells_clear(&cells);
    gb_results_close(results);
}

static double mean_gain_at(size_t beta, size_t size)
{
    double sum = 0.0;

    for (uint64_t r = 0; r < SAMPLE_N_REPLICATIONS; r++) {
        struct gb_record *record = sample_sweep(
            (beta * SAMPLE_N_SIZES + size) * SAMPLE_N_REPLICATIONS + r, GB_OUTPUT_SUMMARY);

        sum += summary_of(record)->gain_per_user_day / SAMPLE_N_REPLICATIONS;
        gb_record_free(record);
    }
    return sum;
}

static void main_effects_are_differences_of_means_over_all_cells_of_a_value(void)
{
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_TRIALS);
    double values[6 * 16], by_beta[SAMPLE_N_BETAS] = {0}, by_size[SAMPLE_N_SIZES] = {0};
    for (size_t b = 0; b < SAMPLE_N_BETAS; b++)
        for (size_t s = 0; s < SAMPLE_N_SIZES; s++) {
            by_beta[b] += mean_gain_at(b, s) / SAMPLE_N_SIZES;
            by_size[s] += mean_gain_at(b, s) / SAMPLE_N_BETAS;
        }
    EXPECT_INT(figures_write_plain(results, "main", NULL), GB_OK);
    /* two heads, four values of beta and one size */
    EXPECT_INT((int64_t)figures_read_block("main", 0, 6, values, 6 * 16), 7);
    for (size_t b = 1; b < SAMPLE_N_BETAS; b++)
        EXPECT_NEAR(values[6 * b + 2], by_beta[b] - by_beta[0], 1e-9);
    EXPECT_NEAR(values[6 * 6 + 2], by_size[1] - by_size[0], 1e-9);
    EXPECT(values[6 * 6 + 3] < values[6 * 6 + 2] && values[6 * 6 + 2] < values[6 * 6 + 4]);
    gb_results_close(results);
}

/* An ideal chain, and PBFT among 4, 16 and 64, two replications each: what is lost grows by the
 * cell's number, replication 1 saves 1 more. */
static struct gb_record *ideal_and_pbft(uint64_t trial, enum gb_output_level level)
{
    static const char *const keys[] = {"chain.protocol", "chain.nodes"};
    static const char *const nodes[] = {"4", "4", "16", "64"};
    uint64_t cell = trial / 2;
    const char *const values[] = {cell == 0 ? "ideal" : "pbft", nodes[cell]};
    struct gb_record *record = NULL;
    struct gb_summary_row sum = {.trial = trial,
                                 .replication = (uint32_t)(trial % 2),
                                 .slot_ns = INT64_C(3600000000000),
                                 .n_meters = 1,
                                 .n_slots = 24,
                                 .gain_per_user_day = 10.0 - (double)cell + (double)(trial % 2)};

    if (gb_record_create(&record, trial, level, NULL) != GB_OK)
        return NULL;
    gb_record_append(record, GB_TABLE_SUMMARY, &sum, NULL);
    gb_record_set_varied(record, 2, keys, values, NULL);
    return record;
}

static void main_effects_take_a_complete_grid(void)
{
    struct gb_results *results = figures_open_sample(ideal_and_pbft, 8);
    struct gb_error err = {0};

    EXPECT_INT(figures_write_plain(results, "main", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "no complete grid") != NULL);
    gb_results_close(results);
}

static void main_effects_are_on_the_cells_shown_with_their_reference(void)
{
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_TRIALS);
    struct gb_figure_request request = figures_request(results);
    struct gb_error err = {0};

    EXPECT_INT(gb_selection_add(&request.where, results, "market.beta=0.5,market.beta=0.75", NULL),
               GB_OK);
    EXPECT_INT(gb_selection_add(&request.against, results, "market.beta=0", NULL), GB_OK);
    EXPECT_INT(figures_write(&request, "main", &err), GB_EINPUT);
    EXPECT(strstr(err.text, "let --where show the reference") != NULL);
    EXPECT_INT(gb_selection_add(&request.where, results, "market.beta=0", NULL), GB_OK);
    EXPECT_INT(figures_write(&request, "main", NULL), GB_OK);
    gb_selection_clear(&request.where);
    gb_selection_clear(&request.against);
    gb_results_close(results);
}

static void a_reference_is_not_asked_for_keys_in_which_references_do_not_differ(void)
{
    struct gb_results *results = figures_open_sample(ideal_and_pbft, 8);
    struct gb_figure_request request = figures_request(results);
    double values[6 * 4];

    request.y = "gain_per_user_day";
    EXPECT_INT(gb_selection_add(&request.where, results, "chain.protocol=pbft", NULL), GB_OK);
    EXPECT_INT(gb_selection_add(&request.against, results, "chain.protocol=ideal", NULL), GB_OK);
    EXPECT_INT(figures_write(&request, "effect", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("effect", 0, 6, values, 6 * 4), 3);
    for (size_t i = 0; i < 3; i++)
        EXPECT_NEAR(values[6 * i + 1], -1.0 - (double)i, 1e-12);
    gb_selection_clear(&request.where);
    gb_selection_clear(&request.against);
    gb_results_close(results);
}

static void a_panel_without_a_value_says_so_beside_one_whose_axis_it_shares(void)
{
    struct gb_results *results = figures_open_sample(ideal_and_pbft, 8);
    struct gb_figure_request request = figures_request(results);

    request.x = "chain.nodes";
    request.lines = "chain.protocol";
    request.y = "saving_pct,block_fill"; /* both in %; there were no blocks */
    EXPECT_INT(figures_write(&request, "curves", NULL), GB_EREFUSED);
    request.y = "n_late/n_orders,n_missed_slots/n_slots"; /* there were no orders */
    EXPECT_INT(figures_write(&request, "curves", NULL), GB_OK);
    EXPECT(figures_hold("curves.gp", "is_empty_1 = 1\nis_empty_2 = 0\n"));
    gb_results_close(results);
}

static void the_map_has_the_numbers_of_the_curves(void)
{
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_TRIALS);
    double curve[6 * 16], fields[6 * 16];

    EXPECT_INT(figures_write_plain(results, "curves", NULL), GB_OK);
    EXPECT_INT(figures_write_plain(results, "map", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("map", 0, 6, fields, 6 * 16),
               SAMPLE_N_BETAS * SAMPLE_N_SIZES);
    for (size_t j = 0; j < SAMPLE_N_SIZES; j++) {
        figures_read_block("curves", j, 6, curve, 6 * 16);
        for (size_t i = 0; i < SAMPLE_N_BETAS; i++) {
            const double *field = fields + 6 * (i * SAMPLE_N_SIZES + j);

            EXPECT(field[0] == (double)i && field[1] == (double)j);
            EXPECT_NEAR(field[2], curve[6 * i + 1], 0.0);
        }
    }
    gb_results_close(results);
}

/* Five betas, 0 to 1 by 0.25: at 55 mm their columns are narrower than the words. */
static void a_narrow_map_names_every_column_upright(void)
{
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_TRIALS);
    struct gb_figure_request request = figures_request(results);

    request.width_mm = 55.0;
    EXPECT_INT(figures_write(&request, "map", NULL), GB_OK);
    EXPECT(figures_hold("map.gp", "upright_x = 4\n"));
    EXPECT(
        figures_hold("map.gp", "x_tics = '(\"0\" 0, \"0.25\" 1, \"0.5\" 2, \"0.75\" 3, \"1\" 4)'"));
    request.width_mm = 180.0;
    EXPECT_INT(figures_write(&request, "map", NULL), GB_OK);
    EXPECT(figures_hold("map.gp", "upright_x = 0\n"));
    gb_results_close(results);
}

static void a_cell_that_lacks_trials_is_marked_in_every_figure_of_it(void)
{
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_TRIALS - 2);
    double values[6 * 16];

    EXPECT_INT(figures_write_plain(results, "curves", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("curves", 1, 6, values, 6 * 16), SAMPLE_N_BETAS);
    EXPECT(values[6 * 3 + 4] == 0.0 && values[6 * 4 + 4] == 1.0);
    EXPECT_INT((int64_t)values[6 * 4 + 5], SAMPLE_N_REPLICATIONS - 2);
    EXPECT(figures_hold("curves.txt", "4 to 6 trials a point") &&
           figures_hold("curves.txt", "rings: cells that lack"));
    EXPECT_INT(figures_write_plain(results, "map", NULL), GB_OK);
    EXPECT_INT((int64_t)figures_read_block("map", 0, 6, values, 6 * 16), 10);
    EXPECT(values[6 * 9 + 5] == 1.0 && values[6 * 8 + 5] == 0.0);
    gb_results_close(results);
}

/* ---- what cannot be drawn */

static void a_figure_that_the_result_cannot_show_is_refused_with_the_reason(void)
{
    struct gb_results *results = figures_open_sample(sample_paper, 1);
    struct gb_error err = {0};

    EXPECT_INT(figures_write_plain(results, "curves", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "varies no key") != NULL);
    err = (struct gb_error){0};
    EXPECT_INT(figures_write_plain(results, "balance", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "1 slot is no course") != NULL);
    gb_results_close(results);
    EXPECT_INT(sample_write(figures_path, sample_paper, 1, GB_OUTPUT_SUMMARY, NULL), GB_OK);
    EXPECT_INT(gb_results_open(&results, figures_path, NULL), GB_OK);
    err = (struct gb_error){0};
    EXPECT_INT(figures_write_plain(results, "users", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "output.level: summary") != NULL);
    gb_results_close(results);
}

static void choices_that_are_not_in_the_result_are_refused_with_those_that_are(void)
{
    static const struct {
        const char *x, *y, *lines, *words;
    } cases[] = {
        {"market.gate", NULL, NULL, "it varies market.beta, meters.count, market.books"},
        {NULL, "gain_per_user_dey", NULL, "did you mean 'gain_per_user_day'"},
        {"meters.count", NULL, "meters.count", "asked for twice"},
        {NULL, "saving_pct/load_wh", NULL, "a ratio already"},
    };
    struct gb_results *results = figures_open_sample(sample_sweep, SAMPLE_N_TRIALS);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_figure_request request = figures_request(results);
        struct gb_error err = {0};

        request.x = cases[i].x;
        request.y = cases[i].y;
        request.lines = cases[i].lines;
        EXPECT_INT(figures_write(&request, "curves", &err), GB_EINPUT);
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
    struct gb_results *results = figures_open_sample(many_curves, 49);
    struct gb_figure_request request = figures_request(results);
    struct gb_error err = {0};

    EXPECT_INT(figures_write(&request, "curves", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "takes 7 values, and at most 6 lines can be told apart") != NULL);
    EXPECT(strstr(err.text, "--where market.beta=VALUE") != NULL);
    EXPECT_INT(gb_selection_add(&request.where, results, "market.beta=0.3", NULL), GB_OK);
    EXPECT_INT(figures_write(&request, "curves", NULL), GB_OK);
    gb_selection_clear(&request.where);
    gb_results_close(results);
}

static void values_of_one_key_are_alternatives_and_keys_must_all_be_met(void)
{
    struct gb_results *results = figures_open_sample(many_curves, 49);
    struct gb_figure_request request = figures_request(results);
    struct gb_error err = {0};

    EXPECT_INT(gb_selection_add(&request.where, results,
                                "market.beta=0.30,meters.count=7,market.beta=0.5", NULL),
               GB_OK);
    for (size_t trial = 0; trial < 49; trial++)
        EXPECT_INT(gb_selection_holds(&request.where, results, trial),
                   trial == 3 * 7 + 6 || trial == 5 * 7 + 6);
    EXPECT_INT(figures_write(&request, "curves", NULL), GB_OK);
    EXPECT(
        figures_hold("curves.txt", "of cells with market.beta = 0.30 or 0.5, meters.count = 7."));
    EXPECT_INT(gb_selection_add(&request.where, results, "meters.count=20", &err), GB_EINPUT);
    EXPECT(strstr(err.text, "no trial has meters.count=20; its values are 1, 2, 3") != NULL);
    gb_selection_clear(&request.where);
    gb_results_close(results);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_curves_draw_the_means_and_intervals_of_the_cells),
        TAP(keys_go_along_x_to_lines_and_to_panels_as_asked),
        TAP(a_column_over_another_is_a_ratio_of_sums),
        TAP(the_effect_figure_draws_differences_of_ratios_paired_by_replication),
        TAP(differences_are_taken_from_the_cell_that_is_asked_for),
        TAP(main_effects_are_differences_of_means_over_all_cells_of_a_value),
        TAP(main_effects_take_a_complete_grid),
        TAP(main_effects_are_on_the_cells_shown_with_their_reference),
        TAP(a_reference_is_not_asked_for_keys_in_which_references_do_not_differ),
        TAP(a_panel_without_a_value_says_so_beside_one_whose_axis_it_shares),
        TAP(the_map_has_the_numbers_of_the_curves),
        TAP(a_narrow_map_names_every_column_upright),
        TAP(a_cell_that_lacks_trials_is_marked_in_every_figure_of_it),
        TAP(a_figure_that_the_result_cannot_show_is_refused_with_the_reason),
        TAP(choices_that_are_not_in_the_result_are_refused_with_those_that_are),
        TAP(more_curves_than_can_be_told_apart_are_refused_with_the_cure),
        TAP(values_of_one_key_are_alternatives_and_keys_must_all_be_met),
        {0}};

    figures_path = "test_figures_sweep.h5";
    figures_folder = "test_figures_sweep.d";
    int code = tap_main("figures of sweeps", tests);

    figures_clean_up();
    return code;
}
