/* Controllers of storage: schedules computed by hand, what each wishes where, and a battery that
 * keeps to its bounds and loses no energy whatever it is wished to do. */
#include "models/assets/controller.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "models/assets/meter.h"
#include "tests/tap.h"

enum { N_METERS = 8 };
/* of the default battery: 6.4 kWh, of which a quarter stays; 90 % of a round trip */
static const double capacity_wh = 6400, reserve_wh = 1600, initial_wh = 3200;
#define ONE_WAY 0.9486832980505138 /* sqrt(0.9) */

struct bench {
    struct gb_physics_config config;
    struct gb_fleet *fleet;
    struct gb_meters *meters;
    struct gb_slot_energy *slot;
    double none_w[N_METERS], load_w[N_METERS];
};

static void set_up(struct bench *b, const struct gb_storage_rules *rules, double load_w,
                   double loss_per_h)
{
    struct gb_error err = {0};

    *b = (struct bench){.fleet = NULL};
    gb_param_defaults(gb_physics_params, &b->config);
    b->config.fleet.n_meters = N_METERS;
    b->config.fleet.prosumer_share = b->config.fleet.storage_share = 1;
    b->config.weather.slot_ns = GB_NS_PER_HOUR;
    b->config.battery.loss_per_h = loss_per_h;
    for (int i = 0; i < N_METERS; i++)
        b->load_w[i] = load_w;
    EXPECT_INT(gb_fleet_create(&b->fleet, &b->config, (struct gb_draws){.seed = 3}, &err), GB_OK);
    EXPECT_INT(gb_meters_create(&b->meters, &b->config, b->fleet, rules, &err), GB_OK);
    EXPECT_INT(gb_slot_energy_create(&b->slot, N_METERS, &err), GB_OK);
    EXPECT_INT(b->fleet->batteries.n, N_METERS);
}

static void tear_down(struct bench *b)
{
    gb_slot_energy_free(b->slot);
    gb_meters_free(b->meters);
    gb_fleet_free(b->fleet);
}

/* Hour k, with the same signals for all batteries; returns the net of the first. */
static int64_t advance(struct bench *b, int64_t k, int64_t contracted_wh,
                       struct gb_price_expectation expected)
{
    int64_t contracted[N_METERS];
    struct gb_price_expectation price[N_METERS];
    struct gb_storage_signals signals = {.contracted_wh = contracted, .price = price};
    struct gb_slot_power power = {k, b->none_w, b->none_w, b->load_w};

    for (int i = 0; i < N_METERS; i++) {
        contracted[i] = contracted_wh;
        price[i] = expected;
    }
    gb_meters_advance(b->meters, &power, &signals, b->slot);
    return b->slot->net_wh[0];
}

static const struct gb_storage_controller *controller_named(const char *name)
{
    return (const struct gb_storage_controller *)gb_family_find(&gb_controller_family, NULL, name);
}

static const struct gb_price_expectation no_price = {{0}, {0}};

static double stored_wh(const struct bench *b)
{
    return gb_meters_charge_wh(b->meters)[0];
}

static void a_schedule_moves_what_a_hand_computes(void)
{
    struct gb_storage_rules rules = {.controller = &gb_controller_schedule};
    struct bench b;

    EXPECT(gb_storage_schedule_read(&rules.schedule, "1:00 2, 2:00 -1, 3:30 -4, 5:00 0"));
    set_up(&b, &rules, 300, 0);
    /* before the first time of the day the last of the day before holds */
    EXPECT_INT(advance(&b, 0, 0, no_price), 300);
    EXPECT_NEAR(stored_wh(&b), initial_wh, 1e-9);
    EXPECT_INT(advance(&b, 1, 0, no_price), 2300);
    EXPECT_NEAR(stored_wh(&b), initial_wh + 2000 * ONE_WAY, 1e-6);
    EXPECT_INT(advance(&b, 2, 0, no_price), -700);
    EXPECT_INT(advance(&b, 3, 0, no_price), -700); /* the slot begins at 3:00 */
    double left = initial_wh + 2000 * ONE_WAY - 2000 / ONE_WAY;
    EXPECT_NEAR(stored_wh(&b), left, 1e-6);
    /* 4 kW are asked of it: it gives what is above the reserve */
    EXPECT_INT(advance(&b, 4, 0, no_price), 300 - (int64_t)((left - reserve_wh) * ONE_WAY));
    EXPECT_NEAR(stored_wh(&b), reserve_wh, 1e-6);
    EXPECT_INT(advance(&b, 5, 0, no_price), 300);
    tear_down(&b);
}

static void a_contract_is_tracked_as_far_as_the_battery_reaches(void)
{
    struct bench b;

    set_up(&b, &(struct gb_storage_rules){.controller = controller_named("contract")}, 300, 0);
    EXPECT_INT(advance(&b, 0, -500, no_price), -500); /* sold: it gives 800 Wh */
    EXPECT_NEAR(stored_wh(&b), initial_wh - 800 / ONE_WAY, 1e-6);
    EXPECT_INT(advance(&b, 1, 1100, no_price), 1100); /* bought: it takes 800 Wh */
    EXPECT_INT(advance(&b, 2, 300, no_price), 300);   /* bought what it needs: it rests */
    EXPECT_INT(b.slot->charge_wh[0] + b.slot->discharge_wh[0], 0);
    EXPECT_INT(advance(&b, 3, 0, no_price), 0); /* nothing is known: own use */
    double left = initial_wh - 1100 / ONE_WAY + 800 * ONE_WAY;
    EXPECT_NEAR(stored_wh(&b), left, 1e-6);
    EXPECT_INT(advance(&b, 4, -9000, no_price), 300 - (int64_t)((left - reserve_wh) * ONE_WAY));
    tear_down(&b);
}

static double wish_at(int64_t buy, int64_t sell, double net_wh)
{
    struct gb_storage_rules rules = {.low = {400000}, .high = {500000}};
    struct gb_controller_seen seen = {
        .slot_h = 0.25, .power_w = 5000, .net_wh = net_wh, .price = {{buy}, {sell}}};

    return controller_named("price_threshold")->wish_w(&rules, &seen);
}

static void thresholds_split_prices_as_they_say(void)
{
    /* the market's price, one for both sides */
    EXPECT_NEAR(wish_at(400000, 400000, 100), 5000, 0);
    EXPECT_NEAR(wish_at(400001, 400001, 100), 0, 0);
    EXPECT_NEAR(wish_at(499999, 499999, -100), 0, 0);
    EXPECT_NEAR(wish_at(500000, 500000, -100), -5000, 0);
    /* the grid's tariff, cheap to sell at and dear to buy at: own use, and no trade with it */
    EXPECT_NEAR(wish_at(590000, 310000, -100), 400, 0);
    EXPECT_NEAR(wish_at(590000, 310000, 100), -400, 0);
    EXPECT_NEAR(wish_at(590000, 310000, 0), 0, 0);
    /* dear to sell at, too: it is emptied into the grid */
    EXPECT_NEAR(wish_at(590000, 510000, 100), -5000, 0);
}

static void no_wish_leads_beyond_the_bounds_or_loses_energy(void)
{
    static const double losses[] = {0, 0.02};
    struct gb_key key = gb_key_make(5, 0, GB_PURPOSE_TEST);

    for (int l = 0; l < 2; l++) {
        struct bench b;
        double before = initial_wh;
        int64_t charged = 0, discharged = 0;
        double lost = 0, of_charge = 0;

        set_up(&b, &(struct gb_storage_rules){.controller = controller_named("contract")}, 0,
               losses[l]);
        for (int64_t k = 0; k < 2000; k++) {
            struct gb_draw draw = gb_draw_at(key, 0, 0, (uint32_t)k, 0);
            int64_t wish = (int64_t)(16000 * (gb_draw_uniform(draw) - 0.5));
            int64_t net = advance(&b, k, wish, no_price);

            EXPECT(stored_wh(&b) >= reserve_wh - 1e-6 && stored_wh(&b) <= capacity_wh + 1e-6);
            EXPECT(b.slot->charge_wh[0] == 0 || b.slot->discharge_wh[0] == 0);
            EXPECT_INT(net, b.slot->charge_wh[0] - b.slot->discharge_wh[0]);
            EXPECT(llabs(net) <= 5000 && (double)net * (double)wish >= 0);
            lost += fmin(before * losses[l], before - reserve_wh);
            before = stored_wh(&b);
            charged += b.slot->charge_wh[0];
            discharged += b.slot->discharge_wh[0];
        }
        of_charge = (double)charged * ONE_WAY - (double)discharged / ONE_WAY;
        /* registers hold whole Wh; less than one each stands in their remainders */
        EXPECT_NEAR(initial_wh + of_charge - lost, stored_wh(&b), 1 + 1 / ONE_WAY);
        EXPECT(charged > 1000000 && discharged > 1000000);
        tear_down(&b);
    }
}

static void power_falls_where_a_battery_is_nearly_full(void)
{
    struct gb_storage_rules rules = {.controller = &gb_controller_schedule};
    struct bench b;
    double before;

    EXPECT(gb_storage_schedule_read(&rules.schedule, "0:00 9"));
    set_up(&b, &rules, 0, 0);
    /* 3200 Wh are half of it: the room is for 3373 Wh */
    EXPECT_INT(advance(&b, 0, 0, no_price), 3373);
    tear_down(&b);
    set_up(&b, &rules, 0, 0);
    b.config.weather.slot_ns = GB_NS_PER_HOUR / 4;
    gb_meters_free(b.meters);
    struct gb_error err = {0};
    EXPECT_INT(gb_meters_create(&b.meters, &b.config, b.fleet, &rules, &err), GB_OK);
    for (int64_t k = 0; k < 12; k++) {
        before = stored_wh(&b);
        double share = before / capacity_wh;
        /* u(SOC): 1 up to .8, .2 at 1: linear between them is 1 - 4 (SOC - .8) */
        double most_w = 5000 * (share <= 0.8 ? 1 : 4.2 - 4 * share);
        double took = fmin(most_w / 4, (capacity_wh - before) / ONE_WAY);
        advance(&b, k, 0, no_price);
        EXPECT_NEAR(stored_wh(&b), before + took * ONE_WAY, 1e-6);
    }
    tear_down(&b);
}

static void schedules_are_read_or_refused(void)
{
    struct gb_day_times times;

    EXPECT(gb_storage_schedule_read(&times, "0:00 1.5"));
    EXPECT(gb_storage_schedule_read(&times, " 7:05 -2 , 23:59 0"));
    EXPECT_INT(times.n, 2);
    EXPECT_INT(times.at[0].minute, 425);
    EXPECT_NEAR(times.at[0].value, -2, 0);
    EXPECT_NEAR(gb_day_times_at(&times, 0), 0, 0);
    EXPECT_NEAR(gb_day_times_at(&times, 425 * 60 * GB_NS_PER_SECOND), -2, 0);
    EXPECT_NEAR(gb_day_times_at(&times, 425 * 60 * GB_NS_PER_SECOND - 1), 0, 0);
    static const char *const wrong[] = {"",         "8:00",     "24:00 1",
                                        "8:0 1",    "8:00 x",   "8:00 1, 7:00 1",
                                        "8:00 1 2", "8:00 2e6", "8:00 1, 8:00 2"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (!EXPECT(!gb_storage_schedule_read(&times, wrong[i])))
            tap_note("taken: '%s'", wrong[i]);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_schedule_moves_what_a_hand_computes),
        TAP(a_contract_is_tracked_as_far_as_the_battery_reaches),
        TAP(thresholds_split_prices_as_they_say),
        TAP(no_wish_leads_beyond_the_bounds_or_loses_energy),
        TAP(power_falls_where_a_battery_is_nearly_full),
        TAP(schedules_are_read_or_refused),
        {0}};

    return tap_main("controller", tests);
}
