/* The figure of one meter: its numbers are those of /meters and /trades, over the first week of the
 * local clock where no window is asked for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/figure_files.h"
#include "tests/runs.h"
#include "tests/tap.h"
#include "tests/village_runs.h"

enum { COLUMNS = 16, MOST = 2 * 700 };

static double values[COLUMNS * MOST];

static size_t read_figure(void)
{
    return figures_read_block("meter", 0, COLUMNS, values, COLUMNS * MOST);
}

static const struct gb_user_row *find_owner(const struct gb_record *record)
{
    const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);
    size_t n = gb_record_n_rows(record, GB_TABLE_USERS);

    for (size_t u = 0; u < n; u++)
        if (users[u].pv_kw > 0 && users[u].battery_kwh > 0)
            return &users[u];
    return NULL;
}

/* Mean price of what the meter bought or sold in a slot; NaN of nothing. */
static double own_price(const struct gb_record *record, uint32_t meter, int64_t interval, bool buys)
{
    const struct gb_trade_row *trades = gb_record_rows(record, GB_TABLE_TRADES);
    double cost = 0, kwh = 0;

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_TRADES); i++) {
        const struct gb_trade_row *trade = &trades[i];
        if (trade->interval != interval || trade->executed_wh == 0 ||
            (buys ? trade->buyer : trade->seller) != meter)
            continue;
        double q = 1e-3 * (double)trade->executed_wh;
        cost += q * 1e-6 * (double)(buys ? trade->price_buy : trade->price_sell);
        kwh += q;
    }
    return kwh > 0 ? cost / kwh : NAN;
}

static void expect_price(double shown, double wanted)
{
    EXPECT(isnan(shown) == isnan(wanted));
    if (!isnan(wanted))
        EXPECT_NEAR(shown, wanted, 1e-9);
}

/* Slots of 15 min: 1 Wh is 0.004 kW. */
static void the_meter_that_owns_most_is_shown_with_its_own_numbers(void)
{
    static const char *const village[] = {"meters.count=24",          "meters.prosumer_share=0.6",
                                          "meters.storage_share=0.4", "slots=80",
                                          "chain.crypto=modelled",    NULL};
    static const char *const owners[] = {"meters.ev_share=1",        "ev.days=1",
                                         "meters.heat_pump_share=1", "site.temperature=13",
                                         "output.level=meters",      NULL};
    struct gb_record *record = run_both(village, owners);
    struct gb_results *results = figures_open_record(record);
    const struct gb_meter_row *meters = gb_record_rows(record, GB_TABLE_METERS);
    const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);
    size_t n = gb_record_n_rows(record, GB_TABLE_METERS), n_seen = 0, n_sold = 0, n_charged = 0,
           n_heated = 0;
    const struct gb_user_row *who = find_owner(record);

    EXPECT_INT(figures_write_plain(results, "meter", NULL), GB_OK);
    EXPECT_INT((int64_t)read_figure(), 2 * 80);
    for (size_t i = 0; who && i < n; i++) {
        const struct gb_meter_row *row = &meters[i];
        if (row->meter != who->meter)
            continue;
        const double *start = values + (size_t)row->interval * 2 * COLUMNS;
        const double wanted[COLUMNS] = {0.25 * (double)row->interval,
                                        4e-3 * (double)row->load_wh,
                                        4e-3 * (double)row->ev_wh,
                                        4e-3 * (double)row->heat_pump_wh,
                                        4e-3 * (double)row->solar_wh,
                                        4e-3 * (double)row->wind_wh,
                                        4e-3 * (double)row->metered_wh,
                                        4e-3 * (double)row->traded_wh,
                                        4e-3 * (double)row->charge_wh,
                                        4e-3 * (double)row->discharge_wh,
                                        1e-3 * (double)row->stored_wh,
                                        1e-3 * (double)row->baseline_stored_wh,
                                        1e-6 * (double)slots[row->interval].retail,
                                        1e-6 * (double)slots[row->interval].feed_in};
        for (size_t c = 0; c < 14; c++)
            EXPECT_NEAR(start[c], wanted[c], 1e-9);
        EXPECT_NEAR(start[COLUMNS], wanted[0] + 0.25, 1e-9); /* the end of the slot */
        expect_price(start[14], own_price(record, who->meter, row->interval, true));
        expect_price(start[15], own_price(record, who->meter, row->interval, false));
        /* what passes the meter is what is used and charged less what is made and discharged */
        EXPECT_NEAR(start[6], start[1] + start[8] - start[4] - start[5] - start[9], 1e-9);
        n_sold += !isnan(start[15]);
        n_charged += row->ev_wh > 0;
        n_heated += row->heat_pump_wh > 0;
        n_seen++;
    }
    EXPECT_INT((int64_t)n_seen, 80);
    EXPECT(n_sold > 0);
    EXPECT(n_charged > 0);
    EXPECT(n_heated > 0);
    gb_results_close(results);
    gb_record_free(record);
}

/* Of the figure's slot that begins in an hour: the grid's prices. */
static void expect_tariff(size_t hour, double retail, double feed_in)
{
    EXPECT_NEAR(values[2 * hour * COLUMNS + 12], retail, 1e-9);
    EXPECT_NEAR(values[2 * hour * COLUMNS + 13], feed_in, 1e-9);
}

/* The village's are from 0.05, of flats, to 0.62, of the farm by day. */
static void prices_of_the_grid_are_those_of_its_own_kind(void)
{
    struct gb_record *record = run_text(
        "test_figure_meter.yaml",
        "format: 1\nslot: 1 h\nslots: 24\noutput.level: meters\nchain.protocol: ideal\n"
        "households:\n"
        "  farm: {count: 2, pv: {}, tariff: {retail_by_time: \"0:00 0.3, 6:00 0.62\", feed_in: 0.2}}\n"
        "  flat: {count: 3, tariff: {retail: 0.55, feed_in_by_time: \"0:00 0.05, 20:00 0.1\"}}\n");
    struct gb_results *results = figures_open_record(record);
    struct gb_figure_request request = figures_request(results);

    request.meter = "1";
    EXPECT_INT(figures_write(&request, "meter", NULL), GB_OK);
    EXPECT_INT((int64_t)read_figure(), 2 * 24);
    expect_tariff(5, 0.3, 0.2);
    expect_tariff(6, 0.62, 0.2);
    request.meter = "4";
    EXPECT_INT(figures_write(&request, "meter", NULL), GB_OK);
    EXPECT_INT((int64_t)read_figure(), 2 * 24);
    expect_tariff(19, 0.55, 0.05);
    expect_tariff(20, 0.55, 0.1);
    gb_results_close(results);
    gb_record_free(record);
}

static void a_meter_is_named_or_numbered_and_another_one_is_refused(void)
{
    struct gb_record *record =
        run_village("slots=8", "meters.count=5", "output.level=meters", NULL);
    struct gb_user_row *users = (struct gb_user_row *)gb_record_rows(record, GB_TABLE_USERS);
    struct gb_error err = {0};

    strcpy(users[3].name, "1"); /* a name goes before a number */
    struct gb_results *results = figures_open_record(record);
    struct gb_figure_request request = figures_request(results);
    request.meter = "2";
    EXPECT_INT(figures_write(&request, "meter", NULL), GB_OK);
    EXPECT(figures_hold("meter.dat", "# Meter 2 "));
    request.meter = "1";
    EXPECT_INT(figures_write(&request, "meter", NULL), GB_OK);
    EXPECT(figures_hold("meter.dat", "# Meter 3 "));
    request.meter = "5";
    EXPECT_INT(figures_write(&request, "meter", &err), GB_EINPUT);
    EXPECT_TEXT(err.text, "there is no meter '5': they are called by their numbers, 0 to 4");
    gb_results_close(results);
    gb_record_free(record);
}

static void a_result_without_rows_of_meters_says_how_to_have_them(void)
{
    struct gb_record *record = run_village("slots=8", "output.level=market", NULL, NULL);
    struct gb_results *results = figures_open_record(record);
    struct gb_error err = {0};

    EXPECT_INT(figures_write_plain(results, "meter", &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "output.level: meters") != NULL);
    gb_results_close(results);
    gb_record_free(record);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_meter_that_owns_most_is_shown_with_its_own_numbers),
        TAP(prices_of_the_grid_are_those_of_its_own_kind),
        TAP(a_meter_is_named_or_numbered_and_another_one_is_refused),
        TAP(a_result_without_rows_of_meters_says_how_to_have_them),
        {0}};

    figures_path = "test_figure_meter.h5";
    figures_folder = "test_figure_meter.d";
    int code = tap_main("figure_meter", tests);
    figures_clean_up();
    return code;
}
