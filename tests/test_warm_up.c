/* `warm_up`: the days behind it are those of the run without it, row by row, and what is summed up
 * is the sum of those rows; what happened before shows in the state that is left alone. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/schema.h"
#include "experiments/scenario/scenario.h"
#include "tests/runs.h"
#include "tests/tap.h"

enum { N_METERS = 12, WARM_UP_SLOTS = 12, N_COUNTED = 24 }; /* slots of 2 h: a day, and two */
#define SLOT_NS INT64_C(7200000000000)

/* Three days of a village with storage that a market of its own runs (`forecast.kind: perfect`
 * has the baseline go ahead), with some more settings. */
static struct gb_record *run_three_days(const char *warm_up, const char *a, const char *b)
{
    const char *settings[12] = {"slot=2 h",
                                "days=3",
                                "meters.count=12",
                                "meters.prosumer_share=0.6",
                                "meters.storage_share=0.8",
                                "forecast.skill=0.7",
                                "output.level=meters",
                                warm_up,
                                a,
                                b};

    return run_with(NULL, settings);
}

/* ---- rows behind the warm-up are those of the run without it */

static bool is_time(const struct gb_field *field)
{
    return field->kind == GB_FIELD_TIME;
}

/* The value as it stands in the table that begins a day later. */
static int64_t moved(const struct gb_field *field, int64_t value)
{
    if (field->domain.of == GB_REFERS_TO_SLOT)
        return value - WARM_UP_SLOTS;
    if (is_time(field) && !(field->missing && value == *field->missing))
        return value - WARM_UP_SLOTS * SLOT_NS;
    return value;
}

static bool rows_are_equal(enum gb_table table, const char *of_all, const char *of_counted)
{
    for (const struct gb_field *field = gb_schemas[table].fields; field->name; field++) {
        const char *x = of_all + field->offset, *y = of_counted + field->offset;
        int64_t of_x, of_y;

        if (is_time(field) || field->domain.of == GB_REFERS_TO_SLOT) {
            memcpy(&of_x, x, sizeof of_x);
            memcpy(&of_y, y, sizeof of_y);
            if (moved(field, of_x) == of_y)
                continue;
        } else if (memcmp(x, y, gb_field_size(field->kind)) == 0) {
            continue;
        }
        tap_note("field %s differs", field->name);
        return false;
    }
    return true;
}

static int64_t interval_of(const void *row)
{
    int64_t interval; /* the first member of all these rows */

    memcpy(&interval, row, sizeof interval);
    return interval;
}

static void expect_rows_behind(const struct gb_record *all, const struct gb_record *counted,
                               enum gb_table table)
{
    size_t size = gb_schemas[table].row_size, n = gb_record_n_rows(counted, table), at = 0;
    const char *rows = gb_record_rows(all, table), *of_counted = gb_record_rows(counted, table);

    EXPECT(n > 0);
    for (size_t i = 0; i < gb_record_n_rows(all, table); i++) {
        if (interval_of(rows + i * size) < WARM_UP_SLOTS)
            continue;
        if (!EXPECT(at < n) ||
            !EXPECT(rows_are_equal(table, rows + i * size, of_counted + at * size)))
            return;
        at++;
    }
    EXPECT_INT(at, n);
}

/* ---- and sums are theirs */

static void expect_sums(const struct gb_record *counted)
{
    const struct gb_summary_row *sum = summary_of(counted);
    const struct gb_slot_row *slots = gb_record_rows(counted, GB_TABLE_SLOTS);
    const struct gb_user_row *users = gb_record_rows(counted, GB_TABLE_USERS);
    const struct gb_meter_row *meters = gb_record_rows(counted, GB_TABLE_METERS);
    const struct gb_trade_row *trades = gb_record_rows(counted, GB_TABLE_TRADES);
    struct gb_user_row own[N_METERS] = {{0}};
    int64_t cost = 0, cost_grid_only = 0, load_wh = 0, import_wh = 0, traded_wh = 0, n_orders = 0;

    for (size_t i = 0; i < gb_record_n_rows(counted, GB_TABLE_SLOTS); i++) {
        cost += slots[i].cost;
        cost_grid_only += slots[i].cost_grid_only;
        load_wh += slots[i].load_wh;
        import_wh += slots[i].import_wh;
        traded_wh += slots[i].traded_wh;
        n_orders += slots[i].n_orders;
    }
    EXPECT_INT(sum->n_slots, N_COUNTED);
    EXPECT_INT(sum->cost, cost);
    EXPECT_INT(sum->cost_grid_only, cost_grid_only);
    EXPECT_INT(sum->load_wh, load_wh);
    EXPECT_INT(sum->import_wh, import_wh);
    EXPECT_INT(sum->traded_wh, traded_wh);
    EXPECT_INT(sum->n_orders, n_orders);
    EXPECT_INT(sum->n_orders, gb_record_n_rows(counted, GB_TABLE_ORDERS));
    EXPECT_INT(sum->n_trades, gb_record_n_rows(counted, GB_TABLE_TRADES));
    EXPECT_INT(sum->n_blocks, gb_record_n_rows(counted, GB_TABLE_BLOCKS));
    for (size_t i = 0; i < gb_record_n_rows(counted, GB_TABLE_METERS); i++) {
        struct gb_user_row *of = &own[meters[i].meter];
        int64_t net = meters[i].metered_wh;

        of->cost += meters[i].cost;
        of->load_wh += meters[i].load_wh;
        *(net > 0 ? &of->import_wh : &of->export_wh) += net > 0 ? net : -net;
    }
    for (size_t i = 0; i < gb_record_n_rows(counted, GB_TABLE_TRADES); i++) {
        own[trades[i].buyer].bought_wh += trades[i].executed_wh;
        own[trades[i].seller].sold_wh += trades[i].executed_wh;
    }
    for (size_t i = 0; i < N_METERS; i++) {
        EXPECT_INT(users[i].cost, own[i].cost);
        EXPECT_INT(users[i].load_wh, own[i].load_wh);
        EXPECT_INT(users[i].import_wh, own[i].import_wh);
        EXPECT_INT(users[i].export_wh, own[i].export_wh);
        EXPECT_INT(users[i].bought_wh, own[i].bought_wh);
        EXPECT_INT(users[i].sold_wh, own[i].sold_wh);
    }
}

/* Terminal storage: by the rows of /meters, the market's charge since the warm-up less the
 * baseline's. */
static void expect_terminal_storage(const struct gb_record *all, const struct gb_record *counted)
{
    const struct gb_meter_row *meters = gb_record_rows(all, GB_TABLE_METERS);
    int64_t more_wh = 0;

    for (size_t i = 0; i < gb_record_n_rows(all, GB_TABLE_METERS); i++) {
        int64_t difference = meters[i].stored_wh - meters[i].baseline_stored_wh;

        if (meters[i].interval == WARM_UP_SLOTS - 1)
            more_wh -= difference;
        if (meters[i].interval == WARM_UP_SLOTS + N_COUNTED - 1)
            more_wh += difference;
    }
    EXPECT_INT(summary_of(counted)->terminal_storage_wh, more_wh);
}

static void expect_the_days_behind(const char *a, const char *b)
{
    static const enum gb_table tables[] = {GB_TABLE_SLOTS, GB_TABLE_ORDERS, GB_TABLE_TRADES,
                                           GB_TABLE_METERS};
    struct gb_record *all = run_three_days("warm_up=0 s", a, b);
    struct gb_record *counted = run_three_days("warm_up=1 d", a, b);

    if (all && counted) {
        for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
            expect_rows_behind(all, counted, tables[t]);
        expect_sums(counted);
        expect_terminal_storage(all, counted);
    }
    gb_record_free(all);
    gb_record_free(counted);
}

static void the_days_behind_it_are_those_of_the_run_without_it(void)
{
    expect_the_days_behind("chain.protocol=ideal", NULL);
}

static void and_under_pbft_on_links_so_slow_that_orders_are_late_and_slots_missed(void)
{
    static const char slow[] = "chain.delay=exponential 20 min", open[] = "market.open=3 h";
    struct gb_record *counted = run_three_days("warm_up=1 d", slow, open);

    EXPECT(counted && summary_of(counted)->n_late > 0 && summary_of(counted)->n_missed_slots > 0);
    gb_record_free(counted);
    expect_the_days_behind(slow, open);
}

static void and_where_the_baseline_goes_ahead_under_a_perfect_forecast(void)
{
    expect_the_days_behind("chain.protocol=ideal", "forecast.kind=perfect");
}

static void and_where_the_market_has_no_storage_and_the_baseline_has(void)
{
    struct gb_record *all = run_three_days("chain.protocol=ideal", "storage.controller=none", NULL);

    /* else there would be nothing to be left out */
    EXPECT(all && summary_of(all)->terminal_storage_wh != 0);
    gb_record_free(all);
    expect_the_days_behind("chain.protocol=ideal", "storage.controller=none");
}

/* What the chain does in the warm-up counts nowhere; what it does behind it, in both. */
static void the_chain_counts_from_the_opening_of_the_first_slot_on(void)
{
    struct gb_record *all = run_three_days("warm_up=0 s", NULL, NULL);
    struct gb_record *counted = run_three_days("warm_up=1 d", NULL, NULL);
    const struct gb_block_row *rows = gb_record_rows(all, GB_TABLE_BLOCKS);
    const struct gb_block_row *behind = gb_record_rows(counted, GB_TABLE_BLOCKS);
    size_t n = gb_record_n_rows(all, GB_TABLE_BLOCKS);
    size_t n_behind = gb_record_n_rows(counted, GB_TABLE_BLOCKS), n_before = n - n_behind;
    int64_t n_bytes = 0, n_transactions = 0;

    EXPECT(n_behind > 0 && n_before > 0);
    for (size_t i = 0; i < n_behind; i++) {
        EXPECT_INT(behind[i].height, rows[n_before + i].height);
        EXPECT_INT(behind[i].sealed_ns, rows[n_before + i].sealed_ns - WARM_UP_SLOTS * SLOT_NS);
        EXPECT(memcmp(behind[i].hash, rows[n_before + i].hash, sizeof behind[i].hash) == 0);
        n_bytes += behind[i].n_bytes;
        n_transactions += behind[i].n_transactions;
    }
    EXPECT_INT(summary_of(counted)->n_bytes, n_bytes);
    EXPECT_INT(summary_of(counted)->n_transactions, n_transactions);
    gb_record_free(all);
    gb_record_free(counted);
}

/* ---- what is refused */

static void what_is_no_whole_day_or_leaves_nothing_is_refused(void)
{
    /* clang-format off */
    static const struct { const char *settings[2], *wrong; } cases[] = {
        {{"days=3", "warm_up=30 h"}, "warm_up: expected whole days like `1 d`, got '30 h'; the "
                                     "nearest is 1 d"},
        {{"days=3", "warm_up=36 h"}, "the nearest is 2 d"},
        {{"days=3", "warm_up=1 h"}, "the nearest is 0 s"},
        {{"days=3", "warm_up=1"}, "expected a duration from 0 s to 36500 d"},
        {{"days=2", "warm_up=2 d"}, "warm_up: 2 d leaves nothing to count of a run of 2 d"},
        {{"slots=96", "warm_up=1 d"}, "warm_up: 1 d leaves nothing to count of a run of 1 d"},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_diagnostics *diagnostics = gb_diagnostics_create();
        struct gb_scenario *scenario = NULL;

        EXPECT_INT(gb_scenario_defaults(&scenario, NULL, 2, cases[i].settings, diagnostics, NULL),
                   GB_ECONFIG);
        if (!EXPECT(gb_diagnostics_count(diagnostics) == 1 &&
                    strstr(gb_diagnostics_at(diagnostics, 0), cases[i].wrong)))
            tap_note("%s", gb_diagnostics_count(diagnostics) > 0 ? gb_diagnostics_at(diagnostics, 0)
                                                                 : "nothing is wrong");
        gb_scenario_free(scenario);
        gb_diagnostics_free(diagnostics);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_days_behind_it_are_those_of_the_run_without_it),
        TAP(and_under_pbft_on_links_so_slow_that_orders_are_late_and_slots_missed),
        TAP(and_where_the_baseline_goes_ahead_under_a_perfect_forecast),
        TAP(and_where_the_market_has_no_storage_and_the_baseline_has),
        TAP(the_chain_counts_from_the_opening_of_the_first_slot_on),
        TAP(what_is_no_whole_day_or_leaves_nothing_is_refused),
        {0}};
    return tap_main("warm_up", tests);
}
