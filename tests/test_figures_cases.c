/* Figures of a sweep with cases, of which one does not read the keys of the other; and what is said
 * where not all cells can be shown. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "analysis/figures.h"
#include "tests/figure_files.h"
#include "tests/tap.h"

/* A trial, and cell, of three keys with a gain. */
static struct gb_record *made_cell(uint64_t cell, enum gb_output_level level,
                                   const char *const keys[3], const char *const values[3])
{
    struct gb_record *record = NULL;
    struct gb_summary_row sum = {.trial = cell,
                                 .slot_ns = INT64_C(3600000000000),
                                 .n_meters = 1,
                                 .n_slots = 24,
                                 .gain_per_user_day = 1.0 + (double)cell};

    if (gb_record_create(&record, cell, level, NULL) != GB_OK)
        return NULL;
    gb_record_append(record, GB_TABLE_SUMMARY, &sum, NULL);
    gb_record_set_varied(record, 3, keys, values, NULL);
    return record;
}

/* An ideal chain, and PBFT of 4 and 16 over two delays: a trial each, the gain is its cell. */
static struct gb_record *two_cases(uint64_t cell, enum gb_output_level level)
{
    static const char *const keys[] = {"case", "chain.nodes", "chain.delay"};
    static const char *const values[][3] = {{"ideal", "-", "-"},
                                            {"pbft", "4", "constant 20 ms"},
                                            {"pbft", "4", "constant 500 ms"},
                                            {"pbft", "16", "constant 20 ms"},
                                            {"pbft", "16", "constant 500 ms"}};

    return made_cell(cell, level, keys, values[cell]);
}

/* The same with a server of one's own, which reads no validators either. */
static struct gb_record *three_cases(uint64_t cell, enum gb_output_level level)
{
    static const char *const keys[] = {"case", "chain.nodes", "market.beta"};
    static const char *const values[][3] = {
        {"ideal", "-", "0"}, {"ideal", "-", "1"}, {"central", "-", "0"}, {"central", "-", "1"},
        {"pbft", "4", "0"},  {"pbft", "4", "1"},  {"pbft", "16", "0"},   {"pbft", "16", "1"}};

    return made_cell(cell, level, keys, values[cell]);
}

/* An ideal chain, and PBFT over many cells. */
enum { N_NODES = 60, N_BETAS = 50 };

static struct gb_record *many_cells(uint64_t cell, enum gb_output_level level)
{
    static const char *const keys[] = {"case", "chain.nodes", "market.beta"};
    char nodes[24], beta[24];

    snprintf(nodes, sizeof nodes, "%d", 4 + (int)((cell - 1) % N_NODES));
    snprintf(beta, sizeof beta, "%d", (int)((cell - 1) / N_NODES));
    if (cell == 0)
        return made_cell(cell, level, keys, (const char *const[]){"ideal", "-", "-"});
    return made_cell(cell, level, keys, (const char *const[]){"pbft", nodes, beta});
}

static void a_case_that_lacks_the_keys_is_a_level_line_under_its_name(void)
{
    struct gb_results *results = figures_open_sample(two_cases, 5);
    double values[6 * 4];

    EXPECT_INT(figures_write_plain(results, "curves", NULL), GB_OK);
    EXPECT(figures_hold("curves.gp", "n_curves = 3\n"));
    EXPECT(figures_hold("curves.gp", "name_1 = 'ideal'\n"));
    EXPECT(figures_hold("curves.gp", "n_panels = 1\n"));
    EXPECT_INT((int64_t)figures_read_block("curves", 0, 6, values, 6 * 4), 2);
    EXPECT(values[1] == 1.0 && values[7] == 1.0);
    EXPECT_INT((int64_t)figures_read_block("curves", 2, 6, values, 6 * 4), 2);
    EXPECT(values[1] == 4.0 && values[7] == 5.0);
    gb_results_close(results);
}

static void a_case_that_lacks_the_key_of_the_panels_stands_in_each_of_them(void)
{
    struct gb_results *results = figures_open_sample(three_cases, 8);
    struct gb_figure_request request = figures_request(results);
    double values[6 * 4];

    EXPECT_INT(figures_write(&request, "curves", NULL), GB_OK);
    EXPECT(figures_hold("curves.gp", "n_panels = 2\n"));
    EXPECT(figures_hold("curves.gp", "title_1 = 'Validators: 4'\n"));
    EXPECT(figures_hold("curves.txt", "in every panel: cells in which nothing reads chain.nodes"));
    for (size_t p = 0; p < 2; p++) { /* lines: ideal, central, pbft */
        EXPECT_INT((int64_t)figures_read_block("curves", 3 * p, 6, values, 6 * 4), 2);
        EXPECT(values[1] == 1.0 && values[7] == 2.0);
        figures_read_block("curves", 3 * p + 2, 6, values, 6 * 4);
        EXPECT(values[1] == 5.0 + 2.0 * (double)p);
    }
    gb_results_close(results);
}

static void refused(struct gb_results *results, const char *name, const char *advice)
{
    struct gb_error err = {0};

    EXPECT_INT(figures_write_plain(results, name, &err), GB_EREFUSED);
    EXPECT(strncmp(err.text, advice, strlen(advice)) == 0);
}

static void what_cannot_be_shown_at_once_names_the_options_that_choose(void)
{
    struct gb_results *results = figures_open_sample(three_cases, 8);

    refused(results, "map", "choose by `--where chain.nodes=4`, or another value: ");
    refused(results, "causes",
            "choose by `--where chain.nodes=4 --where market.beta=0`, or other ");
    gb_results_close(results);
    results = figures_open_sample(two_cases, 5);
    refused(results, "main", "choose by `--where case=pbft`: ");
    refused(results, "causes", "choose by `--where 'chain.delay=constant 20 ms'`, or another ");
    gb_results_close(results);
}

/* Each value of a key is tried once, and not once a cell, which took a minute. */
static void advice_on_thousands_of_cells_is_there_at_once(void)
{
    struct gb_results *results = figures_open_sample(many_cells, 1 + N_NODES * N_BETAS);
    clock_t begin = clock();

    refused(results, "main", "choose by `--where case=pbft`: ");
    double took_s = (double)(clock() - begin) / CLOCKS_PER_SEC;
    tap_note("%.2f s", took_s);
    EXPECT(took_s < 10);
    gb_results_close(results);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_case_that_lacks_the_keys_is_a_level_line_under_its_name),
        TAP(a_case_that_lacks_the_key_of_the_panels_stands_in_each_of_them),
        TAP(what_cannot_be_shown_at_once_names_the_options_that_choose),
        TAP(advice_on_thousands_of_cells_is_there_at_once),
        {0}};

    figures_path = "test_figures_cases.h5";
    figures_folder = "test_figures_cases.d";
    int code = tap_main("figures of cases", tests);

    figures_clean_up();
    return code;
}
