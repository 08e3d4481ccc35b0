#include "tests/one_home.h"

#include "tests/tap.h"

void one_home_set_up(struct one_home *home)
{
    struct gb_error err = {0};

    *home = (struct one_home){.fleet = NULL};
    gb_param_defaults(gb_physics_params, &home->config);
    home->config.fleet.n_meters = 1;
    home->config.fleet.prosumer_share = 0;
    home->config.weather.slot_ns = GB_NS_PER_HOUR;
    for (size_t k = 0; k < sizeof home->ticks / sizeof home->ticks[0]; k++)
        home->ticks[k] = 300000;
    EXPECT_INT(gb_slot_energy_create(&home->slot, 1, &err), GB_OK);
}

void one_home_begin(struct one_home *home)
{
    struct gb_error err = {0};
    struct gb_storage_rules rules = {.controller = &gb_controller_greedy};

    EXPECT_INT(gb_fleet_create(&home->fleet, &home->config, (struct gb_draws){.seed = 3}, &err),
               GB_OK);
    EXPECT_INT(gb_meters_create(&home->meters, &home->config, home->fleet, &rules, &err), GB_OK);
}

void one_home_tear_down(struct one_home *home)
{
    gb_slot_energy_free(home->slot);
    gb_meters_free(home->meters);
    gb_fleet_free(home->fleet);
}

void one_home_advance(struct one_home *home, int64_t k, int64_t contracted_wh)
{
    struct gb_outlook outlook = {25, home->ticks + k, home->own_ticks};
    const uint32_t first = 0;
    const double none = 0;
    struct gb_storage_signals signals = {.flexible = {&contracted_wh, &outlook, &first}};
    struct gb_slot_power power = {
        .interval = k, .solar_w = &none, .wind_w = &none, .load_w = &home->load_w};

    gb_meters_advance(home->meters, &power, &signals, home->slot);
    EXPECT_INT(home->slot->net_wh[0], home->slot->load_wh[0]);
}
