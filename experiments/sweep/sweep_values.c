/* The values of a varied key: single ones and ranges, each in the words in which a scenario would
 * store it, and each once. */
#include "experiments/sweep/sweep_read_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "experiments/sweep/sweep_range.h"

void gb_sweep_report(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry,
                     bool of_key, const char *description)
{
    gb_diagnostics_add_at(reading->diagnostics, reading->path,
                          of_key ? entry->key_line : entry->line,
                          of_key ? entry->key_column : entry->column, "%s", description);
}

void gb_sweep_refuse_shape(struct gb_sweep_reading *reading, const struct gb_sweep_word *word,
                           const struct gb_yaml_entry *entry)
{
    char example[256] = "", got[128] = "", description[1024];

    if (entry->kind == GB_YAML_ITEM)
        snprintf(got, sizeof got, ", got '%.100s'", entry->value);
    if (word->example && strchr(word->example, '\n'))
        snprintf(example, sizeof example, "; `gridbourse explain %s` shows one", word->key);
    else if (word->example)
        snprintf(example, sizeof example, ", as in `%s`", word->example);
    snprintf(description, sizeof description, "%s: expected %s%s%s", word->key, word->takes, got,
             example);
    gb_sweep_report(reading, entry, false, description);
}

/* Reserves capacity for one value more. */
static bool reserve_value(struct gb_sweep_reading *reading, struct gb_sweep_key *key)
{
    char **values = gb_array_grow(key->values, &key->capacity, key->n + 1, sizeof *values);
    struct gb_sweep_origin *origins =
        gb_array_grow(reading->origins, &reading->origins_capacity, key->n + 1, sizeof *origins);

    if (values)
        key->values = values;
    if (origins)
        reading->origins = origins;
    return values && origins;
}

static void add_value(struct gb_sweep_reading *reading, struct gb_sweep_key *key, const char *value,
                      const struct gb_yaml_entry *entry)
{
    if (!reserve_value(reading, key) || !(key->values[key->n] = strdup(value))) {
        reading->lacks_memory = true;
        return;
    }
    reading->origins[key->n] = (struct gb_sweep_origin){key->values[key->n], entry};
    key->n++;
}

/* Takes a value in the words in which a scenario would store it. returns false where it is none */
static bool take_value(struct gb_sweep_reading *reading, struct gb_sweep_key *key,
                       const char *value, const struct gb_yaml_entry *entry)
{
    char why[640], description[1024], canonical[GB_PARAM_TEXT_SIZE];

    if (!gb_scenario_accepts(reading->sweep->base, key->name, value, canonical, sizeof canonical,
                             why, sizeof why)) {
        snprintf(description, sizeof description, "%s: %s", key->name, why);
        gb_sweep_report(reading, entry, false, description);
        return false;
    }
    add_value(reading, key, canonical, entry);
    return !reading->lacks_memory;
}

void gb_sweep_take_range(struct gb_sweep_reading *reading, struct gb_sweep_key *key,
                         const struct gb_yaml_entry *entry)
{
    const struct gb_param *row = gb_scenario_find_row(reading->sweep->base, key->name);
    struct gb_sweep_range range;
    char why[640], description[1024], value[192];

    if (entry->is_list_in_list) {
        snprintf(description, sizeof description,
                 "%s: expected values and ranges in one list, got a list within it", key->name);
        gb_sweep_report(reading, entry, false, description);
        return;
    }
    if (!gb_sweep_is_range(row, entry->value)) {
        take_value(reading, key, entry->value, entry);
        return;
    }
    if (!gb_sweep_range_parse(row, entry->value, &range, why, sizeof why)) {
        snprintf(description, sizeof description, "%s: %s", key->name, why);
        gb_sweep_report(reading, entry, false, description);
        return;
    }
    for (int64_t i = 0; i < range.n; i++)
        if (!take_value(reading, key, gb_sweep_range_value(&range, i, value, sizeof value), entry))
            return; /* those behind it would be refused for the same reason */
}

static int compare_origins(const void *a, const void *b)
{
    const struct gb_sweep_origin *x = a, *y = b;
    int order = strcmp(x->value, y->value);

    if (order != 0)
        return order;
    return x->entry < y->entry ? -1 : x->entry > y->entry; /* neighbours in one array */
}

static bool is_all_digits(const char *text)
{
    return text[0] && text[strspn(text, "0123456789")] == '\0';
}

/* Do the two look like halves of a decimal with a comma: `[0,1, 0,2]`? */
static bool are_halves(const struct gb_yaml_entry *a, const struct gb_yaml_entry *b)
{
    return a->kind == GB_YAML_ITEM && b->kind == GB_YAML_ITEM && is_all_digits(a->value) &&
           is_all_digits(b->value) && a->line == b->line &&
           a->column + strlen(a->value) + 1 == b->column;
}

static bool may_be_half(const struct gb_yaml *yaml, const struct gb_yaml_entry *entry)
{
    size_t i = (size_t)(entry - yaml->entries);

    return (i > 0 && are_halves(entry - 1, entry)) ||
           (i + 1 < yaml->n && are_halves(entry, entry + 1));
}

/* A value counts once. Two ranges that overlap are one mistake. */
void gb_sweep_refuse_repeated(struct gb_sweep_reading *reading, const struct gb_sweep_key *key,
                              const struct gb_yaml *yaml)
{
    struct gb_sweep_origin *origins = reading->origins;
    const struct gb_yaml_entry *reported = NULL;
    char description[1024];

    if (key->n < 2)
        return;
    qsort(origins, key->n, sizeof *origins, compare_origins);
    for (size_t i = 1; i < key->n; i++)
        if (strcmp(origins[i].value, origins[i - 1].value) == 0 && origins[i].entry != reported) {
            reported = origins[i].entry;
            snprintf(description, sizeof description, "%s: the value %.600s stands here twice%s",
                     key->name, origins[i].value,
                     may_be_half(yaml, reported)
                         ? " (commas part the values of a list; decimals have a point)"
                         : "");
            gb_sweep_report(reading, reported, false, description);
        }
}
