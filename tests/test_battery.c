/* The battery's equation, term by term, and what must hold under any schedule. */
#include "models/assets/battery.h"

#include <math.h>

#include "base/random.h"
#include "tests/tap.h"

enum { CAPACITY = 6400, POWER = 5000 };

static void charging_gives_back_the_round_trip_efficiency(void)
{
    struct gb_battery_law law = gb_battery_law_make(0.25, 0.9, 0.75, 0);
    double stored = 1600, in = 0, out = 0;

    for (int slot = 0; slot < 200; slot++)
        in += gb_battery_step(&law, CAPACITY, POWER, 1e6, &stored).charge_w * 0.25;
    EXPECT_NEAR(stored, CAPACITY, 1e-9);
    for (int slot = 0; slot < 200; slot++)
        out += gb_battery_step(&law, CAPACITY, POWER, -1e6, &stored).discharge_w * 0.25;
    EXPECT_NEAR(stored, 1600, 1e-9);
    EXPECT_NEAR(out / in, 0.9, 1e-12);
    EXPECT_NEAR(in, 4800 / sqrt(0.9), 1e-9);
}

static void energy_room_and_power_hold_under_random_schedules(void)
{
    struct gb_key key = gb_key_make(7, 0, GB_PURPOSE_TEST);

    for (uint32_t law_number = 0; law_number < 8; law_number++) {
        struct gb_draw pick = gb_draw_at(key, 0, 0, law_number, 0);
        double slot_h = 0.02 + gb_draw_uniform(pick), loss = law_number % 2 ? 0.01 : 0;
        double efficiency = 0.5 + gb_draw_uniform2(pick) / 2, depth = 0.1 * law_number;
        struct gb_battery_law law = gb_battery_law_make(slot_h, efficiency, depth, loss);
        double half = sqrt(efficiency), kept = pow(1 - loss, slot_h), stored = CAPACITY / 2.0;
        if (stored < (1 - depth) * CAPACITY)
            stored = (1 - depth) * CAPACITY;
        for (uint32_t slot = 0; slot < 2000; slot++) {
            double wish = 16000 * (gb_draw_uniform(gb_draw_at(key, 1, law_number, slot, 0)) - 0.5);
            double left = fmax(stored * kept, (1 - depth) * CAPACITY), charge = left / CAPACITY;
            struct gb_battery_flow flow = gb_battery_step(&law, CAPACITY, POWER, wish, &stored);
            double taper = charge <= 0.8 ? 1 : 1 - 4 * (charge - 0.8);
            bool holds =
                EXPECT(flow.charge_w >= 0 && flow.discharge_w >= 0) &&
                EXPECT(flow.charge_w == 0 || flow.discharge_w == 0) &&
                EXPECT(flow.charge_w <= fmax(wish, 0) && flow.discharge_w <= fmax(-wish, 0)) &&
                EXPECT(flow.charge_w <= POWER * taper * (1 + 1e-12) && flow.discharge_w <= POWER) &&
                EXPECT(stored <= CAPACITY * (1 + 1e-12)) &&
                EXPECT(stored >= (1 - depth) * CAPACITY - 1e-9) &&
                EXPECT_NEAR(stored,
                            left + half * flow.charge_w * slot_h - flow.discharge_w * slot_h / half,
                            1e-9);
            if (!holds)
                return;
        }
    }
}

static void a_wish_within_reach_is_met_to_the_bit(void)
{
    struct gb_battery_law law = gb_battery_law_make(0.25, 0.9, 0.75, 0);
    double stored = 3200;

    EXPECT_NEAR(gb_battery_step(&law, CAPACITY, POWER, 1234.5, &stored).charge_w, 1234.5, 0);
    EXPECT_NEAR(gb_battery_step(&law, CAPACITY, POWER, -987.6, &stored).discharge_w, 987.6, 0);
    EXPECT(gb_battery_step(&law, CAPACITY, POWER, 0, &stored).charge_w == 0);
}

static void power_tapers_from_80_percent_to_a_fifth_when_full(void)
{
    EXPECT_NEAR(gb_battery_taper(0.1), 1, 0);
    EXPECT_NEAR(gb_battery_taper(0.8), 1, 0);
    EXPECT_NEAR(gb_battery_taper(0.9), 0.6, 1e-12);
    EXPECT_NEAR(gb_battery_taper(1.0), 0.2, 1e-12);
}

static void standing_still_it_loses_its_leak_and_nothing_else(void)
{
    struct gb_battery_law law = gb_battery_law_make(0.5, 0.9, 0.75, 0.02);
    double stored = 4000;

    for (int slot = 0; slot < 10; slot++)
        gb_battery_step(&law, CAPACITY, POWER, 0, &stored);
    EXPECT_NEAR(stored, 4000 * pow(0.98, 5), 1e-9);
}

static void what_leaks_ends_at_the_reserve_and_tops_nothing_up(void)
{
    struct gb_battery_law law = gb_battery_law_make(24, 0.9, 0.75, 0.5);
    double stored = 4000, below = 1000;

    for (int slot = 0; slot < 3; slot++) {
        struct gb_battery_flow flow = gb_battery_step(&law, CAPACITY, POWER, 0, &stored);
        EXPECT(flow.charge_w == 0 && flow.discharge_w == 0);
        EXPECT_NEAR(stored, 1600, 0);
        gb_battery_step(&law, CAPACITY, POWER, -5, &below);
        EXPECT_NEAR(below, 1000, 0);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(charging_gives_back_the_round_trip_efficiency),
                                            TAP(energy_room_and_power_hold_under_random_schedules),
                                            TAP(a_wish_within_reach_is_met_to_the_bit),
                                            TAP(power_tapers_from_80_percent_to_a_fifth_when_full),
                                            TAP(standing_still_it_loses_its_leak_and_nothing_else),
                                            TAP(what_leaks_ends_at_the_reserve_and_tops_nothing_up),
                                            {0}};
    return tap_main("battery", tests);
}
