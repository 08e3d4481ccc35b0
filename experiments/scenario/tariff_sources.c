#include "experiments/scenario/tariff_sources.h"

#include <stdio.h>
#include <string.h>

#define NONE "none"
#define OF_SCENARIO "scenario"

/* The keys of a price, behind the name of an item. */
struct keys {
    const char *number, *times, *series, *factor, *addition;
};
static const struct keys keys_of[2] = {
    {"tariff.feed_in", "tariff.feed_in_by_time", "tariff.feed_in_series", "tariff.feed_in_factor",
     "tariff.feed_in_add"},
    {"tariff.retail", "tariff.retail_by_time", "tariff.retail_series", "tariff.retail_factor",
     "tariff.retail_add"},
};

void gb_reading_report_tariff(struct gb_reading *reading, const struct gb_tariff_source *source,
                              const char *why)
{
    if (source->item)
        gb_reading_report_item(reading, source->item, source->key, "%s", why);
    else
        gb_reading_report(reading, source->key, "%s: %s", source->key, why);
}

/* ---- one source; false: it is refused */

static bool read_times(struct gb_reading *reading, struct gb_tariff_source *source,
                       const char *text)
{
    char why[512], all[1024];

    source->form = GB_TARIFF_BY_TIME;
    if (gb_tariff_times_parse(&source->times, text, why, sizeof why))
        return true;
    snprintf(all, sizeof all,
             "expected times of the local clock with prices, like `0:00 0.24, 6:00 0.38; weekends "
             "0:00 0.24`, got '%.200s': %s",
             text, why);
    gb_reading_report_tariff(reading, source, all);
    return false;
}

static bool read_series(struct gb_reading *reading, struct gb_tariff_source *source,
                        const char *name)
{
    char why[1024];

    source->form = GB_TARIFF_SERIES;
    if (gb_tariff_series_find(&source->series, reading->scenario, name, why, sizeof why))
        return true;
    gb_reading_report_tariff(reading, source, why);
    return false;
}

/* ---- of the scenario */

static bool scenario_times(const struct gb_scenario *s, bool is_retail)
{
    return strcmp(is_retail ? s->retail_by_time : s->feed_in_by_time, NONE) != 0;
}

static bool scenario_series(const struct gb_scenario *s, bool is_retail)
{
    return gb_series_is_named(is_retail ? s->retail_series : s->feed_in_series);
}

bool gb_tariff_scenario_varies(const struct gb_scenario *scenario)
{
    return scenario_times(scenario, true) || scenario_times(scenario, false) ||
           scenario_series(scenario, true) || scenario_series(scenario, false);
}

static bool read_scenario(struct gb_reading *reading, bool is_retail, struct gb_tariff_source *out)
{
    const struct gb_scenario *s = reading->scenario;
    const struct keys *keys = &keys_of[is_retail];
    bool by_time = scenario_times(s, is_retail), by_series = scenario_series(s, is_retail);

    *out = (struct gb_tariff_source){.key = by_time     ? keys->times
                                            : by_series ? keys->series
                                                        : keys->number,
                                     .number = is_retail ? s->market.tariff.retail
                                                         : s->market.tariff.feed_in};
    if (by_time && by_series) {
        gb_reading_report(reading, keys->series,
                          "%s: both this and %s say the price of every slot; set one to none",
                          keys->series, keys->times);
        return false;
    }
    if (by_time)
        return read_times(reading, out, is_retail ? s->retail_by_time : s->feed_in_by_time);
    if (!by_series)
        return true;
    bool is_good = read_series(reading, out, is_retail ? s->retail_series : s->feed_in_series);
    out->series.factor_millionths = is_retail ? s->retail_factor : s->feed_in_factor;
    out->series.addition = is_retail ? s->retail_add : s->feed_in_add;
    return is_good;
}

/* ---- of a kind */

static bool gives_number(const struct gb_item *item, bool is_retail)
{
    return gb_item_gives(item, keys_of[is_retail].number) &&
           gb_household_prices(item, is_retail).number.ticks != GB_PARAM_PRICE_WORD;
}

static bool gives_times(const struct gb_item *item, bool is_retail)
{
    return gb_item_gives(item, keys_of[is_retail].times) &&
           strcmp(gb_household_prices(item, is_retail).times, OF_SCENARIO) != 0;
}

static bool gives_series(const struct gb_item *item, bool is_retail)
{
    return gb_item_gives(item, keys_of[is_retail].series) &&
           strcmp(gb_household_prices(item, is_retail).series, OF_SCENARIO) != 0;
}

static bool gives_factor(const struct gb_item *item, bool is_retail)
{
    return gb_item_gives(item, keys_of[is_retail].factor) &&
           gb_household_prices(item, is_retail).factor_millionths >= 0;
}

static bool gives_addition(const struct gb_item *item, bool is_retail)
{
    return gb_item_gives(item, keys_of[is_retail].addition) &&
           gb_household_prices(item, is_retail).addition.ticks != GB_PARAM_PRICE_WORD;
}

bool gb_tariff_item_gives(const struct gb_item *item)
{
    for (int is_retail = 0; is_retail < 2; is_retail++)
        if (gives_number(item, is_retail) || gives_times(item, is_retail) ||
            gives_series(item, is_retail) || gives_factor(item, is_retail) ||
            gives_addition(item, is_retail))
            return true;
    return false;
}

/* Factor and addition of a kind: its own, else the scenario's. false: no series reads them */
static bool take_factors(struct gb_reading *reading, const struct gb_item *item, bool is_retail,
                         struct gb_tariff_source *out)
{
    const struct gb_scenario *s = reading->scenario;
    struct gb_household_prices own = gb_household_prices(item, is_retail);
    bool has_factor = gives_factor(item, is_retail), has_addition = gives_addition(item, is_retail);

    if (out->form != GB_TARIFF_SERIES && (has_factor || has_addition)) {
        gb_reading_report_item(reading, item,
                               has_factor ? keys_of[is_retail].factor : keys_of[is_retail].addition,
                               "nothing reads this: the price of this kind is no series' (%s)",
                               keys_of[is_retail].series);
        return false;
    }
    out->series.factor_millionths = has_factor  ? own.factor_millionths
                                    : is_retail ? s->retail_factor
                                                : s->feed_in_factor;
    out->series.addition = has_addition ? own.addition : is_retail ? s->retail_add : s->feed_in_add;
    return true;
}

/* What it says itself, else what the scenario says. */
static bool read_kind(struct gb_reading *reading, const struct gb_item *item, bool is_retail,
                      const struct gb_tariff_source *of_scenario, struct gb_tariff_source *out)
{
    struct gb_household_prices own = gb_household_prices(item, is_retail);
    bool has_number = gives_number(item, is_retail), has_times = gives_times(item, is_retail);
    bool has_series = gives_series(item, is_retail), is_good = true;

    *out = *of_scenario;
    if (has_number || has_times || has_series)
        *out = (struct gb_tariff_source){.item = item,
                                         .key = has_series  ? keys_of[is_retail].series
                                                : has_times ? keys_of[is_retail].times
                                                            : keys_of[is_retail].number,
                                         .number = own.number};
    if (has_number + has_times + has_series > 1) {
        gb_reading_report_tariff(reading, out,
                                 has_series && has_times
                                     ? "both prices of a series and prices by time: one says it"
                                     : (has_series
                                            ? "both a price and prices of a series: one says it"
                                            : "both a price and prices by time: one says it"));
        return false;
    }
    if (has_times)
        is_good = read_times(reading, out, own.times);
    if (has_series)
        is_good = read_series(reading, out, own.series);
    return is_good && take_factors(reading, item, is_retail, out);
}

/* ---- of all */

/* Factor and addition of the scenario that nothing reads; a stored one has both at their defaults.
 * of_all  what the scenario says for kinds that say nothing; NULL: not known */
static bool check_factors(struct gb_reading *reading, size_t n,
                          const struct gb_tariff_source *sources,
                          const struct gb_tariff_source *of_all, bool is_retail)
{
    const struct gb_scenario *s = reading->scenario;
    int64_t factor = is_retail ? s->retail_factor : s->feed_in_factor;
    int64_t addition = (is_retail ? s->retail_add : s->feed_in_add).ticks;
    const char *key =
        factor != GB_MILLIONTHS ? keys_of[is_retail].factor : keys_of[is_retail].addition;

    for (size_t k = 0; k < n; k++)
        if (sources[2 * k + !is_retail].form == GB_TARIFF_SERIES)
            return true;
    if (factor == GB_MILLIONTHS && addition == 0)
        return true;
    if (of_all && of_all->form == GB_TARIFF_SERIES)
        gb_reading_report(reading, key,
                          "%s: nothing reads this: every kind of households has a price of its own "
                          "in place of %s",
                          key, keys_of[is_retail].series);
    else
        gb_reading_report(reading, key,
                          "%s: nothing reads this without a series: set %s, of all or of a kind of "
                          "households",
                          key, keys_of[is_retail].series);
    return false;
}

void gb_reading_check_tariff_factors(struct gb_reading *reading)
{
    check_factors(reading, 0, NULL, NULL, true);
    check_factors(reading, 0, NULL, NULL, false);
}

bool gb_reading_tariff_sources(struct gb_reading *reading, size_t n,
                               struct gb_tariff_source *sources)
{
    const struct gb_scenario *s = reading->scenario;
    struct gb_tariff_source of_all[2];
    bool is_good = read_scenario(reading, true, &of_all[0]);

    is_good &= read_scenario(reading, false, &of_all[1]);
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < 2; i++) {
            sources[2 * k + i] = of_all[i];
            if (n > 1 ||
                (s->physics.n_kinds == 1 && gb_tariff_item_gives(gb_scenario_kind_item(s, 0))))
                is_good &= read_kind(reading, gb_scenario_kind_item(s, k), i == 0, &of_all[i],
                                     &sources[2 * k + i]);
        }
    return is_good && check_factors(reading, n, sources, &of_all[0], true) &&
           check_factors(reading, n, sources, &of_all[1], false);
}
