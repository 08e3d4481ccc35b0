/* The controllers of storage. All of them follow the meter's own whole Wh. */
#include "models/assets/controller.h"

/* Towards a net of so many Wh at the meter: what it would exceed that by is taken out of the
 * battery, what it would fall short of goes in. */
static double towards(double target_wh, const struct gb_controller_seen *seen)
{
    return (target_wh - seen->net_wh) / seen->slot_h;
}

/* Self-consumption: a battery with headroom leaves a net of 0. */
static double wish_greedy(const struct gb_storage_rules *rules,
                          const struct gb_controller_seen *seen)
{
    (void)rules;
    return towards(0, seen);
}

/* The net that was contracted; where nothing was, self-consumption. */
static double wish_contract(const struct gb_storage_rules *rules,
                            const struct gb_controller_seen *seen)
{
    (void)rules;
    return towards(seen->contracted_wh, seen);
}

/* All it can where the market is cheap or dear enough; between that it keeps a surplus that would
 * sell cheaply and covers a need that would be dear, as it would be where nobody trades. */
static double wish_price_threshold(const struct gb_storage_rules *rules,
                                   const struct gb_controller_seen *seen)
{
    if (seen->price.buy.ticks <= rules->low.ticks)
        return seen->power_w;
    if (seen->price.sell.ticks >= rules->high.ticks)
        return -seen->power_w;
    if (seen->net_wh < 0 && seen->price.sell.ticks <= rules->low.ticks)
        return towards(0, seen);
    if (seen->net_wh > 0 && seen->price.buy.ticks >= rules->high.ticks)
        return towards(0, seen);
    return 0;
}

static double wish_schedule(const struct gb_storage_rules *rules,
                            const struct gb_controller_seen *seen)
{
    return 1000 * gb_day_times_at(&rules->schedule, seen->into_day_ns);
}

static double wish_none(const struct gb_storage_rules *rules, const struct gb_controller_seen *seen)
{
    (void)rules;
    (void)seen;
    return 0;
}

const struct gb_storage_controller gb_controller_greedy = {
    .member = {.name = "greedy", .summary = "Stores every surplus, covers every need."},
    .wish_w = wish_greedy};
const struct gb_storage_controller gb_controller_contract = {
    .member = {.name = "contract",
               .summary = "Holds the meter at what was bought and sold for the slot."},
    .reads_contracts = true,
    .wish_w = wish_contract};
const struct gb_storage_controller gb_controller_price_threshold = {
    .member = {.name = "price_threshold",
               .summary = "Charges where energy is expected to be cheap, discharges where dear."},
    .reads_prices = true,
    .wish_w = wish_price_threshold};
const struct gb_storage_controller gb_controller_schedule = {
    .member = {.name = "schedule", .summary = "Charges and discharges by the time of day."},
    .wish_w = wish_schedule};
const struct gb_storage_controller gb_controller_none = {
    .member = {.name = "none", .summary = "Neither charges nor discharges."}, .wish_w = wish_none};
