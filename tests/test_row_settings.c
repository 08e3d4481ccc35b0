/* Rows of meters.file that say otherwise than their kinds what only kinds have: prices, strategy,
 * who runs battery, car and heat pump; and of which size car and heat pump are. */
#include <stdlib.h>
#include <string.h>

#include "tests/meters_beside.h"
#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/tap.h"
#include "tests/village_runs.h"

#define PATH "test_row_settings.yaml"
#define TABLE "test_row_settings.csv"
#define AT TABLE ":"
#define HEAD                                                                           \
    "format: 1\ndays: 2\nstart_date: 2024-02-10\nslot: 30 min\noutput.level: meters\n" \
    "site: {preset: munich, temperature_model: process}\nchain.crypto: modelled\n"     \
    "tariff.feed_in: 0.08\n"
#define LISTED HEAD "meters.file: " TABLE "\n"
#define COLUMNS                                                                          \
    "name,kind,pv_kw,battery_kwh,battery_kw,battery_controller,retail,feed_in,strategy," \
    "ev_kw,ev_kwh,ev_controller,heat_pump_kw,heat_loss,heat_pump_controller\n"
#define A ",a,6,8,3,contract,0.33,0.07,zip,,,,,,\n"
#define B ",b,,,,,\"0:00 0.24, 6:00 0.38\",,,11,7,at_once,3,180,at_once\n"
#define C ",c,,,,,,,,,,,,,\n"

static const struct beside_files files = {PATH, TABLE};

/* Blocks differ: the genesis holds the tariffs of kinds that have no home of their own, too. */
static bool are_equal_but_for_blocks(const struct gb_record *a, const struct gb_record *b)
{
    static const enum gb_table tables[] = {GB_TABLE_USERS,  GB_TABLE_METERS, GB_TABLE_SLOTS,
                                           GB_TABLE_TRADES, GB_TABLE_KINDS,  GB_TABLE_SUMMARY,
                                           GB_TABLE_ORDERS};
    bool are_equal = a && b;

    for (size_t i = 0; are_equal && i < sizeof tables / sizeof tables[0]; i++)
        are_equal = tables_are_equal(a, b, tables[i]);
    return are_equal;
}

static void rows_that_say_the_same_as_kinds_are_the_same_village(void)
{
    struct gb_record *kinds = run_beside(
        &files, "",
        HEAD
        "households:\n"
        "  a: {count: 2, pv: {size: 6}, storage: {capacity: 8, power: 3, controller: contract}, "
        "tariff: {retail: 0.33, feed_in: 0.07}, agents: {strategy: zip}}\n"
        "  b: {count: 2, ev: {energy: 7, power: 11, controller: at_once}, heat_pump: {heat_loss: "
        "180, power: 3, controller: at_once}, tariff: {retail_by_time: \"0:00 0.24, 6:00 0.38\"}}\n"
        "  c: {count: 3}\n");
    struct gb_record *rows =
        run_beside(&files, COLUMNS "a 1" A "a 2" A "b 1" B "b 2" B "c 1" C "c 2" C "c 3" C, LISTED);

    EXPECT(are_equal_but_for_blocks(kinds, rows));
    if (kinds)
        EXPECT(summary_of(kinds)->ev_wh > 0 && summary_of(kinds)->heat_pump_wh > 0 &&
               summary_of(kinds)->discharge_wh > 0);
    gb_record_free(kinds);
    gb_record_free(rows);
}

static const struct gb_user_row *user_of(const struct gb_record *record, const char *name)
{
    const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_USERS); i++)
        if (strcmp(users[i].name, name) == 0)
            return &users[i];
    return NULL;
}

/* Without a market all are on the grid: a bill is import at the home's own retail less export at
 * its own feed-in, in 1e-9 currency, Wh times ticks of 1e-6. */
static void each_row_pays_its_own_prices_whatever_its_kind(void)
{
    struct gb_record *record =
        run_beside(&files,
                   "name;kind;retail;feed_in;strategy;pv_kw\nann;a;0,4;;;5\nbob;b;;0,05;truthful;\n"
                   "cat;a;;;zip;5\ndan;a;0,4;;;5\neve;a;0,3;0,02;;\n",
                   LISTED "market.mechanism: grid_only\ntariff.retail: 0.35\n"
                          "households: {a: {}, b: {tariff.retail: 0.2}}\n");
    static const struct {
        const char *name, *kind;
        int64_t retail, feed_in;
        uint32_t meter;
    } homes[] = {{"ann", "a", 400000, 80000, 0},
                 {"cat", "a", 350000, 80000, 1},
                 {"dan", "a", 400000, 80000, 2},
                 {"eve", "a", 300000, 20000, 3},
                 {"bob", "b", 200000, 50000, 4}};

    for (size_t i = 0; record && i < sizeof homes / sizeof homes[0]; i++) {
        const struct gb_user_row *user = user_of(record, homes[i].name);
        if (!EXPECT(user != NULL))
            continue;
        EXPECT_INT(user->meter, homes[i].meter); /* kind by kind, in the order of the file */
        EXPECT_TEXT(user->kind, homes[i].kind);
        EXPECT_INT(user->cost_grid_only,
                   user->import_wh * homes[i].retail - user->export_wh * homes[i].feed_in);
        EXPECT_INT(user->cost, user->cost_grid_only);
        EXPECT(user->import_wh > 1000);
    }
    gb_record_free(record);
}

/* Load, sun and what happens without a market, slot by slot. */
static bool are_alike(const struct gb_record *a, const struct gb_record *b, const char *name)
{
    const struct gb_user_row *in_a = user_of(a, name), *in_b = user_of(b, name);
    const struct gb_meter_row *of_a = gb_record_rows(a, GB_TABLE_METERS);
    const struct gb_meter_row *of_b = gb_record_rows(b, GB_TABLE_METERS);
    size_t n_a = gb_record_n_rows(a, GB_TABLE_USERS), n_b = gb_record_n_rows(b, GB_TABLE_USERS);
    bool are = in_a && in_b && in_a->cost_grid_only == in_b->cost_grid_only &&
               in_a->ev_kw == in_b->ev_kw && in_a->heat_pump_kw == in_b->heat_pump_kw;

    for (size_t slot = 0; are && slot < 96; slot++) {
        const struct gb_meter_row *x = &of_a[slot * n_a + in_a->meter];
        const struct gb_meter_row *y = &of_b[slot * n_b + in_b->meter];
        are = x->load_wh == y->load_wh && x->solar_wh == y->solar_wh && x->ev_wh == y->ev_wh &&
              x->heat_wh == y->heat_wh && x->baseline_wh == y->baseline_wh;
    }
    return are;
}

static void a_row_more_or_another_order_moves_nobody(void)
{
    static const char text[] = LISTED "ev: {days: 1, controller: at_once}\n"
                                      "heat_pump: {heat_loss_sd: 90, controller: at_once}\n"
                                      "households: {a: {heat_pump: {}}, b: {}, c: {}}\n";
    struct gb_record *one = run_beside(&files, COLUMNS "a 1" A "b 1" B "b 2" B "c 1" C, text);
    struct gb_record *more = run_beside(
        &files, COLUMNS "c 1" C "b 2" B "b 9,b,,,,,0.2,,,,,,,,\nb 1" B "a 0" A "a 1" A, text);
    static const char *const names[] = {"a 1", "b 1", "b 2", "c 1"};

    for (size_t i = 0; one && more && i < 4; i++)
        EXPECT(are_alike(one, more, names[i]));
    gb_record_free(one);
    gb_record_free(more);
}

/* What a kind is given later its rows have, too, but for what they say themselves. */
static void rows_follow_their_kinds(void)
{
    struct gb_scenario *s = good_beside(&files, "name,kind,retail\nx,a,0.4\ny,a,\nz,a,0.4\n",
                                        LISTED "households: {a: {tariff.retail: 0.3}}\n");
    struct gb_scenario *copy = NULL;
    struct gb_error err = {0};

    if (s && EXPECT_INT(gb_scenario_copy(&copy, s, &err), GB_OK)) {
        EXPECT_INT((int64_t)copy->physics.n_kinds, 2);
        EXPECT_INT(scenario_set(copy, "households.a.tariff.feed_in", "0.05", &err), GB_OK);
        EXPECT_INT(scenario_set(copy, "households.a.tariff.retail", "0.25", &err), GB_OK);
        EXPECT_INT(gb_tariffs_at(copy->tariffs, 0, 5)->retail.ticks, 250000);
        EXPECT_INT(gb_tariffs_at(copy->tariffs, 1, 5)->retail.ticks, 400000);
        EXPECT_INT(gb_tariffs_at(copy->tariffs, 1, 5)->feed_in.ticks, 50000);
        EXPECT_INT(gb_tariffs_at(s->tariffs, 0, 5)->retail.ticks, 300000);
    }
    gb_scenario_free(copy);
    gb_scenario_free(s);
}

/* One price of a row in place of times of its kind, and the other way round. */
static void a_row_says_a_price_in_another_form(void)
{
    struct gb_scenario *s =
        good_beside(&files, "name,kind,retail\nx,a,0.4\ny,b,\"0:00 0.2, 12:00 0.6\"\nz,b,\n",
                    LISTED "households:\n  a: {tariff.retail_by_time: \"0:00 0.3, 12:00 0.5\"}\n"
                           "  b: {tariff.retail: 0.7}\n");

    if (s) { /* a, b, x, y; slots of half an hour */
        EXPECT_INT(gb_tariffs_at(s->tariffs, 2, 10)->retail.ticks, 400000);
        EXPECT_INT(gb_tariffs_at(s->tariffs, 2, 30)->retail.ticks, 400000);
        EXPECT_INT(gb_tariffs_at(s->tariffs, 3, 10)->retail.ticks, 200000);
        EXPECT_INT(gb_tariffs_at(s->tariffs, 3, 30)->retail.ticks, 600000);
        EXPECT_INT(gb_tariffs_at(s->tariffs, 1, 30)->retail.ticks, 700000);
    }
    gb_scenario_free(s);
}

static void a_stored_table_runs_again_to_the_same_rows(void)
{
    struct gb_scenario *s = good_beside(&files, COLUMNS "a 1" A "b 1" B "c 1" C, LISTED),
                       *again = NULL;
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    char *text = NULL, *second = NULL;
    struct gb_error err = {0};

    if (s && EXPECT_INT(gb_scenario_text(s, &text, &err), GB_OK))
        gb_scenario_parse(&again, NULL, text, "stored", diagnostics, &err);
    if (EXPECT(again != NULL)) {
        EXPECT_INT(gb_scenario_text(again, &second, &err), GB_OK);
        EXPECT_TEXT(second, text);
        struct gb_record *a = record_of(s, NULL), *b = record_of(again, NULL);
        EXPECT(a && b && records_are_equal(a, b));
        gb_record_free(a);
        gb_record_free(b);
    }
    free(text);
    free(second);
    gb_scenario_free(s);
    gb_scenario_free(again);
    gb_diagnostics_free(diagnostics);
}

static void wrong_cells_are_refused_where_they_stand(void)
{
    static const struct {
        const char *table, *said;
    } cases[] = {
        {"name,ev_controller,ev_kw\na,sometimes,3\n",
         AT "2:3: ev_controller: expected one of at_once, before_departure, price_limit; got "
            "'sometimes' (or nothing: as its kind says)\n"},
        {"name,retail\na,cheap price\n",
         AT "2:3: retail: expected a price in currency/kWh, prices by time of day (\"0:00 0.24, "
            "6:00 0.38\"), or the name of a series; got 'cheap price' (or nothing: as its kind "
            "says)\n"},
        {"name,retail\nb,0.3\na,nowhere\n",
         AT "3:1: tariff.retail_series: there is no series 'nowhere': `series` names none\n"},
        {"name,retail\na,\"7:10 0.3, 9:00 0.2\"\n",
         AT "2:1: tariff.retail_by_time: 7:10 falls within the slot of 30 min that begins at "
            "2024-02-10 07:00; expected times at which slots begin\n"},
        {"name,strategy\na,process\n",
         AT "2:1: strategy: a row selects process where its kind, home, or the scenario does, too, "
            "and says agents.process; other rows may select other strategies\n"},
        {"name,ev_kwh\na,5\n", AT "2:1: ev_kwh: 'a' has no electric vehicle: neither its kind, "
                                  "home, nor ev_kw gives it one\n"},
        {"name,heat_pump_controller,heat_pump_kw\na,at_once,0\n",
         AT "2:1: heat_pump_controller: 'a' has no heat pump: neither its kind, home, nor "
            "heat_pump_kw gives it one\n"},
        {"name,battery_controller\na,greedy\n",
         AT "2:1: battery_controller: 'a' has no battery: neither its kind, home, nor battery_kwh "
            "gives it one\n"},
        {"name,heat_pump_kw\na,auto\n",
         AT "2:3: heat_pump_kw: expected 0 (it has none), sized (by its home) or a number from "
            "0.001 to 1000000 in kW with a decimal point, or nothing: as its kind says; got "
            "'auto'\n"},
        {"name,strateggy\na,zip\n",
         AT "1:6: unknown column 'strateggy' (did you mean 'strategy'?)\n"},
    };
    char said[2048];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        gb_scenario_free(scenario_beside(&files, cases[i].table, LISTED, said, sizeof said));
        EXPECT_TEXT(said, cases[i].said);
    }
}

static void what_a_row_takes_away_is_named(void)
{
    char said[2048];

    gb_scenario_free(scenario_beside(&files, "name,kind,ev_kw,ev_kwh\na,x,,5\nb,x,0,\nc,x,0,5\n",
                                     LISTED "households:\n  x: {ev: {}}\n", said, sizeof said));
    EXPECT_TEXT(said, AT "4:1: ev_kwh: 'c' has no electric vehicle: ev_kw is 0, though its kind, "
                         "x, has one\n");
}

/* However many rows of it there are. */
static void what_is_wrong_with_a_kind_is_told_once(void)
{
    char said[2048];

    gb_scenario_free(scenario_beside(&files, "name,kind,retail\na,x,0.5\nb,x,0.51\nc,x,0.52\n",
                                     LISTED "households:\n  x: {agents.reserve_buy: 5}\n", said,
                                     sizeof said));
    EXPECT_TEXT(said, PATH ":11:27: households.x.agents.reserve_buy: expected a price from the "
                           "lowest feed-in, 0.08, to the highest retail, 0.52, got 5\n");
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(rows_that_say_the_same_as_kinds_are_the_same_village),
        TAP(each_row_pays_its_own_prices_whatever_its_kind),
        TAP(a_row_more_or_another_order_moves_nobody),
        TAP(rows_follow_their_kinds),
        TAP(a_row_says_a_price_in_another_form),
        TAP(a_stored_table_runs_again_to_the_same_rows),
        TAP(wrong_cells_are_refused_where_they_stand),
        TAP(what_a_row_takes_away_is_named),
        TAP(what_is_wrong_with_a_kind_is_told_once),
        {0}};
    return tap_main("row_settings", tests);
}
