#include "experiments/scenario/presets.h"

#include <string.h>

static const struct {
    const char *key, *name, *text;
} presets[] = {
/* made by experiments/scenario/local.mk from experiments/presets: a row a file */
#include "experiments/scenario/presets.inc"
    {0}};

/* The same, by sections. */
#include "experiments/scenario/preset_names.inc"

const char *gb_preset_find(const char *key, const char *name)
{
    for (size_t i = 0; presets[i].key; i++)
        if (strcmp(presets[i].key, key) == 0 && strcmp(presets[i].name, name) == 0)
            return presets[i].text;
    return NULL;
}

bool gb_preset_is_key(const char *key)
{
    for (size_t i = 0; presets[i].key; i++)
        if (strcmp(presets[i].key, key) == 0)
            return true;
    return false;
}
