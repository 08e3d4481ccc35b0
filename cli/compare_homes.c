/* Some homes of a result, of a kind or a strategy: what they pay and what flows through their
 * meters. The market is one for all homes, so that prices, orders and the chain are not theirs. */
#include "cli/compare_priv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/quantity.h"

static int64_t count_homes(const struct gb_compare_request *request,
                           const struct gb_results *results, size_t trial)
{
    const struct gb_kind_row *row =
        gb_kinds_row(&request->of_homes, &gb_results_summary(results)[trial], GB_KINDS_TOGETHER);

    return row ? row->n_homes : 0;
}

bool gb_compare_has_homes(const struct gb_compare_request *request,
                          const struct gb_results *results, const struct gb_cell *cell)
{
    bool has = gb_home_choice_is_all(&request->homes);

    for (size_t i = 0; !has && i < cell->n_trials; i++)
        has = count_homes(request, results, cell->trials[i]) > 0;
    return has;
}

enum gb_status gb_compare_read_homes(struct gb_compare_request *request, struct gb_results *results,
                                     const struct gb_cells *cells, struct gb_error *err)
{
    char text[GB_HOME_CHOICE_TEXT_SIZE];

    if (gb_home_choice_is_all(&request->homes))
        return GB_OK;
    gb_results_choose_homes(results, &request->homes);
    enum gb_status status = gb_kinds_read_together(&request->of_homes, results, err);
    if (status != GB_OK)
        return status;
    for (size_t c = 0; c < cells->n; c++)
        if (gb_selection_holds(&request->shown, results, cells->items[c].trials[0]) &&
            gb_compare_has_homes(request, results, &cells->items[c]))
            return GB_OK;
    return gb_fail(err, GB_EINPUT, "no cell shown has homes of %s",
                   gb_home_choice_describe(&request->homes, text));
}

bool gb_compare_homes_are_as_many(const struct gb_compare_request *request,
                                  const struct gb_results *results, const struct gb_cell *cell,
                                  const struct gb_cell *other)
{
    const struct gb_cell *cells[] = {cell, other};
    int64_t n = 0;

    if (gb_home_choice_is_all(&request->homes))
        return true;
    n = count_homes(request, results, cell->trials[0]);
    for (size_t c = 0; c < 2; c++)
        for (size_t i = 0; i < cells[c]->n_trials; i++)
            if (count_homes(request, results, cells[c]->trials[i]) != n)
                return false;
    return n > 0;
}

void gb_compare_explain_homes(const struct gb_compare_request *request)
{
    char text[GB_HOME_CHOICE_TEXT_SIZE];

    if (!gb_home_choice_is_all(&request->homes))
        gb_compare_note(request,
                        "Of the homes of %s alone. Prices, orders, chain and grid are the whole "
                        "market's, and not shown.",
                        gb_home_choice_describe(&request->homes, text));
}

char *gb_compare_homes_suffix(const struct gb_compare_request *request,
                              char buffer[GB_HOME_CHOICE_TEXT_SIZE])
{
    char text[GB_HOME_CHOICE_TEXT_SIZE];

    buffer[0] = '\0';
    if (!gb_home_choice_is_all(&request->homes))
        snprintf(buffer, GB_HOME_CHOICE_TEXT_SIZE, "; homes of %.200s",
                 gb_home_choice_describe(&request->homes, text));
    return buffer;
}

void gb_compare_add_homes(struct gb_data_rows *rows, const struct gb_compare_request *request)
{
    char text[GB_HOME_CHOICE_TEXT_SIZE];

    if (!gb_home_choice_is_all(&request->homes))
        gb_data_rows_text(rows, "homes", gb_home_choice_conditions(&request->homes, text));
}

/* ---- the only cell */

static void print_bill(const struct gb_compare_request *request, const struct gb_results *results,
                       const struct gb_cell *cell)
{
    static const char *const heads[] = {"market", "grid only", "difference", "change"};
    struct gb_text_table table = {.alignment = "lrrrr", .style = request->style};
    struct gb_comparison bill = gb_cell_compare_homes(results, cell, &request->of_homes);

    gb_compare_caption(request, &table,
                       "bills of the homes asked about, with and without the market");
    gb_text_table_add(&table, "in %s", request->currency);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        gb_text_table_add(&table, "%s", heads[i]);
    gb_text_table_add(&table, "their bills");
    gb_compare_add_comparison(&table, &bill);
    gb_text_table_print(&table, 2, stdout);
    gb_compare_explain_dashes(request, table.marks);
}

static bool is_nothing(const struct gb_confidence_interval *interval)
{
    return (interval->estimate == 0.0 && !gb_interval_has_bounds(interval)) ||
           (isnan(interval->estimate) && interval->kind != GB_INTERVAL_NEAR_ZERO);
}

enum gb_status gb_compare_print_homes(const struct gb_compare_request *request,
                                      const struct gb_results *results, const struct gb_cell *cell,
                                      struct gb_error *err)
{
    struct gb_text_table table = {.alignment = "lr", .style = request->style, .is_headless = true};
    struct gb_estimand *estimands = NULL;
    size_t n = 0;
    enum gb_status status = gb_compare_columns(&estimands, &n, request, results, err);

    if (status != GB_OK)
        return status;
    print_bill(request, results, cell);
    for (size_t i = 0; i < n; i++) {
        struct gb_quantity quantity = gb_quantity_of(&estimands[i]);
        struct gb_confidence_interval value = gb_compare_estimate(results, cell, &estimands[i]);
        char unit[GB_COMPARE_UNIT_SIZE];

        if (is_nothing(&value) || strcmp(estimands[i].name, "cost") == 0)
            continue;
        gb_text_table_add(&table, "%s", quantity.label);
        gb_compare_add_interval(&table, value, quantity.scale, quantity.decimals, false,
                                gb_compare_unit(request, quantity.unit, unit));
    }
    free(estimands);
    gb_compare_caption(request, &table, "key figures of the homes asked about");
    putchar('\n');
    gb_text_table_print(&table, 2, stdout);
    gb_compare_explain_dashes(request, table.marks);
    return GB_OK;
}
