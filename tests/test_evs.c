/* Electric vehicles: sessions and days of charging computed by hand, the same need served by every
 * controller, and what could not be served said; then in whole runs, with and without a market. */
#include "models/assets/evs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "experiments/scenario/scenario.h"
#include "models/assets/meter.h"
#include "models/weather/weather.h"
#include "tests/one_home.h"
#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/tap.h"
#include "tests/village_runs.h"

#define PATH "test_evs.yaml"

/* One home with a car that arrives at 18:00, leaves at 7:00 and needs 10 kWh at 3.7 kW. */
static void set_up(struct one_home *b, enum gb_flexible_controller controller)
{
    one_home_set_up(b);
    b->config.fleet.ev_share = 1;
    b->config.ev.arrival_h = 18;
    b->config.ev.departure_h = 7;
    b->config.ev.energy_kwh = 10;
    b->config.ev.energy_sd_kwh = 0;
    b->config.ev.days_share = 1;
    b->config.ev.power_kw = 3.7;
    b->config.ev.controller = controller;
    b->config.ev.price_limit.ticks = 200000;
}

static void begin(struct one_home *b)
{
    one_home_begin(b);
    EXPECT_INT(b->fleet->evs.n, 1);
}

/* What hour k charges. */
static int64_t charge(struct one_home *b, int64_t k, int64_t contracted_wh)
{
    one_home_advance(b, k, contracted_wh);
    EXPECT(b->slot->load_wh[0] >= b->slot->ev_wh[0]);
    return b->slot->ev_wh[0];
}

static int64_t charge_through(struct one_home *b, int64_t from, int64_t to)
{
    int64_t sum = 0;

    for (int64_t k = from; k < to; k++)
        sum += charge(b, k, 0);
    return sum;
}

/* 18:00 3.7, 19:00 3.7, 20:00 10 - 7.4 = 2.6 kWh. The session before was under way for 7 of its 13
 * h when the run began: 10 x 7/13 = 5.384 kWh, 3.7 and 1.684, of which 0.6 Wh are carried. */
static void at_once_charges_from_the_arrival_on(void)
{
    struct one_home b;

    set_up(&b, GB_FLEXIBLE_AT_ONCE);
    begin(&b);
    EXPECT_INT(charge(&b, 0, 0), 3700);
    EXPECT_INT(charge(&b, 1, 0), 1684);
    EXPECT_INT(charge_through(&b, 2, 18), 0);
    EXPECT_INT(charge(&b, 18, 0), 3700);
    EXPECT_INT(charge(&b, 19, 0), 3700);
    EXPECT_INT(charge(&b, 20, 0), 2600);
    EXPECT_INT(charge_through(&b, 21, 42), 0);
    EXPECT_INT(charge(&b, 42, 0), 3700);
    one_home_tear_down(&b);
}

/* 2:00 and 3:00 cost 0.10, 4:00 costs 0.20, all else 0.30: 3.7 + 3.7 + 2.6. */
static void before_departure_charges_in_the_cheapest_hours(void)
{
    struct one_home b;

    set_up(&b, GB_FLEXIBLE_BEFORE_DEPARTURE);
    b.ticks[26] = b.ticks[27] = 100000;
    b.ticks[28] = 200000;
    begin(&b);
    charge_through(&b, 0, 18);
    EXPECT_INT(charge_through(&b, 18, 26), 0);
    EXPECT_INT(charge(&b, 26, 0), 3700);
    EXPECT_INT(charge(&b, 27, 0), 3700);
    EXPECT_INT(charge(&b, 28, 0), 2600);
    EXPECT_INT(charge_through(&b, 29, 42), 0);
    one_home_tear_down(&b);
}

/* 3 kWh were bought for 18:00, of which the home takes 1: the 2 that are left cost what feeding in
 * would earn, 0.05, less than any hour to come. The 8 that are owed then wait for 2:00. */
static void what_was_bought_is_taken_and_the_rest_planned_anew(void)
{
    struct one_home b;

    set_up(&b, GB_FLEXIBLE_BEFORE_DEPARTURE);
    b.ticks[26] = b.ticks[27] = b.ticks[28] = 100000;
    b.own_ticks = 50000;
    begin(&b);
    charge_through(&b, 0, 18);
    b.load_w = 1000;
    EXPECT_INT(charge(&b, 18, 3000), 2000);
    b.load_w = 0;
    EXPECT_INT(charge_through(&b, 19, 26), 0);
    EXPECT_INT(charge(&b, 26, 0), 3700);
    EXPECT_INT(charge(&b, 27, 0), 3700);
    EXPECT_INT(charge(&b, 28, 0), 600);
    one_home_tear_down(&b);
}

/* At or below 0.20 only at 23:00; what is left then goes as late as it can: 6.3 = 2.6 at 5:00
 * and 3.7 at 6:00. */
static void a_price_limit_still_serves_the_departure(void)
{
    struct one_home b;

    set_up(&b, GB_FLEXIBLE_PRICE_LIMIT);
    b.ticks[23] = 200000;
    begin(&b);
    charge_through(&b, 0, 18);
    EXPECT_INT(charge_through(&b, 18, 23), 0);
    EXPECT_INT(charge(&b, 23, 0), 3700);
    EXPECT_INT(charge_through(&b, 24, 29), 0);
    EXPECT_INT(charge(&b, 29, 0), 2600);
    EXPECT_INT(charge(&b, 30, 0), 3700);
    one_home_tear_down(&b);
}

/* From 18:30 to 20:15: 1.75 h x 3.7 kW = 6.475 kWh; 3.525 of 10 stay owed, whoever controls. */
static void what_does_not_fit_is_said(void)
{
    for (int controller = 0; controller < 3; controller++) {
        struct one_home b;

        set_up(&b, (enum gb_flexible_controller)controller);
        b.ticks[20] = 100000;
        b.config.ev.arrival_h = 18.5;
        b.config.ev.departure_h = 20.25;
        begin(&b);
        EXPECT_INT(charge_through(&b, 0, 18), 0);
        EXPECT_INT(charge(&b, 18, 0), 1850);
        EXPECT_INT(charge(&b, 19, 0), 3700);
        EXPECT_INT(b.slot->ev_unserved_wh[0], 0);
        EXPECT_INT(charge(&b, 20, 0), 925);
        EXPECT_INT(b.slot->ev_unserved_wh[0], 3525);
        charge(&b, 21, 0);
        EXPECT_INT(b.slot->ev_unserved_wh[0], 0);
        one_home_tear_down(&b);
    }
}

/* Sessions never touch, keep their mean, and are the same whenever they are asked for. */
static void sessions_keep_apart(void)
{
    struct gb_ev_config ev;
    struct gb_physics_config config;
    struct gb_key key = gb_key_make(1, 0, GB_PURPOSE_EV);
    double arrival = 0, need = 0, driven = 0;
    enum { DAYS = 4000 };

    gb_param_defaults(gb_physics_params, &config);
    ev = config.ev;
    ev.arrival_sd_h = 2;
    ev.departure_sd_h = 3;
    struct gb_calendar calendar = gb_calendar_make(19000, "CET-1CEST,M3.5.0,M10.5.0/3", 0);
    struct gb_ev_session before = gb_ev_session_of(&ev, &calendar, key, 7, -1);
    for (int64_t day = 0; day < DAYS; day++) {
        struct gb_ev_session s = gb_ev_session_of(&ev, &calendar, key, 7, day);
        EXPECT(s.arrival_ns >= before.departure_ns && s.departure_ns >= s.arrival_ns);
        arrival += (double)(gb_calendar_local_ns(&calendar, s.arrival_ns) - day * GB_NS_PER_DAY) /
                   (double)GB_NS_PER_HOUR;
        driven += s.need_wh > 0;
        need += s.need_wh;
        before = s;
    }
    EXPECT_NEAR(arrival / DAYS, 18, 4 * 2 / sqrt(DAYS));
    EXPECT_NEAR(driven / DAYS, 0.43, 4 * sqrt(0.43 * 0.57 / DAYS));
    EXPECT_NEAR(need / driven, 9100, 4 * 6250 / sqrt(0.43 * DAYS));
}

/* ---- whole runs */

#define VILLAGE(farms, more)                                                           \
    "format: 1\nslot: 30 min\ndays: 3\nstart_date: 2024-05-06\noutput.level: meters\n" \
    "chain.crypto: modelled\ntariff: {feed_in: 0.08, retail_by_time: \"0:00 0.25, "    \
    "6:00 0.38, 22:00 0.25\"}\nhouseholds:\n"                                          \
    "  car: {count: 3, ev: {days: 1, arrival_sd: 2, departure_sd: 2" more "}}\n"       \
    "  farm: {count: " farms ", pv: {size: 8}, ev: {arrival: 7, departure: 17, days: 1}}\n"

static void cars_get_the_same_in_both_arms(void)
{
    static const char *const villages[] = {
        VILLAGE("3", ""), VILLAGE("3", ", controller: price_limit, price_limit: 0.2"),
        VILLAGE("3", ", controller: at_once"), VILLAGE("3", ", plugged_in: 2.5, energy: 20")};

    for (size_t v = 0; v < sizeof villages / sizeof villages[0]; v++) {
        struct gb_record *record = run_text(PATH, villages[v]);
        if (!record)
            continue;
        const struct gb_summary_row *sum = summary_of(record);
        const struct gb_meter_row *rows = gb_record_rows(record, GB_TABLE_METERS);
        size_t n_apart = 0;

        /* what is left below a Wh is carried, car by car */
        EXPECT_NEAR((double)sum->ev_wh, (double)sum->baseline_ev_wh, 6);
        EXPECT_NEAR((double)sum->ev_unserved_wh, (double)sum->baseline_ev_unserved_wh, 6);
        EXPECT(sum->ev_wh > 100000 && sum->n_settled > 0);
        EXPECT((sum->ev_unserved_wh > 0) == (v == 3));
        for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_METERS); i++)
            n_apart += rows[i].metered_wh != rows[i].baseline_wh;
        EXPECT(n_apart > 0 || v == 2);
        gb_record_free(record);
    }
}

static void one_car_more_moves_nobody_elses(void)
{
    struct gb_record *a = run_text(PATH, VILLAGE("3", "")), *b = run_text(PATH, VILLAGE("4", ""));

    if (a && b) {
        const struct gb_meter_row *few = gb_record_rows(a, GB_TABLE_METERS);
        const struct gb_meter_row *many = gb_record_rows(b, GB_TABLE_METERS);
        bool are_equal = true;
        for (size_t k = 0; k < 144; k++)
            for (size_t i = 0; i < 6; i++)
                are_equal &= few[6 * k + i].baseline_wh == many[7 * k + i].baseline_wh;
        EXPECT(are_equal);
    }
    gb_record_free(a);
    gb_record_free(b);
}

static void keys_are_refused_where_nobody_owns_a_car(void)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"format: 1\nev.power: 5\n",
         ":2:11: 'ev.power' is for scenarios in which somebody owns an electric vehicle, and "
         "meters.ev_share is 0; nothing reads it beside that: remove it\n"},
        {"format: 1\nev.power: 5\nhouseholds: {a: {count: 3}}\n",
         ":2:11: 'ev.power' is for scenarios in which somebody owns an electric vehicle, and no kind "
         "of households has one (`ev: {}`); nothing reads it beside that: remove it\n"},
        {"format: 1\nmeters.ev_share: 0.5\nev.distance: 30\n",
         ":3:14: ev.distance: expected ev.consumption beside it, for which there is no default\n"},
        {"format: 1\nmeters.ev_share: 0.5\nev.power: 5\n", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char said[1024];
        gb_scenario_free(scenario_of_text(PATH, cases[i].text, said, sizeof said));
        EXPECT_TEXT(said, cases[i].said);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(at_once_charges_from_the_arrival_on),
                                            TAP(before_departure_charges_in_the_cheapest_hours),
                                            TAP(what_was_bought_is_taken_and_the_rest_planned_anew),
                                            TAP(a_price_limit_still_serves_the_departure),
                                            TAP(what_does_not_fit_is_said),
                                            TAP(sessions_keep_apart),
                                            TAP(cars_get_the_same_in_both_arms),
                                            TAP(one_car_more_moves_nobody_elses),
                                            TAP(keys_are_refused_where_nobody_owns_a_car),
                                            {0}};
    return tap_main("evs", tests);
}
