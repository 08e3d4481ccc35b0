/* Tariffs that differ: from numbers and times of the scenario and of its kinds of households to the
 * tariff of every slot. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/day_times.h"
#include "base/duration.h"
#include "experiments/scenario/agents_config.h"
#include "experiments/scenario/scenario_priv.h"
#include "experiments/scenario/tariff_sources.h"

#define KEYS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define ANYTHING (INT64_C(1000) * 1000000) /* 1e-6 currency/kWh: what a price is at most */

/* Whose tariff stands for a kind: its own, but bands are over meters, so that one without homes has
 * that of the first with any. Where all have one there is no other. */
static size_t standing_for(const struct gb_scenario *scenario, const struct gb_tariffs *tariffs,
                           size_t kind)
{
    const struct gb_kind *kinds = scenario->kinds;
    size_t n = scenario->physics.n_kinds, first = 0;

    if (tariffs->n_kinds < 2 || kinds[kind].n_meters > 0)
        return kind;
    while (first < n && kinds[first].n_meters == 0)
        first++;
    return first < n ? first : kind;
}

/* ---- slots */

/* The moment a slot begins, by the local clock. */
struct clock {
    int64_t day, into_day_ns, slot_ns;
};

static struct clock clock_at(const struct gb_calendar *calendar, int64_t slot, int64_t slot_ns)
{
    int64_t local_ns = gb_calendar_local_ns(calendar, slot * slot_ns);
    int64_t day = gb_floor_divide(local_ns, GB_NS_PER_DAY);

    return (struct clock){calendar->start_days + day, local_ns - day * GB_NS_PER_DAY, slot_ns};
}

static void describe(const struct clock *clock, char *text, size_t size)
{
    char date[16];

    gb_date_format(clock->day, date, sizeof date);
    snprintf(text, size, "%s %02d:%02d", date, (int)(clock->into_day_ns / (60 * GB_NS_PER_MINUTE)),
             (int)(clock->into_day_ns / GB_NS_PER_MINUTE % 60));
}

/* A price by time. false: a time falls within the slot, which is reported */
static bool take_by_time(struct gb_reading *reading, const struct gb_tariff_source *source,
                         const struct clock *clock, struct gb_price *out)
{
    char why[256], moment[32], length[32];
    int64_t within_ns =
        gb_tariff_times_within(&source->times, clock->day, clock->into_day_ns, clock->slot_ns);
    *out = gb_tariff_times_at(&source->times, clock->day, clock->into_day_ns);
    if (within_ns < 0)
        return true;
    describe(clock, moment, sizeof moment);
    snprintf(why, sizeof why,
             "%d:%02d falls within the slot of %s that begins at %s; expected times at which slots "
             "begin",
             (int)(within_ns / (60 * GB_NS_PER_MINUTE)), (int)(within_ns / GB_NS_PER_MINUTE % 60),
             gb_duration_format(clock->slot_ns, length, sizeof length), moment);
    gb_reading_report_tariff(reading, source, why);
    return false;
}

/* The price of a slot. false: there is none, which is reported */
static bool take_price(struct gb_reading *reading, struct gb_tariff_source *source, int64_t slot,
                       const struct clock *clock, struct gb_price *out)
{
    char why[512];

    *out = source->number;
    if (source->form == GB_TARIFF_BY_TIME)
        return take_by_time(reading, source, clock, out);
    if (source->form == GB_TARIFF_NUMBER ||
        gb_tariff_series_at(&source->series, slot, clock->slot_ns, out, why, sizeof why))
        return true;
    gb_reading_report_tariff(reading, source, why);
    return false;
}

/* false: it is refused */
static bool fill(struct gb_reading *reading, struct gb_tariffs *tariffs,
                 struct gb_tariff_source *sources)
{
    const struct gb_scenario *s = reading->scenario;
    struct gb_calendar calendar = gb_scenario_calendar(s);

    for (int64_t slot = 0; slot < tariffs->n_slots; slot++) {
        struct clock clock = clock_at(&calendar, slot, s->physics.weather.slot_ns);

        for (size_t k = 0; k < tariffs->n_kinds; k++) {
            struct gb_tariff *tariff = &tariffs->at[(int64_t)k * tariffs->n_slots + slot];
            struct gb_tariff_source *of_kind = &sources[2 * standing_for(s, tariffs, k)];

            if (!take_price(reading, &of_kind[0], slot, &clock, &tariff->retail) ||
                !take_price(reading, &of_kind[1], slot, &clock, &tariff->feed_in))
                return false;
        }
    }
    gb_tariffs_settle(tariffs);
    return true;
}

/* ---- what the grid would lose on */

static void describe_kind(const struct gb_scenario *s, const struct gb_tariffs *tariffs,
                          size_t kind, char *text, size_t size)
{
    if (tariffs->n_kinds > 1)
        snprintf(text, size, "homes of kind '%s'%s", gb_scenario_kind_item(s, kind)->name,
                 gb_scenario_kind_item(s, kind)->row_line > 0 ? " with prices of their own" : "");
    else
        snprintf(text, size, "everybody");
}

/* returns whether there is any */
static bool check_arbitrage(struct gb_reading *reading, const struct gb_tariffs *tariffs,
                            const struct gb_tariff_source *sources)
{
    const struct gb_scenario *s = reading->scenario;
    struct gb_calendar calendar = gb_scenario_calendar(s);
    struct gb_tariff_arbitrage found;
    char from[96], to[96], moment[32], a[32], b[32], why[512];

    if (!gb_tariffs_have_arbitrage(tariffs, &found))
        return false;
    found.feed_in_kind = standing_for(s, tariffs, found.feed_in_kind);
    found.retail_kind = standing_for(s, tariffs, found.retail_kind);
    struct clock clock = clock_at(&calendar, found.slot, s->physics.weather.slot_ns);
    describe(&clock, moment, sizeof moment);
    describe_kind(s, tariffs, found.feed_in_kind, from, sizeof from);
    describe_kind(s, tariffs, found.retail_kind, to, sizeof to);
    snprintf(why, sizeof why,
             "in slot %" PRId64 ", which begins at %s, the grid buys from %s at %s and sells to %s "
             "at %s: it would lose on every kWh",
             found.slot, moment, from, gb_format_decimal(found.feed_in.ticks, 6, a, sizeof a), to,
             gb_format_decimal(found.retail.ticks, 6, b, sizeof b));
    gb_reading_report_tariff(reading, &sources[2 * found.feed_in_kind + 1], why);
    return true;
}

/* Missing one's trades may not earn money in any slot. */
static void check_imbalance(struct gb_reading *reading, const struct gb_tariffs *tariffs)
{
    const struct gb_scenario *s = reading->scenario;
    bool short_is_given = s->imbalance_short_asked.ticks != GB_PARAM_PRICE_WORD;
    bool long_is_given = s->imbalance_long_asked.ticks != GB_PARAM_PRICE_WORD;
    char a[32], b[32];

    for (int64_t slot = 0; slot < tariffs->n_slots; slot++) {
        const struct gb_tariff *band = gb_tariffs_band(tariffs, slot);
        struct gb_price dear = short_is_given ? s->imbalance_short_asked : band->retail;
        struct gb_price cheap = long_is_given ? s->imbalance_long_asked : band->feed_in;

        if (cheap.ticks <= dear.ticks)
            continue;
        gb_reading_report(reading, long_is_given ? "imbalance.long" : "imbalance.short",
                          "%s: in slot %" PRId64 " energy not taken earns %s and energy not "
                          "delivered costs %s: missing one's trades would earn money",
                          long_is_given ? "imbalance.long" : "imbalance.short", slot,
                          gb_format_decimal(cheap.ticks, 6, a, sizeof a),
                          gb_format_decimal(dear.ticks, 6, b, sizeof b));
        return;
    }
}

/* ---- put together */

/* Of a stored text nobody read the files: then any price may have been. */
static bool is_unread(size_t n_kinds, const struct gb_tariff_source *sources)
{
    for (size_t i = 0; i < 2 * n_kinds; i++)
        if (sources[i].form == GB_TARIFF_SERIES && !sources[i].series.measured)
            return true;
    return false;
}

static void take_anything(struct gb_tariffs *tariffs)
{
    for (int64_t i = 0; i < (int64_t)tariffs->n_kinds * tariffs->n_slots; i++)
        tariffs->at[i] = (struct gb_tariff){{ANYTHING}, {-ANYTHING}};
    gb_tariffs_settle(tariffs);
}

static void make(struct gb_reading *reading, size_t n_kinds)
{
    struct gb_scenario *s = reading->scenario;
    int64_t n_slots = gb_scenario_n_slots(s);
    struct gb_tariff_source *sources = calloc(2 * n_kinds, sizeof *sources);
    struct gb_error why = {0};

    if (n_slots > GB_TARIFFS_MOST / (int64_t)n_kinds)
        gb_reading_report(reading, s->slots > 0 ? "slots" : "days",
                          "tariffs that differ have at most %u slots times kinds, this run has "
                          "%" PRId64 " times %zu",
                          GB_TARIFFS_MOST, n_slots, n_kinds);
    else if (!sources || gb_tariffs_create(&s->tariffs, n_kinds, n_slots, &why) != GB_OK)
        gb_reading_report(reading, "tariff.retail",
                          "no memory for the tariffs of %" PRId64 " slots", n_slots);
    else if (!gb_reading_tariff_sources(reading, n_kinds, sources))
        ; /* it is reported */
    else if (is_unread(n_kinds, sources)) {
        s->has_unread_prices = true;
        take_anything(s->tariffs);
    } else if (fill(reading, s->tariffs, sources) && !check_arbitrage(reading, s->tariffs, sources))
        check_imbalance(reading, s->tariffs);
    free(sources);
}

void gb_reading_check_tariffs(struct gb_reading *reading)
{
    struct gb_scenario *s = reading->scenario;
    bool by_kind = false;

    gb_tariffs_free(s->tariffs);
    s->tariffs = NULL;
    s->has_unread_prices = false;
    for (size_t k = 0; k < s->physics.n_kinds; k++)
        by_kind |= gb_tariff_item_gives(gb_scenario_kind_item(s, k));
    if (reading->has_wrong)
        return;
    if (by_kind || gb_tariff_scenario_varies(s))
        make(reading, by_kind ? s->physics.n_kinds : 1);
    else
        gb_reading_check_tariff_factors(reading);
}
