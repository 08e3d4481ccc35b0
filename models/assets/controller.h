/* Controllers of storage: what a battery is wished to do in a slot. They are a family
 * (base/registry.h; controllers.def lists them). What becomes of a wish is the battery's
 * (models/assets/battery.h): it keeps to its power, its room and its reserve.
 *
 * The same function plans a slot from what is forecast and runs it when it is metered, so that a
 * plan is what will be done if all comes as it was believed. */
#ifndef MODELS_ASSETS_CONTROLLER_H
#define MODELS_ASSETS_CONTROLLER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/day_times.h"
#include "base/quantity.h"
#include "base/registry.h"

/* What a slot's kWh is expected to cost who buys it, and to earn who sells it. */
struct gb_price_expectation {
    struct gb_price buy, sell;
};

/* What a controller knows of one battery and slot. */
struct gb_controller_seen {
    double slot_h;
    double power_w;       /* greatest of the battery */
    double net_wh;        /* of its meter without storage; positive: import */
    double contracted_wh; /* bought less sold; 0: nothing, or nothing is known */
    struct gb_price_expectation price;
    int64_t into_day_ns; /* of the local clock, at the begin of the slot */
};

/* How the batteries of a kind of homes are run. */
struct gb_storage_rules {
    const struct gb_storage_controller *controller;
    struct gb_price low, high;    /* price_threshold: charge at or below, discharge at or above */
    struct gb_day_times schedule; /* schedule: kW by local time, positive: charging */
};

struct gb_storage_controller {
    struct gb_member member;
    bool reads_contracts, reads_prices;
    /* Power wished for, W: positive charges. */
    double (*wish_w)(const struct gb_storage_rules *rules, const struct gb_controller_seen *seen);
};

#define GB_MEMBER(name) extern const struct gb_storage_controller gb_controller_##name;
#include "models/assets/controllers.def"
#undef GB_MEMBER
extern const struct gb_family gb_controller_family;

/* Is the text a schedule: times of day, ascending, with a power in kW each? */
bool gb_storage_schedule_read(struct gb_day_times *out, const char *text);

#endif
