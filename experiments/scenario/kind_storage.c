#include "experiments/scenario/kind_storage.h"

#include "experiments/scenario/scenario_priv.h"

void gb_kind_storage_check(struct gb_reading *reading, const struct gb_item *item,
                           const struct gb_storage_config *storage)
{
    bool gives_low = gb_item_gives(item, "storage.price_low");
    bool gives_high = gb_item_gives(item, "storage.price_high");
    struct gb_day_times times;

    if ((gives_low || gives_high) &&
        gb_storage_rules_of(storage).controller == &gb_controller_price_threshold &&
        storage->storage_price_low.ticks > storage->storage_price_high.ticks)
        gb_reading_report_item(reading, item,
                               gives_low ? "storage.price_low" : "storage.price_high",
                               "storage.price_low of this kind is above its storage.price_high");
    if (gb_item_gives(item, "storage.schedule") &&
        !gb_storage_schedule_read(&times, storage->storage_schedule))
        gb_reading_report_item(reading, item, "storage.schedule",
                               "expected times of day, ascending, each with a power in kW, like "
                               "`0:00 0, 11:00 2, 18:30 -1.5`, got '%s'",
                               storage->storage_schedule);
}
