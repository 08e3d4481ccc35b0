/* A quantity of cells against their reference: a row a cell, and its main effects. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/compare_against.h"
#include "cli/message.h"

#define CELLS_INDENT 2
#define EFFECTS_INDENT 4

/* A table that may have lost rows. */
struct bounded {
    struct gb_text_table table;
    size_t n, n_left;
    double *sizes;
};

static void open_rows(struct bounded *out, size_t n)
{
    out->n = out->n_left = 0;
    out->sizes = malloc((n + 1) * sizeof *out->sizes);
    if (!out->sizes)
        gb_message_exhausted("a table");
}

static void close_rows(struct bounded *out, const struct gb_against *against, int indent)
{
    out->n_left = gb_against_bound(against, &out->table, indent, out->sizes, out->n);
    free(out->sizes);
}

static void fill_cells(struct bounded *out, const struct gb_against *against,
                       const struct gb_against_family *family, char **alignment)
{
    struct gb_quantity quantity = gb_quantity_of(&family->estimand);
    size_t n = gb_versus_n_compared(against->versus);

    out->table = gb_against_open_table(against, 8, alignment);
    open_rows(out, n);
    gb_against_add_heads(&out->table, against);
    for (size_t i = 0; i < n; i++)
        if (gb_against_shows(against, family->rows[i].cell)) {
            gb_against_add_row(&out->table, against, &family->rows[i], &quantity);
            out->sizes[out->n++] = gb_against_size(&family->rows[i].difference);
        }
    close_rows(out, against, CELLS_INDENT);
}

/* Columns that each part of a table of effects begins with: in a page key, value and against, for
 * people the key, where several stand in one and would take the line. */
static size_t n_repeated(const struct gb_against *against)
{
    size_t n = 0;

    if (against->request->style == GB_TABLE_LATEX)
        return 3;
    for (size_t k = 0; k < gb_results_n_factors(against->results); k++)
        n += against->leaders[k] != k;
    return n > 0;
}

static void fill_effects(struct bounded *out, const struct gb_against *against,
                         const struct gb_against_family *family)
{
    static const char *const heads[] = {"key", "value", "against", "effect", "p", "Holm's p"};
    struct gb_quantity quantity = gb_quantity_of(&family->estimand);

    out->table = (struct gb_text_table){
        .alignment = "lrrrrr",
        .style = against->request->style,
        .n_repeated = n_repeated(against),
    };
    open_rows(out, family->n_effects);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        gb_text_table_add(&out->table, "%s", heads[i]);
    for (size_t i = 0; i < family->n_effects; i++) {
        const struct gb_main_effect *effect = &family->effects[i];

        gb_against_add_effect_keys(&out->table, against, effect);
        gb_against_add_effect_values(&out->table, against, effect, effect->level_cell);
        gb_against_add_effect_values(&out->table, against, effect, effect->base_cell);
        gb_against_add_difference(&out->table, &effect->effect, effect->interval, &quantity);
        gb_against_add_p(&out->table, effect->p);
        gb_against_add_p(&out->table, effect->adjusted_p);
        out->sizes[out->n++] = gb_against_size(&effect->effect);
    }
    close_rows(out, against, EFFECTS_INDENT);
}

unsigned gb_against_print_family(const struct gb_against *against,
                                 const struct gb_against_family *family)
{
    struct gb_quantity quantity = gb_quantity_of(&family->estimand);
    struct bounded cells, effects;
    char *alignment;
    unsigned marks;

    fill_cells(&cells, against, family, &alignment);
    gb_against_add_title(against, &cells.table, "", &quantity);
    gb_text_table_print(&cells.table, CELLS_INDENT, stdout);
    gb_against_note_left_out(against, cells.n_left, cells.n);
    free(alignment);
    marks = cells.table.marks;
    if (family->n_effects == 0)
        return marks;
    fill_effects(&effects, against, family);
    gb_against_add_title(against, &effects.table, "main effects on ", &quantity);
    gb_text_table_print(&effects.table, EFFECTS_INDENT, stdout);
    gb_against_note_left_out(against, effects.n_left, effects.n);
    return marks | effects.table.marks;
}

/* With the title, the empty line above it, and the note below. */
static size_t count_lines(struct bounded *bounded, int indent)
{
    size_t n_parts, n = gb_text_table_n_lines(&bounded->table, indent, &n_parts);

    gb_text_table_clear(&bounded->table);
    return n + 2 + (bounded->n_left > 0 ? 2 : 0);
}

size_t gb_against_family_n_lines(const struct gb_against *against,
                                 const struct gb_against_family *family)
{
    struct bounded cells, effects;
    char *alignment;
    size_t n;

    fill_cells(&cells, against, family, &alignment);
    n = count_lines(&cells, CELLS_INDENT);
    free(alignment);
    if (family->n_effects == 0)
        return n;
    fill_effects(&effects, against, family);
    return n + count_lines(&effects, EFFECTS_INDENT);
}

bool gb_against_differs(const struct gb_against *against, const struct gb_against_family *family)
{
    for (size_t i = 0; i < gb_versus_n_compared(against->versus); i++)
        if (family->rows[i].difference.kind != GB_CONTRAST_EQUAL)
            return true;
    return false;
}
