/* One home in 3 steps of 20 min, with a battery of 6.4 kWh at 3.2, 5 kW, .9 both ways: battery,
 * contract and connection step by step against what a hand computes. */
#include "models/assets/stepped.h"

#include <string.h>

#include "base/quantity.h"
#include "models/assets/meter.h"
#include "tests/stepped_village.h"
#include "tests/tap.h"

enum { WINDOW = 3 };
#define MINUTE_NS (60 * GB_NS_PER_SECOND)

enum { THREE = 3 };

struct home {
    struct stepped_village v;
    double solar_w[THREE], load_w[THREE];
};

static void open_home(struct home *h, const struct gb_storage_controller *controller,
                      double limit_kw)
{
    struct gb_physics_config config = stepped_village_physics(60 * MINUTE_NS, 20 * MINUTE_NS);

    config.fleet.n_meters = 1;
    config.fleet.prosumer_share = config.fleet.storage_share = 1;
    config.fleet.wind_share = 0;
    config.connection.limit_kw = limit_kw;
    stepped_village_open(&h->v, &config, WINDOW, controller);
    EXPECT_INT(h->v.fleet->systems.n, 1);
    EXPECT_INT(h->v.fleet->batteries.n, 1);
}

static const struct gb_slot_energy *hour(struct home *h, double contracted_wh, double load_w,
                                         double first_w, double second_w, double third_w)
{
    static int64_t interval = 0;
    int64_t contracted = (int64_t)contracted_wh;
    struct gb_storage_signals signals = {.contracted_wh = &contracted};
    struct gb_slot_power power = {interval++, h->solar_w, NULL, h->load_w};

    for (int s = 0; s < THREE; s++)
        h->load_w[s] = load_w;
    h->solar_w[0] = first_w;
    h->solar_w[1] = second_w;
    h->solar_w[2] = third_w;
    gb_meters_advance(h->v.meters, &power, &signals, h->v.energy);
    return h->v.energy;
}

/* 600 W are used; 0, 1200 and 600 W come. The mean is balanced and a slot's battery would rest; in
 * steps it gives 600 W for 20 min, 200 Wh, and takes as much. */
static void a_cloud_that_passes_moves_a_battery(void)
{
    struct home h;

    open_home(&h, &gb_controller_greedy, -1);
    const struct gb_slot_energy *e = hour(&h, 0, 600, 0, 1200, 600);
    EXPECT_INT(e->discharge_wh[0], 200);
    EXPECT_INT(e->charge_wh[0], 200);
    EXPECT_INT(e->net_wh[0], 0);
    EXPECT_NEAR(gb_meters_charge_wh(h.v.meters)[0],
                3200 - 200 / STEPPED_ONE_WAY + 200 * STEPPED_ONE_WAY, 1e-6);
    stepped_village_close(&h.v);
}

/* Loads and light whose steps are no whole Wh: what registers carry is never traded. */
static void a_battery_that_can_leaves_no_wh_at_a_slots_end(void)
{
    struct home h;
    bool rests = true;

    open_home(&h, &gb_controller_greedy, -1);
    for (int k = 0; k < 40; k++) {
        const struct gb_slot_energy *e =
            hour(&h, 0, 101 + 7 * k, k % 2 ? 0 : 700.3, 50.5 + k, k % 2 ? 13 : 577);
        rests &= e->net_wh[0] == 0;
        rests &= e->load_wh[0] + e->charge_wh[0] == e->solar_wh[0] + e->discharge_wh[0];
    }
    EXPECT(rests);
    stepped_village_close(&h.v);
}

/* 9 kW for 20 min are 5 kW into the battery, 1666.67 Wh, and 4 kW out, 1333.33 Wh; then 900 W are
 * used for 40 min, 600 Wh, which come out of it. The mean, 2.4 kW, would all go in. */
static void power_that_a_battery_cannot_take_is_fed_in(void)
{
    struct home h;

    open_home(&h, &gb_controller_greedy, -1);
    const struct gb_slot_energy *e = hour(&h, 0, 900, 9900, 0, 0);
    EXPECT_INT(e->charge_wh[0], 1666);
    EXPECT_NEAR((double)e->discharge_wh[0], 600, 1);
    EXPECT_NEAR((double)e->net_wh[0], -4000 / 3.0, 1);
    EXPECT_INT(e->net_wh[0], e->load_wh[0] + e->charge_wh[0] - e->solar_wh[0] - e->discharge_wh[0]);
    stepped_village_close(&h.v);
}

/* 700 Wh were sold: each step feeds in a third. The first lacks 200 Wh, and so gives 433.33; the
 * others have 1000 Wh each, of which 766.67 go in. */
static void a_contract_is_kept_over_the_steps_of_a_slot(void)
{
    struct home h;

    open_home(&h, &gb_controller_contract, -1);
    const struct gb_slot_energy *e = hour(&h, -700, 600, 0, 3600, 3600);
    EXPECT_INT(e->net_wh[0], -700);
    EXPECT_NEAR((double)e->discharge_wh[0], 200 + 700 / 3.0, 1);
    EXPECT_NEAR((double)e->charge_wh[0], 2 * (1000 - 700 / 3.0), 1);
    stepped_village_close(&h.v);
}

/* 3000 Wh were sold, but 6000 come in the first step less 200 of load, of which 1666.67 go into the
 * battery: 4133.33 are fed in. The others take back the half each of what that is too much: 566.67,
 * of which 200 are used and 366.67 go into the battery. */
static void what_a_step_cannot_keep_of_a_contract_others_make_good(void)
{
    struct home h;

    open_home(&h, &gb_controller_contract, -1);
    const struct gb_slot_energy *e = hour(&h, -3000, 600, 18000, 0, 0);
    EXPECT_INT(e->net_wh[0], -3000);
    EXPECT_NEAR((double)e->charge_wh[0], 5000 / 3.0 + 2 * 1100 / 3.0, 1);
    EXPECT_INT(e->discharge_wh[0], 0);
    stepped_village_close(&h.v);
}

/* 7 kW over the load for 20 min, of which 5 kW go into the battery: 2 kW are left. With 18 kW, 13
 * are: a connection of 6 kW cuts 7 kW, 2333.33 Wh, though the mean fed in is far below it. */
static void what_is_beyond_a_connection_is_curtailed_in_its_step(void)
{
    struct home h;

    open_home(&h, &gb_controller_greedy, 6);
    const struct gb_slot_energy *e = hour(&h, 0, 0, 7000, 0, 0);
    EXPECT_INT(e->curtailed_wh[0], 0);
    EXPECT_NEAR((double)e->net_wh[0], -2000 / 3.0, 1);
    stepped_village_close(&h.v);
    open_home(&h, &gb_controller_greedy, 6);
    e = hour(&h, 0, 0, 18000, 0, 0);
    EXPECT_NEAR((double)e->curtailed_wh[0], 7000 / 3.0, 1);
    EXPECT_NEAR((double)e->solar_wh[0], 11000 / 3.0, 1);
    EXPECT_NEAR((double)e->net_wh[0], -6000 / 3.0, 1);
    EXPECT_INT(e->net_wh[0], e->load_wh[0] + e->charge_wh[0] - e->solar_wh[0] - e->discharge_wh[0]);
    stepped_village_close(&h.v);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_cloud_that_passes_moves_a_battery),
        TAP(a_battery_that_can_leaves_no_wh_at_a_slots_end),
        TAP(power_that_a_battery_cannot_take_is_fed_in),
        TAP(a_contract_is_kept_over_the_steps_of_a_slot),
        TAP(what_a_step_cannot_keep_of_a_contract_others_make_good),
        TAP(what_is_beyond_a_connection_is_curtailed_in_its_step),
        {0}};

    return tap_main("home steps", tests);
}
