#include "tests/stepped_village.h"

#include "tests/tap.h"

struct gb_physics_config stepped_village_physics(int64_t slot_ns, int64_t step_ns)
{
    struct gb_physics_config config = {0};

    gb_param_defaults(gb_physics_params, &config);
    config.weather.slot_ns = slot_ns;
    config.weather.step_ns = step_ns;
    config.fleet.n_meters = STEPPED_METERS;
    config.fleet.prosumer_share = 0.8;
    config.fleet.wind_share = 0.4;
    config.fleet.storage_share = 0.7;
    config.fleet.ev_share = 0;
    return config;
}

void stepped_village_open(struct stepped_village *v, const struct gb_physics_config *config,
                          size_t window, const struct gb_storage_controller *controller)
{
    struct gb_draws draws = {.seed = 21};
    struct gb_storage_rules rules = {.controller = controller};

    *v = (struct stepped_village){.config = *config};
    EXPECT_INT(gb_fleet_create(&v->fleet, &v->config, draws, &v->err), GB_OK);
    EXPECT_INT(
        gb_physics_replayed.create(&v->physics, &v->config, v->fleet, window, draws, &v->err),
        GB_OK);
    EXPECT_INT(gb_meters_create(&v->meters, &v->config, v->fleet, &rules, &v->err), GB_OK);
    EXPECT_INT(gb_slot_energy_create(&v->energy, v->fleet->n, &v->err), GB_OK);
}

void stepped_village_close(struct stepped_village *v)
{
    gb_physics_replayed.free(v->physics);
    gb_slot_energy_free(v->energy);
    gb_meters_free(v->meters);
    gb_fleet_free(v->fleet);
}

struct gb_slot_power stepped_village_power(struct stepped_village *v, int64_t interval)
{
    struct gb_slot_power power = {0};

    EXPECT_INT(gb_physics_replayed.slot(v->physics, interval, &power, &v->err), GB_OK);
    return power;
}
