/* What stands in tables of cells against their reference: differences, p values, bounds, and the
 * titles above. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/reference.h"
#include "base/text.h"
#include "cli/compare_against.h"
#include "cli/message.h"

#define ROOM_FOR_KEYS 50 /* characters; beyond, one column names the cell by all its values */

/* ---- which cell */

bool gb_against_names_cells(const struct gb_against *against)
{
    size_t n = gb_results_n_factors(against->results), width = 0;

    for (size_t k = 0; k < n; k++)
        width += strlen(gb_results_varied_key(against->results, k)) + 3;
    return n > 1 && width > ROOM_FOR_KEYS && against->request->style == GB_TABLE_PLAIN;
}

void gb_against_add_keys(struct gb_text_table *table, const struct gb_against *against)
{
    if (gb_against_names_cells(against))
        gb_text_table_add(table, "of");
    else
        for (size_t k = 0; k < gb_results_n_factors(against->results); k++)
            gb_text_table_add(table, "%s", gb_results_varied_key(against->results, k));
}

void gb_against_add_cell(struct gb_text_table *table, const struct gb_against *against, size_t cell)
{
    const struct gb_cell *of = &against->cells->items[cell];
    char name[512] = "";

    if (!gb_against_names_cells(against)) {
        for (size_t k = 0; k < gb_results_n_factors(against->results); k++)
            gb_compare_add_key(table, gb_cell_value(against->results, of, k));
        return;
    }
    for (size_t k = 0; k < gb_results_n_factors(against->results); k++) {
        const char *value = gb_cell_value(against->results, of, k);
        size_t n = strlen(name);

        snprintf(name + n, sizeof name - n, "%s%s", k > 0 ? ", " : "", value);
        if (strcmp(value, GB_VARIED_UNREAD) == 0)
            table->marks |= GB_DASH_UNREAD;
    }
    gb_text_table_add(table, "%s", name);
}

/* ---- numbers */

static void add_untested(struct gb_text_table *table)
{
    table->marks |= GB_DASH_UNTESTED;
    gb_text_table_add(table, "%s", GB_COMPARE_DASH);
}

void gb_against_add_p(struct gb_text_table *table, double p)
{
    if (isnan(p))
        add_untested(table);
    else if (p < 0.0001)
        gb_text_table_add(table, "< 0.0001");
    else
        gb_text_table_add(table, "%.4f", p);
}

/* An estimate of a cell, of what kind its difference says where there is none. */
static void add_estimate(struct gb_text_table *table, double value,
                         const struct gb_contrast *difference, const struct gb_quantity *quantity)
{
    bool is_near_zero = difference->kind == GB_CONTRAST_NEAR_ZERO;
    struct gb_confidence_interval interval = {
        value, NAN, NAN, 0, 0, is_near_zero ? GB_INTERVAL_NEAR_ZERO : GB_INTERVAL_USUAL};

    gb_compare_add_interval(table, interval, quantity->scale, quantity->decimals, false, "");
}

static void add_detectable(struct gb_text_table *table, double value,
                           const struct gb_quantity *quantity)
{
    if (isnan(value))
        add_untested(table);
    else
        gb_text_table_add(table, "%.*f", quantity->decimals, quantity->scale * value);
}

static void add_bounds(struct gb_text_table *table, const struct gb_confidence_interval *interval,
                       const struct gb_quantity *quantity)
{
    if (gb_interval_has_bounds(interval))
        gb_text_table_add(table, "[%+.*f, %+.*f]", quantity->decimals,
                          quantity->scale * interval->lower, quantity->decimals,
                          quantity->scale * interval->upper);
    else if (gb_compare_dash_of(interval->kind)) {
        table->marks |= gb_compare_dash_of(interval->kind);
        gb_text_table_add(table, "%s", GB_COMPARE_DASH);
    } else
        add_untested(table);
}

/* A quantity with as many decimals as its difference is to be told from 0 with. */
static struct gb_quantity with_digits(const struct gb_quantity *quantity,
                                      const struct gb_confidence_interval *difference)
{
    struct gb_quantity out = *quantity;
    double number = gb_interval_has_bounds(difference) ? (difference->upper - difference->lower) / 2
                                                       : difference->estimate;

    out.decimals = gb_compare_decimals(quantity->scale * number, quantity->decimals);
    return out;
}

void gb_against_add_difference(struct gb_text_table *table, const struct gb_contrast *difference,
                               struct gb_confidence_interval interval,
                               const struct gb_quantity *quantity)
{
    const struct gb_quantity shown = with_digits(quantity, &interval);

    if (difference->kind == GB_CONTRAST_EQUAL)
        gb_text_table_add(table, "equal");
    else if (difference->kind == GB_CONTRAST_CONSTANT)
        gb_text_table_add(table, "%+.*f, deterministic", shown.decimals,
                          shown.scale * difference->estimate);
    else
        gb_compare_add_interval(table, interval, shown.scale, shown.decimals, true, "");
}

void gb_against_add_row(struct gb_text_table *table, const struct gb_against *against,
                        const struct gb_versus_row *row, const struct gb_quantity *quantity)
{
    size_t missing = gb_versus_n_missing(against->versus, row->cell);
    size_t n = gb_versus_n_planned(against->versus, row->cell);
    const struct gb_quantity shown = with_digits(quantity, &row->interval);

    gb_against_add_cell(table, against, row->cell);
    if (missing > 0)
        gb_text_table_add(table, "%zu of %zu", n - missing, n);
    else
        gb_text_table_add(table, "%zu", row->is_withheld ? n : row->difference.n);
    add_estimate(table, row->value, &row->difference, &shown);
    add_estimate(table, row->base, &row->difference, &shown);
    if (row->is_withheld)
        gb_text_table_add(table, "replications missing");
    else
        gb_against_add_difference(table, &row->difference, row->interval, &shown);
    gb_against_add_p(table, row->p);
    gb_against_add_p(table, row->adjusted_p);
    add_bounds(table, &row->simultaneous, &shown);
    add_detectable(table, row->detectable, &shown);
}

void gb_against_add_heads(struct gb_text_table *table, const struct gb_against *against)
{
    static const char *const heads[] = {"cell",     "reference",  "difference", "p",
                                        "Holm's p", "Bonferroni", "detectable"};

    gb_against_add_keys(table, against);
    table->has_counts = true;
    gb_text_table_add(table, "%ss", gb_compare_sample(&against->cells->items[0]));
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        gb_text_table_add(table, "%s", heads[i]);
}

/* In LaTeX it is a caption, which says what a page apart from the head does not. */
void gb_against_add_title(const struct gb_against *against, struct gb_text_table *table,
                          const char *what, const struct gb_quantity *quantity)
{
    char unit[GB_COMPARE_UNIT_SIZE], homes[GB_HOME_CHOICE_TEXT_SIZE];
    const char *comma = quantity->unit[0] ? ", " : "";
    bool is_bold = against->request->style == GB_TABLE_MARKDOWN;

    gb_compare_unit(against->request, quantity->unit, unit);
    if (against->request->style == GB_TABLE_LATEX) {
        snprintf(table->caption, sizeof table->caption,
                 "%s%s%s%s; paired differences from %s with 95 %% intervals%s", what,
                 quantity->label, comma, unit, against->request->against,
                 gb_compare_homes_suffix(against->request, homes));
        putchar('\n');
        return;
    }
    printf(is_bold ? "\n**%s%s**%s" : "\n%s%s%s", what, quantity->label, comma);
    if (is_bold)
        gb_markdown_print(unit, stdout);
    puts(is_bold ? "\n" : unit);
}

struct gb_text_table gb_against_open_table(const struct gb_against *against, size_t n_columns,
                                           char **alignment)
{
    size_t n_keys = gb_against_names_cells(against) ? 1 : gb_results_n_factors(against->results);

    *alignment = calloc(n_keys + n_columns + 1, 1);
    if (!*alignment)
        gb_message_exhausted("a table");
    memset(*alignment, 'r', n_keys + n_columns);
    if (gb_against_names_cells(against))
        **alignment = 'l';
    return (struct gb_text_table){
        .alignment = *alignment, .style = against->request->style, .n_repeated = n_keys};
}

/* ---- keys of main effects */

/* cell  whose values they are; GB_NO_CELL: the keys themselves */
static void add_joined(struct gb_text_table *table, const struct gb_against *against,
                       const struct gb_main_effect *effect, size_t cell)
{
    struct gb_text text;

    if (!gb_text_open(&text))
        gb_message_exhausted("a table");
    for (size_t k = effect->key; k < gb_results_n_factors(against->results); k++)
        if (against->leaders[k] == effect->key)
            fprintf(text.stream, "%s%s", k == effect->key ? "" : "; ",
                    cell == GB_NO_CELL
                        ? gb_results_varied_key(against->results, k)
                        : gb_cell_value(against->results, &against->cells->items[cell], k));
    char *joined = gb_text_close(&text);
    if (!joined)
        gb_message_exhausted("a table");
    gb_text_table_add(table, "%s", joined);
    free(joined);
}

void gb_against_add_effect_keys(struct gb_text_table *table, const struct gb_against *against,
                                const struct gb_main_effect *effect)
{
    add_joined(table, against, effect, GB_NO_CELL);
}

void gb_against_add_effect_values(struct gb_text_table *table, const struct gb_against *against,
                                  const struct gb_main_effect *effect, size_t cell)
{
    add_joined(table, against, effect, cell);
}
