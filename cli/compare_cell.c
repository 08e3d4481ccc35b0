/* All that a result says of one cell of trials: sides, key figures, causes, users and trades. */
#include "cli/compare_priv.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/cell_gains.h"
#include "analysis/cell_users.h"
#include "analysis/schema.h"
#include "analysis/tariff_text.h"
#include "base/quantity.h"
#include "cli/losing_users.h"
#include "cli/message.h"
#include "cli/paper_case.h"
#include "cli/reasons.h"
#include "cli/stored_market.h"

#define TRADES_SHOWN 40 /* a run with more trades shows none of them */

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
    {"  lost by extramarginal trades", "extramarginal_loss", "%", 100.0, 2, NULL},
    {"  lost by orders that did not trade", "missed_loss", "%", 100.0, 2, NULL},
    {"  of all orders sent", "efficiency_total", "%", 100.0, 2, NULL},
    {"saving per meter and day", GB_COMPARE_PER_DAY, "currency", 1.0, 4, NULL},
    {"gain of the buyers per kWh", GB_COMPARE_BUYERS_GAIN, "currency/kWh", 1.0, 4, NULL},
    {"gain of the sellers per kWh", GB_COMPARE_SELLERS_GAIN, "currency/kWh", 1.0, 4, NULL},
    {"margin that the utility loses", "utility_margin_lost", "currency", 1.0, 4, NULL},
    {"users who lose", "n_users_losing", "", 1.0, 2, NULL},
    {"users who lose more than 1 %", "losing_1pct_share", "%", 100.0, 2, NULL},
    {"Gini of gains, where nobody loses", "gini", "%", 100.0, 2, NULL},
    {"Gini of bills", "gini_bills", "%", 100.0, 2, NULL},
    {"Gini of bills, grid-only", "gini_bills_grid_only", "%", 100.0, 2, NULL},
    {"sellers, by concentration", "effective_sellers", "", 1.0, 2, NULL},
    {"buyers, by concentration", "effective_buyers", "", 1.0, 2, NULL},
    {"peak to average", "peak_to_average", "", 1.0, 2, NULL},
    {"missed slots", "n_missed_slots", "", 1.0, 2, gb_reasons_of_missed_slots},
    {"orders too late", "n_late", "", 1.0, 2, gb_reasons_of_late_orders},
    {"orders refused", "n_refused", "", 1.0, 2, gb_reasons_of_refusals},
    {"orders that met nobody", "n_unmatched", "", 1.0, 2, gb_reasons_of_unmatched},
    {"amendments in vain", "n_amendments_in_vain", "", 1.0, 2, gb_reasons_in_vain},
    {"wake-ups passed", "n_passed", "", 1.0, 2, gb_reasons_of_passing},
    {"trades above the open's height", "n_voided_consensus", "", 1.0, 2, NULL},
    {"messages per trade", "messages_per_trade", "", 1.0, 2, NULL},
    {"order to stable, median", "latency_p50_ms", "ms", 1.0, 1, NULL},
    {"order to stable, 95 %", "latency_p95_ms", "ms", 1.0, 1, NULL},
    {"refused by full pools", "n_pool_refusals", "", 1.0, 2, NULL},
    {"sent again, unanswered", "n_resent", "", 1.0, 2, NULL},
};
#define N_FIGURES (sizeof figures / sizeof figures[0])

static void add_heads(struct gb_text_table *table, size_t n, const char *const *heads)
{
    for (size_t i = 0; i < n; i++)
        gb_text_table_add(table, "%s", heads[i]);
}

static void print_about(const struct gb_compare_request *request, const struct gb_results *results,
                        const struct gb_cells *cells)
{
    const struct gb_cell *cell = &cells->items[0];
    const struct gb_summary_row *first = &gb_results_summary(results)[cell->trials[0]];
    char tariff[160], unit[GB_COMPARE_UNIT_SIZE];

    gb_compare_print_path(request);
    gb_compare_print_n_trials(request, results, cells);
    printf(", %" PRId64 " meter%s, %" PRId64 " slot%s of %g min, tariff %s%s\n", first->n_meters,
           gb_message_plural(first->n_meters), first->n_slots, gb_message_plural(first->n_slots),
           (double)first->slot_ns * 1e-9 / 60.0, gb_tariff_text(first, tariff, sizeof tariff),
           gb_compare_per_kwh(request, unit));
    if (request->style != GB_TABLE_LATEX)
        gb_stored_overrides_print(results, cell->trials[0], cell->n_members > 1,
                                  request->style == GB_TABLE_MARKDOWN);
    gb_compare_explain_homes(request);
    gb_compare_explain_average(request, results);
    gb_compare_explain_part(request, results);
    gb_compare_explain_stages(request, results);
    if (gb_cell_n_replications(results, cell) <= 1)
        gb_compare_note(request, "One %s: no interval can be given.\n", gb_compare_sample(cell));
    else if (gb_cell_is_deterministic(results, cell))
        gb_compare_note(request, "Deterministic: all trials came to the same, so there is nothing "
                                 "to estimate and no interval.\n");
    else
        gb_compare_explain_intervals(request, results, cell);
}

/* Of one trial the difference is that of its integers, as run shows it: that of two numbers of
 * currency may lie on the other side of a tie of the digits shown. */
static double exact_difference(const struct gb_results *results, const struct gb_cell *cell,
                               const struct gb_compare_side *side)
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

static void print_sides(const struct gb_compare_request *request, const struct gb_results *results,
                        const struct gb_cell *cell)
{
    static const char *const heads[] = {"market", "grid only", "difference", "change"};
    struct gb_text_table table = {.alignment = "lrrrr", .style = request->style};

    gb_compare_caption(request, &table,
                       "bills of both sides and of the community, with and without "
                       "the market");
    gb_text_table_add(&table, "in %s", request->currency);
    add_heads(&table, 4, heads);
    for (size_t i = 0; i < GB_COMPARE_N_SIDES; i++) {
        struct gb_comparison comparison = gb_compare_fields(
            results, cell, gb_compare_sides[i].market, gb_compare_sides[i].grid_only);

        if (i == GB_COMPARE_NEITHER && is_zero(comparison.market) && is_zero(comparison.grid_only))
            continue;
        if (cell->n_trials == 1)
            comparison.difference.estimate = exact_difference(results, cell, &gb_compare_sides[i]);
        gb_text_table_add(&table, "%s", gb_compare_sides[i].label);
        gb_compare_add_comparison(&table, &comparison);
    }
    gb_text_table_print(&table, 2, stdout);
    gb_compare_explain_dashes(request, table.marks);
}

/* What the batteries hold more or less than in the grid-only run is no saving yet: its worth lies
 * between what the grid would pay for it and what it would cost. */
static void add_storage(const struct gb_compare_request *request, struct gb_text_table *table,
                        const struct gb_results *results, const struct gb_cell *cell)
{
    const struct gb_summary_row *row = &gb_results_summary(results)[cell->trials[0]];
    struct gb_confidence_interval stored =
        gb_compare_interval(results, cell, "terminal_storage_wh");
    double kwh = 1e-3 * stored.estimate, per_tick = 1.0 / (double)GB_TICKS_PER_CURRENCY;
    double at_feed_in = kwh * per_tick * (double)row->feed_in;
    double at_retail = kwh * per_tick * (double)row->retail;

    if (stored.estimate == 0)
        return;
    gb_text_table_add(table, "stored at the end, beyond grid-only");
    gb_compare_add_interval(table, stored, 1e-3, 3, true, "kWh");
    gb_text_table_add(table, "its worth, at feed-in and at retail");
    gb_text_table_add(table, "%+.4f to %+.4f %s", at_feed_in, at_retail, request->currency);
}

/* Schedules with the grid are one rule among others: of runs without them they say nothing. */
static bool is_schedule(const struct figure *figure)
{
    return strncmp(figure->field, "schedule_", strlen("schedule_")) == 0;
}

/* So are concessions of agents: where orders stand until the match there are none. */
static bool is_of_concessions(const struct figure *figure)
{
    return figure->causes == gb_reasons_in_vain || figure->causes == gb_reasons_of_passing ||
           strcmp(figure->field, "n_voided_consensus") == 0 ||
           strcmp(figure->field, "messages_per_trade") == 0;
}

static bool is_count(const struct figure *figure)
{
    return gb_field_find(GB_TABLE_SUMMARY, figure->field)->kind == GB_FIELD_INTEGER;
}

static int decimals_of_counts(const struct gb_cell *cell)
{
    return cell->n_trials == 1 ? 0 : 2;
}

static void add_causes(struct gb_text_table *table, const struct gb_results *results,
                       const struct gb_cell *cell, const struct gb_reason *causes)
{
    for (; causes && causes->field; causes++) {
        struct gb_confidence_interval interval = gb_compare_interval(results, cell, causes->field);

        if (is_zero(interval))
            continue;
        gb_text_table_add(table, "  %s", causes->words);
        gb_compare_add_interval(table, interval, 1.0, decimals_of_counts(cell), false, "");
    }
}

static void print_figures(const struct gb_compare_request *request,
                          const struct gb_results *results, const struct gb_cell *cell)
{
    struct gb_text_table table = {.alignment = "lr", .style = request->style, .is_headless = true};
    bool has_concessions = !is_zero(gb_compare_interval(results, cell, "n_wake_ups"));

    for (size_t i = 0; i < N_FIGURES; i++) {
        char unit[GB_COMPARE_UNIT_SIZE];
        struct gb_confidence_interval interval =
            gb_compare_interval(results, cell, figures[i].field);

        bool is_uncertain = cell->n_trials > 1 && interval.kind == GB_INTERVAL_NEAR_ZERO;
        if ((isnan(interval.estimate) && !is_uncertain) ||
            (is_schedule(&figures[i]) && is_zero(interval)) ||
            (is_of_concessions(&figures[i]) && !has_concessions) ||
            (strcmp(figures[i].field, GB_COMPARE_PER_DAY) == 0 && !gb_compare_last_a_day(results)))
            continue;
        gb_text_table_add(&table, "%s", figures[i].label);
        gb_compare_add_interval(&table, interval, figures[i].scale,
                                is_count(&figures[i]) ? decimals_of_counts(cell)
                                                      : figures[i].decimals,
                                false, gb_compare_unit(request, figures[i].unit, unit));
        if (strcmp(figures[i].field, GB_COMPARE_SELLERS_GAIN) == 0) {
            gb_text_table_add(&table, "  sellers less buyers, per kWh");
            gb_compare_add_interval(&table, gb_compare_interval(results, cell, GB_GAP_OF_SIDES),
                                    figures[i].scale, figures[i].decimals, true, unit);
        }
        add_causes(&table, results, cell, figures[i].causes);
    }
    add_storage(request, &table, results, cell);
    gb_compare_caption(request, &table, "key figures of the market");
    putchar('\n');
    gb_text_table_print(&table, 2, stdout);
    gb_compare_explain_dashes(request, table.marks);
}

/* Why a market saves less than its trades are worth, or loses; of a market that does nothing but
 * trade there is nothing to tell. */
static void print_causes(const struct gb_compare_request *request, const struct gb_results *results,
                         const struct gb_cell *cell)
{
    struct gb_confidence_interval causes[GB_N_CAUSES];
    struct gb_text_table table = {.alignment = "lr", .style = request->style, .is_headless = true};
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
        gb_compare_add_interval(&table, causes[c], 1.0, 4, true, "");
    }
    gb_text_table_add(&table, "the community's saving");
    gb_compare_add_interval(&table, gb_compare_interval(results, cell, "saving"), 1.0, 4, true, "");
    gb_compare_note(request, "\nWhere the saving comes from, in %s", request->currency);
    gb_compare_caption(request, &table, "where the saving comes from, in %s", request->currency);
    gb_text_table_print(&table, 2, stdout);
}

/* What a cell of one trial, or of many, has beside its summary: read before anything is printed. */
struct details {
    struct gb_user_comparison *users; /* NULL: the result holds none, or others in each trial */
    size_t n_users;
    bool has_gains; /* then these, of users who are others in each trial */
    struct gb_confidence_interval gains[GB_N_USER_QUANTILES];
    struct gb_user_group *groups[GB_COMPARE_N_GROUPINGS];
    size_t n_groups[GB_COMPARE_N_GROUPINGS];
    void *trades; /* of the only trial; NULL: none, or more than are shown */
    size_t n_trades;
};

static enum gb_status read_users(struct details *details, struct gb_results *results,
                                 const struct gb_cell *cell, struct gb_error *err)
{
    bool keeps = true;
    enum gb_status status = gb_cell_keeps_users(&keeps, results, cell, err);

    if (status != GB_OK)
        return status;
    if (keeps)
        return gb_cell_users(&details->users, &details->n_users, results, cell, err);
    details->has_gains = true;
    return gb_cell_gain_quantiles(details->gains, results, cell, err);
}

static enum gb_status read_details(const struct gb_compare_request *request,
                                   struct details *details, struct gb_results *results,
                                   const struct gb_cell *cell, struct gb_error *err)
{
    const struct gb_summary_row *first = &gb_results_summary(results)[cell->trials[0]];
    bool keeps = false;
    enum gb_status status = gb_results_keeps(&keeps, results, GB_TABLE_USERS, cell->trials[0], err);

    if (keeps && gb_compare_homes_are_as_many(request, results, cell, cell))
        status = read_users(details, results, cell, err);
    for (size_t g = 0; g < GB_COMPARE_N_GROUPINGS; g++)
        if (status == GB_OK && gb_user_groups_are_kept(results, gb_compare_groupings[g].by))
            status = gb_user_groups(&details->groups[g], &details->n_groups[g], results, cell,
                                    gb_compare_groupings[g].by, err);
    if (status == GB_OK && cell->n_trials == 1 && first->n_trades <= TRADES_SHOWN &&
        gb_home_choice_is_all(&request->homes) && gb_results_has(results, GB_TABLE_TRADES))
        status = gb_results_rows(results, GB_TABLE_TRADES, first->trial, &details->trades,
                                 &details->n_trades, err);
    return status;
}

static void free_details(struct details *details)
{
    free(details->users);
    for (size_t g = 0; g < GB_COMPARE_N_GROUPINGS; g++)
        free(details->groups[g]);
    free(details->trades);
}

static void print_users(const struct gb_compare_request *request,
                        const struct gb_user_comparison *users, size_t n)
{
    static const char *const heads[] = {"user", "", "market", "grid only", "difference", "change"};
    struct gb_text_table table = {.alignment = "llrrrr", .style = request->style};
    size_t shown = request->all || n < GB_COMPARE_USERS_SHOWN ? n : GB_COMPARE_USERS_SHOWN;

    add_heads(&table, 6, heads);
    for (size_t u = 0; u < shown; u++) {
        gb_text_table_add(&table, "%s", users[u].name);
        gb_text_table_add(&table, "%s", users[u].earns ? "revenue" : "cost");
        gb_compare_add_comparison(&table, &users[u].bill);
    }
    gb_compare_caption(request, &table, "bills of users, with and without the market, in %s",
                       request->currency);
    putchar('\n');
    gb_text_table_print(&table, 2, stdout);
    gb_compare_explain_dashes(request, table.marks);
    if (shown < n)
        gb_compare_note(request, "  ... and %zu more: --all shows them", n - shown);
    if (request->style != GB_TABLE_LATEX)
        gb_losing_users_print(users, n, request->all ? n : GB_COMPARE_USERS_SHOWN);
}

static void print_gains(const struct gb_compare_request *request,
                        const struct gb_confidence_interval gains[GB_N_USER_QUANTILES])
{
    struct gb_text_table table = {.alignment = "rrrrrrr", .style = request->style};

    gb_compare_note(
        request,
        "\nWhat users gain, in %s: quantiles over the users of a trial, and their means "
        "over trials,\nfor each has households of its own",
        request->currency);
    gb_compare_caption(request, &table,
                       "what users gain, in %s: quantiles over the users of a trial, and their "
                       "means over trials",
                       request->currency);
    gb_compare_add_quantile_heads(&table, "least", "most");
    for (size_t q = 0; q < GB_N_USER_QUANTILES; q++)
        gb_compare_add_interval(&table, gains[q], 1.0, 4, true, "");
    gb_text_table_print(&table, 2, stdout);
}

static void print_trades(const struct gb_compare_request *request,
                         const struct gb_trade_row *trades, size_t n)
{
    static const char *const heads[] = {"slot", "round", "seller", "buyer",
                                        "kWh",  "price", "state"};
    const struct gb_field *state = gb_field_find(GB_TABLE_TRADES, "status");
    struct gb_text_table table = {.alignment = "rrllrrl", .style = request->style};

    if (n > 0) {
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
        gb_compare_caption(request, &table, "trades; price in %s a kWh", request->currency);
        putchar('\n');
        gb_text_table_print(&table, 2, stdout);
    }
}

enum gb_status gb_compare_print_cell(const struct gb_compare_request *request,
                                     struct gb_results *results, const struct gb_cells *cells,
                                     struct gb_error *err)
{
    const struct gb_cell *cell = &cells->items[0];
    struct details details = {0};
    bool are_all = gb_home_choice_is_all(&request->homes), is_paper;
    enum gb_status status = gb_paper_case_is(&is_paper, results, err);

    is_paper = is_paper && are_all;
    if (status == GB_OK && !is_paper)
        status = read_details(request, &details, results, cell, err);
    if (status != GB_OK) {
        free_details(&details);
        return status;
    }
    print_about(request, results, cells);
    if (are_all) {
        print_sides(request, results, cell);
        print_figures(request, results, cell);
        print_causes(request, results, cell);
    } else if ((status = gb_compare_print_homes(request, results, cell, err)) != GB_OK) {
        free_details(&details);
        return status;
    }
    gb_compare_explain_missing(request, results);
    if (is_paper) {
        putchar('\n');
        return gb_paper_case_print(results, stdout, err);
    }
    if (details.users)
        print_users(request, details.users, details.n_users);
    if (details.has_gains)
        print_gains(request, details.gains);
    for (size_t g = 0; g < GB_COMPARE_N_GROUPINGS; g++)
        if (details.n_groups[g] > 1)
            gb_compare_print_groups(request, results, &gb_compare_groupings[g], details.groups[g],
                                    details.n_groups[g]);
    print_trades(request, details.trades, details.n_trades);
    free_details(&details);
    return GB_OK;
}
