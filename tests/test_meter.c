/* Meters: whole Wh with nothing lost, the identity of every slot, and a storage that leaves the
 * meter at zero while it can. */
#include "models/assets/meter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "tests/tap.h"

enum { N = 40, SLOTS = 700 };

struct bench {
    struct gb_physics_config config;
    struct gb_fleet *fleet;
    struct gb_meters *meters;
    struct gb_slot_energy *slot;
    double solar_w[N], wind_w[N], load_w[N]; /* a system, a turbine, a meter */
};

/* Scratch comes as the last one left it. */
static void make_dirty(struct gb_slot_energy *slot)
{
    int64_t *const arrays[] = {slot->net_wh,  slot->load_wh,   slot->solar_wh,
                               slot->wind_wh, slot->charge_wh, slot->discharge_wh};

    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++)
        memset(arrays[a], 0xa5, N * sizeof *arrays[a]);
}

static void set_up(struct bench *b, const struct gb_storage_controller *controller)
{
    struct gb_error err = {0};

    memset(b, 0, sizeof *b);
    gb_param_defaults(gb_physics_params, &b->config);
    b->config.fleet.n_meters = N;
    b->config.fleet.prosumer_share = 1;
    b->config.fleet.storage_share = 0.5;
    EXPECT_INT(gb_fleet_create(&b->fleet, &b->config, (struct gb_draws){.seed = 3}, &err), GB_OK);
    EXPECT_INT(gb_meters_create(&b->meters, &b->config, b->fleet,
                                &(struct gb_storage_rules){.controller = controller}, &err),
               GB_OK);
    EXPECT_INT(gb_slot_energy_create(&b->slot, N, &err), GB_OK);
    make_dirty(b->slot);
}

static void tear_down(struct bench *b)
{
    gb_slot_energy_free(b->slot);
    gb_meters_free(b->meters);
    gb_fleet_free(b->fleet);
}

static bool has_battery(const struct bench *b, size_t meter)
{
    const struct gb_batteries *batteries = &b->fleet->batteries;
    size_t place = gb_owners_before(batteries->meter, batteries->n, meter);

    return place < batteries->n && batteries->meter[place] == meter;
}

/* Random powers, often nothing, sometimes large. */
static struct gb_slot_power powers(struct bench *b, int64_t interval)
{
    struct gb_key key = gb_key_make(9, 0, GB_PURPOSE_TEST);

    for (uint32_t i = 0; i < N; i++) {
        struct gb_draw draw = gb_draw_at(key, i, 0, (uint32_t)interval, 0);
        b->load_w[i] = 5000 * pow(gb_draw_uniform(draw), 4);
        b->solar_w[i] = fmax(8000 * (gb_draw_uniform2(draw) - 0.5), 0);
        b->wind_w[i] = 300 * gb_draw_uniform(draw);
    }
    return (struct gb_slot_power){interval, b->solar_w, b->wind_w, b->load_w};
}

static void every_slot_balances_and_no_register_runs_backwards(void)
{
    struct bench b;
    bool holds = true;

    set_up(&b, &gb_controller_greedy);
    for (int64_t k = 0; k < SLOTS && holds; k++) {
        struct gb_slot_power power = powers(&b, k);
        gb_meters_advance(b.meters, &power, NULL, b.slot);
        EXPECT_INT(b.slot->interval, k);
        for (int i = 0; i < N && holds; i++) {
            const struct gb_slot_energy *s = b.slot;
            holds = EXPECT_INT(s->net_wh[i], s->load_wh[i] + s->charge_wh[i] - s->solar_wh[i] -
                                                 s->wind_wh[i] - s->discharge_wh[i]) &&
                    EXPECT(s->load_wh[i] >= 0 && s->solar_wh[i] >= 0 && s->wind_wh[i] >= 0) &&
                    EXPECT(s->charge_wh[i] >= 0 && s->discharge_wh[i] >= 0);
        }
    }
    tear_down(&b);
}

static void registers_are_the_integral_of_power_to_the_last_wh(void)
{
    struct bench b;
    double load[N] = {0}, solar[N] = {0}, wind[N] = {0};
    int64_t load_wh[N] = {0}, solar_wh[N] = {0}, wind_wh[N] = {0};

    set_up(&b, &gb_controller_none);
    for (int64_t k = 0; k < SLOTS; k++) {
        struct gb_slot_power power = powers(&b, k);
        gb_meters_advance(b.meters, &power, NULL, b.slot);
        for (size_t i = 0; i < b.fleet->systems.n; i++)
            solar[b.fleet->systems.meter[i]] += b.solar_w[i] * 0.25;
        for (size_t i = 0; i < b.fleet->turbines.n; i++)
            wind[b.fleet->turbines.meter[i]] += b.wind_w[i] * 0.25;
        for (int i = 0; i < N; i++) {
            load[i] += b.load_w[i] * 0.25;
            load_wh[i] += b.slot->load_wh[i];
            solar_wh[i] += b.slot->solar_wh[i];
            wind_wh[i] += b.slot->wind_wh[i];
        }
    }
    /* half a micro-Wh of rounding a slot; the register shows whole Wh only */
    for (int i = 0; i < N; i++) {
        EXPECT(load[i] - (double)load_wh[i] > -1e-3 && load[i] - (double)load_wh[i] < 1 + 1e-3);
        EXPECT(solar[i] - (double)solar_wh[i] > -1e-3 && solar[i] - (double)solar_wh[i] < 1 + 1e-3);
        EXPECT(wind[i] - (double)wind_wh[i] > -1e-3 && wind[i] - (double)wind_wh[i] < 1 + 1e-3);
    }
    tear_down(&b);
}

static void a_third_of_a_wh_a_slot_shows_every_third_slot(void)
{
    struct bench b;
    int64_t shown = 0;

    set_up(&b, &gb_controller_none);
    for (int i = 0; i < N; i++)
        b.load_w[i] = 4 / 3.0;
    for (int64_t k = 0; k < 300; k++) {
        struct gb_slot_power power = {k, b.solar_w, b.wind_w, b.load_w};
        gb_meters_advance(b.meters, &power, NULL, b.slot);
        shown += b.slot->net_wh[0];
        EXPECT(b.slot->net_wh[0] == 0 || b.slot->net_wh[0] == 1);
    }
    EXPECT(shown == 99 || shown == 100);
    tear_down(&b);
}

static void a_power_beyond_64_bits_moves_a_register_by_the_most_there_is(void)
{
    struct bench b;

    set_up(&b, &gb_controller_greedy);
    for (int i = 0; i < N; i++)
        b.load_w[i] = 1e25;
    struct gb_slot_power power = {0, b.solar_w, b.wind_w, b.load_w};
    gb_meters_advance(b.meters, &power, NULL, b.slot);
    EXPECT_INT(b.slot->load_wh[0], (int64_t)GB_METER_MAX_WH);
    tear_down(&b);
}

static void storage_moves_what_the_registers_say_and_stays_within_its_bounds(void)
{
    struct bench b;
    double half = sqrt(0.9), moved[N];

    set_up(&b, &gb_controller_greedy);
    const struct gb_batteries *batteries = &b.fleet->batteries;
    EXPECT(batteries->n > 0 && batteries->n < N);
    memcpy(moved, gb_meters_charge_wh(b.meters), batteries->n * sizeof *moved);
    for (int64_t k = 0; k < SLOTS; k++) {
        struct gb_slot_power power = powers(&b, k);
        gb_meters_advance(b.meters, &power, NULL, b.slot);
        for (size_t i = 0; i < batteries->n; i++) {
            size_t meter = batteries->meter[i];
            double capacity = 1000 * batteries->kwh[i];
            double now = gb_meters_charge_wh(b.meters)[i];
            moved[i] += half * (double)b.slot->charge_wh[meter];
            moved[i] -= (double)b.slot->discharge_wh[meter] / half;
            EXPECT(b.slot->charge_wh[meter] == 0 || b.slot->discharge_wh[meter] == 0);
            EXPECT(now >= 0.25 * capacity - 1e-6 && now <= capacity + 1e-6);
        }
    }
    for (size_t i = 0; i < batteries->n; i++) /* remainders of both registers: below one Wh */
        EXPECT_NEAR(moved[i], gb_meters_charge_wh(b.meters)[i], 2.2);
    tear_down(&b);
}

static void greedy_storage_leaves_nothing_for_the_grid_while_it_can(void)
{
    struct bench b;
    int zeros = 0;

    set_up(&b, &gb_controller_greedy);
    for (int i = 0; i < N; i++) {
        b.load_w[i] = 333.3;
        b.solar_w[i] = 0.1;
    }
    for (int64_t k = 0; k < 12; k++) { /* a good Wh of 320 in store, 83 wanted a slot */
        struct gb_slot_power power = {k, b.solar_w, b.wind_w, b.load_w};
        gb_meters_advance(b.meters, &power, NULL, b.slot);
        for (size_t i = 0; i < N; i++)
            if (has_battery(&b, i)) {
                EXPECT_INT(b.slot->net_wh[i], 0);
                zeros++;
            } else {
                EXPECT(b.slot->net_wh[i] == 83 || b.slot->net_wh[i] == 84);
            }
    }
    EXPECT(zeros > 0);
    tear_down(&b);
}

static void without_a_controller_batteries_stand_still(void)
{
    struct bench b;

    set_up(&b, &gb_controller_none);
    for (int64_t k = 0; k < 50; k++) {
        struct gb_slot_power power = powers(&b, k);
        gb_meters_advance(b.meters, &power, NULL, b.slot);
        for (int i = 0; i < N; i++)
            EXPECT(b.slot->charge_wh[i] == 0 && b.slot->discharge_wh[i] == 0);
    }
    for (size_t i = 0; i < b.fleet->batteries.n; i++)
        EXPECT_NEAR(gb_meters_charge_wh(b.meters)[i], 500 * b.fleet->batteries.kwh[i], 1e-9);
    tear_down(&b);
}

static void a_plan_is_what_will_happen_when_powers_are_whole_and_changes_no_meter(void)
{
    struct bench b;
    struct gb_slot_energy *planned;
    struct gb_error err = {0};
    double stored[N], before[N];

    set_up(&b, &gb_controller_greedy);
    EXPECT_INT(gb_slot_energy_create(&planned, N, &err), GB_OK);
    make_dirty(planned);
    for (int i = 0; i < N; i++) {
        b.load_w[i] = 4.0 * i;
        b.solar_w[i] = 4.0 * (i % 7) * 30;
        b.wind_w[i] = 4.0 * i;
    }
    const struct gb_batteries *batteries = &b.fleet->batteries;
    size_t early = gb_owners_before(batteries->meter, batteries->n, 10);
    size_t late = gb_owners_before(batteries->meter, batteries->n, 30);
    EXPECT(early > 0 && early < late && late < batteries->n);
    for (int64_t k = 0; k < 20; k++) {
        struct gb_slot_power power = {k, b.solar_w, b.wind_w, b.load_w};
        const double *charge = gb_meters_charge_wh(b.meters);
        memcpy(stored, charge, batteries->n * sizeof *stored);
        memcpy(before, charge, batteries->n * sizeof *before);
        gb_meters_plan(b.meters, k, 0, 10, b.solar_w, b.wind_w, b.load_w, NULL,
                       &(struct gb_plan_state){.stored_wh = stored}, planned);
        EXPECT(memcmp(before, charge, batteries->n * sizeof *before) == 0);
        EXPECT(stored[early] == before[early]); /* nobody's of the ten */
        gb_meters_advance(b.meters, &power, NULL, b.slot);
        for (int i = 0; i < 10; i++) {
            EXPECT_INT(planned->load_wh[i], b.slot->load_wh[i]);
            EXPECT_INT(planned->solar_wh[i], b.slot->solar_wh[i]);
            EXPECT(llabs(planned->net_wh[i] - b.slot->net_wh[i]) <= 1);
        }
        for (size_t i = 0; i < early; i++)
            EXPECT_NEAR(stored[i], charge[i], 1e-9);
    }
    /* a range further on plans for those very meters */
    const struct gb_systems *systems = &b.fleet->systems;
    const struct gb_turbines *turbines = &b.fleet->turbines;
    const double *solar_w = b.solar_w + gb_owners_before(systems->meter, systems->n, 30);
    const double *wind_w = b.wind_w + gb_owners_before(turbines->meter, turbines->n, 30);
    memcpy(stored, gb_meters_charge_wh(b.meters), batteries->n * sizeof *stored);
    gb_meters_plan(b.meters, 20, 30, 10, solar_w, wind_w, b.load_w + 30, NULL,
                   &(struct gb_plan_state){.stored_wh = stored + late}, planned);
    struct gb_slot_power power = {20, b.solar_w, b.wind_w, b.load_w};
    gb_meters_advance(b.meters, &power, NULL, b.slot);
    for (int i = 0; i < 10; i++) {
        EXPECT_INT(planned->solar_wh[i], b.slot->solar_wh[30 + i]);
        EXPECT_INT(planned->wind_wh[i], b.slot->wind_wh[30 + i]);
    }
    for (size_t i = late; i < batteries->n; i++)
        EXPECT_NEAR(stored[i], gb_meters_charge_wh(b.meters)[i], 1e-9);
    gb_slot_energy_free(planned);
    tear_down(&b);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_slot_balances_and_no_register_runs_backwards),
        TAP(registers_are_the_integral_of_power_to_the_last_wh),
        TAP(a_third_of_a_wh_a_slot_shows_every_third_slot),
        TAP(a_power_beyond_64_bits_moves_a_register_by_the_most_there_is),
        TAP(storage_moves_what_the_registers_say_and_stays_within_its_bounds),
        TAP(greedy_storage_leaves_nothing_for_the_grid_while_it_can),
        TAP(without_a_controller_batteries_stand_still),
        TAP(a_plan_is_what_will_happen_when_powers_are_whole_and_changes_no_meter),
        {0}};
    return tap_main("meter", tests);
}
