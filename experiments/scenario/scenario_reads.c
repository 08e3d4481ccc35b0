/* Which keys of a scenario something reads, and what keeps the others out of it. */
#include "experiments/scenario/scenario_priv.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "experiments/scenario/agents_config.h"

/* The value that a row has in the scenario, as text. returns buffer */
static const char *value_text(const struct gb_scenario *scenario, const struct gb_scenario_key *key,
                              char *buffer, size_t size)
{
    return gb_param_format(key->row, gb_scenario_const_base(scenario, key), buffer, size);
}

/* Is a value among the words behind the sign of equality: "turbulence,region"? */
static bool is_listed(const char *words, const char *value)
{
    size_t length = strlen(value);

    for (;; words++) {
        size_t n = strcspn(words, ",|");
        if (n == length && memcmp(words, value, n) == 0)
            return true;
        words += n;
        if (*words != ',')
            return false;
    }
}

/* Does the scenario say what one condition of a `read_when` asks for?
 * other  the key it asks of; `value`: what that key says, nothing where it is an option of another
 *        member than the scenario's */
static bool holds(const struct gb_scenario *scenario, const char *condition,
                  struct gb_scenario_key *other, char *value, size_t size)
{
    char name[128];
    size_t length = strcspn(condition, "!=");
    bool is_negated = condition[length] == '!';

    assert(length < sizeof name && condition[length + is_negated] == '=');
    memcpy(name, condition, length);
    name[length] = '\0';
    *other = gb_scenario_key_find(scenario, name);
    assert(other->row);
    value[0] = '\0';
    if (!gb_scenario_const_base(scenario, other))
        return false;
    value_text(scenario, other, value, size);
    return is_listed(condition + length + is_negated + 1, value) != is_negated;
}

/* Does it say what a row's `read_when` asks for: one of its conditions? other, value: as above, of
 * that one, or of the last */
static bool is_read(const struct gb_scenario *scenario, const char *read_when,
                    struct gb_scenario_key *other, char *value, size_t size)
{
    for (;; read_when++) {
        if (holds(scenario, read_when, other, value, size))
            return true;
        read_when += strcspn(read_when, "|");
        if (!*read_when)
            return false;
    }
}

/* The key that selects a member of a family. */
static const char *selector_of(const struct gb_extensions *extensions,
                               const struct gb_family *family)
{
    struct gb_scenario_walk walk = {.extensions = extensions};
    struct gb_scenario_key key;

    while (gb_scenario_next(&walk, &key))
        if (key.row->family == family)
            return key.row->key;
    return "";
}

/* An option of none but other members: "... of the mechanism two_round or uniform, and ...". */
static const char *refuse_option(const struct gb_scenario *scenario,
                                 const struct gb_scenario_key *key, char *why, size_t why_size)
{
    const char *selector = selector_of(scenario->extensions, key->family), *before = "";
    const struct gb_member *member;

    snprintf(why, why_size, "'%s' is an option of the %s ", key->row->key, key->family->name);
    for (size_t i = 0; (member = gb_family_member(key->family, scenario->extensions, i)); i++)
        if (gb_param_find(member->params, key->row->key)) {
            gb_text_append(why, why_size, "%s%s", before, member->name);
            before = " or ";
        }
    gb_text_append(why, why_size, ", and %s is %s", selector,
                   gb_scenario_selected(scenario, key->family)->name);
    return selector;
}

const char *gb_scenario_meters_key(const struct gb_scenario *scenario)
{
    return scenario->meters_file[0] ? "meters.file" : "meters.inline";
}

/* A row of all meters where kinds of households say it. returns a key of theirs; NULL: it is not */
static const char *refuse_beside_kinds(const struct gb_scenario *scenario,
                                       const struct gb_param *row, char *why, size_t why_size)
{
    const struct gb_items *kinds = &scenario->items[GB_SECTION_HOUSEHOLDS];
    const struct gb_item *first = kinds->list;

    if (kinds->n == 0 || !(row->flags & (GB_PARAM_REFUSED_KINDS | GB_PARAM_REFUSED_COUNTS)) ||
        (row->flags & GB_PARAM_REFUSED_COUNTS && gb_item_gives(first, "share")))
        return NULL;
    if (scenario->listed.n > 0) {
        const char *list = gb_scenario_meters_key(scenario);

        snprintf(why, why_size,
                 "'%s' is for scenarios without %s: its rows are the meters, and say what they own",
                 row->key, list);
        return list;
    }
    snprintf(why, why_size,
             row->flags & GB_PARAM_REFUSED_COUNTS
                 ? "'%s' is for scenarios without kinds of households: their counts add up"
                 : "'%s' is for scenarios without kinds of households: these own what they name",
             row->key);
    return first->rows[0].key;
}

/* Does a kind of households name this kind of asset ("ev"), by itself or by a key of it? */
static bool is_named_by_a_kind(const struct gb_items *kinds, const char *asset)
{
    size_t length = strlen(asset);

    for (size_t i = 0; i < kinds->n; i++)
        for (size_t r = 0; r < kinds->list[i].n_rows; r++) {
            const char *key = kinds->list[i].rows[r].key;
            const char *behind = key + strlen("households") + strlen(kinds->list[i].name) + 2;
            if (kinds->list[i].is_given[r] && strncmp(behind, asset, length) == 0 &&
                (behind[length] == '.' || behind[length] == '\0'))
                return true;
        }
    return false;
}

/* Assets that nobody may own, whose keys are then refused. */
static const struct optional_asset {
    const char *asset, *name, *share_key;
    size_t share;  /* in struct gb_fleet_config */
    size_t listed; /* in struct gb_listed_meter */
} optional_assets[] = {{"ev", "an electric vehicle", "meters.ev_share",
                        offsetof(struct gb_fleet_config, ev_share),
                        offsetof(struct gb_listed_meter, ev_kw)},
                       {"heat_pump", "a heat pump", "meters.heat_pump_share",
                        offsetof(struct gb_fleet_config, heat_pump_share),
                        offsetof(struct gb_listed_meter, heat_pump_kw)}};

/* Does a row of meters.file give its meter such an asset? */
static bool is_listed_with(const struct gb_scenario *scenario, const struct optional_asset *asset)
{
    double size;

    for (size_t i = 0; i < scenario->listed.n; i++) {
        memcpy(&size, (const char *)&scenario->listed.meters[i] + asset->listed, sizeof size);
        if (gb_listed_owns(size, false))
            return true;
    }
    return false;
}

/* The asset that a row is of; NULL: of none of these. */
static const struct optional_asset *optional_asset_of(const struct gb_param *row)
{
    for (size_t a = 0; a < sizeof optional_assets / sizeof optional_assets[0]; a++) {
        size_t length = strlen(optional_assets[a].asset);

        if (strncmp(row->key, optional_assets[a].asset, length) == 0 && row->key[length] == '.')
            return &optional_assets[a];
    }
    return NULL;
}

/* A row of an asset where nobody owns one. returns the key that would say so; NULL: it is of none,
 * or somebody does */
static const char *refuse_unowned(const struct gb_scenario *scenario, const struct gb_param *row,
                                  char *why, size_t why_size)
{
    const struct gb_items *kinds = &scenario->items[GB_SECTION_HOUSEHOLDS];
    const struct optional_asset *of = optional_asset_of(row);
    bool has_kinds = kinds->n > 0;
    double share = 0;

    if (of)
        memcpy(&share, (const char *)&scenario->physics.fleet + of->share, sizeof share);
    if (!of || (has_kinds ? is_named_by_a_kind(kinds, of->asset) || is_listed_with(scenario, of)
                          : share > 0))
        return NULL;
    snprintf(why, why_size, "'%s' is for scenarios in which somebody owns %s, and ", row->key,
             of->name);
    if (has_kinds)
        gb_text_append(why, why_size, "no kind of households has one (`%s: {}`)", of->asset);
    else
        gb_text_append(why, why_size, "%s is 0", of->share_key);
    return has_kinds ? kinds->list->rows[0].key : of->share_key;
}

const char *gb_scenario_refusal(const struct gb_scenario *scenario,
                                const struct gb_scenario_key *key, char *why, size_t why_size)
{
    const struct gb_param *row = key->row;
    struct gb_scenario_key other;
    char value[GB_PARAM_TEXT_SIZE];

    if (key->owner == GB_OWNER_MEMBER && key->member != gb_scenario_selected(scenario, key->family))
        return refuse_option(scenario, key, why, why_size);
    const char *kinds = refuse_beside_kinds(scenario, row, why, why_size);
    const char *unowned = kinds ? NULL : refuse_unowned(scenario, row, why, why_size);
    if (kinds || unowned)
        return kinds ? kinds : unowned;
    if (!(row->flags & GB_PARAM_REFUSED_UNREAD) ||
        is_read(scenario, row->read_when, &other, value, sizeof value))
        return NULL;
    snprintf(why, why_size, "'%s' is for %s%s %s, and %s is %s", row->key, other.row->key,
             strchr(row->read_when, '!') ? " other than" : ":", strchr(row->read_when, '=') + 1,
             other.row->key, value);
    return other.row->key;
}

/* Is it an option that the strategy of its kind of households lacks? */
static bool is_option_of_another(const struct gb_scenario *scenario,
                                 const struct gb_scenario_key *key)
{
    const struct gb_items *kinds = &scenario->items[GB_SECTION_HOUSEHOLDS];
    const struct gb_item *item = key->item;

    if (!item || !scenario->kind_agents || strcmp(item->section->name, "households") != 0)
        return false;
    return !gb_kind_agents_read(&scenario->kind_agents[item - kinds->list],
                                key->row->key + strlen(item->section->name) + strlen(item->name) +
                                    2);
}

bool gb_scenario_reads(const struct gb_scenario *scenario, const char *key)
{
    struct gb_scenario_key found = gb_scenario_key_find(scenario, key), other;
    char value[GB_PARAM_TEXT_SIZE], why[512];

    if (!found.row || !gb_scenario_const_base(scenario, &found) ||
        is_option_of_another(scenario, &found) ||
        (!found.item && refuse_unowned(scenario, found.row, why, sizeof why)))
        return false;
    return !found.row->read_when ||
           is_read(scenario, found.row->read_when, &other, value, sizeof value);
}

bool gb_scenario_always_reads(const struct gb_scenario *scenario, const char *key)
{
    struct gb_scenario_key found = gb_scenario_key_find(scenario, key);

    return found.row && !found.row->read_when && found.owner != GB_OWNER_MEMBER &&
           !optional_asset_of(found.row) &&
           !(found.row->flags & (GB_PARAM_REFUSED_KINDS | GB_PARAM_REFUSED_COUNTS));
}
