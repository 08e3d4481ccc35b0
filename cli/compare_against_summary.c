/* What a person is shown of all quantities: their tables, where these are short together; else
 * first what a referee asks, a line a cell, and then tables as far as there is room. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/compare_against.h"
#include "cli/latex_table.h"
#include "cli/message.h"
#include "cli/wrap.h"

#define SIGNIFICANT 0.05

/* In the order in which their tables come, too. What is lost on each side is told in money where
 * its share of the bill is too uncertain to be one. */
static const struct asked {
    const char *name, *head;
    const char *instead, *head_instead; /* where no cell has a difference of the first; or NULL */
} asked[] = {
    {"saving", "saving", NULL, NULL},
    {GB_COMPARE_PER_DAY, "per meter and day", NULL, NULL},
    {"saving/n_homes", "saving of a home", NULL, NULL},
    {"buyers_saving_pct", "buyers' cut", "buyers_cost", "buyers' cost"},
    {"sellers_gain_pct", "sellers' rise", "sellers_revenue", "sellers' revenue"},
    {"local_matching_ratio", "traded share", NULL, NULL},
    {"bought_wh", "bought", NULL, NULL},
    {"sold_wh", "sold", NULL, NULL},
    {"import_wh", "import", NULL, NULL},
    {"peak_import_wh", "peak import", NULL, NULL},
    {"utility_margin_lost", "utility's loss", NULL, NULL},
    {"n_missed_slots", "missed slots", NULL, NULL},
    {"n_late", "late orders", NULL, NULL},
    {"n_refused", "refused", NULL, NULL},
};
#define N_ASKED (sizeof asked / sizeof asked[0])

struct summary {
    const struct gb_against *against;
    const struct gb_against_family *families[N_ASKED]; /* those that differ, where shown */
    const char *heads[N_ASKED];
    size_t n;
};

static const struct gb_against_family *find_family(const struct gb_against *against,
                                                   const char *name)
{
    for (size_t f = 0; f < against->n_families; f++)
        if (strcmp(against->families[f].estimand.name, name) == 0)
            return &against->families[f];
    return NULL;
}

/* Is there a number that says by how much it differs? */
static bool has_difference(const struct gb_against *against, const struct gb_against_family *family)
{
    for (size_t i = 0; i < gb_versus_n_compared(against->versus); i++)
        if (gb_against_shows(against, family->rows[i].cell) &&
            gb_against_size(&family->rows[i].difference) > 0.0)
            return true;
    return false;
}

/* returns false where no cell has a difference of it */
static bool add_asked(struct summary *summary, const char *name, const char *head)
{
    const struct gb_against_family *family = find_family(summary->against, name);

    if (!family || !has_difference(summary->against, family))
        return false;
    summary->heads[summary->n] = head;
    summary->families[summary->n++] = family;
    return true;
}

static struct summary find_asked(const struct gb_against *against)
{
    struct summary out = {.against = against};

    for (size_t i = 0; i < N_ASKED; i++)
        if (!add_asked(&out, asked[i].name, asked[i].head) && asked[i].instead)
            add_asked(&out, asked[i].instead, asked[i].head_instead);
    return out;
}

/* ---- a line a cell */

static void add_heads(struct gb_text_table *table, const struct summary *summary)
{
    gb_against_add_keys(table, summary->against);
    for (size_t f = 0; f < summary->n; f++) {
        struct gb_quantity quantity = gb_quantity_of(&summary->families[f]->estimand);
        char unit[GB_COMPARE_UNIT_SIZE];

        gb_text_table_add(table, "%s%s%s", summary->heads[f], quantity.unit[0] ? ", " : "",
                          gb_compare_unit(summary->against->request, quantity.unit, unit));
    }
}

/* "+1.20 ± 0.30 *", with a star where Holm's p says so. */
static void add_difference(struct gb_text_table *table, const struct gb_against_family *family,
                           const struct gb_versus_row *row)
{
    struct gb_quantity quantity = gb_quantity_of(&family->estimand);
    double half = gb_interval_has_bounds(&row->interval)
                      ? (row->interval.upper - row->interval.lower) / 2
                      : row->difference.estimate;

    if (row->is_withheld)
        gb_text_table_add(table, "missing");
    else if (row->difference.kind == GB_CONTRAST_EQUAL)
        gb_text_table_add(table, "equal");
    else
        gb_compare_add_interval(table, row->interval, quantity.scale,
                                gb_compare_decimals(quantity.scale * half, quantity.decimals), true,
                                row->adjusted_p < SIGNIFICANT ? "*" : "");
}

/* Of the quantity that differs most. */
static double size_of(const struct summary *summary, size_t i)
{
    double size = -1.0;

    for (size_t f = 0; f < summary->n; f++) {
        double of_quantity = gb_against_size(&summary->families[f]->rows[i].difference);

        size = of_quantity > size ? of_quantity : size;
    }
    return size;
}

static unsigned print_summary(const struct summary *summary)
{
    const struct gb_against *against = summary->against;
    size_t n_compared = gb_versus_n_compared(against->versus), n = 0, n_left;
    double *sizes = malloc((n_compared + 1) * sizeof *sizes);
    char *alignment;
    struct gb_text_table table = gb_against_open_table(against, summary->n, &alignment);

    if (!sizes)
        gb_message_exhausted("a table");
    add_heads(&table, summary);
    for (size_t i = 0; i < n_compared; i++) {
        size_t cell = summary->families[0]->rows[i].cell;

        if (!gb_against_shows(against, cell))
            continue;
        gb_against_add_cell(&table, against, cell);
        for (size_t f = 0; f < summary->n; f++)
            add_difference(&table, summary->families[f], &summary->families[f]->rows[i]);
        sizes[n++] = size_of(summary, i);
    }
    n_left = gb_against_bound(against, &table, 2, sizes, n);
    free(sizes);
    gb_compare_note(against->request,
                    "\nDifferences from the reference, a line a cell; * where Holm's p is below %g",
                    SIGNIFICANT);
    gb_text_table_print(&table, 2, stdout);
    gb_against_note_left_out(against, n_left, n);
    free(alignment);
    return table.marks;
}

/* ---- tables of quantities */

static bool is_asked(const struct summary *summary, const struct gb_against_family *family)
{
    for (size_t f = 0; f < summary->n; f++)
        if (summary->families[f] == family)
            return true;
    return false;
}

/* The i-th table in the order of what is asked first. */
static const struct gb_against_family *table_at(const struct summary *summary, size_t i)
{
    size_t at = summary->n;

    if (i < summary->n)
        return summary->families[i];
    for (size_t f = 0; f < summary->against->n_families; f++) {
        const struct gb_against_family *family = &summary->against->families[f];

        if (gb_against_differs(summary->against, family) && !is_asked(summary, family) && at++ == i)
            return family;
    }
    return NULL;
}

/* Tables as long as there is room for them, and the names of the others. */
static unsigned print_first_tables(const struct summary *summary)
{
    const struct gb_against_family *family;
    size_t n_lines = 0, n_hidden = 0;
    unsigned marks = 0;
    struct gb_text text;

    if (!gb_text_open(&text))
        gb_message_exhausted("a comparison of cells");
    for (size_t i = 0; (family = table_at(summary, i)); i++) {
        n_lines += gb_against_family_n_lines(summary->against, family);
        if (n_lines <= GB_AGAINST_LINES_IN_ALL)
            marks |= gb_against_print_family(summary->against, family);
        else
            fprintf(text.stream, "%s%s",
                    n_hidden++ > 0 ? ","
                                   : "Differ, too, with p, bounds and what is detectable under "
                                     "--all, or each by its name (--columns): ",
                    family->estimand.name);
    }
    char *names = gb_text_close(&text);
    if (!names)
        gb_message_exhausted("a comparison of cells");
    if (n_hidden > 0) {
        putchar('\n');
        gb_wrap_print(names, 0, 2, stdout);
    }
    free(names);
    return marks;
}

static size_t count_lines(const struct gb_against *against)
{
    size_t n = 0;

    for (size_t f = 0; f < against->n_families && n <= GB_AGAINST_LINES_IN_ALL; f++)
        if (gb_against_differs(against, &against->families[f]))
            n += gb_against_family_n_lines(against, &against->families[f]);
    return n;
}

unsigned gb_against_print_families(const struct gb_against *against)
{
    bool are_named = against->request->columns != NULL;
    unsigned marks = 0;

    if (gb_against_is_bounded(against) && !are_named &&
        count_lines(against) > GB_AGAINST_LINES_IN_ALL) {
        struct summary summary = find_asked(against);

        marks = summary.n > 0 ? print_summary(&summary) : 0;
        return marks | print_first_tables(&summary);
    }
    for (size_t f = 0, n = 0; f < against->n_families; f++)
        if (are_named || gb_against_differs(against, &against->families[f])) {
            if (against->request->style == GB_TABLE_LATEX)
                gb_latex_table_flush(n++, stdout);
            marks |= gb_against_print_family(against, &against->families[f]);
        }
    return marks;
}
