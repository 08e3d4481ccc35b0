/* gridbourse compare: the market against trading directly with the grid. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare.h"
#include "analysis/schema.h"
#include "base/quantity.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/crash_handler.h"
#include "cli/losing_users.h"
#include "cli/message.h"
#include "cli/pair.h"
#include "cli/paper_case.h"
#include "cli/reasons.h"
#include "cli/stored_market.h"
#include "cli/text_table.h"

#define USERS_SHOWN 20  /* without --all */
#define TRADES_SHOWN 40 /* a run with more trades shows none of them */

struct request {
    const char *path, *ledger;
    bool csv, all;
};

/* Sides and community: a label and the two fields of the summary. Bills of slots in which a meter
 * was of neither side complete the sum; most runs have none. */
static const struct side {
    const char *label, *key, *market, *grid_only;
} sides[] = {
    {"buyers' cost", "buyers_cost", "buyers_cost", "buyers_cost_grid_only"},
    {"sellers' revenue", "sellers_revenue", "sellers_revenue", "sellers_revenue_grid_only"},
    {"neither side's cost", "zero_cost", "zero_cost", "zero_cost_grid_only"},
    {"community's bill", "cost", "cost", "cost_grid_only"},
};
#define N_SIDES (sizeof sides / sizeof sides[0])
#define NEITHER_SIDE (&sides[2])

#define PER_DAY "gain_per_user_day"

/* Key figures beside the money; scale and unit as shown. */
static const struct figure {
    const char *label, *field, *unit;
    double scale;
    int decimals;
    const struct gb_reason *causes; /* shown below it where they are not 0; NULL: none */
} figures[] = {
    {"traded locally", "traded_wh", "kWh", 1e-3, 3, NULL},
    {"contracted over min(surplus, deficit)", "contracted_ratio", "%", 100.0, 2, NULL},
    {"moved by trades, of the same", "local_matching_ratio", "%", 100.0, 2, NULL},
    {"mean price", "price_mean", "currency/kWh", 1.0, 4, NULL},
    {"self-sufficiency, physical", "self_sufficiency", "%", 100.0, 2, NULL},
    {"self-sufficiency, by trades", "traded_self_sufficiency", "%", 100.0, 2, NULL},
    {"sold and not delivered", "imbalance_short_wh", "kWh", 1e-3, 3, NULL},
    {"bought and not taken", "imbalance_long_wh", "kWh", 1e-3, 3, NULL},
    {"beside schedules, short", "schedule_short_wh", "kWh", 1e-3, 3, NULL},
    {"beside schedules, long", "schedule_long_wh", "kWh", 1e-3, 3, NULL},
    {"efficiency on reserves", "efficiency_reserves", "%", 100.0, 2, NULL},
    {"saving per meter and day", PER_DAY, "currency", 1.0, 4, NULL},
    {"users who lose", "n_users_losing", "", 1.0, 2, NULL},
    {"Gini of gains, where nobody loses", "gini", "%", 100.0, 2, NULL},
    {"Gini of bills", "gini_bills", "%", 100.0, 2, NULL},
    {"Gini of bills, grid-only", "gini_bills_grid_only", "%", 100.0, 2, NULL},
    {"missed slots", "n_missed_slots", "", 1.0, 2, gb_reasons_of_missed_slots},
    {"orders too late", "n_late", "", 1.0, 2, gb_reasons_of_late_orders},
    {"orders refused", "n_refused", "", 1.0, 2, gb_reasons_of_refusals},
    {"order to stable, median", "latency_p50_ms", "ms", 1.0, 1, NULL},
    {"order to stable, 95 %", "latency_p95_ms", "ms", 1.0, 1, NULL},
    {"refused by full pools", "n_pool_refusals", "", 1.0, 2, NULL},
    {"sent again, unanswered", "n_resent", "", 1.0, 2, NULL},
};
#define N_FIGURES (sizeof figures / sizeof figures[0])

/* A cell has trials: an interval over none, be they numbers or not, found no memory. */
static void check_memory(const struct gb_confidence_interval *interval)
{
    if (interval->n + interval->n_nan == 0)
        gb_message_exhausted("a comparison over trials");
}

static struct gb_confidence_interval interval_of(const struct gb_results *results,
                                                 const struct gb_cell *cell, const char *name)
{
    struct gb_confidence_interval interval = gb_cell_interval(results, cell, name);

    check_memory(&interval);
    return interval;
}

static struct gb_comparison comparison_of(const struct gb_results *results,
                                          const struct gb_cell *cell, const char *market,
                                          const char *grid_only)
{
    struct gb_comparison comparison = gb_cell_compare(results, cell, market, grid_only);

    check_memory(&comparison.market);
    return comparison;
}

/* Is it Student's interval, half as wide above the mean as in all? */
static bool is_symmetric(const struct gb_confidence_interval *interval)
{
    double above = interval->upper - interval->estimate;
    double below = interval->estimate - interval->lower;

    return fabs(above - below) <= 1e-9 * (above + below);
}

/* "12.3456", "12.35 ± 0.21", "12.35 [12.11, 12.62]", or "-" where there is no number. */
static char *show(struct gb_confidence_interval interval, double scale, int decimals,
                  bool with_sign, char *buffer, size_t size)
{
    int n;

    if (isnan(interval.estimate)) {
        snprintf(buffer, size, "-");
        return buffer;
    }
    interval = gb_interval_scaled(interval, scale);
    n = snprintf(buffer, size, with_sign ? "%+.*f" : "%.*f", decimals, interval.estimate);
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
static void add_interval(struct gb_text_table *table, struct gb_confidence_interval interval,
                         double scale, int decimals, bool with_sign, const char *unit)
{
    char text[128], trials[64] = "";

    if (interval.n > 0 && interval.n_nan > 0)
        snprintf(trials, sizeof trials, " (%zu of %zu trials)", interval.n,
                 interval.n + interval.n_nan);
    gb_text_table_add(table, "%s%s%s%s",
                      show(interval, scale, decimals, with_sign, text, sizeof text),
                      unit[0] && !isnan(interval.estimate) ? " " : "",
                      isnan(interval.estimate) ? "" : unit, trials);
}

/* Under a table that lacks a percentage, why. */
static void explain_near_zero(bool is_any)
{
    if (is_any)
        puts("  - no percentage: the grid-only sum is too near zero, or too uncertain over so few "
             "trials,\n    to divide by");
}

static bool lacks_change(const struct gb_comparison *comparison)
{
    return comparison->change_pct.kind == GB_INTERVAL_NEAR_ZERO;
}

static void add_comparison(struct gb_text_table *table, const struct gb_comparison *comparison)
{
    add_interval(table, comparison->market, 1.0, 4, false, "");
    add_interval(table, comparison->grid_only, 1.0, 4, false, "");
    add_interval(table, comparison->difference, 1.0, 4, true, "");
    add_interval(table, comparison->change_pct, 1.0, 4, true, "%");
}

static void add_heads(struct gb_text_table *table, size_t n, const char *const *heads)
{
    for (size_t i = 0; i < n; i++)
        gb_text_table_add(table, "%s", heads[i]);
}

/* A saving a day says something only of runs that last one: of an hour it would be 24 times an hour
 * that never came again. */
static bool last_a_day(const struct gb_results *results)
{
    const struct gb_summary_row *rows = gb_results_summary(results);

    for (size_t i = 0; i < gb_results_n_trials(results); i++)
        if (rows[i].n_slots * rows[i].slot_ns < GB_NS_PER_DAY)
            return false;
    return true;
}

/* ---- one cell: everything about it */

#define ABOUT_INTERVALS                                                                           \
    "± is the half width of the 95 % t interval over trials, [ , ] Fieller's 95 % interval of\n" \
    "a ratio of sums over trials; without either a number is the same in every trial. Every\n"    \
    "trial is paired with its own grid-only run on the same draws.\n"

static void print_about(const struct request *request, const struct gb_results *results,
                        const struct gb_cell *cell)
{
    const struct gb_summary_row *first = &gb_results_summary(results)[cell->trials[0]];
    char retail[32], feed_in[32];

    gb_message_print_name(request->path, stdout);
    printf(": %zu trial%s, %" PRId64 " meter%s, %" PRId64
           " slot%s of %g min, tariff %s / %s per kWh\n",
           cell->n_trials, gb_message_plural((int64_t)cell->n_trials), first->n_meters,
           gb_message_plural(first->n_meters), first->n_slots, gb_message_plural(first->n_slots),
           (double)first->slot_ns * 1e-9 / 60.0,
           gb_format_decimal(first->retail, 6, retail, sizeof retail),
           gb_format_decimal(first->feed_in, 6, feed_in, sizeof feed_in));
    gb_stored_overrides_print(results, cell->trials[0]);
    if (cell->n_trials == 1)
        puts("One trial: no interval can be given.\n");
    else if (gb_cell_is_deterministic(results, cell))
        puts("Deterministic: all trials came to the same, so there is nothing to estimate and no "
             "interval.\n");
    else
        puts(ABOUT_INTERVALS);
}

/* Of one trial the difference is that of its integers, as run shows it: that of two numbers of
 * currency may lie on the other side of a tie of the digits shown. */
static double exact_difference(const struct gb_results *results, const struct gb_cell *cell,
                               const struct side *side)
{
    const char *row = (const char *)&gb_results_summary(results)[cell->trials[0]];
    int64_t market, grid_only;

    memcpy(&market, row + gb_field_find(GB_TABLE_SUMMARY, side->market)->offset, sizeof market);
    memcpy(&grid_only, row + gb_field_find(GB_TABLE_SUMMARY, side->grid_only)->offset,
           sizeof grid_only);
    return gb_currency(market - grid_only);
}

static bool is_zero(struct gb_confidence_interval interval)
{
    return interval.estimate == 0.0 && !gb_interval_has_bounds(&interval);
}

static void print_sides(const struct gb_results *results, const struct gb_cell *cell)
{
    static const char *const heads[] = {"in currency", "market", "grid only", "difference",
                                        "change"};
    struct gb_text_table table = {.alignment = "lrrrr"};
    bool is_any_near_zero = false;

    add_heads(&table, 5, heads);
    for (size_t i = 0; i < N_SIDES; i++) {
        struct gb_comparison comparison =
            comparison_of(results, cell, sides[i].market, sides[i].grid_only);

        if (&sides[i] == NEITHER_SIDE && is_zero(comparison.market) &&
            is_zero(comparison.grid_only))
            continue;
        if (cell->n_trials == 1)
            comparison.difference.estimate = exact_difference(results, cell, &sides[i]);
        gb_text_table_add(&table, "%s", sides[i].label);
        add_comparison(&table, &comparison);
        is_any_near_zero =
            is_any_near_zero || (&sides[i] != NEITHER_SIDE && lacks_change(&comparison));
    }
    gb_text_table_print(&table, 2, stdout);
    explain_near_zero(is_any_near_zero);
}

/* What the batteries hold more or less than in the grid-only run is no saving yet: its worth lies
 * between what the grid would pay for it and what it would cost. */
static void add_storage(struct gb_text_table *table, const struct gb_results *results,
                        const struct gb_cell *cell)
{
    const struct gb_summary_row *row = &gb_results_summary(results)[cell->trials[0]];
    struct gb_confidence_interval stored = interval_of(results, cell, "terminal_storage_wh");
    double kwh = 1e-3 * stored.estimate, per_tick = 1.0 / (double)GB_TICKS_PER_CURRENCY;
    double at_feed_in = kwh * per_tick * (double)row->feed_in;
    double at_retail = kwh * per_tick * (double)row->retail;

    if (stored.estimate == 0)
        return;
    gb_text_table_add(table, "stored at the end, beyond grid-only");
    add_interval(table, stored, 1e-3, 3, true, "kWh");
    gb_text_table_add(table, "its worth, at feed-in and at retail");
    gb_text_table_add(table, "%+.4f to %+.4f currency", at_feed_in, at_retail);
}

/* Schedules with the grid are one rule among others: of runs without them they say nothing. */
static bool is_schedule(const struct figure *figure)
{
    return strncmp(figure->field, "schedule_", strlen("schedule_")) == 0;
}

static int decimals_of_counts(const struct gb_cell *cell)
{
    return cell->n_trials == 1 ? 0 : 2;
}

static void add_causes(struct gb_text_table *table, const struct gb_results *results,
                       const struct gb_cell *cell, const struct gb_reason *causes)
{
    for (; causes && causes->field; causes++) {
        struct gb_confidence_interval interval = interval_of(results, cell, causes->field);

        if (is_zero(interval))
            continue;
        gb_text_table_add(table, "  %s", causes->words);
        add_interval(table, interval, 1.0, decimals_of_counts(cell), false, "");
    }
}

static void print_figures(const struct gb_results *results, const struct gb_cell *cell)
{
    struct gb_text_table table = {.alignment = "lr"};
    bool is_any_uncertain = false;

    for (size_t i = 0; i < N_FIGURES; i++) {
        struct gb_confidence_interval interval = interval_of(results, cell, figures[i].field);

        bool is_uncertain = cell->n_trials > 1 && interval.kind == GB_INTERVAL_NEAR_ZERO;
        if ((isnan(interval.estimate) && !is_uncertain) ||
            (is_schedule(&figures[i]) && is_zero(interval)) ||
            (strcmp(figures[i].field, PER_DAY) == 0 && !last_a_day(results)))
            continue;
        gb_text_table_add(&table, "%s", figures[i].label);
        add_interval(&table, interval, figures[i].scale,
                     figures[i].unit[0] ? figures[i].decimals : decimals_of_counts(cell), false,
                     figures[i].unit);
        add_causes(&table, results, cell, figures[i].causes);
        is_any_uncertain = is_any_uncertain || is_uncertain;
    }
    add_storage(&table, results, cell);
    putchar('\n');
    gb_text_table_print(&table, 2, stdout);
    if (is_any_uncertain)
        puts(
            "  - none: what it is a share of is zero, or too uncertain over so few trials, to divide "
            "by");
}

/* Why a market saves less than its trades are worth, or loses; of a market that does nothing but
 * trade there is nothing to tell. */
static void print_causes(const struct gb_results *results, const struct gb_cell *cell)
{
    struct gb_confidence_interval causes[GB_N_CAUSES];
    struct gb_text_table table = {.alignment = "lr"};
    bool is_simple = true;

    if (!gb_cell_causes(results, cell, causes))
        gb_message_exhausted("the causes of a saving");
    for (int c = 0; c < GB_N_CAUSES; c++)
        is_simple &= c == GB_CAUSE_TRADES || is_zero(causes[c]);
    if (is_simple)
        return;
    for (int c = 0; c < GB_N_CAUSES; c++) {
        if (c != GB_CAUSE_TRADES && is_zero(causes[c]))
            continue;
        gb_text_table_add(&table, "%s", gb_cause_text((enum gb_cause)c));
        add_interval(&table, causes[c], 1.0, 4, true, "");
    }
    gb_text_table_add(&table, "the community's saving");
    add_interval(&table, interval_of(results, cell, "saving"), 1.0, 4, true, "");
    puts("\nWhere the saving comes from, in currency");
    gb_text_table_print(&table, 2, stdout);
}

/* What a cell of one trial, or of many, has beside its summary: read before anything is printed. */
struct details {
    struct gb_user_comparison *users; /* NULL: the result holds none */
    size_t n_users;
    void *trades; /* of the only trial; NULL: none */
    size_t n_trades;
};

static enum gb_status read_details(struct details *details, struct gb_results *results,
                                   const struct gb_cell *cell, struct gb_error *err)
{
    enum gb_status status = GB_OK;
    uint64_t trial = gb_results_summary(results)[cell->trials[0]].trial;

    if (gb_results_has(results, GB_TABLE_USERS))
        status = gb_cell_users(&details->users, &details->n_users, results, cell, err);
    if (status == GB_OK && cell->n_trials == 1 && gb_results_has(results, GB_TABLE_TRADES))
        status = gb_results_rows(results, GB_TABLE_TRADES, trial, &details->trades,
                                 &details->n_trades, err);
    return status;
}

static void free_details(struct details *details)
{
    free(details->users);
    free(details->trades);
}

static void print_users(const struct request *request, const struct gb_user_comparison *users,
                        size_t n)
{
    static const char *const heads[] = {"user", "", "market", "grid only", "difference", "change"};
    struct gb_text_table table = {.alignment = "llrrrr"};
    size_t shown = request->all || n < USERS_SHOWN ? n : USERS_SHOWN;
    bool is_any_near_zero = false;

    add_heads(&table, 6, heads);
    for (size_t u = 0; u < shown; u++) {
        gb_text_table_add(&table, "%s", users[u].name);
        gb_text_table_add(&table, "%s", users[u].earns ? "revenue" : "cost");
        add_comparison(&table, &users[u].bill);
        is_any_near_zero = is_any_near_zero || lacks_change(&users[u].bill);
    }
    putchar('\n');
    gb_text_table_print(&table, 2, stdout);
    explain_near_zero(is_any_near_zero);
    if (shown < n)
        printf("  ... and %zu more: --all shows them\n", n - shown);
    gb_losing_users_print(users, n, request->all ? n : USERS_SHOWN);
}

static void print_trades(const struct gb_trade_row *trades, size_t n)
{
    static const char *const heads[] = {"slot", "round", "seller", "buyer",
                                        "kWh",  "price", "state"};
    const struct gb_field *state = gb_field_find(GB_TABLE_TRADES, "status");
    struct gb_text_table table = {.alignment = "rrllrrl"};

    if (n > 0 && n <= TRADES_SHOWN) {
        add_heads(&table, 7, heads);
        for (size_t i = 0; i < n; i++) {
            char text[32];

            gb_text_table_add(&table, "%" PRId64, trades[i].interval);
            gb_text_table_add(&table, "%" PRIu32, trades[i].round);
            gb_text_table_add(&table, "meter %" PRIu32, trades[i].seller);
            gb_text_table_add(&table, "meter %" PRIu32, trades[i].buyer);
            gb_text_table_add(&table, "%s",
                              gb_format_decimal(trades[i].energy_wh, 3, text, sizeof text));
            gb_text_table_add(&table, "%s",
                              gb_format_decimal(trades[i].price_buy, 6, text, sizeof text));
            gb_text_table_add(&table, "%s",
                              gb_field_word(state, trades[i].status, text, sizeof text));
        }
        putchar('\n');
        gb_text_table_print(&table, 2, stdout);
    }
}

static enum gb_status print_cell(const struct request *request, struct gb_results *results,
                                 const struct gb_cell *cell, struct gb_error *err)
{
    struct details details = {0};
    bool is_paper;
    enum gb_status status = gb_paper_case_is(&is_paper, results, err);

    if (status == GB_OK && !is_paper)
        status = read_details(&details, results, cell, err);
    if (status != GB_OK) {
        free_details(&details);
        return status;
    }
    print_about(request, results, cell);
    print_sides(results, cell);
    print_figures(results, cell);
    print_causes(results, cell);
    if (is_paper) {
        putchar('\n');
        return gb_paper_case_print(results, stdout, err);
    }
    if (details.users)
        print_users(request, details.users, details.n_users);
    print_trades(details.trades, details.n_trades);
    free_details(&details);
    return GB_OK;
}

/* ---- a sweep: one row a cell */

/* What all trials share of length and tariff. */
static void print_shared_size(const struct gb_results *results)
{
    const struct gb_summary_row *rows = gb_results_summary(results);
    bool has_length = true, has_tariff = true;
    char retail[32], feed_in[32];

    for (size_t i = 1; i < gb_results_n_trials(results); i++) {
        has_length &= rows[i].n_slots == rows[0].n_slots && rows[i].slot_ns == rows[0].slot_ns;
        has_tariff &= rows[i].retail == rows[0].retail && rows[i].feed_in == rows[0].feed_in;
    }
    if (has_length)
        printf(", %" PRId64 " slot%s of %g min", rows[0].n_slots,
               gb_message_plural(rows[0].n_slots), (double)rows[0].slot_ns * 1e-9 / 60.0);
    if (has_tariff)
        printf(", tariff %s / %s per kWh",
               gb_format_decimal(rows[0].retail, 6, retail, sizeof retail),
               gb_format_decimal(rows[0].feed_in, 6, feed_in, sizeof feed_in));
    putchar('\n');
}

static void print_sweep(const struct request *request, const struct gb_results *results,
                        const struct gb_cells *cells)
{
    size_t n_keys = gb_results_n_varied(results);
    bool has_days = last_a_day(results);
    size_t n_columns = n_keys + 4 + has_days;
    char *alignment = calloc(n_columns + 1, 1);
    struct gb_text_table table = {.alignment = alignment};
    bool is_any_near_zero = false;

    if (!alignment)
        return;
    memset(alignment, 'r', n_columns);
    gb_message_print_name(request->path, stdout);
    printf(": %zu trials in %zu cells", gb_results_n_trials(results), cells->n);
    print_shared_size(results);
    gb_shared_overrides_print(results);
    puts(gb_results_n_trials(results) == cells->n ? "One trial a cell: no interval can be given.\n"
                                                  : ABOUT_INTERVALS);
    for (size_t k = 0; k < n_keys; k++)
        gb_text_table_add(&table, "%s", gb_results_varied_key(results, k));
    gb_text_table_add(&table, "trials");
    gb_text_table_add(&table, "buyers' cost");
    gb_text_table_add(&table, "sellers' revenue");
    gb_text_table_add(&table, "saving");
    if (has_days)
        gb_text_table_add(&table, "per meter and day");
    for (size_t c = 0; c < cells->n; c++) {
        const struct gb_cell *cell = &cells->items[c];

        for (size_t k = 0; k < n_keys; k++)
            gb_text_table_add(&table, "%s", gb_cell_value(results, cell, k));
        gb_text_table_add(&table, "%zu%s", cell->n_trials,
                          gb_cell_is_deterministic(results, cell) ? ", deterministic" : "");
        for (size_t i = 0; i < 2; i++) {
            struct gb_comparison side =
                comparison_of(results, cell, sides[i].market, sides[i].grid_only);
            add_interval(&table, side.change_pct, 1.0, 2, true, "%");
            is_any_near_zero = is_any_near_zero || lacks_change(&side);
        }
        add_interval(&table, interval_of(results, cell, "saving"), 1.0, 3, false, "");
        if (has_days)
            add_interval(&table, interval_of(results, cell, PER_DAY), 1.0, 4, false, "");
    }
    gb_text_table_print(&table, 2, stdout);
    explain_near_zero(is_any_near_zero);
    free(alignment);
}

/* ---- CSV: one row a cell and quantity, numbers with all their digits */

static void print_csv_text(const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
}

static void print_csv_number(double value)
{
    putchar(',');
    if (!isnan(value))
        printf("%.12g", value); /* an empty field is "no number" */
}

static void print_csv_row(const struct gb_results *results, const struct gb_cell *cell,
                          const char *who, const char *what, const struct gb_comparison *comparison)
{
    const struct gb_confidence_interval *parts[] = {&comparison->market, &comparison->grid_only,
                                                    &comparison->difference,
                                                    &comparison->change_pct};

    for (size_t k = 0; k < gb_results_n_varied(results); k++) {
        print_csv_text(gb_cell_value(results, cell, k));
        putchar(',');
    }
    print_csv_text(who);
    printf(",%s,%zu", what, cell->n_trials);
    for (size_t i = 0; i < 4; i++) {
        print_csv_number(parts[i]->estimate);
        print_csv_number(parts[i]->lower);
        print_csv_number(parts[i]->upper);
    }
    printf(",%zu\n", comparison->change_pct.n);
}

static enum gb_status print_csv(struct gb_results *results, const struct gb_cells *cells,
                                struct gb_error *err)
{
    static const char *const quantities[] = {"market", "grid_only", "difference", "change_pct"};
    enum gb_status status = GB_OK;

    for (size_t k = 0; k < gb_results_n_varied(results); k++) {
        print_csv_text(gb_results_varied_key(results, k));
        putchar(',');
    }
    fputs("who,what,trials", stdout);
    for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++)
        printf(",%s,%s_lower,%s_upper", quantities[i], quantities[i], quantities[i]);
    puts(",change_pct_trials");
    for (size_t c = 0; status == GB_OK && c < cells->n; c++) {
        const struct gb_cell *cell = &cells->items[c];
        struct gb_user_comparison *users = NULL;
        size_t n = 0;

        for (size_t i = 0; i < N_SIDES; i++) {
            struct gb_comparison side =
                comparison_of(results, cell, sides[i].market, sides[i].grid_only);
            print_csv_row(results, cell, "all", sides[i].key, &side);
        }
        if (gb_results_has(results, GB_TABLE_USERS))
            status = gb_cell_users(&users, &n, results, cell, err);
        for (size_t u = 0; u < n; u++)
            print_csv_row(results, cell, users[u].name, users[u].earns ? "revenue" : "cost",
                          &users[u].bill);
        free(users);
    }
    return status;
}

/* ---- the ledger of the same run */

/* Is the ledger that was named the run's? One beside the result under its name is asked unnamed. */
static enum gb_status check_ledger(const struct request *request, const struct gb_results *results,
                                   struct gb_error *err)
{
    const uint8_t *bytes = gb_results_provenance(results)->head;
    struct gb_hash head = {{0}}, found;

    if (bytes)
        memcpy(head.bytes, bytes, sizeof head.bytes);
    if (!request->ledger) {
        gb_pair_note_beside_result(request->path, bytes ? &head : NULL);
        return GB_OK;
    }
    gb_pair_settle(request->ledger);
    if (!gb_ledger_head(request->ledger, &found))
        return gb_fail(err, GB_EINPUT,
                       "'%s' is no whole ledger: `gridbourse ledger verify %s` "
                       "says why",
                       request->ledger, request->ledger);
    return gb_pair_check(request->path, bytes ? &head : NULL, request->ledger, &found, err);
}

/* ---- the command */

static int compare(const struct request *request)
{
    struct gb_error err = {0};
    struct gb_results *results = NULL;
    struct gb_cells cells = {0};
    gb_pair_settle(request->path);
    gb_crash_handler_begin(request->path);
    enum gb_status status = gb_results_open(&results, request->path, &err);

    if (status != GB_OK) {
        gb_crash_handler_end();
        gb_message_failure(&err);
        return status == GB_ENOMEM ? GB_EXIT_FAILED : GB_EXIT_WRONG_USE;
    }
    status = check_ledger(request, results, &err);
    if (status == GB_OK)
        status = gb_cells_find(&cells, results, &err);
    if (status == GB_OK && cells.n == 0)
        status = gb_fail(&err, GB_EINPUT, "'%s' holds no trial", request->path);
    if (status == GB_OK && request->csv)
        status = print_csv(results, &cells, &err);
    else if (status == GB_OK && cells.n == 1)
        status = print_cell(request, results, &cells.items[0], &err);
    else if (status == GB_OK)
        print_sweep(request, results, &cells);
    gb_cells_clear(&cells);
    gb_results_close(results);
    gb_crash_handler_end();
    return status == GB_OK ? GB_EXIT_DONE : gb_message_failure(&err);
}

enum { OPTION_CSV, OPTION_ALL, OPTION_LEDGER };
static const struct gb_option options[] = {
    [OPTION_CSV] = {"--csv", NULL, NULL,
                    "print comma-separated values, one row a cell and quantity"},
    [OPTION_ALL] = {"--all", NULL, NULL, "show every user, not the first 20 alone"},
    [OPTION_LEDGER] = {"--ledger", NULL, "FILE",
                       "refuse, unless this is the ledger of the same run"},
    {0},
};

static int take_option(void *context, const struct gb_arguments *arguments, int option)
{
    struct request *request = context;

    switch (option) {
    case OPTION_CSV: request->csv = true; break;
    case OPTION_ALL: request->all = true; break;
    default: request->ledger = arguments->value;
    }
    return GB_EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct gb_arguments arguments = {
        .command = &gb_command_compare, .options = options, .argc = argc, .argv = argv};
    struct request request = {0};
    int code;

    if (!gb_arguments_read(&arguments, "result", take_option, &request, &request.path, &code))
        return code;
    return compare(&request);
}

const struct gb_command gb_command_compare = {
    "compare", "OUT.h5 [--csv] [--all] [--ledger FILE]",
    "compare the market with trading directly with the grid", run};
