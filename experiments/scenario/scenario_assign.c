/* What a file and settings say of single keys: each value to its place, or what is wrong with it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/scenario/scenario_priv.h"
#include "experiments/scenario/yaml.h"

/* ---- one value */

/* Is it below an item whose name was refused, which said it all? */
static bool is_in_refused_item(const struct gb_reading *reading, const char *key)
{
    const char *name, *behind;
    size_t length;
    const struct gb_section *section = gb_section_of_key(key, &name, &length, &behind);

    return reading->path && section && behind &&
           !gb_items_find(gb_scenario_items(reading->scenario, section), name, length);
}

/* The key that an unknown one is a slip of counts as refused, unless it was given as well: nobody
 * misses it, nor what it selects. */
static void refuse_meant(struct gb_reading *reading, const char *key)
{
    const char *name, *behind, *nearest = NULL;
    size_t length;
    const struct gb_section *section = gb_section_of_key(key, &name, &length, &behind);
    const struct gb_item *item =
        section ? gb_items_find(gb_scenario_items(reading->scenario, section), name, length) : NULL;

    if (!section)
        nearest = gb_scenario_nearest_key(reading->scenario->extensions, key);
    else if (item && behind)
        nearest = gb_item_nearest_key(item, behind);
    if (nearest && !gb_reading_gives(reading, nearest)) {
        reading->positions[gb_scenario_key_find(reading->scenario, nearest).number].is_wrong = true;
        reading->has_wrong |= item != NULL; /* homes do not add up */
    }
    reading->has_unknown_names |= section != NULL;
}

static void report_unknown(struct gb_reading *reading, const struct gb_source_position *position,
                           const char *key)
{
    char description[512];

    refuse_meant(reading, key);
    if (position->setting || !is_in_refused_item(reading, key))
        gb_reading_report_at(
            reading, position,
            gb_scenario_explain_unknown(reading->scenario, key, description, sizeof description));
}

static bool is_plain_kind(enum gb_param_kind kind)
{
    return kind == GB_PARAM_INTEGER || kind == GB_PARAM_NUMBER || kind == GB_PARAM_MILLIONTHS ||
           kind == GB_PARAM_PRICE || kind == GB_PARAM_MONEY || kind == GB_PARAM_ENERGY ||
           kind == GB_PARAM_FLAG;
}

static void assign(struct gb_reading *reading, const char *name, const char *value, bool is_quoted,
                   struct gb_source_position position, struct gb_source_position key_position)
{
    struct gb_scenario_key key = gb_scenario_key_find(reading->scenario, name);
    char why[640] = "", description[1024];

    if (!key.row) {
        report_unknown(reading, &key_position, name);
        return;
    }
    position.is_given = true;
    if (!value[0] && !is_quoted)
        snprintf(why, sizeof why, "expected %s, got nothing",
                 gb_scenario_describe(reading->scenario->extensions, key.row, description,
                                      sizeof description));
    else if (is_quoted && is_plain_kind(key.row->kind))
        snprintf(why, sizeof why, "expected %s without quotes",
                 gb_scenario_describe(reading->scenario->extensions, key.row, description,
                                      sizeof description));
    else if (!gb_scenario_base(reading->scenario, &key))
        position.is_given = true; /* of another strategy: refused when all keys are known */
    else if (gb_reading_store(reading, &key, value, why, sizeof why)) {
        why[0] = '\0';
        if (key.item)
            key.item->is_given[key.row - key.item->rows] = true;
    }
    if (why[0]) {
        snprintf(description, sizeof description, "%s: %s", name, why);
        gb_reading_report_at(reading, &position, description);
        reading->has_wrong = position.is_wrong = true;
    }
    reading->positions[key.number] = position;
}

/* ---- a file and settings */

static struct gb_source_position value_position(const struct gb_yaml_entry *entry)
{
    return (struct gb_source_position){.line = entry->line, .column = entry->column};
}

static struct gb_source_position key_position(const struct gb_yaml_entry *entry)
{
    return (struct gb_source_position){.line = entry->key_line, .column = entry->key_column};
}

/* An item that a dot in a name made ("ste" of `ste.ady: {...}`): no count of it is missed. */
static void refuse_count_of_cut(struct gb_reading *reading, const struct gb_yaml_entry *entry)
{
    const char *name, *behind;
    size_t length;
    const struct gb_section *section = gb_section_of_key(entry->key, &name, &length, &behind);
    const struct gb_item *item =
        gb_items_find(gb_scenario_items(reading->scenario, section), name, length);

    if (item && item->line == entry->key_line && item->column == entry->key_column)
        gb_reading_mark_invalid(reading, item->rows[0].key);
}

/* Refuses a section in an item that no key lies in, with all below it. */
static void refuse_section(struct gb_reading *reading, const struct gb_yaml_entry *entry)
{
    const char *name, *behind = NULL;
    struct gb_source_position position = key_position(entry);
    size_t length;
    const struct gb_section *section = gb_section_of_key(entry->key, &name, &length, &behind);

    if (!section || !behind || gb_section_first_below(section, behind))
        return;
    report_unknown(reading, &position, entry->key);
    reading->refused = entry->key;
    refuse_count_of_cut(reading, entry);
}

/* Refuses a section that there is none of, with all below it: that is one mistake, not one a line.
 */
static void refuse_unknown_section(struct gb_reading *reading, const struct gb_yaml_entry *entry)
{
    struct gb_source_position position = key_position(entry);
    const struct gb_extensions *extensions = reading->scenario->extensions;
    char nearest[GB_SECTION_NAME_SIZE], description[256];

    if (gb_scenario_nearest_section(extensions, entry->key, nearest))
        snprintf(description, sizeof description,
                 "there is no section '%.100s' (did you mean '%s'?)", entry->key, nearest);
    else
        snprintf(description, sizeof description,
                 "there is no section '%.100s': `gridbourse list keys` shows all", entry->key);
    gb_reading_report_at(reading, &position, description);
    reading->refused = entry->key;
    reading->has_unknown_names = true;
}

static bool is_any_section(const struct gb_reading *reading, const char *key)
{
    const char *name, *behind;
    size_t length;

    return gb_section_of_key(key, &name, &length, &behind) ||
           gb_scenario_is_section(reading->scenario, key);
}

/* A section or a list where a single value belongs. */
static void refuse_shape(struct gb_reading *reading, const struct gb_yaml_entry *entry)
{
    struct gb_scenario_key key = gb_scenario_key_find(reading->scenario, entry->key);
    struct gb_source_position position = value_position(entry);
    char description[512], expected[256];

    if (key.item && key.row->kind == GB_PARAM_FLAG && entry->kind == GB_YAML_SECTION) {
        assign(reading, entry->key, "yes", false, position, position);
        return;
    }
    if (!key.row && entry->kind == GB_YAML_SECTION && !strchr(entry->key, '.') &&
        !is_any_section(reading, entry->key)) {
        refuse_unknown_section(reading, entry);
        return;
    }
    if (!key.row && entry->kind == GB_YAML_SECTION) {
        refuse_section(reading, entry); /* else what stands below it is judged by itself */
        return;
    }
    if (!key.row) {
        position = key_position(entry);
        report_unknown(reading, &position, entry->key);
        return;
    }
    snprintf(
        description, sizeof description, "%s: expected %s, got a %s", entry->key,
        gb_scenario_describe(reading->scenario->extensions, key.row, expected, sizeof expected),
        entry->kind == GB_YAML_LIST ? "list" : "section");
    gb_reading_report_at(reading, &position, description);
    position.is_given = position.is_wrong = reading->has_wrong = true;
    reading->positions[key.number] = position;
}

/* A decimal comma: the value before it is half a number. */
static void refuse_cut(struct gb_reading *reading, const struct gb_yaml *yaml, size_t i)
{
    struct gb_source_position position = value_position(&yaml->entries[i - 1]);
    char description[512];

    gb_reading_report_at(reading, &position,
                         gb_yaml_explain_cut(yaml, i, description, sizeof description));
    gb_reading_mark_invalid(reading, yaml->entries[i - 1].key);
}

/* Is the entry below a value that was wrongly written as a section, or below a section that is
 * none? It was refused already. */
static bool is_below_value(const struct gb_reading *reading, const char *name)
{
    char parent[256];

    snprintf(parent, sizeof parent, "%s", name);
    for (char *dot; (dot = strrchr(parent, '.'));) {
        *dot = '\0';
        struct gb_scenario_key key = gb_scenario_key_find(reading->scenario, parent);
        bool is_flag = key.item && key.row->kind == GB_PARAM_FLAG;
        if (key.row && !is_flag)
            return true;
    }
    return reading->refused && strncmp(name, reading->refused, strlen(reading->refused)) == 0 &&
           name[strlen(reading->refused)] == '.';
}

/* Is the entry a section in a list, or below one? No key takes any. */
static bool is_in_list(struct gb_reading *reading, const struct gb_yaml_entry *entry)
{
    const char *bracket = strchr(entry->key, '[');

    if (bracket && bracket[strcspn(bracket, "]")] && !bracket[strcspn(bracket, "]") + 1])
        gb_diagnostics_add_at(reading->diagnostics, reading->path, entry->line, entry->column,
                              "expected a plain value in a list");
    return bracket != NULL;
}

static bool takes_a_list(const struct gb_reading *reading, const char *name)
{
    const struct gb_param *row = gb_scenario_key_find(reading->scenario, name).row;

    return row && row->kind == GB_PARAM_WORDS;
}

/* A sweep that was taken for a scenario is one mistake, not one a line. */
static bool is_sweep(const struct gb_yaml *yaml)
{
    bool has_scenario = false, has_vary = false;

    for (size_t i = 0; i < yaml->n; i++) {
        has_scenario |= strcmp(yaml->entries[i].key, "scenario") == 0;
        has_vary |= strcmp(yaml->entries[i].key, "vary") == 0;
    }
    return has_scenario && has_vary;
}

void gb_reading_assign_file(struct gb_reading *reading, const struct gb_yaml *yaml)
{
    char words[GB_PARAM_TEXT_SIZE];
    bool has_format = false;

    if (is_sweep(yaml)) {
        gb_diagnostics_add_at(reading->diagnostics, reading->path, 1, 1,
                              "no scenario but a sweep of one: `gridbourse sweep` runs it");
        return;
    }
    for (size_t i = 0; i < yaml->n; i++) {
        const struct gb_yaml_entry *entry = &yaml->entries[i];
        has_format |= strcmp(entry->key, "format") == 0;
        if (is_in_list(reading, entry) || is_below_value(reading, entry->key))
            continue;
        if (gb_yaml_is_cut_off(yaml, i)) {
            refuse_cut(reading, yaml, i);
            continue;
        }
        if (entry->kind == GB_YAML_VALUE)
            assign(reading, entry->key, entry->value, entry->is_quoted, value_position(entry),
                   key_position(entry));
        else if (entry->kind == GB_YAML_LIST && takes_a_list(reading, entry->key))
            assign(reading, entry->key, gb_yaml_join_items(yaml, i, words, sizeof words), false,
                   value_position(entry), key_position(entry));
        else if (entry->kind != GB_YAML_ITEM)
            refuse_shape(reading, entry);
    }
    if (!has_format && yaml->is_whole)
        gb_diagnostics_add_at(reading->diagnostics, reading->path, 1, 1,
                              "expected `format: 1` at the top of the scenario");
}

void gb_reading_assign_setting(struct gb_reading *reading, const char *setting,
                               struct gb_setting_place place)
{
    const char *equals = strchr(setting, '=');
    struct gb_source_position position = {
        .setting = setting, .line = place.line, .column = place.column};

    if (!equals || equals == setting) {
        gb_reading_report_at(reading, &position, "expected key=value");
        return;
    }
    char *key = strndup(setting, (size_t)(equals - setting));
    if (!key) {
        gb_diagnostics_lack_memory(reading->diagnostics);
        return;
    }
    const struct gb_param *row = gb_scenario_key_find(reading->scenario, key).row;
    bool is_text = row && row->kind >= GB_PARAM_TEXT; /* also a block */
    assign(reading, key, equals + 1, is_text, position, position);
    free(key);
}
