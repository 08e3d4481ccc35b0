/* What to say of keys that do not exist. */
#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"
#include "experiments/scenario/scenario_priv.h"

static const char *last_word(const char *key)
{
    const char *dot = strrchr(key, '.');

    return dot ? dot + 1 : key;
}

const char *gb_scenario_nearest_key(const struct gb_extensions *extensions, const char *key)
{
    const char *nearest = NULL;
    size_t min = strlen(key) / 3 + 2; /* further away is another word, not a slip */

    for (size_t i = 0; gb_scenario_row(extensions, i); i++) {
        const char *name = gb_scenario_row(extensions, i)->key;
        size_t distance = gb_edit_distance(key, name);
        if (distance >= min && strcmp(last_word(key), last_word(name)) == 0)
            distance = min - 1; /* the right word in the wrong section */
        if (distance < min) {
            min = distance;
            nearest = name;
        }
    }
    return nearest;
}

static bool is_section(const struct gb_extensions *extensions, const char *key)
{
    const struct gb_param *row;
    size_t length = strlen(key);

    for (size_t i = 0; (row = gb_scenario_row(extensions, i)); i++)
        if (strncmp(row->key, key, length) == 0 && row->key[length] == '.')
            return true;
    return false;
}

/* Keeps the word of `length` bytes if it is nearer to `key` than any before.
 * min  what is further away is another word, not a slip */
static void weigh_section(const char *key, const char *word, size_t length, size_t *min,
                          char nearest[GB_SECTION_NAME_SIZE])
{
    char section[GB_SECTION_NAME_SIZE];

    if (length >= sizeof section)
        return;
    memcpy(section, word, length);
    section[length] = '\0';
    size_t distance = gb_edit_distance(key, section);
    if (distance < *min) {
        *min = distance;
        memcpy(nearest, section, sizeof section);
    }
}

bool gb_scenario_nearest_section(const struct gb_extensions *extensions, const char *key,
                                 char nearest[GB_SECTION_NAME_SIZE])
{
    const struct gb_param *row;
    char word[GB_SECTION_NAME_SIZE];
    size_t length = strcspn(key, "."), min = length / 3 + 1;
    const size_t none = min;

    if (length >= sizeof word)
        return false;
    memcpy(word, key, length);
    word[length] = '\0';
    for (size_t s = 0; s < GB_N_SECTIONS; s++)
        weigh_section(word, gb_sections[s]->name, strlen(gb_sections[s]->name), &min, nearest);
    for (size_t i = 0; (row = gb_scenario_row(extensions, i)); i++)
        if (strchr(row->key, '.'))
            weigh_section(word, row->key, strcspn(row->key, "."), &min, nearest);
    return min < none;
}

/* A key in a named section that is no key of an item. */
static void explain_item_key(const struct gb_scenario *scenario, const struct gb_section *section,
                             const char *key, char *description, size_t size)
{
    const char *name, *behind, *nearest;
    const struct gb_param *below;
    size_t length;

    gb_section_of_key(key, &name, &length, &behind);
    const struct gb_items *items = gb_scenario_const_items(scenario, section);
    const struct gb_item *item = gb_items_find(items, name, length);
    const char *alike = item ? NULL : gb_items_nearest(items, name, length);
    if (length == 0)
        snprintf(description, size, "'%s' is a section: the names of each %s stand below it",
                 section->name, section->item);
    else if (!behind)
        snprintf(description, size,
                 "'%.100s' is a %s: expected keys below it, like `%.*s: {%s: ...}`", key,
                 section->item, (int)length, name, section->rows[0].key);
    else if (alike)
        snprintf(description, size, "there is no %s '%.*s' (did you mean '%s'?)", section->item,
                 (int)length, name, alike);
    else if (!item)
        snprintf(description, size, "there is no %s '%.*s'", section->item, (int)length, name);
    else if ((nearest = gb_item_absence(item, behind)))
        snprintf(description, size, "%.100s: %s", key, nearest);
    else if ((below = gb_section_first_below(section, behind)))
        snprintf(description, size, "%.100s: expected keys below it, like `%s: {%s: ...}`", key,
                 behind, below->key + strlen(behind) + 1);
    else if (gb_section_follows(section, behind))
        snprintf(description, size, "%.100s: every %s has that of the scenario, %s", key,
                 section->item, behind);
    else if ((nearest = gb_item_nearest_key(item, behind)))
        snprintf(description, size, "unknown key '%.100s' (did you mean '%s'?)", key, nearest);
    else
        snprintf(description, size, "unknown key '%.100s'", key);
}

static bool is_named(const char *section)
{
    bool is_one = false;

    for (size_t s = 0; s < GB_N_SECTIONS; s++)
        is_one |= strcmp(gb_sections[s]->name, section) == 0;
    return is_one;
}

char *gb_scenario_explain_unknown(const struct gb_scenario *scenario, const char *key,
                                  char *description, size_t size)
{
    const struct gb_extensions *extensions = scenario->extensions;
    const char *name, *behind, *nearest = gb_scenario_nearest_key(extensions, key);
    const char *rest = key + strcspn(key, ".");
    char alike[GB_SECTION_NAME_SIZE];
    size_t length;
    const struct gb_section *section = gb_section_of_key(key, &name, &length, &behind);

    if (section)
        explain_item_key(scenario, section, key, description, size);
    else if (is_section(extensions, key))
        snprintf(description, size, "'%.100s' is a section: its keys stand below it", key);
    else if (gb_scenario_nearest_section(extensions, key, alike) && is_named(alike))
        snprintf(description, size, "unknown key '%.100s' (did you mean '%s%.100s'?)", key, alike,
                 rest);
    else if (nearest)
        snprintf(description, size, "unknown key '%.100s' (did you mean '%s'?)", key, nearest);
    else
        snprintf(description, size, "unknown key '%.100s'", key);
    return description;
}

bool gb_scenario_is_section(const struct gb_scenario *scenario, const char *key)
{
    struct gb_scenario_walk walk = gb_scenario_walk_of(scenario);
    struct gb_scenario_key below;
    size_t length = strlen(key);

    while (gb_scenario_next(&walk, &below))
        if (strncmp(below.row->key, key, length) == 0 && below.row->key[length] == '.')
            return true;
    return false;
}
