/* The keys of a scenario: the tables of its own rows, where those of physics, market and strategies
 * go between them, and walks over them. */
#include "experiments/scenario/scenario_priv.h"

#include <string.h>

#include "chain/node/chain.h"
#include "experiments/scenario/agents_config.h"
#include "experiments/scenario/presets.h"

#define SECONDS_A_DAY 86400.0

static const char *const delivery_names[] = {"modelled", "declared", NULL};
static const char *const drawn_word[] = {"drawn", NULL};
static const char *const baseline_names[] = {"greedy", "same", "none", NULL};
static const char *const deviant_words[] = {"none", NULL};
static const char *const deviant_beta_words[] = {"same", NULL};
static const char *const requote_on_names[] = {"time", "block", "trade", NULL};
static const char *const information_names[] = {"sealed", "trades", "book", NULL};
static const char *const level_names[] = {"summary", "market", "meters", NULL};
static const char *const retail_word[] = {"retail", NULL};
static const char *const feed_in_word[] = {"feed_in", NULL};
static const char *const concentrator_words[] = {"auto", "none", NULL};

#define GB_KEY(...) GB_PARAM_ROW(struct gb_scenario, __VA_ARGS__)
#define GB_KEY_OF(type, ...) GB_PARAM_ROW(struct gb_scenario, __VA_ARGS__)

static const struct gb_param run_rows[] = {
#include "experiments/scenario/run.def"
    {0},
};

const struct gb_param gb_preset_params[] = {
#include "experiments/scenario/presets.def"
    {0},
};

static const struct gb_param delivery_rows[] = {
#include "experiments/scenario/delivery.def"
    {0},
};

static const struct gb_param agents_rows[] = {
#include "experiments/scenario/agents.def"
    {0},
};

static const struct gb_param tariff_rows[] = {
#include "experiments/scenario/tariff.def"
    {0},
};

static const struct gb_param fees_rows[] = {
#include "experiments/scenario/fees.def"
    {0},
};

static const struct gb_param gate_rows[] = {
#include "experiments/scenario/gate.def"
    {0},
};

static const struct gb_param settlement_rows[] = {
#include "experiments/scenario/settlement.def"
    {0},
};

static const struct gb_param chain_rows[] = {
#include "experiments/scenario/chain.def"
    {0},
};

static const struct gb_param output_rows[] = {
#include "experiments/scenario/output.def"
    {0},
};

#undef GB_KEY
#undef GB_KEY_OF
#define GB_KEY(...) GB_PARAM_ROW(struct gb_agents_config, __VA_ARGS__)
#define GB_KEY_OF(type, ...) GB_PARAM_ROW(struct gb_agents_config, __VA_ARGS__)

const struct gb_param gb_kind_agents_params[] = {
#include "experiments/scenario/agents.def"
    {0},
};

void gb_scenario_agents(const struct gb_scenario *scenario, struct gb_agents_config *out)
{
    for (size_t i = 0; gb_kind_agents_params[i].key; i++)
        gb_param_copy(&gb_kind_agents_params[i], out, &agents_rows[i], scenario);
}

#undef GB_KEY
#undef GB_KEY_OF
#define GB_KEY(...) GB_PARAM_ROW(struct gb_storage_config, __VA_ARGS__)
#define GB_KEY_OF(type, ...) GB_PARAM_ROW(struct gb_storage_config, __VA_ARGS__)

const struct gb_param gb_kind_storage_params[] = {
#include "experiments/scenario/storage.def"
    {0},
};

void gb_scenario_storage(const struct gb_scenario *scenario, struct gb_storage_config *out)
{
    for (const struct gb_param *row = gb_kind_storage_params; row->key; row++)
        gb_param_copy(row, out, gb_param_find(delivery_rows, row->key), scenario);
}

/* ---- the tables in the order of the template; a family's members follow what selects them */

static const struct part {
    const struct gb_param *rows; /* NULL: those of the members of the family stand here */
    enum gb_row_owner owner;
    const struct gb_family *family;
} parts[] = {
    {run_rows, GB_OWNER_SCENARIO, NULL},           {gb_preset_params, GB_OWNER_SCENARIO, NULL},
    {gb_physics_params, GB_OWNER_PHYSICS, NULL},   {delivery_rows, GB_OWNER_SCENARIO, NULL},
    {agents_rows, GB_OWNER_SCENARIO, NULL},        {NULL, GB_OWNER_MEMBER, &gb_strategy_family},
    {tariff_rows, GB_OWNER_SCENARIO, NULL},        {gb_market_params, GB_OWNER_MARKET, NULL},
    {NULL, GB_OWNER_MEMBER, &gb_mechanism_family}, {fees_rows, GB_OWNER_SCENARIO, NULL},
    {gate_rows, GB_OWNER_SCENARIO, NULL},          {settlement_rows, GB_OWNER_SCENARIO, NULL},
    {chain_rows, GB_OWNER_SCENARIO, NULL},         {output_rows, GB_OWNER_SCENARIO, NULL},
};
enum { N_PARTS = sizeof parts / sizeof parts[0] };

static size_t length_of(const struct gb_param *rows)
{
    size_t n = 0;

    while (rows && rows[n].key)
        n++;
    return n;
}

struct gb_scenario_walk gb_scenario_walk_of(const struct gb_scenario *scenario)
{
    return (struct gb_scenario_walk){.extensions = scenario->extensions, .scenario = scenario};
}

/* Goes to the next item of a named section. returns false behind the last */
static bool next_item(struct gb_scenario_walk *walk)
{
    walk->item = NULL;
    for (; walk->scenario && walk->section < GB_N_SECTIONS; walk->section++, walk->next_item = 0) {
        const struct gb_items *items = &walk->scenario->items[walk->section];
        if (walk->next_item == items->n)
            continue;
        walk->item = &items->list[walk->next_item++];
        walk->rows = walk->item->rows;
        return true;
    }
    walk->rows = NULL;
    return false;
}

/* Goes to the next table. returns false behind the last */
static bool next_table(struct gb_scenario_walk *walk)
{
    bool is_first = !walk->rows && !walk->member && walk->part == 0;

    walk->number += length_of(walk->rows);
    walk->row = 0;
    if (walk->part == N_PARTS)
        return next_item(walk);
    if (!is_first && !walk->member)
        walk->part++;
    for (; walk->part < N_PARTS; walk->part++, walk->next_member = 0) {
        const struct part *part = &parts[walk->part];

        walk->rows = part->rows;
        walk->member = NULL;
        if (part->rows)
            return true;
        walk->member = gb_family_member(part->family, walk->extensions, walk->next_member++);
        if (walk->member) {
            walk->rows = walk->member->params;
            return true;
        }
    }
    return next_item(walk);
}

/* Member by member: a struct put together elsewhere and copied takes as long again as all the rest
 * of a walk, and a sweep walks a dozen times for every cell. */
static void describe_key(struct gb_scenario_key *key, const struct gb_scenario_walk *walk, size_t i)
{
    const struct part *part = walk->item ? NULL : &parts[walk->part];

    key->row = &walk->rows[i];
    key->number = walk->number + i;
    key->owner = part ? part->owner : GB_OWNER_ITEM;
    key->family = part ? part->family : NULL;
    key->member = part ? walk->member : NULL;
    key->item = walk->item;
}

bool gb_scenario_next(struct gb_scenario_walk *walk, struct gb_scenario_key *key)
{
    while (!walk->rows || !walk->rows[walk->row].key)
        if (!next_table(walk))
            return false;
    describe_key(key, walk, walk->row++);
    return true;
}

const struct gb_member *gb_scenario_selected(const struct gb_scenario *scenario,
                                             const struct gb_family *family)
{
    if (family == &gb_mechanism_family)
        return scenario->market.mechanism ? &scenario->market.mechanism->member : NULL;
    return scenario->strategy ? &scenario->strategy->member : NULL;
}

struct gb_scenario_key gb_scenario_key_find(const struct gb_scenario *scenario, const char *name)
{
    struct gb_scenario_walk walk = gb_scenario_walk_of(scenario);
    struct gb_scenario_key key, other = {0};

    while (next_table(&walk))
        for (size_t i = 0; walk.rows && walk.rows[i].key; i++) {
            if (walk.rows[i].key[0] != name[0] || strcmp(walk.rows[i].key, name) != 0)
                continue;
            describe_key(&key, &walk, i);
            if (!key.member || key.member == gb_scenario_selected(scenario, key.family))
                return key;
            other = key;
        }
    return other;
}

size_t gb_scenario_n_rows(const struct gb_extensions *extensions)
{
    struct gb_scenario_walk walk = {.extensions = extensions};

    while (next_table(&walk))
        continue;
    return walk.number;
}

const struct gb_param *gb_scenario_row(const struct gb_extensions *extensions, size_t i)
{
    struct gb_scenario_walk walk = {.extensions = extensions};

    while (next_table(&walk)) {
        const struct gb_param *rows = walk.rows;

        if (i - walk.number < length_of(rows))
            return rows + (i - walk.number);
    }
    return NULL;
}

const struct gb_param *gb_scenario_setting_row(const struct gb_extensions *extensions,
                                               const char *setting)
{
    struct gb_scenario_walk walk = {.extensions = extensions};
    size_t length = strcspn(setting, "=");
    struct gb_scenario_key key;

    while (gb_scenario_next(&walk, &key))
        if (strlen(key.row->key) == length && memcmp(key.row->key, setting, length) == 0)
            return key.row;
    return NULL;
}

bool gb_scenario_row_is_repeated(const struct gb_extensions *extensions, size_t i)
{
    const struct gb_param *row = gb_scenario_row(extensions, i);

    for (size_t j = 0; j < i; j++) {
        const struct gb_param *other = gb_scenario_row(extensions, j);

        if (strcmp(other->key, row->key) == 0 && strcmp(other->description, row->description) == 0)
            return true;
    }
    return false;
}

const void *gb_scenario_const_base(const struct gb_scenario *scenario,
                                   const struct gb_scenario_key *key)
{
    switch (key->owner) {
    case GB_OWNER_SCENARIO: return scenario;
    case GB_OWNER_PHYSICS: return &scenario->physics;
    case GB_OWNER_MARKET: return &scenario->market;
    case GB_OWNER_ITEM: return key->item->values;
    case GB_OWNER_MEMBER: break;
    }
    if (key->member != gb_scenario_selected(scenario, key->family))
        return NULL;
    return key->family == &gb_mechanism_family ? (const void *)scenario->market.options
                                               : scenario->strategy_config;
}

void *gb_scenario_base(struct gb_scenario *scenario, const struct gb_scenario_key *key)
{
    return (void *)gb_scenario_const_base(scenario, key);
}
