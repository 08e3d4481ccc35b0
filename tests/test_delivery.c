/* Slots of villages that are metered in several parts: what their parts come to is what all meters
 * show, and the same as where all are metered at once. */
#include <stddef.h>
#include <stdint.h>

#include "base/parts.h"
#include "tests/runs.h"
#include "tests/tap.h"
#include "tests/village_runs.h"

#define PATH "test_delivery.yaml"
/* Parts of 1024 meters, the last of which is a short one; kinds stand in the order of names. */
#define VILLAGE                                                                                       \
    "format: 1\nstart_date: 2023-02-20\nslots: 7\nslot: 2 h\nmarket.open: 15 min\n"                   \
    "chain.protocol: ideal\noutput.level: meters\nsite.temperature: 3\nhouseholds:\n"                 \
    "  flat: {count: 1100, load: {yearly: 2200}}\n"                                                   \
    "  green: {count: 900, pv: {size: 5}, storage: {}, ev: {days: 1}, heat_pump: {heat_loss: 200}}\n" \
    "  windy: {count: 300, wind: {}, pv: {size: 25}, connection: 4}\n"

static int64_t sum_of(const struct gb_meter_row *rows, size_t n, size_t column)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += *(const int64_t *)((const char *)&rows[i] + column);
    return sum;
}

static void meters_come_to_what_slots_show(void)
{
    enum { N = 2300 };
    static const size_t of_meter[] = {
        offsetof(struct gb_meter_row, solar_wh),     offsetof(struct gb_meter_row, wind_wh),
        offsetof(struct gb_meter_row, load_wh),      offsetof(struct gb_meter_row, ev_wh),
        offsetof(struct gb_meter_row, heat_pump_wh), offsetof(struct gb_meter_row, charge_wh),
        offsetof(struct gb_meter_row, discharge_wh), offsetof(struct gb_meter_row, stored_wh)};
    static const size_t of_slot[] = {
        offsetof(struct gb_slot_row, solar_wh),     offsetof(struct gb_slot_row, wind_wh),
        offsetof(struct gb_slot_row, load_wh),      offsetof(struct gb_slot_row, ev_wh),
        offsetof(struct gb_slot_row, heat_pump_wh), offsetof(struct gb_slot_row, charge_wh),
        offsetof(struct gb_slot_row, discharge_wh), offsetof(struct gb_slot_row, stored_wh)};
    enum { N_COLUMNS = sizeof of_slot / sizeof of_slot[0] };
    struct gb_record *record = run_text(PATH, VILLAGE);
    const struct gb_slot_row *slots = record ? gb_record_rows(record, GB_TABLE_SLOTS) : NULL;
    const struct gb_meter_row *meters = record ? gb_record_rows(record, GB_TABLE_METERS) : NULL;
    int64_t sums[N_COLUMNS] = {0}, curtailed_wh = 0;

    EXPECT(N > 2 * GB_PART);
    EXPECT_INT(record ? (int64_t)gb_record_n_rows(record, GB_TABLE_METERS) : 0, 7 * N);
    for (size_t k = 0; meters && k < 7; k++) {
        for (size_t c = 0; c < N_COLUMNS; c++) {
            int64_t sum = sum_of(meters + k * N, N, of_meter[c]);

            EXPECT_INT(*(const int64_t *)((const char *)&slots[k] + of_slot[c]), sum);
            sums[c] += sum;
        }
        EXPECT_INT(slots[k].import_wh - slots[k].export_wh,
                   sum_of(meters + k * N, N, offsetof(struct gb_meter_row, metered_wh)));
        curtailed_wh += sum_of(meters + k * N, N, offsetof(struct gb_meter_row, curtailed_wh));
    }
    for (size_t c = 0; c < N_COLUMNS; c++)
        EXPECT(sums[c] > 0);
    EXPECT(curtailed_wh > 0);
    EXPECT_INT(record ? summary_of(record)->curtailed_wh : 0, curtailed_wh);
    gb_record_free(record);
}

/* A community with a limit is metered at once. */
static void a_limit_that_nobody_comes_to_changes_nothing(void)
{
    struct gb_record *apart = run_text(PATH, VILLAGE);
    struct gb_record *whole = run_text(PATH, VILLAGE "community.import_limit: 1000000\n");

    EXPECT(apart && whole && records_are_equal(apart, whole));
    gb_record_free(apart);
    gb_record_free(whole);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(meters_come_to_what_slots_show),
                                            TAP(a_limit_that_nobody_comes_to_changes_nothing),
                                            {0}};
    return tap_main("delivery", tests);
}
