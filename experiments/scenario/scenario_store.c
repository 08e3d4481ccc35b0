/* Puts the text of a value into the place of its key. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/scenario/scenario_priv.h"

/* A block is a text of any length, and what brings options of its own was selected before;
 * all other values parse into their struct. */
bool gb_reading_store(struct gb_reading *reading, const struct gb_scenario_key *key,
                      const char *value, char *why, size_t why_size)
{
    struct gb_scenario *scenario = reading->scenario;
    struct gb_param row = *key->row;
    const struct gb_member *member;

    if (gb_scenario_selects(&row) && !key->item) {
        row.offset = 0;
        return gb_param_parse_with(scenario->extensions, &row, value, &member, why, why_size);
    }
    if (row.kind != GB_PARAM_BLOCK)
        return gb_param_parse_with(scenario->extensions, &row, value,
                                   gb_scenario_base(scenario, key), why, why_size);
    char *text = strdup(value), *before;
    char *at = (char *)gb_scenario_base(scenario, key) + row.offset;
    if (!text) {
        snprintf(why, why_size, "no memory for %s", row.key);
        return false;
    }
    memcpy(&before, at, sizeof before);
    free(before);
    memcpy(at, &text, sizeof text);
    return true;
}
