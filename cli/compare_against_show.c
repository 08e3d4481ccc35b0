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

/* What the names of cells hold. */
static void print_names(const struct gb_against *against)
{
    struct gb_text text;
    char *line;

    if (!gb_against_names_cells(against))
        return;
    if (!gb_text_open(&text))
        gb_message_exhausted("a comparison of cells");
    fputs("A cell stands by its values of ", text.stream);
    for (size_t k = 0; k < gb_results_n_factors(against->results); k++)
        fprintf(text.stream, "%s%s", k > 0 ? ", " : "", gb_results_varied_key(against->results, k));
    fputs(", in this order.", text.stream);
    line = gb_text_close(&text);
    if (!line)
        gb_message_exhausted("a comparison of cells");
    gb_wrap_print(line, 0, 2, stdout);
    free(line);
}

/* Cells that --where leaves out may be without a reference: no family has them. */
static void print_alone(const struct gb_against *against)
{
    size_t n = 0;

    for (size_t c = 0; c < against->cells->n; c++)
        n += !gb_versus_is_compared(against->versus, c) &&
             !gb_selection_holds(&against->reference, against->results,
                                 against->cells->items[c].trials[0]);
    if (n > 0)
        gb_compare_note(against->request,
                        "%zu cell%s that --where leaves out %s no reference of %s own and %s not "
                        "counted.",
                        n, gb_message_plural((int64_t)n), n == 1 ? "has" : "have",
                        n == 1 ? "its" : "their", n == 1 ? "is" : "are");
}

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
    print_alone(against);
    if (against->request->style != GB_TABLE_LATEX)
        gb_shared_overrides_print(against->results, against->request->style == GB_TABLE_MARKDOWN);
    print_names(against);
    gb_compare_explain_homes(against->request);
    gb_compare_explain_average(against->request, against->results);
    gb_compare_explain_part(against->request, against->results);
    gb_compare_explain_stages(against->request, against->results);
    if (n < 2) {
        gb_compare_note(against->request, "One replication a cell: no interval can be given.");
        return;
    }
    if (against->request->n_resamples > 0)
        gb_compare_note(
            against->request,
            "± or [ , ] is the 95 %% interval of the difference by %" PRIu32 " resamples, the same "
            "in every row\n(studentised bootstrap, from %d replications on); p, main effects and bounds of single "
            "users or of\nquantiles over them are Student's.",
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

/* ---- all of them */

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
        if (!gb_against_differs(against, &against->families[f]) && !is_part(against, f))
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

/* Which keys have one main effect. */
static void print_partners(const struct gb_against *against)
{
    const struct gb_results *results = against->results;

    for (size_t k = 0; k < gb_results_n_factors(results); k++)
        if (against->leaders[k] != k)
            gb_compare_note(against->request,
                            "\nMain effects: %s varies along with %s (zip); they have one effect.",
                            gb_results_varied_key(results, k),
                            gb_results_varied_key(results, against->leaders[k]));
}

static void print_grid(const struct gb_against *against)
{
    if (against->grid == GB_GRID_COMPLETE)
        print_partners(against);
    else if (against->grid == GB_GRID_HOLES)
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
        n_withheld += against->families[0].rows[i].is_withheld &&
                      gb_against_shows(against, against->families[0].rows[i].cell);
    const struct gb_plan *plan = gb_results_provenance(against->results)->plan;

    if (n_withheld > 0)
        gb_compare_note(
            against->request,
            "\n%zu cell%s not compared: replications are missing%s;\n"
            "--allow-missing compares over those that both have.",
            n_withheld, n_withheld == 1 ? " is" : "s are",
            plan && plan->n_failed > 0 ? ", and what failed did not fail by chance alone" : "");
}

void gb_against_print(const struct gb_against *against)
{
    unsigned marks;

    print_head(against);
    marks = gb_against_print_families(against);
    marks |= gb_against_print_people(against);
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
