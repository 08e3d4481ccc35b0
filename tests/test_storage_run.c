/* Storage in whole runs: contracts are tracked by who knew them in time and by nobody else, plans
 * are what is done, and the baseline runs as it was asked to. */
#include <math.h>
#include <stdlib.h>

#include "analysis/schema.h"
#include "tests/runs.h"
#include "tests/tap.h"

/* A summer day and a half of homes that all own generators and batteries. */
static struct gb_record *run_storage(const char *a, const char *b, const char *c, const char *d)
{
    const char *settings[16] = {"slot=30 min",
                                "slots=72",
                                "start_date=2023-06-12",
                                "meters.count=24",
                                "meters.prosumer_share=0.8",
                                "meters.storage_share=0.9",
                                "output.level=meters",
                                a,
                                b,
                                c,
                                d};

    return run_with(NULL, settings);
}

struct cells {
    const struct gb_meter_row *rows;
    size_t n;
};

static struct cells cells_of(const struct gb_record *record)
{
    return (struct cells){gb_record_rows(record, GB_TABLE_METERS),
                          gb_record_n_rows(record, GB_TABLE_METERS)};
}

/* Cells whose metered net is not that of the baseline. */
static size_t n_apart(const struct gb_record *record)
{
    struct cells cells = cells_of(record);
    size_t n = 0;

    for (size_t i = 0; i < cells.n; i++)
        n += cells.rows[i].metered_wh != cells.rows[i].baseline_wh;
    return n;
}

static void a_contract_known_in_time_leaves_less_imbalance_than_own_use(void)
{
    struct gb_record *greedy = run_storage("storage.controller=greedy", NULL, NULL, NULL);
    struct gb_record *contract = run_storage("storage.controller=contract", NULL, NULL, NULL);

    if (greedy && contract) {
        const struct gb_summary_row *a = summary_of(greedy), *b = summary_of(contract);
        EXPECT_INT(n_apart(greedy), 0);
        EXPECT(n_apart(contract) > 0);
        EXPECT(a->imbalance_short_wh > 0);
        EXPECT(2 * b->imbalance_short_wh < a->imbalance_short_wh);
        EXPECT(b->imbalance_long_wh < a->imbalance_long_wh);
    }
    gb_record_free(greedy);
    gb_record_free(contract);
}

/* A battery that is neither full nor empty nor at its power brings the meter to what was traded. */
static void a_battery_with_room_holds_the_meter_at_its_contract(void)
{
    struct gb_record *record =
        run_storage("storage.controller=contract", "chain.protocol=ideal", "slots=240", NULL);
    size_t n_checked = 0, n_traded = 0;

    if (!record)
        return;
    struct cells cells = cells_of(record);
    for (size_t i = 0; i < cells.n; i++) {
        const struct gb_meter_row *row = &cells.rows[i];
        bool has_room = row->stored_wh > 1700 && row->stored_wh < 5000;
        bool is_below_power = row->charge_wh < 2000 && row->discharge_wh < 2000;

        if (row->traded_wh == 0 || !has_room || !is_below_power)
            continue;
        n_checked++;
        n_traded += row->metered_wh == row->traded_wh;
    }
    EXPECT(n_checked > 20);
    EXPECT_INT(n_traded, n_checked);
    gb_record_free(record);
}

/* The gate falls so late that no match is stable before its slot: all slots are missed, and whoever
 * tracks contracts does what the baseline does. */
static void a_match_that_comes_too_late_is_tracked_by_nobody(void)
{
    struct gb_record *record = run_storage("storage.controller=contract", "market.gate=1 s",
                                           "chain.delay=constant 2 s", NULL);

    if (!record)
        return;
    EXPECT_INT(summary_of(record)->n_missed_slots, summary_of(record)->n_slots);
    EXPECT_INT(n_apart(record), 0);
    gb_record_free(record);
}

/* Where orders trade as they come trades are known one by one. */
static void trades_of_the_continuous_auction_are_tracked_too(void)
{
    struct gb_record *record =
        run_storage("storage.controller=contract", "market.mechanism=continuous", NULL, NULL);

    if (!record)
        return;
    EXPECT(summary_of(record)->traded_wh > 0);
    EXPECT(n_apart(record) > 0);
    gb_record_free(record);
}

/* With a perfect forecast nobody misses what was planned: the run itself asserts it. */
static void plans_are_what_is_done(void)
{
    static const char *const controllers[] = {"storage.controller=price_threshold",
                                              "storage.controller=schedule",
                                              "storage.controller=none"};

    for (size_t c = 0; c < sizeof controllers / sizeof controllers[0]; c++) {
        struct gb_record *record =
            run_storage(controllers[c], "forecast.kind=perfect", "storage.baseline=none", NULL);
        if (!record)
            continue;
        EXPECT_INT(summary_of(record)->imbalance_short_wh, 0);
        EXPECT_INT(summary_of(record)->imbalance_long_wh, 0);
        EXPECT((n_apart(record) > 0) == (c < 2));
        gb_record_free(record);
    }
}

static void the_same_baseline_leaves_the_market_alone_to_differ(void)
{
    struct gb_record *same =
        run_storage("storage.controller=schedule", "storage.baseline=same", NULL, NULL);
    struct gb_record *greedy = run_storage("storage.controller=schedule", NULL, NULL, NULL);

    if (same && greedy) {
        EXPECT_INT(n_apart(same), 0);
        EXPECT_INT(summary_of(same)->terminal_storage_wh, 0);
        EXPECT(n_apart(greedy) > 0);
        EXPECT_INT(summary_of(same)->tariff_cost, summary_of(same)->cost_grid_only);
        EXPECT_INT(summary_of(same)->cost, summary_of(greedy)->cost);
    }
    gb_record_free(same);
    gb_record_free(greedy);
}

/* Own use reads no forecast: what batteries hold after each slot does not hang on whether meters
 * were run ahead to be foreseen. */
static void stored_energy_does_not_hang_on_what_is_foreseen(void)
{
    static const char *const opens[] = {"market.open=30 min", "market.open=4 h"};
    struct gb_record *believed = run_storage("storage.controller=greedy", NULL, NULL, NULL);

    for (size_t i = 0; i < sizeof opens / sizeof opens[0]; i++) {
        struct gb_record *foreseen =
            run_storage("storage.controller=greedy", "forecast.kind=perfect", opens[i], NULL);
        if (believed && foreseen) {
            const struct gb_slot_row *a = gb_record_rows(believed, GB_TABLE_SLOTS);
            const struct gb_slot_row *b = gb_record_rows(foreseen, GB_TABLE_SLOTS);
            int64_t moved = 0;

            for (size_t slot = 0; slot < 72; slot++) {
                EXPECT_INT(b[slot].stored_wh, a[slot].stored_wh);
                moved += slot > 0 && a[slot].stored_wh != a[slot - 1].stored_wh;
            }
            EXPECT(moved > 20);
        }
        gb_record_free(foreseen);
    }
    gb_record_free(believed);
}

/* Before anything was traded a day ago prices are the grid's, and the thresholds between them: own
 * use. On the second day there are prices. */
static void expected_prices_are_those_of_the_day_before(void)
{
    struct gb_record *record = run_storage("storage.controller=price_threshold", NULL, NULL, NULL);
    struct gb_record *sealed =
        run_storage("storage.controller=price_threshold", "market.information=sealed", NULL, NULL);
    size_t n_first = 0, n_second = 0;

    if (record && sealed) {
        struct cells cells = cells_of(record);
        for (size_t i = 0; i < cells.n; i++) {
            bool is_apart = cells.rows[i].metered_wh != cells.rows[i].baseline_wh;
            if (cells.rows[i].interval < 48)
                n_first += is_apart;
            else
                n_second += is_apart;
        }
        EXPECT_INT(n_first, 0);
        EXPECT(n_second > 0);
        EXPECT_INT(n_apart(sealed), 0);
    }
    gb_record_free(record);
    gb_record_free(sealed);
}

static void cycles_and_wear_are_those_of_the_registers(void)
{
    struct gb_record *record =
        run_storage("storage.controller=schedule", "storage.wear=0.05", NULL, NULL);
    int64_t moved = 0;
    double cycles = 0;
    size_t n_batteries = 0;

    if (!record)
        return;
    const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);
    struct cells cells = cells_of(record);
    for (size_t i = 0; i < cells.n; i++)
        moved += cells.rows[i].charge_wh + cells.rows[i].discharge_wh;
    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_USERS); i++)
        if (!isnan(users[i].full_cycles)) {
            n_batteries++;
            cycles += users[i].full_cycles;
        }
    EXPECT(n_batteries > 10 && n_batteries < 24);
    EXPECT_INT(summary_of(record)->storage_wear_cost, moved * 50000); /* 0.05 a kWh */
    /* all of them hold 6.4 kWh */
    EXPECT_NEAR(cycles, (double)moved / 12800, 1e-9);
    EXPECT_NEAR(summary_of(record)->full_cycles, cycles / (double)n_batteries, 1e-9);
    gb_record_free(record);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_contract_known_in_time_leaves_less_imbalance_than_own_use),
        TAP(a_battery_with_room_holds_the_meter_at_its_contract),
        TAP(a_match_that_comes_too_late_is_tracked_by_nobody),
        TAP(trades_of_the_continuous_auction_are_tracked_too),
        TAP(plans_are_what_is_done),
        TAP(the_same_baseline_leaves_the_market_alone_to_differ),
        TAP(stored_energy_does_not_hang_on_what_is_foreseen),
        TAP(expected_prices_are_those_of_the_day_before),
        TAP(cycles_and_wear_are_those_of_the_registers),
        {0}};

    return tap_main("storage_run", tests);
}
