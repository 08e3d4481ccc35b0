#include "experiments/scenario/kind_unread.h"

#include <stdio.h>
#include <string.h>

#include "experiments/scenario/scenario_priv.h"

/* Its key behind the name of the item. */
static const char *behind_name(const struct gb_item *item, const struct gb_param *row)
{
    return row->key + strlen(item->section->name) + strlen(item->name) + 2;
}

/* Why nothing reads a row of an item; false: something does.
 * selector  the key that keeps it out */
static bool is_unread(const struct gb_scenario *scenario, const struct gb_item *item,
                      const struct gb_param *row, const struct gb_kind_agents *agents,
                      char *selector, size_t size, char *why, size_t why_size)
{
    const char *key = behind_name(item, row), *other;
    char names[256];

    if (!gb_kind_agents_read(agents, key)) {
        gb_strategies_with_option(key, names, sizeof names);
        snprintf(selector, size, "%s.%s.agents.strategy", item->section->name, item->name);
        snprintf(why, why_size,
                 "%s: it is an option of the strategy %s, and the agents of this kind follow %s",
                 row->key, names, agents->own.strategy->member.name);
        return true;
    }
    other = gb_scenario_refusal(scenario, &(struct gb_scenario_key){.row = row}, why, why_size);
    if (other)
        snprintf(selector, size, "%s", other);
    return other != NULL;
}

/* Does a setting select what keeps a row out: by the kind's own key, or by the scenario's where the
 * kind follows it? */
static bool is_selected_anew(const struct gb_reading *reading, const struct gb_item *item,
                             const char *selector)
{
    size_t before = strlen(item->section->name) + strlen(item->name) + 2;
    bool is_own = strncmp(selector, item->rows[0].key, before) == 0;

    return gb_reading_sets(reading, selector) ||
           (is_own && !gb_item_gives(item, selector + before) &&
            gb_reading_sets(reading, selector + before));
}

/* A setting that selects something else overrules what a file, or an earlier reading, gave; a
 * setting that nothing reads is left out where that is asked for, and all that nothing reads of a
 * stored text.
 * returns whether either was so */
static bool overrule(struct gb_reading *reading, struct gb_item *item,
                     const struct gb_kind_agents *agents)
{
    char selector[256], why[1024];
    bool has_overruled = false;

    for (size_t i = 0; i < item->n_rows; i++) {
        const char *key = item->rows[i].key;

        if (!item->is_given[i] ||
            !is_unread(reading->scenario, item, &item->rows[i], agents, selector, sizeof selector,
                       why, sizeof why) ||
            !(reading->is_stored ||
              (gb_reading_sets(reading, key) ? gb_reading_leave_out_key(reading, key, why)
                                             : is_selected_anew(reading, item, selector))))
            continue;
        item->is_given[i] = false;
        has_overruled = true;
    }
    return has_overruled;
}

bool gb_reading_overrule_kinds(struct gb_reading *reading)
{
    struct gb_scenario *scenario = reading->scenario;
    struct gb_items *items = &scenario->items[GB_SECTION_HOUSEHOLDS];
    bool has_overruled = false;

    for (size_t i = 0; i < items->n; i++)
        has_overruled |= overrule(reading, &items->list[i], &scenario->kind_agents[i]);
    return has_overruled;
}

void gb_kind_check_unread(struct gb_reading *reading, const struct gb_item *item,
                          const struct gb_kind_agents *agents)
{
    char selector[256], why[1024];

    for (size_t i = 0; i < item->n_rows; i++)
        if (item->is_given[i] && gb_reading_gives(reading, item->rows[i].key) &&
            is_unread(reading->scenario, item, &item->rows[i], agents, selector, sizeof selector,
                      why, sizeof why))
            gb_reading_report(reading, item->rows[i].key, "%s%s", why, GB_REMOVE_UNREAD);
}
