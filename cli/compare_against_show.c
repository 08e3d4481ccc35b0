/* Comparisons of cells for people: a table a quantity, on a terminal or a page. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/bootstrap.h"
#include "base/text.h"
#include "cli/compare_against.h"
#include "cli/message.h"
#include "cli/quantity.h"
#include "cli/stored_market.h"
#include "cli/wrap.h"

/* ---- above the tables */

static void print_head(const struct gb_against *against)
{
    size_t n_compared = gb_versus_n_compared(against->versus);
    size_t n = gb_versus_n_replications(against->versus), n_shown = 0;
    char of[32] = "";

    for (size_t c = 0; c < against->cells->n; c++)
        n_shown += gb_versus_is_compared(against->versus, c) && gb_against_shows(against, c);
    if (n_shown < n_compared)
        snprintf(of, sizeof of, "%zu of ", n_shown);
    gb_compare_note(against->request,
                    "%s: %s%zu cell%s against %s, paired on the draws of %zu replication%s",
                    against->request->path, of, n_compared, gb_message_plural((int64_t)n_compared),
                    against->request->against, n, gb_message_plural((int64_t)n));
    if (against->request->style != GB_TABLE_LATEX)
        gb_shared_overrides_print(against->results);
    gb_compare_explain_homes(against->request);
    gb_compare_explain_average(against->request, against->results);
    gb_compare_explain_stages(against->request, against->results);
    if (n < 2) {
        gb_compare_note(against->request, "One replication a cell: no interval can be given.");
        return;
    }
    if (against->request->n_resamples > 0)
        gb_compare_note(
            against->request,
            "± or [ , ] is the 95 %% interval of the difference by %" PRIu32 " resamples, the same "
            "in every row\n(studentised bootstrap, from %d replications on); p is Student's.",
            against->request->n_resamples, GB_BOOTSTRAP_MIN_N);
    else
        gb_compare_note(against->request,
                        "± is the half width of the 95 %% t interval of the difference, cell less "
                        "reference.");
    gb_compare_note_extent(against->request, against->results, "It extends");
    gb_compare_note(
        against->request,
        "[ , ] under Bonferroni holds for all cells tested of a quantity together; Holm's p counts "
        "them.\nDetectable is the smallest difference found with a power of 80 %%.");
}

/* ---- a quantity */

static void add_untested(struct gb_text_table *table)
{
    table->marks |= GB_DASH_UNTESTED;
    gb_text_table_add(table, "%s", GB_COMPARE_DASH);
}

static void add_p(struct gb_text_table *table, double p)
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
    else
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

static void add_difference(struct gb_text_table *table, const struct gb_contrast *difference,
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

static void add_row(struct gb_text_table *table, const struct gb_against *against,
                    const struct gb_versus_row *row, const struct gb_quantity *quantity)
{
    size_t missing = gb_versus_n_missing(against->versus, row->cell);
    size_t n = gb_versus_n_planned(against->versus, row->cell);
    const struct gb_quantity shown = with_digits(quantity, &row->interval);

    for (size_t k = 0; k < gb_results_n_factors(against->results); k++)
        gb_compare_add_key(table,
                           gb_cell_value(against->results, &against->cells->items[row->cell], k));
    if (missing > 0)
        gb_text_table_add(table, "%zu of %zu", n - missing, n);
    else
        gb_text_table_add(table, "%zu", row->is_withheld ? n : row->difference.n);
    add_estimate(table, row->value, &row->difference, &shown);
    add_estimate(table, row->base, &row->difference, &shown);
    if (row->is_withheld)
        gb_text_table_add(table, "replications missing");
    else
        add_difference(table, &row->difference, row->interval, &shown);
    add_p(table, row->p);
    add_p(table, row->adjusted_p);
    add_bounds(table, &row->simultaneous, &shown);
    add_detectable(table, row->detectable, &shown);
}

static void add_heads(struct gb_text_table *table, const struct gb_against *against)
{
    static const char *const heads[] = {"cell",     "reference",  "difference", "p",
                                        "Holm's p", "Bonferroni", "detectable"};

    for (size_t k = 0; k < gb_results_n_factors(against->results); k++)
        gb_text_table_add(table, "%s", gb_results_varied_key(against->results, k));
    gb_text_table_add(table, "%ss", gb_compare_sample(&against->cells->items[0]));
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        gb_text_table_add(table, "%s", heads[i]);
}

/* Above the table; in LaTeX its caption, which says what a page apart from the head does not. */
static void add_title(const struct gb_against *against, struct gb_text_table *table,
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
    gb_compare_note(against->request, "\n%s%s%s%s%s%s%s", is_bold ? "**" : "", what,
                    quantity->label, is_bold ? "**" : "", comma, unit, is_bold ? "\n" : "");
}

static unsigned print_main_effects(const struct gb_against *against,
                                   const struct gb_against_family *family,
                                   const struct gb_quantity *quantity)
{
    static const char *const heads[] = {"key", "value", "against", "effect", "p", "Holm's p"};
    struct gb_text_table table = {.alignment = "lrrrrr", .style = against->request->style};

    if (family->n_effects == 0)
        return 0;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        gb_text_table_add(&table, "%s", heads[i]);
    for (size_t i = 0; i < family->n_effects; i++) {
        const struct gb_main_effect *effect = &family->effects[i];

        gb_text_table_add(&table, "%s", gb_results_varied_key(against->results, effect->key));
        gb_text_table_add(&table, "%s", effect->level);
        gb_text_table_add(&table, "%s", effect->base);
        add_difference(&table, &effect->effect, effect->interval, quantity);
        add_p(&table, effect->p);
        add_p(&table, effect->adjusted_p);
    }
    add_title(against, &table, "main effects on ", quantity);
    gb_text_table_print(&table, 4, stdout);
    return table.marks;
}

/* A table of cells, to the right of their keys so many columns. Its alignment is to be freed. */
static struct gb_text_table open_table(const struct gb_against *against, size_t n_columns,
                                       char **alignment)
{
    size_t n_keys = gb_results_n_factors(against->results);

    *alignment = calloc(n_keys + n_columns + 1, 1);
    if (!*alignment)
        gb_message_exhausted("a table");
    memset(*alignment, 'r', n_keys + n_columns);
    return (struct gb_text_table){
        .alignment = *alignment, .style = against->request->style, .n_repeated = n_keys};
}

/* returns the marks of its tables */
static unsigned print_family(const struct gb_against *against,
                             const struct gb_against_family *family)
{
    struct gb_quantity quantity = gb_quantity_of(&family->estimand);
    char *alignment;
    struct gb_text_table table = open_table(against, 8, &alignment);

    add_heads(&table, against);
    for (size_t i = 0; i < gb_versus_n_compared(against->versus); i++)
        if (gb_against_shows(against, family->rows[i].cell))
            add_row(&table, against, &family->rows[i], &quantity);
    add_title(against, &table, "", &quantity);
    gb_text_table_print(&table, 2, stdout);
    free(alignment);
    return table.marks | print_main_effects(against, family, &quantity);
}

/* ---- groups of users */

static const struct gb_quantity saving_of_user = {
    "what a user saves: grid-only bill less bill, mean over the users of a group", 1.0, 4,
    "currency"};

static unsigned print_groups(const struct gb_against *against,
                             const struct gb_compare_grouping *grouping,
                             const struct gb_against_groups *groups)
{
    struct gb_quantity quantity = saving_of_user;
    char *alignment, what[64];
    struct gb_text_table table = open_table(against, 9, &alignment);

    table.n_repeated++; /* the group's name, too */
    gb_text_table_add(&table, "%s", grouping->head);
    add_heads(&table, against);
    for (size_t i = 0; i < groups->n; i++)
        if (gb_against_shows(against, groups->list[i].row.cell) &&
            gb_user_group_is_shown(against->results, grouping->by, groups->list[i].name)) {
            gb_text_table_add(&table, "%s", groups->list[i].name);
            add_row(&table, against, &groups->list[i].row, &quantity);
        }
    snprintf(what, sizeof what, "by %s: ", grouping->head);
    add_title(against, &table, what, &quantity);
    gb_text_table_print(&table, 2, stdout);
    free(alignment);
    return table.marks;
}

/* ---- users */

static const struct gb_quantity bill = {
    "what a user pays more, quantiles over the users of a trial and their means over trials", 1.0,
    4, "currency"};

static void add_users(struct gb_text_table *table, const struct gb_against *against,
                      const struct gb_users_row *row)
{
    for (size_t k = 0; k < gb_results_n_factors(against->results); k++)
        gb_compare_add_key(table,
                           gb_cell_value(against->results, &against->cells->items[row->cell], k));
    for (size_t q = 0; q < GB_N_USER_QUANTILES; q++)
        gb_compare_add_interval(table, gb_contrast_interval(&row->quantiles[q], GB_CONFIDENCE),
                                bill.scale, bill.decimals, true, "");
    gb_compare_add_interval(table, gb_contrast_interval(&row->worse, GB_CONFIDENCE), 100.0, 1,
                            false, "%");
}

static unsigned print_users(const struct gb_against *against)
{
    char *alignment;
    struct gb_text_table table = open_table(against, GB_N_USER_QUANTILES + 1, &alignment);

    for (size_t k = 0; k < gb_results_n_factors(against->results); k++)
        gb_text_table_add(&table, "%s", gb_results_varied_key(against->results, k));
    gb_compare_add_quantile_heads(&table, "least", "most");
    gb_text_table_add(&table, "pay more");
    for (size_t i = 0; i < gb_versus_n_compared(against->versus); i++)
        if (gb_against_shows(against, against->users[i].cell))
            add_users(&table, against, &against->users[i]);
    add_title(against, &table, "", &bill);
    gb_text_table_print(&table, 2, stdout);
    free(alignment);
    return table.marks;
}

static const struct gb_quantity bill_of_user = {
    "what each user pays more, mean over replications; users are in no family of tests", 1.0, 4,
    "currency"};

/* returns how many users are not shown */
static size_t add_each_user(struct gb_text_table *table, const struct gb_against *against, size_t i)
{
    size_t n = against->n_each[i];
    size_t shown = against->request->all || n < GB_COMPARE_USERS_SHOWN ? n : GB_COMPARE_USERS_SHOWN;

    for (size_t u = 0; u < shown; u++) {
        const struct gb_user_difference *user = &against->each_user[i][u];

        for (size_t k = 0; k < gb_results_n_varied(against->results); k++)
            gb_compare_add_key(
                table,
                gb_cell_value(against->results, &against->cells->items[against->users[i].cell], k));
        gb_text_table_add(table, "%s", user->name);
        add_difference(table, &user->more, gb_contrast_interval(&user->more, GB_CONFIDENCE),
                       &bill_of_user);
    }
    return n - shown;
}

static unsigned print_each_user(const struct gb_against *against)
{
    char *alignment;
    struct gb_text_table table = open_table(against, 2, &alignment);
    size_t n_more = 0;

    for (size_t k = 0; k < gb_results_n_varied(against->results); k++)
        gb_text_table_add(&table, "%s", gb_results_varied_key(against->results, k));
    gb_text_table_add(&table, "user");
    gb_text_table_add(&table, "difference");
    for (size_t i = 0; i < gb_versus_n_compared(against->versus); i++)
        if (gb_against_shows(against, against->users[i].cell))
            n_more += add_each_user(&table, against, i);
    add_title(against, &table, "", &bill_of_user);
    gb_text_table_print(&table, 2, stdout);
    if (n_more > 0)
        gb_compare_note(against->request, "  ... and %zu more: --all shows them", n_more);
    free(alignment);
    return table.marks;
}

/* ---- all of them */

static bool is_equal_everywhere(const struct gb_against *against,
                                const struct gb_against_family *family)
{
    for (size_t i = 0; i < gb_versus_n_compared(against->versus); i++)
        if (family->rows[i].difference.kind != GB_CONTRAST_EQUAL)
            return false;
    return true;
}

/* Parts of another count are not named where that is: "n_late_link" of "n_late". */
static bool is_part(const struct gb_against *against, size_t f)
{
    static const char *const wholes[] = {"n_missed_slots", "n_late", "n_refused", "n_passed"};
    const char *name = against->families[f].estimand.name;

    for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++) {
        size_t n = strcspn(wholes[i] + 2, "_") + 2;

        if (strncmp(name, wholes[i], n) == 0 && strcmp(name, wholes[i]) != 0)
            return true;
    }
    return false;
}

/* What does not differ needs no table, only its name; unless it was asked for by name. */
static void print_equal(const struct gb_against *against)
{
    struct gb_text text;
    size_t n = 0;

    if (!gb_text_open(&text))
        gb_message_exhausted("a comparison of cells");
    for (size_t f = 0; f < against->n_families; f++)
        if (is_equal_everywhere(against, &against->families[f]) && !is_part(against, f))
            fprintf(text.stream, "%s%s", n++ > 0 ? ", " : "Equal in every trial: ",
                    gb_quantity_of(&against->families[f].estimand).label);
    char *line = gb_text_close(&text);
    if (!line)
        gb_message_exhausted("a comparison of cells");
    if (n > 0) {
        putchar('\n');
        gb_wrap_print(line, 0, 2, stdout);
    }
    free(line);
}

static void print_grid(const struct gb_against *against)
{
    if (against->grid == GB_GRID_HOLES)
        gb_compare_note(
            against->request,
            "\nNo main effects: the cells are no complete grid of the keys, so that the "
            "mean over those of one\nvalue would differ by the other keys too.");
    else if (against->grid == GB_GRID_UNPAIRED)
        gb_compare_note(
            against->request,
            "\nNo main effects: some cells lack replications; --allow-missing takes those "
            "that all have.");
}

static void print_missing(const struct gb_against *against)
{
    size_t n_withheld = 0;

    for (size_t i = 0; against->n_families > 0 && i < gb_versus_n_compared(against->versus); i++)
        n_withheld += against->families[0].rows[i].is_withheld;
    if (n_withheld > 0)
        gb_compare_note(
            against->request,
            "\n%zu cell%s not compared: replications are missing, and what failed did not fail by "
            "chance alone;\n--allow-missing compares over those that both have.",
            n_withheld, n_withheld == 1 ? " is" : "s are");
}

void gb_against_print(const struct gb_against *against)
{
    unsigned marks = 0;

    print_head(against);
    for (size_t f = 0; f < against->n_families; f++)
        if (against->request->columns || !is_equal_everywhere(against, &against->families[f]))
            marks |= print_family(against, &against->families[f]);
    for (size_t g = 0; g < GB_COMPARE_N_GROUPINGS; g++)
        if (against->groups[g].n > 0)
            marks |= print_groups(against, &gb_compare_groupings[g], &against->groups[g]);
    if (against->each_user)
        marks |= print_each_user(against);
    else if (against->users)
        marks |= print_users(against);
    if (against->has_other_numbers)
        gb_compare_note(against->request,
                        "\nUsers are not compared one by one: some cell has not as many as its "
                        "reference.");
    if (marks)
        putchar('\n');
    gb_compare_explain_dashes(against->request, marks);
    if (against->request->style != GB_TABLE_LATEX && !against->request->columns)
        print_equal(against);
    print_grid(against);
    print_missing(against);
    gb_compare_explain_missing(against->request, against->results);
}
