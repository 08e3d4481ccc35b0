/* Presets that a reading chooses: their values go below all that a scenario says itself. */
#include <string.h>

#include "experiments/scenario/presets.h"
#include "experiments/scenario/scenario_priv.h"
#include "experiments/scenario/yaml.h"

/* The value that a file and settings give a key last, or NULL. */
static const char *given_last(const char *key, const struct gb_yaml *yaml, size_t n_settings,
                              const char *const *settings)
{
    size_t length = strlen(key);
    const char *last = NULL;

    for (size_t i = 0; yaml && i < yaml->n; i++)
        if (yaml->entries[i].kind == GB_YAML_VALUE && strcmp(yaml->entries[i].key, key) == 0)
            last = yaml->entries[i].value;
    for (size_t i = 0; i < n_settings; i++)
        if (strncmp(settings[i], key, length) == 0 && settings[i][length] == '=')
            last = settings[i] + length + 1;
    return last;
}

/* Gives keys the values of a preset, as if they were defaults: none of them counts as given. */
static enum gb_status apply_preset(struct gb_reading *reading, const char *name, const char *text,
                                   struct gb_error *err)
{
    struct gb_yaml *yaml = NULL;
    enum gb_status status =
        gb_yaml_parse(&yaml, text, strlen(text), name, reading->diagnostics, err);
    char why[640];

    for (size_t i = 0; status == GB_OK && i < yaml->n; i++) {
        const struct gb_yaml_entry *entry = &yaml->entries[i];
        struct gb_scenario_key key = gb_scenario_key_find(reading->scenario, entry->key);

        if (entry->kind == GB_YAML_VALUE &&
            (!key.row || !gb_reading_store(reading, &key, entry->value, why, sizeof why)))
            gb_diagnostics_add_at(reading->diagnostics, name, entry->line, entry->column, "%s: %s",
                                  entry->key, key.row ? why : "unknown key");
    }
    gb_yaml_free(yaml);
    return status;
}

enum gb_status gb_reading_presets(struct gb_reading *reading, const struct gb_yaml *yaml,
                                  size_t n_settings, const char *const *settings,
                                  struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (const struct gb_param *row = gb_preset_params; status == GB_OK && row->key; row++) {
        const char *name = given_last(row->key, yaml, n_settings, settings);
        const char *text = name ? gb_preset_find(row->key, name) : NULL;
        if (text && reading->is_over)
            gb_diagnostics_add(reading->diagnostics, reading->origin ? reading->origin : "settings",
                               "%s: it stands in the scenario's file, or in `run --set`: what the "
                               "file says itself goes before it",
                               row->key);
        else if (text)
            status = apply_preset(reading, name, text, err);
    }
    return status;
}
