/* Tables of meters that are refused: at which cell, with what was expected there. */
#include <stdio.h>
#include <string.h>

#include "experiments/scenario/scenario.h"
#include "tests/meters_beside.h"
#include "tests/tap.h"

#define PATH "test_meters_file_refused.yaml"
#define TABLE "test_meters_file_refused.csv"
#define LISTED METERS_HEAD "meters.file: " TABLE "\n"
#define IN_TABLE TABLE ":"

static const struct beside_files files = {PATH, TABLE};

static void wrong_tables_are_refused_at_their_cells(void)
{
    static const struct {
        const char *table, *said;
    } cases[] = {
        {"", TABLE ": expected a first row with the names of columns: name, kind, pv_kw\n"},
        {"name,kind\n", IN_TABLE "1:1: expected a row a meter behind the names of columns\n"},
        {"name,pv_kwp\na,1\n", IN_TABLE "1:6: unknown column 'pv_kwp' (did you mean 'pv_kw'?)\n"},
        {"name,colour\na,1\n", IN_TABLE
         "1:6: unknown column 'colour'; expected some of name, kind, pv_kw, tilt, azimuth, "
         "shading, turbine_kw, battery_kwh, battery_kw, ev_kw, ev_kwh, heat_pump_kw, heat_loss, "
         "yearly_kwh, connection, x, y, lon, lat, reserve_sell, reserve_buy, beta, retail, feed_in, "
         "strategy, battery_controller, ev_controller, heat_pump_controller\n"},
        {"name,lat,lon\na,48,11\nb,48,13.8\n", IN_TABLE
         "2:1: lat, lon: 'a' lies 104 km from the middle of all meters; expected a village within 100 km\n" IN_TABLE
         "3:1: lat, lon: 'b' lies 104 km from the middle of all meters; expected a village within 100 km\n"},
        {"name,lat\na,48\n", IN_TABLE "1:1: column lat without lon: expected both, or none\n"},
        {"name,x,y,lat,lon\na,1,1,,\n",
         IN_TABLE "1:1: both x, y and lat, lon: one pair says where meters lie\n"},
        {"name,lat,lon\na,48,\n",
         IN_TABLE "2:1: a place has both lat and lon; expected the other one, too, or none\n"},
        {"name,lat,lon\na,91,11\n", IN_TABLE
         "2:1: a place has both lat and lon; expected the other one, too, or none\n" IN_TABLE
         "2:3: lat: expected a number from -89 to 89 in degree with a decimal point, or nothing: as its kind says; got '91'\n"},
        {"name,connection\na,0\n", IN_TABLE
         "2:3: connection: expected a number from 0.001 to 1000000 in kW with a decimal point, or nothing: as its kind says; got '0'\n"},
        {"name,id\na,1\n", IN_TABLE "1:6: a column 'id' stands there already\n"},
        {"kind,x\nflat,3\n", IN_TABLE
         "1:1: expected a column `name` (or `id`): each meter has a name of its own, by "
         "which its draws go\n" IN_TABLE "1:1: column x without y: expected both, or none\n"},
        {"name,pv_kw\na,none\nb,-1\nc,0\n",
         IN_TABLE "2:3: pv_kw: expected 0 (it has none) or a number from 0.001 to 1000000 in kW "
                  "with a decimal point, or nothing: as its kind says; got 'none'\n" IN_TABLE
                  "3:3: pv_kw: expected 0 (it has none) or a number from 0.001 to 1000000 in kW "
                  "with a decimal point, or nothing: as its kind says; got '-1'\n"},
        {"name;pv_kw;tilt\na;5,5;91\nb;5,5;\n",
         IN_TABLE "2:7: tilt: expected a number from 0 to 90 in degree with a decimal comma, or "
                  "nothing: as its kind says; got '91'\n"},
        {"name,kind\na,f lat\n",
         IN_TABLE "2:3: kind: expected a name of letters, digits, - and _, at most 31, a letter "
                  "first, got 'f lat'\n"},
        {"name,kind,retail\na,,0.36\n", /* it has no kind that a price might be of */
         IN_TABLE "2:3: kind: expected a name of letters, digits, - and _, at most 31, a letter "
                  "first, got ''\n"},
        {"name,kind\n,flat\n",
         IN_TABLE "2:1: name: expected 1 to 31 bytes of printable UTF-8, got ''\n"},
        {"name,kind\na,flat\nb,flat\na,flat\n",
         IN_TABLE "4:1: name: 'a' stands in line 2, too; expected a name of its own for each "
                  "meter\n"},
        {"name,kind\n\"a\"b,flat\n\"c,flat\n",
         IN_TABLE "2:4: text stands here behind the quote that closes its cell; a quote inside of "
                  "quotes is written twice\n" IN_TABLE
                  "3:1: a quote opens here and never closes in this line; a quote inside of "
                  "quotes is written twice, and no cell has two lines\n"},
        {"name,\"kind\nd,flat\n",
         IN_TABLE "1:6: a quote opens here and never closes in this line; a quote inside of "
                  "quotes is written twice, and no cell has two lines\n"},
        {"name,x,y\na,1,\n",
         IN_TABLE "2:1: a place has both x and y; expected the other one, too, or none\n"},
        {"name,pv_kw\na,1,2\n", IN_TABLE "2:1: expected 2 cells, as the first row has, got 3\n"},
        {"name,beta\na,0.1234567\n",
         IN_TABLE "2:3: beta: expected at most six decimals, got '0.1234567'\n"},
        {"name,tilt\na,20\n", IN_TABLE "2:1: tilt: 'a' has no photovoltaic system: neither its "
                                       "kind, home, nor pv_kw gives it one\n"},
        {"name,battery_kwh,battery_kw\na,0,5\n",
         IN_TABLE "2:1: battery_kw: 'a' has no battery: neither its kind, home, nor battery_kwh "
                  "gives it one\n"},
        {"name,reserve_buy\na,5\n", IN_TABLE
         "2:1: reserve_buy: expected a price from the lowest feed-in, 0.31, to the highest "
         "retail, 0.59, got 5\n"},
    };
    char said[4096];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        gb_scenario_free(scenario_beside(&files, cases[i].table, LISTED, said, sizeof said));
        EXPECT_TEXT(said, cases[i].said);
    }
}

static void what_does_not_fit_beside_a_list_is_refused(void)
{
    static const struct {
        const char *table, *text, *said;
    } cases[] = {
        {"name\na\n", LISTED "meters.count: 3\nmeters.wind_share: 0.5\n",
         PATH
         ":7:15: 'meters.count' is for scenarios without meters.file: its rows are the meters, "
         "and say what they own; nothing reads it beside that: remove it\n" PATH
         ":8:20: 'meters.wind_share' is for scenarios without meters.file: its rows are the "
         "meters, and say what they own; nothing reads it beside that: remove it\n"},
        {"name\na\n", LISTED "households:\n  flat: {count: 3}\n",
         PATH ":8:17: households.flat.count: the rows of meters.file are the homes of each kind\n"},
        {"name\na\n", METERS_HEAD "meters.inline: |\n  name\n  a\nhouseholds: {flat: {count: 3}}\n",
         PATH
         ":9:28: households.flat.count: the rows of meters.inline are the homes of each kind\n"},
        {"name\na\n", METERS_HEAD "meters.inline: |\n  name\n  a\nmeters.count: 3\n",
         PATH ":9:15: 'meters.count' is for scenarios without meters.inline: its rows are the "
              "meters, and say what they own; nothing reads it beside that: remove it\n"},
        {"name\na\n", LISTED "households:\n  flat: {}\n  farm: {}\n",
         IN_TABLE
         "2:1: expected a column `kind`: `households` names several kinds, farm or flat\n"},
        {"name,kind\na,flet\n", LISTED "households:\n  flat: {}\n  farm: {}\n",
         IN_TABLE "2:3: kind: there is no kind of households 'flet'; expected farm or flat\n"},
        {"name\na\n", LISTED "meters.inline: |\n  name\n  b\n",
         PATH ":7:16: meters.file and meters.inline exclude each other\n"},
        {"name,beta\na,0.5\n", LISTED "agents.beta: drawn\n",
         IN_TABLE "2:1: beta: agents.beta of its kind, home, says what its orders carry\n"},
        {"name,beta\na,0.5\n", LISTED "market.mechanism: uniform\n",
         IN_TABLE "2:1: beta: the mechanism uniform has no re-quote factor\n"},
        /* 1e9 Wh/h of a charger at 0.59 units/kWh, 6e5 ticks, reach 9.2e18 within two years */
        {"name\na\n",
         "format: 1\ndays: 1000\nmeters.file: " TABLE "\nhouseholds: {flat: {ev: {power: 1e6}}}\n",
         PATH ": 1 meters of these sizes over 24000 h at these prices move more money than 64 bits "
              "count\n"},
        {"name\na\n", METERS_HEAD "meters.file: nowhere.csv\n",
         PATH ":6:14: meters.file: cannot open 'nowhere.csv': No such file or directory\n"},
        {"name\na\n", METERS_HEAD "meters.file: nowhere.csv\nhouseholds: {flat: {}}\n",
         PATH ":6:14: meters.file: cannot open 'nowhere.csv': No such file or directory\n"},
        {"name\na\n", METERS_HEAD "meters.inline: |\n  name,tilt\n  a,95\n",
         "meters.inline:2:3: tilt: expected a number from 0 to 90 in degree with a decimal point, or "
         "nothing: as its kind says; got '95'\n"},
    };
    char said[4096];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        gb_scenario_free(scenario_beside(&files, cases[i].table, cases[i].text, said, sizeof said));
        EXPECT_TEXT(said, cases[i].said);
    }
}

static void a_list_of_many_mistakes_stops_after_the_first(void)
{
    char table[1024] = "name,tilt\n", said[8192];
    size_t n = 0;

    for (int i = 0; i < 60; i++)
        snprintf(table + strlen(table), sizeof table - strlen(table), "m%d,99\n", i);
    gb_scenario_free(scenario_beside(&files, table, LISTED, said, sizeof said));
    for (const char *at = said; (at = strchr(at, '\n')); at++)
        n++;
    EXPECT_INT((int64_t)n, 21);
    EXPECT(strstr(said, ":22:5: and what follows: the first mistakes are above\n"));
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(wrong_tables_are_refused_at_their_cells),
        TAP(what_does_not_fit_beside_a_list_is_refused),
        TAP(a_list_of_many_mistakes_stops_after_the_first),
        {0},
    };

    return tap_main("meters_file_refused", tests);
}
