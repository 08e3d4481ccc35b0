#include "experiments/scenario/kind_agents.h"

#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "experiments/scenario/scenario_priv.h"
#include "models/agents/betas.h"

static void check_betas(struct gb_reading *reading, const struct gb_item *item,
                        const struct gb_kind_agents *agents)
{
    const struct gb_agents_config *own = &agents->own;

    if (own->betas == GB_BETAS_DRAWN && own->beta_low_millionths > own->beta_high_millionths)
        gb_reading_report_item(reading, item, "agents.beta_low",
                               "it is above agents.beta_high of this kind");
    if (own->betas == GB_BETAS_BY_TIME && !gb_betas_are_times(own->beta_times))
        gb_reading_report_item(reading, item, "agents.beta_by_time",
                               "expected times of day, ascending, each with a factor from 0 to 1, "
                               "like `0:00 0.1, 17:30 0.8`, got '%s'",
                               own->beta_times);
    if (agents->beta_millionths == GB_BETA_NOT_OF_KIND || !gb_item_gives(item, "market.beta"))
        return;
    if (!gb_scenario_key_find(reading->scenario, "market.beta").row ||
        !gb_scenario_reads(reading->scenario, "market.beta"))
        gb_reading_report_item(reading, item, "market.beta",
                               "the mechanism %s has no re-quote factor",
                               reading->scenario->market.mechanism->member.name);
}

/* A price between those of the tariff, beyond which no quote is taken. */
static void check_reserve(struct gb_reading *reading, const struct gb_item *item, const char *key,
                          struct gb_price reserve)
{
    const struct gb_scenario *s = reading->scenario;
    const struct gb_tariff *tariff = gb_scenario_band(s);
    char low[32], high[32], got[32];

    if (reserve.ticks == GB_PARAM_PRICE_WORD || !gb_item_gives(item, key) ||
        (reserve.ticks >= tariff->feed_in.ticks && reserve.ticks <= tariff->retail.ticks) ||
        gb_reading_refuses_item(reading, item, key))
        return;
    gb_reading_report_item(
        reading, item, key,
        "expected a price from the lowest feed-in, %s, to the highest retail, %s, got %s",
        gb_format_decimal(tariff->feed_in.ticks, 6, low, sizeof low),
        gb_format_decimal(tariff->retail.ticks, 6, high, sizeof high),
        gb_format_decimal(reserve.ticks, 6, got, sizeof got));
}

/* What a strategy needs no row can say: it follows whoever selected the strategy before. */
static void report_unresolved(struct gb_reading *reading, const struct gb_item *item,
                              const struct gb_strategy *strategy, const char *key, const char *why)
{
    if (item->row_line > 0 && strategy != reading->scenario->strategy && !gb_item_gives(item, key))
        gb_reading_report_item(reading, item, "strategy",
                               "a row selects %s where its kind, %s, or the scenario does, too, "
                               "and says %s; other rows may select other strategies",
                               strategy->member.name, item->name, key);
    else
        gb_reading_report_item(reading, item, key, "%s", why);
}

/* What the strategy says of its options itself, and whether what they name is there. */
static void check_strategy(struct gb_reading *reading, struct gb_item *item,
                           struct gb_kind_agents *agents)
{
    const struct gb_scenario *scenario = reading->scenario;
    const struct gb_strategy *strategy = agents->own.strategy;
    void *config = (void *)gb_kind_agents_config(agents, scenario->strategy_config);
    const char *wrong, *key;
    char why[768];

    if (!gb_strategy_is_built_in(strategy) && strategy != scenario->strategy) {
        gb_reading_report_item(reading, item, "agents.strategy",
                               "expected a strategy of this program, or the scenario's own, %s",
                               scenario->strategy->member.name);
        return;
    }
    if (strategy == scenario->strategy && !gb_strategy_is_built_in(strategy))
        return;
    wrong = strategy->member.check ? strategy->member.check(config) : NULL;
    if (wrong)
        gb_reading_report_item(reading, item, strategy->member.params[0].key, "expected %s", wrong);
    if (!strategy->resolve || !scenario->folder)
        return;
    if (!strategy->resolve(config, scenario->folder, &key, why, sizeof why))
        report_unresolved(reading, item, strategy, key, why);
    else if (strategy == &gb_strategy_plugin && gb_item_gives(item, "agents.plugin"))
        gb_item_give(item, "agents.plugin_sha256");
}

/* Who goes towards the best quote of the other side must see it. */
static void check_information(struct gb_reading *reading, const struct gb_item *item,
                              const struct gb_kind_agents *agents)
{
    static const char key[] = "agents.requote.no_trade";
    const struct gb_scenario *scenario = reading->scenario;
    const struct gb_param *row = gb_param_find(agents->own.strategy->member.params, key);
    char text[128];

    if (row && scenario->market.mechanism->trading &&
        scenario->information != GB_INFORMATION_BOOK &&
        strcmp(gb_param_format(row, &agents->options, text, sizeof text), "best_opposite") == 0)
        gb_reading_report_item(reading, item, key,
                               "best_opposite needs market.information: book, without which no "
                               "agent sees a quote that rests");
}

void gb_kind_agents_check(struct gb_reading *reading, struct gb_item *item,
                          struct gb_kind_agents *agents)
{
    const struct gb_agents_config *own = &agents->own;
    double shares = own->preference_solar + own->preference_wind + own->preference_storage;

    check_betas(reading, item, agents);
    check_reserve(reading, item, "agents.reserve_sell", own->reserve_sell);
    check_reserve(reading, item, "agents.reserve_buy", own->reserve_buy);
    if (shares > 1 + 1e-9)
        gb_reading_report_item(reading, item, "agents.source_preference.solar",
                               "the shares add up to %g, more than 1", shares);
    check_strategy(reading, item, agents);
    check_information(reading, item, agents);
}
