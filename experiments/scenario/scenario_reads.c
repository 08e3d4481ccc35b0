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
        size_t n = strcspn(words, ",|&");
        if (n == length && memcmp(words, value, n) == 0)
            return true;
        words += n;
        if (*words != ',')
            return false;
    }
}

/* What one condition of a `read_when` asks for: "chain.protocol!=ideal". */
struct condition {
    char name[128]; /* of the other key */
    const char *words;
    bool is_negated;
};

static struct condition condition_at(const char *text)
{
    struct condition condition;
    size_t length = strcspn(text, "!=");

    condition.is_negated = text[length] == '!';
    assert(length < sizeof condition.name && text[length + condition.is_negated] == '=');
    memcpy(condition.name, text, length);
    condition.name[length] = '\0';
    condition.words = text + length + condition.is_negated + 1;
    return condition;
}

/* What kept a key out: a condition, and the key that does not say so. */
struct obstacle {
    struct condition condition;
    const struct gb_param *row;
    char value[GB_PARAM_TEXT_SIZE];
};

static bool is_met(const struct obstacle *by)
{
    return is_listed(by->condition.words, by->value) != by->condition.is_negated;
}

/* Do rows of meters.file say of some home what the condition asks for?
 * kind  of which they are; SIZE_MAX: of any
 * key   that of a kind, without its name */
static bool is_met_by_a_row(const struct gb_scenario *scenario, size_t kind, const char *key,
                            const struct condition *condition)
{
    size_t length = strlen(key);

    for (size_t i = 0; i < scenario->rows.n; i++) {
        const struct gb_row_settings *row = &scenario->rows.list[i];
        if (kind != SIZE_MAX && row->kind != kind)
            continue;
        for (size_t c = 0; c < GB_N_ROW_SETTINGS; c++)
            if (row->cells[c] && strncmp(row->cells[c], key, length) == 0 &&
                row->cells[c][length] == '=' &&
                is_listed(condition->words, row->cells[c] + length + 1) != condition->is_negated)
                return true;
    }
    return false;
}

/* Does a kind give this key, or one below it ("pv.size" below "pv")? */
static bool gives(const struct gb_item *item, const char *key, size_t length)
{
    size_t before = strlen(item->section->name) + strlen(item->name) + 2;

    for (size_t r = 0; r < item->n_rows; r++) {
        const char *behind = item->rows[r].key + before;
        if (item->is_given[r] && strncmp(behind, key, length) == 0 &&
            (behind[length] == '.' || behind[length] == '\0'))
            return true;
    }
    return false;
}

/* Do homes of the kind have what a key is about, of what not all have? Of homes in a list, who may
 * own what their kind does not, some do. */
static bool concerns(const struct gb_scenario *scenario, const struct gb_item *kind,
                     const char *key)
{
    static const char *const assets[] = {"pv", "wind", "storage", "ev", "heat_pump"};
    size_t length = strcspn(key, ".");

    for (size_t a = 0; scenario->listed.n == 0 && a < sizeof assets / sizeof assets[0]; a++)
        if (strlen(assets[a]) == length && memcmp(assets[a], key, length) == 0)
            return gives(kind, key, length);
    return true;
}

/* A key of which kinds may have values of their own: does it say of some kind, by the kind's value
 * or by the scenario's, what is asked for? Without a kind that it concerns it does, and where the
 * scenario itself says so otherwise than by default, whatever its kinds do. */
static bool is_met_by_a_kind(const struct gb_scenario *scenario, struct obstacle *by)
{
    const struct gb_items *kinds = &scenario->items[GB_SECTION_HOUSEHOLDS];
    const struct gb_param *all = by->row;
    char of_all[GB_PARAM_TEXT_SIZE];
    bool concerns_any = false;

    if (is_met(by) && strcmp(by->value, all->default_text) != 0)
        return true;
    memcpy(of_all, by->value, sizeof of_all);
    for (size_t i = 0; i < kinds->n; i++) {
        const struct gb_item *item = &kinds->list[i];
        size_t before = strlen(item->section->name) + strlen(item->name) + 2, r = 0;

        if (!concerns(scenario, item, all->key))
            continue;
        concerns_any = true;
        while (r < item->n_rows && strcmp(item->rows[r].key + before, all->key) != 0)
            r++;
        bool is_own = item->is_given[r]; /* behind the last row stands a false one */
        by->row = is_own ? &item->rows[r] : all;
        if (is_own)
            gb_param_format(by->row, item->values, by->value, sizeof by->value);
        else
            memcpy(by->value, of_all, sizeof of_all);
        if (is_met(by))
            return true;
    }
    return !concerns_any || is_met_by_a_row(scenario, SIZE_MAX, all->key, &by->condition);
}

/* Does the scenario say what one condition of a `read_when` asks for? An option of another member
 * than the scenario's says nothing. */
static bool holds(const struct gb_scenario *scenario, const char *text, struct obstacle *by)
{
    const struct gb_items *kinds = &scenario->items[GB_SECTION_HOUSEHOLDS];

    by->condition = condition_at(text);
    struct gb_scenario_key other = gb_scenario_key_find(scenario, by->condition.name);
    by->row = other.row;
    by->value[0] = '\0';
    assert(other.row);
    if (!gb_scenario_const_base(scenario, &other))
        return false;
    value_text(scenario, &other, by->value, sizeof by->value);
    if (!other.item && kinds->n > 0 && other.row->flags & GB_PARAM_OF_KIND)
        return is_met_by_a_kind(scenario, by);
    if (is_met(by))
        return true;
    return other.item && strcmp(other.item->section->name, "households") == 0 &&
           is_met_by_a_row(scenario, (size_t)(other.item - kinds->list),
                           by->condition.name + strlen(other.item->section->name) +
                               strlen(other.item->name) + 2,
                           &by->condition);
}

/* Does it say what a row's `read_when` asks for: one of several, each of it whole? by: what does
 * not hold, of the last */
static bool is_read(const struct gb_scenario *scenario, const char *read_when, struct obstacle *by)
{
    bool is_whole = true;

    for (;; read_when++) {
        is_whole = is_whole && holds(scenario, read_when, by);
        read_when += strcspn(read_when, "|&");
        if (*read_when == '&')
            continue;
        if (is_whole || !*read_when)
            return is_whole;
        is_whole = true;
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
    for (size_t i = 0; i < kinds->n; i++)
        if (gives(&kinds->list[i], asset, strlen(asset)))
            return true;
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

bool gb_scenario_is_unowned(const struct gb_scenario *scenario, const struct gb_param *row)
{
    char why[512];

    return refuse_unowned(scenario, row, why, sizeof why) != NULL;
}

const char *gb_scenario_refusal(const struct gb_scenario *scenario,
                                const struct gb_scenario_key *key, char *why, size_t why_size)
{
    const struct gb_param *row = key->row;
    struct obstacle by;

    if (key->owner == GB_OWNER_MEMBER && key->member != gb_scenario_selected(scenario, key->family))
        return refuse_option(scenario, key, why, why_size);
    const char *kinds = refuse_beside_kinds(scenario, row, why, why_size);
    const char *unowned = kinds ? NULL : refuse_unowned(scenario, row, why, why_size);
    if (kinds || unowned)
        return kinds ? kinds : unowned;
    if (!(row->flags & GB_PARAM_REFUSED_UNREAD) || is_read(scenario, row->read_when, &by))
        return NULL;
    snprintf(why, why_size, "'%s' is for %s%s %.*s, and %s is %s", row->key, by.condition.name,
             by.condition.is_negated ? " other than" : ":", (int)strcspn(by.condition.words, "|&"),
             by.condition.words, by.row->key, by.value);
    return by.row->key;
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
    struct gb_scenario_key found = gb_scenario_key_find(scenario, key);
    struct obstacle by;

    if (!found.row || !gb_scenario_const_base(scenario, &found) ||
        is_option_of_another(scenario, &found) ||
        (!found.item && gb_scenario_is_unowned(scenario, found.row)))
        return false;
    return !found.row->read_when || is_read(scenario, found.row->read_when, &by);
}

bool gb_scenario_always_reads(const struct gb_scenario *scenario, const char *key)
{
    struct gb_scenario_key found = gb_scenario_key_find(scenario, key);

    return found.row && !found.row->read_when && found.owner != GB_OWNER_MEMBER &&
           !optional_asset_of(found.row) &&
           !(found.row->flags & (GB_PARAM_REFUSED_KINDS | GB_PARAM_REFUSED_COUNTS));
}
