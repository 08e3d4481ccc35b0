/* What a connection does not carry is curtailed: against the same village without limits, meter by
 * meter and slot by slot, with the market and without it. */
#include "tests/runs.h"
#include "tests/tap.h"
#include "tests/village_runs.h"

#define PATH "test_connections.yaml"
/* Homes 0 to 2 own solar and a turbine, 3 to 5 solar and a battery, 6 and 7 nothing. In slots of
 * 15 min 2.1 kW are 525 Wh, 1.5 kW 375 Wh. */
#define VILLAGE(of_roof, of_store, more)                                                   \
    "format: 1\nslot: 15 min\ndays: 2\nstart_date: 2024-05-06\noutput.level: meters\n"     \
    "chain.crypto: modelled\n" more "households:\n"                                        \
    "  roof: {count: 3, pv: {size: 6}, wind: {turbine: 3}" of_roof "}\n"                   \
    "  store: {count: 3, pv: {size: 8}, storage: {capacity: 4, power: 3.5}" of_store "}\n" \
    "  tenant: {count: 2}\n"
#define LIMITED(more) VILLAGE(", connection: 2.1", ", connection: 1.5", more)
#define FREE(more) VILLAGE("", "", more)
enum { ROOFS = 3, STORES = 6, HOMES = 8, ROOF_WH = 525, STORE_WH = 375 };

static int64_t cut_to(int64_t net_wh, int64_t limit_wh)
{
    return net_wh < -limit_wh ? -limit_wh : net_wh;
}

/* Without a battery nothing but the cut tells the two runs apart. */
static void expect_cut(const struct gb_meter_row *limited, const struct gb_meter_row *whole)
{
    int64_t net = cut_to(whole->metered_wh, ROOF_WH), cut = net - whole->metered_wh;
    int64_t of_solar = cut < whole->solar_wh ? cut : whole->solar_wh;

    EXPECT_INT(limited->load_wh, whole->load_wh);
    EXPECT_INT(limited->metered_wh, net);
    EXPECT_INT(limited->curtailed_wh, cut);
    EXPECT_INT(limited->solar_wh, whole->solar_wh - of_solar);
    EXPECT_INT(limited->wind_wh, whole->wind_wh - (cut - of_solar));
    EXPECT_INT(limited->baseline_wh, cut_to(whole->baseline_wh, ROOF_WH));
}

/* With one, what it charges is not cut, and it draws and feeds in no more than is carried. */
static void expect_within(const struct gb_meter_row *limited, const struct gb_meter_row *whole)
{
    EXPECT(limited->metered_wh >= -STORE_WH && limited->baseline_wh >= -STORE_WH);
    EXPECT(limited->metered_wh <= STORE_WH || limited->charge_wh == 0);
    EXPECT(limited->metered_wh > -STORE_WH || limited->discharge_wh == 0);
    EXPECT_INT(limited->load_wh, whole->load_wh);
    EXPECT_INT(limited->solar_wh + limited->curtailed_wh, whole->solar_wh);
    EXPECT(limited->curtailed_wh == 0 || limited->metered_wh == -STORE_WH);
}

static void expect_all_within(const char *limited_text, const char *free_text)
{
    struct gb_record *limited = run_text(PATH, limited_text), *whole = run_text(PATH, free_text);
    int64_t cut = 0, of_slots = 0;

    if (limited && whole) {
        const struct gb_meter_row *a = gb_record_rows(limited, GB_TABLE_METERS);
        const struct gb_meter_row *b = gb_record_rows(whole, GB_TABLE_METERS);
        size_t n = gb_record_n_rows(limited, GB_TABLE_METERS), n_cut = 0;

        EXPECT_INT((int64_t)n, 192 * HOMES);
        for (size_t i = 0; i < n; i++) {
            if (i % HOMES < ROOFS)
                expect_cut(&a[i], &b[i]);
            else if (i % HOMES < STORES)
                expect_within(&a[i], &b[i]);
            else
                EXPECT_INT(a[i].metered_wh, b[i].metered_wh);
            cut += a[i].curtailed_wh;
            n_cut += a[i].curtailed_wh > 0;
            EXPECT_INT(b[i].curtailed_wh, 0);
            of_slots += b[i].solar_wh + b[i].wind_wh - a[i].solar_wh - a[i].wind_wh;
        }
        EXPECT(n_cut > 50);
        EXPECT_INT(summary_of(limited)->curtailed_wh, cut);
        EXPECT_INT(of_slots, cut);
        EXPECT(summary_of(limited)->baseline_curtailed_wh > 0);
        EXPECT(summary_of(limited)->n_settled > 0);
        EXPECT_INT(summary_of(whole)->curtailed_wh + summary_of(whole)->baseline_curtailed_wh, 0);
    }
    gb_record_free(limited);
    gb_record_free(whole);
}

static void generation_beyond_the_connection_is_curtailed_in_both_arms(void)
{
    expect_all_within(LIMITED(""), FREE(""));
}

/* By day it is emptied at 3.5 kW, at night filled: the connection carries 1.5 kW. */
static void a_battery_keeps_within_the_connection(void)
{
#define FULL "storage.controller: schedule\nstorage.schedule: \"0:00 3.5, 8:00 -3.5, 20:00 3.5\"\n"
    expect_all_within(LIMITED(FULL), FREE(FULL));
}

static void bids_know_of_the_connection(void)
{
#define SURE "forecast.kind: perfect\n"
    struct gb_record *record = run_text(PATH, LIMITED(SURE));

    /* with perfect forecasts nobody sells what is then curtailed */
    if (record) {
        EXPECT(summary_of(record)->curtailed_wh > 0);
        EXPECT(summary_of(record)->imbalance_short_wh <= 192 * HOMES); /* rounding, 1 Wh a slot */
    }
    gb_record_free(record);
}

static void one_key_is_for_all_who_give_none(void)
{
    struct gb_record *own = run_text(PATH, VILLAGE(", connection: 2.1", ", connection: 2.1", ""));
    struct gb_record *all = run_text(PATH, VILLAGE("", "", "connection: 2.1\n"));

    if (own && all) {
        EXPECT(summary_of(own)->curtailed_wh > 0);
        EXPECT_INT(summary_of(own)->curtailed_wh, summary_of(all)->curtailed_wh);
        EXPECT_INT(summary_of(own)->baseline_curtailed_wh, summary_of(all)->baseline_curtailed_wh);
    }
    gb_record_free(own);
    gb_record_free(all);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(generation_beyond_the_connection_is_curtailed_in_both_arms),
        TAP(a_battery_keeps_within_the_connection),
        TAP(bids_know_of_the_connection),
        TAP(one_key_is_for_all_who_give_none),
        {0}};
    return tap_main("connections", tests);
}
