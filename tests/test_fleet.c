/* The table of physical parameters and the fleet drawn from it: sizes as asked, owners in order,
 * and traits that nobody else's can shift. */
#include "models/assets/fleet.h"

#include <math.h>
#include <string.h>

#include "base/quantity.h"
#include "tests/tap.h"

static struct gb_physics_config defaults(void)
{
    struct gb_physics_config config = {0};

    gb_param_defaults(gb_physics_params, &config);
    return config;
}

static void every_row_has_a_default_in_its_range_and_a_sentence(void)
{
    size_t rows = 0;

    for (const struct gb_param *row = gb_physics_params; row->key; row++, rows++) {
        struct gb_physics_config config = {0};
        char why[256] = "", text[64];
        EXPECT(gb_param_parse(row, row->default_text, &config, why, sizeof why));
        EXPECT_TEXT(why, "");
        EXPECT(row->layer == GB_LAYER_PHYSICS &&
               row->description[strlen(row->description) - 1] == '.');
        EXPECT(gb_param_parse(row, gb_param_format(row, &config, text, sizeof text), &config, why,
                              sizeof why));
        for (const struct gb_param *other = gb_physics_params; other != row; other++)
            EXPECT(strcmp(other->key, row->key) != 0 && other->offset != row->offset);
    }
    EXPECT(rows > 50);
    struct gb_physics_config config = defaults();
    EXPECT_INT(config.weather.slot_ns, 900 * GB_NS_PER_SECOND);
    EXPECT_INT(config.weather.start_date, 19509); /* 2023-06-01 */
    EXPECT_INT(config.fleet.n_meters, 30);
}

/* Shares at 5 standard errors: 6e-7 for each of the four. */
static void a_large_fleet_has_the_asked_shares_and_sizes(void)
{
    struct gb_physics_config config = defaults();
    struct gb_fleet *fleet;
    struct gb_error err = {0};
    double kwp = 0, size = 0, log_size = 0;

    config.fleet.n_meters = 20000;
    EXPECT_INT(gb_fleet_create(&fleet, &config, (struct gb_draws){.seed = 1}, &err), GB_OK);
    for (size_t i = 0; i < fleet->systems.n; i++)
        kwp += fleet->systems.kwp[i];
    for (size_t i = 0; i < fleet->n; i++) {
        size += fleet->load_scale_w[i];
        log_size += pow(log(fleet->load_scale_w[i] / 416) + 0.18, 2);
    }
    double pv = (double)fleet->systems.n;
    EXPECT_NEAR(pv / 20000, 0.40, 0.0175);
    EXPECT_NEAR((double)fleet->turbines.n / 20000, 0.10, 0.011);
    EXPECT_NEAR((double)fleet->batteries.n / 20000, 0.20, 0.0145);
    EXPECT_NEAR(kwp / pv, 5, 5 * 2 / sqrt(8000));
    EXPECT_NEAR(size / 20000, 416, 5 * 416 * 0.66 / sqrt(20000));
    EXPECT_NEAR(sqrt(log_size / 20000), 0.60, 0.015);
    gb_fleet_free(fleet);
}

static bool owns(const uint32_t *owners, size_t n, size_t meter)
{
    size_t place = gb_owners_before(owners, n, meter);

    return place < n && owners[place] == meter;
}

static bool ascends_below(const uint32_t *owners, size_t n, size_t n_meters)
{
    for (size_t i = 0; i + 1 < n; i++)
        if (owners[i] >= owners[i + 1])
            return false;
    return n == 0 || owners[n - 1] < n_meters;
}

static void owners_are_listed_once_in_order_and_batteries_stand_behind_generators(void)
{
    struct gb_physics_config config = defaults();
    struct gb_fleet *fleet;
    struct gb_error err = {0};

    config.fleet.n_meters = 500;
    EXPECT_INT(gb_fleet_create(&fleet, &config, (struct gb_draws){.seed = 1}, &err), GB_OK);
    const struct gb_systems *systems = &fleet->systems;
    const struct gb_turbines *turbines = &fleet->turbines;
    const struct gb_batteries *batteries = &fleet->batteries;
    EXPECT(systems->n > 0 && turbines->n > 0 && batteries->n > 0);
    EXPECT(ascends_below(systems->meter, systems->n, 500));
    EXPECT(ascends_below(turbines->meter, turbines->n, 500));
    EXPECT(ascends_below(batteries->meter, batteries->n, 500));
    for (size_t i = 0; i < turbines->n; i++)
        EXPECT(!owns(systems->meter, systems->n, turbines->meter[i]));
    for (size_t i = 0; i < batteries->n; i++)
        EXPECT(owns(systems->meter, systems->n, batteries->meter[i]) ||
               owns(turbines->meter, turbines->n, batteries->meter[i]));
    EXPECT_INT(gb_owners_before(systems->meter, systems->n, 0), 0);
    EXPECT_INT(gb_owners_before(systems->meter, systems->n, systems->meter[7]), 7);
    EXPECT_INT(gb_owners_before(systems->meter, systems->n, systems->meter[7] + 1), 8);
    EXPECT_INT(gb_owners_before(systems->meter, systems->n, 500), systems->n);
    gb_fleet_free(fleet);
}

static void more_meters_or_prosumers_change_no_trait_of_the_others(void)
{
    struct gb_physics_config config = defaults();
    struct gb_fleet *few, *many, *rich;
    struct gb_error err = {0};

    EXPECT_INT(gb_fleet_create(&few, &config, (struct gb_draws){.seed = 5, .replication = 2}, &err),
               GB_OK);
    config.fleet.n_meters = 60;
    EXPECT_INT(
        gb_fleet_create(&many, &config, (struct gb_draws){.seed = 5, .replication = 2}, &err),
        GB_OK);
    config.fleet.prosumer_share = 0.8;
    EXPECT_INT(
        gb_fleet_create(&rich, &config, (struct gb_draws){.seed = 5, .replication = 2}, &err),
        GB_OK);
    EXPECT(few->systems.n > 0 && many->systems.n > few->systems.n);
    EXPECT(memcmp(few->systems.meter, many->systems.meter, few->systems.n * sizeof(uint32_t)) == 0);
    EXPECT(memcmp(few->systems.kwp, many->systems.kwp, few->systems.n * sizeof(double)) == 0);
    EXPECT(many->systems.meter[few->systems.n] >= 30);
    EXPECT(memcmp(few->load_scale_w, many->load_scale_w, 30 * sizeof(double)) == 0);
    EXPECT(memcmp(many->load_shape, rich->load_shape, 60 * sizeof(double)) == 0);
    for (size_t i = 0; i < many->systems.n; i++) {
        uint32_t meter = many->systems.meter[i];
        size_t place = gb_owners_before(rich->systems.meter, rich->systems.n, meter);
        EXPECT(owns(rich->systems.meter, rich->systems.n, meter));
        EXPECT(many->systems.kwp[i] == rich->systems.kwp[place]);
    }
    for (size_t i = 0; i < many->batteries.n; i++)
        EXPECT(owns(rich->batteries.meter, rich->batteries.n, many->batteries.meter[i]));
    gb_fleet_free(few);
    gb_fleet_free(many);
    gb_fleet_free(rich);
}

static struct gb_plane mean_plane(double latitude_deg, double azimuth_deg)
{
    struct gb_physics_config config = defaults();
    struct gb_fleet *fleet;
    struct gb_error err = {0};

    config.pv.azimuth_sd_deg = 0;
    config.weather.site.latitude_deg = latitude_deg;
    if (!isnan(azimuth_deg))
        config.pv.azimuth_deg = azimuth_deg;
    EXPECT_INT(gb_fleet_create(&fleet, &config, (struct gb_draws){.seed = 1}, &err), GB_OK);
    struct gb_plane plane = fleet->systems.plane[0];
    gb_fleet_free(fleet);
    return plane;
}

static void planes_face_the_equator_unless_told_otherwise(void)
{
    double lean = sin(25 * M_PI / 180);

    EXPECT_NEAR(mean_plane(32, NAN).normal.north, -lean, 1e-12);
    EXPECT_NEAR(mean_plane(-33.87, NAN).normal.north, lean, 1e-12);
    EXPECT_NEAR(mean_plane(-33.87, NAN).normal.east, 0, 1e-12);
    EXPECT_NEAR(mean_plane(-33.87, 180).normal.north, -lean, 1e-12);
    EXPECT_NEAR(mean_plane(32, 0).normal.north, lean, 1e-12);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_row_has_a_default_in_its_range_and_a_sentence),
        TAP(a_large_fleet_has_the_asked_shares_and_sizes),
        TAP(owners_are_listed_once_in_order_and_batteries_stand_behind_generators),
        TAP(more_meters_or_prosumers_change_no_trait_of_the_others),
        TAP(planes_face_the_equator_unless_told_otherwise),
        {0}};
    return tap_main("fleet", tests);
}
