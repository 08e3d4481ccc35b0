/* Keys of kinds of households, columns of meters.file and keys of all homes that measured series, a
 * curve or a controller leave without a reader: refused, unless some kind or row reads them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/scenario/scenario.h"
#include "tests/meters_beside.h"
#include "tests/tap.h"

#define PATH "test_unread_of_kinds.yaml"
#define TABLE "test_unread_of_kinds.csv"
#define HEAD "format: 1\nslots: 4\nslot: 1 h\nstart_date: 2024-06-01\n"
#define LISTED HEAD "meters.file: " TABLE "\n"
#define MEASURED HEAD "series.town: {file: " TABLE ", unit: kW, label: start}\n"

static const struct beside_files files = {PATH, TABLE};
static const char one_column[] = "time,a (kW)\n2024-05-29T00:00Z,1\n2024-06-04T00:00Z,1\n";
static const char two_columns[] = "time,a (kW),b (kW)\n2024-05-29T00:00Z,1,2\n"
                                  "2024-06-04T00:00Z,1,2\n";

static void what_nothing_reads_is_refused(void)
{
    static const struct {
        const char *table, *text, *said;
    } cases[] = {
        {one_column, MEASURED "households: {farm: {count: 2, pv: {series: town, tilt: 80}}}\n",
         ":6:56: 'households.farm.pv.tilt' is for households.farm.pv.series: none, and "
         "households.farm.pv.series is town; nothing reads it beside that: remove it\n"},
        {one_column, MEASURED "households: {farm: {count: 2, load: {series: town, noise: 1}}}\n",
         ":6:59: 'households.farm.load.noise' is for households.farm.load.series: none, and "
         "households.farm.load.series is town; nothing reads it beside that: remove it\n"},
        {one_column, MEASURED "households: {farm: {count: 2, load: {series: town, limit: 9}}}\n",
         ":6:59: 'households.farm.load.limit' is for households.farm.load.series: none, and "
         "households.farm.load.series is town; nothing reads it beside that: remove it\n"},
        {one_column, MEASURED "pv: {series: town, tilt: 80}\n",
         ":6:26: 'pv.tilt' is for pv.series: none, and pv.series is town; nothing reads it beside that: remove it\n"},
        {one_column,
         MEASURED
         "pv.tilt: 80\nhouseholds: {farm: {count: 2, pv: {series: town}}, flat: {count: 1}}\n",
         ":6:10: 'pv.tilt' is for pv.series: none, and households.farm.pv.series is town; nothing reads it beside that: remove it\n"},
        {two_columns,
         MEASURED "households: {farm: {count: 2, load: {series: town, yearly: 3000}}}\n",
         ":6:60: households.farm.load.yearly: nothing reads it: each home has a column of the series "
         "'town' of its own, which stands as it is (a series with `column` scales)\n"},
        {"", HEAD "households: {farm: {count: 2, wind: {shear: 0.2}}}\n",
         ":5:45: 'households.farm.wind.shear' is for households.farm.wind.profile: power_law, and "
         "households.farm.wind.profile is logarithmic; nothing reads it beside that: remove it\n"},
        {"name,ev_controller\na,at_once\n", LISTED "households: {farm: {ev: {price_limit: 0.4}}}\n",
         ":6:39: 'households.farm.ev.price_limit' is for households.farm.ev.controller: price_limit, "
         "and households.farm.ev.controller is before_departure; nothing reads it beside that: remove it\n"},
        {one_column,
         MEASURED
         "meters.inline: |\n  name,tilt\n  a,30\nhouseholds: {farm: {pv: {series: town}}}\n",
         "meters.inline:2:1: tilt: the generation of 'a' is measured (pv.series of its kind, farm), "
         "so that nothing reads this\n"},
        {two_columns,
         MEASURED
         "meters.inline: |\n  name,yearly_kwh\n  a,3000\n  b,\nhouseholds: {farm: {load: {series: town}}}\n",
         "meters.inline:2:1: yearly_kwh: 'a' has a column of the series 'town' of its own "
         "(load.series of its kind, farm), which stands as it is\n"},
    };
    char said[4096];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        gb_scenario_free(scenario_beside(&files, cases[i].table, cases[i].text, said, sizeof said));
        if (!EXPECT(strstr(said, cases[i].said)))
            tap_note("expected %s, got %s", cases[i].said, said);
    }
}

/* Of a key of all homes it is enough that one kind reads it, and of a kind's that one row does. */
static void what_one_kind_or_row_reads_is_taken(void)
{
    static const struct {
        const char *table, *text, *key;
    } cases[] = {
        {one_column,
         MEASURED "pv: {series: town, tilt: 80}\n"
                  "households: {farm: {count: 2, pv: {series: none}}, flat: {count: 1}}\n",
         "pv.tilt"},
        {one_column,
         MEASURED "load: {series: town, shape_sd: 0.1}\n"
                  "households: {farm: {count: 2, load: {series: none}}, flat: {count: 1}}\n",
         "load.shape_sd"},
        {"",
         HEAD "ev.price_limit: 0.45\n"
              "households: {farm: {count: 2, ev: {controller: price_limit}}, flat: {count: 1}}\n",
         "ev.price_limit"},
        {"",
         HEAD "wind: {profile: power_law, roughness: 0.3}\n"
              "households: {farm: {count: 2, wind: {profile: logarithmic}}}\n",
         "wind.roughness"},
        {"",
         HEAD "agents: {beta: drawn, beta_low: 0.2}\n"
              "households: {farm: {count: 2, agents: {beta: by_time}}}\n",
         "agents.beta_low"},
        {"name,ev_controller\na,price_limit\nb,\n",
         LISTED "households: {farm: {ev: {price_limit: 0.45}}}\n",
         "households.farm.ev.price_limit"},
        {"name,ev_controller\na,price_limit\nb,\n",
         LISTED "ev.price_limit: 0.45\nhouseholds: {farm: {ev: {}}}\n", "ev.price_limit"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_scenario *scenario = good_beside(&files, cases[i].table, cases[i].text);

        if (!EXPECT(scenario && gb_scenario_reads(scenario, cases[i].key)))
            tap_note("%s of case %zu", cases[i].key, i);
        gb_scenario_free(scenario);
    }
}

/* Where both conditions of a row must hold, neither alone is enough. */
static void a_key_with_two_conditions_is_read_where_both_hold(void)
{
    static const struct {
        const char *text;
        bool is_read;
    } cases[] = {{HEAD, true},
                 {HEAD "load.model: habits\n", false},
                 {MEASURED "load.series: town\n", false},
                 {MEASURED "load: {model: habits, series: town}\n", false}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_scenario *scenario = good_beside(&files, one_column, cases[i].text);

        if (EXPECT(scenario))
            EXPECT_INT(gb_scenario_reads(scenario, "load.floor"), cases[i].is_read);
        gb_scenario_free(scenario);
    }
}

/* An earlier version may have stored what this one refuses. */
static void what_nothing_reads_of_a_stored_text_is_left_out(void)
{
    static const char text[] =
        MEASURED "wind: {table: '3 0, 6 1, 11 5', curve: dw_20}\n"
                 "meters.inline: |\n  name,kind,tilt\n  a,farm,30\n  b,mill,\n"
                 "households: {farm: {pv: {series: town}}, mill: {wind: {shear: 0.2}}}\n";
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    char *again = NULL;

    EXPECT_INT(gb_scenario_parse(&scenario, NULL, text, "stored", diagnostics, NULL), GB_OK);
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics); i++)
        tap_note("%s", gb_diagnostics_at(diagnostics, i));
    if (EXPECT(scenario))
        EXPECT_INT(gb_scenario_text(scenario, &again, NULL), GB_OK);
    if (EXPECT(again)) {
        EXPECT(!strstr(again, "dw_20"));
        EXPECT(!strstr(again, "shear: 0.2"));
        EXPECT(strstr(again, "11 5"));
        EXPECT(strstr(again, "a,farm,30"));
    }
    free(again);
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(what_nothing_reads_is_refused),
                                            TAP(what_one_kind_or_row_reads_is_taken),
                                            TAP(a_key_with_two_conditions_is_read_where_both_hold),
                                            TAP(what_nothing_reads_of_a_stored_text_is_left_out),
                                            {0}};
    return tap_main("unread_of_kinds", tests);
}
