#include "tests/power_model.h"

#include <string.h>

#include "tests/tap.h"

struct gb_physics_config default_physics(void)
{
    struct gb_physics_config config = {0};

    gb_param_defaults(gb_physics_params, &config);
    return config;
}

void power_model_open(struct power_model *v, const struct gb_physics_config *config, size_t window,
                      uint64_t seed)
{
    memset(v, 0, sizeof *v);
    v->config = *config;
    EXPECT_INT(gb_fleet_create(&v->fleet, &v->config, (struct gb_draws){.seed = seed}, &v->err),
               GB_OK);
    EXPECT_INT(gb_physics_modelled.create(&v->state, &v->config, v->fleet, window,
                                          (struct gb_draws){.seed = seed}, &v->err),
               GB_OK);
}

void power_model_close(struct power_model *v)
{
    gb_physics_modelled.free(v->state);
    gb_fleet_free(v->fleet);
}

struct gb_slot_power power_at(struct power_model *v, int64_t interval)
{
    struct gb_slot_power power = {0};

    EXPECT_INT(gb_physics_modelled.slot(v->state, interval, &power, &v->err), GB_OK);
    return power;
}

bool is_same_power(const struct gb_slot_power *a, const struct gb_slot_power *b,
                   const struct gb_fleet *fleet)
{
    return memcmp(a->solar_w, b->solar_w, fleet->systems.n * sizeof(double)) == 0 &&
           memcmp(a->wind_w, b->wind_w, fleet->turbines.n * sizeof(double)) == 0 &&
           memcmp(a->load_w, b->load_w, fleet->n * sizeof(double)) == 0;
}

void forecast_at(struct power_model *v, int64_t interval, int64_t last_read, size_t first, size_t n,
                 struct estimates *b)
{
    const struct gb_systems *systems = &v->fleet->systems;
    const struct gb_turbines *turbines = &v->fleet->turbines;
    size_t system = gb_owners_before(systems->meter, systems->n, first);
    size_t turbine = gb_owners_before(turbines->meter, turbines->n, first);

    EXPECT_INT(gb_physics_modelled.forecast(v->state, interval, last_read, first, n,
                                            b->solar_w + system, b->wind_w + turbine,
                                            b->load_w + first, &v->err),
               GB_OK);
}
