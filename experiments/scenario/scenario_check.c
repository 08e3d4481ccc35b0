/* Checks between keys, and the values that follow from other keys. */
#include "experiments/scenario/scenario_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/duration.h"
#include "base/quantity.h"
#include "base/utf8.h"
#include "chain/node/chain.h"
#include "models/weather/weather.h"

#define KEYS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define FROM_METERS_CONCENTRATED 1000 /* rules, section 7: auto bundles from so many meters on */
#define METERS_A_CONCENTRATOR 1000
#define LONGEST_CURRENCY 16
#define MOST_NS 4.0e18 /* of a run, in 64 bits: a factor of two is kept in hand */

/* The price asked for, or that of the tariff whose word is given. */
static struct gb_price price_or(struct gb_price asked, struct gb_price of_tariff)
{
    return asked.ticks == GB_PARAM_PRICE_WORD ? of_tariff : asked;
}

/* Shares are rounded here alone: whoever pays a part of a fee pays whole ticks of it a kWh. */
static struct gb_trade_fees trade_fees_of(const struct gb_scenario *scenario)
{
    int64_t network = scenario->network_fee.ticks, market = scenario->market_fee.ticks;
    int64_t network_buyer =
        gb_divide_half_even(network * scenario->network_fee_buyer_share_millionths, GB_MILLIONTHS);
    int64_t market_buyer =
        gb_divide_half_even(market * scenario->market_fee_buyer_share_millionths, GB_MILLIONTHS);

    return (struct gb_trade_fees){.network_buyer = {network_buyer},
                                  .network_seller = {network - network_buyer},
                                  .levies = scenario->levies,
                                  .market_buyer = {market_buyer},
                                  .market_seller = {market - market_buyer}};
}

static void resolve(struct gb_scenario *scenario)
{
    const struct gb_tariff *tariff = gb_scenario_band(scenario);
    int64_t asked = scenario->concentrator_asked;

    scenario->market.has_band = 1;
    scenario->imbalance_short = price_or(scenario->imbalance_short_asked, tariff->retail);
    scenario->imbalance_long = price_or(scenario->imbalance_long_asked, tariff->feed_in);
    scenario->trade_fees = trade_fees_of(scenario);
    if (asked == -1)
        asked =
            scenario->physics.fleet.n_meters < FROM_METERS_CONCENTRATED ? 0 : METERS_A_CONCENTRATOR;
    scenario->concentrator = asked > 0 ? asked : 0;
}

struct gb_draws gb_scenario_draws(const struct gb_scenario *scenario)
{
    return (struct gb_draws){.seed = (uint64_t)scenario->seed,
                             .replication = (uint32_t)scenario->replication,
                             .kept = GB_ALL_DRAWS & ~scenario->redraw};
}

struct gb_committee gb_scenario_committee(const struct gb_scenario *scenario)
{
    bool is_ideal = scenario->protocol == &gb_protocol_ideal;

    return (struct gb_committee){.flow = scenario->flow,
                                 .n_nodes = is_ideal ? 1 : (uint32_t)scenario->n_nodes,
                                 .leader_period = (uint32_t)scenario->leader_period};
}

/* The key at which a contradiction is reported: the one that the scenario gives. */
static const char *given_of(const struct gb_reading *reading, const char *key, const char *other)
{
    return gb_reading_gives(reading, key) ? key : other;
}

/* A zone that is none is taken back, so that the checks behind it have a calendar. */
static void check_time_zone(struct gb_reading *reading)
{
    const char *zone = gb_scenario_time_zone(reading->scenario);
    struct gb_zone read;
    struct gb_error error = {0};

    if (zone && reading->path && gb_reading_gives(reading, "site.utc_offset") &&
        !gb_reading_gives(reading, "site.time_zone"))
        gb_reading_report(reading, "site.utc_offset",
                          "site.utc_offset: the preset of the site has the zone %s, which goes "
                          "before it; with site.time_zone: %s it counts",
                          zone, GB_ZONE_FIXED);
    if (!zone || gb_zone_parse(zone, &read, &error) == GB_OK)
        return;
    gb_reading_report(reading, "site.time_zone",
                      "site.time_zone: %s; or %s, as site.utc_offset says", error.text,
                      GB_ZONE_FIXED);
    snprintf(reading->scenario->physics.weather.site.time_zone, GB_PARAM_TEXT_SIZE, "%s",
             GB_ZONE_FIXED);
}

/* Days of 23 and 25 hours are whole numbers of slots, too. */
static void check_days(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    const struct gb_calendar calendar = gb_scenario_calendar(s);
    int64_t slot_ns = s->physics.weather.slot_ns, before_ns = 0, end_ns;
    char date[16], length[32], slot[32];

    if (!calendar.zone.has_summer || gb_reading_is_invalid(reading, KEYS("slot", "slots", "days")))
        return;
    end_ns = s->slots > 0 ? s->slots * slot_ns : gb_calendar_day_ns(&calendar, s->days);
    for (int64_t day = 0; before_ns < end_ns; day++) {
        int64_t next_ns = gb_calendar_day_ns(&calendar, day + 1);
        if (next_ns % slot_ns != 0) {
            gb_date_format(calendar.start_days + day, date, sizeof date);
            gb_duration_format(next_ns - before_ns, length, sizeof length);
            gb_reading_report(reading, given_of(reading, "slot", "site.time_zone"),
                              "slot: %s has %s, which is no whole number of %s (site.time_zone)",
                              date, length, gb_duration_format(slot_ns, slot, sizeof slot));
            return;
        }
        before_ns = next_ns;
    }
}

/* The step of whole seconds next to the one given that divides the slot. */
static int64_t nearest_step_ns(int64_t slot_ns, int64_t step_ns)
{
    int64_t nearest_ns = slot_ns, slot_s = slot_ns / GB_NS_PER_SECOND;

    for (int64_t s = 1; slot_ns % GB_NS_PER_SECOND == 0 && s < slot_s; s++)
        if (slot_s % s == 0 && llabs(s * GB_NS_PER_SECOND - step_ns) < llabs(nearest_ns - step_ns))
            nearest_ns = s * GB_NS_PER_SECOND;
    return nearest_ns;
}

/* A slot is a whole number of steps. */
static void check_step(struct gb_reading *reading)
{
    const struct gb_weather_config *weather = &reading->scenario->physics.weather;
    int64_t slot_ns = weather->slot_ns, step_ns = gb_weather_step_ns(weather);
    char slot[32], step[32], nearest[32];

    if (gb_reading_is_invalid(reading, KEYS("slot", "physics.step")) || slot_ns % step_ns == 0)
        return;
    gb_reading_report(
        reading, given_of(reading, "physics.step", "slot"),
        "physics.step: a slot of %s is no whole number of steps of %s; the nearest is %s",
        gb_duration_format(slot_ns, slot, sizeof slot),
        gb_duration_format(step_ns, step, sizeof step),
        gb_duration_format(nearest_step_ns(slot_ns, step_ns), nearest, sizeof nearest));
}

static void check_times(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    char a[32], b[32];

    if (!gb_reading_is_invalid(reading, KEYS("slot")) &&
        GB_NS_PER_DAY % s->physics.weather.slot_ns != 0)
        gb_reading_report(reading, "slot", "slot: a day is no whole number of %s",
                          gb_duration_format(s->physics.weather.slot_ns, a, sizeof a));
    if (!gb_reading_is_invalid(reading, KEYS("market.open", "market.gate")) &&
        s->gate_ns >= s->open_ns)
        gb_reading_report(reading, given_of(reading, "market.gate", "market.open"),
                          "market.gate: the gate closes %s before the "
                          "interval, but the market opens only %s before it (market.open)",
                          gb_duration_format(s->gate_ns, a, sizeof a),
                          gb_duration_format(s->open_ns, b, sizeof b));
    double slots =
        s->slots > 0 ? (double)s->slots
                     : (double)s->days * (double)GB_NS_PER_DAY / (double)s->physics.weather.slot_ns;
    if (!gb_reading_is_invalid(reading, KEYS("slot", "slots", "days")) &&
        slots * (double)s->physics.weather.slot_ns > MOST_NS)
        gb_reading_report(reading, s->slots > 0 ? "slots" : "days",
                          "the run is longer than 126 years, more nanoseconds than 64 bits count");
}

static void check_deviant(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;

    if (!gb_reading_is_invalid(reading, KEYS("agents.deviant", "meters.count")) &&
        s->deviant >= s->physics.fleet.n_meters)
        gb_reading_report(reading, "agents.deviant",
                          "agents.deviant: there is no meter %" PRId64 " among %" PRId64
                          " (meters.count), which count from 0",
                          s->deviant, s->physics.fleet.n_meters);
}

/* Where users quote anew: what else must be said then, and a second gate that leaves them time, and
 * the close of round 2, too, before the interval begins. */
static void check_requotes(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    const struct gb_requoting *requoting = s->market.mechanism->requoting;
    char a[32], b[32];
    const char *key, *wrong;

    if (!gb_market_asks_users(&s->market))
        return;
    wrong = requoting->refusal(&s->market, &key);
    if (wrong && !gb_reading_is_invalid(reading, KEYS(key)))
        gb_reading_report(reading, key, "%s: %s", key, wrong);
    int64_t second_ns = requoting->second_gate_ns(&s->market, s->gate_ns);
    if (gb_reading_is_invalid(reading, KEYS("market.second_gate", "market.gate")) ||
        (second_ns > 0 && second_ns < s->gate_ns))
        return;
    gb_reading_report(reading, given_of(reading, "market.second_gate", "market.gate"),
                      "market.second_gate: round 2 is closed %s before the interval; expected less "
                      "than the gate's %s (market.gate), and more than nothing",
                      gb_duration_format(second_ns, a, sizeof a),
                      gb_duration_format(s->gate_ns, b, sizeof b));
}

/* A forecast begins with the last slot read when an interval opens, and no latent is older than the
 * anchor. */
static void check_lead(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    int64_t slot_ns = s->physics.weather.slot_ns;
    char a[32];

    if (gb_reading_is_invalid(reading, KEYS("slot", "market.open")) ||
        s->delivery == GB_DELIVERY_DECLARED || s->n_entries > 0 ||
        s->physics.weather.forecast.kind == GB_FORECAST_PERFECT)
        return;
    int64_t most = -gb_anchor_slot(slot_ns) - 1;
    if ((s->open_ns + slot_ns - 1) / slot_ns > most)
        gb_reading_report(reading, "market.open",
                          "market.open: without a perfect forecast the "
                          "market opens at most %s before the interval",
                          gb_duration_format(most * slot_ns, a, sizeof a));
}

/* A day is a whole number of slots. */
static void check_warm_up(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    int64_t nearest_ns = (s->warm_up_ns + GB_NS_PER_DAY / 2) / GB_NS_PER_DAY * GB_NS_PER_DAY;
    int64_t length_ns = gb_scenario_n_slots(s) * s->physics.weather.slot_ns;
    char given[64], nearest[64], length[64];

    if (gb_reading_is_invalid(reading, KEYS("warm_up", "slot", "slots", "days")))
        return;
    gb_duration_format(s->warm_up_ns, given, sizeof given);
    if (s->warm_up_ns % GB_NS_PER_DAY != 0)
        gb_reading_report(reading, "warm_up",
                          "warm_up: expected whole days like `1 d`, got '%s'; the nearest is %s",
                          given, gb_duration_format(nearest_ns, nearest, sizeof nearest));
    else if (s->warm_up_ns > 0 && gb_scenario_first_slot(s) >= gb_scenario_n_slots(s))
        gb_reading_report(reading, "warm_up",
                          "warm_up: %s leaves nothing to count of a run of %s; a longer run has "
                          "more `days`, which count the warm-up",
                          given, gb_duration_format(length_ns, length, sizeof length));
}

/* It stands on axes, in heads of tables and in units of columns. */
static void check_currency(struct gb_reading *reading)
{
    const char *name = reading->scenario->currency;

    if (!gb_reading_is_invalid(reading, KEYS("currency")) &&
        (!name[0] || strlen(name) > LONGEST_CURRENCY || strpbrk(name, " '\"\\/") ||
         !gb_utf8_is_plain(name, false)))
        gb_reading_report(reading, "currency",
                          "currency: expected a name of 1 to %d bytes without blanks, quotes and "
                          "slashes: EUR",
                          LONGEST_CURRENCY);
}

static void check_prices(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    char a[32], b[32];

    if (!s->tariffs && !gb_reading_is_invalid(reading, KEYS("tariff.retail", "tariff.feed_in")) &&
        s->market.tariff.feed_in.ticks > s->market.tariff.retail.ticks)
        gb_reading_report(reading, given_of(reading, "tariff.feed_in", "tariff.retail"),
                          "tariff.feed_in: %s is above tariff.retail, "
                          "%s: the grid would lose on every kWh",
                          gb_format_decimal(s->market.tariff.feed_in.ticks, 6, a, sizeof a),
                          gb_format_decimal(s->market.tariff.retail.ticks, 6, b, sizeof b));
    else if (!s->tariffs &&
             !gb_reading_is_invalid(reading, KEYS("tariff.retail", "tariff.feed_in",
                                                  "imbalance.short", "imbalance.long")) &&
             s->imbalance_long.ticks > s->imbalance_short.ticks)
        gb_reading_report(reading, given_of(reading, "imbalance.long", "imbalance.short"),
                          "imbalance.long: %s is above "
                          "imbalance.short, %s: missing one's schedule would earn money",
                          gb_format_decimal(s->imbalance_long.ticks, 6, a, sizeof a),
                          gb_format_decimal(s->imbalance_short.ticks, 6, b, sizeof b));
}

/* A reserve that is not drawn: no quote beyond the tariff is taken. */
static void check_reserve(struct gb_reading *reading, const char *key, struct gb_price reserve)
{
    const struct gb_scenario *s = reading->scenario;
    const struct gb_tariff *tariff = gb_scenario_band(s);
    char low[32], high[32], got[32];

    if (reserve.ticks == GB_PARAM_PRICE_WORD ||
        (reserve.ticks >= tariff->feed_in.ticks && reserve.ticks <= tariff->retail.ticks) ||
        gb_reading_is_invalid(reading, KEYS(key, "tariff.retail", "tariff.feed_in")))
        return;
    gb_reading_report(reading, key,
                      "%s: expected a price from tariff.feed_in, %s, to tariff.retail, %s, got %s",
                      key, gb_format_decimal(tariff->feed_in.ticks, 6, low, sizeof low),
                      gb_format_decimal(tariff->retail.ticks, 6, high, sizeof high),
                      gb_format_decimal(reserve.ticks, 6, got, sizeof got));
}

static void check_agents(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    double shares = s->preference_solar + s->preference_wind + s->preference_storage;

    if (!gb_reading_is_invalid(reading, KEYS("agents.source_preference.solar",
                                             "agents.source_preference.wind",
                                             "agents.source_preference.storage")) &&
        shares > 1 + 1e-9)
        gb_reading_report(
            reading,
            given_of(reading, "agents.source_preference.solar", "agents.source_preference.wind"),
            "agents.source_preference: the shares add up to %g, more than 1", shares);
    check_reserve(reading, "agents.reserve_sell", s->reserve_sell);
    check_reserve(reading, "agents.reserve_buy", s->reserve_buy);
    if (!gb_reading_is_invalid(reading, KEYS("agents.beta_low", "agents.beta_high")) &&
        s->beta_low_millionths > s->beta_high_millionths)
        gb_reading_report(reading, given_of(reading, "agents.beta_low", "agents.beta_high"),
                          "agents.beta_low is above agents.beta_high");
    if (!gb_reading_is_invalid(reading, KEYS("agents.beta_by_time")) &&
        !gb_betas_are_times(s->beta_times))
        gb_reading_report(reading, "agents.beta_by_time",
                          "agents.beta_by_time: expected times of day, ascending, each with a "
                          "factor from 0 to 1, like `0:00 0.1, 17:30 0.8`, got '%s'",
                          s->beta_times);
}

static void check_storage(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    struct gb_day_times times;

    if (!gb_reading_is_invalid(reading, KEYS("storage.price_low", "storage.price_high")) &&
        s->storage_price_low.ticks > s->storage_price_high.ticks)
        gb_reading_report(reading, given_of(reading, "storage.price_low", "storage.price_high"),
                          "storage.price_low is above storage.price_high");
    if (!gb_reading_is_invalid(reading, KEYS("storage.schedule")) &&
        !gb_storage_schedule_read(&times, s->storage_schedule))
        gb_reading_report(
            reading, "storage.schedule",
            "storage.schedule: expected times of day, ascending, each with a power in "
            "kW, like `0:00 0, 11:00 2, 18:30 -1.5`, got '%s'",
            s->storage_schedule);
}

static void check_orders(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    const char *key = s->orders_file[0] ? "orders.file" : "orders.inline";

    bool by_books = gb_param_find(s->market.mechanism->member.params, "market.books") != NULL;

    if (s->delivery == GB_DELIVERY_DECLARED && !s->orders_text &&
        !gb_reading_is_invalid(reading, KEYS("meters.delivery", "orders.file", "orders.inline")))
        gb_reading_report(reading, "meters.delivery",
                          "meters.delivery: declared needs declared "
                          "orders: give orders.file");
    if (gb_reading_is_invalid(reading, KEYS("orders.file", "orders.inline")))
        return;
    for (size_t i = 0; i < s->n_entries; i++) {
        const struct gb_order_entry *entry = &s->entries[i];
        if ((int64_t)entry->order.owner >= s->physics.fleet.n_meters &&
            !gb_reading_is_invalid(reading, KEYS("meters.count")))
            gb_reading_report(reading, key,
                              "%s: order '%s' belongs to meter %" PRIu32 ", but there are %" PRId64
                              " (meters.count), counted from 0",
                              key, entry->id, entry->order.owner, s->physics.fleet.n_meters);
        if (entry->order.side == GB_SELL && entry->order.source == GB_SOURCE_ANY &&
            gb_market_needs_source(&s->market) &&
            !gb_reading_is_invalid(reading, KEYS("market.books")))
            gb_reading_report(reading, key,
                              "%s: order '%s' sells energy of no source: fill in a column source%s",
                              key, entry->id, by_books ? ", or say market.books: pooled" : "");
        if (!gb_reading_is_invalid(reading, KEYS("slot", "slots", "days")) &&
            entry->interval >= gb_scenario_n_slots(s))
            gb_reading_report(reading, key,
                              "%s: order '%s' is for slot %" PRId64
                              ", but the run ends with slot %" PRId64,
                              key, entry->id, entry->interval, gb_scenario_n_slots(s) - 1);
        if (entry->time_ns >= s->open_ns && !gb_reading_is_invalid(reading, KEYS("market.open")))
            gb_reading_report(reading, key, "%s: order '%s' is sent after its interval has begun",
                              key, entry->id);
    }
}

/* Who goes towards the best quote of the other side must see it. */
static void check_information(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    const char *key = "agents.requote.no_trade";
    const struct gb_param *row = gb_param_find(s->strategy->member.params, key);
    char text[128];

    if (!row || !s->market.mechanism->trading || s->information == GB_INFORMATION_BOOK ||
        gb_reading_is_invalid(
            reading, KEYS(key, "agents.strategy", "market.mechanism", "market.information")))
        return;
    if (strcmp(gb_param_format(row, s->strategy_config, text, sizeof text), "best_opposite") == 0)
        gb_reading_report(reading, given_of(reading, key, "market.information"),
                          "%s: best_opposite needs market.information: book, without which no "
                          "agent sees a quote that rests",
                          key);
}

/* What the strategy says of its options itself, its first option standing for all of them, and
 * whether what they name is there, unless nothing says where that is: a text that is stored in a
 * result is read without it. */
static void check_strategy(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    const struct gb_member *member = &s->strategy->member;
    const char *wrong = member->check ? member->check(s->strategy_config) : NULL;
    const char *key;
    char why[768];

    if (gb_reading_is_invalid(reading, KEYS("agents.strategy")))
        return;
    if (wrong && !gb_reading_is_invalid(reading, KEYS(member->params[0].key)))
        gb_reading_report(reading, member->params[0].key, "%s: expected %s", member->params[0].key,
                          wrong);
    if (s->strategy->resolve && s->folder &&
        !s->strategy->resolve(s->strategy_config, s->folder, &key, why, sizeof why))
        gb_reading_report(reading, key, "%s", why);
}

static void check_sections(struct gb_reading *reading)
{
    for (size_t s = 0; s < GB_N_SECTIONS; s++)
        if (gb_sections[s]->check)
            gb_sections[s]->check(reading);
    if (!reading->has_wrong)
        gb_reading_check_meters(reading);
}

void gb_reading_check(struct gb_reading *reading)
{
    check_time_zone(reading); /* sections ask the calendar, and for the last slot */
    check_times(reading);
    gb_reading_read_series(reading);
    gb_reading_check_tariffs(reading);
    check_sections(reading);
    resolve(reading->scenario);
    check_days(reading);
    check_requotes(reading);
    check_step(reading);
    check_lead(reading);
    check_warm_up(reading);
    check_deviant(reading);
    check_currency(reading);
    check_prices(reading);
    check_agents(reading);
    gb_reading_check_physics(reading);
    check_storage(reading);
    check_strategy(reading);
    check_information(reading);
    check_orders(reading);
    gb_reading_check_money(reading);
}
