/* A sweep compared: one row a cell. */
#include "analysis/tariff_text.h"
#include "cli/compare_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "cli/compare_against.h"
#include "cli/message.h"
#include "cli/quantity.h"
#include "cli/stored_market.h"

/* What all trials share of length and tariff. */
static void print_shared_size(const struct gb_compare_request *request,
                              const struct gb_results *results)
{
    const struct gb_summary_row *rows = gb_results_summary(results);
    bool has_length = true, has_tariff = true;
    char tariff[160], unit[GB_COMPARE_UNIT_SIZE];

    for (size_t i = 1; i < gb_results_n_trials(results); i++) {
        has_length &= rows[i].n_slots == rows[0].n_slots && rows[i].slot_ns == rows[0].slot_ns;
        has_tariff &= gb_tariff_text_is_same(&rows[i], &rows[0]);
    }
    if (has_length)
        printf(", %" PRId64 " slot%s of %g min", rows[0].n_slots,
               gb_message_plural(rows[0].n_slots), (double)rows[0].slot_ns * 1e-9 / 60.0);
    if (has_tariff)
        printf(", tariff %s%s", gb_tariff_text(&rows[0], tariff, sizeof tariff),
               gb_compare_per_kwh(request, unit));
    putchar('\n');
}

/* Of any cell shown. */
static size_t most_replications(const struct gb_results *results, const struct gb_cells *cells)
{
    size_t most = 0;

    for (size_t c = 0; c < cells->n; c++) {
        size_t n = gb_cell_n_replications(results, &cells->items[c]);

        most = n > most ? n : most;
    }
    return most;
}

static void print_about(const struct gb_compare_request *request, const struct gb_results *results,
                        const struct gb_cells *cells)
{
    gb_compare_print_path(request);
    gb_compare_print_n_trials(request, results, cells);
    printf(" in %zu ", cells->n);
    if (cells->n < request->n_cells)
        printf("of %zu ", request->n_cells);
    printf("cells");
    print_shared_size(request, results);
    if (request->style != GB_TABLE_LATEX)
        gb_shared_overrides_print(results, request->style == GB_TABLE_MARKDOWN);
    gb_compare_explain_homes(request);
    gb_compare_explain_average(request, results);
    gb_compare_explain_part(request, results);
    gb_compare_explain_stages(request, results);
    if (most_replications(results, cells) <= 1)
        gb_compare_note(request, "One %s a cell: no interval can be given.\n",
                        gb_compare_sample(&cells->items[0]));
    else
        gb_compare_explain_intervals(request, results, &cells->items[0]);
}

/* ---- the usual columns: both sides, the saving, and the saving a meter and day */

static void add_usual_heads(struct gb_text_table *table, bool has_days)
{
    gb_text_table_add(table, "buyers' cost");
    gb_text_table_add(table, "sellers' revenue");
    gb_text_table_add(table, "saving");
    if (has_days)
        gb_text_table_add(table, "per meter and day");
}

static void add_usual(struct gb_text_table *table, const struct gb_results *results,
                      const struct gb_cell *cell, bool has_days)
{
    for (size_t i = 0; i < 2; i++) {
        struct gb_comparison side = gb_compare_fields(results, cell, gb_compare_sides[i].market,
                                                      gb_compare_sides[i].grid_only);
        gb_compare_add_interval(table, side.change_pct, 1.0, 2, true, "%");
    }
    gb_compare_add_interval(table, gb_compare_interval(results, cell, "saving"), 1.0, 3, false, "");
    if (has_days)
        gb_compare_add_interval(table, gb_compare_interval(results, cell, GB_COMPARE_PER_DAY), 1.0,
                                4, false, "");
}

/* ---- or those of --columns, or of some homes */

#define USUAL_OF_HOMES "n_homes,saving/cost_grid_only,saving,saving/n_homes"

static void add_column_heads(const struct gb_compare_request *request, struct gb_text_table *table,
                             const struct gb_estimand *estimands, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct gb_quantity quantity = gb_quantity_of(&estimands[i]);
        char unit[GB_COMPARE_UNIT_SIZE];

        gb_text_table_add(table, "%s%s%s", estimands[i].name, quantity.unit[0] ? ", " : "",
                          gb_compare_unit(request, quantity.unit, unit));
    }
}

static void add_columns(struct gb_text_table *table, const struct gb_results *results,
                        const struct gb_cell *cell, const struct gb_estimand *estimands, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct gb_quantity quantity = gb_quantity_of(&estimands[i]);

        gb_compare_add_interval(table, gb_compare_estimate(results, cell, &estimands[i]),
                                quantity.scale, quantity.decimals, false, "");
    }
}

/* ---- the table */

/* It says what stands in no head. */
static void add_caption(struct gb_text_table *table, const struct gb_compare_request *request,
                        bool are_chosen)
{
    if (are_chosen)
        gb_compare_caption(request, table, "key figures with 95 %% intervals");
    else
        gb_compare_caption(request, table,
                           "market against grid-only with 95 %% intervals: change of the buyers' "
                           "cost and of the sellers' revenue, and the community's saving in %s",
                           request->currency);
}

static void print_table(const struct gb_compare_request *request, const struct gb_results *results,
                        const struct gb_cells *cells, const struct gb_estimand *estimands,
                        size_t n_estimands, char *alignment)
{
    size_t n_keys = gb_results_n_factors(results);
    bool has_days = gb_compare_last_a_day(results);
    struct gb_text_table table = {
        .alignment = alignment, .style = request->style, .n_repeated = n_keys, .has_counts = true};

    add_caption(&table, request, estimands != NULL);
    memset(alignment, 'r', n_keys + 1 + (estimands ? n_estimands : 3 + (size_t)has_days));
    for (size_t k = 0; k < n_keys; k++)
        gb_text_table_add(&table, "%s", gb_results_varied_key(results, k));
    gb_text_table_add(&table, "%ss", gb_compare_sample(&cells->items[0]));
    if (estimands)
        add_column_heads(request, &table, estimands, n_estimands);
    else
        add_usual_heads(&table, has_days);
    for (size_t c = 0; c < cells->n; c++) {
        const struct gb_cell *cell = &cells->items[c];

        for (size_t k = 0; k < n_keys; k++)
            gb_compare_add_key(&table, gb_cell_value(results, cell, k));
        gb_compare_add_n_trials(&table, results, cell);
        if (estimands)
            add_columns(&table, results, cell, estimands, n_estimands);
        else
            add_usual(&table, results, cell, has_days);
    }
    gb_text_table_print(&table, 2, stdout);
    gb_compare_explain_dashes(request, table.marks);
    gb_compare_explain_missing(request, results);
}

enum gb_status gb_compare_print_sweep(const struct gb_compare_request *request,
                                      const struct gb_results *results,
                                      const struct gb_cells *cells, struct gb_error *err)
{
    struct gb_estimand *estimands = NULL;
    size_t n_estimands = 0;
    enum gb_status status = GB_OK;
    char *alignment;

    struct gb_compare_request asked = *request;

    if (!gb_home_choice_is_all(&request->homes) && !request->columns)
        asked.columns = USUAL_OF_HOMES;
    if (asked.columns)
        status = gb_compare_columns(&estimands, &n_estimands, &asked, results, err);
    if (status != GB_OK)
        return status;
    alignment = calloc(gb_results_n_factors(results) + n_estimands + 6, 1);
    if (alignment) {
        print_about(request, results, cells);
        print_table(request, results, cells, estimands, n_estimands, alignment);
    } else {
        status = gb_fail(err, GB_ENOMEM, "no memory for the table of a sweep");
    }
    free(estimands);
    free(alignment);
    return status;
}
