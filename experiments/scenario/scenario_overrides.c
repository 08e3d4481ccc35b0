/* Where a scenario leaves the defaults: what a reader of its result must know to tell it from
 * another one. */
#include "base/text.h"
#include "experiments/scenario/scenario_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_pair(FILE *out, const char *key, const char *value, const char *default_text,
                       bool *is_first)
{
    fprintf(out, "%s%s %s (%s%s)", *is_first ? "" : ", ", key, value, *is_first ? "default " : "",
            default_text);
    *is_first = false;
}

/* What an item would have had: the default of a row of its own, else what the scenario says, where
 * that has selected the strategy whose option it is. */
static const char *otherwise(const struct gb_scenario *scenario, const struct gb_scenario_key *key,
                             char *buffer, size_t size)
{
    const struct gb_item *item = key->item;
    const char *behind = key->row->key + strlen(item->section->name) + strlen(item->name) + 2;
    struct gb_scenario_key of_all = gb_scenario_key_find(scenario, behind);

    if (gb_param_find(item->section->rows, behind) || !of_all.row ||
        !gb_scenario_const_base(scenario, &of_all))
        return key->row->default_text;
    return gb_scenario_value(scenario, behind, buffer, size);
}

/* Of what an item was given. */
static void write_item_override(FILE *out, const struct gb_scenario *scenario,
                                const struct gb_scenario_key *key, bool *is_first)
{
    const struct gb_item *item = key->item;
    char value[GB_PARAM_TEXT_SIZE], other[GB_PARAM_TEXT_SIZE];

    if (item->is_given[key->row - item->rows] && !(key->row->flags & GB_PARAM_OF_RUN))
        write_pair(out, key->row->key, gb_param_format(key->row, item->values, value, sizeof value),
                   otherwise(scenario, key, other, sizeof other), is_first);
}

/* Writes "key value (default)" where the two differ. */
static void write_override(FILE *out, struct gb_scenario *scenario,
                           const struct gb_scenario_key *key, bool *is_first)
{
    char value[GB_PARAM_TEXT_SIZE], default_text[GB_PARAM_TEXT_SIZE], why[512];

    if (key->item) {
        write_item_override(out, scenario, key, is_first);
        return;
    }
    if (key->row->flags & GB_PARAM_OF_RUN || gb_scenario_refusal(scenario, key, why, sizeof why))
        return;
    void *base = gb_scenario_base(scenario, key);
    gb_param_format(key->row, base, value, sizeof value);
    if (!gb_param_parse(key->row, key->row->default_text, base, why, sizeof why))
        return;
    gb_param_format(key->row, base, default_text, sizeof default_text);
    gb_param_parse_with(scenario->extensions, key->row, value, base, why,
                        sizeof why); /* as it was: it is a copy's */
    if (strcmp(value, default_text) == 0)
        return;
    write_pair(out, key->row->key, value, default_text, is_first);
}

enum gb_status gb_scenario_overrides(const struct gb_scenario *scenario, char **text,
                                     struct gb_error *err)
{
    struct gb_scenario *copy = NULL; /* rows are reached through a base that is not const */
    struct gb_text written;
    bool is_first = true;
    enum gb_status status = gb_scenario_copy(&copy, scenario, err);

    if (status != GB_OK)
        return status;
    bool is_open = gb_text_open(&written);
    struct gb_scenario_walk walk = gb_scenario_walk_of(copy);
    struct gb_scenario_key key;
    while (is_open && gb_scenario_next(&walk, &key))
        write_override(written.stream, copy, &key, &is_first);
    gb_scenario_free(copy);
    char *whole = gb_text_close(&written);
    if (!whole)
        return gb_fail(err, GB_ENOMEM, "no memory for the keys of a scenario");
    *text = whole;
    return GB_OK;
}

enum gb_status gb_scenario_forget(struct gb_scenario *scenario, const char *key,
                                  struct gb_error *err)
{
    struct gb_scenario_key found = gb_scenario_key_find(scenario, key);
    char why[512];

    if (!found.row || found.row->kind == GB_PARAM_BLOCK)
        return GB_OK;
    if (found.item) {
        found.item->is_given[found.row - found.item->rows] = false;
        return gb_scenario_settle(scenario, err);
    }
    if (gb_scenario_selects(found.row))
        return gb_scenario_select(
            scenario, found.row,
            gb_family_find(found.row->family, scenario->extensions, found.row->default_text), err);
    void *base = gb_scenario_base(scenario, &found);
    if (base) /* else it is an option of a member that is not selected */
        gb_param_parse(found.row, found.row->default_text, base, why, sizeof why);
    return GB_OK;
}
