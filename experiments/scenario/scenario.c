/* A scenario's life: every value at its default, the members it selects, copies. */
#include "experiments/scenario/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/scenario/agents_config.h"
#include "experiments/scenario/scenario_priv.h"
#include "models/series/library.h"

/* ---- life */

void gb_scenario_free(struct gb_scenario *scenario)
{
    if (!scenario)
        return;
    for (size_t s = 0; s < GB_N_SECTIONS; s++)
        gb_items_clear(&scenario->items[s]);
    free(scenario->kinds);
    free(scenario->kind_agents);
    free(scenario->kind_storage);
    gb_tariffs_free(scenario->tariffs);
    gb_library_release(scenario->library);
    free(scenario->strategy_config);
    free(scenario->folder);
    free(scenario->orders_text);
    free(scenario->meters_text);
    free(scenario->meters_path);
    free(scenario->listed.meters);
    gb_rows_settings_clear(&scenario->rows);
    free(scenario->entries);
    free(scenario);
}

static enum gb_status select_strategy(struct gb_scenario *scenario, const struct gb_member *member,
                                      struct gb_error *err)
{
    void *config = calloc(1, member->config_size ? member->config_size : 1);

    if (!config)
        return gb_fail(err, GB_ENOMEM, "no memory for the options of strategy %s", member->name);
    gb_param_defaults(member->params, config);
    free(scenario->strategy_config);
    scenario->strategy_config = config;
    scenario->strategy = (const struct gb_strategy *)member;
    return GB_OK;
}

bool gb_scenario_selects(const struct gb_param *row)
{
    return row->family == &gb_strategy_family || row->family == &gb_mechanism_family;
}

enum gb_status gb_scenario_select(struct gb_scenario *scenario, const struct gb_param *row,
                                  const struct gb_member *member, struct gb_error *err)
{
    if (row->family == &gb_strategy_family)
        return select_strategy(scenario, member, err);
    gb_market_rules_select(&scenario->market, (const struct gb_mechanism *)member);
    return GB_OK;
}

enum gb_status gb_scenario_create(struct gb_scenario **out, const struct gb_extensions *extensions,
                                  struct gb_error *err)
{
    struct gb_scenario *scenario = calloc(1, sizeof *scenario);
    struct gb_scenario_walk walk = {.extensions = extensions};
    enum gb_status status = GB_OK;
    struct gb_scenario_key key;
    char why[512];

    if (!scenario)
        return gb_fail(err, GB_ENOMEM, "no memory for a scenario");
    scenario->extensions = extensions;
    while (status == GB_OK && gb_scenario_next(&walk, &key)) {
        const struct gb_param *row = key.row;

        if (gb_scenario_selects(row))
            status = gb_scenario_select(
                scenario, row, gb_family_find(row->family, extensions, row->default_text), err);
        else if (key.owner != GB_OWNER_MEMBER && row->kind != GB_PARAM_BLOCK)
            gb_param_parse(row, row->default_text, gb_scenario_base(scenario, &key), why,
                           sizeof why);
    }
    if (status == GB_OK)
        *out = scenario;
    else
        gb_scenario_free(scenario);
    return status;
}

static void *duplicate(const void *from, size_t size)
{
    void *copy = from ? malloc(size ? size : 1) : NULL;

    return copy && size ? memcpy(copy, from, size) : copy;
}

enum gb_status gb_scenario_copy(struct gb_scenario **out, const struct gb_scenario *from,
                                struct gb_error *err)
{
    struct gb_scenario *copy = duplicate(from, sizeof *from);
    enum gb_status status = GB_OK;

    if (!copy)
        return gb_fail(err, GB_ENOMEM, "no memory for a scenario");
    copy->strategy_config = duplicate(from->strategy_config, from->strategy->member.config_size);
    copy->folder = from->folder ? strdup(from->folder) : NULL;
    copy->orders_text = from->orders_text ? strdup(from->orders_text) : NULL;
    copy->meters_text = from->meters_text ? strdup(from->meters_text) : NULL;
    copy->meters_path = from->meters_path ? strdup(from->meters_path) : NULL;
    copy->listed.meters =
        duplicate(from->listed.meters, from->listed.n * sizeof *from->listed.meters);
    copy->physics.listed = copy->listed.meters;
    copy->entries = duplicate(from->entries, from->n_entries * sizeof *from->entries);
    copy->kinds = duplicate(from->kinds, from->physics.n_kinds * sizeof *from->kinds);
    copy->physics.kinds = copy->kinds;
    copy->kind_agents =
        duplicate(from->kind_agents, from->physics.n_kinds * sizeof *from->kind_agents);
    copy->kind_storage =
        duplicate(from->kind_storage, from->physics.n_kinds * sizeof *from->kind_storage);
    copy->tariffs = gb_tariffs_copy(from->tariffs);
    gb_library_share(copy->library);
    memset(copy->items, 0, sizeof copy->items);
    for (size_t s = 0; s < GB_N_SECTIONS && status == GB_OK; s++)
        status = gb_items_copy(&copy->items[s], &from->items[s], err);
    memset(&copy->rows, 0, sizeof copy->rows);
    if (status == GB_OK)
        status = gb_rows_settings_copy(&copy->rows, &from->rows,
                                       &copy->items[GB_SECTION_HOUSEHOLDS], err);
    if (status != GB_OK || !copy->strategy_config || (from->folder && !copy->folder) ||
        (from->meters_text && !copy->meters_text) || (from->meters_path && !copy->meters_path) ||
        (from->listed.meters && !copy->listed.meters) ||
        (from->orders_text && !copy->orders_text) || (from->entries && !copy->entries) ||
        (from->kinds && !copy->kinds) || (from->kind_agents && !copy->kind_agents) ||
        (from->kind_storage && !copy->kind_storage) || (from->tariffs && !copy->tariffs)) {
        gb_scenario_free(copy);
        return gb_fail(err, GB_ENOMEM, "no memory for a scenario");
    }
    *out = copy;
    return GB_OK;
}

/* ---- items of named sections */

const struct gb_items *gb_scenario_const_items(const struct gb_scenario *scenario,
                                               const struct gb_section *section)
{
    size_t s = 0;

    while (gb_sections[s] != section)
        s++;
    return &scenario->items[s];
}

struct gb_items *gb_scenario_items(struct gb_scenario *scenario, const struct gb_section *section)
{
    return (struct gb_items *)gb_scenario_const_items(scenario, section);
}

/* Copies the scenario's own value of a row that items override. */
static void inherit(const void *context, const struct gb_param *row, void *base)
{
    const struct gb_scenario *scenario = context;
    struct gb_scenario_key own = gb_scenario_key_find(scenario, row->key);

    const void *own_base = gb_scenario_const_base(scenario, &own);
    char why[512];

    if (own_base)
        gb_param_copy(row, base, own.row, own_base);
    else /* an option of a strategy that the scenario has not selected */
        gb_param_parse(row, row->default_text, base, why, sizeof why);
}

enum gb_status gb_scenario_settle(struct gb_scenario *scenario, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t s = 0; s < GB_N_SECTIONS && status == GB_OK; s++) {
        struct gb_items *items = &scenario->items[s];
        for (size_t i = 0; i < items->n; i++)
            gb_item_settle(&items->list[i], inherit, scenario);
        if (gb_sections[s]->settle)
            status = gb_sections[s]->settle(scenario, err);
    }
    return status;
}

/* ---- single rows */

char *gb_scenario_value(const struct gb_scenario *scenario, const char *key, char *buffer,
                        size_t size)
{
    struct gb_scenario_key found = gb_scenario_key_find(scenario, key);

    return gb_param_format(found.row, gb_scenario_const_base(scenario, &found), buffer, size);
}

const struct gb_param *gb_scenario_find_row(const struct gb_scenario *scenario, const char *key)
{
    return gb_scenario_key_find(scenario, key).row;
}

bool gb_scenario_accepts(const struct gb_scenario *scenario, const char *key, const char *value,
                         char *canonical, size_t size, char *why, size_t why_size)
{
    struct gb_scenario_key found = gb_scenario_key_find(scenario, key);
    bool is_good;

    why[0] = '\0';
    if (!found.row)
        return false;
    if (found.row->kind == GB_PARAM_BLOCK) {
        snprintf(canonical, canonical ? size : 0, "%s", value);
        return true;
    }
    void *scratch = calloc(1, found.row->offset + GB_PARAM_TEXT_SIZE); /* any row's struct fits */
    if (!scratch) {
        snprintf(why, why_size, "no memory");
        return false;
    }
    is_good = gb_param_parse_with(scenario->extensions, found.row, value, scratch, why, why_size);
    if (is_good && canonical)
        gb_param_format(found.row, scratch, canonical, size);
    free(scratch);
    return is_good;
}

void gb_scenario_words(const struct gb_scenario *scenario, const char *key, const char *value,
                       char *words)
{
    char why[640];

    if (!gb_scenario_accepts(scenario, key, value, words, GB_PARAM_TEXT_SIZE, why, sizeof why))
        snprintf(words, GB_PARAM_TEXT_SIZE, "%s", value);
}
