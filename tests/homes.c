#include "tests/homes.h"

#include "base/date.h"
#include "base/quantity.h"
#include "models/weather/weather.h"
#include "tests/tap.h"

struct gb_physics_config homes_config(size_t n, int minutes)
{
    struct gb_physics_config config = {0};

    gb_param_defaults(gb_physics_params, &config);
    config.weather.slot_ns = minutes * 60 * GB_NS_PER_SECOND;
    config.weather.start_date = gb_days_to_year(2013);
    config.fleet.n_meters = (int64_t)n;
    config.household.model = &gb_load_habits.member;
    return config;
}

void homes_open(struct homes *homes, const struct gb_physics_config *config, size_t window,
                uint64_t seed)
{
    struct gb_draws draws = {.seed = seed};
    struct gb_error err = {0};

    *homes = (struct homes){.config = *config, .next = gb_anchor_slot(config->weather.slot_ns)};
    EXPECT_INT(gb_fleet_create(&homes->fleet, &homes->config, draws, &err), GB_OK);
    EXPECT_INT(
        gb_load_habits.create(&homes->state, &homes->config, homes->fleet, window, draws, &err),
        GB_OK);
}

void homes_close(struct homes *homes)
{
    gb_load_habits.free(homes->state);
    gb_fleet_free(homes->fleet);
}

void homes_advance(struct homes *homes, int64_t interval, double *power_w)
{
    struct gb_error err = {0};

    for (; homes->next <= interval; homes->next++)
        EXPECT_INT(gb_load_habits.advance(homes->state, power_w, &err), GB_OK);
}
