/* Numbers of a comparison as people read them, with the intervals they lie in. */
#include "cli/compare_priv.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/draws.h"
#include "base/quantity.h"
#include "base/text.h"
#include "cli/message.h"

#define MOST_DECIMALS 11 /* beyond, a number is what rounding left */

const struct gb_compare_side gb_compare_sides[GB_COMPARE_N_SIDES] = {
    [GB_COMPARE_BUYERS] = {"buyers' cost", "buyers_cost", "buyers_cost", "buyers_cost_grid_only"},
    [GB_COMPARE_SELLERS] = {"sellers' revenue", "sellers_revenue", "sellers_revenue",
                            "sellers_revenue_grid_only"},
    [GB_COMPARE_NEITHER] = {"neither side's cost", "zero_cost", "zero_cost", "zero_cost_grid_only"},
    [GB_COMPARE_COMMUNITY] = {"community's bill", "cost", "cost", "cost_grid_only"},
};

/* A cell has trials: an interval over none, be they numbers or not, found no memory; unless no
 * replication has all trials of its average. */
static void check_memory(const struct gb_confidence_interval *interval,
                         const struct gb_results *results, const struct gb_cell *cell)
{
    if (interval->n + interval->n_nan == 0 &&
        (cell->n_members == 1 || gb_cell_n_replications(results, cell) > 0))
        gb_message_exhausted("a comparison over trials");
}

struct gb_confidence_interval gb_compare_interval(const struct gb_results *results,
                                                  const struct gb_cell *cell, const char *name)
{
    struct gb_confidence_interval interval = gb_cell_interval(results, cell, name);

    check_memory(&interval, results, cell);
    return interval;
}

struct gb_confidence_interval gb_compare_estimate(const struct gb_results *results,
                                                  const struct gb_cell *cell,
                                                  const struct gb_estimand *of)
{
    struct gb_confidence_interval interval = gb_cell_estimate(results, cell, of);

    check_memory(&interval, results, cell);
    return interval;
}

struct gb_comparison gb_compare_fields(const struct gb_results *results, const struct gb_cell *cell,
                                       const char *market, const char *grid_only)
{
    struct gb_comparison comparison = gb_cell_compare(results, cell, market, grid_only);

    check_memory(&comparison.market, results, cell);
    return comparison;
}

/* Is it Student's interval, half as wide above the mean as in all? */
static bool is_symmetric(const struct gb_confidence_interval *interval)
{
    double above = interval->upper - interval->estimate;
    double below = interval->estimate - interval->lower;

    return fabs(above - below) <= 1e-9 * (above + below);
}

int gb_compare_decimals(double number, int decimals)
{
    double size = fabs(number);

    if (!(size > 0.0) || size >= 2.0 * pow(10.0, -decimals))
        return decimals;
    int needed = 1 - (int)floor(log10(size));
    return needed <= MOST_DECIMALS ? needed : decimals;
}

unsigned gb_compare_dash_of(enum gb_interval_kind kind)
{
    switch (kind) {
    case GB_INTERVAL_FEW: return GB_DASH_FEW;
    case GB_INTERVAL_LOST: return GB_DASH_LOST;
    default: return 0;
    }
}

/* "12.3456", "12.35 ± 0.21", "12.35 [12.11, 12.62]", "12.35 ± -", or "-" where there is no number.
 */
static char *show(struct gb_confidence_interval interval, double scale, int decimals,
                  bool with_sign, char *buffer, size_t size)
{
    int n;

    if (isnan(interval.estimate)) {
        snprintf(buffer, size, "%s", GB_COMPARE_DASH);
        return buffer;
    }
    interval = gb_interval_scaled(interval, scale);
    decimals = gb_compare_decimals((interval.upper - interval.lower) / 2.0, decimals);
    n = snprintf(buffer, size, with_sign ? "%+.*f%s" : "%.*f%s", decimals, interval.estimate,
                 gb_compare_dash_of(interval.kind) ? " ± " GB_COMPARE_DASH : "");
    if (!gb_interval_has_bounds(&interval) || n <= 0 || (size_t)n >= size)
        return buffer;
    if (is_symmetric(&interval))
        snprintf(buffer + n, size - (size_t)n, " ± %.*f", decimals,
                 interval.upper - interval.estimate);
    else
        snprintf(buffer + n, size - (size_t)n, with_sign ? " [%+.*f, %+.*f]" : " [%.*f, %.*f]",
                 decimals, interval.lower, decimals, interval.upper);
    return buffer;
}

/* Behind it, where some trials have no such number, how many do. */
void gb_compare_add_interval(struct gb_text_table *table, struct gb_confidence_interval interval,
                             double scale, int decimals, bool with_sign, const char *unit)
{
    char text[128], trials[64] = "";

    if (isnan(interval.estimate))
        table->marks |=
            interval.kind == GB_INTERVAL_NEAR_ZERO ? GB_DASH_NEAR_ZERO : GB_DASH_UNDEFINED;
    table->marks |= gb_compare_dash_of(interval.kind);
    if (interval.n > 0 && interval.n_nan > 0)
        snprintf(trials, sizeof trials, " (%zu of %zu trials)", interval.n,
                 interval.n + interval.n_nan);
    gb_text_table_add(table, "%s%s%s%s",
                      show(interval, scale, decimals, with_sign, text, sizeof text),
                      unit[0] && !isnan(interval.estimate) ? " " : "",
                      isnan(interval.estimate) ? "" : unit, trials);
}

void gb_compare_add_comparison(struct gb_text_table *table, const struct gb_comparison *comparison)
{
    gb_compare_add_interval(table, comparison->market, 1.0, 4, false, "");
    gb_compare_add_interval(table, comparison->grid_only, 1.0, 4, false, "");
    gb_compare_add_interval(table, comparison->difference, 1.0, 4, true, "");
    gb_compare_add_interval(table, comparison->change_pct, 1.0, 4, true, "%");
}

static const char word[] = "currency"; /* of a scenario that names none */

char *gb_compare_per_kwh(const struct gb_compare_request *request,
                         char buffer[GB_COMPARE_UNIT_SIZE])
{
    bool is_named = strcmp(request->currency, word) != 0;

    snprintf(buffer, GB_COMPARE_UNIT_SIZE, "%s%s per kWh", is_named ? " " : "",
             is_named ? request->currency : "");
    return buffer;
}

char *gb_compare_unit(const struct gb_compare_request *request, const char *unit,
                      char buffer[GB_COMPARE_UNIT_SIZE])
{
    bool is_money = strncmp(unit, word, strlen(word)) == 0;

    snprintf(buffer, GB_COMPARE_UNIT_SIZE, "%s%s", is_money ? request->currency : "",
             is_money ? unit + strlen(word) : unit);
    return buffer;
}

void gb_compare_note(const struct gb_compare_request *request, const char *format, ...)
{
    bool is_comment = request->style == GB_TABLE_LATEX;
    char text[2048];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *line = text, *end; line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        fputs(is_comment && *line ? "% " : "", stdout);
        if (request->style == GB_TABLE_MARKDOWN)
            gb_markdown_print(line, stdout);
        else
            fputs(line, stdout);
        putchar('\n');
    }
}

void gb_compare_print_path(const struct gb_compare_request *request)
{
    struct gb_text text;
    char *name;

    if (request->style != GB_TABLE_MARKDOWN) {
        fputs(request->style == GB_TABLE_LATEX ? "% " : "", stdout);
        gb_message_print_name(request->path, stdout);
        return;
    }
    if (!gb_text_open(&text))
        gb_message_exhausted("the name of a result");
    gb_message_print_name(request->path, text.stream);
    if (!(name = gb_text_close(&text)))
        gb_message_exhausted("the name of a result");
    gb_markdown_print(name, stdout);
    free(name);
}

void gb_compare_caption(const struct gb_compare_request *request, struct gb_text_table *table,
                        const char *format, ...)
{
    char homes[GB_HOME_CHOICE_TEXT_SIZE];
    va_list args;

    if (request->style != GB_TABLE_LATEX)
        return;
    va_start(args, format);
    vsnprintf(table->caption, sizeof table->caption, format, args);
    va_end(args);
    gb_text_append(table->caption, sizeof table->caption, "%s",
                   gb_compare_homes_suffix(request, homes));
}

void gb_compare_note_extent(const struct gb_compare_request *request,
                            const struct gb_results *results, const char *subject)
{
    char extent[GB_DRAWS_TEXT_SIZE];

    gb_compare_note(request, "%s %s.", subject,
                    gb_draws_describe(GB_ALL_DRAWS & ~gb_results_provenance(results)->kept, extent,
                                      sizeof extent));
}

const char *gb_compare_sample(const struct gb_cell *cell)
{
    return cell->n_members > 1 ? "replication" : "trial";
}

void gb_compare_explain_intervals(const struct gb_compare_request *request,
                                  const struct gb_results *results, const struct gb_cell *cell)
{
    const char *sample = gb_compare_sample(cell);

    gb_compare_note(
        request,
        "± is the half width of the 95 %% t interval over %ss, [ , ] Fieller's 95 %% interval "
        "of\na ratio of sums over %ss; without either a number is the same in every %s.\nEvery trial "
        "is paired with its own grid-only run on the same draws.",
        sample, sample, sample);
    gb_compare_note_extent(request, results, "Intervals extend");
    putchar('\n');
}

void gb_compare_add_quantile_heads(struct gb_text_table *table, const char *low, const char *high)
{
    static const char *const between[] = {"5 %", "25 %", "median", "75 %", "95 %"};

    gb_text_table_add(table, "%s", low);
    for (size_t q = 0; q < sizeof between / sizeof between[0]; q++)
        gb_text_table_add(table, "%s", between[q]);
    gb_text_table_add(table, "%s", high);
}

void gb_compare_add_key(struct gb_text_table *table, const char *value)
{
    if (strcmp(value, GB_VARIED_UNREAD) == 0)
        table->marks |= GB_DASH_UNREAD;
    gb_text_table_add(table, "%s", value);
}

void gb_compare_explain_dashes(const struct gb_compare_request *request, unsigned marks)
{
    static const struct {
        unsigned mark;
        const char *words;
    } notes[] = {
        {GB_DASH_UNREAD, "A key is - where nothing in that cell reads it."},
        {GB_DASH_NEAR_ZERO, "A percentage or ratio is - where what it divides by, as the grid-only "
                            "sum, is too near zero, or\n  too uncertain over so few trials."},
        {GB_DASH_UNDEFINED,
         "A number is - where no trial has it: a price without trades, a Gini of "
         "gains where somebody loses."},
        {GB_DASH_UNTESTED, "p, Holm's p, bounds and detectable are - where nothing is tested: what "
                           "is equal or the same in\n  every trial, or of fewer than two."},
        {GB_DASH_FEW, "± and bounds are - in rows of fewer than 30 replications, too few for a "
                      "bootstrap: without\n  --bootstrap they have Student's t."},
        {GB_DASH_LOST,
         "± and bounds are - in rows where more than one resample in a hundred has no "
         "t, for the few\n  replications that differ are not in it: without "
         "--bootstrap they have Student's t."},
    };

    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++)
        if (marks & notes[i].mark)
            gb_compare_note(request, "  %s", notes[i].words);
}

bool gb_compare_last_a_day(const struct gb_results *results)
{
    const struct gb_summary_row *rows = gb_results_summary(results);

    for (size_t i = 0; i < gb_results_n_trials(results); i++)
        if (rows[i].n_slots * rows[i].slot_ns < GB_NS_PER_DAY)
            return false;
    return true;
}
