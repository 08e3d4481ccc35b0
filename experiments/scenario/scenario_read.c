/* One reading of a scenario: what a file and settings select, what they say (scenario_assign.c),
 * and what follows from it. */
#include "experiments/scenario/scenario_priv.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/scenario/kind_unread.h"
#include "experiments/scenario/yaml.h"

/* ---- what is selected, and its options */

/* The member that a file and settings select last, or NULL. */
static const struct gb_member *chosen(const struct gb_reading *reading, const struct gb_param *row,
                                      const struct gb_yaml *yaml, size_t n_settings,
                                      const char *const *settings)
{
    const struct gb_extensions *extensions = reading->scenario->extensions;
    const struct gb_member *found, *last = NULL;
    size_t length = strlen(row->key);

    for (size_t i = 0; yaml && i < yaml->n; i++)
        if (yaml->entries[i].kind == GB_YAML_VALUE && strcmp(yaml->entries[i].key, row->key) == 0 &&
            (found = gb_family_find(row->family, extensions, yaml->entries[i].value)))
            last = found;
    for (size_t i = 0; i < n_settings; i++)
        if (strncmp(settings[i], row->key, length) == 0 && settings[i][length] == '=' &&
            (found = gb_family_find(row->family, extensions, settings[i] + length + 1)))
            last = found;
    return last;
}

/* Strategy and mechanism come first, for they bring the structs in which their options are
 * stored. */
static enum gb_status choose_members(struct gb_reading *reading, const struct gb_yaml *yaml,
                                     size_t n_settings, const char *const *settings,
                                     struct gb_error *err)
{
    struct gb_scenario_walk walk = {.extensions = reading->scenario->extensions};
    enum gb_status status = GB_OK;
    struct gb_scenario_key key;

    while (status == GB_OK && gb_scenario_next(&walk, &key)) {
        const struct gb_member *member = gb_scenario_selects(key.row)
                                             ? chosen(reading, key.row, yaml, n_settings, settings)
                                             : NULL;
        if (member && member != gb_scenario_selected(reading->scenario, key.row->family))
            status = gb_scenario_select(reading->scenario, key.row, member, err);
    }
    return status;
}

/* Does this reading select other options than those that were settled before? */
static bool selects(const struct gb_reading *reading)
{
    const struct gb_extensions *extensions = reading->scenario->extensions;

    if (reading->path)
        return true;
    struct gb_scenario_walk walk = {.extensions = extensions};
    struct gb_scenario_key key;

    while (gb_scenario_next(&walk, &key))
        if (reading->positions[key.number].is_given && !reading->positions[key.number].is_wrong &&
            key.row->flags & GB_PARAM_SELECTOR)
            return true;
    return false;
}

static void report_unread(struct gb_reading *reading, const struct gb_source_position *position,
                          const char *why)
{
    char description[640];

    snprintf(description, sizeof description, "%s%s", why, GB_REMOVE_UNREAD);
    gb_reading_report_at(reading, position, description);
}

/* Is it kept out by nothing but a mistake that was told: of the selector, or of a name that may be
 * who owns the asset? */
static bool may_be_read(const struct gb_reading *reading, const struct gb_param *row,
                        const struct gb_scenario_key *selector)
{
    return (!selector->item && reading->positions[selector->number].is_wrong) ||
           (reading->has_unknown_names && gb_scenario_is_unowned(reading->scenario, row));
}

/* Options of what is not selected are refused where they are given, and go to their default where
 * they are left from before: a setting that selects something else overrules a file's options. */
static void settle_options(struct gb_reading *reading)
{
    struct gb_scenario *scenario = reading->scenario;
    struct gb_scenario_walk walk = {.extensions = scenario->extensions};
    struct gb_scenario_key key;
    bool settles_all = selects(reading);
    char why[512];

    while (gb_scenario_next(&walk, &key)) {
        struct gb_source_position *position = &reading->positions[key.number];
        if (!settles_all && !position->is_given)
            continue;
        const char *selector = gb_scenario_refusal(scenario, &key, why, sizeof why);
        if (!selector)
            continue;
        struct gb_scenario_key by = gb_scenario_key_find(scenario, selector);
        bool is_overruled = !position->setting && reading->positions[by.number].setting;
        if (position->is_given && !position->is_wrong && !is_overruled &&
            !may_be_read(reading, key.row, &by) && !reading->is_stored &&
            !gb_reading_leave_out(reading, position, why))
            report_unread(reading, position, why);
        else if (gb_scenario_base(scenario, &key))
            gb_param_parse(key.row, key.row->default_text, gb_scenario_base(scenario, &key), why,
                           sizeof why);
    }
}

/* Every item that a file names: only then are its keys known. */
static enum gb_status create_items(struct gb_reading *reading, const struct gb_yaml *yaml,
                                   struct gb_error *err)
{
    enum gb_status status = GB_OK;
    const char *name, *behind, *refused = NULL;
    size_t length;

    for (size_t i = 0; i < yaml->n && status == GB_OK; i++) {
        const struct gb_yaml_entry *entry = &yaml->entries[i];
        const struct gb_section *section = gb_section_of_key(entry->key, &name, &length, &behind);
        struct gb_items *items = section ? gb_scenario_items(reading->scenario, section) : NULL;

        if (!section || length == 0 || (!behind && entry->kind != GB_YAML_SECTION) ||
            gb_items_find(items, name, length))
            continue;
        if (gb_item_name_is_good(name, length)) {
            status = gb_items_add(items, section, name, length, err);
            if (status == GB_OK) {
                gb_items_find(items, name, length)->line = entry->key_line;
                gb_items_find(items, name, length)->column = entry->key_column;
            }
        } else if (!refused || strncmp(refused, name, length) != 0) {
            refused = name;
            reading->has_unknown_names = true;
            gb_diagnostics_add_at(
                reading->diagnostics, reading->path, entry->key_line, entry->key_column,
                "%s.%.*s: expected a name of letters, digits, - and _, at most "
                "%d, a letter first",
                section->name, (int)(length < 100 ? length : 100), name, GB_ITEM_NAME_SIZE - 1);
        }
    }
    return status;
}

static enum gb_status allocate_positions(struct gb_reading *reading, struct gb_error *err)
{
    struct gb_scenario_walk walk = gb_scenario_walk_of(reading->scenario);
    struct gb_scenario_key key;

    while (gb_scenario_next(&walk, &key))
        reading->n_positions = key.number + 1;
    reading->positions = calloc(reading->n_positions, sizeof *reading->positions);
    return reading->positions ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory to read a scenario");
}

static enum gb_status remember_folder(struct gb_scenario *scenario, const char *path,
                                      struct gb_error *err)
{
    char *copy = strdup(path);

    free(scenario->folder);
    scenario->folder = copy ? strdup(dirname(copy)) : NULL;
    free(copy);
    return scenario->folder ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for '%s'", path);
}

/* Puts a file (unless path is NULL; its text, if a result has it) and then settings
 * ("key=value", of this origin) over the scenario and makes all checks. GB_ECONFIG with the total
 * of each origin when diagnostics were added.
 * places   of the settings in the file that origin names; NULL: in none
 * is_over  the scenario was read before
 * unread   of each setting: it is left out where nothing reads it; NULL: it is refused then */
static enum gb_status read_into(struct gb_scenario *scenario, const char *path, const char *text,
                                const char *origin, size_t n_settings, const char *const *settings,
                                const struct gb_setting_place *places, bool is_over,
                                struct gb_unread *unread, struct gb_diagnostics *diagnostics,
                                struct gb_error *err)
{
    struct gb_reading reading = {.scenario = scenario,
                                 .diagnostics = diagnostics,
                                 .path = path,
                                 .origin = origin,
                                 .is_over = is_over,
                                 .is_stored = text != NULL,
                                 .n_settings = n_settings,
                                 .settings = settings,
                                 .unread = unread};
    struct gb_yaml *yaml = NULL;
    size_t before = gb_diagnostics_count(diagnostics);
    enum gb_status status = GB_OK;

    if (text)
        status = gb_yaml_parse(&yaml, text, strlen(text), path, diagnostics, err);
    else if (path)
        status = gb_yaml_read(&yaml, path, diagnostics, err);
    if (status == GB_OK && path && !text)
        status = remember_folder(scenario, path, err);
    if (status == GB_OK && yaml)
        status = create_items(&reading, yaml, err);
    if (status == GB_OK)
        status = gb_reading_find_meters(&reading, yaml, n_settings, settings, err);
    if (status == GB_OK)
        status = allocate_positions(&reading, err);
    if (status == GB_OK)
        status = choose_members(&reading, yaml, n_settings, settings, err);
    if (status == GB_OK)
        status = gb_reading_presets(&reading, yaml, n_settings, settings, err);
    if (status != GB_OK)
        goto done;
    if (yaml)
        gb_reading_assign_file(&reading, yaml);
    for (size_t i = 0; i < n_settings; i++)
        gb_reading_assign_setting(&reading, settings[i],
                                  places ? places[i] : (struct gb_setting_place){0});
    status = gb_reading_meters(&reading, err);
    if (status != GB_OK)
        goto done;
    settle_options(&reading);
    status = gb_scenario_settle(scenario, err);
    if (status == GB_OK && gb_reading_overrule_kinds(&reading))
        status = gb_scenario_settle(scenario, err);
    if (status == GB_OK)
        status = gb_reading_orders(&reading, err);
    if (status == GB_OK) {
        gb_reading_check(&reading);
        gb_diagnostics_sort(diagnostics, before);
        status = gb_diagnostics_conclude(diagnostics, before, err);
    }
done:
    gb_yaml_free(yaml);
    free(reading.positions);
    return status;
}

/* ---- from outside */

static enum gb_status finish(struct gb_scenario **out, struct gb_scenario *scenario,
                             enum gb_status status)
{
    if (status == GB_OK)
        *out = scenario;
    else
        gb_scenario_free(scenario);
    return status;
}

enum gb_status gb_scenario_load(struct gb_scenario **out, const struct gb_extensions *extensions,
                                const char *path, size_t n_settings, const char *const *settings,
                                struct gb_diagnostics *diagnostics, struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = gb_scenario_create(&scenario, extensions, err);

    if (status == GB_OK)
        status = read_into(scenario, path, NULL, "--set", n_settings, settings, NULL, false, NULL,
                           diagnostics, err);
    return finish(out, scenario, status);
}

enum gb_status gb_scenario_parse(struct gb_scenario **out, const struct gb_extensions *extensions,
                                 const char *text, const char *name,
                                 struct gb_diagnostics *diagnostics, struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = gb_scenario_create(&scenario, extensions, err);

    if (status == GB_OK)
        status =
            read_into(scenario, name, text, NULL, 0, NULL, NULL, false, NULL, diagnostics, err);
    return finish(out, scenario, status);
}

enum gb_status gb_scenario_defaults(struct gb_scenario **out,
                                    const struct gb_extensions *extensions, size_t n_settings,
                                    const char *const *settings, struct gb_diagnostics *diagnostics,
                                    struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = gb_scenario_create(&scenario, extensions, err);

    if (status == GB_OK)
        status = read_into(scenario, NULL, NULL, "--set", n_settings, settings, NULL, false, NULL,
                           diagnostics, err);
    return finish(out, scenario, status);
}

enum gb_status gb_scenario_apply(struct gb_scenario *scenario, const char *origin,
                                 size_t n_settings, const char *const *settings,
                                 struct gb_diagnostics *diagnostics, struct gb_error *err)
{
    return read_into(scenario, NULL, NULL, origin, n_settings, settings, NULL, true, NULL,
                     diagnostics, err);
}

enum gb_status gb_scenario_apply_read(struct gb_scenario *scenario, const char *origin,
                                      size_t n_settings, const char *const *settings,
                                      const struct gb_setting_place *places,
                                      struct gb_unread *unread, struct gb_diagnostics *diagnostics,
                                      struct gb_error *err)
{
    for (size_t i = 0; i < n_settings; i++)
        unread[i].why[0] = '\0';
    return read_into(scenario, NULL, NULL, origin, n_settings, settings, places, true, unread,
                     diagnostics, err);
}
