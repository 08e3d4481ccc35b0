/* Where a scenario leaves the defaults: what a reader of its result must know to tell it from
 * another one. */
#include "base/text.h"
#include "experiments/scenario/scenario_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes "key value (default)" where the two differ. */
static void write_override(FILE *out, struct gb_scenario *scenario,
                           const struct gb_scenario_key *key, bool *is_first)
{
    char value[GB_PARAM_TEXT_SIZE], default_text[GB_PARAM_TEXT_SIZE], why[512];

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
    fprintf(out, "%s%s %s (%s%s)", *is_first ? "" : ", ", key->row->key, value,
            *is_first ? "default " : "", default_text);
    *is_first = false;
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
    struct gb_scenario_walk walk = {.extensions = copy->extensions};
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
    if (gb_scenario_selects(found.row))
        return gb_scenario_select(
            scenario, found.row,
            gb_family_find(found.row->family, scenario->extensions, found.row->default_text), err);
    void *base = gb_scenario_base(scenario, &found);
    if (base) /* else it is an option of a member that is not selected */
        gb_param_parse(found.row, found.row->default_text, base, why, sizeof why);
    return GB_OK;
}
