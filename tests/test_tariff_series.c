/* Prices of the grid from a series: units, factor and addition; days of 23 and 25 hours, clocks
 * without dates and other years; what two meters pay, by hand; and what is refused. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "experiments/run/run.h"
#include "experiments/scenario/scenario.h"
#include "models/series/unit.h"
#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define PATH "test_tariff_series.yaml"
#define CSV "test_tariff_series.csv"
#define BERLIN "site.time_zone: CET-1CEST,M3.5.0,M10.5.0/3\n"
#define CENTS(n) (INT64_C(10000) * (n)*1000) /* of a kWh, in money units */

/* A file of prices, and a scenario that names it `spot`. */
static struct gb_scenario *scenario_with(const char *csv, const char *text, char *said, size_t size)
{
    write_text(CSV, csv);
    struct gb_scenario *scenario = scenario_of_text(PATH, text, said, size);

    unlink(CSV);
    return scenario;
}

static struct gb_scenario *scenario_of(const char *csv, const char *text)
{
    char said[4096];
    struct gb_scenario *scenario = scenario_with(csv, text, said, sizeof said);

    EXPECT_TEXT(said, "");
    return scenario;
}

static int64_t retail_at(const struct gb_scenario *scenario, int64_t slot)
{
    return gb_tariffs_at(scenario->tariffs, 0, slot)->retail.ticks;
}

/* ---- units */

static void prices_are_told_by_the_names_of_columns(void)
{
    static const struct {
        const char *name;
        int64_t ticks; /* of one; 0: no price */
    } cases[] = {
        {"Day-ahead Price [EUR/MWh]", 1000},
        {"Deutschland/Luxemburg [\xE2\x82\xAC/MWh] Originalauf", 1000},
        {"price (ct/kWh)", 10000},
        {"price_eur_per_kwh", 1000000},
        {"EUR/MWh", 1000},
        {"GBP_MWh", 1000},
        {"price ct/kWh", 10000},
        {"p per kWh", 10000},
        {"energy (kWh)", 0},
        {"c kWh", 0},
        {"load MWh", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gb_unit *unit = gb_unit_in(cases[i].name, strlen(cases[i].name));

        if (EXPECT(unit != NULL))
            EXPECT_INT(unit->kind == GB_UNIT_PRICE ? unit->ticks : 0, cases[i].ticks);
    }
}

/* Retail of 123.456 in EUR/MWh is 0.123456 a kWh; of 12.3456 ct/kWh 0.123456; and 1.19 times that
 * is 0.14691264, which goes to 0.146913. */
static void units_factor_and_addition_make_the_price(void)
{
    static const struct {
        const char *unit, *value, *tariff;
        int64_t ticks;
    } cases[] = {
        {"EUR/MWh", "123.456", "", 123456},
        {"ct/kWh", "12.3456", "", 123456},
        {"currency/kWh", "0.123456", "", 123456},
        {"EUR/MWh", "123.456", ", retail_factor: 1.19", 146913},
        {"EUR/MWh", "123.456", ", retail_factor: 1.19, retail_add: 0.2", 346913},
        {"EUR/MWh", "-123.456", ", retail_factor: 1.19", -146913},
        {"EUR/MWh", "0.0005", "", 0},   /* half a tick, to even */
        {"EUR/MWh", "0.0015", "", 2},   /* likewise */
        {"EUR/MWh", "-0.0015", "", -2}, /* likewise */
        {"EUR/MWh", "100", ", retail_factor: 0, retail_add: -0.3", -300000},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char csv[256], text[512];

        snprintf(csv, sizeof csv, "time,p\n2024-03-01T00:00Z,%s\n2024-03-01T01:00Z,%s\n",
                 cases[i].value, cases[i].value);
        snprintf(text, sizeof text,
                 "format: 1\nstart_date: 2024-03-01\nslots: 2\nslot: 1 h\nsite.utc_offset: 0\n"
                 "site.longitude: 0\n"
                 "series: {spot: {file: " CSV ", unit: %s, label: start}}\n"
                 "tariff: {retail_series: spot, feed_in: -1%s}\n",
                 cases[i].unit, cases[i].tariff);
        struct gb_scenario *scenario = scenario_of(csv, text);
        if (scenario)
            EXPECT_INT(retail_at(scenario, 1), cases[i].ticks);
        gb_scenario_free(scenario);
    }
}

/* ---- clocks */

/* Prices 1, 2, 3, ... ct/kWh by the local clock of a day, whose stamps a bit says: of hour h
 * whether it is there, of doubled ones twice. */
static void expect_hours(const char *date, const int *hours, int n)
{
    struct gb_text csv;
    char text[512];

    if (!EXPECT(gb_text_open(&csv)))
        return;
    fputs("time,p (ct/kWh)\n", csv.stream);
    for (int i = 0; i < n; i++)
        fprintf(csv.stream, "%s %02d:00,%d\n", date, hours[i], i + 1);
    char *bytes = gb_text_close(&csv);
    snprintf(text, sizeof text,
             "format: 1\nstart_date: %s\ndays: 1\nslot: 30 min\n" BERLIN
             "series: {spot: {file: " CSV ", label: start, zone: \"CET-1CEST,M3.5.0,M10.5.0/3\"}}\n"
             "tariff: {feed_in: -0.1, retail_series: spot}\n",
             date);
    struct gb_scenario *scenario = bytes ? scenario_of(bytes, text) : NULL;
    if (EXPECT(scenario != NULL)) {
        EXPECT_INT(scenario->tariffs->n_slots, 2 * n);
        for (int64_t slot = 0; slot < 2 * n; slot++)
            EXPECT_INT(retail_at(scenario, slot), 10000 * (slot / 2 + 1));
    }
    gb_scenario_free(scenario);
    free(bytes);
}

static void every_hour_of_days_of_23_and_25_hours_has_its_price(void)
{
    static const int spring[] = {0,  1,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
                                 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23};
    static const int autumn[] = {0,  1,  2,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                                 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23};

    expect_hours("2024-03-31", spring, 23);
    expect_hours("2024-10-27", autumn, 25);
}

/* 24 rows of a day that repeats: 2:00 is left out in spring and used twice in autumn. */
static void a_clock_without_dates_goes_by_the_local_clock(void)
{
    static const struct {
        const char *date;
        int64_t slot, hour;
    } cases[] = {{"2024-03-31", 1, 1}, {"2024-03-31", 2, 3}, {"2024-03-31", 22, 23},
                 {"2024-10-27", 2, 2}, {"2024-10-27", 3, 2}, {"2024-10-27", 4, 3}};
    char csv[1024] = "clock,p (ct/kWh)\n", text[512];

    for (int h = 0; h < 24; h++)
        gb_text_append(csv, sizeof csv, "%02d:00,%d\n", h, h);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text,
                 "format: 1\nstart_date: %s\ndays: 1\nslot: 1 h\n" BERLIN
                 "series: {spot: {file: " CSV ", label: start}}\n"
                 "tariff: {feed_in: -0.1, retail_series: spot}\n",
                 cases[i].date);
        struct gb_scenario *scenario = scenario_of(csv, text);
        if (EXPECT(scenario != NULL))
            EXPECT_INT(retail_at(scenario, cases[i].slot), 10000 * cases[i].hour);
        gb_scenario_free(scenario);
    }
}

/* Sunday, 3 March 2024, takes Sunday, 5 March 2023: of three days that the file has, the second. */
static void days_of_another_year_are_taken_by_the_week(void)
{
    char csv[2048] = "time,p (ct/kWh)\n";

    for (int day = 4; day <= 6; day++)
        for (int h = 0; h < 24; h++)
            gb_text_append(csv, sizeof csv, "2023-03-%02dT%02d:00Z,%d\n", day, h, day);
    struct gb_scenario *scenario = scenario_of(
        csv, "format: 1\nstart_date: 2024-03-03\ndays: 1\nslot: 1 h\nsite.utc_offset: 0\n"
             "site.longitude: 0\n"
             "series: {spot: {file: " CSV ", label: start, align: weekday}}\n"
             "tariff: {feed_in: -0.1, retail_series: spot}\n");

    if (EXPECT(scenario != NULL)) {
        EXPECT_INT(retail_at(scenario, 0), 50000);
        EXPECT_INT(retail_at(scenario, 23), 50000);
    }
    gb_scenario_free(scenario);
}

/* ---- two meters, by hand */

/* a pays 1.19 times the auction and 0.2, and is paid the auction; b has 0.3 and 0.05 always.
 * Slot 3: -50 EUR/MWh. a buys 1 kWh of b at (0.14 + 0.10) / 2 = 0.12; without a market it pays
 *   0.2 - 1.19 x 0.05 = 0.1405, and b gets 0.05.
 * Slot 4: -20 EUR/MWh. Nobody buys what a sells: it pays 2 x 0.02 to be rid of 2 kWh.
 * Slot 5: 100 EUR/MWh. a draws 1 kWh that nobody sells, at 0.2 + 0.119 = 0.319. */
static void hours_of_an_auction_are_paid_as_computed_by_hand(void)
{
    static const char csv[] = "time,day-ahead (EUR/MWh)\n"
                              "2024-03-30T23:00Z,80\n2024-03-31T00:00Z,60\n2024-03-31T01:00Z,0\n"
                              "2024-03-31T02:00Z,-50\n2024-03-31T03:00Z,-20\n"
                              "2024-03-31T04:00Z,100\n";
    static const char text[] =
        "format: 1\nstart_date: 2024-03-31\nslots: 6\nslot: 1 h\n" BERLIN
        "currency: EUR\nchain.protocol: ideal\noutput.level: meters\n"
        "market.mechanism: continuous\nmarket.books: pooled\n"
        "series: {spot: {file: " CSV ", label: start}}\n"
        "households:\n"
        "  a: {count: 1, tariff: {retail_series: spot, retail_factor: 1.19, retail_add: 0.2, "
        "feed_in_series: spot}}\n"
        "  b: {count: 1, tariff: {retail: 0.3, feed_in: 0.05}}\n"
        "meters.delivery: declared\norders.inline: |\n"
        "  id,slot,side,price,reserve,quantity,owner,time\n"
        "  x,3,buy,0.14,0.14,1,0,1\n  y,3,sell,0.1,0.1,1,1,2\n"
        "  z,4,sell,0.2,0.2,2,0,1\n  w,5,buy,0.1,0.3,1,0,1\n";
    struct gb_record *record = NULL;
    struct gb_error err = {0};
    struct gb_scenario *scenario = scenario_of(csv, text);

    if (!scenario)
        return;
    EXPECT_INT(gb_run_trial(scenario, &(struct gb_run_options){0}, &record, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    if (record) {
        const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);
        EXPECT_INT(users[0].cost, CENTS(12) + CENTS(4) + INT64_C(319000) * 1000);
        EXPECT_INT(users[0].cost_grid_only,
                   INT64_C(140500) * 1000 + CENTS(4) + INT64_C(319000) * 1000);
        EXPECT_INT(users[1].cost, -CENTS(12));
        EXPECT_INT(users[1].cost_grid_only, -CENTS(5));
        EXPECT_INT(summary_of(record)->n_trades, 1);
        const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);
        EXPECT_INT(slots[3].retail, 300000); /* of b; a's is 0.1405 */
        EXPECT_INT(slots[3].feed_in, -50000);
        EXPECT_INT(slots[5].retail, 319000); /* of a */
        EXPECT_INT(slots[5].feed_in, 50000);
    }
    gb_record_free(record);
    gb_scenario_free(scenario);
}

/* ---- kinds */

static void a_kind_has_its_own_series_factor_or_addition(void)
{
    static const char csv[] = "time,p (ct/kWh),q (ct/kWh)\n2024-03-01T00:00Z,10,20\n"
                              "2024-03-01T01:00Z,10,20\n";
    struct gb_scenario *scenario = scenario_of(
        csv, "format: 1\nstart_date: 2024-03-01\nslots: 2\nslot: 1 h\nsite.utc_offset: 0\n"
             "site.longitude: 0\n"
             "series:\n  p: {file: " CSV ", column: p (ct/kWh), label: start}\n"
             "  q: {file: " CSV ", column: q (ct/kWh), label: start}\n"
             "tariff: {retail_series: p, retail_factor: 2, retail_add: 0.01, feed_in: 0.05}\n"
             "households:\n"
             "  a: {count: 1}\n"
             "  b: {count: 1, tariff: {retail_series: q}}\n"
             "  c: {count: 1, tariff: {retail_add: 0.1}}\n"
             "  d: {count: 1, tariff: {retail_factor: 3, retail_series: scenario}}\n"
             "  e: {count: 1, tariff: {retail: 0.5}}\n"
             "  f: {count: 1, tariff: {feed_in_series: p, feed_in_factor: 0.5, "
             "feed_in_add: -0.02}}\n"
             "  g: {count: 1, tariff: {retail_by_time: \"0:00 0.4, 1:00 0.45\"}}\n");
    static const int64_t retail[] = {210000, 410000, 300000, 310000, 500000, 210000, 450000};

    if (EXPECT(scenario != NULL)) {
        for (size_t k = 0; k < 7; k++)
            EXPECT_INT(gb_tariffs_at(scenario->tariffs, k, 1)->retail.ticks, retail[k]);
        EXPECT_INT(gb_tariffs_at(scenario->tariffs, 5, 0)->feed_in.ticks, 30000);
        EXPECT_INT(gb_tariffs_at(scenario->tariffs, 6, 0)->feed_in.ticks, 50000);
    }
    gb_scenario_free(scenario);
}

/* ---- what is refused */

#define SPOT "series: {spot: {file: " CSV ", label: start}}\n"
#define HEAD "format: 1\nstart_date: 2024-03-01\nslots: 2\nsite: {utc_offset: 0, longitude: 0}\n"

static void what_does_not_fit_is_refused_with_the_reason(void)
{
    static const char two[] = "time,p (EUR/MWh)\n2024-03-01T00:00Z,100\n2024-03-01T01:00Z,110\n";
    static const char quarters[] = "time,p (EUR/MWh)\n2024-03-01T00:00Z,100\n"
                                   "2024-03-01T00:15Z,100\n2024-03-01T00:30Z,100\n"
                                   "2024-03-01T00:45Z,100\n2024-03-01T01:00Z,100\n"
                                   "2024-03-01T01:15Z,100\n2024-03-01T01:30Z,120\n"
                                   "2024-03-01T01:45Z,120\n";
    static const struct {
        const char *csv, *text, *said;
    } cases[] = {
        {two, HEAD "slot: 1 h\n" SPOT "tariff.retail_series: market\n",
         ":7:23: tariff.retail_series: there is no series 'market': `series` names spot\n"},
        {"time,load (kWh)\n2024-03-01T00:00Z,100\n2024-03-01T01:00Z,90\n",
         HEAD "slot: 1 h\n" SPOT "tariff.retail_series: spot\n",
         ":7:23: tariff.retail_series: the series 'spot': no column of prices, in EUR/MWh, ct/kWh "
         "and the like: `column` and `unit` of the series say which\n"},
        {"time,a (EUR/MWh),b (EUR/MWh)\n2024-03-01T00:00Z,100,1\n2024-03-01T01:00Z,90,1\n",
         HEAD "slot: 1 h\n" SPOT "tariff.retail_series: spot\n",
         ":6:23: series.spot.file: several columns of prices, 'a (EUR/MWh)' "
         "and 'b (EUR/MWh)': `column` of the series says which\n"},
        {quarters, HEAD "slot: 1 h\n" SPOT "tariff: {retail_series: spot, feed_in: 0}\n",
         ":7:25: tariff.retail_series: the series 'spot' changes at 2024-03-01 01:30, within the "
         "slot of 1 h that begins at 2024-03-01 01:00; expected prices that change where slots "
         "begin: a slot that divides 15 min, or a series of means over slots\n"},
        {two, HEAD "slot: 1 h\ncurrency: CHF\n" SPOT "tariff: {retail_series: spot, feed_in: 0}\n",
         ":8:25: tariff.retail_series: the series 'spot' is in EUR/MWh, and `currency` is CHF; "
         "expected prices in that, or unit: currency/kWh or currency/MWh and the rate of exchange "
         "as the factor\n"},
        {two,
         HEAD "slot: 1 h\nseries: {spot: {file: " CSV ", label: start, scale: 2}}\n"
              "tariff: {retail_series: spot, feed_in: 0}\n",
         ":7:25: tariff.retail_series: series.spot.scale is for power; of prices expected "
         "tariff.retail_factor or tariff.feed_in_factor\n"},
        {two, HEAD "slot: 1 h\n" SPOT "tariff: {retail_series: spot, feed_in: 0.105}\n",
         ":7:40: tariff.feed_in: in slot 0, which begins at 2024-03-01 00:00, the grid buys from "
         "everybody at 0.105 and sells to everybody at 0.1: it would lose on every kWh\n"},
        {two,
         HEAD "slot: 1 h\n" SPOT "tariff: {retail_series: spot, feed_in_series: spot, "
              "feed_in_add: 0.000001}\n",
         ":7:47: tariff.feed_in_series: in slot 0, which begins at 2024-03-01 00:00, the grid buys "
         "from everybody at 0.100001 and sells to everybody at 0.1: it would lose on every kWh\n"},
        {two,
         HEAD "slot: 1 h\n" SPOT "tariff: {retail_series: spot, feed_in: 0, "
              "retail_by_time: \"0:00 0.3\"}\n",
         ":7:25: tariff.retail_series: both this and tariff.retail_by_time say the price of every "
         "slot; set one to none\n"},
        {two, HEAD "slot: 1 h\n" SPOT "tariff: {retail_add: 0.1}\n",
         ":7:22: tariff.retail_add: nothing reads this without a series: set tariff.retail_series, "
         "of all or of a kind of households\n"},
        {two,
         HEAD "slot: 1 h\n" SPOT "tariff: {retail_series: spot, retail_add: 0.1, feed_in: 0}\n"
              "households:\n  a: {count: 1, tariff: {retail: 0.7}}\n",
         ":7:43: tariff.retail_add: nothing reads this: every kind of households has a price of its "
         "own in place of tariff.retail_series\n"},
        {two,
         HEAD "slot: 1 h\n" SPOT
              "households:\n  a: {count: 1, tariff: {retail: 0.7, retail_factor: 2}}\n",
         ":8:54: households.a.tariff.retail_factor: nothing reads this: the price of this kind is "
         "no series' (tariff.retail_series)\n"},
        {two,
         HEAD "slot: 1 h\n" SPOT
              "households:\n  a: {count: 1, tariff: {retail: 0.7, retail_series: spot}}\n",
         ":8:54: households.a.tariff.retail_series: both a price and prices of a series: one says "
         "it\n"},
        {two,
         HEAD "slot: 1 h\n" SPOT "tariff: {retail_series: spot, feed_in: 0, retail_factor: 1000, "
              "retail_add: 950}\n",
         ":7:25: tariff.retail_series: 1050 in the slot that begins at 2024-03-01 00:00, of the "
         "series 'spot' in EUR/MWh; expected from -1000 to 1000 a kWh\n"},
        {two,
         HEAD "slot: 1 h\nseries: {spot: {file: " CSV ", value: sample}}\n"
              "tariff: {retail_series: spot, feed_in: 0}\n",
         ":6:23: series.spot.file: '" CSV "': p (EUR/MWh) is in EUR/MWh, a price, which holds all "
         "through its interval: value mean, with its label\n"},
        {two,
         HEAD "slot: 1 h\nseries: {spot: {file: " CSV "}}\n"
              "tariff: {retail_series: spot, feed_in: 0}\n",
         ":6:23: series.spot.file: '" CSV "', p (EUR/MWh): still to be said (without the dashes): "
         "--label start or --label end\n"},
        {two, HEAD "slot: 1 h\n" SPOT "load.series: spot\n",
         ":7:14: load.series: the series 'spot' holds no column of power or energy\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char said[4096];
        struct gb_scenario *scenario =
            scenario_with(cases[i].csv, cases[i].text, said, sizeof said);

        EXPECT(scenario == NULL);
        EXPECT_TEXT(said, cases[i].said);
        gb_scenario_free(scenario);
    }
}

static void what_the_file_does_not_cover_is_refused_with_its_day(void)
{
    char said[4096];
    struct gb_scenario *scenario = scenario_with(
        "time,p (EUR/MWh)\n2024-03-01T00:00Z,100\n2024-03-01T01:00Z,110\n",
        "format: 1\nstart_date: 2024-03-01\nslots: 3\nsite: {utc_offset: 0, longitude: 0}\n"
        "slot: 1 h\n" SPOT "tariff: {retail_series: spot, feed_in: 0}\n",
        said, sizeof said);

    EXPECT(scenario == NULL);
    EXPECT_TEXT(
        said, ":7:25: tariff.retail_series: the series 'spot' does not hold all of "
              "2024-03-01, which by the local clock is 2024-03-01T00:00:00Z to "
              "2024-03-02T00:00:00Z: it reaches from 2024-03-01T00:00:00Z to 2024-03-01T02:00:00Z; "
              "series.spot.align: weekday or calendar takes days of other years, "
              "any_weekday those of other seasons, too\n");
    gb_scenario_free(scenario);
}

/* Quarter hours of equal prices fill the hours of a slot, as of an auction of hours that is told by
 * quarters. */
static void steps_of_equal_prices_within_a_slot_are_one(void)
{
    struct gb_scenario *scenario =
        scenario_of("time,p (EUR/MWh)\n2024-03-01T00:00Z,100\n2024-03-01T00:30Z,100\n"
                    "2024-03-01T01:00Z,90\n2024-03-01T01:30Z,90\n",
                    HEAD "slot: 1 h\n" SPOT "tariff: {retail_series: spot, feed_in: 0}\n");

    if (EXPECT(scenario != NULL)) {
        EXPECT_INT(retail_at(scenario, 0), 100000);
        EXPECT_INT(retail_at(scenario, 1), 90000);
    }
    gb_scenario_free(scenario);
}

/* A setting of a sweep goes over it: every slot moves by what was added. */
static void a_trial_may_change_factor_and_addition(void)
{
    struct gb_error err = {0};
    struct gb_scenario *scenario =
        scenario_of("time,p (EUR/MWh)\n2024-03-01T00:00Z,100\n2024-03-01T01:00Z,90\n",
                    HEAD "slot: 1 h\n" SPOT "tariff: {retail_series: spot, feed_in: 0}\n");

    if (EXPECT(scenario != NULL)) {
        EXPECT_INT(scenario_set(scenario, "tariff.retail_add", "0.25", &err), GB_OK);
        EXPECT_INT(retail_at(scenario, 0), 350000);
        EXPECT_INT(retail_at(scenario, 1), 340000);
    }
    gb_scenario_free(scenario);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(prices_are_told_by_the_names_of_columns),
        TAP(units_factor_and_addition_make_the_price),
        TAP(every_hour_of_days_of_23_and_25_hours_has_its_price),
        TAP(a_clock_without_dates_goes_by_the_local_clock),
        TAP(days_of_another_year_are_taken_by_the_week),
        TAP(hours_of_an_auction_are_paid_as_computed_by_hand),
        TAP(a_kind_has_its_own_series_factor_or_addition),
        TAP(what_does_not_fit_is_refused_with_the_reason),
        TAP(what_the_file_does_not_cover_is_refused_with_its_day),
        TAP(steps_of_equal_prices_within_a_slot_are_one),
        TAP(a_trial_may_change_factor_and_addition),
        {0},
    };

    return tap_main("tariff series", tests);
}
