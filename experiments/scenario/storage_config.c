#include "experiments/scenario/storage_config.h"

struct gb_storage_rules gb_storage_rules_of(const struct gb_storage_config *storage)
{
    struct gb_storage_rules rules = {
        .controller = (const struct gb_storage_controller *)storage->storage_controller,
        .low = storage->storage_price_low,
        .high = storage->storage_price_high};

    if (rules.controller == &gb_controller_schedule)
        gb_storage_schedule_read(&rules.schedule, storage->storage_schedule);
    return rules;
}

struct gb_storage_rules gb_storage_baseline_of(const struct gb_storage_config *storage)
{
    if (storage->storage_baseline == GB_BASELINE_SAME)
        return gb_storage_rules_of(storage);
    return (struct gb_storage_rules){.controller = storage->storage_baseline == GB_BASELINE_GREEDY
                                                       ? &gb_controller_greedy
                                                       : &gb_controller_none};
}
