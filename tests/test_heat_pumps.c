/* Heat pumps: performance, need and days computed by hand, heat that is neither lost nor made, the
 * same heat from every controller, and what could not be given said; then in whole runs, with and
 * without a market. */
#include "models/assets/heat_pumps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "experiments/scenario/scenario.h"
#include "models/assets/meter.h"
#include "tests/one_home.h"
#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/tap.h"
#include "tests/village_runs.h"

#define PATH "test_heat_pumps.yaml"

/* ---- one pump */

/* 6.81 - 0.121 x 40 + 0.00063 x 1600 = 6.81 - 4.84 + 1.008 */
static void performance_is_that_of_the_publication(void)
{
    struct gb_heat_pump_config pump = {.flow_c = 45};

    EXPECT_NEAR(gb_heat_pump_cop_at(40), 2.978, 1e-12);
    EXPECT_NEAR(gb_heat_pump_cop_at(15), 6.81 - 1.815 + 0.14175, 1e-12);
    EXPECT_NEAR(gb_heat_pump_cop_at(60), 6.81 - 7.26 + 2.268, 1e-12);
    EXPECT_NEAR(gb_heat_pump_cop_at(5), 5.13675, 1e-12); /* held at the ends */
    EXPECT_NEAR(gb_heat_pump_cop_at(80), 1.818, 1e-12);
    EXPECT_NEAR(gb_heat_pump_cop(&pump, 5), 2.978, 1e-12);
}

/* By default 321 x (15 - 5) = 3210 W at 5 degrees; at -10 it is 8025 W, at a lift of 65 K, of which
 * 60 count: 8.025/1.818 kW. */
static void need_goes_by_heating_degrees(void)
{
    struct gb_physics_config config;

    gb_param_defaults(gb_physics_params, &config);
    EXPECT_NEAR(gb_heat_pump_need_w(&config.heat_pump, 5), 3210, 1e-9);
    EXPECT_NEAR(gb_heat_pump_need_w(&config.heat_pump, 15), 0, 0);
    EXPECT_NEAR(gb_heat_pump_need_w(&config.heat_pump, 30), 0, 0);
    EXPECT_NEAR(gb_heat_pump_power_kw(&config.heat_pump), 8.025 / 1.818, 1e-12);
    config.heat_pump.power_kw = 3;
    EXPECT_NEAR(gb_heat_pump_power_kw(&config.heat_pump), 3, 0);
}

/* 4000 keep 3600, 500 more and 5000 of need: 900 are not served. Then 2500 made of 1000 needed. */
static void a_store_loses_then_takes_and_gives(void)
{
    double stored_wh = 4000;
    struct gb_heat_flow flow = gb_heat_store_step(6000, 0.9, 500, 5000, &stored_wh);

    EXPECT_NEAR(flow.lost_wh, 400, 1e-9);
    EXPECT_NEAR(flow.served_wh, 4100, 1e-9);
    EXPECT_NEAR(flow.unserved_wh, 900, 1e-9);
    EXPECT_NEAR(stored_wh, 0, 0);
    flow = gb_heat_store_step(6000, 0.9, 2500, 1000, &stored_wh);
    EXPECT_NEAR(flow.served_wh, 1000, 0);
    EXPECT_NEAR(flow.unserved_wh, 0, 0);
    EXPECT_NEAR(stored_wh, 1500, 0);
}

/* Slots of 6 h, the run begins with slot 0 = element 2. */
static void what_is_expected_of_the_air_is_what_was_read(void)
{
    double mean_c[] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct gb_outdoors air = {.slot_ns = 6 * GB_NS_PER_HOUR, .first = -2, .n = 8, .mean_c = mean_c};

    air.forecast = GB_FORECAST_PERFECT;
    EXPECT_NEAR(gb_outdoors_expected_c(&air, 5, 0), 8, 0);
    air.forecast = GB_FORECAST_PERSISTENCE;
    EXPECT_NEAR(gb_outdoors_expected_c(&air, 5, 2), 5, 0);
    air.forecast = GB_FORECAST_CONDITIONAL_MEAN;
    EXPECT_NEAR(gb_outdoors_expected_c(&air, 2, 2), 5, 0);
    EXPECT_NEAR(gb_outdoors_expected_c(&air, 5, 2), 4, 0); /* slot 1, a day before */
    EXPECT_NEAR(gb_outdoors_expected_c(&air, 5, 0), 3, 0); /* slot 1 not read, slot -3 not there */
    EXPECT_NEAR(gb_outdoors_expected_c(&air, 3, 0), 2, 0);
}

/* ---- one home: 200 W/K, 0 degrees outside and a flow of 40, so that 3000 Wh are needed an hour at
 * a performance of 2.978; a pump of 2 kW, 5956 Wh of heat, and a store of 6 kWh */

struct bench {
    struct one_home home;
    struct gb_outdoors air;
    double outside_c[ONE_HOME_HOURS];
};

static void set_up(struct bench *b, enum gb_flexible_controller controller)
{
    struct gb_heat_pump_config *pump = &b->home.config.heat_pump;

    *b = (struct bench){.outside_c = {0}};
    one_home_set_up(&b->home);
    b->home.config.fleet.heat_pump_share = 1;
    pump->heat_loss_w_k = 200;
    pump->flow_c = 40;
    pump->power_kw = 2;
    pump->store_kwh = 6;
    pump->controller = controller;
    pump->price_limit.ticks = 200000;
    b->air = (struct gb_outdoors){.slot_ns = GB_NS_PER_HOUR,
                                  .forecast = GB_FORECAST_PERFECT,
                                  .n = ONE_HOME_HOURS,
                                  .mean_c = b->outside_c};
}

static void begin(struct bench *b)
{
    one_home_begin(&b->home);
    EXPECT_INT(b->home.fleet->heat_pumps.n, 1);
    gb_demand_set_outdoors(gb_meters_demand(b->home.meters), &b->air);
}

/* What the pump draws in hour k. */
static int64_t draw(struct bench *b, int64_t k, int64_t contracted_wh)
{
    one_home_advance(&b->home, k, contracted_wh);
    EXPECT(b->home.slot->load_wh[0] >= b->home.slot->heat_pump_wh[0]);
    return b->home.slot->heat_pump_wh[0];
}

/* 3000/2.978 = 1007.387 Wh an hour, of which the third brings a whole one more. */
static void at_once_keeps_the_store_full(void)
{
    struct bench b;

    set_up(&b, GB_FLEXIBLE_AT_ONCE);
    begin(&b);
    EXPECT_INT(draw(&b, 0, 0), 1007);
    EXPECT_INT(b.home.slot->heat_wh[0], 3000);
    EXPECT_INT(draw(&b, 1, 0), 1007);
    EXPECT_INT(draw(&b, 2, 0), 1008);
    EXPECT_NEAR(*gb_demand_heat_wh(gb_meters_demand(b.home.meters)), 6000, 1e-9);
    one_home_tear_down(&b.home);
}

/* 2:00 and 3:00 cost 0.10, all else 0.30. To be full at 4:00 the store needs 88 Wh at 2:00 (88 +
 * 2 x 5956 - 2 x 3000 = 6000), 3088 at 1:00, and has 3000 behind 0:00: 88/2.978 = 29.55 Wh. */
static void before_departure_makes_heat_in_the_cheapest_hours(void)
{
    struct bench b;

    set_up(&b, GB_FLEXIBLE_BEFORE_DEPARTURE);
    b.home.ticks[2] = b.home.ticks[3] = 100000;
    begin(&b);
    EXPECT_INT(draw(&b, 0, 0), 29);
    EXPECT_INT(draw(&b, 1, 0), 0);
    EXPECT_INT(draw(&b, 2, 0), 2000);
    EXPECT_INT(draw(&b, 3, 0), 2000);
    EXPECT_NEAR(*gb_demand_heat_wh(gb_meters_demand(b.home.meters)), 6000, 1e-9);
    EXPECT_INT(draw(&b, 4, 0), 1007);
    one_home_tear_down(&b.home);
}

/* At or below 0.20 at 2:00 and 3:00: 6000 - 2 x 3000 + 2 x (5956 - 3000) = 5912 Wh are stored then.
 * They last to 5:00, which lacks 88. */
static void a_price_limit_still_keeps_homes_warm(void)
{
    struct bench b;

    set_up(&b, GB_FLEXIBLE_PRICE_LIMIT);
    b.home.ticks[2] = b.home.ticks[3] = 200000;
    begin(&b);
    EXPECT_INT(draw(&b, 0, 0), 0);
    EXPECT_INT(draw(&b, 1, 0), 0);
    EXPECT_INT(draw(&b, 2, 0), 2000);
    EXPECT_INT(draw(&b, 3, 0), 2000);
    EXPECT_INT(draw(&b, 4, 0), 0);
    EXPECT_INT(draw(&b, 5, 0), 29);
    EXPECT_INT(b.home.slot->heat_unserved_wh[0], 0);
    one_home_tear_down(&b.home);
}

/* All cost the same, but at 12:00 it is 10 degrees: need 1000, a lift of 30, 6.81 - 3.63 + 0.567 =
 * 3.747, up to 7494 Wh of heat. Heat made before is owed by 12:00 alone: the full store of 9:00 is
 * emptied at 10:00 and 11:00, and filled at 12:00 by 7000/3.747. */
static void flat_prices_leave_the_warm_hours_cheapest(void)
{
    struct bench b;
    int64_t sum = 0;

    set_up(&b, GB_FLEXIBLE_BEFORE_DEPARTURE);
    b.outside_c[12] = 10;
    begin(&b);
    for (int64_t k = 0; k < 10; k++)
        sum += draw(&b, k, 0);
    EXPECT_INT(sum, 10073); /* 10 x 3000/2.978 */
    EXPECT_INT(draw(&b, 10, 0), 0);
    EXPECT_INT(draw(&b, 11, 0), 0);
    EXPECT_NEAR((double)draw(&b, 12, 0), 7000 / 3.747, 1);
    one_home_tear_down(&b.home);
}

/* 2500 Wh were bought for 0:00, of which the home takes 1000: 1500 of them cost less than any later
 * hour. The store has room for what is needed alone: 1007. */
static void what_was_bought_is_taken_as_far_as_the_store_holds_it(void)
{
    struct bench b;

    set_up(&b, GB_FLEXIBLE_BEFORE_DEPARTURE);
    b.home.ticks[2] = b.home.ticks[3] = 100000;
    b.home.own_ticks = 50000;
    begin(&b);
    b.home.load_w = 1000;
    EXPECT_INT(draw(&b, 0, 2500), 1007);
    EXPECT_INT(draw(&b, 1, 1000), 0);
    one_home_tear_down(&b.home);
}

/* 0.5 kW make 1489 Wh of the 3000: without a store 1511 are not given, whoever controls. */
static void heat_that_a_small_pump_does_not_give_is_said(void)
{
    for (int controller = 0; controller < 3; controller++) {
        struct bench b;

        set_up(&b, (enum gb_flexible_controller)controller);
        b.home.config.heat_pump.power_kw = 0.5;
        b.home.config.heat_pump.store_kwh = 0;
        b.home.ticks[1] = 100000;
        begin(&b);
        for (int64_t k = 0; k < 3; k++) {
            EXPECT_INT(draw(&b, k, 0), 500);
            EXPECT_INT(b.home.slot->heat_wh[0], 1489);
            EXPECT_INT(b.home.slot->heat_unserved_wh[0], 1511);
        }
        one_home_tear_down(&b.home);
    }
}

/* ---- any weather and prices: heat made is heat given, lost and stored */

struct totals {
    double made_wh, served_wh, unserved_wh, need_wh, lost_wh, left_wh, cost;
};

static struct totals run_through(struct bench *b)
{
    struct gb_error err = {0};
    struct gb_heat_pumps *pumps = NULL;
    struct totals sum = {0};
    const struct gb_heat_pump_config *config = &b->home.config.heat_pump;
    double keep = 1 - config->loss_per_h, before = 1000 * config->store_kwh;

    EXPECT_INT(gb_heat_pumps_create(&pumps, &b->home.config, b->home.fleet, &err), GB_OK);
    gb_heat_pumps_set_outdoors(pumps, &b->air);
    for (int64_t k = 0; k < ONE_HOME_HOURS; k++) {
        struct gb_outlook outlook = {25, b->home.ticks + k, 0};
        double need_wh = gb_heat_pump_need_w(config, b->outside_c[k]);

        gb_heat_pumps_look(pumps, k, k);
        struct gb_flexible_flow flow = gb_heat_pumps_advance(pumps, 0, 0, &outlook);
        double after = *gb_heat_pumps_stored_wh(pumps);
        double made_wh = flow.taken_wh * gb_heat_pump_cop(config, b->outside_c[k]);
        EXPECT_NEAR(made_wh + keep * before, flow.heat_wh + after, 1e-8);
        EXPECT_NEAR(flow.heat_wh + flow.unserved_wh, need_wh, 1e-8);
        EXPECT(after >= 0 && after <= 1000 * config->store_kwh && flow.taken_wh >= 0 &&
               flow.taken_wh <= 1000 * gb_heat_pump_power_kw(config) + 1e-9);
        sum.made_wh += made_wh;
        sum.served_wh += flow.heat_wh;
        sum.unserved_wh += flow.unserved_wh;
        sum.need_wh += need_wh;
        sum.lost_wh += (1 - keep) * before;
        sum.cost += flow.taken_wh * (double)b->home.ticks[k];
        before = after;
    }
    sum.left_wh = before;
    gb_heat_pumps_free(pumps);
    return sum;
}

/* Hours between -15 and 20 degrees, prices of -0.10 to 0.50, some pumps too small. */
static void draw_weather(struct bench *b, struct gb_key key, uint32_t number)
{
    double base_c = 0;

    for (uint32_t k = 0; k < sizeof b->home.ticks / sizeof b->home.ticks[0]; k++) {
        struct gb_draw draw = gb_draw_at(key, number, 0, k, 0);
        base_c = k % 8 == 0 ? -12 + 24 * gb_draw_uniform(draw) : base_c;
        b->home.ticks[k] = (int64_t)(-100000 + 600000 * gb_draw_uniform2(draw));
        if (k < ONE_HOME_HOURS)
            b->outside_c[k] = base_c + 6 * gb_draw_uniform(gb_draw_at(key, number, 1, k, 0));
    }
}

static void all_controllers_give_the_same_heat(void)
{
    struct gb_key key = gb_key_make(9, 0, GB_PURPOSE_TEST);
    size_t n_short = 0, n_saved = 0;
    enum { N = 60 };

    for (uint32_t number = 0; number < N; number++) {
        struct totals totals[3];

        for (int controller = 0; controller < 3; controller++) {
            struct bench b;

            set_up(&b, (enum gb_flexible_controller)controller);
            draw_weather(&b, key, number);
            b.home.config.heat_pump.power_kw = number % 3 == 0 ? 1.7 : 4;
            b.home.config.heat_pump.loss_per_h = number % 2 == 0 ? 0.02 : 0;
            begin(&b);
            totals[controller] = run_through(&b);
            one_home_tear_down(&b.home);
        }
        for (int c = 0; c < 3; c++) {
            EXPECT_NEAR(totals[c].need_wh, totals[0].need_wh, 1e-6);
            EXPECT_NEAR(totals[c].served_wh, totals[0].served_wh, 1e-6);
            EXPECT_NEAR(totals[c].unserved_wh, totals[0].unserved_wh, 1e-6);
            EXPECT_NEAR(totals[c].left_wh, totals[0].left_wh, 1e-6);
            EXPECT_NEAR(totals[c].made_wh + 6000,
                        totals[c].served_wh + totals[c].lost_wh + totals[c].left_wh, 1e-6);
            /* full as when it began */
            EXPECT(number % 3 == 0 || fabs(totals[c].left_wh - 6000) < 1e-6);
        }
        n_short += totals[0].unserved_wh > 1;
        n_saved += totals[1].cost < totals[0].cost;
    }
    EXPECT(n_short > 0 && n_short < N / 2);
    EXPECT_INT(n_saved, N);
}

/* ---- whole runs */

#define VILLAGE(farms, more)                                                                  \
    "format: 1\nslot: 30 min\ndays: 3\nstart_date: 2024-04-10\noutput.level: meters\n"        \
    "site: {preset: munich, temperature_model: process}\n"                                    \
    "chain.crypto: modelled\ntariff: {feed_in: 0.08, retail_by_time: \"0:00 0.25, "           \
    "6:00 0.38, 22:00 0.25\"}\nhouseholds:\n"                                                 \
    "  farm: {count: " farms ", pv: {size: 8}, heat_pump: {store: 8}, ev: {}, storage: {}}\n" \
    "  home: {count: 3, heat_pump: {store: 10" more "}}\n"                                    \
    "  roof: {count: 2, pv: {size: 15}}\n"

static void homes_get_the_same_heat_in_both_arms(void)
{
    static const char *const villages[] = {
        VILLAGE("3", ""), VILLAGE("3", ", controller: price_limit, price_limit: 0.2"),
        VILLAGE("3", ", controller: at_once, store_loss: 0.01"),
        VILLAGE("3", ", power: 0.4, flow: 40") "forecast.kind: perfect\n"};

    for (size_t v = 0; v < sizeof villages / sizeof villages[0]; v++) {
        struct gb_record *record = run_text(PATH, villages[v]);
        if (!record)
            continue;
        const struct gb_summary_row *sum = summary_of(record);
        const struct gb_meter_row *rows = gb_record_rows(record, GB_TABLE_METERS);
        const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);
        size_t n_apart = 0;
        int64_t drawn_wh = 0, heat_wh = 0, unserved_wh = 0;

        /* what is left below a Wh is carried, home by home */
        EXPECT_NEAR((double)sum->heat_wh, (double)sum->baseline_heat_wh, 6);
        EXPECT_NEAR((double)sum->heat_unserved_wh, (double)sum->baseline_heat_unserved_wh, 6);
        EXPECT(sum->heat_pump_wh > 100000 && sum->n_settled > 0);
        EXPECT(sum->heat_wh > 2 * sum->heat_pump_wh);
        EXPECT((sum->heat_unserved_wh > 0) == (v == 3));
        for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_METERS); i++) {
            n_apart += rows[i].heat_pump_wh > 0 && rows[i].metered_wh != rows[i].baseline_wh;
            drawn_wh += rows[i].heat_pump_wh;
            heat_wh += rows[i].heat_wh;
            unserved_wh += rows[i].heat_unserved_wh;
            EXPECT(rows[i].load_wh >= rows[i].heat_pump_wh + rows[i].ev_wh);
        }
        EXPECT(n_apart > 0);
        EXPECT_INT(drawn_wh, sum->heat_pump_wh);
        EXPECT_INT(heat_wh, sum->heat_wh);
        EXPECT_INT(unserved_wh, sum->heat_unserved_wh);
        EXPECT_NEAR(users[5].heat_pump_kw, v == 3 ? 0.4 : 8.025 / 1.818, 1e-9);
        gb_record_free(record);
    }
}

static void one_heat_pump_more_moves_nobody_elses(void)
{
    struct gb_record *a = run_text(PATH, VILLAGE("3", "")), *b = run_text(PATH, VILLAGE("4", ""));

    if (a && b) {
        const struct gb_meter_row *few = gb_record_rows(a, GB_TABLE_METERS);
        const struct gb_meter_row *many = gb_record_rows(b, GB_TABLE_METERS);
        bool are_equal = true;
        for (size_t k = 0; k < 144; k++)
            for (size_t i = 0; i < 8; i++)
                are_equal &= few[8 * k + i].baseline_wh == many[9 * k + i + (i >= 3)].baseline_wh &&
                             few[8 * k + i].solar_wh == many[9 * k + i + (i >= 3)].solar_wh;
        EXPECT(are_equal);
    }
    gb_record_free(a);
    gb_record_free(b);
}

/* Nobody's load, roof or car is drawn anew where homes get heat pumps. */
static void heat_pumps_leave_the_rest_of_a_home_alone(void)
{
    static const char *const with[] = {"meters.ev_share=0.5",
                                       "site.temperature=4",
                                       "meters.heat_pump_share=0.7",
                                       "heat_pump.controller=at_once",
                                       "ev.controller=at_once",
                                       "output.level=meters",
                                       "slots=60",
                                       NULL};
    static const char *const without[] = {
        "meters.ev_share=0.5", "site.temperature=4", "ev.controller=at_once",
        "output.level=meters", "slots=60",           NULL};
    struct gb_record *a = run_with(NULL, with), *b = run_with(NULL, without);

    if (a && b) {
        const struct gb_meter_row *warm = gb_record_rows(a, GB_TABLE_METERS);
        const struct gb_meter_row *cold = gb_record_rows(b, GB_TABLE_METERS);
        size_t n = gb_record_n_rows(a, GB_TABLE_METERS), n_drawn = 0;
        bool are_equal = EXPECT_INT(n, gb_record_n_rows(b, GB_TABLE_METERS));

        for (size_t i = 0; are_equal && i < n; i++) {
            are_equal = warm[i].load_wh - warm[i].heat_pump_wh == cold[i].load_wh &&
                        warm[i].ev_wh == cold[i].ev_wh && warm[i].solar_wh == cold[i].solar_wh &&
                        warm[i].wind_wh == cold[i].wind_wh;
            n_drawn += warm[i].heat_pump_wh > 0;
        }
        EXPECT(are_equal && n_drawn > 0 && n_drawn < n);
    }
    gb_record_free(a);
    gb_record_free(b);
}

static void keys_are_refused_where_nobody_reads_them(void)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"format: 1\nheat_pump.power: 5\n",
         ":2:18: 'heat_pump.power' is for scenarios in which somebody owns a heat pump, and "
         "meters.heat_pump_share is 0; nothing reads it beside that: remove it\n"},
        {"format: 1\nheat_pump.store: 5\nhouseholds: {a: {count: 3, ev: {}}}\n",
         ":2:18: 'heat_pump.store' is for scenarios in which somebody owns a heat pump, and no kind "
         "of households has one (`heat_pump: {}`); nothing reads it beside that: remove it\n"},
        {"format: 1\nmeters.heat_pump_share: 0.5\nheat_pump.design_temperature: 16\n",
         ":3:31: heat_pump.design_temperature: at heat_pump.design_temperature a home needs no "
         "heat, so that no pump is sized; expected that below heat_pump.limit, or a number for "
         "heat_pump.power\n"},
        {"format: 1\nmeters.heat_pump_share: 0.5\nheat_pump.limit: -20\n",
         ":3:18: heat_pump.limit: at heat_pump.design_temperature a home needs no heat, so that no "
         "pump is sized; expected that below heat_pump.limit, or a number for heat_pump.power\n"},
        {"format: 1\nhouseholds: {a: {count: 3, heat_pump: {limit: -12}}}\n",
         ":2:47: households.a.heat_pump.limit: at heat_pump.design_temperature a home needs no "
         "heat, so that no pump is sized; expected that below heat_pump.limit, or a number for "
         "heat_pump.power\n"},
        {"format: 1\nmeters.heat_pump_share: 0.5\nheat_pump.power: 5\n", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char said[1024];
        gb_scenario_free(scenario_of_text(PATH, cases[i].text, said, sizeof said));
        EXPECT_TEXT(said, cases[i].said);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(performance_is_that_of_the_publication),
        TAP(need_goes_by_heating_degrees),
        TAP(a_store_loses_then_takes_and_gives),
        TAP(what_is_expected_of_the_air_is_what_was_read),
        TAP(at_once_keeps_the_store_full),
        TAP(before_departure_makes_heat_in_the_cheapest_hours),
        TAP(a_price_limit_still_keeps_homes_warm),
        TAP(flat_prices_leave_the_warm_hours_cheapest),
        TAP(what_was_bought_is_taken_as_far_as_the_store_holds_it),
        TAP(heat_that_a_small_pump_does_not_give_is_said),
        TAP(all_controllers_give_the_same_heat),
        TAP(homes_get_the_same_heat_in_both_arms),
        TAP(one_heat_pump_more_moves_nobody_elses),
        TAP(heat_pumps_leave_the_rest_of_a_home_alone),
        TAP(keys_are_refused_where_nobody_reads_them),
        {0}};
    return tap_main("heat_pumps", tests);
}
