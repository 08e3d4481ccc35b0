/* Homes of a kind that lose heat differently: by the spread asked for, each by draws of its own,
 * and with pumps and heat that go with it. */
#include <math.h>
#include <stdio.h>

#include "models/assets/fleet.h"
#include "tests/tap.h"
#include "tests/village_runs.h"

#define PATH "test_heat_losses.yaml"

#define HEAD                                                                            \
    "format: 1\nslot: 30 min\ndays: 2\nstart_date: 2024-01-10\nsite: {preset: munich, " \
    "temperature_model: process}\nchain.crypto: modelled\noutput.level: meters\n"       \
    "heat_pump: {heat_loss_sd: 100, store: 6, controller: at_once}\n"
#define VILLAGE(old)                                                    \
    HEAD "households:\n  new: {count: 2, heat_pump: {heat_loss: 90}}\n" \
         "  old: {count: " old ", heat_pump: {}}\n"                     \
         "  out: {count: 2, heat_pump: {heat_loss: 200, heat_loss_sd: 20}, pv: {}}\n"

/* 10^4 homes: the mean of their losses is one of sd 1 W/K, which is 5 times that off once in 1.7
 * million seeds; the relative sd of the sample's sd is (with the lognormal's excess kurtosis, 1.6)
 * sqrt((2 + 1.6) / 4e4) = 0.0095, of which 5 times are allowed. */
static void losses_have_the_mean_and_spread_asked_for(void)
{
    struct gb_scenario *scenario = good_scenario(
        PATH,
        "format: 1\nmeters: {count: 10000, heat_pump_share: 1}\nheat_pump.heat_loss_sd: 100\n");
    struct gb_fleet *fleet = scenario ? fleet_of(scenario) : NULL;
    double sum = 0, squares = 0;

    if (!fleet)
        goto done;
    const struct gb_heaters *pumps = &fleet->heat_pumps;
    EXPECT_INT((int64_t)pumps->n, 10000);
    for (size_t i = 0; i < pumps->n; i++) {
        sum += pumps->loss_w_k[i];
        squares += pumps->loss_w_k[i] * pumps->loss_w_k[i];
        /* sized: 25 K at a COP of 1.818 */
        EXPECT_NEAR(pumps->kw[i], 0.025 * pumps->loss_w_k[i] / 1.818, 1e-9);
    }
    double mean = sum / 10000, sd = sqrt(squares / 10000 - mean * mean);
    EXPECT_NEAR(mean, 321, 5);
    EXPECT_NEAR(sd / 100, 1, 0.05);
done:
    gb_fleet_free(fleet);
    gb_scenario_free(scenario);
}

/* A home's need is its loss times the same degrees: so is its heat, over the size of its pump. */
static void heat_and_pump_go_with_the_home(void)
{
    struct gb_record *record = run_text(PATH, VILLAGE("4"));

    if (!record)
        return;
    const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);
    EXPECT_NEAR(users[0].heat_pump_kw, 0.025 * 90 / 1.818, 1e-9);
    EXPECT_NEAR(users[1].heat_pump_kw, 0.025 * 90 / 1.818, 1e-9); /* what it gives is exact */
    double heat_a_kw = (double)users[0].heat_wh / users[0].heat_pump_kw;
    EXPECT(users[0].heat_wh > 50000);
    for (size_t i = 1; i < 8; i++) {
        EXPECT_INT(users[i].heat_unserved_wh, 0);
        EXPECT_NEAR((double)users[i].heat_wh / users[i].heat_pump_kw / heat_a_kw, 1, 1e-4);
        for (size_t j = 2; j < i; j++)
            EXPECT(fabs(users[i].heat_pump_kw - users[j].heat_pump_kw) > 1e-3);
    }
    gb_record_free(record);
}

/* A home that draws a loss is run as one whose kind says it: stores, prices and all. */
static void a_drawn_loss_is_as_good_as_a_given_one(void)
{
    static const char village[] =
        "format: 1\nslot: 30 min\ndays: 3\nstart_date: 2024-02-10\noutput.level: meters\n"
        "site: {preset: munich, temperature_model: process}\nchain.crypto: modelled\n"
        "tariff: {feed_in: 0.08, retail_by_time: \"0:00 0.25, 6:00 0.38, 22:00 "
        "0.25\"}\nhouseholds:\n  old: {count: 1, heat_pump: {store: 12, power: 5, %s}}\n";
    char text[1024], loss[64];
    struct gb_record *drawn, *given;

    snprintf(text, sizeof text, village, "heat_loss: 250, heat_loss_sd: 90");
    struct gb_scenario *scenario = good_scenario(PATH, text);
    struct gb_fleet *fleet = scenario ? fleet_of(scenario) : NULL;
    if (!fleet)
        return;
    snprintf(loss, sizeof loss, "heat_loss: %.9f", fleet->heat_pumps.loss_w_k[0]);
    drawn = run_text(PATH, text);
    snprintf(text, sizeof text, village, loss);
    given = run_text(PATH, text);
    if (drawn && given) {
        const struct gb_meter_row *one = gb_record_rows(drawn, GB_TABLE_METERS);
        const struct gb_meter_row *other = gb_record_rows(given, GB_TABLE_METERS);
        for (size_t k = 0; k < 144; k++) /* nine decimals: a Wh may fall into the next slot */
            EXPECT_NEAR((double)one[k].heat_pump_wh, (double)other[k].heat_pump_wh, 1);
        EXPECT(fabs(fleet->heat_pumps.loss_w_k[0] - 250) > 10); /* else nothing was compared */
    }
    gb_record_free(drawn);
    gb_record_free(given);
    gb_fleet_free(fleet);
    gb_scenario_free(scenario);
}

static void one_home_more_moves_nobody_elses(void)
{
    struct gb_record *a = run_text(PATH, VILLAGE("3")), *b = run_text(PATH, VILLAGE("4"));

    if (a && b) {
        const struct gb_meter_row *few = gb_record_rows(a, GB_TABLE_METERS);
        const struct gb_meter_row *many = gb_record_rows(b, GB_TABLE_METERS);
        bool are_equal = true;

        for (size_t k = 0; k < 96; k++)
            for (size_t i = 0; i < 7; i++) {
                const struct gb_meter_row *one = &few[7 * k + i];
                const struct gb_meter_row *other = &many[8 * k + i + (i >= 5)];
                are_equal &= one->heat_pump_wh == other->heat_pump_wh &&
                             one->heat_wh == other->heat_wh && one->load_wh == other->load_wh;
            }
        EXPECT(are_equal);
    }
    gb_record_free(a);
    gb_record_free(b);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(losses_have_the_mean_and_spread_asked_for),
                                            TAP(heat_and_pump_go_with_the_home),
                                            TAP(a_drawn_loss_is_as_good_as_a_given_one),
                                            TAP(one_home_more_moves_nobody_elses),
                                            {0}};
    return tap_main("heat_losses", tests);
}
